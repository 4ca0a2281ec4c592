# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Checks of arguments whose messages help."""

from __future__ import annotations

import operator
import reprlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from ._config import same
from ._facts import ELEMENT_TYPES
from ._native.tensors import numpy_dtype
from ._native.warnings import warn
from ._torch import torch_installed

#: Further keywords of torch's own loader, named in messages where somebody gives them to ours.
TORCH_LOADER_OPTIONS = (
    "sampler",
    "batch_sampler",
    "collate_fn",
    "timeout",
    "worker_init_fn",
    "multiprocessing_context",
    "generator",
    "persistent_workers",
    "pin_memory_device",
    "in_order",
)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the end of a message: which known name was perhaps meant, or nothing."""
    import difflib  # of use in messages alone, and importing takes time

    found = difflib.get_close_matches(name, known, 1)
    return f"; did you mean {found[0]!r}?" if found else ""


def several(name: str, value: Any, what: str) -> None:
    """Refuse one text or path where a list of them is wanted: its letters, or its parts, would be taken for them."""
    if isinstance(value, (str, bytes, PurePath)):
        raise TypeError(f"{name}: found {str(value)!r} alone, expected a list of {what}: [{str(value)!r}] for one")
    if value is not None and not isinstance(value, Iterable):
        raise TypeError(f"{name}: found {type(value).__name__}, expected a list of {what}")


def names_or_none(name: str, value: Any) -> list[str] | None:
    """Return a list of names, None for none."""
    several(name, value, "names")
    if value is None:
        return None
    names = list(value)
    for given in names:
        if not isinstance(given, str):
            raise TypeError(f"{name}: found {shortened(given)}, expected names")
    return names


def shortened(value: Any) -> str:
    """Return what a value looks like, for messages."""
    return f"{type(value).__name__} {reprlib.repr(value)}"


def number(name: str, value: Any) -> float:
    """Return a number as a float."""
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        pass
    raise ValueError(f"{name}: found {shortened(value)}, expected a number")


def chunk_index(value: Any, name: str = "index") -> int:
    """Return a whole number that has 64 bits: what Java can be asked for, an index outside the dataset included."""
    if type(value) is int:
        found = value
    elif isinstance(value, bool) or _is_bool(getattr(value, "dtype", None)):
        # operator.index takes True for 1, and chunks 0 and 1 alone would be read
        raise TypeError(f"{name}: found {shortened(value)}, expected a whole number; of a mask give the indices: numpy.flatnonzero(mask)")
    else:
        found = _indexed(value, name)
    if not -(2**63) <= found < 2**63:
        raise IndexError(f"{name}: found {shortened(value)}, which no dataset has")
    return found


def _is_bool(dtype: Any) -> bool:
    # NumPy's types say their kind, which is quick; their text takes microseconds, and samplers give many numbers
    kind = getattr(dtype, "kind", None)
    return kind == "b" if kind is not None else str(dtype).endswith("bool")


def _indexed(value: Any, name: str) -> int:
    try:
        return operator.index(value)
    except TypeError:
        several = isinstance(value, (slice, Iterable)) and not isinstance(value, (str, bytes))
        remedy = "; for several chunks: read_batch(indices), torch.utils.data.Subset, or indices= of a loader" if several else ""
        raise TypeError(f"{name}: found {shortened(value)}, expected one whole number{remedy}") from None


def whole(name: str, value: Any, ranges: Mapping[str, tuple[int, int]] | None = None) -> int:
    """Return a number without a fraction as an int; int() would cut one off. ``ranges`` may have one under the name."""
    least, most = (ranges or {}).get(name, (value, value))
    try:
        if int(value) == value and least <= value <= most:
            return int(value)
    except (TypeError, ValueError, OverflowError):
        pass
    expected = "a whole number" + (f" from {least} to {most}" if ranges and name in ranges else "")
    raise ValueError(f"{name} is {value!r}, expected {expected}")


def truth(name: str, value: Any) -> bool:
    """Return a truth value; text, which Python takes for true whatever it says, is none."""
    if value is None or isinstance(value, bool):
        return bool(value)
    try:
        if not isinstance(value, (str, bytes)) and value in (0, 1):
            return bool(value)
    except (TypeError, ValueError, RuntimeError):
        pass
    raise ValueError(f"{name} is {value!r}, expected True or False")


def warn_of_unknown(where: str, given: Mapping[str, Any], known: Sequence[str]) -> None:
    """Warn of each keyword that ``where`` does not have; of those of torch's loader where they ask for something."""
    for name, value in given.items():
        if name in TORCH_LOADER_OPTIONS and name not in known and value:
            warn(f"{where}: {name} is of torch's loader and changes nothing here, where threads of Java read")
        elif name not in known and name not in TORCH_LOADER_OPTIONS:
            names = ["batch_size", "shuffle", *known]
            warn(f"{where}: {name} is not known and changes nothing{nearest(name, names)}")


