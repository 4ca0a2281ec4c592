# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Loaders over several recordings."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ._arguments import nearest, several, shortened
from ._config import plain
from ._facts import SECTIONS
from ._feed import processors
from ._native.warnings import warn
from ._parts import needs_python
from .configs import UNMADE, default_config, defaults_of, say_replaced
from .datasets import ChunkDataset
from .utils import FastSessionDataLoader, LongCycler, MultiEpochsDataLoader, SessionConcatDataset

__all__ = ["get_multisession_concat_dataloader", "get_multisession_dataloader"]

__getattr__ = defaults_of(__name__, "DEFAULT_CONFIG")  # the original's module has it


def _per_path(paths: Sequence[Any], configs: Any) -> list[dict[str, Any]]:
    if configs is None:
        say_replaced(UNMADE, nested=False)
        configs = default_config()
    if not isinstance(configs, (list, tuple)) and type(configs).__name__ != "ListConfig":
        configs = [configs] * len(paths)
    if len(configs) != len(paths):
        raise ValueError(f"{len(paths)} paths but {len(configs)} configurations")
    found = []
    for config in configs:
        values = plain(config)
        if not isinstance(values, Mapping):
            raise ValueError(f"configs: found {type(config).__name__}, expected a map with dataset and dataloader")
        for name in values:
            if name not in SECTIONS:
                warn(
                    f"configs: {name} is no key of a configuration and changes nothing{nearest(str(name), SECTIONS)}",
                )
        found.append({"dataset": dict(values.get("dataset") or {}), "dataloader": dict(values.get("dataloader") or {})})
    return found


def _session_seed(seed: int | None, data_key: str) -> int | None:
    """The same in every process, unlike the original's, which takes Python's randomised hash."""
    if seed is None:
        return None
    return seed + int.from_bytes(hashlib.sha256(data_key.encode()).digest()[:4], "big") % 10000


def _open(path: Any, dataset_config: dict[str, Any], seed: int | None) -> ChunkDataset:
    if seed is not None:
        key = ChunkDataset.get_data_key_from_root_folder(path)
        dataset_config = {**dataset_config, "seed": _session_seed(seed, key)}
    try:
        return ChunkDataset.from_config(path, dataset_config)
    except Exception as failure:
        failure.add_note(f"while opening the session {path}") if hasattr(failure, "add_note") else None
        raise


def _open_all(paths: Sequence[Any], configs: Sequence[dict[str, Any]], seed: int | None) -> list[ChunkDataset]:
    """Open datasets, several at a time where Java does all of it; the first in order that fails speaks."""
    each = [(path, config["dataset"], seed) for path, config in zip(paths, configs)]
    threads = min(len(each) - 1, processors())
    if threads < 2 or any(needs_python(c["dataset"].get("modality_config") or {}) for c in configs):
        return [_open(*arguments) for arguments in each]
    from concurrent.futures import ThreadPoolExecutor

    # the first one alone: it starts Java, and what is wrong with the configuration is said once, here
    first = _open(*each[0])
    with ThreadPoolExecutor(threads, thread_name_prefix="syncline-open") as pool:
        rest = [pool.submit(_open, *arguments) for arguments in each[1:]]
        try:
            return [first, *(future.result() for future in rest)]
        finally:
            for future in rest:
                future.cancel()


def _say_unused_seeds(function: str, seed: int, configs: Sequence[Mapping[str, Any]], sections: Iterable[str]) -> None:
    """Say once which seeds of configurations do not count beside the function's own."""
    for section in sections:
        found = next((c[section]["seed"] for c in configs if c[section].get("seed") not in (None, seed)), None)
        if found is not None:
            warn(
                f"{function}: {section}.seed is {found} in the configuration and changes nothing beside seed={seed}: give seed={found}, or seed=None "
                "for those of the configuration",
            )


def _check_sections(given: Mapping[str, Any]) -> None:
    found = [name for name in SECTIONS if name in given]
    if found:
        raise TypeError(f"found {', '.join(found)} as keywords, the sections of a configuration: expected configs=CONFIG in place of **CONFIG")


