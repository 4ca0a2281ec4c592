# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Trains and validates with Lightning in several processes; a checkpoint made in mid-epoch goes on with any number of them.

    python examples/with_lightning.py RECORDING FOLDER PROCESSES [CHECKPOINT]

FOLDER gets a checkpoint every 5 steps and what each process trained on and validated with."""
import sys, lightning, torch
from pathlib import Path
from lightning.pytorch.callbacks import ModelCheckpoint
from syncline import ChunkDataset, DataLoader


class Model(lightning.LightningModule):
    def __init__(self, neurons):
        super().__init__()
        self.net = torch.nn.Linear(neurons, 1)

    def training_step(self, batch, number, name="rank"):
        with open(folder / f"{name}{self.global_rank}.txt", "a") as log:
            print(*batch["timestamps"]["screen"][:, 0].tolist(), file=log)
        return torch.nn.functional.mse_loss(self.net(batch["responses"]).mean(dim=1), batch["treadmill"].mean(dim=1).float())

    def validation_step(self, batch, number):
        self.log("validated", self.training_step(batch, number, "validated"), batch_size=len(batch["responses"]), sync_dist=True)

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=1e-3)


recording, folder, processes, checkpoint = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4] if len(sys.argv) > 4 else None
folder.mkdir(parents=True, exist_ok=True)
dataset = ChunkDataset(recording)
loaders = [DataLoader(dataset, batch_size=4, shuffle=shuffle, seed=0, num_workers=1) for shuffle in (True, False)]
every = ModelCheckpoint(folder, "{step}", every_n_train_steps=5, save_top_k=-1)
told = dict(accelerator="cpu", strategy="ddp", devices=processes, max_epochs=1, callbacks=[every])
trainer = lightning.Trainer(**told, num_sanity_val_steps=0, logger=False, enable_progress_bar=False)
model = Model(dataset[0]["responses"].shape[-1])
trainer.fit(model, loaders[0], ckpt_path=checkpoint)
trainer.validate(model, loaders[1])
