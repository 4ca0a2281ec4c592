# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Passes of :class:`syncline.DataLoader` whose order Python says: samplers, and datasets of several recordings."""

from __future__ import annotations

import copy
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np

from . import _shares
from ._arguments import chunk_index, shortened
from ._feed import CollatedBatches, Feed, Named
from ._native import functions as native
from ._native.warnings import warn
from ._outputs import Output
from ._passes import Pass
from ._states import contents, counted, described, differences, within
from ._torch import is_joined, is_subset
from ._transforms import drawing
from .datasets import ChunkDataset
from .errors import StateError

# ---- which chunks a dataset has --------------------------------------------------------------------------------------


def has_own_length(dataset: ChunkDataset) -> bool:
    """Return whether a subclass says how many chunks its dataset has."""
    return type(dataset).__len__ is not ChunkDataset.__len__


def chunk_count(dataset: ChunkDataset) -> int:
    """Return how many chunks a dataset gives: as many as there are, or the first ones where its class has a length of its own."""
    count = ChunkDataset.__len__(dataset)
    return min(count, len(dataset)) if has_own_length(dataset) else count


class Chunks:
    """The chunks of a dataset that is made of ChunkDatasets, by index.

    Parameters
    ----------
    dataset
        a ChunkDataset, or a Subset, ConcatDataset or SessionConcatDataset of what may stand here.
    indices
        which of its chunks, in this order; None: all.

    Raises
    ------
    TypeError
        another dataset somewhere in it.
    ValueError
        a dataset has another number of chunks than when it was joined with others.
    IndexError
        an index that there is not.
    """

    def __init__(self, dataset: Any, indices: Sequence[int] | None) -> None:
        self._dataset, self._indices = dataset, indices
        self._digest: str | None = None
        self._found: list[ChunkDataset] = []
        # subsets and joined datasets, with what they are made of, as they were
        self._parts: list[tuple[Any, Any]] = []
        places, chunks = self._of(dataset)
        if indices is not None:
            chosen = np.asarray([chunk_index(i, "indices") for i in indices], dtype=np.int64)
            places, chunks = places[chosen], chunks[chosen]
        used = np.unique(places)
        #: the ChunkDatasets that have chunks here
        self.datasets = [self._found[p] for p in used]
        #: for each index the place of its dataset, and the chunk there
        self.places, self.chunks = np.searchsorted(used, places), chunks
        #: all datasets that are found here, also those without a chunk
        self.found = tuple(self._found)
        #: of these, as they were
        self.revisions = [d._revision for d in self._found]

    def is_current(self) -> bool:
        """Whether the datasets have the chunks that they had."""
        parts = all(same_parts(part, then) for part, then in self._parts)
        return parts and all(d._revision is r for d, r in zip(self._found, self.revisions))

    def anew(self) -> Chunks:
        """Return the chunks that the dataset has now."""
        return Chunks(self._dataset, self._indices)

    def __len__(self) -> int:
        return len(self.chunks)

    def digest(self) -> str | None:
        """Return what tells this choice of chunks, in this order, from others of as many; None of all chunks in their order."""
        if self._indices is None and not any(is_subset(part) for part, _ in self._parts):
            return None
        if self._digest is None:
            import hashlib  # of use in states alone

            values = np.stack([self.places, self.chunks]).astype("<i8")
            self._digest = hashlib.blake2b(values.tobytes(), digest_size=16).hexdigest()
        return self._digest

    def _of(self, dataset: Any) -> tuple[np.ndarray, np.ndarray]:
        if is_subset(dataset):
            self._parts.append((dataset, parts_of(dataset)))
            places, chunks = self._of(dataset.dataset)
            chosen = np.asarray([chunk_index(i, "indices") for i in dataset.indices], dtype=np.int64)
            return places[chosen], chunks[chosen]
        if is_joined(dataset):
            self._parts.append((dataset, parts_of(dataset)))
            parts = [self._of(d) for d in dataset.datasets]
            ends = [0, *dataset.cumulative_sizes]
            if len(parts) != len(ends) - 1:
                raise ValueError(
                    f"{type(dataset).__name__} counted the chunks of {len(ends) - 1} datasets, and has {len(parts)} by now: make it anew"
                )
            for d, (places, _), begin, end in zip(dataset.datasets, parts, ends, ends[1:]):
                if len(places) != end - begin:
                    raise ValueError(
                        f"{type(dataset).__name__} counts {end - begin} chunks of a part that has {len(places)} by now: make it anew"
                    )
            empty = np.empty(0, dtype=np.int64)
            return tuple(np.concatenate([empty, *(part[i] for part in parts)]) for i in (0, 1))  # type: ignore[return-value]
        if not isinstance(dataset, ChunkDataset):
            raise TypeError(
                f"dataset: found {type(dataset).__name__}, expected a ChunkDataset, or a Subset, ConcatDataset or SessionConcatDataset of "
                "some; torch.utils.data.DataLoader and syncline.utils have loaders for others"
            )
        place = next((i for i, d in enumerate(self._found) if d is dataset), len(self._found))
        if place == len(self._found):
            self._found.append(dataset)
        length = chunk_count(dataset)
        return np.full(length, place, dtype=np.int64), np.arange(length, dtype=np.int64)


