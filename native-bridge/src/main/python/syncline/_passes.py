# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Iterations over batches, which may be taken ahead of the program: states count what the program got."""

from __future__ import annotations

from collections.abc import Iterator
from threading import get_ident
from typing import Any


class Pass:
    """One iteration over batches. An iterator and no generator, which an error or Ctrl-C would end: after either it goes on.

    A batch is taken first, and becomes the program's later. Python looks for Ctrl-C at calls: what belongs together is assigned
    with none between, so that a batch is either here or the program's.
    """

    __slots__ = ("taken", "asked", "__weakref__")

    def __init__(self) -> None:
        #: a batch, and where the pass stands behind it; None: none is taken
        self.taken: tuple[Any, Any] | None = None
        #: the thread that is in ``__next__``
        self.asked: int | None = None

    @property
    def place(self) -> Any:
        """What has ``stands``: where the pass stands for the program."""
        return self

    def take(self) -> None:
        """Put the next batch into ``taken``; StopIteration at the end, another exception in place of a batch."""
        raise NotImplementedError

    def where(self) -> Any:
        """Return where the pass stands behind what was taken last, or failed."""
        raise NotImplementedError

    def announce(self, stands: Any) -> None:
        """Let the loader's states be of this pass; called before the program gets a batch, perhaps several times."""

    def end(self) -> None:
        """Note that the program was told of the end; any number of times."""

    def __iter__(self) -> Any:
        return self

    def __next__(self) -> Any:
        me = get_ident()
        # no call between the two: no other thread comes in between
        if self.asked is not None and self.asked != me:
            raise asked_twice()
        self.asked = me
        try:
            if self.taken is None:
                try:
                    self.take()
                except StopIteration:
                    self.end()
                    raise
                except Exception:
                    stands = self.where()
                    self.announce(stands)
                    self.place.stands = stands
                    raise
            batch, stands = self.taken
            self.announce(stands)
            place = self.place
            place.stands, self.taken = stands, None
            return batch
        finally:
            self.asked = None


def asked_twice() -> RuntimeError:
    """Return the error of an iterator that two threads ask at a time, whose batches would be lost or come twice."""
    return RuntimeError(
        "this iterator over batches is being asked by another thread: guard next() by a threading.Lock, or give each "
        "thread an iter(loader) of its own"
    )


class Foreign(Pass):
    """A pass over an iterator of somebody else's, whose states are its own affair."""

    __slots__ = ("stands", "_iterator")

    def __init__(self, iterator: Iterator[Any]) -> None:
        super().__init__()
        self.stands = None
        self._iterator = iterator

    def take(self) -> None:
        self.taken = next(self._iterator), None

    def where(self) -> None:
        return None
