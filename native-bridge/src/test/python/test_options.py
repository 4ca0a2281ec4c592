# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""No option that a loader takes is without effect: each changes something that can be seen, or is refused or warned of by name.

The options are those of Java's schema, of the loaders' signatures and of torch's loader; whoever adds one is asked for an example here.
"""

import inspect
import itertools
import re
import warnings

import numpy as np
import pytest
import recordings
from conftest import TORCH
from test_feed import numbers, opened

import syncline._sampled
import syncline.utils.sessions
from syncline import ChunkDataset, DataLoader
from syncline._arguments import TORCH_LOADER_OPTIONS
from syncline._facts import LOADER_OPTIONS, RING_OPTIONS
from syncline._native import functions as native
from syncline.utils import Exhauster, FastSessionDataLoader, LongCycler, MultiEpochsDataLoader, SessionConcatDataset, ShortCycler


class Marked(ChunkDataset):
    def __getitem__(self, i):
        return super().__getitem__(i)


def cycler(kind):
    return lambda datasets, **options: kind({d.data_key: MultiEpochsDataLoader(d, **options) for d in datasets})


def init_worker(number):
    raise ValueError("worker_init_fn was called")


#: How each loader is made of two datasets, and whose signature it has.
LOADERS = {
    "DataLoader": (lambda datasets, **options: DataLoader(datasets[0], **options), DataLoader),
    "DataLoader of several": (lambda datasets, **options: DataLoader(SessionConcatDataset(datasets), **options), DataLoader),
    "FastSessionDataLoader": (
        lambda datasets, **options: FastSessionDataLoader(SessionConcatDataset(datasets), **options),
        FastSessionDataLoader,
    ),
    "MultiEpochsDataLoader": (lambda datasets, **options: MultiEpochsDataLoader(datasets[0], **options), MultiEpochsDataLoader),
    "LongCycler": (cycler(LongCycler), MultiEpochsDataLoader),
    "ShortCycler": (cycler(ShortCycler), MultiEpochsDataLoader),
    "Exhauster": (cycler(Exhauster), MultiEpochsDataLoader),
}

#: A value that is not the default.
EXAMPLES = {
    "batch_size": 3,
    "shuffle": True,
    "seed": 7,
    "drop_last": True,
    "indices": [1, 2, 3],
    "max_batches": 9,
    "out_keys": ["responses"],
    "rank": 1,
    "world_size": 3,
    "remainder": "drop",
    "shuffle_each_epoch": True,
    "pin_memory": True,
    "readahead": 1 << 20,
    "lookahead": 1 << 20,
    "nice": 3,
    "huge_pages": True,
    "on_error": "skip",
    "num_workers": 2,
    "prefetch_factor": 5,
    "dtype": "float16",
    "output": "numpy" if TORCH else "torch",
    "sampler": [3, 1],
    "batch_sampler": [[3, 1]],
    "collate_fn": len,
    "weights": [1, 3],
    "device": "cuda:99",
    "prefetch": 5,
    "narrow": False,
    # of torch's
    "timeout": 9,
    "worker_init_fn": init_worker,
    "multiprocessing_context": "nosuch",
    "generator": __import__("torch").Generator() if TORCH else object(),
    "persistent_workers": True,
    "pin_memory_device": "cuda",
    "in_order": True,
}

#: What else is said, with the option and without it.
BESIDE = {
    "drop_last": {"batch_size": 4},
    "seed": {"shuffle": True, "seed": 1},
    "rank": {"rank": 0, "world_size": 2},
    "world_size": {"rank": 0, "world_size": 2},
    "remainder": {"rank": 1, "world_size": 4, "batch_size": 4},
    "prefetch_factor": {"num_workers": 1},
    "persistent_workers": {"num_workers": 1},
    "timeout": {"num_workers": 1},
    "multiprocessing_context": {"num_workers": 1},
    "worker_init_fn": {"num_workers": 1},
}


def options(signature):
    """The names that a loader's signature and the lists have."""
    named = [n for n, p in inspect.signature(signature.__init__).parameters.items() if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)]
    return dict.fromkeys([*[n for n in named if n not in ("self", "dataset")], *LOADER_OPTIONS, *TORCH_LOADER_OPTIONS, "weights"])


