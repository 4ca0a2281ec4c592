# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""syncline.datasets: the interface, and parts written in Python beside those in Java."""

import copy
import inspect
import json
import operator
import math
import pickle
import shutil
import threading
import warnings

import numpy as np
import pytest
import recordings
from test_feed import numbers

import syncline
from syncline._config import Compared, plain
from syncline._native import functions as native
from syncline.configs import DEFAULT_MODALITY_CONFIG
from syncline.dataloaders import get_multisession_dataloader
from syncline.datasets import ChunkDataset
from syncline.errors import RecordingError
from syncline.experiment import Experiment
from syncline.filters.common_filters import nan_filter
from syncline.interpolators import Interpolator
from syncline.intervals import TimeInterval
from syncline.loader import DataLoader

DEVICES = ["screen", "responses", "eye_tracker", "treadmill"]


def equal(a, b, exact=True):
    assert list(a) == list(b)
    for key in a:
        if isinstance(a[key], dict):
            equal(a[key], b[key], exact)
            continue
        x, y = np.asarray(a[key]), np.asarray(b[key])
        assert x.shape == y.shape and x.dtype == y.dtype, key
        if exact:
            assert np.array_equal(x, y, equal_nan=x.dtype.kind == "f"), key
        else:
            np.testing.assert_allclose(x, y, rtol=2e-6, atol=2e-6, err_msg=key)


@pytest.mark.parametrize(
    "transforms, options",
    [
        ({}, {}),
        ({"resize": {"_target_": "torchvision.transforms.v2.Resize", "size": [3, 4]}, "normalization": {"means": 100, "stds": 50}}, {}),
        ({"half": lambda frames: frames * 0.5}, {}),
        ({"half": lambda frames: frames * 0.5}, {"short_chunks": "pad"}),
        ({"half": lambda frames: frames * 0.5}, {"replace_nans_with_means": True}),
    ],
)
def test_a_screen_of_another_name_is_a_screen(tmp_path, transforms, options):
    rng = np.random.default_rng(2)
    trials = [("video", 60, "train"), ("blank", 1, None), ("video", 60, "test")]
    recordings.screen(tmp_path / "r/screen", rng, trials=trials)
    (tmp_path / "s").mkdir()
    (tmp_path / "s/monitor").symlink_to(tmp_path / "r/screen")
    (tmp_path / "s/meta.json").write_text('{"data_key": "r"}')
    device = {"sampling_rate": 30.0, "chunk_size": 10, "sample_stride": 40, "offset": 0.3 if "short_chunks" in options else 0.0}
    found = []
    for folder, name in (("r", "screen"), ("s", "monitor")):
        config = {**options, "modality_config": {name: {**device, "transforms": transforms}}}
        dataset = ChunkDataset.from_config(tmp_path / folder, config)
        batch = next(iter(DataLoader(dataset, batch_size=len(dataset))))
        found.append((np.stack([np.asarray(dataset[i][name]) for i in range(len(dataset))]), np.asarray(batch[name])))
    for as_screen, as_monitor in zip(*found):
        assert as_screen.ndim == 5
        np.testing.assert_array_equal(as_monitor, as_screen)


def test_the_stride_is_that_of_the_device_that_leads(tmp_path):
    class Half(ChunkDataset):
        def get_full_valid_sample_times(self, filter_for_valid_intervals=True):
            return super().get_full_valid_sample_times(filter_for_valid_intervals)[::2]

    recordings.sequence(tmp_path / "responses", np.random.default_rng(3).uniform(size=(400, 3)), rate=10.0)
    config = {"time_grid": "exact", "modality_config": {"responses": {"sampling_rate": 10, "chunk_size": 5, "sample_stride": 7}}}
    whole = ChunkDataset.from_config(tmp_path, config)
    half = Half.from_config(tmp_path, config)
    assert whole.sample_stride == half.sample_stride == 7
    starts = whole.get_full_valid_sample_times()
    np.testing.assert_array_equal(whole._valid_screen_times, starts[::7])
    np.testing.assert_array_equal(half._valid_screen_times, starts[::14])


def test_signatures():
    parameters = inspect.signature(ChunkDataset).parameters
    own = parameters["output"]
    assert own.kind is inspect.Parameter.KEYWORD_ONLY and own.default is None
    assert {n: p.default for n, p in list(parameters.items())[1:] if p is not own} == {
        "global_sampling_rate": None,
        "global_chunk_size": None,
        "add_behavior_as_channels": False,
        "replace_nans_with_means": False,
        "cache_data": False,
        "out_keys": None,
        "normalize_timestamps": True,
        "modality_config": DEFAULT_MODALITY_CONFIG,
        "seed": None,
        "safe_interval_threshold": 0.5,
        "interpolate_precision": 5,
    }
    for method, names in {
        "initialize_statistics": [],
        "initialize_transforms": [],
        "get_valid_intervals_from_filters": ["visualize"],
        "get_condition_mask_from_meta_conditions": ["valid_conditions_sum_of_product"],
        "get_screen_sample_mask_from_meta_conditions": [
            "satisfy_for_next",
            "valid_conditions_sum_of_product",
            "filter_for_valid_intervals",
        ],
        "get_full_valid_sample_times": ["filter_for_valid_intervals"],
        "shuffle_valid_screen_times": [],
        "get_state": [],
        "set_state": ["state"],
    }.items():
        assert list(inspect.signature(getattr(ChunkDataset, method)).parameters)[1:] == names
    assert list(inspect.signature(ChunkDataset.add_channel_function).parameters) == ["x"]
    assert list(inspect.signature(ChunkDataset.get_data_key_from_root_folder).parameters) == ["root_folder"]


def test_item(recording):
    d = ChunkDataset(recording, modality_config=recordings.config())
    assert d.data_key == "recording-0" == ChunkDataset.get_data_key_from_root_folder(str(recording) + "/")
    assert list(d.device_names) == DEVICES
    assert d.chunk_sizes == {"screen": 20, "responses": 5, "eye_tracker": 20, "treadmill": 20}
    assert d.sampling_rates == {"screen": 30, "responses": 8, "eye_tracker": 30, "treadmill": 30}
    assert d.start_time == 0.5 and d.end_time < 12
    assert d.seed is None
    assert d.modality_config.screen.valid_condition.tier == "train"
    assert d.modality_config["screen"]["chunk_size"] == 20
    item = d[0]
    assert list(item) == [*DEVICES, "timestamps"]
    assert {k: tuple(v.shape) for k, v in item.items() if k != "timestamps"} == {
        "screen": (1, 20, 6, 8),
        "responses": (5, 7),
        "eye_tracker": (20, 4),
        "treadmill": (20, 1),
    }
    assert {k: tuple(v.shape) for k, v in item["timestamps"].items()} == {
        "screen": (20,),
        "responses": (5,),
        "eye_tracker": (20,),
        "treadmill": (20,),
    }
    assert all(str(v.dtype).endswith("float32") for v in item["timestamps"].values())
    assert len(d) > 20
    equal(d[-1], d[len(d) - 1])
    equal(d[np.int64(3)], d[3])
    for bad in (len(d), -len(d) - 1, 10**9):
        with pytest.raises(IndexError):
            d[bad]
    assert sum(1 for _ in d) == len(d)  # the old iteration protocol ends at the IndexError
    d.close()
    d.close()
    assert item["responses"][0, 0] == item["responses"][0, 0]
    with pytest.raises(ValueError):
        d[0]


