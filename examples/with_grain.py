# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Reads with grain in several processes; a state that Orbax saved in mid-epoch goes on with any number of them.

    RANK=0 WORLD_SIZE=2 python examples/with_grain.py RECORDING FOLDER [STATE]    # and RANK=1 beside it
FOLDER gets what each process saw, and Orbax's checkpoint every 5 batches, one for all."""
import grain, orbax.checkpoint, os, sys
from pathlib import Path
from syncline import ChunkDataset, DataLoader

class Pass(grain.DatasetIterator):
    batches = None
    def __next__(self):
        self.batches = self.batches or iter(loader)
        return next(self.batches)

    def get_state(self):
        return loader.state_dict()

    def set_state(self, state):
        loader.load_state_dict(state)
        self.batches = None


class Batches(grain.IterDataset):
    def __iter__(self):
        return Pass()


folder, rank = Path(sys.argv[2]).absolute(), os.environ["RANK"]
folder.mkdir(parents=True, exist_ok=True)
loader = DataLoader(ChunkDataset(sys.argv[1]), batch_size=4, shuffle=True, seed=0, num_workers=1, output="numpy")
batches, saver = iter(Batches()), orbax.checkpoint.Checkpointer(grain.checkpoint.CheckpointHandler())
for state in sys.argv[3:]:
    saver.restore(Path(state).absolute(), args=grain.checkpoint.CheckpointRestore(batches))
for step, batch in enumerate(batches, 1):
    with open(folder / f"rank{rank}.txt", "a") as log:
        print(*batch["timestamps"]["screen"][:, 0].tolist(), file=log)
    if rank == "0" and step % 5 == 0:
        saver.save(folder / f"state{step}", args=grain.checkpoint.CheckpointSave(batches))
