# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Several sessions behind one index, and the order in which their batches come."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from .._arguments import SetOnce, chunk_index, shortened, truth
from .._config import Fixed, FixedList, made_with, same
from .._items import items
from .._shown import count, one_line, some
from .._states import check_settings, counted, generator
from .._torch import Dataset, Sampler
from ._java import read_together


class _Joined(list[Any]):
    """The datasets behind one index, which has counted them: one may take another's place that has as many samples, and no more."""

    def _refuse(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError(
            f"datasets: found a change of the {len(self)} datasets of a SessionConcatDataset, whose index would not know of it; "
            "expected another SessionConcatDataset of those that are meant"
        )

    append = extend = insert = remove = pop = clear = reverse = sort = __delitem__ = __iadd__ = __imul__ = _refuse  # type: ignore[assignment]

    def __setitem__(self, index: Any, dataset: Any) -> None:
        if isinstance(index, slice):
            self._refuse()
        if len(dataset) != len(self[index]):
            raise ValueError(
                f"datasets[{index}]: found a dataset of {len(dataset)} samples in place of one of {len(self[index])}, expected as many; make another "
                "SessionConcatDataset"
            )
        super().__setitem__(index, dataset)

    def copy(self) -> list[Any]:
        return list(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return _Joined, (list(self),)


class SessionConcatDataset(Dataset[dict[str, Any]]):
    """One index over the datasets of several sessions; those without samples are left out.

    Parameters
    ----------
    datasets
        map-style datasets, one a session.
    session_names
        their names; default: each dataset's ``data_key``, else ``session_i``.

    Raises
    ------
    TypeError
        one dataset in place of a list.
    ValueError
        two sessions with one name, or another number of names than datasets.
    """

    def __init__(self, datasets: Sequence[Any], session_names: Sequence[str] | None = None) -> None:
        if hasattr(datasets, "data_key"):
            raise TypeError(f"datasets: found {datasets!r} alone, expected a list of datasets")
        datasets = list(datasets)
        if session_names is None:
            session_names = [getattr(d, "data_key", None) or f"session_{i}" for i, d in enumerate(datasets)]
        session_names = list(session_names)
        if len(session_names) != len(datasets):
            raise ValueError(f"{len(datasets)} datasets but {len(session_names)} session names")
        repeated = sorted({str(n) for n in session_names if session_names.count(n) > 1})
        if repeated:
            raise ValueError(f"session names must differ, more than one session is called {', '.join(repeated)}; give session_names, or each recording's meta.json a data_key of its own")
        kept = [(d, n) for d, n in zip(datasets, session_names) if len(d) > 0]
        self.datasets = _Joined(d for d, _ in kept)
        ends = np.cumsum([len(d) for d in self.datasets]).tolist()
        self.session_names = [n for _, n in kept]
        self.cumulative_sizes = ends
        self.session_indices = dict(zip(self.session_names, zip([0, *ends], ends)))
        if type(self) is SessionConcatDataset:  # a class of the program's own may change what it likes
            names, refusal = self.session_names, made_with("datasets", "SessionConcatDataset")
            self.__dict__["session_names"] = FixedList(names, made_with("session_names", "SessionConcatDataset"))
            self.__dict__["cumulative_sizes"] = FixedList(ends, refusal)
            self.__dict__["session_indices"] = Fixed(self.session_indices, refusal)

    def __setattr__(self, name: str, value: Any) -> None:
        # a class of the program's own may keep what it likes
        if type(self) is SessionConcatDataset and "session_indices" in self.__dict__:
            if name == "datasets":
                found = list(value)
                if len(found) != len(self.datasets):
                    self.datasets._refuse()
                for i, dataset in enumerate(found):
                    self.datasets[i] = dataset
                return
            if name in ("session_names", "cumulative_sizes", "session_indices") and not same(value, self.__dict__[name]):
                raise AttributeError(
                    f"{name}: found an assignment to a SessionConcatDataset that loaders and samplers have counted, expected another one with other "
                    "datasets or session_names"
                )
        super().__setattr__(name, value)

    @one_line
    def __repr__(self) -> Iterator[str]:
        yield f"{count(len(self.session_names), 'session')}: {some(self.session_names)}"
        yield count(len(self), "chunk")

    def __len__(self) -> int:
        return self.cumulative_sizes[-1] if self.cumulative_sizes else 0

    #: lets loaders read the datasets themselves, in a class that makes its items of theirs
    _joins = True

    def _locate(self, idx: int) -> tuple[int, int]:
        n = len(self)
        i = chunk_index(idx)
        if i < 0:
            i += n
        if not 0 <= i < n:
            raise IndexError(f"index {idx} is out of range for {n} samples")
        session = bisect.bisect_right(self.cumulative_sizes, i)
        return session, i - (self.cumulative_sizes[session - 1] if session else 0)

    def __getitem__(self, idx: int) -> Any:
        session, local = self._locate(idx)
        return self.datasets[session][local]

    def __getitems__(self, indices: Iterable[int]) -> list[Any]:
        """Return the items at indices, each session's read together; see :meth:`syncline.ChunkDataset.__getitems__`."""
        located = [self._locate(i) for i in indices]
        at: dict[int, list[int]] = {}
        for position, (session, _) in enumerate(located):
            at.setdefault(session, []).append(position)
        out: list[Any] = [None] * len(located)
        for session, positions in at.items():
            found = self._items(self.datasets[session], [located[p][1] for p in positions])
            for position, item in zip(positions, found):
                out[position] = item
        return out

    def _items(self, dataset: Any, indices: list[int]) -> list[Any]:
        if read_together(dataset):
            return items(dataset, indices, beside=filter(read_together, self.datasets))
        if callable(getattr(dataset, "__getitems__", None)):
            return dataset.__getitems__(indices)
        return [dataset[i] for i in indices]

    def get_session_for_idx(self, idx: int) -> str:
        """Return the name of the session that an index belongs to.

        Parameters
        ----------
        idx
            from 0, over all sessions.
        """
        return self.session_names[self._locate(idx)[0]]

    def get_indices_for_session(self, session_name: str) -> list[int]:
        """Return the indices of a session in their natural order; an empty list for an unknown name.

        Parameters
        ----------
        session_name
            as the dataset was told it.
        """
        return list(range(*self.session_indices.get(session_name, (0, 0))))

    def get_sessions_count(self) -> dict[str, Any]:
        """Return the number of samples of each session, by name."""
        return {name: end - start for name, (start, end) in self.session_indices.items()}


def _batch_count(samples: int, batch_size: int, drop_last: bool) -> int:
    return samples // batch_size if drop_last else -(-samples // batch_size)


def _settings(sampler: SessionSpecificSampler | SessionBatchSampler) -> Iterator[str]:
    """Say what both samplers show of themselves."""
    yield f"batch_size={sampler.batch_size}, shuffle={sampler.shuffle}"
    yield count(len(sampler), "batch")


class SessionSpecificSampler(Sampler[int]):
    """Yields the batches of one session as lists of indices; shuffled afresh each epoch from the natural order.

    The generator runs on across epochs. :meth:`get_state` in the middle of an epoch is exact: it holds the generator as
    it was when the epoch began and the number of batches already taken.

    Parameters
    ----------
    indices
        of the session's chunks.
    batch_size
        indices a batch.
    drop_last
        leave a last, smaller batch out.
    shuffle
        a new order each epoch.
    seed
        of the order; None: from the operating system.
    """

    batch_size, drop_last, shuffle, seed = SetOnce(), SetOnce(), SetOnce(), SetOnce()

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
        self.drop_last = truth("drop_last", drop_last)
        self.shuffle = truth("shuffle", shuffle)
        self.set_position(0)
        self._draw_by(seed)

    @one_line
    def __repr__(self) -> Iterator[str]:
        yield count(len(self.indices), "chunk")
        yield from _settings(self)

    def _draw_by(self, seed: int | None) -> None:
        """Draw what comes from a generator of a seed."""
        self.__dict__["seed"] = seed
        self.rng = np.random.RandomState(seed)
        self._epoch_rng_state = self.rng.get_state()

    @property
    def position(self) -> int:
        """Batches of the epoch that were given; may be set, as by :meth:`set_position`."""
        return self._position

    @position.setter
    def position(self, position: int) -> None:
        self.set_position(position)

    def __len__(self) -> int:
        return _batch_count(len(self.indices), self.batch_size, self.drop_last)

    @property
    def num_batches(self) -> int:
        """Batches of an epoch, as ``len``."""
        return len(self)

    def __iter__(self) -> Iterator[list[int]]:
        # an epoch that was left in the middle is not taken up again unless a position was set
        start, self._resume = self._resume, 0
        self._position = start
        order = list(self.indices)
        self._epoch_rng_state = self.rng.get_state()
        if self.shuffle:
            self.rng.shuffle(order)
        for b in range(start, len(self)):
            self._position = b + 1
            yield order[b * self.batch_size : (b + 1) * self.batch_size]
        self._position = 0
        self._epoch_rng_state = self.rng.get_state()

    def set_position(self, position: int) -> None:
        """Let the next iteration begin at this batch of its epoch.

        Parameters
        ----------
        position
            batches that are behind.
        """
        self._position = self._resume = int(position)

    def get_state(self) -> dict[str, Any]:
        """Return generator and position: ``rng_state`` (NumPy's tuple, at the epoch's begin) and ``position``, and ``settings``."""
        return {"rng_state": self._epoch_rng_state, "position": self.position, "settings": self._settings()}

    def _settings(self) -> dict[str, Any]:
        return {"batch_size": self.batch_size, "drop_last": self.drop_last, "shuffle": self.shuffle, "indices": len(self.indices)}

    def set_state(self, state: Mapping[str, Any]) -> None:
        """Go back to a state of :meth:`get_state`; the next iteration continues there.

        Parameters
        ----------
        state
            as :meth:`get_state` gives it; JSON may have held it in between.

        Raises
        ------
        ValueError
            the state is of other settings, or none.
        """
        check_settings(state, self._settings(), "sampler")
        if state.get("rng_state") is not None:
            self.rng.set_state(generator(state["rng_state"]))
            self._epoch_rng_state = self.rng.get_state()
        position = counted(state, "position", 0)
        if 0 < len(self) <= position:
            # taken after an epoch's last batch: the next one is the next epoch's first
            position = 0
            if self.shuffle and state.get("rng_state") is not None:
                self.rng.shuffle(list(self.indices))
                self._epoch_rng_state = self.rng.get_state()
        self.set_position(position)


class _Samplers(Fixed):
    """The samplers of sessions: each may be put in another's place, and is followed; their number is fixed."""

    def __setitem__(self, name: str, sampler: Any) -> None:
        if name not in self:
            self._refuse()
        dict.__setitem__(self, name, sampler)


class SessionBatchSampler(Sampler[Any]):
    """Decides which session gives the next batch.

    An epoch has as many cycles as the largest number of batches; each cycle shuffles a fresh copy of the whole list of
    sessions, exhausted ones included, and visits those that still have batches. Iterating yields the batches as lists of
    indices into the concatenated dataset.

    Parameters
    ----------
    dataset
        the sessions.
    batch_size, drop_last, shuffle, seed
        as of SessionSpecificSampler; session i's seed is ``seed + i + 1``.
    weights
        one for each session of ``dataset.session_names``. An epoch then has as many batches as without, shared out among the
        sessions in these proportions (largest remainders), in a shuffled order, or evenly spread; a session that runs out
        begins its order again.

    Raises
    ------
    ValueError
        weights that are not one finite number of 0 or more for each session, all zero, or not zero for a session
        without batches.
    """

    dataset, batch_size, drop_last = SetOnce(), SetOnce(), SetOnce()
    shuffle, seed, weights = SetOnce(), SetOnce(), SetOnce()

    def __init__(
        self,
        dataset: SessionConcatDataset,
        batch_size: int,
        drop_last: bool = False,
        shuffle: bool = False,
        seed: int | None = None,
        weights: Sequence[float] | None = None,
    ) -> None:
        if not hasattr(dataset, "session_names"):
            raise TypeError(
                f"dataset: found {type(dataset).__name__}, expected a SessionConcatDataset([datasets]); syncline.DataLoader takes other datasets, "
                "subsets of several recordings too"
            )
        self.dataset = dataset
        self.batch_size = int(batch_size)
        self.drop_last = truth("drop_last", drop_last)
        self.shuffle = truth("shuffle", shuffle)
        self.seed = seed
        self.session_names = list(dataset.session_names)
        self.session_samplers: dict[str, SessionSpecificSampler] = {
            name: SessionSpecificSampler(dataset.get_indices_for_session(name), batch_size, drop_last, shuffle) for name in self.session_names
        }
        own = type(self) is not SessionBatchSampler  # a class of the program's own may change what it likes
        if not own:
            self.session_names = FixedList(self.session_names, made_with("session_names", "SessionBatchSampler"))
            self.session_samplers = _Samplers(self.session_samplers, made_with("session_samplers", "SessionBatchSampler"))
        self._draw_by(seed)
        numbers = None if weights is None else self._numbers(weights)
        self.weights = numbers if own or numbers is None else FixedList(numbers, made_with("weights", "SessionBatchSampler"))
        self._counts = None if self.weights is None else self._shared_out(self.weights)

    @one_line
    def __repr__(self) -> Iterator[str]:
        yield f"{count(len(self.session_names), 'session')}: {some(self.session_names)}"
        yield from _settings(self)

    def _numbers(self, weights: Any) -> list[float]:
        if not isinstance(weights, Mapping):
            try:
                return [float(w) for w in weights]
            except (TypeError, ValueError):
                pass
        raise ValueError(
            f"weights: found {shortened(weights)}, expected a list of numbers, one for each of the sessions in this order: "
            f"{', '.join(map(str, self.session_names))}"
        )

    def _draw_by(self, seed: int | None) -> None:
        """Draw what comes from generators of a seed: the rounds' own, and one for each session."""
        self.rng = np.random.RandomState(seed)
        for i, sampler in enumerate(self.session_samplers.values()):
            sampler._draw_by(None if seed is None else seed + i + 1)

    def _shared_out(self, weights: list[float]) -> dict[str, Any]:
        """Return how many batches of an epoch each session gets by weights."""
        if len(weights) != len(self.session_names):
            raise ValueError(
                f"weights: found {len(weights)}, expected one for each of the {len(self.session_names)} sessions that have chunks: "
                f"{', '.join(map(str, self.session_names))}"
            )
        for name, weight in zip(self.session_names, weights):
            if not 0 <= weight < float("inf"):
                raise ValueError(f"weights: found {weight} for session {name}, expected a finite number of 0 or more")
            if weight and not len(self.session_samplers[name]):
                raise ValueError(f"weights: found {weight} for session {name}, which has no whole batch; expected 0")
        if weights and not any(weights):
            raise ValueError("weights: found zeros alone, expected one above 0")
        from fractions import Fraction  # exact, as Java's loader counts, whose order is the same

        total, exact = len(self), [Fraction(weight) for weight in weights]
        parts = [divmod(total * weight, sum(exact)) for weight in exact]
        counts = [int(whole) for whole, _ in parts]
        # of equal remainders the earlier session's comes first
        for i in sorted(range(len(parts)), key=lambda i: -parts[i][1])[: total - sum(counts)]:
            counts[i] += 1
        return dict(zip(self.session_names, counts))

    def __len__(self) -> int:
        return sum(len(s) for s in self.session_samplers.values())

    @property
    def batches_per_session(self) -> dict[str, Any]:
        """Batches of each session in an epoch, by name."""
        return dict(self._counts) if self._counts else {name: len(s) for name, s in self.session_samplers.items()}

    @property
    def session_indices(self) -> dict[str, Any]:
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
        if self.weights is not None:
            places = [((k + 0.5) / n, name) for name, n in left.items() for k in range(n)]
            order = [name for _, name in sorted(places, key=lambda place: place[0])]
            if self.shuffle:
                self.rng.shuffle(order)
            yield from order
            return
        for _ in range(max(left.values(), default=0)):
            for name in self.get_session_cycle():
                if left[name] > 0:
                    left[name] -= 1
                    yield name

    def __iter__(self) -> Iterator[list[int]]:
        if self.weights is None:
            batches = {name: iter(s) for name, s in self.session_samplers.items()}
        else:
            batches = {name: itertools.cycle(list(s)) for name, s in self.session_samplers.items()}
        for name in self.session_order():
            yield next(batches[name])

    def get_state(self) -> dict[str, Any]:
        """Return the generator's state as ``rng_state``, and ``settings``."""
        return {"rng_state": self.rng.get_state(), "settings": self._settings()}

    def _settings(self) -> dict[str, Any]:
        settings = {"batch_size": self.batch_size, "drop_last": self.drop_last, "shuffle": self.shuffle, "sessions": len(self.session_names)}
        return settings if self.weights is None else {**settings, "weights": list(self.weights)}

    def set_state(self, state: Mapping[str, Any]) -> None:
        """Go back to a state of :meth:`get_state`.

        Parameters
        ----------
        state
            as :meth:`get_state` gives it; JSON may have held it in between.

        Raises
        ------
        ValueError
            the state is of other settings, or none.
        """
        check_settings(state, self._settings(), "sampler")
        if state.get("rng_state") is not None:
            self.rng.set_state(generator(state["rng_state"]))
