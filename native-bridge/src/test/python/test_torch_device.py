# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Batches that arrive on a device, with a stand-in for the device's driver; on a processor with torch's own."""

import argparse
import contextlib
import gc
import importlib.util
import json
import os
import subprocess
import sys
from unittest import mock

import numpy as np
import pytest
import recordings
import torch
from conftest import MODULE
from late_device import instead_of_cuda
from test_loader import flat, interrupted

from syncline import DataLoader, _device
from syncline._native import functions as native
from syncline._native import library
from syncline.dataloaders import get_multisession_concat_dataloader, get_multisession_dataloader
from syncline.datasets import ChunkDataset
from syncline.errors import ArgumentError, CudaError
from syncline.utils import Exhauster, FastSessionDataLoader, LongCycler, MultiEpochsDataLoader, SessionConcatDataset, ShortCycler

ROOT = MODULE.parent


@pytest.fixture
def late(monkeypatch):
    return instead_of_cuda(monkeypatch)


@pytest.fixture
def dataset(recording):
    return ChunkDataset(recording, modality_config=recordings.config())


def bits(batch):
    """A copy of a batch's bits, with names, dtypes and shapes."""
    return [(k, v.dtype, tuple(v.shape), v.contiguous().view(torch.uint8).numpy().tobytes()) for k, v in flat(batch)]


def keyed(item):
    return (item[0], bits(item[1]))


def held(loader):
    """Slots that somebody holds."""
    gc.collect()
    return loader.statistics()["held_slots"]


# ---- order of what the device is told ----------------------------------------------------------------------------------


@pytest.mark.parametrize("prefetch", [0, 1, 2, 5])
@pytest.mark.parametrize("narrow", [True, False])
def test_batches_have_the_bits_of_the_processors_path_however_late_copies_run(dataset, late, prefetch, narrow):
    expected = [bits(b) for b in DataLoader(dataset, batch_size=3, shuffle=True, seed=2)]
    loader = DataLoader(dataset, batch_size=3, shuffle=True, seed=2, device="cuda", prefetch=prefetch, narrow=narrow, num_workers=2)
    for epoch in range(2):
        found = []
        for batch in loader:
            if len(found) % 4 == 3:
                # the program looks at nothing for a while
                late.synchronize()
            found.append(batch)
        late.synchronize()
        if epoch == 0:
            assert [bits(b) for b in found] == expected
        assert len(found) == len(loader)
        del found, batch
    assert late.early == []
    assert held(loader) == 0


def test_the_programs_stream_waits_for_copies_before_it_gets_them(dataset, late):
    loader = DataLoader(dataset, batch_size=4, device="cuda:0")
    for batch in loader:
        told, late.told = late.told, []
        kinds = [kind for kind, _ in told]
        tensors = [v for _, v in flat(batch)]
        # waits, then keeps each tensor of the batch for itself, and no other
        assert kinds == ["wait", *["keep"] * len(tensors), "record"]
        assert told[0][1].stream is late.streams[-1]
        assert {address for kind, address in told if kind == "keep"} == {t.data_ptr() for t in tensors}
    assert len(late.streams) == 1, "one stream a pass"
    list(loader)
    assert len(late.streams) == 2


@pytest.mark.parametrize("prefetch", [0, 1, 3])
def test_as_many_batches_are_on_their_way_as_was_said(dataset, late, prefetch):
    loader = DataLoader(dataset, batch_size=2, device="cuda", prefetch=prefetch, narrow=False)
    started = []
    inner = late.copy
    late.copy = lambda stream, pairs: (started.append(1), inner(stream, pairs))
    it = iter(loader)
    for handed in range(1, len(loader) + 1):
        batch = next(it)
        # the first waits for no other; each further call starts one more than it hands out
        assert len(started) - handed == min(prefetch, handed - 1, len(loader) - handed)
        # copies never run here unless the program waits for them: no more than these batches are ever held
        assert len(it._held) <= prefetch + 1
    del batch
    assert next(it, None) is None
    # the pass is over: a program that keeps its iterator keeps no batch by it
    assert held(loader) == 0 and late.early == []


