# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""What programs do beyond the named interface: subclass our classes, set attributes, look behind methods, resume."""

import copy
import multiprocessing
import pickle
import types
import warnings

import numpy as np
import pytest
import recordings

import syncline
from syncline.datasets import ChunkDataset
from syncline.errors import ConfigError
from syncline.experiment import Experiment
from syncline.filters.common_filters import nan_filter
from syncline.interpolators import (
    BlankTrial,
    ImageTrial,
    Interpolator,
    InvalidTrial,
    PhaseShiftedSequenceInterpolator,
    ScreenInterpolator,
    ScreenTrial,
    SequenceInterpolator,
    SpikeInterpolator,
    TimeIntervalInterpolator,
)
from syncline.intervals import (
    TimeInterval,
    find_complement_of_interval_array,
    find_intersection_across_arrays_of_intervals,
    find_intersection_between_two_interval_arrays,
)
from syncline.utils import (
    FastSessionDataLoader,
    MultiEpochsDataLoader,
    SessionBatchSampler,
    SessionConcatDataset,
    SessionSpecificSampler,
    add_behavior_as_channels,
    replace_nan_with_batch_mean,
)


def same(a, b):
    a, b = np.asarray(a), np.asarray(b)
    return a.shape == b.shape and a.dtype == b.dtype and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")


def close(a, b, tolerance=1e-6):
    a, b = np.asarray(a), np.asarray(b)
    return a.dtype == b.dtype and a.shape == b.shape and np.allclose(a, b, tolerance, tolerance, equal_nan=True)


@pytest.fixture
def rng():
    return np.random.default_rng(11)


@pytest.fixture
def dataset(recording):
    return ChunkDataset(recording, modality_config=recordings.config(), seed=3)


# ---- intervals and filters ----


def test_interval_functions_take_the_original_keywords():
    a, b = [TimeInterval(0, 4)], [TimeInterval(1, 2), TimeInterval(2, 3)]
    assert find_intersection_between_two_interval_arrays(interval_array_1=a, interval_array_2=b) == b
    assert find_complement_of_interval_array(start=0, end=5, interval_array=a) == [(4, 5)]
    assert a[0].find_intersection_between_two_intervals(other_interval=b[0]) == (1, 2)
    # what touches is one interval where many lists meet
    assert find_intersection_across_arrays_of_intervals(intervals_array=[a, b]) == [(1, 3)]
    assert find_intersection_across_arrays_of_intervals([b]) == [(1, 3)]


def test_filters_are_called_with_the_original_keyword(tmp_path):
    data = np.ones((50, 2))
    data[20, 1] = np.nan
    with Interpolator.create(recordings.sequence(tmp_path / "d", data)) as device:
        assert nan_filter(vicinity=0.5)(device_=device) == [(0.0, 1.5), (2.5, 4.9)]


def test_custom_filters_by_either_call(recording):
    seen = []

    def by_keyword(*, device_):
        seen.append(device_)
        return [TimeInterval(0, 5)]

    def by_position(anything):
        seen.append(anything)
        return [(1.0, 6.0)]

    config = recordings.config()
    config["responses"]["filters"] = {"a": by_keyword, "b": by_position}
    d = ChunkDataset(recording, modality_config=config)
    assert d.get_valid_intervals_from_filters() == [(1.0, 5.0)] and len(seen) == 2


# ---- interpolators ----


@pytest.mark.parametrize("start", [0.0, 1.7e9])
@pytest.mark.parametrize("rate", [10, 30, 1000])
@pytest.mark.parametrize("shifts", [None, [0, 0, 0]])
def test_a_grid_midway_between_samples_takes_each_once(tmp_path, start, rate, shifts):
    data = np.arange(900.0).reshape(300, 3)
    folder = recordings.sequence(tmp_path / "d", data, rate=rate, start=start, shifts=shifts)
    a, b = (Interpolator.create(folder, interpolation_mode="nearest") for _ in range(2))
    b._data = np.array(b._data)
    times = start + (2 * np.arange(297) + 3) / (2 * rate)
    for device in (a, b):
        assert same(device.interpolate(times), data[1:298])


@pytest.mark.parametrize("mode", ["nearest_neighbor", "linear", "nearest", "previous"])
@pytest.mark.parametrize("dtype", ["float32", "float64", "int16"])
@pytest.mark.parametrize("shifts", [None, [0, 0.01, 0.05, 0.09]])
@pytest.mark.parametrize("normalize", [False, True])
def test_replaced_samples_are_interpolated(tmp_path, rng, mode, dtype, shifts, normalize):
    data = (rng.normal(size=(51, 4)) * 50).astype(dtype)
    if dtype == "int16":
        normalize = False
    else:
        data[3, 1] = np.nan
        data[20] = np.nan
    folder = recordings.sequence(tmp_path / "d", data, rate=9.7, start=1.3, shifts=shifts)
    options = {"interpolation_mode": mode}
    if normalize:
        options.update(normalize=True, normalize_subtract_mean=True, normalize_std_threshold=0.5)
    a, b = Interpolator.create(folder, **options), Interpolator.create(folder, **options)
    b._data = np.array(b._data)
    times = np.concatenate([rng.uniform(0, 8, 40), [1.3, a.end_time, np.nan]])
    for keep in (False, True):
        a.keep_nans = b.keep_nans = keep
        (x, valid_x), (y, valid_y) = a.interpolate(times, return_valid=True), b.interpolate(times, return_valid=True)
        assert np.array_equal(valid_x, valid_y)
        assert close(x, y) if normalize else same(x, y)
    with pytest.warns(UserWarning, match="no valid times queried"):
        assert same(a.interpolate([]), b.interpolate([]))
    b._data = b._data * 2
    assert not same(a.interpolate(times), b.interpolate(times))
    again = pickle.loads(pickle.dumps(b))
    assert same(again.interpolate(times), b.interpolate(times))
    del b._data
    assert same(a.interpolate(times), b.interpolate(times))


