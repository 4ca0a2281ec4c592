# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Interpolators: the values of one device at any time. Subclass :class:`Interpolator` for a kind of your own."""

from __future__ import annotations

import importlib
import inspect
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from . import _native
from ._config import plain, target_of
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

    def __init__(self, root_folder: "str | Path") -> None:
        self.root_folder = Path(root_folder)

    @staticmethod
    def create(root_folder: "str | Path", cache_data: bool = False, **kwargs: Any) -> "Interpolator":
        """Open a device's folder with the class that its meta.yml asks for, or with ``_target_``.

        Keys meant for other parts of a modality's configuration (``sampling_rate``, ``offset``, ...) are ignored.

        Raises:
            FileNotFoundError: no such folder or no meta.yml.
            ValueError: an unknown modality, or files that contradict each other.
        """
        target = target_of(kwargs)
        if target is not None:
            options = {k: v for k, v in kwargs.items() if k not in ("_target_", "__target__", "__partial__", "_partial_")}
            cls = locate(target)
            if not (isinstance(cls, type) and issubclass(cls, _NativeInterpolator)):
                accepted = inspect.signature(cls).parameters
                if "cache_data" in accepted or any(p.kind is p.VAR_KEYWORD for p in accepted.values()):
                    options["cache_data"] = cache_data
                return cls(root_folder, **options)
            return cls(root_folder, cache_data=cache_data, **options)
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
                f"{folder / 'meta.yml'}: modality: found {modality!r}, expected one of {', '.join(sorted(classes))}"
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

    def __enter__(self) -> "Interpolator":
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


class _NativeInterpolator(Interpolator):
    """An interpolator that Java opens; pickled by what it was opened with."""

    _OPTIONS: tuple[str, ...] = ()

    def __init__(self, root_folder: "str | Path", cache_data: bool = False, **options: Any) -> None:
        super().__init__(root_folder)
        self.cache_data = bool(cache_data)
        self._options = options
        self._open()

    def _open(self) -> None:
        options = {k: v for k, v in plain(self._options).items() if v is not None}
        options["cache_data"] = self.cache_data
        with as_user_warnings():
            self._handle = _native.interpolator_open(self.root_folder, options)
            info = _native.interpolator_info(self._handle)
        self._info = info
        self.start_time = info["start_time"]
        self.end_time = info["end_time"]
        interval = info.get("valid_interval")
        self.valid_interval = TimeInterval(*interval) if interval is not None else None

    def _mode(self) -> "str | None":
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
        with as_user_warnings(": none of "):
            values, valid = _native.interpolator_interpolate(self._handle, times, self._mode())
        if valid.shape[0] == 0:
            warnings.warn(_EMPTY, UserWarning, stacklevel=2)
        return (values.numpy(), valid.numpy()) if return_valid else values.numpy()

    def close(self) -> None:
        handle = self.__dict__.get("_handle")
        if handle is not None:
            handle.close()

    def __getstate__(self) -> dict:
        state = dict(self.__dict__)
        state.pop("_handle", None)
        state.pop("_info", None)
        return state

    def __setstate__(self, state: dict) -> None:
        self.__dict__.update(state)
        kept = dict(state)
        self._open()
        self.__dict__.update(kept)


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

    def __init__(
        self,
        root_folder: "str | Path",
        cache_data: bool = False,
        keep_nans: bool = False,
        interpolation_mode: str = "nearest_neighbor",
        normalize: bool = False,
        normalize_subtract_mean: bool = False,
        normalize_std_threshold: "float | None" = None,
        **kwargs: Any,
    ) -> None:
        self.keep_nans = keep_nans
        self.interpolation_mode = interpolation_mode
        self.normalize = normalize
        self.normalize_subtract_mean = normalize_subtract_mean
        self.normalize_std_threshold = normalize_std_threshold
        super().__init__(
            root_folder,
            cache_data,
            keep_nans=keep_nans,
            normalize=normalize,
            normalize_subtract_mean=normalize_subtract_mean,
            normalize_std_threshold=normalize_std_threshold,
            **{k: kwargs[k] for k in ("columns", "unit_ids") if k in kwargs},
        )

    def _open(self) -> None:
        super()._open()
        self.n_signals = self._info["n_signals"]
        self.sampling_rate = self._info.get("sampling_rate")
        self.time_delta = 1.0 / self.sampling_rate if self.sampling_rate else None
        self.use_phase_shifts = isinstance(self, PhaseShiftedSequenceInterpolator)

    def _mode(self) -> str:
        return str(self.interpolation_mode)

    @property
    def _data(self) -> np.ndarray:
        """The stored samples (n_timestamps, n_signals): a read-only map of the file."""
        npy = Path(self.root_folder) / "data.npy"
        meta = self.load_meta()
        if not meta.get("is_mem_mapped", False) and npy.exists():
            data = np.load(npy, mmap_mode="r")
            return data.reshape(-1, 1) if data.ndim == 1 else data
        shape = (int(meta["n_timestamps"]), int(meta["n_signals"]))
        if 0 in shape:
            return np.empty(shape, dtype=meta["dtype"])
        return np.memmap(Path(self.root_folder) / "data.mem", dtype=meta["dtype"], mode="r", shape=shape)