def get_multisession_dataloader(
    paths: Sequence[Any], configs: Any = None, shuffle_keys: bool = False, **kwargs: Any
) -> LongCycler:
    """Return a LongCycler over one loader a recording; iterating yields ``(data key, batch)``.

    Parameters
    ----------
    paths
        folders of recordings.
    configs
        one configuration for all or one each, with ``dataset`` and ``dataloader``; default: the default one.
    shuffle_keys
        visit the sessions in a random order.
    **kwargs
        override ``dataloader``; ``config`` stands for ``configs``; ``seed`` seeds the orders, and each dataset with
        ``seed + (first four bytes of SHA-256 of its data key) mod 10000``.

    Raises
    ------
    TypeError
        one path in place of a list.
    ValueError
        two recordings of one name, or a recording that cannot be opened (also other exceptions of opening).
    """
    if configs is None and "config" in kwargs:
        configs = kwargs.pop("config")
    _check_sections(kwargs)
    several("paths", paths, "paths")
    seed = kwargs.get("seed")
    loaders: dict[str, Any] = {}
    chosen = _per_path(paths, configs)
    if seed is None:
        kwargs.pop("seed", None)
    else:
        _say_unused_seeds("get_multisession_dataloader", seed, chosen, ("dataset",))
    for path, config, dataset in zip(paths, chosen, _open_all(paths, chosen, seed)):
        if dataset.data_key in loaders:
            raise ValueError(f"two recordings are called {dataset.data_key}; the second is {path}")
        loaders[dataset.data_key] = MultiEpochsDataLoader(dataset, **{**config["dataloader"], **kwargs})
    if shuffle_keys:
        keys = list(loaders)
        random.Random(seed).shuffle(keys)
        loaders = {key: loaders[key] for key in keys}
    return LongCycler(loaders)


def get_multisession_concat_dataloader(
    paths: Sequence[Any],
    configs: Any = None,
    seed: int | None = 0,
    dataloader_config: Any = None,
    **kwargs: Any,
) -> FastSessionDataLoader:
    """Return a FastSessionDataLoader over recordings; iterating yields ``(data key, batch)``.

    Parameters
    ----------
    paths
        folders of recordings.
    configs
        one configuration for all or one each; default: the default one.
    seed
        of the orders, and of each dataset with an offset made from its data key.
    dataloader_config
        batch size, shuffle, drop_last, ...; default: the first configuration's ``dataloader``.
    **kwargs
        override it; ``config`` stands for ``configs``.

    Raises
    ------
    TypeError
        one path in place of a list.
    ValueError
        two recordings of one name, or a recording that cannot be opened (also other exceptions of opening).
    """
    if configs is None and "config" in kwargs:
        configs = kwargs.pop("config")
    _check_sections(kwargs)
    several("paths", paths, "paths")
    chosen = _per_path(paths, configs)
    datasets = _open_all(paths, chosen, seed)
    concatenated = SessionConcatDataset(datasets, [d.data_key for d in datasets])
    if dataloader_config is not None:
        options = plain(dataloader_config)
    else:
        options = chosen[0]["dataloader"] if chosen else {}
        other = next((i for i, config in enumerate(chosen) if config["dataloader"] != options), None)
        if other is not None:
            warn(
                f"get_multisession_concat_dataloader: configs[{other}] has another dataloader section ({shortened(chosen[other]['dataloader'])}) than "
                f"configs[0] ({shortened(options)}), which all recordings are read with: one loader reads them; give dataloader_config, or "
                "get_multisession_dataloader has a loader for each",
            )
    if seed is not None:
        _say_unused_seeds("get_multisession_concat_dataloader", seed, [{**c, "dataloader": options} for c in chosen], SECTIONS)
    options = {**options, **kwargs}
    own = options.pop("seed", None)
    if seed is None:
        seed = own
    return FastSessionDataLoader(concatenated, seed=seed, **options)