def test_subclasses_that_never_call_a_constructor(tmp_path, rng):
    data = rng.random((40, 3))
    shifts = np.array([0.0, 0.02, 0.05])

    class Held(SequenceInterpolator):
        def __init__(self, data):
            self.sampling_rate, self.time_delta = 10.0, 0.1
            self.start_time, self.end_time = 2.0, 5.9
            self.valid_interval = TimeInterval(2.0, 5.9)
            self._data = data

    class Shifted(PhaseShiftedSequenceInterpolator):
        def __init__(self, data):
            Held.__init__(self, data)
            self._phase_shifts = shifts
            self.interpolation_mode = "linear"

    times = rng.uniform(2.5, 5.5, 20)
    with Interpolator.create(recordings.sequence(tmp_path / "a", data, start=2.0)) as device:
        assert same(Held(data).interpolate(times), device.interpolate(times))
    with Interpolator.create(recordings.sequence(tmp_path / "b", data, start=2.0, shifts=shifts)) as device:
        device.interpolation_mode = "linear"
        assert same(Shifted(data).interpolate(times), device.interpolate(times))
        assert same(pickle.loads(pickle.dumps(device)).interpolate(times), device.interpolate(times))
    held = Held(data)
    held.interpolation_mode = "cubic"
    with pytest.raises(NotImplementedError):
        held.interpolate(times)
    held.close()

    units = [np.sort(rng.random(n) * 10) for n in (0, 20, 60)]

    class Counted(SpikeInterpolator):
        def __init__(self):
            self.start_time, self.end_time, self.valid_interval = 0.0, 10.0, (0.0, 10.0)
            self.spikes = np.concatenate(units)
            self.indices = np.array([0, 0, 20, 80])

    with Interpolator.create(recordings.spikes(tmp_path / "s", units, 10.0)) as device:
        own = Counted()
        for own.interpolation_align in ("center", "left", "right"):
            for own.smoothing_sigma in (0.0, 1.5, 20.0):
                device.interpolation_align, device.smoothing_sigma = own.interpolation_align, own.smoothing_sigma
                assert close(own.interpolate(np.sort(times)), device.interpolate(np.sort(times)))

    class Labelled(TimeIntervalInterpolator):
        def __init__(self):
            self.start_time, self.end_time, self.valid_interval = 0.0, 10.0, (0.0, 10.0)
            self.labeled_intervals = {"a": np.array([[2.0, 4.0]]), "b": np.array([[3.0, 3.5], [5.0, 9.0]])}

    assert Labelled().interpolate([1.0, 2.0, 3.0, 4.0]).tolist() == [[0, 0], [1, 0], [1, 1], [0, 0]]
    assert Labelled().labels == ["a", "b"]
    with pytest.raises(AttributeError, match="_data"):
        SequenceInterpolator.__new__(SequenceInterpolator)._data


@pytest.mark.parametrize("size", [(6, 8), (6, 8, 3)])
@pytest.mark.parametrize("wanted", [None, (6, 8), (3, 4), (9, 5), (11, 16)])
def test_replaced_trials_are_shown(tmp_path, rng, size, wanted):
    folder = recordings.screen(tmp_path / "s", rng, size=size)
    options = {} if wanted is None else {"rescale": True, "rescale_size": wanted}
    a, b = Interpolator.create(folder, **options), Interpolator.create(folder, **options)
    b.trials = list(b.trials)
    times = np.sort(rng.uniform(0, 11, 30))
    (x, valid_x), (y, valid_y) = a.interpolate(times, return_valid=True), b.interpolate(times, return_valid=True)
    assert np.array_equal(valid_x, valid_y) and close(x, y, 1e-3 if wanted else 0)
    with pytest.raises(AssertionError):
        b.interpolate(times[::-1])

    class Black(ScreenInterpolator):
        def rescale_frame(self, frame):
            assert frame.shape == (8, 6, *size[2:])
            return super().rescale_frame(frame) * 0

    if wanted is not None:
        assert not Black(folder, **options).interpolate(times).any()


def test_options_may_be_set_at_any_time(tmp_path, rng):
    folder = recordings.screen(tmp_path / "s", rng)
    device = ScreenInterpolator(folder)
    assert device.interpolate([1.0]).shape == (1, 6, 8)
    device.rescale, device.rescale_size = True, (3, 4)
    assert device.interpolate([1.0]).shape == (1, 3, 4)
    spikes = SpikeInterpolator(recordings.spikes(tmp_path / "p", [np.arange(10) * 1.0], 10.0))
    assert spikes.interpolate([5.0]).tolist() == [[1]]
    spikes.interpolation_window = 4.0
    assert spikes.interpolate([5.0]).tolist() == [[4]]
    spikes.interpolation_align = "middle"
    with pytest.raises(ValueError, match="Unknown alignment mode: middle"):
        spikes.interpolate([5.0])
    sequence = SequenceInterpolator(recordings.sequence(tmp_path / "q", np.arange(40.0)[:, None]))
    sequence.valid_interval = TimeInterval(1.0, 2.0)
    values, valid = sequence.interpolate([0.5, 1.5, 2.5, 2.0], return_valid=True)
    assert values.tolist() == [[15], [20]] and valid.tolist() == [1, 3]
    sequence.valid_interval, sequence.start_time = (0.0, 3.0), 0.5
    assert sequence.interpolate([1.5]).tolist() == [[10]]
    sequence.close()
    with pytest.raises(ValueError):
        spikes.close()
        spikes.interpolation_window, spikes.interpolation_align = 1.0, "left"
        spikes.interpolate([5.0])


