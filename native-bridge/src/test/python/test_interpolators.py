# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""syncline.interpolators: names, signatures, results, warnings and exceptions that projects rely on."""

import inspect
import json
import pickle
import warnings
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import recordings

from syncline import interpolators
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
    VideoTrial,
)
from syncline.intervals import TimeInterval

EMPTY = "Interpolation returns empty array, no valid times queried"


def values_of(rng, rows=51, columns=4, dtype=np.float64):
    return rng.random((rows, columns)).astype(dtype)


@pytest.fixture
def rng():
    return np.random.default_rng(5)


def test_times_that_their_type_has_rounded_are_a_warning(tmp_path, rng):
    values = values_of(rng, rows=400)
    with Interpolator.create(recordings.sequence(tmp_path / "d", values, start=1.7e9)) as device:
        times = 1.7e9 + np.arange(20) / 2
        with pytest.warns(UserWarning, match="times: found float32, which has steps of 128 s at 1.7e.09, expected float64"):
            device.interpolate(times.astype(np.float32))
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert np.array_equal(device.interpolate(times), values[::5][:20])
    with Interpolator.create(recordings.sequence(tmp_path / "e", values)) as device, warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.array_equal(device.interpolate(np.float32([0.5, 3])), values[[5, 30]])


def defaults(f):
    return {
        n: p.default for n, p in inspect.signature(f).parameters.items() if n != "self" and p.kind is not p.VAR_KEYWORD
    }


def test_signatures():
    none = inspect.Parameter.empty
    assert defaults(Interpolator.create) == {"root_folder": none, "cache_data": False}
    assert defaults(SequenceInterpolator) == {
        "root_folder": none,
        "cache_data": False,
        "keep_nans": False,
        "interpolation_mode": "nearest_neighbor",
        "normalize": False,
        "normalize_subtract_mean": False,
        "normalize_std_threshold": None,
    }
    assert defaults(ScreenInterpolator) == {
        "root_folder": none,
        "cache_data": False,
        "rescale": False,
        "rescale_size": None,
        "normalize": False,
        "use_stimuli_names": False,
    }
    assert defaults(SpikeInterpolator) == {
        "root_folder": none,
        "cache_data": False,
        "interpolation_window": 0.3,
        "interpolation_align": "center",
        "smoothing_sigma": 0.0,
    }
    for cls in (SequenceInterpolator, ScreenInterpolator, SpikeInterpolator, TimeIntervalInterpolator, Interpolator):
        assert defaults(cls.interpolate) == {"times": none, "return_valid": False}
    assert issubclass(PhaseShiftedSequenceInterpolator, SequenceInterpolator)
    for trial in (ImageTrial, VideoTrial, BlankTrial, InvalidTrial):
        assert issubclass(trial, ScreenTrial)
    assert set(interpolators.__all__) >= {"Interpolator", "ScreenTrial", "SpikeInterpolator"}


@pytest.mark.parametrize("mapped", [False, True])
@pytest.mark.parametrize("columns", [0, 1, 9])
@pytest.mark.parametrize("rate", [3.0, 100.0])
def test_nearest_neighbor_holds_the_sample(tmp_path, rng, mapped, columns, rate):
    data = values_of(rng, 40, columns)
    folder = recordings.sequence(tmp_path / "d", data, rate, mapped=mapped)
    with closing(Interpolator.create(str(folder))) as device:
        assert type(device) is SequenceInterpolator
        stamps = np.arange(40) / rate
        for part, row in ((1e-9, 0), (0.8 / rate, 0), (1.2 / rate, 1)):
            values, valid = device.interpolate(times=stamps[:10] + part, return_valid=True)
            assert np.array_equal(values, data[row : row + 10])
            assert valid.tolist() == list(range(10)) and valid.dtype.kind == "i"
            assert isinstance(device.interpolate(stamps[:10] + part), np.ndarray)


