# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Pinned memory with a GPU; conftest collects this file only where there is one."""

import pytest
import recordings
import torch

from syncline import DataLoader
from syncline.datasets import ChunkDataset


@pytest.mark.parametrize("dtype", [None, torch.bfloat16])
def test_pinned_batches_go_to_the_gpu_asynchronously(recording, dtype):
    dataset = ChunkDataset(recording, modality_config=recordings.config())
    with DataLoader(dataset, batch_size=4, num_workers=2, pin_memory=True, dtype=dtype) as loader:
        for _ in range(3):
            moved = []
            for batch in loader:
                for name in dataset.device_names:
                    assert batch[name].is_pinned(), name
                moved.append({n: batch[n].to("cuda", non_blocking=True) for n in dataset.device_names})
            torch.cuda.synchronize()
            for b, found in enumerate(moved):
                expected = dataset.read_batch(range(4 * b, min(len(dataset), 4 * b + 4)))
                for name, values in found.items():
                    wanted = expected[name] if dtype is None else expected[name].to(dtype)
                    assert torch.equal(values.cpu(), wanted), (b, name)


@pytest.mark.parametrize("dtype", [None, torch.bfloat16])
@pytest.mark.parametrize("narrow", [True, False])
def test_batches_arrive_with_the_processors_bits(recording, dtype, narrow):
    dataset = ChunkDataset(recording, modality_config=recordings.config())
    expected = [dict(b) for b in DataLoader(dataset, batch_size=4, dtype=dtype)]
    loader = DataLoader(dataset, batch_size=4, dtype=dtype, num_workers=2).to("cuda", prefetch=3, narrow=narrow)
    streams = [torch.cuda.default_stream(), torch.cuda.Stream()]
    for epoch in range(4):
        with torch.cuda.stream(streams[epoch % 2]):
            # work that keeps the stream busy: batches are used late
            busy = torch.ones(2000, 2000, device="cuda")
            found = []
            for batch in loader:
                busy = busy @ busy * 1e-4
                found.append({name: batch[name] * 1 for name in dataset.device_names})
            torch.cuda.synchronize()
        for a, b in zip(found, expected, strict=True):
            for name, values in a.items():
                assert torch.equal(values.cpu().view(torch.uint8), b[name].view(torch.uint8)), name
    del batch, found
    assert loader.statistics()["held_slots"] == 0
