# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Interpolators: the values of one device at any time. Subclass :class:`Interpolator` for a kind of your own."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from . import _native
from ._config import accepts, instantiate, plain, target_of
from ._warnings import as_user_warnings
from .intervals import TimeInterval

__all__ = [
    "BlankTrial",
    "ImageTrial",
    "Interpolator",
    "InvalidTrial",
    "PhaseShiftedSequenceInterpolator",
    "ScreenInterpolator",
    "ScreenTrial",
    "SequenceInterpolator",
    "SpikeInterpolator",
    "TimeIntervalInterpolator",
    "VideoTrial",
]

_EMPTY = "Interpolation returns empty array, no valid times queried."


class Interpolator:
    """Base of all interpolators.

    A subclass sets ``start_time``, ``end_time`` and ``valid_interval`` (a TimeInterval or a plain pair) and defines
    ``interpolate(times, return_valid=False)``; it need not call this constructor.

    Args:
        root_folder: the device's folder.
    """

    start_time: Any = None
    end_time: Any = None
    valid_interval: Any = None

    def __init__(self, root_folder: str | Path) -> None:
        self.root_folder = Path(root_folder)

    @staticmethod
    def create(root_folder: str | Path, cache_data: bool = False, **kwargs: Any) -> Interpolator:
        """Open a device's folder with the class that its meta.yml asks for, or with ``_target_``.

        Keys meant for other parts of a modality's configuration (``sampling_rate``, ``offset``, ...) are ignored.

        Raises:
            FileNotFoundError: no such folder or no meta.yml.
            ValueError: an unknown modality, or files that contradict each other.
        """
        target = target_of(kwargs)
        if target is not None:
            cls = locate(target)
            options = {"cache_data": cache_data} if accepts(cls, "cache_data") else {}
            if accepts(cls, "root_folder"):
                return instantiate(kwargs, root_folder=root_folder, **options)
            return instantiate(kwargs, root_folder, **options)
        folder = Path(root_folder)
        meta = _native.document_read(folder / "meta.yml")
        modality = meta.get("modality") if isinstance(meta, Mapping) else None
        classes = {
            "sequence": PhaseShiftedSequenceInterpolator
            if isinstance(meta, Mapping) and meta.get("phase_shift_per_signal")
            else SequenceInterpolator,
            "screen": ScreenInterpolator,
            "time_interval": TimeIntervalInterpolator,
            "spikes": SpikeInterpolator,
        }
        if modality not in classes:
            raise ValueError(
                f"There is no interpolator for {modality}: {folder / 'meta.yml'} says so under modality, expected one of "
                f"{', '.join(sorted(classes))}, or give a class as _target_"
            )
        return classes[modality](root_folder, cache_data=cache_data, **kwargs)

    def load_meta(self) -> dict:
        """Return the content of meta.yml."""
        return _native.document_read(Path(self.root_folder) / "meta.yml")

    def interpolate(self, times: Any, return_valid: bool = False) -> Any:
        """Return the values at the valid ones of the times; with ``return_valid`` also their integer indices."""
        raise NotImplementedError(f"{type(self).__name__} does not define interpolate")

    def valid_times(self, times: Any) -> np.ndarray:
        """Return the integer indices of the times inside the valid interval; NaN is never valid."""
        return TimeInterval(*self.valid_interval).intersect(np.atleast_1d(np.asarray(times, dtype=np.float64)))

    def __contains__(self, times: Any) -> bool:
        return self.valid_times(times).size > 0

    def close(self) -> None:
        """Release files and memory; any number of times."""

    def __enter__(self) -> Interpolator:
        return self

    def __exit__(self, *exc: Any) -> None:
        self.close()


def locate(name: str) -> Any:
    """Import the object behind a dotted name; experanto's names mean Syncline's objects."""
    if name == "experanto" or name.startswith("experanto."):
        name = "syncline" + name[len("experanto") :]
    parts = name.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError as missing:
            if missing.name is not None and not ".".join(parts[:cut]).startswith(missing.name):
                raise
            continue
        for part in parts[cut:]:
            try:
                found = getattr(found, part)
            except AttributeError:
                raise ImportError(f"_target_ {name}: {'.'.join(parts[:cut])} has no {part}") from None
        return found
    raise ImportError(f"_target_ {name}: no such module")


