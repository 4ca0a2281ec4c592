# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""A loader of one dataset that keeps its workers from epoch to epoch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .._arguments import SetOnce, truth, warn_of_unknown, whole
from .._device import OnDevice, target_of
from .._feed import RING_OPTIONS, ring_options
from .._outputs import Output
from .._passes import Foreign
from .._facts import DEFAULTS
from .._shares import check_remainder, common_seed, drawn_seed, foreseen, share, steps
from .._shown import one_line
from .._states import counted
from .._torch import collate, torch_or_none
from ..errors import ArgumentError
from ._java import read_by_java


class MultiEpochsDataLoader(OnDevice):
    """Iterates over batches of one dataset, epoch after epoch, without starting its workers anew.

    Takes the arguments of ``torch.utils.data.DataLoader``. A ChunkDataset is read by Java threads (``num_workers`` of them)
    as :class:`syncline.DataLoader` does, unless an argument is of torch's processes or generator (``worker_init_fn``,
    ``multiprocessing_context``, ``generator``); every other dataset is read by a torch DataLoader.

    Parameters
    ----------
    dataset
        a ChunkDataset, or any that torch's loader reads.
    batch_size
        chunks a batch.
    shuffle
        a new order each epoch.
    *args
        further ones of torch's loader, in its order.
    shuffle_each_epoch
        call the dataset's ``shuffle_valid_screen_times`` before each epoch.
    **kwargs
        further ones of torch's loader; of a ChunkDataset ``rank``, ``world_size``, ``remainder``, ``indices``, ``on_error``, ``output`` and
        ``dtype``, too, as of :class:`syncline.DataLoader`, and ``device``, ``prefetch`` and ``narrow``, by which batches arrive
        elsewhere, see :meth:`to`.
    """

    _TORCHS_OWN = ("worker_init_fn", "multiprocessing_context", "generator")
    _OF_BATCHES = ("sampler", "batch_sampler", "collate_fn", "indices", "on_error")
    _JAVAS = (
        "num_workers",
        "prefetch_factor",
        "drop_last",
        "pin_memory",
        "seed",
        "rank",
        "world_size",
        "remainder",
        "output",
        "device",
        "prefetch",
        "narrow",
        *_OF_BATCHES,
        *RING_OPTIONS,
    )

    dataset, batch_size, shuffle, drop_last = SetOnce(), SetOnce(), SetOnce(), SetOnce()
    shuffle_each_epoch, num_workers, prefetch_factor, pin_memory = SetOnce(), SetOnce(), SetOnce(), SetOnce()
    collate_fn, output = SetOnce(), SetOnce()

    def __init__(
        self,
        dataset: Any,
        batch_size: int = 1,
        shuffle: bool = False,
        *args: Any,
        shuffle_each_epoch: bool = False,
        **kwargs: Any,
    ) -> None:
        self.shuffle_each_epoch = truth("shuffle_each_epoch", shuffle_each_epoch)
        self.dataset = dataset
        self.batch_size = batch_size
        self.shuffle = truth("shuffle", shuffle)
        self.num_workers = kwargs.get("num_workers", 0)
        self._args = args
        self._kwargs = kwargs
        #: whose arrays batches hold
        self.output = Output(kwargs.get("output"))
        self._target = target_of(kwargs.get("device"), kwargs.get("prefetch", 2), kwargs.get("narrow", True), self.output)
        own = args or any(kwargs.get(k) is not None for k in self._TORCHS_OWN)
        self.drop_last = truth("drop_last", kwargs.get("drop_last", False))
        self.pin_memory = truth("pin_memory", kwargs.get("pin_memory", False))
        self.prefetch_factor = kwargs.get("prefetch_factor")
        self.collate_fn = kwargs.get("collate_fn") or collate
        self._java = read_by_java(dataset) and not own
        if kwargs.get("remainder") is not None:
            check_remainder(kwargs["remainder"])
        if self._java:
            warn_of_unknown(type(self).__name__, kwargs, ("shuffle_each_epoch", *self._JAVAS))
        self._loader: Any = None
        self._epochs = 0
        # whether the next pass is the rest of one
        self._resumed = False

    @one_line
    def __repr__(self) -> Iterator[str]:
        yield repr(self.dataset)
        yield f"batch_size={self.batch_size}"
        yield f"shuffle={self.shuffle}"

    def _aim(self, device: Any, prefetch: int, narrow: bool) -> None:
        self._target = target_of(device, prefetch, narrow, self.output)
        self._kwargs = {**self._kwargs, "device": device, "prefetch": prefetch, "narrow": narrow}
        if self._java and self._loader is not None:
            self._loader.to(device, prefetch, narrow)

    def _of_batches(self) -> bool:
        """Whether the program says what is in batches, or what becomes of them."""
        return any(self._kwargs.get(name) is not None for name in self._OF_BATCHES)

    def _java_options(self) -> dict[str, Any]:
        """Return what Java's loader is told."""
        options = {k: v for k, v in self._kwargs.items() if k in self._JAVAS and v is not None}
        if self.shuffle and options.get("seed") is None and torch_or_none() is not None:
            # torch.manual_seed makes runs alike, as it does with torch's own loader
            options["seed"] = int(torch_or_none().initial_seed() % (1 << 32))
        return options

    def _make(self) -> Any:
        if self._java:
            from ..loader import DataLoader

            options = self._java_options()
            world_size = share(options.get("rank"), options.get("world_size"))[1]
            if world_size > 1 and self._kwargs.get("seed") is None and "seed" in options:
                options["seed"] = common_seed(options["seed"], world_size)
            loader = DataLoader(self.dataset, self.batch_size, self.shuffle, **options)
            if self._kwargs.get("pin_memory") and not loader.pin_memory:
                self._kwargs["pin_memory"] = False  # said once, not each epoch
            return loader
        torch = torch_or_none()
        if torch is None:
            asked = [name for name in self._TORCHS_OWN if self._kwargs.get(name) is not None]
            raise ImportError(
                f"MultiEpochsDataLoader reads datasets that are not Syncline's{''.join(f', and {n}=' for n in asked)} with torch: pip install torch"
            )
        import torch.utils.data

        options = {k: v for k, v in self._kwargs.items() if k not in ("device", "prefetch", "narrow")}
        for name in options:
            if name in ("seed", "rank", "world_size", "remainder", "indices", "on_error", "output", *RING_OPTIONS) and options[name] is not None:
                asked = [k for k in self._TORCHS_OWN if self._kwargs.get(k) is not None]
                raise ArgumentError(
                    f"{name}: torch's DataLoader, which has no such option, reads "
                    + (
                        f"where {asked[0]} is given; leave one of the two out"
                        if asked
                        else f"all but a ChunkDataset, here {type(self.dataset).__name__}; leave it out, or take syncline.DataLoader"
                    )
                )
        if not options.get("num_workers"):
            options.pop("prefetch_factor", None)
        elif "persistent_workers" not in options:
            # workers hold a copy of the dataset: with an order drawn anew they must be made anew
            options["persistent_workers"] = not self.shuffle_each_epoch
        return torch.utils.data.DataLoader(self.dataset, self.batch_size, self.shuffle, *self._args, **options)

    def __len__(self) -> int:
        if self._loader is None and self._java and not self._of_batches():
            # a loader of Java's would begin to read at once
            chunks, size = len(self.dataset), whole("batch_size", self.batch_size)
            batches = chunks // size if self.drop_last else -(-chunks // size)
            world = foreseen(self._kwargs.get("rank"), self._kwargs.get("world_size"))
            return steps(batches, world, self._kwargs.get("remainder") or DEFAULTS["loader"]["remainder"])
        if self._loader is None:
            self._loader = self._make()
        return len(self._loader)

    def state_dict(self) -> dict[str, Any]:
        """Return where the pass stands that began last, of a dataset that Java reads; JSON-able but for the dataset's generator.

        Raises
        ------
        TypeError
            a loader of torch's reads the dataset, which has no states.
        """
        if not self._java:
            raise TypeError(
                "MultiEpochsDataLoader has states of datasets of Syncline alone; torchdata's StatefulDataLoader has some of others"
            )
        if self._loader is None:
            self._loader = self._make()
        state = {"loader": self._loader.state_dict(), "epochs": self._epochs}
        if self.shuffle_each_epoch:
            state["dataset"] = self.dataset.get_state()
        return state

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Let the next pass go on exactly after the batch where the state was taken.

        Parameters
        ----------
        state
            as :meth:`state_dict` gives it; JSON may have held it in between.

        Raises
        ------
        ValueError
            the state is of other data or another configuration, or of a loader that draws start times otherwise.
        TypeError
            as of :meth:`state_dict`.
        """
        if not self._java:
            self.state_dict()
        if ("dataset" in state) != self.shuffle_each_epoch:
            raise ValueError(
                f"the state is of a loader with shuffle_each_epoch={'dataset' in state}, this one has {self.shuffle_each_epoch}"
            )
        epochs = counted(state, "epochs")
        if self.shuffle_each_epoch:
            self.dataset.set_state(state["dataset"])
        self._loader = self._make()
        self._loader.load_state_dict(state["loader"])
        self._epochs = epochs
        inner = self._loader.state_dict()["loader"]
        self._resumed = inner["position"] > 0

    def __iter__(self) -> Iterator[Any]:
        if self._resumed:
            self._resumed = False
            return iter(self._loader)
        if self.shuffle_each_epoch:
            self.dataset.shuffle_valid_screen_times()
            if self._java:
                self._loader = None  # one that is being iterated goes on over the times it was made with
        if self._loader is None:
            self._loader = self._make()
            if self._java and self._epochs:
                # a loader made anew would shuffle every epoch as the first
                self._loader.begin_epoch(self._epochs)
        if not self._java and hasattr(self.dataset, "set_epoch"):
            self.dataset.set_epoch(self._epochs)
        self._epochs += 1
        return iter(self._loader) if self._java else self._sent(Foreign(iter(self._loader)), lambda batch: {})


def joint_options(loaders: Mapping[Any, Any]) -> dict[str, Any] | None:
    """Return the options of one loader of Java's that reads what several do, or None where no such loader can be."""
    first = next(iter(loaders.values()), None)
    for loader in loaders.values():
        if (
            type(loader) is not MultiEpochsDataLoader
            or not loader._java
            or loader.dataset._items_in_python
            or loader.shuffle_each_epoch
            or loader._epochs
            or loader._of_batches()
            or (loader.batch_size, loader.shuffle, loader._kwargs) != (first.batch_size, first.shuffle, first._kwargs)
        ):
            return None
    if first is None or len({loader.dataset.data_key for loader in loaders.values()}) < len(loaders):
        return None
    options = first._java_options()
    rank, world_size = share(options.pop("rank", None), options.pop("world_size", None))
    if first.shuffle and world_size > 1 and first._kwargs.get("seed") is None:
        options["seed"] = common_seed(options["seed"] if "seed" in options else drawn_seed(), world_size)
    threads = max(1, whole("num_workers", options.get("num_workers", 0)))
    return {
        "batch_size": whole("batch_size", first.batch_size),
        "shuffle": bool(first.shuffle),
        "seed": options.get("seed"),
        "drop_last": first.drop_last,
        # of one order of all, a process might get some sessions only
        "share_sessions": True,
        "rank": rank,
        "world_size": world_size,
        "remainder": options.get("remainder", DEFAULTS["loader"]["remainder"]),
        "threads": threads,
        "prefetch": threads * whole("prefetch_factor", options.get("prefetch_factor", 2)),
        **ring_options(options, first.pin_memory, [loader.dataset for loader in loaders.values()]),
    }
