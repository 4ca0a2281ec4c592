# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Which chunks there are, and what their samples say: filters of labels and shares, trials."""

import functools
import json
import multiprocessing
import pickle
import warnings

import numpy as np
import pytest
import recordings

from syncline import DataLoader
from syncline.datasets import ChunkDataset
from syncline.filters.common_filters import finite_filter, label_filter
from syncline.interpolators import Interpolator, TimeIntervalInterpolator
from syncline.utils import FastSessionDataLoader, SessionConcatDataset

MOVING = [[2.0, 4.5], [4.25, 6.0], [7.0, 7.25], [9.0, 8.0]]


@pytest.fixture
def labelled(tmp_path):
    root = recordings.make(tmp_path / "labelled", nans=True)
    recordings.labels(root / "labels", {"moving": MOVING, "still": []}, 13.0)
    return root


def opened(root, filters, **changes):
    entry = {"sampling_rate": 30, "chunk_size": 20}
    labels = {**entry, **changes.pop("labels", {})}
    return ChunkDataset(root, modality_config=recordings.config(treadmill={"filters": filters}, labels=labels, **changes))


def test_labels_decide(labelled):
    """A map, a callable and a device of the program's own give the same chunks."""
    mine = TimeIntervalInterpolator(labelled / "labels")
    for invert, margin in ((False, 0.0), (False, 0.125), (True, 0.125)):
        arguments = {"device": "labels", "label": "moving", "invert": invert, "margin": margin}
        target = {"_target_": "label_filter", **arguments}
        found = [
            opened(labelled, {"f": target}),
            opened(labelled, {"f": label_filter(**arguments)}),
            opened(labelled, {"f": {**target, "_target_": "experanto.filters.common_filters.label_filter"}}),
            opened(labelled, {"f": target}, labels={"interpolation": mine}),
            opened(labelled, {"f": label_filter(**arguments)}, labels={"interpolation": mine}),
        ]
        starts = [d.get_full_valid_sample_times() for d in found]
        assert all(np.array_equal(starts[0], other) for other in starts[1:])
        assert 0 < len(starts[0]) < len(found[0].get_full_valid_sample_times(filter_for_valid_intervals=False))
        grown = margin if invert else -margin
        points = starts[0][:, None] + np.arange(20) / 30
        inside = np.zeros(points.shape, dtype=bool)
        for start, end in MOVING[:3]:
            inside |= (points >= start - grown) & (points < end + grown)
        assert (inside != invert).all()
        assert "treadmill.filters.f" in found[0].explain()


def test_names_of_labels(labelled):
    for arguments, message in (
        ({"device": "labls", "label": "moving"}, "labls.*did you mean 'labels'"),
        ({"device": "labels", "label": "movin"}, "movin.*did you mean 'moving'"),
        ({"device": "labels", "label": "moving", "margn": 1}, "margn.*did you mean 'margin'"),
    ):
        with pytest.raises(ValueError, match=message):
            opened(labelled, {"f": {"_target_": "label_filter", **arguments}})
    mine = TimeIntervalInterpolator(labelled / "labels")
    with pytest.raises(ValueError, match="movin.*did you mean 'moving'"):
        opened(labelled, {"f": label_filter("labels", "movin")}, labels={"interpolation": mine})
    with pytest.raises(TypeError, match="needs the labelled device"):
        label_filter("labels", "moving")(Interpolator.create(labelled / "treadmill"))
    assert label_filter("labels", "moving")(mine)[0] == (2.0, 4.5)


