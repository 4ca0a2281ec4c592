# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""What type checkers make of the package: programs that are right, and such as are not."""

import inspect
import json
import os
import re
import shutil
import subprocess
import typing

import pytest
from conftest import EXAMPLES, PACKAGE

import run_tests
from syncline import ChunkDataset, DataLoader
from syncline._facts import LOADER_OPTIONS
from syncline._hints import Unpack
from syncline.types import DatasetOptions, LoaderOptions

# as much of torch as the package names
STUBS = {
    "torch/__init__.pyi": "class Tensor:\n    shape: tuple[int, ...]",
    "torch/utils/__init__.pyi": "",
    "torch/utils/data.pyi": """
from typing import Generic, TypeVar
T_co = TypeVar("T_co", covariant=True)
class Dataset(Generic[T_co]):
    def __getitem__(self, index: int) -> T_co: ...
class Subset(Dataset[T_co]):
    def __init__(self, dataset: Dataset[T_co], indices: list[int]) -> None: ...
class Sampler(Generic[T_co]): ...
""",
}

PROGRAM = """
from typing import Any, TypedDict

from torch import Tensor
from torch.utils.data import Dataset, Subset

import syncline
from syncline import ChunkDataset, DataLoader
from syncline.types import DatasetConfig, ModalityConfig


class Entries(TypedDict):
    screen: Tensor
    responses: Tensor
    timestamps: dict[str, Tensor]


def length(dataset: Dataset[dict[str, Any]]) -> int:
    return len(dataset[0])


dataset = ChunkDataset("recording", output="numpy")
print(length(dataset), dataset[0]["screen"], dataset.trials["start"], dataset.explain()["chunks"] + 1)
loader = DataLoader(dataset, batch_size=16, shuffle=True, remainder="drop", out_keys=["screen"], on_error="skip")
for batch in loader:
    shape: tuple[int, ...] = batch["screen"].shape
loader.load_state_dict(loader.state_dict())
experiment = syncline.Experiment("recording")
screen: ModalityConfig = {"sampling_rate": 30, "chunk_size": 60, "interpolation": {"interpolation_mode": "linear"}}
config: DatasetConfig = {"time_grid": "exact", "modality_config": {"screen": screen}}
inferred = {"screen": {"sampling_rate": 30, "chunk_size": 60}}
ChunkDataset.from_config("recording", config, within_trial=True, modality_config=inferred, output="numpy")
typed: ChunkDataset[Entries] = ChunkDataset("recording")
frames: Tensor = typed[0]["screen"]
for entries in DataLoader(Subset(typed, [0, 1]), batch_size=4):
    print(entries["responses"].shape, entries["timestamps"]["screen"])
    print(entries["treadmill"])  # wrong: TypedDict "Entries" has no key "treadmill"
with ChunkDataset[Entries].from_config("recording", config) as opened:
    print(opened[0]["responses"].shape)
number: int = dataset[0]  # wrong: Incompatible types in assignment
DataLoader(dataset, remainder="dropped")  # wrong: expected "Literal['pad', 'drop', 'uneven']"
DataLoader(dataset, max_batch=3)  # wrong: did you mean "max_batches"?
DataLoader(dataset, nice="5")  # wrong: expected "int"
length(loader)  # wrong: expected "Dataset[dict[str, Any]]"
mistyped: ModalityConfig = {"sampling_rte": 30}  # wrong: Extra key "sampling_rte" for TypedDict "ModalityConfig"
ChunkDataset.from_config("recording", short_chunks="skipped")  # wrong: expected "Literal['error', 'skip', 'pad']"
"""


def test_every_keyword_of_the_loader_has_a_type():
    listed = set(inspect.signature(DataLoader).parameters) - {"dataset", "options"}
    typed = set(typing.get_type_hints(LoaderOptions))
    assert not listed & typed
    assert listed | typed == set(LOADER_OPTIONS)


def test_what_opens_a_dataset_can_be_asked_for_its_types():
    assert typing.get_type_hints(ChunkDataset.from_config)["changes"] in (DatasetOptions, Unpack[DatasetOptions])


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """A function that returns errors by line of PROGRAM, and by file of examples, as a checker prints them."""
    folder = tmp_path_factory.mktemp("types")
    for name, text in STUBS.items():
        (folder / "stubs" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "stubs" / name).write_text(text)
    (folder / "program.py").write_text(PROGRAM)
    (folder / "examples").mkdir()
    for example in EXAMPLES.glob("*.py"):
        shutil.copy(example, folder / "examples")
    (folder / "examples/pyrightconfig.json").write_text(
        json.dumps({"typeCheckingMode": "strict", "extraPaths": [str(PACKAGE)], **dict.fromkeys(UNKNOWN, "none")})
    )
    (folder / "pyrightconfig.json").write_text(
        json.dumps({"typeCheckingMode": "strict", "stubPath": "stubs", "extraPaths": [str(PACKAGE)], "include": ["program.py"], "reportMissingModuleSource": "none"})
    )

    def run(*command, within="."):
        path = str(PACKAGE) if within == "examples" else os.pathsep.join([str(folder / "stubs"), str(PACKAGE)])
        python = run_tests.made("types")
        run = subprocess.run([python, "-m", *command], capture_output=True, text=True, cwd=folder / within, env={**os.environ, "MYPYPATH": path})
        return run.returncode, run.stdout + run.stderr

    return run


# what the two say of the examples themselves, whose functions have no annotations, and of packages that are not installed here
UNKNOWN = [f"reportUnknown{kind}Type" for kind in ("Member", "Argument", "Variable", "Parameter", "Lambda")] + [
    "reportMissingImports",
    "reportMissingParameterType",
    "reportUntypedBaseClass",
    "reportUntypedFunctionDecorator",
    "reportUnusedExpression",
]
UNTYPED = ["--allow-untyped-defs", "--allow-untyped-calls", "--allow-untyped-decorators", "--allow-subclassing-any"]
WRONG = {i: line.split("# wrong: ")[1] for i, line in enumerate(PROGRAM.splitlines(), 1) if "# wrong: " in line}


def test_mypy_accepts_programs_in_strict_mode_and_finds_what_is_wrong(checked):
    _, said = checked("mypy", "--strict", "--no-error-summary", "--follow-imports=silent", "program.py")
    found = {int(line): text for line, text in re.findall(r"^program\.py:(\d+): error: (.*)$", said, re.M)}
    assert found.keys() == WRONG.keys(), said
    assert all(words in found[line] for line, words in WRONG.items()), found


def test_pyright_accepts_programs_in_strict_mode_and_finds_what_is_wrong(checked):
    _, said = checked("basedpyright", "--outputjson")
    found = {d["range"]["start"]["line"] + 1: d["message"] for d in json.loads(said)["generalDiagnostics"]}
    assert found.keys() == WRONG.keys(), found


def test_mypy_accepts_the_examples_in_strict_mode(checked):
    code, said = checked("mypy", "--strict", "--follow-imports=silent", "--disable-error-code=import-not-found", *UNTYPED, ".", within="examples")
    assert code == 0, said


def test_pyright_accepts_the_examples_in_strict_mode(checked):
    code, said = checked("basedpyright", "--outputjson", within="examples")
    assert code == 0, said
