# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""With torch: tensors, its DataLoader, OmegaConf configurations. Collected only where torch is installed."""

import copy
import subprocess
import sys
import textwrap
import warnings

import numpy as np
import pytest
import recordings
import torch
import torch.utils.data
from test_datasets import DEVICES, equal
from test_loader import PRELUDE, configuration, flat, sessions

import syncline
from syncline import DataLoader
from syncline._native.batches import BatchStream
from syncline._native.tensors import NativeTensor
from syncline.datasets import ChunkDataset
from syncline.utils import (
    Exhauster,
    FastSessionDataLoader,
    LongCycler,
    MultiEpochsDataLoader,
    SessionBatchSampler,
    SessionConcatDataset,
    ShortCycler,
    add_behavior_as_channels,
    replace_nan_with_batch_mean,
)


@pytest.fixture
def dataset(recording):
    return ChunkDataset(recording, modality_config=recordings.config())


def test_items_are_tensors(dataset):
    assert isinstance(dataset, torch.utils.data.Dataset)
    for key, value in flat(dataset[0]):
        assert isinstance(value, torch.Tensor), key
        assert value.is_contiguous()
        value += 1  # writable
    assert dataset[0]["screen"].dtype == torch.float32
    assert dataset[0]["treadmill"].dtype == torch.float64
    sampler = SessionBatchSampler(SessionConcatDataset([dataset]), 2)
    assert isinstance(sampler, torch.utils.data.Sampler)
    assert isinstance(SessionConcatDataset([dataset]), torch.utils.data.Dataset)


def test_numpy_first_torch_later(recording):
    """The base class is torch's whichever was imported first."""
    code = PRELUDE.format(path=[p for p in sys.path if p], root=str(recording)) + textwrap.dedent(
        """
        assert "torch" not in sys.modules
        import torch.utils.data
        assert issubclass(ChunkDataset, torch.utils.data.Dataset)
        d = dataset()
        assert isinstance(d, torch.utils.data.Dataset)
        loader = torch.utils.data.DataLoader(d, batch_size=2)
        print(next(iter(loader))["screen"].shape)
        """
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=600)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("context", [None, "spawn", "forkserver"])
def test_torchs_loader(dataset, context):
    workers = {} if context is None else {"num_workers": 2, "multiprocessing_context": context, "persistent_workers": True}
    loader = torch.utils.data.DataLoader(dataset, batch_size=4, **workers)
    ours = DataLoader(dataset, batch_size=4)
    for _ in range(2 if context is None else 1):
        count = 0
        for a, b in zip(loader, ours, strict=True):
            equal(a, b)
            count += 1
        assert count == len(loader) == len(ours)


def test_persistent_workers_follow(recording):
    """Workers that live on draw by the epoch and read the start times that were said before each pass."""
    transforms = {"noise": {"_target_": "test_samples.jittered", "scale": 2.0}}
    d = ChunkDataset(recording, modality_config=recordings.config(responses={"transforms": transforms}), seed=3)
    loader = torch.utils.data.DataLoader(d, batch_size=4, num_workers=1, multiprocessing_context="spawn", persistent_workers=True)
    passes = []
    for epoch in range(3):
        d.set_epoch(epoch)
        if epoch == 2:
            d.shuffle_valid_screen_times()
        batches = list(loader)
        expected = [torch.stack([d[i]["responses"] for i in range(k, min(k + 4, len(d)))]) for k in range(0, len(d), 4)]
        assert all(torch.equal(a["responses"], b) for a, b in zip(batches, expected, strict=True))
        passes.append(batches[0]["responses"])
    assert not torch.equal(passes[0], passes[1]) and not torch.equal(passes[1], passes[2])


