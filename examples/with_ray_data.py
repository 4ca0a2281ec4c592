# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Reads with Ray Data: each actor has a Java runtime of its own and makes the chunks whose indices come to it.

    python examples/with_ray_data.py RECORDING FOLDER ACTORS [STATE]

FOLDER gets what was read, and every 5 batches a state: the indices that are left, for any number of actors."""
import numpy, os, ray, sys
from pathlib import Path


class Chunks:
    def __init__(self, recording):
        from syncline import ChunkDataset
        self.dataset = ChunkDataset(recording)

    def __call__(self, batch):
        items = [self.dataset[i] for i in batch["data"].tolist()]
        return {
            "start": numpy.array([float(item["timestamps"]["screen"][0]) for item in items]),
            "responses": numpy.stack([numpy.asarray(item["responses"]) for item in items]),
            "actor": numpy.full(len(items), os.getpid()),
        }


recording, folder, actors = str(Path(sys.argv[1]).absolute()), Path(sys.argv[2]), int(sys.argv[3])
folder.mkdir(parents=True, exist_ok=True)
ray.init(num_cpus=actors + 1, object_store_memory=80 << 20)
ray.data.DataContext.get_current().execution_options.preserve_order = True
if sys.argv[4:]:
    left = numpy.load(sys.argv[4])
else:
    left = numpy.random.default_rng(0).permutation(len(Chunks(recording).dataset))
indices = ray.data.from_numpy(numpy.array_split(left, 2 * actors))
chunks = indices.map_batches(Chunks, fn_constructor_args=(recording,), batch_size=4, concurrency=actors)
for step, batch in enumerate(chunks.iter_batches(batch_size=4), 1):
    with open(folder / "rank0.txt", "a") as log:
        print(*batch["start"].tolist(), file=log)
    if step % 5 == 0:
        numpy.save(folder / f"state{step}.npy", left[4 * step :])
