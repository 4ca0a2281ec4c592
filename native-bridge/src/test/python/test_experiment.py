# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""syncline.experiment."""

import inspect
import json
import logging
from unittest.mock import MagicMock

import numpy as np
import pytest
import recordings

from syncline.configs import DEFAULT_MODALITY_CONFIG
from syncline.datasets import ChunkDataset
from syncline.experiment import Experiment
from syncline.interpolators import Interpolator, ScreenInterpolator, SequenceInterpolator
from syncline.intervals import TimeInterval


class Dummy(Interpolator):
    def __init__(self):
        self.start_time = 0.0
        self.end_time = 100.0
        self.valid_interval = (self.start_time, self.end_time)
        self.interpolate = MagicMock(return_value=np.array([1, 2, 3]))


def devices(tmp_path, *ranges, **more):
    rng = np.random.default_rng(1)
    for i, (start, end) in enumerate(ranges):
        data = rng.random((max(2, int(round((end - start) * 10)) + 1), 10))
        recordings.sequence(tmp_path / f"device_{i}", data, start=start, end=end, **more)
    return {f"device_{i}": {"interpolation": {"sampling_rate": 10.0, "offset": 0.5}} for i in range(len(ranges))}


def test_signature():
    parameters = inspect.signature(Experiment).parameters
    assert list(parameters) == ["root_folder", "modality_config", "cache_data"]
    assert parameters["modality_config"].default is DEFAULT_MODALITY_CONFIG
    assert parameters["cache_data"].default is False
    parameters = inspect.signature(Experiment.interpolate).parameters
    assert [p.default for p in parameters.values()][2:] == [None, False]


def test_default_configuration(recording):
    with Experiment(recording) as e:
        assert set(e.devices) == {"screen", "responses", "eye_tracker", "treadmill"}
        assert tuple(e.device_names) == ("screen", "responses", "eye_tracker", "treadmill")
        assert isinstance(e.devices["screen"], ScreenInterpolator)
        frames, valid = e.interpolate(np.arange(4.0, 8.0, 0.5), device="screen", return_valid=True)
        assert frames.shape == (8, 144, 256) and len(valid) == 8


def test_only_configured_devices_are_opened(tmp_path):
    for name in ("screen", "eye_tracker", "ignored"):
        (tmp_path / name).mkdir()
    dummy = Dummy()
    config = {"screen": {"interpolation": dummy}, "eye_tracker": {"interpolation": dummy}, "gone": {"interpolation": {}}}
    e = Experiment(root_folder=str(tmp_path), modality_config=config)
    assert set(e.device_names) == {"screen", "eye_tracker"} == set(e.devices)
    assert (e.start_time, e.end_time) == (0.0, 100.0)


def test_instances_get_the_very_times(tmp_path):
    dummy = Dummy()
    # no folder content, not even a folder
    e = Experiment(tmp_path, {"screen": {"interpolation": dummy}})
    times = np.array([10.0, 20.0])
    assert e.interpolate(times, device="screen").tolist() == [1, 2, 3]
    dummy.interpolate.assert_called_once_with(times, return_valid=False)
    assert dummy.interpolate.call_args.args[0] is times
    assert e.interpolate(times, device=None)["screen"].tolist() == [1, 2, 3]
    assert e.interpolate(times, device=dummy).tolist() == [1, 2, 3]
    assert e.get_valid_range("screen") == (0.0, 100.0)


@pytest.mark.parametrize(
    "ranges, start, end",
    [
        ([(2.0, 9.0)], 2.0, 9.0),
        ([(1.0, 8.0), (0.0, 10.0)], 0.0, 10.0),
        ([(0.0, 3.0), (7.0, 8.0)], 0.0, 8.0),
        ([(1e9, 1e9 + 100), (1e9 - 50, 1e9 + 50)], 1e9 - 50, 1e9 + 100),
    ],
)
def test_range_spans_all_devices(tmp_path, ranges, start, end):
    e = Experiment(tmp_path, devices(tmp_path, *ranges))
    assert (e.start_time, e.end_time) == (start, end)
    for i, (s, t) in enumerate(ranges):
        assert e.get_valid_range(f"device_{i}") == (s, t)
        assert type(e.get_valid_range(f"device_{i}")) is tuple