def test_the_program_does_not_run_away_from_the_device(dataset, late):
    loader = DataLoader(dataset, batch_size=1, device="cuda", prefetch=2)
    for n, batch in enumerate(loader):
        recorded = sum(isinstance(t, type(late.record(late.streams[0]))) for t in late.program.todo)
        assert recorded <= 4, "work on at most two batches more than are on their way"
    assert n > 10


def test_a_limit_on_batches_holds(dataset, late):
    loader = DataLoader(dataset, batch_size=2, device="cuda", prefetch=4, max_batches=2)
    expected = [bits(b) for b in DataLoader(dataset, batch_size=2)]
    found = []
    for batch in loader:
        late.synchronize()
        found.append(bits(batch))
    assert found == expected and late.early == []


# ---- nothing is held ---------------------------------------------------------------------------------------------------


def test_a_pass_that_is_left_waits_for_its_copies_and_holds_nothing(dataset, late):
    loader = DataLoader(dataset, batch_size=2, device="cuda", prefetch=3)
    it = iter(loader)
    batches = [next(it) for _ in range(4)]
    assert late.under_way
    del it
    assert not late.under_way and late.early == []
    assert held(loader) == 0
    late.synchronize()
    expected = DataLoader(dataset, batch_size=2)
    assert [bits(b) for b in batches] == [bits(b) for b, _ in zip(expected, range(4))]
    # the next pass is whole
    assert len(list(loader)) == len(loader)


def test_close_in_mid_flight(dataset, late):
    with DataLoader(dataset, batch_size=2, device="cuda", prefetch=3) as loader:
        it = iter(loader)
        for _ in range(4):
            batch = next(it)
        assert late.under_way
    assert not late.under_way and late.early == []
    with pytest.raises(ValueError, match="close"):
        next(it)
    late.synchronize()
    assert bits(batch) == bits(list(DataLoader(dataset, batch_size=2))[3])


def test_memory_that_the_device_lacks_costs_no_batch(dataset, late):
    expected = [bits(b) for b in DataLoader(dataset, batch_size=2)]
    loader = DataLoader(dataset, batch_size=2, device="cuda", prefetch=2)
    calls, found, failed = [], [], []

    def lacking():
        calls.append(1)
        if len(calls) % 3 == 2 or len(calls) in (9, 10, 12, 13, 15, 16, 18, 19):
            raise torch.OutOfMemoryError("CUDA out of memory")

    late.before_memory = lacking
    it = iter(loader)
    while True:
        try:
            found.append(next(it))
        except StopIteration:
            break
        except torch.OutOfMemoryError:
            # only where no batch is left that came through
            failed.append(len(found))
    late.synchronize()
    assert [bits(b) for b in found] == expected and late.early == []
    assert failed
    del it
    assert held(loader) == 0