def test_share_of_finite_values(labelled):
    """Rows 100 to 103 of 20 Hz have a NaN in one of four columns: chunks of 0.63 s hold up to four of about 14 rows."""
    none = ChunkDataset(labelled, modality_config=recordings.config())
    counts = []
    for least in (1.0, 0.94, 0.0):
        by_map = ChunkDataset(
            labelled,
            modality_config=recordings.config(eye_tracker={"filters": {"f": {"_target_": "finite_filter", "min_share": least}}}),
        )
        by_call = ChunkDataset(labelled, modality_config=recordings.config(eye_tracker={"filters": {"f": finite_filter(least)}}))
        assert np.array_equal(by_map.get_full_valid_sample_times(), by_call.get_full_valid_sample_times())
        for t in by_map.get_full_valid_sample_times():
            first, last = np.floor(np.round([t, t + 19 * 0.03333], 5) * 20 + 1e-9).astype(int)
            missing = len(set(range(first, last + 1)) & set(range(100, 104)))
            assert 1 - missing / (4 * (last + 1 - first)) >= least
        counts.append(by_map.explain()["eye_tracker.filters.f"])
    assert counts[0] < counts[1] < counts[2] == none.explain()["whole_chunks"]
    with pytest.raises(TypeError, match="judges whole chunks"):
        finite_filter()(Interpolator.create(labelled / "eye_tracker"))


class Held(Interpolator):
    """A program's own device: holds the last sample."""

    def __init__(self, root_folder):
        super().__init__(root_folder)
        self.data = np.load(root_folder / "data.npy")
        self.start_time, self.end_time = 0.0, (len(self.data) - 1) / 20
        self.valid_interval = (self.start_time, self.end_time)

    def interpolate(self, times, return_valid=False):
        valid = self.valid_times(times)
        values = self.data[np.floor(np.asarray(times)[valid] * 20 + 1e-9).astype(int)]
        return (values, valid) if return_valid else values


class Counting(Held):
    def finite_share(self, first, last):
        rows = self.data[int(np.floor(first * 20 + 1e-9)) : int(np.floor(last * 20 + 1e-9)) + 1]
        return np.isfinite(rows).mean()


def test_share_of_finite_values_of_own_devices(labelled):
    """Devices that Python reads get the chunks of those that Java reads; what has no stored samples is asked for its values."""
    folder = labelled / "eye_tracker"

    def chunks(least=0.94, filters=None, **device):
        entry = {"filters": {"f": filters or {"_target_": "finite_filter", "min_share": least}}, **device}
        return ChunkDataset(labelled, modality_config=recordings.config(eye_tracker=entry))

    for least in (1.0, 0.94, 0.0):
        java = chunks(least)
        for other in (
            chunks(least, interpolation=Interpolator.create(folder)),
            chunks(filters=finite_filter(least), interpolation=Interpolator.create(folder)),
            chunks(least, interpolation=Counting(folder)),
        ):
            assert np.array_equal(java.get_full_valid_sample_times(), other.get_full_valid_sample_times())
            assert len(java) == len(other) and java.explain() == other.explain()
    columns = chunks(1.0, columns=[0, 2, 3]).get_full_valid_sample_times()
    mine = Interpolator.create(folder, columns=[0, 2, 3])
    assert np.array_equal(columns, chunks(1.0, interpolation=mine).get_full_valid_sample_times())
    # all rows are hit at 30 Hz: without a share of less than 1 the samples that are read decide as the stored ones do
    held = chunks(1.0, interpolation=Held(folder))
    assert np.array_equal(chunks(1.0).get_full_valid_sample_times(), held.get_full_valid_sample_times())
    assert np.isfinite(np.concatenate([held[i]["eye_tracker"] for i in range(len(held))])).all()
    np.save(folder / "timestamps.npy", np.arange(270) / 20 + 0.003)
    meta = json.loads((folder / "meta.yml").read_text())
    (folder / "meta.yml").write_text(json.dumps({**meta, "sampling_rate": None}))
    irregular = chunks(1.0, interpolation=Interpolator.create(folder))
    assert np.array_equal(chunks(1.0).get_full_valid_sample_times(), irregular.get_full_valid_sample_times())


