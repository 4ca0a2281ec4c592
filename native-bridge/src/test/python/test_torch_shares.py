# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Shares and seeds of two processes that torch.distributed joins after the loaders were made, as engines do."""

import json
import os
import subprocess
import sys
import textwrap

import pytest
import recordings
import torch
from test_loader import PRELUDE

from syncline import DataLoader
from syncline.datasets import ChunkDataset

PROCESS = """
import warnings
from datetime import timedelta
import torch
import torch.distributed as dist

number = int(sys.argv[1])
torch.manual_seed(number)  # each its own: rank 0's counts
data = dataset()

def starts(loader):
    return [t for b in loader for t in b["timestamps"]["screen"][:, 0].tolist()]

def warned(what):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        value = what()
    return value, [str(w.message) for w in caught]

options = dict(batch_size=4, num_workers=1, remainder="uneven")
peeked = DataLoader(data, **options, shuffle=True)
next(iter(peeked))
if number:
    os.environ["WORLD_SIZE"] = "2"  # as in those that Lightning starts
loader = DataLoader(data, **options, shuffle=True)
seeded = DataLoader(data, **options, shuffle=True, seed=3)
whole = DataLoader(data, **options, world_size=1)
env = DataLoader(data, **options, rank="env")
restored = DataLoader(data, **options, shuffle=True)
before = [len(loader), loader.world_size]
state = json.loads(sys.argv[3])
restored.load_state_dict(state)

dist.init_process_group("gloo", init_method="file://" + sys.argv[2], rank=number, world_size=2, timeout=timedelta(seconds=60))
found = {"before": before, "len": len(loader), "share": [loader.rank, loader.world_size]}
found["loader"] = [starts(loader) for _ in range(2)]
found["seed"] = loader.state_dict()["loader"]["seed"]
found["peeked"] = [starts(peeked), starts(peeked)]
found["seeded"] = starts(seeded)
found["whole"] = warned(lambda: starts(whole))
found["env"] = warned(lambda: starts(env))
found["restored"] = starts(restored)
found["told"] = starts(DataLoader(data, **options, shuffle=True, rank=1 - number, world_size=2))
torch.manual_seed(5)
found["again"] = starts(DataLoader(data, **options, shuffle=True))
torch.manual_seed(5)
assert starts(DataLoader(data, **options, shuffle=True)) == found["again"]
late = DataLoader(data, **options, shuffle=True)
late.load_state_dict(state if number == 0 else loader.state_dict())
try:
    starts(late)
except ValueError as e:
    found["late"] = str(e)
from syncline.utils import FastSessionDataLoader, SessionConcatDataset
fast = FastSessionDataLoader(SessionConcatDataset([data]), batch_size=4, shuffle=True, remainder="uneven")
fast.get_state()  # what each would have alone
found["fast"] = [[t for _, b in fast for t in b["timestamps"]["screen"][:, 0].tolist()] for _ in range(2)]
torch.manual_seed(5)
fast = FastSessionDataLoader(SessionConcatDataset([data]), batch_size=4, shuffle=True, rank=0, world_size=1)
found["fast seeded"] = [t for _, b in fast for t in b["timestamps"]["screen"][:, 0].tolist()]
dist.destroy_process_group()
print(json.dumps(found))
"""


@pytest.fixture
def dataset(recording):
    return ChunkDataset(recording, modality_config=recordings.config())


def starts(loader):
    return [t for b in loader for t in b["timestamps"]["screen"][:, 0].tolist()]


def test_two_processes(recording, dataset, tmp_path):
    every = starts(DataLoader(dataset, batch_size=4))
    # how far a run with one process was
    alone = DataLoader(dataset, batch_size=4, shuffle=True)
    begun = [t for _, b in zip(range(5), alone) for t in b["timestamps"]["screen"][:, 0].tolist()]
    state = json.dumps(alone.state_dict())
    code = PRELUDE.format(path=[p for p in sys.path if p], root=str(recording)) + textwrap.dedent(PROCESS)
    processes = []
    for number in range(2):
        environment = {k: v for k, v in os.environ.items() if k not in ("RANK", "WORLD_SIZE")}
        command = [sys.executable, "-c", code, str(number), str(tmp_path / "meet"), state]
        processes.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment))
    ended = [p.communicate(timeout=600) for p in processes]
    for p, (_, errors) in zip(processes, ended):
        assert p.returncode == 0, errors
    first, second = (json.loads(out.splitlines()[-1]) for out, _ in ended)

    assert first["before"] == [37, 1] and second["before"] == [19, 2]
    assert [first["share"], second["share"]] == [[0, 2], [1, 2]]
    assert [first["len"], second["len"]] == [19, 18]
    assert first["seed"] == second["seed"]
    orders = []
    for name in ("loader", "peeked"):
        for a, b in zip(first[name], second[name]):
            assert len(a) == 19 * 4 - (0 if len(a) % 4 == 0 else 2)
            assert sorted(a + b) == every
            orders.append(a)
    for a, b in zip(first["fast"], second["fast"]):
        assert sorted(a + b) == every
        orders.append(a)
    assert first["fast seeded"] == second["fast seeded"] and sorted(first["fast seeded"]) == every
    for name in ("seeded", "told", "again"):
        assert sorted(first[name] + second[name]) == every
        orders.append(first[name])
    assert len({tuple(o) for o in orders}) == len(orders)
    assert sorted(begun + first["restored"] + second["restored"]) == every

    for found in (first, second):
        chunks, said = found["whole"]
        assert chunks == every
        assert len(said) == 1 and "world_size=1 in a torch.distributed group of 2 processes" in said[0]
    assert sorted(first["env"][0] + second["env"][0]) == every
    assert ["no RANK and WORLD_SIZE" in m and "rank 0 of 2" in m for m in first["env"][1]] == [True]
    assert ["the environment has WORLD_SIZE=2, this process is rank 1 of 2" in m for m in second["env"][1]] == [True]
    assert "late" not in first and "restore the same state in all processes" in second["late"]


def test_the_seed_is_drawn_from_torchs_generator_at_the_first_pass(dataset):
    def order(**options):
        loader = DataLoader(dataset, batch_size=4, shuffle=True, **options)
        torch.manual_seed(3)
        return [starts(loader) for _ in range(2)]

    first = order()
    assert first[0] != first[1]
    assert first == order() == order(num_workers=2)
    torch.manual_seed(4)
    with DataLoader(dataset, batch_size=4, shuffle=True) as loader:
        assert starts(loader) != first[0]
    torch.manual_seed(3)
    with DataLoader(dataset, batch_size=4) as loader, DataLoader(dataset, batch_size=4, shuffle=True, seed=1) as told:
        before = torch.get_rng_state()
        starts(loader), starts(told)
        assert torch.equal(before, torch.get_rng_state()), "nothing is drawn where nothing is needed"
