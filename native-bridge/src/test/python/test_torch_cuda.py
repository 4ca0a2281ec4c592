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
