# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Recordings that are written from arrays, and statistics of recordings."""

import importlib.util
import os
import sys
import warnings
from pathlib import Path
from types import SimpleNamespace

import blocks
import numpy as np
import pytest

import syncline
from syncline import ChunkDataset, writing
from syncline.errors import RecordingError


def _everything():
    rng = np.random.default_rng(3)
    times = np.arange(400) / 10 + rng.uniform(0, 0.05, 400)
    return {
        "responses": {"values": rng.normal(size=(400, 5)).astype("f4"), "rate": 10, "start": 0, "unit_ids": [9, 8, 7, 6, 5]},
        "eye": {"values": np.arange(400, dtype=">i2"), "timestamps": times, "statistics": False},
        "screen": {
            "frame_rate": 10.0,
            "statistics": True,
            "trials": [
                {"image": np.full((4, 6), 3, np.uint8), "time": 0, "tier": "train", "contrast": np.float32(0.5)},
                {"video": np.full((100, 4, 6), 9.0), "times": 1 + np.arange(100) / 10, "tier": "test"},
                {"blank": 128, "time": 39.0},
            ],
        },
        "units": {"spikes": [[1.0, 2.0], [], [30.0]], "start": 0, "end": 40},
        "sorted": {"spikes": [30, 20, 10, 40], "clusters": [4.0, 2.0, 4.0, 2.0], "rate": 10.0, "start": 0, "end": 40},
        "behavior": {"intervals": {"running": [[1, 2]], "still": []}, "start": 0, "end": 40},
    }


def test_a_recording_is_written_from_arrays(tmp_path):
    devices = _everything()
    root = tmp_path / "r"
    syncline.write(root, devices, meta={"data_key": "mouse", "age": np.int64(3)})
    assert [p.name for p in tmp_path.iterdir()] == ["r"]
    configs = {name: {} for name in devices}
    with syncline.Experiment(str(root), modality_config=configs) as experiment:
        values = experiment.devices["responses"].interpolate(np.array([0.05, 39.85]))
        np.testing.assert_array_equal(values, devices["responses"]["values"][[0, 398]])
        values = experiment.devices["eye"].interpolate(devices["eye"]["timestamps"][[3, 200]])
        assert values.reshape(-1).tolist() == [3, 200]
        frames = experiment.devices["screen"].interpolate(np.array([0.5, 5.0, 39.0]))
        assert frames[:, 0, 0].tolist() == [3, 9, 128]
        counts = experiment.devices["sorted"].interpolate(np.array([1.0, 4.0]))
        assert counts.tolist() == [[0, 1], [1, 0]]
    np.testing.assert_allclose(np.load(root / "screen/meta/means.npy"), [903 / 101])
    ids = np.load(root / "sorted/meta/unit_ids.npy")
    assert ids.tolist() == [2, 4]


def test_blocks_of_tensors_and_pairs_are_streamed(tmp_path):
    blocks = [np.full((50, 2), i, np.float64) for i in range(8)]
    syncline.write(tmp_path / "one", {"a": {"values": iter(blocks), "rate": 10}})
    pairs = ((b, np.arange(50) / 10 + 5 * i) for i, b in enumerate(blocks))
    syncline.write(tmp_path / "two", {"a": {"values": pairs}})
    with syncline.RecordingWriter(tmp_path / "three") as writer:
        sequence = writer.sequence("a", rate=10)
        for block in blocks:
            sequence.append(block[:, ::-1])
    for name in ("one", "two", "three"):
        found = syncline.stats(tmp_path / name)["a"]
        assert found["means"].tolist() == [3.5, 3.5] and found["counts"].tolist() == [400, 400]


