# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Trains in several processes, each with its share of the epoch, and after a crash goes on with the very next batch.

    torchrun --nproc_per_node=2 examples/with_torchrun.py RECORDING FOLDER [DIE_AFTER_STEPS]

FOLDER gets what each process saw, and model.pt with one state of the loader for all processes: any number goes on.
"""
import os, signal, sys
from pathlib import Path
import torch
from torch.nn.parallel import DistributedDataParallel
from syncline import ChunkDataset, DataLoader

recording, folder, die_after = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else None
folder.mkdir(parents=True, exist_ok=True)
torch.distributed.init_process_group("gloo")
rank, step = torch.distributed.get_rank(), 0
torch.manual_seed(0)
dataset = ChunkDataset(recording)
loader = DataLoader(dataset, batch_size=4, shuffle=True, num_workers=1)  # it asks the group for its share
model = DistributedDataParallel(torch.nn.Linear(dataset[0]["responses"].shape[-1], 1))
optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
if (folder / "model.pt").exists():
    weights, state, step = torch.load(folder / "model.pt")
    model.module.load_state_dict(weights)
    loader.load_state_dict(state)
for step, batch in enumerate(loader, step + 1):
    with open(folder / f"rank{rank}.txt", "a") as log:
        print(*batch["timestamps"]["screen"][:, 0].tolist(), file=log)
    loss = torch.nn.functional.mse_loss(model(batch["responses"]).mean(dim=1), batch["treadmill"].mean(dim=1).float())
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    if rank == 0:
        torch.save((model.module.state_dict(), loader.state_dict(), step), folder / "new.pt")
        os.replace(folder / "new.pt", folder / "model.pt")  # whenever a process dies, the old one or the new one is there
    if step == die_after and rank == 0:
        os.kill(os.getpid(), signal.SIGKILL)
torch.distributed.destroy_process_group()
