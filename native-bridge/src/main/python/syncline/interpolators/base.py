# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""The base of all interpolators, and the classes of the modalities."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from .._arguments import warn_of_unknown_keys
from .._facts import DEFAULTS, MODALITY_KEYS
from .._native import functions as native
from .._shown import one_line
from .._targets import accepts, instantiate, locate, target_of
from ..intervals import TimeInterval

#: Keys of a device's configuration that choose columns; a device of columns takes them, too.
SELECTION = ("columns", "unit_ids", "select")

#: Modality of meta.yml → what gives the class that opens such a folder for the content of its meta.yml; None: all others.
CLASSES: dict[str | None, Callable[[Mapping], type]] = {}


def check_keys(root_folder: str | Path, kwargs: Mapping[str, Any]) -> None:
    """Warn of each argument that no part of a modality's configuration reads."""
    warn_of_unknown_keys(str(root_folder), kwargs, (*DEFAULTS["interpolation"], *MODALITY_KEYS))


class Interpolator:
    """Base of all interpolators.

    A subclass sets ``start_time``, ``end_time`` and ``valid_interval`` (a TimeInterval or a plain pair) and defines
    ``interpolate(times, return_valid=False)``; it need not call this constructor.

    Parameters
    ----------
    root_folder
        the device's folder.
    """

    start_time: Any = None
    end_time: Any = None
    valid_interval: Any = None

    def __init__(self, root_folder: str | Path) -> None:
        self.root_folder = native.expanded(root_folder)

    @one_line
    def __repr__(self) -> Iterator[str]:
        yield repr(str(self.root_folder))
        yield f"{self.start_time} to {self.end_time} s"

    @staticmethod
    def create(root_folder: str | Path, cache_data: bool = False, **kwargs: Any) -> Interpolator:
        """Open a device's folder with the class that its meta.yml asks for, or with ``_target_``.

        Keys meant for other parts of a modality's configuration (``sampling_rate``, ``offset``, ...) are ignored; one that
        no part knows is a UserWarning with the nearest known one.

        Parameters
        ----------
        root_folder
            the device's folder.
        cache_data
            read everything into memory once.
        **kwargs
            a modality's configuration: arguments of the class that is found.

        Raises
        ------
        FileNotFoundError
            no such folder or no meta.yml.
        ValueError
            an unknown modality, or files that contradict each other.
        """
        target = target_of(kwargs)
        if target is not None:
            cls = locate(target)
            options = {"cache_data": cache_data} if accepts(cls, "cache_data") else {}
            if accepts(cls, "root_folder"):
                return instantiate(kwargs, root_folder=root_folder, **options)
            return instantiate(kwargs, root_folder, **options)
        folder = native.expanded(root_folder)
        meta = native.document_read(folder / "meta.yml")
        modality = meta.get("modality") if isinstance(meta, Mapping) else None
        return CLASSES.get(modality, CLASSES[None])(meta)(root_folder, cache_data=cache_data, **kwargs)

    def load_meta(self) -> dict[str, Any]:
        """Return the content of meta.yml."""
        return native.document_read(Path(self.root_folder) / "meta.yml")

    def interpolate(self, times: Any, return_valid: bool = False) -> Any:
        """Return the values at the valid ones of the times; with ``return_valid`` also their integer indices.

        Parameters
        ----------
        times
            seconds, an array or a list, in any order.
        return_valid
            whether the indices are wanted, too: a pair (values, indices).
        """
        raise NotImplementedError(f"{type(self).__name__} does not define interpolate")

    def valid_times(self, times: Any) -> np.ndarray:
        """Return the integer indices of the times inside the valid interval; NaN is never valid.

        Parameters
        ----------
        times
            seconds, an array or a list.
        """
        return TimeInterval(*self.valid_interval).intersect(np.atleast_1d(np.asarray(times, dtype=np.float64)))

    def __contains__(self, times: Any) -> bool:
        return self.valid_times(times).size > 0

    def close(self) -> None:
        """Release files and memory; any number of times."""

    def __enter__(self) -> Interpolator:
        return self

    def __exit__(self, *exc: Any) -> None:
        self.close()
