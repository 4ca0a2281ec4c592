# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Trials of a screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from .._arguments import shortened
from .._config import same
from .._native import functions as native
from .._native.warnings import warn
from .._shown import count, one_line
from ..errors import ArgumentError


#: what a trial of an open screen shows, and the screen does not look at again
_SHOWN = frozenset(("data_file_name", "modality", "image_size", "first_frame_idx", "num_frames", "interleave_value"))


class ScreenTrial:
    """One trial of a screen: metadata, and frames on demand.

    Parameters
    ----------
    data_file_name
        the file of its frames.
    meta_data
        its metadata.
    image_size
        (H, W) or (H, W, 3).
    first_frame_idx
        index of its first frame among the screen's timestamps.
    num_frames
        number of its frames.
    cache_data
        read the frames now and keep them.
    """

    def __init__(
        self,
        data_file_name: str | Path,
        meta_data: dict[str, Any],
        image_size: tuple[Any, ...] | None,
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

    #: a weak reference to the screen that shows it, which reads the frames itself
    _screen: Any = None

    def __setattr__(self, name: str, value: Any) -> None:
        if self._screen is not None and name in _SHOWN and self._is_only_shown() and not same(value, self.__dict__.get(name)):
            warn(
                f"{self.data_file_name}: found an assignment of {shortened(value)} to {name} of a trial of a screen that is open, which changes nothing "
                "in its frames: set the screen's trials to a list with another trial"
            )
        super().__setattr__(name, value)

    def _is_only_shown(self) -> bool:
        screen = self._screen()
        return screen is not None and not screen._in_python

    def __getstate__(self) -> dict[str, Any]:
        # a copy is shown by no screen
        return {name: value for name, value in self.__dict__.items() if name != "_screen"}

    @one_line
    def __repr__(self) -> Iterator[str]:
        yield repr(str(self.data_file_name))
        yield count(self.num_frames, "frame")
        if self.image_size is not None:
            yield f"size {self.image_size}"

    @staticmethod
    def create(data_file_name: str | Path, meta_data: dict[str, Any], cache_data: bool = False) -> ScreenTrial:
        """Make the trial that the metadata's ``modality`` (any letter case) asks for; ValueError for an unknown one.

        Parameters
        ----------
        data_file_name
            the trial's pixels.
        meta_data
            the trial's metadata.
        cache_data
            read the pixels into memory at once.
        """
        modality = str(meta_data.get("modality")).lower()
        classes = {
            "image": ImageTrial,
            "video": VideoTrial,
            "blank": BlankTrial,
            "invalid": InvalidTrial,
            "encoded_image": ImageTrial,
            "encoded_video": VideoTrial,
        }
        if modality not in classes:
            raise ArgumentError(
                f"Unknown modality: {meta_data.get('modality')}, expected one of {', '.join(classes)}"
            )
        return classes[modality](data_file_name, meta_data, cache_data=cache_data)

    def get_data_(self) -> np.ndarray:
        """Read the frames, or make them where there is no file; :meth:`get_data` keeps them where asked."""
        file = Path(self.data_file_name)
        return np.load(file) if file.suffix == ".npy" else self._decoded(file)

    def _decoded(self, file: Path) -> np.ndarray:
        """Frames of an encoded file, uint8: those that the screen shows at the trial's own times."""
        if self.image_size is None:
            raise ArgumentError(f"{file}: the trial has no image_size, which encoded files need")
        folder = next((parent.parent for parent in file.parents if parent.name == "data"), None)
        if folder is None:
            raise ArgumentError(f"{file} lies in no folder named data, expected one of a screen's files")
        times = np.load(folder / "timestamps.npy")[self.first_frame_idx :][: self.num_frames]
        options = {"rescale": True, "rescale_size": [int(n) for n in self.image_size[:2]]}
        screen = native.interpolator_open(folder, options)
        try:
            values, _ = native.interpolator_interpolate(screen, times)
            frames = values.numpy().astype(np.uint8)
        finally:
            screen.close()
        return frames[0] if isinstance(self, ImageTrial) else frames

    def get_data(self) -> np.ndarray:
        """Return the frames as stored."""
        return self._cached_data if self._cached_data is not None else self.get_data_()

    def get_meta(self, property: str) -> Any:
        """Return a metadata value, None where there is none.

        Parameters
        ----------
        property
            a key of the metadata.
        """
        return self._meta_data.get(property)


def _size(meta_data: dict[str, Any]) -> tuple[Any, ...] | None:
    size = meta_data.get("image_size")
    return None if size is None else tuple(size)


class ImageTrial(ScreenTrial):
    """One image, shown for one entry of the timestamps.

    Parameters
    ----------
    data_file_name
        the trial's pixels.
    meta_data
        the trial's metadata.
    cache_data
        read the pixels into memory at once.
    """

    def __init__(self, data_file_name: str | Path, meta_data: dict[str, Any], cache_data: bool = False) -> None:
        super().__init__(data_file_name, meta_data, _size(meta_data), meta_data.get("first_frame_idx"), 1, cache_data)


class VideoTrial(ScreenTrial):
    """A video of ``num_frames`` frames.

    Parameters
    ----------
    data_file_name
        the trial's pixels.
    meta_data
        the trial's metadata.
    cache_data
        read the pixels into memory at once.
    """

    def __init__(self, data_file_name: str | Path, meta_data: dict[str, Any], cache_data: bool = False) -> None:
        super().__init__(
            data_file_name,
            meta_data,
            _size(meta_data),
            meta_data.get("first_frame_idx"),
            meta_data.get("num_frames"),
            cache_data,
        )


class BlankTrial(ScreenTrial):
    """A frame filled with ``interleave_value``; there is no file. Without a value it is NaN.

    Parameters
    ----------
    data_file_name
        the trial's pixels (of no such trial there is a file).
    meta_data
        the trial's metadata.
    cache_data
        read the pixels into memory at once.
    """

    def __init__(self, data_file_name: str | Path, meta_data: dict[str, Any], cache_data: bool = False) -> None:
        value = meta_data.get("interleave_value")
        self.interleave_value = value
        super().__init__(data_file_name, meta_data, _size(meta_data), meta_data.get("first_frame_idx"), 1, cache_data)

    def get_data_(self) -> np.ndarray:
        value = np.nan if self.interleave_value is None else self.interleave_value
        return np.full((1, *(self.image_size or ())), value, dtype=np.float32)


class InvalidTrial(ScreenTrial):
    """A trial that is not meant to be used: one frame, filled as a blank's, but no BlankTrial.

    Parameters
    ----------
    data_file_name
        the trial's pixels (of no such trial there is a file).
    meta_data
        the trial's metadata.
    cache_data
        read the pixels into memory at once.
    """

    def __init__(self, data_file_name: str | Path, meta_data: dict[str, Any], cache_data: bool = False) -> None:
        self.interleave_value = meta_data.get("interleave_value")
        super().__init__(data_file_name, meta_data, _size(meta_data), meta_data.get("first_frame_idx"), 1, cache_data)

    get_data_ = BlankTrial.get_data_
