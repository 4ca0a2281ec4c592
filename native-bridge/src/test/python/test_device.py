# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Devices without torch: the processor, JAX's, and what is said of others."""

import numpy as np
import pytest
import recordings
from conftest import TORCH
from test_loader import flat, python, same

from syncline import DataLoader
from syncline.datasets import ChunkDataset
from syncline.errors import ArgumentError
from syncline.utils import FastSessionDataLoader, LongCycler, MultiEpochsDataLoader, SessionConcatDataset

LOADERS = (
    lambda d, **o: DataLoader(d, batch_size=3, **o),
    lambda d, **o: MultiEpochsDataLoader(d, 3, **o),
    lambda d, **o: FastSessionDataLoader(SessionConcatDataset([d]), 3, **o),
    lambda d, **o: LongCycler({"a": MultiEpochsDataLoader(d, 3, **o)}),
)


@pytest.fixture
def dataset(recording):
    return ChunkDataset(recording, modality_config=recordings.config())


def batches(loader):
    return [item[1] if isinstance(item, tuple) else item for item in loader]


@pytest.mark.parametrize("output", ["numpy", "jax"])
def test_the_processor_is_a_device(dataset, output):
    for make in LOADERS:
        expected = batches(make(dataset, output=output))
        for loader in (make(dataset, output=output, device="cpu", prefetch=5), make(dataset, output=output).to("cpu")):
            found = batches(loader)
            assert len(found) == len(expected)
            for a, b in zip(found, expected):
                same(a, b)
                assert {type(v) for _, v in flat(a)} == {type(v) for _, v in flat(b)}


def test_devices_that_arrays_cannot_be_on_are_refused(dataset):
    for make in LOADERS:
        with pytest.raises(ArgumentError, match="device is 'cuda', and NumPy's arrays lie in the processor's memory: expected 'cpu', or") as e:
            make(dataset, output="numpy", device="cuda")
        assert ("pip install torch" in str(e.value)) is not TORCH
        for wrong in ("tpu", "cuda:1", "cpu:7", "No such thing", 3):
            with pytest.raises(ArgumentError, match=f"device is '{wrong}', JAX .* has cpu:0: expected one of these"):
                make(dataset, output="jax").to(wrong)
        with pytest.raises(ValueError, match="prefetch is 1.5, expected a whole number from 0"):
            make(dataset, output="jax", device="cpu", prefetch=1.5)
    with pytest.raises(TypeError, match="unexpected keyword argument 'devices'; did you mean 'device'"):
        DataLoader(dataset, devices="cpu")


