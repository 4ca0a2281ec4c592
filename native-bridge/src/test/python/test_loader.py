# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""syncline.DataLoader, and the loaders over several recordings."""

import dis
import gc
import inspect
import json
import pickle
import subprocess
import sys
import textwrap
import threading
import warnings

import numpy as np
import pytest
import recordings

import syncline
from syncline import DataLoader
from syncline._native import functions as native
from syncline._native.batches import BatchStream
from syncline.datasets import ChunkDataset
from syncline.utils import MultiEpochsDataLoader


def array(value):
    return np.asarray(value)


def flat(batch):
    for key, value in batch.items():
        if isinstance(value, dict):
            for name, times in value.items():
                yield f"timestamps.{name}", times
        else:
            yield key, value


def same(a, b):
    a, b = dict(flat(a)), dict(flat(b))
    assert list(a) == list(b)
    for key in a:
        assert np.array_equal(array(a[key]), array(b[key]), equal_nan=array(a[key]).dtype.kind == "f"), key


def kept(batch):
    return {k: ({n: array(t).copy() for n, t in v.items()} if isinstance(v, dict) else array(v).copy()) for k, v in batch.items()}


def stacked(dataset, indices):
    return dataset.read_batch(indices)


@pytest.fixture
def dataset(recording):
    return ChunkDataset(recording, modality_config=recordings.config())


def identity(x):
    return x


class Broken(ChunkDataset):
    """Items of a program's own, some of which cannot be made."""

    def __getitem__(self, index):
        if index in (3, 8):
            raise KeyError(f"item {index}") if index == 3 else StopIteration
        return super().__getitem__(index)


@pytest.mark.parametrize("workers", [0, 2])
def test_a_pass_over_items_goes_on_after_an_error(recording, workers):
    loader = DataLoader(Broken(recording, modality_config=recordings.config()), batch_size=2, num_workers=workers)
    batches, failed = [], []
    it = iter(loader)
    while True:
        try:
            batches.append(next(it))
        except StopIteration:
            break
        except (KeyError, RuntimeError) as e:
            failed.append(e)
    assert [type(e) for e in failed] == [KeyError, RuntimeError]
    assert len(batches) == len(loader) - 2
    # the pass has ended, and the next one is whole again
    assert next(it, None) is None
    assert next(iter(loader))["responses"].shape[0] == 2


@pytest.fixture
def outside(recording):
    """The same with a part in Python."""
    config = recordings.config(responses={"transforms": {"a": identity, "normalization": "normalize_variance_only"}})
    return ChunkDataset(recording, modality_config=config)


def test_signature():
    parameters = list(inspect.signature(DataLoader).parameters)
    assert parameters[:11] == [
        "dataset",
        "batch_size",
        "shuffle",
        "seed",
        "num_workers",
        "prefetch_factor",
        "drop_last",
        "pin_memory",
        "dtype",
        "rank",
        "world_size",
    ]


@pytest.mark.parametrize("workers", [0, 1, 3])
@pytest.mark.parametrize("drop_last", [False, True])
def test_batches_are_the_stacked_items(dataset, workers, drop_last):
    with DataLoader(dataset, batch_size=4, num_workers=workers, drop_last=drop_last) as loader:
        n = len(dataset)
        expected = n // 4 if drop_last else -(-n // 4)
        assert len(loader) == expected
        for _ in range(2):
            count = 0
            for b, batch in enumerate(loader):
                same(batch, stacked(dataset, range(4 * b, min(n, 4 * b + 4))))
                count += 1
            assert count == expected


def test_shuffling_covers_every_item_once(dataset):
    n = len(dataset)
    starts = {}
    for i in range(n):
        starts[array(dataset[i]["timestamps"]["screen"]).tobytes()] = i

    def order(loader):
        return [starts[row.tobytes()] for batch in loader for row in array(batch["timestamps"]["screen"])]

    with DataLoader(dataset, batch_size=3, shuffle=True, seed=7, num_workers=2) as loader:
        first, second = order(loader), order(loader)
        assert sorted(first) == sorted(second) == list(range(n))
        assert first != second and first != sorted(first)
    with DataLoader(dataset, batch_size=3, shuffle=True, seed=7, num_workers=1) as loader:
        assert order(loader) == first and order(loader) == second
    with DataLoader(dataset, batch_size=3, shuffle=True, seed=8) as loader:
        assert order(loader) != first
    with DataLoader(dataset, batch_size=3, shuffle=True) as a, DataLoader(dataset, batch_size=3, shuffle=True) as b:
        assert order(a) != order(b)


