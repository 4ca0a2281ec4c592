# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Frames of screens, resized as OpenCV's INTER_AREA does and taken from their trials."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..errors import ArgumentError


def _weights(stored: int, wanted: int, area: bool) -> np.ndarray:
    """Return the matrix (wanted, stored) that resizes one axis as OpenCV's INTER_AREA does."""
    weights = np.zeros((wanted, stored))
    if area:
        scale = stored / wanted
        for d in range(wanted):
            begin, end = d * scale, min((d + 1) * scale, stored)
            for s in range(int(begin), min(int(np.ceil(end)), stored)):
                weights[d, s] = max(0.0, min(end, s + 1) - max(begin, s))
        return weights / weights.sum(axis=1, keepdims=True)
    ratio = wanted / stored
    inverse = 1.0 / ratio
    for d in range(wanted):
        s = min(int(np.floor(d * inverse)), stored - 1)
        f = float(np.float32((d + 1) - (s + 1) * ratio))
        f = 0.0 if f <= 0 or s >= stored - 1 else f - np.floor(f)
        weights[d, s] = 1 - f
        if f > 0:
            weights[d, s + 1] = f
    return weights


def resize(frame: np.ndarray, first: int, second: int) -> np.ndarray:
    """Return a frame with its first axis resized to ``first`` and its second to ``second``, float32; further axes stay."""
    area = first <= frame.shape[0] and second <= frame.shape[1]
    out = np.tensordot(_weights(frame.shape[0], first, area), np.asarray(frame, dtype=np.float64), axes=(1, 0))
    out = np.tensordot(_weights(frame.shape[1], second, area), out, axes=(1, 1))
    return np.ascontiguousarray(out.swapaxes(0, 1), dtype=np.float32)


def interpolate(
    times: np.ndarray,
    timestamps: np.ndarray,
    owner: np.ndarray,
    trials: Sequence[Any],
    first_frames: Sequence[int],
    size: tuple[Any, ...],
    resized: Callable[[np.ndarray], np.ndarray],
) -> np.ndarray:
    """Return the frames displayed at the times, float32 (times, *size).

    Parameters
    ----------
    times
        seconds, strictly increasing; ArgumentError where they are not.
    timestamps
        times of the displayed frames.
    owner
        trial of each displayed frame; ValueError for a time past its end.
    trials
        what has the frames (``get_data()``).
    first_frames
        index of each trial's first frame among those displayed.
    size
        of a frame that comes out.
    resized
        makes a stored frame one of that size.
    """
    if (np.diff(times) <= 0).any():
        raise ArgumentError("Times must be sorted: they are not strictly increasing")
    index = np.searchsorted(timestamps, times + 1e-4) - 1
    if (index >= len(owner)).any():
        raise ValueError(f"frame {int(index.max())} asked for, the trials have {len(owner)}")
    out = np.zeros((len(times), *size), dtype=np.float32)
    for trial in np.unique(owner[index]):
        data = trials[trial].get_data()
        if data.ndim == len(size):
            data = data[None]
        here = np.flatnonzero(owner[index] == trial)
        frames = data[index[here] - first_frames[trial]]
        for i, frame in zip(here, frames):
            out[i] = resized(frame)
    return out