def test_another_device_of_jax(recording, tmp_path):
    other = recordings.make(tmp_path / "other", seed=5)
    np.save(other / "screen" / "meta" / "means.npy", np.array([77.5]))
    run = python(
        recording,
        f"\n        OTHER, CONFIG = {str(other)!r}, {recordings.config(responses=None)!r}"
        """
        os.environ["XLA_FLAGS"] = "--xla_force_host_platform_device_count=2"
        import gc, jax, numpy as np
        from syncline.utils import FastSessionDataLoader, LongCycler, MultiEpochsDataLoader, SessionConcatDataset
        d = dataset()

        def flat(batch):
            for key, value in batch.items():
                yield from ((f"{key}.{k}", v) for k, v in value.items()) if isinstance(value, dict) else [(key, value)]

        def bits(item):
            batch = item[1] if isinstance(item, tuple) else item
            return [(k, v.dtype, v.shape, np.asarray(v).tobytes()) for k, v in flat(batch)]

        there = jax.devices("cpu")[1]
        for make in (
            lambda **o: DataLoader(d, batch_size=3, shuffle=True, seed=2, output="jax", **o),
            lambda **o: MultiEpochsDataLoader(d, 3, output="jax", **o),
            lambda **o: FastSessionDataLoader(SessionConcatDataset([d]), 3, output="jax", **o),
            lambda **o: LongCycler({"a": MultiEpochsDataLoader(d, 3, output="jax", **o)}),
        ):
            expected = [bits(item) for item in make()]
            for device in ("cpu:1", there):
                for loader in (make(device=device), make().to(device, prefetch=0), make(device=device, prefetch=5)):
                    found = list(loader)
                    for item in found:
                        batch = item[1] if isinstance(item, tuple) else item
                        assert all(v.devices() == {there} for _, v in flat(batch)), [(k, v.devices()) for k, v in flat(batch)]
                    assert [bits(item) for item in found] == expected
        # pixels travel as bytes, and are there what the processor would have made of them
        put, travelled = jax.device_put, []
        jax.device_put = lambda value, *to: (travelled.append((value.dtype, value.ndim)), put(value, *to))[1]
        for dtype in ("float32", "bfloat16", "float16"):
            expected = [bits(b) for b in DataLoader(d, batch_size=3, output="jax", dtype={"screen": dtype})]
            for narrow in (True, False):
                travelled.clear()
                found = DataLoader(d, batch_size=3, output="jax", dtype={"screen": dtype}, device="cpu:1", narrow=narrow)
                assert [bits(b) for b in found] == expected
                assert ((np.uint8, 5) in travelled) is narrow
        # chunks of one batch, each by the statistics of its own recording
        other = ChunkDataset(OTHER, modality_config=CONFIG)
        d = ChunkDataset(root, modality_config=CONFIG)
        both = SessionConcatDataset([d, other])
        expected = [bits(b) for b in DataLoader(both, batch_size=5, shuffle=True, seed=1, output="jax")]
        travelled.clear()
        found = DataLoader(both, batch_size=5, shuffle=True, seed=1, output="jax", device="cpu:1")
        assert [bits(b) for b in found] == expected
        assert (np.uint8, 5) in travelled
        jax.device_put = put
        loader = DataLoader(d, batch_size=3, output="jax", device="cpu:1", prefetch=3)

        def slots_come_back(but):
            # JAX itself keeps what it copies from until it has
            end = time.monotonic() + 60
            while loader.statistics()["held_slots"] > but and time.monotonic() < end:
                time.sleep(0.01)
            return loader.statistics()["held_slots"] <= but

        it = iter(loader)
        kept = [next(it) for _ in range(4)]
        state = loader.state_dict()
        del it
        gc.collect()
        assert slots_come_back(0)
        rest = DataLoader(d, batch_size=3, output="jax", device="cpu:1")
        rest.load_state_dict(state)
        assert [bits(b) for b in kept + list(rest)] == [bits(b) for b in DataLoader(d, batch_size=3, output="jax")]
        # an array that a program has given away is no reason to wait
        it = iter(loader)
        for batch in it:
            for _, v in flat(batch):
                v.delete()
        assert slots_come_back(1)
        print("fine")
        """,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == ["fine"]


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
@pytest.mark.parametrize("means, stds", [(None, None), ([110.5], [60.25]), ([1.0, 2.0, 3.5], None), ([0.1, 0.2, 0.3], [3.0, 7.0, 0.3])])
def test_a_table_of_bytes_is_what_jax_looks_up(dtype, means, stds):
    import jax
    import ml_dtypes
    import numpy as np

    from syncline._device import Widening, _looked_up, _table_of

    pixels = np.random.default_rng(3).integers(0, 256, (2, 3, 4, 5, 6), dtype=np.uint8)
    expected = pixels.astype(np.float32)
    if means is not None:
        expected = expected - np.asarray(means, np.float32).reshape(-1, 1, 1, 1)
    if stds is not None:
        expected = expected / np.asarray(stds, np.float32).reshape(-1, 1, 1, 1)
    expected = expected.astype(ml_dtypes.bfloat16 if dtype == "bfloat16" else dtype)
    found = np.asarray(_looked_up()(jax.device_put(_table_of(Widening(means, stds, dtype))), jax.device_put(pixels)))
    assert found.dtype == expected.dtype and found.tobytes() == expected.tobytes()
