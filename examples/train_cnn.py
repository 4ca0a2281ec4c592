# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Trains a small 3D CNN that predicts responses from video, on a GPU where there is one, and goes on where it was stopped.

    python examples/train_cnn.py RECORDING FOLDER [EPOCHS]

The recording has responses and a screen with trials of the tiers train and validation. FOLDER gets model.pt every ten batches.
"""
import os, sys
from pathlib import Path

import torch
from torch.nn import AdaptiveAvgPool3d, Conv3d, ELU, Flatten, Linear, Sequential
from syncline import ChunkDataset, DataLoader

recording, folder, epochs = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 10
folder.mkdir(parents=True, exist_ok=True)
device = "cuda" if torch.cuda.is_available() else "cpu"
torch.manual_seed(0)

def loader(tier, **options):  # 2 s of video, normalised on the device, and the responses to it
    screen = {"sampling_rate": 30, "chunk_size": 60, "valid_condition": {"tier": tier}, "transforms": {"normalization": "normalize"}}
    responses = {"sampling_rate": 8, "chunk_size": 16, "interpolation": {"interpolation_mode": "nearest_neighbor"}}
    dataset = ChunkDataset(recording, modality_config={"screen": screen, "responses": responses})
    return DataLoader(dataset, batch_size=8, num_workers=2, device=device, **options)

train, validation = loader("train", shuffle=True, seed=0), loader("validation")
neurons = train.dataset[0]["responses"].shape[-1]
model = Sequential(Conv3d(1, 8, (5, 5, 5)), ELU(), Conv3d(8, 16, 3), ELU(), AdaptiveAvgPool3d((16, 1, 1)), Flatten(2))
model = torch.nn.ModuleDict({"core": model, "readout": Linear(16, neurons)}).to(device)
optimizer, first = torch.optim.Adam(model.parameters(), lr=1e-3), 0
poisson = torch.nn.PoissonNLLLoss(log_input=True)

def loss_of(batch):
    return poisson(model["readout"](model["core"](batch["screen"]).transpose(1, 2)), batch["responses"].clamp(min=0))

if (folder / "model.pt").exists():
    weights, optimizer_state, state, first = torch.load(folder / "model.pt")
    model.load_state_dict(weights), optimizer.load_state_dict(optimizer_state), train.load_state_dict(state)
for epoch in range(first, epochs):
    for step, batch in enumerate(train, 1):
        optimizer.zero_grad(), loss_of(batch).backward(), optimizer.step()
        if step % 10 == 0:
            torch.save((model.state_dict(), optimizer.state_dict(), train.state_dict(), epoch), folder / "new.pt")
            os.replace(folder / "new.pt", folder / "model.pt")
    with torch.no_grad():
        losses = [loss_of(batch).item() for batch in validation]
    print(f"epoch {epoch}: validation loss {sum(losses) / len(losses):.4f}", flush=True)