def test_values_are_those_of_the_interpolators(recording):
    d = ChunkDataset(recording, modality_config=recordings.config(), normalize_timestamps=False)
    item = d[5]
    times = np.asarray(item["timestamps"]["responses"])
    assert times.dtype == np.float64
    stored = Interpolator.create(recording / "responses").interpolate(times)
    stds = np.load(recording / "responses/meta/stds.npy").astype(np.float32)
    assert np.array_equal(np.asarray(item["responses"]), stored / stds)


def test_global_rates_and_sizes(recording):
    config = recordings.config()
    d = ChunkDataset(recording, global_sampling_rate=10, global_chunk_size=6, modality_config=config)
    assert set(d.chunk_sizes.values()) == {6} and set(d.sampling_rates.values()) == {10}
    assert d[0]["screen"].shape[1] == 6
    assert config == recordings.config()  # the caller's stays as it is


def test_out_keys(recording):
    with pytest.warns(UserWarning, match="smell"):
        d = ChunkDataset(recording, modality_config=recordings.config(), out_keys=["responses", "smell"])
    assert list(d[0]) == ["responses"]
    d = ChunkDataset(recording, modality_config=recordings.config(), out_keys=["timestamps", "screen"])
    assert set(d[0]) == {"screen", "timestamps"}
    assert set(d[0]["timestamps"]) == set(DEVICES)


def test_unknown_keys_warn(recording):
    config = recordings.config()
    config["screen"]["sampling_ratee"] = 3
    config["screen"]["transforms"]["greyscale"] = True
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        d = ChunkDataset(recording, modality_config=config)
    texts = [str(w.message) for w in caught if issubclass(w.category, UserWarning)]
    assert any("sampling_ratee" in t and "sampling_rate" in t for t in texts), texts
    assert any("greyscale" in t for t in texts), texts
    equal(d[0], ChunkDataset(recording, modality_config=recordings.config())[0])


def test_missing_devices_warn(recording):
    config = recordings.config(nose={"sampling_rate": 10, "chunk_size": 3, "interpolation": {}})
    with pytest.warns(UserWarning, match="nose"):
        d = ChunkDataset(recording, modality_config=config)
    assert list(d.device_names) == DEVICES


def test_errors(recording, tmp_path):
    with pytest.raises((FileNotFoundError, ValueError)):
        ChunkDataset(tmp_path / "nothing", modality_config=recordings.config())
    with pytest.raises(ValueError, match="chunk_size"):
        ChunkDataset(recording, modality_config={"screen": {"sampling_rate": 30}})
    with pytest.raises(ValueError, match="nonsense"):
        ChunkDataset(recording, modality_config=recordings.config(responses={"transforms": {"normalization": "nonsense"}}))
    with pytest.raises(ValueError):
        ChunkDataset(recording, modality_config=3)


def test_conditions(recording):
    d = ChunkDataset(recording, modality_config=recordings.config())
    mask = d.get_condition_mask_from_meta_conditions
    assert mask([{"tier": "train"}]).tolist() == [True, False, True, False, True]
    assert mask([{"tier": "train"}, {"tier": "test"}]).tolist() == [True, False, True, True, True]
    assert mask([{"tier": "blank"}]).tolist() == [False, True, False, False, False]
    assert mask({"tier": "test", "modality": "image"}).tolist() == [False, False, False, True, False]
    assert mask([]).tolist() == [False] * 5
    assert mask([{"tier": "train"}]).dtype == bool
    sample = d.get_screen_sample_mask_from_meta_conditions(20, [{"tier": "train"}])
    assert sample.dtype == bool and sample.ndim == 1
    times = d.get_full_valid_sample_times()
    assert times.dtype == np.float64 and len(times) >= len(d)
    assert np.array_equal(d._valid_screen_times, times[::2])


def test_filters(tmp_path, capsys):
    root = recordings.make(tmp_path / "r", nans=True)
    plain = ChunkDataset(root, modality_config=recordings.config())
    target = {"__target__": "experanto.filters.common_filters.nan_filter", "__partial__": True, "vicinity": 0.05}
    calls = []

    def own(device):
        calls.append(device)
        return nan_filter(0.05)(device)

    starts = []
    for filters in ({"nan_filter": target}, {"nan_filter": nan_filter(vicinity=0.05)}, {"own": own}, {"own": {"__target__": f"{__name__}.written_here", "vicinity": 0.05}}):
        d = ChunkDataset(root, modality_config=recordings.config(eye_tracker={"filters": filters}))
        starts.append(d._valid_screen_times)
        found = d.get_valid_intervals_from_filters()
        assert [type(i) for i in found] == [TimeInterval, TimeInterval]
        assert found[0].end == pytest.approx(4.95) and found[1].start == pytest.approx(5.2)
        assert len(d) < len(plain)
        assert len(d.get_full_valid_sample_times(filter_for_valid_intervals=False)) > len(d.get_full_valid_sample_times())
        d[0]
    assert calls and hasattr(calls[0], "interpolate")
    for other in starts[1:]:
        assert np.array_equal(starts[0], other)
    d.get_valid_intervals_from_filters(visualize=True)
    assert "Valid Intervals" in capsys.readouterr().out
    with pytest.warns(UserWarning, match="eye_tracker.filters.none finds nothing valid"):
        nothing = ChunkDataset(root, modality_config=recordings.config(eye_tracker={"filters": {"none": lambda device: []}}))
    assert len(nothing) == 0
    explained = nothing.explain()
    assert explained["valid_condition"] > 0 and explained["eye_tracker.filters.none"] == 0 and explained["chunks"] == 0
    for wrong in (lambda device: None, lambda device: [None], lambda device: [1.0]):
        with pytest.raises(ValueError, match="modality_config.eye_tracker.filters.none: the filter .* returned"):
            ChunkDataset(root, modality_config=recordings.config(eye_tracker={"filters": {"none": wrong}}))


def written_here(vicinity=0.05):
    return nan_filter(vicinity)


