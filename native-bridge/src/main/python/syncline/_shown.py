# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""How objects show themselves: one line each."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar, cast

from .errors import SynclineError

_Function = TypeVar("_Function", bound=Callable[..., Any])

#: names of entries of the process's datasets so far, by which a batch is known from another dict
ENTRIES: set[str] = set()


def one_line(facts: Callable[[Any], Iterable[Any]]) -> Callable[[Any], str]:
    """Make a ``__repr__`` of a method that yields facts; what is closed, or was never opened, shows its class alone."""

    @functools.wraps(facts)
    def show(self: Any) -> str:
        try:
            return f"{type(self).__name__}({', '.join(map(str, facts(self)))})"
        except Exception:  # a debugger shows half-made objects too
            return object.__repr__(self)

    return show


def count(number: int, what: str) -> str:
    """Return "1 batch" or "2 batches"."""
    many = what + ("es" if what.endswith("ch") else "s")
    return f"{number} {what if number == 1 else many}"


def some(names: Sequence[Any], most: int = 8) -> str:
    """Return the first of names, and how many more there are."""
    first = ", ".join(map(str, names[:most]))
    return first if len(names) <= most else f"{first} and {len(names) - most} more"


def entry(key: str, dtype: str, shape: Sequence[int]) -> str:
    """Return an entry as "screen (1, 60, 144, 256) float32"."""
    return f"{key} {tuple(shape)} {dtype}"


def short(error: SynclineError) -> SynclineError:
    """Return an error whose traceback begins where it is raised: its message says all; that of a fault of the library is kept."""
    return error if type(error) is SynclineError else error.with_traceback(None)


def brief(function: _Function) -> _Function:
    """Make a function whose errors have a traceback of two lines: where the program called it, and this one."""

    @functools.wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except SynclineError as error:
            raise short(error)

    return cast(_Function, called)
