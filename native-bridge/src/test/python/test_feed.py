# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Batches whose chunks the program names: loaders of several sessions ride on them."""

import gc
import itertools
import json
import pickle
import shutil
import threading
import warnings

import numpy as np
import pytest
import recordings

from syncline import ChunkDataset, DataLoader
from syncline._feed import Feed
from syncline._native import functions as native
from syncline._native.batches import BatchStream
from syncline.dataloaders import get_multisession_concat_dataloader
from syncline.errors import RecordingError
from syncline._states import plain_state
from syncline.utils import FastSessionDataLoader, LongCycler, MultiEpochsDataLoader, SessionBatchSampler, SessionConcatDataset, SessionSpecificSampler


def opened(path, key, seed=0, neurons=7):
    root = recordings.make(path / key, seed=seed, key=key, neurons=neurons)
    return ChunkDataset(root, modality_config=recordings.config())


@pytest.fixture
def two(tmp_path):
    return [opened(tmp_path, "a"), opened(tmp_path, "b", seed=1, neurons=5)]


def numbers(values):
    return values.numpy() if hasattr(values, "numpy") else np.asarray(values)


def arrays(batch):
    return {k: numbers(v) for k, v in batch.items() if k != "timestamps"}


def same(batch, dataset, indices):
    expected = dataset.read_batch(indices)
    assert set(batch) == set(expected)
    for key, values in arrays(expected).items():
        assert numbers(batch[key]).tobytes() == values.tobytes(), key
    for key, values in expected.get("timestamps", {}).items():
        assert numbers(batch["timestamps"][key]).tobytes() == numbers(values).tobytes(), key


def test_batches_are_those_of_the_plan(two):
    rng = np.random.default_rng(5)
    plan = []
    for _ in range(60):
        d = int(rng.integers(2))
        plan.append((d, rng.integers(0, len(two[d]), int(rng.integers(1, 5))).tolist(), object()))
    feed = Feed(two, batch_size=4, threads=2)
    for _ in range(2):
        asked = []

        def named(k):
            asked.append(k)
            return plan[k] if k < len(plan) else None

        found = feed.batches(named)
        for k, (tag, batch) in enumerate(found):
            assert tag is plan[k][2]
            assert max(asked) <= k + 8, "no farther ahead than is read"
            same(batch, two[plan[k][0]], plan[k][1])
        assert k == len(plan) - 1 and found.behind == len(plan)
        assert next(found, None) is None
    assert len(feed._rings) == 1
    same(feed.read(1, [3, 0]), two[1], [3, 0])
    feed.close()


def test_passes_side_by_side_are_whole_and_one_that_was_left_costs_nothing(two):
    feed = Feed(two, batch_size=2)

    def plan(k):
        return (k % 2, [k, k + 1], k) if k < 9 else None

    assert [a[0] == b[0] for a, b in zip(feed.batches(plan), feed.batches(plan))] == [True] * 9
    left = feed.batches(plan)
    next(left)
    assert [k for k, _ in feed.batches(plan)] == list(range(9))
    del left
    gc.collect()
    assert [k for k, _ in feed.batches(plan)] == list(range(9))
    assert len(feed._rings) <= 2


def test_a_dataset_that_changed_is_read_as_it_is_when_a_pass_begins(tmp_path):
    config = recordings.config()
    config["screen"]["sample_stride"] = 3
    d = ChunkDataset(recordings.make(tmp_path / "r"), modality_config=config, seed=3)
    feed = Feed([d], batch_size=2)
    for _ in range(3):
        same(feed.read(0, [0, 5]), d, [0, 5])
        d.shuffle_valid_screen_times()
    d._valid_screen_times = d._valid_screen_times[::-1][:4]
    same(feed.read(0, [3, 0]), d, [3, 0])
    with pytest.raises(ValueError, match="index is 4, expected 0 … 3"):
        feed.read(0, [4])
    d.out_keys = ["responses"]
    assert set(feed.read(0, [1])) == {"responses"}