class PhaseShiftedSequenceInterpolator(SequenceInterpolator):
    """A sequence whose signal j is read at ``t - shift[j]``, the shifts from meta/phase_shifts.npy in seconds."""

    @property
    def _phase_shifts(self) -> np.ndarray:
        return np.load(Path(self.root_folder) / "meta" / "phase_shifts.npy").reshape(-1)


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

    def __init__(
        self,
        root_folder: "str | Path",
        cache_data: bool = False,
        rescale: bool = False,
        rescale_size: "tuple[int, int] | None" = None,
        normalize: bool = False,
        use_stimuli_names: bool = False,
        **kwargs: Any,
    ) -> None:
        self.rescale = rescale
        self.rescale_size = rescale_size
        self.normalize = normalize
        self.use_stimuli_names = use_stimuli_names
        super().__init__(
            root_folder,
            cache_data,
            rescale=rescale,
            rescale_size=None if rescale_size is None else [int(n) for n in rescale_size],
            normalize=normalize,
            # false is the default of the original's signature: it does not overrule the recording's meta.yml
            use_stimuli_names=True if use_stimuli_names else None,
        )

    @property
    def timestamps(self) -> np.ndarray:
        """Times of the displayed frames in seconds, float64."""
        return np.load(Path(self.root_folder) / "timestamps.npy")

    @property
    def trials(self) -> "list[ScreenTrial]":
        """The trials in listing order."""
        if "_trials" not in self.__dict__:
            self._trials = [
                ScreenTrial.create(
                    trial["data_file"]
                    or Path(self.root_folder) / "data" / f"{trial.get('key', i)}.npy",
                    trial["metadata"],
                )
                for i, trial in enumerate(_native.interpolator_trials(self._handle))
            ]
        return self._trials

    def __getstate__(self) -> dict:
        state = super().__getstate__()
        state.pop("_trials", None)
        return state


class TimeIntervalInterpolator(_NativeInterpolator):
    """Labelled intervals: bool (times, labels), true where ``start <= t < end`` for an interval of the label."""

    def __init__(self, root_folder: "str | Path", cache_data: bool = False, **kwargs: Any) -> None:
        super().__init__(root_folder, cache_data)

    @property
    def labels(self) -> list[str]:
        """The labels in the order of the columns."""
        return list(self._info["labels"])