def test_interpolate(tmp_path):
    e = Experiment(tmp_path, devices(tmp_path, (0.0, 5.0), (1.0, 6.0)))
    times = np.array([0.5, 2.0, 5.5])
    values = e.interpolate(times)
    assert {k: v.shape for k, v in values.items()} == {"device_0": (2, 10), "device_1": (2, 10)}
    values, valid = e.interpolate(times, return_valid=True)
    assert valid["device_0"].tolist() == [0, 1] and valid["device_1"].tolist() == [1, 2]
    one, indices = e.interpolate(times, "device_1", return_valid=True)
    assert np.array_equal(one, values["device_1"]) and indices.tolist() == [1, 2]
    assert np.array_equal(e.interpolate(times, device=e.devices["device_1"]), one)
    with pytest.warns(UserWarning, match="no valid times queried"):
        e.interpolate([-1.0], device="device_0")
    with pytest.raises(KeyError):
        e.get_valid_range("nobody")
    with pytest.raises((ValueError, KeyError), match="nobody.*device_0"):
        e.interpolate(times, device="nobody")


BAD = [None, float("nan"), float("inf"), float("-inf")]


@pytest.mark.parametrize("key", ["start_time", "end_time"])
@pytest.mark.parametrize("value", BAD)
def test_devices_without_finite_times_are_left_out(tmp_path, caplog, key, value):
    config = devices(tmp_path, (1.0, 3.0), (0.0, 10.0))
    file = tmp_path / "device_1" / "meta.yml"
    meta = json.loads(file.read_text())
    text = {None: "null", "nan": ".nan", "inf": ".inf", "-inf": "-.inf"}[None if value is None else str(value)]
    meta.pop(key)
    file.write_text("".join(f"{k}: {json.dumps(v)}\n" for k, v in meta.items()) + f"{key}: {text}\n")
    with caplog.at_level(logging.WARNING):
        e = Experiment(tmp_path, config)
    assert set(e.devices) == {"device_0"} and (e.start_time, e.end_time) == (1.0, 3.0)
    assert any("device_1" in r.getMessage() and r.levelno == logging.WARNING for r in caplog.records)
    with pytest.raises(ValueError, match="Experiment time range could not be determined"):
        Experiment(tmp_path, {"device_1": config["device_1"]})


def test_inverted_range_is_an_error(tmp_path):
    config = devices(tmp_path, (1.0, 3.0))
    file = tmp_path / "device_0" / "meta.yml"
    file.write_text(json.dumps({**json.loads(file.read_text()), "start_time": 5.0, "end_time": 3.0}))
    with pytest.raises(ValueError):
        Experiment(tmp_path, config)


def test_options_reach_the_interpolator(tmp_path):
    devices(tmp_path, (0.0, 5.0))
    e = Experiment(tmp_path, {"device_0": {"interpolation": {"interpolation_mode": "linear"}}}, cache_data=True)
    assert isinstance(e.devices["device_0"], SequenceInterpolator)
    assert e.devices["device_0"].interpolation_mode == "linear"
    assert e.devices["device_0"].cache_data
    e.close()
    e.close()


def test_a_folder_may_be_rewritten(tmp_path):
    for columns in (2, 3):
        rng = np.random.default_rng(columns)
        data = rng.random((30, columns))
        recordings.sequence(tmp_path / "device_0", data)
        e = Experiment(tmp_path, {"device_0": {"interpolation": {}}})
        assert np.array_equal(e.interpolate([1.0], "device_0"), data[[10]])