def test_noise_that_comes_again_in_each_epoch_is_said(recording):
    transforms = {"noise": {"_target_": "test_samples.jittered", "scale": 2.0}}
    config = recordings.config(responses={"transforms": transforms})
    d = ChunkDataset(recording, modality_config=config, seed=3)
    loader = torch.utils.data.DataLoader(d, batch_size=4, shuffle=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(31):
            d[0]
        list(loader)
    with pytest.warns(UserWarning, match=r"transforms that take rng draw the same .* call dataset.set_epoch\(epoch\) before each pass"):
        list(loader)
    quiet = ChunkDataset(recording, modality_config=config, seed=3)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        list(loader)  # once
        for epoch in range(2):
            list(DataLoader(quiet, batch_size=4, num_workers=2))
        for epoch in range(2):
            quiet.set_epoch(epoch)
            list(torch.utils.data.DataLoader(quiet, batch_size=4))


def test_forked_workers_are_refused_and_do_not_hang(dataset):
    loader = torch.utils.data.DataLoader(dataset, batch_size=4, num_workers=1, multiprocessing_context="fork", timeout=600)
    with pytest.raises(RuntimeError, match="spawn"):
        next(iter(loader))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
def test_torch_dtypes(dataset, dtype):
    with DataLoader(dataset, batch_size=2, dtype=dtype) as loader:
        batch = next(iter(loader))
        natural = dataset.read_batch([0, 1])
        for name in DEVICES:
            assert batch[name].dtype == dtype
            assert torch.equal(batch[name], natural[name].to(dtype))
    with DataLoader(dataset, batch_size=2, dtype={"screen": torch.uint8}) as loader:
        assert next(iter(loader))["screen"].dtype == torch.uint8


def test_tensors_lie_where_java_wrote_them(dataset, monkeypatch):
    addresses = []
    torch_of = NativeTensor.torch
    take = BatchStream.take

    def spy(self):
        addresses.append(self.address)
        return torch_of(self)

    def spy_on_batches(self, capsules):
        taken = take(self, capsules)
        addresses.extend(self.batch.data[: len(capsules)])
        return taken

    monkeypatch.setattr(NativeTensor, "torch", spy)
    monkeypatch.setattr(BatchStream, "take", spy_on_batches)
    with DataLoader(dataset, batch_size=4) as loader:
        batch = next(iter(loader))
        assert [v.data_ptr() for _, v in flat(batch)] == addresses
    addresses.clear()
    item = dataset[0]
    assert [v.data_ptr() for _, v in flat(item)] == addresses


def test_modules_as_transforms(dataset, recording):
    from torchvision.transforms import v2

    double = torch.nn.Linear(7, 7, bias=False).requires_grad_(False)
    double.weight.copy_(2 * torch.eye(7))
    config = recordings.config(
        screen={"transforms": {"flip": v2.RandomHorizontalFlip(p=1.0), "normalization": "normalize"}},
        responses={"transforms": {"double": double, "normalization": "normalize_variance_only"}},
        treadmill={"transforms": {"noop": {"_target_": "torch.nn.Identity"}, "normalization": "normalize"}},
    )
    item, plain = ChunkDataset(recording, modality_config=config)[3], dataset[3]
    assert torch.equal(item["screen"], plain["screen"].flip(-1))
    torch.testing.assert_close(item["responses"], plain["responses"] * 2)
    assert torch.equal(item["treadmill"], plain["treadmill"])
    by_name = {"transforms": {"flip": {"_target_": "torchvision.transforms.v2.RandomHorizontalFlip", "p": 1.0}, "normalization": "normalize"}}
    named = ChunkDataset(recording, modality_config=recordings.config(screen=by_name))[3]
    assert torch.equal(named["screen"], plain["screen"].flip(-1))


def test_omegaconf(recording):
    from omegaconf import DictConfig, OmegaConf

    from syncline.configs import DEFAULT_CONFIG, DEFAULT_DATASET_CONFIG, DEFAULT_MODALITY_CONFIG

    assert isinstance(DEFAULT_CONFIG, DictConfig) and isinstance(DEFAULT_MODALITY_CONFIG, DictConfig)
    config = copy.deepcopy(DEFAULT_CONFIG)
    config.dataset.modality_config.screen.transforms.Resize.size = [36, 64]
    config.dataset.modality_config.screen.interpolation.rescale_size = [36, 64]
    config.dataset.modality_config.screen.transforms.greyscale = True
    modalities = config.dataset.modality_config
    d = ChunkDataset(
        recording,
        global_sampling_rate=config.dataset.global_sampling_rate,
        global_chunk_size=config.dataset.global_chunk_size,
        modality_config=modalities,
    )
    assert d[0]["screen"].shape == (1, 60, 36, 64)
    assert d.modality_config.screen.valid_condition.tier == "train"
    chosen = OmegaConf.create({"screen": modalities.screen, "responses": modalities.responses})
    d = ChunkDataset(recording, global_sampling_rate=30, global_chunk_size=30, modality_config=chosen)
    assert list(d[0]) == ["screen", "responses", "timestamps"]
    ChunkDataset(recording, **DEFAULT_DATASET_CONFIG)
    equal(
        ChunkDataset(recording, modality_config=OmegaConf.create(recordings.config()))[1],
        ChunkDataset(recording, modality_config=recordings.config())[1],
    )


def test_multisession_with_omegaconf(tmp_path):
    from omegaconf import OmegaConf

    from syncline.dataloaders import get_multisession_concat_dataloader, get_multisession_dataloader

    paths = sessions(tmp_path, 0, 1)
    config = OmegaConf.create(configuration(pin_memory=True))
    with pytest.warns(UserWarning, match="pin_memory"):
        batches = list(get_multisession_dataloader(paths, config, seed=1))
    assert {k for k, _ in batches} == {"s0", "s1"}
    assert all(isinstance(b["screen"], torch.Tensor) for _, b in batches)
    loader = get_multisession_concat_dataloader(paths, config, dataloader_config=config.dataloader)
    assert len(list(loader)) == len(loader)


def test_manual_seed_repeats_multi_epochs(dataset):
    def order():
        torch.manual_seed(3)
        loader = MultiEpochsDataLoader(dataset, batch_size=3, shuffle=True, num_workers=1)
        return [b["timestamps"]["screen"][:, 0].tolist() for _ in range(2) for b in loader]

    assert order() == order()


def test_options_that_torchs_loader_does_not_have_are_named(dataset):
    loader = MultiEpochsDataLoader(dataset, batch_size=3, generator=torch.Generator(), seed=1)
    with pytest.raises(ValueError, match="seed: torch's DataLoader, which has no such option, reads where generator is given"):
        iter(loader)
    with pytest.raises(ValueError, match="rank: torch's DataLoader, .* reads all but a ChunkDataset, here Mock"):
        iter(MultiEpochsDataLoader(Mock(3, 0, "a"), rank=0))


class Mock(torch.utils.data.Dataset):
    """What projects' tests use in place of a recording."""

    def __init__(self, length, seed, name):
        g = torch.Generator().manual_seed(seed)
        self.items = [{"responses": torch.randn(6, 5, generator=g), "timestamps": {"responses": torch.arange(6.0)}} for _ in range(length)]
        self.data_key = self.session_name = name

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        return self.items[i]


def test_loaders_over_other_datasets():
    mocks = {n: Mock(k, i, n) for i, (n, k) in enumerate({"a": 5, "b": 8, "c": 10}.items())}
    for workers in (0, 2):
        loaders = {n: MultiEpochsDataLoader(m, batch_size=2, num_workers=workers, multiprocessing_context="spawn" if workers else None) for n, m in mocks.items()}
        if workers:
            assert sum(1 for _ in loaders["a"]) == 3
            assert sum(1 for _ in loaders["a"]) == 3
            continue
        assert [k for k, _ in LongCycler(loaders)] == ["a", "b", "c"] * 5
        assert [k for k, _ in ShortCycler(loaders)] == ["a", "b", "c"] * 3
        assert [k for k, _ in Exhauster(loaders)] == ["a"] * 3 + ["b"] * 4 + ["c"] * 5
        assert len(LongCycler(loaders)) == 15 and len(ShortCycler(loaders)) == 9 and len(Exhauster(loaders)) == 12
        for _ in range(2):
            assert sum(1 for _ in LongCycler(loaders)) == 15
    joined = SessionConcatDataset(list(mocks.values()), list(mocks))
    assert joined.session_indices == {"a": (0, 5), "b": (5, 13), "c": (13, 23)}
    assert [joined.get_session_for_idx(i) for i in (0, 4, 5, 12, 13, 22)] == ["a", "a", "b", "b", "c", "c"]
    make = lambda: FastSessionDataLoader(joined, batch_size=2, shuffle=True, seed=9)  # noqa: E731
    loader = make()
    it = iter(loader)
    for _ in range(4):
        next(it)
    state = loader.get_state()
    other = make()
    other.set_state(state)
    for (k, a), (m, b) in zip(it, other, strict=True):
        assert k == m and torch.equal(a["responses"], b["responses"])


def test_helpers_on_tensors():
    x = torch.tensor([[1.0, float("nan")], [3.0, float("nan")], [float("nan"), float("nan")]])
    y = replace_nan_with_batch_mean(x)
    assert y is x and x.tolist() == [[1, 0], [3, 0], [2, 0]]
    data = {"screen": torch.zeros(1, 4, 2, 3), "eye_tracker": torch.ones(4, 2, dtype=torch.float64), "treadmill": torch.full((4, 1), 5.0)}
    out = add_behavior_as_channels(dict(data))
    assert out["screen"].shape == (4, 4, 2, 3) and out["screen"].dtype == torch.float64
    assert (out["screen"][3] == 5).all() and (out["screen"][1:3] == 1).all()
    with pytest.raises(ValueError):
        add_behavior_as_channels({**data, "treadmill": torch.zeros(3, 1)})


def test_tqdm_and_len(dataset):
    import tqdm
    with DataLoader(dataset, batch_size=4) as loader:
        bar = tqdm.tqdm(loader, disable=None, file=open("/dev/null", "w"))
        assert bar.total == len(loader)
        assert sum(1 for _ in bar) == len(loader)


def test_tensors_are_written(tmp_path):
    rows = torch.arange(800, dtype=torch.float32, requires_grad=True).reshape(400, 2)
    syncline.write(tmp_path / "r", {"a": {"values": rows, "rate": 10}})
    assert syncline.stats(tmp_path / "r")["a"]["maxima"].tolist() == [798, 799]


def test_a_configuration_of_omegaconf_that_is_changed_after_opening_is_said(recording):
    import pickle

    from omegaconf import OmegaConf

    given = OmegaConf.create({"treadmill": {"sampling_rate": 20, "chunk_size": 5, "offset": 0.5}})
    first = ChunkDataset(recording, modality_config=given)
    given.treadmill.offset = 0.25
    second = ChunkDataset(recording, modality_config=given)
    with warnings.catch_warnings():
        warnings.filterwarnings("error", ".* was changed")
        assert len(first) and len(second) and first.modality_config.treadmill.offset == 0.5
        assert OmegaConf.to_container(second.modality_config)["treadmill"]["offset"] == 0.25
        assert len(first) and len(second) and len(pickle.loads(pickle.dumps(first))) == len(first)
    first.modality_config.treadmill.offset = 5
    first._compared._from = 0
    with pytest.warns(UserWarning, match="modality_config.treadmill.offset was changed from 0.5 to 5 after"):
        next(iter(torch.utils.data.DataLoader(first)))


def test_values_that_numpy_has_no_type_for_are_refused_in_words(tmp_path):
    with pytest.raises(ValueError, match="found dtype torch.bfloat16, expected bool, integers or floats .*convert the values"):
        syncline.write(tmp_path / "r", {"wheel": {"values": torch.ones(20, 3, dtype=torch.bfloat16), "rate": 10.0}})