@pytest.mark.parametrize("dtype", ["float32", "float64", "int16", "uint8", "int64", "bool", "float16"])
@pytest.mark.parametrize("mapped", [False, True])
def test_stored_dtype_is_kept(tmp_path, rng, dtype, mapped):
    data = (values_of(rng) * 100).astype(dtype)
    folder = recordings.sequence(tmp_path / "d", data, mapped=mapped)
    with Interpolator.create(folder) as device:
        values = device.interpolate(np.array([0.05, 1.0]))
        assert values.dtype == data.dtype
        assert np.array_equal(values, data[[0, 10]])
        values[:] = 0  # an array of the caller's own
        assert np.array_equal(device.interpolate([0.05, 1.0]), data[[0, 10]])
        device.interpolation_mode = "linear"
        assert device.interpolate([0.05]).dtype == np.float64


def test_times_are_anything_numpy_takes(tmp_path, rng):
    data = values_of(rng)
    with Interpolator.create(recordings.sequence(tmp_path / "d", data)) as device:
        expected = device.interpolate(np.array([3.0, 1.0, 2.0]))
        assert np.array_equal(expected, data[[30, 10, 20]])
        for times in ([3.0, 1.0, 2.0], (3, 1, 2), np.array([3, 1, 2], dtype=np.int32), np.float32([3, 1, 2])):
            assert np.array_equal(device.interpolate(times), expected)
        assert np.array_equal(device.interpolate(np.array([0.0, 3.0, 9.0, 1.0, 9.0, 2.0])[1::2]), expected)


@pytest.mark.parametrize("mode", ["nearest_neighbor", "linear", "previous", "nearest"])
@pytest.mark.parametrize("shifted", [False, True])
def test_no_valid_time_warns(tmp_path, rng, mode, shifted):
    data = values_of(rng)
    folder = recordings.sequence(tmp_path / "d", data, shifts=[0, 0.01, 0.02, 0.03] if shifted else None)
    with Interpolator.create(folder) as device:
        assert isinstance(device, PhaseShiftedSequenceInterpolator) == shifted
        device.interpolation_mode = mode
        for times in ([], [-1.0, 77.0], [np.nan]):
            with pytest.warns(UserWarning, match=EMPTY):
                values, valid = device.interpolate(times=np.array(times), return_valid=True)
            assert values.shape == (0, 4) and valid.shape == (0,)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            device.interpolate([1.0])


def test_nan_times_are_not_valid(tmp_path, rng):
    data = values_of(rng)
    with Interpolator.create(recordings.sequence(tmp_path / "d", data)) as device:
        values, valid = device.interpolate([1.0, np.nan, 2.0, np.inf, -np.inf], return_valid=True)
        assert valid.tolist() == [0, 2]
        assert np.array_equal(values, data[[10, 20]])
        assert device.valid_times(np.array([np.nan, 1.0, 99.0])).tolist() == [1]


def test_linear(tmp_path, rng):
    data = values_of(rng)
    data[11, 2] = np.nan
    folder = recordings.sequence(tmp_path / "d", data)
    times = np.array([1.03, 1.05, 2.0, 5.0])
    rows = [10, 10, 20]
    w = (np.array([1.03, 1.05, 2.0]) - np.arange(51)[rows] / 10) / 0.1
    expected = (1 - w)[:, None] * data[rows] + w[:, None] * data[[11, 11, 21]]
    with Interpolator.create(folder, interpolation_mode="linear", keep_nans=True) as device:
        values, valid = device.interpolate(times, return_valid=True)
        assert valid.tolist() == [0, 1, 2]  # 5.0 has no sample after it
        np.testing.assert_allclose(values, expected, rtol=1e-12, equal_nan=True)
        assert np.isnan(values).sum() == 2
    with Interpolator.create(folder, interpolation_mode="linear") as device:
        filled = device.interpolate(times)
        assert not np.isnan(filled).any()
        np.testing.assert_allclose(filled[:2, 2], np.nanmean(expected[:, 2]))