def test_a_bad_batch_is_an_error_and_the_pass_goes_on(tmp_path, two):
    victim = two[0]
    feed = Feed(two, batch_size=2)
    frames = sorted((victim.root_folder / "screen" / "data").glob("*.npy"))
    good = frames[0].read_bytes()
    frames[0].write_bytes(good[: len(good) // 2])
    try:
        found = feed.batches(lambda k: (k % 2, [0, 1], k) if k < 6 else None)
        seen, failed = [], 0
        while True:
            try:
                seen.append(next(found)[0])
            except StopIteration:
                break
            except Exception as e:
                assert frames[0].name in str(e)
                failed += 1
        assert (seen, failed, found.behind) == ([1, 3, 5], 3, 6)
    finally:
        frames[0].write_bytes(good)


def test_ctrl_c_anywhere_in_a_pass_costs_no_batch(two, monkeypatch):
    feed = Feed(two, batch_size=1, threads=1)
    real = native.loader_feed
    calls = itertools.count()

    def interrupted(*arguments):
        call = next(calls)
        if call % 3 == 1:
            raise KeyboardInterrupt
        real(*arguments)
        if call % 3 == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(native, "loader_feed", interrupted)
    found = feed.batches(lambda k: (0, [k], k) if k < 12 else None)
    seen = []
    interrupts = 0
    while True:
        try:
            k, batch = next(found)
        except KeyboardInterrupt:
            interrupts += 1
            continue
        except StopIteration:
            break
        same(batch, two[0], [k])
        seen.append(k)
    assert seen == list(range(12)) and interrupts > 3


def test_sessions_share_one_ring_and_threads_however_many(tmp_path):
    paths = [recordings.make(tmp_path / f"s{i}", seed=i, key=f"s{i}") for i in range(12)]
    config = {"dataset": {"modality_config": recordings.config()}, "dataloader": {"batch_size": 2}}
    loader = get_multisession_concat_dataloader(paths, config, num_workers=2)
    before = threading.active_count()
    memory = []
    slots = set()

    def told(address, size, made):
        # slots are made by the ring's threads; what the calling thread makes is small, and for all rings
        if made and threading.get_ident() != threading.main_thread().ident:
            slots.add(address)
            memory.append(1)
        elif not made and address in slots:
            slots.discard(address)
            memory.append(-1)

    native.set_memory_hook(told)
    try:
        for _ in range(2):
            assert len(list(key for key, _ in loader)) == len(loader)
    finally:
        native.set_memory_hook(None)
    assert threading.active_count() == before
    assert 0 < max(itertools.accumulate(memory)) <= 4 + 3, memory


def test_an_error_in_a_session_ends_no_epoch(tmp_path):
    class Broken(list):
        data_key = "broken"

        def __getitem__(self, i):
            if i == 2:
                raise ValueError("item 2")
            return list.__getitem__(self, i)

    for workers in (0, 2):
        loader = FastSessionDataLoader(SessionConcatDataset([Broken(np.arange(8.0))]), batch_size=2, num_workers=workers)
        it = iter(loader)
        next(it)
        with pytest.raises(ValueError, match="item 2"):
            next(it)
        assert loader.get_state()["current_batch"] == 2
        assert [numbers(b).tolist() for _, b in it] == [[4, 5], [6, 7]]
        assert (loader.epoch, loader.current_batch) == (1, 0)


@pytest.mark.parametrize("workers", [0, 2])
def test_an_error_in_a_session_names_it(tmp_path, workers):
    made = [opened(tmp_path, key, seed=i) for i, key in enumerate("ab")]
    (tmp_path / "b" / "screen" / "data" / "00002.npy").unlink()
    loader = FastSessionDataLoader(SessionConcatDataset(made), batch_size=4, num_workers=workers)
    it, failed, read = iter(loader), [], {"a": 0, "b": 0}
    while True:
        try:
            key, _ = next(it)
            read[key] += 1
        except StopIteration:
            break
        except RecordingError as e:
            failed.append(str(e))
    assert failed and all("00002.npy" in text and str(tmp_path / "b") in text for text in failed), failed
    assert read["a"] > read["b"] > 0 and sum(read.values()) + len(failed) == len(loader)


def test_states_at_every_batch_of_two_epochs_go_on_exactly(two):
    def make():
        return FastSessionDataLoader(SessionConcatDataset(two), batch_size=3, shuffle=True, seed=4)

    loader = make()
    epochs = [[(k, arrays(b)["responses"].tobytes()) for k, b in loader] for _ in range(3)]
    loader = make()
    states = [loader.get_state()]
    for _ in range(2):
        for _ in loader:
            states.append(loader.get_state())
        states.append(loader.get_state())
    for state in states:
        other = make()
        other.set_state(state)
        assert _comparable(other.get_state()) == _comparable(state)
        epoch, at = state["epoch"], state["current_batch"]
        got = [(k, arrays(b)["responses"].tobytes()) for k, b in other]
        assert got == epochs[epoch][at:]
        if epoch < 2:
            assert [(k, arrays(b)["responses"].tobytes()) for k, b in other] == epochs[epoch + 1]

    # an epoch that is left half way draws as much as a whole one
    loader = make()
    next(iter(loader))
    assert [(k, arrays(b)["responses"].tobytes()) for k, b in loader] == epochs[1]


def test_a_state_of_one_of_two_processes_counts_the_batches_of_both(two):
    def make(rank):
        return FastSessionDataLoader(SessionConcatDataset(two), batch_size=3, shuffle=True, seed=4, rank=rank, world_size=2)

    whole = [[(k, arrays(b)["responses"].tobytes()) for k, b in make(rank)] for rank in range(2)]
    loader = make(0)
    it = iter(loader)
    for _ in range(len(loader) - 1):
        next(it)
    state = loader.get_state()
    assert state["current_batch"] == 2 * (len(loader) - 1) > len(loader)
    for rank in range(2):
        other = make(rank)
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # this loader has that batch
            other.set_state(state)
        assert [(k, arrays(b)["responses"].tobytes()) for k, b in other] == whole[rank][-1:]
        past = {**state, "current_batch": len(other.batch_sampler) + 1}
        past["current_batch"] += 1
        with pytest.raises(ValueError, match=f"current_batch: found {past['current_batch']}, expected 0 to {len(other.batch_sampler)}, the batches"):
            other.set_state(past)


def _comparable(state):
    if isinstance(state, dict):
        return {k: _comparable(v) for k, v in state.items()}
    if isinstance(state, (tuple, list)):
        return [_comparable(v) for v in state]
    return state.tolist() if isinstance(state, np.ndarray) else state


def test_options_of_the_ring_take_effect(two):
    joined = SessionConcatDataset(two)
    loader = FastSessionDataLoader(joined, batch_size=2, dtype="float16", out_keys=["responses"])
    _, batch = next(iter(loader))
    assert set(batch) == {"responses"} and str(batch["responses"].dtype).endswith("float16")
    with pytest.warns(UserWarning, match="no CUDA device"):
        FastSessionDataLoader(joined, pin_memory=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        FastSessionDataLoader(joined, lookahead=1 << 20, nice=3, max_batches=4, huge_pages=False, readahead=0)
    loader = FastSessionDataLoader(joined, batch_size=1, max_batches=2)
    held = []
    with pytest.raises(RuntimeError, match="max_batches|max_slots|maxSlots"):
        for _, batch in loader:
            held.append(batch)


# ---- shares, cyclers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("world", [2, 3, 5])
def test_processes_share_the_order_of_sessions_and_resume_with_another_number(two, world):
    def make(**share):
        return FastSessionDataLoader(SessionConcatDataset(two), batch_size=3, shuffle=True, seed=4, **share)

    def bits(it):
        return [(k, arrays(b)["responses"].tobytes()) for k, b in it]

    whole = bits(make())
    parts = [bits(make(rank=r, world_size=world)) for r in range(world)]
    steps = -(-len(whole) // world)
    assert [len(p) for p in parts] == [steps] * world == [len(make(rank=0, world_size=world))] * world
    dealt = [parts[k % world][k // world] for k in range(steps * world)]
    assert dealt == [whole[k % len(whole)] for k in range(steps * world)]
    # two steps of each, then the rest by one process
    loader = make(rank=1, world_size=world)
    it = iter(loader)
    next(it), next(it)
    other = make(rank=0, world_size=1)
    other.set_state(loader.get_state())
    assert bits(other) == whole[2 * world :]


def test_a_share_without_a_seed_is_refused(two):
    loader = FastSessionDataLoader(SessionConcatDataset(two), shuffle=True, rank=0, world_size=2)
    with pytest.raises(ValueError, match="seed"):
        next(iter(loader))
    with pytest.raises(ValueError, match="world_size"):
        FastSessionDataLoader(SessionConcatDataset(two), rank=1)


def test_fast_loaders_take_the_environments_share(two, monkeypatch):
    monkeypatch.setenv("RANK", "1")
    monkeypatch.setenv("WORLD_SIZE", "2")
    loader = FastSessionDataLoader(SessionConcatDataset(two), batch_size=3)
    assert (loader.rank, loader.world_size) == (1, 2)
    assert len(list(loader)) == len(loader) == -(-len(loader.batch_sampler) // 2)


@pytest.mark.parametrize("kind", ["LongCycler", "ShortCycler", "Exhauster"])
@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("share", [{}, {"rank": 1, "world_size": 2}, {"rank": 2, "world_size": 3}])
def test_cyclers_read_through_one_ring_in_the_same_order(tmp_path, kind, shuffle, share):
    from syncline import utils
    from syncline.utils import MultiEpochsDataLoader

    datasets = {}
    for i in range(3):
        d = opened(tmp_path, f"k{i}", seed=i)
        if i:
            d._valid_screen_times = d._valid_screen_times[: 7 * i]
        datasets[f"k{i}"] = d

    def make():
        loaders = {k: MultiEpochsDataLoader(d, 2, shuffle, seed=5, num_workers=1, **share) for k, d in datasets.items()}
        return getattr(utils, kind)(loaders)

    def bits(it):
        return [(k, arrays(b)["responses"].tobytes()) for k, b in it]

    apart = make()
    apart._join = lambda: None
    joined = make()
    expected = [bits(apart) for _ in range(3)]
    assert [bits(joined) for _ in range(3)] == expected
    assert joined._joined is not None and len(joined._joined._rings) == 1
    assert {len(e) for e in expected} == {len(joined)}
    # states at every batch
    joined = make()
    states = [joined.state_dict()]
    for _ in joined:
        states.append(joined.state_dict())
    for at, state in enumerate(states):
        other = make()
        other.load_state_dict(state)
        assert bits(other) == expected[0][at:]
        assert bits(other) == expected[1]
    # two at once are whole
    joined = make()
    pairs = list(zip(joined, joined))
    assert bits(a for a, _ in pairs) == expected[0] and bits(b for _, b in pairs) == expected[1]


def test_cyclers_say_what_they_leave_out_and_when_they_have_no_states(two):
    from syncline.utils import LongCycler, MultiEpochsDataLoader, ShortCycler

    empty = two[0]
    empty._valid_screen_times = empty._valid_screen_times[:1]
    loaders = {"a": MultiEpochsDataLoader(empty, 4, drop_last=True), "b": MultiEpochsDataLoader(two[1], 4, drop_last=True)}
    with pytest.warns(UserWarning, match="LongCycler: session a has no batches; it is left out"):
        cycler = LongCycler(loaders)
    assert len(cycler) == len(list(cycler)) == len(loaders["b"]) > 0
    with pytest.warns(UserWarning, match="session a has no batches; so there is nothing"):
        assert list(ShortCycler(loaders)) == []
    cycler = LongCycler({"x": [1, 2], "y": [3]})
    assert list(cycler) == [("x", 1), ("y", 3), ("x", 2), ("y", 3)]
    with pytest.raises(TypeError, match="LongCycler has states where"):
        cycler.state_dict()


@pytest.mark.parametrize("each", [False, True])
def test_multi_epochs_loaders_have_states(tmp_path, each):
    from syncline.utils import MultiEpochsDataLoader

    root = recordings.make(tmp_path / "r")

    def make():
        d = ChunkDataset(root, modality_config=recordings.config(), seed=3)
        return MultiEpochsDataLoader(d, 3, True, seed=5, shuffle_each_epoch=each)

    def bits(it):
        return [arrays(b)["responses"].tobytes() for b in it]

    loader = make()
    expected = [bits(loader) for _ in range(3)]
    loader = make()
    bits(loader)
    it = iter(loader)
    next(it), next(it)
    state = loader.state_dict()
    other = make()
    other.load_state_dict(state)
    assert bits(other) == expected[1][2:]
    assert bits(other) == expected[2]


@pytest.mark.parametrize("shuffle", [False, True])
def test_weights_share_an_epoch_out(two, shuffle):
    def make(weights=(3, 1), **more):
        joined = SessionConcatDataset(two)
        return FastSessionDataLoader(joined, batch_size=3, shuffle=shuffle, seed=4, weights=weights, **more)

    def bits(it):
        return [(k, arrays(b)["responses"].tobytes()) for k, b in it]

    loader = make()
    whole = bits(loader)
    plain = bits(FastSessionDataLoader(SessionConcatDataset(two), batch_size=3, shuffle=shuffle, seed=4))
    assert len(whole) == len(loader) == len(plain)
    count = {key: sum(1 for k, _ in whole if k == key) for key in "ab"}
    assert abs(count["a"] - 3 * len(whole) / 4) <= 0.5 and loader.batches_per_session == count
    # in the order that the session has without weights, again and again
    own = [b for k, b in plain if k == "a"]
    assert [b for k, b in whole if k == "a"] == [own[i % len(own)] for i in range(count["a"])]
    # mixed all over the epoch
    half = [k for k, _ in whole[: len(whole) // 2]]
    assert 0 < half.count("b") < count["b"]
    it = iter(loader)
    for _ in range(5):
        next(it)
    state = loader.get_state()
    other = make()
    other.set_state(state)
    assert bits(other) == bits(it)
    with pytest.raises(ValueError, match="weights"):
        make((1, 1)).set_state(state)
    assert [list(b) for b in loader.batch_sampler] and len(list(make().batch_sampler)) == len(whole)
    parts = [bits(make(rank=r, world_size=2)) for r in range(2)]
    assert [parts[k % 2][k // 2] for k in range(len(whole))] == whole
    assert {k for k, _ in bits(make((0, 1)))} == {"b"}
    for wrong, what in (((1,), "expected one for each"), ((1, -1), "found -1.0 for session b"), ((0, 0), "zeros"), ((1, float("nan")), "nan")):
        with pytest.raises(ValueError, match=what):
            make(wrong)


@pytest.mark.parametrize("weights", [(3, 1), (0.1, 0.3), (0, 2), (1e-9, 1e9), (1, 1), (7, 5.5)])
@pytest.mark.parametrize("shuffle", [False, True])
def test_weights_give_javas_loader_the_same_order(two, shuffle, weights):
    options = {"sessions": "concat", "batch_size": 3, "shuffle": shuffle, "seed": 4, "weights": list(weights)}
    loader = native.loader_open([d._handle for d in two], {**options, "indices_only": True})
    sampler = SessionBatchSampler(SessionConcatDataset(two), 3, shuffle=shuffle, seed=4, weights=weights)
    starts = [start for start, _ in sampler.dataset.session_indices.values()]
    stream = BatchStream(loader, False, False)
    found = []
    for _ in range(2):
        expected = list(sampler)
        found = []
        while (taken := stream.next()) is not None:
            found.append([starts[taken[0].session] + i for i in taken[1][0].numpy().tolist()])
        assert found == expected and len(found) == native.loader_length(loader)
    with pytest.raises(ValueError, match=r"weights is \[1.0, 1.5\] in the state"):
        state = native.loader_state(native.loader_open([d._handle for d in two], {**options, "weights": [1, 1.5]}))
        native.loader_restore(loader, state)


def test_weights_that_java_refuses(two):
    def opened(weights, **more):
        return native.loader_open([d._handle for d in two], {"sessions": "concat", "batch_size": 3, "weights": weights, **more})

    for wrong, what in (
        ([1], "found 1, expected one for each of the 2 recordings"),
        ([1, -1], r"weights\[1\]: found -1.0 for recording b, expected a finite number of 0 or more"),
        ([0, 0], "weights: found zeros alone"),
        ([1, "x"], r"weights\[1\]: found x"),
        (3, "expected a list of numbers"),
    ):
        with pytest.raises(ValueError, match=what):
            opened(wrong)
    with pytest.raises(ValueError, match="weights: found together with sessions long"):
        opened([1, 2], sessions="long")
    with pytest.raises(ValueError, match="weights: found together with fed"):
        native.loader_open([d._handle for d in two], {"fed": True, "batch_size": 3, "weights": [1, 2]})
    with pytest.raises(ValueError, match=r"weights\[0\]: found 1.0 for recording a, which has no whole batch"):
        opened([1, 2], batch_size=1000, drop_last=True)
    with pytest.raises(ValueError, match="weights: is an option of loaders of several recordings"):
        native.loader_open([two[0]._handle], {"batch_size": 3, "weights": [1]})


def test_batches_come_as_the_arrays_asked_for(two):
    from syncline.utils import LongCycler, MultiEpochsDataLoader

    joined = SessionConcatDataset(two)
    for make in (
        lambda output: FastSessionDataLoader(joined, batch_size=2, output=output),
        lambda output: LongCycler({d.data_key: MultiEpochsDataLoader(d, 2, output=output) for d in two}),
    ):
        _, batch = next(iter(make("numpy")))
        assert type(batch["responses"]) is np.ndarray
        with pytest.raises(ValueError, match="output"):
            next(iter(make("tensorflow")))


def test_small_entries_that_are_kept_do_not_keep_the_batch(two):
    loader = FastSessionDataLoader(SessionConcatDataset(two), batch_size=8)
    kept = [batch["responses"] for _, batch in loader]
    assert loader._feed.statistics()["held_slots"] == 0 and len(kept) == len(loader)


def test_a_fast_loaders_state_fits_its_recordings_and_settings_alone(two, tmp_path):
    made = SessionConcatDataset(two)
    options = {"batch_size": 4, "shuffle": True, "seed": 1}
    loader = FastSessionDataLoader(made, **options)
    batches = iter(loader)
    for _ in range(7):
        next(batches)
    state = loader.state_dict()
    rest = [(key, arrays(b)["responses"].tobytes()) for key, b in batches]
    # a loader that was given no seed goes on with the state's, and says so in its own states
    again = FastSessionDataLoader(made, **{**options, "seed": None})
    again.load_state_dict(state)
    assert again.state_dict()["seed"] == 1
    assert [(key, arrays(b)["responses"].tobytes()) for key, b in again] == rest
    drawn = FastSessionDataLoader(made, **{**options, "seed": None}).state_dict()
    with pytest.raises(ValueError, match=f"seed is {drawn['seed']} in the state, 1 here"):
        FastSessionDataLoader(made, **options).set_state(drawn)
    for changed, said in (
        ({"seed": 9}, "seed is 1 in the state, 9 here"),
        ({"dtype": "float16", "out_keys": ["responses"]}, "dtype is None in the state, {.*'responses': 'float16'.*} here; out_keys is None .*'responses'"),
        ({"batch_size": 3}, "batch_size is 4 in the state, 3 here"),
        ({"shuffle": False}, "shuffle is True in the state, False here"),
        ({"drop_last": True}, "drop_last is False in the state, True here"),
    ):
        with pytest.raises(ValueError, match=said):
            FastSessionDataLoader(made, **{**options, **changed}).set_state(state)
    with pytest.raises(ValueError, match="recording b has another key, fingerprint"):
        FastSessionDataLoader(SessionConcatDataset(two[::-1]), **options).set_state(state)
    with pytest.raises(ValueError, match="the state is of the recording a, this dataset is of b"):
        two[1].set_state(two[0].get_state())
    config = recordings.config(responses=None)
    config["screen"]["valid_condition"] = {"tier": "test"}
    other = ChunkDataset(two[0].root_folder, modality_config=config)
    times = other._valid_screen_times.copy()
    with pytest.raises(ValueError, match="with another configuration: .* are none of this dataset's; expected a state of the same conditions"):
        other.set_state(two[0].get_state())
    assert (other._valid_screen_times == times).all()
    other.set_state(other.get_state())
    # a state of the original's says neither
    for name in ("settings", "recordings"):
        del state[name]
    again.set_state(state)


def test_sessions_that_are_added_or_taken_away_later_are_refused(two):
    """Their index has been counted; a dataset of as many samples may take another's place, and is read."""
    made = SessionConcatDataset(two)
    loader = FastSessionDataLoader(made, batch_size=4)
    before = [(key, arrays(b)["treadmill"].tobytes()) for key, b in loader]
    for change in (
        lambda d: d.append(two[0]),
        lambda d: d.extend([two[0]]),
        lambda d: d.pop(),
        lambda d: d.remove(two[0]),
        lambda d: d.clear(),
        lambda d: d.reverse(),
        lambda d: d.__delitem__(0),
        lambda d: d.__setitem__(slice(None), []),
        lambda d: setattr(made, "datasets", two[:1]),
    ):
        with pytest.raises(TypeError, match="datasets: found a change of the 2 datasets .* expected another SessionConcatDataset"):
            change(made.datasets)
    with pytest.raises(TypeError):
        made.datasets += [two[0]]
    for name in ("session_names", "cumulative_sizes", "session_indices"):
        with pytest.raises(AttributeError, match=f"{name}: found an assignment"):
            setattr(made, name, [])
    with pytest.raises(ValueError, match="found a dataset of 3 samples in place of one of 146, expected as many"):
        made.datasets[0] = [1, 2, 3]
    assert made.datasets == two and [(key, arrays(b)["treadmill"].tobytes()) for key, b in loader] == before
    copied = pickle.loads(pickle.dumps(made))
    assert len(copied.datasets) == 2 and len(copied) == len(made)
    made.datasets[0] = two[1]
    after = [(key, arrays(b)["treadmill"].tobytes()) for key, b in loader]
    assert [k for k, _ in after] == [k for k, _ in before]
    assert [b for k, b in after if k == "a"] == [b for k, b in after if k == "b"] == [b for k, b in before if k == "b"]


def test_attributes_of_session_loaders_are_followed_or_refused(two):
    made = SessionConcatDataset(two)
    loader = FastSessionDataLoader(made, batch_size=4)
    for name in ("batch_sampler", "remainder", "session_names"):
        with pytest.raises(ValueError, match=f"{name} is set when a FastSessionDataLoader is made"):
            setattr(loader, name, None)
    with pytest.raises(AttributeError, match="current_batch: found 3, expected nothing: .*set_state"):
        loader.current_batch = 3
    sampler = SessionBatchSampler(made, 4, shuffle=True, seed=1)
    for name in ("seed", "dataset"):
        with pytest.raises(ValueError, match=f"{name} is set when a SessionBatchSampler is made"):
            setattr(sampler, name, None)
    one = SessionSpecificSampler([1, 2, 3, 4], 1, seed=1)
    with pytest.raises(ValueError, match="seed is set when a SessionSpecificSampler is made"):
        one.seed = 2
    one.position = 3
    assert list(one) == [[4]] and one.position == 0 and len(list(one)) == 4
    loaders = {d.data_key: DataLoader(d, batch_size=50) for d in two}
    for change in (lambda: loaders.pop("a"), lambda: loaders.update(a=DataLoader(two[0]))):
        cycler = LongCycler(loaders)
        assert len(list(cycler)) == len(cycler)
        change()
        with pytest.raises(ValueError, match="loaders: found .*, changed since the LongCycler counted the batches of .*; make another LongCycler"):
            iter(cycler)
        with pytest.raises(ValueError, match="loaders is set when a LongCycler is made"):
            cycler.loaders = {}


def test_what_session_loaders_and_samplers_show_is_not_changed_in_place(two):
    made = SessionConcatDataset(two)
    loader = FastSessionDataLoader(made, batch_size=4, prefetch_factor=3, weights=[1.0, 1.0])
    sampler = loader.batch_sampler
    for change, name in (
        (lambda: loader.kwargs.update(prefetch_factor=1), "kwargs: found a change of what a FastSessionDataLoader was made with"),
        (lambda: loader.kwargs.__setitem__("dtype", "float16"), "kwargs"),
        (lambda: loader.session_names.remove("a"), "session_names"),
        (lambda: sampler.weights.__setitem__(0, 5.0), "weights"),
        (lambda: sampler.session_samplers.pop("a"), "session_samplers"),
        (lambda: sampler.session_samplers.__setitem__("z", None), "session_samplers"),
        (lambda: made.session_names.reverse(), "session_names"),
        (lambda: made.session_indices.clear(), "datasets"),
        (lambda: made.cumulative_sizes.append(3), "datasets"),
    ):
        with pytest.raises(TypeError, match=f"{name}.*would change nothing"):
            change()
    with pytest.raises(ValueError, match="kwargs is set when a FastSessionDataLoader is made"):
        loader.kwargs = {}
    with pytest.raises(AttributeError, match="epoch: found 3, expected nothing: .*set_state"):
        loader.epoch = 3
    assert loader.epoch == 0 and dict(loader.kwargs) == {"prefetch_factor": 3}
    assert len(pickle.loads(pickle.dumps(made))) == len(made)
    # indices of a sampler by itself are followed
    one = SessionSpecificSampler([1, 2, 3, 4], 1)
    one.indices.pop()
    assert list(one) == [[1], [2], [3]]


def test_classes_of_a_programs_own_change_and_count_what_they_like(two):
    class Joined(SessionConcatDataset):
        def __init__(self, datasets):
            super().__init__(datasets)
            self.cumulative_sizes[-1] += 0
            self.session_indices["all"] = (0, self.cumulative_sizes[-1])
            self.session_names.append(self.session_names.pop())

    class Loader(FastSessionDataLoader):
        def __init__(self, dataset, **kwargs):
            super().__init__(dataset, **kwargs)
            self.kwargs = kwargs
            self.epoch = 2
            self.current_batch = 0

    class Sampler(SessionBatchSampler):
        def __init__(self, dataset):
            super().__init__(dataset, 4, weights=[1, 2])
            self.session_names.reverse()
            self.session_samplers.update(self.session_samplers)
            self.weights[0] = 5.0

    assert Joined(two).session_indices["all"] == (0, len(Joined(two)))
    assert Sampler(SessionConcatDataset(two)).session_names == ["b", "a"]
    loader = Loader(SessionConcatDataset(two), batch_size=4, seed=3)
    assert loader.kwargs == {"batch_size": 4, "seed": 3} and loader.epoch == loader.get_state()["epoch"] == 2
    next(iter(loader))
    # of the library's own, what is there already
    plain = FastSessionDataLoader(SessionConcatDataset(two), 4, dtype="float32")
    plain.kwargs, plain.epoch, plain.current_batch, plain.batch_size = {"dtype": "float32"}, 0, 0, 4
    plain.dataset.session_names, plain.dataset.cumulative_sizes = ["a", "b"], np.array(plain.dataset.cumulative_sizes)
    # samplers that are put in another's place, and indices of them, are followed
    sampler = SessionBatchSampler(SessionConcatDataset(two), 4)
    sampler.session_samplers["a"] = SessionSpecificSampler([1, 2, 3], 1)
    sampler.session_samplers["a"].indices.pop()
    assert sampler.batches_per_session["a"] == 2 and [batch for batch in sampler if batch[0] < 4] == [[1], [2]]


def _loaders_of(dataset):
    joined = SessionConcatDataset([dataset])
    yield DataLoader(dataset, batch_size=4)
    yield DataLoader(joined, batch_size=4)
    yield DataLoader(dataset, batch_sampler=[[0, 1, 2, 3]])
    yield MultiEpochsDataLoader(dataset, 4)
    yield FastSessionDataLoader(joined, 4)


@pytest.mark.parametrize("kind", range(5))
@pytest.mark.parametrize("begun", [False, True])
def test_collate_fn_and_parts_that_are_changed_later_are_followed(two, kind, begun):
    def read(loader):
        batch = next(iter(loader))
        return batch[1] if isinstance(loader, FastSessionDataLoader) else batch

    def prepared():
        dataset = ChunkDataset(two[0].root_folder, modality_config=recordings.config())
        loader = list(_loaders_of(dataset))[kind]
        if begun:
            read(loader)
        return dataset, loader

    changes = (
        lambda d: d.transforms.update(responses=lambda x: np.zeros(x.shape, np.float32)),
        lambda d: d.transforms["responses"].steps.append(lambda x: x * 0),
        lambda d: setattr(d._experiment.devices["responses"], "_data", np.zeros((110, 7), np.float32)),
    )
    for change in changes:
        dataset, loader = prepared()
        change(dataset)
        assert not numbers(dataset[0]["responses"]).any()
        assert not numbers(read(loader)["responses"]).any()
    _, loader = prepared()
    if isinstance(loader, MultiEpochsDataLoader):
        with pytest.raises(ValueError, match="collate_fn is set when"):
            loader.collate_fn = len
    else:
        loader.collate_fn = len
        assert read(loader) == 4


def test_parts_that_are_changed_where_options_or_cyclers_cannot_follow_are_refused(two):
    dataset = two[0]
    refused = DataLoader(dataset, batch_size=4, dtype="float16")
    session = FastSessionDataLoader(SessionConcatDataset([dataset]), 4, dtype="float16")
    with pytest.raises(ValueError, match="dtype: Java makes no items of a dataset with parts in Python"):
        session.collate_fn = len
    assert session.collate_fn is None
    cycler = LongCycler({"a": MultiEpochsDataLoader(dataset, 4)})
    next(iter(cycler))
    dataset.transforms["responses"] = lambda x: x * 0
    for loader in (refused, session):
        with pytest.raises(ValueError, match="dtype: Java makes no items of a dataset with parts in Python"):
            next(iter(loader))
    with pytest.raises(ValueError, match="loaders: found a device or a transform of session a that was changed"):
        iter(cycler)


def test_states_of_data_that_were_written_anew_are_refused(two, tmp_path):
    """Whichever loader, sizes and times being the same; a state that says no values, as older ones, is taken."""
    loaders = (
        lambda one: DataLoader(one, batch_size=4, seed=1, shuffle=True),
        lambda one: DataLoader(one, batch_sampler=[[1, 2], [3]]),
        lambda one: FastSessionDataLoader(SessionConcatDataset([one]), batch_size=4, shuffle=True, seed=1),
    )
    states = [json.loads(json.dumps(loader(two[0]).state_dict())) for loader in loaders]
    own = two[0].get_state()
    assert set(own["values"]) == set(two[0].device_names)
    copied = tmp_path / "elsewhere"
    shutil.copytree(two[0].root_folder, copied)
    same = ChunkDataset(copied, modality_config=recordings.config())
    same.data_key = two[0].data_key
    same.set_state(own)
    data = copied / "responses" / "data.mem"
    (np.fromfile(data, "<f4") * 2).tofile(data)
    other = ChunkDataset(copied, modality_config=recordings.config())
    other.data_key = two[0].data_key
    said = "other stored values of responses: .* leave values out of the state"
    for loader, state in zip(loaders, states):
        loader(same).load_state_dict(state)
        with pytest.raises(ValueError, match=said):
            loader(other).load_state_dict(state)
        for recording in (state.get("loader") or state)["recordings"]:
            del recording["values"]
        loader(other).load_state_dict(state)
    with pytest.raises(ValueError, match=said):
        other.set_state(own)
    with pytest.raises(ValueError, match="the state's values: found int 7, expected a map"):
        other.set_state({**own, "values": 7})
    for none in (np.arange(3), [], {"responses": np.arange(3)}):
        with pytest.raises(ValueError, match="the state's values: found .*, expected a map of a text for each device"):
            other.set_state({**own, "values": none})
    del own["values"]
    other.set_state(own)
    # neither a copy nor other entries are a run that goes on
    (np.fromfile(data, "<f4") * 2).tofile(data)
    pickle.loads(pickle.dumps(other)).out_keys = ["responses"]


def test_a_samplers_state_fits_its_settings_alone(two):
    made = SessionConcatDataset(two)
    one = lambda **more: SessionSpecificSampler(**{"indices": range(20), "batch_size": 4, "shuffle": True, "seed": 1, **more})  # noqa: E731
    all_ = lambda **more: SessionBatchSampler(**{"dataset": made, "batch_size": 4, "shuffle": True, "seed": 1, **more})  # noqa: E731
    for make, changes in (
        (one, {"batch_size": 5, "drop_last": True, "shuffle": False, "indices": range(21)}),
        (all_, {"batch_size": 5, "drop_last": True, "shuffle": False, "weights": [1, 2], "dataset": SessionConcatDataset(two[:1])}),
    ):
        first = make()
        batches = iter(first)
        next(batches)
        state = json.loads(json.dumps(plain_state(first.get_state())))
        make(seed=9).set_state(state)
        for name, value in changes.items():
            with pytest.raises(ValueError, match=f"of another sampler: {'sessions' if name == 'dataset' else name} is .* in the state, .* here"):
                make(**{name: value}).set_state(state)
        originals = {name: value for name, value in state.items() if name != "settings"}
        make(batch_size=5).set_state(originals)
        with pytest.raises(ValueError, match="the state's settings: found int 3, expected a map"):
            make().set_state({**state, "settings": 3})


def test_options_that_are_set_later_are_refused(two):
    """What reads was told when it was made; a state would say the later value all the same."""
    from syncline.utils import MultiEpochsDataLoader

    fast = FastSessionDataLoader(SessionConcatDataset(two), batch_size=4, weights=[1, 2])
    for thing, names in (
        (fast.batch_sampler, ("batch_size", "drop_last", "shuffle", "weights")),
        (fast.batch_sampler.session_samplers["a"], ("batch_size", "drop_last", "shuffle")),
        (MultiEpochsDataLoader(two[0], 4), ("collate_fn", "output")),
    ):
        for name in names:
            with pytest.raises(ValueError, match=f"{name} is set when a {type(thing).__name__} is made, and changes nothing later: make another"):
                setattr(thing, name, 8)
    assert fast.get_state()["settings"]["batch_size"] == 4
    for name, value in (("root_folder", "elsewhere"), ("cache_data", True)):
        with pytest.raises(AttributeError, match=f"{name}: found an assignment of .* to a dataset that is open"):
            setattr(two[0], name, value)


def test_fast_loaders_say_what_they_leave_out(two):
    made = SessionConcatDataset(two)
    with pytest.warns(UserWarning, match="session b has no batches of 147 with drop_last=True, for it has 146 chunks"):
        FastSessionDataLoader(made, batch_size=147, drop_last=True)
    with pytest.warns(UserWarning, match="shuffle_each_epoch: FastSessionDataLoader .* draws none: call shuffle_valid_screen_times .*get_multisession_dataloader"):
        FastSessionDataLoader(made, shuffle_each_epoch=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        FastSessionDataLoader(made, shuffle_each_epoch=False)
    for name in ("sampler", "batch_sampler", "indices"):
        with pytest.raises(ValueError, match=f"{name}: FastSessionDataLoader has an order of its own"):
            FastSessionDataLoader(made, **{name: [1]})


def test_cyclers_follow_start_times(tmp_path):
    from syncline.utils import LongCycler, MultiEpochsDataLoader

    made = {key: opened(tmp_path, key, seed=i) for i, key in enumerate("ab")}
    cycler = LongCycler({key: MultiEpochsDataLoader(d, batch_size=5) for key, d in made.items()})
    for _ in range(2):
        found = [t for key, b in cycler if key == "a" for t in numbers(b["timestamps"]["screen"])[:, 0].tolist()]
        chunks = made["a"]
        assert found[: len(chunks)] == [numbers(chunks[i]["timestamps"]["screen"])[0].item() for i in range(len(chunks))]
        chunks.shuffle_valid_screen_times()


def test_loaders_of_sessions_name_what_they_take(tmp_path):
    dataset = opened(tmp_path, "a")
    for found in (dataset, [dataset]):
        for make in (FastSessionDataLoader, SessionBatchSampler):
            with pytest.raises(TypeError, match=f"dataset: found {type(found).__name__}, expected a SessionConcatDataset"):
                make(found, batch_size=3)
    for weights in ({"a": 1}, ["many"], 3):
        with pytest.raises(ValueError, match=f"weights: found {type(weights).__name__} .*expected a list of numbers, one for each of the sessions in this order: a"):
            SessionBatchSampler(SessionConcatDataset([dataset], ["a"]), 3, weights=weights)


def test_a_state_of_a_sampler_is_none_of_a_loader_without(tmp_path):
    dataset = opened(tmp_path, "a")
    sampled = DataLoader(dataset, batch_size=3, sampler=[0, 1, 2, 3])
    next(iter(sampled))
    state = sampled.state_dict()
    with pytest.raises(ValueError, match="the state is of a loader with a sampler or several datasets; this one has one dataset"):
        DataLoader(dataset, batch_size=3).load_state_dict(state)