def refuse_in_python(names: Iterable[str], given: Mapping[str, Any]) -> None:
    """Refuse options of Java's ring where items are made in Python, which they would not change.

    Raises
    ------
    ValueError
        one is given.
    """
    instead = {
        "dtype": "they have the types that those give",
        "out_keys": "give out_keys to the dataset",
        "shuffle_each_epoch": "MultiEpochsDataLoader draws its start times anew",
    }
    for name in names:
        if given.get(name):
            raise ValueError(
                f"{name}: Java makes no items of a dataset with parts in Python; {instead.get(name, 'leave it out')}"
            )


def warn_of_unknown_keys(where: str, given: Iterable[Any], known: Iterable[str]) -> None:
    """Warn of each key of a configuration that is not among the known ones."""
    names = list(known)
    for key in given:
        if key not in names:
            warn(f"{where}: {key} is no known key and changes nothing{nearest(str(key), names)}")


def type_name(dtype: Any) -> str:
    """Return the name of a torch or NumPy dtype, or of a name."""
    text = str(dtype)
    if text.startswith("torch."):
        return text[len("torch.") :]
    if text in ELEMENT_TYPES:
        return text
    import numpy as np

    try:
        name = np.dtype(dtype).name
    except TypeError:
        name = text
    if name not in ELEMENT_TYPES:
        raise ValueError(f"dtype: found {dtype!r}, expected one of {', '.join(ELEMENT_TYPES)}{nearest(name, ELEMENT_TYPES)}")
    return name


def element_types(dtype: Any, devices: Iterable[str]) -> dict[str, str]:
    """Return names of element types by device, of one for all or a map device → type.

    Raises
    ------
    ArgumentError
        bfloat16 where neither torch nor ml_dtypes is installed: refused here rather than at the first batch.
    """
    if isinstance(dtype, Mapping):
        types = {str(k): type_name(v) for k, v in dtype.items()}
    else:
        types = dict.fromkeys(devices, type_name(dtype))
    if "bfloat16" in types.values() and not torch_installed():
        numpy_dtype("bfloat16")
    return types


#: what Java says of entries whenever a loader of it opens: said once by :func:`advise_of_entries`
OF_ENTRIES = ("loader: types.", "loader: out_keys has '")


def advise_of_entries(dtype: Any, out_keys: Any, datasets: Iterable[Any]) -> None:
    """Warn of names that change nothing in a loader: twice among its entries, or with a type beside those."""
    given = names_or_none("out_keys", out_keys)
    for key in dict.fromkeys(given or ()):
        if given and given.count(key) > 1:
            warn(f"loader: out_keys has {key!r} twice, which is one entry; was another one meant?")
    if not isinstance(dtype, Mapping):
        return  # one type for all is of the devices that there are
    entries = given or sorted({key for dataset in datasets for key in getattr(dataset, "out_keys", None) or ()})
    for device in dtype if entries else ():
        # behaviour may be channels of a screen
        if device not in entries and device not in ("eye_tracker", "treadmill"):
            there = ", ".join(dict.fromkeys(key for key in entries if key != "timestamps"))
            warn(f"loader: dtype[{device!r}] changes nothing, for out_keys leaves that device out; there are {there}")


class SetOnce:
    """An option of a loader: an attribute that is set when the loader is made. What reads is told then, and would not see another value."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        try:
            return instance.__dict__[self._name]
        except KeyError:
            raise AttributeError(f"{type(instance).__name__!r} object has no attribute {self._name!r}") from None

    def _is_late(self, instance: Any) -> bool:
        return self._name in instance.__dict__

    def __set__(self, instance: Any, value: Any) -> None:
        if self._is_late(instance):
            if same(value, instance.__dict__.get(self._name)):
                return
            kind = type(instance).__name__
            raise ValueError(
                f"{self._name} is set when a {kind} is made, and changes nothing later: make another {kind} with {self._name}={value!r}"
            )
        instance.__dict__[self._name] = value