def test_an_error_comes_in_its_place_and_states_before_it_are_right(tmp_path, late):
    root = recordings.make(tmp_path / "r")
    config = recordings.config()
    frames = sorted((root / "screen" / "data").glob("*.npy"))[1]
    good = frames.read_bytes()

    def run(**device):
        seen = []
        d = ChunkDataset(root, modality_config=config)
        loader = FastSessionDataLoader(SessionConcatDataset([d]), batch_size=2, **device)
        frames.write_bytes(good[: len(good) // 2])
        try:
            it = iter(loader)
            while True:
                try:
                    seen.append((keyed(next(it)) if not device else (next(it), late.synchronize())[0]))
                except StopIteration:
                    break
                except Exception as e:
                    assert frames.name in str(e)
                    seen.append("failed")
                seen.append(loader.current_batch)
        finally:
            frames.write_bytes(good)
        return [keyed(s) if isinstance(s, tuple) and isinstance(s[1], dict) else s for s in seen]

    expected = run()
    assert "failed" in expected
    # the files were looked at before one was cut short: it is an error then, too
    assert run(device="cuda", prefetch=3) == expected


def test_ctrl_c_loses_no_batch(dataset, late):
    options = dict(batch_size=3, num_workers=1)
    expected = [bits(b) for b in DataLoader(dataset, **options)]
    with DataLoader(dataset, device="cuda", prefetch=2, **options) as loader:
        for step in range(1, 10_000):
            it = iter(loader)
            next(it), next(it)
            cut, batch = interrupted(step, it)
            if not cut:
                break
            assert loader.state_dict()["loader"]["position"] == 2
            rest = [next(it), next(it)]
            late.synchronize()
            assert [bits(b) for b in rest] == expected[2:4], step
        late.synchronize()
        assert bits(batch) == expected[2]
    assert step > 100 and late.early == []


# ---- bytes that travel as bytes ------------------------------------------------------------------------------------------


NORMALIZATIONS = {
    "normalize": True,
    "normalize_variance_only": True,
    "screen_default": True,
    "none": True,
    "map": True,
    "tiny deviation": True,
}


def normalized(kind):
    return {
        "none": {},
        "map": {"normalization": {"means": [91.3], "stds": [0.017]}},
        "tiny deviation": {"normalization": {"means": [0.1], "stds": [1e-37]}},
    }.get(kind, {"normalization": kind})


@pytest.mark.parametrize("dtype", [None, "float16", "bfloat16", {"screen": "bfloat16"}, {"screen": "uint8"}])
@pytest.mark.parametrize("kind", NORMALIZATIONS)
def test_widened_pixels_have_the_processors_bits(recording, late, kind, dtype):
    d = ChunkDataset(recording, modality_config=recordings.config(screen={"transforms": normalized(kind)}))
    expected = [bits(b) for b in DataLoader(d, batch_size=7, dtype=dtype)]
    found = []
    for batch in DataLoader(d, batch_size=7, dtype=dtype, device="cuda"):
        late.synchronize()
        found.append(bits(batch))
    assert found == expected
    screens = sum(len(data) for b in expected for name, t, shape, data in b if name == "screen")
    rest = sum(len(data) for b in expected for name, t, shape, data in b if name != "screen")
    size = {None: 4, "float16": 2, "bfloat16": 2}.get(dtype if not isinstance(dtype, dict) else dtype["screen"], 1)
    assert late.bytes == screens // size + rest, "one byte a pixel"


@pytest.mark.parametrize(
    "change, narrow",
    [
        ({"transforms": {"c": {"_target_": "torchvision.transforms.v2.CenterCrop", "size": [4, 5]}, "normalization": "normalize"}}, True),
        ({"transforms": {"r": {"_target_": "torchvision.transforms.v2.Resize", "size": [3, 4]}, "normalization": "normalize"}}, False),
        ({"interpolation": {"rescale": True, "rescale_size": [12, 16]}}, False),
        ({"interpolation": {"normalize": True, "rescale": True, "rescale_size": [6, 8]}}, False),
    ],
)
def test_pixels_that_are_more_than_stored_bytes_travel_as_they_are(recording, late, change, narrow):
    d = ChunkDataset.from_config(recording, modality_config=recordings.config(screen=change))
    assert ("screen" in native.dataset_byte_screens(d._handle)) is narrow
    expected = [bits(b) for b in DataLoader(d, batch_size=7)]
    found = []
    for batch in DataLoader(d, batch_size=7, device="cuda"):
        late.synchronize()
        found.append(bits(batch))
    assert found == expected


def test_channels_have_statistics_each(tmp_path, late):
    root = recordings.make(tmp_path / "r")
    rng = np.random.default_rng(3)
    for file in sorted((root / "screen" / "data").glob("*.npy")):
        shape = np.load(file).shape
        np.save(file, rng.integers(0, 256, (*shape, 3), dtype=np.uint8))
    for file in (root / "screen" / "meta").glob("*.yml"):
        meta = json.loads(file.read_text())
        file.write_text(json.dumps({**meta, "image_size": [6, 8, 3]}))
    np.save(root / "screen" / "meta" / "means.npy", np.array([110.0, 30.7, 1 / 3]))
    np.save(root / "screen" / "meta" / "stds.npy", np.array([60.0, 0.1, 7.7]))
    d = ChunkDataset(root, modality_config=recordings.config())
    assert len(native.dataset_byte_screens(d._handle)["screen"]["stds"]) == 3
    expected = [bits(b) for b in DataLoader(d, batch_size=5)]
    found = []
    for batch in DataLoader(d, batch_size=5, device="cuda"):
        late.synchronize()
        found.append(bits(batch))
    assert found == expected and found[0][0][2][1] == 3


def test_frames_of_floats_anywhere_keep_the_processors_path(tmp_path, late):
    root = recordings.make(tmp_path / "r")
    file = sorted((root / "screen" / "data").glob("*.npy"))[-1]
    np.save(file, np.load(file).astype(np.float32) + 0.25)
    d = ChunkDataset(root, modality_config=recordings.config())
    assert native.dataset_byte_screens(d._handle) == {}
    expected = [bits(b) for b in DataLoader(d, batch_size=5)]
    found = []
    for batch in DataLoader(d, batch_size=5, device="cuda"):
        late.synchronize()
        found.append(bits(batch))
    assert found == expected


def test_a_file_that_becomes_another_one_while_it_is_in_use_is_an_error(tmp_path, late):
    root = recordings.make(tmp_path / "r")
    d = ChunkDataset(root, modality_config=recordings.config())
    loader = DataLoader(d, batch_size=5, device="cuda")
    for file in (root / "screen" / "data").glob("*.npy"):
        other = file.with_suffix(".new")
        with open(other, "wb") as f:
            np.save(f, np.load(file).astype(np.float32) + 0.25)
        other.rename(file)
    # the ring read its first batches before
    with pytest.raises(ValueError, match="open the recording again"):
        for _ in range(3):
            list(loader)


# ---- loaders and their states ------------------------------------------------------------------------------------------


@pytest.fixture
def two(tmp_path):
    found = []
    for i, key in enumerate("ab"):
        root = recordings.make(tmp_path / key, seed=i, key=key, neurons=7 - i)
        np.save(root / "screen" / "meta" / "means.npy", np.array([100.0 + i]))
        found.append(ChunkDataset(root, modality_config=recordings.config()))
    return found


def same_neurons(dataset):
    """The dataset without what has another shape in another recording; the screens' statistics differ."""
    return ChunkDataset(dataset.root_folder, modality_config=recordings.config(responses=None))


LOADERS = {
    "one": lambda two, **o: DataLoader(two[0], batch_size=3, shuffle=True, seed=4, **o),
    "collate_fn": lambda two, **o: DataLoader(two[0], batch_size=3, shuffle=True, seed=4, collate_fn=torch.utils.data.default_collate, **o),
    "sampler": lambda two, **o: DataLoader(two[0], batch_size=3, sampler=range(40, 5, -1), **o),
    "joined": lambda two, **o: DataLoader(torch.utils.data.ConcatDataset([same_neurons(d) for d in two]), 7, True, seed=4, **o),
    "epochs": lambda two, **o: MultiEpochsDataLoader(two[0], 3, True, seed=4, **o),
    "drawn anew": lambda two, **o: MultiEpochsDataLoader(two[0], 3, True, seed=4, shuffle_each_epoch=True, **o),
    "concatenated": lambda two, **o: FastSessionDataLoader(SessionConcatDataset(two), batch_size=3, shuffle=True, seed=4, **o),
    "collated in Python": lambda two, **o: FastSessionDataLoader(
        SessionConcatDataset(two), batch_size=3, shuffle=True, seed=4, collate_fn=torch.utils.data.default_collate, num_workers=2, **o
    ),
    **{
        kind.__name__: lambda two, kind=kind, **o: kind({d.data_key: MultiEpochsDataLoader(d, 3, True, seed=4, **o) for d in two})
        for kind in (LongCycler, ShortCycler, Exhauster)
    },
}


def state_of(loader):
    return loader.get_state() if hasattr(loader, "get_state") else loader.state_dict()


def restore(loader, state):
    (loader.set_state if hasattr(loader, "set_state") else loader.load_state_dict)(state)
    return loader


def plain(value):
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(v) for v in value]
    return value.tolist() if isinstance(value, np.ndarray) else value


def arrived(late, items):
    out = []
    for item in items:
        late.synchronize()
        out.append(keyed(item) if isinstance(item, tuple) else bits(item))
    return out


def test_bytes_travel_where_chunks_of_a_batch_are_normalised_by_statistics_of_their_own(two, late, tmp_path):
    coloured = []
    for i, stds in enumerate([None, [60.0, 0.1, 7.7], [3.3]]):
        root = recordings.make(tmp_path / f"c{i}", seed=i)
        rng = np.random.default_rng(i)
        for file in sorted((root / "screen" / "data").glob("*.npy")):
            np.save(file, rng.integers(0, 256, (*np.load(file).shape, 3), dtype=np.uint8))
        for file in (root / "screen" / "meta").glob("*.yml"):
            meta = json.loads(file.read_text())
            file.write_text(json.dumps({**meta, "image_size": [6, 8, 3]}))
        if stds:
            np.save(root / "screen" / "meta" / "means.npy", np.array([1 / (k + 3) for k in range(len(stds))]))
            np.save(root / "screen" / "meta" / "stds.npy", np.array(stds))
        config = recordings.config(responses=None)
        if not stds:
            config["screen"]["transforms"].pop("normalization")
        coloured.append(ChunkDataset(root, modality_config=config))
    for datasets in ([same_neurons(d) for d in two], coloured):
        joined = torch.utils.data.ConcatDataset(datasets)
        for dtype in ("float32", "bfloat16"):
            options = {"batch_size": 7, "shuffle": True, "seed": 4, "dtype": {"screen": dtype}}
            expected = [bits(b) for b in DataLoader(joined, **options)]
            for narrow in (False, True):
                before = late.bytes
                found = arrived(late, DataLoader(joined, **options, device="cuda", narrow=narrow))
                assert found == expected
                pixels = sum(len(data) for b in expected for key, _, _, data in b if key == "screen")
                rest = sum(len(data) for b in expected for key, _, _, data in b if key != "screen")
                size = 2 if dtype == "bfloat16" else 4
                assert late.bytes - before == rest + pixels // (size if narrow else 1)
    assert late.early == []


@pytest.mark.parametrize("kind", LOADERS)
@pytest.mark.parametrize("by", ["argument", "to"])
def test_every_loader_gives_the_same_batches_and_states_on_a_device(two, late, kind, by):
    def make(device):
        # start times that are drawn anew are the dataset's
        fresh = [ChunkDataset(d.root_folder, modality_config=recordings.config(), seed=3) for d in two]
        if not device:
            return LOADERS[kind](fresh)
        if by == "argument":
            return LOADERS[kind](fresh, device="cuda", prefetch=3)
        return LOADERS[kind](fresh).to("cuda", prefetch=3)

    def run(device):
        loader = make(device)
        batches, states = [], [plain(state_of(loader))]
        for _ in range(2):
            for item in loader:
                late.synchronize()
                batches.append(keyed(item) if isinstance(item, tuple) else bits(item))
                states.append(plain(state_of(loader)))
            states.append(plain(state_of(loader)))
        return batches, states

    expected, found = run(False), run(True)
    assert found[0] == expected[0]
    assert late.bytes and late.early == []
    assert found[1] == expected[1]


@pytest.mark.parametrize("kind", [k for k in LOADERS if k != "drawn anew"])
def test_states_go_on_on_a_device_and_off_it(two, late, kind):
    make = LOADERS[kind]
    epoch = arrived(late, make(two))
    loader = make(two, device="cuda", prefetch=2)
    it = iter(loader)
    for n in range(1, 5):
        next(it)
        state = state_of(loader)
        assert arrived(late, restore(make(two), state)) == epoch[n:]
        assert arrived(late, restore(make(two, device="cuda", prefetch=1), state)) == epoch[n:]
        assert arrived(late, restore(make(two), state).to("cuda")) == epoch[n:]
    assert arrived(late, it) == epoch[5 - 1 :]
    assert late.early == []


@pytest.mark.parametrize("kind", ["one", "joined", "epochs", "concatenated", "LongCycler", "ShortCycler", "Exhauster"])
def test_a_share_that_was_restored_goes_on_where_it_stood(two, late, kind):
    """States count the batches of all processes."""
    make = lambda **more: LOADERS[kind](two, rank=1, world_size=2, **more)  # noqa: E731
    epoch = arrived(late, make())
    loader = make()
    it = iter(loader)
    for _ in range(3):
        next(it)
    state = state_of(loader)
    assert arrived(late, restore(make(), state).to("cuda")) == arrived(late, restore(make(), state)) == epoch[3:]


def test_to_takes_effect_with_the_next_pass(dataset, late):
    loader = DataLoader(dataset, batch_size=3, shuffle=True, seed=1)
    epochs = [arrived(late, loader) for _ in range(4)]
    loader = DataLoader(dataset, batch_size=3, shuffle=True, seed=1)
    first = iter(loader)
    head = arrived(late, [next(first)])
    assert loader.to("cuda") is loader
    second = iter(loader)
    assert arrived(late, second) == epochs[1] and late.bytes
    assert head + arrived(late, first) == epochs[0]
    seen = late.bytes
    assert arrived(late, loader.to("cpu")) == epochs[2]
    assert late.bytes == seen
    assert arrived(late, loader.to(torch.device("cuda", 0), prefetch=0)) == epochs[3]
    assert late.bytes > seen


def test_passes_side_by_side(dataset, late):
    loader = DataLoader(dataset, batch_size=5, device="cuda", seed=3, shuffle=True)
    pairs = []
    for a, b in zip(loader, loader):
        late.synchronize()
        pairs.append((bits(a), bits(b)))
    other = DataLoader(dataset, batch_size=5, seed=3, shuffle=True)
    assert [[a for a, _ in pairs], [b for _, b in pairs]] == [[bits(b) for b in other] for _ in range(2)]


def test_loaders_over_other_datasets_go_to_the_device(late):
    data = [{"x": torch.full((3,), float(i)), "name": str(i), "pair": (torch.tensor(i), torch.tensor([i]))} for i in range(7)]
    loader = MultiEpochsDataLoader(data, 2, device="cuda")
    expected = list(MultiEpochsDataLoader(data, 2))
    found = list(loader)
    late.synchronize()
    assert str(found) == str(expected) and late.bytes
    cycler = LongCycler({"a": expected, "b": MultiEpochsDataLoader(data, 2)}).to("cuda")
    late.bytes = 0
    found = list(cycler)
    late.synchronize()
    assert str(found) == str(list(LongCycler({"a": expected, "b": expected}))) and late.bytes == 2 * 7 * (12 + 16)


def test_parts_in_python_go_to_the_device(recording, late):
    config = recordings.config(responses={"transforms": {"twice": lambda x: 2 * x}})
    d = ChunkDataset(recording, modality_config=config)
    expected = [bits(b) for b in DataLoader(d, batch_size=4)]
    loader = DataLoader(d, batch_size=4, device="cuda")
    it = iter(loader)
    next(it)
    state = loader.state_dict()
    assert arrived(late, it) == expected[1:]
    assert arrived(late, restore(DataLoader(d, batch_size=4, device="cuda"), state)) == expected[1:]


@pytest.mark.parametrize("function", [get_multisession_concat_dataloader, get_multisession_dataloader])
def test_functions_over_many_recordings_take_a_device(two, late, function):
    paths = [d.root_folder for d in two]
    config = {"dataset": {"modality_config": recordings.config()}, "dataloader": {"batch_size": 4, "shuffle": True}}
    expected = arrived(late, function(paths, config, seed=3))
    found = arrived(late, function(paths, config, seed=3, device="cuda"))
    assert sorted(found) == sorted(expected) and late.bytes and late.early == []
    if function is get_multisession_concat_dataloader:
        assert found == expected


# ---- where to ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("device", ["cpu", "cpu:0", torch.device("cpu"), None])
def test_the_processor_is_a_device(two, device):
    for make in LOADERS.values():
        loader = make(two) if device is None else make(two, device=device, prefetch=3)
        it = iter(loader)
        assert not isinstance(it, _device.Moved)
        assert all(v.device.type == "cpu" for _, v in flat(next(it)[1] if "Cycler" in str(loader) else dict(enumerate([next(it)]))) if torch.is_tensor(v))


def test_unknown_devices_are_refused_where_they_are_named(two, monkeypatch):
    for make in LOADERS.values():
        for wrong, what in (
            ("gpu", "device is 'gpu': expected 'cpu', 'cuda'"),
            ("mps", "device is 'mps', to which batches are not copied"),
            ("meta", "to which batches are not copied"),
            (3.5, "device is 3.5: expected"),
        ):
            with pytest.raises(ArgumentError, match=what):
                make(two, device=wrong)
            with pytest.raises(ArgumentError, match=what):
                make(two).to(wrong)
        with pytest.raises(ValueError, match="prefetch is -1, expected a whole number from 0"):
            make(two, device="cpu", prefetch=-1)
    with pytest.raises(ArgumentError, match="NumPy's arrays lie in the processor's memory: expected 'cpu', or output='torch'"):
        DataLoader(two[0], output="numpy", device="cuda")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.version, "cuda", None)
    with pytest.raises(CudaError, match="finds no CUDA device: it was built without CUDA; install a build with CUDA"):
        DataLoader(two[0], device="cuda")
    monkeypatch.setattr(torch.version, "cuda", "12.8")
    with pytest.raises(CudaError, match="built for CUDA 12.8; look at nvidia-smi"):
        DataLoader(two[0]).to("cuda:1")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    with pytest.raises(CudaError, match="device is 'cuda:2', and torch finds 2 CUDA devices: expected cuda:0 to cuda:1"):
        DataLoader(two[0]).to("cuda:2")


