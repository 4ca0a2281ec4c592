# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""The modality of docs/extending/events, which the library has never heard of, read from Python."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import recordings
from conftest import MODULE

TARGET = Path(os.environ.get("SYNCLINE_TEST_TARGET", MODULE / "target"))
SOURCES = MODULE.parent / "docs" / "extending" / "events" / "src" / "main"
LICKS = [3.0, 4.5, 10.0, 11.0, 30.0, 58.0]
REWARDS = [5.0, 25.0, 45.0]


@pytest.fixture(scope="module")
def extension(tmp_path_factory):
    """A folder of the example's classes, compiled against the library's jars."""
    finder = subprocess.run([MODULE.parent / "dev" / "find-jdk.sh"], check=True, capture_output=True, text=True)
    classes = tmp_path_factory.mktemp("events")
    classpath = os.pathsep.join((TARGET / "native" / "classpath").read_text().split())
    command = [Path(finder.stdout.strip()) / "bin" / "javac", "-cp", classpath, "-d", classes]
    subprocess.run([*command, *sorted((SOURCES / "java").rglob("*.java"))], check=True)
    services = classes / "META-INF" / "services"
    services.mkdir(parents=True)
    for file in (SOURCES / "resources" / "META-INF" / "services").iterdir():
        (services / file.name).write_bytes(file.read_bytes())
    return classes


@pytest.fixture
def marked(tmp_path):
    root = tmp_path / "marked"
    recordings.sequence(root / "responses", np.random.default_rng(1).standard_normal((600, 2)))
    events = root / "behaviour"
    events.mkdir()
    meta = {"modality": "events", "start_time": 2, "end_time": 55, "marks": {"lick": "l.npy", "reward": "r.npy"}}
    (events / "meta.yml").write_text(json.dumps(meta))
    np.save(events / "l.npy", LICKS)
    np.save(events / "r.npy", REWARDS)
    return root


PROGRAM = """
import sys, json
import numpy as np
from syncline.experiment import Experiment
from syncline import ChunkDataset, DataLoader

root = sys.argv[1]
modalities = {
    "responses": {"sampling_rate": 10, "chunk_size": 20},
    "behaviour": {"sampling_rate": 5, "chunk_size": 10, "nans": "zero", "columns": [1],
                  "transforms": {"normalization": {"means": 2, "stds": 4}}},
}
values, valid = Experiment(root, {"behaviour": {}}).interpolate(
    np.array([1.0, 4.0, 20.0, 60.0]), device="behaviour", return_valid=True)
dataset = ChunkDataset(root, modality_config=modalities)
item = dataset[300]
loader = DataLoader(dataset, batch_size=8, shuffle=True, seed=1)
batches = [np.asarray(b["behaviour"]).copy() for b in loader]
passed = iter(loader)
for _ in range(3):
    next(passed)
state = loader.state_dict()
other = DataLoader(dataset, batch_size=8, shuffle=True, seed=1)
other.load_state_dict(state)
rest = [np.asarray(b["behaviour"]).copy() for b in other]
ahead = [np.asarray(b["behaviour"]).copy() for b in passed]
print(json.dumps({
    "values": np.asarray(values).tolist(), "valid": np.asarray(valid).tolist(), "range": [dataset.start_time, dataset.end_time],
    "item": np.asarray(item["behaviour"]).ravel().tolist(), "chunks": sum(map(len, batches)), "length": len(dataset),
    "resumed": len(rest) == len(ahead) > 0 and all(np.array_equal(a, b) for a, b in zip(rest, ahead)),
}))
"""


def run(program, root, extension):
    return subprocess.run(
        [sys.executable, "-c", program, str(root)],
        capture_output=True,
        text=True,
        timeout=600,
        env={**os.environ, "SYNCLINE_EXTENSIONS": str(extension)},
    )


def test_marks_are_read_with_statistics_policy_and_state(extension, marked):
    result = run(PROGRAM, marked, extension)
    assert result.returncode == 0, result.stderr
    found = json.loads(result.stdout)
    assert found["valid"] == [1, 2]
    values = np.array(found["values"])
    assert values[0, 0] == 1 and np.isnan(values[0, 1])
    assert values[1].tolist() == [9, 15]
    assert found["range"] == [2.5, 54.5]
    start = 2.5 + 300 * 0.1
    times = np.round(start + np.arange(10) / 5, 5)
    expected = [(t - max(r for r in REWARDS if r <= t) - 2) / 4 for t in times]
    np.testing.assert_allclose(found["item"], expected, rtol=0, atol=1e-9)
    assert found["chunks"] == found["length"]
    assert found["resumed"]


def test_without_the_jar_the_error_lists_the_modalities_there_are(marked):
    result = subprocess.run(
        [sys.executable, "-c", "import sys, syncline; syncline.ChunkDataset(sys.argv[1], modality_config="
         "{'behaviour': {'sampling_rate': 5, 'chunk_size': 10}})", str(marked)],
        capture_output=True, text=True, timeout=600,
    )
    assert result.returncode != 0
    assert "events" in result.stderr and "sequence" in result.stderr and "time_interval" in result.stderr


def test_a_missing_jar_is_an_error_that_names_it(marked, tmp_path):
    result = run("import sys, syncline; syncline.ChunkDataset(sys.argv[1])", marked, tmp_path / "none.jar")
    assert result.returncode != 0
    assert "SYNCLINE_EXTENSIONS" in result.stderr and "none.jar" in result.stderr


