# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Every call of every golden case, through the Python package, at the tolerances of the Java library."""

import json
import zipfile

import numpy as np
import pytest

from conftest import GOLDENS, REAL

from syncline._native import functions as native
from syncline.datasets import ChunkDataset
from syncline.interpolators import Interpolator
from syncline.intervals import (
    TimeInterval,
    find_complement_of_interval_array,
    find_intersection_between_two_interval_arrays,
    find_union_across_arrays_of_intervals,
    get_stats_for_valid_interval,
    uniquefy_interval_array,
)
from syncline.utils import SessionBatchSampler, SessionConcatDataset

CASES = [name for name in (GOLDENS / "index.txt").read_text().split() if name]


def calls(*ops):
    found = []
    for case in CASES:
        with zipfile.ZipFile(GOLDENS / f"{case}.zip") as z:
            parsed = json.loads(z.read(f"{case}/case.json"))
        for i, call in enumerate(parsed["calls"]):
            if call["op"] in ops and ("recording" not in call or REAL.is_dir()):
                found.append(pytest.param(case, i, id=f"{case}-{i}"))
    return found


def test_every_call_runs():
    ops = {"dataset", "interpolate", "screen_transforms", "intervals", "sessions", "random"}
    real = 15 if REAL.is_dir() else 0
    assert len(CASES) == 16
    assert len(calls(*ops)) == 128 + real
    assert len(calls("dataset")) == 16
    assert len(calls("interpolate")) == 47 + real


def same(found, expected, what, relative=0.0, absolute=0.0, ulps=0):
    found = np.asarray(found)
    assert found.shape == expected.shape, what
    assert found.dtype == expected.dtype, what
    if relative or absolute:
        np.testing.assert_allclose(found, expected, rtol=relative, atol=absolute, err_msg=what)
    elif ulps:
        assert np.array_equal(np.isnan(found), np.isnan(expected)), what
        good = ~np.isnan(expected)
        np.testing.assert_array_max_ulp(found[good], expected[good], maxulp=ulps, dtype=found.dtype)
    elif expected.dtype.kind == "f":
        bits = f"u{expected.dtype.itemsize}"
        nan = np.isnan(expected)
        assert np.array_equal(np.isnan(found), nan), what
        assert np.array_equal(
            np.ascontiguousarray(found).view(bits)[~nan], np.ascontiguousarray(expected).view(bits)[~nan]
        ), what
    else:
        assert np.array_equal(found, expected), what


def tolerance(device, modality):
    transforms = modality.get("transforms") or {}
    if device == "screen":
        if "Resize" in transforms and "Normalize" in transforms:
            return {"absolute": 1e-3 / transforms["Normalize"]["std"]}
        return {}
    if str(transforms.get("normalization", "")).startswith("recompute"):
        return {"relative": 1e-5, "absolute": 1e-5}
    if (modality.get("interpolation") or {}).get("interpolation_mode") == "linear":
        return {"ulps": 2}
    return {}


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("case, i", calls("dataset"))
def test_dataset(golden, case, i):
    g = golden(case)
    call = g.calls[i]
    dataset = ChunkDataset(g.experiment, modality_config=call["modality_config"], **call["parameters"])
    assert dataset.data_key == call["data_key"]
    assert len(dataset) == call["length"]
    assert dataset.start_time == call["start_time"]
    assert dataset.end_time == call["end_time"]
    same(dataset._valid_screen_times, g.array(call["starts"]), "starts")
    for sample in call["samples"]:
        expected = {k: g.array(v) for k, v in sample["values"].items()}
        short = [
            name
            for name, values in expected.items()
            if values.shape[1 if name == "screen" else 0] != dataset.chunk_sizes[name]
        ]
        if short:
            # the original's short chunk is an error here
            with pytest.raises(ValueError, match=short[0]):
                dataset[sample["index"]]
            continue
        found = dataset[sample["index"]]
        entries = [k for k in found if k != "timestamps"]
        assert set(entries) == set(expected)
        for name in entries:
            same(found[name], expected[name], f"{sample['index']} {name}", **tolerance(name, call["modality_config"][name]))
        stamps = {k: g.array(v) for k, v in sample["timestamps"].items()}
        assert set(found.get("timestamps", {})) == set(stamps)
        for name, times in stamps.items():
            same(found["timestamps"][name], times, f"{sample['index']} timestamps {name}")
    if "shuffled" in call:
        for file in call["shuffled"]:
            dataset.shuffle_valid_screen_times()
            same(dataset._valid_screen_times, g.array(file), "shuffled")
    dataset.close()


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("case, i", calls("interpolate"))
def test_interpolate(golden, case, i):
    g = golden(case)
    call = g.calls[i]
    root = REAL / call["recording"] if "recording" in call else g.experiment
    options = call["options"]
    with Interpolator.create(root / call["device"], **options) as device:
        values, valid = device.interpolate(g.array(call["times"]), return_valid=True)
        assert np.array_equal(valid, g.array(call["valid"]))
        limits = {}
        if options.get("interpolation_mode") == "linear":
            limits = {"ulps": 2}
        elif options.get("smoothing_sigma"):
            limits = {"absolute": 1e-12, "relative": 1e-12}
        elif options.get("rescale"):
            limits = {"absolute": 1e-3}
        same(values, g.array(call["values"]), call["device"], **limits)
        if "start_time" in call:
            assert (device.start_time, device.end_time) == (call["start_time"], call["end_time"])


