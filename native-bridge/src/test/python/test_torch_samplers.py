# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""syncline.DataLoader with torch's samplers and joined datasets gives what torch's own loader gives."""

import json
import subprocess
import sys
import warnings

import numpy as np
import pytest
import recordings
import torch
from test_feed import opened
from test_loader import PRELUDE
from test_samplers import bits
from torch.utils.data import (
    BatchSampler,
    ConcatDataset,
    RandomSampler,
    SequentialSampler,
    Subset,
    SubsetRandomSampler,
    WeightedRandomSampler,
    random_split,
)
from torch.utils.data import DataLoader as TorchLoader
from torch.utils.data.distributed import DistributedSampler

from syncline import ChunkDataset, DataLoader
from syncline.utils import SessionConcatDataset


@pytest.fixture
def pair(tmp_path):
    return [opened(tmp_path, "a"), opened(tmp_path, "b", seed=1)]


def seeded(seed=3):
    return torch.Generator().manual_seed(seed)


SAMPLERS = {
    "random": lambda d: {"batch_size": 5, "sampler": RandomSampler(d, generator=seeded())},
    "global": lambda d: {"batch_size": 5, "sampler": RandomSampler(d, num_samples=17)},
    "subset": lambda d: {"batch_size": 5, "sampler": SubsetRandomSampler(range(3, 40), generator=seeded()), "drop_last": True},
    "weighted": lambda d: {"batch_size": 5, "sampler": WeightedRandomSampler([1.0] * 9 + [3.0], 33, generator=seeded())},
    "batches": lambda d: {"batch_sampler": BatchSampler(RandomSampler(d, generator=seeded()), 6, drop_last=True)},
    "distributed": lambda d: {"batch_size": 5, "sampler": DistributedSampler(d, num_replicas=3, rank=1, seed=4)},
    "sequence": lambda d: {"batch_size": 7, "sampler": SequentialSampler(d)},
}


@pytest.mark.parametrize("kind", SAMPLERS)
@pytest.mark.parametrize("joined", ["concat", "session", "split", "single"])
def test_samplers_give_what_torchs_loader_gives(pair, joined, kind):
    dataset = {
        "concat": lambda: ConcatDataset(pair),
        "session": lambda: SessionConcatDataset(pair),
        "split": lambda: random_split(ConcatDataset([Subset(pair[1], range(50, 90)), pair[0]]), [100, 86], generator=seeded())[0],
        "single": lambda: pair[0],
    }[joined]()
    found, wanted = [], []
    for loader, into in ((DataLoader, found), (TorchLoader, wanted)):
        torch.manual_seed(8)
        made = loader(dataset, **SAMPLERS[kind](dataset))
        into.extend([len(made), bits(made), bits(made)])
    assert found == wanted


@pytest.mark.parametrize("drop_last", [False, True])
def test_joined_datasets_come_in_sequence_as_torchs_loader_gives_them(pair, drop_last):
    for dataset in (ConcatDataset(pair), ConcatDataset([pair[0]]), Subset(ConcatDataset(pair), [200, 3, 150]), ConcatDataset([*pair, pair[0]])):
        ours, torchs = DataLoader(dataset, 9, drop_last=drop_last), TorchLoader(dataset, 9, drop_last=drop_last)
        assert len(ours) == len(torchs) and bits(ours) == bits(torchs)


@pytest.mark.parametrize("read", ["by threads", "by torch", "by a worker"])
def test_torchs_loader_says_that_its_batches_mix_what_is_alike_in_shape_alone(pair, read):
    """Whoever reads them. Not where each batch is of one recording, nor where a function of the program's may keep them apart."""
    for dataset, step in zip(pair, (1, -1)):
        np.save(dataset.root_folder / "responses/meta/unit_ids.npy", np.arange(7)[::step])
    n = len(pair[0])

    def said(joined, **how):
        if read == "by torch":
            how = {"sampler": RandomSampler(joined, replacement=True, num_samples=40), **how}
        if read == "by a worker":
            how = {**how, "num_workers": 1, "multiprocessing_context": "spawn", "persistent_workers": True}
        if "batch_sampler" in how:
            how.pop("sampler", None)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            loader = TorchLoader(joined, **how)
            for _ in range(2):
                try:
                    list(loader)
                except KeyError:
                    pass
        return [str(w.message) for w in caught if "batches mix" in str(w.message)]

    joined = ConcatDataset(pair)
    (text,) = said(joined, batch_size=10, **({} if read == "by torch" else {"shuffle": True}))
    assert "columns of responses of" in text and "the same unit_ids in another order" in text
    if read == "by a worker":
        return  # that starts, which takes long
    assert said(joined, batch_sampler=[[0, 1], [n, n + 1]]) == said(Subset(joined, range(n)), batch_size=10) == []
    if read == "by torch":
        fewer = ChunkDataset(pair[1].root_folder, modality_config=recordings.config(), out_keys=["responses", "timestamps"])
        for mixed in (ConcatDataset([fewer, pair[0]]), SessionConcatDataset([pair[0], fewer])):
            text, _ = said(mixed, batch_size=10)
            assert "of which one alone has eye_tracker, screen, treadmill: a batch has the entries of its first chunk" in text
        assert said(joined, batch_size=10, collate_fn=list) == []