def seen(make, datasets, given, monkeypatch):
    """What can be seen of a loader: what Java and Python's threads are told, its length, and its batches."""
    told = []
    real = native.loader_open

    def loader_open(handles, options):
        told.append({k: v for k, v in options.items()})
        return real(handles, options)

    def collated(kind):
        def make_collated(read, plan, threads, prefetch):
            told.append((threads, prefetch))
            return kind(read, plan, threads, prefetch)

        return make_collated

    said = []
    with monkeypatch.context() as patched, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        patched.setattr(native, "loader_open", loader_open)
        for module in (syncline._sampled, syncline.utils.sessions):
            patched.setattr(module, "CollatedBatches", collated(module.CollatedBatches))
        try:
            np.random.seed(3)
            loader = make(datasets, **given)
            batches = [repr(len(loader))]
            for batch in itertools.islice(loader, 12):
                key, batch = batch if isinstance(batch, tuple) else ("", batch)
                if isinstance(batch, dict):
                    batch = [(k, type(v), str(v.dtype), numbers(v).tobytes()) for k, v in batch.items() if k != "timestamps"]
                batches.append((key, batch))
        except (TypeError, ValueError, ImportError, RuntimeError) as e:
            return [str(e)], None
        said.extend(str(w.message) for w in caught)
    return said, (told, batches)


CASES = [(loader, name, parts) for loader, (_, s) in LOADERS.items() for name in options(s) for parts in ("java", "python")]


@pytest.fixture(scope="module")
def datasets(tmp_path_factory):
    folder = tmp_path_factory.mktemp("options")
    found = []
    for i in range(2):
        d = opened(folder, f"d{i}", seed=i)
        config = recordings.config()
        config["screen"] = {**config["screen"], "sample_stride": 9}
        found.append((ChunkDataset(d.root_folder, modality_config=config, seed=1), Marked(d.root_folder, modality_config=config, seed=1)))
    return {"java": [f[0] for f in found], "python": [f[1] for f in found]}


def test_each_option_has_an_example():
    assert set(EXAMPLES) == {name for _, signature in LOADERS.values() for name in options(signature)}
    assert set(RING_OPTIONS) <= set(LOADER_OPTIONS)


@pytest.mark.parametrize("loader,name,parts", CASES)
def test_an_option_takes_effect_or_is_named(datasets, monkeypatch, loader, name, parts):
    make, _ = LOADERS[loader]
    states = [d.get_state() for d in datasets[parts]]
    base = {k: v for k, v in BESIDE.get(name, {}).items() if k in options(LOADERS[loader][1])}
    said, found = seen(make, datasets[parts], {**base, name: EXAMPLES[name]}, monkeypatch)
    for d, state in zip(datasets[parts], states):
        d.set_state(state)
    # a word of its own: "recorded" names no "order"
    if any(re.search(rf"(?<!\w){name}(?!\w)", message) for message in said):
        return
    assert found is not None, said
    _, plain = seen(make, datasets[parts], base, monkeypatch)
    assert plain is not None and found != plain, f"{loader} takes {name}={EXAMPLES[name]!r} beside {base} and nothing changes"


TRUTHS = {
    "shuffle": lambda d, v: DataLoader(d, shuffle=v),
    "drop_last": lambda d, v: DataLoader(d, drop_last=v),
    "pin_memory": lambda d, v: MultiEpochsDataLoader(d, pin_memory=v),
    "narrow": lambda d, v: DataLoader(d, narrow=v),
    "shuffle_each_epoch": lambda d, v: MultiEpochsDataLoader(d, shuffle_each_epoch=v),
    "replace_nans_with_means": lambda d, v: ChunkDataset(d.root_folder, modality_config=recordings.config(), replace_nans_with_means=v),
    "add_behavior_as_channels": lambda d, v: ChunkDataset(d.root_folder, modality_config=recordings.config(), add_behavior_as_channels=v),
    "normalize_timestamps": lambda d, v: ChunkDataset(d.root_folder, modality_config=recordings.config(), normalize_timestamps=v),
    "cache_data": lambda d, v: ChunkDataset(d.root_folder, modality_config=recordings.config(), cache_data=v),
    "within_trial": lambda d, v: ChunkDataset(d.root_folder, modality_config=recordings.config(), within_trial=v),
    "write": lambda d, v: syncline.stats(d.root_folder, write=v),
    "drop_last of several": lambda d, v: FastSessionDataLoader(SessionConcatDataset([d]), drop_last=v),
    "shuffle of several": lambda d, v: FastSessionDataLoader(SessionConcatDataset([d]), shuffle=v),
}


@pytest.mark.parametrize("name", TRUTHS)
@pytest.mark.parametrize("value", ["no", "False", "true", 2, [True]])
def test_text_is_no_truth_value(datasets, name, value):
    """Python takes it for true, whatever it says."""
    with pytest.raises((ValueError, TypeError), match=name.split()[0]):
        TRUTHS[name](datasets["java"][0], value)


def test_numbers_and_numpys_are_truth_values(datasets):
    d = datasets["java"][0]
    whole = len(DataLoader(d, batch_size=4))
    for value in (True, 1, np.bool_(True), np.int64(1)):
        assert len(DataLoader(d, batch_size=4, drop_last=value)) == whole - 1
    for value in (False, 0, None, np.bool_(False)):
        assert len(DataLoader(d, batch_size=4, drop_last=value)) == whole
