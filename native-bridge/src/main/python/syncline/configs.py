# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""The default configuration: OmegaConf objects where OmegaConf is installed, else dicts with attribute access.

They are made when somebody first looks at them, for OmegaConf takes longer to import than the rest of the package.
"""

from __future__ import annotations

import copy
import sys
import threading
from collections.abc import Callable
from types import MethodType
from typing import TYPE_CHECKING, Any, TypeVar

from . import _facts
from ._native.warnings import warn

if TYPE_CHECKING:
    import os

    from .types import DatasetConfig

__all__ = [
    "DEFAULT_CONFIG",
    "DEFAULT_DATALOADER_CONFIG",
    "DEFAULT_DATASET_CONFIG",
    "DEFAULT_MODALITY_CONFIG",
    "config_for",
]


def config_for(root_folder: str | os.PathLike[str]) -> DatasetConfig:
    """Make a configuration that streams every device of a recording: ``ChunkDataset.from_config(path, config_for(path))``.

    The default configuration names devices of one kind of recording; this one names those that are there. The screen leads,
    else the fastest sequence. Chunks last two seconds (at most 2000 samples of the lead) and follow each other; sequences have
    the rate that they are stored with, spikes are counted in bins. Signals are normalised where the recording has statistics,
    stretches with NaN are left out.

    Parameters
    ----------
    root_folder
        the recording's folder; nothing but ``meta.yml`` and the like is read, and nothing written.

    Returns
    -------
    dict
        the keys that differ from their defaults, to be changed at will; the caller's own.

    Raises
    ------
    FileNotFoundError
        there is no such folder.
    RecordingError
        it has no device, or a ``meta.yml`` is wrong.
    """
    from ._native import functions  # of use here alone, and importing takes time
    from ._shown import short
    from .errors import SynclineError

    try:
        return functions.config_for(root_folder)  # type: ignore[return-value]
    except SynclineError as error:
        raise short(error)


class AttributeDict(dict[str, Any]):
    """A dict whose entries are attributes too, at every depth; copies are deep where ``copy.deepcopy`` asks for it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()
        for key, value in dict(*args, **kwargs).items():
            self[key] = value

    @classmethod
    def _wrap(cls, value: Any) -> Any:
        if isinstance(value, dict) and not isinstance(value, cls):
            return cls(value)
        if isinstance(value, list):
            return [cls._wrap(v) for v in value]
        return value

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(key, self._wrap(value))

    def __setattr__(self, key: str, value: Any) -> None:
        self[key] = value

    def __getattr__(self, key: str) -> Any:
        try:
            return self[key]
        except KeyError:
            raise AttributeError(key) from None

    def __delattr__(self, key: str) -> None:
        try:
            del self[key]
        except KeyError:
            raise AttributeError(key) from None

    def __deepcopy__(self, memo: dict[str, Any]) -> AttributeDict:
        return type(self)({key: copy.deepcopy(value, memo) for key, value in self.items()})

    def copy(self) -> AttributeDict:
        return type(self)(self)

    def update(self, *args: Any, **kwargs: Any) -> None:
        for key, value in dict(*args, **kwargs).items():
            self[key] = value

    def setdefault(self, key: Any, default: Any = None) -> Any:
        if key not in self:
            self[key] = default
        return self[key]

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (dict(self),)


def _make() -> Any:
    try:
        from omegaconf import OmegaConf
    except ImportError:
        return AttributeDict(_facts.DEFAULT_CONFIG)
    return OmegaConf.create(_facts.DEFAULT_CONFIG)


class _Unmade:
    """Stands in a signature for the default modality configuration until that is made."""

    def __repr__(self) -> str:
        return "DEFAULT_MODALITY_CONFIG"

    def __reduce__(self) -> str:
        return "UNMADE"


_F = TypeVar("_F", bound=Callable)

UNMADE = _Unmade()
_made: dict[str, Any] | None = None
_publishing = threading.Lock()
_constructors: list[Callable] = []


def _defaults() -> dict[str, Any]:
    """Return the defaults by name, the same objects every time."""
    global _made
    if _made is None:
        config = _make()  # not under the lock: it imports
        made = {
            "DEFAULT_CONFIG": config,
            "DEFAULT_DATASET_CONFIG": config.dataset,
            "DEFAULT_MODALITY_CONFIG": config.dataset.modality_config,
            "DEFAULT_DATALOADER_CONFIG": config.dataloader,
        }
        with _publishing:
            if _made is None:
                _made = made
                for function in _constructors:
                    _show(function)
    return _made


