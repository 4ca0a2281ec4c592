# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""What copies of a dataset in worker processes see of what the program changes afterwards: its epoch and its start times."""

from __future__ import annotations

import mmap
import os
import sys
import tempfile
from typing import Any

import numpy as np

_NUMBERS = 3


def being_started() -> bool:
    """Whether something is pickled for a process that is being started, which alone can be handed an open file."""
    context = sys.modules.get("multiprocessing.context")
    return os.name == "posix" and context is not None and context.get_spawning_popen() is not None


class Followed:
    """Memory that a dataset writes and its copies read, of a file without a name. Any process may read; one thread of one
    process writes.

    Parameters
    ----------
    file
        as large as the memory, open for reading and writing.
    """

    def __init__(self, file: Any) -> None:
        self._file = file
        memory = mmap.mmap(file.fileno(), 0)
        # epoch; how many start times; a number that grows with each change of those, odd while they are being written
        self._numbers = np.frombuffer(memory, np.int64, _NUMBERS)
        self._times = np.frombuffer(memory, np.float64, offset=8 * _NUMBERS)

    @staticmethod
    def of(epoch: int, times: np.ndarray, room: int) -> Followed:
        """Make memory with an epoch and start times, float64 seconds, and room for as many as may follow."""
        file = tempfile.TemporaryFile()
        file.truncate(8 * (_NUMBERS + max(room, len(times))))
        made = Followed(file)
        made.epoch = epoch
        made.write(times)
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        from multiprocessing.reduction import DupFd

        return _inherited, (DupFd(self._file.fileno()),)

    @property
    def epoch(self) -> int:
        return int(self._numbers[0])

    @epoch.setter
    def epoch(self, epoch: int) -> None:
        self._numbers[0] = epoch

    @property
    def revision(self) -> int:
        """A number that is another one after start times have changed."""
        return int(self._numbers[2])

    def write(self, times: np.ndarray) -> bool:
        """Tell new start times; return whether there was room."""
        if len(times) > len(self._times):
            return False
        self._numbers[2] += 1
        self._numbers[1] = len(times)
        self._times[: len(times)] = times
        self._numbers[2] += 1
        return True

    def read(self) -> tuple[int, np.ndarray]:
        """Return a revision and its start times."""
        while True:
            revision = self.revision
            times = self._times[: self._numbers[1]].copy()
            if revision % 2 == 0 and revision == self.revision:
                return revision, times


def _inherited(handed: Any) -> Followed:
    return Followed(os.fdopen(handed.detach(), "r+b"))