def test_default_collate_copies_nothing(pair):
    seen = []

    def collate(items):
        batch = torch.utils.data.default_collate(items)
        seen.append([item["screen"].data_ptr() for item in items])
        assert batch["screen"].data_ptr() == seen[-1][0]
        return batch

    assert bits(DataLoader(pair[0], 8, collate_fn=collate)) == bits(DataLoader(pair[0], 8))
    assert bits(DataLoader(pair[0], 8, sampler=range(40), collate_fn=collate)) == bits(DataLoader(pair[0], 8, indices=range(40)))
    # as in torch's loader: the list that a function gets may be altered
    short = DataLoader(pair[0], 8, indices=range(16), collate_fn=lambda items: torch.utils.data.default_collate(items[::-1][:3]))
    for k, batch in enumerate(short):
        assert torch.equal(batch["responses"][0], pair[0][8 * k + 7]["responses"]) and len(batch["responses"]) == 3


PROCESS = """
from datetime import timedelta
import torch
import torch.distributed as dist
from torch.utils.data import RandomSampler
from torch.utils.data.distributed import DistributedSampler

number = int(sys.argv[1])
torch.manual_seed(number)  # each its own: rank 0's counts
data = dataset()

def starts(batches):
    return [b["timestamps"]["screen"][:, 0].tolist() for b in batches]

loader = DataLoader(data, batch_size=4, sampler=RandomSampler(data), remainder="uneven")
dist.init_process_group("gloo", init_method="file://" + sys.argv[2], rank=number, world_size=2, timeout=timedelta(seconds=60))
found = {"passes": [starts(loader), starts(loader)], "len": len(loader)}
it = iter(loader)
found["begun"] = starts([next(it), next(it)])
state = json.loads(json.dumps(loader.state_dict()))
other = DataLoader(data, batch_size=4, sampler=RandomSampler(data), remainder="uneven")
other.load_state_dict(state)
found["rest"] = starts(other)
found["went on"] = starts(it)
own = DataLoader(data, batch_size=4, sampler=DistributedSampler(data, shuffle=False, drop_last=True))
found["own"] = starts(own)
print(json.dumps(found))
dist.destroy_process_group()
"""


def test_processes_of_a_group_share_rank_0s_order(recording, tmp_path):
    code = PRELUDE.format(path=[p for p in sys.path if p], root=str(recording)) + PROCESS
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(rank), str(tmp_path / "group")],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in range(2)
    ]
    found = []
    for process in processes:
        out, error = process.communicate(timeout=600)
        assert process.returncode == 0, error
        found.append(json.loads(out.splitlines()[-1]))
    for k in range(2):
        shares = [f["passes"][k] for f in found]
        rows = [s for share in shares for b in share for s in b]
        assert len(rows) == len(set(rows)) == 146
        assert [len(share) for share in shares] == [f["len"] for f in found] == [19, 18]
    assert found[0]["passes"][0] != found[0]["passes"][1]
    for f in found:
        assert f["rest"] == f["went on"]
    rows = [s for f in found for b in f["begun"] + f["rest"] for s in b]
    assert len(rows) == len(set(rows)) == 146
    rows = [s for f in found for b in f["own"] for s in b]
    assert len(rows) == len(set(rows)) == 146


def test_datasets_added_to_joined_ones_that_were_counted_are_refused(pair):
    joined = ConcatDataset(pair)
    loader = DataLoader(joined, batch_size=50)
    assert sum(1 for _ in loader) == len(loader)
    joined.datasets.append(pair[0])
    for late in (lambda: list(loader), lambda: DataLoader(joined)):
        with pytest.raises(ValueError, match="ConcatDataset counted the chunks of 2 datasets, and has 3 by now: make it anew"):
            late()
