# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""All devices of one recording."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ._answers import given, interval_of, pair_given, ranges_of
from ._arguments import nearest, shortened, warn_of_unknown_keys
from ._config import Compared, plain
from ._facts import MODALITY_KEYS
from .configs import UNMADE, OpenedWith, default_later, defaults_of, or_default, say_replaced
from ._native import functions as native
from ._native.functions import expanded
from ._native.warnings import as_user_warnings, warn
from ._shown import one_line, short, some
from .errors import SynclineError, UnknownDeviceError
from .interpolators import Interpolator
from .interpolators.base import SELECTION

__all__ = ["Experiment"]

__getattr__ = defaults_of(__name__, "DEFAULT_MODALITY_CONFIG")  # the original's module has it


#: what an open experiment shows, and does not look at again
_SHOWN = frozenset(("root_folder", "cache_data", "start_time", "end_time"))


def _finite(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


class Experiment:
    """Opens the configured devices of a recording.

    ``devices`` maps names to interpolators in the configuration's order; sub-folders that are not configured are skipped.
    ``start_time`` and ``end_time`` span all devices.

    Parameters
    ----------
    root_folder
        the recording's folder.
    modality_config
        device → configuration, of which ``interpolation`` counts here: options, a map with ``_target_``,
        or an interpolator, which is used as it is.
    cache_data
        read everything into memory.

    Raises
    ------
    ValueError
        no device with finite start and end is left.
    """

    modality_config: Any = OpenedWith()

    # whether somebody has compared the devices' ranges already
    _compared = False

    @default_later
    def __init__(
        self,
        root_folder: str | Path,
        modality_config: Any = UNMADE,
        cache_data: bool = False,
    ) -> None:
        self.root_folder = expanded(root_folder)
        say_replaced(modality_config)
        self._given = modality_config
        self.cache_data = cache_data
        self.devices: dict[str, Interpolator] = {}
        self.start_time = math.inf
        self.end_time = -math.inf
        self._changes = Compared()
        self._opened = False
        try:
            self._load_devices()
            self._opened = True
        except SynclineError as error:
            raise short(error)

    def __setattr__(self, name: str, value: Any) -> None:
        # a class of the program's own may mean something by them
        if type(self) is Experiment and name in _SHOWN and self.__dict__.get("_opened") and value != self.__dict__.get(name):
            warn(
                f"{self.root_folder}: found an assignment of {shortened(value)} to {name} of an Experiment that is open, which changes nothing in what it "
                "gives: its devices say from when to when they have values (valid_interval), and were opened already"
            )
        super().__setattr__(name, value)

    @one_line
    def __repr__(self) -> Iterator[str]:
        yield repr(str(self.root_folder))
        yield f"{self.start_time} to {self.end_time} s"
        yield some(list(self.devices))

    def _given_config(self) -> Any:
        return self._given

    def _load_devices(self) -> None:
        modality_config = or_default(self._given)
        self._config = plain(modality_config)
        missing = []
        for name in modality_config:
            entry = modality_config[name]
            folder = self.root_folder / name
            if isinstance(entry, Mapping) or hasattr(entry, "keys"):
                warn_of_unknown_keys(f"modality_config.{name}", entry.keys(), MODALITY_KEYS)
            interpolation = entry.get("interpolation") if hasattr(entry, "get") else None
            if isinstance(interpolation, Interpolator) or (
                interpolation is not None and not hasattr(interpolation, "get") and hasattr(interpolation, "interpolate")
            ):
                device = interpolation
            elif not folder.is_dir():
                missing.append(str(name))
                continue
            else:
                options = plain(interpolation) or {}
                if not isinstance(options, Mapping):
                    raise ValueError(f"{name}.interpolation: found {options!r}, expected a map or an interpolator")
                selection = {k: plain(entry.get(k)) for k in SELECTION if entry.get(k) is not None}
                meta = None
                if not options.get("_target_"):
                    meta = Interpolator(folder).load_meta()
                    if not self._usable(name, meta):
                        continue
                device = Interpolator.create(folder, cache_data=self.cache_data, **{**selection, **options})
                if not isinstance(device, Interpolator) and not hasattr(device, "interpolate"):
                    raise ValueError(
                        f"{name}.interpolation: {options.get('_target_')} made a {type(device).__name__}, expected an "
                        "Interpolator"
                    )
            if not (_finite_number(device.start_time) and _finite_number(device.end_time)):
                self._leave_out(name, device.start_time, device.end_time)
                continue
            self.devices[name] = device
            self.start_time = min(self.start_time, float(device.start_time))
            self.end_time = max(self.end_time, float(device.end_time))
        if not self.devices and not any(self.root_folder.glob("*/meta.yml")):
            native.config_for(self.root_folder)  # says what is there instead
        if not self.devices or not self.start_time <= self.end_time:
            raise ValueError(
                f"Experiment time range could not be determined: {self.root_folder} has no usable device among "
                f"{', '.join(map(str, modality_config)) or 'none configured'}; syncline.config_for({str(self.root_folder)!r}) "
                "makes a configuration of all that it has"
            )

        for name in missing:  # where nothing is left the error says it
            self._warn_of_missing(name)
        if not self._compared and self.root_folder.is_dir():
            self._compare()

    def _compare(self) -> None:
        """Warn of clocks that disagree, by Java's rule."""
        ranges = {}
        for name, device in self.devices.items():
            if device.valid_interval is None:
                continue  # of use to get_valid_range and datasets alone, which say it
            target = {"_target_": "syncline.bridge.provided_device"}
            ranges[str(name)] = {"interpolation": {**target, **ranges_of(name, device)}}
        if ranges:
            with as_user_warnings():
                native.experiment_open(self.root_folder, ranges).close()

    def _warn_of_missing(self, name: str) -> None:
        there = sorted(path.parent.name for path in self.root_folder.glob("*/meta.yml"))
        warn(
            f"{self.root_folder}: device {name!r} is configured but has no folder there: left out{nearest(name, there)}",
        )

    def _usable(self, name: str, meta: Any) -> bool:
        """Look at the times before opening: a device without them is left out, whatever else it lacks."""
        if not isinstance(meta, Mapping) or meta.get("modality") == "screen":
            return True
        start, end = meta.get("start_time"), meta.get("end_time")
        if _finite(start) and _finite(end):
            return True
        self._leave_out(name, start, end)
        return False

    def _leave_out(self, name: str, start: Any, end: Any) -> None:
        import logging  # of use here alone, and importing takes time

        logging.getLogger(__name__).warning(
            "device %s of %s is left out: start_time %s and end_time %s must be finite numbers",
            name,
            self.root_folder,
            start,
            end,
        )

    @property
    def device_names(self) -> tuple[str, ...]:
        """Names of the devices in the configuration's order."""
        return tuple(self.devices)

    def get_valid_range(self, device_name: str) -> tuple[Any, ...]:
        """Return (start, end) of a device's valid interval; KeyError for an unknown device.

        Parameters
        ----------
        device_name
            a device of the recording.
        """
        if device_name not in self.devices:
            raise KeyError(f"no device {device_name!r}; there are: {', '.join(self.devices)}")
        interval_of(device_name, self.devices[device_name])
        return tuple(self.devices[device_name].valid_interval)

    def interpolate(self, times: Any, device: str | Interpolator | None = None, return_valid: bool = False) -> Any:
        """Return the values at the valid ones of the times.

        Parameters
        ----------
        times
            seconds; handed to the interpolators as they are.
        device
            a name, an interpolator, or None for all devices.
        return_valid
            also return the integer indices of the valid times.

        Returns
        -------
        Any
            One array, or for all devices a dict by name; with ``return_valid`` a pair of that and the indices alike.

        Raises
        ------
        ValueError
            an unknown device (it is a KeyError and an AssertionError too), or something that is none.
        """
        shown = self.__dict__.get("modality_config")
        if shown is not None:
            self._changes.say(self.root_folder, "experiment", self._config, shown)
        if device is None:
            values, valid = {}, {}
            for name, interpolator in self.devices.items():
                result = self._ask(name, interpolator, times, return_valid)
                if return_valid:
                    values[name], valid[name] = result
                else:
                    values[name] = result
            return (values, valid) if return_valid else values
        if isinstance(device, str):
            if device not in self.devices:
                raise UnknownDeviceError(f"Unknown device {device!r}; there are: {', '.join(self.devices)}")
            return self._ask(device, self.devices[device], times, return_valid)
        if not hasattr(device, "interpolate"):
            raise ValueError(f"Unsupported device type: {type(device)}, expected a name, an interpolator or None")
        return self._ask(type(device).__name__, device, times, return_valid)

    @staticmethod
    def _ask(name: str, device: Any, times: Any, return_valid: bool) -> Any:
        answer = device.interpolate(times, return_valid=return_valid)
        return pair_given(name, device, answer) if return_valid else given(name, device, answer)

    def close(self) -> None:
        """Close every device; any number of times."""
        for device in self.devices.values():
            device.close()

    def __enter__(self) -> Experiment:
        return self

    def __exit__(self, *exc: Any) -> None:
        self.close()


def _finite_number(value: Any) -> bool:
    try:
        return value is not None and math.isfinite(value)
    except TypeError:
        return False