def _show(function: Any) -> None:
    import inspect  # of use to who looks, and importing takes time

    class Named(inspect.Parameter):
        """A parameter that shows the name of its default: the default itself has two kilobytes."""

        __slots__ = ()

        @property
        def default(self) -> Any:
            return made

    made = _defaults()["DEFAULT_MODALITY_CONFIG"]
    signature = inspect.signature(function)
    function.__signature__ = signature.replace(
        parameters=[
            Named(p.name, p.kind, default=UNMADE, annotation=p.annotation) if p.default is UNMADE else p
            for p in signature.parameters.values()
        ]
    )
    function.__defaults__ = tuple(made if d is UNMADE else d for d in function.__defaults__)


def default_config() -> Any:
    """Return the default configuration as it is now; plain values where nobody has looked at it yet."""
    return copy.deepcopy(_facts.DEFAULT_CONFIG) if _made is None else _made["DEFAULT_CONFIG"]


#: Where the defaults are names.
_MODULES = ("configs", "datasets", "experiment", "dataloaders")


def _is_other(now: Any, made: Any) -> bool:
    return now is not made and bool(now != made)


def say_replaced(given: Any, nested: bool = True) -> None:
    """Warn where the default is read, and a program has put another object in the place of one, which who reads them does not see.

    Parameters
    ----------
    given
        the modality configuration; the default is that of a constructor's signature, too.
    nested
        whether that is read, whatever holds it by now.
    """
    if given is not UNMADE and (_made is None or given is not _made["DEFAULT_MODALITY_CONFIG"]):
        return
    modules = {name: sys.modules.get(f"{__package__}.{name}") for name in _MODULES}
    found = [f"{module}.{name}" for module, there in modules.items() for name in __all__[:-1] if name in vars(there or object)]
    if nested and _made is not None:
        section = _made["DEFAULT_CONFIG"].get("dataset")
        # by contents: OmegaConf keeps a copy of what is put into its place again
        if _is_other(section, _made["DEFAULT_DATASET_CONFIG"]):
            found.append("configs.DEFAULT_CONFIG.dataset")
        elif _is_other(section.get("modality_config"), _made["DEFAULT_MODALITY_CONFIG"]):
            found.append("configs.DEFAULT_DATASET_CONFIG.modality_config")
    for name in found:
        warn(
            f"syncline.{name} was replaced, which changes nothing where no configuration is given: give it, as modality_config or configs, or "
            "change entries of the default that is there",
        )


def or_default(modality_config: Any) -> Any:
    """Return a modality configuration, or for UNMADE the default as it is now."""
    if modality_config is not UNMADE:
        return modality_config
    return default_config()["dataset"]["modality_config"] if _made is None else _made["DEFAULT_MODALITY_CONFIG"]


class DefaultLater:
    """A constructor whose default UNMADE is DEFAULT_MODALITY_CONFIG for whoever looks at its signature."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self.__doc__ = function.__doc__
        _constructors.append(function)
        if _made is not None:
            _show(function)

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            _defaults()
            return self._function
        if isinstance(instance, type):  # inspect binds to the class from Python 3.13 on
            _defaults()
        return MethodType(self._function, instance)


def default_later(function: _F) -> _F:
    """DefaultLater for who reads types: to them the constructor stays what it is."""
    return DefaultLater(function)  # type: ignore[return-value]


def copied(given: Any, config: Any) -> Any:
    """Return a copy of a plain configuration, of the kind that was given; of UNMADE, that of the default."""
    if type(_defaults()["DEFAULT_MODALITY_CONFIG"] if given is UNMADE else given).__module__.startswith("omegaconf"):
        from omegaconf import OmegaConf

        return OmegaConf.create(config, flags={"allow_objects": True})
    return AttributeDict(config)


class OpenedWith:
    """The attribute ``modality_config``: a copy of what an object was opened with, made for whoever asks.

    A program that alters its configuration to open the next object alters nothing here, and who alters the copy does not alter
    what the next one is opened with.
    """

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            raise AttributeError("modality_config")
        made = instance.__dict__["modality_config"] = copied(instance._given_config(), instance._config)
        return made


def defaults_of(module: str, *names: str) -> Callable[[str], Any]:
    """Return the ``__getattr__`` of a module that has these defaults among its names."""

    def __getattr__(name: str) -> Any:
        if name in names:
            return _defaults()[name]
        raise AttributeError(f"module {module!r} has no attribute {name!r}")

    return __getattr__


__getattr__ = defaults_of(__name__, *__all__)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
