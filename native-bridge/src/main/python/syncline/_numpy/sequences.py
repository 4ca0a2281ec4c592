# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Sequences at any time, as Java interpolates them."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from .._facts import INTERPOLATION_MODES


def interpolate(
    times: np.ndarray, data: np.ndarray, start: float, step: float, mode: str, keep_nans: bool, shifts: Any, window: float | None = None,
    align: str = "left",
) -> tuple[np.ndarray, np.ndarray]:
    """Return the values at the times that have a row, (times, signals), and the indices of these times.

    Parameters
    ----------
    times
        seconds, sorted or not, none before ``start``.
    data
        the stored samples, (rows, signals).
    start
        time of the first row.
    step
        seconds from row to row.
    mode
        one of ``INTERPOLATION_MODES``; NotImplementedError for another.
    keep_nans
        linear: NaN stay; else they become the mean of their column over the returned rows.
    shifts
        seconds by which each signal is read earlier, or None.
    window
        mean: seconds that are averaged.
    align
        mean: one of ``ALIGNMENTS``.
    """
    if mode not in INTERPOLATION_MODES:
        raise NotImplementedError(
            f"interpolation_mode: found {mode!r}, expected {', '.join(INTERPOLATION_MODES[:-1])} or {INTERPOLATION_MODES[-1]}"
        )
    columns = np.arange(data.shape[1])
    t = times[:, None]
    if shifts is not None:
        t = t - np.asarray(shifts, dtype=np.float64)[None, :]
    row = np.floor((t - start) / step)
    # rounding may put the very first time a hair before the first row
    row = np.maximum(row, 0).astype(np.int64)
    last = len(data) - 1
    kept = (row + 1 <= last if mode == "linear" else row <= last).all(axis=1)
    row, t = row[kept], t[kept]
    below = start + row * step
    if mode == "linear":
        above = start + (row + 1) * step
        part = (above - t) / (above - below)
        rest = (t - below) / (above - below)
        values = part * data[row, columns] + rest * data[row + 1, columns]
        if not keep_nans and np.isnan(values).any():
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)
                values = np.where(np.isnan(values), np.nanmean(values, axis=0), values)
    elif mode == "mean":
        values = _means(t, data, start, step, window, align)
    else:
        if mode == "nearest":
            # what the last bits of times decide is midway: the earlier row
            noise = 4 * np.spacing(np.maximum(np.abs(start), np.abs(times[kept, None]))) / step
            row = np.where(((t - start) / step > row + (0.5 + np.minimum(noise, 0.25))) & (row < last), row + 1, row)
        values = np.asarray(data[row, columns])
    return values, np.flatnonzero(kept)


def _means(t: np.ndarray, data: np.ndarray, start: float, step: float, window: float | None, align: str) -> np.ndarray:
    if window is None:
        raise ValueError("interpolation.window is missing, expected the seconds over which interpolation_mode: mean averages")
    length = window / step
    low = (t - start) / step - {"left": 0.0, "center": 0.5, "right": 1.0}[align] * length
    low, doubt = np.broadcast_arrays(
        low, np.minimum(0.1, 2 / step * np.maximum(np.spacing(np.abs(t)), np.spacing(np.abs(t - start))) + 1e-9)
    )
    out = np.full((len(t), data.shape[1]), np.nan)
    for k in range(len(t)):
        rows = np.arange(max(0, int(np.floor(low[k].min()))), min(len(data), int(np.ceil((low[k] + length).max()))))[:, None]
        values = np.asarray(data[rows[:, 0]], dtype=np.float64)
        share = np.minimum(rows + 1, low[k] + length) - np.maximum(rows, low[k])
        share = np.where(np.abs(share - 1) <= doubt[k], 1.0, share)
        share = np.where((share <= doubt[k]) | np.isnan(values), 0.0, share)
        counted = np.where(share > 0, values, 0.0)
        hits, total = (share > 0).sum(axis=0), share.sum(axis=0)
        with np.errstate(invalid="ignore", divide="ignore"):
            # one sample alone is what it is, whatever its weight
            out[k] = np.where(hits == 1, counted.sum(axis=0), (share * counted).sum(axis=0) / total)
    return out if data.dtype == np.float64 else out.astype(np.float32)


def precision(std: np.ndarray, threshold: float | None) -> np.ndarray:
    """Return 1 / deviations, float64, of deviations raised to at least ``threshold`` times their mean."""
    std = std.astype(np.float64)
    if threshold is not None:
        floor = threshold * np.nanmean(std)
        std = np.where(std > floor, std, floor)
    return 1.0 / std
