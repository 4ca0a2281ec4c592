# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Batches made by Java threads, in memory that Python's tensors share."""

from __future__ import annotations

import random
import sys
import threading
import weakref
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Generic

from . import _shares
from ._arguments import (
    OF_ENTRIES,
    TORCH_LOADER_OPTIONS,
    SetOnce,
    advise_of_entries,
    chunk_index,
    element_types,
    nearest,
    refuse_in_python,
    truth,
    whole,
)
from ._device import OnDevice, recipes_by_row, ring_for, target_of
from ._facts import LOADER_OPTIONS, LOADER_RANGES, RING_OPTIONS
from ._native import functions as native
from ._feed import ring_options
from ._hints import Entries, Unpack
from ._items import made_items
from ._native.batches import BatchShape, BatchStream
from ._native.warnings import as_user_warnings, warn
from ._outputs import Output
from ._passes import Pass
from ._shown import brief, count, one_line, short
from ._sampled import Chunks, SampledBatches, check_exclusive, chunk_count, has_own_length, parts_of, same_parts
from ._torch import Dataset, is_joined, is_subset
from ._transforms import drawing
from .datasets import ChunkDataset
from .errors import ArgumentError, StateError, SynclineError
from .types import LoaderOptions

__all__ = ["DataLoader"]

_STATE_VERSION = 1

_NO_PROCESSES = ": threads of Java do the work here and no processes, leave it out"

#: What to do without keywords of torch's loader.
_INSTEAD = {
    "generator": ": give seed= here, or call torch.manual_seed before the first pass",
    "in_order": ": batches come in order here, leave it out",
    "pin_memory_device": ": pinned memory is for every device here, leave it out",
    **dict.fromkeys(("timeout", "worker_init_fn", "multiprocessing_context", "persistent_workers"), _NO_PROCESSES),
}


class _Taking(threading.local):
    """What a thread takes batches with."""

    def __init__(self, handle: native.Handle, legacy: bool, apart: bool) -> None:
        self.stream = BatchStream(handle, legacy, apart)
        # a batch on its way to the program: capsules, then tensors; Ctrl-C leaves it here for the next call
        self.pending: tuple[list, list] | None = None


class _Source:
    """A loader of Java's, which serves one pass at a time."""

    __slots__ = ("handle", "options", "revision", "share", "seed", "length", "epoch", "shapes")

    def __init__(self, handle: native.Handle, options: Any, revision: Any, share: tuple[int, int], seed: int | None) -> None:
        self.handle = handle
        #: of the loader, when this was opened
        self.options = options
        #: of the dataset
        self.revision = revision
        #: rank and number of processes
        self.share = share
        #: of the order; None where nothing is drawn
        self.seed = seed
        self.length = native.loader_length(handle)
        #: the epoch whose first batch comes next; None: a pass was left in the middle
        self.epoch: int | None = 0
        #: session, rows and which tensors lie apart → where the arrays of such a batch lie
        self.shapes: dict[tuple[int, int, int], BatchShape] = {}


class _Pass:
    """One iteration over an epoch."""

    __slots__ = ("source", "taking", "stands", "took", "ended", "iterator")

    def __init__(self, source: _Source, legacy: bool, apart: bool, epoch: int, position: int) -> None:
        self.source = source
        self.taking = _Taking(source.handle, legacy, apart)
        #: epoch and batches of all ranks that are behind the batch yielded last, and behind the one taken last
        self.stands = self.took = (epoch, position)
        self.ended = False
        #: what the program iterates with; dead when the program has left the pass
        self.iterator: Any = None

    def under_way(self) -> bool:
        """Return whether the program may ask for another batch."""
        return not self.ended and self.iterator() is not None


