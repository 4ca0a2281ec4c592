# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Names of options, as Java and torch know them."""

from __future__ import annotations

#: Keys of a configuration's ``dataset`` that the original has no parameters for.
DATASET_KEYS = ("time_grid", "lead_device", "short_chunks")

#: Levels of a configuration file.
SECTIONS = ("dataset", "dataloader")

#: Keywords of :class:`syncline.DataLoader` beside its parameters, which Java takes as they are.
LOADER_OPTIONS = ("shuffle_each_epoch", "out_keys", "max_batches", "remainder", "huge_pages", "nice", "readahead")

#: Further keywords of torch's own loader, named in messages where somebody gives them to ours.
TORCH_LOADER_OPTIONS = (
    "sampler",
    "batch_sampler",
    "collate_fn",
    "timeout",
    "worker_init_fn",
    "multiprocessing_context",
    "generator",
    "persistent_workers",
    "pin_memory_device",
    "in_order",
)
