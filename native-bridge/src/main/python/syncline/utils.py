# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Cyclers over loaders, session samplers and the fast session loader, with the original's names and orders."""

from __future__ import annotations

import bisect
import itertools
import operator
import warnings
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ._torch import Dataset, Sampler, collate, is_tensor, torch_or_none

__all__ = [
    "Exhauster",
    "FastSessionDataLoader",
    "LongCycler",
    "MultiEpochsDataLoader",
    "SessionBatchSampler",
    "SessionConcatDataset",
    "SessionSpecificSampler",
    "ShortCycler",
    "add_behavior_as_channels",
    "cycle",
    "replace_nan_with_batch_mean",
]


def cycle(iterable: Iterable) -> Iterator:
    """Yield the items of an iterable again and again; an iterable without items ends at once."""
    while True:
        empty = True
        for item in iterable:
            empty = False
            yield item
        if empty:
            return


class _Cycler:
    """Joins loaders of several sessions; iterating yields ``(data key, batch)``."""

    def __init__(self, loaders: Mapping[Any, Any]) -> None:
        self.loaders = loaders

    def _round_robin(self, rounds: int) -> Iterator:
        cycles = {key: cycle(loader) for key, loader in self.loaders.items()}
        for _ in range(rounds):
            for key, batches in cycles.items():
                try:
                    batch = next(batches)
                except StopIteration:
                    continue  # a session without a single batch
                yield key, batch


class LongCycler(_Cycler):
    """Visits the sessions in turn until the longest has ended; shorter ones start again.

    The length is the number of sessions times the longest session's batches.
    """

    def __init__(self, loaders: Mapping[Any, Any]) -> None:
        super().__init__(loaders)
        self.max_batches = max((len(loader) for loader in loaders.values()), default=0)

    def __iter__(self) -> Iterator:
        return self._round_robin(self.max_batches)

    def __len__(self) -> int:
        return len(self.loaders) * self.max_batches


class ShortCycler(_Cycler):
    """Visits the sessions in turn until the shortest has ended.

    The length is the number of sessions times the shortest session's batches.
    """

    def __init__(self, loaders: Mapping[Any, Any]) -> None:
        super().__init__(loaders)
        self.min_batches = min((len(loader) for loader in loaders.values()), default=0)

    def __iter__(self) -> Iterator:
        return self._round_robin(self.min_batches)

    def __len__(self) -> int:
        return len(self.loaders) * self.min_batches


class Exhauster(_Cycler):
    """Visits each session whole, one after the other; the length is the sum."""

    def __iter__(self) -> Iterator:
        for key, loader in self.loaders.items():
            for batch in loader:
                yield key, batch

    def __len__(self) -> int:
        return sum(len(loader) for loader in self.loaders.values())


def _read_by_java(dataset: Any) -> bool:
    """Whether a dataset is one of ours, with our length: a subclass with a length of its own has an order of its own."""
    from .datasets import ChunkDataset

    return isinstance(dataset, ChunkDataset) and type(dataset).__len__ is ChunkDataset.__len__


def _generator(seed: int | None) -> np.random.RandomState:
    return np.random.RandomState(seed)


def _warn_of_unknown(where: str, given: Mapping[str, Any], known: Sequence[str]) -> None:
    from .loader import _TORCHS, _nearest

    for name in given:
        if name not in known and name not in _TORCHS:
            names = ["batch_size", "shuffle", "shuffle_each_epoch", *known]
            warnings.warn(f"{where}: {name} is not known and changes nothing{_nearest(name, names)}", UserWarning, stacklevel=3)


