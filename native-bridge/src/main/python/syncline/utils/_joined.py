# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Loaders of several datasets as one of Java's: one ring and one set of threads however many there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._feed import Ring, RingBatches
from .._native import functions as native
from .._outputs import Output
from ..errors import StateError


class _JoinedBatches(RingBatches):
    """One pass; yields ``(session, batch)``."""

    __slots__ = ("epoch", "first", "_names")

    def __init__(self, ring: Ring, names: Sequence[Any], epoch: int, first: int) -> None:
        super().__init__(ring)
        #: where the pass began
        self.epoch = epoch
        self.first = first
        self._names = names

    def _said(self) -> Any:
        return self._names[self._ring.stream.batch.info.session]


class JoinedLoader:
    """Iterates over batches of several datasets in the order of a cycler, as ``(name, batch)``.

    Passes are independent, as :class:`syncline.DataLoader`'s are. Start times are those that the datasets have when the first
    pass begins.

    Args:
        datasets: name → dataset that Java reads whole, with at least one batch.
        sessions: how they take turns: ``long``, ``short`` or ``exhaust``.
        options: of ``syncline_loader_open``, the same for all datasets.
        output: what arrays the batches have.
    """

    def __init__(self, datasets: Mapping[Any, Any], sessions: str, options: Mapping[str, Any], output: Output) -> None:
        self._output = output
        self._names = list(datasets)
        self._datasets = list(datasets.values())
        self._options = {**options, "sessions": sessions}
        self._rings: list[Ring] = []
        # the epoch of the next pass
        self._next = 0
        self._current: _JoinedBatches | None = None
        # what load_state_dict has prepared: a ring, and where it stands
        self._restored: tuple[Ring, int, int] | None = None

    def _idle_ring(self) -> Ring:
        """Return a ring that serves no pass, with the seed of the others."""
        for ring in self._rings:
            if ring.idle() and (self._restored is None or ring is not self._restored[0]):
                return ring
        ring = Ring(self._datasets, self._options, self._output)
        if self._rings:
            try:
                state = native.loader_state(self._rings[0].handle)
                native.loader_restore(ring.handle, {**state, "epoch": 0, "position": 0})
            except StateError as changed:
                raise StateError(
                    "a dataset has changed since the first pass began, so that no second one can begin beside it; finish that, or "
                    f"make the loaders anew: {changed}"
                ) from None
        self._rings.append(ring)
        return ring

    def __iter__(self) -> _JoinedBatches:
        if self._restored is not None:
            ring, epoch, position = self._restored
            self._restored = None
        else:
            ring, epoch, position = self._idle_ring(), self._next, 0
            native.loader_begin_epoch(ring.handle, epoch)
        self._next = epoch + 1
        self._current = _JoinedBatches(ring, self._names, epoch, position)
        return self._current

    def state_dict(self) -> dict:
        """Return where the pass that began last stands, or between passes where the next one begins; small and JSON-able."""
        current = self._current
        if self._restored is not None:
            ring, epoch, position = self._restored
        elif current is not None and not current.ended:
            ring, epoch, position = current._ring, current.epoch, current.first + current.behind
        else:
            ring, epoch, position = self._idle_ring(), self._next, 0
        state = native.loader_state(ring.handle)
        return {**state, "epoch": epoch, "position": position}

    def load_state_dict(self, state: Mapping) -> None:
        """Let the next pass go on exactly where the state was taken.

        Raises:
            ValueError: the state is of other data or another configuration; the message says what differs.
        """
        ring = self._idle_ring()
        native.loader_restore(ring.handle, state)
        restored = native.loader_state(ring.handle)
        self._restored = ring, restored["epoch"], restored["position"]
        self._next = restored["epoch"] + 1
        self._current = None
