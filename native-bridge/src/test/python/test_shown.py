# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""How objects show themselves, and trials as a table."""

import inspect
import pydoc
import sys
import traceback
import types
import warnings
from pathlib import Path

import numpy as np
import pytest
import recordings

import syncline
from syncline import ChunkDataset, DataLoader, Experiment
from syncline._shown import short
from syncline._trials import Trials, column
from syncline.dataloaders import get_multisession_concat_dataloader
from syncline.interpolators import Interpolator
from syncline.utils import LongCycler, MultiEpochsDataLoader, SessionBatchSampler, SessionConcatDataset, SessionSpecificSampler

SCREEN = {"screen": {"sampling_rate": 30.0, "chunk_size": 10}}


@pytest.fixture
def recording(tmp_path):
    rng = np.random.default_rng(0)
    trials = [("video", 60, "train"), ("blank", 1, None), ("image", 1, "test")]
    recordings.screen(tmp_path / "r/screen", rng, trials=trials)
    recordings.sequence(tmp_path / "r/responses", rng.random((30, 3)).astype(np.float32), rate=10.0)
    return tmp_path / "r"


def test_objects_show_themselves_in_one_line(recording):
    dataset = ChunkDataset(recording, modality_config=SCREEN)
    of_dataset = f"ChunkDataset('{recording}', {len(dataset)} chunks, screen (1, 10, 6, 8) float32)"
    assert repr(dataset) == of_dataset
    batches = -(-len(dataset) // 4)
    with DataLoader(dataset, batch_size=4, shuffle=True) as loader:
        assert repr(loader) == f"DataLoader({of_dataset}, batch_size=4, shuffle=True, {batches} batches)"
    sampled = DataLoader(dataset, batch_size=4, sampler=iter([0]))
    assert repr(sampled) == f"DataLoader({of_dataset}, batch_size=4, shuffle=False)"
    epochs = MultiEpochsDataLoader(dataset, 4)
    assert repr(epochs) == f"MultiEpochsDataLoader({of_dataset}, batch_size=4, shuffle=False)"
    assert repr(LongCycler({"a": epochs})) == f"LongCycler(1 session: a, {batches} batches)"
    joined = SessionConcatDataset([dataset], ["a"])
    assert repr(joined) == f"SessionConcatDataset(1 session: a, {len(dataset)} chunks)"
    assert repr(SessionSpecificSampler([3, 1], 2)) == "SessionSpecificSampler(2 chunks, batch_size=2, shuffle=False, 1 batch)"
    assert repr(SessionBatchSampler(joined, 4)) == f"SessionBatchSampler(1 session: a, batch_size=4, shuffle=False, {batches} batches)"
    configs = {"dataset": {"modality_config": SCREEN}, "dataloader": {"batch_size": 100}}
    fast = get_multisession_concat_dataloader([recording], configs, seed=None)
    assert repr(fast) == "FastSessionDataLoader(1 session: r, batch_size=100, shuffle=False, 1 batch)"
    experiment = Experiment(recording, SCREEN)
    assert repr(experiment) == f"Experiment('{recording}', {experiment.start_time} to {experiment.end_time} s, screen)"
    screen = experiment.devices["screen"]
    assert repr(screen) == f"ScreenInterpolator('{recording}/screen', {screen.start_time} to {screen.end_time} s)"
    file = recording / "screen/data"
    assert [repr(trial) for trial in screen.trials[:2]] == [
        f"VideoTrial('{file}/00000.npy', 60 frames, size (6, 8))",
        f"BlankTrial('{file}/00001.npy', 1 frame, size (6, 8))",
    ]


def test_writers_show_what_they_write(tmp_path):
    with syncline.RecordingWriter(tmp_path / "r") as writer:
        assert repr(writer) == f"RecordingWriter('{tmp_path}/r')"
        eye = writer.sequence("eye", rate=8.0).append(np.random.default_rng(0).random((9, 2)))
        assert repr(eye) == f"SequenceWriter(eye, RecordingWriter('{tmp_path}/r'))"
    assert repr(writer) == f"RecordingWriter('{tmp_path}/r', closed)"


def test_what_is_closed_or_half_made_shows_its_class(recording):
    dataset = ChunkDataset(recording, modality_config=SCREEN)
    dataset.close()
    assert repr(dataset).startswith("<syncline.datasets.ChunkDataset object at ")

    class Own(Interpolator):
        def __init__(self):
            pass

    assert "Own object at" in repr(Own())
    assert "ChunkDataset object at" in repr(ChunkDataset.__new__(ChunkDataset))


def test_the_package_shows_what_programs_use():
    shown = [name for name in dir(syncline) if not name.startswith("_")]
    assert set(syncline.__all__) <= set(shown) and not {"Any", "importlib", "annotations", "TYPE_CHECKING"} & set(shown)
    folder = Path(syncline.__file__).parent
    there = {p.stem for p in folder.iterdir() if p.suffix == ".py" or (p / "__init__.py").is_file()}
    assert {name for name in there if not name.startswith("_")} == set(shown) - set(syncline.__all__)


def test_trials_are_a_table(recording):
    trials = ChunkDataset(recording, modality_config=SCREEN).trials
    assert list(trials)[:3] == ["start", "num_frames", "modality"]
    assert trials["start"].tolist() == np.load(recording / "screen/timestamps.npy")[[0, 60, 61]].tolist()
    assert trials["num_frames"].tolist() == [60, 1, 1]
    assert trials["tier"].tolist() == ["train", None, "test"]
    assert trials["image_size"].tolist() == [[6, 8]] * 3
    assert trials["interleave_value"].dtype == np.float64
    np.testing.assert_array_equal(trials["interleave_value"], [np.nan, 128.0, np.nan])
    lines = repr(trials).splitlines()
    assert len(lines) == 5 and lines[0].split()[:3] == ["start", "num_frames", "modality"] and lines[-1] == "3 trials"
    assert trials._repr_html_().count("<tr>") == 4


def test_long_tables_are_cut(tmp_path):
    trials = [("image", 1, "<b>")] * 40
    recordings.screen(tmp_path / "r/screen", np.random.default_rng(0), trials=trials)
    table = ChunkDataset(tmp_path / "r", modality_config={"screen": {"sampling_rate": 30.0, "chunk_size": 2}}).trials
    assert repr(table).splitlines()[6] == "..." and repr(table).endswith("\n40 trials")
    assert "<b>" not in table._repr_html_() and table._repr_html_().count("<tr>") == 12


def test_a_table_becomes_a_data_frame(recording, monkeypatch):
    trials = ChunkDataset(recording, modality_config=SCREEN).trials
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match="pip install pandas"):
        trials.to_pandas()
    monkeypatch.setitem(sys.modules, "pandas", types.SimpleNamespace(DataFrame=lambda columns: ("frame", columns)))
    assert trials.to_pandas() == ("frame", trials) and type(trials.to_pandas()[1]) is dict


