# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Drawn recordings and configurations, read by the library and by a few lines of NumPy that follow the documentation."""

import json

import numpy as np
import pytest
import recordings

from syncline import DataLoader
from syncline.datasets import ChunkDataset

NAMES = ("responses", "eye_tracker", "treadmill")


def draw(rng, root):
    """Writes a recording and returns a configuration with what the oracle needs to know of both."""
    start = float(rng.choice([0.0, 3.25, -7.5, 1000.1]))
    length = float(rng.uniform(8, 14))
    rate = float(rng.choice([10, 25, 30, 60]))
    size = tuple(int(x) for x in rng.integers(1, 12, 2))
    trials = [("video", int(rng.integers(1, int(length * rate))), "train") for _ in range(rng.integers(1, 4))]
    trials.append(("video", max(1, int(length * rate) - sum(t[1] for t in trials)), "train"))
    recordings.screen(root / "screen", rng, rate, start, size, trials)
    screen_rate = float(rng.choice([5, 8, 30]))
    count = int(rng.integers(1, 1 + int(3 * screen_rate)))
    what = {"screen": {"rate": screen_rate, "count": count, "offset": 0.0, "normalize": bool(rng.integers(2))}}
    config = {
        "screen": {
            "sampling_rate": screen_rate,
            "chunk_size": count,
            "sample_stride": int(rng.integers(1, 4)),
            "transforms": {"normalization": "normalize"} if what["screen"]["normalize"] else {},
        }
    }
    for name in NAMES:
        stored = float(rng.choice([7.3, 8, 20, 100]))
        begin = start + float(rng.uniform(-0.3, 0.3))
        dtype = rng.choice(["float32", "float64", "int16", "uint8"])
        shape = (int(length * stored) + 2, int(rng.integers(1, 20)))
        data = rng.normal(50, 20, shape).clip(0, 255).astype(dtype)
        if data.dtype.kind == "f" and rng.integers(2):
            data[rng.random(shape) < 0.02] = np.nan
        recordings.sequence(root / name, data, stored, begin, mapped=bool(rng.integers(2)), means=False)
        means, stds = rng.normal(40, 5, shape[1]), rng.uniform(1, 3, shape[1])
        np.save(root / name / "meta" / "means.npy", means)
        np.save(root / name / "meta" / "stds.npy", stds)
        sampling = float(rng.choice([4, 8, 30]))
        this = {
            "data": data, "stored": stored, "start": begin, "means": means, "stds": stds, "rate": sampling,
            "count": max(1, int(count / screen_rate * sampling)),
            "offset": float(rng.choice([0.0, 0.1, -0.15])),
            "mode": str(rng.choice(["nearest_neighbor", "linear"])),
            "keep_nans": bool(rng.integers(2)),
            "normalize": rng.choice(["", "normalize", "normalize_variance_only"]),
        }  # fmt: skip
        what[name] = this
        config[name] = {
            "sampling_rate": sampling,
            "chunk_size": this["count"],
            "offset": this["offset"],
            "transforms": {"normalization": str(this["normalize"])} if this["normalize"] else {},
            "interpolation": {"interpolation_mode": this["mode"], "keep_nans": this["keep_nans"]},
        }
    (root / "meta.json").write_text(json.dumps({"data_key": "drawn"}))
    return config, what


def oracle_starts(root, config, what):
    timestamps = np.load(root / "screen" / "timestamps.npy")
    ranges = [(timestamps[0], timestamps[-1])]
    for name in NAMES:
        d = what[name]
        ranges.append((d["start"], d["start"] + (len(d["data"]) - 1) / d["stored"]))
    start, end = max(r[0] for r in ranges) + 0.5, min(r[1] for r in ranges) - 0.5
    step = 1 / what["screen"]["rate"]
    grid = start + np.arange(int(np.ceil((end - start) / step))) * ((start + step) - start)
    count = what["screen"]["count"]
    n = len(grid) - count + 1
    starts = [grid[k] for k in range(max(n, 0)) if grid[k + count - 1] < end]
    return np.array(starts[:: config["screen"]["sample_stride"]])


