# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""The notebooks of examples/notebooks run from the first cell to the last, each in a folder with nothing in it, and are stored without results."""

import json

import nbclient
import nbformat
import numpy as np
import pytest
import recordings
from conftest import EXAMPLES
from IPython.core.interactiveshell import InteractiveShell

import syncline

NOTEBOOKS = sorted((EXAMPLES / "notebooks").glob("*.ipynb"))

# what the last line of the first one, an item, prints
ITEM = """{'screen': (1, 30, 36, 64) float32,
 'responses': (8, 50) float32,
 'treadmill': (30, 1) float64,
 'timestamps': {'screen': (30,) float32,
  'responses': (8,) float32,
  'treadmill': (30,) float32}}"""


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
    if notebook.stem == "look":
        assert code[-1].outputs[0]["data"]["text/plain"] == ITEM


@pytest.mark.parametrize("output", ["numpy", "torch"])
def test_ipython_shows_the_shapes_of_batches_and_other_dicts_as_before(output, tmp_path, monkeypatch):
    recordings.sequence(tmp_path / "r/wheel", np.zeros((60, 3), np.float32), rate=10.0)
    config = {"lead_device": "wheel", "modality_config": {"wheel": {"sampling_rate": 10.0, "chunk_size": 20, "sample_stride": 5}}}
    plain, told = InteractiveShell(), InteractiveShell()
    monkeypatch.setattr("IPython.get_ipython", lambda: told)
    syncline._tell_ipython()

    def shown(shell, value):
        return shell.display_formatter.format(value)[0]

    with syncline.ChunkDataset.from_config(tmp_path / "r", config, output=output) as dataset:
        batch = next(iter(syncline.DataLoader(dataset, batch_size=4)))
        text = "{'wheel': (4, 20, 3) float32, 'timestamps': {'wheel': (4, 20) float32}}"
        assert shown(told, batch) == {"text/plain": text}
        assert shown(told, ("r", batch)) == {"text/plain": f"('r', {text})"}
        assert type(batch) is dict and shown(plain, batch) != shown(told, batch)
        item = dataset.__getitems__([0])[0]
        assert shown(told, item)["text/plain"].startswith("{'wheel': (20, 3) float32")
        if output == "torch":
            alone = {"wheel": batch["wheel"].to("meta")}
            assert shown(told, alone) == {"text/plain": "{'wheel': (4, 20, 3) float32 on meta}"}
        around = {"batch": batch}
        around["self"] = around
        assert "(4, 20, 3) float32" in shown(told, around)["text/plain"] and "'self': {...}" in shown(told, around)["text/plain"]
        values = batch["wheel"]
        for other in ({}, {"wheel": 1}, {"weights": values}, {1: values}, {"wheel": values, "n": 3}, {"a": [1] * 200}, {"timestamps": 3}):
            assert shown(told, other) == shown(plain, other)
