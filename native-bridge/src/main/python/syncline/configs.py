# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""The default configuration: OmegaConf objects where OmegaConf is installed, else dicts with attribute access."""

from __future__ import annotations

import copy
from typing import Any

__all__ = [
    "DEFAULT_CONFIG",
    "DEFAULT_DATALOADER_CONFIG",
    "DEFAULT_DATASET_CONFIG",
    "DEFAULT_MODALITY_CONFIG",
]


class AttributeDict(dict):
    """A dict whose entries are attributes too, at every depth; copies are deep where ``copy.deepcopy`` asks for it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()
        for key, value in dict(*args, **kwargs).items():
            self[key] = value

    @classmethod
    def _wrap(cls, value: Any) -> Any:
        if isinstance(value, dict) and not isinstance(value, cls):
            return cls(value)
        if isinstance(value, list):
            return [cls._wrap(v) for v in value]
        return value

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(key, self._wrap(value))

    def __setattr__(self, key: str, value: Any) -> None:
        self[key] = value

    def __getattr__(self, key: str) -> Any:
        try:
            return self[key]
        except KeyError:
            raise AttributeError(key) from None

    def __delattr__(self, key: str) -> None:
        try:
            del self[key]
        except KeyError:
            raise AttributeError(key) from None

    def __deepcopy__(self, memo: dict) -> "AttributeDict":
        return type(self)({key: copy.deepcopy(value, memo) for key, value in self.items()})

    def copy(self) -> "AttributeDict":
        return type(self)(self)

    def update(self, *args: Any, **kwargs: Any) -> None:
        for key, value in dict(*args, **kwargs).items():
            self[key] = value

    def setdefault(self, key: Any, default: Any = None) -> Any:
        if key not in self:
            self[key] = default
        return self[key]

    def __reduce__(self) -> tuple:
        return type(self), (dict(self),)


def _nan_filter() -> dict:
    return {
        "nan_filter": {
            "__target__": "experanto.filters.common_filters.nan_filter",
            "__partial__": True,
            "vicinity": 0.05,
        }
    }


def _behaviour() -> dict:
    return {
        "keep_nans": False,
        "sampling_rate": 30,
        "chunk_size": 60,
        "offset": 0,
        "transforms": {"normalization": "normalize"},
        "interpolation": {"interpolation_mode": "nearest_neighbor"},
        "filters": _nan_filter(),
    }


_DEFAULT: dict = {
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
                "filters": _nan_filter(),
            },
            "eye_tracker": _behaviour(),
            "treadmill": _behaviour(),
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


def _make() -> Any:
    try:
        from omegaconf import OmegaConf
    except ImportError:
        return AttributeDict(_DEFAULT)
    return OmegaConf.create(_DEFAULT)


DEFAULT_CONFIG = _make()
DEFAULT_DATASET_CONFIG = DEFAULT_CONFIG.dataset
DEFAULT_MODALITY_CONFIG = DEFAULT_CONFIG.dataset.modality_config
DEFAULT_DATALOADER_CONFIG = DEFAULT_CONFIG.dataloader
