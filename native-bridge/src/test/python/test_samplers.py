# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""syncline.DataLoader with orders that Python says, and with datasets of several recordings; torch is not needed."""

import itertools
import warnings
import json

import numpy as np
import pytest
import recordings
from test_feed import arrays, numbers, opened

from syncline import ChunkDataset, DataLoader
from syncline._native import functions as native
from syncline.errors import StateError
from syncline.utils import FastSessionDataLoader, SessionConcatDataset
from syncline.utils.samplers import SessionSpecificSampler


@pytest.fixture
def pair(tmp_path):
    """Two recordings with the same entries and shapes, of 146 chunks each."""
    return [opened(tmp_path, "a"), opened(tmp_path, "b", seed=1)]


def starts(batches):
    """What each batch has, by the start times of its screens."""
    return [numbers(b["timestamps"]["screen"])[:, 0].tolist() for b in batches]


def bits(batches):
    return [(numbers(b["responses"]).tobytes(), numbers(b["screen"]).tobytes()) for b in batches]


def expected(joined, lists):
    """The batches of lists of indices, made of single items."""
    found = []
    for indices in lists:
        items = [joined[i] for i in indices]
        found.append(tuple(np.stack([numbers(item[k]) for item in items]).tobytes() for k in ("responses", "screen")))
    return found


def grouped(indices, size, drop_last=False):
    lists = [indices[k : k + size] for k in range(0, len(indices), size)]
    return [b for b in lists if len(b) == size or not drop_last]


ORDER = np.random.RandomState(3).permutation(292)[:101].tolist()


@pytest.mark.parametrize("workers", [0, 3])
@pytest.mark.parametrize("drop_last", [False, True])
def test_a_sampler_is_followed_across_recordings(pair, workers, drop_last):
    joined = SessionConcatDataset(pair)
    loader = DataLoader(joined, batch_size=6, sampler=ORDER, num_workers=workers, drop_last=drop_last)
    wanted = expected(joined, grouped(ORDER, 6, drop_last))
    for _ in range(2):
        assert bits(loader) == wanted and len(loader) == len(wanted)
    # batches of one recording are the ring's own memory as those of several are
    assert bits(DataLoader(pair[1], batch_size=6, sampler=[5, -1, 5, 0, 7, 3, 2])) == expected(pair[1], [[5, -1, 5, 0, 7, 3], [2]])


def test_a_batch_sampler_may_give_batches_of_any_size(pair):
    joined = SessionConcatDataset(pair)
    lists = [[4], [1, 200, 3], [291], list(range(130, 160)), [0, 0], list(range(50)), [7]]
    loader = DataLoader(joined, batch_sampler=lists)
    assert bits(loader) == expected(joined, lists) == bits(loader) and len(loader) == 7

    class Twice:
        """Has no lists to give but those it is asked for, and no end that is known."""

        def __iter__(self):
            return iter(lists * 2)

    found = DataLoader(joined, batch_sampler=Twice())
    assert bits(found) == expected(joined, lists * 2)
    with pytest.raises(TypeError, match="has no len"):
        len(found)
    found.state_dict()  # between passes there is no rest
    next(iter(found))
    with pytest.raises(TypeError, match="has no len.*state in the middle of a pass"):
        it = iter(found)
        next(it)
        found.state_dict()


def test_several_recordings_in_sequence_or_shuffled(pair):
    joined = SessionConcatDataset(pair)
    wanted = grouped(list(range(292)), 7)
    assert bits(DataLoader(joined, batch_size=7)) == expected(joined, wanted)
    loader = DataLoader(joined, batch_size=7, shuffle=True, seed=5, num_workers=2)
    first, second = bits(loader), bits(loader)
    assert first != second and len(first) == len(loader) == 42
    rows = sorted(s for b in starts(DataLoader(joined, batch_size=7, shuffle=True, seed=5)) for s in b)
    assert rows == sorted(s for b in starts(DataLoader(joined, batch_size=7)) for s in b)
    again = DataLoader(joined, batch_size=7, shuffle=True, seed=5)
    assert bits(again) == first
    again.begin_epoch(0)
    assert bits(again) == first and bits(again) == second
    # parts: negative places as everywhere in Python
    assert bits(DataLoader(joined, batch_size=2, indices=[200, -1, 3])) == expected(joined, [[200, -1], [3]])