class MultiEpochsDataLoader:
    """Iterates over batches of one dataset, epoch after epoch, without starting its workers anew.

    Takes the arguments of ``torch.utils.data.DataLoader``. A ChunkDataset is read by Java threads (``num_workers`` of them)
    unless an argument asks for torch's own way (``sampler``, ``batch_sampler``, ``collate_fn``, ``worker_init_fn``); every
    other dataset is read by a torch DataLoader.

    Args:
        shuffle_each_epoch: call the dataset's ``shuffle_valid_screen_times`` before each epoch.
    """

    _TORCHS_OWN = ("sampler", "batch_sampler", "collate_fn", "worker_init_fn", "multiprocessing_context", "generator")
    _JAVAS = (
        "num_workers",
        "prefetch_factor",
        "drop_last",
        "pin_memory",
        "seed",
        "dtype",
        "rank",
        "world_size",
        "lookahead",
    )

    def __init__(
        self,
        dataset: Any,
        batch_size: int = 1,
        shuffle: bool = False,
        *args: Any,
        shuffle_each_epoch: bool = False,
        **kwargs: Any,
    ) -> None:
        self.shuffle_each_epoch = bool(shuffle_each_epoch)
        self.dataset = dataset
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.num_workers = kwargs.get("num_workers", 0)
        self._args = args
        self._kwargs = kwargs
        own = args or any(kwargs.get(k) is not None for k in self._TORCHS_OWN)
        self.drop_last = bool(kwargs.get("drop_last", False))
        self.pin_memory = bool(kwargs.get("pin_memory", False))
        self.prefetch_factor = kwargs.get("prefetch_factor")
        self.collate_fn = kwargs.get("collate_fn") or collate
        self._java = _read_by_java(dataset) and not own
        if self._java:
            _warn_of_unknown(type(self).__name__, kwargs, self._JAVAS)
        self._loader: Any = None
        self._epochs = 0

    def _make(self) -> Any:
        if self._java:
            from .loader import DataLoader

            options = {k: v for k, v in self._kwargs.items() if k in self._JAVAS}
            if self.shuffle and options.get("seed") is None and torch_or_none() is not None:
                # torch.manual_seed makes runs alike, as it does with torch's own loader
                options["seed"] = int(torch_or_none().initial_seed() % (1 << 32))
            loader = DataLoader(self.dataset, self.batch_size, self.shuffle, **options)
            if self._kwargs.get("pin_memory") and not loader.pin_memory:
                self._kwargs["pin_memory"] = False  # said once, not each epoch
            return loader
        torch = torch_or_none()
        if torch is None:
            raise ImportError("MultiEpochsDataLoader reads datasets that are not Syncline's with torch: pip install torch")
        import torch.utils.data

        options = dict(self._kwargs)
        if not options.get("num_workers"):
            options.pop("prefetch_factor", None)
        elif "persistent_workers" not in options:
            # workers hold a copy of the dataset: with an order drawn anew they must be made anew
            options["persistent_workers"] = not self.shuffle_each_epoch
        return torch.utils.data.DataLoader(self.dataset, self.batch_size, self.shuffle, *self._args, **options)

    def __len__(self) -> int:
        if self._loader is None:
            self._loader = self._make()
        return len(self._loader)

    def __iter__(self) -> Iterator:
        if self.shuffle_each_epoch:
            self.dataset.shuffle_valid_screen_times()
            if self._java and self._loader is not None:
                self._loader.close()
                self._loader = None
        if self._loader is None:
            self._loader = self._make()
            if self._java and self._epochs:
                # a loader made anew would shuffle every epoch as the first
                self._loader.begin_epoch(self._epochs)
        self._epochs += 1
        return iter(self._loader)