def test_what_normalises_may_be_set(tmp_path, rng):
    """By a program, or a class of its own, before or after the first values; what is read anew is the file's again."""
    data = rng.random((51, 3))
    folder = recordings.sequence(tmp_path / "d", data)
    device = SequenceInterpolator(folder, normalize=True, normalize_subtract_mean=True)
    stored = device.interpolate([1.0])
    device.mean = np.array([0.0, 1.0, 2.0])
    np.testing.assert_allclose(device.interpolate([1.0]), (data[[10]] - [0, 1, 2]) / device.std)
    device.std = np.array([1.0, 2.0, 4.0])
    np.testing.assert_allclose(device.interpolate([1.0]), (data[[10]] - [0, 1, 2]) / [1, 2, 4])
    device._precision = np.array([2.0, 2.0, 2.0])
    np.testing.assert_allclose(device.interpolate([1.0]), (data[[10]] - [0, 1, 2]) * 2)
    device.normalize_init()
    assert device.interpolate([1.0]).tobytes() == stored.tobytes()

    class Own(SequenceInterpolator):
        def normalize_init(self):
            self.mean, self._precision = np.zeros(3), np.ones(3)

    assert np.array_equal(Own(folder, normalize=True, normalize_subtract_mean=True).interpolate([1.0]), data[[10]])


def test_behaviour_and_masks_are_of_a_screen_of_any_name(tmp_path, rng):
    recordings.make(tmp_path / "r")
    (tmp_path / "r" / "screen").rename(tmp_path / "r" / "monitor")
    config = recordings.config(screen=None, monitor=recordings.config()["screen"])
    for name in ("eye_tracker", "treadmill"):
        config[name]["chunk_size"] = 20
    whole = ChunkDataset(tmp_path / "r", modality_config=config, add_behavior_as_channels=True)
    config["eye_tracker"] = {**config["eye_tracker"], "transforms": {"mine": lambda x: x, "normalization": "normalize"}}
    mine = ChunkDataset(tmp_path / "r", modality_config=config, add_behavior_as_channels=True)
    assert tuple(mine[3]["monitor"].shape) == tuple(whole[3]["monitor"].shape) == (6, 20, 6, 8)
    np.testing.assert_allclose(np.asarray(mine[3]["monitor"]), np.asarray(whole[3]["monitor"]), rtol=1e-6)
    with pytest.warns(UserWarning, match="add_behavior_as_channels: treadmill is not among the devices .*, and gives no channels"):
        ChunkDataset(tmp_path / "r", modality_config={n: c for n, c in config.items() if n != "treadmill"}, add_behavior_as_channels=True)
    config["treadmill"] = {**config["treadmill"], "offset": 0.5}
    with pytest.warns(UserWarning, match="treadmill is sampled at 30 Hz with offset 0.5, monitor at 30 Hz with offset 0, so that"):
        ChunkDataset(tmp_path / "r", modality_config=config, add_behavior_as_channels=True)

    class Own(ChunkDataset):
        def get_condition_mask_from_meta_conditions(self, conditions):
            return super().get_condition_mask_from_meta_conditions([{"tier": "train"}])

    with pytest.raises(ConfigError, match="found responses as the device that leads, expected lead_device='monitor'; override"):
        Own(tmp_path / "r", modality_config=config)
    given = {"modality_config": config, "lead_device": "monitor"}
    own, plain = Own.from_config(tmp_path / "r", given), ChunkDataset.from_config(tmp_path / "r", given)
    assert 0 < len(own) < len(plain) and set(own._valid_screen_times) <= set(plain.get_full_valid_sample_times())


def test_what_an_open_device_has_read_is_not_changed_in_place(tmp_path, rng):
    folder = recordings.sequence(tmp_path / "d", rng.random((51, 3)))
    screen = ScreenInterpolator(recordings.screen(tmp_path / "screen", rng))
    labels = TimeIntervalInterpolator(recordings.labels(tmp_path / "labels", {"a": [[0, 1]]}, 5.0))
    device = SequenceInterpolator(folder)
    with pytest.raises(ValueError, match="read-only"):
        device._data[0] = 5.0  # of a file that is mapped
    for array, name in ((lambda: device.mean, "mean"), (lambda: screen.timestamps, "timestamps"), (lambda: labels.labeled_intervals["a"], "labeled_intervals")):
        before = array().tolist()
        for change in (
            lambda a: a.__setitem__(0, 5.0),
            lambda a: a[:1].__setitem__(0, 5.0),
            lambda a: a.T.fill(5.0),
            lambda a: a.sort(),
            lambda a: np.add(a, 1, out=a),
            lambda a: np.add.at(a, 0, 1),
            lambda a: np.copyto(a, 5.0),
        ):
            with pytest.raises(ValueError, match=f"{name}: found a change in place of what a .* that is open has read, .*: set {name} to another one"):
                change(array())
        assert array().tolist() == before
    with pytest.raises(TypeError, match="labeled_intervals: found a change in place of what a TimeIntervalInterpolator that is open has read"):
        labels.labeled_intervals["b"] = np.zeros((0, 2))
    with pytest.raises(TypeError, match="trials: found a change in place .* set trials to another one"):
        screen.trials[0] = screen.trials[2]
    for name, value in (("num_frames", 3), ("first_frame_idx", 7), ("image_size", (1, 1))):
        with pytest.warns(UserWarning, match=f"found an assignment of .* to {name} of a trial of a screen that is open, which changes nothing"):
            setattr(screen.trials[0], name, value)
    labels.labeled_intervals = {"b": np.array([[2.0, 3.0]])}
    assert labels.labels == ["b"] and labels.interpolate([2.5]).tolist() == [[True]]
    labels.labeled_intervals["c"] = np.array([[2.0, 2.2]])  # the program's own
    del labels.labeled_intervals
    labels.labeled_intervals |= {"b": np.array([[2.0, 3.0]])}
    assert labels.labels == ["a", "b"] and labels.interpolate([2.5]).tolist() == [[False, True]]