@pytest.mark.parametrize("kind", ["sampler", "batch_sampler", "shuffle", "sequence"])
def test_states_at_every_batch_go_on_exactly(pair, kind):
    joined = SessionConcatDataset(pair)
    rng = np.random.RandomState(8)

    class Random:
        """Another order each time, as torch's samplers without a generator of their own."""

        def __len__(self):
            return 23

        def __iter__(self):
            return iter(rng.randint(0, 292, 23).tolist())

    class Batches(Random):
        def __len__(self):
            return 6

        def __iter__(self):
            return iter(grouped(list(super().__iter__()), 4))

    how = {
        "sampler": {"batch_size": 4, "sampler": Random()},
        "batch_sampler": {"batch_sampler": Batches()},
        "shuffle": {"batch_size": 50, "shuffle": True, "seed": 3},
        "sequence": {"batch_size": 50},
    }[kind]
    for taken in range(7):
        loader = DataLoader(joined, **how)
        it = iter(loader)
        for _ in range(taken):
            next(it)
        state = json.loads(json.dumps(loader.state_dict()))
        rest = bits(it)
        other = DataLoader(joined, **how)
        other.load_state_dict(state)
        twice = json.loads(json.dumps(other.state_dict()))
        assert bits(other) == rest and len(rest) == 6 - taken
        third = DataLoader(joined, **how)
        third.load_state_dict(twice)
        assert bits(third) == rest
        if kind == "shuffle":
            assert bits(third) == bits(loader)  # the epochs after, too
    ended = DataLoader(joined, **how)
    whole = bits(ended)
    state = ended.state_dict()
    other = DataLoader(joined, **how)
    other.load_state_dict(state)
    assert len(bits(other)) == len(whole)
    assert other.state_dict()["loader"]["epoch"] == 2


def test_states_that_do_not_fit_say_what_differs(pair, tmp_path):
    joined = SessionConcatDataset(pair)
    loader = DataLoader(joined, batch_size=4, shuffle=True, seed=3)
    state = loader.state_dict()
    third = opened(tmp_path, "c", seed=2)
    for other, words in (
        (DataLoader(joined, batch_size=5, shuffle=True, seed=3), "batch_size is 4 in the state, 5 here"),
        (DataLoader(joined, batch_size=4, shuffle=True, seed=4), "seed is 3 in the state, 4 here"),
        (DataLoader(joined, batch_size=4, shuffle=True, seed=3, dtype="float16"), "dtype is None in the state, {.*'screen': 'float16'.*} here"),
        (DataLoader(joined, batch_size=4, shuffle=True, seed=3, out_keys=["screen"]), r"out_keys is None in the state, \['screen'\] here"),
        (DataLoader(joined, batch_size=4, sampler=ORDER), "order is shuffled in the state, sampler here"),
        (DataLoader(joined, batch_size=4, shuffle=True, seed=3, indices=range(9)), "chunks is 292 in the state, 9 here"),
        (DataLoader(SessionConcatDataset([pair[0], third]), batch_size=4, shuffle=True, seed=3), "recording c has another key, fingerprint"),
    ):
        with pytest.raises(ValueError, match=words):
            other.load_state_dict(state)
    with pytest.raises(ValueError, match="several datasets"):
        loader.load_state_dict(DataLoader(pair[0]).state_dict())
    # behind an epoch's last batch there is none
    for position, taken in ((73, True), (74, False), (1 << 40, False)):
        behind = {**state, "loader": {**state["loader"], "position": position}}
        if taken:
            loader.load_state_dict(behind)
            assert list(loader) == [] and len(list(loader)) == 73
            continue
        with pytest.raises(ValueError, match=f"the state's position: found {position}, expected 0 to 73, the batches of an epoch"):
            loader.load_state_dict(behind)
    # other chunks, as many: random_split without a seed in the resumed process, say
    for how in ({"shuffle": True, "seed": 3}, {"sampler": [3, 1, 2]}):
        state = DataLoader(joined, batch_size=4, indices=range(50), **how).state_dict()
        DataLoader(joined, batch_size=4, indices=list(range(50)), **how).load_state_dict(state)
        for others in (range(50, 100), [1, 0, *range(2, 50)]):
            with pytest.raises(ValueError, match="indices is [0-9a-f]{32} in the state, [0-9a-f]{32} here"):
                DataLoader(joined, batch_size=4, indices=others, **how).load_state_dict(state)
    with pytest.raises(ValueError):
        DataLoader(pair[0]).load_state_dict(state)