def test_rows_of_one_axis_are_not_taken_for_samples_of_one_signal(tmp_path):
    rows = np.arange(200.0).reshape(50, 4)
    ambiguous = r"a: rows: found shape \[4\], expected \(n, signals\), .*; shape \[1, 4\] is a row, \[4, 1\] are values of one"
    for values in (iter(rows), map(list, rows)):
        with pytest.raises(ValueError, match=ambiguous):
            syncline.write(tmp_path / "r", {"a": {"values": values, "rate": 10}})
    with pytest.raises(ValueError, match=ambiguous):
        with syncline.RecordingWriter(tmp_path / "r") as writer:
            writer.sequence("a", rate=10).append(rows[0])
    with pytest.raises(ValueError, match=r"a: times: found 1 for 4 rows, expected one for each row; a row has shape \[1, 4\]"):
        syncline.write(tmp_path / "r", {"a": {"values": ((row, k / 10) for k, row in enumerate(rows))}})
    signal = np.arange(200.0)
    with syncline.RecordingWriter(tmp_path / "r") as writer:
        known = writer.sequence("known", rate=10)
        known.append(signal[:50, None]).append(signal[50:])
        writer.sequence("named", rate=10, unit_ids=[7]).append(signal)
        writer.sequence("timed").append(signal, signal)
        by_row = writer.sequence("by_row", rate=10)
        for row in rows:
            by_row.append(row[None])
    syncline.write(tmp_path / "whole", {"one": {"values": signal, "rate": 10}})
    for path in ("r/known", "r/named", "r/timed", "whole/one"):
        assert np.fromfile(tmp_path / path / "data.mem").tolist() == signal.tolist()
        assert syncline.stats(tmp_path / path.split("/")[0])[path.split("/")[1]]["means"].tolist() == [99.5]
    assert syncline.stats(tmp_path / "r")["by_row"]["means"].tolist() == rows.mean(axis=0).tolist()


def test_whole_numbers_of_metadata_stay_what_they_are(tmp_path):
    """Ids of a database or camera, which as float64 may be one."""
    ids = [2**53, 2**53 + 1, 2**65 + 1, -(2**70) - 1, 10**200]
    trials = [{"image": np.full((2, 2), 7.0), "time": float(i), "tier": "train", "id": n} for i, n in enumerate(ids)]
    syncline.write(tmp_path / "r", {"screen": {"trials": trials}, "a": {"values": np.arange(60.0), "rate": 10.0}})
    config = {"a": {"sampling_rate": 10, "chunk_size": 2}, "screen": {"sampling_rate": 10, "chunk_size": 2}}
    dataset = syncline.ChunkDataset(tmp_path / "r", modality_config=config)
    assert dataset.trials["id"].dtype == object and dataset.trials["id"].tolist() == ids
    for n in ids:
        assert dataset.get_condition_mask_from_meta_conditions([{"id": n}]).tolist() == [n == other for other in ids]
    with pytest.warns(UserWarning, match=r"meta.id: found 9007199254740993 of trial 1, expected whole numbers of at most 2\^53.* store them as texts"):
        dataset.out_keys = ["a", "meta.id"]
    frame = type("Frame", (), {})()
    columns = {"id": np.array([2**53 + 1, 1]), "x": np.array([0.5, 1])}
    frame.columns, frame.dtypes, frame.to_numpy = list(columns), [1, 2], lambda: np.column_stack(list(columns.values()))
    type(frame).__getitem__ = lambda self, name: type("Column", (), {"to_numpy": lambda self: columns[name]})()
    with pytest.raises(ValueError, match="rows: id: found 9007199254740993, expected whole numbers of at most"):
        syncline.write(tmp_path / "s", {"a": {"values": frame, "rate": 10}})


def test_whole_numbers_in_arrays_within_lists_are_not_rounded_unseen(tmp_path):
    large = np.array([2**53 + 1])
    for devices in (
        {"a": {"values": [large, np.array([0.5])], "rate": 10}},
        {"a": {"values": [[np.array(2**53 + 1), 0.5]], "rate": 10}},
        {"screen": {"trials": [{"blank": large[0], "time": 1}]}},
        {"screen": {"trials": [{"blank": np.array(2**53 + 1), "time": 1}]}},
        {"a": {"values": np.zeros((2, 1)), "timestamps": [0, 2**54 + 1]}},
    ):
        with pytest.raises(ValueError, match="expected whole numbers of at most"):
            syncline.write(tmp_path / "r", devices)
    assert writing._seconds("times", [0, 2**54, -(2**60)]).tolist() == [0.0, 2.0**54, -(2.0**60)]
    assert writing._number("blank", np.array(2**54)) == 2.0**54