def test_phase_shifts(tmp_path, rng):
    data = values_of(rng)
    shifts = np.array([0.0, 0.03, 0.05, 0.09])
    with Interpolator.create(recordings.sequence(tmp_path / "d", data, shifts=shifts)) as device:
        assert type(device) is PhaseShiftedSequenceInterpolator
        assert device.use_phase_shifts and np.array_equal(device._phase_shifts, shifts)
        assert tuple(device.valid_interval) == (0.09, 5.0)
        times = np.array([1.001, 1.051, 2.095])
        expected = np.stack([data[np.floor((times - s) * 10).astype(int), j] for j, s in enumerate(shifts)], axis=1)
        assert np.array_equal(device.interpolate(times), expected)


def test_mode_is_read_at_every_call(tmp_path, rng):
    data = values_of(rng)
    with Interpolator.create(recordings.sequence(tmp_path / "d", data)) as device:
        assert device.interpolation_mode == "nearest_neighbor"
        held = device.interpolate([1.05])
        device.interpolation_mode = "linear"
        between = device.interpolate([1.05])
        assert np.allclose(between, (data[10] + data[11]) / 2) and np.array_equal(held, data[[10]])
        device.interpolation_mode = "nearest"
        assert np.array_equal(device.interpolate([1.08]), data[[11]])
        device.interpolation_mode = "cubic"
        with pytest.raises(NotImplementedError, match="cubic"):
            device.interpolate([1.0])
        device.interpolation_mode = "previous"
        assert np.array_equal(device.interpolate([1.08]), data[[10]])


def test_normalize(tmp_path, rng):
    data = values_of(rng)
    folder = recordings.sequence(tmp_path / "d", data)
    means, stds = np.load(folder / "meta/means.npy"), np.load(folder / "meta/stds.npy")
    with SequenceInterpolator(folder, normalize=True) as device:
        np.testing.assert_allclose(device.interpolate([1.0]), data[[10]] / stds)
    with SequenceInterpolator(folder, normalize=True, normalize_subtract_mean=True) as device:
        np.testing.assert_allclose(device.interpolate([1.0]), (data[[10]] - means) / stds)
    np.save(folder / "meta/stds.npy", np.array([1.0, 1.0, 1e-6, np.nan]))
    with SequenceInterpolator(folder, normalize=True, normalize_std_threshold=0.5) as device:
        floor = 0.5 * np.nanmean([1.0, 1.0, 1e-6])
        np.testing.assert_allclose(device.interpolate([1.0]), data[[10]] / [1, 1, floor, floor])


def test_keys_of_other_parts_are_ignored(tmp_path, rng):
    data = values_of(rng)
    folder = recordings.sequence(tmp_path / "d", data)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with Interpolator.create(
            folder, sampling_rate=10.0, offset=0.5, chunk_size=3, transforms={}, filters=None
        ) as device:
            assert np.array_equal(device.interpolate([1.0]), data[[10]])
    # what no part knows changes nothing either, with a word
    with pytest.warns(UserWarning, match="load_to_ram is no known key"), Interpolator.create(folder, load_to_ram=True) as device:
        assert np.array_equal(device.interpolate([1.0]), data[[10]])
    for opener in (Interpolator.create, SequenceInterpolator):
        with pytest.warns(UserWarning, match="keepnans is no known key and changes nothing; did you mean 'keep_nans'") as said, opener(folder, keepnans=True):
            assert len(said) == 1


def test_common_interface(tmp_path, rng):
    folder = recordings.sequence(tmp_path / "d", values_of(rng), start=2.0)
    device = Interpolator.create(Path(folder))
    assert (device.start_time, device.end_time) == (2.0, 7.0)
    assert isinstance(device.valid_interval, TimeInterval) and device.valid_interval == (2.0, 7.0)
    assert np.array([1.0, 3.0]) in device
    assert np.array([1.0]) not in device
    assert 3.0 in device
    assert device.valid_times([1.0, 2.0, 7.0, 7.1]).tolist() == [1, 2]
    assert device.load_meta()["n_signals"] == 4
    assert device.root_folder / "meta.yml" == folder / "meta.yml"
    assert device.n_signals == 4 and device.sampling_rate == 10.0 and device.time_delta == 0.1
    device.close()
    device.close()
    with pytest.raises(ValueError):
        device.interpolate([3.0])


