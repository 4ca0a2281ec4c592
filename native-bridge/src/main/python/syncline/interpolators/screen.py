# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Screens: the frames of trials."""

from __future__ import annotations

import weakref
from pathlib import Path
from typing import Any

import numpy as np

from .._native import functions as native
from .base import CLASSES, check_keys
from ._opened import Derived, NativeInterpolator
from .trials import ScreenTrial


class ScreenInterpolator(NativeInterpolator):
    """The screen: frames of image, video, blank and invalid trials, float32 (times, H, W) or (times, H, W, 3).

    Parameters
    ----------
    root_folder
        the device's folder.
    cache_data
        keep every trial's frames in memory.
    rescale
        resize frames to ``rescale_size`` as OpenCV's INTER_AREA does.
    rescale_size
        (H, W); default: the first trial's image size.
    normalize
        per pixel, with the stored statistics resized like the frames.
    use_stimuli_names
        pixels lie in files named after the stimulus; meta.yml can say so too.
    **kwargs
        a modality's configuration; what other parts read is ignored.
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
        check_keys(root_folder, kwargs)
        self.rescale = rescale
        self.rescale_size = rescale_size
        self.normalize = normalize
        self.use_stimuli_names = use_stimuli_names
        super().__init__(root_folder, cache_data)

    def _options(self) -> dict[str, Any]:
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
            or (
                bool(self.normalize)
                and (
                    type(self).normalize_data is not ScreenInterpolator.normalize_data
                    or type(self).normalize_init is not ScreenInterpolator.normalize_init
                )
            )
        )

    @Derived
    def timestamps(self) -> np.ndarray:
        """Times of the displayed frames in seconds, float64."""
        return np.load(Path(self.root_folder) / "timestamps.npy")

    @Derived
    def trials(self) -> list[ScreenTrial]:
        """The trials in listing order."""
        trials = [
            ScreenTrial.create(
                Path(trial["data_file"] or Path(self.root_folder) / "data" / f"{trial.get('key', i)}.npy"),
                trial["metadata"],
            )
            for i, trial in enumerate(native.interpolator_trials(self._handle))
        ]
        reference = weakref.ref(self)
        for trial in trials:
            trial._screen = reference
        return trials

    @Derived
    def _num_frames(self) -> list[int]:
        """Frames of each trial."""
        return [trial.num_frames for trial in self.trials]

    @Derived
    def _first_frame_idx(self) -> list[int]:
        """Index of each trial's first frame."""
        return [trial.first_frame_idx for trial in self.trials]

    @Derived
    def _data_file_idx(self) -> np.ndarray:
        """The trial of each frame."""
        return np.repeat(np.arange(len(self.trials)), self._num_frames)

    @Derived
    def _image_size(self) -> tuple[Any, ...]:
        """Size of the frames that come out."""
        if self.rescale_size is not None:
            return tuple(int(n) for n in self.rescale_size)
        return next(trial.image_size for trial in self.trials if trial.image_size is not None)

    def rescale_frame(self, frame: np.ndarray) -> np.ndarray:
        """Return a frame resized as OpenCV's INTER_AREA does it, float32; axes in the original's order, (W, H[, C]).

        Parameters
        ----------
        frame
            (H, W) or (H, W, C), of any numbers.
        """
        from .._numpy.screens import resize

        height, width = (int(n) for n in tuple(self._image_size)[:2])
        return resize(frame, width, height)

    @Derived
    def mean(self) -> np.ndarray:
        """What ``normalize`` subtracts: meta/means.npy, resized like the frames."""
        return self._resized(np.load(Path(self.root_folder) / "meta" / "means.npy"))

    @Derived
    def std(self) -> np.ndarray:
        """What ``normalize`` divides by: meta/stds.npy, resized like the frames."""
        return self._resized(np.load(Path(self.root_folder) / "meta" / "stds.npy"))

    def normalize_init(self) -> None:
        """Read ``mean`` and ``std``, one value a pixel, from meta/means.npy and meta/stds.npy, resized like the frames; a class of the program's
        own may set others.
        """
        del self.mean, self.std

    def normalize_data(self, data: np.ndarray) -> np.ndarray:
        """Return frames less ``mean``, divided by ``std``, float32.

        Parameters
        ----------
        data
            frames, (times, H, W) or (times, H, W, C).
        """
        self._begin_normalizing(ScreenInterpolator.normalize_init)
        return (data - np.asarray(self.mean, dtype=np.float32)) / np.asarray(self.std, dtype=np.float32)

    def _resized(self, frame: np.ndarray) -> np.ndarray:
        if not self.rescale or frame.ndim < 2:
            return frame
        return self.rescale_frame(np.asarray(frame, dtype=np.float32).swapaxes(0, 1)).swapaxes(0, 1)

    def _interpolate(self, times: np.ndarray) -> tuple[Any, ...]:
        from .._numpy.screens import interpolate

        stored = next((t.image_size for t in self.trials if t.image_size is not None), self._image_size)
        size = (*(int(n) for n in tuple(self._image_size)[:2]), *stored[2:])
        owner = np.asarray(self._data_file_idx)
        out = interpolate(times, self.timestamps, owner, self.trials, self._first_frame_idx, size, self._resized)
        return (self.normalize_data(out) if self.normalize else out), None


CLASSES["screen"] = lambda meta: ScreenInterpolator