def parts_of(part: Any) -> Any:
    """Return what a subset or a joined dataset is made of now, for :func:`same_parts`."""
    return (part.dataset, copy.copy(part.indices)) if is_subset(part) else list(part.datasets)


def same_parts(part: Any, then: Any) -> bool:
    """Return whether a subset or a joined dataset is made of what it was made of."""
    if isinstance(then, list):
        return len(part.datasets) == len(then) and all(a is b for a, b in zip(part.datasets, then))
    dataset, indices = then
    same_kind = type(part.indices) is type(indices)
    if part.dataset is not dataset or not same_kind or len(part.indices) != len(indices):
        return False
    return part.indices == indices if isinstance(indices, (list, tuple, range)) else bool(np.array_equal(part.indices, indices))


def shards_by_itself(sampler: Any) -> bool:
    """Whether a sampler gives each process a share: torch's DistributedSampler and its like, also inside a batch sampler."""
    while sampler is not None:
        if all(hasattr(sampler, name) for name in ("num_replicas", "rank")):
            return True
        if all(hasattr(sampler, name) for name in ("num_processes", "process_index")):  # Accelerate's
            return True
        sampler = getattr(sampler, "sampler", None) or getattr(sampler, "batch_sampler", None)
    return False


def check_exclusive(sampler: Any, batch_sampler: Any, batch_size: Any, shuffle: Any, drop_last: Any, seed: Any) -> None:
    """Refuse arguments that contradict each other, in torch's words where torch refuses them.

    Raises
    ------
    ValueError
        they do.
    """
    if sampler is not None and shuffle:
        raise ValueError("sampler option is mutually exclusive with shuffle")
    if batch_sampler is not None and (batch_size != 1 or shuffle or sampler is not None or drop_last):
        raise ValueError("batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and drop_last")
    if seed is not None and (sampler is not None or batch_sampler is not None):
        name = "sampler" if batch_sampler is None else "batch_sampler"
        raise ValueError(f"{name} option is mutually exclusive with seed: the sampler draws the order, seed its generator")


# ---- what one batch may hold ----------------------------------------------------------------------------------------


def _units(dataset: ChunkDataset, name: str) -> list[Any] | None:
    """Return the ids of a device's columns in the order that they are read in; None where they are not known."""
    entry = dataset._config.get(name) or {}
    if not isinstance(entry, Mapping) or entry.get("select"):
        return None
    try:
        ids = entry.get("unit_ids")
        if ids is None:
            ids = np.load(dataset.root_folder / name / "meta" / "unit_ids.npy")
            columns = entry.get("columns")
            ids = ids if columns is None else ids[np.asarray(columns)]
        return list(np.asarray(ids).ravel().tolist())
    except (OSError, ValueError, IndexError, TypeError):
        return None  # opening has said what is wrong with those that it needs