def test_trials_are_those_of_which_conditions_speak(recording):
    rng = np.random.default_rng(1)
    recordings.screen(recording / "monitor", rng, trials=[("video", 60, "oracle"), ("blank", 1, None)])
    one = {"sampling_rate": 30.0, "chunk_size": 5}
    for devices, lead, tiers in [
        (["monitor"], None, ["oracle", None]),
        (["monitor", "screen"], None, ["train", None, "test"]),
        (["screen", "monitor"], "monitor", ["oracle", None]),
    ]:
        config = {"lead_device": lead, "modality_config": {name: one for name in devices}}
        dataset = ChunkDataset.from_config(recording, config)
        assert dataset.trials["tier"].tolist() == tiers
        assert len(dataset.get_condition_mask_from_meta_conditions([{"tier": tiers[0]}])) == len(tiers)


def test_a_recording_without_trials_says_so(tmp_path):
    recordings.sequence(tmp_path / "r/responses", np.zeros((30, 3), np.float32), rate=10.0)
    dataset = ChunkDataset.from_config(
        tmp_path / "r", {"lead_device": "responses", "modality_config": {"responses": {"sampling_rate": 10.0, "chunk_size": 5}}}
    )
    with pytest.raises(ValueError, match="none of the devices responses has trials; expected a screen"):
        dataset.trials