def test_what_fails_leaves_nothing_and_says_why(tmp_path):
    root = tmp_path / "r"
    good = {"values": np.zeros((400, 2)), "rate": 10}
    for device, message in [
        ({"values": np.zeros((4, 2), complex), "rate": 1}, "a: rows: found dtype complex128, expected bool, integers or"),
        ({"values": (np.zeros((4, 2)), np.zeros((5, 2))), "rate": 1}, r"a: rows: found a tuple of 2 items of unlike .* iter\(blocks\)"),
        ({"values": np.zeros((4, 2)), "rate": np.array([10.0])}, r"a: rate: found array\(\[10.\]\), expected one number"),
        ({"values": np.zeros((4, 2)), "rate": "fast"}, "a: rate: found 'fast', expected one number"),
        ({"trials": [{"blank": [1, 2, 3], "time": 0}]}, r"a: blank: found \[1, 2, 3\], expected one number"),
        ({"trials": [{"file": __file__, "time": 0, "image_size": [2, 2]}]}, r"test_writing.py: found the extension .py, expected one of .npy .mp4"),
        ({"spikes": [[1.0]], "start": [0], "end": 2}, r"a: start: found \[0\], expected one number"),
        ({"spikes": [1.5, 2.5], "clusters": [0.0, 1.5]}, "a: clusters: found 1.5, expected whole numbers"),
        ({"intervals": ["x"]}, "a: labels: found a list, expected a mapping of labels to arrays"),
        ({"values": np.zeros((4, 2, 2)), "rate": 1}, r"a: rows: found shape \[4, 2, 2\], expected \(n, signals\)"),
        ({"values": np.zeros(4), "timestamps": [0, 2, 1, 3]}, "a: time 2: found 1.0 after 2.0, expected times that rise"),
        ({"values": np.zeros(4)}, "a: found rows without times"),
        ({"values": np.zeros(4), "rate": -1}, "a: rate: found -1.0, expected a positive number of Hz"),
        ({"values": np.zeros(4), "hertz": 1}, "a: found the key 'hertz', expected some of rate, start"),
        ({"rate": 4}, "a: found .'rate'., expected exactly one of values, trials, spikes, intervals"),
        ({"trials": [{"image": np.zeros((2, 2)), "tier": "x"}]}, "a: trial 0: found"),
        ({"trials": [{"blank": 0, "time": 0, "rig": object()}]}, "metadata: found a object"),
        ({"trials": [{"blank": 0, "time": 0, "rig": {"id": [2**1000]}}]}, "metadata: found a whole number of 1001 bits, expected at most 1000"),
        ({"trials": [{"blank": 0, "time": 2**53 + 1}]}, r"times: found 9007199254740993, expected whole numbers of at most 2\*\*53"),
        ({"trials": [{"blank": 2**53 + 1, "time": 1}]}, "blank: found 9007199254740993, expected whole numbers"),
        ({"values": [[2**53 + 1, 0.5]], "rate": 10}, "rows: found 9007199254740993, expected whole numbers of .* as float64 it would be 9007199254740992"),
        ({"spikes": [np.array([2**63], np.uint64)], "rate": 10}, "found 9223372036854775808, expected whole numbers of at most 63 bits"),
        ({"trials": [{"blank": 0, "time": 0, "rig": np.array(["2020"], "M8[D]")}]}, "metadata: found a date, expected None"),
        ({"trials": [{"video": np.zeros((3, 2, 2)), "times": [0]}]}, "found 3 frames and 1 times"),
        ({"spikes": [[2, 1]]}, "a: unit 0, spike 1: found 1.0 s after 2.0 s"),
        ({"spikes": [1.5], "clusters": [0], "rate": 10}, "a: samples: found dtype float64, expected whole numbers"),
        ({"spikes": [1.5, 2.5]}, "a: found 1.5, one number, as a unit, expected the times of its spikes; give a list of"),
        ({"spikes": np.arange(3), "rate": 10}, "a: found 0, one number, as a unit"),
        ({"spikes": [_masked([1.0, 2.0])]}, "a: times: found 1 masked of 2 values of float64, expected none; leave them out"),
        ({"values": _masked([[1], [2]]), "rate": 1}, "a: rows: found 1 masked of 2 values of int64, .*convert them to floats"),
        ({"values": np.zeros(2), "timestamps": _masked([0.0, 1.0])}, "a: timestamps: found 1 masked of 2"),
        ({"trials": [{"image": _masked([[1.0, 2.0]]), "time": 0}]}, "a: pixels: found 1 masked of 2"),
        ({"intervals": {"l": _masked([[1.0, 2.0]])}}, "a: l: found 1 masked of 2"),
        ({"spikes": [1.5], "clusters": [0, 1]}, "a: found 1 spikes and 2 clusters"),
        ({"intervals": {"l": [1, 2, 3]}}, r"a: label 'l': found shape \(3,\), expected \(n, 2\)"),
        ({"intervals": {"l": [[2, 1]]}}, r"a: label 'l', row 0: found .*, the end not before the start"),
        ({"intervals": {"l": [[1, 2]]}, "start": 0}, "a: start, end: found 0.0, expected both, or neither"),
    ]:
        with pytest.raises(ValueError, match=message):
            syncline.write(root, {"good": good, "a": device})
        assert list(tmp_path.iterdir()) == []
    with pytest.raises(ValueError, match="the name of a device: found 1, expected a text"):
        syncline.write(root, {1: good})
    with pytest.raises(KeyboardInterrupt):
        with syncline.RecordingWriter(root) as writer:
            writer.sequence("a", rate=1).append(np.zeros((4, 2)))
            raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []
    syncline.write(root, {"a": good})
    with pytest.raises(RecordingError, match="a folder that is there already"):
        syncline.write(root, {"a": good})
    syncline.write(root, {"b": good}, replace=True)
    assert sorted(p.name for p in root.iterdir()) == ["SHA256SUMS", "b", "meta.json"]
    with pytest.raises(ValueError, match="finished or closed"):
        writer.sequence("late", rate=1)


