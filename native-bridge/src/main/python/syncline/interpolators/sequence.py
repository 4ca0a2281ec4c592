# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Sequences: regularly sampled signals."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from .._config import plain
from .base import CLASSES, SELECTION, check_keys
from ._opened import Derived, NativeInterpolator

_BLOCK_BYTES = 1 << 24


class SequenceInterpolator(NativeInterpolator):
    """A regularly (or, with its own timestamps, irregularly) sampled device.

    ``interpolation_mode`` (``nearest_neighbor``, ``previous``, ``nearest``, ``linear``, ``mean``) may be set at any time. Values are
    (times, signals) in the stored dtype; linear: float64; mean: float32, of float64 float64.

    Parameters
    ----------
    root_folder
        the device's folder.
    cache_data
        read everything into memory once.
    keep_nans
        linear: NaN stay; else they become their column's mean over the returned rows.
    interpolation_mode
        see above.
    normalize, normalize_subtract_mean, normalize_std_threshold
        divide by the stored standard deviations, with a floor relative to their mean; subtract the stored means.
    **kwargs
        a modality's configuration: ``window`` and ``align`` (mean: the seconds that are averaged, and where they lie: "left",
        "center", "right" of the time), ``max_gap`` (seconds, of a sequence with its own timestamps: a time has a value where the
        sample that it takes lies at most so far away, linear: its two neighbours at most so far apart, or where it hits a
        sample); what other parts read is ignored.
    """

    _FIXED = ("start_time", "time_delta")
    _MODALITY = "sequence"
    interpolation_mode: str = "nearest_neighbor"
    keep_nans: bool = False
    normalize: bool = False
    normalize_subtract_mean: bool = False
    normalize_std_threshold: float | None = None
    max_gap: float | None = None
    window: float | None = None
    align: str = "left"

    def __init__(
        self,
        root_folder: str | Path,
        cache_data: bool = False,
        keep_nans: bool = False,
        interpolation_mode: str = "nearest_neighbor",
        normalize: bool = False,
        normalize_subtract_mean: bool = False,
        normalize_std_threshold: float | None = None,
        **kwargs: Any,
    ) -> None:
        check_keys(root_folder, kwargs)
        self.keep_nans = keep_nans
        self.interpolation_mode = interpolation_mode
        self.normalize = normalize
        self.normalize_subtract_mean = normalize_subtract_mean
        self.normalize_std_threshold = normalize_std_threshold
        self.max_gap = kwargs.get("max_gap")
        self.window = kwargs.get("window")
        self.align = kwargs.get("align") or "left"
        super().__init__(
            root_folder, cache_data, **{k: plain(kwargs[k]) for k in SELECTION if k in kwargs}
        )

    def _options(self) -> dict[str, Any]:
        return {
            "keep_nans": bool(self.keep_nans),
            "normalize": bool(self.normalize),
            "normalize_subtract_mean": bool(self.normalize_subtract_mean),
            "normalize_std_threshold": self.normalize_std_threshold,
            "max_gap": self.max_gap,
            # a window means something to one mode alone, which Java then opens with
            **({"interpolation_mode": "mean", "window": self.window, "align": self.align} if self._mode() == "mean" else {}),
        }

    def _read_info(self) -> None:
        super()._read_info()
        self.n_signals = self._info["n_signals"]
        self.sampling_rate = self._info.get("sampling_rate")
        self.time_delta = 1.0 / self.sampling_rate if self.sampling_rate else None

    @property
    def _in_python(self) -> bool:
        return super()._in_python or (
            bool(self.normalize)
            and (
                type(self).normalize_data is not SequenceInterpolator.normalize_data
                or type(self).normalize_init is not SequenceInterpolator.normalize_init
            )
        )

    @property
    def use_phase_shifts(self) -> bool:
        """Whether each signal has a shift of its own."""
        return isinstance(self, PhaseShiftedSequenceInterpolator)

    @property
    def is_mem_mapped(self) -> bool:
        """Whether the samples lie in data.mem."""
        return bool(self.load_meta().get("is_mem_mapped", False))

    def _mode(self) -> str:
        return str(self.interpolation_mode)

    @property
    def _altered(self) -> bool:
        return super()._altered or self._mode() != self._opened_mode

    def _open(self) -> None:
        super()._open()
        self._opened_mode = self._mode()

    @Derived
    def _data(self) -> np.ndarray:
        """The stored samples (n_timestamps, n_signals), read-only: a memmap of data.mem, an array where that is cached
        (float32 then) or data.npy.
        """
        npy = Path(self.root_folder) / "data.npy"
        meta = self.load_meta()
        if not meta.get("is_mem_mapped", False) and npy.exists():
            # mapped all the same, but programs take a memmap for data.mem
            data = np.load(npy, mmap_mode="r").view(np.ndarray)
            return data.reshape(-1, 1) if data.ndim == 1 else data
        shape = (int(meta["n_timestamps"]), int(meta["n_signals"]))
        if 0 in shape:
            return np.empty(shape, dtype=meta["dtype"])
        data = np.memmap(Path(self.root_folder) / "data.mem", dtype=meta["dtype"], mode="r", shape=shape)
        return np.array(data, dtype=np.float32) if self.cache_data else data

    def finite_share(self, first: float, last: float) -> float:
        """Return which share of the stored values is finite, neither NaN nor infinite, of all columns that are read.

        Counted are the rows from the one that is held at one time in seconds to that of another; the values of all rows are
        read when this is first called. 1 where there are none.

        Parameters
        ----------
        first
            seconds.
        last
            seconds, not before ``first``.
        """
        before, row, width = self._finite_counts
        n = len(before) - 1
        if n == 0 or width == 0:
            return 1.0
        from_row = min(max(row(first), 0), n - 1)
        to_row = min(max(row(last), from_row), n - 1)
        values = (to_row + 1 - from_row) * width
        # one rounding, so that seven of ten are 0.7
        return float((values - (before[to_row + 1] - before[from_row])) / values)

    @Derived
    def _finite_counts(self) -> tuple[np.ndarray, Callable[[float], int], int]:
        """Values before each row, and of all, that are not finite; what finds the row of a time; values of a row."""
        data = self._data
        columns = self.__dict__.get("_info", {}).get("columns")
        width = data.shape[1] if columns is None else len(columns)
        before = np.zeros(len(data) + 1, np.int64)
        if data.dtype.kind == "f" and width:
            step = max(1, _BLOCK_BYTES // (data.shape[1] * data.itemsize))
            for k in range(0, len(data), step):
                block = data[k : k + step] if columns is None else data[k : k + step][:, columns]
                before[k + 1 : k + 1 + len(block)] = (~np.isfinite(block)).sum(axis=1)
            np.cumsum(before, out=before)
        if self.time_delta:
            start, delta = self.start_time, self.time_delta
            return before, lambda t: math.floor((t - start) / delta), width
        stamps = np.load(Path(self.root_folder) / "timestamps.npy").reshape(-1)

        def held(t: float) -> int:
            k = int(np.searchsorted(stamps, t))
            return k if k < len(stamps) and stamps[k] == t else k - 1

        return before, held, width

    @Derived
    def mean(self) -> np.ndarray:
        """What ``normalize`` subtracts where asked: meta/means.npy."""
        return np.load(Path(self.root_folder) / "meta" / "means.npy").reshape(-1)

    @Derived
    def std(self) -> np.ndarray:
        """What ``normalize`` divides by, but for its floor: meta/stds.npy."""
        return np.load(Path(self.root_folder) / "meta" / "stds.npy").reshape(-1)

    @Derived
    def _precision(self) -> np.ndarray:
        """What ``normalize`` multiplies by."""
        from .._numpy.sequences import precision

        return precision(self.std, self.normalize_std_threshold)

    def normalize_init(self) -> None:
        """Read ``mean``, ``std`` and ``_precision`` from meta/means.npy and meta/stds.npy; a class of the program's own may set others."""
        del self.mean, self.std, self._precision

    def normalize_data(self, data: np.ndarray) -> np.ndarray:
        """Return samples less the mean where asked, times ``_precision``, in their floating type.

        Parameters
        ----------
        data
            samples, (times, signals).
        """
        self._begin_normalizing(SequenceInterpolator.normalize_init)
        dtype = data.dtype if data.dtype.kind == "f" else np.dtype(np.float32)
        data = data.astype(dtype)
        if self.normalize_subtract_mean:
            data = data - np.asarray(self.mean).astype(dtype)
        from .._numpy.sequences import precision

        own = self.__dict__.get("_own", {})
        factors = own["_precision"] if "_precision" in own else precision(np.asarray(self.std), self.normalize_std_threshold)
        return data * np.asarray(factors).astype(dtype)

    def _interpolate(self, times: np.ndarray) -> tuple[Any, ...]:
        from .._numpy.sequences import interpolate

        shifts = self._phase_shifts if self.use_phase_shifts else None
        values, kept = interpolate(
            times, self._data, self.start_time, self.time_delta, self._mode(), bool(self.keep_nans), shifts, self.window, self.align
        )
        return (self.normalize_data(values) if self.normalize else values), kept


class PhaseShiftedSequenceInterpolator(SequenceInterpolator):
    """A sequence whose signal j is read at ``t - shift[j]``, the shifts from meta/phase_shifts.npy in seconds."""

    @Derived
    def _phase_shifts(self) -> np.ndarray:
        """The shifts in seconds."""
        return np.load(Path(self.root_folder) / "meta" / "phase_shifts.npy").reshape(-1)


CLASSES["sequence"] = lambda meta: (
    PhaseShiftedSequenceInterpolator if meta.get("phase_shift_per_signal") else SequenceInterpolator
)
