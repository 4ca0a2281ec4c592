# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""What a Python user could build in our place, over recordings of shape M, S or B: the other side of compare.py.

`PlainDataset` is a straightforward torch Dataset (NumPy, OpenCV, torch); `fused_batches` is the best we know: SPDL's
threads around a numba kernel that releases the GIL and writes whole batches. Both map files, read only the frames they
need, resize only where sizes differ, and give the same entries as the default configuration.
"""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numba
import numpy as np
import torch
import yaml

SCREEN_RATE, SCREEN_SAMPLES = 30.0, 60
RESPONSE_RATE, RESPONSE_SAMPLES = 8.0, 16
SIZE = (144, 256)


class Sequence:
    """Rows of a mapped device, sample and hold."""

    def __init__(self, folder: Path) -> None:
        meta = yaml.safe_load((folder / "meta.yml").read_text())
        self.rate, self.start, self.end = meta["sampling_rate"], meta["start_time"], meta["end_time"]
        if meta.get("is_mem_mapped"):
            self.data = np.memmap(
                folder / "data.mem", meta["dtype"], "r", shape=(meta["n_timestamps"], meta["n_signals"])
            )
        else:
            self.data = np.load(folder / "data.npy", mmap_mode="r")
        means, stds = np.load(folder / "meta/means.npy"), np.load(folder / "meta/stds.npy")
        self.means = means.reshape(-1).astype(self.data.dtype)
        self.stds = stds.reshape(-1).astype(self.data.dtype)

    def rows(self, times: np.ndarray) -> np.ndarray:
        return np.floor((times - self.start) * self.rate).astype(np.int64)


class Recording:
    """A recording of video trials, mapped."""

    def __init__(self, root: Path) -> None:
        screen = root / "screen"
        self.timestamps = np.load(screen / "timestamps.npy")
        trials = json.loads((screen / "combined_meta.json").read_text())
        self.first = np.array([t["first_frame_idx"] for t in trials.values()])
        counts = np.diff(np.append(self.first, len(self.timestamps)))
        self.videos = [self.video(screen, *trial) for trial in zip(trials, trials.values(), counts)]
        self.mean = np.float32(np.load(screen / "meta/means.npy").reshape(-1)[0])
        self.std = np.float32(np.load(screen / "meta/stds.npy").reshape(-1)[0])
        self.responses = Sequence(root / "responses")
        self.eye_tracker = Sequence(root / "eye_tracker")
        self.treadmill = Sequence(root / "treadmill")
        begin = max(d.start for d in (self.responses, self.eye_tracker, self.treadmill)) + 0.5
        end = min(d.end for d in (self.responses, self.eye_tracker, self.treadmill)) - 0.5
        begin, end = max(begin, self.timestamps[0] + 0.5), min(end, self.timestamps[-1] - 0.5)
        self.starts = np.arange(begin, end - SCREEN_SAMPLES / SCREEN_RATE - 0.2, 1 / SCREEN_RATE)

    @staticmethod
    def video(screen: Path, key: str, trial: dict, count: int) -> np.ndarray:
        if trial["modality"] == "blank":
            return np.full((count, *trial["image_size"]), trial["interleave_value"], np.uint8)
        return np.load(screen / "data" / f"{key}.npy", mmap_mode="r")

    def frames(self, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Trial of each time and frame inside the trial."""
        index = np.searchsorted(self.timestamps, times + 1e-4) - 1
        trial = np.searchsorted(self.first, index, "right") - 1
        return trial, index - self.first[trial]


def chunk_times(start: float, rate: float, samples: int) -> np.ndarray:
    return (round(start * 1e5) + np.arange(samples) * round(1e5 / rate)) / 1e5


