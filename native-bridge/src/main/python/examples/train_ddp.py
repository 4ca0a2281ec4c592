# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Trains a tiny model on several processes, each with its share of every epoch, and goes on after a crash.

    torchrun --nproc_per_node=2 train_ddp.py RECORDING --checkpoint model.pt
    # killed? The same line goes on with the very next batch. So does another number of processes:
    torchrun --nproc_per_node=1 train_ddp.py RECORDING --checkpoint model.pt

The checkpoint holds one loader state for all ranks: it says how far they are together, so that any number of processes
shares what is left.
"""

import argparse
import json
import os
import signal
from pathlib import Path

import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel

from syncline import ChunkDataset, DataLoader


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("recording")
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--config", help="JSON: keyword arguments of ChunkDataset")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--batch-size", type=int, default=4)
    parser.add_argument("--trace", type=Path, help="a folder: one line a step and rank")
    parser.add_argument("--die-after", type=int, help="kills itself after so many steps, as a machine may")
    return parser.parse_args()


def save(path, **content):
    """Either the old checkpoint or the new one is there, whenever the process dies."""
    new = path.with_suffix(".new")
    torch.save(content, new)
    os.replace(new, path)


def main():
    args = arguments()
    dist.init_process_group("gloo")
    rank, world = dist.get_rank(), dist.get_world_size()  # the loader asks by itself
    torch.manual_seed(0)

    dataset = ChunkDataset(args.recording, **(json.loads(args.config) if args.config else {}))
    loader = DataLoader(
        dataset,
        batch_size=args.batch_size,
        shuffle=True,
        seed=0,
        num_workers=1,
        drop_last=True,
        remainder="drop",  # ranks take the same number of steps
    )
    neurons = dataset[0]["responses"].shape[-1]
    model = DistributedDataParallel(torch.nn.Linear(neurons, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
    epoch = step = 0
    if args.checkpoint.exists():
        found = torch.load(args.checkpoint, weights_only=False)
        model.module.load_state_dict(found["model"])
        optimizer.load_state_dict(found["optimizer"])
        loader.load_state_dict(found["loader"])
        epoch, step = found["epoch"], found["step"]

    while epoch < args.epochs:
        for batch in loader:
            predicted = model(batch["responses"]).mean(dim=1)
            wanted = batch["treadmill"].mean(dim=1).float()
            loss = torch.nn.functional.mse_loss(predicted, wanted)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            if args.trace:
                line = {"step": step, "epoch": epoch, "world": world, "loss": loss.item()}
                line["first"] = batch["timestamps"]["screen"][:, 0].tolist()
                with open(args.trace / f"rank{rank}.jsonl", "a") as log:
                    log.write(json.dumps(line) + "\n")
            step += 1
            if rank == 0:
                save(
                    args.checkpoint,
                    model=model.module.state_dict(),
                    optimizer=optimizer.state_dict(),
                    loader=loader.state_dict(),
                    epoch=epoch,
                    step=step,
                )
            if step == args.die_after and rank == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        epoch += 1
    if rank == 0:
        print(f"trained {step} steps, weight {model.module.weight.sum().item():.9f}")
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
