# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Torch's own loader: threads of this process read ahead for it, and in the place of workers that would be forked."""

import collections.abc
import copy
import gc
import multiprocessing
import os
import pickle
import time
import warnings
import weakref

import pytest
import recordings
import torch
from torch.utils.data import (
    BatchSampler,
    ConcatDataset,
    DataLoader,
    Dataset,
    DistributedSampler,
    RandomSampler,
    SequentialSampler,
    Subset,
    SubsetRandomSampler,
    TensorDataset,
    default_collate,
)

import syncline
from syncline import ChunkDataset, _workers
from syncline._native import functions as native
from syncline.utils import FastSessionDataLoader, LongCycler, MultiEpochsDataLoader, SessionConcatDataset


@pytest.fixture(autouse=True)
def forking(monkeypatch):
    _workers._rings.clear()  # of loaders that a traceback keeps
    monkeypatch.setattr(multiprocessing, "get_start_method", lambda allow_none=False: "fork")


@pytest.fixture
def two(tmp_path):
    return [
        ChunkDataset(recordings.make(tmp_path / key, seed=i, key=key), modality_config=recordings.config(responses=None))
        for i, key in enumerate("ab")
    ]


class Doubled(Dataset):
    """A program's own items."""

    def __init__(self, inner):
        self.parts = {"inner": [inner]}

    def __len__(self):
        return len(self.parts["inner"][0])

    def __getitem__(self, index):
        return {"screen": self.parts["inner"][0][index]["screen"] * 2}


def first_frames(items):
    return default_collate([{"first": item["screen"][0]} for item in items])


def flat(batch):
    return [(k, v) for k, v in batch.items() if k != "timestamps"] + sorted(batch.get("timestamps", {}).items())


def same(found, expected):
    found, expected = list(found), list(expected)
    assert len(found) == len(expected)
    for a, b in zip(found, expected):
        a, b = flat(a), flat(b)
        assert [k for k, _ in a] == [k for k, _ in b]
        assert all(v.dtype == w.dtype and torch.equal(v, w) for (_, v), (_, w) in zip(a, b))


DATASETS = {
    "one": lambda two: two[0],
    "part": lambda two: Subset(two[0], [5, 3, 1, 9, 8]),
    "joined": lambda two: ConcatDataset([Subset(two[0], range(7)), two[1]]),
    "own items": lambda two: Doubled(two[1]),
}

OPTIONS = {
    "plain": {},
    "shuffled": {"shuffle": True},
    "by a generator": {"shuffle": True, "generator": 7},
    "whole batches": {"drop_last": True},
    "for long": {"persistent_workers": True, "shuffle": True},
    "ahead": {"prefetch_factor": 5},
    "in time": {"timeout": 600},
    "collated": {"collate_fn": first_frames},
    "sampler": {"sampler": [2, 1, 0, 4]},
    "batch sampler": {"batch_sampler": [[1], [2, 0, 3], [4]]},
}


@pytest.mark.parametrize("dataset", DATASETS)
@pytest.mark.parametrize("options", OPTIONS)
def test_batches_are_those_without_workers(two, dataset, options):
    data, options = DATASETS[dataset](two), OPTIONS[options]

    def passes(workers):
        torch.manual_seed(3)
        said = dict(options)
        if "generator" in said:
            said["generator"] = torch.Generator().manual_seed(said["generator"])
        if "batch_sampler" not in said:
            said["batch_size"] = 4
        if not workers:
            said = {k: v for k, v in said.items() if k not in ("persistent_workers", "prefetch_factor", "timeout")}
        loader = DataLoader(data, num_workers=workers, **said)
        out = [b for _ in range(3) for b in loader]
        assert loader.num_workers == workers and len(out) == 3 * len(loader)
        return out

    children = multiprocessing.active_children()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = passes(2)
    assert multiprocessing.active_children() == children
    said = [str(w.message) for w in caught if "torch's DataLoader" in str(w.message)]
    if dataset == "own items":
        assert said and all("num_workers=2: items are made in this process" in m and 'multiprocessing_context="spawn"' in m for m in said)
        assert {w.filename for w in caught if "torch's DataLoader" in str(w.message)} == {__file__}
    else:
        assert not said
    if "persistent_workers" not in options:  # torch draws for workers when it starts them
        same(found, passes(0))