def _masked(values):
    values = np.array(values)
    return np.ma.array(values, mask=values == values.max())


def test_masked_floats_are_missing_and_masked_times_are_refused(tmp_path):
    root = tmp_path / "r"
    syncline.write(root, {"a": {"values": _masked(np.arange(8.0)[:, None]), "rate": 1.0}})
    assert np.fromfile(root / "a/data.mem")[[0, 6]].tolist() == [0, 6]
    assert np.isnan(np.fromfile(root / "a/data.mem")[7])
    with syncline.Experiment(root, modality_config={"a": {"interpolation": {}}}) as experiment:
        with pytest.raises(ValueError, match=r"times: found 1 masked of 2, expected none; give times.compressed\(\)"):
            experiment.interpolate(_masked([1.0, 2.0]), device="a")
        for times in (np.array([1], "m8[ms]"), np.array(["2026-01-01"], "M8[s]")):
            with pytest.raises(ValueError, match="times: found dtype .*, expected seconds"):
                experiment.interpolate(times, device="a")
        assert experiment.interpolate(np.ma.array([1.0, 2.0]), device="a").shape == (2, 1)


def test_units_of_which_each_ends_before_the_next_begins_are_warned_of(tmp_path):
    units = np.split(np.linspace(0.5, 60, 60), 3)
    (found,) = syncline.write(tmp_path / "r", {"u": {"spikes": units}})
    assert "each of 3 units ends before the next begins" in found
    with pytest.warns(UserWarning, match="each of 3 units ends before the next begins"):
        syncline.Experiment(tmp_path / "r", modality_config={"u": {"interpolation": {}}}).close()


