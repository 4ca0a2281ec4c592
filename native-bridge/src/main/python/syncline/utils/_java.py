# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Which datasets Java reads."""

from __future__ import annotations

from typing import Any


def read_by_java(dataset: Any) -> bool:
    """Whether a dataset is one of ours, with our length: a subclass with a length of its own has an order of its own."""
    from ..datasets import ChunkDataset

    return isinstance(dataset, ChunkDataset) and type(dataset).__len__ is ChunkDataset.__len__


def read_together(dataset: Any) -> bool:
    """Whether a dataset is one of ours whose items Java reads a batch at a time."""
    from ..datasets import ChunkDataset

    return (
        isinstance(dataset, ChunkDataset)
        and type(dataset).__getitems__ is ChunkDataset.__getitems__
        and not dataset._items_in_python
    )
