# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""The fast loader of several sessions."""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .._config import Fixed, made_with
from .._arguments import SetOnce, advise_of_entries, refuse_in_python, truth, warn_of_unknown, whole
from .._device import OnDevice, ring_for, target_of
from .._facts import DEFAULTS
from .._feed import RING_OPTIONS, CollatedBatches, FedBatches, Feed, Named, Plan, ring_options
from .._native.warnings import warn
from .._outputs import Output
from .._passes import Pass
from .._shares import Seed, check_remainder, foreseen, share, steps
from .._shares import check as check_share
from .._transforms import drawing
from .._torch import is_joined
from .._shown import count, one_line, some
from .._states import contents, counted, described, differences, plain_state, within
from ..errors import ArgumentError, StateError
from ._java import read_by_java
from .samplers import SessionBatchSampler, SessionConcatDataset


#: In place of a seed: generators are those of a state.
_STATE = object()


class _Epoch:
    """The batches of one epoch of a sampler, any of them at any time.

    The order of sessions is drawn as far as it is asked for, and each session's list when a batch of it is: the first batch
    need not wait for the lists of hundreds of sessions, each with hundreds of batches.
    """

    def __init__(self, sampler: SessionBatchSampler) -> None:
        #: the generators before the epoch
        self.begin = generators(sampler)
        self._samplers = sampler.session_samplers
        self._order = sampler.session_order()
        self._length = len(sampler)
        self._sessions: list[str] = []
        self._taken = dict.fromkeys(sampler.session_names, 0)
        self._ordinals: list[int] = []
        self._lists: dict[str, list[list[int]]] = {}

    def __len__(self) -> int:
        return self._length

    def sessions(self, count: int) -> list[str]:
        """Return the sessions of the first batches."""
        for name in itertools.islice(self._order, max(0, count - len(self._sessions))):
            self._sessions.append(name)
            self._ordinals.append(self._taken[name])
            self._taken[name] += 1
        return self._sessions[:count]

    def batch(self, k: int) -> tuple[str, list[int]]:
        """Return session and indices of a batch."""
        if k >= len(self._sessions):
            self.sessions(k + 1)
        name = self._sessions[k]
        batches = self._lists.get(name)
        if batches is None:
            batches = self._lists[name] = list(self._samplers[name])
        return name, batches[self._ordinals[k] % len(batches)]

    def finish(self) -> None:
        """Draw what nobody asked for, so that the generators stand where the whole epoch leaves them."""
        self.sessions(self._length)
        for name, sampler in self._samplers.items():
            if name not in self._lists:
                self._lists[name] = list(sampler)


def generators(sampler: SessionBatchSampler) -> tuple[dict, dict]:
    """Return the states of a sampler's generators: of the rounds, and of each session by name."""
    return sampler.get_state(), {name: s.get_state() for name, s in sampler.session_samplers.items()}


class _Pass(Pass):
    """One iteration over an epoch, or over the rest of one. After an error it goes on with the batch after."""

    __slots__ = ("epoch", "number", "stands", "_loader", "_batches", "_first", "_rank", "_world", "_ended")

    def __init__(self, loader: FastSessionDataLoader, epoch: _Epoch, number: int, first: int) -> None:
        # not by Pass, whose batches are not there yet
        self.asked = None
        self.stands = 0
        self.epoch = epoch
        self.number = number
        self._loader = loader
        self._first = first
        self._rank, self._world = loader.rank, loader.world_size
        self._ended = False
        # a pass that knows itself would wait for the collector, with its ring, when it is left
        me = weakref.ref(self)
        self._batches = loader._batches(lambda k: me()._named(k), number)

    def _named(self, k: int) -> Named | None:
        total = len(self.epoch)
        if k >= steps(total - self._first, (self._rank, self._world), self._loader.remainder):
            return None
        begin = self._first + k * self._world
        # where the processes do not divide the batches, the last ones get first batches again
        name, indices = self.epoch.batch((begin + self._rank) % total)
        start, _ = self._loader.dataset.session_indices[name]
        return self._loader._places[name], [i - start for i in indices], name

    @property
    def position(self) -> int:
        """Batches of the epoch that all processes have behind them."""
        return self._first + self.stands * self._world

    # what was taken lies with the batches
    @property
    def taken(self) -> Any:
        return self._batches.taken

    @taken.setter
    def taken(self, taken: Any) -> None:
        self._batches.taken = taken

    def take(self) -> None:
        if self._ended:
            raise StopIteration
        self._batches.take()

    def where(self) -> int:
        return self._batches.where()

    def announce(self, stands: int) -> None:
        self.stands = stands
        self._loader._stand(self, False)

    def end(self) -> None:
        if not self._ended:
            self._ended = True
            self._loader._stand(self, True)


