# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Labelled intervals at any time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .._native.warnings import warn


def interpolate(times: np.ndarray, labels: Sequence[str], intervals: Mapping[str, Any]) -> np.ndarray:
    """Return whether each time lies in an interval of each label (``start <= t < end``), bool (times, labels).

    Warns of a label without intervals, and, once a label, of intervals that end before they start.
    """
    out = np.zeros((len(times), len(labels)), dtype=bool)
    for column, label in enumerate(labels):
        rows = np.asarray(intervals[label], dtype=np.float64).reshape(-1, 2)
        if not len(rows):
            warn(f"found no intervals for label: {label}")
        wrong = rows[rows[:, 0] > rows[:, 1]]
        if len(wrong):
            more = f", and {len(wrong) - 1} more of {len(rows)}" if len(wrong) > 1 else ""
            warn(
                f"Invalid interval found for label: {label}, interval: ({wrong[0, 0]}, {wrong[0, 1]}){more}",
            )
        for start, end in rows:
            out[:, column] |= (times >= start) & (times < end)
    return out