def test_memory_is_pinned_where_there_is_cuda(two, late, monkeypatch):
    monkeypatch.setattr(native, "cuda_available", lambda: True)
    opened = []

    def loader_open(datasets, options):
        opened.append(options)
        raise KeyboardInterrupt

    monkeypatch.setattr(native, "loader_open", loader_open)
    for make in LOADERS.values():
        if make is LOADERS["collated in Python"]:
            continue
        with pytest.raises(KeyboardInterrupt):
            next(iter(make(two, device="cuda")))
        assert opened[-1]["pin_memory"] is True and opened[-1]["wait_for_device"] is False, "slots come back by events"
        # a collate_fn gets the pixels that it would get on the processor
        widened = make is not LOADERS["collate_fn"]
        assert opened[-1].get("as_bytes") == (["screen"] if widened else None)


def test_the_driver_for_cuda_says_to_torch_what_the_stand_in_understands(dataset, monkeypatch):
    """The driver's own code on the processor, with torch's classes replaced by ones of the same methods."""
    entered = []

    @contextlib.contextmanager
    def stream(given):
        entered.append(given)
        yield

    copies = mock.Mock(spec=torch.cuda.Stream)
    program = mock.Mock(spec=torch.cuda.Stream)
    events, event_class = [], torch.cuda.Event

    def event():
        events.append(mock.Mock(spec=event_class))
        events[-1].query.return_value = True
        return events[-1]

    kept = []
    monkeypatch.setattr(torch.cuda, "Stream", lambda device: copies)
    monkeypatch.setattr(torch.cuda, "stream", stream)
    monkeypatch.setattr(torch.cuda, "current_stream", lambda device: program)
    monkeypatch.setattr(torch.cuda, "Event", event)
    monkeypatch.setattr(torch.Tensor, "record_stream", lambda tensor, given: kept.append((tensor.data_ptr(), given)))
    monkeypatch.setattr(_device, "cuda_driver", lambda device: lambda: _device.CudaDriver(torch.device("cpu", 0)))
    monkeypatch.setattr(native, "cuda_available", lambda: False)
    expected = [bits(b) for b in DataLoader(dataset, batch_size=5)]
    found = []
    for batch in DataLoader(dataset, batch_size=5, device="cuda"):
        assert {address for address, given in kept if given is program} >= {v.data_ptr() for _, v in flat(batch)}
        found.append(bits(batch))
    assert found == expected
    # all memory, copies and arithmetic on the stream of copies
    assert set(map(id, entered)) == {id(copies)}
    marks = [call.args[0] for call in program.wait_event.call_args_list]
    assert len(marks) == len(found) and all(mark.record.call_args.args == (copies,) for mark in marks)
    paces = [e for e in events if e.record.call_args.args == (program,)]
    assert len(paces) == len(found) and any(e.synchronize.called for e in paces)
    monkeypatch.setattr(torch.cuda, "current_device", lambda: 3)
    assert _device.CudaDriver(torch.device("cuda")).device == torch.device("cuda", 3)