class Late:
    """A filter of a program's own that judges whole chunks."""

    def __call__(self, device_):
        raise AssertionError("whole chunks are asked for")

    def chunks(self, device_):
        return lambda times: times[0] >= 5.01 and len(times) == 20


def test_own_filters_judge_chunks(labelled):
    d = ChunkDataset(labelled, modality_config=recordings.config(treadmill={"filters": {"late": Late()}}))
    every = ChunkDataset(labelled, modality_config=recordings.config())
    times = every.get_full_valid_sample_times()
    assert np.array_equal(d.get_full_valid_sample_times(), times[times >= 5.01])
    assert d.explain()["treadmill.filters.late"] == (times >= 5.01).sum() and len(d[0]["treadmill"]) == 20


def test_wrong_shares(labelled):
    folder = labelled / "eye_tracker"

    def chunks(least=0.94, **device):
        entry = {"filters": {"f": {"_target_": "finite_filter", "min_share": least}}, **device}
        return ChunkDataset(labelled, modality_config=recordings.config(eye_tracker=entry))

    lying = Counting(folder)
    lying.finite_share = lambda first, last: 2
    for message, changes in (
        ("Counting.finite_share returned 2, expected a share", {"interpolation": lying}),
        ("min_share: is 1.5, expected a number from 0 to 1", {"least": 1.5, "interpolation": Held(folder)}),
    ):
        with pytest.raises(ValueError, match=message):
            chunks(**changes)
    none = TimeIntervalInterpolator(labelled / "labels")
    with pytest.raises(ValueError, match="TimeIntervalInterpolator, which has no stored samples"):
        opened(labelled, {}, labels={"interpolation": none, "filters": {"f": {"_target_": "finite_filter"}}})


def test_within_trial(tmp_path):
    root = recordings.make(tmp_path / "r")
    config = recordings.config(screen={"valid_condition": None, "sample_stride": 1})
    d = ChunkDataset.from_config(root, {"modality_config": config, "within_trial": True})
    every = ChunkDataset(root, modality_config=config)
    begins = np.load(root / "screen/timestamps.npy")[[t.first_frame_idx for t in d._trials]]
    times = every.get_full_valid_sample_times()
    of = [np.searchsorted(begins, t, side="right") for t in (times, times + 19 * (times[1] - times[0]))]
    assert np.array_equal(d.get_full_valid_sample_times(), times[of[0] == of[1]])
    explained = d.explain()
    assert explained["within_trial"] == len(d) < explained["whole_chunks"]
    with pytest.warns(UserWarning, match="within_trail.*did you mean 'within_trial'"):
        type("Own", (ChunkDataset,), {"dataset_options": {"within_trail": True}})(root, modality_config=config)


def test_max_gap(tmp_path):
    """Chunks with a time that is too far from its sample are left out; interpolating leaves the times out."""
    root = recordings.make(tmp_path / "r")
    clock = np.concatenate([np.arange(0, 5, 0.0625), np.arange(6.5, 13.25, 0.0625)])
    recordings.sequence(root / "wheel", np.arange(len(clock), dtype=np.float64)[:, None])
    np.save(root / "wheel/timestamps.npy", clock)
    (root / "wheel/meta.yml").write_text('{"modality": "sequence", "n_signals": 1}')
    options = {"interpolation_mode": "previous", "max_gap": 0.25}
    wheel = {"sampling_rate": 30, "chunk_size": 20, "interpolation": options}
    d = ChunkDataset(root, modality_config=recordings.config(wheel=wheel))
    free = ChunkDataset(root, modality_config=recordings.config(wheel={**wheel, "interpolation": {}}))
    times = free.get_full_valid_sample_times()
    each = (np.round(times * 1e5)[:, None] + np.arange(20) * 3333) / 1e5
    assert np.array_equal(d.get_full_valid_sample_times(), times[~((each > 4.9375 + 0.25) & (each < 6.5)).any(axis=1)])
    assert d.explain()["wheel.max_gap"] < d.explain()["whole_chunks"] and d.fingerprint != free.fingerprint
    assert "wheel.max_gap" not in free.explain()
    device = Interpolator.create(root / "wheel", **options)
    values, valid = device.interpolate([4.0, 5.1875, 5.1876, 6.4, 6.5], return_valid=True)
    assert valid.tolist() == [0, 1, 4] and values[:, 0].tolist() == [64, 79, 80]
    device.max_gap = None
    assert device.interpolate([5.1876]).tolist() == [[79]]
    with pytest.warns(UserWarning, match="max_gap has no effect"):
        Interpolator.create(root / "treadmill", max_gap=0.1)
    with pytest.warns(UserWarning, match="max_gaps.*did you mean 'max_gap'"):
        Interpolator.create(root / "wheel", max_gaps=0.1)
    with pytest.raises(ValueError, match="max_gap.*expected a number of seconds from 0"):
        Interpolator.create(root / "wheel", max_gap=-1)