def _normalised(dataset: ChunkDataset) -> set[str]:
    """Return the devices that are normalised."""
    found = set(native.dataset_statistics(dataset._handle))
    for name in dataset.device_names:
        entry = dataset._config.get(name)
        interpolation = entry.get("interpolation") if isinstance(entry, Mapping) else None
        if isinstance(interpolation, Mapping) and interpolation.get("normalize"):
            found.add(name)
    return found


def unlike(datasets: Sequence[ChunkDataset]) -> Iterator[str]:
    """Say what datasets that share batches have of another kind, though of one shape, in a sentence each."""
    first, *others = datasets
    for other in others:
        odd = sorted({str(key) for key, _, _ in first._shapes} ^ {str(key) for key, _, _ in other._shapes})
        if odd:
            yield (
                f"{first.root_folder} and {other.root_folder}, of which one alone has {', '.join(odd)}: a batch has the entries of its first "
                "chunk; give all the same out_keys"
            )
            break
    normalised = _normalised(first)
    for other in others:
        both, its = set(first.device_names) & set(other.device_names), _normalised(other)
        found = [
            f"{', '.join(names)} of {yes.root_folder} normalised and of {no.root_folder} not"
            for names, yes, no in ((sorted(normalised & both - its), first, other), (sorted(its & both - normalised), other, first))
            if names
        ]
        if found:
            yield f"{', and '.join(found)}: give both the same transforms"
            break
    for name in first.device_names:
        units = _units(first, name)
        for other in others if units else ():
            its = _units(other, name) if name in other.device_names else None
            if its and its != units and sorted(map(str, its)) == sorted(map(str, units)):
                yield (
                    f"columns of {name} of {first.root_folder} and of {other.root_folder} that are the same unit_ids in another order, so that a "
                    f"column is now one unit and now another: list them, as unit_ids in modality_config.{name}, to have one order"
                )
                break


# ---- the order of one pass -------------------------------------------------------------------------------------------


class _Listed:
    """The batches of an epoch whose indices are all known."""

    def __init__(self, indices: np.ndarray, batch_size: int, drop_last: bool) -> None:
        self._indices = indices
        self._size = batch_size
        self.total = batch_count(len(indices), batch_size, drop_last)

    def batch(self, k: int) -> Sequence[int] | None:
        """Return batch k of the epoch, or None past its end."""
        return self._indices[k * self._size : (k + 1) * self._size].tolist() if k < self.total else None

    def padding(self, k: int) -> Sequence[int]:
        """Return the batch that stands in k places past the end."""
        return self.batch(k % self.total)

    def forget(self, k: int) -> None:
        """Take note that no batch before this one is asked for again."""

    def known(self) -> None:
        """A state needs nothing of this: seed and epoch say it."""


