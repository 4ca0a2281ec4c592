# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""torch's own loader over our datasets: a batch is read at once and collated without a copy, and nobody can tell but by the time."""

import copy
import gc
import pickle
import threading
import time
import warnings

import numpy as np
import pytest
import recordings
import torch
from test_datasets import equal
from test_loader import flat
from torch.utils.data import BatchSampler, ConcatDataset, DataLoader, RandomSampler, Subset, default_collate, random_split
from torch.utils.data import TensorDataset, WeightedRandomSampler

import syncline
from syncline import ChunkDataset, _items
from syncline._native import functions as native
from syncline.interpolators import ScreenInterpolator
from syncline.utils import FastSessionDataLoader, SessionConcatDataset


@pytest.fixture
def dataset(recording):
    with ChunkDataset(recording, modality_config=recordings.config()) as d:
        yield d


@pytest.fixture
def two(tmp_path):
    roots = [recordings.make(tmp_path / f"r{i}", seed=i, key=f"r{i}") for i in range(2)]
    return [ChunkDataset(root, modality_config=recordings.config()) for root in roots]


def test_what_objects_show_is_taken_by_torch_and_yaml(two):
    """As lists, maps and arrays are that nobody holds fast; yaml may be imported after they were made."""
    device = ScreenInterpolator(two[0].root_folder / "screen")
    loader = FastSessionDataLoader(SessionConcatDataset(two), 4, weights=[1, 2], out_keys=["screen"])
    shown = {
        "keys": two[0].out_keys,
        "sizes": two[0].chunk_sizes,
        "options": two[0].dataset_options,
        "names": loader.session_names,
        "weights": loader.batch_sampler.weights,
        "kwargs": loader.kwargs,
        "frames": device._num_frames,
    }
    import yaml

    plain = {name: copy.copy(value) for name, value in shown.items()}
    assert all(type(value) in (list, dict) for value in plain.values())
    for dump in (yaml.safe_dump, yaml.dump):
        assert dump(shown) == dump(plain)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        times = torch.from_numpy(device.timestamps)
        assert torch.equal(times, torch.as_tensor(device.timestamps))


class OneByOne(torch.utils.data.Dataset):
    """What torch's loader did without __getitems__."""

    def __init__(self, dataset):
        self.dataset = dataset

    def __len__(self):
        return len(self.dataset)

    def __getitem__(self, i):
        return self.dataset[i]


def same(loader, expected):
    count = 0
    for a, b in zip(loader, expected, strict=True):
        assert type(a) is dict
        equal(a, b)
        for (key, x), (_, y) in zip(flat(a), flat(b), strict=True):
            assert isinstance(x, torch.Tensor) and x.dtype == y.dtype and x.stride() == y.stride(), key
            assert x.numpy().tobytes() == y.numpy().tobytes(), key
        count += 1
    assert count
    return count


def ordered(seed=3):
    return torch.Generator().manual_seed(seed)


