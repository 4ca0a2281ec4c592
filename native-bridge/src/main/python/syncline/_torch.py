# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""The one place that knows whether torch is there; it is imported when it is first needed, for that takes seconds."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np

from .errors import ConfigError

_INSTALLED = importlib.util.find_spec("torch") is not None


def torch_installed() -> bool:
    """Return whether torch can be imported."""
    return _INSTALLED


def torch_or_none() -> Any:
    """Import and return torch, or None where it is not installed."""
    if not _INSTALLED:
        return None
    import torch

    return torch


def is_tensor(value: Any) -> bool:
    """Return whether a value is a torch tensor; never imports torch."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def _own_items(value: Any) -> bool:
    """Whether a class of the program's, or a function that it was given, makes the items of a dataset, one by one or a batch at a time."""
    makers = (getattr(type(value), name, None) for name in ("__getitem__", "__getitems__"))
    packages = [maker.__module__.partition(".")[0] for maker in makers if maker is not None]
    return any(package not in ("torch", "syncline") for package in packages) or "__getitems__" in getattr(value, "__dict__", ())


def is_subset(value: Any) -> bool:
    """Return whether a value is torch's Subset, which random_split makes, too, with its items; never imports torch."""
    data = sys.modules.get("torch.utils.data")
    return data is not None and isinstance(value, data.Subset) and not _own_items(value)


def is_joined(value: Any) -> bool:
    """Return whether a value is torch's ConcatDataset or our SessionConcatDataset, with its items; never imports torch."""
    data = sys.modules.get("torch.utils.data")
    joins = getattr(value, "_joins", False) is True or (data is not None and isinstance(value, data.ConcatDataset))
    return joins and not _own_items(value)


_T = TypeVar("_T")


class _Root(Generic[_T]):
    """Laid out like torch's classes (generic, with an instance dict): CPython replaces bases only by their like."""


if TYPE_CHECKING:
    from torch.utils.data import Dataset as Dataset, Sampler as Sampler
else:

    class Dataset(_Root[_T]):
        """Base of our datasets: becomes torch.utils.data.Dataset as soon as torch has been imported."""

    class Sampler(_Root[_T]):
        """Base of our samplers: becomes torch.utils.data.Sampler as soon as torch has been imported."""


def _adopt(data_module: Any) -> None:
    """Give our classes torch's as base, so that isinstance holds whichever package was imported first."""
    for stand_in, name in ((Dataset, "Dataset"), (Sampler, "Sampler")):
        base = getattr(data_module, name, None)
        if base is not None and stand_in.__bases__ == (_Root,):
            stand_in.__bases__ = (base,)
    for item_type, function in _COLLATED.items():
        _register(item_type, function)
    _offer_threads(data_module.DataLoader)


def _offer_threads(loader_class: Any) -> None:
    """Let torch's loader read datasets of ours ahead, by threads: forked workers could read nothing."""
    inner = getattr(loader_class, "_get_iterator", None)
    if inner is None or hasattr(inner, "__wrapped__"):
        return

    @functools.wraps(inner)
    def _get_iterator(self: Any) -> Any:
        # by name, for it is above this module: what torch's loader calls must find it from here
        return importlib.import_module("._workers", __package__).passes(self, inner)

    loader_class._get_iterator = _get_iterator


_COLLATED: dict[type, Callable] = {}


def _register(item_type: type, function: Callable[..., Any]) -> None:
    collating = sys.modules.get("torch.utils.data._utils.collate")
    known = getattr(collating, "default_collate_fn_map", None)
    if known is not None:
        known[item_type] = function


def collated_by(item_type: type, function: Callable[..., Any]) -> None:
    """Let torch's default_collate hand lists of a type of ours to a function, as soon as torch has been imported."""
    _COLLATED[item_type] = function
    _register(item_type, function)


class _AfterTorch:
    """Runs _adopt once torch.utils.data has been imported by anybody; then leaves sys.meta_path.

    A finder and a loader by its methods: importlib.abc, which has classes for them, would be the longest import here.
    """

    def __init__(self) -> None:
        self._busy = False
        self._loader: Any = None

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
        if fullname != "torch.utils.data" or self._busy:
            return None
        self._busy = True
        try:
            spec = importlib.util.find_spec(fullname)
        finally:
            self._busy = False
        if spec is None or spec.loader is None:
            return None
        self._loader = spec.loader
        spec.loader = self
        return spec

    def create_module(self, spec: Any) -> Any:
        return self._loader.create_module(spec)

    def exec_module(self, module: Any) -> None:
        module.__spec__.loader = self._loader
        module.__loader__ = self._loader
        self._loader.exec_module(module)
        if self in sys.meta_path:
            sys.meta_path.remove(self)
        _adopt(module)


if _INSTALLED:
    if "torch.utils.data" in sys.modules:
        _adopt(sys.modules["torch.utils.data"])
    else:
        sys.meta_path.insert(0, _AfterTorch())


def collate(items: list[Any]) -> Any:
    """Stack samples along a new first axis: torch's default_collate where torch is installed, else NumPy's stack."""
    torch = torch_or_none()
    try:
        if torch is None:
            return _stacked(items)
        from torch.utils.data import default_collate

        return default_collate(items)
    except (RuntimeError, ValueError) as error:
        from ._answers import differing

        what = differing(items)
        if what is None:
            raise
        raise ConfigError(what) from error


def _stacked(items: list[Any]) -> Any:
    first = items[0]
    if isinstance(first, Mapping):
        return {key: _stacked([item[key] for item in items]) for key in first}
    if isinstance(first, (tuple, list)):
        return [_stacked(list(column)) for column in zip(*items)]
    return np.stack([np.asarray(item) for item in items])
