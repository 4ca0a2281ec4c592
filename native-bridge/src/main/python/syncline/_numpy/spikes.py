# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Spikes counted in a window around each time."""

from __future__ import annotations

import numpy as np


def count(
    times: np.ndarray, spikes: np.ndarray, indices: np.ndarray, window: float, align: str, sigma: float
) -> np.ndarray:
    """Return the counts, float64 (times, units).

    Parameters
    ----------
    times
        seconds.
    spikes
        all spike times, one unit after the other, sorted within a unit.
    indices
        offsets of the units in ``spikes``, one more than there are units.
    window
        seconds.
    align
        where a time lies in its window: ``center``, ``left`` or ``right`` end.
    sigma
        Gaussian smoothing along time, in time steps; 0 for none.
    """
    before, after = {"center": (window / 2, window / 2), "left": (0.0, window), "right": (window, 0.0)}[align]
    counts = np.zeros((len(times), len(indices) - 1))
    for unit in range(len(indices) - 1):
        own = spikes[indices[unit] : indices[unit + 1]]
        counts[:, unit] = np.searchsorted(own, times + after) - np.searchsorted(own, times - before)
    if sigma > 0 and len(times) > 1:
        radius = int(4 * sigma + 0.5)
        weights = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
        weights /= weights.sum()
        padded = np.pad(counts, ((radius, radius), (0, 0)), mode="symmetric")
        counts = sum(w * padded[i : i + len(times)] for i, w in enumerate(weights))
    return counts