class _Drawn:
    """The batches that a sampler gives, each drawn when it is asked for; what is behind a pass is forgotten.

    Parameters
    ----------
    drawn
        the batches, from ``first`` on those that ``known`` does not have.
    first
        number of the first batch of ``known``.
    known
        batches that were drawn already.
    """

    def __init__(self, drawn: Iterator[Sequence[int]], first: int = 0, known: Sequence[Sequence[int]] = ()) -> None:
        self._drawn = drawn
        # the number of the first batch that is known, and all that are; one attribute, so that Ctrl-C finds both or neither changed
        self._window = first, list(known)
        # what the sampler raised after these
        self._failure: Exception | None = None
        self._keeps = False
        self.total = -1

    def draw_all(self) -> None:
        """Draw the rest, and forget nothing from now on."""
        first, known = self._window
        known.extend(self._drawn)
        self._keeps = True
        self.total = first + len(known)

    def batch(self, k: int) -> Sequence[int] | None:
        """Return batch k of the epoch, or None past its end."""
        first, known = self._window
        if self._failure is None:
            try:
                known.extend(islice(self._drawn, max(0, k - first + 1 - len(known))))
            except Exception as failure:
                # batches before it were drawn
                self._failure = failure
        if k - first < len(known):
            return known[k - first]
        if self._failure is not None:
            raise self._failure
        return None

    def padding(self, k: int) -> Sequence[int]:
        """Return the batch that stands in k places past the end."""
        _, known = self._window
        return known[k % len(known)]

    def forget(self, k: int) -> None:
        """Take note that no batch before this one is asked for again."""
        first, known = self._window
        if first < k and not self._keeps:
            self._window = k, known[k - first :]

    def known(self) -> dict[str, Any]:
        """Return what a state needs: the batches from some number on, which are all drawn for it."""
        first, known = self._window
        known.extend(self._drawn)
        return {"first": first, "rest": [[chunk_index(i) for i in batch] for batch in known]}


def _grouped(indices: Iterator[Any], size: int, drop_last: bool) -> Iterator[list[Any]]:
    while batch := list(islice(indices, size)):
        if len(batch) == size or not drop_last:
            yield batch


def batch_count(samples: int, size: int, drop_last: bool) -> int:
    """Return how many batches so many samples make."""
    return samples // size if drop_last else -(-samples // size)


class _Stand:
    """Where a pass stands; states are of it, also when the pass was left and is gone."""

    __slots__ = ("order", "epoch", "stands", "ended", "world", "_first")

    def __init__(self, order: _Listed | _Drawn, epoch: int, first: int, world: int) -> None:
        self.order = order
        self.epoch = epoch
        #: batches of this process that the program knows of
        self.stands = 0
        self.ended = False
        self._first = first
        #: processes that share the epoch
        self.world = world

    @property
    def position(self) -> int:
        """Batches of the epoch that all processes have behind them."""
        return self._first + self.stands * self.world


