# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""What a loader's state says of the recordings and settings that it is of, and how these differ from a loader's own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def described(datasets: Iterable[Any]) -> list[dict[str, Any]]:
    """Describe datasets of Syncline for a state, which takes milliseconds each; of others how many items they have."""
    found: list[dict[str, Any]] = []
    for dataset in datasets:
        if hasattr(dataset, "_valid_screen_times"):
            times = hashlib.sha256(dataset._valid_screen_times.tobytes()).hexdigest()[:16]
            found.append({"key": dataset.data_key, "fingerprint": dataset.fingerprint, "start_times": times})
        else:
            found.append({"items": len(dataset)})
    return found


def differences(state: Mapping[str, Any], settings: Mapping[str, Any], recordings: Sequence[Mapping[str, Any]]) -> list[str]:
    """Say what differs between ``settings`` and ``recordings`` of a state and those of a loader."""
    found = []
    for name in {**settings, **state["settings"]}:
        if state["settings"].get(name) != settings.get(name):
            found.append(f"{name} is {state['settings'].get(name)} in the state, {settings.get(name)} here")
    theirs = list(state["recordings"])
    if len(theirs) != len(recordings):
        found.append(f"the state has {len(theirs)} recordings, this loader {len(recordings)}")
    for number, (there, own) in enumerate(zip(theirs, recordings)):
        if dict(there) != own:
            names = [name for name in own if there.get(name) != own[name]]
            found.append(f"recording {own.get('key', number)} has another {', '.join(names)} than {there.get('key', number)} in the state")
    return found
