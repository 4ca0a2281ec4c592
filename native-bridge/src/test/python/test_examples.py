# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""The examples that need no engine of their own: test_engines.py runs the others."""

import shutil
import subprocess
import sys

import numpy as np
import recordings
from conftest import EXAMPLES


def test_jax_learns_and_goes_on_where_it_was_stopped(tmp_path):
    recordings.screen(tmp_path / "recording/screen", np.random.default_rng(1), size=(9, 12))
    counts = np.random.default_rng(2).poisson(2.0, (120, 5)).astype(np.float32)
    recordings.sequence(tmp_path / "recording/responses", counts, rate=8.0)

    def train(folder, epochs):
        command = [sys.executable, EXAMPLES / "train_jax.py", tmp_path / "recording", folder, str(epochs)]
        run = subprocess.run(command, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
        return run.stdout.splitlines()

    whole = train(tmp_path / "whole", 3)
    losses = [float(line.split()[-1]) for line in whole]
    assert len(losses) == 3 and losses[2] < losses[1] < losses[0] <= 1.0
    begun = train(tmp_path / "stopped", 1)
    shutil.copytree(tmp_path / "stopped", tmp_path / "resumed")
    assert begun + train(tmp_path / "resumed", 3) == whole


def test_programs_of_engines_are_short():
    lengths = {path.name: len(path.read_text().splitlines()) for path in EXAMPLES.glob("with_*.py")}
    assert len(lengths) >= 7 and max(lengths.values()) <= 40, lengths