def test_statistics(tmp_path):
    devices = _everything()
    devices["responses"]["values"][7, 1] = np.nan
    devices["responses"]["statistics"] = False
    root = tmp_path / "r"
    syncline.write(root, devices)
    values = devices["responses"]["values"].astype("f8")
    found = syncline.stats(root, quantiles=[0.5])
    np.testing.assert_allclose(found["responses"]["means"], np.nanmean(values, axis=0), rtol=1e-12)
    np.testing.assert_allclose(found["responses"]["stds"], np.nanstd(values, axis=0), rtol=1e-12)
    np.testing.assert_array_equal(found["responses"]["maxima"], np.nanmax(values, axis=0))
    np.testing.assert_allclose(found["responses"]["quantiles"][0.5], np.nanmedian(values, axis=0), atol=0.05)
    assert found["responses"]["counts"].tolist() == [400, 399, 400, 400, 400]
    assert found["screen"]["means"].shape == (1,)
    pixels = syncline.stats(root, devices=["screen"], per_pixel=True, tier="test")["screen"]
    assert pixels["means"].tolist() == [[9.0] * 6] * 4
    for wrong, words in (
        ({"moments_only": True, "quantiles": [0.5]}, "quantiles: found list .*expected none beside moments_only=True"),
        ({"config": {"modality_config": {}}}, "config: found a configuration without tier, conditions or filters=True"),
    ):
        with pytest.raises(ValueError, match=words):
            syncline.stats(root, **wrong)
    train = syncline.stats(root, tier="train", moments_only=True)["responses"]
    np.testing.assert_allclose(train["means"], np.nanmean(values[:10], axis=0))
    assert "minima" not in train
    one = syncline.stats(root, tier=["train", "test"], conditions={"tier": "train"}, moments_only=True)["responses"]
    assert one["counts"].tolist() == train["counts"].tolist()
    for given, message in (
        ({"tier": []}, "^tier: found an empty list"),
        ({"conditions": []}, "^conditions: found an empty list"),
        ({"tier": "train", "conditions": [{"tier": "test"}]}, "^conditions: found another tier"),
        ({"devices": []}, "devices: found \\[\\]"),
        ({"threads": "4"}, 'threads: found "4"'),
    ):
        with pytest.raises(ValueError, match=message):
            syncline.stats(root, **given)
    for given in ({"conditions": ["tier"]}, {"quantiles": 0.5}, {"quantiles": "none"}, {"tier": [1]}):
        with pytest.raises(TypeError, match="^(conditions|quantiles|tier): found"):
            syncline.stats(root, **given)
    syncline.stats(root, write=True, devices=["responses"])
    np.testing.assert_array_equal(np.load(root / "responses/meta/stds.npy"), found["responses"]["stds"])
    with pytest.raises(RecordingError, match="ask for it to be replaced"):
        syncline.stats(root, write=True, devices=["responses"])
    with pytest.raises(ValueError, match="without write"):
        syncline.stats(root, replace=True)