class PlainDataset(torch.utils.data.Dataset):
    """One chunk an item, the way most people would write it."""

    def __init__(self, root: Path) -> None:
        self.recording = Recording(root)

    def __len__(self) -> int:
        return len(self.recording.starts)

    def __getitem__(self, i: int) -> dict:
        r = self.recording
        start = r.starts[i]
        times = chunk_times(start, SCREEN_RATE, SCREEN_SAMPLES)
        trial, frame = r.frames(times)
        screen = np.empty((SCREEN_SAMPLES, *SIZE), np.float32)
        for k in range(SCREEN_SAMPLES):
            image = r.videos[trial[k]][frame[k]]
            if image.shape != SIZE:
                image = cv2.resize(image.astype(np.float32), SIZE[::-1], interpolation=cv2.INTER_AREA)
            screen[k] = image
        out = {"screen": ((torch.from_numpy(screen) - r.mean) / r.std)[None]}
        stamps = {"screen": torch.from_numpy((times - r.responses.start).astype(np.float32))}
        t = chunk_times(start, RESPONSE_RATE, RESPONSE_SAMPLES)
        out["responses"] = torch.from_numpy(r.responses.data[r.responses.rows(t)]) / torch.from_numpy(r.responses.stds)
        stamps["responses"] = torch.from_numpy((t - r.responses.start).astype(np.float32))
        for name in ("eye_tracker", "treadmill"):
            device = getattr(r, name)
            values = torch.from_numpy(device.data[device.rows(times)])
            out[name] = (values - torch.from_numpy(device.means)) / torch.from_numpy(device.stds)
            stamps[name] = stamps["screen"]
        out["timestamps"] = stamps
        return out


@numba.njit(nogil=True)
def _frame(src, dst, mean, std):
    for y in range(src.shape[0]):
        for x in range(src.shape[1]):
            dst[y, x] = (np.float32(src[y, x]) - mean) / std


@numba.njit(nogil=True)
def _rows(src, rows, means, stds, dst):
    for k in range(len(rows)):
        for j in range(src.shape[1]):
            dst[k, j] = (src[rows[k], j] - means[j]) / stds[j]


class FusedBatches:
    """Whole batches by numba kernels without the GIL; frames of another size go through OpenCV, which releases it too."""

    def __init__(self, root: Path, batch_size: int) -> None:
        self.recording = Recording(root)
        self.batch_size = batch_size
        self(np.zeros(batch_size, np.int64))  # compiles

    def __call__(self, indices: np.ndarray) -> dict:
        r = self.recording
        b = len(indices)
        screen = np.empty((b, 1, SCREEN_SAMPLES, *SIZE), np.float32)
        responses = np.empty((b, RESPONSE_SAMPLES, r.responses.data.shape[1]), r.responses.data.dtype)
        eye = np.empty((b, SCREEN_SAMPLES, r.eye_tracker.data.shape[1]), r.eye_tracker.data.dtype)
        treadmill = np.empty((b, SCREEN_SAMPLES, r.treadmill.data.shape[1]), r.treadmill.data.dtype)
        stamps = np.empty((b, SCREEN_SAMPLES), np.float32)
        response_stamps = np.empty((b, RESPONSE_SAMPLES), np.float32)
        zero = np.zeros_like(r.responses.stds)
        for n, i in enumerate(indices):
            times = chunk_times(r.starts[i], SCREEN_RATE, SCREEN_SAMPLES)
            trial, frame = r.frames(times)
            for k in range(SCREEN_SAMPLES):
                image = r.videos[trial[k]][frame[k]]
                if image.shape != SIZE:
                    image = cv2.resize(image, SIZE[::-1], interpolation=cv2.INTER_AREA)
                _frame(image, screen[n, 0, k], r.mean, r.std)
            t = chunk_times(r.starts[i], RESPONSE_RATE, RESPONSE_SAMPLES)
            _rows(r.responses.data, r.responses.rows(t), zero, r.responses.stds, responses[n])
            for device, out in ((r.eye_tracker, eye), (r.treadmill, treadmill)):
                _rows(device.data, device.rows(times), device.means, device.stds, out[n])
            stamps[n] = times - r.responses.start
            response_stamps[n] = t - r.responses.start
        return {"screen": screen, "responses": responses, "eye_tracker": eye, "treadmill": treadmill,
                "timestamps": {"screen": stamps, "eye_tracker": stamps, "treadmill": stamps, "responses": response_stamps}}


def fused_batches(root: Path, batch_size: int, batches: "int | None", threads: int):
    """A pipeline of batches made in SPDL's threads; without a number they do not end."""
    import itertools

    import spdl.pipeline

    work = FusedBatches(root, batch_size)
    rng = np.random.default_rng(0)
    n = len(work.recording.starts)
    return (
        spdl.pipeline.PipelineBuilder()
        .add_source(rng.integers(0, n, batch_size) for _ in (itertools.count() if batches is None else range(batches)))
        .pipe(work, concurrency=threads)
        .add_sink(2)
        .build(num_threads=threads)
    )
