# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""What a loader's state says of the recordings and settings that it is of, and how these differ from a loader's own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ._arguments import shortened
from ._native import functions as native
from .errors import StateError

# a state's name of the hashes of stored values
VALUES = "values"


def described(datasets: Iterable[Any]) -> list[dict[str, Any]]:
    """Describe datasets of Syncline for a state, which takes milliseconds each and reads some pages of their files; of others how many items they have."""
    found: list[dict[str, Any]] = []
    for dataset in datasets:
        if hasattr(dataset, "_valid_screen_times"):
            times = hashlib.sha256(dataset._valid_screen_times.tobytes()).hexdigest()[:16]
            state = native.dataset_state(dataset._handle)
            entry = {"key": dataset.data_key, "fingerprint": state["fingerprint"], "start_times": times}
            found.append({**entry, VALUES: state[VALUES]} if state.get(VALUES) else entry)
        else:
            found.append({"items": len(dataset)})
    return found


def counted(state: Mapping[str, Any], name: str, default: int | None = None) -> int:
    """Return a whole number of a state, from 0.

    Raises
    ------
    StateError
        it is missing and there is no default, or is anything else.
    """
    found = state.get(name, default)
    if not isinstance(found, (int, np.integer)) or isinstance(found, bool) or not 0 <= found < 1 << 63:
        raise StateError(f"the state's {name}: found {shortened(found)}, expected a whole number from 0 to 2^63 - 1")
    return int(found)


def within(name: str, position: int, total: int, world_size: int = 1) -> None:
    """Refuse a place behind an epoch's last batch: a pass that began there would give nothing.

    Parameters
    ----------
    name
        the state's name of it.
    position
        batches of all processes that are behind.
    total
        batches of the epoch.
    world_size
        processes that shared it when the state was taken: together they may stand behind its end, as the last batches come in turn.

    Raises
    ------
    StateError
        it lies there.
    """
    if position > total + max(1, world_size) - 1:
        raise StateError(f"the state's {name}: found {position}, expected 0 to {total}, the batches of an epoch")


def check_settings(state: Mapping[str, Any], settings: Mapping[str, Any], what: str) -> None:
    """Refuse a state whose ``settings`` are others; one of the original's has none.

    Raises
    ------
    StateError
        they differ, or are none.
    """
    found = state.get("settings", settings)
    if not isinstance(found, Mapping):
        raise StateError(f"the state's settings: found {shortened(found)}, expected a map")
    different = [f"{name} is {found.get(name)} in the state, {settings.get(name)} here" for name in {**settings, **found} if found.get(name) != settings.get(name)]
    if different:
        raise StateError(f"the state is of another {what}: {'; '.join(different)}")


def contents(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return what options of a ring say of the values in batches, as settings of a state: element types and entries, where they are given."""
    found: dict[str, Any] = {}
    if options.get("types"):
        found["dtype"] = dict(sorted(options["types"].items()))
    if options.get("out_keys") is not None:
        found["out_keys"] = list(options["out_keys"])
    return found


def plain_state(value: Any) -> Any:
    """Return a state without arrays and tuples, which ``torch.load`` refuses by default and JSON cannot write."""
    if isinstance(value, Mapping):
        return {key: plain_state(v) for key, v in value.items()}
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    return [plain_state(v) for v in value] if isinstance(value, (list, tuple)) else value


def generator(found: Any, name: str = "rng_state") -> tuple[Any, ...]:
    """Return the five values of a state's generator, as NumPy gives them; JSON makes lists of tuples and arrays.

    Raises
    ------
    StateError
        it is none.
    """
    try:
        kind, words, position, *rest = found
        rng = np.random.RandomState(0)
        rng.set_state((kind, np.asarray(words, dtype=np.uint32), int(position), *rest))
        return rng.get_state(legacy=True)
    except (TypeError, ValueError, IndexError, OverflowError):
        pass
    raise StateError(f"the state's {name}: found {shortened(found)}, expected the five values of NumPy's RandomState.get_state()")


def _differ(there: Any, here: Any) -> bool:
    try:
        return bool(there != here)
    except ValueError:  # an array, which compares element by element
        return True


def differences(state: Mapping[str, Any], settings: Mapping[str, Any], recordings: Sequence[Mapping[str, Any]]) -> list[str]:
    """Say what differs between ``settings`` and ``recordings`` of a state and those of a loader."""
    found = []
    for name in {**settings, **state["settings"]}:
        if _differ(state["settings"].get(name), settings.get(name)):
            found.append(f"{name} is {state['settings'].get(name)} in the state, {settings.get(name)} here")
    theirs = list(state["recordings"])
    if len(theirs) != len(recordings):
        found.append(f"the state has {len(theirs)} recordings, this loader {len(recordings)}")
    for number, (there, own) in enumerate(zip(theirs, recordings)):
        key = own.get("key", number)
        names = [name for name in {**own, **there} if name != VALUES and (name not in own or _differ(there.get(name), own[name]))]
        if names:
            found.append(f"recording {key} has another {', '.join(names)} than {there.get('key', number)} in the state")
        other = other_values(there, own)
        if other:
            found.append(f"recording {key}: {other}")
    return found


def other_values(state: Mapping[str, Any], own: Mapping[str, Any]) -> str:
    """Say which devices have other stored values in a state than here; those that either does not know are not compared.

    Raises
    ------
    StateError
        the state's are no map.
    """
    there, here = state.get(VALUES), own.get(VALUES) or {}
    there = {} if there is None else there
    if not isinstance(there, Mapping) or not all(isinstance(value, str) for value in there.values()):
        raise StateError(f"the state's {VALUES}: found {shortened(there)}, expected a map of a text for each device")
    other = sorted(name for name in here if there.get(name, here[name]) != here[name])
    return other and (
        f"the state is of other stored values of {', '.join(other)}: files of the recording were written anew, or it is another copy; to go on "
        f"with it all the same, leave {VALUES} out of the state"
    )