WAYS = {
    "sequential": lambda d: {"batch_size": 4},
    "one a batch": lambda d: {"batch_size": 1},
    "shuffled": lambda d: {"batch_size": 4, "shuffle": True, "generator": ordered()},
    "drop_last": lambda d: {"batch_size": 5, "shuffle": True, "drop_last": True, "generator": ordered()},
    "sampler": lambda d: {"batch_size": 3, "sampler": WeightedRandomSampler([1.0] * len(d), 11, generator=ordered())},
    "batch_sampler": lambda d: {"batch_sampler": BatchSampler(RandomSampler(d, generator=ordered()), 4, False)},
    "lists": lambda d: {"batch_sampler": [[0], [3, 3, 3], [2, 1], [-1, 0], [4, 5, 6, 7, 0]]},
    "unbatched": lambda d: {"batch_size": None},
}
PARTS = {
    "whole": lambda d: d,
    "subset": lambda d: Subset(d, [7, 3, 3, 0, 9, 1, 2, 5, 8]),
    "subset of a subset": lambda d: Subset(Subset(d, range(1, 11)), [9, 0, 1, 2, 3, 4, 5, 8]),
    "split": lambda d: random_split(d, [0.8, 0.2], ordered(5))[0],
    "concatenated": lambda d: ConcatDataset([d, Subset(d, [0, 1])]),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("part", PARTS)
def test_batches_have_the_bits_of_items_stacked_one_by_one(dataset, way, part):
    found = PARTS[part](dataset)
    for _ in range(2):
        same(DataLoader(found, **WAYS[way](found)), DataLoader(OneByOne(found), **WAYS[way](found)))


@pytest.mark.parametrize("options", [{"shuffle": True}, {}])
def test_sessions_behind_one_index(two, options):
    joined = SessionConcatDataset(two)
    arguments = [{"batch_size": 5, **options, "generator": ordered()} for _ in range(2)]
    same(DataLoader(joined, **arguments[0]), DataLoader(OneByOne(joined), **arguments[1]))
    part = Subset(joined, list(range(0, len(joined), 3)))
    same(DataLoader(part, batch_size=2), DataLoader(OneByOne(part), batch_size=2))


def test_a_batch_is_the_memory_that_its_items_view(dataset):
    items = dataset.__getitems__([3, 0, 5])
    addresses = {key: value.data_ptr() for key, value in flat(items[0])}
    batch = default_collate(items)
    assert {key: value.data_ptr() for key, value in flat(batch)} == addresses
    assert not list(flat(batch))[0][1]._is_view()
    # a second batch of the same list is a second batch
    again = default_collate(items)
    equal(again, batch)
    assert again["screen"].data_ptr() != batch["screen"].data_ptr()
    for (_, x), (_, y) in zip(flat(items[1]), flat(dataset[0]), strict=True):
        assert torch.equal(x, y)


def changed(name):
    def change(items, dataset):
        x = items[1]
        if name == "order":
            items[0], items[1] = items[1], items[0]
        elif name == "fewer":
            del items[2]
        elif name == "twice":
            items[1] = items[0]
        elif name == "more":
            items.append(dataset[1])
        elif name == "mixed":
            items[1] = dataset.__getitems__([7])[0]
        elif name == "plain":
            items[1] = dict(items[1])
        elif name == "copied":
            items[1] = copy.copy(items[1])
            assert type(items[1]) is dict
        elif name == "entry":
            x["responses"] = x["responses"] + 1
        elif name == "timestamp":
            x["timestamps"]["screen"] = x["timestamps"]["screen"] + 1
        elif name == "timestamps":
            x["timestamps"] = dict(x["timestamps"], screen=torch.zeros_like(x["timestamps"]["screen"]))
        elif name == "in place":
            x["responses"].mul_(3)
        elif name == "left out":
            for item in items:
                del item["screen"]
        elif name == "added":
            for k, item in enumerate(items):
                item["k"] = k
        elif name == "another form":
            for item in items:
                item["responses"].t_()
        elif name == "other memory":
            x["responses"].data = torch.zeros_like(x["responses"])
        elif name == "tuple":
            return tuple(items)
        return items

    return change


@pytest.mark.parametrize(
    "name",
    ["order", "fewer", "twice", "more", "mixed", "plain", "copied", "entry", "timestamp", "timestamps", "in place", "left out", "added"]
    + ["another form", "other memory", "tuple", "nothing"],
)
def test_a_list_that_a_program_altered_is_stacked_as_it_stands(dataset, name):
    if name in ("mixed",):
        expected = [dataset[4], dataset[7], dataset[2]]
    else:
        expected = changed(name)([dataset[i] for i in (4, 0, 2)], dataset)
    items = changed(name)(dataset.__getitems__([4, 0, 2]), dataset)
    found = default_collate(items)
    assert type(found) is dict
    equal(found, default_collate(list(expected)))


def test_collate_functions_of_the_program(dataset):
    seen = []

    def keep(items):
        seen.append([type(items), len(items), isinstance(items[0], dict), items[0]["screen"].shape])
        return items

    for k, items in enumerate(DataLoader(dataset, batch_size=3, collate_fn=keep)):
        for i, item in enumerate(items):
            equal(item, dataset[3 * k + i])
    assert seen[0] == [list, 3, True, dataset[0]["screen"].shape]

    def responses(items):
        return torch.stack([item["responses"] for item in items]), default_collate(items)["screen"]

    for k, (found, screens) in enumerate(DataLoader(dataset, batch_size=3, collate_fn=responses)):
        batch = default_collate([dataset[i] for i in range(3 * k, min(3 * k + 3, len(dataset)))])
        assert torch.equal(found, batch["responses"]) and torch.equal(screens, batch["screen"])

    # a table of its own decides for tensors
    from torch.utils.data._utils.collate import collate, default_collate_fn_map

    table = {**default_collate_fn_map, torch.Tensor: lambda values, *, collate_fn_map=None: len(values)}
    assert collate(dataset.__getitems__([0, 1]), collate_fn_map=table)["screen"] == 2


def test_batches_and_items_that_are_kept_stay_as_they_were(dataset):
    order = [[0, 3], [5, 1], [2, 2], [4, 0], [7, 6], [1, 8], [3, 9]]
    batches = list(DataLoader(dataset, batch_sampler=order))
    items = [dataset.__getitems__(indices)[1] for indices in order]
    for indices, batch, item in zip(order, batches, items, strict=True):
        equal(batch, default_collate([dataset[i] for i in indices]))
        equal(item, dataset[indices[1]])
    batches[0]["screen"].zero_()
    item = pickle.loads(pickle.dumps(items[3]))
    dataset.close()
    gc.collect()
    assert not batches[0]["screen"].any() and batches[1]["screen"].any()
    assert type(item) is dict
    equal(item, items[3])
    assert len(pickle.dumps(items[3])) < 2 * sum(v.numel() * v.element_size() for _, v in flat(items[3])) + 10_000


def test_two_loaders_and_threads_at_once(two):
    a, b = two
    joined = SessionConcatDataset(two)
    loaders = [DataLoader(a, batch_size=4), DataLoader(b, batch_size=3), DataLoader(joined, batch_size=2)]
    for found in zip(*loaders):
        for batch in found:
            assert type(batch) is dict
    together = zip(DataLoader(a, batch_size=3), DataLoader(a, batch_size=3), DataLoader(OneByOne(a), batch_size=3), strict=True)
    for x, y, z in together:
        equal(x, z)
        equal(y, z)
    failed = []

    def run(d, seed):
        try:
            rng = np.random.default_rng(seed)
            for _ in range(30):
                indices = rng.integers(0, len(d), int(rng.integers(1, 6))).tolist()
                equal(default_collate(d.__getitems__(indices)), d.read_batch(indices))
        except BaseException as e:
            failed.append(e)

    threads = [threading.Thread(target=run, args=(two[i % 2], i)) for i in range(4)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert not failed


def test_chunks_are_those_of_the_dataset_as_it_is_now(tmp_path):
    config = recordings.config()
    config["screen"]["sample_stride"] = 3
    d = ChunkDataset(recordings.make(tmp_path / "r"), modality_config=config, seed=3)
    loader = DataLoader(d, batch_size=4)
    plain = DataLoader(OneByOne(d), batch_size=4)
    for _ in range(3):
        same(loader, plain)
        d.shuffle_valid_screen_times()
    d.normalize_timestamps = False
    same(loader, plain)
    d.out_keys = ["responses", "timestamps"]
    same(loader, plain)
    d.out_keys = ["timestamps"]
    same(loader, plain)
    d.out_keys = []
    assert d.__getitems__([0, 1]) == [{}, {}]
    d.out_keys = ["screen"]
    d._valid_screen_times = d._valid_screen_times[:6][::-1]
    same(loader, plain)


class Marked(ChunkDataset):
    def __getitem__(self, i):
        return {**super().__getitem__(i), "index": i}


def test_items_that_python_makes_stay_so(recording, dataset):
    d = Marked(recording, modality_config=recordings.config())
    batch = next(iter(DataLoader(d, batch_size=3)))
    assert batch["index"].tolist() == [0, 1, 2]
    config = recordings.config()
    config["responses"]["transforms"] = {"double": lambda x: x * 2}
    d = ChunkDataset(recording, modality_config=config)
    same(DataLoader(d, batch_size=4), DataLoader(OneByOne(d), batch_size=4))
    dataset.transforms["treadmill"] = lambda x: x * 0 + 5
    batch = next(iter(DataLoader(dataset, batch_size=3)))
    assert set(batch["treadmill"].flatten().tolist()) == {5.0}


def test_items_of_other_arrays_stay_what_they_are(recording):
    d = ChunkDataset(recording, modality_config=recordings.config(), output="numpy")
    assert all(isinstance(v, np.ndarray) for item in d.__getitems__([0, 1]) for _, v in flat(item))
    same(DataLoader(d, batch_size=4), DataLoader(OneByOne(d), batch_size=4))


def test_indices_outside(dataset):
    n = len(dataset)
    for bad in ([n], [0, -n - 1], [1, n + 7]):
        with pytest.raises(IndexError, match=str(bad[-1])):
            dataset.__getitems__(bad)
    assert dataset.__getitems__([]) == []
    with pytest.raises(TypeError):
        dataset.__getitems__([0.5])
    equal(dataset.__getitems__(torch.tensor([2, 1]))[0], dataset[2])
    equal(dataset.__getitems__(np.array([2, -1]))[1], dataset[n - 1])


def test_a_broken_chunk_is_an_error_and_the_loader_goes_on(tmp_path):
    root = recordings.make(tmp_path / "r")
    d = ChunkDataset(root, modality_config=recordings.config())
    frames = sorted((root / "screen" / "data").glob("*.npy"))[0]
    good = frames.read_bytes()
    last = len(d) - 1
    frames.write_bytes(good[: len(good) // 2])
    try:
        with pytest.raises(RuntimeError, match=frames.name):
            d.__getitems__([0, 1])
        equal(default_collate(d.__getitems__([last])), default_collate([d[last]]))
    finally:
        frames.write_bytes(good)
    equal(default_collate(d.__getitems__([0, 1])), default_collate([d[0], d[1]]))


def test_an_error_comes_with_the_batch_that_it_is_of(tmp_path):
    root = recordings.make(tmp_path / "r")
    d = ChunkDataset(root, modality_config=recordings.config())
    second = sorted((root / "screen" / "data").glob("*.npy"))[1]
    second.write_bytes(second.read_bytes()[:-100])
    failed = None
    for k in range(len(d)):
        try:
            # the batch after the second was begun with it
            equal(default_collate(d.__getitems__([k])), default_collate([d[k]]))
        except RuntimeError as e:
            assert second.name in str(e)
            failed = k
            break
    assert failed > 2
    for k in (failed - 2, failed - 1, 0, 1):
        equal(default_collate(d.__getitems__([k])), default_collate([d[k]]))
    with pytest.raises(RuntimeError, match=second.name):
        d[failed]


def test_ctrl_c_leaves_no_wrong_batch_behind(dataset, monkeypatch):
    real = native.loader_feed
    calls = iter(range(10**6))

    def interrupted(*arguments):
        call = next(calls)
        if call % 3 == 1:
            raise KeyboardInterrupt
        real(*arguments)
        if call % 3 == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(native, "loader_feed", interrupted)
    interrupts = 0
    for k in range(9):
        while True:
            try:
                item = dataset.__getitems__([k])[0]
                break
            except KeyboardInterrupt:
                interrupts += 1
        equal(item, dataset[k])
    assert interrupts > 2


def test_a_pickled_dataset_reads_on_its_own(dataset):
    dataset.__getitems__([0, 1])
    other = pickle.loads(pickle.dumps(dataset))
    dataset.close()
    same(DataLoader(other, batch_size=4), DataLoader(OneByOne(other), batch_size=4))
    with pytest.raises(ValueError, match="close"):
        dataset.__getitems__([0, 1])
    with pytest.raises(ValueError, match="close"):
        dataset[0]


@pytest.mark.parametrize("context", ["spawn", "forkserver"])
def test_workers_that_are_not_forked(dataset, context):
    part = Subset(dataset, [5, 3, 0, 1, 7, 2, 4])
    loader = DataLoader(part, batch_size=2, num_workers=2, multiprocessing_context=context)
    same(loader, DataLoader(OneByOne(part), batch_size=2))


@pytest.mark.parametrize("read_before", [False, True])
@pytest.mark.parametrize("wrapped", [lambda d: d, OneByOne])
def test_forked_workers_say_what_to_do_in_one_sentence(dataset, read_before, wrapped):
    if read_before:
        dataset.__getitems__([0])
    loader = DataLoader(wrapped(dataset), batch_size=4, num_workers=2, multiprocessing_context="fork", timeout=600)
    with pytest.raises(RuntimeError) as e:
        next(iter(loader))
    text = str(e.value)
    assert text.startswith("this process was forked") and "\n" not in text and len(text) < 400
    for cure in ("syncline.DataLoader", "num_workers=0", 'multiprocessing_context="spawn"'):
        assert cure in text


def test_datasets_share_one_ring_which_goes_with_the_last(tmp_path):
    roots = [recordings.make(tmp_path / f"s{i}", seed=i, key=f"s{i}") for i in range(8)]
    datasets = [ChunkDataset(root, modality_config=recordings.config()) for root in roots]
    joined = SessionConcatDataset(datasets)
    # slots are made by the ring's threads; what the calling thread makes is small, and for all rings
    alive = {}
    main = threading.main_thread()

    def told(address, size, made):
        if made:
            alive[address] = threading.get_ident() != main.ident
        else:
            alive.pop(address, None)

    native.set_memory_hook(told)
    try:
        most = 0
        for _ in DataLoader(joined, batch_size=3, sampler=RandomSampler(joined, replacement=True)):
            most = max(most, sum(alive.values()))
        feed = _items._reader._feed
        assert feed is not None
        for d in datasets:
            d.__getitems__([0, 1])
            most = max(most, sum(alive.values()))
        assert _items._reader._feed is feed and len(feed._rings) == 1
        assert 0 < most <= 12
        del _, d
        for d in datasets[:-1]:
            d.close()
        assert _items._reader._feed is None
        gc.collect()
        assert not alive
        last = datasets[-1]
        equal(default_collate(last.__getitems__([0])), default_collate([last[0]]))
        assert _items._reader._feed is not None
        datasets.clear()
        del last, joined, d
        gc.collect()
        assert _items._reader._feed is None and not alive
    finally:
        native.set_memory_hook(None)


def test_a_batch_is_read_faster_than_its_items_one_by_one(tmp_path):
    root = tmp_path / "r"
    rng = np.random.default_rng(0)
    recordings.screen(root / "screen", rng, size=(144, 256), trials=[("video", 240, "train")])
    recordings.sequence(root / "responses", rng.normal(10, 3, (70, 2000)).astype(np.float32), 8.0, mapped=True)
    config = {k: v for k, v in recordings.config().items() if k in ("screen", "responses")}
    config["screen"]["interpolation"] = {"rescale": False}
    d = ChunkDataset(root, modality_config=config)

    def seconds(dataset):
        begin = time.perf_counter()
        for _ in DataLoader(dataset, batch_size=16, sampler=RandomSampler(dataset, num_samples=160, replacement=True)):
            pass
        return time.perf_counter() - begin

    seconds(d), seconds(OneByOne(d))
    ratios = [seconds(OneByOne(d)) / seconds(d) for _ in range(5)]
    assert max(ratios) > 2, ratios


def test_our_loader_takes_parts_and_orders(dataset):
    n = len(dataset)
    order = [7, 3, 3, -1, 0, 9, 1]
    absolute = [i % n for i in order]
    nested = Subset(Subset(dataset, range(1, n)), [i - 1 for i in (4, 2, 8, 5, 7)])
    for found, expected in (
        (syncline.DataLoader(dataset, 3, indices=iter(order)), absolute),
        (syncline.DataLoader(Subset(dataset, order), 3, num_workers=2), absolute),
        (syncline.DataLoader(nested, 3), [4, 2, 8, 5, 7]),
        (syncline.DataLoader(nested, 3, indices=np.array([4, 0, 1, 1])), [7, 4, 2, 2]),
    ):
        assert len(found) == -(-len(expected) // 3)
        for _ in range(2):
            same(found, DataLoader(OneByOne(Subset(dataset, expected)), batch_size=3))
        found.close()
    a, b = random_split(dataset, [0.7, 0.3], ordered())
    seen = [times(syncline.DataLoader(part, 2)) for part in (a, b)]
    assert sorted(seen[0] + seen[1]) == sorted(times(syncline.DataLoader(dataset, 2)))
    python = Marked(dataset.root_folder, modality_config=recordings.config())
    found = [i for batch in syncline.DataLoader(Subset(python, [5, 0, 2]), 2) for i in batch["index"].tolist()]
    assert found == [5, 0, 2]


def times(loader):
    with loader:
        return [start for batch in loader for start in batch["responses"][:, 0, 0].tolist()]


def test_a_part_is_shuffled_shared_and_resumed_as_a_whole_is(dataset):
    part = Subset(dataset, range(0, len(dataset), 2))

    def make(**more):
        return syncline.DataLoader(part, 2, shuffle=True, seed=5, **{"rank": 0, "world_size": 1, **more})

    loader = make()
    whole = [times(make())]
    assert sorted(whole[0]) == sorted(times(syncline.DataLoader(part, 2)))
    passes = iter(loader)
    next(passes), next(passes)
    state = loader.state_dict()
    rest = [b["responses"][:, 0, 0].tolist() for b in passes]
    again = make()
    again.load_state_dict(state)
    assert [b["responses"][:, 0, 0].tolist() for b in again] == rest
    ranks = [times(make(rank=r, world_size=2, remainder="uneven")) for r in range(2)]
    assert sorted(ranks[0] + ranks[1]) == sorted(whole[0])
    with pytest.raises(ValueError, match="chunks, hash|fingerprint"):
        syncline.DataLoader(dataset, 2, shuffle=True, seed=5).load_state_dict(state)


def test_parts_that_cannot_be(dataset):
    n = len(dataset)
    for bad in (n, -n - 1):
        with pytest.raises(ValueError, match=f"indices: found {bad}, expected 0 to {n - 1}"):
            syncline.DataLoader(dataset, 2, indices=[0, bad])
    with pytest.raises(TypeError):
        syncline.DataLoader(dataset, 2, indices=[0.5])
    with pytest.raises(ValueError, match="shuffle_each_epoch"):
        syncline.DataLoader(dataset, 2, indices=[0], shuffle_each_epoch=True)
    with pytest.raises(TypeError, match="found TensorDataset, expected a ChunkDataset, or a Subset, ConcatDataset"):
        syncline.DataLoader(Subset(ConcatDataset([dataset, TensorDataset(torch.zeros(3))]), [0]))
    with pytest.raises(ValueError, match="indices: .*one recording"):
        native.loader_open([dataset._handle], {"fed": True, "indices": [0]})
    for bad in (5, [0, "a"], [1 << 40]):
        with pytest.raises(ValueError, match=r"indices(\[\d\])?: found"):
            native.loader_open([dataset._handle], {"indices": bad})
