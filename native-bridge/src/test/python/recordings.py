# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Small recordings for tests: every kind of device, seeded."""

import json
from pathlib import Path

import numpy as np


def sequence(
    folder,
    data,
    rate=10.0,
    start=0.0,
    end=None,
    mapped=False,
    shifts=None,
    means=True,
    **more,
):
    folder = Path(folder)
    (folder / "meta").mkdir(parents=True, exist_ok=True)
    data = np.asarray(data)
    meta = {
        "modality": "sequence",
        "sampling_rate": rate,
        "start_time": start,
        "end_time": start + (len(data) - 1) / rate if end is None else end,
        "n_signals": data.shape[1],
        "n_timestamps": len(data),
        "is_mem_mapped": mapped,
        "phase_shift_per_signal": shifts is not None,
        "dtype": str(data.dtype),
        **more,
    }
    # JSON is YAML
    (folder / "meta.yml").write_text(json.dumps(meta))
    if mapped:
        data.tofile(folder / "data.mem")
    else:
        np.save(folder / "data.npy", data)
    if shifts is not None:
        np.save(folder / "meta" / "phase_shifts.npy", np.asarray(shifts))
    if means and data.size and data.dtype.kind == "f":
        np.save(folder / "meta" / "means.npy", np.nanmean(data, axis=0))
        np.save(folder / "meta" / "stds.npy", np.nanstd(data, axis=0) + 0.1)
    return folder


def screen(folder, rng, rate=30.0, start=0.0, size=(6, 8), trials=None, means=True):
    """trials: list of (modality, frames, tier); default three videos with blanks between."""
    folder = Path(folder)
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "meta").mkdir(parents=True, exist_ok=True)
    if trials is None:
        trials = [("video", 120, "train"), ("blank", 1, None), ("video", 120, "train"), ("image", 1, "test"),
                  ("video", 120, "train")]
    first = 0
    late = []
    for k, (modality, frames, tier) in enumerate(trials):
        meta = {"modality": modality, "first_frame_idx": first, "num_frames": frames, "image_size": list(size)}
        if tier is not None:
            meta["tier"] = tier
        if modality in ("blank", "invalid"):
            meta["interleave_value"] = 128
        else:
            shape = size if modality == "image" else (frames, *size)
            np.save(folder / "data" / f"{k:05d}.npy", rng.integers(0, 256, shape, dtype=np.uint8))
        (folder / "meta" / f"{k:05d}.yml").write_text(json.dumps(meta))
        late += [first] if modality == "image" else []
        first += frames
    times = start + np.arange(first) / rate
    # no chunk of the trial before ends within the 0.1 ms in which an image counts as shown
    times[late] += 2e-4
    np.save(folder / "timestamps.npy", times)
    (folder / "meta.yml").write_text(json.dumps({"modality": "screen", "frame_rate": rate}))
    if means:
        np.save(folder / "meta" / "means.npy", np.array([110.0]))
        np.save(folder / "meta" / "stds.npy", np.array([60.0]))
    return folder


def spikes(folder, per_unit, end, mapped=False):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    flat = np.concatenate([*per_unit, np.empty(0)])
    indices = [0, *np.cumsum([len(s) for s in per_unit]).tolist()]
    meta = {"modality": "spikes", "spike_indices": indices, "start_time": 0.0, "end_time": end, "n_signals": len(per_unit)}
    if mapped:
        meta.update(is_mem_mapped=True, dtype="float64")
        flat.tofile(folder / "spikes.mem")
    else:
        np.save(folder / "spikes.npy", flat)
    (folder / "meta.yml").write_text(json.dumps(meta))
    return folder


def labels(folder, intervals, end):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    meta = {"modality": "time_interval", "labels": {n: f"{n}.npy" for n in intervals}, "start_time": 0.0, "end_time": end}
    (folder / "meta.yml").write_text(json.dumps(meta))
    for name, rows in intervals.items():
        np.save(folder / f"{name}.npy", np.asarray(rows, dtype=np.float64).reshape(-1, 2))
    return folder


def make(root, seed=0, start=0.0, key=None, neurons=7, nans=False):
    """Screen 30 Hz, responses 8 Hz, eye tracker 20 Hz, treadmill 100 Hz, about twelve seconds."""
    root = Path(root)
    rng = np.random.default_rng(seed)
    screen(root / "screen", rng, start=start)
    responses = rng.normal(10, 3, (110, neurons)).astype(np.float32)
    sequence(root / "responses", responses, 8.0, start, mapped=True)
    eye = rng.normal(0, 1, (270, 4))
    if nans:
        eye[100:104, 1] = np.nan
    sequence(root / "eye_tracker", eye, 20.0, start)
    sequence(root / "treadmill", rng.normal(0, 1, (1350, 1)), 100.0, start)
    (root / "meta.json").write_text(json.dumps({"data_key": key or f"recording-{seed}"}))
    return root


def config(**changes):
    """A configuration of all four devices at small sizes; changes: device → entries to replace."""
    behaviour = {
        "sampling_rate": 30,
        "chunk_size": 20,
        "offset": 0,
        "transforms": {"normalization": "normalize"},
        "interpolation": {"interpolation_mode": "nearest_neighbor"},
    }
    devices = {
        "screen": {
            "sampling_rate": 30,
            "chunk_size": 20,
            "valid_condition": {"tier": "train"},
            "include_blanks": True,
            "sample_stride": 2,
            "transforms": {"normalization": "normalize"},
            "interpolation": {"rescale": True, "rescale_size": [6, 8]},
        },
        "responses": {
            "sampling_rate": 8,
            "chunk_size": 5,
            "transforms": {"normalization": "normalize_variance_only"},
            "interpolation": {"interpolation_mode": "nearest_neighbor"},
        },
        "eye_tracker": dict(behaviour),
        "treadmill": dict(behaviour),
    }
    for name, change in changes.items():
        if change is None:
            devices.pop(name)
        else:
            devices[name] = {**devices.get(name, {}), **change}
    return devices