def test_ranks_share_an_epoch(dataset):
    def rows(**options):
        with DataLoader(dataset, batch_size=2, shuffle=True, seed=1, **options) as loader:
            found = [r.tobytes() for batch in loader for r in array(batch["responses"])]
            assert len(loader) == -(-len(found) // 2) or options
            return found

    whole = rows()
    for world in (2, 3):
        shares = [rows(rank=r, world_size=world, remainder="uneven") for r in range(world)]
        assert sorted(sum(shares, [])) == sorted(whole)
    with pytest.raises(ValueError):
        DataLoader(dataset, rank=2, world_size=2)


def test_rank_from_the_environment(dataset, monkeypatch):
    monkeypatch.setenv("RANK", "1")
    monkeypatch.setenv("WORLD_SIZE", "2")
    with DataLoader(dataset, rank="env") as loader:
        assert (loader.rank, loader.world_size) == (1, 2)


@pytest.mark.parametrize("kind", ["dataset", "outside"])
@pytest.mark.parametrize("taken", [0, 1, 4])
def test_state_continues_with_the_next_batch(request, kind, taken):
    data = request.getfixturevalue(kind)
    options = dict(batch_size=3, shuffle=True, seed=5, num_workers=2)
    with DataLoader(data, **options) as loader:
        list(loader)  # the second epoch is another one
        it = iter(loader)
        for _ in range(taken):
            next(it)
        state = json.loads(json.dumps(loader.state_dict()))
        rest = [kept(b) for b in it]
        after = [kept(b) for b in loader]
    with DataLoader(data, **{**options, "num_workers": 1}) as other:
        other.load_state_dict(pickle.loads(pickle.dumps(state)))
        found = [kept(b) for b in other]
        assert len(found) == len(rest) == len(other) - taken
        for a, b in zip(found, rest):
            same(a, b)
        for a, b in zip(other, after):
            same(a, b)


def interrupted(step, it):
    """next(it) with a KeyboardInterrupt at the step-th bytecode on its way; True if that way was longer."""
    modules = ("/syncline/loader.py", "/syncline/_passes.py", "/syncline/_device.py", "/syncline/_outputs.py", "/_native/library.py", "/_native/batches.py", "/_native/functions.py", "/_native/tensors.py")
    count = 0

    def trace(frame, event, argument):
        nonlocal count
        if not frame.f_code.co_filename.endswith(modules):
            return None
        frame.f_trace_opcodes = True
        if event == "opcode":
            here = dis.opname[frame.f_code.co_code[frame.f_lasti]]
            # interrupts are looked at after calls, at the beginning of functions and in loops, and nothing of these comes
            # behind the assignments that hand the batch on
            last = frame.f_code.co_name in ("take", "_send", "__next__") and here in ("RETURN_VALUE", "STORE_ATTR", "LOAD_FAST", "LOAD_CONST")
            if not last:
                count += 1
                if count == step:
                    raise KeyboardInterrupt
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        batch = next(it)
    except KeyboardInterrupt:
        return True, None
    finally:
        sys.settrace(before)
    return False, batch


@pytest.mark.parametrize("world", [1, 2])
def test_ctrl_c_loses_no_batch(dataset, world):
    """Wherever Ctrl-C comes: the batch on its way is the next one, here and in a loader that restores the state."""
    options = dict(batch_size=3, num_workers=1, rank=0, world_size=world)
    with DataLoader(dataset, **options) as loader:
        expected = [kept(b) for b in loader]
    with DataLoader(dataset, **options) as loader, DataLoader(dataset, **options) as other:
        for step in range(1, 10_000):
            it = iter(loader)
            for _ in range(2):
                next(it)
            cut, batch = interrupted(step, it)
            if not cut:
                same(batch, expected[2])
                break
            state = loader.state_dict()
            if step % 10 == 0:
                other.load_state_dict(state)
                assert other.state_dict() == state
                same(next(iter(other)), expected[2])
                loader.load_state_dict(state)
                it = iter(loader)
            same(next(it), expected[2])
            same(next(it), expected[3])
    assert step > 20


def test_state_of_other_data_is_refused(dataset, tmp_path):
    other = ChunkDataset(recordings.make(tmp_path / "other", seed=9), modality_config=recordings.config())
    state = DataLoader(dataset, batch_size=2).state_dict()
    with pytest.raises(ValueError):
        DataLoader(other, batch_size=2).load_state_dict(state)
    with pytest.raises(ValueError):
        DataLoader(dataset, batch_size=2).load_state_dict({"epoch": 3})


KINDS = {
    "plain": {},
    "shuffled": {"shuffle": True, "seed": 5},
    "of another seed each run": {"shuffle": True},
    "start times drawn anew": {"shuffle": True, "seed": 5, "shuffle_each_epoch": True},
}


def epochs(data, state, number, **options):
    """The batches of each epoch, one after the other, of a loader as a state was taken of."""
    with DataLoader(data, **options) as loader:
        loader.load_state_dict(state)
        return [[kept(b) for b in loader] for _ in range(number)]


def same_batches(found, expected):
    assert len(found) == len(expected)
    for a, b in zip(found, expected):
        same(a, b)


@pytest.mark.parametrize(
    "kind, parts",
    # start times are drawn anew by Java alone
    [(kind, parts) for kind in KINDS for parts in ("dataset", "outside") if "shuffle_each_epoch" not in KINDS[kind] or parts == "dataset"],
)
def test_iterations_at_the_same_time_are_whole_epochs(request, kind, parts):
    data = request.getfixturevalue(parts)
    options = {"batch_size": 5, "num_workers": 2, **KINDS[kind]}
    with DataLoader(data, **options) as loader:
        expected = epochs(data, loader.state_dict(), 3, **options)
        pairs = [(kept(a), kept(b)) for a, b in zip(loader, loader)]
        same_batches([a for a, _ in pairs], expected[0])
        same_batches([b for _, b in pairs], expected[1])
        same_batches([kept(b) for b in loader], expected[2])


def test_an_endless_stream_and_whole_epochs_beside_it(dataset):
    with DataLoader(dataset, batch_size=20, num_workers=2, shuffle=True, seed=1) as loader:

        def endless():
            while True:
                yield from loader

        handles = native.runtime_info()["handles"]
        stream = endless()
        count = len(loader)
        for _ in range(2 * count + 1):
            next(stream)
            assert sum(1 for _ in loader) == count
        # one more of Java's loaders served all of them
        assert native.runtime_info()["handles"] == handles + 1
        del stream
        assert sum(1 for _ in loader) == count
        assert native.runtime_info()["handles"] == handles


def test_a_state_is_of_the_iteration_that_yielded_last(dataset):
    options = dict(batch_size=20, shuffle=True, seed=1)
    with DataLoader(dataset, **options) as loader, DataLoader(dataset, **options) as other:
        training = iter(loader)
        next(training)
        validation = iter(loader)
        next(validation)
        assert (loader.state_dict()["loader"]["epoch"], loader.state_dict()["loader"]["position"]) == (1, 1)
        for _ in validation:
            pass
        state = json.loads(json.dumps(loader.state_dict()))
        assert (state["loader"]["epoch"], state["loader"]["position"]) == (0, 1)
        rest = [kept(b) for b in training]
        after = [kept(b) for b in loader]
        other.load_state_dict(state)
        assert other.state_dict() == state
        same_batches([kept(b) for b in other], rest)
        same_batches([kept(b) for b in other], after)


def test_a_state_taken_before_the_first_batch_of_a_continued_epoch(dataset):
    with DataLoader(dataset, batch_size=20) as loader:
        it = iter(loader)
        next(it), next(it)
        state = loader.state_dict()
        loader.load_state_dict(state)
        again = iter(loader)
        assert loader.state_dict() == state
        same(next(again), next(it))


def starts(batches):
    return [t for b in batches for t in array(b["timestamps"]["screen"])[:, 0].tolist()]


def test_each_pass_has_the_start_times_that_the_dataset_has_when_it_begins(recording):
    data = ChunkDataset(recording, modality_config=recordings.config(), seed=3)

    def now():
        return [array(data[i]["timestamps"]["screen"])[0].item() for i in range(len(data))]

    with DataLoader(data, batch_size=20) as loader, DataLoader(data, batch_size=20, shuffle=True) as shuffled:
        data.shuffle_valid_screen_times()
        assert loader.state_dict()["loader"]["recordings"] == shuffled.state_dict()["loader"]["recordings"]
        for _ in range(2):
            assert starts(loader) == now()
            assert sorted(starts(shuffled)) == sorted(now())
            data.shuffle_valid_screen_times()
        first, before = iter(loader), now()
        begun = [next(first)]
        data.shuffle_valid_screen_times()
        assert before != now()
        assert starts(loader) == now()
        assert starts([*begun, *first]) == before
        assert len(loader) == len(list(loader))


def test_two_threads_that_ask_one_iterator_are_told(dataset):
    with DataLoader(dataset, batch_size=1, shuffle=True, seed=1) as loader:
        asking, go_on = threading.Event(), threading.Event()

        def slow(items):
            asking.set()
            assert go_on.wait(60)
            return items

        loader.collate_fn = slow
        batches = iter(loader)
        got = []
        other = threading.Thread(target=lambda: got.append(next(batches)))
        other.start()
        assert asking.wait(60)
        with pytest.raises(RuntimeError, match="asked by another thread"):
            next(batches)
        go_on.set()
        other.join()
        assert len(got) + sum(1 for _ in batches) == len(loader)


def test_options_are_set_once(dataset):
    with DataLoader(dataset, batch_size=20) as loader:
        for name, value in (("batch_size", 3), ("shuffle", True), ("seed", 1), ("drop_last", True), ("num_workers", 2), ("dataset", None)):
            with pytest.raises(ValueError, match=f"{name} is set when a DataLoader is made"):
                setattr(loader, name, value)
        assert loader.batch_size == 20
    for name in ("sampler", "batch_sampler"):
        with pytest.raises(ValueError, match=f"{name} is set when a DataLoader is made"):
            setattr(DataLoader(dataset), name, [1])
        with pytest.raises(ValueError, match=f"{name} is set when a DataLoader is made"):
            setattr(DataLoader(dataset, **{name: [[1]]}), name, [[2]])
        with pytest.raises(AttributeError, match=f"has no {name} unless it was given one"):
            getattr(DataLoader(dataset), name)


def test_breaking_out_begins_a_new_epoch(dataset):
    with DataLoader(dataset, batch_size=3, num_workers=2) as loader:
        for b, _ in enumerate(loader):
            if b == 1:
                break
        same(next(iter(loader)), stacked(dataset, range(3)))
        assert sum(1 for _ in loader) == len(loader)


@pytest.mark.parametrize("name", ["float16", "float32", "float64"])
def test_dtype(dataset, name):
    with DataLoader(dataset, batch_size=2, dtype=np.dtype(name)) as loader:
        batch = next(iter(loader))
        for key in dataset.device_names:
            assert str(batch[key].dtype).endswith(name)
        natural = stacked(dataset, range(2))
        for key in dataset.device_names:
            np.testing.assert_allclose(
                array(batch[key]).astype(float), array(natural[key]).astype(name).astype(float), rtol=1e-3 if name == "float16" else 1e-7
            )


def test_bfloat16_in_numpys_arrays(dataset, monkeypatch):
    """A NumPy type of its own, with which one can calculate, or an error that says what to install."""
    with DataLoader(dataset, batch_size=2, dtype="bfloat16", output="numpy") as loader:
        batch = next(iter(loader))
        natural = stacked(dataset, range(2))
        for key in dataset.device_names:
            assert batch[key].dtype.name == "bfloat16" and batch[key].flags.writeable
            np.testing.assert_allclose(batch[key].astype(np.float32), array(natural[key]), rtol=2**-8)
    monkeypatch.setitem(sys.modules, "ml_dtypes", None)
    for dtype in ("bfloat16", {"responses": "bfloat16"}):
        with pytest.raises(ValueError, match="install ml_dtypes"):
            DataLoader(dataset, batch_size=2, dtype=dtype, output="numpy")


@pytest.mark.parametrize("kind", ["dataset", "outside"])
def test_numpys_arrays_whatever_is_installed(request, kind):
    data = request.getfixturevalue(kind)
    options = dict(batch_size=20, num_workers=1)
    with DataLoader(data, output="numpy", **options) as loader, DataLoader(data, **options) as default:
        for a, b in zip(loader, default, strict=True):
            assert all(type(value) is np.ndarray and value.flags.writeable for _, value in flat(a))
            same(a, b)


@pytest.mark.parametrize("kind", ["dataset", "outside"])
def test_jaxs_arrays(request, kind):
    jax = pytest.importorskip("jax")
    data = request.getfixturevalue(kind)
    options = dict(batch_size=20, num_workers=1)
    with DataLoader(data, output="jax", **options) as loader, DataLoader(data, output="numpy", **options) as plain:
        kept = []
        for a, b in zip(loader, plain, strict=True):
            a, b = dict(flat(a)), dict(flat(b))
            assert list(a) == list(b)
            for key, value in a.items():
                assert isinstance(value, jax.Array)
                assert value.dtype == (np.float32 if b[key].dtype == np.float64 else b[key].dtype)
                assert np.array_equal(np.asarray(value), b[key].astype(value.dtype), equal_nan=True), key
            kept.append((a["screen"], b["screen"].copy()))
        del a, b, value
        list(loader)
        for held, expected in kept:
            assert np.array_equal(np.asarray(held), expected)
    if kind == "dataset":
        with DataLoader(data, batch_size=4, output="jax", dtype={"screen": "bfloat16", "responses": "float16"}) as loader:
            batch = next(iter(loader))
            assert (batch["screen"].dtype.name, batch["responses"].dtype.name) == ("bfloat16", "float16")
            assert float(jax.numpy.abs(batch["screen"]).sum()) > 0


def test_what_jax_makes_of_64_bits_is_said(tmp_path):
    pytest.importorskip("jax")
    config = {"wheel": {"sampling_rate": 8, "chunk_size": 8}}

    def batch(values, start=0.0, **options):
        syncline.write(tmp_path / "r", {"wheel": {"values": values, "rate": 8.0, "start": start}}, replace=True)
        dataset = syncline.ChunkDataset(tmp_path / "r", modality_config=config, **options)
        return next(iter(DataLoader(dataset, batch_size=2, output="jax")))

    rows = np.arange(200).reshape(-1, 1)
    with pytest.raises(ValueError, match=r"found 30000000\d\d in int64, expected -2147483648 to 2147483647: JAX makes it int32"):
        batch(3_000_000_000 + rows)
    with pytest.warns(UserWarning, match="differ and become one number as float32, as 170000000.*normalize_timestamps=True"):
        batch(rows / 8, start=1.7e9, normalize_timestamps=False)
    with pytest.warns(UserWarning, match="differ and become one number as float32, as 1700000"):
        batch(1.7e9 + rows / 8)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert batch(2**31 - 300 + rows)["wheel"].dtype == np.int32
        batch(np.sin(rows / 9), start=1.7e9)
        batch(np.full((200, 1), 1.7e9))


def test_jaxs_arrays_lie_in_the_ring(dataset):
    pytest.importorskip("jax")
    with DataLoader(dataset, batch_size=4, output="jax") as loader:
        screens = [b["screen"] for b in loader]
        assert loader.statistics()["held_slots"] == len(screens)
        del screens
        for _ in loader:
            pass
        assert loader.statistics()["held_slots"] <= 1


def test_outputs_that_there_are_not(dataset, monkeypatch):
    with pytest.raises(ValueError, match="output is 'tensorflow', expected 'torch', 'numpy' or 'jax'"):
        DataLoader(dataset, output="tensorflow")
    monkeypatch.setattr("syncline._outputs.torch_installed", lambda: False)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name == "numpy" or None)
    for name in ("torch", "jax"):
        with pytest.raises(ImportError, match=f"pip install {name}"):
            DataLoader(dataset, output=name)
    with DataLoader(dataset) as loader:
        assert isinstance(next(iter(loader))["screen"], np.ndarray)


