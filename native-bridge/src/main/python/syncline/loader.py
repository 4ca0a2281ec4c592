# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Batches made by Java threads, in memory that Python's tensors share."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

from . import _native
from ._torch import collate, torch_installed
from .datasets import ChunkDataset

__all__ = ["DataLoader"]

_STATE_VERSION = 1


def _type_name(dtype: Any) -> str:
    """Return the name of a torch or NumPy dtype, or of a name."""
    text = str(dtype)
    if text.startswith("torch."):
        return text[len("torch.") :]
    if text in ("bfloat16", "float16", "float32", "float64", "uint8"):
        return text
    import numpy as np

    return np.dtype(dtype).name


class DataLoader:
    """Iterates over batches of a :class:`syncline.ChunkDataset`: dicts as its items, with a first axis for the batch.

    One iteration is one epoch; the order depends on seed and epoch alone, not on threads. Tensors share memory with the
    loader's ring of buffers, which grows while batches are kept. Threads of Java do the work, without Python's lock; Ctrl-C
    raises KeyboardInterrupt and loses no batch. Datasets with parts in Python are read by Python threads instead.

    Args:
        dataset: the dataset; its start times are taken as they are now.
        batch_size: chunks a batch.
        shuffle: a new order each epoch, with ``shuffle_each_epoch=True`` of start times drawn anew (the stride's share).
        seed: of the order; without one the orders differ from run to run.
        num_workers: threads; 0 means one.
        prefetch_factor: batches made ahead for each thread.
        drop_last: leave a last, smaller batch out.
        pin_memory: register the buffers with CUDA so that copies to the GPU are asynchronous; without CUDA: a warning.
        dtype: element type of the entries, or a map device → type: float32, float16, bfloat16, on screens uint8 too
            (pixels before normalisation); default: the natural ones.
        rank, world_size: this process's share of every epoch; ``rank="env"`` reads RANK and WORLD_SIZE.

    Raises:
        ValueError: an argument has a value that it may not have.
    """

    def __init__(
        self,
        dataset: ChunkDataset,
        batch_size: int = 1,
        shuffle: bool = False,
        seed: "int | None" = None,
        num_workers: int = 0,
        prefetch_factor: "int | None" = 2,
        drop_last: bool = False,
        pin_memory: bool = False,
        dtype: Any = None,
        rank: "int | str" = 0,
        world_size: int = 1,
        **options: Any,
    ) -> None:
        if rank == "env":
            rank, world_size = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
        self.dataset = dataset
        self.batch_size = int(batch_size)
        self.shuffle = bool(shuffle)
        self.seed = seed
        self.num_workers = int(num_workers)
        self.prefetch_factor = 2 if prefetch_factor is None else int(prefetch_factor)
        self.drop_last = bool(drop_last)
        self.pin_memory = bool(pin_memory)
        self.rank, self.world_size = int(rank), int(world_size)
        if self.num_workers < 0 or self.prefetch_factor < 1:
            raise ValueError(
                f"num_workers is {self.num_workers}, expected 0 or more; prefetch_factor is {self.prefetch_factor}, "
                "expected 1 or more"
            )
        self._python = dataset._items_in_python
        threads = max(1, self.num_workers)
        if self.pin_memory and not _native.cuda_available():
            warnings.warn("pin_memory=True: no CUDA device here, memory is not pinned", UserWarning, stacklevel=2)
            self.pin_memory = False
        types: dict[str, str] = {}
        if dtype is not None:
            if isinstance(dtype, Mapping):
                types = {str(k): _type_name(v) for k, v in dtype.items()}
            else:
                types = {name: _type_name(dtype) for name in dataset.device_names}
        if types and self._python:
            raise ValueError("dtype: a dataset with parts in Python has the types that those give")
        self._options = {
            "batch_size": self.batch_size,
            "shuffle": self.shuffle,
            "seed": None if seed is None else int(seed),
            "drop_last": self.drop_last,
            "threads": threads,
            "prefetch": max(1, self.prefetch_factor * threads),
            "types": types,
            "rank": self.rank,
            "world_size": self.world_size,
            "pin_memory": self.pin_memory,
            "indices_only": self._python,
            **options,
        }
        self._handle = _native.loader_open([dataset._handle], self._options)
        self._stream = _native.BatchStream(self._handle)
        self._length = _native.loader_length(self._handle)
        # where the batch yielded last was: (epoch, batches of all ranks behind it); None before the first of an epoch
        self._yielded: "tuple[int, int] | None" = None
        # whether batches of this epoch were taken from Java, yielded or not
        self._begun = False
        self._resume = False
        self._layout: list[tuple[str, bool]] = []

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[dict]:
        if self._resume:
            self._resume = False
        elif self._begun:
            # an epoch that was not finished is not taken up again: iterating begins an epoch
            self._stream.discard()
            _native.loader_begin_epoch(self._handle)
            self._yielded = None
        self._begun = True
        if self._python:
            return self._python_batches()
        return self._java_batches()

    def _java_batches(self) -> Iterator[dict]:
        stream = self._stream
        use_torch = torch_installed()
        while True:
            taken = stream.next()
            if taken is None:
                self._end()
                return
            layout = self._layout
            if not layout:
                # what a batch holds is known with the first one
                entries = _native.loader_info(self._handle)["sessions"][0]["layout"]
                layout = self._layout = [(entry["key"], entry["timestamps"]) for entry in entries]
            out: dict[str, Any] = {}
            stamps: dict[str, Any] = {}
            for (key, timestamps), tensor in zip(layout, taken[1]):
                (stamps if timestamps else out)[key] = tensor.torch() if use_torch else tensor.numpy()
            if stamps:
                out["timestamps"] = stamps
            self._yielded = self._behind(taken[0])
            yield out

    def _behind(self, info: Any) -> "tuple[int, int]":
        """Return epoch and position after a batch, as Java counts: ranks take turns."""
        return info.epoch, info.index - self.rank + self.world_size

    def _end(self) -> None:
        self._yielded = None
        self._begun = False

    def _python_batches(self) -> Iterator[dict]:
        from collections import deque
        from concurrent.futures import ThreadPoolExecutor

        depth = 1 + (self.prefetch_factor * self.num_workers if self.num_workers else 0)
        with ThreadPoolExecutor(max(1, self.num_workers), thread_name_prefix="syncline") as pool:
            ahead: deque = deque()
            ended = False
            try:
                while True:
                    while not ended and len(ahead) < depth:
                        if ahead and self._behind(ahead[-1][0])[1] >= self._length * self.world_size:
                            break  # the end is taken when everything before it was yielded: a state stays in its epoch
                        taken = self._stream.next()
                        if taken is None:
                            ended = True
                            break
                        indices = taken[1][0].numpy().tolist()
                        ahead.append((taken[0], pool.submit(self._read, indices)))
                    if not ahead:
                        self._end()
                        return
                    info, future = ahead.popleft()
                    batch = future.result()
                    self._yielded = self._behind(info)
                    yield batch
            finally:
                for _, future in ahead:
                    future.cancel()

    def _read(self, indices: list) -> Any:
        return collate([self.dataset[i] for i in indices])

    def state_dict(self) -> dict:
        """Return where the loader stands: after the batch yielded last. Small, JSON-able, picklable."""
        state = _native.loader_state(self._handle)
        if self._yielded is not None and not self._resume and state["epoch"] == self._yielded[0]:
            # Java counts what it handed over; a batch that Ctrl-C kept from the program was not yielded
            state["position"] = min(state["position"], self._yielded[1])
        elif self._yielded is None and self._begun and not self._resume:
            state["position"] = 0
        return {"version": _STATE_VERSION, "loader": state}

    def load_state_dict(self, state: Mapping) -> None:
        """Let the next iteration continue with exactly the batch after the one where the state was taken.

        Raises:
            ValueError: the state belongs to other data or another configuration; the message says what differs.
        """
        if "loader" not in state:
            raise ValueError(f"not a state of syncline.DataLoader: keys {sorted(state)}")
        self._stream.discard()
        _native.loader_restore(self._handle, state["loader"])
        self._yielded = None
        self._begun = self._resume = True

    def statistics(self) -> dict:
        """Return times, bytes and waits of each stage since the loader was made, and ``summary``, one line."""
        return _native.loader_statistics(self._handle)

    def close(self) -> None:
        """Stop the threads; batches that are kept stay valid. Any number of times."""
        self._handle.close()

    def __enter__(self) -> "DataLoader":
        return self

    def __exit__(self, *exc: Any) -> None:
        self.close()

    def __getstate__(self) -> dict:
        raise TypeError("a DataLoader holds threads and cannot be pickled; pickle its dataset and its state_dict()")
