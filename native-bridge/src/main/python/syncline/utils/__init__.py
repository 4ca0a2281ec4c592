# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Cyclers over loaders, session samplers and the fast session loader, with the original's names and orders.

Import the names from here; the modules part them by what they are about.
"""

from __future__ import annotations

from .._arrays import add_behavior_as_channels, replace_nan_with_batch_mean
from .cyclers import Exhauster, LongCycler, ShortCycler, cycle
from .epochs import MultiEpochsDataLoader
from .samplers import SessionBatchSampler, SessionConcatDataset, SessionSpecificSampler
from .sessions import FastSessionDataLoader

# where programs find them, and what they are pickled by
add_behavior_as_channels.__module__ = replace_nan_with_batch_mean.__module__ = __name__

__all__ = [
    "Exhauster",
    "FastSessionDataLoader",
    "LongCycler",
    "MultiEpochsDataLoader",
    "SessionBatchSampler",
    "SessionConcatDataset",
    "SessionSpecificSampler",
    "ShortCycler",
    "add_behavior_as_channels",
    "cycle",
    "replace_nan_with_batch_mean",
]
