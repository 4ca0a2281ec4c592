# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""What type checkers make of the package: programs that are right, and such as are not."""

import inspect
import os
import re
import subprocess
import typing

from conftest import PACKAGE

import run_tests
from syncline import DataLoader
from syncline._facts import LOADER_OPTIONS, LoaderOptions

# as much of torch as the package names
STUBS = {
    "torch/__init__.pyi": "class Tensor: ...",
    "torch/utils/__init__.pyi": "",
    "torch/utils/data.pyi": """
from typing import Generic, TypeVar
T_co = TypeVar("T_co", covariant=True)
class Dataset(Generic[T_co]):
    def __getitem__(self, index: int) -> T_co: ...
class Sampler(Generic[T_co]): ...
""",
}

PROGRAM = """
from typing import Any

from torch.utils.data import Dataset

import syncline
from syncline import ChunkDataset, DataLoader


def length(dataset: Dataset[dict[str, Any]]) -> int:
    return len(dataset[0])


dataset = ChunkDataset("recording", output="numpy")
print(length(dataset), dataset[0]["screen"], dataset.trials["start"])
loader = DataLoader(dataset, batch_size=16, shuffle=True, remainder="drop", out_keys=["screen"], on_error="skip")
for batch in loader:
    shape: tuple[int, ...] = batch["screen"].shape
loader.load_state_dict(loader.state_dict())
experiment = syncline.Experiment("recording")
number: int = dataset[0]  # wrong: Incompatible types in assignment
DataLoader(dataset, remainder="dropped")  # wrong: expected "Literal['pad', 'drop', 'uneven']"
DataLoader(dataset, max_batch=3)  # wrong: did you mean "max_batches"?
DataLoader(dataset, nice="5")  # wrong: expected "int"
length(loader)  # wrong: expected "Dataset[dict[str, Any]]"
"""


def test_every_keyword_of_the_loader_has_a_type():
    listed = set(inspect.signature(DataLoader).parameters) - {"dataset", "options"}
    typed = set(typing.get_type_hints(LoaderOptions))
    assert not listed & typed
    assert listed | typed == set(LOADER_OPTIONS)


def test_mypy_accepts_programs_in_strict_mode_and_finds_what_is_wrong(tmp_path):
    for name, text in STUBS.items():
        (tmp_path / "stubs" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "stubs" / name).write_text(text)
    (tmp_path / "program.py").write_text(PROGRAM)
    command = [run_tests.made("types"), "-m", "mypy", "--strict", "--no-error-summary", "--follow-imports=silent", "program.py"]
    path = os.pathsep.join([str(tmp_path / "stubs"), str(PACKAGE)])
    run = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env={**os.environ, "MYPYPATH": path})
    found = dict(re.findall(r"^program\.py:(\d+): error: (.*)$", run.stdout, re.M))
    wrong = {str(i): line.split("# wrong: ")[1] for i, line in enumerate(PROGRAM.splitlines(), 1) if "# wrong: " in line}
    assert found.keys() == wrong.keys(), run.stdout + run.stderr
    assert all(words in found[line] for line, words in wrong.items()), found
