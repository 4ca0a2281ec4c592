# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Passes of torch's own loader over datasets of ours: Java's threads read ahead, into a ring, what the loader's sampler says.

Without workers, where the order is known when a pass begins. In the place of workers that would be forked: a forked process has
none of the threads of Java, so they could read nothing, and they are not needed.
"""

from __future__ import annotations

import multiprocessing
import warnings
import weakref
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from types import FunctionType, ModuleType
from typing import Any

from ._feed import processors, ring_options
from ._items import made_items
from ._outputs import Output
from ._sampled import Chunks, SampledBatches
from ._torch import is_joined, is_subset
from .datasets import ChunkDataset

#: How deep datasets of other classes are looked into for one of ours, and at how many values.
_DEPTH, _VALUES = 4, 2000


class _Threads(SampledBatches):
    """Reads what a loader of torch's says.

    Args:
        loader: over chunks that Java reads whole.
    """

    def __init__(self, loader: Any, chunks: Chunks) -> None:
        from torch.utils.data import default_collate

        self.made_with = _settings(loader)
        #: whether the next pass draws from the generator what torch's draws for its workers, when it starts them
        self.starts = True
        self._generator = loader.generator
        collate_fn = loader.collate_fn
        workers = loader.num_workers
        threads = min(workers or processors(), processors())
        super().__init__(
            chunks,
            None,
            loader.batch_sampler,
            1,
            False,
            False,
            None,
            (None, None),
            "pad",
            threads,
            threads * (loader.prefetch_factor or 2) if workers else 1,
            ring_options({}, loader.pin_memory, chunks.datasets),
            Output(),
            (lambda batch: batch) if collate_fn is default_collate else (lambda batch: collate_fn(made_items(batch))),
            collate_fn,
        )

    # what a process gets is for the loader's sampler to say

    def share(self) -> tuple[int, int]:
        return 0, 1

    def foreseen(self) -> tuple[int, int]:
        return 0, 1

    def _draw(self) -> None:
        import torch

        if self.starts:
            torch.empty((), dtype=torch.int64).random_(generator=self._generator)


class _Batches:
    """A pass, in the place of torch's iterator."""

    def __init__(self, loader: Any, chunks: Chunks) -> None:
        self._chunks = chunks
        self._reset(loader, True)

    def _reset(self, loader: Any, first_iter: bool = False) -> None:
        # with persistent_workers torch's loader lets one iterator begin anew for each pass
        threads = _known.get(loader)
        if threads is None or threads.made_with != _settings(loader):
            threads = _known[loader] = _Threads(loader, self._chunks)
        # the loader may hold this iterator
        self._loader = weakref.ref(loader)
        threads.starts = first_iter
        self._pass = iter(threads)

    def __iter__(self) -> _Batches:
        return self

    def __next__(self) -> Any:
        return next(self._pass)

    def __len__(self) -> int:
        return len(self._loader())


#: How many loaders of a process have a ring of their own; others share one, so that a loader for each of many recordings takes the
#: memory of few.
_RINGS = 4

#: Loaders that were iterated over, whose rings serve all their passes.
_known: weakref.WeakKeyDictionary[Any, _Threads] = weakref.WeakKeyDictionary()


def _settings(loader: Any) -> tuple[Any, ...]:
    return loader.num_workers, loader.prefetch_factor, loader.pin_memory, loader.collate_fn


def _forks(loader: Any) -> bool:
    """Whether a loader would fork its workers because nobody has said how to start them."""
    if loader.num_workers == 0 or loader.multiprocessing_context is not None:
        return False
    return (multiprocessing.get_start_method(allow_none=True) or multiprocessing.get_all_start_methods()[0]) == "fork"


def _holds_ours(dataset: Any) -> bool:
    """Whether a dataset is one of ours, or holds one in its attributes."""
    level = [dataset]
    left = _VALUES
    for _ in range(_DEPTH + 1):
        inside: list[Any] = []
        for value in level:
            if isinstance(value, ChunkDataset):
                return True
            if isinstance(value, Mapping):
                inside.extend(islice(value.values(), left))
            elif isinstance(value, (list, tuple)):
                inside.extend(islice(value, left))
            elif not isinstance(value, (type, ModuleType, FunctionType)):
                inside.extend(islice(getattr(value, "__dict__", {}).values(), left))
            left -= 1
            if left <= 0:
                return False
        level = inside
    return False


def _is_known(loader: Any) -> bool:
    """Whether the order of a pass is known when it begins, whatever the program does meanwhile."""
    from torch.utils.data import BatchSampler, DistributedSampler, RandomSampler, SequentialSampler, SubsetRandomSampler

    batches = loader.batch_sampler
    if type(batches) is not BatchSampler:
        return False
    sampler = batches.sampler
    known = type(sampler) in (SequentialSampler, RandomSampler, SubsetRandomSampler, DistributedSampler)
    return known and not getattr(sampler, "replacement", False)


def _chunks(loader: Any) -> Chunks | None:
    """Return the chunks of a loader that Java can read whole, batch by batch, or None."""
    if loader.batch_sampler is None or not _is_ours(loader.dataset):
        return None
    chunks = Chunks(loader.dataset, None)
    name = Output().name
    plain = all(not d._items_in_python and d._output.name == name and type(d).__getitems__ is _getitems for d in chunks.found)
    return chunks if plain else None


_getitems = ChunkDataset.__getitems__


def _is_ours(dataset: Any) -> bool:
    if is_subset(dataset):
        return _is_ours(dataset.dataset)
    if is_joined(dataset):
        return all(map(_is_ours, dataset.datasets))
    return isinstance(dataset, ChunkDataset)


def _alone(loader: Any, inner: Callable[[Any], Iterator[Any]]) -> Iterator[Any]:
    """Return torch's iterator of a loader without workers."""
    said = {name: loader.__dict__[name] for name in ("num_workers", "timeout")}
    loader.__dict__.update(num_workers=0, timeout=0)
    try:
        return inner(loader)
    finally:
        loader.__dict__.update(said)


def passes(loader: Any, inner: Callable[[Any], Iterator[Any]]) -> Iterator[Any]:
    """Return the iterator of a loader of torch's.

    Args:
        loader: any.
        inner: makes torch's own iterator of it.
    """
    has_ring = loader in _known or len(_known) < _RINGS
    if loader.num_workers == 0:
        chunks = _chunks(loader) if has_ring and _is_ours(loader.dataset) and _is_known(loader) else None
        return inner(loader) if chunks is None else _Batches(loader, chunks)
    if not _forks(loader) or not _holds_ours(loader.dataset):
        return inner(loader)
    if loader.worker_init_fn is not None:
        warnings.warn(
            "torch's DataLoader: worker_init_fn is not called, for this process reads datasets of Syncline itself, which forked workers "
            'could not; with multiprocessing_context="spawn" there are workers',
            UserWarning,
            stacklevel=4,
        )
    chunks = _chunks(loader)
    if chunks is not None:
        return _Batches(loader, chunks) if has_ring else _alone(loader, inner)
    warnings.warn(
        f"torch's DataLoader with num_workers={loader.num_workers}: items are made in this process, one after the other, for "
        + ("batch_size is None" if loader.batch_sampler is None else "a program's own class makes them")
        + ' and forked workers cannot read datasets of Syncline; with multiprocessing_context="spawn" there are workers',
        UserWarning,
        stacklevel=4,
    )
    return _alone(loader, inner)
