# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Configurations: OmegaConf, dicts and what is in them become plain Python values."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

import numpy as np

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
