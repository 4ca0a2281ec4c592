# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Batches and items in IPython: their shapes, where it would print their values. They stay plain dicts, which other packages ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ._shown import ENTRIES


def _array(value: Any) -> bool:
    return hasattr(value, "shape") and hasattr(value, "dtype")


def is_ours(value: Any) -> bool:
    """Whether a dict is a batch or an item: named as entries of the process's datasets are, and of arrays."""
    if not ENTRIES or not value:
        return False
    from ._items import Item  # what a process without a dataset need not load

    if type(value) not in (dict, Item) or not ENTRIES.issuperset(filter(_is_text, value)):
        return False
    stamps = value.get("timestamps", {})
    arrays = [v for key, v in value.items() if key != "timestamps"]
    return all(map(_is_text, value)) and isinstance(stamps, Mapping) and all(map(_array, [*arrays, *stamps.values()]))


def _is_text(key: Any) -> bool:
    return isinstance(key, str)


def _one(value: Any) -> str:
    """Return an array as "(16, 1, 60, 144, 256) float32", with its device where that is not the processor."""
    dtype = str(value.dtype).removeprefix("torch.")
    device = getattr(value, "device", None)
    kind = getattr(device, "type", None) or getattr(device, "platform", "cpu")
    return f"{tuple(value.shape)} {dtype}" + ("" if kind == "cpu" else f" on {device}")


def _entries(printer: Any, values: Mapping[str, Any]) -> None:
    with printer.group(1, "{", "}"):
        for i, (key, value) in enumerate(values.items()):
            if i:
                printer.text(",")
                printer.breakable()
            printer.text(f"{key!r}: ")
            if isinstance(value, Mapping):
                _entries(printer, value)
            else:
                printer.text(_one(value))


def show_shapes(shell: Any) -> None:
    """Let a shell of IPython print batches and items by their shapes, alone or inside of other values; all other dicts as before."""
    formatter = shell.display_formatter.formatters["text/plain"]
    before: Callable[[Any, Any, bool], None] = formatter.for_type(dict)

    def show(value: Any, printer: Any, cycle: bool) -> None:
        if not cycle and is_ours(value):
            _entries(printer, value)
        else:
            before(value, printer, cycle)

    formatter.for_type(dict, show)