def test_a_tilde_is_the_home_folder(recording, monkeypatch):
    monkeypatch.setenv("HOME", str(recording.parent))
    dataset = ChunkDataset("~/r", modality_config=SCREEN)
    assert dataset.root_folder == recording
    assert Experiment("~/r", SCREEN).root_folder == recording
    assert Interpolator.create("~/r/screen").root_folder == recording / "screen"
    assert ChunkDataset.get_data_key_from_root_folder("~/r") == dataset.data_key
    syncline.write("~/written", {"responses": {"values": np.zeros((10, 2), np.float32), "rate": 10.0}})
    assert (recording.parent / "written/responses/meta.yml").is_file()
    assert list(syncline.stats("~/written")) == ["responses"]


def test_paths_count_from_the_folder_that_the_process_is_in(recording, monkeypatch):
    syncline.start()  # Java keeps the folder that it was started in
    monkeypatch.chdir(recording.parent)
    for path in ("r", "./r"):
        dataset = ChunkDataset(path, modality_config=SCREEN)
        assert len(dataset) > 0 and dataset.data_key == "r"
        assert len(dataset[0]["screen"])
    assert Interpolator.create("r/screen").trials[0].num_frames == 60
    assert list(Experiment("r", SCREEN).devices) == ["screen"]


def test_plot_says_what_it_lacks_and_what_it_cannot_draw(recording, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with ChunkDataset(recording, modality_config=SCREEN) as dataset, pytest.raises(ImportError, match="pip install matplotlib"):
        syncline.plot(dataset)
    for wrong in (3, {}, np.zeros(3)):
        with pytest.raises(TypeError, match="expected a ChunkDataset, an item, a batch or statistics"):
            syncline.plot(wrong)


def test_one_path_where_a_list_is_wanted_is_said(recording, tmp_path):
    from syncline.dataloaders import get_multisession_dataloader

    with ChunkDataset(recording, modality_config=SCREEN) as dataset:
        for call in (
            lambda: get_multisession_dataloader(str(recording)),
            lambda: get_multisession_dataloader(recording),
            lambda: get_multisession_concat_dataloader(str(recording)),
            lambda: ChunkDataset(recording, modality_config=SCREEN, out_keys="screen"),
            lambda: setattr(dataset, "out_keys", "screen"),
            lambda: syncline.stats(recording, devices="screen"),
            lambda: SessionConcatDataset(dataset),
        ):
            with pytest.raises(TypeError, match=r"^(paths|out_keys|devices|datasets): found .* alone, expected a list of"):
                call()


def test_help_names_the_default_configuration_which_a_program_still_gets():
    from syncline.configs import DEFAULT_MODALITY_CONFIG

    for thing in (ChunkDataset, Experiment):
        shown = pydoc.plain(pydoc.render_doc(thing))
        assert "= DEFAULT_MODALITY_CONFIG" in shown
        assert max(map(len, shown.splitlines())) < 800
        assert inspect.signature(thing).parameters["modality_config"].default is DEFAULT_MODALITY_CONFIG
        assert inspect.signature(thing).bind("x").args == ("x",)


def test_a_notebook_shows_a_table_of_a_dataset(recording):
    with ChunkDataset(recording, modality_config=SCREEN) as dataset:
        html = dataset._repr_html_()
        assert "<td>screen</td><td>(1, 10, 6, 8)</td><td>float32</td><td>30</td>" in html
        assert f"r: {len(dataset)} chunks from " in html
        dataset.data_key = "<b>"
        assert "&lt;b&gt;: " in dataset._repr_html_()


def test_warnings_name_the_line_of_the_program(recording, tmp_path):
    """However deep in the package they arise: nobody looks into its files for what to mend."""
    missing = {**SCREEN, "scren": {"sampling_rate": 30, "chunk_size": 10}}
    none = {"screen": {**SCREEN["screen"], "valid_condition": {"tier": "nosuch"}}}
    datasets = {"dataset": {"modality_config": none}, "dataloader": {}}
    for call in (
        lambda: ChunkDataset(recording, modality_config=missing),
        lambda: ChunkDataset.from_config(recording, {"modality_config": missing}),
        lambda: ChunkDataset(recording, modality_config=none),
        lambda: get_multisession_concat_dataloader([recording], datasets),
        lambda: Experiment(recording, missing),
        lambda: Experiment(recording, SCREEN).interpolate([-99.0], device="screen"),
        lambda: Interpolator.create(recording / "responses", misspelt=1),
    ):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            call()
        assert {w.filename for w in caught} == {__file__}, call.__code__.co_firstlineno
    with warnings.catch_warnings(record=True) as caught, pytest.raises(syncline.errors.RecordingError):
        warnings.simplefilter("always")
        syncline.stats(recording, tier="nosuch")
    assert [w.filename for w in caught] == [__file__] and "no trial has tier" in str(caught[0].message)
    own = Path(syncline.__file__).parent
    assert [p.name for p in own.rglob("*.py") if "stacklevel" in p.read_text()] == ["warnings.py"]


def test_usual_slips_are_said_with_a_remedy(recording, tmp_path):
    for call, kind, said in (
        (lambda: ChunkDataset.from_config(recording, {"modality_confg": {}}), TypeError, "'modality_confg' is no key of a dataset; did you mean 'modality_config'"),
        (lambda: ChunkDataset.from_config(recording, "config.yaml"), ValueError, "yaml.safe_load"),
        (lambda: ChunkDataset([recording]), TypeError, "path: found list .* expected one"),
        (lambda: ChunkDataset(recording.parent, modality_config=SCREEN), ValueError, f"found a folder of recordings: .*{recording.name}.*, expected one recording; open "),
        (lambda: Experiment(recording.parent), ValueError, "found a folder of recordings"),
        (lambda: Experiment(tmp_path / "nowhere"), FileNotFoundError, "nowhere: found nothing, expected a folder .*; check the path"),
        (lambda: SessionConcatDataset([1, 2], ["a", "a"]), ValueError, "data_key of its own"),
    ):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with pytest.raises(kind, match=said):
                call()


def test_times_of_trials_are_shown_to_the_frame():
    shown = Trials(start=column([1599999999.6, 1600000009.6333334]), tier=column(["train", "test"]))
    assert "1599999999.6 " in repr(shown) and "1600000009.63333" in repr(shown) and "1599999999.6<" in shown._repr_html_()


def test_tracebacks_of_users_errors_end_where_syncline_was_called(recording, tmp_path):
    def fails(call):
        with pytest.raises(syncline.errors.SynclineError) as raised:
            call()
        frames = traceback.extract_tb(raised.value.__traceback__)
        return [Path(frame.filename).name for frame in frames if Path(frame.filename).name != Path(__file__).name]

    nowhere = tmp_path / "nowhere"
    wrong = {"screen": {**SCREEN["screen"], "chunk_size": -1}}
    with ChunkDataset(recording, modality_config=SCREEN) as dataset:
        for call, frames in (
            (lambda: ChunkDataset(nowhere, modality_config=SCREEN), ["datasets.py"]),
            (lambda: ChunkDataset(recording, modality_config=wrong), ["datasets.py"]),
            (lambda: ChunkDataset.from_config(nowhere), ["datasets.py"] * 2),
            (lambda: DataLoader(dataset, batch_size=2, out_keys=["nothing"]), ["loader.py"]),
            (lambda: syncline.stats(nowhere), ["statistics.py"]),
            (lambda: syncline.import_nwb(nowhere, tmp_path / "to"), ["importing.py"]),
            (lambda: syncline.list_nwb(nowhere), ["_shown.py"]),
            (lambda: dataset[len(dataset)], ["_shown.py"]),
            (lambda: dataset.__getitems__([len(dataset)]), ["_shown.py"]),
            (lambda: dataset.set_state({}), ["_shown.py"]),
            (lambda: DataLoader(dataset).load_state_dict({}), ["_shown.py"]),
            (lambda: syncline.write(recording, {"a": {"values": np.zeros((9, 2)), "rate": 1.0}}), ["_shown.py"]),
        ):
            assert fails(call) == frames
        # a fault of the library has all of them
        error = syncline.errors.SynclineError("a fault")
        with pytest.raises(syncline.errors.SynclineError) as raised:
            try:
                raise error
            except syncline.errors.SynclineError as caught:
                raise short(caught)
        assert len(traceback.extract_tb(raised.value.__traceback__)) == 2