class SessionConcatDataset(Dataset):
    """One index over the datasets of several sessions; those without samples are left out.

    Args:
        datasets: map-style datasets, one a session.
        session_names: their names; default: each dataset's ``data_key``, else ``session_i``.

    Raises:
        ValueError: two sessions with one name, or another number of names than datasets.
    """

    def __init__(self, datasets: Sequence[Any], session_names: Sequence[str] | None = None) -> None:
        datasets = list(datasets)
        if session_names is None:
            session_names = [getattr(d, "data_key", None) or f"session_{i}" for i, d in enumerate(datasets)]
        session_names = list(session_names)
        if len(session_names) != len(datasets):
            raise ValueError(f"{len(datasets)} datasets but {len(session_names)} session names")
        repeated = sorted({str(n) for n in session_names if session_names.count(n) > 1})
        if repeated:
            raise ValueError(f"session names must differ, more than one session is called {', '.join(repeated)}")
        kept = [(d, n) for d, n in zip(datasets, session_names) if len(d) > 0]
        self.datasets = [d for d, _ in kept]
        self.session_names = [n for _, n in kept]
        self.cumulative_sizes = np.cumsum([len(d) for d in self.datasets]).tolist()
        self.session_indices = {}
        start = 0
        for name, end in zip(self.session_names, self.cumulative_sizes):
            self.session_indices[name] = (start, end)
            start = end

    def __len__(self) -> int:
        return self.cumulative_sizes[-1] if self.cumulative_sizes else 0

    def _locate(self, idx: int) -> tuple[int, int]:
        n = len(self)
        i = operator.index(idx)
        if i < 0:
            i += n
        if not 0 <= i < n:
            raise IndexError(f"index {idx} is out of range for {n} samples")
        session = bisect.bisect_right(self.cumulative_sizes, i)
        return session, i - (self.cumulative_sizes[session - 1] if session else 0)

    def __getitem__(self, idx: int) -> Any:
        session, local = self._locate(idx)
        return self.datasets[session][local]

    def get_session_for_idx(self, idx: int) -> str:
        """Return the name of the session that an index belongs to."""
        return self.session_names[self._locate(idx)[0]]

    def get_indices_for_session(self, session_name: str) -> list[int]:
        """Return the indices of a session in their natural order; an empty list for an unknown name."""
        return list(range(*self.session_indices.get(session_name, (0, 0))))

    def get_sessions_count(self) -> dict:
        """Return the number of samples of each session, by name."""
        return {name: end - start for name, (start, end) in self.session_indices.items()}


def _batch_count(samples: int, batch_size: int, drop_last: bool) -> int:
    return samples // batch_size if drop_last else -(-samples // batch_size)


class SessionSpecificSampler(Sampler):
    """Yields the batches of one session as lists of indices; shuffled afresh each epoch from the natural order.

    The generator runs on across epochs. :meth:`get_state` in the middle of an epoch is exact: it holds the generator as
    it was when the epoch began and the number of batches already taken.
    """

    def __init__(
        self,
        indices: Sequence[int],
        batch_size: int,
        drop_last: bool = False,
        shuffle: bool = False,
        seed: int | None = None,
    ) -> None:
        if batch_size < 1:
            raise ValueError(f"batch_size must be positive, got {batch_size}")
        self.indices = list(indices)
        self.batch_size = int(batch_size)
        self.drop_last = drop_last
        self.shuffle = shuffle
        self.seed = seed
        self.rng = _generator(seed)
        self.position = 0
        self._resume = 0
        self._epoch_rng_state = self.rng.get_state()

    def __len__(self) -> int:
        return _batch_count(len(self.indices), self.batch_size, self.drop_last)

    @property
    def num_batches(self) -> int:
        """Batches of an epoch, as ``len``."""
        return len(self)

    def __iter__(self) -> Iterator[list[int]]:
        # an epoch that was left in the middle is not taken up again unless a position was set
        start, self._resume = self._resume, 0
        self.position = start
        order = list(self.indices)
        self._epoch_rng_state = self.rng.get_state()
        if self.shuffle:
            self.rng.shuffle(order)
        for b in range(start, len(self)):
            self.position = b + 1
            yield order[b * self.batch_size : (b + 1) * self.batch_size]
        self.position = 0
        self._epoch_rng_state = self.rng.get_state()

    def set_position(self, position: int) -> None:
        """Let the next iteration begin at this batch of its epoch."""
        self.position = self._resume = int(position)

    def get_state(self) -> dict:
        """Return generator and position: ``rng_state`` (NumPy's tuple, at the epoch's begin) and ``position``."""
        return {"rng_state": self._epoch_rng_state, "position": self.position}

    def set_state(self, state: Mapping[str, Any]) -> None:
        """Go back to a state of :meth:`get_state`; the next iteration continues there."""
        if state.get("rng_state") is not None:
            self.rng.set_state(_rng_tuple(state["rng_state"]))
            self._epoch_rng_state = self.rng.get_state()
        position = int(state.get("position", 0))
        if 0 < len(self) <= position:
            # taken after an epoch's last batch: the next one is the next epoch's first
            position = 0
            if self.shuffle and state.get("rng_state") is not None:
                self.rng.shuffle(list(self.indices))
                self._epoch_rng_state = self.rng.get_state()
        self.set_position(position)