def test_origin_of_samples(tmp_path):
    """The trial of each point and what its metadata says: the same in items, batches and loaders."""
    root = recordings.make(tmp_path / "r")
    config = recordings.config(screen={"valid_condition": None, "sample_stride": 1})
    keys = ["responses", "trial_index", "meta.tier", "meta.num_frames", "timestamps"]
    d = ChunkDataset(root, modality_config=config, out_keys=keys)
    begins = np.load(root / "screen/timestamps.npy")[[t.first_frame_idx for t in d._trials]]
    tiers = [t.get_meta("tier") for t in d._trials]
    assert d.categories("tier") == ["test", "train"]
    starts = d._valid_screen_times
    item = d[0]
    assert list(item) == ["responses", "meta.num_frames", "meta.tier", "trial_index", "timestamps"]
    batches = list(DataLoader(d, batch_size=7))
    collated = {k: np.concatenate([np.asarray(b[k]) for b in batches]) for k in keys[1:4]}
    read = d.read_batch(range(len(d)))
    for index in range(0, len(d), 9):
        item = d[index]
        points = starts[index] + np.arange(20) * (d._screen_sample_times[1] - d._screen_sample_times[0])
        trials = np.searchsorted(begins, points, side="right") - 1
        assert np.asarray(item["trial_index"]).dtype == np.int32
        assert np.array_equal(item["trial_index"], trials)
        tier = tiers[trials[0]]
        assert int(item["meta.tier"]) == (-1 if tier is None else d.categories("tier").index(tier))
        assert float(item["meta.num_frames"]) == d._trials[trials[0]].num_frames
        for key in keys[1:4]:
            assert np.asarray(item[key]).dtype == collated[key].dtype == np.asarray(read[key]).dtype
            assert np.array_equal(item[key], collated[key][index]) and np.array_equal(item[key], read[key][index])
        assert np.array_equal(d.__getitems__([index])[0]["meta.tier"], item["meta.tier"])
    mine = Interpolator.create(root / "responses")
    outside = ChunkDataset(
        root,
        modality_config=recordings.config(screen={"valid_condition": None}, responses={"interpolation": mine}),
        out_keys=keys,
        replace_nans_with_means=True,
    )
    assert list(outside[0]) == list(d[0]) and np.array_equal(outside[3]["trial_index"], d[6]["trial_index"])
    listed = ChunkDataset.from_config(root, {"modality_config": config, "out_keys": keys, "categories": {"tier": ["train", "test"]}})
    assert listed.categories("tier") == ["train", "test"] and int(listed[0]["meta.tier"]) == 0
    with pytest.warns(UserWarning, match="meta.teir.*did you mean 'meta.tier'"):
        ChunkDataset(root, modality_config=config, out_keys=["responses", "meta.teir"])
    with pytest.raises(ValueError, match="did you mean 'tier'"):
        d.categories("teir")
    with pytest.raises(ValueError, match="are numbers"):
        d.categories("num_frames")


