# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Checksums of recordings: what is written has them, and a switch compares what is opened."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import recordings
import syncline

FILES = Path(__file__).parents[4] / "nwb/src/test/resources/org/syncline/nwb"


def listed(recording: Path) -> dict:
    """The list of a recording, which has no names that are escaped."""
    lines = (recording / "SHA256SUMS").read_text().splitlines()
    return {line[66:]: line[:64] for line in lines}


def computed(recording: Path) -> dict:
    files = [f for f in recording.rglob("*") if f.is_file() and f.name != "SHA256SUMS"]
    return {str(f.relative_to(recording)): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


def write_list(recording: Path) -> None:
    lines = [f"{digest}  {name}\n" for name, digest in sorted(computed(recording).items())]
    (recording / "SHA256SUMS").write_text("".join(lines))


def test_what_is_written_and_imported_has_its_list(tmp_path):
    recording = tmp_path / "written"
    values = np.random.default_rng(0).normal(size=(100, 3)).astype("f4")
    syncline.write(recording, {"responses": {"values": values, "rate": 10}})
    assert {"meta.json", "responses/meta.yml", "responses/data.mem"} <= set(listed(recording))
    assert listed(recording) == computed(recording)
    report = syncline.import_nwb(FILES / "session.nwb", tmp_path, only=["lfp"])
    imported = Path(report["recording"])
    assert "lfp/data.mem" in listed(imported)
    assert listed(imported) == computed(imported)


OPENED = """
import sys
sys.path[:0] = {path!r}
import syncline
from syncline.datasets import ChunkDataset
from syncline.experiment import Experiment
from syncline.interpolators import Interpolator, SequenceInterpolator

root = {root!r}
config = {config!r}

def stored():
    device = SequenceInterpolator.__new__(SequenceInterpolator)
    device.root_folder, device.cache_data = root + "/treadmill", False
    return device._data

ways = {{
    "dataset": lambda: ChunkDataset(root, modality_config=config),
    "experiment": lambda: Experiment(root, {{"treadmill": {{}}}}),
    "config": lambda: syncline.config_for(root),
    "interpolator": lambda: Interpolator.create(root + "/treadmill"),
    "class": lambda: SequenceInterpolator(root + "/treadmill"),
    "stored": stored,
}}
for name, read in ways.items():
    try:
        read()
        print(name, "read")
    except (syncline.errors.RecordingError, syncline.errors.ConfigError) as e:
        print(name, str(e))
"""


@pytest.mark.parametrize("switch", ["", "off", "verify", "yes"])
@pytest.mark.parametrize("state", ["sound", "changed", "none"])
def test_the_switch_compares_whatever_opens(tmp_path: Path, switch: str, state: str) -> None:
    root = tmp_path / "recording"
    rng = np.random.default_rng(1)
    for device in ("treadmill", "responses"):
        recordings.sequence(root / device, rng.normal(size=(100, 3)), mapped=True)
    write_list(root)
    if state == "changed":
        data = root / "responses/data.mem"
        data.write_bytes(data.read_bytes()[8:] + data.read_bytes()[:8])
    elif state == "none":
        (root / "SHA256SUMS").unlink()
    config = {name: {"sampling_rate": 10, "chunk_size": 10} for name in ("responses", "treadmill")}
    code = OPENED.format(path=[p for p in sys.path if p], root=str(root), config=config)
    environment = {**os.environ, "SYNCLINE_CHECKSUMS": switch}
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=100)
    assert result.returncode == 0, result.stderr
    lines = dict(line.split(" ", 1) for line in result.stdout.splitlines())
    assert list(lines) == ["dataset", "experiment", "config", "interpolator", "class", "stored"]
    for line in lines.values():
        if switch == "yes":
            assert "SYNCLINE_CHECKSUMS: found 'yes', expected off or verify" in line
        elif switch != "verify" or state == "sound":
            assert line == "read"
        elif state == "none":
            assert line.startswith(f"{root}/SHA256SUMS: found no such file, expected a list of checksums")
        else:
            assert line.startswith(f"{root}/SHA256SUMS: found a file that changed since the list was made: responses/data.mem")
            assert "SYNCLINE_CHECKSUMS=verify is set" in line
