# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Shares and seeds that nobody was told, without a group of processes; test_torch_shares.py has those with one."""

import warnings

import pytest
import recordings
from test_loader import array, kept, same_batches

from syncline import DataLoader, _shares
from syncline.datasets import ChunkDataset
from syncline.utils import Exhauster, FastSessionDataLoader, LongCycler, MultiEpochsDataLoader, SessionConcatDataset, ShortCycler


@pytest.fixture
def dataset(recording):
    return ChunkDataset(recording, modality_config=recordings.config())


@pytest.fixture(autouse=True)
def no_variables(monkeypatch):
    monkeypatch.delenv("RANK", raising=False)
    monkeypatch.delenv("WORLD_SIZE", raising=False)


def variables(monkeypatch, **values):
    for name, value in values.items():
        monkeypatch.setenv(name, value)


def rows(loader):
    return [row.tobytes() for batch in loader for row in array(batch["timestamps"]["screen"])]


def test_one_process_where_nothing_runs():
    assert _shares.share() == _shares.foreseen() == _shares.share("env") == (0, 1)
    assert _shares.share(1, 3) == _shares.foreseen(1, 3) == (1, 3)
    assert _shares.share(None, 1) == (0, 1)


@pytest.mark.parametrize("rank", [None, "env"])
def test_the_environments(monkeypatch, rank):
    variables(monkeypatch, RANK="2", WORLD_SIZE="4")
    assert _shares.share(rank) == _shares.foreseen(rank) == (2, 4)
    assert _shares.share(0, 2) == (0, 2)
    assert _shares.share(None, 1) == (0, 1)


@pytest.mark.parametrize(
    "found, message",
    [
        ({"WORLD_SIZE": "2"}, "WORLD_SIZE=2 without RANK"),
        ({"RANK": "1"}, "RANK=1 without WORLD_SIZE"),
        ({"RANK": "2", "WORLD_SIZE": "2"}, "RANK=2 and WORLD_SIZE=2: expected a rank from 0"),
        ({"RANK": "-1", "WORLD_SIZE": "2"}, "expected a rank from 0"),
        ({"RANK": "0", "WORLD_SIZE": "0"}, "expected a rank from 0"),
        ({"RANK": "0", "WORLD_SIZE": "two"}, "WORLD_SIZE is 'two', expected a whole number"),
        ({"RANK": "", "WORLD_SIZE": "2"}, "RANK is '', expected a whole number"),
    ],
)
def test_environments_that_say_no_share(dataset, monkeypatch, found, message):
    loader = DataLoader(dataset, batch_size=4)
    variables(monkeypatch, **found)
    with pytest.raises(ValueError, match=message):
        _shares.share()
    with pytest.raises(ValueError, match=message):
        iter(loader)
    # who says it, needs none
    assert _shares.share(None, 1) == (0, 1)


@pytest.mark.parametrize(
    "told, message",
    [
        ((0, None), "rank is 0 and world_size is not given"),
        ((None, 2), "world_size is 2 and rank is None"),
        (("env", 2), "world_size is 2 and rank is 'env'"),
        ((2, 2), "rank is 2, world_size is 2"),
        ((-1, 2), "rank is -1"),
        ((0, 0), "world_size is 0"),
        (("0", 2), "rank is '0'"),
        ((0.5, 2), "rank is 0.5"),
    ],
)
def test_arguments_that_say_no_share(dataset, told, message):
    with pytest.raises(ValueError, match=message):
        _shares.check(*told)
    with pytest.raises(ValueError, match=message):
        DataLoader(dataset, rank=told[0], world_size=told[1])


def test_variables_that_engines_set_before_the_group_are_no_error_yet(dataset, monkeypatch):
    variables(monkeypatch, WORLD_SIZE="2")
    loader = DataLoader(dataset, batch_size=4)
    assert (loader.rank, loader.world_size) == (0, 2)
    assert len(loader) == 19  # of 37
    monkeypatch.setenv("RANK", "1")
    assert (loader.rank, loader.world_size) == (1, 2)
    assert len(list(loader)) == len(loader) == 19