def test_codes_that_differ_between_recordings_are_warned_of(tmp_path):
    """In loaders of several recordings; the same lists, or entries that nobody takes, are no reason."""
    config = recordings.config(screen={"valid_condition": None})

    def opened(name, *texts):
        root = recordings.make(tmp_path / name) if not (tmp_path / name).exists() else tmp_path / name
        options = {"modality_config": config, "out_keys": ["responses", "meta.tier"], "categories": {"tier": list(texts)}}
        return ChunkDataset.from_config(root, options if texts else {k: v for k, v in options.items() if k != "categories"})

    def first_batch(*datasets, **options):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            next(iter(FastSessionDataLoader(SessionConcatDataset(datasets, ["a", "b"]), 4, **options)))
        return [str(w.message) for w in caught if "codes of" in str(w.message)]

    said = first_batch(opened("a"), opened("b", "train", "test"))
    assert len(said) == 1
    assert f"meta.tier mean something else in {tmp_path}/a, ['test', 'train'], than in {tmp_path}/b, ['train', 'test']" in said[0]
    assert "categories: {tier: [...]}" in said[0]
    assert first_batch(opened("a", "train", "test"), opened("b", "train", "test")) == []
    assert first_batch(opened("a"), opened("b", "train", "test"), out_keys=["responses"]) == []


def test_padding(tmp_path):
    """Samples past a device's range are NaN or 0, and masks say which; parts in Python pad alike."""
    root = recordings.make(tmp_path / "r")
    counts = np.arange(110 * 2, dtype=np.int16).reshape(110, 2)
    recordings.sequence(root / "counts", counts, 8.0)
    more = {"sampling_rate": 8, "chunk_size": 5, "offset": 3.0}

    def opened(**options):
        config = recordings.config(
            screen={"valid_condition": None, "sample_stride": 1, "offset": 4.0, "transforms": {}},
            responses={"offset": 3.0},
            counts={**more, **options},
        )
        return ChunkDataset.from_config(root, {"modality_config": config, "short_chunks": "pad", "replace_nans_with_means": True})

    d = opened()
    item = d[len(d) - 1]
    assert list(item)[-6:-1] == [f"mask.{name}" for name in d.device_names]
    short = 0
    for index in range(0, len(d), 5):
        item = d[index]
        for name in d.device_names:
            mask, values = np.asarray(item[f"mask.{name}"]), np.asarray(item[name])
            assert mask.dtype == bool and mask.shape == (values.shape[1 if name == "screen" else 0],)
            values = values.swapaxes(0, 1) if name == "screen" else values
            end = 0 if values.dtype.kind == "i" else np.nan
            assert np.array_equal(values[~mask], np.full_like(values[~mask], end), equal_nan=values.dtype.kind == "f")
            assert not np.isnan(values[mask]).any()
            short += (~mask).sum()
    assert short > 0 and "padded" in d.explain().notes["short_chunks"]
    batch = next(iter(DataLoader(d, batch_size=4)))
    assert np.asarray(batch["mask.screen"]).shape == (4, 20)
    mine = opened(interpolation=Interpolator.create(root / "counts"))
    for index in range(0, len(d), 9):
        a, b = d[index], mine[index]
        assert list(a) == list(b)
        for name in ("screen", "counts", "mask.counts", "mask.screen", "responses"):
            assert np.array_equal(a[name], b[name], equal_nan=np.asarray(a[name]).dtype.kind == "f"), name
    with pytest.raises(ValueError, match="short_chunks.*did you mean 'pad'"):
        ChunkDataset.from_config(root, {"modality_config": recordings.config(), "short_chunks": "padd"})