class _Derived:
    """An attribute read from the folder when it is first asked for. One that a program sets stays, and is what
    ``interpolate`` then works with.
    """

    def __init__(self, make: Callable[[Any], Any]) -> None:
        self._make = make
        self.__doc__ = make.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, device: Any, owner: type | None = None) -> Any:
        if device is None:
            return self
        own = device.__dict__.get("_own", {})
        if self._name in own:
            return own[self._name]
        kept = device.__dict__.setdefault("_kept", {})
        if self._name not in kept:
            if "root_folder" not in device.__dict__:
                raise AttributeError(f"{type(device).__name__} has no {self._name}: it was not opened from a folder")
            kept[self._name] = self._make(device)
        return kept[self._name]

    def __set__(self, device: Any, value: Any) -> None:
        device.__dict__.setdefault("_own", {})[self._name] = value

    def __delete__(self, device: Any) -> None:
        for where in ("_own", "_kept"):
            device.__dict__.get(where, {}).pop(self._name, None)


class _NativeInterpolator(Interpolator):
    """An interpolator that Java opens; pickled by what it was opened with.

    A subclass need not call the constructor: it then sets what this class reads from its folder (``_data``, ``spikes``,
    ``labeled_intervals``, ``trials``, ``timestamps``, ...), and ``interpolate`` works in NumPy. The same happens where a
    program replaces one of these after opening.
    """

    # attributes that Java reads beside the options
    _FIXED: tuple[str, ...] = ()
    # what meta.yml must say
    _MODALITY = ""

    def __init__(self, root_folder: str | Path, cache_data: bool = False, **selection: Any) -> None:
        super().__init__(root_folder)
        self.cache_data = bool(cache_data)
        self._selection = selection
        self._open()

    def _options(self) -> dict:
        """Return what Java is told, from the attributes as they are now."""
        return {}

    def _open(self) -> None:
        options = self._options()
        given = {k: v for k, v in plain({**options, **self._selection}).items() if v is not None}
        given["cache_data"] = self.cache_data
        with as_user_warnings():
            self._handle = _native.interpolator_open(self.root_folder, given)
            info = _native.interpolator_info(self._handle)
        if info.get("modality", self._MODALITY) != self._MODALITY:
            self._handle.close()
            raise ValueError(
                f"{self.root_folder / 'meta.yml'}: modality is {info['modality']}, {type(self).__name__} reads {self._MODALITY}"
            )
        self._opened_options = options
        self._info = info
        self._read_info()
        self._opened_interval = tuple(self.valid_interval)
        self._opened_fixed = tuple(getattr(self, name) for name in self._FIXED)

    def _read_info(self) -> None:
        info = self._info
        self.start_time = info["start_time"]
        self.end_time = info["end_time"]
        interval = info.get("valid_interval")
        self.valid_interval = TimeInterval(*(interval if interval is not None else (self.start_time, self.end_time)))

    @property
    def _in_python(self) -> bool:
        """Whether Java cannot answer: it was never asked to open, or what it read has been replaced."""
        return (
            "_handle" not in self.__dict__
            or bool(self.__dict__.get("_own"))
            or tuple(getattr(self, name) for name in self._FIXED) != self._opened_fixed
        )

    @property
    def _altered(self) -> bool:
        """Whether this would answer otherwise than it would have when it was opened."""
        return self._in_python or self._options() != self._opened_options or tuple(self.valid_interval) != self._opened_interval

    def _mode(self) -> str | None:
        return None

    def interpolate(self, times: Any, return_valid: bool = False) -> Any:
        """Return the values at the valid ones of the times, in their order.

        Args:
            times: seconds, any sequence of numbers; NaN is not valid.
            return_valid: also return the indices of the valid times.

        Returns:
            An array whose first axis is the valid times, or (array, int64 indices). No valid time: an empty array and a
            UserWarning.

        Raises:
            NotImplementedError: ``interpolation_mode`` has an unknown value.
            ValueError: the interpolator is closed, or the times have the wrong order or reach past the data.
        """
        if self._in_python:
            times = np.atleast_1d(np.asarray(times, dtype=np.float64))
            valid = np.asarray(self.valid_times(times))
            values, kept = self._interpolate(times[valid])
            valid = valid if kept is None else valid[kept]
        else:
            values, valid = self._interpolate_natively(times)
        if valid.shape[0] == 0:
            warnings.warn(_EMPTY, UserWarning, stacklevel=2)
        return (values, valid) if return_valid else values

    def _interpolate_natively(self, times: Any) -> tuple:
        if self._options() != self._opened_options and self._handle.value:
            own = self.valid_interval if tuple(self.valid_interval) != self._opened_interval else None
            self._open()  # the old handle closes when the last thread that uses it has let go
            if own is not None:
                self.valid_interval = own
        among = None
        own_rule = type(self).valid_times is not Interpolator.valid_times
        if own_rule or tuple(self.valid_interval) != self._opened_interval:
            times = np.atleast_1d(np.asarray(times, dtype=np.float64))
            among = np.asarray(self.valid_times(times))
            times = times[among]
        with as_user_warnings(": none of "):
            values, valid = _native.interpolator_interpolate(self._handle, times, self._mode())
        found = valid.numpy()
        return values.numpy(), found if among is None else among[found]

    def _interpolate(self, times: np.ndarray) -> tuple:
        """Return the values at valid times from the attributes, and the indices of the times that have one or None."""
        raise NotImplementedError(f"{type(self).__name__} was not opened from a folder and does not define interpolate")

    def close(self) -> None:
        handle = self.__dict__.get("_handle")
        if handle is not None:
            handle.close()

    def __getstate__(self) -> dict:
        return {k: v for k, v in self.__dict__.items() if k not in ("_handle", "_info", "_kept")}

    def __setstate__(self, state: dict) -> None:
        self.__dict__.update(state)
        if "_opened_options" in state:
            self._open()
            self.__dict__.update(state)