def _rng_tuple(state: Any) -> tuple:
    name, key, position, *rest = state
    return (name, np.asarray(key, dtype=np.uint32), int(position), *rest)


class SessionBatchSampler(Sampler):
    """Decides which session gives the next batch.

    An epoch has as many cycles as the largest number of batches; each cycle shuffles a fresh copy of the whole list of
    sessions, exhausted ones included, and visits those that still have batches. Iterating yields the batches as lists of
    indices into the concatenated dataset.
    """

    def __init__(
        self,
        dataset: SessionConcatDataset,
        batch_size: int,
        drop_last: bool = False,
        shuffle: bool = False,
        seed: int | None = None,
    ) -> None:
        self.dataset = dataset
        self.batch_size = int(batch_size)
        self.drop_last = drop_last
        self.shuffle = shuffle
        self.seed = seed
        self.session_names = list(dataset.session_names)
        self.rng = _generator(seed)
        self.session_samplers = {
            name: SessionSpecificSampler(
                dataset.get_indices_for_session(name),
                batch_size,
                drop_last,
                shuffle,
                None if seed is None else seed + i + 1,
            )
            for i, name in enumerate(self.session_names)
        }

    def __len__(self) -> int:
        return sum(len(s) for s in self.session_samplers.values())

    @property
    def batches_per_session(self) -> dict:
        """Batches of each session in an epoch, by name."""
        return {name: len(s) for name, s in self.session_samplers.items()}

    @property
    def session_indices(self) -> dict:
        """Indices of each session into the concatenated dataset, by name."""
        return {name: list(s.indices) for name, s in self.session_samplers.items()}

    def get_session_cycle(self) -> list[str]:
        """Return the order of one cycle: all sessions, shuffled where asked; advances the generator."""
        names = list(self.session_names)
        if self.shuffle:
            self.rng.shuffle(names)
        return names

    def session_order(self) -> Iterator[str]:
        """Yield the session of each batch of one epoch; advances the generator cycle by cycle."""
        left = self.batches_per_session
        for _ in range(max(left.values(), default=0)):
            for name in self.get_session_cycle():
                if left[name] > 0:
                    left[name] -= 1
                    yield name

    def __iter__(self) -> Iterator[list[int]]:
        batches = {name: iter(s) for name, s in self.session_samplers.items()}
        for name in self.session_order():
            yield next(batches[name])

    def get_state(self) -> dict:
        """Return the generator's state as ``rng_state``."""
        return {"rng_state": self.rng.get_state()}

    def set_state(self, state: Mapping[str, Any]) -> None:
        """Go back to a state of :meth:`get_state`."""
        if state.get("rng_state") is not None:
            self.rng.set_state(_rng_tuple(state["rng_state"]))


def replace_nan_with_batch_mean(data: Any) -> Any:
    """Replace NaN by the mean of its column (axis 0 is time), NaN ignored; 0 where a column has nothing else.

    Args:
        data: array or tensor of shape (T, ...). It is changed where it can be written to.

    Returns:
        The same object, or another of its kind, dtype and shape where it is read-only.
    """
    result = filled(data)
    if result is data or (isinstance(data, np.ndarray) and not data.flags.writeable):
        return result
    if is_tensor(data) or isinstance(data, np.ndarray):
        data[...] = result
        return data
    return result


def filled(data: Any) -> Any:
    """Return what :func:`replace_nan_with_batch_mean` makes of samples, which stay as they are."""
    if is_tensor(data):
        torch = torch_or_none()
        bad = torch.isnan(data)
        if not bad.any():
            return data
        means = torch.nan_to_num(torch.nanmean(data, dim=0, keepdim=True), nan=0.0)
        return torch.where(bad, means, data)
    data = np.asarray(data)
    if data.dtype.kind != "f":
        return data
    bad = np.isnan(data)
    if not bad.any():
        return data
    count = (~bad).sum(axis=0, keepdims=True)
    total = np.where(bad, 0, data).sum(axis=0, keepdims=True, dtype=np.float64)
    means = np.divide(total, count, out=np.zeros_like(total), where=count > 0)
    return np.where(bad, means.astype(data.dtype), data)