def test_what_an_open_device_has_read_is_an_array_as_others(tmp_path, rng):
    """Assignments that look like changes in place are followed, and what is computed or copied may be changed."""
    data = rng.random((51, 3))
    folder = recordings.sequence(tmp_path / "d", data)
    device = SequenceInterpolator(folder, normalize=True, normalize_subtract_mean=True)
    before, mean = device.interpolate([1.0]), device.mean.tolist()
    for mine in (device.mean + 1, device.mean[device.mean > 0], device.mean.copy(), copy.deepcopy(device.mean), pickle.loads(pickle.dumps(device.mean))):
        mine[0] = 7
        assert type(mine) is np.ndarray
    mine = device.mean
    mine -= 1
    assert type(mine) is np.ndarray and device.mean.tolist() == mean and repr(device.mean) == repr(np.array(mean))
    assert device.interpolate([1.0]).tobytes() == before.tobytes()
    device.mean += 1
    device.std *= 2
    np.testing.assert_allclose(device.interpolate([1.0]), (data[[10]] - np.array(mean) - 1) / (data.std(axis=0) + 0.1) / 2)
    device.mean[0] += 1
    np.testing.assert_allclose(device.mean, np.array(mean) + [2, 1, 1])

    class Own(SequenceInterpolator):
        def normalize_init(self):
            super().normalize_init()
            self.std[self.std < 10] = 10

    own = Own(folder, normalize=True)
    np.testing.assert_allclose(own.interpolate([1.0]), data[[10]] / 10)
    later = Own(folder)
    later.normalize_init()
    later.normalize = True
    np.testing.assert_allclose(later.interpolate([1.0]), data[[10]] / 10)
    screen = ScreenInterpolator(recordings.screen(tmp_path / "screen", rng))
    first = screen.interpolate([1.0])
    screen.timestamps -= 0.5
    assert screen.interpolate([0.5]).tobytes() == first.tobytes()


def test_trials_that_are_copied_or_set_anew_may_be_changed(tmp_path, rng):
    screen = ScreenInterpolator(recordings.screen(tmp_path / "screen", rng))
    trial = screen.trials[0]
    trial.image_size = np.array(trial.image_size)  # the same
    with pytest.warns(UserWarning, match="found an assignment of ndarray .* to image_size of a trial of a screen that is open"):
        trial.image_size = np.array([2, 3])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for made in (copy.copy, copy.deepcopy, lambda t: pickle.loads(pickle.dumps(t))):
            mine = made(screen.trials[1])
            mine.num_frames = 77
            assert mine.num_frames == 77 and screen.trials[1].num_frames == 1
        screen.trials = list(screen.trials)
        screen.trials[0].num_frames = 5
        screen.trials += [screen.trials[0]]


def test_what_an_open_device_or_experiment_does_not_look_at_is_said(tmp_path, rng):
    folder = recordings.sequence(tmp_path / "d", rng.random((51, 3)))
    device = SequenceInterpolator(folder)
    experiment = Experiment(tmp_path, {"d": {}})
    for thing, name, value, said in (
        (device, "sampling_rate", 5.0, "found an assignment of float 5.0 to sampling_rate of a SequenceInterpolator that is open, .*set time_delta"),
        (device, "n_signals", 2, "n_signals .* open it with columns"),
        (device, "cache_data", True, "cache_data"),
        (device, "root_folder", tmp_path, "root_folder"),
        (experiment, "start_time", 1.0, "found an assignment of float 1.0 to start_time of an Experiment that is open, which changes nothing"),
        (experiment, "end_time", 1.0, "end_time"),
        (experiment, "cache_data", True, "cache_data"),
    ):
        with pytest.warns(UserWarning, match=said):
            setattr(thing, name, value)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            setattr(thing, name, value)

    class Own(SequenceInterpolator):
        pass

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Own(folder).n_signals = 7  # which its own methods may look at


def test_attributes_behind_the_interface(tmp_path, rng):
    screen = Interpolator.create(recordings.screen(tmp_path / "s", rng))
    assert screen._num_frames == [120, 1, 120, 1, 120] and screen._first_frame_idx == [0, 120, 121, 241, 242]
    assert screen._data_file_idx.tolist() == [0] * 120 + [1] + [2] * 120 + [3] + [4] * 120
    assert tuple(screen._image_size) == (6, 8) and screen.timestamps is screen.timestamps
    spikes = Interpolator.create(recordings.spikes(tmp_path / "p", [np.arange(3.0)], 10.0, mapped=True))
    assert spikes.is_mem_mapped and spikes.dat_path.name == "spikes.mem" and spikes.indices.tolist() == [0, 3]
    labels = Interpolator.create(recordings.labels(tmp_path / "l", {"a": [[0, 1]]}, 5.0))
    assert list(labels.meta_labels) == ["a"] and labels.labeled_intervals["a"].tolist() == [[0, 1]]


