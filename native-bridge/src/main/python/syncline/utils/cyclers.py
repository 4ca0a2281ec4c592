# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Loaders of several sessions, one after the other or in turn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .._arguments import SetOnce
from .._device import Forwarded, OnDevice, target_of
from .._native.warnings import warn
from .._outputs import Output
from .._shown import count, one_line, some
from ._joined import JoinedLoader
from .epochs import joint_options


def cycle(iterable: Iterable[Any]) -> Iterator[Any]:
    """Yield the items of an iterable again and again; an iterable without items ends at once.

    Parameters
    ----------
    iterable
        asked for a new iterator at each end.
    """
    while True:
        empty = True
        for item in iterable:
            empty = False
            yield item
        if empty:
            return


class Cycler(OnDevice):
    """Joins loaders of several sessions; iterating yields ``(data key, batch)``.

    Loaders that are :class:`MultiEpochsDataLoader` over datasets of Syncline, with the same arguments and not yet iterated, are read
    as one, through one ring of buffers however many they are, in the order that each would have by itself. States
    (:meth:`state_dict`) are of these.

    Parameters
    ----------
    loaders
        by data key. One without batches is left out, with a warning.
    """

    #: how Java calls the order
    _sessions = ""

    #: what becomes of a cycler with a session without batches
    _without = "it is left out"

    loaders = SetOnce()

    def __init__(self, loaders: Mapping[Any, Any]) -> None:
        self.loaders = loaders
        self._counted = dict(loaders)
        self._lengths = {key: len(loader) for key, loader in loaders.items()}
        for key, length in self._lengths.items():
            if length == 0:
                warn(f"{type(self).__name__}: session {key} has no batches; {self._without}")
        self._joined: JoinedLoader | None = None
        # whether it is known if they are read as one
        self._decided = False

    @one_line
    def __repr__(self) -> Iterator[str]:
        yield f"{count(len(self.loaders), 'session')}: {some(list(self.loaders))}"
        yield count(self._length(), "batch")

    def _join(self) -> JoinedLoader | None:
        """Return the loaders as one, or None where they are of several kinds."""
        if self._joined is None and not self._decided:
            options = joint_options(self.loaders)
            if options is not None and self._sessions and self._length():
                datasets = {key: loader.dataset for key, loader in self.loaders.items() if self._lengths[key]}
                first = next(iter(self.loaders.values()))
                self._joined = JoinedLoader(datasets, self._sessions, options, first.output, first._target)
        self._decided = True
        return self._joined

    def _aim(self, device: Any, prefetch: int, narrow: bool) -> None:
        first = next(iter(self.loaders.values()), None)
        self._target = target_of(device, prefetch, narrow, getattr(first, "output", None) or Output())
        for loader in self.loaders.values():
            if isinstance(loader, OnDevice):
                loader.to(device, prefetch, narrow)
        if self._joined is not None:
            self._joined.send_to(self._target)

    def _moving(self, loader: Any) -> Iterable[Any]:
        """Return a loader whose batches go where this one's do: those of Syncline have been told."""
        return loader if self._target is None or isinstance(loader, OnDevice) else Forwarded(loader, self._target)

    def _length(self) -> int:
        raise NotImplementedError

    def _passes(self) -> Iterator[Any]:
        raise NotImplementedError

    def _check(self) -> None:
        """Refuse loaders that are others than those whose batches were counted."""
        if list(self.loaders) != list(self._counted) or any(self.loaders[key] is not loader for key, loader in self._counted.items()):
            raise ValueError(
                f"loaders: found {', '.join(map(str, self.loaders)) or 'none'}, changed since the {type(self).__name__} counted the batches of "
                f"{', '.join(map(str, self._counted)) or 'none'}; make another {type(self).__name__}"
            )

    def __iter__(self) -> Iterator[Any]:
        self._check()
        joined = self._join()
        if joined is not None:
            for key, loader in self.loaders.items():
                if loader.dataset._items_in_python:
                    raise ValueError(
                        f"loaders: found a device or a transform of session {key} that was changed since the {type(self).__name__} read the sessions as "
                        f"one, which Java does; make another {type(self).__name__} of other loaders"
                    )
        return self._passes() if joined is None else iter(joined)

    def __len__(self) -> int:
        return self._length()

    def _stateful(self) -> JoinedLoader:
        joined = self._join()
        if joined is None:
            raise TypeError(
                f"{type(self).__name__} has states where all its loaders are MultiEpochsDataLoader over datasets of Syncline with the same "
                "arguments and no shuffle_each_epoch; these are read one by one, keep the state of each"
            )
        return joined

    def state_dict(self) -> dict[str, Any]:
        """Return where the pass stands that began last; small, JSON-able.

        Raises
        ------
        TypeError
            the loaders are not read as one.
        """
        return self._stateful().state_dict()

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Let the next pass go on exactly after the batch where the state was taken.

        Parameters
        ----------
        state
            as :meth:`state_dict` gives it; JSON may have held it in between.

        Raises
        ------
        TypeError
            the loaders are not read as one.
        ValueError
            the state is of other data or another configuration.
        """
        self._stateful().load_state_dict(state)

    def _round_robin(self, rounds: int) -> Iterator[Any]:
        cycles = {key: cycle(self._moving(loader)) for key, loader in self.loaders.items() if self._lengths[key]}
        for _ in range(rounds):
            for key, batches in cycles.items():
                yield key, next(batches)


class LongCycler(Cycler):
    """Visits the sessions in turn until the longest has ended; shorter ones start again.

    The length is the number of sessions times the longest session's batches.
    """

    _sessions = "long"

    @property
    def max_batches(self) -> int:
        """Batches of the longest session."""
        return max(self._lengths.values(), default=0)

    def _length(self) -> int:
        return sum(1 for n in self._lengths.values() if n) * self.max_batches

    def _passes(self) -> Iterator[Any]:
        return self._round_robin(self.max_batches)


class ShortCycler(Cycler):
    """Visits the sessions in turn until the shortest has ended.

    The length is the number of sessions times the shortest session's batches.
    """

    _sessions = "short"
    _without = "so there is nothing to iterate over"

    @property
    def min_batches(self) -> int:
        """Batches of the shortest session."""
        return min(self._lengths.values(), default=0)

    def _length(self) -> int:
        return len(self.loaders) * self.min_batches

    def _passes(self) -> Iterator[Any]:
        return self._round_robin(self.min_batches)


class Exhauster(Cycler):
    """Visits each session whole, one after the other; the length is the sum."""

    _sessions = "exhaust"

    def _length(self) -> int:
        return sum(self._lengths.values())

    def _passes(self) -> Iterator[Any]:
        for key, loader in self.loaders.items():
            for batch in self._moving(loader):
                yield key, batch