class _Kwargs(SetOnce):
    """The keywords of a loader; a class of the program's own may keep others by that name."""

    def _is_late(self, instance: Any) -> bool:
        return type(instance) is FastSessionDataLoader and super()._is_late(instance)


class FastSessionDataLoader(OnDevice):
    """Loads batches of several sessions, one session a batch; iterating yields ``(data key, batch)``.

    Orders and state keys are the original's; restoring a state, in this process or a new one, continues with exactly
    the batch that would have come next.

    Parameters
    ----------
    dataset
        the sessions.
    batch_size, shuffle, drop_last, seed
        as in SessionBatchSampler; without a seed as :class:`syncline.DataLoader` draws one.
    num_workers
        threads that read; 0 means one of Java for datasets of Syncline, and this one for others.
    pin_memory
        see :class:`syncline.DataLoader`.
    **kwargs
        ``rank`` and ``world_size``, the share of this process: batches rank, rank + world_size, … of the one order that all
        have; default: as of :class:`syncline.DataLoader`. ``remainder`` as there. ``weights``: see SessionBatchSampler; a state goes on with the same
        weights alone. ``prefetch_factor``, ``dtype``, ``output``, ``out_keys``, ``max_batches``,
        ``huge_pages``, ``nice``, ``readahead``, ``lookahead``, ``device``, ``prefetch``, ``narrow`` as there. ``collate_fn`` makes batches of items in Python.
        ``shuffle_each_epoch`` of a configuration changes nothing here, which is said.
    """

    dataset, batch_size, shuffle, seed, drop_last = SetOnce(), SetOnce(), SetOnce(), SetOnce(), SetOnce()
    num_workers, pin_memory, remainder, batch_sampler, session_names = SetOnce(), SetOnce(), SetOnce(), SetOnce(), SetOnce()
    kwargs = _Kwargs()

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
        self.shuffle = truth("shuffle", shuffle)
        self.num_workers = whole("num_workers", num_workers)
        self.pin_memory = truth("pin_memory", pin_memory)
        self.drop_last = truth("drop_last", drop_last)
        self.seed = seed
        self.collate_fn = kwargs.pop("collate_fn", None)
        self._rank, self._world_size = kwargs.pop("rank", None), kwargs.pop("world_size", None)
        check_share(self._rank, self._world_size)
        #: what becomes of an epoch's last batches where processes do not divide their number
        self.remainder = kwargs.pop("remainder", None) or DEFAULTS["loader"]["remainder"]
        check_remainder(self.remainder)
        self._share: tuple[int, int] | None = None
        self._output = Output(kwargs.pop("output", None))
        device, prefetch, narrow = kwargs.pop("device", None), kwargs.pop("prefetch", 2), kwargs.pop("narrow", True)
        self.batch_sampler = SessionBatchSampler(dataset, batch_size, drop_last, shuffle, seed, kwargs.pop("weights", None))
        for name in ("sampler", "batch_sampler", "indices"):
            if kwargs.get(name) is not None:
                raise ArgumentError(
                    f"{name}: {type(self).__name__} has an order of its own; expected a syncline.DataLoader over the same datasets, which takes {name}="
                )
        if kwargs.pop("on_error", None) not in (None, DEFAULTS["loader"]["on_error"]):
            raise ArgumentError(
                f"on_error: chunks of {type(self).__name__} come in batches that are known before their files are read, so none can be left out; "
                "expected get_multisession_dataloader, a MultiEpochsDataLoader or a syncline.DataLoader, which take on_error='skip'"
            )
        if truth("shuffle_each_epoch", kwargs.pop("shuffle_each_epoch", False)):
            warn(
                f"shuffle_each_epoch: {type(self).__name__} reads the start times that its datasets have when a pass begins, and draws none: call "
                "shuffle_valid_screen_times of each dataset before the loader is made; get_multisession_dataloader draws them anew each epoch",
            )
        for name, counts in self.batch_sampler.batches_per_session.items():
            if not counts and self.batch_sampler.weights is None:
                warn(
                    f"{type(self).__name__}: session {name} has no batches of {batch_size} with drop_last=True, for it has "
                    f"{len(self.batch_sampler.session_samplers[name].indices)} chunks; it is left out",
                )
        warn_of_unknown(
            type(self).__name__, kwargs, ("num_workers", "pin_memory", "drop_last", "seed", "prefetch_factor", *RING_OPTIONS)
        )
        # a class of the program's own may keep what it likes
        self.kwargs = Fixed(kwargs, made_with("kwargs", "FastSessionDataLoader")) if type(self) is FastSessionDataLoader else kwargs
        self.session_names = self.batch_sampler.session_names
        self._places = {name: i for i, name in enumerate(dataset.session_names)}
        if not self._reads_in_java():
            refuse_in_python(RING_OPTIONS, kwargs)
        self._plain_options = ring_options(kwargs, pin_memory, dataset.datasets)
        advise_of_entries(kwargs.get("dtype"), kwargs.get("out_keys"), dataset.datasets)
        self._aim(device, prefetch, narrow)
        self._epoch = 0
        self._current_batch = 0
        # the epoch drawn last
        self._drawn: _Epoch | None = None
        # what states are of: the sessions of the first batches of the epoch under way, and the generators before it
        self._sessions: Callable[[int], list[str]] | None = None
        self._begin = generators(self.batch_sampler)
        self._resumed = False
        self._seed = Seed(seed, self.shuffle)
        # what the generators are of, where no seed was given; a state that was set says it, too
        self._drawn_by: Any = None
        # the seed that this state was drawn by, as far as it says it
        self._state_seed: int | None = None
        # revisions of the datasets, and what states say of them
        self._described: tuple[list[Any], list[dict[str, Any]]] | None = None

    @one_line
    def __repr__(self) -> Iterator[str]:
        yield f"{count(len(self.session_names), 'session')}: {some(self.session_names)}"
        yield f"batch_size={self.batch_size}"
        yield f"shuffle={self.shuffle}"
        yield count(len(self), "batch")

    def _aim(self, device: Any, prefetch: int, narrow: bool) -> None:
        self._aimed = device, prefetch, narrow
        self._target = target_of(device, prefetch, narrow, self._output)
        java = dict(zip(self.dataset.session_names, self.dataset.datasets)) if self._reads_in_java() else {}
        self._ring_options, self._widenings = ring_for(self._target, self._plain_options, java)
        self._feed: Feed | None = None
        self._fed: list[Any] = []

    def _reads_in_java(self) -> bool:
        return self.collate_fn is None and is_joined(self.dataset) and all(read_by_java(d) and not d._items_in_python for d in self.dataset.datasets)

    @property
    def current_batch(self) -> int:
        """Batches of the epoch that all processes together have had; :meth:`set_state` moves there."""
        return self._current_batch

    @current_batch.setter
    def current_batch(self, value: int) -> None:
        if value != self.__dict__.get("_current_batch"):
            raise AttributeError(
                f"current_batch: found {value!r}, expected nothing: it says where the loader is; set_state with a state of get_state moves there"
            )

    @property
    def epoch(self) -> int:
        """The epoch under way, or between passes the one that comes next; :meth:`set_state` moves there."""
        return self._epoch

    @epoch.setter
    def epoch(self, value: int) -> None:
        if type(self) is FastSessionDataLoader and value != self._epoch:
            raise AttributeError(
                f"epoch: found {value!r}, expected nothing: it says where the loader is, whose orders follow one another; set_state with a state of "
                "get_state moves there"
            )
        # a class of the program's own may count by itself
        self._epoch = value

    @property
    def collate_fn(self) -> Any:
        """What makes batches of items in Python, None for none; may be set between passes."""
        return self._collate_fn

    @collate_fn.setter
    def collate_fn(self, collate_fn: Any) -> None:
        before = self.__dict__.get("_collate_fn")
        self._collate_fn = collate_fn
        if "_aimed" in self.__dict__ and collate_fn is not before:
            try:
                if not self._reads_in_java():
                    refuse_in_python(RING_OPTIONS, self.kwargs)
            except Exception:
                self._collate_fn = before
                raise
            self._aim(*self._aimed)

    @property
    def batches_per_session(self) -> dict[str, Any]:
        """Batches of each session in an epoch, by name."""
        return self.batch_sampler.batches_per_session

    @property
    def max_batches_per_session(self) -> int:
        """The largest number of batches that a session has in an epoch: the epoch's cycles."""
        return max(self.batches_per_session.values(), default=0)

    @property
    def session_indices(self) -> dict[str, Any]:
        """Indices of each session into the concatenated dataset, by name."""
        return self.batch_sampler.session_indices

    @property
    def session_positions(self) -> dict[str, Any]:
        """Batches of this epoch that each session has given, by name."""
        return self.get_state()["session_positions"]

    @property
    def batches_from_session(self) -> dict[str, Any]:
        """The same as :attr:`session_positions`, under its other name."""
        return self.get_state()["batches_from_session"]

    @property
    def active_sessions(self) -> set:
        """Names of the sessions that still have batches in this epoch."""
        return set(self.get_state()["active_sessions"])

    def __len__(self) -> int:
        """Return the batches that this process gets of an epoch, as far as its share is known: see :class:`syncline.DataLoader`."""
        share_of_process = foreseen(self._rank, self._world_size) if self._share is None else self._share
        return steps(len(self.batch_sampler), share_of_process, self.remainder)

    @property
    def rank(self) -> int:
        """This process's place among those that share every epoch."""
        return self._settled()[0]

    @property
    def world_size(self) -> int:
        """How many processes share every epoch."""
        return self._settled()[1]

    def _settled(self) -> tuple[int, int]:
        if self._share is None:
            self._share = share(self._rank, self._world_size)
        return self._share

    def _draw_by(self, seed: int | None) -> None:
        """Let a seed that nobody gave say the order, unless a state does."""
        if self._seed.draws and self._drawn_by not in (_STATE, seed):
            self._drawn_by = seed
            self.batch_sampler._draw_by(seed)
            self._begin = generators(self.batch_sampler)

    def _draw(self) -> _Epoch:
        """Draw the next epoch; the lists of the one before come first."""
        if self._drawn is not None:
            self._drawn.finish()
        self._drawn = _Epoch(self.batch_sampler)
        return self._drawn

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        if not self._resumed:
            self._current_batch = 0
        self._resumed = False
        world_size = self._settled()[1]
        if self._drawn_by is not _STATE:
            self._draw_by(self._seed.settle(world_size, False))
        epoch = self._draw()
        self._begin, self._sessions = epoch.begin, epoch.sessions
        begun = _Pass(self, epoch, self.epoch, self._current_batch)
        widenings = self._widenings
        return self._sent(begun, lambda batch: widenings.get(batch[0], {}), self._ring_options.get("max_batches") or 0)

    def _stand(self, current: _Pass, ended: bool) -> None:
        """Take note of where the pass stands that was asked last."""
        if ended:
            self._epoch, self._current_batch = current.number + 1, 0
            self._drawn.finish()
            self._begin, self._sessions = generators(self.batch_sampler), None
        else:
            self._epoch, self._current_batch = current.number, current.position
            self._begin, self._sessions = current.epoch.begin, current.epoch.sessions

    def _batches(self, plan: Plan, epoch: int) -> FedBatches | CollatedBatches:
        threads = self.num_workers
        prefetch = max(1, threads) * int(self.kwargs.get("prefetch_factor") or 2)
        datasets = self.dataset.datasets
        if self._reads_in_java():
            if self._feed is None or any(a is not b for a, b in zip(self._fed, datasets)):
                self._fed = list(datasets)
                self._feed = Feed(datasets, self.batch_size, threads, prefetch, self._ring_options, self._output)
            return self._feed.batches(plan)

        refuse_in_python(RING_OPTIONS, self.kwargs)

        def read(place: int, indices: list[int]) -> Any:
            # each recording draws by its own seed
            with drawing(None, epoch):
                return self._batch(place, indices)

        return CollatedBatches(read, plan, threads, prefetch)

    def _batch(self, place: int, indices: list[int]) -> Any:
        dataset = self.dataset.datasets[place]
        if not is_joined(self.dataset):  # a class of the program's makes the items
            begin, _ = self.dataset.session_indices[self.dataset.session_names[place]]
            dataset, indices = self.dataset, [begin + i for i in indices]
        if self.collate_fn is None and read_by_java(dataset):
            return self._output.of(dataset.read_batch(indices))
        if self.collate_fn is not None:
            return self.collate_fn([dataset[i] for i in indices])
        return self._output.stacked([dataset[i] for i in indices])

    def get_state(self) -> dict[str, Any]:
        """Return the state after the batch yielded last: the original's keys, ``settings`` and ``recordings``; small and picklable."""
        if self._drawn_by is None:
            self._draw_by(self._seed.drawn())
        batch_sampler, session_samplers = self._begin
        taken = dict.fromkeys(self.session_names, 0)
        if self._current_batch and self._sessions is None:
            # a state was set and no pass has begun
            order = list(self.batch_sampler.session_order())
            self._sessions = lambda count: order[:count]
            self.batch_sampler.set_state(batch_sampler)
        for name in self._sessions(self._current_batch) if self._sessions else ():
            taken[name] += 1
        counts = self.batches_per_session
        weights = {} if self.batch_sampler.weights is None else {"weights": list(self.batch_sampler.weights)}
        if self.shuffle:
            weights["seed"] = self._seed.value if not self._seed.draws else self._state_seed if self._drawn_by is _STATE else self._drawn_by
        return {
            **weights,
            "settings": self._settings(),
            "recordings": self._recordings(),
            "current_batch": self._current_batch,
            "world_size": 1 if self._share is None else self._share[1],
            "epoch": self.epoch,
            "session_positions": taken,
            "batches_from_session": dict(taken),
            "active_sessions": [name for name in self.session_names if taken[name] < counts[name]],
            "batch_sampler_state": batch_sampler,
            "session_sampler_states": session_samplers,
        }

    def state_dict(self) -> dict[str, Any]:
        """Return what :meth:`get_state` returns, of lists, numbers and texts alone: json and torch.load take it as it is."""
        return plain_state(self.get_state())

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Do what :meth:`set_state` does.

        Parameters
        ----------
        state
            as :meth:`state_dict` gives it; JSON may have held it in between.
        """
        self.set_state(state)

    def _settings(self) -> dict[str, Any]:
        sampler = self.batch_sampler
        order = {"batch_size": sampler.batch_size, "shuffle": bool(sampler.shuffle), "drop_last": bool(sampler.drop_last)}
        return {**order, **contents(self._plain_options)}

    def _recordings(self) -> list[dict[str, Any]]:
        """Describe the datasets, which takes milliseconds each, until one has other start times."""
        revisions = [getattr(d, "_revision", None) for d in self.dataset.datasets]
        if self._described is None or any(a is not b for a, b in zip(self._described[0], revisions)):
            self._described = revisions, described(self.dataset.datasets)
        return self._described[1]

    def _set_generators(self, states: tuple[dict, dict]) -> None:
        batch_sampler, session_samplers = states
        if self._drawn is not None:
            # a pass under way keeps the lists that it would have drawn
            self._drawn.finish()
            self._drawn = None
        self.batch_sampler.set_state(batch_sampler)
        for name, state in session_samplers.items():
            self.batch_sampler.session_samplers[name].set_state({**state, "position": 0})

    def set_state(self, state: Mapping[str, Any]) -> None:
        """Continue where :meth:`get_state` was called.

        Parameters
        ----------
        state
            as :meth:`get_state` gives it; JSON may have held it in between.

        Raises
        ------
        ValueError
            the state belongs to other sessions, another order of them, other data or settings, or lacks what an exact
            continuation needs; the message says what differs.
        """
        if state.get("weights") != self.batch_sampler.weights:
            raise ValueError(
                f"the state was taken with weights={state.get('weights')}, this loader has {self.batch_sampler.weights}: expected the same"
            )
        missing = [k for k in ("current_batch", "batch_sampler_state", "session_sampler_states") if k not in state]
        if missing:
            raise ValueError(f"the state lacks {', '.join(missing)}: it cannot be continued exactly")
        names = set(state["session_sampler_states"])
        if names != set(self.session_names):
            raise ValueError(
                f"the state belongs to the sessions {sorted(map(str, names))}, "
                f"this loader has {sorted(map(str, self.session_names))}"
            )
        if "settings" in state and "recordings" in state:  # not in one of the original's
            different = differences(state, self._settings(), self._recordings())
            if self.shuffle and not self._seed.draws and state.get("seed") != self._seed.value:
                different.append(f"seed is {state.get('seed')} in the state, {self._seed.value} here")
            if different:
                raise StateError(f"the state belongs to other data or another configuration: {'; '.join(different)}")
        epoch, current_batch = counted(state, "epoch", 0), counted(state, "current_batch")
        within("current_batch", current_batch, len(self.batch_sampler), counted(state, "world_size", 1))
        self._epoch, self._current_batch = epoch, current_batch
        self._set_generators((state["batch_sampler_state"], state["session_sampler_states"]))
        self._begin, self._sessions = generators(self.batch_sampler), None
        self._drawn_by = _STATE
        self._state_seed = state.get("seed")
        self._resumed = True