@pytest.mark.parametrize("remainder", ["pad", "drop", "uneven"])
def test_the_share_is_that_of_the_pass(dataset, monkeypatch, remainder):
    """Of each pass, in fact: a process may look at a batch before its engine starts the others."""
    options = dict(batch_size=4, shuffle=True, seed=3, remainder=remainder)
    with DataLoader(dataset, **options) as loader, DataLoader(dataset, rank=1, world_size=2, **options) as told:
        assert len(loader) == 37
        whole = [kept(b) for b in loader]
        assert len(whole) == 37
        variables(monkeypatch, RANK="1", WORLD_SIZE="2")
        shares = [[kept(b) for b in told] for _ in range(2)]
        found = [kept(b) for b in loader]
        assert len(found) == len(loader) == len(told)
        same_batches(found, shares[1])
        assert loader.state_dict() == told.state_dict()


SEVERAL = {
    "fast": lambda two, **o: FastSessionDataLoader(SessionConcatDataset(two), batch_size=4, shuffle=True, seed=3, **o),
    "epochs": lambda two, **o: MultiEpochsDataLoader(two[0], 4, True, seed=3, **o),
    **{
        kind.__name__: lambda two, kind=kind, **o: kind({d.data_key: MultiEpochsDataLoader(d, 4, True, seed=3, **o) for d in two})
        for kind in (LongCycler, ShortCycler, Exhauster)
    },
}


@pytest.fixture
def two(tmp_path):
    return [
        ChunkDataset(recordings.make(tmp_path / key, seed=i, key=key), modality_config=recordings.config(responses=None))
        for i, key in enumerate("ab")
    ]


@pytest.mark.parametrize("kind", SEVERAL)
def test_remainders_of_loaders_of_several_recordings(two, kind):
    def starts(remainder, rank, world):
        loader = SEVERAL[kind](two, rank=rank, world_size=world, remainder=remainder)
        counts = len(loader)
        found = [array((b[1] if isinstance(b, tuple) else b)["timestamps"]["screen"])[:, 0].tobytes() for b in loader]
        assert len(found) == counts
        return found

    whole = starts("pad", 0, 1)
    for remainder in ("pad", "drop", "uneven"):
        shares = [starts(remainder, rank, 4) for rank in range(4)]
        counts = [len(share) for share in shares]
        seen = [batch for share in shares for batch in share]
        if remainder == "uneven":
            assert max(counts) > min(counts)
        else:
            assert max(counts) == min(counts)
        if kind in ("fast", "epochs", "Exhauster"):
            if remainder == "uneven":
                assert sorted(seen) == sorted(whole)
            elif remainder == "pad":
                assert set(seen) == set(whole) and len(seen) > len(whole)
            else:
                assert len(set(seen)) == len(seen) < len(whole) and set(seen) < set(whole)
    with pytest.raises(ValueError, match="remainder is 'cut', expected one of 'pad', 'drop', 'uneven'"):
        SEVERAL[kind](two, remainder="cut")


def test_options_of_what_is_in_batches_of_several_recordings(tmp_path, two):
    assert [len(b["timestamps"]["screen"]) for b in MultiEpochsDataLoader(two[0], 2, indices=[5, 6, 7])] == [2, 1]
    with pytest.raises(ValueError, match="on_error: chunks of FastSessionDataLoader come in batches .*expected get_multisession_dataloader"):
        FastSessionDataLoader(SessionConcatDataset(two), batch_size=4, on_error="skip")
    root = recordings.make(tmp_path / "damaged", seed=3, key="damaged")
    file = sorted((root / "screen" / "data").iterdir())[1]
    file.write_bytes(file.read_bytes()[:200])
    damaged = ChunkDataset(root, modality_config=recordings.config(responses=None))
    with pytest.warns(UserWarning, match=f"chunks are left out: .*{file.name}"), DataLoader(damaged, batch_size=2, on_error="skip") as loader:
        expected = [kept(b) for b in loader]
    with pytest.warns(UserWarning, match=f"chunks are left out: .*{file.name}"):
        loaders = {d.data_key: MultiEpochsDataLoader(d, 2, on_error="skip") for d in (damaged, two[0])}
        cycler = LongCycler(loaders)
        found = list(cycler)
    assert len(found) == len(cycler) == 2 * len(loaders["a"])
    same_batches([b for key, b in found if key == "damaged"][: len(expected)], expected)


