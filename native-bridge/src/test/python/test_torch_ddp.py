# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""The example with torchrun: two processes, killed, resumed with two and with one."""

import json
import os
import shutil
import subprocess
import sys

import recordings
import torch
from conftest import PACKAGE

EXAMPLE = PACKAGE / "examples" / "train_ddp.py"


def run(folder, recording, processes, **options):
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", f"--nproc_per_node={processes}", EXAMPLE]
    command += [recording, "--checkpoint", folder / "model.pt", "--trace", folder]
    command += ["--config", json.dumps({"modality_config": recordings.config()})]
    for name, value in options.items():
        command += [f"--{name.replace('_', '-')}", str(value)]
    env = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=600, env=env)


def lines(folder, below=10**9, at_least=0):
    found = []
    for file in sorted(folder.glob("rank*.jsonl")):
        for line in map(json.loads, file.read_text().splitlines()):
            if at_least <= line["step"] < below:
                found.append(line)
    return found


def chunks(found):
    return sorted(t for line in found for t in line["first"])


def test_killed_and_resumed_with_two_and_with_one(tmp_path, recording):
    whole = run(tmp_path / "whole", recording, 2)
    assert whole.returncode == 0, whole.stderr
    every = chunks(lines(tmp_path / "whole"))
    assert len(every) == len(set(every)) == 144  # 36 batches of 4 of 146 chunks

    killed = run(tmp_path / "killed", recording, 2, die_after=5)
    assert killed.returncode != 0 and "trained" not in killed.stdout
    state = torch.load(tmp_path / "killed" / "model.pt", weights_only=False)
    assert state["step"] == 5 and state["loader"]["loader"]["position"] == 10
    before = lines(tmp_path / "killed", below=5)
    assert len(before) == 10

    for processes in (2, 1):
        folder = tmp_path / f"resumed{processes}"
        folder.mkdir()
        shutil.copy(tmp_path / "killed" / "model.pt", folder / "model.pt")
        resumed = run(folder, recording, processes)
        assert resumed.returncode == 0, resumed.stderr
        after = lines(folder)
        assert {line["world"] for line in after} == {processes}
        assert len(after) == 26
        # every chunk once, whoever read it
        assert chunks(before + after) == every
        if processes == 2:
            # as if nothing had happened, to the bit
            assert resumed.stdout == whole.stdout
            assert after == lines(tmp_path / "whole", at_least=5)