@pytest.mark.parametrize("kind", ["sequence", "screen", "spikes", "time_interval"])
def test_every_class_closes_and_pickles(tmp_path, rng, kind):
    folder = tmp_path / kind
    if kind == "sequence":
        recordings.sequence(folder, values_of(rng))
    elif kind == "screen":
        recordings.screen(folder, rng)
    elif kind == "spikes":
        recordings.spikes(folder, [np.sort(rng.random(20) * 5) for _ in range(3)], 5.0)
    else:
        recordings.labels(folder, {"a": [[0, 1]], "b": [[2, 3]]}, 5.0)
    with Interpolator.create(folder) as device:
        again = pickle.loads(pickle.dumps(device))
        times = np.array([0.5, 1.0, 2.5])
        assert np.array_equal(device.interpolate(times), again.interpolate(times))
        again.close()
        assert device.load_meta()["modality"] == kind
    for _ in range(3):
        device.close()
    with pytest.warns(UserWarning, match=EMPTY), Interpolator.create(folder) as device:
        values, valid = device.interpolate([1e6], return_valid=True)
    assert len(values) == 0 and len(valid) == 0
    assert values.ndim == (3 if kind == "screen" else 2)


def test_nothing_is_remembered_by_path(tmp_path, rng):
    folder = tmp_path / "d"
    for columns in (3, 5, 0, 2):
        data = values_of(rng, 30, columns)
        recordings.sequence(folder, data, mapped=columns % 2 == 0)
        with Interpolator.create(folder) as device:
            assert device.n_signals == columns
            assert np.array_equal(device.interpolate([1.0]), data[[10]])


def test_errors_of_create(tmp_path):
    with pytest.raises(FileNotFoundError):
        Interpolator.create(tmp_path / "nothing")
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "meta.yml").write_text("modality: smell\n")
    with pytest.raises(ValueError, match="smell"):
        Interpolator.create(tmp_path / "odd")


class Constant(Interpolator):
    """What a project writes: a device of its own kind."""

    def __init__(self, root_folder, value=1.0, **kwargs):
        super().__init__(root_folder)
        self.value = value
        self.start_time, self.end_time = 0.0, 10.0
        self.valid_interval = TimeInterval(0.0, 10.0)

    def interpolate(self, times, return_valid=False):
        valid = self.valid_times(times)
        values = np.full((len(valid), 2), self.value)
        return (values, valid) if return_valid else values


def test_target_names_a_class_of_ones_own(tmp_path):
    (tmp_path / "d").mkdir()
    device = Interpolator.create(tmp_path / "d", _target_=f"{__name__}.Constant", value=3.0, sampling_rate=8)
    assert isinstance(device, Constant)
    assert device.interpolate([1.0, 20.0]).tolist() == [[3.0, 3.0]]
    with pytest.raises(ImportError, match="nowhere"):
        Interpolator.create(tmp_path / "d", _target_="nowhere.Interpolator")


def test_subclass_without_constructor():
    class Bare(Interpolator):
        def __init__(self):
            self.start_time, self.end_time = 0.0, 1.0
            self.valid_interval = (0.0, 1.0)
            self.interpolate = lambda times, return_valid=False: np.ones(len(times))

    device = Bare()
    assert device.interpolate([0.5]).tolist() == [1.0]
    assert device.valid_times([0.5, 2.0]).tolist() == [0]
    assert 0.5 in device
    device.close()
    with pytest.raises(NotImplementedError):
        Interpolator("x").interpolate([1.0])


# ---- spikes ----