def test_trials_as_the_original_makes_them():
    meta = {"modality": "Invalid", "image_size": [2, 3], "first_frame_idx": 4, "interleave_value": 7}
    trial = ScreenTrial.create("a/b.npy", meta)
    # an invalid trial is no blank: programs count blanks
    assert type(trial) is InvalidTrial and not isinstance(trial, BlankTrial)
    assert trial.data_file_name == "a/b.npy" and (trial.get_data() == 7).all() and trial.get_data().shape == (1, 2, 3)
    assert isinstance(ScreenTrial.create("c.npy", {**meta, "modality": "IMAGE"}), ImageTrial)
    for error in (AssertionError, ValueError):
        with pytest.raises(error, match="Unknown modality"):
            ScreenTrial.create("c.npy", {**meta, "modality": "odor"})


# ---- experiments and targets ----


def test_unknown_devices(recording):
    experiment = Experiment(recording, recordings.config())
    for error in (AssertionError, ValueError, KeyError):
        with pytest.raises(error, match="nobody"):
            experiment.interpolate(np.array([1.0]), device="nobody")
    with pytest.raises(ValueError, match="Unsupported device type"):
        experiment.interpolate(np.array([1.0]), device=3)


class KeywordOnly(Interpolator):
    def __init__(self, *, root_folder, scale=1, parts=()):
        super().__init__(root_folder)
        self.scale, self.parts = scale, parts
        self.start_time, self.end_time, self.valid_interval = 0.0, 100.0, TimeInterval(0.0, 100.0)

    def interpolate(self, times):
        return np.full((len(times), 1), float(self.scale))


def test_targets_are_made_as_hydra_makes_them(tmp_path, monkeypatch):
    module = types.ModuleType("lab_parts")
    module.KeywordOnly = KeywordOnly
    module.Nothing = type("Nothing", (), {"__init__": lambda self, **_: None})
    monkeypatch.setitem(__import__("sys").modules, "lab_parts", module)
    recordings.make(tmp_path / "r")
    target = {
        "_target_": "lab_parts.KeywordOnly",
        "scale": 4,
        "parts": [{"_target_": "builtins.complex", "_args_": [1, 2]}, {"_target_": "builtins.max", "_partial_": True}],
    }
    config = recordings.config()
    config["treadmill"]["interpolation"] = target
    experiment = Experiment(tmp_path / "r", config)
    device = experiment.devices["treadmill"]
    assert type(device) is KeywordOnly and device.parts[0] == 1 + 2j and device.parts[1](3, 4) == 4
    d = ChunkDataset(tmp_path / "r", modality_config={**config, "treadmill": {**config["treadmill"], "transforms": {}}})
    assert (np.asarray(d[0]["treadmill"]) == 4).all()
    config["treadmill"]["interpolation"] = {"_target_": "lab_parts.Nothing"}
    with pytest.raises(ValueError, match="Nothing"):
        Experiment(tmp_path / "r", config)


# ---- datasets ----


class Doubled(ChunkDataset):
    def __init__(self, *args, tag="none", **kwargs):
        self.early = tag
        super().__init__(*args, **kwargs)
        self.tag = tag

    def __getitem__(self, idx):
        item = super().__getitem__(idx)
        item["responses"] = item["responses"] * 2
        return item


def test_loaders_use_the_items_of_a_subclass(dataset, recording):
    own = Doubled(recording, modality_config=recordings.config(), seed=3, tag="x")
    expected = np.stack([np.asarray(dataset[i]["responses"]) * 2 for i in range(len(dataset))])
    for loader in (
        syncline.DataLoader(own, 5),
        syncline.DataLoader(own, 5, num_workers=2),
        MultiEpochsDataLoader(own, batch_size=5, num_workers=2),
        (batch for _, batch in FastSessionDataLoader(SessionConcatDataset([own]), batch_size=5)),
        [own.read_batch(range(len(own)))],
    ):
        assert np.array_equal(np.concatenate([np.asarray(b["responses"]) for b in loader]), expected)
    for again in (pickle.loads(pickle.dumps(own)), copy.deepcopy(own)):
        assert (again.tag, again.early) == ("x", "x") and type(again) is Doubled
        assert np.array_equal(np.asarray(again[1]["responses"]), expected[1])


def test_items_made_from_the_parts(dataset, recording):
    class Targeted(ChunkDataset):
        def __getitem__(self, idx):
            start = self._valid_screen_times[idx]
            out = {}
            for name in self.device_names:
                count = self.chunk_sizes[name]
                step = round(1e5 / self.sampling_rates[name])
                times = (round(start * 1e5) + np.arange(count) * step) / self.scale_precision
                values = self.transforms[name](self._experiment.interpolate(times, device=name))
                if values.shape[0] == 1:
                    values = values[0]
                if name == "screen" and values.shape[0] == count:
                    values = values.swapaxes(0, 1)
                out[name] = values
            return out

    own = Targeted(recording, modality_config=recordings.config())
    for i in (0, 7, len(own) - 1):
        for name, values in own[i].items():
            assert close(values, dataset[i][name], 2e-6), name


def test_start_times_may_be_set(dataset):
    expected = [np.asarray(dataset[i]["screen"]) for i in (5, 6)]
    dataset._valid_screen_times = dataset._valid_screen_times[5:7]
    assert len(dataset) == 2 and all(same(dataset[i]["screen"], expected[i]) for i in range(2))
    trials = dataset._trials
    assert dataset._start_times.tolist() == [dataset._experiment.devices["screen"].timestamps[t.first_frame_idx] for t in trials]
    assert dataset._end_times.tolist() == [*dataset._start_times[1:].tolist(), np.inf]
    assert dataset.meta_conditions["tier"] == ["train", "blank", "train", "test", "train"]
    assert len(dataset._screen_sample_times) == len(dataset.get_screen_sample_mask_from_meta_conditions(1, [{}]))
    assert dataset.sample_stride == 2 and dataset.scale_precision == 10**5


