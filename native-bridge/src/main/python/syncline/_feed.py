# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Batches whose chunks a program names, from one ring of buffers for any number of datasets."""

from __future__ import annotations

import itertools
import os
import weakref
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Optional, Union

from ._arguments import OF_ENTRIES, element_types
from ._facts import RING_OPTIONS
from ._native import functions as native
from ._native.batches import BatchShape, BatchStream
from ._native.warnings import warn, without
from ._outputs import Output
from ._passes import Pass

#: A batch to come: the place of its dataset, or one for each chunk of several with the same entries and shapes; the indices
#: of its chunks; and what the program gets with it.
Named = tuple[Union[int, Sequence[int]], Sequence[int], Any]

#: Returns batch k of a pass, or None past its end; asked for one several times it says the same.
Plan = Callable[[int], Optional[Named]]


def ring_options(given: Mapping[str, Any], pin_memory: bool, datasets: Sequence[Any]) -> dict[str, Any]:
    """Return what ``given`` says of a ring as options of Java's; without CUDA, pinning is said and left out."""
    options = {name: given[name] for name in RING_OPTIONS if given.get(name) is not None}
    if "dtype" in options:
        devices = list(dict.fromkeys(name for d in datasets for name in getattr(d, "device_names", ())))
        options["types"] = element_types(options.pop("dtype"), devices)
    if pin_memory:
        if native.cuda_available():
            options["pin_memory"] = True
        else:
            warn("pin_memory=True: no CUDA device here, memory is not pinned")
    return options


def processors() -> int:
    """Return how many processors this process may use, at most 8: threads where nobody says how many."""
    found = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(found, 8)


class Ring:
    """A loader of Java's over several datasets, which serves one pass at a time."""

    __slots__ = ("handle", "options", "opened_with", "output", "stream", "iterator", "shapes", "_names")

    def __init__(self, datasets: Sequence[Any], options: Mapping[str, Any], output: Output) -> None:
        self.options = options
        #: revisions of the datasets
        self.opened_with = [d._revision for d in datasets]
        with without(*OF_ENTRIES):
            self.handle = native.loader_open([d._handle for d in datasets], options)
        self.output = output
        # copies of small entries would not be pinned
        self.stream = BatchStream(self.handle, output.legacy, not options.get("pin_memory"))
        #: what a program iterates with; dead when it has left the pass
        self.iterator: Any = lambda: None
        self._names: dict[int, tuple[list[str], list[str]]] = {}
        #: session, rows, and which tensors lie apart → where the arrays of such a batch lie
        self.shapes: dict[tuple[int, int, int], BatchShape] = {}

    def names(self, session: int) -> tuple[list[str], list[str]]:
        """Return the names of a batch's tensors: entries, then timestamps."""
        found = self._names.get(session)
        if found is None:
            # one at a time: to describe hundreds takes longer than to read the first batch
            found = ([], [])
            for entry in native.loader_session(self.handle, session)["layout"]:
                found[bool(entry["timestamps"])].append(entry["key"])
            self._names[session] = found
        return found

    def idle(self) -> bool:
        """Whether no program is in the middle of a pass."""
        iterator = self.iterator()
        return iterator is None or iterator.ended


def _warn_of_codes(datasets: Sequence[Any], out_keys: Sequence[str] | None) -> None:
    """Warn where codes of trial metadata mean one thing in one dataset and another in the next."""
    known: dict[str, tuple[Any, list[str]]] = {}
    for dataset in datasets:
        for key, dtype, _ in dataset._shapes:
            if not key.startswith("meta.") or dtype != "int32" or (out_keys is not None and key not in out_keys):
                continue
            texts = dataset.categories(key[len("meta.") :])
            first, expected = known.setdefault(key, (dataset, texts))
            if texts != expected:
                warn(
                    f"codes of {key} mean something else in {first.root_folder}, {expected}, than in {dataset.root_folder}, {texts}; list the "
                    f"texts in the configuration's categories, as categories: {{{key[len('meta.'):]}: [...]}}, to have the same in all",
                )
                return