@pytest.mark.parametrize("shifts", [None, [0.01, 0.0, 0.03]])
def test_mean(tmp_path, shifts):
    """Java, NumPy in its place and a plain loop agree; datasets average over the period of their rate."""
    seed = int(np.random.SeedSequence().entropy % 2**32)
    print("seed", seed)
    rng = np.random.default_rng(seed)
    data = rng.normal(10, 3, (240, 3)).astype(np.float32)
    data[rng.random(data.shape) < 0.2] = np.nan
    root = tmp_path / "r"
    recordings.sequence(root / "a", data, 30.0, shifts=shifts)
    times = np.sort(rng.uniform(0.05, 7.9, 60))
    for align, before in (("left", 0.0), ("center", 0.5), ("right", 1.0)):
        for window in (0.125, 1 / 30, 0.01, 2.0):
            device = Interpolator.create(root / "a", interpolation_mode="mean", window=window, align=align)
            values, valid = device.interpolate(times, return_valid=True)
            assert values.dtype == np.float32
            expected = np.full(values.shape, np.nan)
            for i, t in enumerate(times[valid]):
                for j in range(3):
                    low = t - (shifts[j] if shifts else 0) - before * window
                    share = np.minimum(np.arange(1, 241) / 30, low + window) - np.maximum(np.arange(240) / 30, low)
                    use = (share > 1e-12) & ~np.isnan(data[:, j])
                    if use.any():
                        expected[i, j] = np.average(data[use, j].astype(float), weights=share[use])
            np.testing.assert_allclose(values, expected, rtol=1e-5)
            device._data = np.array(data)  # answered in NumPy from here on
            again, valid_again = device.interpolate(times, return_valid=True)
            assert np.array_equal(valid, valid_again) and again.dtype == np.float32
            np.testing.assert_allclose(again, values, rtol=1e-6)
    entry = {"sampling_rate": 8, "chunk_size": 5, "interpolation": {"interpolation_mode": "mean"}}
    d = ChunkDataset(root, modality_config={"a": entry}, normalize_timestamps=False)
    item = d[3]
    device = Interpolator.create(root / "a", interpolation_mode="mean", window=0.125)
    assert np.array_equal(item["a"], device.interpolate(np.asarray(item["timestamps"]["a"])), equal_nan=True)
    d._experiment.devices["a"]._data = np.array(data)
    np.testing.assert_allclose(d[3]["a"], item["a"], rtol=1e-6)
    with pytest.raises(ValueError, match="interpolation.window: is missing"):
        Interpolator.create(root / "a", interpolation_mode="mean")
    device.interpolation_mode = "previous"
    assert device.interpolate([1.0]).dtype == np.float32
    with pytest.raises(ValueError, match="window.*expected a positive number of seconds"):
        Interpolator.create(root / "a", interpolation_mode="mean", window=0)
    with pytest.raises(ValueError, match="align.*did you mean 'center'"):
        Interpolator.create(root / "a", interpolation_mode="mean", window=1, align="centre")


def jitter(values, rng, scale=1.0):
    """Adds noise by the generator that it is given."""
    return values + scale * rng.normal(size=1).astype(np.float32)[0]


def expected_noise(seed, epoch, chunk, position):
    entropy = np.random.SeedSequence([seed, epoch, chunk, position])
    return np.random.Generator(np.random.PCG64(entropy)).normal(size=1).astype(np.float32)[0]