def test_a_mask_of_many_samples_is_as_long_as_the_original_makes_it(dataset):
    one = dataset.get_screen_sample_mask_from_meta_conditions(1, [{"tier": "train"}])
    five = dataset.get_screen_sample_mask_from_meta_conditions(5, [{"tier": "train"}])
    assert np.array_equal(five, np.lib.stride_tricks.sliding_window_view(one, 5).all(axis=1))
    assert len(dataset.get_screen_sample_mask_from_meta_conditions(10**6, [{"tier": "train"}])) == 0


def test_arguments_may_be_set(dataset):
    first = dataset[0]
    dataset._valid_screen_times = dataset._valid_screen_times[:3]
    dataset.out_keys = ["screen"]
    assert list(dataset[0]) == ["screen"] and len(dataset) == 3
    dataset.out_keys = ["responses", "timestamps"]
    dataset.normalize_timestamps = False
    assert np.asarray(dataset[0]["timestamps"]["screen"]).dtype == np.float64
    dataset.normalize_timestamps = True
    assert same(dataset[0]["timestamps"]["screen"], first["timestamps"]["screen"])
    dataset.out_keys = None
    dataset.add_behavior_as_channels = True
    assert dataset.add_behavior_as_channels and dataset[0]["screen"].shape[0] == 1 + 4 + 1


def test_devices_and_transforms_may_be_changed(dataset, recording):
    expected = np.asarray(dataset[0]["responses"])
    devices = dataset._experiment.devices
    devices["responses"].interpolation_mode = "linear"
    assert np.asarray(dataset[0]["responses"]).dtype == np.float64
    devices["responses"].interpolation_mode = "nearest_neighbor"
    assert same(dataset[0]["responses"], expected)
    devices["responses"]._data = np.array(devices["responses"]._data) * 2
    assert close(dataset[0]["responses"], expected * 2)
    loaded = next(iter(syncline.DataLoader(dataset, 2)))
    assert close(loaded["responses"][0], expected * 2)
    del devices["responses"]._data
    original = dataset.transforms["responses"]
    dataset.transforms["responses"] = lambda values: original(values) * 3
    assert close(dataset[0]["responses"], expected * 3)
    dataset.transforms = {**dataset.transforms, "responses": original}
    assert same(dataset[0]["responses"], expected)

    class Own(ChunkDataset):
        def initialize_transforms(self):
            made = super().initialize_transforms()
            return {**made, "responses": lambda values: made["responses"](values) * 5}

        def get_full_valid_sample_times(self, filter_for_valid_intervals=True):
            return super().get_full_valid_sample_times(filter_for_valid_intervals)[:9]

    own = Own(recording, modality_config=recordings.config(), seed=1)
    assert len(own) == 5 and close(own[0]["responses"], expected * 5)
    own.shuffle_valid_screen_times()
    drawn = np.sort(np.random.RandomState(1).choice(own.get_full_valid_sample_times(), 4, replace=False))
    assert np.array_equal(own._valid_screen_times, drawn)


class Twice:
    """A transform that can be pickled."""

    def __call__(self, values):
        return np.asarray(values)[None] * 2


def test_copies_have_the_devices_and_transforms_that_were_changed(dataset):
    dataset.transforms["responses"] = Twice()
    dataset._experiment.devices["treadmill"].interpolation_mode = "linear"
    dataset.modality_config["eye_tracker"]["offset"] = 0.5  # without effect, which is a warning
    with pytest.warns(UserWarning, match="eye_tracker.offset was changed"):
        expected = dataset[len(dataset) - 1]
    for copied in (copy.copy(dataset), copy.deepcopy(dataset), pickle.loads(pickle.dumps(dataset))):
        found = copied[len(copied) - 1]
        assert all(same(found[name], expected[name]) for name in ("screen", "responses", "eye_tracker", "treadmill"))
        copied.close()
    assert same(dataset[len(dataset) - 1]["treadmill"], expected["treadmill"])


class Narrowed(ChunkDataset):
    """Overrides what decides chunks, statistics and channels; of a module, so that it can be pickled."""

    def get_valid_intervals_from_filters(self, visualize=False):
        return [TimeInterval(5, 7.5), (9, 11)]

    def initialize_statistics(self):
        super().initialize_statistics()
        self._statistics["treadmill"]["std"] = self._statistics["treadmill"]["std"] * 4

    def add_channel_function(self, x):
        return np.repeat(np.asarray(x)[:, None], 3, 1)


def seen(dataset, results=None):
    item = dataset[len(dataset) - 1]
    values = {name: np.asarray(item[name]) for name in ("screen", "responses", "treadmill")}
    answer = type(dataset).__name__, len(dataset), list(dataset._valid_screen_times), values
    if results is not None:
        results.put(answer)
    return answer


def alike(a, b):
    return a[:3] == b[:3] and all(same(a[3][name], b[3][name]) for name in a[3])