def test_custom_target(tmp_path):
    (tmp_path / "own").mkdir()
    e = Experiment(tmp_path, {"own": {"interpolation": {"_target_": f"{__name__}.Ramp", "slope": 2.0}}})
    assert e.interpolate([1.0, 2.0], "own").tolist() == [[2.0], [4.0]]


class Ramp(Interpolator):
    def __init__(self, root_folder, slope=1.0):
        super().__init__(root_folder)
        self.slope = slope
        self.start_time, self.end_time, self.valid_interval = 0.0, 9.0, TimeInterval(0.0, 9.0)

    def interpolate(self, times, return_valid=False):
        valid = self.valid_times(times)
        values = self.slope * np.asarray(times)[valid][:, None]
        return (values, valid) if return_valid else values


def test_signals_are_chosen_by_slices_masks_and_what_arrays_say_of_them(tmp_path):
    data = np.tile(np.random.default_rng(7).random(6), (100, 1))
    wheel = recordings.sequence(tmp_path / "wheel", data)
    area = np.array(["V1", "LM", "V1", "", "LM", "Größe"])
    np.save(wheel / "meta" / "area.npy", area)
    np.save(wheel / "meta" / "bytes.npy", area[:5].astype("S"))
    np.save(wheel / "meta" / "good.npy", np.array([True, True, False, True, False, True]))
    for choice, expected in [
        ({"columns": slice(1, 4)}, [1, 2, 3]),
        ({"columns": slice(None, None, -1)}, [5, 4, 3, 2, 1, 0]),
        ({"columns": range(0, 6, 2)}, [0, 2, 4]),
        ({"columns": area == "LM"}, [1, 4]),
        ({"select": {"meta/area.npy": "V1"}}, [0, 2]),
        ({"select": {"meta/area.npy": ["V1", "Größe"], "meta/good.npy": True}}, [0, 5]),
        ({"columns": slice(0, 2), "select": {"meta/good.npy": 1}}, [0, 1]),
    ]:
        entry = {"sampling_rate": 10, "chunk_size": 5, "offset": 0.0, **choice}
        item = ChunkDataset(tmp_path, modality_config={"wheel": entry}, safe_interval_threshold=0.0)[0]
        np.testing.assert_allclose(item["wheel"], data[:5, expected], rtol=1e-6)
        experiment = Experiment(tmp_path, modality_config={"wheel": choice})
        np.testing.assert_allclose(experiment.interpolate(np.array([0.0]), "wheel"), data[:1, expected])
        with Interpolator.create(wheel, **choice) as device:
            assert device.n_signals == len(expected)
    with pytest.raises(ValueError, match=r"columns: found a set, expected a list: .*; give sorted\(columns\)"):
        Experiment(tmp_path, modality_config={"wheel": {"columns": {3, 1}}})
    with pytest.raises(ValueError, match=r"bytes\.npy: shape: found 5 texts, expected 6"):
        Interpolator.create(wheel, select={"meta/bytes.npy": "V1"})
    np.save(wheel / "meta" / "bytes.npy", area[[0, 1, 2, 3, 4, 1]].astype("S"))
    with Interpolator.create(wheel, select={"meta/bytes.npy": "LM"}) as device:
        assert device.n_signals == 3


def test_devices_that_the_configuration_leaves_out_are_in_the_log(tmp_path, caplog):
    rng = np.random.default_rng(0)
    recordings.screen(tmp_path / "r/screen", rng)
    recordings.sequence(tmp_path / "r/of_no_interest", rng.random((200, 2)), rate=10.0)
    config = {"screen": {"sampling_rate": 30.0, "chunk_size": 10}}
    with caplog.at_level("INFO"):
        ChunkDataset(tmp_path / "r", modality_config=config)
        ChunkDataset(tmp_path / "r", modality_config=config)
    said = [(r.levelname, r.getMessage()) for r in caplog.records if "left out" in r.getMessage()]
    assert said == [("INFO", f"{tmp_path}/r: left out of_no_interest: the configuration does not name it")]