class SpikeInterpolator(_NativeInterpolator):
    """Spike counts per unit in a window around each time, float64 (times, units).

    Args:
        root_folder: the device's folder.
        cache_data: read the spike times into memory.
        interpolation_window: seconds.
        interpolation_align: ``center``, ``left`` or ``right``.
        smoothing_sigma: Gaussian smoothing along time, in time steps; 0 for none.
    """

    def __init__(
        self,
        root_folder: "str | Path",
        cache_data: bool = False,
        interpolation_window: float = 0.3,
        interpolation_align: str = "center",
        smoothing_sigma: float = 0.0,
        **kwargs: Any,
    ) -> None:
        if interpolation_align not in ("center", "left", "right"):
            raise ValueError(
                f"Unknown alignment mode: {interpolation_align}, should be 'center', 'left' or 'right'"
            )
        self.interpolation_window = interpolation_window
        self.interpolation_align = interpolation_align
        self.smoothing_sigma = smoothing_sigma
        super().__init__(
            root_folder,
            cache_data,
            interpolation_window=float(interpolation_window),
            interpolation_align=interpolation_align,
            smoothing_sigma=float(smoothing_sigma),
        )

    def _open(self) -> None:
        super()._open()
        self.n_signals = self._info["n_signals"]

    @property
    def indices(self) -> np.ndarray:
        """Offsets of the units in :attr:`spikes`, one more than there are units."""
        return np.asarray(self.load_meta()["spike_indices"], dtype=np.int64)

    @property
    def spikes(self) -> np.ndarray:
        """All spike times, flat: a read-only memmap of the file where it is mapped and not cached, else an array."""
        if "_spikes" not in self.__dict__:
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
            self._spikes = np.array(spikes) if self.cache_data else spikes
        return self._spikes

    def __getstate__(self) -> dict:
        state = super().__getstate__()
        state.pop("_spikes", None)
        return state


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
        data_file_name: "str | Path",
        meta_data: dict,
        image_size: "tuple | None",
        first_frame_idx: int,
        num_frames: int,
        cache_data: bool = False,
    ) -> None:
        self.data_file_name = Path(data_file_name)
        self._meta_data = meta_data
        self.modality = meta_data.get("modality")
        self.image_size = image_size
        self.first_frame_idx = first_frame_idx
        self.num_frames = num_frames
        self._cached_data = self.get_data_() if cache_data else None

    @staticmethod
    def create(data_file_name: "str | Path", meta_data: dict, cache_data: bool = False) -> "ScreenTrial":
        """Make the trial that the metadata's ``modality`` (any letter case) asks for; ValueError for an unknown one."""
        modality = str(meta_data.get("modality")).lower()
        classes = {"image": ImageTrial, "video": VideoTrial, "blank": BlankTrial, "invalid": InvalidTrial}
        if modality not in classes:
            raise ValueError(f"Unknown modality: {meta_data.get('modality')}, expected one of {', '.join(classes)}")
        return classes[modality](data_file_name, meta_data, cache_data=cache_data)

    def get_data_(self) -> np.ndarray:
        return np.load(self.data_file_name)

    def get_data(self) -> np.ndarray:
        """Return the frames as stored."""
        return self._cached_data if self._cached_data is not None else self.get_data_()

    def get_meta(self, property: str) -> Any:
        """Return a metadata value, None where there is none."""
        return self._meta_data.get(property)


def _size(meta_data: dict) -> "tuple | None":
    size = meta_data.get("image_size")
    return None if size is None else tuple(size)


class ImageTrial(ScreenTrial):
    """One image, shown for one entry of the timestamps."""

    def __init__(self, data_file_name: "str | Path", meta_data: dict, cache_data: bool = False) -> None:
        super().__init__(data_file_name, meta_data, _size(meta_data), meta_data.get("first_frame_idx"), 1, cache_data)


class VideoTrial(ScreenTrial):
    """A video of ``num_frames`` frames."""

    def __init__(self, data_file_name: "str | Path", meta_data: dict, cache_data: bool = False) -> None:
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

    def __init__(self, data_file_name: "str | Path", meta_data: dict, cache_data: bool = False) -> None:
        value = meta_data.get("interleave_value")
        self.interleave_value = value
        super().__init__(data_file_name, meta_data, _size(meta_data), meta_data.get("first_frame_idx"), 1, cache_data)

    def get_data_(self) -> np.ndarray:
        value = np.nan if self.interleave_value is None else self.interleave_value
        return np.full((1, *(self.image_size or ())), value, dtype=np.float32)


class InvalidTrial(BlankTrial):
    """Like a blank, but not meant to be used."""
