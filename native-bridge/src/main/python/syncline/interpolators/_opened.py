# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Interpolators that Java opens; what a program replaces in them is answered in NumPy."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from .._arguments import shortened
from .._config import Fixed, FixedList, ShownArray, plain, same
from .._native import functions as native
from .._native.warnings import as_user_warnings, warn
from .._shown import short
from ..errors import SynclineError
from ..intervals import TimeInterval
from .base import Interpolator

_EMPTY = "Interpolation returns empty array, no valid times queried."

_OURS = __name__.rpartition(".")[0]

#: what an open interpolator shows, and does not look at again, with what is meant by setting it
_SHOWN = {
    "root_folder": "open another one in that folder",
    "cache_data": "open it with cache_data",
    "sampling_rate": "set time_delta, the seconds from one sample to the next",
    "n_signals": "open it with columns",
}


class Derived:
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
            kept[self._name] = self._only_shown(device, self._make(device))
        return kept[self._name]

    def _only_shown(self, device: Any, value: Any) -> Any:
        """Return what was read so that a change in place is refused as long as Java, which has the file's, would not see it."""
        refusal = (
            f"{self._name}: found a change in place of what a {type(device).__name__} that is open has read, which would change nothing in its "
            f"values: set {self._name} to another one"
        )
        reference = weakref.ref(device)

        def shown() -> bool:
            reader = reference()
            return reader is not None and not reader._follows_changes

        if isinstance(value, np.ndarray):
            # of a file that is mapped, nothing can be changed
            return ShownArray.of(value, refusal, shown) if value.flags.writeable else value
        if isinstance(value, dict):
            return Fixed(((key, self._only_shown(device, inner)) for key, inner in value.items()), refusal, shown, True)
        return FixedList(value, refusal, shown, True) if isinstance(value, list) else value

    def __set__(self, device: Any, value: Any) -> None:
        device.__dict__.setdefault("_own", {})[self._name] = value

    def __delete__(self, device: Any) -> None:
        for where in ("_own", "_kept"):
            device.__dict__.get(where, {}).pop(self._name, None)


class NativeInterpolator(Interpolator):
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
        try:
            self._open()
        except SynclineError as error:
            raise short(error)

    def __setattr__(self, name: str, value: Any) -> None:
        # a class of the program's own may mean something by them
        if name in _SHOWN and "_opened_fixed" in self.__dict__ and type(self).__module__.startswith(_OURS) and not same(value, self.__dict__.get(name)):
            warn(
                f"{self.root_folder}: found an assignment of {shortened(value)} to {name} of a {type(self).__name__} that is open, which changes nothing "
                f"in its values; {_SHOWN[name]}"
            )
        super().__setattr__(name, value)

    def _options(self) -> dict[str, Any]:
        """Return what Java is told, from the attributes as they are now."""
        return {}

    def _open(self) -> None:
        options = self._options()
        given = {k: v for k, v in plain({**options, **self._selection}).items() if v is not None}
        given["cache_data"] = self.cache_data
        with as_user_warnings():
            self._handle = native.interpolator_open(self.root_folder, given)
            info = native.interpolator_info(self._handle)
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
    def _follows_changes(self) -> bool:
        """Whether what it has read may be changed in place: values are made of it in Python, or a class of the program's own normalises by it."""
        return self._in_python or any(
            name in vars(kind) for kind in type(self).__mro__ if not kind.__module__.startswith(_OURS) for name in ("normalize_init", "normalize_data")
        )

    @property
    def _altered(self) -> bool:
        """Whether this would answer otherwise than it would have when it was opened."""
        return self._in_python or self._options() != self._opened_options or tuple(self.valid_interval) != self._opened_interval

    def _mode(self) -> str | None:
        return None

    def _begin_normalizing(self, of_library: Callable[..., None]) -> None:
        """Call a ``normalize_init`` of the program's own once, before the first values are normalised."""
        if "_normalizes" not in self.__dict__:
            self._normalizes = True
            if type(self).normalize_init is not of_library:  # type: ignore[attr-defined]
                self.normalize_init()  # type: ignore[attr-defined]

    def interpolate(self, times: Any, return_valid: bool = False) -> Any:
        """Return the values at the valid ones of the times, in their order.

        Parameters
        ----------
        times
            seconds, any sequence of numbers; NaN is not valid.
        return_valid
            also return the indices of the valid times.

        Returns
        -------
        Any
            An array whose first axis is the valid times, or (array, int64 indices). No valid time: an empty array and a
            UserWarning.

        Raises
        ------
        NotImplementedError
            ``interpolation_mode`` has an unknown value.
        ValueError
            the interpolator is closed, or the times have the wrong order or reach past the data.
        """
        if self._in_python:
            times = native.seconds(times)
            valid = np.asarray(self.valid_times(times))
            values, kept = self._interpolate(times[valid])
            valid = valid if kept is None else valid[kept]
        else:
            values, valid = self._interpolate_natively(times)
        if valid.shape[0] == 0:
            warn(_EMPTY)
        return (values, valid) if return_valid else values

    def _interpolate_natively(self, times: Any) -> tuple[Any, ...]:
        if self._options() != self._opened_options and self._handle.value:
            own = self.valid_interval if tuple(self.valid_interval) != self._opened_interval else None
            self._open()  # the old handle closes when the last thread that uses it has let go
            if own is not None:
                self.valid_interval = own
        among = None
        own_rule = type(self).valid_times is not Interpolator.valid_times
        if own_rule or tuple(self.valid_interval) != self._opened_interval:
            times = native.seconds(times)
            among = np.asarray(self.valid_times(times))
            times = times[among]
        with as_user_warnings(": none of "):
            values, valid = native.interpolator_interpolate(self._handle, times, self._mode())
        found = valid.numpy()
        return values.numpy(), found if among is None else among[found]

    def _interpolate(self, times: np.ndarray) -> tuple[Any, ...]:
        """Return the values at valid times from the attributes, and the indices of the times that have one or None."""
        raise NotImplementedError(f"{type(self).__name__} was not opened from a folder and does not define interpolate")

    def close(self) -> None:
        handle = self.__dict__.get("_handle")
        if handle is not None:
            handle.close()

    def __getstate__(self) -> dict[str, Any]:
        return {k: v for k, v in self.__dict__.items() if k not in ("_handle", "_info", "_kept")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        if "_opened_options" in state:
            self._open()
            self.__dict__.update(state)
