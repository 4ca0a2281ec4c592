# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Objects that a configuration names as ``_target_``, found and made as Hydra does."""

from __future__ import annotations

import functools
import importlib
import inspect
from collections.abc import Mapping
from typing import Any

from ._facts import TARGET_KEYS
from .errors import ConfigError


def target_of(value: Any) -> str | None:
    """Return what ``_target_`` or ``__target__`` of a map names, or None."""
    if isinstance(value, Mapping):
        return value.get("_target_") or value.get("__target__")
    return None


def is_target(value: Any) -> bool:
    """Return whether a value is a map with a target."""
    return isinstance(value, Mapping) and target_of(value) is not None


def locate(name: str) -> Any:
    """Import the object behind a dotted name; experanto's names mean Syncline's objects."""
    if name == "experanto" or name.startswith("experanto."):
        name = "syncline" + name[len("experanto") :]
    parts = name.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError as missing:
            if missing.name is not None and not ".".join(parts[:cut]).startswith(missing.name):
                raise
            continue
        for part in parts[cut:]:
            try:
                found = getattr(found, part)
            except AttributeError:
                raise ImportError(f"_target_ {name}: {'.'.join(parts[:cut])} has no {part}") from None
        return found
    raise ImportError(f"_target_ {name}: no such module")


#: keys beside a target that are no keyword arguments; ``_args_`` are arguments without keywords, which Java has not
_BESIDE_TARGETS = (*TARGET_KEYS, "_args_")


def arguments_of(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keyword arguments beside a target, those with a target of their own made first."""
    return {k: _made(v) for k, v in value.items() if k not in _BESIDE_TARGETS}


def instantiate(value: Mapping[str, Any], *args: Any, **more: Any) -> Any:
    """Call what a map's target names with the arguments beside it, as Hydra does: nested targets too, ``_args_``,
    ``_partial_``.

    Parameters
    ----------
    value
        a map with ``_target_`` or ``__target__``.
    args
        positional arguments before ``_args_``.
    more
        keyword arguments that take precedence over those of the map.
    """
    function = locate(target_of(value))  # type: ignore[arg-type]
    args = (*args, *(_made(v) for v in value.get("_args_") or ()))
    options = {**arguments_of(value), **more}
    if value.get("_partial_"):
        return functools.partial(function, *args, **options)
    return function(*args, **options)


def made(where: str, value: Mapping[str, Any]) -> Any:
    """Return the callable that a target makes.

    Raises
    ------
    ConfigError
        it made something else.
    """
    found = instantiate(value)
    if not callable(found):
        raise ConfigError(f"{where}: {target_of(value)} returned {found!r}, expected a callable")
    return found


def _made(value: Any) -> Any:
    if isinstance(value, Mapping):
        return instantiate(value) if target_of(value) is not None else {k: _made(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_made(v) for v in value]
    return value


def accepts(function: Any, name: str) -> bool:
    """Return whether a callable takes a keyword argument of that name; True where that cannot be known."""
    try:
        parameters = inspect.signature(function).parameters
    except (TypeError, ValueError):
        return True
    found = parameters.get(name)
    if found is not None:
        return found.kind in (found.POSITIONAL_OR_KEYWORD, found.KEYWORD_ONLY)
    return any(p.kind is p.VAR_KEYWORD for p in parameters.values())