def test_dtype_by_device(dataset):
    with DataLoader(dataset, batch_size=2, dtype={"screen": "uint8", "responses": "float16"}) as loader:
        batch = next(iter(loader))
        assert str(batch["screen"].dtype).endswith("uint8")
        assert str(batch["responses"].dtype).endswith("float16")
        pixels = array(stacked(dataset, range(2))["screen"]) * 60 + 110
        np.testing.assert_allclose(array(batch["screen"]), pixels, atol=0.51)
    with pytest.raises(ValueError):
        DataLoader(dataset, dtype={"smell": "uint8"})


def test_no_copies(dataset):
    """The tensors lie where the library wrote them."""
    handle = native.loader_open([dataset._handle], {"batch_size": 4})
    _, tensors = BatchStream(handle).next()
    for tensor in tensors:
        assert tensor.address == tensor.numpy().__array_interface__["data"][0]
        assert tensor.address % 64 == 0
    buffers = {}
    native.set_memory_hook(lambda address, size, made: buffers.update({address: size}) if made else buffers.pop(address, None))
    try:
        with DataLoader(dataset, batch_size=4, num_workers=2) as loader:
            batches = list(loader)
            for batch in batches:
                total = sum(array(value).nbytes for _, value in flat(batch))
                for key, value in flat(batch):
                    at = array(value).__array_interface__["data"][0]
                    assert at % 64 == 0
                    shared = any(a <= at < a + n for a, n in buffers.items())
                    # what is small beside its batch is kept apart from it
                    assert shared == (array(value).nbytes > total // 16), key
            assert len({array(b["screen"]).__array_interface__["data"][0] for b in batches}) == len(batches)
    finally:
        native.set_memory_hook(None)


def test_small_entries_that_are_kept_keep_no_batch(dataset):
    options = dict(batch_size=4, num_workers=1, prefetch_factor=2)
    with DataLoader(dataset, **options) as loader, DataLoader(dataset, **options) as other:
        small = [b["responses"] for b in loader]
        times = [b["timestamps"]["treadmill"] for b in loader]
        assert loader.statistics()["held_slots"] == 0
        assert loader.statistics()["slots"] <= 6
        for expected, responses, treadmill in zip(other, small, times, strict=True):
            assert np.array_equal(array(expected["responses"]), array(responses), equal_nan=True)
            assert np.array_equal(array(expected["timestamps"]["treadmill"]), array(treadmill))
        large = [b["screen"] for b in loader]
        assert loader.statistics()["held_slots"] == len(large) == len(loader)
    # they outlive loader and ring, and are the program's to write
    before = array(small[0]).copy()
    array(small[1])[:] = 0
    del large
    assert np.array_equal(array(small[0]), before, equal_nan=True)


def test_memory_that_kept_batches_took_comes_back(dataset):
    with DataLoader(dataset, batch_size=1, prefetch_factor=2) as loader:
        batches = list(loader)
        assert loader.statistics()["slots"] >= len(batches)
        del batches
        for _ in zip(range(40), loader):
            pass
        assert loader.statistics()["slots"] <= 5


def test_a_ring_that_has_grown_far_says_so_once(tmp_path):
    # 400 x 600 pixels as float64, seconds of them: 58 MB a batch, of which memory is taken where they are written only
    root = recordings.make(tmp_path / "large")
    config = recordings.config(screen={"interpolation": {"rescale": True, "rescale_size": [400, 600]}})
    data = ChunkDataset(root, modality_config=config)
    with DataLoader(data, batch_size=1, prefetch_factor=1, dtype={"screen": "float64"}) as loader, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        batches = [b for _, b in zip(range(40), loader)]
    said = [w for w in caught if "kept" in str(w.message)]
    assert len(said) == 1 and "set max_batches" in str(said[0].message) and said[0].filename == __file__
    del batches


def test_small_entries_of_batches_without_room_for_them(dataset):
    """Tensors beside each other of one size are not small, however few bytes they have."""
    with DataLoader(dataset, batch_size=4, out_keys=["responses"]) as loader:
        kept = [b["responses"] for b in loader]
        assert loader.statistics()["held_slots"] == len(kept)


def test_kept_batches_stay_as_they_are(dataset):
    with DataLoader(dataset, batch_size=2, num_workers=2) as loader:
        batches = list(loader)
        copies = [kept(b) for b in batches]
        for _ in loader:
            pass
        for a, b in zip(batches, copies):
            same(a, b)
    gc.collect()
    for a, b in zip(batches, copies):
        same(a, b)
    array(batches[0]["responses"])[:] = 1.0  # writable


def test_parts_in_python(dataset, outside):
    for workers in (0, 2):
        with DataLoader(dataset, batch_size=3) as fast, DataLoader(outside, batch_size=3, num_workers=workers) as slow:
            assert len(fast) == len(slow)
            for a, b in zip(fast, slow, strict=True):
                same(a, b)
    with pytest.raises(ValueError, match="dtype"):
        DataLoader(outside, dtype="float16")


def test_pin_memory_without_cuda_warns_once(dataset, monkeypatch):
    monkeypatch.setattr(native, "cuda_available", lambda: False)
    with pytest.warns(UserWarning, match="pin_memory") as caught:
        loader = DataLoader(dataset, batch_size=2, pin_memory=True)
    assert len(caught) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        list(loader)
    loader.close()


@pytest.mark.parametrize("bad", [{"batch_size": 0}, {"batch_size": -1}, {"num_workers": -1}, {"prefetch_factor": 0}, {"dtype": "complex64"}, {"lookahead": -1}])
def test_bad_arguments(dataset, bad):
    with pytest.raises((ValueError, TypeError)):
        DataLoader(dataset, **bad)


@pytest.mark.parametrize("name", ["batch_size", "num_workers", "prefetch_factor", "seed", "rank", "world_size", "lookahead"])
@pytest.mark.parametrize("value", [1.5, "2", float("nan")])
def test_numbers_with_a_fraction_are_refused(dataset, name, value):
    with pytest.raises(ValueError, match=name):
        DataLoader(dataset, **{name: value})


def test_unknown_keywords_are_refused_by_name(dataset):
    with pytest.raises(TypeError, match="'batchsize'; did you mean 'batch_size'"):
        DataLoader(dataset, batchsize=3)
    for name, instead in {
        "generator": "give seed= here",
        "worker_init_fn": "no processes, leave it out",
        "in_order": "leave it out",
    }.items():
        with pytest.raises(TypeError, match=f"'{name}', which torch.utils.data.DataLoader has: .*{instead}"):
            DataLoader(dataset, **{name: identity})
    with pytest.raises(TypeError, match="expected a ChunkDataset"):
        DataLoader([1, 2, 3])


def test_lookahead_changes_no_batch(dataset):
    with DataLoader(dataset, 3, shuffle=True, seed=1, lookahead=1 << 20) as ahead:
        with DataLoader(dataset, 3, shuffle=True, seed=1) as plain:
            for a, b in zip(ahead, plain, strict=True):
                same(a, b)


def test_options_that_java_takes(dataset, outside):
    with DataLoader(dataset, 3, out_keys=["responses"], nice=1, remainder="drop", readahead=1 << 20, max_batches=4) as loader:
        for batch in loader:
            assert list(batch) == ["responses"]
    for option in ({"out_keys": ["responses"]}, {"shuffle_each_epoch": True}):
        with pytest.raises(ValueError, match="parts in Python"):
            DataLoader(outside, **option)


def test_states_of_another_version_are_refused(dataset):
    with DataLoader(dataset) as loader:
        state = loader.state_dict()
        for wrong, found in (({**state, "version": 2}, "version 2"), ({}, "keys"), (None, "NoneType")):
            with pytest.raises(ValueError, match=found):
                loader.load_state_dict(wrong)


def test_items_are_asked_for_by_whole_numbers(dataset):
    same(dataset[np.int64(1)], dataset[1])
    for wrong in (1.0, "1", None, slice(0, 2)):
        with pytest.raises(TypeError):
            dataset[wrong]


def test_used_after_close(dataset):
    loader = DataLoader(dataset)
    batches = iter(loader)
    next(batches)
    loader.close()
    dataset.close()
    for use in (lambda: next(batches), loader.state_dict, lambda: dataset[0], lambda: len(dataset)):
        with pytest.raises(ValueError, match="closed"):
            use()
        with pytest.raises(ValueError, match="used after close"):
            use()


def test_threads_iterate_different_loaders(dataset):
    expected = [kept(b) for b in DataLoader(dataset, batch_size=3)]
    failures = []

    def work():
        try:
            with DataLoader(dataset, batch_size=3, num_workers=1) as loader:
                for _ in range(3):
                    for a, b in zip(loader, expected, strict=True):
                        same(a, b)
        except BaseException as e:  # noqa: BLE001
            failures.append(e)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not failures, failures[0]


def test_errors_come_at_their_batch(recording):
    config = recordings.config(responses={"offset": 3.0})
    with pytest.warns(UserWarning, match="reach past"):
        d = ChunkDataset(recording, modality_config=config)
    with DataLoader(d, batch_size=1, num_workers=2) as loader, pytest.raises(ValueError, match="responses"):
        for count, _ in enumerate(loader):
            assert count < len(d)


def test_close(dataset):
    loader = DataLoader(dataset, batch_size=2)
    it = iter(loader)
    batch = next(it)
    loader.close()
    loader.close()
    array(batch["screen"]).sum()
    with pytest.raises(ValueError):
        next(it)
    with pytest.raises(TypeError):
        pickle.dumps(loader)


def test_statistics(dataset):
    with DataLoader(dataset, batch_size=2) as loader:
        list(loader)
        assert "summary" in loader.statistics()


# ---- processes ----

PRELUDE = """
import sys, os, json, time
sys.path[:0] = {path!r}
import recordings
from syncline import DataLoader
from syncline.datasets import ChunkDataset
root = {root!r}
def dataset():
    return ChunkDataset(root, modality_config=recordings.config())
"""


def python(root, code, timeout=600, **more):
    prelude = PRELUDE.format(path=[p for p in sys.path if p], root=str(root))
    text = prelude + textwrap.dedent(code)
    return subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=timeout, **more)


