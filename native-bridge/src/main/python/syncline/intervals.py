# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Intervals of time in seconds, both ends included, and their algebra."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

__all__ = [
    "TimeInterval",
    "find_complement_of_interval_array",
    "find_intersection_across_arrays_of_intervals",
    "find_intersection_between_two_interval_arrays",
    "find_union_across_arrays_of_intervals",
    "get_stats_for_valid_interval",
    "uniquefy_interval_array",
]


class TimeInterval(NamedTuple):
    """A stretch of time, ``start <= t <= end``; ``t in interval`` asks whether a time lies in it (NaN never does)."""

    start: float
    end: float

    def __contains__(self, time: float) -> bool:  # type: ignore[override]
        return bool(self.start <= time <= self.end)

    def __repr__(self) -> str:
        return f"TimeInterval(start={self.start}, end={self.end})"

    def intersect(self, times) -> np.ndarray:
        """Return the integer indices of the times that lie in the interval, in their order.

        Parameters
        ----------
        times
            seconds, an array.
        """
        times = np.asarray(times)
        return np.flatnonzero((times >= self.start) & (times <= self.end))

    def find_intersection_between_two_intervals(self, other_interval: TimeInterval) -> TimeInterval | None:
        """Return what both intervals share (a single point where they touch), or None.

        Parameters
        ----------
        other_interval
            in the same clock.
        """
        start = max(self.start, other_interval.start)
        end = min(self.end, other_interval.end)
        return TimeInterval(start, end) if start <= end else None


def uniquefy_interval_array(interval_array: Iterable[TimeInterval]) -> list[TimeInterval]:
    """Return the intervals sorted by start, those that touch or overlap merged.

    Parameters
    ----------
    interval_array
        in any order.
    """
    merged: list[TimeInterval] = []
    for start, end in sorted((i[0], i[1]) for i in interval_array):
        if merged and start <= merged[-1].end:
            merged[-1] = TimeInterval(merged[-1].start, max(merged[-1].end, end))
        else:
            merged.append(TimeInterval(start, end))
    return merged


def find_intersection_between_two_interval_arrays(
    interval_array_1: Iterable[TimeInterval], interval_array_2: Iterable[TimeInterval]
) -> list[TimeInterval]:
    """Return the pairwise intersections met by one sweep over both lists, sorted by start; touching ends intersect.

    Parameters
    ----------
    interval_array_1
        in any order.
    interval_array_2
        in any order.
    """
    a = sorted((TimeInterval(*i) for i in interval_array_1), key=lambda i: i.start)
    b = sorted((TimeInterval(*i) for i in interval_array_2), key=lambda i: i.start)
    found: list[TimeInterval] = []
    i = j = 0
    while i < len(a) and j < len(b):
        common = a[i].find_intersection_between_two_intervals(b[j])
        if common is not None:
            found.append(common)
        if a[i].end < b[j].end:
            i += 1
        else:
            j += 1
    return found


def find_intersection_across_arrays_of_intervals(
    intervals_array: Sequence[Iterable[TimeInterval]],
) -> list[TimeInterval]:
    """Return what all lists share, merged; an empty list for no list at all.

    Parameters
    ----------
    intervals_array
        lists, each in any order.
    """
    if not intervals_array:
        return []
    common = [TimeInterval(*i) for i in intervals_array[0]]
    for intervals in intervals_array[1:]:
        common = find_intersection_between_two_interval_arrays(common, intervals)
    return uniquefy_interval_array(common)


def find_union_across_arrays_of_intervals(intervals_array: Sequence[Iterable[TimeInterval]]) -> list[TimeInterval]:
    """Return what lies in any of the lists, merged.

    Parameters
    ----------
    intervals_array
        lists, each in any order.
    """
    return uniquefy_interval_array([interval for intervals in intervals_array for interval in intervals])


def find_complement_of_interval_array(
    start: float, end: float, interval_array: Iterable[TimeInterval]
) -> list[TimeInterval]:
    """Return the gaps that the intervals leave in [start, end], clipped to it, none of zero length.

    Parameters
    ----------
    start
        seconds.
    end
        seconds.
    interval_array
        in any order; they may overlap.
    """
    gaps: list[TimeInterval] = []
    reached = start
    for interval in uniquefy_interval_array(interval_array):
        gap_end = min(interval.start, end)
        if gap_end > reached:
            gaps.append(TimeInterval(reached, gap_end))
        reached = max(reached, interval.end)
    if reached < end:
        gaps.append(TimeInterval(reached, end))
    return gaps


def get_stats_for_valid_interval(intervals: Iterable[TimeInterval], start_time: float, end_time: float) -> str:
    """Return a text with total, count, mean and population standard deviation of valid and invalid durations.

    Durations are clamped to the range and those of zero length not counted. A range that is not positive gives a text
    that begins with "Error".

    Parameters
    ----------
    intervals
        the valid ones.
    start_time
        seconds, where the range begins.
    end_time
        seconds, where it ends.
    """
    total = end_time - start_time
    if not (total > 0 and math.isfinite(total)):
        return f"Error: the range is not positive and finite: start {start_time} s, end {end_time} s"
    clamped = [
        TimeInterval(max(i.start, start_time), min(i.end, end_time)) for i in uniquefy_interval_array(intervals)
    ]
    # an interval of no length neither counts nor splits the gap around it
    valid = [i for i in clamped if i.end > i.start]
    valid_durations = [i.end - i.start for i in valid]
    invalid_durations = [i.end - i.start for i in find_complement_of_interval_array(start_time, end_time, valid)]
    text = f"Interval Statistics, Total Duration: {total:.3f}s):\n"
    for name, durations in (("Valid", valid_durations), ("Invalid", invalid_durations)):
        duration = float(np.sum(durations)) if durations else 0.0
        mean = float(np.mean(durations)) if durations else 0.0
        std = float(np.std(durations)) if durations else 0.0
        text += (
            f"  {name} Intervals ({len(durations)}):\n"
            f"    - Total Duration: {duration:.3f}s ({duration / total * 100:.2f}%)\n"
            f"    - Mean Duration:  {mean:.3f}s\n"
            f"    - Std Dev:        {std:.3f}s\n"
        )
    return text