@pytest.mark.parametrize("value", ["x", None, -1, 1.5, 1 << 70, [1], True])
@pytest.mark.parametrize("name", ["epoch", "position", "next_epoch"])
def test_numbers_of_states_are_checked(pair, name, value):
    loader = DataLoader(SessionConcatDataset(pair), batch_size=4, shuffle=True, seed=3)
    state = loader.state_dict()
    with pytest.raises(StateError, match=f"the state's {name}: found .*, expected a whole number from 0"):
        loader.load_state_dict({**state, "loader": {**state["loader"], name: value}})


def test_batches_and_generators_of_states_are_checked(pair):
    loader = DataLoader(SessionConcatDataset(pair), batch_size=4, shuffle=True, seed=3)
    state = loader.state_dict()
    with pytest.raises(StateError, match="the state's batches: found int 3, expected first and a list"):
        loader.load_state_dict({**state, "loader": {**state["loader"], "batches": 3}})
    sampler = SessionSpecificSampler(list(range(20)), 2, shuffle=True, seed=1)
    good = sampler.get_state()
    for wrong in (3, ["MT19937"], ["x", [1] * 624, 0, 0, 0.0], ["MT19937", [1, 2], 0, 0, 0.0]):
        with pytest.raises(StateError, match="the state's rng_state: found .*, expected the five values"):
            sampler.set_state({**good, "rng_state": wrong})
    with pytest.raises(StateError, match="the state's position: found str 'x'"):
        sampler.set_state({**good, "position": "x"})
    sampler.set_state(good)


@pytest.mark.parametrize("remainder", ["pad", "drop", "uneven"])
@pytest.mark.parametrize("kind", ["sampler", "shuffle"])
def test_processes_share_an_order_and_resume_with_another_number(pair, kind, remainder):
    joined = SessionConcatDataset(pair)

    def make(**share):
        how = {"sampler": ORDER} if kind == "sampler" else {"shuffle": True, "seed": 3}
        return DataLoader(joined, batch_size=10, remainder=remainder, **how, **share)

    whole = bits(make())
    for world in (2, 3, 4):
        parts = [bits(make(rank=r, world_size=world)) for r in range(world)]
        assert [len(p) for p in parts] == [len(make(rank=r, world_size=world)) for r in range(world)]
        # as a loader of one dataset counts
        plain = DataLoader(pair[0], indices=range(len(whole)), remainder=remainder, rank=world - 1, world_size=world)
        assert len(parts[-1]) == len(plain)
        for r, part in enumerate(parts):
            assert part == [whole[(r + k * world) % len(whole)] for k in range(len(part))]
        loader = make(rank=1, world_size=world)
        it = iter(loader)
        next(it), next(it)
        state = loader.state_dict()
        again, alone = make(rank=1, world_size=world), make(rank=0, world_size=1)
        again.load_state_dict(state)
        assert bits(again) == parts[1][2:]
        alone.load_state_dict(state)
        assert bits(alone) == whole[2 * world :]


