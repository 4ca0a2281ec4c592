# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""A loader of one dataset that keeps its workers from epoch to epoch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .._arguments import warn_of_unknown
from .._torch import collate, torch_or_none
from ._java import read_by_java


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
        self._java = read_by_java(dataset) and not own
        if self._java:
            warn_of_unknown(type(self).__name__, kwargs, self._JAVAS)
        self._loader: Any = None
        self._epochs = 0

    def _make(self) -> Any:
        if self._java:
            from ..loader import DataLoader

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
            if self._java:
                self._loader = None  # one that is being iterated goes on over the times it was made with
        if self._loader is None:
            self._loader = self._make()
            if self._java and self._epochs:
                # a loader made anew would shuffle every epoch as the first
                self._loader.begin_epoch(self._epochs)
        self._epochs += 1
        return iter(self._loader)