class _Pass(Pass):
    """One pass."""

    __slots__ = ("stand", "behind", "chunks", "places", "_loader", "_python", "_first", "_rank", "_world", "_base", "_read", "_taken")

    def __init__(
        self, loader: SampledBatches, chunks: Chunks, order: _Listed | _Drawn, epoch: int, first: int, share: tuple[int, int]
    ) -> None:
        super().__init__()
        self.stand = _Stand(order, epoch, first, share[1])
        #: batches of this process that were taken or failed
        self.behind = 0
        #: which are read
        self.chunks = chunks
        #: of the batch taken last: the place of its dataset, or of each chunk's
        self.places: int | Sequence[int] = 0
        self._loader = loader
        self._python = any(d._items_in_python for d in chunks.datasets)
        self._first = first
        self._rank, self._world = share
        # the number of the reader's first batch
        self._base = 0
        self._read: Any = None
        # a batch on its way to the program; Ctrl-C leaves it here for the next call
        self._taken: list[Any] = []

    @property
    def place(self) -> _Stand:
        return self.stand

    def _batch(self, k: int) -> Sequence[int] | None:
        """Return the indices of this process's batch k, or None past its end."""
        place = self._first + k * self._world + self._rank
        order = self.stand.order
        if self._world == 1:
            return order.batch(place)
        total = order.total
        if k >= self._loader.steps(total - self._first, (self._rank, self._world)):
            return None
        return order.batch(place) if place < total else order.padding(place - total)

    def draw(self, count: int) -> None:
        """Draw the first batches now; what a sampler raises comes in the place of its batch."""
        try:
            for k in range(count):
                if self._batch(k) is None:
                    break
        except Exception:
            pass

    def _ahead(self, k: int) -> Named | None:
        """Return what the reader reads as its batch k: nothing from one on whose naming fails, which is that batch's own error."""
        try:
            indices = self._batch(self._base + k)
            return None if indices is None else self._loader.named(self.chunks, self._python, indices)
        except Exception:
            return None

    def _begin(self) -> bool:
        """Begin to read from the next batch on; return whether there is one.

        Raises
        ------
        Exception
            what names the batch failed, in place of the batch; a sampler that did has nothing more to say.
        """
        try:
            indices = self._batch(self.behind)
        except Exception:
            self.stand.ended = True
            raise
        if indices is None:
            return False
        try:
            self._loader.named(self.chunks, self._python, indices)
        except Exception:
            self.behind += 1
            raise
        # a pass that knows itself would wait for the collector, with its ring, when it is left
        me = weakref.ref(self)
        self._base = self.behind
        self._read = self._loader.reader(self.chunks, self._python, lambda k: me()._ahead(k), indices, self.stand.epoch)
        return True

    def take(self) -> None:
        if self.stand.ended:
            raise StopIteration
        taken = self._taken
        while not taken:
            if self._read is None and not self._begin():
                raise StopIteration
            try:
                # in one step, so that Ctrl-C loses none
                taken.extend(islice(self._read, 1))
            except Exception:
                self.behind = self._base + self._read.behind
                raise
            if not taken:
                # at the end, before a batch too large for the ring, or before one that cannot be named
                self._read = None
        self._loader.compare(self.chunks)
        places, batch = taken[0]
        try:
            out = batch if self._python else self._loader.collate(batch)
        except Exception:
            self.behind += 1
            self._taken = []
            raise
        behind = self.behind + 1
        self.places, self.taken, self.behind, self._taken = places, (out, behind), behind, []

    def where(self) -> int:
        return self.behind

    def announce(self, stands: int) -> None:
        self.stand.order.forget(self.stand.position)
        self._loader.current = self.stand

    def end(self) -> None:
        if not self.stand.ended:
            self._loader.end(self.stand)


# ---- the loader ------------------------------------------------------------------------------------------------------


