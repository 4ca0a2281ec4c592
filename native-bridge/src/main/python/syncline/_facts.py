# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
# Written by FactsReferenceTest from Java's schema. Do not edit; to write it again: -Dsyncline.reference=apply
"""What Java's schema says: names, ranges and defaults of keys and options, and the default configuration."""

from __future__ import annotations

from typing import Any

#: Keys of a configuration's ``dataset`` that the original has no parameters for.
DATASET_KEYS = ("time_grid", "lead_device", "short_chunks", "within_trial", "categories")

#: Levels of a configuration file.
SECTIONS = ("dataset", "dataloader")

#: Keys of a device's entry.
MODALITY_KEYS = (
    "keep_nans",
    "sampling_rate",
    "chunk_size",
    "valid_condition",
    "offset",
    "sample_stride",
    "include_blanks",
    "transforms",
    "interpolation",
    "filters",
    "nans",
    "columns",
    "unit_ids",
    "select",
)

#: Keys of a map with ``_target_`` that are not its arguments.
TARGET_KEYS = ("_target_", "__target__", "_partial_", "__partial__", "_convert_", "_recursive_")

#: How sequences are interpolated.
INTERPOLATION_MODES = ("nearest_neighbor", "previous", "nearest", "linear", "mean")

#: Where the window lies in which spikes are counted.
ALIGNMENTS = ("center", "left", "right")

#: Element types by the names that Java knows.
ELEMENT_TYPES = (
    "bool",
    "int8",
    "uint8",
    "int16",
    "uint16",
    "int32",
    "uint32",
    "int64",
    "uint64",
    "float16",
    "bfloat16",
    "float32",
    "float64",
)

#: Keywords of :class:`syncline.DataLoader`.
LOADER_OPTIONS = (
    "batch_size",
    "shuffle",
    "seed",
    "drop_last",
    "indices",
    "max_batches",
    "out_keys",
    "rank",
    "world_size",
    "remainder",
    "shuffle_each_epoch",
    "pin_memory",
    "readahead",
    "lookahead",
    "nice",
    "huge_pages",
    "on_error",
    "num_workers",
    "prefetch_factor",
    "dtype",
    "output",
    "sampler",
    "batch_sampler",
    "collate_fn",
    "device",
    "prefetch",
    "narrow",
)

#: Those of them that a loader has, too, that is told its batches.
RING_OPTIONS = ("dtype", "max_batches", "out_keys", "readahead", "lookahead", "nice", "huge_pages")

#: Least and largest value of keywords of Python's own.
LOADER_RANGES = {"num_workers": (0, 1024), "prefetch_factor": (1, 65536), "prefetch": (0, 65536)}

#: What counts where nothing is said.
DEFAULTS: dict[str, Any] = {
    "dataset": {
        "root_folder": None,
        "global_sampling_rate": None,
        "global_chunk_size": None,
        "add_behavior_as_channels": False,
        "replace_nans_with_means": False,
        "cache_data": False,
        "out_keys": None,
        "normalize_timestamps": True,
        "modality_config": None,
        "seed": None,
        "safe_interval_threshold": 0.5,
        "interpolate_precision": 5,
        "time_grid": "rounded",
        "lead_device": None,
        "short_chunks": "error",
        "within_trial": False,
        "categories": None,
    },
    "interpolation": {
        "interpolation_mode": "nearest_neighbor",
        "window": None,
        "align": "left",
        "max_gap": None,
        "keep_nans": False,
        "normalize": False,
        "normalize_subtract_mean": False,
        "normalize_std_threshold": None,
        "rescale": False,
        "rescale_size": None,
        "use_stimuli_names": None,
        "interpolation_window": 0.3,
        "interpolation_align": "center",
        "smoothing_sigma": 0.0,
        "_target_": None,
        "__target__": None,
    },
    "loader": {
        "batch_size": 1,
        "shuffle": False,
        "seed": None,
        "drop_last": False,
        "indices": None,
        "max_batches": 0,
        "out_keys": None,
        "rank": 0,
        "world_size": 1,
        "remainder": "pad",
        "shuffle_each_epoch": False,
        "pin_memory": False,
        "readahead": 0,
        "lookahead": 0,
        "nice": 0,
        "huge_pages": None,
        "on_error": "error",
        "num_workers": 0,
        "prefetch_factor": None,
        "dtype": None,
        "output": None,
        "sampler": None,
        "batch_sampler": None,
        "collate_fn": None,
        "device": None,
        "prefetch": 2,
        "narrow": True,
    },
    "finite_filter": {"min_share": 1.0},
    "label_filter": {"device": None, "label": None, "invert": False, "margin": 0.0},
    "nan_filter": {"vicinity": 0.05},
}

#: The default configuration.
DEFAULT_CONFIG: dict[str, Any] = {
    "dataset": {
        "global_sampling_rate": None,
        "global_chunk_size": None,
        "add_behavior_as_channels": False,
        "replace_nans_with_means": False,
        "cache_data": False,
        "out_keys": ["screen", "responses", "eye_tracker", "treadmill", "timestamps"],
        "normalize_timestamps": True,
        "modality_config": {
            "screen": {
                "keep_nans": False,
                "sampling_rate": 30,
                "chunk_size": 60,
                "valid_condition": {"tier": "train"},
                "offset": 0,
                "sample_stride": 1,
                "include_blanks": True,
                "transforms": {
                    "normalization": "normalize",
                    "Resize": {"_target_": "torchvision.transforms.v2.Resize", "size": [144, 256]},
                },
                "interpolation": {"rescale": True, "rescale_size": [144, 256]},
            },
            "responses": {
                "keep_nans": False,
                "sampling_rate": 8,
                "chunk_size": 16,
                "offset": 0.0,
                "transforms": {"normalization": "normalize_variance_only"},
                "interpolation": {"interpolation_mode": "nearest_neighbor"},
                "filters": {
                    "nan_filter": {
                        "__target__": "experanto.filters.common_filters.nan_filter",
                        "__partial__": True,
                        "vicinity": 0.05,
                    },
                },
            },
            "eye_tracker": {
                "keep_nans": False,
                "sampling_rate": 30,
                "chunk_size": 60,
                "offset": 0,
                "transforms": {"normalization": "normalize"},
                "interpolation": {"interpolation_mode": "nearest_neighbor"},
                "filters": {
                    "nan_filter": {
                        "__target__": "experanto.filters.common_filters.nan_filter",
                        "__partial__": True,
                        "vicinity": 0.05,
                    },
                },
            },
            "treadmill": {
                "keep_nans": False,
                "sampling_rate": 30,
                "chunk_size": 60,
                "offset": 0,
                "transforms": {"normalization": "normalize"},
                "interpolation": {"interpolation_mode": "nearest_neighbor"},
                "filters": {
                    "nan_filter": {
                        "__target__": "experanto.filters.common_filters.nan_filter",
                        "__partial__": True,
                        "vicinity": 0.05,
                    },
                },
            },
        },
    },
    "dataloader": {
        "batch_size": 16,
        "shuffle": True,
        "num_workers": 2,
        "pin_memory": True,
        "drop_last": True,
        "prefetch_factor": 2,
    },
}