@pytest.mark.parametrize("case, i", calls("screen_transforms"))
def test_screen_transforms(golden, case, i):
    g = golden(case)
    call = g.calls[i]
    applied = native.transforms_apply(native.transforms_open(call["transforms"]), g.array(call["frames"]))
    same(applied.numpy(), g.array(call["values"]), str(call["transforms"]), absolute=1e-3)


@pytest.mark.parametrize("case, i", calls("intervals"))
def test_intervals(golden, case, i):
    call = golden(case).calls[i]
    a = [TimeInterval(*x) for x in call["a"]]
    b = [TimeInterval(*x) for x in call["b"]]

    def pairs(intervals):
        return [list(x) for x in intervals]

    assert pairs(uniquefy_interval_array(a)) == call["unique_a"]
    assert pairs(find_intersection_between_two_interval_arrays(a, b)) == call["intersection"]
    assert pairs(find_union_across_arrays_of_intervals([a, b])) == call["union"]
    assert pairs(find_complement_of_interval_array(1.0, 9.0, a)) == call["complement_a"]
    assert get_stats_for_valid_interval(a, 1.0, 9.0) == call["statistics_a"]


class Sized:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        return i


@pytest.mark.parametrize("case, i", calls("sessions"))
def test_sessions(golden, case, i):
    call = golden(case).calls[i]
    names = [f"s{k}" for k in range(len(call["sizes"]))]
    joined = SessionConcatDataset([Sized(n) for n in call["sizes"]], names)
    sampler = SessionBatchSampler(joined, call["batch_size"], call["drop_last"], call["shuffle"], call["seed"])
    assert {name: len(s) for name, s in sampler.session_samplers.items()} == call["batches_per_session"]
    for epoch in call["epochs"]:
        found = []
        for batch in sampler:
            name = joined.get_session_for_idx(batch[0])
            first = joined.session_indices[name][0]
            found.append([name, [k - first for k in batch]])
        assert found == epoch


@pytest.mark.parametrize("case, i", calls("random"))
def test_numpys_generator_is_the_originals(golden, case, i):
    call = golden(case).calls[i]
    rng = np.random.RandomState(call["seed"])
    assert rng.randint(0, 2**32, 8, dtype=np.uint32).tolist() == call["randint_uint32"]
    assert rng.permutation(11).tolist() == call["permutation11"]
    assert np.sort(rng.choice(np.arange(37) / 2, 9, replace=False)).tolist() == call["sorted_choice9_of_half_steps37"]
    order = list(range(13))
    rng.shuffle(order)
    assert order == call["shuffled_list13"]
