# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Filters that come with Syncline."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from ..intervals import TimeInterval, find_complement_of_interval_array

if TYPE_CHECKING:
    from ..interpolators import Interpolator

__all__ = ["nan_filter"]

_BLOCK_BYTES = 1 << 24


def nan_filter(vicinity: float = 0.05) -> Callable[[Interpolator], list[TimeInterval]]:
    """Return a filter that leaves out what is within ``vicinity`` seconds of a stored sample with a NaN in any signal.

    The filter takes a sequence device and returns its valid intervals, those that are left of [start_time, end_time].
    Infinite values are no NaN; phase shifts play no part. TypeError for devices that store no samples.
    """

    def implementation(device_: Interpolator) -> list[TimeInterval]:
        data = getattr(device_, "_data", None)
        if data is None:
            raise TypeError(f"nan_filter needs a sequence, got {type(device_).__name__}")
        start, end = device_.start_time, device_.end_time
        rows: list[np.ndarray] = []
        if data.dtype.kind == "f" and data.shape[1] > 0:
            step = max(1, _BLOCK_BYTES // (data.shape[1] * data.itemsize))
            for first in range(0, data.shape[0], step):
                bad = np.isnan(data[first : first + step]).any(axis=1)
                rows.append(np.flatnonzero(bad) + first)
        index = np.concatenate(rows) if rows else np.empty(0, dtype=np.int64)
        stamps = start + index * device_.time_delta if device_.time_delta else np.load(
            device_.root_folder / "timestamps.npy"
        )[index]
        invalid = [TimeInterval(max(start, t - vicinity), min(end, t + vicinity)) for t in stamps.tolist()]
        return find_complement_of_interval_array(start, end, invalid)

    # lets a dataset leave the work to Java, which does the same faster and remembers it
    implementation.syncline_target = {  # type: ignore[attr-defined]
        "_target_": "syncline.filters.common_filters.nan_filter",
        "vicinity": float(vicinity),
    }
    return implementation