def test_state_in_a_new_process(recording, dataset):
    options = dict(batch_size=3, shuffle=True, seed=5, num_workers=2)
    with DataLoader(dataset, **options) as loader:
        it = iter(loader)
        for _ in range(3):
            next(it)
        state = loader.state_dict()
        rest = [array(b["responses"]).sum(dtype=float).item() for b in it]
    run = python(
        recording,
        f"""
        state = json.loads({json.dumps(json.dumps(state))})
        with DataLoader(dataset(), batch_size=3, shuffle=True, seed=5) as loader:
            loader.load_state_dict(state)
            import numpy
            print(json.dumps([numpy.asarray(b["responses"]).sum(dtype=float).item() for b in loader]))
        """,
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == rest


def test_ctrl_c(recording):
    run = python(
        recording,
        """
        import signal, threading
        loader = DataLoader(dataset(), batch_size=2, num_workers=2)
        next(iter(loader))
        def interrupt():
            time.sleep(1)
            os.kill(os.getpid(), signal.SIGINT)
        threading.Thread(target=interrupt, daemon=True).start()
        count = 0
        try:
            while True:
                for batch in loader:
                    count += 1
        except KeyboardInterrupt:
            # the loader goes on
            assert sum(1 for _ in loader) == len(loader)
            print("interrupted", count > 0)
        """,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == ["interrupted", "True"]


@pytest.mark.parametrize("when", ["before", "after"])
def test_faulthandler(recording, when):
    enable = "import faulthandler; faulthandler.enable()"
    run = python(
        recording,
        f"""
        if {when!r} == "before":
            {enable}
        d = dataset()
        d[0]
        if {when!r} == "after":
            {enable}
        for _ in range(3):
            with DataLoader(d, batch_size=2, num_workers=2) as loader:
                total = sum(float(b["responses"].sum()) for b in loader)
        print("fine")
        """,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == "fine" and "Fatal" not in run.stderr


def test_exit_with_live_tensors(recording):
    run = python(
        recording,
        """
        d = dataset()
        loader = DataLoader(d, batch_size=2, num_workers=2)
        it = iter(loader)
        batches = [next(it), next(it)]
        item = d[0]
        class Late:
            def __del__(self):
                batches, item
        late = Late()
        print("fine")
        """,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == "fine" and run.stderr.strip() == ""


def test_forked_child_is_refused(recording):
    run = python(
        recording,
        """
        d = dataset()
        loader = DataLoader(d, batch_size=2, num_workers=1)
        next(iter(loader))
        for what in (lambda: d[0], dataset, lambda: next(iter(loader)), lambda: DataLoader(d)):
            pid = os.fork()
            if pid == 0:
                code = 3
                try:
                    what()
                except RuntimeError as e:
                    code = 0 if "spawn" in str(e) else 4
                except BaseException as e:
                    print(type(e), e, flush=True)
                os._exit(code)
            assert os.waitpid(pid, 0)[1] == 0, what
        print("refused", float(d[0]["responses"].sum()) == float(d[0]["responses"].sum()))
        """,
        timeout=600,
    )
    assert run.returncode == 0, run.stderr + run.stdout
    assert run.stdout.split() == ["refused", "True"]


# ---- several recordings ----


def sessions(tmp_path, *seeds):
    return [recordings.make(tmp_path / f"s{seed}", seed=seed, key=f"s{seed}") for seed in seeds]


def configuration(**loader):
    return {
        "dataset": {"modality_config": recordings.config()},
        "dataloader": {"batch_size": 4, "shuffle": True, "num_workers": 1, "drop_last": True, "prefetch_factor": 2, **loader},
    }


def test_multi_epochs(dataset):
    loader = MultiEpochsDataLoader(dataset, batch_size=3, shuffle=False, num_workers=2, drop_last=True)
    assert len(loader) == len(dataset) // 3
    for _ in range(2):
        batches = list(loader)
        assert len(batches) == len(loader)
        same(batches[0], stacked(dataset, range(3)))


def test_multi_epochs_shuffling_each_epoch(recording):
    d = ChunkDataset(recording, modality_config=recordings.config(), seed=4)
    loader = MultiEpochsDataLoader(d, batch_size=3, shuffle_each_epoch=True, num_workers=2)
    times = []
    for _ in range(3):
        total = 0
        for b in loader:
            total += len(b["responses"])
        assert total == len(d)
        times.append(d._valid_screen_times.copy())
    assert not np.array_equal(times[0], times[1]) and not np.array_equal(times[1], times[2])
    first = next(iter(loader))
    same(first, stacked(d, range(3)))


def test_multi_epochs_made_anew_shuffle_on(recording):
    # with a stride of 1 what is drawn anew are the same start times: the order is all that can differ
    dataset = ChunkDataset(recording, modality_config=recordings.config(screen={"sample_stride": 1}))

    def order(**options):
        loader = MultiEpochsDataLoader(dataset, batch_size=3, shuffle=True, seed=5, num_workers=1, **options)
        return [[array(b["timestamps"]["screen"])[:, 0].tolist() for b in loader] for _ in range(3)]

    epochs = order(shuffle_each_epoch=True)
    assert epochs[0] != epochs[1] and epochs[1] != epochs[2]
    assert epochs == order()


def test_multi_epochs_warn_once_of_memory_that_is_not_pinned(dataset, monkeypatch):
    monkeypatch.setattr(native, "cuda_available", lambda: False)
    loader = MultiEpochsDataLoader(dataset, batch_size=3, shuffle_each_epoch=True, pin_memory=True)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for _ in range(3):
            next(iter(loader))
    assert ["pin_memory" in str(w.message) for w in caught] == [True]


def test_keys_of_a_loader_that_nobody_knows_are_warned_of(dataset):
    from syncline.configs import DEFAULT_DATALOADER_CONFIG
    from syncline.utils import FastSessionDataLoader, SessionConcatDataset

    parameters = inspect.signature(MultiEpochsDataLoader).parameters
    assert parameters["shuffle_each_epoch"].default is False
    for make in (
        lambda **options: MultiEpochsDataLoader(dataset, **options),
        lambda **options: FastSessionDataLoader(SessionConcatDataset([dataset]), **options),
    ):
        with pytest.warns(UserWarning, match="batch_sizes is not known and changes nothing; did you mean 'batch_size'"):
            make(batch_sizes=4)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            make(**{**DEFAULT_DATALOADER_CONFIG, "pin_memory": False}, persistent_workers=False, timeout=0)


def test_long_cycler_over_recordings(tmp_path):
    from syncline.dataloaders import get_multisession_dataloader
    from syncline.utils import LongCycler

    paths = sessions(tmp_path, 0, 1)
    joined = get_multisession_dataloader(paths, configuration(), seed=3)
    assert isinstance(joined, LongCycler) and list(joined.loaders) == ["s0", "s1"]
    for _ in range(2):
        batches = list(joined)
        assert [k for k, _ in batches[:4]] == ["s0", "s1", "s0", "s1"]
        assert len(batches) == len(joined) == 2 * max(len(v) for v in joined.loaders.values())
        assert all(b["responses"].shape[0] == 4 for _, b in batches)
    by_config = get_multisession_dataloader(paths, config=configuration(batch_size=2), num_workers=0)
    assert next(iter(by_config))[1]["screen"].shape[0] == 2
    with pytest.raises(ValueError, match="s0"):
        get_multisession_dataloader([paths[0], paths[0]], configuration())
    with pytest.raises(Exception, match="nothing"):
        get_multisession_dataloader([paths[0], tmp_path / "nothing"], configuration())


@pytest.mark.parametrize("workers", [0, 2])
def test_fast_loader_over_recordings(tmp_path, workers):
    from syncline.dataloaders import get_multisession_concat_dataloader
    from syncline.utils import FastSessionDataLoader

    paths = sessions(tmp_path, 0, 1, 2)
    config = configuration()
    before = json.dumps(config)

    def make():
        return get_multisession_concat_dataloader(paths, config, seed=11, num_workers=workers)

    loader = make()
    assert json.dumps(config) == before
    assert isinstance(loader, FastSessionDataLoader)
    assert loader.session_names == ["s0", "s1", "s2"]
    epoch = [(k, kept(b)) for k, b in loader]
    assert len(epoch) == len(loader)
    joined = loader.dataset
    counts = {d.data_key: len(d) // 4 for d in joined.datasets}
    assert {k: sum(1 for key, _ in epoch if key == k) for k in counts} == counts
    it = iter(loader)
    for _ in range(5):
        next(it)
    state = pickle.loads(pickle.dumps(loader.get_state()))
    assert set(state) == {
        "settings",
        "seed",
        "world_size",
        "recordings",
        "current_batch",
        "epoch",
        "session_positions",
        "batches_from_session",
        "active_sessions",
        "batch_sampler_state",
        "session_sampler_states",
    }
    assert state["current_batch"] == 5 and state["epoch"] == 1
    rest = [(k, kept(b)) for k, b in it]
    after = [(k, kept(b)) for k, b in loader]
    other = make()
    other.set_state(state)
    for found, expected in ((list(other), rest), (list(other), after)):
        assert len(found) == len(expected)
        for (k, a), (m, b) in zip(found, expected):
            assert k == m
            same(a, b)


def test_seeds_of_sessions(tmp_path):
    import hashlib

    from syncline.dataloaders import get_multisession_concat_dataloader

    loader = get_multisession_concat_dataloader(sessions(tmp_path, 0, 1), configuration(), seed=5)
    for d in loader.dataset.datasets:
        assert d.seed == 5 + int.from_bytes(hashlib.sha256(d.data_key.encode()).digest()[:4], "big") % 10000
    loader = get_multisession_concat_dataloader(sessions(tmp_path / "x", 0), configuration(), seed=None)
    assert loader.dataset.datasets[0].seed is None


def test_engines_that_would_put_a_sampler_in_are_told_of_the_share(dataset):
    with DataLoader(dataset, batch_size=4) as loader:
        assert not hasattr(loader, "sampler") and not hasattr(loader, "batch_sampler")
        with pytest.raises(AttributeError, match="its share by itself.*Leave out.*prepare_data_loader.*skip_first_batches"):
            loader.sampler
        with pytest.raises(AttributeError, match="'DataLoader' object has no attribute 'samplers'"):
            loader.samplers


def test_damaged_files_cost_their_chunks_alone(tmp_path):
    root = recordings.make(tmp_path / "rec", seed=3)
    files = sorted((root / "screen" / "data").iterdir())
    files[1].write_bytes(files[1].read_bytes()[:200])
    data = ChunkDataset(root, modality_config=recordings.config())
    good = []
    for i in range(len(data)):
        try:
            data[i]
        except Exception as e:
            assert files[1].name in str(e)
        else:
            good.append(i)
    assert 4 < len(good) < len(data) - 4
    failed = 0
    with DataLoader(data, batch_size=2) as loader:
        batches = iter(loader)
        for b in range(len(loader)):
            try:
                next(batches)
            except StopIteration:
                pytest.fail("the epoch ended early")
            except Exception as e:
                failed += 1
                assert files[1].name in str(e) and "chunk" in str(e)
                assert not {2 * b, 2 * b + 1} <= set(good)
    assert failed == len({i // 2 for i in set(range(len(data))) - set(good)})
    with pytest.warns(UserWarning, match=f"{len(data) - len(good)} chunks are left out: .*{files[1].name}"):
        loader = DataLoader(data, batch_size=2, on_error="skip")
    with loader:
        assert len(loader) == (len(good) + 1) // 2
        found = [kept(b) for b in loader]
        assert loader.statistics()["left_out_chunks"] == len(data) - len(good)
    same_batches(found, [stacked(data, good[i : i + 2]) for i in range(0, len(good), 2)])
    with pytest.raises(ValueError, match="on_error is 'skip'"):
        DataLoader(data, batch_size=2, sampler=range(4), on_error="skip")
    with pytest.raises(ValueError, match="on_error.*'error'.*'skip'|on_error"):
        DataLoader(data, batch_size=2, on_error="skp")


def test_daemon_threads_end_without_a_word(recording):
    """They are under way in a batch when the process ends."""
    code = """
import threading, time
shared = dataset()
reached = threading.Event()
def forever():
    loader = DataLoader(shared, batch_size=2)
    while True:
        for batch in loader:
            reached.set()
for _ in range(3):
    threading.Thread(target=forever, daemon=True).start()
assert reached.wait(60)
print("end")
"""
    for _ in range(3):
        result = python(recording, code)
        assert result.returncode == 0 and result.stdout == "end\n", result.stdout + result.stderr
        assert "Traceback" not in result.stderr and "Error" not in result.stderr, result.stderr


def test_seeds_of_many_recordings_take_effect_or_say_why_not(tmp_path):
    from syncline.dataloaders import get_multisession_concat_dataloader, get_multisession_dataloader

    paths = sessions(tmp_path, 0, 1)
    shuffled = {**configuration(), "dataloader": {"batch_size": 8, "shuffle": True}}

    def order(loader):
        return [(key, np.asarray(batch["timestamps"]["responses"])[:, 0].tolist()) for key, batch in loader]

    def seeded(section, seed):
        return {**shuffled, section: {**shuffled[section], "seed": seed}}

    long, fast = get_multisession_dataloader, get_multisession_concat_dataloader
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        first = order(long(paths, shuffled, seed=1))
        assert first == order(long(paths, shuffled, seed=1)) != order(long(paths, shuffled, seed=2))
        halves = [order(long(paths, shuffled, seed=1, rank=rank, world_size=2)) for rank in (0, 1)]
        assert {str(b) for half in halves for b in half} == {str(b) for b in first}
        assert order(fast(paths, seeded("dataloader", 7), seed=None)) == order(fast(paths, shuffled, seed=7))
        assert order(fast(paths, [seeded("dataloader", 7)] * 2, seed=7)) == order(fast(paths, shuffled, seed=7))
    for section in ("dataset", "dataloader"):
        with pytest.warns(UserWarning, match=f"get_multisession_concat_dataloader: {section}.seed is 42 in the .* beside seed=0: give seed=42"):
            fast(paths, seeded(section, 42))
    with pytest.warns(UserWarning, match="get_multisession_dataloader: dataset.seed is 42 .* beside seed=1"):
        long(paths, seeded("dataset", 42), seed=1)
    other = {**shuffled, "dataloader": {"batch_size": 2}}
    with pytest.warns(UserWarning, match=r"configs\[1\] has another dataloader section .*'batch_size': 2.* than configs\[0\] .*'batch_size': 8"):
        fast(paths, [shuffled, other])


def test_states_of_many_recordings_are_plain(tmp_path):
    from syncline.dataloaders import get_multisession_concat_dataloader

    paths = sessions(tmp_path, 0, 1)
    loader = get_multisession_concat_dataloader(paths, configuration(), seed=5)
    batches = iter(loader)
    next(batches)
    state = loader.state_dict()
    assert json.loads(json.dumps(state)) == state
    rest = [(key, np.asarray(batch["responses"]).tobytes()) for key, batch in batches]
    other = get_multisession_concat_dataloader(paths, configuration(), seed=5)
    other.load_state_dict(state)
    assert [(key, np.asarray(batch["responses"]).tobytes()) for key, batch in other] == rest
