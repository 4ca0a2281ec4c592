# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Syncline: synchronised chunks of neuroscience recordings, read in Java threads, handed over without a copy.

The modules have the names of experanto's: ``syncline.datasets.ChunkDataset``, ``syncline.experiment.Experiment``,
``syncline.interpolators``, ``syncline.intervals``, ``syncline.filters.common_filters``, ``syncline.configs``,
``syncline.dataloaders``, ``syncline.utils``. :class:`DataLoader` iterates over batches.

The Java runtime starts with the first dataset, experiment or interpolator; :func:`start` starts it now.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .configs import config_for
    from .datasets import ChunkDataset
    from .experiment import Experiment
    from .importing import import_nwb, list_nwb
    from .loader import DataLoader
    from .plotting import plot
    from .statistics import stats
    from .writing import RecordingWriter, write

__all__ = [
    "ChunkDataset",
    "DataLoader",
    "Experiment",
    "RecordingWriter",
    "config_for",
    "import_nwb",
    "list_nwb",
    "plot",
    "start",
    "stats",
    "write",
]
__version__ = "0.1.1"

_LAZY = {
    "ChunkDataset": "datasets",
    "DataLoader": "loader",
    "Experiment": "experiment",
    "config_for": "configs",
    "import_nwb": "importing",
    "list_nwb": "importing",
    "plot": "plotting",
    "RecordingWriter": "writing",
    "stats": "statistics",
    "write": "writing",
}


#: what tab completion shows beside the names: modules that programs import
_MODULES = (
    "configs",
    "dataloaders",
    "datasets",
    "errors",
    "experiment",
    "filters",
    "importing",
    "interpolators",
    "intervals",
    "loader",
    "plotting",
    "statistics",
    "types",
    "utils",
    "writing",
)


def start() -> None:
    """Start the Java runtime now, so that a later first call does not wait for it; any number of times.

    Raises
    ------
    RuntimeError
        no Java runtime of version 25 or newer was found (the message lists what was tried), it did not
        start, or this process was forked from one that had started it.
    """
    from ._native import library

    library.start()


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(importlib.import_module(f".{_LAZY[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, *_MODULES, "__all__", "__doc__", "__file__", "__name__", "__path__", "__version__"])


def _tell_ipython() -> None:
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if shell is not None:
        from ._notebooks import show_shapes

        show_shapes(shell)


_tell_ipython()
