# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Labelled intervals."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import Any

import numpy as np

from ..errors import RecordingError
from .base import CLASSES, check_keys
from ._opened import Derived, NativeInterpolator


class TimeIntervalInterpolator(NativeInterpolator):
    """Labelled intervals: bool (times, labels), true where ``start <= t < end`` for an interval of the label.

    Parameters
    ----------
    root_folder
        the device's folder.
    cache_data
        no matter: intervals are in memory.
    **kwargs
        a modality's configuration; what other parts read is ignored.
    """

    _MODALITY = "time_interval"

    def __init__(self, root_folder: str | Path, cache_data: bool = False, **kwargs: Any) -> None:
        check_keys(root_folder, kwargs)
        super().__init__(root_folder, cache_data)

    @property
    def labels(self) -> list[str]:
        """The labels in the order of the columns."""
        own = self.__dict__.get("_own", {})
        return list(own.get("meta_labels") or own.get("labeled_intervals") or self.meta_labels)

    @Derived
    def meta_labels(self) -> dict[str, Any]:
        """Label → file of its intervals, as meta.yml says."""
        labels = dict(self.load_meta()["labels"])
        for label, file in labels.items():
            name = PurePath(str(file))
            if name.is_absolute() or ".." in name.parts or "\0" in str(file):
                raise RecordingError(
                    f"{Path(self.root_folder) / 'meta.yml'}: labels.{label}: found {str(file)!r}, expected the name of a file "
                    "inside the device's folder"
                )
        return labels

    @Derived
    def labeled_intervals(self) -> dict[str, Any]:
        """Label → its intervals as stored, (n, 2)."""
        return {label: np.load(Path(self.root_folder) / str(file)) for label, file in self.meta_labels.items()}

    def _interpolate(self, times: np.ndarray) -> tuple[Any, ...]:
        from .._numpy.intervals import interpolate

        return interpolate(times, self.labels, self.labeled_intervals), None


CLASSES["time_interval"] = lambda meta: TimeIntervalInterpolator