def test_statistics_of_several_recordings(tmp_path):
    values = [rng.normal(i, 1 + i, (300 + i, 2)).astype("f4") for i, rng in enumerate(map(np.random.default_rng, range(3)))]
    roots = [tmp_path / f"r{i}" for i in range(3)]
    for i, root in enumerate(roots):
        devices = {"responses": {"values": values[i], "rate": 20, "unit_ids": [4, 7], "statistics": False}}
        if i == 0:
            devices["treadmill"] = {"values": values[0], "rate": 20, "statistics": False}
        syncline.write(root, devices)
    apart = syncline.stats(roots, moments_only=True)
    assert list(apart) == [str(root) for root in roots]
    for root, own in zip(roots, values):
        np.testing.assert_allclose(apart[str(root)]["responses"]["means"], own.mean(axis=0, dtype="f8"), rtol=1e-12)
    whole = np.concatenate(values).astype("f8")
    with pytest.warns(UserWarning, match="treadmill: only 1 of 3 recordings have it"):
        pooled = syncline.stats(roots, pooled=True, quantiles=[0.5], write=True, replace=True)
    found = pooled["responses"]
    assert found["counts"].tolist() == [len(whole)] * 2
    np.testing.assert_allclose(found["means"], whole.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(found["stds"], whole.std(axis=0), rtol=1e-12)
    assert found["maxima"].tolist() == whole.max(axis=0).tolist()
    np.testing.assert_allclose(found["quantiles"][0.5], np.median(whole, axis=0), atol=0.1)
    for root in roots:
        np.testing.assert_array_equal(np.load(root / "responses/meta/means.npy"), found["means"])
    assert not (roots[1] / "treadmill").exists()
    assert syncline.stats(roots[:1], pooled=True)["responses"]["counts"].tolist() == [300, 300]
    (tmp_path / "link").symlink_to(roots[0])
    syncline.write(tmp_path / "other", {"responses": {"values": values[0], "rate": 20, "unit_ids": [4, 8]}})
    for paths, message in (
        ([roots[0], tmp_path / "link"], "the same as"),
        ([roots[0], tmp_path / "other"], "whose id 1 is 8"),
        ([roots[0], tmp_path / "none"], "none"),
    ):
        with pytest.raises(RecordingError, match=message):
            syncline.stats(paths, pooled=True)
    for paths, pooled in ((roots[0], True), ([], False), ([roots[0], str(roots[0])], False)):
        with pytest.raises(ValueError, match="^(path|pooled): found"):
            syncline.stats(paths, pooled=pooled)
    with pytest.raises(TypeError, match="^path: found int"):
        syncline.stats(7)


def _lab_files():
    plane = Path("suite2p/plane0")
    plane.mkdir(parents=True)
    rng = np.random.default_rng(1)
    for name in ("F", "spks"):
        np.save(plane / f"{name}.npy", rng.normal(size=(4, 300)).astype("f4"))
    np.save(plane / "iscell.npy", np.array([[1, 0.9], [0, 0.1], [1, 0.8], [1, 0.7]]))
    np.save(plane / "ops.npy", {"fs": 7.5}, allow_pickle=True)
    rows = ["scorer,a,a,a,a,a,a", "bodyparts,nose,nose,nose,tail,tail,tail", "coords" + ",x,y,likelihood" * 2]
    rows += [f"{i},{i},1,{0.5 if i == 3 else 1},2,3,0.99" for i in range(300)]
    Path("videoDLC.csv").write_text("\n".join(rows))
    np.save("camera_times.npy", np.arange(300) / 30 + np.arange(300) % 2 * 0.005)
    Path("running.csv").write_text("time,speed,position\n" + "\n".join(f"{i / 10},{i},{2 * i}" for i in range(300)))
    np.save("spikes.times.npy", np.sort(rng.uniform(0, 60, 500)))
    np.save("spikes.clusters.npy", rng.integers(0, 5, 500) * 10)


class _Frame:
    """What a pandas frame shows of itself to those that take one."""

    def __init__(self, columns):
        self.columns = columns

    def __getitem__(self, key):
        return _Frame({name: self.columns[name] for name in ([key] if isinstance(key, str) else key)})

    def to_numpy(self):
        values = list(self.columns.values())
        return values[0] if len(values) == 1 else np.stack(values, axis=1)


def _read_csv(path):
    names, *rows = [line.split(",") for line in Path(path).read_text().splitlines()]
    return _Frame(dict(zip(names, np.array(rows, dtype=float).T)))


def test_the_recipes_of_the_documents(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    if importlib.util.find_spec("pandas") is None:
        monkeypatch.setitem(sys.modules, "pandas", SimpleNamespace(read_csv=_read_csv))
    _lab_files()
    recipes = [b for b in blocks.of("docs/writing.md") if b.language == "python"]
    assert len(recipes) == 5
    for block in recipes:
        exec(compile(block.padded, block.page, "exec"), {})
    assert sorted(os.listdir("recordings")) == ["mouse1", "mouse2"]
    found = syncline.stats("from_suite2p")
    assert found["responses"]["counts"].tolist() == [300] * 3
    pose = syncline.stats("from_deeplabcut")["pose"]
    assert pose["counts"].tolist() == [299, 299, 300, 300]
    assert np.load("from_ibl/units/meta/unit_ids.npy").tolist() == [0, 10, 20, 30, 40]
    treadmill = syncline.stats("from_pandas")["treadmill"]
    assert treadmill["maxima"].tolist() == [299, 598]


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_times_that_were_rounded_too_far_are_refused_before_float64_hides_it(tmp_path, dtype):
    # the first steps of more than 5 ms: those that the reader refuses, too
    largest = {np.float32: 65536.0, np.float16: 8.0}[dtype]
    fine, coarse = (np.linspace(largest - 6, at, 100) for at in (largest - 1, largest))

    def devices(times):
        frames = np.zeros((100, 4, 6), np.uint8) + np.arange(100, dtype=np.uint8).reshape(-1, 1, 1)
        return {
            "eye": {"values": np.arange(100.0) ** 2, "timestamps": times},
            "screen": {"trials": [{"video": frames, "times": times, "tier": "train"}]},
            "units": {"spikes": [times], "start": 0, "end": largest},
            "behavior": {"intervals": {"running": times.reshape(-1, 2)}, "start": 0, "end": largest},
        }

    for name, device in devices(coarse.astype(dtype)).items():
        with pytest.raises(ValueError, match=f"{name}.* found times in {np.dtype(dtype)}, which has steps of 0.0078125 s at .*expected float64"):
            syncline.write(tmp_path / name, {name: device})
        assert not (tmp_path / name).exists()
        syncline.write(tmp_path / f"{name}64", {name: devices(coarse)[name]})
    rounded = fine.astype(dtype)
    spikes = {"units": devices(np.unique(rounded))["units"]}
    syncline.write(tmp_path / "fine", spikes)

    recording = tmp_path / "eye64"
    stored = recording / "eye" / "timestamps.npy"
    np.save(stored, np.load(stored).astype(dtype))
    with pytest.warns(UserWarning, match=f"{np.dtype(dtype)}, which has steps of 0.0078125 s at "):
        syncline.Experiment(str(recording), modality_config={"eye": {}}).close()


def test_a_recording_of_one_row_names_the_device(tmp_path):
    with pytest.raises(ValueError, match="common range: .*; of wheel there must be two samples or more; leave a device out"):
        syncline.write(tmp_path / "r", {"wheel": {"values": np.ones((1, 3)), "rate": 10.0}})


def test_spikes_of_no_unit_are_said(tmp_path):
    """Sorters and clusterings give them to -1; who leaves that unit out hears nothing."""
    times = np.sort(np.random.default_rng(3).uniform(0, 20, 90))
    syncline.write(tmp_path / "r", {"units": {"spikes": times, "clusters": np.arange(90) % 3 - 1, "start": 0.0, "end": 20.0}})

    def said(**more):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            config = {"units": {"sampling_rate": 10, "chunk_size": 10, **more}}
            found = len(ChunkDataset(tmp_path / "r", modality_config=config)[0]["units"][0])
        return found, [str(w.message) for w in caught if "-1" in str(w.message)]

    found, (text,) = said()
    assert found == 3 and "unit_ids.npy: values: found the id -1 of unit 0, with 30 of 90 spikes, expected ids of units" in text
    assert "leave these out when writing, or the unit by unit_ids or columns" in text
    assert said(unit_ids=[0, 1]) == said(columns=[1, 2]) == (2, [])