# ---- the check for machines that have one --------------------------------------------------------------------------------


def test_the_check_for_gpus_runs_on_a_processor(recording, tmp_path):
    config = tmp_path / "config.json"
    config.write_text(json.dumps(recordings.config()))
    check = ROOT / "bench" / "gpu" / "check.sh"
    options = ["--device", "cpu", "--config", config, "--out", tmp_path / "out", "--seconds", "0.05", "--threads", "1"]
    env = {**os.environ, "PYTHON": sys.executable, "SYNCLINE_LIBRARY": str(next(p for p in library.candidates() if p.is_file()))}
    run = subprocess.run([check, recording, *options], env=env, capture_output=True, text=True, timeout=600)
    assert run.returncode == 0, run.stderr
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert all(row["batches"] and row["different"] == [] for row in report["bits"]) and len(report["bits"]) == 9
    assert [row["threads"] for row in report["scaling"]] == [1, 2, 4, 8, 16]
    assert len(report["copies"]) == 6 and len(report["training"]) == 3
    assert all(row["batches/s"] > 0 for row in report["copies"] + report["training"])
    assert "no GPU took part" in run.stdout and report["not measured, for time ran out"] == []


def test_the_check_for_gpus_finds_a_bit_that_differs(dataset, late, monkeypatch, tmp_path):
    spec = importlib.util.spec_from_file_location("check", ROOT / "bench" / "gpu" / "check.py")
    check = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(check)
    arguments = argparse.Namespace(device="cpu", threads=1, batch_size=40, seconds=600, out=tmp_path)
    found = check.Check(arguments, dataset)
    assert not any(row["different"] for row in found.bits())
    inner = found.loader

    def loader(*args, **options):
        if options.get("narrow"):
            batches = list(inner(*args, **options))
            batches[0]["screen"].view(torch.int16)[0, 0, 3, 2, 1] ^= 1
            return contextlib.nullcontext(batches)
        return inner(*args, **options)

    monkeypatch.setattr(found, "loader", loader)
    rows = found.bits()
    assert [row["different"] for row in rows if row["narrow"]] == [["batch 0: screen"]] * 6
    assert not any(row["different"] for row in rows if not row["narrow"])
