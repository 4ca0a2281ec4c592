# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Files, configurations and states that something has damaged: each is taken, or refused by an exception of ``syncline.errors``.

``SYNCLINE_FUZZ_SECONDS=600`` runs longer than the suite has time for, ``SYNCLINE_FUZZ_SEED`` another course; inputs that failed
are in the message.
"""

import copy
import json
import math
import os
import random
import re
import time
import traceback
import warnings

import numpy as np
import pytest
import recordings

import syncline
from syncline import DataLoader
from syncline.datasets import ChunkDataset
from syncline.errors import ArgumentError, StateError, SynclineError
from syncline.experiment import Experiment

SECONDS = float(os.environ.get("SYNCLINE_FUZZ_SECONDS", "2"))
SEED = int(os.environ.get("SYNCLINE_FUZZ_SEED", "15"))
PACKAGE = os.path.dirname(syncline.__file__)
# CPU seconds, of all threads of this process
MOST_SECONDS = 10
MOST_CHARACTERS = 8000

WORDS = ["null", "~", "true", "no", ".nan", "-.inf", "1e308", "-1", "0", "9" * 30, "0x1f", "&a", "*a", "!!python/object", "{", "}", "[", "]",
         ": ", "- ", "\n", "\t", '"', "'", "#", "<<", "..", "/", "\0", "é", "\ud7ff", "screen", "video", "(1, 2", "<f8", "|O", "True",
         "'shape'", "99999999999"]  # fmt: skip
VALUES = [None, True, False, 0, 1, -1, 2, 1 << 31, 1 << 63, 1 << 70, -(1 << 64), 0.5, -0.0, math.nan, math.inf, 5e-324, 1e308, "", "x", "1", "null",
          "normalize", "é\0\n", b"x", [], [None], [1, "x"], {}, {"a": 1}, {1: 2}, {None: None}, (), (1, 2), {1}, object(), np.float32(2),
          np.int64(-3), np.nan, np.zeros(3), np.zeros((2, 2)), np.datetime64("2020-01-01"), 1j, range(3), len, int, "y" * 5000]  # fmt: skip


def damaged_bytes(rng, data):
    data = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(data) + 1)
        kind = rng.randrange(6)
        if kind == 0 and data:
            data[at % len(data)] = rng.randrange(256)
        elif kind == 1:
            data[at:at] = rng.choice(WORDS).encode("utf-8", "surrogatepass")
        elif kind == 2:
            del data[at : at + rng.randint(1, 30)]
        elif kind == 3:
            data[at:at] = data[at : at + rng.randint(1, 60)] * rng.randint(1, 3)
        elif kind == 4:
            digits = [i for i, b in enumerate(data) if 48 <= b <= 57]
            if digits:
                i = rng.choice(digits)
                data[i : i + 1] = rng.choice(WORDS).encode("utf-8", "surrogatepass")
        elif rng.randrange(8) == 0:
            del data[at:]
    return bytes(data)


def damaged_value(rng, value, depth=0):
    """A copy of nested values with one of them changed, left out, doubled or wrapped."""
    value = copy.copy(value)
    if isinstance(value, (dict, list)) and len(value) and (depth == 0 or rng.randrange(4)):
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        key = rng.choice(keys)
        kind = rng.randrange(10)
        if kind == 0:
            del value[key]
        elif kind == 1 and isinstance(value, dict):
            odd = rng.choice(VALUES)
            name = odd if type(odd) in (str, int, float, type(None), bool, bytes, tuple) else str(key) + "x"
            value[name] = value.pop(key)
        elif kind == 2 and isinstance(value, list):
            value.insert(key, rng.choice(VALUES))
        else:
            value[key] = damaged_value(rng, value[key], depth + 1)
        return value
    return rng.choice([[value], {"x": value}, str(value), *VALUES])


class Course:
    """Makes attempts for some seconds, and says what they did that no page documents, the first of each kind."""

    def __init__(self, name, share):
        self.name = name
        self.rng = random.Random(f"{SEED} {name}")
        self.end = time.monotonic() + SECONDS * share
        self.runs = self.taken = 0
        self.faults = {}

    def __iter__(self):
        while time.monotonic() < self.end or self.runs < 5:
            self.runs += 1
            yield self.rng
        print(f"test_fuzz {self.name}: {self.runs} inputs, {self.taken} taken, {len(self.faults)} faults")
        assert not self.faults, "\n".join(f"{kind}\n  {text}" for kind, text in self.faults.items())

    def fault(self, kind, what):
        self.faults.setdefault(kind, what()[:3000])

    def attempt(self, call, what):
        """what() describes the input."""
        begin = time.process_time()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                call()
            self.taken += 1
        except SynclineError as e:
            text = str(e)
            # the base class itself is for faults of the library
            if type(e) is SynclineError:
                self.fault(f"{e.java_type}: {text[:200]}", what)
            if not text.strip() or len(text) > MOST_CHARACTERS or any(c < " " and c not in "\n\t" for c in text):
                self.fault(f"a message that people cannot read: {text[:200]!r}", what)
        except Exception as e:
            frames = traceback.extract_tb(e.__traceback__)
            ours = [f for f in frames if f.filename.startswith(PACKAGE)][-1:] or frames
            ours = ours[-1]
            # what the package itself raises says what was found and expected; Python names keywords that are none
            raised = ours is frames[-1] and ours.line.startswith("raise ") and type(e) in (TypeError, ValueError)
            if raised or "unexpected keyword argument" in str(e):
                return
            self.fault(f"{type(e).__name__} at {ours.filename}:{ours.lineno}: {ours.line}", lambda: f"{e}; {what()}")
        took = time.process_time() - begin
        if took > MOST_SECONDS:
            self.fault("it took long", lambda: f"{took:.1f} s; {what()}")


def read(root, config):
    dataset = ChunkDataset(root, modality_config=config)
    try:
        for i in {0, len(dataset) - 1} if len(dataset) else ():
            dataset[i]
    finally:
        dataset.close()


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    root = recordings.make(tmp_path_factory.mktemp("fuzz") / "recording")
    recordings.spikes(root / "spikes", [np.arange(0, 12, 0.3), np.arange(0.1, 12, 0.2)], 13.0)
    recordings.labels(root / "labels", {"still": [[1, 2], [4, 5]]}, 13.0)
    config = recordings.config(spikes={"sampling_rate": 8, "chunk_size": 5}, labels={"sampling_rate": 8, "chunk_size": 5})
    read(root, config)
    return root, config


def test_files_of_a_recording(scene):
    root, config = scene
    whole = root / "screen" / "combined_meta.json"
    trials = {f.stem: json.loads(f.read_text()) for f in sorted((root / "screen" / "meta").glob("*.yml"))}
    files = {f: f.read_bytes() for f in sorted(root.rglob("*")) if f.is_file()}
    course = Course("files", 0.5)
    for rng in course:
        # one of a kind as often as another
        file = rng.choice([whole, *(f for f in files if f.suffix != ".npy"), *rng.sample(sorted(files), 3)])
        sound = json.dumps(trials).encode() if file == whole else files[file]
        head = len(sound) if file.suffix != ".npy" else 128
        bad = damaged_bytes(rng, sound[:head]) + sound[head:]
        file.write_bytes(bad)

        def call():
            read(root, config)
            with Experiment(root, config) as experiment:
                experiment.interpolate(np.linspace(1, 9, 7))

        try:
            course.attempt(call, lambda: f"{file.relative_to(root)}: {bad[: head + 200]!r}")
        finally:
            if file == whole:
                file.unlink()
            else:
                file.write_bytes(sound)
    read(root, config)


def test_configurations(scene):
    root, config = scene
    more = {"global_sampling_rate": None, "seed": 1, "cache_data": False, "out_keys": list(config), "safe_interval_threshold": 0.5}
    known = {"modality_config", *more}
    course = Course("configurations", 0.25)
    for rng in course:
        bad = damaged_value(rng, {"modality_config": config, **more})
        if rng.randrange(2):
            bad = damaged_value(rng, bad)

        def call():
            dataset = ChunkDataset.from_config(root, bad) if by_file else ChunkDataset(root, **bad)
            with dataset:
                for i in range(min(1, len(dataset))):
                    dataset[i]

        # Python itself refuses keywords that are none
        by_file = not isinstance(bad, dict) or not set(bad) <= known or rng.randrange(2) == 0
        course.attempt(call, lambda: repr(bad))


def test_states(scene):
    root, config = scene
    course = Course("states", 0.25)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with ChunkDataset(root, modality_config=config, seed=3) as dataset, DataLoader(dataset, batch_size=2, shuffle=True, seed=3) as loader:
            it = iter(loader)
            next(it), next(it)
            ofloader, ofdataset = loader.state_dict(), dataset.get_state()
            for rng in course:
                target = rng.choice([loader.load_state_dict, dataset.set_state])
                good = ofloader if target == loader.load_state_dict else ofdataset
                bad = damaged_value(rng, good)
                course.attempt(lambda: target(bad), lambda: f"{target.__name__}({bad!r})")
                loader.load_state_dict(ofloader)
                dataset.set_state(ofdataset)


@pytest.mark.parametrize(
    "change, message",
    [
        ({"valid_screen_times": ["x"]}, "the state's valid_screen_times: found list ['x'], expected a list of seconds"),
        ({"valid_screen_times": 3}, "the state's valid_screen_times: found int 3, expected a list of seconds"),
        ({"rng_state": ("MT19937", [1, 2])}, "the state's rng_state: found tuple ('MT19937', [1, 2]), expected the five values"),
        ({"data_key": np.zeros(3)}, "expected its own state"),
        (None, "the state is none of a ChunkDataset: found the keys ['a']"),
    ],
)
def test_what_is_wrong_with_a_state_is_said(scene, change, message):
    root, config = scene
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset = ChunkDataset(root, modality_config=config, seed=3)
    with dataset:
        with pytest.raises(StateError, match=re.escape(message)):
            dataset.set_state({"a": 1} if change is None else {**dataset.get_state(), **change})


def test_what_json_cannot_hold_is_named(scene):
    root, config = scene
    odd = {**config, "responses": {**config["responses"], "columns": [0, 1j]}}
    with pytest.raises(ArgumentError, match=re.escape("modality_config.responses.columns.1: found complex 1j, expected a number")):
        ChunkDataset(root, modality_config=odd)
    for key, value in {"safe_interval_threshold": "soon", "interpolate_precision": 5.7, "out_keys": [3], "cache_data": "no"}.items():
        with pytest.raises((TypeError, ValueError), match=key):
            ChunkDataset(root, modality_config=config, **{key: value})
