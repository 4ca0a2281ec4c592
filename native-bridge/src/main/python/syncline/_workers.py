# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Passes of torch's own loader over datasets of ours: Java's threads read ahead, into a ring, what the loader's sampler says.

Without workers, where the order is known when a pass begins. In the place of workers that would be forked: a forked process has
none of the threads of Java, so they could read nothing, and they are not needed.
"""

from __future__ import annotations

import multiprocessing
import weakref
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np

from ._feed import processors, ring_options
from ._items import made_items
from ._native.warnings import warn
from ._outputs import Output
from ._sampled import Chunks, SampledBatches, unlike
from ._torch import is_joined, is_subset
from .datasets import ChunkDataset
from .utils._java import read_together

#: How deep datasets of other classes are looked into for one of ours, and at how many values of a list or dict: what is missed is
#: told so by its workers, and what is not ours shall not notice.
_DEPTH, _VALUES = 4, 16


class _Threads(SampledBatches):
    """Reads what a loader of torch's says.

    Parameters
    ----------
    loader
        over chunks that Java reads whole.
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
        _rings.add(self)

    def __reduce__(self) -> Any:
        # a copy of the loader has threads of its own
        return type(None), ()

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
        threads = loader.__dict__.get(_OWN)
        if threads is None or any(a is not b for a, b in zip(threads.made_with, _settings(loader))):
            if threads is not None:
                self._chunks = Chunks(loader.dataset, None)
            threads = loader.__dict__[_OWN] = _Threads(loader, self._chunks)
        # the loader may hold this iterator
        self._loader = weakref.ref(loader)
        threads.starts = first_iter
        self._pass = iter(threads)
        if loader.num_workers:
            # as torch does, which sends them to its workers
            self._pass.draw(loader.num_workers * (loader.prefetch_factor or 2))

    def __iter__(self) -> _Batches:
        return self

    def __next__(self) -> Any:
        return next(self._pass)

    def __len__(self) -> int:
        return len(self._loader())


#: How many loaders of a process have a ring of their own; others share one, so that a loader for each of many recordings takes the
#: memory of few.
_RINGS = 4

#: Those of all loaders.
_rings: weakref.WeakSet[_Threads] = weakref.WeakSet()

#: Where a loader has its own, in its attributes: it leads back to the loader by what that was made with, and goes with it.
_OWN = "_syncline_threads"

#: Where a loader's datasets were compared, in its attributes.
_COMPARED = "_syncline_compared"


def _settings(loader: Any) -> tuple[Any, ...]:
    return loader.num_workers, loader.prefetch_factor, loader.pin_memory, loader.collate_fn, loader.dataset, loader.batch_sampler


def _forks(loader: Any) -> bool:
    """Whether a loader would fork its workers because nobody has said how to start them."""
    if loader.num_workers == 0 or loader.multiprocessing_context is not None:
        return False
    return (multiprocessing.get_start_method(allow_none=True) or multiprocessing.get_all_start_methods()[0]) == "fork"


def _holds_ours(value: Any, depth: int = _DEPTH) -> bool:
    """Whether a dataset is one of ours, or has one in its attributes or in lists and dicts there."""
    from torch.utils.data import Dataset

    if isinstance(value, ChunkDataset):
        return True
    if depth == 0:
        return False
    try:
        # of a class of its own only a dataset is looked into, and what the loader has
        if depth == _DEPTH or isinstance(value, Dataset):
            inside = list(islice(vars(value).values(), 4 * _VALUES))
        elif type(value) is dict:
            inside = list(islice(value.values(), _VALUES))
        elif type(value) in (list, tuple):
            inside = list(value[:_VALUES])
        else:
            return False
    except Exception:  # of a stranger's attribute, or of a dict that another thread changes
        return False
    return any(_holds_ours(v, depth - 1) for v in inside)


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
    plain = all(read_together(d) and type(d).__getitems__ is _GETITEMS and d._output.name == name for d in chunks.found)
    return chunks if plain else None


#: What is asked where a program has put another function in its place.
_GETITEMS = ChunkDataset.__getitems__


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


class _Watched:
    """What a sampler gives to a loader of torch's over several datasets, which are compared with the first batch that mixes them.

    Parameters
    ----------
    batches
        lists of indices.
    chunks
        of the datasets.
    loader
        which remembers that they were compared.
    """

    def __init__(self, batches: Iterator[Any], chunks: Chunks, loader: Any) -> None:
        self._batches = batches
        self._chunks: Chunks | None = chunks
        self._loader = weakref.ref(loader)

    def __iter__(self) -> _Watched:
        return self

    def __next__(self) -> Any:
        batch = next(self._batches)
        if self._chunks is not None and self._mixes(batch, self._chunks.places):
            for odd in unlike(self._chunks.datasets):
                warn(f"torch's DataLoader: batches mix {odd}")
            self._chunks = None
            if (loader := self._loader()) is not None:
                loader.__dict__[_COMPARED] = True
        return batch

    @staticmethod
    def _mixes(batch: Any, places: np.ndarray) -> bool:
        try:
            return len(set(places[list(batch)].tolist())) > 1
        except (TypeError, ValueError, IndexError):
            return False  # what gives no indices of chunks is the dataset's to refuse


def _watched(loader: Any, iterator: Iterator[Any]) -> Iterator[Any]:
    """Return torch's iterator, having its batches compared where they may mix datasets of ours."""
    from torch.utils.data import default_collate

    dataset = loader.dataset
    while is_subset(dataset):
        dataset = dataset.dataset
    # a function of the program's may keep chunks apart
    stacks = loader.batch_sampler is not None and loader.collate_fn is default_collate
    stacks = stacks and _COMPARED not in loader.__dict__
    if stacks and is_joined(dataset) and hasattr(iterator, "_sampler_iter") and _is_ours(dataset):
        chunks = Chunks(loader.dataset, None)
        if len(chunks.datasets) > 1:
            iterator._sampler_iter = _Watched(iterator._sampler_iter, chunks, loader)
    return iterator


def passes(loader: Any, inner: Callable[[Any], Iterator[Any]]) -> Iterator[Any]:
    """Return the iterator of a loader of torch's.

    Parameters
    ----------
    loader
        any.
    inner
        makes torch's own iterator of it.
    """
    has_ring = _OWN in loader.__dict__ or len(_rings) < _RINGS
    if loader.num_workers == 0:
        chunks = _chunks(loader) if has_ring and _is_ours(loader.dataset) and _is_known(loader) else None
        return _watched(loader, inner(loader)) if chunks is None else _Batches(loader, chunks)
    if not _forks(loader) or not _holds_ours(loader.dataset):
        return _watched(loader, inner(loader))
    if loader.worker_init_fn is not None:
        warn(
            "torch's DataLoader: worker_init_fn is not called, for this process reads datasets of Syncline itself, which forked workers "
            'could not; with multiprocessing_context="spawn" there are workers',
        )
    chunks = _chunks(loader)
    if chunks is not None:
        return _Batches(loader, chunks) if has_ring else _watched(loader, _alone(loader, inner))
    warn(
        f"torch's DataLoader with num_workers={loader.num_workers}: items are made in this process, one after the other, for "
        + ("batch_size is None" if loader.batch_sampler is None else "they are made in Python")
        + ' and forked workers cannot read datasets of Syncline; with multiprocessing_context="spawn" there are workers',
    )
    return _watched(loader, _alone(loader, inner))