def test_seeded_transforms(tmp_path):
    """Noise depends on seed, epoch, chunk and place alone: not on threads, ranks, or who makes the items."""
    root = recordings.make(tmp_path / "r")
    plain = recordings.config(screen={"sample_stride": 2}, responses={"transforms": {}})
    transforms = {"still": lambda values: values, "noise": jitter, "more": {"_target_": f"{__name__}.jittered", "scale": 2.0}}
    noisy = recordings.config(screen={"sample_stride": 2}, responses={"transforms": transforms})
    base = ChunkDataset(root, modality_config=plain)
    d = ChunkDataset(root, modality_config=noisy, seed=5)
    full = d.get_full_valid_sample_times()

    def wanted(index, seed, epoch):
        chunk = int(np.searchsorted(full, d._valid_screen_times[index]))
        noise = expected_noise(seed, epoch, chunk, 1)
        return np.asarray(base[index]["responses"]) + noise + np.float32(2.0) * expected_noise(seed, epoch, chunk, 2)

    for index in (0, 3, len(d) - 1):
        assert np.array_equal(d[index]["responses"], wanted(index, 5, 0))
        assert np.array_equal(d[index]["responses"], d[index]["responses"])
    d.set_epoch(4)
    assert np.array_equal(d[3]["responses"], wanted(3, 5, 4))
    d.set_epoch(0)
    whole = {}
    for workers, world in ((0, 1), (3, 1), (2, 2)):
        for epoch in range(2):
            seen = {}
            for rank in range(world):
                loader = DataLoader(d, batch_size=4, num_workers=workers, rank=rank, world_size=world, seed=9, shuffle=True)
                loader.begin_epoch(epoch)
                for batch in loader:
                    for stamps, values in zip(np.asarray(batch["timestamps"]["screen"]), np.asarray(batch["responses"])):
                        seen[stamps[0].item()] = values
            first = whole.setdefault(epoch, seen)
            assert first.keys() == seen.keys() and all(np.array_equal(first[t], seen[t]) for t in first)
    stamp = np.asarray(d[3]["timestamps"]["screen"])[0].item()
    for epoch in range(2):
        assert np.array_equal(whole[epoch][stamp], wanted(3, 9, epoch))
    for batch in DataLoader(d, batch_sampler=[[3, 0]], seed=None):
        assert np.array_equal(np.asarray(batch["responses"])[0], wanted(3, 5, 0))
    concat = FastSessionDataLoader(SessionConcatDataset([d]), batch_size=4, num_workers=2)
    for epoch in range(2):
        _, batch = next(iter(list(concat)))
        assert np.array_equal(np.asarray(batch["responses"])[3], wanted(3, 5, epoch))
    with pytest.raises(ValueError, match="epoch is -1"):
        d.set_epoch(-1)
    bound = recordings.config(responses={"transforms": {"f": functools.partial(jitter, rng=np.random.default_rng(1))}})
    ChunkDataset(root, modality_config=bound)[0]


def jittered(scale):
    return functools.partial(jitter, scale=scale)


def answer(dataset, questions):
    """In a process of its own: says what a copy of a dataset sees whenever it is asked."""
    while questions.recv():
        questions.send((dataset[3], len(dataset), dataset._valid_screen_times))


def test_processes_that_live_on_follow(tmp_path):
    """A copy in a process that has been started sees the epoch and the start times that the program says afterwards."""
    root = recordings.make(tmp_path / "r")
    noisy = recordings.config(screen={"sample_stride": 2}, responses={"transforms": {"noise": jitter}})
    d = ChunkDataset(root, modality_config=noisy, seed=5)
    d.set_epoch(2)
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=answer, args=(d, theirs), daemon=True)
    process.start()
    changes = (lambda: None, lambda: d.set_epoch(3), d.shuffle_valid_screen_times, lambda: d.set_epoch(4), lambda: d.set_state(first))
    first, seen = d.get_state(), []
    for change in changes:
        change()
        ours.send(True)
        item, length, times = ours.recv()
        assert np.array_equal(item["responses"], d[3]["responses"]) and length == len(d)
        assert np.array_equal(times, d._valid_screen_times)
        seen.append(np.asarray(item["responses"])[0, 0].item())
    assert len(set(seen)) == len(seen)
    with pytest.warns(UserWarning, match="start the workers anew"):
        d.set_state({"rng_state": None, "valid_screen_times": np.repeat(first["valid_screen_times"], 3)})
    ours.send(False)
    process.join(60)
    copy = pickle.loads(pickle.dumps(d))
    d.set_epoch(9)
    assert (copy._epoch, copy._follows) == (4, None)
