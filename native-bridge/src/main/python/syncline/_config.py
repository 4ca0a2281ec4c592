# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Configurations: OmegaConf, dicts and what is in them become plain Python values."""

from __future__ import annotations

import operator
import reprlib
import sys
import time
import weakref
from collections.abc import Callable, Mapping
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


def same(a: Any, b: Any) -> bool:
    """Return whether two values say the same, arrays among them; where that cannot be said they do not."""
    if a is b:
        return True
    try:
        if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
            return all(isinstance(v, (np.ndarray, np.generic, list, tuple, int, float)) for v in (a, b)) and bool(np.array_equal(a, b))
        return bool(a == b)
    except (TypeError, ValueError):
        return False


def _as_yaml_knows(kind: type) -> None:
    """Let PyYAML write what is shown as it writes other maps and lists, which it knows by their very class alone."""
    yaml = sys.modules.get("yaml")
    if yaml is None:
        return
    known: list[Any] = [yaml.representer.SafeRepresenter]
    for representer in known:
        known += representer.__subclasses__()
        # each class that was ever added to has a map of its own
        writes = representer.yaml_representers.get(dict if issubclass(kind, dict) else list)
        if writes is not None and kind not in representer.yaml_representers:
            representer.add_representer(kind, writes)


def _change(kind: Any, name: str) -> Any:
    """Return a method that changes a map or list, refused as long as the change would have no effect."""
    made = getattr(kind, name)

    def change(self: Any, *args: Any, **kwargs: Any) -> Any:
        self._refuse()
        return made(self, *args, **kwargs)

    change.__name__ = name
    return change


class Fixed(dict[str, Any]):
    """What an object was made with, which it only shows; copies are dicts as others are.

    Parameters
    ----------
    values
        what is shown.
    refusal
        what a program is told that changes it.
    shown
        whether it is only shown now; default: always.
    follows
        whether the object follows an assignment, and thus ``|=``, which makes a dict as others are.
    """

    def __init__(self, values: Any = (), refusal: str = _OPENED_WITH, shown: Callable[[], bool] | None = None, follows: bool = False) -> None:
        dict.__init__(self, values)
        self._refusal, self._shown, self._follows = refusal, shown, follows

    @property  # asked for by PyYAML, before it looks for how to write a value
    def __class__(self) -> type:  # type: ignore[override]
        _as_yaml_knows(type(self))
        return type(self)

    def _refuse(self) -> None:
        if self._shown is None or self._shown():
            raise TypeError(self._refusal)

    __setitem__, __delitem__, update, setdefault = (_change(dict, n) for n in ("__setitem__", "__delitem__", "update", "setdefault"))
    pop, popitem, clear = (_change(dict, n) for n in ("pop", "popitem", "clear"))

    def __ior__(self, other: Any) -> Any:
        if not self._follows:
            self._refuse()
        return {**self, **dict(other)}

    def copy(self) -> dict[str, Any]:
        return dict(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)


class FixedList(list[Any]):
    """A list that an object only shows, as :class:`Fixed` is a dict; copies are lists as others are."""

    def __init__(self, values: Any, refusal: str, shown: Callable[[], bool] | None = None, follows: bool = False) -> None:
        list.__init__(self, values)
        self._refusal, self._shown, self._follows = refusal, shown, follows

    @property
    def __class__(self) -> type:  # type: ignore[override]
        _as_yaml_knows(type(self))
        return type(self)

    def _refuse(self) -> None:
        if self._shown is None or self._shown():
            raise TypeError(self._refusal)

    append, extend, insert, remove = (_change(list, n) for n in ("append", "extend", "insert", "remove"))
    pop, clear, reverse, sort = (_change(list, n) for n in ("pop", "clear", "reverse", "sort"))
    __setitem__, __delitem__ = (_change(list, n) for n in ("__setitem__", "__delitem__"))

    def __iadd__(self, other: Any) -> Any:
        if not self._follows:
            self._refuse()
        return [*self, *other]

    def __imul__(self, times: Any) -> Any:
        if not self._follows:
            self._refuse()
        return list(self) * times

    def copy(self) -> list[Any]:
        return list(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (list(self),)


class ShownArray(np.ndarray):
    """An array that an object only shows: changes in place are refused, of its views too, and ``+=`` makes another array.

    What is computed of it, copied or pickled is an array as others are. Its memory may be written, for what takes no other.
    """

    _of: tuple[Any, str, Callable[[], bool]] | None = None

    @staticmethod
    def of(values: np.ndarray, refusal: str, shown: Callable[[], bool]) -> ShownArray:
        """Return a view of an array that refuses changes as long as it is only shown."""
        made = values.view(ShownArray)
        made._of = weakref.ref(values), refusal, shown
        return made

    def __array_finalize__(self, source: Any) -> None:
        self._of = getattr(source, "_of", None)

    def _is_shown(self) -> bool:
        if self._of is None:
            return False
        whole = self._of[0]()
        return whole is not None and np.may_share_memory(self.view(np.ndarray), whole) and self._of[2]()

    def _refuse(self) -> None:
        if self._is_shown():
            raise ValueError(self._of[1])  # type: ignore[index]

    def __getitem__(self, key: Any) -> Any:
        found = super().__getitem__(key)
        return found.view(np.ndarray) if isinstance(found, ShownArray) and not found._is_shown() else found

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        for changed_array in (*kwargs.get("out", ()), *(inputs[:1] if method == "at" else ())):
            if isinstance(changed_array, ShownArray):
                changed_array._refuse()
        if "out" in kwargs:
            kwargs["out"] = tuple(map(_as_array, kwargs["out"]))
        if "where" in kwargs:
            kwargs["where"] = _as_array(kwargs["where"])
        return getattr(ufunc, method)(*map(_as_array, inputs), **kwargs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if function in (np.copyto, np.place, np.putmask, np.fill_diagonal) and args and isinstance(args[0], ShownArray):
            args[0]._refuse()
        return super().__array_function__(function, types, args, kwargs)

    def copy(self, order: Any = "C") -> Any:
        return self.view(np.ndarray).copy(order)

    def __copy__(self) -> Any:
        return self.view(np.ndarray).copy("K")

    def __deepcopy__(self, memo: Any) -> Any:
        return self.view(np.ndarray).__deepcopy__(memo)

    def __reduce__(self) -> Any:
        return self.view(np.ndarray).__reduce__()

    def __reduce_ex__(self, protocol: Any) -> Any:
        return self.view(np.ndarray).__reduce_ex__(protocol)

    def __repr__(self) -> str:
        return repr(self.view(np.ndarray))


def _as_array(value: Any) -> Any:
    return value.view(np.ndarray) if isinstance(value, ShownArray) else value


def _in_place(name: str) -> Any:
    """Return ``+=`` and the like, which give another array in place of one that is only shown: an assignment is followed."""
    made, another = getattr(np.ndarray, name), getattr(operator, name.replace("__i", "__", 1))

    def change(self: Any, other: Any) -> Any:
        return another(self.view(np.ndarray), other) if self._is_shown() else made(self, other)

    change.__name__ = name
    return change


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "and", "or", "xor", "lshift", "rshift"):
    setattr(ShownArray, f"__i{_name}__", _in_place(f"__i{_name}__"))
for _name in ("__setitem__", "fill", "sort", "partition", "put", "resize", "setfield"):
    setattr(ShownArray, _name, _change(np.ndarray, _name))
del _name


def made_with(name: str, kind: str) -> str:
    """Return what a program is told that changes in place what an object was made with."""
    return f"{name}: found a change of what a {kind} was made with, which would change nothing in it: make another {kind} with other {name}"
