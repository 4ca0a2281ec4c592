# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Trains a Poisson regression of responses on small frames with JAX, on whatever device it has, and goes on where it was stopped.

    python examples/train_jax.py RECORDING FOLDER [EPOCHS]

The recording has a screen and responses. FOLDER gets model.npz and loader.json at the end of each epoch.
"""
import json, sys
from pathlib import Path

import jax, numpy as np
import jax.numpy as jnp
from syncline import ChunkDataset, DataLoader

recording, folder, epochs = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 10
folder.mkdir(parents=True, exist_ok=True)
screen = {"sampling_rate": 30, "chunk_size": 60, "transforms": {"normalization": "normalize"}}
responses = {"sampling_rate": 8, "chunk_size": 16, "interpolation": {"interpolation_mode": "nearest_neighbor"}}
dataset = ChunkDataset(recording, modality_config={"screen": screen, "responses": responses})
device = jax.devices()[0].platform  # pixels travel as bytes and are normalised there
loader = DataLoader(dataset, batch_size=8, shuffle=True, seed=0, drop_last=True, num_workers=2, output="jax", device=device)

def features(frames):  # (B, 1, T, H, W) -> (B, 16 times, 9 places): means of stretches and of thirds
    b, _, t, h, w = frames.shape
    frames = frames[:, 0, : t // 16 * 16, : h // 3 * 3, : w // 3 * 3]
    return frames.reshape(b, 16, t // 16, 3, h // 3, 3, w // 3).mean((2, 4, 6)).reshape(b, 16, 9)

def loss_of(weights, frames, counts):
    log_rate = features(frames) @ weights["w"] + weights["b"]
    return (jnp.exp(log_rate) - jnp.clip(counts, 0) * log_rate).mean()

@jax.jit
def step(weights, frames, counts):
    loss, gradients = jax.value_and_grad(loss_of)(weights, frames, counts)
    return loss, jax.tree.map(lambda w, g: w - 0.05 * g, weights, gradients)

neurons, first = dataset[0]["responses"].shape[-1], 0
weights = {"w": jnp.zeros((9, neurons)), "b": jnp.zeros(neurons)}
if (folder / "loader.json").exists():
    first, state = json.loads((folder / "loader.json").read_text())
    weights = {name: jnp.asarray(value) for name, value in np.load(folder / "model.npz").items()}
    loader.load_state_dict(state)
for epoch in range(first, epochs):
    losses = []
    for batch in loader:
        loss, weights = step(weights, batch["screen"], batch["responses"])
        losses.append(float(loss))
    print(f"epoch {epoch}: loss {sum(losses) / len(losses):.6f}", flush=True)
    np.savez(folder / "model.npz", **weights)
    (folder / "loader.json").write_text(json.dumps([epoch + 1, loader.state_dict()]))