def test_a_folder_of_nothing_is_an_error_and_one_without_a_provider_a_warning(extension, recording, tmp_path):
    program = "import sys, syncline; syncline.ChunkDataset(sys.argv[1], modality_config={'treadmill': {'sampling_rate': 30, 'chunk_size': 2}})"
    (tmp_path / "empty" / "deeper").mkdir(parents=True)
    result = run(program, recording, tmp_path / "empty")
    assert result.returncode != 0 and "in which there is neither a jar nor a class" in result.stderr, result.stderr
    useless = tmp_path / "useless"
    shutil.copytree(extension, useless)
    shutil.rmtree(useless / "META-INF")
    result = run(program, recording, useless)
    assert result.returncode == 0, result.stderr
    assert f"SYNCLINE_EXTENSIONS is {useless}, in which there is no provider of org.syncline.RegistryProvider" in result.stderr, result.stderr
    assert "no provider" not in run(program, recording, extension).stderr


def test_a_useless_jar_beside_a_useful_one_is_said_and_what_it_needs_is_not(extension, recording, tmp_path):
    """Useless are a provider that nobody is told of and a jar of nothing or sources; any other may be what the useful one needs."""
    program = "import sys, syncline; syncline.ChunkDataset(sys.argv[1], modality_config={'treadmill': {'sampling_rate': 30, 'chunk_size': 2}})"
    jars = tmp_path / "jars"
    jars.mkdir()

    def jar(name, keeps):
        with zipfile.ZipFile(jars / name, "w") as made:
            for file in extension.rglob("*"):
                entry = file.relative_to(extension)
                if file.is_file() and keeps(entry):
                    made.write(file, entry)
            made.writestr("README", "")

    jar("useful.jar", lambda entry: True)
    jar("untold.jar", lambda entry: "META-INF" not in entry.parts and entry.name != "module-info.class")
    jar("sources.jar", lambda entry: False)
    with zipfile.ZipFile(jars / "natives.jar", "w") as natives:
        natives.writestr("linux/libneeded.so", "")
    jar("needed.jar", lambda entry: entry.suffix == ".class" and b"org/syncline/RegistryProvider" not in (extension / entry).read_bytes())
    for given in (f"{jars}", ":".join(f"{jars}/{name}.jar" for name in ("useful", "untold", "sources", "natives", "needed"))):
        said = run(program, recording, given).stderr
        assert f"{jars}/untold.jar, in which " in said and "speaks of org.syncline.RegistryProvider and no provider is named" in said, said
        assert f"{jars}/sources.jar, in which there is no class" in said, said
        assert "needed.jar" not in said and "useful.jar" not in said and "natives.jar" not in said, said
    unpacked = tmp_path / "unpacked"
    shutil.copytree(extension, unpacked)
    shutil.rmtree(unpacked / "META-INF")
    assert f"{unpacked}, in which " in run(program, recording, f"{jars / 'useful.jar'}:{unpacked}").stderr


def test_jars_that_end_too_early_and_providers_that_fail_are_named(extension, recording, tmp_path):
    """The JVM passes over a jar that it cannot read without a word."""
    program = "import sys, syncline; syncline.ChunkDataset(sys.argv[1], modality_config={'treadmill': {'sampling_rate': 30, 'chunk_size': 2}})"
    jars = tmp_path / "jars"
    jars.mkdir()
    shutil.make_archive(str(jars / "useful"), "zip", extension)
    (jars / "useful.zip").rename(jars / "useful.jar")
    whole = (jars / "useful.jar").read_bytes()
    assert run(program, recording, jars).returncode == 0
    for name, content in (("half", whole[: len(whole) // 2]), ("empty", b""), ("text", b"no jar\n")):
        broken = jars / f"{name}.jar"
        broken.write_bytes(content)
        for given in (f"{jars / 'useful.jar'}:{broken}", jars):
            result = run(program, recording, given)
            assert result.returncode != 0 and f"SYNCLINE_EXTENSIONS names {broken}, which is no jar" in result.stderr, result.stderr
        broken.unlink()
    unknown = tmp_path / "unknown.jar"
    with zipfile.ZipFile(unknown, "w") as made:
        made.writestr("META-INF/services/org.syncline.RegistryProvider", "no.Such\n")
    said = run(program, recording, unknown).stderr
    assert "Provider no.Such not found" in said and "correct its META-INF/services" in said, said
    assert "\tat org.syncline" not in said, said


def test_a_fifo_in_the_place_of_a_jar_is_no_jar(marked, tmp_path):
    os.mkfifo(tmp_path / "fifo.jar")
    for given in (tmp_path, tmp_path / "fifo.jar"):
        result = run("import sys, syncline; syncline.ChunkDataset(sys.argv[1])", marked, given)
        assert result.returncode != 0 and f"SYNCLINE_EXTENSIONS names {tmp_path / 'fifo.jar'}, which is no jar" in result.stderr


def test_an_entry_too_long_for_a_path_is_an_error_that_names_it(marked):
    result = run("import sys, syncline; syncline.ChunkDataset(sys.argv[1])", marked, "/far" + "a" * 5000)
    assert result.returncode != 0
    assert "SYNCLINE_EXTENSIONS names /faraaa" in result.stderr and "a path of 5004 bytes" in result.stderr


def test_a_folder_of_jars_may_have_any_name_and_empty_entries_are_none(extension, marked, tmp_path):
    folder = tmp_path / "jars [new]*"
    folder.mkdir()
    with zipfile.ZipFile(folder / "events.jar", "w") as jar:
        for file in extension.rglob("*"):
            jar.write(file, file.relative_to(extension))
    program = (
        "import sys, syncline; syncline.ChunkDataset(sys.argv[1], modality_config="
        "{'behaviour': {'sampling_rate': 5, 'chunk_size': 10}})"
    )
    result = run(program, marked, f"::{folder}:")
    assert result.returncode == 0, result.stderr