def add_behavior_as_channels(data: dict) -> dict:
    """Append eye tracker, then treadmill to the screen's channels, each signal broadcast over the frame.

    Args:
        data: ``screen`` (C, T, H, W), ``eye_tracker`` and ``treadmill`` (T, N) or (T, H, W); either may be missing.

    Returns:
        The same dict with a new ``screen`` of the widest dtype; the other entries stay.

    Raises:
        ValueError: a device has another number of samples than the screen.
    """
    screen = data["screen"]
    parts = [screen]
    for device in ("eye_tracker", "treadmill"):
        if device not in data:
            continue
        values = data[device]
        if values.shape[0] != screen.shape[1]:
            raise ValueError(
                f"{device} has {values.shape[0]} samples, screen has {screen.shape[1]}: "
                "behaviour can only become channels at the screen's rate and chunk size"
            )
        # (T, N), or one plane a sample: (T, H, W)
        planes = values[None] if values.ndim == 3 else values.T[:, :, None, None]
        shape = (planes.shape[0], *screen.shape[1:])
        if is_tensor(screen):
            parts.append(planes.expand(shape))
        else:
            parts.append(np.broadcast_to(planes, shape))
    if is_tensor(screen):
        torch = torch_or_none()
        dtype = screen.dtype
        for part in parts:
            dtype = torch.promote_types(dtype, part.dtype)
        data["screen"] = torch.cat([p.to(dtype) for p in parts], dim=0)
    else:
        data["screen"] = np.concatenate(parts, axis=0, dtype=np.result_type(*parts))
    return data


