# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""What a device that is made in Python is normalised with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np


def statistics_of(name: str, folder: Path, device: Any, transforms: Any) -> dict | None:
    """Return what a device that is made in Python is normalised with, by the rules that Java has for its own."""
    if not isinstance(transforms, Mapping):
        return None
    mode = transforms.get("normalization")
    if not mode:
        older = [k for k in ("normalize", "normalize_variance_only") if transforms.get(k) is True]
        if not older:
            return None
        mode = older[0]
    if mode is True:
        mode = "normalize"

    def stored(file: str) -> np.ndarray:
        path = folder / "meta" / file
        if not path.is_file():
            raise FileNotFoundError(f"{path}: not found; {name}.transforms.normalization needs it")
        return np.load(path).astype(np.float64).reshape(-1)

    def stds() -> np.ndarray:
        found = stored("stds.npy")
        if name == "responses":
            threshold = 0.01 * np.nanmean(found)
            found = np.where(found < threshold, threshold, found)
        return found

    means: "np.ndarray | None"
    if isinstance(mode, Mapping):
        means = np.atleast_1d(np.asarray(mode["means"], dtype=np.float64)) if "means" in mode else stored("means.npy")
        deviations = np.atleast_1d(np.asarray(mode["stds"], dtype=np.float64)) if "stds" in mode else stds()
    elif mode == "normalize":
        means, deviations = stored("means.npy"), stds()
    elif mode == "normalize_variance_only":
        means, deviations = None, stds()
    elif mode == "screen_default":
        means, deviations = np.array([80.0]), np.array([60.0])
    elif mode in ("recompute_responses", "recompute_behavior"):
        data = getattr(device, "_data", None)
        if data is None:
            raise ValueError(f"{name}.transforms.normalization: {mode} needs a device with stored samples (_data)")
        data = np.asarray(data, dtype=np.float64)
        means = np.nanmean(data, axis=0) if mode == "recompute_behavior" else None
        deviations = np.nanstd(data, axis=0)
    else:
        raise ValueError(
            f"{name}.transforms.normalization: found {mode!r}, expected normalize, normalize_variance_only, "
            "recompute_responses, recompute_behavior, screen_default or a map of means and stds"
        )
    if (deviations == 0).any():
        raise ValueError(f"{name}: the standard deviation is 0 in columns {np.flatnonzero(deviations == 0).tolist()}")
    return {"mean": means, "std": deviations}
