# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Loaders of several datasets as one of Java's: one ring and one set of threads however many there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .._device import OnDevice, Target, ring_for
from .._feed import Ring, RingBatches
from .._native import functions as native
from .._outputs import Output
from ..errors import StateError


class _Stand:
    """Where a pass stands; states are of it, also when the pass was left and is gone."""

    __slots__ = ("ring", "epoch", "first", "stands", "told")

    def __init__(self, ring: Ring, epoch: int, first: int) -> None:
        self.ring = ring
        #: where the pass began
        self.epoch = epoch
        self.first = first
        #: batches that the program knows of
        self.stands = 0
        #: whether the program knows of the end
        self.told = False


class _JoinedBatches(RingBatches):
    """One pass; yields ``(session, batch)``."""

    __slots__ = ("stand", "_names")

    def __init__(self, stand: _Stand, names: Sequence[Any]) -> None:
        super().__init__(stand.ring)
        self.stand = stand
        self._names = names

    @property
    def place(self) -> _Stand:
        return self.stand

    def _said(self) -> Any:
        return self._names[self._ring.stream.batch.info.session]

    def end(self) -> None:
        self.stand.told = True


class JoinedLoader(OnDevice):
    """Iterates over batches of several datasets in the order of a cycler, as ``(name, batch)``.

    Passes are independent, as :class:`syncline.DataLoader`'s are. Start times are those that the datasets have when a pass begins.

    Parameters
    ----------
    datasets
        name → dataset that Java reads whole, with at least one batch.
    sessions
        how they take turns: ``long``, ``short`` or ``exhaust``.
    options
        of ``syncline_loader_open``, the same for all datasets.
    output
        what arrays the batches have.
    target
        where batches go.
    """

    def __init__(
        self, datasets: Mapping[Any, Any], sessions: str, options: Mapping[str, Any], output: Output, target: Target | None
    ) -> None:
        self._output = output
        self._names = list(datasets)
        self._datasets = list(datasets.values())
        self._plain_options = {**options, "sessions": sessions}
        self.send_to(target)
        self._rings: list[Ring] = []
        # the epoch of the next pass
        self._next = 0
        self._current: _Stand | None = None
        # what load_state_dict has prepared: a ring, and where it stands
        self._restored: tuple[Ring, int, int] | None = None

    def send_to(self, target: Target | None) -> None:
        """Let the batches of further passes go somewhere."""
        self._target = target
        self._options, self._widenings = ring_for(target, self._plain_options, dict(zip(self._names, self._datasets)))

    def _idle_ring(self) -> Ring:
        """Return a ring that serves no pass, with the options of now and the seed of the others."""
        idle = [r for r in self._rings if r.idle() and (self._restored is None or r is not self._restored[0])]
        found = next((r for r in idle if r.options is self._options and self._is_current(r)), None)
        if found is None:
            found = self._ring_at(next(filter(self._is_current, self._rings), None), 0, 0)
        self._rings = [r for r in self._rings if r is found or r not in idle]
        return found

    def _is_current(self, ring: Ring) -> bool:
        """Return whether a ring has the start times that the datasets have now."""
        return all(d._revision is r for d, r in zip(self._datasets, ring.opened_with))

    def _ring_at(self, model: Ring | None, epoch: int, position: int) -> Ring:
        """Return a new ring, which stands somewhere in the order of another one."""
        ring = Ring(self._datasets, self._options, self._output)
        if model is not None:
            try:
                state = native.loader_state(model.handle)
                native.loader_restore(ring.handle, {**state, "epoch": epoch, "position": position})
            except StateError as changed:
                raise StateError(
                    "a dataset has changed since the first pass began, so that no second one can begin beside it; finish that, or "
                    f"make the loaders anew: {changed}"
                ) from None
        self._rings.append(ring)
        return ring

    def __iter__(self) -> Iterator[Any]:
        if self._restored is not None:
            ring, epoch, position = self._restored
            self._restored = None
            if ring.options is not self._options:
                # a state counts the batches of all processes
                ring = self._ring_at(ring, epoch, position * self._options.get("world_size", 1))
        else:
            ring, epoch, position = self._idle_ring(), self._next, 0
            native.loader_begin_epoch(ring.handle, epoch)
        self._next = epoch + 1
        self._current = _Stand(ring, epoch, position)
        begun = _JoinedBatches(self._current, self._names)
        widenings = self._widenings
        return self._sent(begun, lambda batch: widenings.get(batch[0], {}), self._options.get("max_batches") or 0)

    def state_dict(self) -> dict[str, Any]:
        """Return where the pass that began last stands, or between passes where the next one begins; small and JSON-able."""
        current = self._current
        if self._restored is not None:
            ring, epoch, position = self._restored
        elif current is not None and not current.told:
            ring, epoch, position = current.ring, current.epoch, current.first + current.stands
        else:
            ring, epoch, position = self._idle_ring(), self._next, 0
        state = native.loader_state(ring.handle)
        return {**state, "epoch": epoch, "position": position * self._options.get("world_size", 1)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Let the next pass go on exactly where the state was taken.

        Raises
        ------
        ValueError
            the state is of other data or another configuration; the message says what differs.
        """
        ring = self._idle_ring()
        native.loader_restore(ring.handle, state)
        restored = native.loader_state(ring.handle)
        # a state counts the batches of all processes
        self._restored = ring, restored["epoch"], restored["position"] // self._options.get("world_size", 1)
        self._next = restored["epoch"] + 1
        self._current = None
