# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Loaders of several sessions, one after the other or in turn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any


def cycle(iterable: Iterable) -> Iterator:
    """Yield the items of an iterable again and again; an iterable without items ends at once."""
    while True:
        empty = True
        for item in iterable:
            empty = False
            yield item
        if empty:
            return


class Cycler:
    """Joins loaders of several sessions; iterating yields ``(data key, batch)``."""

    def __init__(self, loaders: Mapping[Any, Any]) -> None:
        self.loaders = loaders

    def _round_robin(self, rounds: int) -> Iterator:
        cycles = {key: cycle(loader) for key, loader in self.loaders.items()}
        for _ in range(rounds):
            for key, batches in cycles.items():
                try:
                    batch = next(batches)
                except StopIteration:
                    continue  # a session without a single batch
                yield key, batch


class LongCycler(Cycler):
    """Visits the sessions in turn until the longest has ended; shorter ones start again.

    The length is the number of sessions times the longest session's batches.
    """

    def __init__(self, loaders: Mapping[Any, Any]) -> None:
        super().__init__(loaders)
        self.max_batches = max((len(loader) for loader in loaders.values()), default=0)

    def __iter__(self) -> Iterator:
        return self._round_robin(self.max_batches)

    def __len__(self) -> int:
        return len(self.loaders) * self.max_batches


class ShortCycler(Cycler):
    """Visits the sessions in turn until the shortest has ended.

    The length is the number of sessions times the shortest session's batches.
    """

    def __init__(self, loaders: Mapping[Any, Any]) -> None:
        super().__init__(loaders)
        self.min_batches = min((len(loader) for loader in loaders.values()), default=0)

    def __iter__(self) -> Iterator:
        return self._round_robin(self.min_batches)

    def __len__(self) -> int:
        return len(self.loaders) * self.min_batches


class Exhauster(Cycler):
    """Visits each session whole, one after the other; the length is the sum."""

    def __iter__(self) -> Iterator:
        for key, loader in self.loaders.items():
            for batch in loader:
                yield key, batch

    def __len__(self) -> int:
        return sum(len(loader) for loader in self.loaders.values())
