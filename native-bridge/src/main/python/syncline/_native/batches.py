# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Batches of a loader, taken so that Ctrl-C is heard and costs none."""

from __future__ import annotations

from ctypes import byref
from typing import Any, Optional

import numpy as np

from . import abi
from .functions import Handle
from .library import check, deliver_warnings, library, start
from .tensors import NativeTensor, numpy_dtype, owned
from .warnings import collect, deliver, warn



class BatchStream:
    """Takes batches from a loader, so that Ctrl-C is heard while waiting and costs no batch.

    Parameters
    ----------
    handle
        the loader.
    legacy
        capsules are named "dltensor", as every consumer of DLPack knows them, in place of "dltensor_versioned".
    apart
        tensors that are small beside their batch have memory of their own: kept, they do not keep the batch's.
    """

    #: milliseconds between two looks at Python's signals
    POLL_MS = 100

    def __init__(self, handle: Handle, legacy: bool = False, apart: bool = False) -> None:
        self._handle = handle
        self._apart = int(apart)
        self._legacy = int(legacy)
        self._take = library().python_next
        #: of the batch taken last
        self.batch = abi.PythonBatch()
        self._batch = byref(self.batch)

    def take(self, capsules: list[Any]) -> bool:
        """Waits for the next batch; False at the end of an epoch, and the call after that begins the next epoch.

        Parameters
        ----------
        capsules
            empty; gets a capsule for each tensor, which owns it, in one step: after a KeyboardInterrupt it is
            either empty, and the batch comes with the next call, or holds the whole batch.
        """
        start()
        take, handle, legacy, apart, batch = self._take, self._handle, self._legacy, self._apart, self._batch
        while True:
            status = take(handle.value, self.POLL_MS, legacy, apart, capsules, batch)
            if status == abi.OK:
                if self.batch.warnings:
                    _warn()
                return True
            if status != abi.TIMEOUT:
                capsules.clear()
                check(library(), status)
                return False

    def next(self) -> Optional[tuple[abi.BatchInfo, list[NativeTensor]]]:
        """Returns the next batch, or None at the end of an epoch; the call after that begins the next epoch."""
        capsules: list[Any] = []
        if not self.take(capsules):
            return None
        return abi.BatchInfo.from_buffer_copy(self.batch.info), list(map(owned, capsules))


def _warn() -> None:
    """Warns, in the program's loop, of what Java warned of meanwhile: Python's way for what goes on and perhaps should not."""
    with collect() as collected:
        deliver_warnings()
    for record in collected.records:
        if record["level"] == "WARNING":
            warn(record["message"])
        else:
            deliver([record])


class _Memory:
    """Memory of a batch for NumPy, which keeps this object, and with it the capsules, as long as an array lives."""

    __slots__ = ("__array_interface__", "owner")

    def __init__(self, address: int, size: int, owner: Any) -> None:
        self.__array_interface__ = {"version": 3, "shape": (size,), "typestr": "|u1", "data": (address, False)}
        self.owner = owner


class BatchShape:
    """Where the arrays of batches of one form lie, learned from the first of them."""

    def __init__(self, capsules: list[Any], apart: int) -> None:
        tensors = list(map(owned, capsules))
        common = [t.address for i, t in enumerate(tensors) if t.address and not apart >> i & 1]
        self._first = next((i for i, t in enumerate(tensors) if t.address and not apart >> i & 1), None)
        begin = min(common, default=0)
        self._shift = 0 if self._first is None else begin - tensors[self._first].address
        self._size = 0
        # shape, type, bytes; where in the common memory; -1: there is none, -2: in memory of its own
        self._entries: list[tuple[tuple[int, ...], np.dtype, int, int]] = []
        for i, t in enumerate(tensors):
            dtype = numpy_dtype(t.dtype)
            size = dtype.itemsize * int(np.prod(t.shape, dtype=np.int64))
            offset = -1 if not t.address else -2 if apart >> i & 1 else t.address - begin
            self._entries.append((t.shape, dtype, size, offset))
            if offset >= 0:
                self._size = max(self._size, offset + size)

    def arrays(self, capsules: list[Any], batch: abi.PythonBatch) -> list[np.ndarray]:
        """Returns writable arrays over a batch's memory, which live on their own."""
        memory: Any = None
        if self._first is not None:
            shared = [c for c, entry in zip(capsules, self._entries) if entry[3] != -2]
            memory = np.asarray(_Memory(batch.data[self._first] + self._shift, self._size, shared))
        out = []
        for i, (shape, dtype, size, offset) in enumerate(self._entries):
            if offset >= 0:
                out.append(np.ndarray(shape, dtype, memory, offset))
            elif offset == -1:
                out.append(np.empty(shape, dtype))
            else:
                out.append(np.ndarray(shape, dtype, np.asarray(_Memory(batch.data[i], size, capsules[i]))))
        return out