def test_a_sampler_that_shards_by_itself_is_not_sharded_twice(pair, monkeypatch):
    class Distributed:
        num_replicas, rank = 2, 1

        def __len__(self):
            return 20

        def __iter__(self):
            return iter(range(1, 40, 2))

    class Grouping:
        def __init__(self):
            self.sampler, self.batch_size = Distributed(), 5

        def __len__(self):
            return 4

        def __iter__(self):
            return iter(grouped(list(self.sampler), 5))

    monkeypatch.setenv("RANK", "1")
    monkeypatch.setenv("WORLD_SIZE", "2")
    for how in ({"batch_size": 5, "sampler": Distributed()}, {"batch_sampler": Grouping()}):
        loader = DataLoader(pair[0], **how)
        assert (loader.rank, loader.world_size, len(loader)) == (0, 1, 4)
        assert bits(loader) == expected(pair[0], grouped(list(range(1, 40, 2)), 5))
        with pytest.raises(ValueError, match="gives each process its share already"):
            DataLoader(pair[0], **how, rank=1, world_size=2)
    # one that does not needs to be the same in all processes: nobody knows whether it is
    with pytest.raises(ValueError, match="without a torch.distributed group"):
        next(iter(DataLoader(pair[0], batch_size=5, sampler=ORDER[:5])))


def test_arguments_that_contradict_each_other(pair):
    for how, words in (
        ({"sampler": [1], "shuffle": True}, "sampler option is mutually exclusive with shuffle"),
        *(
            ({"batch_sampler": [[1]], **more}, "batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and drop_last")
            for more in ({"batch_size": 2}, {"shuffle": True}, {"sampler": [1]}, {"drop_last": True})
        ),
        ({"sampler": [1], "seed": 3}, "sampler option is mutually exclusive with seed"),
        ({"batch_sampler": [[1]], "seed": 3}, "batch_sampler option is mutually exclusive with seed"),
        ({"sampler": [1], "shuffle_each_epoch": True}, "shuffle_each_epoch: a loader of one dataset"),
        ({"sampler": [1], "remainder": "none"}, "remainder is 'none', expected one of 'pad', 'drop', 'uneven'"),
    ):
        with pytest.raises(ValueError, match=words):
            DataLoader(pair[0], **how)
    with pytest.raises(TypeError, match="found list, expected a ChunkDataset, or a Subset, ConcatDataset or SessionConcatDataset"):
        DataLoader(SessionConcatDataset([[1, 2, 3]], ["a"]))

    class Own(SessionConcatDataset):
        def __getitem__(self, i):
            return None

    with pytest.raises(TypeError, match="found Own, expected"):
        DataLoader(Own(pair))
    assert not hasattr(DataLoader(pair[0]), "sampler") and not hasattr(DataLoader(pair[0]), "batch_sampler")
    loader = DataLoader(pair[0], sampler=ORDER)
    assert loader.sampler is ORDER and not hasattr(loader, "batch_sampler")


def test_what_a_sampler_gives_wrongly_is_an_error_of_the_pass(pair):
    for how, error, words in (
        ({"sampler": [1, 146]}, IndexError, "the sampler gave index 146, which is out of range for 146 chunks"),
        ({"sampler": [1, 1.5]}, TypeError, "float"),
        ({"batch_sampler": [[1], []]}, ValueError, "a batch without indices"),
    ):
        it = iter(DataLoader(pair[0], **how))
        with pytest.raises(error, match=words):
            list(it)
        assert list(it) == []


def test_recordings_that_cannot_stand_in_one_batch(tmp_path, pair):
    other = opened(tmp_path, "wide", neurons=5)
    joined = SessionConcatDataset([pair[0], other])
    assert len(list(DataLoader(joined, batch_sampler=[[1, 2], [150, 151]]))) == 2
    with pytest.raises(ValueError, match="recordings a and wide have different entries, shapes or types"):
        list(DataLoader(joined, batch_size=2, sampler=[1, 150]))


