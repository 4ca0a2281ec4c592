# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Trains with Accelerate in several processes; a state saved in mid-epoch goes on with any number of them.

    torchrun --nproc_per_node=2 examples/with_accelerate.py RECORDING FOLDER [STATE]

FOLDER gets what each process saw, and a state every 5 steps. `prepare` leaves the loader as it is, which has the process's
share already; its batches are sent to the device here, and an epoch's end steps no gradients that are being accumulated.
"""
import sys
from pathlib import Path

import torch
from accelerate import Accelerator
from accelerate.utils import send_to_device
from syncline import ChunkDataset, DataLoader

recording, folder, state = sys.argv[1], Path(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else None
folder.mkdir(parents=True, exist_ok=True)
accelerator = Accelerator(cpu=not torch.cuda.is_available())  # else, without a GPU, Accelerate takes each process for the only one
torch.manual_seed(0)
dataset = ChunkDataset(recording)
model = torch.nn.Linear(dataset[0]["responses"].shape[-1], 1)
optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
loader = DataLoader(dataset, batch_size=4, shuffle=True, num_workers=1)
model, optimizer, loader = accelerator.prepare(model, optimizer, loader)
accelerator.register_for_checkpointing(loader)
if state:
    accelerator.load_state(state)
for step, batch in enumerate(loader, 1):
    with open(folder / f"rank{accelerator.process_index}.txt", "a") as log:
        print(*batch["timestamps"]["screen"][:, 0].tolist(), file=log)
    batch = send_to_device(batch, accelerator.device, non_blocking=True)
    loss = torch.nn.functional.mse_loss(model(batch["responses"]).mean(dim=1), batch["treadmill"].mean(dim=1).float())
    accelerator.backward(loss)
    optimizer.step()
    optimizer.zero_grad()
    if step % 5 == 0:
        accelerator.save_state(folder / f"state{step}")
accelerator.end_training()
