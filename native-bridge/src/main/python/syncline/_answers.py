# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Checks of what devices of a program's own answer: the error names device, class, method, what came and what should."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from ._native.warnings import warn
from .errors import ConfigError


def _wrong(name: str, device: Any, what: str, found: Any, expected: str) -> ConfigError:
    text = " ".join(repr(found).split())
    text = text if len(text) <= 80 else text[:77] + "..."
    return ConfigError(f"{name}: {type(device).__name__}.{what} {text}, expected {expected}")


def ranges_of(name: str, device: Any) -> dict[str, Any]:
    """Return what Java is told of a device: start_time and end_time, NaN of one that is left out, and valid_interval."""
    start, end = _seconds(device.start_time), _seconds(device.end_time)
    timed = math.isfinite(start) and math.isfinite(end)
    return {"start_time": start, "end_time": end, "valid_interval": list(interval_of(name, device)) if timed else None}


def _seconds(value: Any) -> float:
    try:
        return float(value) if value is not None and math.isfinite(value) else math.nan
    except TypeError:
        return math.nan


def interval_of(name: str, device: Any) -> tuple[float, float]:
    """Return the start and end of a device's valid interval."""
    interval = device.valid_interval
    try:
        start, end = (float(time) for time in interval)
    except (TypeError, ValueError):
        start = math.nan
        end = math.nan
    if math.isnan(start) or math.isnan(end):
        raise _wrong(name, device, "valid_interval is", interval, "a TimeInterval or a pair (start, end) in seconds")
    return start, end


_VALUES = "an array of numbers whose first axis is the valid times"


def given(name: str, device: Any, values: Any) -> Any:
    """Return what ``interpolate`` gave, whatever that is."""
    if values is None:
        raise _wrong(name, device, "interpolate returned", values, _VALUES)
    return values


def values_of(name: str, device: Any, values: Any) -> Any:
    """Return what ``interpolate`` gave, where that is numbers along a first axis of times."""
    if values is None or not hasattr(values, "shape"):
        try:
            kind, axes = np.asarray(values).dtype.kind, np.ndim(values)
        except ValueError:  # lists of several lengths
            kind, axes = "O", 1
    else:
        kind, axes = getattr(getattr(values, "dtype", None), "kind", "f"), len(values.shape)  # torch's types have no kind
    if kind not in "biuf" or axes == 0:
        raise _wrong(name, device, "interpolate returned", values, _VALUES)
    return values


def one_type(name: str, device: Any, values: Any, before: dict[str, Any]) -> None:
    """Warn, once a device, where values have another element type than those that came before, by name: stacking promotes them."""
    found = getattr(values, "dtype", None)
    first = before.setdefault(name, found)
    if found is not None and first is not None and found != first:
        before[name] = None
        warn(
            f"{name}: {type(device).__name__}.interpolate returned {found}, and {first} before: batches are of the type that holds "
            "both, and of another where they meet none of the other kind; return one type at every call",
        )


def pair_given(name: str, device: Any, answer: Any) -> tuple[Any, Any]:
    """Return the two that ``interpolate(times, return_valid=True)`` gave, whatever these are."""
    what = "interpolate(times, return_valid=True) returned"
    if not isinstance(answer, (tuple, list)) or len(answer) != 2 or any(part is None for part in answer):
        raise _wrong(name, device, what, answer, "(values, indices of the valid times)")
    return answer[0], answer[1]


def pair_of(name: str, device: Any, answer: Any, times: Any) -> tuple[Any, Any]:
    """Return values and indices as ``interpolate(times, return_valid=True)`` gave them, where they fit one another."""
    what = "interpolate(times, return_valid=True) returned"
    values, valid = pair_given(name, device, answer)
    values_of(name, device, values)
    try:
        indices = np.asarray(valid)
        fits = indices.ndim == 1 and (indices.size == 0 or indices.dtype.kind in "iu")
        fits = fits and (indices.size == 0 or bool(indices[0] >= 0 and indices[-1] < len(times) and (np.diff(indices) > 0).all()))
    except (TypeError, ValueError):
        fits = False
    if not fits:
        raise _wrong(name, device, f"{what} as indices", valid, "integers that ascend, below the number of times")
    if len(values) != len(valid):
        raise _wrong(name, device, f"{what} as many", (len(values), len(valid)), "as many values as indices")
    return values, valid


def differing(items: list[Any]) -> str | None:
    """Return which entry of dicts has several shapes, and which, or None."""
    for key in items[0] if isinstance(items[0], Mapping) else ():
        shapes = {tuple(np.shape(item[key])) for item in items if not isinstance(item[key], Mapping)}
        if len(shapes) > 1:
            return (
                f"{key}: items of one batch have the shapes {' and '.join(map(str, sorted(shapes)))}, expected one: a device must give "
                "as many columns at every call"
            )
    return None