class Feed:
    """Reads batches that are named one after the other, each of some chunks of one dataset, by threads of Java.

    All passes and datasets share one ring of buffers; a pass that begins while another is under way gets a second one. A dataset
    whose start times or parts have changed is read as it is when a pass begins.

    Parameters
    ----------
    datasets
        datasets that Java reads whole, each with at least one chunk.
    batch_size
        the most chunks of a batch.
    threads
        of Java.
    prefetch
        batches read ahead.
    options
        further ones of ``syncline_loader_open``.
    output
        what arrays the batches have; default: torch's where it is installed, else NumPy's.
    """

    def __init__(
        self,
        datasets: Sequence[Any],
        batch_size: int,
        threads: int = 1,
        prefetch: int = 2,
        options: Mapping[str, Any] | None = None,
        output: Output | None = None,
    ) -> None:
        self._datasets = list(datasets)
        _warn_of_codes(self._datasets, (options or {}).get("out_keys"))
        self._output = output or Output()
        self._options = {
            **(options or {}),
            "fed": True,
            "batch_size": int(batch_size),
            "threads": max(1, int(threads)),
            "prefetch": max(1, int(prefetch)),
        }
        #: the most chunks of a batch
        self.capacity = self._options["batch_size"]
        self._ahead = self._options["prefetch"] + 2
        self._rings: list[Ring] = []

    def _free_ring(self) -> Ring:
        now = [d._revision for d in self._datasets]
        kept = []
        found = None
        for ring in self._rings:
            if not ring.idle():
                kept.append(ring)
            elif found is None and ring.opened_with == now:
                kept.append(ring)
                found = ring
            else:
                ring.handle.close()
        if found is not None:
            native.loader_begin_epoch(found.handle)
        else:
            found = Ring(self._datasets, self._options, self._output)
            kept.append(found)
        self._rings = kept
        return found

    def batches(self, plan: Plan) -> FedBatches:
        """Return an iterator over the batches of a plan, which is asked for batches only as far ahead as they are read."""
        return FedBatches(self._free_ring(), plan, self._ahead)

    def read(self, dataset: int | Sequence[int], indices: Sequence[int]) -> dict[str, Any]:
        """Return one batch, read by all threads."""
        named = (dataset, indices, None)
        return next(self.batches(lambda k: None if k else named))[1]

    def statistics(self) -> dict[str, Any]:
        """Return times, bytes and waits of each stage, and ``summary``; of the ring opened first."""
        return native.loader_statistics(self._rings[0].handle) if self._rings else {}

    def close(self) -> None:
        """Stop the threads; batches that are kept stay valid. Any number of times."""
        for ring in self._rings:
            ring.handle.close()
        self._rings = []


class RingBatches(Pass):
    """One pass over a ring."""

    __slots__ = ("behind", "stands", "ended", "_ring", "_pending")

    def __init__(self, ring: Ring) -> None:
        super().__init__()
        #: batches that were taken or failed, and those of them that the program knows of
        self.behind = self.stands = 0
        #: whether the ring has given all
        self.ended = False
        self._ring = ring
        # a batch on its way to the program: capsules, then tensors; Ctrl-C leaves it here for the next call
        self._pending: tuple[list, list] | None = None
        ring.iterator = weakref.ref(self)

    def _more(self) -> bool:
        """Return whether there is a batch to take, as far as it is known without asking Java."""
        return True

    def _said(self) -> Any:
        """Return what the program gets with the batch taken."""
        raise NotImplementedError

    def take(self) -> None:
        if self.ended:
            raise StopIteration
        ring = self._ring
        pending = self._pending
        if pending is None:
            if not self._more():
                self.ended = True
                raise StopIteration
            pending = self._pending = ([], [])
        capsules, values = pending
        if not values:
            try:
                if not capsules and not ring.stream.take(capsules):
                    self.ended = True
                    raise StopIteration
                ring.output.fill(values, capsules, ring.stream.batch, ring.shapes)
            except Exception as e:
                # this batch's error; the next call gives the batch after it
                self._pending = None
                if not isinstance(e, StopIteration):
                    self.behind += 1
                raise
        keys, stamps = ring.names(ring.stream.batch.info.session)
        out = dict(zip(keys, values))
        if stamps:
            out["timestamps"] = dict(zip(stamps, values[len(keys) :]))
        result = self._said(), out
        behind = self.behind + 1
        self.taken, self.behind, self._pending = (result, behind), behind, None

    def where(self) -> int:
        return self.behind