def test_copies_of_a_subclass_follow_its_methods_also_in_spawned_processes(recording):
    plain = seen(ChunkDataset(recording, modality_config=recordings.config()))
    dataset = Narrowed(recording, modality_config=recordings.config())
    expected = seen(dataset)
    assert 0 < expected[1] < plain[1] and expected[3]["screen"].shape[0] == 3
    for copied in (copy.copy(dataset), copy.deepcopy(dataset), pickle.loads(pickle.dumps(dataset))):
        assert alike(seen(copied), expected)
        copied.close()
    dataset.transforms["responses"] = Twice()
    exchanged = seen(dataset)
    assert not same(exchanged[3]["responses"], expected[3]["responses"])
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    process = context.Process(target=seen, args=(dataset, results), daemon=True)
    process.start()
    assert alike(results.get(timeout=300), exchanged)
    process.join(60)
    assert process.exitcode == 0


def test_methods_that_a_subclass_overrides_are_followed(recording):
    config = recordings.config()
    plain = ChunkDataset(recording, modality_config=config, normalize_timestamps=False)
    expected = plain[0]

    class Alike(ChunkDataset):
        def get_valid_intervals_from_filters(self, visualize=False):
            return super().get_valid_intervals_from_filters(visualize)

    class Filtered(ChunkDataset):
        def get_valid_intervals_from_filters(self, visualize=False):
            return [TimeInterval(5, 7.5), (9, 11)]

    class Chosen(ChunkDataset):
        def get_condition_mask_from_meta_conditions(self, valid_conditions_sum_of_product):
            return np.arange(len(self._trials)) == 2

    class Masked(ChunkDataset):
        def get_screen_sample_mask_from_meta_conditions(self, satisfy_for_next, conditions, filter_for_valid_intervals=True):
            mask = super().get_screen_sample_mask_from_meta_conditions(satisfy_for_next, conditions, filter_for_valid_intervals)
            mask[30:] = False
            return mask

    class Statistics(ChunkDataset):
        def initialize_statistics(self):
            super().initialize_statistics()
            self._statistics["treadmill"]["std"] = self._statistics["treadmill"]["std"] * 4

    class Coloured(ChunkDataset):
        def add_channel_function(self, x):
            return np.repeat(np.asarray(x)[:, None], 3, 1)

    class Called(ChunkDataset):
        @staticmethod
        def get_data_key_from_root_folder(root_folder):
            return "mine"

    for conditions in (config, {**config, "screen": {**config["screen"], "valid_condition": None}}):
        opened = [of(recording, modality_config=conditions) for of in (ChunkDataset, Alike)]
        assert np.array_equal(*(d._valid_screen_times for d in opened)) and len(opened[0])
    all_starts, length = plain.get_full_valid_sample_times(), plain.chunk_sizes["screen"] / 30
    for of, valid in (
        (Filtered, [(5, 7.5), (9, 11)]),
        (Chosen, [tuple(plain._experiment.devices["screen"].timestamps[[121, 241]])]),
        (Masked, [(0, all_starts[0] + 29 / 30 + length)]),
    ):
        own = of(recording, modality_config=config, normalize_timestamps=False)
        begin, last = all_starts, all_starts + length - 1 / 30
        inside = np.any([(begin >= a) & (last < b) for a, b in valid], axis=0)
        starts = own.get_full_valid_sample_times()
        assert 0 < len(starts) < len(all_starts) and set(all_starts[inside]) <= set(starts)
        assert all(any(a <= s and s + length - 1 / 30 < b for a, b in valid) for s in starts)
        batches = list(syncline.DataLoader(own, 4, output="numpy"))
        assert np.concatenate([b["timestamps"]["screen"][:, 0] for b in batches]).size == len(own)
        assert np.allclose(np.concatenate([b["timestamps"]["screen"][:, 0] for b in batches]), own._valid_screen_times, atol=1e-5)
        with pytest.raises(ValueError, match=f"shuffle_each_epoch: this loader draws .* {of.__name__} has methods"):
            syncline.DataLoader(own, shuffle_each_epoch=True)
        with pytest.raises(ValueError, match=f"{of.__name__}.get_.* is its own, .* found time_grid; override get_full_valid"):
            of.from_config(recording, {"modality_config": config}, time_grid="exact")
    own = Statistics(recording, modality_config=config)
    assert close(own[0]["treadmill"] * 4, expected["treadmill"], 1e-5)
    assert close(next(iter(syncline.DataLoader(own)))["treadmill"][0] * 4, expected["treadmill"], 1e-5)
    coloured = Coloured(recording, modality_config=config)[0]["screen"]
    assert coloured.shape[0] == 3 and all(close(coloured[c], expected["screen"][0], 1e-5) for c in range(3))
    own = Called(recording, modality_config=config)
    own.out_keys = ["responses"]
    assert own.data_key == own.get_state()["data_key"] == "mine"


def test_statistics_that_a_program_changes_are_those_of_transforms_made_then(dataset):
    expected = np.asarray(dataset[0]["treadmill"])
    dataset._statistics["treadmill"]["std"] = dataset._statistics["treadmill"]["std"] * 4
    dataset.transforms = dataset.initialize_transforms()
    assert close(dataset[0]["treadmill"] * 4, expected, 1e-5)


def test_transforms_are_not_asked_for_while_they_are_made(recording):
    class Asking(ChunkDataset):
        def initialize_transforms(self):
            return {**self.transforms}

    class Forgetful(ChunkDataset):
        def initialize_transforms(self):
            super().initialize_transforms()

    with pytest.raises(AttributeError, match="Asking.initialize_transforms reads them before"):
        Asking(recording, modality_config=recordings.config())
    with pytest.raises(ValueError, match="Forgetful.initialize_transforms returned NoneType None, expected a map"):
        Forgetful(recording, modality_config=recordings.config())


