# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Finds the package of the checkout (or the installed wheel with SYNCLINE_TEST_INSTALLED=1) and makes recordings."""

import importlib.util
import json
import os
import signal
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

HERE = Path(__file__).resolve().parent
MODULE = HERE.parents[2]
PACKAGE = MODULE / "src" / "main" / "python"
EXAMPLES = MODULE.parent / "examples"
GOLDENS = MODULE.parent / "testdata" / "src" / "main" / "resources" / "goldens"
TARGET = Path(os.environ.get("SYNCLINE_TEST_TARGET", MODULE / "target"))
REAL = MODULE.parent.parent / "shared" / "real"

# the user's own cache is not for recordings that tests make and delete; processes that tests start see it too
os.environ["SYNCLINE_CACHE"] = str(MODULE / "target" / "cache")

if not os.environ.get("SYNCLINE_TEST_INSTALLED"):
    sys.path.insert(0, str(PACKAGE))
    # processes that tests start see the same package
    os.environ["PYTHONPATH"] = os.pathsep.join([str(PACKAGE), *filter(None, [os.environ.get("PYTHONPATH")])])
sys.path.insert(0, str(HERE))

# what a shell starts in the background has Ctrl-C ignored, and hands that on: tests of Ctrl-C would wait for ever
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

TORCH = importlib.util.find_spec("torch") is not None
ENGINES = importlib.util.find_spec("lightning") is not None
MATPLOTLIB = importlib.util.find_spec("matplotlib") is not None
CUDA = any(Path("/dev").glob("nvidia[0-9]*"))
# what type checkers say is the same wherever they are called from: once is enough
collect_ignore_glob = ["test_types.py"] if TORCH else ["test_torch*.py"]
if not ENGINES:
    collect_ignore_glob.append("test_engines.py")
if not MATPLOTLIB:
    collect_ignore_glob += ["test_plot.py", "test_notebooks.py"]
if not CUDA:
    collect_ignore_glob.append("test_torch_cuda.py")


def packed(folder):
    """A copy of the build's target whose class path names jars alone, for tests run by hand before `mvn package` made them."""
    native = folder / "native"
    native.mkdir(parents=True)
    lines = []
    for i, entry in enumerate((TARGET / "native" / "classpath").read_text().split()):
        if Path(entry).is_dir():
            jar = native / f"classes{i}.jar"
            with zipfile.ZipFile(jar, "w") as z:
                for file in Path(entry).rglob("*"):
                    z.write(file, file.relative_to(entry))
            entry = str(jar)
        lines.append(entry)
    (native / "classpath").write_text("\n".join(lines) + "\n")
    for library in (TARGET / "native").glob("libsyncline.*"):
        if library.is_symlink():
            (native / library.name).symlink_to(library.readlink())
        else:
            (native / library.name).write_bytes(library.read_bytes())
    return folder


class Golden:
    """One case of the original's inputs and outputs, unpacked."""

    def __init__(self, name, parent):
        with zipfile.ZipFile(GOLDENS / f"{name}.zip") as z:
            z.extractall(parent)
        self.name = name
        self.folder = Path(parent) / name
        self.experiment = self.folder / "experiment"
        self.calls = json.loads((self.folder / "case.json").read_text())["calls"]

    def array(self, file):
        return np.load(self.folder / file)


@pytest.fixture(scope="session")
def golden(tmp_path_factory):
    """Unpacks a case once; no test writes to it."""
    cases = {}

    def get(name):
        if name not in cases:
            cases[name] = Golden(name, tmp_path_factory.mktemp("goldens"))
        return cases[name]

    return get


@pytest.fixture
def recording(tmp_path):
    """A small recording; see recordings.make."""
    import recordings

    return recordings.make(tmp_path / "recording")