class SampledBatches:
    """What :class:`syncline.DataLoader` does where Python says the order.

    Parameters
    ----------
    chunks
        of the dataset, as they are now.
    sampler, batch_sampler
        iterables of indices, or of lists of them; neither: all chunks, shuffled where asked.
    batch_size, shuffle, drop_last, seed
        of the order without a sampler.
    share
        what the program says of rank and world size.
    remainder
        where processes do not divide the batches.
    threads, prefetch, options, output
        as of :class:`Feed`.
    collate
        makes what the program gets of a batch read whole.
    collate_items
        the same of a list of items, for datasets with parts in Python.
    """

    def __init__(
        self,
        chunks: Chunks,
        sampler: Any,
        batch_sampler: Any,
        batch_size: int,
        shuffle: bool,
        drop_last: bool,
        seed: int | None,
        share: tuple[Any, Any],
        remainder: str,
        threads: int,
        prefetch: int,
        options: Mapping[str, Any],
        output: Output,
        collate: Callable[[dict], Any],
        collate_items: Callable[[list], Any],
    ) -> None:
        self._sampler = sampler if batch_sampler is None else batch_sampler
        self._batched = batch_sampler is not None
        self._batch_size = batch_size
        self._shuffle = shuffle
        self._drop_last = drop_last
        self._seed = _shares.Seed(seed, shuffle)
        #: of what transforms draw; None: each dataset's
        self._own_seed = seed
        self._told = share
        self._shards = shards_by_itself(self._sampler)
        if self._shards and _shares.foreseen(*share)[1] > 1 and _shares.told_by_numbers(*share):
            raise ValueError(
                f"world_size is {share[1]}, and the {type(self._sampler).__name__} gives each process its share already: expected one of them"
            )
        self._remainder = remainder
        self._told_none = False
        # whether a batch of several recordings was named, and whether these were compared
        self._mixes = self._compared = False
        self._threads = threads
        self._prefetch = prefetch
        self._options = options
        self._output = output
        self.collate = collate
        self.collate_items = collate_items
        self._chunks = chunks
        self._capacity = int(getattr(batch_sampler, "batch_size", None) or 0) if self._batched else batch_size
        self._feed: Feed | None = None
        self._fed: Chunks | None = None
        self._next = 0
        #: what states are of: the pass that yielded last; None between passes
        self.current: _Stand | None = None
        self._passes: list[weakref.ref] = []
        # what load_state_dict has prepared: epoch, position, drawn batches, the epoch after
        self._restored: tuple[int, int, Mapping | None, int] | None = None
        self._restored_world = 1
        self._described: tuple[Chunks, list[dict[str, Any]]] | None = None

    # ---- shares

    def share(self) -> tuple[int, int]:
        """Return rank and number of processes of a pass that begins now."""
        return (0, 1) if self._shards else _shares.share(*self._told)

    def foreseen(self) -> tuple[int, int]:
        """Return the same as far as it is known before."""
        return (0, 1) if self._shards else _shares.foreseen(*self._told)

    def steps(self, left: int, share: tuple[int, int]) -> int:
        """Return how many of so many batches a process gets."""
        return _shares.steps(left, share, self._remainder)

    def __len__(self) -> int:
        if self._batched:
            total = len(self._sampler)
        else:
            samples = len(self._current_chunks()) if self._sampler is None else len(self._sampler)
            total = batch_count(samples, self._batch_size, self._drop_last)
        return self.steps(total, self.foreseen())

    # ---- passes

    def _current_chunks(self) -> Chunks:
        if not self._chunks.is_current():
            self._chunks = self._chunks.anew()
        return self._chunks

    def __iter__(self) -> _Pass:
        share = self.share()
        restored, self._restored = self._restored, None
        chunks = self._current_chunks()
        epoch, position, known, after = restored or (self._next, 0, None, self._next + 1)
        order: _Listed | _Drawn
        if self._sampler is None:
            order = self._listed(chunks, epoch, self._seed.settle(share[1], restored is not None))
        else:
            order = self._drawn(known, share, restored is not None)
        if not self._told_none and not self._batched:
            self._warn_of_none(len(chunks), share)
        made = _Pass(self, chunks, order, epoch, position, share)
        self._next = after
        self.current = made.stand
        self._passes = [ref for ref in self._passes if ref() is not None and not ref().stand.ended]
        self._passes.append(weakref.ref(made))
        return made

    def _warn_of_none(self, chunks: int, share: tuple[int, int]) -> None:
        """Warn where there are chunks and this process gets no batch of them."""
        given, what = chunks, f"{chunks} chunks"
        if self._sampler is not None:
            try:
                given = len(self._sampler)
            except (TypeError, NotImplementedError):
                return  # one without a length, which a wrapper of it may show as a method that fails
            what = f"{given} indices of the sampler"
        if given and not self.steps(batch_count(given, self._batch_size, self._drop_last), share):
            self._told_none = True
            warn(
                f"loader: the {what} make no batch of {self._batch_size} with drop_last={self._drop_last} in {share[1]} processes "
                f"with remainder={self._remainder!r}",
            )

    def _listed(self, chunks: Chunks, epoch: int, seed: int | None) -> _Listed:
        if self._shuffle:
            # a generator of its own for each epoch: any can be drawn without those before
            generator = np.random.RandomState(np.random.MT19937(np.random.SeedSequence([seed, epoch])))
            order = generator.permutation(len(chunks))
        else:
            order = np.arange(len(chunks))
        return _Listed(order, self._batch_size, self._drop_last)

    def _drawn(self, known: Mapping[str, Any] | None, share: tuple[int, int], restored: bool) -> _Drawn:
        if known is None:
            self._draw()
        if known is not None:
            order = _Drawn(iter(()), known["first"], known["rest"])
        elif self._batched:
            order = _Drawn(iter(self._sampler))
        else:
            order = _Drawn(_grouped(iter(self._sampler), self._batch_size, self._drop_last))
        if share[1] == 1:
            return order
        len(self._sampler)  # one without an end cannot be shared out
        if not _shares.told_by_numbers(*self._told):
            # samplers of several processes may draw each another order
            own = order.known()
            agreed = _shares.rank_0s(own, share[1])
            if restored and agreed != own:
                raise StateError("the state restored here has other batches than rank 0 begins with: restore the same state in all processes")
            order = _Drawn(iter(()), agreed["first"], agreed["rest"])
        order.draw_all()
        return order

    def _draw(self) -> None:
        """Take from torch's generator what its loader takes before a pass."""
        _shares.draw_as_torch()

    def end(self, ended: _Stand) -> None:
        """Take note that a pass has ended; states are of what is still under way, if anything is."""
        ended.ended = True
        alive = [made.stand for ref in self._passes if (made := ref()) is not None and not made.stand.ended]
        self.current = alive[-1] if alive else None

    # ---- reading

    def in_python(self) -> bool:
        """Return whether items are made in Python."""
        return any(d._items_in_python for d in self._chunks.datasets)

    def datasets(self) -> Sequence[ChunkDataset]:
        """Return the datasets that chunks are of, or may be when their chunks are found anew."""
        return self._chunks.found

    def read_with(self, options: Mapping[str, Any]) -> None:
        """Let further passes have a ring of other options."""
        self._options = options
        # passes under way keep theirs
        self._feed = None

    def named(self, chunks: Chunks, python: bool, indices: Sequence[Any]) -> Named:
        """Return which chunks of which datasets a batch has."""
        count = len(chunks)
        wanted = [chunk_index(i, "the sampler's index") for i in indices]
        for i in wanted:
            if not -count <= i < count:
                raise IndexError(f"the sampler gave index {i}, which is out of range for {count} chunks")
        if not wanted:
            raise ValueError("the batch_sampler gave a batch without indices, expected one or more")
        places = chunks.places[wanted].tolist()
        alone = len(set(places)) == 1
        self._mixes = self._mixes or not alone
        if python:
            return 0, wanted, 0
        found = chunks.chunks[wanted].tolist()
        of = places[0] if alone else places
        return of, found, of

    def compare(self, chunks: Chunks) -> None:
        """Warn once of what batches of several recordings have that is alike in shape alone."""
        if self._mixes and not self._compared:
            self._compared = True
            for odd in unlike(chunks.datasets):
                warn(f"loader: batches mix {odd}")

    def reader(
        self, chunks: Chunks, python: bool, named: Callable[[int], Named | None], first: Sequence[int] | None, epoch: int
    ) -> Any:
        """Return an iterator over the batches that are named; it ends before one that its ring has no room for."""
        if python:

            def read(_: Any, wanted: Sequence[int]) -> Any:
                with drawing(self._own_seed, epoch):
                    items = [chunks.datasets[chunks.places[i]][int(chunks.chunks[i])] for i in wanted]
                return self.collate_items(items)

            return CollatedBatches(read, named, self._threads if self._threads > 1 else 0, self._prefetch)
        if not chunks.datasets:
            return iter(())
        self._capacity = max(self._capacity, 0 if first is None else len(first), 1)
        if self._feed is None or self._fed is not chunks or self._feed.capacity < self._capacity:
            # the passes of the one before keep their rings
            self._feed = Feed(chunks.datasets, self._capacity, self._threads, self._prefetch, self._options, self._output)
            self._fed = chunks
        capacity = self._feed.capacity

        def fitting(k: int) -> Named | None:
            batch = named(k)
            return None if batch is None or len(batch[1]) > capacity else batch

        return self._feed.batches(fitting)

    def statistics(self) -> dict[str, Any]:
        """Return the statistics of the ring opened first."""
        return self._feed.statistics() if self._feed is not None else {}

    def close(self) -> None:
        """Stop the threads."""
        if self._feed is not None:
            self._feed.close()

    # ---- states

    def begin_epoch(self, epoch: int) -> None:
        """Let the next pass be this epoch's; -1: the next one's."""
        if epoch >= 0:
            self._next = epoch
            if hasattr(self._sampler, "set_epoch"):
                self._sampler.set_epoch(epoch)
        self.current = self._restored = None

    def _settings(self) -> dict[str, Any]:
        own: dict[str, Any] = {"order": "shuffled" if self._shuffle else "sequence"}
        if self._sampler is not None:
            own = {"order": "batch_sampler" if self._batched else "sampler"}
        sized = {} if self._batched else {"batch_size": self._batch_size, "drop_last": self._drop_last}
        sized.update(contents(self._options))
        chunks = self._current_chunks()
        digest = chunks.digest()
        return {**own, **sized, "chunks": len(chunks), **({"indices": digest} if digest else {})}

    def _recordings(self) -> list[dict[str, Any]]:
        """Describe the datasets, which takes milliseconds each, once."""
        chunks = self._current_chunks()
        if self._described is None or self._described[0] is not chunks:
            found = described(chunks.datasets)
            self._described = chunks, found
        return self._described[1]

    def state(self) -> dict[str, Any]:
        """Return where the loader stands.

        Raises
        ------
        TypeError
            in the middle of a pass of a sampler without a length, whose rest may have no end.
        """
        current = self.current
        known = None
        if self._restored is not None:
            epoch, position, known, after = self._restored
        elif current is not None:
            if isinstance(current.order, _Drawn) and not hasattr(self._sampler, "__len__"):
                raise TypeError(
                    f"object of type {type(self._sampler).__name__!r} has no len(): a state in the middle of a pass has what the sampler "
                    "still gives, expected one with an end that is known"
                )
            epoch, position, known, after = current.epoch, current.position, current.order.known(), self._next
        else:
            epoch, position, after = self._next, 0, self._next + 1
        # of how many processes the position is
        world = self._restored_world if self._restored is not None else 1 if current is None else current.world
        state: dict[str, Any] = {"epoch": epoch, "position": position, "world_size": world, "next_epoch": after, "settings": self._settings()}
        if self._shuffle:
            state["seed"] = self._seed.drawn()
        if known is not None:
            state["batches"] = known
        return {**state, "recordings": self._recordings()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Let the next pass go on where a state was taken.

        Raises
        ------
        StateError
            the state belongs to other data or another configuration.
        """
        if not isinstance(state, Mapping) or not {"epoch", "position", "next_epoch", "settings", "recordings"} <= set(state):
            raise StateError("the state is of a loader of one dataset in an order of its own; this one has a sampler or several datasets")
        different = differences(state, self._settings(), self._recordings())
        if self._shuffle and not self._seed.draws and state.get("seed") != self._seed.value:
            different.append(f"seed is {state.get('seed')} in the state, {self._seed.value} here")
        if different:
            raise StateError(f"the state belongs to other data or another configuration: {'; '.join(different)}")
        known = state.get("batches")
        if known is not None and not (isinstance(known, Mapping) and {"first", "rest"} <= set(known) and isinstance(known["rest"], list)):
            raise StateError(f"the state's batches: found {shortened(known)}, expected first and a list, rest")
        restored = counted(state, "epoch"), counted(state, "position"), known, counted(state, "next_epoch")
        world = counted(state, "world_size", 1)
        if known is not None:
            within("position", restored[1], counted(known, "first") + len(known["rest"]), world)
        elif self._sampler is None:
            within("position", restored[1], batch_count(len(self._current_chunks()), self._batch_size, self._drop_last), world)
        if self._shuffle:
            self._seed.value = self._seed.of_state(state.get("seed"))
        self._restored, self._restored_world = restored, world
        self._next = self._restored[3]
        self.current = None