def test_a_length_of_a_subclass_is_that_of_loaders(recording):
    class Short(ChunkDataset):
        def __len__(self):
            return 5

    class Later(Short):
        def __getitem__(self, idx):
            return super().__getitem__(idx + 10)

    class Long(ChunkDataset):
        def __len__(self):
            return 10_000

    plain = ChunkDataset(recording, modality_config=recordings.config())
    for of, first in ((Short, 0), (Later, 10)):
        own = of(recording, modality_config=recordings.config())
        loader = syncline.DataLoader(own, 2, output="numpy")
        batches = list(loader)
        assert len(loader) == len(batches) == 3
        for i, values in enumerate(np.concatenate([b["responses"] for b in batches])):
            assert same(values, plain[first + i]["responses"])
        assert sum(len(b["responses"]) for b in syncline.DataLoader(own, 2, shuffle=True)) == 5
        assert sum(len(b["responses"]) for b in syncline.DataLoader(own, 2, indices=[-1, 0])) == 2
    with pytest.raises(ValueError, match="Long.__len__: found 10000, expected at most"):
        syncline.DataLoader(Long(recording, modality_config=recordings.config()))


def test_sessions_of_a_subclass_make_their_items(recording):
    class Silenced(SessionConcatDataset):
        def __getitem__(self, idx):
            item = dict(super().__getitem__(idx))
            return {**item, "responses": item["responses"] * 0 + idx}

    plain = ChunkDataset(recording, modality_config=recordings.config())
    sessions = Silenced([plain, ChunkDataset(recording, modality_config=recordings.config())], ["a", "b"])
    found = [np.unique(np.asarray(b["responses"])) for _, b in FastSessionDataLoader(sessions, 2)]
    assert sorted(np.concatenate(found).tolist()) == list(range(len(sessions)))


def test_without_a_seed_the_global_generator_draws(recording):
    d = ChunkDataset(recording, modality_config=recordings.config())
    times = d.get_full_valid_sample_times()
    np.random.seed(7)
    for _ in range(2):
        d.shuffle_valid_screen_times()
    np.random.seed(7)
    expected = [np.sort(np.random.choice(times, len(times) // 2, replace=False)) for _ in range(2)][1]
    assert np.array_equal(d._valid_screen_times, expected) and d.get_state()["rng_state"] is None


def test_a_device_may_be_exchanged(dataset, recording):
    expected = np.asarray(dataset[0]["treadmill"])
    other = Interpolator.create(recording / "treadmill")
    other._data = other._data + 1
    dataset._experiment.devices["treadmill"] = other
    std = dataset._statistics["treadmill"]["std"]
    assert close(dataset[0]["treadmill"], (expected + 1 / std).astype(expected.dtype), 1e-5)


def test_samples_are_a_memmap_only_where_the_original_has_one(tmp_path, rng):
    data = rng.random((9, 2))
    plain = Interpolator.create(recordings.sequence(tmp_path / "a", data))
    mapped = recordings.sequence(tmp_path / "b", data, mapped=True)
    assert type(plain._data) is np.ndarray and type(Interpolator.create(mapped)._data) is np.memmap
    cached = Interpolator.create(mapped, cache_data=True)._data
    assert isinstance(cached, np.ndarray) and not isinstance(cached, np.memmap) and cached.dtype == np.float32


def test_helpers_change_what_the_original_changes():
    data = np.array([[1.0, np.nan], [3.0, np.nan]])
    data[1, 0] = np.nan
    assert replace_nan_with_batch_mean(data) is data and data.tolist() == [[1, 0], [1, 0]]
    data[0, 0] = np.nan
    data.flags.writeable = False
    assert replace_nan_with_batch_mean(data).tolist() == [[1, 0], [1, 0]] and np.isnan(data[0, 0])
    planes = {"screen": np.zeros((1, 2, 3, 4)), "eye_tracker": np.ones((2, 3, 4)), "treadmill": np.full((2, 2), 5.0)}
    screen = add_behavior_as_channels(planes)["screen"]
    assert screen.shape == (4, 2, 3, 4) and screen[:, 0, 0, 0].tolist() == [0, 1, 5, 5]
    assert repr(TimeInterval(np.float64(0), 1)) == "TimeInterval(start=0.0, end=1)"


# ---- sessions ----


def test_session_classes():
    sessions = SessionConcatDataset([range(5), range(8)], ["a", "b"])
    assert sessions.get_sessions_count() == {"a": 5, "b": 8}
    assert sessions.get_indices_for_session("c") == [] and sessions.get_indices_for_session("b")[0] == 5
    sampler = SessionBatchSampler(sessions, 3)
    assert sampler.batches_per_session == {"a": 2, "b": 3} and sampler.session_indices["a"] == [0, 1, 2, 3, 4]
    assert SessionSpecificSampler([1, 2, 3], 2).num_batches == 2
    loader = FastSessionDataLoader(sessions, batch_size=3)
    assert loader.max_batches_per_session == 3 and loader.active_sessions == {"a", "b"}
    batches = iter(loader)
    next(batches), next(batches), next(batches)
    assert loader.session_positions == loader.batches_from_session == {"a": 2, "b": 1}
    assert loader.active_sessions == {"b"} and loader.batches_per_session == {"a": 2, "b": 3}


def test_multi_epochs_attributes(dataset):
    loader = MultiEpochsDataLoader(dataset, batch_size=4, drop_last=True, num_workers=1, prefetch_factor=3)
    assert (loader.batch_size, loader.drop_last, loader.num_workers, loader.prefetch_factor) == (4, True, 1, 3)
    assert loader.dataset is dataset and not loader.pin_memory and callable(loader.collate_fn)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert sum(1 for _ in loader) == len(loader)