def test_the_order_is_that_of_torchs_workers(two):
    starts = torch.stack([two[0][i]["timestamps"]["screen"][0] for i in range(len(two[0]))])
    for options in ({}, {"persistent_workers": True}, {"generator": 3}, {"generator": 3, "persistent_workers": True}):
        orders = []
        for data in (two[0], torch.arange(len(two[0]))):
            torch.manual_seed(11)
            said = {**options, **({"generator": torch.Generator().manual_seed(3)} if "generator" in options else {})}
            loader = DataLoader(data, batch_size=4, shuffle=True, num_workers=1, **said)
            orders.append([b for _ in range(3) for b in loader])
            orders[-1].append(torch.rand(2))
        (*found, rest), (*expected, torchs) = orders
        assert all(torch.equal(b["timestamps"]["screen"][:, 0], starts[indices]) for b, indices in zip(found, expected, strict=True))
        assert torch.equal(rest, torchs)


def test_threads_read_ahead_into_one_ring_for_all_passes(two, monkeypatch):
    opened = []
    real = native.loader_open
    monkeypatch.setattr(native, "loader_open", lambda handles, options: (opened.append(options), real(handles, options))[1])
    loader = DataLoader(two[0], batch_size=4, num_workers=2, prefetch_factor=3)
    for _ in range(3):
        assert len(list(loader)) == len(loader)
    threads = min(2, len(os.sched_getaffinity(0)))
    assert [(o["threads"], o["prefetch"]) for o in opened] == [(threads, 3 * threads)]
    # passes side by side, each whole; one that is left half way; times drawn anew
    same([a for a, b in zip(loader, loader) for a in (a, b)], [a for a in loader for a in (a, a)])
    next(iter(loader))
    two[0].shuffle_valid_screen_times()
    same(loader, DataLoader(two[0], batch_size=4))
    del loader
    gc.collect()


