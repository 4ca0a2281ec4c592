# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Several sessions behind one index."""

from __future__ import annotations

import bisect
import operator
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ._items import items
from ._java import read_together
from ._torch import Dataset


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

    def __getitems__(self, indices: Iterable[int]) -> list:
        """Return the items at indices, each session's read together; see :meth:`syncline.ChunkDataset.__getitems__`."""
        located = [self._locate(i) for i in indices]
        at: dict[int, list[int]] = {}
        for position, (session, _) in enumerate(located):
            at.setdefault(session, []).append(position)
        out: list = [None] * len(located)
        for session, positions in at.items():
            found = self._items(self.datasets[session], [located[p][1] for p in positions])
            for position, item in zip(positions, found):
                out[position] = item
        return out

    def _items(self, dataset: Any, indices: list[int]) -> list:
        if read_together(dataset):
            return items(dataset, indices, beside=filter(read_together, self.datasets))
        if callable(getattr(dataset, "__getitems__", None)):
            return dataset.__getitems__(indices)
        return [dataset[i] for i in indices]

    def get_session_for_idx(self, idx: int) -> str:
        """Return the name of the session that an index belongs to."""
        return self.session_names[self._locate(idx)[0]]

    def get_indices_for_session(self, session_name: str) -> list[int]:
        """Return the indices of a session in their natural order; an empty list for an unknown name."""
        return list(range(*self.session_indices.get(session_name, (0, 0))))

    def get_sessions_count(self) -> dict:
        """Return the number of samples of each session, by name."""
        return {name: end - start for name, (start, end) in self.session_indices.items()}