@pytest.mark.parametrize("align", ["center", "left", "right"])
@pytest.mark.parametrize("mapped", [False, True])
def test_spike_counts(tmp_path, rng, align, mapped):
    units = [np.sort(rng.uniform(0, 10, 100)) for _ in range(5)]
    folder = recordings.spikes(tmp_path / "s", units, 10.0, mapped)
    times = np.sort(rng.uniform(0.5, 9.5, 20))
    with Interpolator.create(folder, interpolation_window=0.5, interpolation_align=align) as device:
        assert isinstance(device, SpikeInterpolator)
        counts, valid = device.interpolate(times, return_valid=True)
        assert counts.dtype == np.float64 and counts.shape == (20, 5) and len(valid) == 20
        before = {"center": 0.25, "left": 0.0, "right": 0.5}[align]
        for i, t in enumerate(times):
            for j, unit in enumerate(units):
                start = t - before
                assert counts[i, j] == np.sum((unit >= start) & (unit < (t + (0.5 - before)))), (i, j)
        assert isinstance(device.spikes, np.memmap) == mapped
        assert np.array_equal(device.spikes, np.concatenate(units))
        assert not device.spikes.flags.writeable or not mapped
    with SpikeInterpolator(folder, cache_data=True) as device:
        assert isinstance(device.spikes, np.ndarray) and not isinstance(device.spikes, np.memmap)
        assert np.array_equal(device.spikes, np.concatenate(units))


def test_spike_smoothing(tmp_path, rng):
    units = [np.sort(rng.uniform(0, 10, 400)) for _ in range(3)]
    folder = recordings.spikes(tmp_path / "s", units, 10.0)
    times = np.linspace(1, 9, 50)
    raw = Interpolator.create(folder, interpolation_window=0.2).interpolate(times)
    sigma = 2.0
    radius = int(4 * sigma + 0.5)
    weights = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    weights /= weights.sum()
    padded = np.pad(raw, ((radius, radius), (0, 0)), mode="symmetric")
    expected = np.stack([np.convolve(padded[:, j], weights, "valid") for j in range(3)], axis=1)
    smooth = Interpolator.create(folder, interpolation_window=0.2, smoothing_sigma=sigma).interpolate(times)
    np.testing.assert_allclose(smooth, expected, atol=1e-12)


def test_no_spikes_are_zeros(tmp_path):
    folder = recordings.spikes(tmp_path / "s", [np.empty(0), np.empty(0)], 5.0)
    assert Interpolator.create(folder).interpolate([1.0, 2.0]).tolist() == [[0, 0], [0, 0]]


def test_unknown_alignment_raises_when_constructed(tmp_path):
    folder = recordings.spikes(tmp_path / "s", [np.array([1.0])], 5.0)
    message = "Unknown alignment mode: invalid, should be 'center', 'left' or 'right'"
    with pytest.raises(ValueError, match=message):
        Interpolator.create(folder, interpolation_align="invalid")


# ---- labels ----


def test_labels_are_half_open_and_inverted_ones_warn(tmp_path):
    rows = {"test": [[0, 2], [3, 3]], "train": [[5, 1], [2, 4]], "none": []}
    folder = recordings.labels(tmp_path / "l", rows, 10.0)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        device = Interpolator.create(folder)
    assert isinstance(device, TimeIntervalInterpolator)
    texts = [str(w.message) for w in caught if issubclass(w.category, UserWarning)]
    assert any("train" in t for t in texts) and any("none" in t for t in texts)
    times = np.array([0.0, 1.999, 2.0, 3.0, 4.0, np.nan])
    values = device.interpolate(times)
    assert values.dtype == bool and device.labels == list(rows)
    assert values.tolist() == [
        [True, False, False],
        [True, False, False],
        [False, True, False],
        [False, True, False],
        [False, False, False],
    ]


# ---- screens ----


