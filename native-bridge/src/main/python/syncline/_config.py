# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Configurations: OmegaConf, dicts and what is in them become plain Python values."""

from __future__ import annotations

import reprlib
import sys
import time
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

import numpy as np

from ._native.warnings import warn
from .errors import ArgumentError


def plain(value: Any) -> Any:
    """Return a configuration as dicts, lists and scalars, slices as text; other objects (callables, interpolators) stay."""
    omegaconf = sys.modules.get("omegaconf")
    if omegaconf is not None and isinstance(value, (omegaconf.DictConfig, omegaconf.ListConfig)):
        value = omegaconf.OmegaConf.to_container(value, resolve=True)
    if isinstance(value, Mapping):
        for key, given in value.items():
            if isinstance(given, (set, frozenset)):
                raise ArgumentError(f"{key}: found a set, expected a list: a set has no order; give sorted({key})")
        return {(k if isinstance(k, str) else str(k)): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        return [plain(v) for v in value]
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, slice):
        parts = ("" if part is None else str(part) for part in (value.start, value.stop, value.step or 1))
        return ":".join(parts)
    if isinstance(value, range):
        return list(value)
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, PurePath):
        return str(value)
    return value


def changed(then: Any, now: Any, path: str = "") -> tuple[str, str, str] | None:
    """Return where two plain configurations differ first, with what was there and is: ``("treadmill.offset", "0", "5")``; None where
    they do not.
    """
    if isinstance(then, dict) and isinstance(now, dict):
        for key in dict.fromkeys([*then, *now]):
            inner = f"{path}.{key}" if path else str(key)
            if key not in then or key not in now:
                was, is_ = (reprlib.repr(d[key]) if key in d else "nothing" for d in (then, now))
                return inner, was, is_
            found = changed(then[key], now[key], inner)
            if found:
                return found
        return None
    if isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        return next((found for a, b in zip(then, now) if (found := changed(a, b, path))), None)
    try:
        same = then is now or bool(then == now)
    except (TypeError, ValueError):
        return None  # tensors and the like, that do not say
    return None if same else (path, reprlib.repr(then), reprlib.repr(now))


class Compared:
    """Warns where a program has changed the configuration that an open object shows."""

    def __init__(self) -> None:
        self._from = 0.0
        self._told: tuple[str, str, str] | None = None

    def say(self, where: Any, kind: str, then: Any, shown: Any) -> None:
        """Compare, in some percent of the time at most, however often it is asked for.

        Parameters
        ----------
        where
            the recording.
        kind
            what is open, in a word.
        then
            the plain configuration that it was opened with.
        shown
            what the program has.
        """
        begun = time.monotonic()
        if begun < self._from:
            return
        found = changed(then, plain(shown))
        self._from = 20 * time.monotonic() - 19 * begun
        if found and found != self._told:
            self._told = found
            key, was, now = found
            warn(
                f"{where}: modality_config.{key} was changed from {was} to {now} after the {kind} was opened, which has no effect: open the "
                f"{kind} anew with it",
            )


_OPENED_WITH = "found an assignment to what a dataset was opened with, which would change nothing in it: open the dataset anew with another configuration"


class Fixed(dict[str, Any]):
    """What an object was made with, which it only shows; copies are dicts as others are.

    Parameters
    ----------
    values
        what is shown.
    refusal
        what a program is told that changes it.
    """

    def __init__(self, values: Any = (), refusal: str = _OPENED_WITH) -> None:
        super().__init__(values)
        self._refusal = refusal

    def _refuse(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError(self._refusal)

    __setitem__ = __delitem__ = __ior__ = update = setdefault = pop = popitem = clear = _refuse

    def copy(self) -> dict[str, Any]:
        return dict(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)


class FixedList(list[Any]):
    """A list that an object only shows, as :class:`Fixed` is a dict; copies are lists as others are."""

    def __init__(self, values: Any, refusal: str) -> None:
        super().__init__(values)
        self._refusal = refusal

    def _refuse(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError(self._refusal)

    append = extend = insert = remove = pop = clear = reverse = sort = _refuse  # type: ignore[assignment]
    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refuse  # type: ignore[assignment]

    def copy(self) -> list[Any]:
        return list(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (list(self),)


def made_with(name: str, kind: str) -> str:
    """Return what a program is told that changes in place what an object was made with."""
    return f"{name}: found a change of what a {kind} was made with, which would change nothing in it: make another {kind} with other {name}"
