# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Statistics of samples that a device made in Python has, and Java cannot see."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np


def computed_statistics(device: Any, transforms: Any) -> dict[str, Any] | None:
    """Return ``means`` and ``stds`` of the columns of ``device._data`` over time, NaN ignored, float64 arithmetic.

    None where the ``normalization`` of the device's transforms asks for none, or the device has no ``_data``.
    """
    if not isinstance(transforms, Mapping) or not str(transforms.get("normalization")).startswith("recompute"):
        return None
    data = getattr(device, "_data", None)
    if data is None:
        return None
    data = np.asarray(data, dtype=np.float64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a column of NaN alone has NaN
        means, stds = np.nanmean(data, axis=0), np.nanstd(data, axis=0)
    return {"means": means.reshape(-1).tolist(), "stds": stds.reshape(-1).tolist()}