class SequenceInterpolator(_NativeInterpolator):
    """A regularly (or, with its own timestamps, irregularly) sampled device.

    ``interpolation_mode`` (``nearest_neighbor``, ``previous``, ``nearest``, ``linear``) may be set at any time. Values are
    (times, signals) in the stored dtype; linear: float64.

    Args:
        root_folder: the device's folder.
        cache_data: read everything into memory once.
        keep_nans: linear: NaN stay; else they become their column's mean over the returned rows.
        interpolation_mode: see above.
        normalize, normalize_subtract_mean, normalize_std_threshold: divide by the stored standard deviations, with a
            floor relative to their mean; subtract the stored means.
    """

    _FIXED = ("start_time", "time_delta")
    _MODALITY = "sequence"
    interpolation_mode: str = "nearest_neighbor"
    keep_nans: bool = False
    normalize: bool = False
    normalize_subtract_mean: bool = False
    normalize_std_threshold: float | None = None

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
        self.keep_nans = keep_nans
        self.interpolation_mode = interpolation_mode
        self.normalize = normalize
        self.normalize_subtract_mean = normalize_subtract_mean
        self.normalize_std_threshold = normalize_std_threshold
        super().__init__(
            root_folder, cache_data, **{k: kwargs[k] for k in ("columns", "unit_ids") if k in kwargs}
        )

    def _options(self) -> dict:
        return {
            "keep_nans": bool(self.keep_nans),
            "normalize": bool(self.normalize),
            "normalize_subtract_mean": bool(self.normalize_subtract_mean),
            "normalize_std_threshold": self.normalize_std_threshold,
        }

    def _read_info(self) -> None:
        super()._read_info()
        self.n_signals = self._info["n_signals"]
        self.sampling_rate = self._info.get("sampling_rate")
        self.time_delta = 1.0 / self.sampling_rate if self.sampling_rate else None

    @property
    def _in_python(self) -> bool:
        return super()._in_python or (
            bool(self.normalize) and type(self).normalize_data is not SequenceInterpolator.normalize_data
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

    @_Derived
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

    def normalize_init(self) -> None:
        """Read ``mean``, ``std`` and ``_precision`` from meta/means.npy and meta/stds.npy."""
        folder = Path(self.root_folder) / "meta"
        self.mean = np.load(folder / "means.npy").reshape(-1)
        self.std = np.load(folder / "stds.npy").reshape(-1)
        std = self.std.astype(np.float64)
        if self.normalize_std_threshold is not None:
            floor = self.normalize_std_threshold * np.nanmean(std)
            std = np.where(std > floor, std, floor)
        self._precision = 1.0 / std

    def normalize_data(self, data: np.ndarray) -> np.ndarray:
        """Return samples less the mean where asked, times ``_precision``, in their floating type."""
        if "_precision" not in self.__dict__:
            self.normalize_init()
        dtype = data.dtype if data.dtype.kind == "f" else np.dtype(np.float32)
        data = data.astype(dtype)
        if self.normalize_subtract_mean:
            data = data - np.asarray(self.mean).astype(dtype)
        return data * np.asarray(self._precision).astype(dtype)

    def _interpolate(self, times: np.ndarray) -> tuple:
        mode = self._mode()
        if mode not in ("nearest_neighbor", "previous", "nearest", "linear"):
            raise NotImplementedError(
                f"interpolation_mode: found {mode!r}, expected nearest_neighbor, previous, nearest or linear"
            )
        data = self._data
        columns = np.arange(data.shape[1])
        t = times[:, None]
        if self.use_phase_shifts:
            t = t - np.asarray(self._phase_shifts, dtype=np.float64)[None, :]
        row = np.floor((t - self.start_time) / self.time_delta)
        # rounding may put the very first time a hair before the first row
        row = np.maximum(row, 0).astype(np.int64)
        last = len(data) - 1
        kept = (row + 1 <= last if mode == "linear" else row <= last).all(axis=1)
        row, t = row[kept], t[kept]
        below = self.start_time + row * self.time_delta
        if mode == "linear":
            above = self.start_time + (row + 1) * self.time_delta
            part = (above - t) / (above - below)
            rest = (t - below) / (above - below)
            values = part * data[row, columns] + rest * data[row + 1, columns]
            if not self.keep_nans and np.isnan(values).any():
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", RuntimeWarning)
                    values = np.where(np.isnan(values), np.nanmean(values, axis=0), values)
        else:
            if mode == "nearest":
                row = np.where((t - below > self.time_delta / 2) & (row < last), row + 1, row)
            values = np.asarray(data[row, columns])
        if self.normalize:
            values = self.normalize_data(values)
        return values, np.flatnonzero(kept)


class PhaseShiftedSequenceInterpolator(SequenceInterpolator):
    """A sequence whose signal j is read at ``t - shift[j]``, the shifts from meta/phase_shifts.npy in seconds."""

    @_Derived
    def _phase_shifts(self) -> np.ndarray:
        """The shifts in seconds."""
        return np.load(Path(self.root_folder) / "meta" / "phase_shifts.npy").reshape(-1)


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


class ScreenInterpolator(_NativeInterpolator):
    """The screen: frames of image, video, blank and invalid trials, float32 (times, H, W) or (times, H, W, 3).

    Args:
        root_folder: the device's folder.
        cache_data: keep every trial's frames in memory.
        rescale: resize frames to ``rescale_size`` as OpenCV's INTER_AREA does.
        rescale_size: (H, W); default: the first trial's image size.
        normalize: per pixel, with the stored statistics resized like the frames.
        use_stimuli_names: pixels lie in files named after the stimulus; meta.yml can say so too.
    """

    _MODALITY = "screen"
    rescale: bool = False
    rescale_size: Any = None
    normalize: bool = False
    use_stimuli_names: bool = False

    def __init__(
        self,
        root_folder: str | Path,
        cache_data: bool = False,
        rescale: bool = False,
        rescale_size: tuple[int, int] | None = None,
        normalize: bool = False,
        use_stimuli_names: bool = False,
        **kwargs: Any,
    ) -> None:
        self.rescale = rescale
        self.rescale_size = rescale_size
        self.normalize = normalize
        self.use_stimuli_names = use_stimuli_names
        super().__init__(root_folder, cache_data)

    def _options(self) -> dict:
        return {
            "rescale": bool(self.rescale),
            "rescale_size": None if self.rescale_size is None else [int(n) for n in self.rescale_size],
            "normalize": bool(self.normalize),
            # false is the default of the original's signature: it does not overrule the recording's meta.yml
            "use_stimuli_names": True if self.use_stimuli_names else None,
        }

    @property
    def _in_python(self) -> bool:
        return (
            super()._in_python
            or (bool(self.rescale) and type(self).rescale_frame is not ScreenInterpolator.rescale_frame)
            or (bool(self.normalize) and type(self).normalize_data is not ScreenInterpolator.normalize_data)
        )

    @_Derived
    def timestamps(self) -> np.ndarray:
        """Times of the displayed frames in seconds, float64."""
        return np.load(Path(self.root_folder) / "timestamps.npy")

    @_Derived
    def trials(self) -> list[ScreenTrial]:
        """The trials in listing order."""
        return [
            ScreenTrial.create(
                Path(trial["data_file"] or Path(self.root_folder) / "data" / f"{trial.get('key', i)}.npy"),
                trial["metadata"],
            )
            for i, trial in enumerate(_native.interpolator_trials(self._handle))
        ]

    @_Derived
    def _num_frames(self) -> list[int]:
        """Frames of each trial."""
        return [trial.num_frames for trial in self.trials]

    @_Derived
    def _first_frame_idx(self) -> list[int]:
        """Index of each trial's first frame."""
        return [trial.first_frame_idx for trial in self.trials]

    @_Derived
    def _data_file_idx(self) -> np.ndarray:
        """The trial of each frame."""
        return np.repeat(np.arange(len(self.trials)), self._num_frames)

    @_Derived
    def _image_size(self) -> tuple:
        """Size of the frames that come out."""
        if self.rescale_size is not None:
            return tuple(int(n) for n in self.rescale_size)
        return next(trial.image_size for trial in self.trials if trial.image_size is not None)

    def rescale_frame(self, frame: np.ndarray) -> np.ndarray:
        """Return a frame resized as OpenCV's INTER_AREA does it, float32; axes in the original's order, (W, H[, C])."""
        height, width = (int(n) for n in tuple(self._image_size)[:2])
        area = width <= frame.shape[0] and height <= frame.shape[1]
        out = np.tensordot(_weights(frame.shape[0], width, area), np.asarray(frame, dtype=np.float64), axes=(1, 0))
        out = np.tensordot(_weights(frame.shape[1], height, area), out, axes=(1, 1))
        return np.ascontiguousarray(out.swapaxes(0, 1), dtype=np.float32)

    def normalize_init(self) -> None:
        """Read ``mean`` and ``std``, one value a pixel, from meta/means.npy and meta/stds.npy, resized like the frames."""
        folder = Path(self.root_folder) / "meta"
        self.mean = self._resized(np.load(folder / "means.npy"))
        self.std = self._resized(np.load(folder / "stds.npy"))

    def normalize_data(self, data: np.ndarray) -> np.ndarray:
        """Return frames less ``mean``, divided by ``std``, float32."""
        if "std" not in self.__dict__:
            self.normalize_init()
        return (data - np.asarray(self.mean, dtype=np.float32)) / np.asarray(self.std, dtype=np.float32)

    def _resized(self, frame: np.ndarray) -> np.ndarray:
        if not self.rescale or frame.ndim < 2:
            return frame
        return self.rescale_frame(np.asarray(frame, dtype=np.float32).swapaxes(0, 1)).swapaxes(0, 1)

    def _interpolate(self, times: np.ndarray) -> tuple:
        if (np.diff(times) <= 0).any():
            raise _native.ArgumentError("Times must be sorted: they are not strictly increasing")
        index = np.searchsorted(self.timestamps, times + 1e-4) - 1
        owner = np.asarray(self._data_file_idx)
        if (index >= len(owner)).any():
            raise ValueError(f"frame {int(index.max())} asked for, the trials have {len(owner)}")
        stored = next((t.image_size for t in self.trials if t.image_size is not None), self._image_size)
        size = (*(int(n) for n in tuple(self._image_size)[:2]), *stored[2:])
        out = np.zeros((len(times), *size), dtype=np.float32)
        for trial in np.unique(owner[index]):
            data = self.trials[trial].get_data()
            if data.ndim == len(size):
                data = data[None]
            here = np.flatnonzero(owner[index] == trial)
            frames = data[index[here] - self._first_frame_idx[trial]]
            for i, frame in zip(here, frames):
                out[i] = self._resized(frame)
        return (self.normalize_data(out) if self.normalize else out), None


class TimeIntervalInterpolator(_NativeInterpolator):
    """Labelled intervals: bool (times, labels), true where ``start <= t < end`` for an interval of the label."""

    _MODALITY = "time_interval"

    def __init__(self, root_folder: str | Path, cache_data: bool = False, **kwargs: Any) -> None:
        super().__init__(root_folder, cache_data)

    @property
    def labels(self) -> list[str]:
        """The labels in the order of the columns."""
        own = self.__dict__.get("_own", {})
        return list(own.get("meta_labels") or own.get("labeled_intervals") or self.meta_labels)

    @_Derived
    def meta_labels(self) -> dict:
        """Label → file of its intervals, as meta.yml says."""
        return dict(self.load_meta()["labels"])

    @_Derived
    def labeled_intervals(self) -> dict:
        """Label → its intervals as stored, (n, 2)."""
        return {label: np.load(Path(self.root_folder) / str(file)) for label, file in self.meta_labels.items()}

    def _interpolate(self, times: np.ndarray) -> tuple:
        intervals = self.labeled_intervals
        names = self.labels
        out = np.zeros((len(times), len(names)), dtype=bool)
        for column, label in enumerate(names):
            rows = np.asarray(intervals[label], dtype=np.float64).reshape(-1, 2)
            if not len(rows):
                warnings.warn(f"found no intervals for label: {label}", UserWarning, stacklevel=3)
            for start, end in rows:
                if start > end:
                    warnings.warn(
                        f"Invalid interval found for label: {label}, interval: ({start}, {end})", UserWarning, stacklevel=3
                    )
                out[:, column] |= (times >= start) & (times < end)
        return out, None


_ALIGNMENTS = ("center", "left", "right")


class SpikeInterpolator(_NativeInterpolator):
    """Spike counts per unit in a window around each time, float64 (times, units).

    Window, alignment and smoothing may be set at any time.

    Args:
        root_folder: the device's folder.
        cache_data: read the spike times into memory.
        interpolation_window: seconds.
        interpolation_align: ``center``, ``left`` or ``right``.
        smoothing_sigma: Gaussian smoothing along time, in time steps; 0 for none.
    """

    _MODALITY = "spikes"
    interpolation_window: float = 0.3
    interpolation_align: str = "center"
    smoothing_sigma: float = 0.0

    def __init__(
        self,
        root_folder: str | Path,
        cache_data: bool = False,
        interpolation_window: float = 0.3,
        interpolation_align: str = "center",
        smoothing_sigma: float = 0.0,
        **kwargs: Any,
    ) -> None:
        self.interpolation_window = interpolation_window
        self.interpolation_align = interpolation_align
        self.smoothing_sigma = smoothing_sigma
        super().__init__(root_folder, cache_data)

    def _options(self) -> dict:
        if self.interpolation_align not in _ALIGNMENTS:
            raise ValueError(
                f"Unknown alignment mode: {self.interpolation_align}, should be 'center', 'left' or 'right'"
            )
        return {
            "interpolation_window": float(self.interpolation_window),
            "interpolation_align": self.interpolation_align,
            "smoothing_sigma": float(self.smoothing_sigma),
        }

    def _read_info(self) -> None:
        super()._read_info()
        self.n_signals = self._info["n_signals"]

    @property
    def is_mem_mapped(self) -> bool:
        """Whether the spike times lie in spikes.mem."""
        return bool(self.load_meta().get("is_mem_mapped", False))

    @property
    def dat_path(self) -> Path:
        """The file of the spike times."""
        return Path(self.root_folder) / ("spikes.mem" if self.is_mem_mapped else "spikes.npy")

    @_Derived
    def indices(self) -> np.ndarray:
        """Offsets of the units in :attr:`spikes`, one more than there are units."""
        return np.asarray(self.load_meta()["spike_indices"], dtype=np.int64)

    @_Derived
    def spikes(self) -> np.ndarray:
        """All spike times, flat: a read-only memmap of the file where it is mapped and not cached, else an array."""
        meta = self.load_meta()
        folder = Path(self.root_folder)
        mapped = bool(meta.get("is_mem_mapped", False))
        if mapped and (folder / "spikes.mem").exists():
            dtype = np.dtype(meta.get("dtype", "float64"))
            if (folder / "spikes.mem").stat().st_size < dtype.itemsize:
                spikes: np.ndarray = np.empty(0, dtype)
            else:
                spikes = np.memmap(folder / "spikes.mem", dtype=dtype, mode="r")
        else:
            spikes = np.load(folder / "spikes.npy", mmap_mode="r" if mapped else None)
        return np.array(spikes) if self.cache_data else spikes

    def _interpolate(self, times: np.ndarray) -> tuple:
        options = self._options()
        window = options["interpolation_window"]
        before, after = {"center": (window / 2, window / 2), "left": (0.0, window), "right": (window, 0.0)}[
            options["interpolation_align"]
        ]
        spikes, indices = np.asarray(self.spikes), np.asarray(self.indices)
        counts = np.zeros((len(times), len(indices) - 1))
        for unit in range(len(indices) - 1):
            own = spikes[indices[unit] : indices[unit + 1]]
            counts[:, unit] = np.searchsorted(own, times + after) - np.searchsorted(own, times - before)
        sigma = options["smoothing_sigma"]
        if sigma > 0 and len(times) > 1:
            radius = int(4 * sigma + 0.5)
            weights = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
            weights /= weights.sum()
            padded = np.pad(counts, ((radius, radius), (0, 0)), mode="symmetric")
            counts = sum(w * padded[i : i + len(times)] for i, w in enumerate(weights))
        return counts, None


class ScreenTrial:
    """One trial of a screen: metadata, and frames on demand.

    Args:
        data_file_name: the file of its frames.
        meta_data: its metadata.
        image_size: (H, W) or (H, W, 3).
        first_frame_idx: index of its first frame among the screen's timestamps.
        num_frames: number of its frames.
        cache_data: read the frames now and keep them.
    """

    def __init__(
        self,
        data_file_name: str | Path,
        meta_data: dict,
        image_size: tuple | None,
        first_frame_idx: int,
        num_frames: int,
        cache_data: bool = False,
    ) -> None:
        self.data_file_name = data_file_name
        self._meta_data = meta_data
        self.modality = meta_data.get("modality")
        self.image_size = image_size
        self.first_frame_idx = first_frame_idx
        self.num_frames = num_frames
        self._cached_data = self.get_data_() if cache_data else None

    @staticmethod
    def create(data_file_name: str | Path, meta_data: dict, cache_data: bool = False) -> ScreenTrial:
        """Make the trial that the metadata's ``modality`` (any letter case) asks for; ValueError for an unknown one."""
        modality = str(meta_data.get("modality")).lower()
        classes = {"image": ImageTrial, "video": VideoTrial, "blank": BlankTrial, "invalid": InvalidTrial}
        if modality not in classes:
            raise _native.ArgumentError(
                f"Unknown modality: {meta_data.get('modality')}, expected one of {', '.join(classes)}"
            )
        return classes[modality](data_file_name, meta_data, cache_data=cache_data)

    def get_data_(self) -> np.ndarray:
        return np.load(self.data_file_name)

    def get_data(self) -> np.ndarray:
        """Return the frames as stored."""
        return self._cached_data if self._cached_data is not None else self.get_data_()

    def get_meta(self, property: str) -> Any:
        """Return a metadata value, None where there is none."""
        return self._meta_data.get(property)


def _size(meta_data: dict) -> tuple | None:
    size = meta_data.get("image_size")
    return None if size is None else tuple(size)


class ImageTrial(ScreenTrial):
    """One image, shown for one entry of the timestamps."""

    def __init__(self, data_file_name: str | Path, meta_data: dict, cache_data: bool = False) -> None:
        super().__init__(data_file_name, meta_data, _size(meta_data), meta_data.get("first_frame_idx"), 1, cache_data)


class VideoTrial(ScreenTrial):
    """A video of ``num_frames`` frames."""

    def __init__(self, data_file_name: str | Path, meta_data: dict, cache_data: bool = False) -> None:
        super().__init__(
            data_file_name,
            meta_data,
            _size(meta_data),
            meta_data.get("first_frame_idx"),
            meta_data.get("num_frames"),
            cache_data,
        )


class BlankTrial(ScreenTrial):
    """A frame filled with ``interleave_value``; there is no file. Without a value it is NaN."""

    def __init__(self, data_file_name: str | Path, meta_data: dict, cache_data: bool = False) -> None:
        value = meta_data.get("interleave_value")
        self.interleave_value = value
        super().__init__(data_file_name, meta_data, _size(meta_data), meta_data.get("first_frame_idx"), 1, cache_data)

    def get_data_(self) -> np.ndarray:
        value = np.nan if self.interleave_value is None else self.interleave_value
        return np.full((1, *(self.image_size or ())), value, dtype=np.float32)


class InvalidTrial(ScreenTrial):
    """A trial that is not meant to be used: one frame, filled as a blank's, but no BlankTrial."""

    def __init__(self, data_file_name: str | Path, meta_data: dict, cache_data: bool = False) -> None:
        self.interleave_value = meta_data.get("interleave_value")
        super().__init__(data_file_name, meta_data, _size(meta_data), meta_data.get("first_frame_idx"), 1, cache_data)

    get_data_ = BlankTrial.get_data_
