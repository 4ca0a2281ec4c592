# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Filters that come with Syncline."""

from __future__ import annotations

import numbers
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from .._answers import values_of
from .._arguments import nearest
from ..errors import ConfigError
from ..intervals import TimeInterval, find_complement_of_interval_array

if TYPE_CHECKING:
    from ..interpolators import Interpolator

__all__ = ["finite_filter", "label_filter", "nan_filter"]

_BLOCK_BYTES = 1 << 24


def finite_filter(min_share: float = 1.0) -> Callable[[Interpolator], list[TimeInterval]]:
    """Return a filter that keeps chunks of which at least ``min_share`` of a device's values are finite, neither NaN nor infinite.

    Of a sequence the stored samples are counted, in all columns that are read, from the one that the chunk's first time holds
    to that of its last. A device of a program's own is asked: for ``finite_share(first, last)``, the share from 0 to 1 between
    two times in seconds, where it has such a method; else for its values at the chunk's times, those of all chunks when the
    dataset is opened, and a chunk without any value counts as one without finite ones.

    Whole chunks have no intervals, so that a dataset alone can ask it: called with a device it raises TypeError.

    Parameters
    ----------
    min_share
        from 0 to 1.

    Raises
    ------
    ConfigError
        when a dataset is opened: ``min_share`` is no number from 0 to 1, or the device has no values that could be counted.
    """

    def implementation(device_: Interpolator) -> list[TimeInterval]:
        raise TypeError(
            f"finite_filter judges whole chunks and has no intervals of a {type(device_).__name__}: name it in a dataset's "
            "modality_config, among the filters of a device"
        )

    def chunks(device_: Interpolator) -> Callable[[np.ndarray], bool]:
        if not 0 <= min_share <= 1:
            raise ConfigError(f"finite_filter.min_share: is {min_share!r}, expected a number from 0 to 1")
        share = _share_of(device_)
        return lambda times: share(times) >= min_share

    implementation.chunks = chunks  # type: ignore[attr-defined]
    implementation.syncline_target = {  # type: ignore[attr-defined]
        "_target_": "syncline.filters.common_filters.finite_filter",
        "min_share": float(min_share),
    }
    return implementation


def _share_of(device_: Any) -> Callable[[np.ndarray], float]:
    """Return what says which share of a device's values between the first and the last of some times is finite."""
    name = type(device_).__name__
    counted = getattr(device_, "finite_share", None)
    if counted is not None:

        def told(times: np.ndarray) -> float:
            found = counted(float(times[0]), float(times[-1]))
            if not isinstance(found, numbers.Real) or not 0 <= found <= 1:
                raise ConfigError(f"{name}.finite_share returned {found!r}, expected a share from 0 to 1")
            return float(found)

        return told
    if (getattr(device_.interpolate, "__module__", None) or "").startswith("syncline."):
        raise ConfigError(
            f"finite_filter: found a {name}, which has no stored samples, expected a device that has, like a sequence: finite_filter "
            "counts values in them; remove it from this device"
        )

    def asked(times: np.ndarray) -> float:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # that no time is valid is an answer
            values = values_of(name, device_, device_.interpolate(times))
        values = np.asarray(values)
        return float(np.isfinite(values).mean()) if values.size else 0.0

    return asked


def label_filter(
    device: str, label: str, invert: bool = False, margin: float = 0.0
) -> Callable[[Interpolator], list[TimeInterval]]:
    """Return a filter that keeps what lies in the half-open intervals of a label, each shrunk by ``margin`` seconds at both ends.

    With ``invert`` it keeps what lies outside of the intervals grown by ``margin``, in the range of their device. Called with
    the labelled device it returns its valid intervals; a dataset finds that device by its name, whichever device the filter
    is configured for.

    Parameters
    ----------
    device
        the labelled device, one of the dataset's.
    label
        of it.
    invert
        keep what lies outside.
    margin
        seconds, 0 or more.

    Raises
    ------
    TypeError
        when called: the device has no labels.
    ConfigError
        when called: it has no such label; the nearest one is named.
    """

    def implementation(device_: Interpolator) -> list[TimeInterval]:
        stored = getattr(device_, "labeled_intervals", None)
        if stored is None:
            raise TypeError(f"label_filter needs the labelled device {device}, got {type(device_).__name__}")
        if label not in stored:
            raise ConfigError(
                f"label_filter.label: is {label!r}, expected a label of {device}: {', '.join(stored)}{nearest(label, stored)}"
            )
        grown = float(margin) if invert else -float(margin)
        rows = np.asarray(stored[label], dtype=np.float64).reshape(-1, 2).tolist()
        changed = [TimeInterval(a - grown, b + grown) for a, b in rows if a <= b and a - grown < b + grown]
        if invert:
            return find_complement_of_interval_array(device_.start_time, device_.end_time, changed)
        return changed

    implementation.syncline_target = {  # type: ignore[attr-defined]
        "_target_": "syncline.filters.common_filters.label_filter",
        "device": device,
        "label": label,
        "invert": bool(invert),
        "margin": float(margin),
    }
    return implementation


def nan_filter(vicinity: float = 0.05) -> Callable[[Interpolator], list[TimeInterval]]:
    """Return a filter that leaves out what is within ``vicinity`` seconds of a stored sample with a NaN in any signal.

    The filter takes a sequence device and returns its valid intervals, those that are left of [start_time, end_time].
    Infinite values are no NaN; phase shifts play no part. TypeError for devices that store no samples.

    Parameters
    ----------
    vicinity
        seconds on both sides of such a sample.
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