@pytest.mark.parametrize("shuffle", [True, False])
def test_a_state_of_several_recordings_without_a_seed(two, shuffle):
    def make():
        return FastSessionDataLoader(SessionConcatDataset(two), batch_size=4, shuffle=shuffle)

    def starts(loader):
        return [(key, array(b["timestamps"]["screen"])[:, 0].tobytes()) for key, b in loader]

    first, second = make(), make()
    begin = first.get_state()
    whole = [starts(first), starts(first)]
    assert (whole[0] != starts(second)) is shuffle
    second.set_state(begin)
    assert [starts(second), starts(second)] == whole


def test_a_state_restored_before_the_share_was_known(dataset, monkeypatch):
    options = dict(batch_size=4, shuffle=True, seed=3)
    with DataLoader(dataset, **options) as loader, DataLoader(dataset, rank=1, world_size=2, **options) as told:
        for _ in zip(range(4), loader):
            pass
        state = loader.state_dict()
        with DataLoader(dataset, **options) as other:
            other.load_state_dict(state)
            variables(monkeypatch, RANK="1", WORLD_SIZE="2")
            told.load_state_dict(state)
            assert other.state_dict()["loader"]["position"] == 4
            found = [kept(b) for b in other]
            assert len(found) == 17
            same_batches(found, [kept(b) for b in told])
            same_batches([kept(b) for b in other], [kept(b) for b in told])


@pytest.mark.parametrize("kind", [{"shuffle": True}, {"shuffle_each_epoch": True}])
def test_processes_that_cannot_agree_on_a_seed(dataset, monkeypatch, kind):
    variables(monkeypatch, RANK="0", WORLD_SIZE="2")
    loader = DataLoader(dataset, batch_size=4, **kind)
    with pytest.raises(ValueError, match="give all of them the same seed="):
        iter(loader)
    with pytest.raises(ValueError, match="give all of them the same seed="):
        iter(FastSessionDataLoader(SessionConcatDataset([dataset]), batch_size=4, shuffle=True))
    with DataLoader(dataset, batch_size=4, world_size=1, **kind) as alone:
        assert len(list(alone)) == 37
    with DataLoader(dataset, batch_size=4) as in_order:
        assert len(list(in_order)) == 19


def test_a_state_gives_a_loader_without_a_seed_its_own(dataset):
    options = dict(batch_size=4, shuffle=True)
    with DataLoader(dataset, **options) as loader, DataLoader(dataset, **options) as other:
        state = loader.state_dict()  # of a loader that has drawn no batch yet
        epochs = [rows(loader) for _ in range(2)]
        other.load_state_dict(state)
        assert other.state_dict() == state
        assert [rows(other) for _ in range(2)] == epochs
        # and it stays its own
        assert other.state_dict() == loader.state_dict()
    with DataLoader(dataset, **options, seed=state["loader"]["seed"] + 1) as told, pytest.raises(ValueError, match="seed is"):
        told.load_state_dict(state)


def test_loaders_without_a_seed_differ(dataset):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with DataLoader(dataset, batch_size=4, shuffle=True) as a, DataLoader(dataset, batch_size=4, shuffle=True) as b:
            assert rows(a) != rows(b)