class _Batches(Pass):
    """One pass over Java's batches.

    Ctrl-C may come after any call in here. Each step leaves what it made where the next call finds it.
    """

    __slots__ = ("_loader", "_pass")

    def __init__(self, loader: DataLoader, made: _Pass) -> None:
        super().__init__()
        self._loader = loader
        self._pass = made

    @property
    def place(self) -> _Pass:
        return self._pass

    def take(self) -> None:
        current = self._pass
        if current.ended:
            raise StopIteration
        loader = self._loader
        taking = current.taking
        stream = taking.stream
        pending = taking.pending
        if pending is None:
            pending = taking.pending = ([], [])
        capsules, values = pending
        if not values:
            if not capsules and not stream.take(capsules):
                raise StopIteration
            try:
                loader._output.fill(values, capsules, stream.batch, current.source.shapes)
            except Exception:
                taking.pending = None
                raise
        keys, stamp_keys = loader._keys or loader._names(current.source)
        out = dict(zip(keys, values))
        if stamp_keys:
            out["timestamps"] = dict(zip(stamp_keys, values[len(keys) :]))
        if loader.collate_fn is not None:
            try:
                out = loader._collate(out)
            except Exception:
                taking.pending = None
                raise
        behind = loader._behind(current.source, stream.batch.info)
        self.taken, current.took, taking.pending = (out, behind), behind, None

    def where(self) -> tuple[int, int]:
        return self._pass.took

    def announce(self, stands: Any) -> None:
        self._loader._current = self._pass

    def end(self) -> None:
        if not self._pass.ended:
            self._loader._end(self._pass)


class _PythonBatches(_Batches):
    """One pass over batches whose items Python makes, on threads of its own, in the order that Java says.

    After an error it goes on with the next batch.
    """

    __slots__ = ("_pool", "_depth", "_ahead", "_named")

    def __init__(self, loader: DataLoader, made: _Pass) -> None:
        from concurrent.futures import ThreadPoolExecutor

        super().__init__(loader, made)
        self._pool = ThreadPoolExecutor(max(1, loader.num_workers), thread_name_prefix="syncline")
        # whoever leaves a pass half way leaves no threads
        weakref.finalize(self, self._pool.shutdown, wait=False, cancel_futures=True)
        self._depth = 1 + (loader.prefetch_factor * loader.num_workers if loader.num_workers else 0)
        self._ahead: deque = deque()
        self._named = False  # whether all batches of the pass are

    def take(self) -> None:
        current = self._pass
        if current.ended:
            raise StopIteration
        self._name_some()
        if not self._ahead:
            self._pool.shutdown(wait=False)
            raise StopIteration
        info, future = self._ahead[0]
        behind = self._loader._behind(current.source, info)
        try:
            batch = future.result()
        except Exception as failure:
            # this batch's error; Ctrl-C leaves the batch for the next call
            self._ahead.popleft()
            current.took = behind
            if isinstance(failure, StopIteration):  # it would end the pass without a word
                raise RuntimeError("an item raised StopIteration") from failure
            raise
        self._ahead.popleft()
        self.taken, current.took = (batch, behind), behind

    def _name_some(self) -> None:
        source = self._pass.source
        while not self._named and len(self._ahead) < self._depth:
            if self._ahead and self._loader._behind(source, self._ahead[-1][0])[1] >= source.length * source.share[1]:
                return  # the end is taken when everything before it was yielded: a state stays in its epoch
            taken = self._pass.taking.stream.next()
            if taken is None:
                self._named = True
                return
            indices = taken[1][0].numpy().tolist()
            self._ahead.append((taken[0], self._pool.submit(self._loader._read, indices, taken[0].epoch)))


def _chosen(dataset: Any, indices: list[Any] | None) -> tuple[Any, list[Any] | None, list[tuple[Any, Any]]]:
    """Return the dataset that subsets are of, which of its chunks they have (None: all), and the subsets with what they are made of."""
    subsets = []
    while is_subset(dataset):
        subsets.append((dataset, parts_of(dataset)))
        chosen = dataset.indices
        indices = list(chosen) if indices is None else [chosen[i] for i in indices]
        dataset = dataset.dataset
    return dataset, indices, subsets


def _counted(chunks: list[Any] | None, dataset: ChunkDataset) -> list[int] | None:
    """Return indices counted from the first chunk on; what lies outside is Java's error."""
    count = chunk_count(dataset)
    if chunks is None and has_own_length(dataset):
        if len(dataset) > count:
            raise ArgumentError(
                f"{type(dataset).__name__}.__len__: found {len(dataset)}, expected at most {count}, the chunks that there are, which this loader "
                "reads; torch.utils.data.DataLoader takes items of any number"
            )
        return list(range(count))
    return None if chunks is None else [i + count if -count <= i < 0 else i for i in (chunk_index(c, "indices") for c in chunks)]


class _Order(SetOnce):
    """A sampler that a loader was made with, or not."""

    def _is_late(self, instance: Any) -> bool:
        return "_target" in instance.__dict__