def test_explain(recording):
    """Counts of each step, as a dict and as a table."""
    config = recordings.config(screen={"valid_condition": {"tier": "train"}, "sample_stride": 2})
    d = ChunkDataset(recording, modality_config=config)
    explained = d.explain()
    assert list(explained)[:3] == ["grid_points", "valid_range", "valid_condition"]
    assert list(explained)[-4:] == ["whole_chunks", "short_chunks", "sample_stride", "chunks"]
    counts = list(explained.values())
    assert counts == sorted(counts, reverse=True) and explained["chunks"] == len(d) > 0
    assert explained["short_chunks"] == len(d.get_full_valid_sample_times())
    assert explained.advice == [] and "{tier: train}" in explained.notes["valid_condition"]
    assert "grid_points" in str(explained) and str(explained) == repr(explained)


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ({"teir": "train"}, "no trial has the key 'teir'; did you mean 'tier'"),
        ({"tier": "Train"}, "no trial has tier: 'Train'; did you mean 'train'"),
        ([{"tier": "train"}, {"teir": "test"}], "did you mean 'tier'"),
    ],
)
def test_names_that_match_nothing(recording, condition, message):
    config = recordings.config(screen={"valid_condition": condition})
    with pytest.warns(UserWarning, match=message):
        d = ChunkDataset(recording, modality_config=config)
    assert any(message in line for line in d.explain().advice)
    with pytest.warns(UserWarning, match=message):
        d.get_condition_mask_from_meta_conditions(condition)
    with pytest.warns(UserWarning, match=message):
        d.get_screen_sample_mask_from_meta_conditions(1, condition)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"transforms": {"normalisation": "normalize"}}, "transforms.normalisation: unknown key; did you mean 'normalization'"),
        ({"interpolation": {"interpolaton_mode": "linear"}}, "interpolaton_mode: unknown key; did you mean 'interpolation_mode'"),
        ({"samplingrate": 8}, "samplingrate: unknown key; did you mean 'sampling_rate'"),
    ],
)
def test_unknown_keys_are_warnings_with_the_nearest(recording, changes, message):
    with pytest.warns(UserWarning, match=message):
        ChunkDataset(recording, modality_config=recordings.config(responses=changes))


def test_listed_values_that_no_signal_has_are_said(recording):
    neurons = ChunkDataset(recording, modality_config=recordings.config())[0]["responses"].shape[-1]
    np.save(recording / "responses/meta/area.npy", np.array(["V1", "LM", "lm "] + ["V1"] * (neurons - 3)))
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        d = ChunkDataset(recording, modality_config=recordings.config(responses={"select": {"meta/area.npy": ["LM", "AL", "V1"]}}))
    assert d[0]["responses"].shape[-1] == neurons - 1
    texts = [str(w.message) for w in said if "select" in str(w.message)]
    assert len(texts) == 2
    assert "select.meta/area.npy lists 'AL', which no signal has; values there: 'V1', 'LM', 'lm '" in texts[0]
    assert "leaves out signals with 'lm ', which differ from what it asks for in case or blanks alone" in texts[1]


def test_unknown_keys_of_devices_are_warnings_with_the_nearest(recording):
    with pytest.warns(UserWarning, match="interpolaton_mode is no known key.*did you mean 'interpolation_mode'"):
        Interpolator.create(recording / "responses", interpolaton_mode="linear")
    with pytest.warns(UserWarning, match="interpolaton is no known key.*did you mean 'interpolation'"):
        Experiment(recording, {"responses": {"interpolaton": {}}})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Interpolator.create(recording / "responses", interpolation_mode="linear", sampling_rate=8, offset=0)
        Experiment(recording, recordings.config())


def nothing(*arguments, **keywords):
    """A transform, or the maker of one, that has forgotten its return."""


def test_parts_that_return_nothing_are_named(recording):
    config = recordings.config(responses={"transforms": {"mine": nothing}})
    with pytest.raises(ValueError, match="modality_config.responses.transforms.mine: the transform .* returned None"):
        ChunkDataset(recording, modality_config=config)[0]
    for key, kind in (("transforms", "transforms"), ("filters", "filters")):
        config = recordings.config(responses={key: {"mine": {"_target_": f"{__name__}.nothing"}}})
        with pytest.raises(ValueError, match=f"modality_config.responses.{kind}.mine: .*nothing returned None"):
            ChunkDataset(recording, modality_config=config)
    for wrong, found in ((len, "int, expected an array or tensor"), (operator.itemgetter(0), r"the shape \(1, 6, 8\), expected \(T, C, H, W\)")):
        config = recordings.config(screen={"transforms": {"mine": wrong}})
        with pytest.raises(ValueError, match=f"modality_config.screen.transforms.mine: the transform .* returned {found}"):
            ChunkDataset(recording, modality_config=config)[0]
    d = ChunkDataset(recording, modality_config=recordings.config())
    d.transforms["responses"] = nothing
    with pytest.raises(ValueError, match="of responses returned None"):
        d[0]


def test_devices_that_are_not_there(recording):
    config = recordings.config()
    config["respones"] = config.pop("responses")
    for opened in (lambda: ChunkDataset(recording, modality_config=config), lambda: Experiment(recording, config)):
        with pytest.warns(UserWarning, match="'respones' is configured but has no folder.*did you mean 'responses'"):
            opened()


