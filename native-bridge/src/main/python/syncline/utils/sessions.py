# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""The fast loader of several sessions."""

from __future__ import annotations

import itertools
import warnings
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from .._arguments import warn_of_unknown
from .._torch import collate
from ._java import read_by_java
from .samplers import SessionBatchSampler, SessionConcatDataset


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
        warn_of_unknown(
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
        if self.collate_fn is None and read_by_java(dataset):
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