def test_a_broken_chunk_is_an_error_of_its_batch(pair):
    frames = sorted((pair[0].root_folder / "screen" / "data").glob("*.npy"))
    good = frames[0].read_bytes()
    lists = grouped(list(range(146)), 8)
    loader = DataLoader(SessionConcatDataset(pair), batch_sampler=[[*b, 200] for b in lists])
    wanted = expected(loader.dataset, [[*b, 200] for b in lists])
    frames[0].write_bytes(good[: len(good) // 2])
    try:
        fresh = [ChunkDataset(d.root_folder, modality_config=recordings.config()) for d in pair]
        loader = DataLoader(SessionConcatDataset(fresh), batch_sampler=[[*b, 200] for b in lists])
        it, found, failures = iter(loader), [], 0
        for k in itertools.count():
            try:
                batch = next(it)
            except StopIteration:
                break
            except Exception as e:
                assert frames[0].name in str(e)
                failures += 1
                continue
            found.append((k, bits([batch])[0]))
        assert failures and len(found) + failures == len(lists)
        assert all(b == wanted[k] for k, b in found)
    finally:
        frames[0].write_bytes(good)


@pytest.mark.parametrize("kind", ["sampler", "chunks"])
def test_collate_fn_gets_the_items_of_the_finished_batch(pair, kind):
    def double(items):
        assert all(set(item) >= {"screen", "responses", "timestamps"} for item in items)
        return len(items), [2 * numbers(item["responses"]) for item in items], items[0]["timestamps"]["screen"]

    how = {"sampler": range(10)} if kind == "sampler" else {"indices": range(10)}
    loader = DataLoader(pair[0], batch_size=4, collate_fn=double, **how)
    for _ in range(2):
        sizes = []
        for k, (size, responses, times) in enumerate(loader):
            sizes.append(size)
            for i, values in enumerate(responses):
                assert values.tobytes() == (2 * numbers(pair[0][4 * k + i]["responses"])).tobytes()
            assert numbers(times).tobytes() == numbers(pair[0][4 * k]["timestamps"]["screen"]).tobytes()
        assert sizes == [4, 4, 2]
    assert loader.collate_fn is double
    asked = []

    def failing(items):
        asked.append(len(items))
        if len(asked) == 2:
            raise KeyError("no such thing")
        return len(items)

    it = iter(DataLoader(pair[0], batch_size=4, collate_fn=failing, **how))
    assert next(it) == 4
    with pytest.raises(KeyError, match="no such thing"):
        next(it)
    assert list(it) == [2]


def test_parts_in_python_are_read_one_by_one(pair, tmp_path):
    class Marked(ChunkDataset):
        def __getitem__(self, i):
            return {**super().__getitem__(i), "number": np.array(i)}

    marked = [Marked(d.root_folder, modality_config=recordings.config()) for d in pair]
    joined = SessionConcatDataset(marked)
    for workers in (0, 2):
        loader = DataLoader(joined, batch_size=5, sampler=ORDER, num_workers=workers)
        found = list(loader)
        assert bits(found) == expected(joined, grouped(ORDER, 5))
        assert [n for b in found for n in numbers(b["number"]).tolist()] == [i % 146 for i in ORDER]
        it = iter(loader)
        next(it)
        other = DataLoader(joined, batch_size=5, sampler=[], num_workers=workers)
        other.load_state_dict(loader.state_dict())
        assert bits(other) == bits(it)
    loader = DataLoader(marked[0], batch_size=5, collate_fn=lambda items: [int(i["number"]) for i in items], indices=range(7))
    assert list(loader) == [[0, 1, 2, 3, 4], [5, 6]]
    with pytest.raises(ValueError, match="dtype"):
        DataLoader(joined, sampler=ORDER, dtype="float16")


def test_passes_side_by_side_and_datasets_that_change(pair):
    joined = SessionConcatDataset(pair)
    loader = DataLoader(joined, batch_size=10, sampler=ORDER)
    wanted = bits(loader)
    outer, inner = iter(loader), None
    found = [bits([next(outer)])[0]]
    inner = bits(loader)
    assert inner == wanted and found + bits(outer) == wanted
    pair[0]._valid_screen_times = pair[0]._valid_screen_times + 0.1
    assert starts(DataLoader(pair[0], batch_size=10, sampler=[3, 4])) == starts(DataLoader(pair[0], indices=[3, 4], batch_size=10))
    now = starts(loader)
    assert now == starts(DataLoader(SessionConcatDataset(pair), batch_size=10, sampler=ORDER))
    pair[0]._valid_screen_times = pair[0]._valid_screen_times[:100]
    with pytest.raises(ValueError, match="counts 146 chunks of a part that has 100 by now"):
        next(iter(loader))


def test_ctrl_c_anywhere_costs_no_batch(pair, monkeypatch):
    real = native.loader_feed
    calls = itertools.count()

    def interrupted(*arguments):
        call = next(calls)
        if call % 3 == 1:
            raise KeyboardInterrupt
        real(*arguments)
        if call % 3 == 2:
            raise KeyboardInterrupt

    asked = itertools.count()

    def collate(items):
        if next(asked) % 4 == 1:
            raise KeyboardInterrupt
        return items[0]["responses"].shape[0], items

    monkeypatch.setattr(native, "loader_feed", interrupted)
    it = iter(DataLoader(SessionConcatDataset(pair), batch_size=9, sampler=ORDER, collate_fn=collate))
    found, interrupts = [], 0
    while True:
        try:
            found.append([numbers(item["responses"]).tobytes() for item in next(it)[1]])
        except KeyboardInterrupt:
            interrupts += 1
        except StopIteration:
            break
    assert interrupts > 6
    joined = SessionConcatDataset(pair)
    assert found == [[numbers(joined[i]["responses"]).tobytes() for i in b] for b in grouped(ORDER, 9)]


def test_options_of_the_ring_take_effect(pair):
    loader = DataLoader(SessionConcatDataset(pair), batch_size=2, sampler=ORDER, dtype="float16", out_keys=["responses"], output="numpy")
    batch = next(iter(loader))
    assert set(arrays(batch)) == {"responses"} and batch["responses"].dtype == np.float16
    assert loader.statistics()["batches"] >= 1
    loader.close()
    loader.close()


def test_an_epoch_of_no_batch_is_said(pair):
    joined = SessionConcatDataset(pair)
    with pytest.warns(UserWarning, match="recording a gives no batch: drop_last leaves out its 146 chunks, fewer than the 200 of batch_size"):
        assert len(list(DataLoader(pair[0], batch_size=200, drop_last=True))) == 0
    with pytest.warns(UserWarning, match="no process gets a batch: remainder 'drop' leaves out the 1 of an epoch, fewer than world_size 2"):
        assert len(list(DataLoader(pair[0], batch_size=100, drop_last=True, rank=0, world_size=2, remainder="drop"))) == 0
    loader = DataLoader(joined, batch_size=300, drop_last=True)
    with pytest.warns(UserWarning, match="the 292 chunks make no batch of 300 with drop_last=True in 1 processes"):
        assert list(loader) == []
    with pytest.warns(UserWarning, match="no batch of 200 with drop_last=False in 2 processes with remainder='drop'"):
        assert list(DataLoader(joined, indices=range(9), batch_size=200, rank=1, world_size=2, remainder="drop")) == []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert list(loader) == []  # once
        assert len(DataLoader(pair[0], batch_size=146, drop_last=True)) == 1


# ---- what one batch may hold -----------------------------------------------------------------------------------------


def test_samplers_and_entries_that_give_nothing_are_said(tmp_path):
    dataset = ChunkDataset(recordings.make(tmp_path / "r"), modality_config=recordings.config())
    with pytest.warns(UserWarning, match="loader: the 2 indices of the sampler make no batch of 4 with drop_last=True"):
        assert list(DataLoader(dataset, batch_size=4, sampler=[1, 2], drop_last=True)) == []

    class Wrapper:
        """Has a method for a length that what it wraps has not."""

        def __init__(self, failure):
            self.failure = failure

        def __iter__(self):
            return iter([1, 2, 3, 4])

        def __len__(self):
            raise self.failure

    for failure in (TypeError("no len()"), NotImplementedError()):
        assert len([*iter(DataLoader(dataset, batch_size=4, sampler=Wrapper(failure)))]) == 1
    with pytest.warns(UserWarning, match="the 4 indices of the sampler make no batch of 4 with drop_last=False in 2 processes with remainder='drop'"):
        assert list(DataLoader(dataset, batch_size=4, sampler=[1, 2, 3, 4], rank=0, world_size=2, remainder="drop")) == []
    with pytest.raises(ValueError, match="out_keys: found an empty list, with which batches hold nothing"):
        DataLoader(dataset, batch_size=4, out_keys=[])
    for given in ({}, {"sampler": [1, 2, 3]}, {"session": True}):
        of = FastSessionDataLoader if given.pop("session", False) else DataLoader
        read = SessionConcatDataset([dataset]) if of is FastSessionDataLoader else dataset
        with pytest.warns(UserWarning) as said:
            loader = of(read, batch_size=4, out_keys=["screen", "screen"], dtype={"responses": "float16", "eye_tracker": "float16"}, **given)
            for _ in range(2):
                assert len(list(loader))
            dataset.shuffle_valid_screen_times()
            next(iter(loader))
        texts = [str(w.message) for w in said if "out_keys" in str(w.message)]
        assert len(texts) == 2 and "loader: out_keys has 'screen' twice" in texts[0], texts
        assert "loader: dtype['responses'] changes nothing, for out_keys leaves that device out; there are screen" in texts[1], texts
        with warnings.catch_warnings(record=True) as said:  # one type for all devices that are there
            warnings.simplefilter("always")
            list(of(read, batch_size=4, out_keys=["screen"], dtype="float16", **given))
        assert not [w for w in said if "changes nothing" in str(w.message)]
    with pytest.warns(UserWarning, match="out_keys has 'screen' twice"):
        dataset.out_keys = ["screen", "screen"]
    with pytest.warns(UserWarning, match=r"loader: dtype\['responses'\] changes nothing, for out_keys leaves that device out; there are screen"):
        DataLoader(dataset, batch_size=4, dtype={"responses": "float16"})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        DataLoader(dataset, batch_size=4, dtype={"screen": "float16"})
        DataLoader(dataset, batch_size=4, dtype="float16")


def test_batches_of_recordings_that_are_alike_in_shape_alone_are_warned_of(tmp_path):
    """Units in another order, one recording normalised; not where each batch is of one recording, nor of other units."""

    def opened(name, ids=None, seed=0, **changes):
        if not (tmp_path / name).exists():
            recordings.make(tmp_path / name)
            np.save(tmp_path / name / "responses/meta/unit_ids.npy", np.array(ids))
        return ChunkDataset(tmp_path / name, modality_config=recordings.config(**changes), seed=seed)

    def said(*datasets, batch_size=5, shuffle=True, **options):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            loader = DataLoader(SessionConcatDataset(datasets, range(len(datasets))), batch_size=batch_size, shuffle=shuffle, seed=3, output="numpy", **options)
            for _ in range(2):
                for _ in loader:
                    pass
        return [str(w.message) for w in caught if "batches mix" in str(w.message)]

    ids = [11, 12, 13, 14, 15, 16, 17]
    a, b, others = opened("a", ids), opened("b", ids[::-1]), opened("others", range(7))
    (text,) = said(a, b)
    assert f"columns of responses of {tmp_path}/a and of {tmp_path}/b that are the same unit_ids in another order" in text
    assert "unit_ids in modality_config.responses" in text
    assert said(a, others) == said(a, a) == []
    whole = {"batch_size": len(a), "shuffle": False}
    assert said(a, b, **whole) == [] != said(a, b, batch_size=len(a) - 1, shuffle=False)
    listed = {"responses": {"unit_ids": ids[:3]}}
    assert said(opened("a", **listed), opened("b", **listed)) == []
    columns = {"responses": {"columns": [1, 5]}}
    assert len(said(opened("a", **columns), opened("b", **columns))) == 1
    plain = opened("a", screen={"transforms": {}}, treadmill={"transforms": {}})
    (text,) = said(a, plain)
    assert f"screen, treadmill of {tmp_path}/a normalised and of {tmp_path}/a not: give both the same transforms" in text
    assert len(said(plain, b)) == 2
    (text,) = said(opened("a", screen={"transforms": {}}), opened("a", treadmill={"transforms": {}}))
    assert f"treadmill of {tmp_path}/a normalised and of {tmp_path}/a not, and screen of {tmp_path}/a normalised and" in text
    own = opened("b", treadmill={"transforms": {"normalization": "normalize", "half": lambda x: x / 2}})
    assert len(said(a, own)) == 1
