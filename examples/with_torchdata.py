# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Reads with torchdata's StatefulDataLoader in several processes; a state of mid-epoch goes on with any number of them.

    torchrun --nproc_per_node=2 examples/with_torchdata.py RECORDING FOLDER [STATE]

FOLDER gets what each process saw, and a state every 5 batches, one for all processes."""
import os, sys, torch
from pathlib import Path
from torchdata.stateful_dataloader import StatefulDataLoader
from syncline import ChunkDataset


class Shares:
    behind = 0  # batches that all processes have had together; torchdata's own samplers count the samples of one

    def __iter__(self):
        batches = torch.randperm(len(dataset), generator=torch.Generator().manual_seed(0)).split(4)
        for first in range(self.behind, len(batches), processes):
            self.behind = first + processes
            yield batches[(first + rank) % len(batches)].tolist()

    def state_dict(self):
        return {"behind": self.behind}

    def load_state_dict(self, state):
        self.behind = state["behind"]


folder, rank, processes = Path(sys.argv[2]), int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
folder.mkdir(parents=True, exist_ok=True)
dataset = ChunkDataset(sys.argv[1])
loader = StatefulDataLoader(dataset, batch_sampler=Shares())
if sys.argv[3:]:
    loader.load_state_dict(torch.load(sys.argv[3]))
for step, batch in enumerate(loader, 1):
    with open(folder / f"rank{rank}.txt", "a") as log:
        print(*batch["timestamps"]["screen"][:, 0].tolist(), file=log)
    if rank == 0 and step % 5 == 0:
        torch.save(loader.state_dict(), folder / f"state{step}")