def oracle_times(device, start):
    unit = 10**5
    first = round(start * unit) + round(device["offset"] * unit)
    return (first + np.arange(device["count"]) * round(unit / device["rate"])) / unit


def oracle_sequence(d, times):
    data, dt = d["data"], 1 / d["stored"]
    rows = np.floor((times - d["start"]) / dt).astype(int)
    if d["mode"] == "nearest_neighbor":
        values = data[rows]
    else:
        t0, t1 = d["start"] + rows * dt, d["start"] + (rows + 1) * dt
        before, after = ((t1 - times) / (t1 - t0))[:, None], ((times - t0) / (t1 - t0))[:, None]
        values = before * data[rows].astype(float) + after * data[rows + 1].astype(float)
        if not d["keep_nans"]:
            bad = np.isnan(values)
            counts = (~bad).sum(0)
            means = np.where(bad, 0, values).sum(0) / np.maximum(counts, 1)
            values = np.where(bad & (counts > 0), means, values)
    if d["normalize"]:
        if values.dtype.kind != "f":
            values = values.astype(np.float32)
        means, stds = d["means"].astype(values.dtype), d["stds"].astype(values.dtype)
        values = (values - means if d["normalize"] == "normalize" else values) / stds
    return values


def oracle(root, what, start):
    timestamps = np.load(root / "screen" / "timestamps.npy")
    frames = np.concatenate([np.load(f) for f in sorted((root / "screen" / "data").glob("*.npy"))])
    out, stamps = {}, {}
    for name, device in what.items():
        times = oracle_times(device, start)
        stamps[name] = (times - what["responses"]["start"]).astype(np.float32)
        if name == "screen":
            pixels = frames[np.searchsorted(timestamps, times + 1e-4) - 1].astype(np.float32)
            out[name] = ((pixels - np.float32(110)) / np.float32(60) if device["normalize"] else pixels)[None]
        else:
            out[name] = oracle_sequence(device, times)
    return {**out, "timestamps": stamps}


def check(found, expected, what):
    assert list(found) == list(expected)
    for name, values in expected.items():
        if name == "timestamps":
            assert list(found[name]) == list(values)
            for device, times in values.items():
                np.testing.assert_array_equal(np.asarray(found[name][device]), times, err_msg=device)
            continue
        array = np.asarray(found[name])
        assert array.dtype == values.dtype and array.shape == values.shape, name
        if what[name].get("mode") == "linear":  # sums in another order
            np.testing.assert_allclose(array, values, rtol=1e-9, atol=1e-9, err_msg=name)
        else:
            np.testing.assert_array_equal(array, values, err_msg=name)


def stack(items):
    first = items[0]
    return {k: stack([i[k] for i in items]) if isinstance(first[k], dict) else np.stack([i[k] for i in items]) for k in first}


@pytest.mark.parametrize("seed", range(40))
def test_drawn_recordings(tmp_path, seed):
    """The seed is the test's number."""
    rng = np.random.default_rng([2026, seed])
    config, what = draw(rng, tmp_path)
    dataset = ChunkDataset(tmp_path, modality_config=config)
    starts = oracle_starts(tmp_path, config, what)
    np.testing.assert_array_equal(np.asarray(dataset._valid_screen_times), starts)
    assert len(dataset) == len(starts)
    expected = [oracle(tmp_path, what, s) for s in starts[:24]]
    for i in {0, len(expected) // 2, len(expected) - 1} if expected else ():
        check(dataset[i], expected[i], what)
    size = int(rng.integers(1, 6))
    with DataLoader(dataset, size, num_workers=int(rng.integers(0, 3))) as loader:
        assert len(loader) == -(-len(starts) // size)
        for b, batch in zip(range(len(expected) // size), loader):
            check(batch, stack(expected[b * size : (b + 1) * size]), what)