@pytest.mark.parametrize("kind", ["sequence", "shuffled", "some", "shared out", "drawn as it goes", "own sampler", "own fetching"])
def test_without_workers_the_next_batch_is_read_ahead_where_the_order_is_known(two, monkeypatch, kind):
    data = ConcatDataset(two) if kind == "sequence" else two[0]
    count = len(data)
    asked = []

    def gone_through():
        for i in range(12):
            asked.append(i)
            yield i

    samplers = {
        "some": SubsetRandomSampler(range(30)),
        "shared out": DistributedSampler(data, num_replicas=2, rank=1),
        "drawn as it goes": RandomSampler(data, replacement=True, num_samples=20),
    }
    if kind == "own fetching":
        inner = ChunkDataset.__getitems__
        monkeypatch.setattr(ChunkDataset, "__getitems__", lambda self, indices: (asked.extend(indices), inner(self, indices))[1])
    opened = []
    real = native.loader_open
    monkeypatch.setattr(native, "loader_open", lambda handles, options: (opened.append(options), real(handles, options))[1])
    orders = []
    for dataset in (data, torch.arange(count)):
        torch.manual_seed(5)
        sampler = Lazily(gone_through) if kind == "own sampler" else samplers.get(kind)
        loader = DataLoader(dataset, batch_size=4, shuffle=kind == "shuffled", sampler=sampler)
        batches = iter(loader)
        orders.append([next(batches)])
        if kind == "own sampler":
            assert asked == [0, 1, 2, 3], "an order that a program may change is not run ahead of"
        orders[-1].extend(batches)
        orders[-1].append(torch.rand(2))
        asked.clear() if kind == "own sampler" else None
    (*found, rest), (*expected, torchs) = orders
    items = [two[i // 146][i % 146] for i in range(count)]
    for batch, indices in zip(found, expected, strict=True):
        same([batch], [default_collate([items[i] for i in indices.tolist()])])
    assert torch.equal(rest, torchs)
    assert len(opened) == 1, "one ring"
    if kind == "own fetching":
        assert len(asked) == count


class Lazily:
    def __init__(self, indices):
        self.indices = indices

    def __iter__(self):
        return self.indices()

    def __len__(self):
        return 12


def test_many_loaders_share_a_ring(two, monkeypatch):
    opened = []
    real = native.loader_open
    monkeypatch.setattr(native, "loader_open", lambda handles, options: (opened.append(real(handles, options)), opened[-1])[1])
    for workers in (0, 2):
        del opened[:]
        _workers._rings.clear()
        loaders = [DataLoader(two[i % 2], batch_size=4, num_workers=workers) for i in range(12)]
        passes = [iter(loader) for loader in loaders]
        first = [next(p) for p in passes]
        for i in range(2, 12):
            same([first[i]], [first[i % 2]])
        # one for those that share, opened anew for the second dataset, and kept
        assert len(_workers._rings) == 4 <= len(opened) <= 4 + 2
        del passes, loaders, first


def test_an_error_costs_its_batch(tmp_path):
    root = recordings.make(tmp_path / "damaged", seed=3)
    file = sorted((root / "screen" / "data").iterdir())[1]
    file.write_bytes(file.read_bytes()[:200])
    loader = DataLoader(ChunkDataset(root, modality_config=recordings.config()), batch_size=2, num_workers=2)
    batches, failed = iter(loader), 0
    good = 0
    while True:
        try:
            next(batches)
            good += 1
        except StopIteration:
            break
        except Exception as e:
            assert file.name in str(e)
            failed += 1
    assert good + failed == len(loader) and good and failed


def test_what_has_no_effect_is_said(two):
    loader = DataLoader(two[0], batch_size=4, num_workers=2, worker_init_fn=print)
    with pytest.warns(UserWarning, match='worker_init_fn is not called.*multiprocessing_context="spawn"'):
        next(iter(loader))
    with pytest.warns(UserWarning, match="one after the other, for batch_size is None"):
        assert len(list(DataLoader(two[0], batch_size=None, num_workers=2))) == len(two[0])
    if not torch.accelerator.is_available():
        with pytest.warns(UserWarning, match="memory is not pinned"):
            next(iter(DataLoader(two[0], batch_size=4, num_workers=2, pin_memory=True)))


def test_shares_are_the_samplers(two):
    found = []
    for rank in range(3):
        sampler = DistributedSampler(two[0], num_replicas=3, rank=rank, seed=5)
        loader = DataLoader(two[0], batch_size=4, num_workers=2, sampler=sampler)
        same(loader, DataLoader(two[0], batch_size=4, sampler=sampler))
        found.extend(b["timestamps"]["screen"][:, 0] for b in loader)
    assert len(torch.cat(found).unique()) == len(two[0])


def test_other_datasets_keep_their_workers():
    found = list(DataLoader(TensorDataset(torch.arange(9)), batch_size=4, num_workers=1))
    assert [len(b[0]) for b in found] == [4, 4, 1]
    pid = list(DataLoader(Pids(), batch_size=None, num_workers=1))
    assert os.getpid() not in pid


class Pids(Dataset):
    def __len__(self):
        return 2

    def __getitem__(self, index):
        return os.getpid()


# ---- what programs do besides ------------------------------------------------------------------------------------------


def test_other_datasets_are_hardly_looked_at(two):
    """Of lists as long as they like, of lazy maps and of attributes that fail: a loader of them is as it was."""

    class Foreign(Dataset):
        def __init__(self):
            self.samples = [(f"{i}.jpg", i) for i in range(1_000_000)]
            self.torch, self.lazy = torch, Lazy()

        def __len__(self):
            return 4

        def __getitem__(self, index):
            return index

    class Lazy(collections.abc.Mapping):
        def __getitem__(self, key):
            raise AssertionError("asked")

        __iter__ = __len__ = __getitem__

    class Closed:
        def __len__(self):
            return 4

        def __getitem__(self, index):
            return index

        @property
        def __dict__(self):
            raise RuntimeError("closed")

    loader = DataLoader(Foreign(), batch_size=2, num_workers=1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        begin = time.thread_time()
        for _ in range(20):
            assert not _workers._holds_ours(loader.dataset)
        assert time.thread_time() - begin < 1
    assert not _workers._holds_ours(Closed())
    assert torch.cat(list(loader)).tolist() == [0, 1, 2, 3]
    assert torch.cat(list(DataLoader(Closed(), batch_size=2, num_workers=1))).tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    "make",
    [
        lambda two: DataLoader(two[0], batch_size=4, num_workers=2, shuffle=True),
        lambda two: DataLoader(two[0], batch_size=4),
        lambda two: syncline.DataLoader(two[0], batch_size=4, sampler=range(100), num_workers=2),
        lambda two: syncline.DataLoader(ConcatDataset(two), batch_size=4, shuffle=True, num_workers=2),
        lambda two: FastSessionDataLoader(SessionConcatDataset(two), batch_size=4, shuffle=True, num_workers=2),
        lambda two: LongCycler({d.data_key: MultiEpochsDataLoader(d, 4, num_workers=2) for d in two}),
    ],
)
def test_a_pass_that_is_left_is_gone_without_the_collector(two, make):
    def threads():
        return len(os.listdir("/proc/self/task"))

    gc.collect()
    gc.disable()
    try:
        loader = make(two)
        for _ in range(3):
            next(iter(loader))
        begun = threads()
        for _ in range(20):
            for _ in loader:
                break
        assert threads() <= begun + 2
        made = []
        for _ in range(6):
            made.append(make(two))
            for _ in made[0]:
                pass
            del made[:]
        assert threads() <= begun + 4
    finally:
        gc.enable()


def test_a_loader_whose_collate_fn_leads_back_to_it_is_freed(two):
    class Own(DataLoader):
        def __init__(self, *args, **options):
            super().__init__(*args, collate_fn=self.collated, **options)

        def collated(self, items):
            return default_collate(items)

    gone = []
    for _ in range(5):
        loader = Own(two[0], 4, shuffle=True, num_workers=2)
        weakref.finalize(loader, gone.append, 1)
        next(iter(loader))
        assert copy.deepcopy(loader).__dict__[_workers._OWN] is None
        assert len(list(pickle.loads(pickle.dumps(DataLoader(two[0], 4))))) == len(loader)
    del loader
    gc.collect()
    assert len(gone) == 5 and len(_workers._rings) == 0


@pytest.mark.parametrize("workers", [0, 2])
def test_a_subset_that_changes_between_passes_is_read_as_it_is(two, workers):
    part = Subset(two[0], list(range(8)))
    joined = ConcatDataset([Subset(two[0], range(4)), part])
    loaders = [DataLoader(d, 4, num_workers=workers) for d in (part, joined)]
    loaders.append(syncline.DataLoader(part, 4))
    for loader in loaders:
        list(loader)
    part.indices = list(range(20, 28))
    for loader in loaders:
        same(loader, DataLoader(ByItem(loader.dataset), 4))
    part.indices[:2] = [3, 1]
    part.dataset = two[1]
    joined.datasets[0] = Subset(two[1], range(9, 13))
    for _ in range(2):
        with pytest.raises(ValueError, match="the Subset is of another dataset than when the loader was made.*make the loader anew"):
            iter(loaders[2])
    for loader in loaders[:2]:
        same(loader, DataLoader(ByItem(loader.dataset), 4))
    changed = loaders[0]
    changed._DataLoader__initialized = False
    changed.batch_sampler = BatchSampler(SequentialSampler(range(6)), 2, False)
    assert [len(b["screen"]) for b in changed] == [2, 2, 2]


class ByItem(Dataset):
    def __init__(self, inner):
        self.inner = inner

    def __len__(self):
        return len(self.inner)

    def __getitem__(self, index):
        return dict(self.inner[index])


class Marked(Subset):
    def __getitems__(self, indices):
        return [dict(item, mark=torch.tensor(7)) for item in super().__getitems__(indices)]


class MarkedChunks(ChunkDataset):
    def __getitems__(self, indices):
        return [dict(item, mark=torch.tensor(7)) for item in super().__getitems__(indices)]


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.filterwarnings("ignore:torch's DataLoader")
def test_a_programs_own_getitems_is_asked(two, workers):
    chunks = MarkedChunks(two[0].root_folder, modality_config=recordings.config(responses=None))
    for data in (Marked(two[0], range(8)), Subset(Marked(two[0], range(8)), range(8)), chunks):
        loader = DataLoader(data, 4, num_workers=workers, sampler=range(8))
        assert [b["mark"].tolist() for b in loader] == [[7] * 4] * 2
    with pytest.raises(TypeError, match="found Marked, expected a ChunkDataset"):
        syncline.DataLoader(Marked(two[0], range(8)), 4)
    with pytest.warns(UserWarning, match="MarkedChunks.__getitems__ is not called"):
        syncline.DataLoader(chunks, 4)


def test_what_cannot_be_read_costs_its_batch_alone(two):
    batches = [[0], [1], [len(two[0])], [2], [], [3]]

    def tried(loader):
        out, passes = [], iter(loader)
        while True:
            try:
                out.append(next(passes)["timestamps"]["screen"][0, 0].item())
            except StopIteration:
                return out
            except Exception as e:
                out.append(type(e).__name__)

    starts = [two[0][i]["timestamps"]["screen"][0].item() for i in range(4)]
    expected = [*starts[:2], "IndexError", starts[2], "ValueError", starts[3]]
    assert tried(DataLoader(two[0], batch_sampler=batches, num_workers=2)) == expected
    assert tried(syncline.DataLoader(two[0], batch_sampler=batches, num_workers=2)) == expected

    def broken():
        yield from range(2)
        raise OSError("the sampler's own")

    assert tried(DataLoader(two[0], 1, sampler=Lazily(broken), num_workers=2)) == [*starts[:2], "OSError"]


def test_workers_orders_are_drawn_when_a_pass_begins(two):
    orders = []
    for data in (two[0], torch.arange(len(two[0]))):
        torch.manual_seed(0)
        loaders = [DataLoader(data, 4, shuffle=True, num_workers=2) for _ in "ab"]
        passes = [iter(loader) for loader in loaders]
        torch.rand(1)
        orders.append([next(p) for p in passes])
    starts = torch.stack([two[0][i]["timestamps"]["screen"][0] for i in range(len(two[0]))])
    for batch, indices in zip(*orders):
        assert torch.equal(batch["timestamps"]["screen"][:, 0], starts[indices])