def test_screen(tmp_path, rng):
    folder = recordings.screen(tmp_path / "screen", rng)
    with Interpolator.create(folder) as device:
        assert isinstance(device, ScreenInterpolator)
        frames, valid = device.interpolate(np.array([0.5, 1.0, 4.0, 5.0]), return_valid=True)
        assert frames.shape == (4, 6, 8) and frames.dtype == np.float32 and len(valid) == 4
        video = np.load(folder / "data/00000.npy")
        assert np.array_equal(frames[:2], video[[15, 30]])
        assert (frames[2] == 128).all()
        assert len(device.timestamps) == 362
        assert device.timestamps[0] == device.start_time
        with pytest.raises(ValueError):
            device.interpolate([1.0, 0.5])
        # a program may set what it likes on the object
        device.number_channels = 3
    with Interpolator.create(folder, rescale=True, rescale_size=(3, 4)) as device:
        assert device.interpolate([0.5]).shape == (1, 3, 4)


def test_trials(tmp_path, rng):
    folder = recordings.screen(tmp_path / "screen", rng)
    with Interpolator.create(folder) as device:
        kinds = [VideoTrial, BlankTrial, VideoTrial, ImageTrial, VideoTrial]
        assert [type(t) for t in device.trials] == kinds
        assert [t.first_frame_idx for t in device.trials] == [0, 120, 121, 241, 242]
        assert [t.num_frames for t in device.trials] == [120, 1, 120, 1, 120]
        video, blank, _, image, _ = device.trials
        assert tuple(video.image_size) == (6, 8)
        assert Path(video.data_file_name) == folder / "data" / "00000.npy"
        assert np.array_equal(video.get_data(), np.load(folder / "data/00000.npy"))
        assert video.get_meta("tier") == "train" and video.get_meta("nothing") is None
        assert image.get_data().shape == (6, 8)
        assert (blank.get_data() == 128).all() and blank.get_data().shape == (1, 6, 8)
    with pytest.raises(ValueError, match="smell"):
        ScreenTrial.create("x.npy", {"modality": "smell"})
    invalid = ScreenTrial.create("x.npy", {"modality": "INVALID", "image_size": [2, 2], "first_frame_idx": 7})
    assert isinstance(invalid, InvalidTrial) and np.isnan(invalid.get_data()).all()


def test_encoded_meta_with_more_keys_opens(tmp_path, rng):
    folder = recordings.screen(tmp_path / "screen", rng)
    meta = json.loads((folder / "meta.yml").read_text())
    (folder / "meta.yml").write_text(json.dumps({**meta, "encoded": False, "anything": [1, 2]}))
    with Interpolator.create(folder) as device:
        assert device.interpolate([0.5]).shape == (1, 6, 8)


def test_a_folder_of_another_kind_is_refused(tmp_path):
    recordings.make(tmp_path / "r")
    with pytest.raises(ValueError, match="modality is sequence, ScreenInterpolator reads screen"):
        ScreenInterpolator(tmp_path / "r" / "responses")
    with pytest.raises(ValueError, match="modality is screen, SequenceInterpolator reads sequence"):
        SequenceInterpolator(tmp_path / "r" / "screen")
    with pytest.raises(ValueError, match="modality is sequence, SpikeInterpolator reads spikes"):
        SpikeInterpolator(tmp_path / "r" / "responses")
    with pytest.raises(ValueError, match="modality is screen, TimeIntervalInterpolator reads time_interval"):
        TimeIntervalInterpolator(tmp_path / "r" / "screen")


@pytest.mark.parametrize("name", ["/etc/hostname", "../x.npy", "a/../../x.npy", "a\0.npy"])
def test_labels_name_files_of_their_folder(tmp_path, name):
    folder = tmp_path / "labels"
    folder.mkdir()
    meta = {"modality": "time_interval", "start_time": 0.0, "end_time": 1.0, "labels": {"run": name}}
    (folder / "meta.yml").write_text(json.dumps(meta))
    device = TimeIntervalInterpolator.__new__(TimeIntervalInterpolator)
    device.root_folder = folder
    with pytest.raises(ValueError, match="expected the name of a file inside the device's folder"):
        _ = device.labeled_intervals
    with pytest.raises(ValueError, match="expected the name of a file inside the device's folder"):
        TimeIntervalInterpolator(folder)
