# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Trains with Ray Train; a run that lost a worker goes on with any number from its checkpoint, which has the loader's state.

    python examples/with_ray_train.py RECORDING FOLDER WORKERS [DIE_AFTER_STEPS]

FOLDER gets what each worker saw, and Ray's run, which the same line, or one with other WORKERS, goes on with. The loader has
its worker's share by itself: `prepare_data_loader` would read a batch ahead of the state.
"""
import os, signal, sys, tempfile, torch
from pathlib import Path
import ray.train.torch
from syncline import ChunkDataset, DataLoader


def work(told):
    rank, dataset = ray.train.get_context().get_world_rank(), ChunkDataset(told["recording"])
    torch.manual_seed(0)
    loader = DataLoader(dataset, batch_size=4, shuffle=True, num_workers=1)
    model = ray.train.torch.prepare_model(torch.nn.Linear(dataset[0]["responses"].shape[-1], 1))
    if found := ray.train.get_checkpoint():
        with found.as_directory() as saved:
            loader.load_state_dict(torch.load(f"{saved}/loader.pt"))
    for step, batch in enumerate(loader, 1):
        with open(f"{told['folder']}/rank{rank}.txt", "a") as log:
            print(*batch["timestamps"]["screen"][:, 0].tolist(), file=log)
        torch.nn.functional.mse_loss(model(batch["responses"]).mean(dim=1), batch["treadmill"].mean(dim=1).float()).backward()
        with tempfile.TemporaryDirectory() as new:
            torch.save(loader.state_dict(), f"{new}/loader.pt")
            ray.train.report({"step": step}, checkpoint=ray.train.Checkpoint.from_directory(new) if rank == 0 else None)
        if step == told["die_after"] and rank == 1:
            os.kill(os.getpid(), signal.SIGKILL)


folder, workers, die_after = Path(sys.argv[2]).absolute(), int(sys.argv[3]), int(sys.argv[4]) if len(sys.argv) > 4 else None
folder.mkdir(parents=True, exist_ok=True)
ray.init(num_cpus=workers + 1, object_store_memory=80 << 20)
told = {"recording": str(Path(sys.argv[1]).absolute()), "folder": str(folder), "die_after": die_after}
scaling, kept = ray.train.ScalingConfig(num_workers=workers), ray.train.RunConfig(name="run", storage_path=str(folder))
ray.train.torch.TorchTrainer(work, train_loop_config=told, scaling_config=scaling, run_config=kept).fit()