class DataLoader(OnDevice, Generic[Entries]):
    """Iterates over batches of a :class:`syncline.ChunkDataset`: dicts as its items, with a first axis for the batch.

    One iteration is one epoch, from its first batch to its last whatever other iterations do: those at the same time are of
    further epochs, each with a ring of its own. The order depends on seed and epoch alone, not on threads. Tensors share memory with the
    loader's ring of buffers, which grows while batches are kept; without ``pin_memory`` those that are small beside their batch (at most
    1 MiB and a sixteenth of it) are copies, so that to keep them keeps no batch. Threads of Java do the work, without Python's lock; Ctrl-C
    raises KeyboardInterrupt and loses no batch. Python threads may iterate different loaders, each its own. Datasets with parts in Python are read by Python threads instead.

    Parameters
    ----------
    dataset
        the dataset, or torch's ``Subset`` of one (``random_split``), or several as a ``ConcatDataset`` or
        :class:`syncline.utils.SessionConcatDataset`, and any of these in one another. Batches then mix recordings where the order does,
        which need the same entries and shapes for it. Start times are taken as they are when the first pass begins, those of several
        datasets or with a sampler when each pass does.
    batch_size
        chunks a batch.
    shuffle
        a new order each epoch, with ``shuffle_each_epoch=True`` of start times drawn anew (the stride's share).
    seed
        of the order; without one it is drawn when the first pass begins: from torch's generator where torch has been
        imported (``torch.manual_seed`` repeats a run), by rank 0 for all processes of a torch.distributed group, which
        then begin that pass together.
    num_workers
        threads; 0 means one.
    prefetch_factor
        batches made ahead for each thread.
    drop_last
        leave a last, smaller batch out.
    pin_memory
        register the buffers with CUDA so that copies to the GPU are asynchronous; without CUDA: a warning.
    dtype
        element type of the entries, or a map device → type: float32, float16, bfloat16 (NumPy arrays of it need ml_dtypes), on
        screens uint8 too (pixels before normalisation); default: the natural ones.
    rank, world_size
        this process's share of every epoch. Without them it is settled when a pass begins: rank and size of
        the initialised torch.distributed group, else RANK and WORLD_SIZE, else 0 of 1. ``world_size=1``: whole epochs in
        every process. ``rank="env"``: as without, with a warning where a group and the two variables disagree.
    lookahead
        bytes of the recording's files that the operating system is asked to read ahead of the batches being
        made, in their order; 0: none. For recordings larger than memory on slow disks.
    output
        whose arrays batches hold: "torch" (the default where torch is installed), "numpy" or "jax". All lie in the same
        memory, but what JAX itself copies, such as float64, which it makes float32 unless ``jax_enable_x64`` is set.
    device
        where batches arrive, and with how many on their way (``prefetch``): see :meth:`to`. Default: where they are made.
    indices
        which chunks an epoch has, in this order unless shuffled, any of them several times, as with a ``Subset``; order,
        shares and states are then of these. Of a ``Subset``: places in it.
    sampler
        an iterable of indices, as torch's: an order in place of ``shuffle``. Where processes share an epoch, rank r takes its
        batches r, r + world_size, …: in a torch.distributed group of rank 0's order; with ``rank`` and ``world_size`` as numbers the
        sampler must give the same in all processes. One that shards by itself (torch's ``DistributedSampler``; it has
        ``num_replicas`` and ``rank``) is taken whole. A state has the rest of the pass as the sampler has drawn it; later passes are
        the sampler's.
    batch_sampler
        an iterable of lists of indices, in place of ``batch_size``, ``shuffle``, ``sampler`` and ``drop_last``; shared out and
        resumed likewise.
    collate_fn
        makes what the program gets of a list of items, each a view of a chunk of the finished batch; torch's ``default_collate``
        gives that batch without a copy. Called on the iterating thread, with parts in Python on one of ``num_workers``. Default: the
        batch.
    **options
        ``out_keys`` (entries of a batch), ``max_batches`` (limit on batches alive, 0: none), ``remainder``
        (``pad``, ``drop``, ``uneven``: where world_size does not divide the batches), ``readahead`` (bytes read ahead at
        once when the loader opens), ``nice`` (of the threads, 0 to 19), ``huge_pages``, ``narrow`` (see :meth:`to`), ``on_error``
        ("skip": chunks that need a missing or damaged file are left out, with a warning for each file, and batches filled from
        those that follow; "error", the default: their batch raises, naming file and chunk; not with a sampler or several
        datasets).
    prefetch
        batches on their way to ``device``.

    Raises
    ------
    ValueError
        an argument has a value that it may not have.
    TypeError
        a dataset that is none of these, or a keyword that is none of these.
    ImportError
        ``output`` names a package that is not installed.
    RuntimeError
        torch finds no CUDA device of that number.
    """

    dataset, batch_size, shuffle, seed, drop_last = SetOnce(), SetOnce(), SetOnce(), SetOnce(), SetOnce()
    num_workers, prefetch_factor, pin_memory = SetOnce(), SetOnce(), SetOnce()
    sampler, batch_sampler = _Order(), _Order()

    def __init__(
        self,
        dataset: Dataset[Entries],
        batch_size: int = 1,
        shuffle: bool = False,
        seed: int | None = None,
        num_workers: int = 0,
        prefetch_factor: int | None = 2,
        drop_last: bool = False,
        pin_memory: bool = False,
        dtype: Any = None,
        rank: int | str | None = None,
        world_size: int | None = None,
        lookahead: int = 0,
        output: str | None = None,
        indices: Iterable[int] | None = None,
        sampler: Any = None,
        batch_sampler: Any = None,
        collate_fn: Any = None,
        device: Any = None,
        prefetch: int = 2,
        **options: Unpack[LoaderOptions],
    ) -> None:
        self.dataset = dataset
        given = None if indices is None else list(indices)
        dataset, chunks, subsets = _chosen(dataset, given)
        check_exclusive(sampler, batch_sampler, batch_size, shuffle, drop_last, seed)
        sampled = sampler is not None or batch_sampler is not None or is_joined(dataset)
        if not sampled and not isinstance(dataset, ChunkDataset):
            Chunks(dataset, None)  # says what is expected
        #: subsets that the dataset is, with what they were made of
        self._subsets, self._given = subsets, given
        if not sampled and (chunks is not None or has_own_length(dataset)):
            options["indices"] = _counted(chunks, dataset)
        for name in options:
            if name not in LOADER_OPTIONS:
                raise TypeError(
                    f"syncline.DataLoader got an unexpected keyword argument {name!r}"
                    + (
                        f", which torch.utils.data.DataLoader has{_INSTEAD.get(name, '')}"
                        if name in TORCH_LOADER_OPTIONS
                        else nearest(name, LOADER_OPTIONS)
                    )
                )
        _shares.check(rank, world_size)
        self.batch_size = whole("batch_size", batch_size)
        self.shuffle = truth("shuffle", shuffle)
        self.seed = seed
        self.num_workers = whole("num_workers", num_workers, LOADER_RANGES)
        self.prefetch_factor = 2 if prefetch_factor is None else whole("prefetch_factor", prefetch_factor, LOADER_RANGES)
        self.drop_last = truth("drop_last", drop_last)
        self._told = rank, world_size
        self.collate_fn = collate_fn
        parts = Chunks(dataset, chunks) if sampled else None
        datasets = [dataset] if parts is None else parts.datasets
        self._python = any(d._items_in_python for d in datasets)
        for own in dict.fromkeys(type(d) for d in datasets if type(d).__getitems__ is not ChunkDataset.__getitems__):
            warn(
                f"{own.__name__}.__getitems__ is not called: syncline.DataLoader reads chunks itself, or asks {own.__name__}.__getitem__ where "
                "that is the class's own; torch.utils.data.DataLoader calls it",
            )
        threads = max(1, self.num_workers)
        if pin_memory and not native.cuda_available():
            warn("pin_memory=True: no CUDA device here, memory is not pinned")
            pin_memory = False
        self.pin_memory = truth("pin_memory", pin_memory)
        if self.pin_memory and self._python:
            warn("pin_memory=True: batches of a dataset with parts in Python are not pinned")
        self._output = Output(output)
        types = {} if dtype is None else element_types(dtype, dict.fromkeys(name for d in datasets for name in d.device_names))
        self._output.check_types(types)
        advise_of_entries(dtype, options.get("out_keys"), datasets)
        # what is refused where items are made in Python
        self._asked = {**options, "dtype": dtype, "lookahead": lookahead, "on_error": options.get("on_error") not in (None, "error")}
        if self._python:
            self._refuse_in_python()
        narrow = truth("narrow", options.pop("narrow", True))
        self._sampled: SampledBatches | None = None
        if parts is not None:
            if sampler is not None:
                self.sampler = sampler
            if batch_sampler is not None:
                self.batch_sampler = batch_sampler
            self._plain_options = ring_options({**options, "dtype": dtype, "lookahead": lookahead}, self.pin_memory, parts.datasets)
            self._sampled = self._open_sampled(parts, sampler, batch_sampler, {**options, "dtype": dtype, "lookahead": lookahead})
            self._aim(device, prefetch, narrow)
            return
        self._whole = dataset
        if options.get("shuffle_each_epoch") and dataset._draws_itself:
            raise ArgumentError(
                f"shuffle_each_epoch: this loader draws from all start times itself, and {type(dataset).__name__} has methods of its own for them; "
                "syncline.utils.MultiEpochsDataLoader(shuffle_each_epoch=True) calls its shuffle_valid_screen_times"
            )
        # without what a device needs
        self._plain_options = {
            "batch_size": self.batch_size,
            "shuffle": self.shuffle,
            "drop_last": self.drop_last,
            "threads": threads,
            "prefetch": max(1, self.prefetch_factor * threads),
            "types": types,
            "pin_memory": self.pin_memory,
            "indices_only": self._python,
            "lookahead": whole("lookahead", lookahead),
            **options,
        }
        self._aim(device, prefetch, narrow)
        self._seed = _shares.Seed(seed, bool(self.shuffle or options.get("shuffle_each_epoch")))
        share = _shares.foreseen(*self._told)
        if share[1] == 1 and not _shares.torch_imported():
            self._seed.drawn()
        # those that serve a pass, and one that does not
        try:
            self._sources = [self._open(share)]
        except SynclineError as error:
            raise short(error)
        # whether there was a pass
        self._begun = False
        self._passes: list[_Pass] = []
        # the pass that states are of: the one that yielded last; None between passes
        self._current: _Pass | None = None
        # the epoch of the next iteration
        self._next = 0
        # what load_state_dict has prepared: its loader, where it stands, the epoch after its pass
        self._restored: tuple[_Source, tuple[int, int], int] | None = None
        self._keys: tuple[list[str], list[str]] | None = None

    def _refuse_in_python(self) -> None:
        refuse_in_python(("shuffle_each_epoch", "on_error", *RING_OPTIONS), self._asked)

    def _open_sampled(self, chunks: Chunks, sampler: Any, batch_sampler: Any, options: Mapping[str, Any]) -> SampledBatches:
        """Make what this loader does where Python says the order."""
        if options.get("shuffle_each_epoch"):
            raise ValueError(
                "shuffle_each_epoch: a loader of one dataset in an order of its own draws start times anew; here call "
                "shuffle_valid_screen_times of the datasets before a pass"
            )
        if options.get("on_error") not in (None, "error"):
            raise ValueError(
                f"on_error is {options['on_error']!r}: with a sampler, a batch_sampler or several datasets the order of chunks is the "
                "program's, and nothing is left out of it; expected 'error' or None, or a loader of one dataset with shuffle or indices"
            )
        remainder = options.get("remainder") or "pad"
        _shares.check_remainder(remainder)
        threads = max(1, self.num_workers)
        return SampledBatches(
            chunks,
            sampler,
            batch_sampler,
            self.batch_size,
            self.shuffle,
            self.drop_last,
            self.seed,
            self._told,
            remainder,
            threads,
            max(1, self.prefetch_factor * threads),
            self._plain_options,
            self._output,
            *self._collaters(),
        )

    @property
    def collate_fn(self) -> Any:
        """What makes what the program gets of a list of items; None: batches are given as they are. May be set."""
        return self._collate_fn

    @collate_fn.setter
    def collate_fn(self, collate_fn: Any) -> None:
        self._collate_fn = collate_fn
        if "_aimed" in self.__dict__:
            if self._sampled is not None:
                self._sampled.collate, self._sampled.collate_items = self._collaters()
            self._aim(*self._aimed)

    def _collaters(self) -> tuple[Any, Any]:
        """Return what makes what the program gets of a batch read whole, and of a list of items."""
        return (lambda batch: batch) if self.collate_fn is None else self._collate, self.collate_fn or self._output.stacked

    def _collate(self, batch: dict[str, Any]) -> Any:
        return self.collate_fn(made_items(batch))

    def _aim(self, device: Any, prefetch: int, narrow: bool) -> None:
        self._aimed = device, prefetch, narrow
        # what collate_fn gets are the pixels that it would get on the processor
        self._target = target_of(device, prefetch, narrow and (device is None or self.collate_fn is None), self._output)
        self._readdress()

    def _readdress(self) -> None:
        """Let further passes have the options of now."""
        if self._sampled is not None:
            datasets = {} if self._sampled.in_python() else {id(d): d for d in self._sampled.datasets()}
            options, self._widenings = ring_for(self._target, self._plain_options, datasets)
            self._sampled.read_with(options)
        elif self._python:
            self._options, self._widenings = self._plain_options, {}
        else:
            self._options, widenings = ring_for(self._target, self._plain_options, {None: self._whole})
            self._widenings = widenings.get(None, {})

    @property
    def rank(self) -> int:
        """This process's number among those that share an epoch, as far as it is known now."""
        return self._foreseen()[0]

    @property
    def world_size(self) -> int:
        """How many processes share an epoch, as far as it is known now."""
        return self._foreseen()[1]

    def _foreseen(self) -> tuple[int, int]:
        return _shares.foreseen(*self._told) if self._sampled is None else self._sampled.foreseen()

    @one_line
    def __repr__(self) -> Iterator[str]:
        yield repr(self.dataset)
        yield f"batch_size={self.batch_size}"
        yield f"shuffle={self.shuffle}"
        if self._sampled is None:  # a sampler need not know its length
            yield count(self._sources[0].length, "batch")

    def __len__(self) -> int:
        """Return the batches of an epoch that this process gets; before the first pass: by what is known of its share.

        Raises
        ------
        TypeError
            a sampler without a length.
        """
        if self._sampled is not None:
            return len(self._sampled)
        self._follow()
        share = _shares.foreseen(*self._told)
        found = next((s for s in self._sources if s.share == share and self._is_current(s)), None)
        return (found or self._idle_source(share)).length

    def _follow(self) -> None:
        """Read the chunks that a Subset has now, and by what makes items now, which a program may have changed since the pass before."""
        if not self._python and self._whole._items_in_python:
            # a device or a transform of the program's own has come
            self._refuse_in_python()
            self._python = True
            self._plain_options = {**self._plain_options, "indices_only": True}
            self._readdress()
        if all(same_parts(part, then) for part, then in self._subsets):
            return
        dataset, chunks, subsets = _chosen(self.dataset, self._given)
        if dataset is not self._whole:
            raise ValueError(
                f"dataset: the Subset is of another dataset than when the loader was made, {dataset!r} in place of {self._whole!r}: make the "
                "loader anew"
            )
        self._subsets = subsets
        self._plain_options = {**self._plain_options, "indices": _counted(chunks, dataset)}
        self._readdress()

    def _is_current(self, source: _Source) -> bool:
        """Return whether a loader of Java's has this loader's options and the start times that the dataset has now."""
        if source.options is not self._options:
            return False
        return self._restored is not None or source.revision is self._whole._revision

    def __iter__(self) -> Iterator[Entries]:
        if self._sampled is not None:
            if not self._python and self._sampled.in_python():
                self._refuse_in_python()
                self._python = True
                self._readdress()
            sampled = iter(self._sampled)
            recipe = recipes_by_row([self._widenings.get(id(d), {}) for d in sampled.chunks.datasets])
            return self._sent(sampled, lambda batch: recipe(sampled.places), self._plain_options.get("max_batches") or 0)
        self._follow()
        share = _shares.share(*self._told)
        self._seed.settle(share[1], self._restored is not None)
        if self._restored is not None:
            source, (epoch, position), after = self._restored
            source = self._reshared(source, share)
            self._restored = None
        else:
            epoch, position, after = self._next, 0, self._next + 1
            source = self._idle_source(share, epoch)
            if source.epoch != epoch:
                with as_user_warnings():
                    native.loader_begin_epoch(source.handle, epoch)
        self._next = after
        self._begun = True
        source.epoch = None
        made = _Pass(source, self._output.legacy and not self._python, not self._options["pin_memory"], epoch, position)
        batches = _PythonBatches(self, made) if self._python else _Batches(self, made)
        made.iterator = weakref.ref(batches)
        self._passes.append(made)
        self._current = made
        widenings = self._widenings
        return self._sent(batches, lambda batch: widenings, self._options.get("max_batches") or 0)

    def _open(self, share: tuple[int, int], seed: int | None = None) -> _Source:
        """Open a loader of Java's; one whose seed is not drawn yet checks the options, counts, and is no use for a pass."""
        rank, size = share
        options = {**self._options, "rank": rank, "world_size": size}
        if seed is None:
            seed = self._seed.value
        if seed is None and self._seed.draws:
            seed = random.SystemRandom().randrange(1 << 32)
            options.update(threads=1, prefetch=1)
        with as_user_warnings(*OF_ENTRIES):
            handle = native.loader_open([self._whole._handle], {**options, "seed": seed})
            # within it, too: its threads read already, and warn at whatever call comes next
            return _Source(handle, self._options, self._whole._revision, share, seed)

    def _idle_source(self, share: tuple[int, int], epoch: int | None = None, seed: int | None = None) -> _Source:
        """Return a loader of Java's that serves no pass: one that comes to the epoch next, another, or a new one."""
        if seed is None:
            seed = self._seed.value
        self._passes = [p for p in self._passes if p.under_way()]
        busy = [p.source for p in self._passes]
        if self._restored is not None:
            busy.append(self._restored[0])
        idle = [s for s in self._sources if s not in busy]
        fitting = [s for s in idle if s.share == share and (s.seed == seed or not self._seed.draws) and self._is_current(s)]
        best = next((s for s in fitting if s.epoch == epoch), fitting[0] if fitting else None)
        if best is None:
            best = self._open(share, seed)
            model = self._sources[0]
            same_chunks = model.revision is best.revision and all(model.options.get(k) == best.options.get(k) for k in ("indices", "indices_only"))
            if self._begun and model.seed == seed and same_chunks:
                self._take_after(best, model, epoch or 0)
            self._sources.append(best)
        for source in idle:
            if source is not best:
                self._sources.remove(source)
                source.handle.close()
        return best

    def _take_after(self, source: _Source, model: _Source, epoch: int, position: int = 0) -> None:
        """Let a loader of Java's stand somewhere in the order of another one."""
        try:
            with as_user_warnings():
                native.loader_restore(source.handle, {**native.loader_state(model.handle), "epoch": epoch, "position": position})
        except StateError as changed:
            source.handle.close()
            raise StateError(
                "the dataset has changed since the loader was made, which can then serve one iteration at a time, of one share; "
                f"finish that, or make a loader anew: {changed}"
            ) from None
        source.epoch = epoch if position == 0 else None

    def _reshared(self, source: _Source, share: tuple[int, int]) -> _Source:
        """Return a loader of Java's that stands where one was restored to, of the share and options that there are by now."""
        if source.share == share and source.options is self._options:
            return source
        _, (epoch, position), _ = self._restored
        new = self._open(share)
        self._take_after(new, source, epoch, position)
        self._sources.remove(source)
        self._sources.append(new)
        source.handle.close()
        return new

    def begin_epoch(self, epoch: int) -> None:
        """Let the next iteration be this epoch's, from 0, or with -1 the next one's; iterating goes on with the one after.

        Parameters
        ----------
        epoch
            from 0; -1 for the next one.
        """
        epoch = whole("epoch", epoch)
        if epoch < -1:
            raise ValueError(f"epoch is {epoch}, expected 0 or more, or -1")
        if self._sampled is not None:
            self._sampled.begin_epoch(epoch)
            return
        if epoch >= 0:
            self._next = epoch
        self._current = self._restored = None

    def _names(self, source: _Source) -> tuple[list[str], list[str]]:
        """Return the names of a batch's tensors, known with the first one: entries, then timestamps."""
        with as_user_warnings():
            layout = native.loader_info(source.handle)["sessions"][0]["layout"]
        keys = [entry["key"] for entry in layout if not entry["timestamps"]]
        self._keys = keys, [entry["key"] for entry in layout if entry["timestamps"]]
        return self._keys

    @staticmethod
    def _behind(source: _Source, info: Any) -> tuple[int, int]:
        """Return epoch and position after a batch, as Java counts: ranks take turns."""
        rank, size = source.share
        return info.epoch, info.index - rank + size

    def _end(self, ended: _Pass) -> None:
        ended.ended = True
        ended.source.epoch = ended.stands[0] + 1
        # states are of what is still under way, if anything is
        self._current = next((p for p in reversed(self._passes) if p.under_way()), None)

    def _read(self, indices: list[Any], epoch: int) -> Any:
        with drawing(self.seed, epoch):
            items = [self._whole[i] for i in indices]
        return (self.collate_fn or self._output.stacked)(items)

    @brief
    def state_dict(self) -> dict[str, Any]:
        """Return where the loader stands: after the batch yielded last. JSON-able, picklable, and small but for a sampler's rest.

        Raises
        ------
        TypeError
            in the middle of a pass of a sampler without a length.
        """
        if self._sampled is not None:
            return {"version": _STATE_VERSION, "loader": self._sampled.state()}
        current = self._current
        if self._restored is not None:
            source, stands, after = self._restored
        elif current is not None:
            source, stands, after = current.source, current.stands, self._next
        else:
            seed = self._seed.drawn()
            fitting = [s for s in self._sources if (s.seed == seed or not self._seed.draws) and self._is_current(s)]
            source = fitting[0] if fitting else self._idle_source(_shares.foreseen(*self._told), self._next)
            stands, after = (self._next, 0), self._next + 1
        with as_user_warnings():
            inner = native.loader_state(source.handle)
        epoch, position = stands
        if inner["epoch"] == epoch:
            # Java counts what it handed over; a batch that Ctrl-C kept from the program was not yielded
            position = min(position, inner["position"])
        inner["epoch"], inner["position"] = epoch, position
        state = {"version": _STATE_VERSION, "loader": inner}
        if after != stands[0] + 1:
            state["next_epoch"] = after
        return state

    @brief
    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Let the next iteration continue with exactly the batch after the one where the state was taken.

        Parameters
        ----------
        state
            as :meth:`state_dict` gives it; JSON may have held it in between.

        Raises
        ------
        ValueError
            the state belongs to other data or another configuration; the message says what differs.
        """
        if not isinstance(state, Mapping) or "loader" not in state:
            found = f"keys {sorted(map(str, state))}" if isinstance(state, Mapping) else type(state).__name__
            raise StateError(f"not a state of syncline.DataLoader: {found}")
        version = state.get("version", _STATE_VERSION)
        if not isinstance(version, int) or version != _STATE_VERSION:
            raise StateError(
                f"the state has version {version!r}, expected {_STATE_VERSION}: it comes from another version of Syncline"
            )
        if self._sampled is not None:
            self._sampled.restore(state["loader"])
            return
        if isinstance(state["loader"], Mapping) and "settings" in state["loader"] and "format" not in state["loader"]:
            raise StateError("the state is of a loader with a sampler or several datasets; this one has one dataset in an order of its own")
        seed = self._seed.of_state(state["loader"].get("seed") if isinstance(state["loader"], Mapping) else None)
        following = state.get("next_epoch", 0)
        if not isinstance(following, int) or following < 0:
            raise StateError(f"the state's next_epoch: found {following!r}, expected a whole number from 0")
        source = self._idle_source(_shares.foreseen(*self._told), seed=seed)
        native.loader_restore(source.handle, state["loader"])
        self._seed.value = seed
        source.epoch = None
        restored = native.loader_state(source.handle)
        self._restored = source, (restored["epoch"], restored["position"]), state.get("next_epoch", restored["epoch"] + 1)
        self._current = None

    @brief
    def statistics(self) -> dict[str, Any]:
        """Return times, bytes and waits of each stage since the loader was made, and ``summary``, one line."""
        if self._sampled is not None:
            return self._sampled.statistics()
        source = self._sources[0] if self._current is None else self._current.source
        with as_user_warnings():
            return native.loader_statistics(source.handle)

    def close(self) -> None:
        """Stop the threads; batches that are kept stay valid. Any number of times."""
        self._drop_moved()
        if self._sampled is not None:
            self._sampled.close()
            return
        for source in self._sources:
            source.handle.close()

    def __enter__(self) -> DataLoader:
        return self

    def __exit__(self, *exc: Any) -> None:
        self.close()

    def __getattr__(self, name: str) -> Any:
        if name in ("sampler", "batch_sampler"):
            # asked for by engines that would put one of their own in its place
            raise AttributeError(
                f"syncline.DataLoader has no {name} unless it was given one: it gives each process its share by itself, and load_state_dict "
                "goes on in the middle of an epoch. Leave out what would put another one in its place: Ray Train's prepare_data_loader, "
                "Accelerate's skip_first_batches"
            )
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __getstate__(self) -> dict[str, Any]:
        raise TypeError("a DataLoader holds threads and cannot be pickled; pickle its dataset and its state_dict()")