class FastSessionDataLoader:
    """Loads batches of several sessions, one session a batch; iterating yields ``(data key, batch)``.

    Orders and state keys are the original's; restoring a state, in this process or a new one, continues with exactly
    the batch that would have come next.

    Args:
        dataset: the sessions.
        batch_size, shuffle, drop_last, seed: as in SessionBatchSampler.
        num_workers: threads that read (datasets of Syncline read in Java threads, whatever else is given is read here).
        pin_memory: see :class:`syncline.DataLoader`.
    """

    def __init__(
        self,
        dataset: SessionConcatDataset,
        batch_size: int = 1,
        shuffle: bool = False,
        num_workers: int = 0,
        pin_memory: bool = False,
        drop_last: bool = False,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        self.dataset = dataset
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.num_workers = num_workers
        self.pin_memory = pin_memory
        self.drop_last = drop_last
        self.seed = seed
        self.collate_fn = kwargs.pop("collate_fn", None)
        _warn_of_unknown(
            type(self).__name__, kwargs, ("num_workers", "pin_memory", "drop_last", "seed", "prefetch_factor")
        )
        self.kwargs = kwargs
        self.batch_sampler = SessionBatchSampler(dataset, batch_size, drop_last, shuffle, seed)
        self.session_names = self.batch_sampler.session_names
        self.epoch = 0
        self.current_batch = 0
        self._begin = self._generators()
        self._resumed = False

    @property
    def batches_per_session(self) -> dict:
        """Batches of each session in an epoch, by name."""
        return self.batch_sampler.batches_per_session

    @property
    def max_batches_per_session(self) -> int:
        """The largest number of batches that a session has in an epoch: the epoch's cycles."""
        return max(self.batches_per_session.values(), default=0)

    @property
    def session_indices(self) -> dict:
        """Indices of each session into the concatenated dataset, by name."""
        return self.batch_sampler.session_indices

    @property
    def session_positions(self) -> dict:
        """Batches of this epoch that each session has given, by name."""
        return self.get_state()["session_positions"]

    @property
    def batches_from_session(self) -> dict:
        """The same as :attr:`session_positions`, under its other name."""
        return self.get_state()["batches_from_session"]

    @property
    def active_sessions(self) -> set:
        """Names of the sessions that still have batches in this epoch."""
        return set(self.get_state()["active_sessions"])

    def _generators(self) -> tuple[dict, dict]:
        samplers = self.batch_sampler.session_samplers
        return self.batch_sampler.get_state(), {name: s.get_state() for name, s in samplers.items()}

    def __len__(self) -> int:
        return len(self.batch_sampler)

    def _plan(self) -> list[tuple[str, list[int]]]:
        """Draw the order of one epoch; cheap beside the data, and it makes every position of the epoch exact."""
        samplers = self.batch_sampler.session_samplers
        batches = {name: iter(list(s)) for name, s in samplers.items()}
        return [(name, next(batches[name])) for name in self.batch_sampler.session_order()]

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        if not self._resumed:
            self.current_batch = 0
        self._resumed = False
        self._begin = self._generators()
        plan = self._plan()
        for b, batch in zip(range(self.current_batch, len(plan)), self._batches(plan[self.current_batch :])):
            self.current_batch = b + 1
            yield plan[b][0], batch
        self.epoch += 1
        self.current_batch = 0
        self._begin = self._generators()

    def _batches(self, plan: list[tuple[str, list[int]]]) -> Iterator[Any]:
        if self.num_workers < 1:
            for name, indices in plan:
                yield self._batch(name, indices)
            return
        ahead: deque = deque()
        depth = self.num_workers * int(self.kwargs.get("prefetch_factor") or 2)
        rest = iter(plan)
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(self.num_workers, thread_name_prefix="syncline") as pool:
            try:
                while True:
                    for name, indices in itertools.islice(rest, depth - len(ahead)):
                        ahead.append(pool.submit(self._batch, name, indices))
                    if not ahead:
                        return
                    yield ahead.popleft().result()
            finally:
                for future in ahead:
                    future.cancel()

    def _batch(self, name: str, indices: list[int]) -> Any:
        start, _ = self.dataset.session_indices[name]
        dataset = self.dataset.datasets[self.dataset.session_names.index(name)]
        if self.collate_fn is None and _read_by_java(dataset):
            return dataset.read_batch([i - start for i in indices])
        return (self.collate_fn or collate)([self.dataset[i] for i in indices])

    def get_state(self) -> dict:
        """Return the state after the batch yielded last, with the original's keys; small and picklable."""
        batch_sampler, session_samplers = self._begin
        taken = dict.fromkeys(self.session_names, 0)
        if self.current_batch:
            # drawn again from the generators as they were when the epoch began, then put back
            now = self._generators()
            self._set_generators(self._begin)
            for name, _ in self._plan()[: self.current_batch]:
                taken[name] += 1
            self._set_generators(now)
        counts = self.batches_per_session
        return {
            "current_batch": self.current_batch,
            "epoch": self.epoch,
            "session_positions": taken,
            "batches_from_session": dict(taken),
            "active_sessions": [name for name in self.session_names if taken[name] < counts[name]],
            "batch_sampler_state": batch_sampler,
            "session_sampler_states": session_samplers,
        }

    def _set_generators(self, states: tuple[dict, dict]) -> None:
        batch_sampler, session_samplers = states
        self.batch_sampler.set_state(batch_sampler)
        for name, state in session_samplers.items():
            self.batch_sampler.session_samplers[name].set_state({**state, "position": 0})

    def set_state(self, state: Mapping[str, Any]) -> None:
        """Continue where :meth:`get_state` was called.

        Raises:
            ValueError: the state belongs to other sessions, or lacks what an exact continuation needs.
        """
        missing = [k for k in ("current_batch", "batch_sampler_state", "session_sampler_states") if k not in state]
        if missing:
            raise ValueError(f"the state lacks {', '.join(missing)}: it cannot be continued exactly")
        names = set(state["session_sampler_states"])
        if names != set(self.session_names):
            raise ValueError(
                f"the state belongs to the sessions {sorted(map(str, names))}, "
                f"this loader has {sorted(map(str, self.session_names))}"
            )
        self.epoch = int(state.get("epoch", 0))
        self.current_batch = int(state["current_batch"])
        self._set_generators((state["batch_sampler_state"], state["session_sampler_states"]))
        self._begin = self._generators()
        self._resumed = True
        if self.current_batch > len(self):
            warnings.warn(
                f"the state is at batch {self.current_batch} of an epoch, this loader has {len(self)}", stacklevel=2
            )