def test_shuffle_and_state(recording):
    config = recordings.config()
    d = ChunkDataset(recording, modality_config=config, seed=3)
    times = d.get_full_valid_sample_times()
    rng = np.random.RandomState(3)
    for _ in range(2):
        d.shuffle_valid_screen_times()
        expected = np.sort(rng.choice(times, len(times) // 2, replace=False))
        assert np.array_equal(d._valid_screen_times, expected)
    state = d.get_state()
    # the original's two, and whose they are
    assert set(state) == {"rng_state", "valid_screen_times", "data_key", "values"}
    assert state["rng_state"][0] == "MT19937"
    assert np.array_equal(state["rng_state"][1], rng.get_state()[1]) and state["rng_state"][2] == rng.get_state()[2]
    state = pickle.loads(pickle.dumps(state))
    d.shuffle_valid_screen_times()
    after = d._valid_screen_times
    other = ChunkDataset(recording, modality_config=config, seed=99)
    other.set_state(copy.deepcopy(state))
    assert np.array_equal(other._valid_screen_times, expected)
    other.shuffle_valid_screen_times()
    assert np.array_equal(other._valid_screen_times, after)
    assert ChunkDataset(recording, modality_config=config).get_state()["rng_state"] is None


def test_pickle(recording):
    d = ChunkDataset(recording, modality_config=recordings.config(), seed=1)
    d.shuffle_valid_screen_times()
    again = pickle.loads(pickle.dumps(d))
    assert np.array_equal(d._valid_screen_times, again._valid_screen_times)
    equal(d[2], again[2])


def test_threads(recording):
    d = ChunkDataset(recording, modality_config=recordings.config())
    expected = [d[i] for i in range(10)]
    failures = []

    def work(seed):
        rng = np.random.default_rng(seed)
        try:
            for _ in range(40):
                i = int(rng.integers(10))
                equal(d[i], expected[i])
        except BaseException as e:  # noqa: BLE001
            failures.append(e)

    threads = [threading.Thread(target=work, args=(s,)) for s in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not failures, failures[0]


def test_read_batch_is_the_stacked_items(recording):
    d = ChunkDataset(recording, modality_config=recordings.config())
    batch = d.read_batch([3, 0, 7])
    for key, values in batch.items():
        for b, i in enumerate([3, 0, 7]):
            if key == "timestamps":
                for name, times in values.items():
                    assert np.array_equal(np.asarray(times[b]), np.asarray(d[i][key][name]))
            else:
                assert np.array_equal(np.asarray(values[b]), np.asarray(d[i][key]))


# ---- parts in Python ----


class Delegating(Interpolator):
    """A custom interpolator over one of ours."""

    def __init__(self, root_folder, cache_data=False, **kwargs):
        super().__init__(root_folder)
        self.inner = Interpolator.create(root_folder, cache_data, **kwargs)
        self.start_time, self.end_time = self.inner.start_time, self.inner.end_time
        self.valid_interval = tuple(self.inner.valid_interval)

    def interpolate(self, times, return_valid=False):
        return self.inner.interpolate(times, return_valid=return_valid)


class Tripled:
    def __init__(self, factor=3.0):
        self.factor = factor

    def __call__(self, x):
        return x * self.factor


def identity(x):
    return x


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("behaviour, means", [(False, False), (True, False), (False, True), (True, True)])
def test_slow_path_equals_fast_path(tmp_path, device, behaviour, means):
    root = recordings.make(tmp_path / "r", nans=True)
    options = {"add_behavior_as_channels": behaviour, "replace_nans_with_means": means}
    fast = ChunkDataset(root, modality_config=recordings.config(), **options)
    base = recordings.config()[device]
    interpolation = {**base["interpolation"], "_target_": f"{__name__}.Delegating"}
    changed = {
        "instance": {"interpolation": Delegating(root / device, **base["interpolation"])},
        "target": {"interpolation": interpolation},
        "transform": {"transforms": {"first": identity, **base["transforms"]}},
    }
    index = [0, 60, len(fast) - 1]
    for name, change in changed.items():
        slow = ChunkDataset(root, modality_config=recordings.config(**{device: change}), **options)
        assert slow._outside and not fast._outside, name
        assert len(slow) == len(fast)
        assert np.array_equal(slow._valid_screen_times, fast._valid_screen_times)
        for i in index:
            equal(slow[i], fast[i], exact=not means)
        some = ChunkDataset(root, modality_config=recordings.config(**{device: change}), out_keys=["timestamps", device], **options)
        assert list(some[0]) == [device, "timestamps"]
        equal({device: some[0][device]}, {device: fast[0][device]}, exact=not means)
        batch = slow.read_batch([1, 2])
        assert np.array_equal(np.asarray(batch[device][1]), np.asarray(slow[2][device]), equal_nan=True)


def test_transforms_run_in_order_before_the_normalisation(recording):
    seen = []

    def look(x):
        seen.append((tuple(x.shape), str(x.dtype)))
        return x + 1

    config = recordings.config(
        screen={"transforms": {"normalization": "normalize", "look": look, "triple": {"_target_": f"{__name__}.Tripled"}}},
        responses={"transforms": {"double": Tripled(2.0), "normalization": "normalize_variance_only"}},
    )
    item = ChunkDataset(recording, modality_config=config)[4]
    raw = ChunkDataset(
        recording, modality_config=recordings.config(screen={"transforms": None}, responses={"transforms": {}})
    )[4]
    assert seen and seen[0][0] == (20, 1, 6, 8) and seen[0][1].endswith("float32")
    expected = ((np.asarray(raw["screen"]) + 1) * 3 - np.float32(110)) / np.float32(60)
    np.testing.assert_allclose(np.asarray(item["screen"]), expected, rtol=1e-6)
    stds = np.load(recording / "responses/meta/stds.npy").astype(np.float32)
    np.testing.assert_allclose(np.asarray(item["responses"]), np.asarray(raw["responses"]) * 2 / stds, rtol=1e-6)


def test_native_transforms_between_own_ones(recording):
    resize = {"_target_": "torchvision.transforms.v2.Resize", "size": [3, 4]}
    fast = ChunkDataset(recording, modality_config=recordings.config(screen={"transforms": {"Resize": resize}}))
    slow = ChunkDataset(
        recording,
        modality_config=recordings.config(screen={"transforms": {"a": identity, "Resize": resize, "b": identity}}),
    )
    assert fast[0]["screen"].shape == (1, 20, 3, 4)
    equal(fast[3], slow[3])


def test_custom_device_without_a_folder(recording):
    class Clock(Interpolator):
        def __init__(self):
            self.start_time, self.end_time, self.valid_interval = 1.0, 9.0, (1.0, 9.0)

        def interpolate(self, times, return_valid=False):
            valid = self.valid_times(times)
            values = np.asarray(times)[valid][:, None].astype(np.float32)
            return (values, valid) if return_valid else values

    config = recordings.config(clock={"sampling_rate": 4, "chunk_size": 3, "interpolation": Clock()})
    d = ChunkDataset(recording, modality_config=config, normalize_timestamps=False)
    assert d.start_time == 1.5 and d.end_time == 8.5
    item = d[0]
    assert list(d.device_names) == [*DEVICES, "clock"]
    np.testing.assert_allclose(np.asarray(item["clock"])[:, 0], np.asarray(item["timestamps"]["clock"]), rtol=1e-6)


@pytest.mark.parametrize(
    "normalization",
    [
        "normalize",
        "normalize_variance_only",
        "recompute_responses",
        "recompute_behavior",
        {"means": 2, "stds": [1.0, 2, 3, 4, 5, 6, 7]},
        {"means": 2},
        {"stds": 3},
    ],
)
@pytest.mark.parametrize("stored", [np.float64, np.float32, np.float16])
def test_devices_in_python_have_the_statistics_of_javas(tmp_path, normalization, stored):
    root = recordings.make(tmp_path / "r", nans=True)
    stds = root / "responses" / "meta" / "stds.npy"
    # one below the floor of responses, whose mean depends on the precision
    np.save(stds, np.array([1e-6, 0.1, 0.7, 0.3, 1.1, 3.3, 0.9], stored))
    base = recordings.config()["responses"]
    change = {"transforms": {"normalization": normalization}}
    expected = ChunkDataset(root, modality_config=recordings.config(responses=change))._statistics["responses"]
    device = Delegating(root / "responses", **base["interpolation"])
    device._data = device.inner._data
    d = ChunkDataset(root, modality_config=recordings.config(responses={**change, "interpolation": device}))
    found = d._statistics["responses"]
    assert set(found) == {"mean", "std"}
    for name, values in found.items():
        if str(normalization).startswith("recompute"):
            np.testing.assert_allclose(values, expected[name], rtol=1e-6)
        else:
            np.testing.assert_array_equal(values, expected[name])
    assert (found["std"] > 0).all()


def test_statistics_of_a_device_in_python_that_cannot_be(tmp_path):
    root = recordings.make(tmp_path / "r")
    base = recordings.config()["responses"]
    for normalization, message in (
        ("recompute_behavior", "computes statistics of stored samples"),
        ("standardize", "normalization"),
        ({"means": 0, "stds": [1, 0, 1]}, "0 in column 1"),
    ):
        device = Delegating(root / "responses", **base["interpolation"])
        config = recordings.config(responses={"transforms": {"normalization": normalization}, "interpolation": device})
        with pytest.raises(ValueError, match=message):
            ChunkDataset(root, modality_config=config)
    device._data = np.array([[1.0, 2], [1, 4], [1, 6]])
    config["responses"]["transforms"] = {"normalization": "recompute_responses"}
    with pytest.raises(ValueError, match="0 in column 0"):
        ChunkDataset(root, modality_config=config)
    (root / "responses" / "meta" / "stds.npy").unlink()
    config["responses"]["transforms"] = {"normalization": "normalize"}
    with pytest.raises(FileNotFoundError, match="stds.npy"):
        ChunkDataset(root, modality_config=config)


def test_statistics_and_transforms_attributes(recording):
    d = ChunkDataset(recording, modality_config=recordings.config())
    d.initialize_statistics()
    assert d._statistics["screen"] == {"mean": [[110.0]], "std": [[60.0]]}
    assert d._statistics["responses"]["std"].shape == (1, 7) and not d._statistics["responses"]["mean"].any()
    transforms = d.initialize_transforms()
    assert set(transforms) == set(DEVICES)
    frames = Interpolator.create(recording / "screen").interpolate([1.0, 2.0])
    # the original's shapes, which items lose
    assert tuple(transforms["screen"](frames).shape) == (2, 1, 6, 8)
    assert tuple(transforms["responses"](np.ones((5, 7))).shape) == (1, 5, 7)
    assert set(d.transforms) == set(DEVICES) and d.transforms is d.transforms
    assert d.add_channel_function(frames).shape == (2, 1, 6, 8)


def test_data_keys(tmp_path):
    key = ChunkDataset.get_data_key_from_root_folder
    (tmp_path / "dynamic123-Video-abc").mkdir()
    assert key(tmp_path / "dynamic123-Video-abc") == "dynamic123-Video-abc"
    (tmp_path / "dynamic123-Video-abc" / "meta.json").write_text("{}")
    assert key(tmp_path / "dynamic123-Video-abc") == "123"
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "meta.json").write_text(json.dumps({"scan_key": {"animal_id": 1, "session": 2, "scan_idx": 3}}))
    assert key(tmp_path / "a") == "1-2-3"
    (tmp_path / "a" / "meta.json").write_text("{broken")
    with pytest.warns(UserWarning):
        assert key(tmp_path / "a") == "a"


def test_types_that_checkers_and_people_read():
    import ast
    import typing

    import syncline
    from syncline.experiment import Experiment
    from syncline.loader import DataLoader

    # names that are imported when they are asked for are names to a type checker too
    tree = ast.parse(inspect.getsource(syncline))
    shown = {a.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level for a in node.names}
    assert set(syncline.__all__) - shown == {"start"}
    assert set(syncline.__all__) <= set(dir(syncline))
    for constructor in (ChunkDataset.__init__, Experiment.__init__, DataLoader.__init__):
        hints = typing.get_type_hints(constructor)
        for name, parameter in inspect.signature(constructor).parameters.items():
            if name != "self":
                assert name in hints
                assert "'" not in parameter.annotation and '"' not in parameter.annotation
    assert typing.get_type_hints(ChunkDataset.__init__)["seed"] == typing.Optional[int]


class Whole(ChunkDataset):
    dataset_options = {"short_chunks": "skip", "time_grid": "exact"}


def test_keys_that_the_original_has_not(recording):
    late = recordings.config(responses={"offset": 3})
    with pytest.warns(UserWarning, match="reach past"):
        plain = ChunkDataset(recording, modality_config=late)
    with pytest.raises(ValueError, match="short_chunks"):
        plain[-1]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        whole = Whole(recording, modality_config=late)
        assert 0 < len(whole) < len(plain)
        whole[-1]
        again = pickle.loads(pickle.dumps(whole))
    assert len(again) == len(whole)
    steps = np.diff(whole._valid_screen_times) * 30
    assert np.allclose(steps, np.round(steps), atol=1e-6)


def test_configurations_with_keys_of_our_own(recording):
    late = recordings.config(responses={"offset": 3})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        whole = ChunkDataset.from_config(recording, {"modality_config": late, "short_chunks": "skip"}, seed=3)
    assert whole.seed == 3
    whole[-1]
    assert len(pickle.loads(pickle.dumps(whole))) == len(whole)
    exact = ChunkDataset.from_config(recording, {"dataset": {"modality_config": late, "time_grid": "exact"}}, short_chunks="skip")
    steps = np.diff(exact._valid_screen_times) * 30
    assert np.allclose(steps, np.round(steps), atol=1e-6)
    config = {"dataset": {"modality_config": late, "short_chunks": "skip"}, "dataloader": {"batch_size": 2}}
    assert sum(len(b["responses"]) for _, b in get_multisession_dataloader([recording], config)) == len(whole)
    with pytest.warns(UserWarning, match="datset is no key .* did you mean 'dataset'"):
        get_multisession_dataloader([recording], {**config, "datset": {}})
    mistyped = {"screen": {**late["screen"], "transforms": {"normalisation": "normalize"}}}
    with pytest.warns(UserWarning, match="normalisation: unknown key; did you mean 'normalization'"):
        ChunkDataset(recording, modality_config=mistyped)
    assert not ChunkDataset.dataset_options
    with pytest.raises(TypeError, match="time_gird"):
        ChunkDataset.from_config(recording, {"time_gird": "exact"})
    with pytest.raises(ValueError, match="expected a map"):
        ChunkDataset.from_config(recording, 3)
    with pytest.raises(ValueError, match="exakt"):
        ChunkDataset.from_config(recording, time_grid="exakt", modality_config=late)


@pytest.mark.parametrize("kind", ["numpy", "jax"])
def test_whose_arrays_items_hold(recording, kind):
    package = pytest.importorskip(kind)
    outside = recordings.config(responses={"transforms": {"a": abs, "normalization": "normalize_variance_only"}})
    for config in (recordings.config(), outside):
        default = ChunkDataset(recording, modality_config=config)
        told = ChunkDataset(recording, modality_config=config, output=kind)
        again = told if config is outside else pickle.loads(pickle.dumps(told))
        for data in (told, again):
            for item, expected in ((data[3], default[3]), (data.read_batch([1, 2]), default.read_batch([1, 2]))):
                assert list(item) == list(expected)
                for key in data.device_names:
                    assert isinstance(item[key], package.ndarray if kind == "numpy" else package.Array)
                    assert np.array_equal(np.asarray(item[key]), np.asarray(expected[key], dtype=item[key].dtype), equal_nan=True)
    with pytest.raises(ValueError, match="output is 'list', expected"):
        ChunkDataset(recording, modality_config=recordings.config(), output="list")


class Answering(Interpolator):
    """A device of the program's own that answers what it is told to."""

    start_time, end_time, valid_interval = 0.0, 13.0, (0.0, 13.0)

    def __init__(self, answer, **more):
        self.answer = answer
        self.__dict__.update(more)

    def interpolate(self, times, return_valid=False):
        valid = self.valid_times(times)
        answer = self.answer(np.asarray(times), valid)
        return answer if return_valid or not isinstance(answer, tuple) else answer[0]


def sound(times, valid):
    return np.zeros((len(valid), 2), np.float32), valid


def own(device, **more):
    return recordings.config(own={"sampling_rate": 10, "chunk_size": 5, "interpolation": device, **more})


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (None, "None"),
        (3.0, "3.0"),
        ("text", "'text'"),
        (np.array([None] * 5), r"array\(\[None"),
        ([[1.0], [1.0, 2.0]], r"\[\[1.0\], \[1.0, 2.0\]\]"),
    ],
)
def test_values_of_own_devices_that_cannot_be_are_named(recording, values, found):
    d = ChunkDataset(recording, modality_config=own(Answering(lambda times, valid: values)))
    with pytest.raises(ValueError, match=rf"^own: Answering.interpolate returned {found}.*, expected an array of numbers"):
        d[0]


