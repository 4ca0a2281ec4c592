# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""The examples, each with its engine: two processes read an epoch, and from a state of mid-epoch one reads the rest."""

import os
import shutil
import signal
import subprocess
import sys

import numpy as np
import pytest
import recordings
import torch
from conftest import EXAMPLES, MODULE, TARGET

from syncline import ChunkDataset, DataLoader

BATCH = 4
TORCHRUN = [sys.executable, "-m", "torch.distributed.run", "--standalone"]


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    return recordings.make(tmp_path_factory.mktemp("engines") / "recording")


@pytest.fixture(scope="module")
def every(recording):
    """Start times of all chunks of an epoch."""
    with DataLoader(ChunkDataset(recording), batch_size=BATCH) as loader:
        starts = [t for batch in loader for t in batch["timestamps"]["screen"][:, 0].tolist()]
    assert len(starts) == len(set(starts)) == 212
    return starts


def start(command, **variables):
    environment = {k: v for k, v in os.environ.items() if k not in ("RANK", "WORLD_SIZE")}
    environment.update(variables, OMP_NUM_THREADS="1", CUDA_VISIBLE_DEVICES="", RAY_USAGE_STATS_ENABLED="0")
    return subprocess.Popen(
        list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment, start_new_session=True
    )


def ended(*processes, timeout=600):
    """Wait for processes and return what they printed; none of them, nor what they started, outlives the test."""
    try:
        printed = [p.communicate(timeout=timeout)[0] for p in processes]
    finally:
        for p in processes:
            try:
                os.killpg(p.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
    return printed


def run(*command, fails=False):
    process = start(command)
    (printed,) = ended(process)
    assert (process.returncode != 0) == fails, printed
    return printed


def folder(parent, name):
    """Return a folder that is not there: programs make theirs."""
    return parent / "out" / name


def seen(folder, processes, steps=None, name="rank"):
    """Return the start times that each process saw, batch by batch; all must have gone as many steps."""
    files = sorted(folder.glob(f"{name}*.txt"))
    assert [f.name for f in files] == [f"{name}{i}.txt" for i in range(processes)]
    batches = [[[float(t) for t in line.split()] for line in f.read_text().splitlines()] for f in files]
    if steps is not None:
        assert all(len(b) >= steps for b in batches)
        return [b[:steps] for b in batches]
    assert len({len(b) for b in batches}) == 1, "processes that train together go the same number of steps"
    return batches


def chunks(*ranks):
    return sorted(t for batches in ranks for batch in batches for t in batch)


def is_an_epoch(found, every):
    """Two processes take 27 steps for 53 batches: all chunks, and the last process the epoch's first batch once more."""
    first, second = found
    assert len(first) == len(second) == 27
    assert second[-1] == first[0]
    assert chunks(first, second[:-1]) == every


def test_torchrun_killed_and_resumed_with_two_and_with_one(tmp_path, recording, every):
    def train(where, processes, *more, **options):
        run(*TORCHRUN, f"--nproc_per_node={processes}", EXAMPLES / "with_torchrun.py", recording, where, *more, **options)
        return torch.load(where / "model.pt")

    whole = folder(tmp_path, "whole")
    weights, _, steps = train(whole, 2)
    is_an_epoch(seen(whole, 2), every)
    assert steps == 27

    killed = folder(tmp_path, "killed")
    assert train(killed, 2, 5, fails=True)[2] == 5
    before = seen(killed, 2, steps=5)
    assert before == seen(whole, 2, steps=5)

    for processes in (2, 1):
        resumed = folder(tmp_path, f"resumed{processes}")
        resumed.mkdir()
        shutil.copy(killed / "model.pt", resumed)
        found, _, steps = train(resumed, processes)
        rest = seen(resumed, processes)
        if processes == 2:
            # as if nothing had happened, to the bit
            assert [a + b for a, b in zip(before, rest)] == seen(whole, 2)
            assert all(torch.equal(found[name], weights[name]) for name in weights)
        else:
            assert len(rest[0]) == 43 and chunks(*before, *rest) == every


def test_lightning(tmp_path, recording, every):
    def train(where, processes, *checkpoint):
        run(sys.executable, EXAMPLES / "with_lightning.py", recording, where, processes, *checkpoint)

    whole, resumed = folder(tmp_path, "whole"), folder(tmp_path, "resumed")
    train(whole, 2)
    is_an_epoch(seen(whole, 2), every)
    is_an_epoch(seen(whole, 2, name="validated"), every)
    train(resumed, 1, whole / "step=5.ckpt")
    assert chunks(*seen(whole, 2, steps=5), *seen(resumed, 1)) == every
    assert chunks(*seen(resumed, 1, name="validated")) == every


@pytest.mark.parametrize("example", ["with_accelerate.py", "with_torchdata.py"])
def test_accelerate_and_torchdata(tmp_path, recording, every, example):
    whole, resumed = folder(tmp_path, "whole"), folder(tmp_path, "resumed")
    run(*TORCHRUN, "--nproc_per_node=2", EXAMPLES / example, recording, whole)
    is_an_epoch(seen(whole, 2), every)
    run(*TORCHRUN, "--nproc_per_node=1", EXAMPLES / example, recording, resumed, whole / "state5")
    assert chunks(*seen(whole, 2, steps=5), *seen(resumed, 1)) == every


def test_grain(tmp_path, recording, every):
    def read(where, processes, *state):
        command = [sys.executable, EXAMPLES / "with_grain.py", recording, where, *state]
        begun = [start(command, RANK=str(i), WORLD_SIZE=str(processes), JAX_PLATFORMS="cpu") for i in range(processes)]
        printed = ended(*begun)
        assert not any(p.returncode for p in begun), printed

    one, two = folder(tmp_path, "one"), folder(tmp_path, "two")
    read(two, 2)
    is_an_epoch(seen(two, 2), every)
    read(one, 1, two / "state5")
    assert chunks(*seen(two, 2, steps=5), *seen(one, 1)) == every


def test_ray_train_goes_on_with_one_worker_after_one_of_two_died(tmp_path, recording, every):
    out = folder(tmp_path, "run")

    def train(workers, *die_after, fails=False):
        run(sys.executable, EXAMPLES / "with_ray_train.py", recording, out, workers, *die_after, fails=fails)

    train(2, 5, fails=True)
    read = seen(out, 2, steps=5)
    for file in out.glob("rank*.txt"):
        file.unlink()
    train(1)
    rest = seen(out, 1)
    # the last steps' checkpoints may not have been written yet
    steps = (53 - len(rest[0])) // 2
    assert 1 <= steps <= 5
    assert chunks(*(batches[:steps] for batches in read), *rest) == every


def test_ray_data(tmp_path, recording, every):
    def read(where, actors, *state):
        run(sys.executable, EXAMPLES / "with_ray_data.py", recording, where, actors, *state)
        return seen(where, 1)

    two, one = folder(tmp_path, "two"), folder(tmp_path, "one")
    whole = read(two, 2)
    assert chunks(*whole) == every
    assert chunks(*seen(two, 1, steps=5), *read(one, 1, two / "state5.npy")) == every


def test_onnx_runtime_trains_in_java_on_memory_of_the_loader(tmp_path):
    copy = "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy"
    runtime = "com.microsoft.onnxruntime:onnxruntime:1.22.0"
    run("mvn", "-q", "-B", "--no-transfer-progress", copy, f"-Dartifact={runtime}", f"-DoutputDirectory={tmp_path}")
    recordings.screen(tmp_path / "recording/screen", np.random.default_rng(1), size=(9, 12))
    counts = np.random.default_rng(2).poisson(2.0, (120, 5)).astype(np.float32)
    recordings.sequence(tmp_path / "recording/responses", counts, rate=8.0)
    home = run(MODULE.parent / "dev/find-jdk.sh").strip()
    classpath = [*(TARGET / "native" / "classpath").read_text().split(), *tmp_path.glob("onnxruntime-*.jar")]
    command = [f"{home}/bin/java", "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"]
    command += ["-cp", os.pathsep.join(map(str, classpath)), EXAMPLES / "java/TrainOnnx.java", tmp_path / "recording"]
    printed = run(*command, EXAMPLES / "java/poisson.onnx", 3).splitlines()
    losses = [float(line.split()[-1]) for line in printed if line.startswith("epoch")]
    assert len(losses) == 3 and losses[2] < losses[1] < losses[0] <= 1.0, printed
    assert printed[-1] == "no memory was copied"


def test_a_network_of_three_dimensions_goes_on_where_it_was_stopped(tmp_path):
    rng = np.random.default_rng(1)
    trials = [("video", 140, "train"), ("video", 80, "validation"), ("video", 140, "train")]
    recordings.screen(tmp_path / "recording/screen", rng, size=(9, 12), trials=trials)
    recordings.sequence(tmp_path / "recording/responses", rng.poisson(1.0, (100, 5)).astype(np.float32), rate=8.0)
    out = folder(tmp_path, "out")

    def train(epochs):
        printed = run(sys.executable, EXAMPLES / "train_cnn.py", tmp_path / "recording", out, epochs)
        return [line for line in printed.splitlines() if line.startswith("epoch")]

    whole = train(2)
    assert [line.split(":")[0] for line in whole] == ["epoch 0", "epoch 1"]
    *_, state, epoch = torch.load(out / "model.pt")
    assert epoch == 1 and state
    # from the middle of the second epoch: the same batches, the same weights, the same loss
    assert train(2) == whole[1:]
