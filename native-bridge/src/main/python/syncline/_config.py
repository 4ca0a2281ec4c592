# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Configurations: OmegaConf, dicts and what is in them become plain Python values."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

import numpy as np


def plain(value: Any) -> Any:
    """Return a configuration as dicts, lists and scalars; other objects (callables, interpolators) stay as they are."""
    omegaconf = sys.modules.get("omegaconf")
    if omegaconf is not None and isinstance(value, (omegaconf.DictConfig, omegaconf.ListConfig)):
        value = omegaconf.OmegaConf.to_container(value, resolve=True)
    if isinstance(value, Mapping):
        return {(k if isinstance(k, str) else str(k)): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        return [plain(v) for v in value]
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, PurePath):
        return str(value)
    return value


def target_of(value: Any) -> str | None:
    """Return what ``_target_`` or ``__target__`` of a map names, or None."""
    if isinstance(value, Mapping):
        return value.get("_target_") or value.get("__target__")
    return None


_BESIDE_TARGETS = (
    "_target_",
    "__target__",
    "_partial_",
    "__partial__",
    "_args_",
    "_convert_",
    "_recursive_",
)


def arguments_of(value: Mapping) -> dict:
    """Return the keyword arguments beside a target, those with a target of their own made first."""
    return {k: _made(v) for k, v in value.items() if k not in _BESIDE_TARGETS}


def instantiate(value: Mapping, *args: Any, **more: Any) -> Any:
    """Call what a map's target names with the arguments beside it, as Hydra does: nested targets too, ``_args_``,
    ``_partial_``.

    Args:
        value: a map with ``_target_`` or ``__target__``.
        args: positional arguments before ``_args_``.
        more: keyword arguments that take precedence over those of the map.
    """
    from .interpolators import locate

    function = locate(target_of(value))  # type: ignore[arg-type]
    args = (*args, *(_made(v) for v in value.get("_args_") or ()))
    options = {**arguments_of(value), **more}
    if value.get("_partial_"):
        return functools.partial(function, *args, **options)
    return function(*args, **options)


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
