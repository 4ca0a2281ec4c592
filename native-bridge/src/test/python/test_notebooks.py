# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""The notebooks of examples/notebooks run from the first cell to the last, each in a folder with nothing in it, and are stored without results."""

import json

import nbclient
import nbformat
import pytest
from conftest import EXAMPLES

NOTEBOOKS = sorted((EXAMPLES / "notebooks").glob("*.ipynb"))


def test_there_are_some():
    assert [n.stem for n in NOTEBOOKS] == ["look", "nwb", "train"]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda n: n.stem)
def test_they_run(notebook, tmp_path):
    stored = nbformat.read(notebook, as_version=4)
    code = [c for c in stored.cells if c.cell_type == "code"]
    assert not [c for c in code if c.outputs or c.execution_count], "clear the outputs before you commit it"
    nbclient.NotebookClient(stored, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    for cell in code:
        said = [o for o in cell.outputs if o.output_type == "stream" and o.name == "stderr"]
        assert not said, f"{cell.source}\n{json.dumps(said)}"
    if notebook.stem != "train":
        assert any("image/png" in o.get("data", {}) for c in code for o in c.outputs), "no picture was drawn"