def test_element_types_of_own_devices_that_change_are_said_once(recording):
    """Stacking promotes them: batches would be float64, or not, by what they happen to hold."""
    calls = []

    def changing(times, _):
        calls.append(times)
        return np.zeros((len(times), 2), np.float32 if len(calls) <= 2 else np.float64)

    d = ChunkDataset(recording, modality_config=own(Answering(changing)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        d[0]
        d[1]
    with pytest.warns(UserWarning, match=r"^own: Answering.interpolate returned float64, and float32 before: .*return one type"):
        d[2]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        d[3]


def test_element_types_of_own_devices_that_alternate_are_said_once(recording):
    calls = []

    def alternating(times, _):
        calls.append(times)
        return np.zeros((len(times), 2), (np.float32, np.float64, np.int16)[len(calls) % 3])

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        d = ChunkDataset(recording, modality_config=own(Answering(alternating)))
        for i in range(12):
            d[i]
    said = [str(w.message) for w in caught if "Answering.interpolate returned" in str(w.message)]
    assert len(calls) >= 12 and len(said) == 1, said


@pytest.mark.parametrize("valid", [None, [0, 0, 1], [1, 0, 2], [-1, 0, 1], [0, 1, 1000], [0.0, 1.0, 2.0], [[0, 1, 2]], [0, 1]])
def test_indices_of_own_devices_that_cannot_be_are_named(recording, valid):
    """Where chunks are padded they say which samples are real."""
    device = Answering(lambda times, _: (np.zeros((3, 2)), valid), valid_interval=(0.0, 11.0))
    d = ChunkDataset.from_config(recording, {"modality_config": own(device), "short_chunks": "pad"})
    with pytest.raises(ValueError, match=r"^own: Answering.interpolate\(times, return_valid=True\) returned .*, expected "):
        d[len(d) - 1]


@pytest.mark.parametrize("interval", [None, (0.0, 1.0, 2.0), (math.nan, math.nan), ("a", "b"), 5.0])
def test_valid_intervals_of_own_devices_that_cannot_be_are_named(recording, interval):
    device = Answering(sound, valid_interval=interval)
    message = r"^own: Answering.valid_interval is .*, expected a TimeInterval or a pair"
    with pytest.raises(ValueError, match=message):
        ChunkDataset(recording, modality_config=own(device))
    with pytest.raises(ValueError, match=message):
        Experiment(recording, {"own": {"interpolation": device}}).get_valid_range("own")


@pytest.mark.parametrize("time", [None, math.nan, "now"])
def test_own_devices_without_times_are_left_out(recording, time):
    with pytest.warns(UserWarning, match="own: time range: found NaN to 13.0, expected finite times; it is left out"):
        d = ChunkDataset(recording, modality_config=own(Answering(sound, start_time=time)))
    assert "own" not in d.device_names


def test_own_devices_of_changing_width_are_named(recording):
    device = Answering(lambda times, valid: (np.zeros((len(valid), int(times[0] * 10) % 2 + 1)), valid))
    d = ChunkDataset(recording, modality_config=own(device))
    with pytest.raises(ValueError, match=r"^own: items of one batch have the shapes \(5, 1\) and \(5, 2\), expected one"):
        next(iter(DataLoader(d, batch_size=16)))


def test_experiments_name_own_devices_and_compare_clocks(recording):
    times = np.array([1.0, 2.0])
    nothing = Experiment(recording, {"own": {"interpolation": Answering(lambda times, valid: None)}})
    for call in (lambda: nothing.interpolate(times), lambda: nothing.interpolate(times, device="own")):
        with pytest.raises(ValueError, match="^own: Answering.interpolate returned None, expected an array of numbers"):
            call()
    for answer in (None, np.zeros(2), (np.zeros(2), None)):
        e = Experiment(recording, {"own": {"interpolation": Answering(lambda times, valid, answer=answer: answer)}})
        with pytest.raises(ValueError, match=r"^own: Answering.interpolate\(times, return_valid=True\) returned .*, expected \(values"):
            e.interpolate(times, return_valid=True)
    far = Answering(sound, start_time=1.6e9, end_time=1.6e9 + 10, valid_interval=(1.6e9, 1.6e9 + 10))
    config = {"treadmill": {}, "own": {"interpolation": far}}
    with pytest.warns(UserWarning, match="time range: found own starts at 1600000000 s, treadmill ends at .*, expected a range of time that all"):
        Experiment(recording, config)
    milliseconds = Answering(sound, start_time=1.6e12, end_time=1.6e12 + 10, valid_interval=(1.6e12, 1.6e12 + 10))
    with pytest.warns(UserWarning, match="own: time range: found 1600000000000 to .*, expected seconds; they look like milliseconds"):
        Experiment(recording, {"own": {"interpolation": milliseconds}})


def test_a_copy_that_ended_is_said(tmp_path):
    data = np.random.default_rng(3).uniform(70_000, 90_000, (4000, 3))
    folder = recordings.sequence(tmp_path / "responses", data, rate=10.0, means=False)
    devices = {"responses": {"sampling_rate": 10, "chunk_size": 5, "sample_stride": 50}}
    config = {"modality_config": devices, "time_grid": "exact", "seed": 0}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        dataset = ChunkDataset.from_config(str(tmp_path), config)
        dataset[0]
    with pytest.warns(UserWarning, match="responses: types: found 15 values of a chunk that are infinite as float16"):
        with DataLoader(dataset, batch_size=2, dtype="float16", output="numpy") as loader:
            assert np.isinf(next(iter(loader))["responses"]).all()
    with open(folder / "data.npy", "r+b") as file:
        file.seek(8 * 4096)
        file.write(bytes((folder / "data.npy").stat().st_size - 8 * 4096))
    with pytest.warns(UserWarning, match="data.npy: values: found nothing but zeros from row 1360 on, .*compare its checksum"):
        ChunkDataset.from_config(str(tmp_path), config)


def test_a_configuration_for_a_recording(recording, tmp_path):
    config = syncline.config_for(recording)
    assert list(config["modality_config"]) == sorted(DEVICES) and config["short_chunks"] == "skip"
    assert config["modality_config"]["screen"]["chunk_size"] == config["modality_config"]["screen"]["sample_stride"]
    with ChunkDataset.from_config(recording, config) as dataset:
        assert list(dataset[0]) == [*config["modality_config"], "timestamps"] and len(dataset) > 1
        opened = native.dataset_open(recording, config)  # as C does
        assert native.dataset_state(opened)["fingerprint"] == dataset.fingerprint
        opened.close()
    config["modality_config"] = {"responses": config["modality_config"]["responses"]}
    with ChunkDataset.from_config(recording, config | {"lead_device": None}) as dataset:
        assert dataset.device_names == ("responses",)
    with pytest.raises(FileNotFoundError, match="nothing"):
        syncline.config_for(tmp_path / "nothing")
    with pytest.raises(RecordingError, match="found a folder of recordings: recording, expected one recording"):
        syncline.config_for(tmp_path)


def test_a_recording_without_the_configured_devices_names_what_makes_a_configuration(recording, tmp_path):
    (tmp_path / "other").mkdir()
    shutil.copytree(recording / "responses", tmp_path / "other" / "cells")
    for opened in (ChunkDataset, Experiment):
        with pytest.raises(ValueError, match=r"screen.*syncline\.config_for"):  # the error says what warnings would
            opened(tmp_path / "other")
    with ChunkDataset.from_config(tmp_path / "other", syncline.config_for(tmp_path / "other")) as dataset:
        assert dataset[0]["cells"].shape[1] == 7


SEVERAL = "for several chunks: read_batch"


@pytest.mark.parametrize(
    ("index", "error", "message"),
    [
        (slice(0, 2), TypeError, f"index: found slice slice(0, 2, None), expected one whole number; {SEVERAL}"),
        ([1, 2], TypeError, f"index: found list [1, 2], expected one whole number; {SEVERAL}"),
        (np.array([1]), TypeError, SEVERAL),
        ("screen", TypeError, "index: found str 'screen', expected one whole number"),
        (1.0, TypeError, "index: found float 1.0, expected one whole number"),
        (None, TypeError, "index: found NoneType None"),
        (True, TypeError, "index: found bool True, expected a whole number; of a mask give the indices: numpy.flatnonzero"),
        (10**30, IndexError, "which no dataset has"),
        (-(10**30), IndexError, "which no dataset has"),
    ],
)
def test_what_is_no_index(recording, index, error, message):
    dataset = ChunkDataset(recording)
    with pytest.raises(error) as e:
        dataset[index]
    assert message in str(e.value)
    assert len(dataset[np.int64(1)]) == len(dataset[1])


@pytest.mark.parametrize("mask", [[True, False, True], np.array([True, False, True])])
def test_masks_are_no_indices(recording, mask):
    dataset = ChunkDataset(recording)
    # True would be chunk 1 and False chunk 0
    for take in (dataset.read_batch, dataset.__getitems__, lambda m: DataLoader(dataset, indices=m)):
        with pytest.raises(TypeError, match=r"indices: found .*numpy\.flatnonzero\(mask\)"):
            take(mask)
    with pytest.raises(TypeError, match="the sampler's index: found .*flatnonzero"):
        list(DataLoader(dataset, sampler=mask))
    with pytest.raises(TypeError, match="indices: found float 1.7"):
        dataset.read_batch([1.7])


# ---- what programs change in an open dataset ---------------------------------------------------------------------------


def said_of(action):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        action()
    return [str(w.message) for w in caught if "modality_config." in str(w.message)]


@pytest.mark.parametrize("look", [len, lambda d: list(DataLoader(d, batch_size=50, output="numpy")), lambda d: d.read_batch([0, 1]) and len(d)])
def test_a_configuration_that_is_changed_after_opening_is_said(recording, look):
    """The original reads offsets from there at each item."""
    given = recordings.config()
    dataset = ChunkDataset(recording, modality_config=given)
    before = dataset[40]["treadmill"]
    assert dataset.modality_config.treadmill.offset == 0 and said_of(lambda: look(dataset)) == []
    dataset.modality_config.treadmill.offset = 5
    dataset._compared._from = 0
    (text,) = said_of(lambda: look(dataset))
    assert "modality_config.treadmill.offset was changed from 0 to 5 after the dataset was opened" in text and "open the dataset anew" in text
    assert said_of(lambda: look(dataset)) == []
    dataset.modality_config.treadmill.offset = 0
    del dataset.modality_config.treadmill["transforms"]
    dataset._compared._from = 0
    (text,) = said_of(lambda: look(dataset))
    assert "modality_config.treadmill.transforms was changed from {'normalization': 'normalize'} to nothing" in text
    assert np.array_equal(numbers(dataset[40]["treadmill"]), numbers(before)) and given == recordings.config()


@pytest.mark.parametrize("opened", [ChunkDataset, Experiment])
def test_what_an_object_shows_of_the_default_is_its_own(recording, opened):
    """A change there counts for nothing else, and is said; one of the default counts for what is opened from then on."""
    from syncline.configs import DEFAULT_MODALITY_CONFIG as default

    def look(thing):
        return len(thing) if opened is ChunkDataset else thing.interpolate(np.array([1.0, 1.1, 1.2]))

    before = plain(default)
    for given in ({}, {"modality_config": default}):
        thing = opened(recording, **given)
        assert plain(thing.modality_config) == before and thing.modality_config is not default
        assert type(thing.modality_config) is type(default) and said_of(lambda: look(thing)) == []
        thing.modality_config.treadmill.offset = 5
        thing.modality_config["responses"]["chunk_size"] = 4
        for compared in (getattr(thing, "_compared", None), getattr(thing, "_changes", None)):
            if isinstance(compared, Compared):
                compared._from = 0
        (text,) = said_of(lambda: look(thing))
        assert "modality_config.responses.chunk_size was changed from 16 to 4 after the" in text and "anew" in text
        assert plain(default) == before and plain(opened(recording).modality_config) == before
    first = opened(recording)
    try:
        default.treadmill.offset = 0.25
        assert plain(opened(recording).modality_config)["treadmill"]["offset"] == 0.25
        assert first.modality_config.treadmill.offset == 0 and said_of(lambda: look(first)) == []
    finally:
        default.treadmill.offset = 0


def test_defaults_that_are_replaced_are_said(recording, monkeypatch):
    """Whoever reads them has the objects of before, as in the original."""
    from syncline import configs, dataloaders

    held = {name: getattr(configs, name) for name in ("DEFAULT_CONFIG", "DEFAULT_DATASET_CONFIG", "DEFAULT_MODALITY_CONFIG")}

    def said(action):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            action()
        return [str(w.message) for w in caught if "was replaced" in str(w.message)]

    opening = (lambda: ChunkDataset(recording), lambda: Experiment(recording), lambda: dataloaders.get_multisession_dataloader([recording], pin_memory=False))
    assert [said(action) for action in opening] == [[]] * 3
    with monkeypatch.context() as patched:
        patched.setitem(held["DEFAULT_DATASET_CONFIG"], "modality_config", {"responses": {"sampling_rate": 8, "chunk_size": 2}})
        for action in opening[:2]:
            (text,) = said(action)
            assert "syncline.configs.DEFAULT_DATASET_CONFIG.modality_config was replaced, which changes nothing where no configuration is given" in text
        assert said(lambda: ChunkDataset(recording, **held["DEFAULT_DATASET_CONFIG"])) == []
        assert said(opening[2]) == []  # that reads DEFAULT_CONFIG
    for name in held:
        with monkeypatch.context() as patched:
            patched.setitem(configs.__dict__, name, {})
            for action in opening:
                (text,) = said(action)
                assert f"syncline.configs.{name} was replaced" in text and "give it" in text
    assert [said(action) for action in opening] == [[]] * 3


def test_states_have_the_start_times_of_the_dataset(recording):
    """Edited ones are refused; in one of the original's, which names no recording, they are said. What a program sets itself counts."""
    made = lambda **more: ChunkDataset(recording, modality_config=recordings.config(), **more)  # noqa: E731
    dataset = made(seed=3)
    dataset.shuffle_valid_screen_times()
    state = json.loads(json.dumps({**dataset.get_state(), "rng_state": None, "valid_screen_times": dataset._valid_screen_times.tolist()}))
    generator = dataset.get_state()["rng_state"]
    state["rng_state"] = [generator[0], generator[1].tolist(), *generator[2:]]
    before = dataset._valid_screen_times.copy()
    dataset.set_state(state)
    edited = {**state, "valid_screen_times": [*before[:4], before[4] + 1e-7, *before[5:]]}
    with pytest.raises(ValueError, match=f"1 of its {len(before)} start times, the first of them {before[4] + 1e-7}"):
        dataset.set_state(edited)
    assert (dataset._valid_screen_times == before).all()
    originals = {name: value for name, value in edited.items() if name != "data_key"}
    with pytest.warns(UserWarning, match=f"does not name its recording, .*: 1 of its {len(before)} start times, the first of them"):
        dataset.set_state(originals)
    assert dataset._valid_screen_times[4] == edited["valid_screen_times"][4]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        dataset._valid_screen_times = [1.0, 1.25]
        assert len(dataset) == 2
        dataset.set_state({name: value for name, value in state.items() if name != "data_key"})
        copied = pickle.loads(pickle.dumps(dataset))
    assert (copied._valid_screen_times == before).all()
    for other, there, words in (
        (made(), state, "is of .* with a seed, this dataset has none"),
        (dataset, made().get_state(), "is of .* with no seed, this dataset has seed 3"),
    ):
        with pytest.raises(ValueError, match=words):
            other.set_state(there)
    with pytest.raises(AttributeError, match="seed: found an assignment of int 5 to a dataset that is open"):
        dataset.seed = 5


def test_a_program_alters_its_configuration_for_the_next_dataset(recording):
    """As experiments do that open training and test data: the first dataset stays what it is, copies of it too."""
    from syncline.configs import AttributeDict

    for kind in (dict, AttributeDict):
        config = kind(recordings.config())
        first = ChunkDataset(recording, modality_config=config)
        config["screen"]["valid_condition"] = {"tier": "test"}
        second = ChunkDataset(recording, modality_config=config)
        assert said_of(lambda: (len(first), len(second))) == []
        assert first.modality_config.screen.valid_condition.tier == "train" and second.modality_config["screen"]["valid_condition"]["tier"] == "test"
        assert said_of(lambda: (len(first), len(second))) == []
        assert len(pickle.loads(pickle.dumps(first))) == len(first) != len(second)
        changed = copy.deepcopy(first.modality_config)
        changed.screen.chunk_size = 10
        assert ChunkDataset(recording, modality_config=changed).chunk_sizes["screen"] == 10 and said_of(lambda: len(first)) == []


def test_what_an_open_dataset_shows_cannot_be_assigned(recording):
    dataset = ChunkDataset(recording, modality_config=recordings.config(), seed=3)
    for change in (
        lambda: dataset.chunk_sizes.update(treadmill=7),
        lambda: dataset.sampling_rates.__setitem__("treadmill", 3),
        lambda: dataset.sampling_rates.clear(),
    ):
        with pytest.raises(TypeError, match="open the dataset anew"):
            change()
    for name, value in {"start_time": 5.0, "sampling_rates": {}, "scale_precision": 10, "device_names": ["screen"]}.items():
        with pytest.raises(AttributeError, match=f"{name}: found an assignment of .*open it anew"):
            setattr(dataset, name, value)
    dataset.start_time = dataset.start_time
    dataset.out_keys = ["screen"]
    sizes = dict(recordings.config()["treadmill"], chunk_size=9)
    for mine in (copy.copy(dataset.chunk_sizes), copy.deepcopy(dataset.chunk_sizes), dict(dataset.chunk_sizes), dataset.chunk_sizes.copy()):
        mine["treadmill"] = sizes["chunk_size"]
        assert type(mine) is dict and mine != dataset.chunk_sizes == json.loads(json.dumps(dataset.chunk_sizes))


def test_lists_and_maps_of_an_open_dataset_are_not_changed_in_place(recording):
    dataset = ChunkDataset.from_config(recording, {"time_grid": "exact", "modality_config": recordings.config()})
    with pytest.raises(TypeError, match=r"out_keys: found a change of the list of an open dataset.*set dataset.out_keys = \[...\]"):
        dataset.out_keys.append("trial_index")
    keys = dataset.out_keys
    keys += ["mine"]
    assert "mine" not in dataset.out_keys
    dataset.out_keys += ["trial_index"]
    assert "trial_index" in dataset[0]
    with pytest.raises(TypeError, match="open the dataset anew"):
        dataset.dataset_options["time_grid"] = "rounded"
    step = ChunkDataset(recording, modality_config=recordings.config()).transforms["screen"]
    assert not step.altered
    again = pickle.loads(pickle.dumps(dataset))
    assert dict(again.dataset_options) == {"time_grid": "exact"} and again.out_keys == dataset.out_keys
    changed = again.transforms["responses"].steps
    changed.append(lambda values: values * 0)
    assert not np.asarray(again[0]["responses"]).any() and np.asarray(dataset[0]["responses"]).any()


def test_keys_of_an_open_dataset_cannot_be_assigned(recording):
    dataset = ChunkDataset.from_config(recording, {"time_grid": "exact", "modality_config": recordings.config()})
    with pytest.raises(AttributeError, match="dataset_options: found an assignment .* open it anew"):
        dataset.dataset_options = {}
    dataset.dataset_options = {"time_grid": "exact"}


@pytest.mark.parametrize("seed", [None, 3])
def test_a_stride_that_is_set_counts_at_the_next_shuffle(recording, seed):
    """As with the original."""
    dataset = ChunkDataset(recording, modality_config=recordings.config(), seed=seed)
    times = dataset.get_full_valid_sample_times()
    dataset.sample_stride = 5
    np.random.seed(3)
    dataset.shuffle_valid_screen_times()
    rng = np.random.RandomState(3)
    for _ in range(2):
        assert np.array_equal(dataset._valid_screen_times, np.sort(rng.choice(times, len(times) // 5, replace=False)))
        dataset.out_keys = ["screen"]  # opens it again
        dataset.shuffle_valid_screen_times()


def test_devices_and_transforms_that_are_taken_away_are_named(recording):
    dataset = ChunkDataset(recording, modality_config=recordings.config())
    dataset.transforms.pop("treadmill")
    with pytest.raises(KeyError, match="transforms: found no 'treadmill'"):
        dataset[0]
    dataset = ChunkDataset(recording, modality_config=recordings.config())
    dataset._experiment.devices.pop("treadmill")
    with pytest.raises(KeyError, match="devices: found no 'treadmill'"):
        dataset[0]