class FedBatches(RingBatches):
    """One pass over batches that a plan names; yields ``(what the plan said, batch)``."""

    __slots__ = ("_plan", "_depth", "_fed", "_certain")

    def __init__(self, ring: Ring, plan: Plan, depth: int) -> None:
        super().__init__(ring)
        self._plan = plan
        self._depth = depth
        # batches that Java has heard of; not certain where Ctrl-C came out of the call that names some
        self._fed = 0
        self._certain = True

    def _more(self) -> bool:
        if not self._certain:
            self._fed = native.loader_length(self._ring.handle)
            self._certain = True
        sessions, sizes, indices = [], [], []
        for k in range(self._fed, self.behind + self._depth):
            named = self._plan(k)
            if named is None:
                break
            place, chunks, _ = named
            sizes.append(len(chunks))
            if isinstance(place, int):
                sessions.append(place)
                indices.extend(chunks)
            else:
                sessions.append(native.SEVERAL_SESSIONS)
                indices.extend(itertools.chain.from_iterable(zip(place, chunks)))
        if sessions:
            self._certain = False
            native.loader_feed(self._ring.handle, sessions, sizes, indices)
            self._fed += len(sessions)
            self._certain = True
        return self.behind < self._fed

    def _said(self) -> Any:
        return self._plan(self.behind)[2]


class CollatedBatches(Pass):
    """One pass over batches that Python makes: each is read by one of several threads.

    Yields ``(what the plan said, batch)``.

    Parameters
    ----------
    read
        makes a batch of the place of a dataset and indices; called by several threads.
    plan
        as of :meth:`Feed.batches`.
    threads
        0 reads on the calling thread, when a batch is asked for.
    prefetch
        batches read ahead.
    """

    __slots__ = ("behind", "stands", "_read", "_plan", "_pool", "_depth", "_ahead")

    def __init__(self, read: Callable[[int, Sequence[int]], Any], plan: Plan, threads: int, prefetch: int) -> None:
        super().__init__()
        #: batches that were taken or failed, and those of them that the program knows of
        self.behind = self.stands = 0
        self._read = read
        self._plan = plan
        self._pool: Any = None
        self._depth = prefetch if threads else 1
        self._ahead: deque = deque()
        if threads:
            from concurrent.futures import ThreadPoolExecutor

            self._pool = ThreadPoolExecutor(threads, thread_name_prefix="syncline")
            # whoever leaves a pass half way leaves no threads
            weakref.finalize(self, self._pool.shutdown, wait=False, cancel_futures=True)

    def take(self) -> None:
        while len(self._ahead) < self._depth:
            named = self._plan(self.behind + len(self._ahead))
            if named is None:
                break
            self._ahead.append((named, self._pool.submit(self._read, *named[:2]) if self._pool else None))
        if not self._ahead:
            if self._pool:
                self._pool.shutdown(wait=False)
            raise StopIteration
        named, future = self._ahead.popleft()
        self.behind += 1
        try:
            batch = future.result() if future else self._read(*named[:2])
        except StopIteration as stopped:  # it would end the pass without a word
            raise RuntimeError("an item raised StopIteration") from stopped
        self.taken = (named[2], batch), self.behind

    def where(self) -> int:
        return self.behind
