# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Items that torch's loader asks for a batch at a time: views of one batch, which its default_collate gives back as it is.

The batches of all datasets of a process come from one ring, so that hundreds of datasets take the memory of one.
"""

from __future__ import annotations

import sys
import threading
import weakref
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ._arguments import chunk_index
from ._feed import FedBatches, Feed, Named, processors
from ._native.functions import dataset_length
from ._native.library import forked, start
from ._outputs import Output
from ._torch import collated_by, is_tensor

# ---- items -----------------------------------------------------------------------------------------------------------


class Item(dict):
    """One chunk of a batch: a dict as ``dataset[i]`` makes it, whose values are views of row i of the batch."""

    __slots__ = ("made", "row")

    def __copy__(self) -> dict[str, Any]:
        return dict(self)

    def __reduce__(self) -> tuple[Any, ...]:
        # alone it takes its own memory along, not that of the whole batch
        return dict, (_cloned(self),)


def _cloned(values: Any) -> Any:
    if isinstance(values, Mapping):
        return {key: _cloned(v) for key, v in values.items()}
    return values.clone() if is_tensor(values) else values.copy()


def _unmoved(views: Sequence[Any], base: Any) -> bool:
    """Whether tensors are still the rows of ``base``; in place they may have got another form or memory."""
    shape, stride, dtype = base.shape[1:], base.stride()[1:], base.dtype
    address, step = base.data_ptr(), base.stride(0) * base.element_size() if base.numel() else 0
    return all(
        v.data_ptr() == address + row * step
        and v.shape == shape
        and v.stride() == stride
        and v.dtype == dtype
        and not v.requires_grad
        for row, v in enumerate(views)
    )


class _Made:
    """A batch whose items are in the program's hands."""

    __slots__ = ("batch", "views")

    def __init__(self, batch: dict[str, Any]) -> None:
        self.batch: dict[str, Any] | None = batch
        #: name of an entry, or None and the name of a timestamp → a view for each row
        self.views = {key: _rows(v) for key, v in batch.items() if key != "timestamps"}
        stamps = batch.get("timestamps")
        self.views.update({(None, key): _rows(v) for key, v in (stamps or {}).items()})

    def items(self, count: int) -> list[Item]:
        stamped = "timestamps" in self.batch
        out = []
        for row in range(count):
            item = Item()
            item.made, item.row = self, row
            stamps = {}
            for key, views in self.views.items():
                if type(key) is tuple:
                    stamps[key[1]] = views[row]
                else:
                    item[key] = views[row]
            if stamped:
                item["timestamps"] = stamps
            out.append(item)
        return out

    def is_whole(self, samples: Sequence[Any]) -> bool:
        """Whether samples are the items of this batch, all of them, in their order, with the values that they were made with."""
        batch = self.batch
        if batch is None or any(len(samples) != len(views) for views in self.views.values()):
            return False
        stamps = batch.get("timestamps", {})
        for row, item in enumerate(samples):
            if type(item) is not Item or item.made is not self or item.row != row or len(item) != len(batch):
                return False
            times = item.get("timestamps", {})
            if type(times) is not dict or len(times) != len(stamps):
                return False
            for key, views in self.views.items():
                if (times.get(key[1]) if type(key) is tuple else item.get(key)) is not views[row]:
                    return False
        return all(_unmoved(views, stamps[key[1]] if type(key) is tuple else batch[key]) for key, views in self.views.items())


def made_items(batch: dict[str, Any]) -> list[Item]:
    """Return the chunks of a batch, as a ``collate_fn`` gets them: torch's default_collate makes the batch of them again."""
    made = _Made(batch)
    return made.items(len(next(iter(made.views.values()), ())))


def _rows(values: Any) -> Sequence[Any]:
    # of one axis, too, rows are views
    return values.unbind(0) if is_tensor(values) else [values[row, ...] for row in range(len(values))]


def collate_items(samples: Sequence[Any], *, collate_fn_map: Any = None) -> Any:
    """Return the batch that the samples are the items of, once; any other list is stacked as torch stacks dicts."""
    from torch.utils.data._utils import collate as torchs

    made = getattr(samples[0], "made", None)
    stacks = (collate_fn_map or {}).get(sys.modules["torch"].Tensor)
    if made is not None and stacks is torchs.collate_tensor_fn and made.is_whole(samples):
        # a second time there must be a second batch
        batch, made.batch = made.batch, None
        return batch
    return torchs.collate([dict(s) if isinstance(s, Item) else s for s in samples], collate_fn_map=collate_fn_map)


collated_by(Item, collate_items)

# ---- reading ---------------------------------------------------------------------------------------------------------


