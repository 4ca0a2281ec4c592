# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""What of a dataset's configuration Java does, and what Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ._native.functions import document_read, is_registered
from ._targets import is_target, made, target_of
from .errors import SynclineError
from .filters import common_filters
from .interpolators import Interpolator


def needs_python(config: Mapping[str, Any]) -> bool:
    """Whether opening a dataset of a map device → configuration may call code of the program's own."""
    for entry in config.values():
        if not isinstance(entry, Mapping):
            continue
        interpolation = entry.get("interpolation")
        if is_target(interpolation) or not (interpolation is None or isinstance(interpolation, Mapping)):
            return True
        for key, kind in (("filters", "filter"), ("transforms", "transform")):
            values = entry.get(key)
            for value in values.values() if isinstance(values, Mapping) else [values]:
                if callable(value) or (is_target(value) and not is_registered(kind, target_of(value))):
                    return True
    return False


def _in_python(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a filter's map with the module of the function that does in Python what Java's filter of that name does."""
    name = str(target_of(value)).rpartition(".")[2]
    if name not in common_filters.__all__:
        return value
    others = {key: v for key, v in value.items() if key != "__target__"}
    return {**others, "_target_": f"syncline.filters.common_filters.{name}"}


def _is_screen(folder: Path) -> bool:
    # a screen may have any name; what is wrong with meta.yml is said where the device is opened
    if folder.name == "screen" or not (folder / "meta.yml").is_file():
        return folder.name == "screen"
    try:
        meta = document_read(folder / "meta.yml")
    except (SynclineError, OSError):
        return False
    return isinstance(meta, Mapping) and meta.get("modality") == "screen"


class Parts:
    """The parts of a map device → configuration.

    Parameters
    ----------
    config
        the map, plain but for the objects in it.
    root_folder
        the recording, from which devices with a class of their own are opened.
    cache_data
        of those.

    Raises
    ------
    ValueError
        an ``interpolation`` that is neither a map nor an interpolator.
    """

    def __init__(self, config: Mapping[str, Any], root_folder: Path, cache_data: bool) -> None:
        #: what Java is told
        self.native: dict[str, Any] = {}
        #: devices whose values are made in Python
        self.devices: dict[str, Any] = {}
        #: the element type that each of them gave first, and None once another is said
        self.given: dict[str, Any] = {}
        #: devices, keys of filters, and the filters to be called for them
        self.filters: list[tuple[str, str, Callable]] = []
        #: devices of frames, whose entries are (C, T, H, W), among those that have transforms
        self.screens: set[str] = {"screen"}
        #: transforms of devices that have some that only Python can apply
        self.steps: dict[str, list] = {}
        for name, entry in config.items():
            entry = dict(entry) if isinstance(entry, Mapping) else entry
            self.native[name] = entry
            if not isinstance(entry, dict):
                continue
            interpolation = entry.get("interpolation")
            if interpolation is not None and not isinstance(interpolation, Mapping):
                if not hasattr(interpolation, "interpolate"):
                    raise ValueError(f"{name}.interpolation: found {interpolation!r}, expected a map or an interpolator")
                self.devices[name] = interpolation
                entry["interpolation"] = {}
            elif is_target(interpolation):
                if (root_folder / name).is_dir():
                    options = {k: v for k, v in interpolation.items() if k != "__target__"}
                    options["_target_"] = target_of(interpolation)
                    self.devices[name] = Interpolator.create(
                        root_folder / name, cache_data=cache_data, **options
                    )
                entry["interpolation"] = {}
        for name, entry in self.native.items():
            if isinstance(entry, dict):
                self._split_filters(name, entry)
                if entry.get("transforms") and name not in self.devices and _is_screen(root_folder / name):
                    self.screens.add(name)
                self._split_transforms(name, entry)

    def _split_filters(self, name: str, entry: dict[str, Any]) -> None:
        filters = entry.get("filters")
        if filters is None:
            return
        if not isinstance(filters, Mapping):
            filters = {f"filter_{i}": f for i, f in enumerate(filters if isinstance(filters, list) else [filters])}
        native: dict[str, Any] = {}
        for key, value in filters.items():
            if value is None:
                continue
            target = getattr(value, "syncline_target", value)
            # whose data it looks at: that of the device, or of the labelled one
            outside = name in self.devices or (is_target(target) and target.get("device") in self.devices)
            if callable(value) and target is not value and not outside:
                native[key] = target
            elif callable(value):
                self.filters.append((name, key, value))
            elif is_target(value) and (outside or not is_registered("filter", target_of(value))):
                self.filters.append((name, key, made(f"modality_config.{name}.filters.{key}", _in_python(value))))
            else:
                native[key] = value
        entry["filters"] = native

    def _split_transforms(self, name: str, entry: dict[str, Any]) -> None:
        transforms = entry.get("transforms")
        if not isinstance(transforms, Mapping):
            return
        steps = {
            key: value
            for key, value in transforms.items()
            if callable(value) or (is_target(value) and (name not in self.screens or not is_registered("transform", target_of(value))))
        }
        outside = name in self.devices
        if not steps and not outside:
            return
        self.steps[name] = [value for value in transforms.values() if callable(value) or is_target(value)]
        # Java keeps the normalisation, from which the statistics are read, unless it cannot: then it is ours whole
        entry["transforms"] = {k: v for k, v in transforms.items() if not callable(v) and not is_target(v)}

    @property
    def outside(self) -> bool:
        """Whether some part of a chunk is made in Python."""
        return bool(self.devices or self.steps)
