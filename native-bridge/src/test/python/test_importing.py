# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Imports, compared with what pynwb read of the same files."""

import json
from pathlib import Path

import numpy as np
import pytest
import syncline
from syncline.errors import RecordingError

FILES = Path(__file__).parents[4] / "nwb/src/test/resources/org/syncline/nwb"


def test_values_are_those_of_pynwb_and_give_a_batch(tmp_path):
    report = syncline.import_nwb(FILES / "session.nwb", tmp_path, only=["lfp", "units"], names={"lfp": "field"})
    recording = Path(report["recording"])
    assert recording == tmp_path / "session"
    assert [device["device"] for device in report["mapped"]] == ["field", "units"]
    found = np.fromfile(recording / "field/data.mem", "<f4").reshape(1000, 4)
    np.testing.assert_array_equal(found, np.load(FILES / "expected/lfp.npy"))
    assert json.loads((recording / "nwb-import.json").read_text()) == report
    config = {
        "global_sampling_rate": 20.0,
        "global_chunk_size": 10,
        "modality_config": {"field": {"sampling_rate": 20.0}, "units": {"sampling_rate": 20.0}},
    }
    with syncline.ChunkDataset(recording, **config) as dataset:
        batch = next(iter(syncline.DataLoader(dataset, batch_size=2)))
        assert batch["field"].shape[1:] == (10, 4)
        assert batch["units"].shape[1:] == (10, 3)


def test_options_reach_the_importer(tmp_path):
    arguments = dict(only=["trials", "nan_times", "no_rate"], repairs=["drop-nan-times"], rates={"no_rate": 10})
    report = syncline.import_nwb(FILES / "traps.nwb", tmp_path, tolerance=0.0, dtype="float64", threads=1, **arguments)
    recording = Path(report["recording"])
    np.testing.assert_array_equal(
        np.load(recording / "nan_times/timestamps.npy"), np.delete(np.arange(10.0) / 10, [3, 7])
    )
    np.testing.assert_array_equal(np.fromfile(recording / "nan_times/data.mem"), [0, 1, 2, 4, 5, 6, 8, 9])
    with pytest.raises(RecordingError, match="there already"):
        syncline.import_nwb(FILES / "traps.nwb", tmp_path, only=["trials"])
    syncline.import_nwb(FILES / "session.nwb", tmp_path, only=["trials"], labels={"trials": "stimulus"})
    assert (tmp_path / "session/trials/right_up.npy").exists()
    syncline.import_nwb(FILES / "traps.nwb", tmp_path, only=["trials"], replace=True)
    assert not (recording / "nan_times").exists()


def test_missing_steps_become_rows_of_nan(tmp_path):
    repairs = ["drop-nan-times", "fill-gaps"]
    report = syncline.import_nwb(FILES / "traps.nwb", tmp_path, only=["nan_times"], repairs=repairs)
    assert any("fill-gaps: 2 of 10 steps were missing" in note for note in report["mapped"][0]["notes"])
    folder = Path(report["recording"]) / "nan_times"
    np.testing.assert_array_equal(np.fromfile(folder / "data.mem", "<f4"), [0, 1, 2, np.nan, 4, 5, 6, np.nan, 8, 9])
    assert not (folder / "timestamps.npy").exists()


@pytest.mark.filterwarnings("ignore:.* is left out")
def test_what_is_faulty_is_a_warning_or_an_error(tmp_path):
    with pytest.warns(UserWarning, match="acquisition/nan_times is left out: timestamps: found 2 NaN"):
        syncline.import_nwb(FILES / "traps.nwb", tmp_path)
    with pytest.raises(RecordingError, match="blosc"):
        syncline.import_nwb(FILES / "traps.nwb", tmp_path / "other", only=["blosc"])
    with pytest.raises(RecordingError, match="nwb_version"):
        syncline.import_nwb(FILES / "other.h5", tmp_path / "third")
    with pytest.raises(ValueError, match="float16"):
        syncline.import_nwb(FILES / "session.nwb", tmp_path, dtype="float16")
    with pytest.raises(ValueError, match="mend"):
        syncline.import_nwb(FILES / "session.nwb", tmp_path, repairs=["mend"])
    with pytest.raises(ValueError, match="expected a list"):
        syncline.import_nwb(FILES / "session.nwb", tmp_path, only="lfp")
    assert not (tmp_path / "session").exists()


def test_samples_that_are_left_out_and_clocks_that_disagree_are_warnings(tmp_path):
    with pytest.warns(UserWarning) as said:
        syncline.import_nwb(FILES / "traps.nwb", tmp_path, only=["trials", "external", "too_large"])
    found = [str(each.message) for each in said]
    assert any("traps.nwb: intervals/trials: 1 rows that stop before they start are left out" in each for each in found)
    assert any("traps: time range: found external starts at 5.0 s, too_large ends at 0.2 s" in each for each in found)


def test_the_list_says_what_becomes_of_each_thing():
    items = {item["path"]: item for item in syncline.list_nwb(FILES / "session.nwb")}
    assert items["acquisition/frames"]["on_request"]
    assert items["processing/ecephys/LFP/lfp"]["device"] == "lfp"
    assert items["acquisition/camera"]["modality"] is None and "eye.mp4" in items["acquisition/camera"]["reason"]


def test_relative_paths_are_of_the_folder_that_the_program_is_in_now(tmp_path, monkeypatch):
    syncline.start()  # Java keeps the folder in which it was started
    (tmp_path / "now").mkdir()
    monkeypatch.chdir(tmp_path / "now")
    report = syncline.import_nwb(FILES / "session.nwb", "recordings", only=["lfp"])
    assert Path(report["recording"]) == tmp_path / "now" / "recordings" / "session"
    assert (tmp_path / "now" / "recordings" / "session" / "lfp").is_dir()