class _Reader:
    """Reads batches of any number of datasets, which join one ring when they are first read."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._feed: Feed | None = None
        self._pass: FedBatches | None = None
        self._members: list[weakref.ref] = []
        # of each member, when the ring was opened
        self._revisions: list[Any] = []
        self._lengths: list[int] = []
        # the most chunks of a batch
        self._capacity = 0
        self._plan: dict[int, Named] = {}
        self._named = 0
        # where a batch begins that follows the one before without a gap
        self._follows: tuple[int, int] | None = None
        # a batch that was named before anybody asked for it: its number, and what it is of
        self._ahead: tuple[int, tuple[int, list[int]]] | None = None

    def read(self, dataset: Any, indices: list[int], beside: Iterable[Any] = ()) -> dict[str, Any]:
        """Return a batch, read by all threads of the ring; where it follows the one before, the one after it is begun.

        Parameters
        ----------
        dataset
            one that Java reads whole.
        indices
            from 0 to one less than its length.
        beside
            datasets that will be read as well: all join at once.
        """
        start()  # raises in a forked child, where the lock may be closed for ever
        with self._lock:
            try:
                return self._read(self._place(dataset, len(indices), beside), indices)
            except Exception:
                self._shut()
                raise

    def _place(self, dataset: Any, size: int, beside: Iterable[Any]) -> int:
        """Return the place of a dataset in the ring, which is opened anew where it cannot read the dataset as it is now."""
        members = [ref() for ref in self._members]
        place = next((i for i, d in enumerate(members) if d is dataset), None)
        if (
            self._feed is not None
            and place is not None
            and self._revisions[place] is dataset._revision
            and size <= self._capacity
            and not any(d is None for d in members)
        ):
            return place
        self._shut()
        joined = {id(d): d for d in (*members, *beside) if d is not None and d._handle.value}
        joined[id(dataset)] = dataset
        lengths = [dataset_length(d._handle) for d in joined.values()]
        kept = [(d, n) for d, n in zip(joined.values(), lengths) if n]
        self._capacity = max(self._capacity if len(kept) > 1 else 0, size)
        self._members = [weakref.ref(d, self._forget) for d, _ in kept]
        self._revisions = [d._revision for d, _ in kept]
        self._lengths = [n for _, n in kept]
        self._feed = Feed([weakref.proxy(d) for d, _ in kept], self._capacity, _threads(), prefetch=1)
        self._pass = self._feed.batches(self._plan.get)
        return next(i for i, (d, _) in enumerate(kept) if d is dataset)

    def _read(self, place: int, indices: list[int]) -> dict[str, Any]:
        batches, plan = self._pass, self._plan
        for number in [n for n in plan if n < batches.behind]:
            del plan[number]
        if self._ahead is not None and self._ahead[1] == (place, indices):
            wanted = self._ahead[0]
        else:
            wanted = self._name(place, indices)
        self._ahead = None
        first, end = indices[0], indices[0] + len(indices)
        contiguous = indices == list(range(first, end))
        if contiguous and self._follows == (place, first) and end < self._lengths[place]:
            following = list(range(end, min(end + len(indices), self._lengths[place])))
            self._ahead = self._name(place, following), (place, following)
        self._follows = (place, end) if contiguous else None
        while True:
            number = batches.behind
            try:
                _, batch = next(batches)
            except Exception:
                if number >= wanted:
                    raise
                continue  # of a batch that nobody waits for
            if number == wanted:
                return batch

    def _name(self, place: int, indices: list[int]) -> int:
        number = self._named
        self._plan[number] = (place, indices, None)
        self._named = number + 1
        return number

    def _shut(self) -> None:
        """Close the ring; batches stay valid."""
        feed, self._feed, self._pass = self._feed, None, None
        self._plan = {}
        self._named = 0
        self._follows = self._ahead = None
        if feed is not None:
            feed.close()

    def _forget(self, _: Any) -> None:
        """Let go of the files of a dataset that is gone; a read under way does it when the next one begins."""
        if self._lock.acquire(blocking=False):
            try:
                self._shut()
            finally:
                self._lock.release()

    def leave(self, dataset: Any) -> None:
        """Let go of the files of a dataset that is being closed."""
        if forked():
            return
        with self._lock:
            if any(ref() is dataset for ref in self._members):
                self._shut()
                self._members = [ref for ref in self._members if ref() is not dataset]


def _threads() -> int:
    data = sys.modules.get("torch.utils.data")
    worker = data and data.get_worker_info()
    return max(1, processors() // (worker.num_workers if worker else 1))


_reader = _Reader()

#: Lets go of the files of a dataset that is being closed.
leave = _reader.leave


def items(dataset: Any, indices: Iterable[Any], beside: Iterable[Any] = ()) -> list[Any]:
    """Return the chunks of a ChunkDataset at indices, read together where Java reads them whole and no other arrays are asked for.

    Parameters
    ----------
    dataset
        a ChunkDataset.
    indices
        whole numbers; negative ones count from the end.
    beside
        datasets that will be read as well.
    """
    wanted = [chunk_index(i, "indices") for i in indices]
    if wanted and not dataset._items_in_python and dataset._layout and dataset._output.name == Output().name:
        length = dataset_length(dataset._handle)
        if min(wanted) >= 0 and max(wanted) < length:
            return _Made(_reader.read(dataset, wanted, beside)).items(len(wanted))
    return [dataset[i] for i in wanted]
