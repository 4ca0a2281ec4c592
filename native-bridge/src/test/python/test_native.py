# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""The transport between Python and libsyncline: errors, tensors, threads, signals, processes."""

from __future__ import annotations

import ctypes
import gc
import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
import warnings
from pathlib import Path

import numpy as np
import pytest

SOURCES = Path(__file__).resolve().parents[2] / "main" / "python"
if str(SOURCES) not in sys.path:
    sys.path.insert(0, str(SOURCES))

from syncline import errors  # noqa: E402
from syncline._native import functions as native  # noqa: E402
from syncline._native import abi, library  # noqa: E402
from syncline._native import warnings as java_warnings  # noqa: E402
from syncline._native.batches import BatchStream  # noqa: E402
from syncline._native.tensors import capsule_pointer  # noqa: E402


def write_sequence(folder: Path, name: str, rate: float, columns: int, seconds: float, dtype: str = "float32") -> None:
    device = folder / name
    device.mkdir(parents=True)
    rows = int(rate * seconds) + 1
    data = np.arange(rows * columns, dtype=dtype).reshape(rows, columns)
    np.save(device / "data.npy", data)
    (device / "meta.yml").write_text(
        f"modality: sequence\nsampling_rate: {rate}\nstart_time: 0.0\nend_time: {seconds}\nn_signals: {columns}\n"
    )


CONFIG = {
    "lead_device": "treadmill",
    "seed": 7,
    "time_grid": "exact",
    "modality_config": {
        "treadmill": {"sampling_rate": 50, "chunk_size": 5},
        "responses": {"sampling_rate": 10, "chunk_size": 3},
    },
}


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("recording")
    write_sequence(root, "treadmill", 50, 1, 20, "float64")
    write_sequence(root, "responses", 10, 4, 20)
    return root


@pytest.fixture()
def dataset(recording: Path):
    handle = native.dataset_open(recording, CONFIG)
    yield handle
    handle.close()


def test_fingerprint_may_be_left_out_of_info(recording):
    with_it = native.dataset_open(recording, CONFIG)
    without = native.dataset_open(recording, CONFIG, {"fingerprint": False})
    info = native.dataset_info(with_it)
    fingerprint = info.pop("fingerprint")
    assert len(fingerprint) == 64 and native.dataset_info(without) == info
    assert native.dataset_state(without)["fingerprint"] == fingerprint


def run(code: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
    preamble = f"import sys; sys.path.insert(0, {str(SOURCES)!r})\n"
    return subprocess.run(
        [sys.executable, "-c", preamble + textwrap.dedent(code), *arguments],
        capture_output=True,
        text=True,
        timeout=600,
        env={**os.environ, **environment},
    )


OPEN = """
import json, os
from syncline import errors
from syncline._native import functions as native, library
from syncline._native.batches import BatchStream
root, config = sys.argv[1], json.loads(sys.argv[2])
dataset = native.dataset_open(root, config)
"""


# ---- errors ----------------------------------------------------------------------------------------------------------


def test_errors_are_pythons_own_kinds(dataset, tmp_path):
    with pytest.raises(FileNotFoundError) as missing:
        native.dataset_open(tmp_path / "none", CONFIG)
    assert isinstance(missing.value, errors.RecordingError)
    assert "none" in str(missing.value)
    with pytest.raises(ValueError, match="modality_config"):
        native.dataset_open(tmp_path, {"modality_confg": {}})
    with pytest.raises(IndexError, match="99999"):
        native.dataset_item(dataset, 99999)
    with pytest.raises(IndexError):
        native.dataset_item(dataset, -1)
    with pytest.raises(KeyError) as unknown:
        native.dataset_chunk_times(dataset, "camera", 1.0)
    assert str(unknown.value).startswith("unknown device 'camera'")
    with pytest.raises(ValueError):
        native.dataset_restore(dataset, {"rng_state": None})


def test_what_may_not_be_read_is_not_called_missing(recording, tmp_path):
    """In a process that may not read everything, as root may."""
    root = tmp_path / "recording"
    shutil.copytree(recording, root)
    code = """
import ctypes, json, os, sys
from syncline import errors
from syncline._native import functions as native
if os.geteuid() == 0:  # without the capabilities to pass over permissions
    header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    assert ctypes.CDLL(None).capset(header, data) == 0
root, config = sys.argv[1], json.loads(sys.argv[2])
device = os.path.join(root, "treadmill")
for closed in (root, device, os.path.join(device, "meta.yml")):
    mode = os.stat(closed).st_mode
    os.chmod(closed, 0)
    for call in (lambda: native.dataset_open(root, config), lambda: native.document_read(os.path.join(device, "meta.yml"))):
        try:
            call()
            sys.exit(f"{closed} was read")
        except PermissionError as e:
            assert isinstance(e, errors.RecordingError) and not isinstance(e, FileNotFoundError), repr(e)
            assert "found no permission to read it" in str(e), e
            assert closed == root or "treadmill" in str(e), e
    os.chmod(closed, mode)
"""
    result = run(code, str(root), json.dumps(CONFIG), SYNCLINE_CACHE="off")
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_closed_handle_is_refused_and_its_tensors_live(recording):
    handle = native.dataset_open(recording, CONFIG)
    _, tensors = native.dataset_item(handle, 0)
    arrays = [t.numpy() for t in tensors]
    value = handle.value
    before = [a.copy() for a in arrays]
    handle.close()
    handle.close()
    with pytest.raises(errors.ClosedError):
        library.call("dataset_shuffle", value)
    del tensors
    gc.collect()
    for a, b in zip(arrays, before):
        np.testing.assert_array_equal(a, b)


def test_unknown_modes_are_not_implemented(recording):
    handle = native.interpolator_open(recording / "responses", {"interpolation_mode": "cubic"})
    with pytest.raises(NotImplementedError, match="cubic"):
        native.interpolator_interpolate(handle, [1.0, 2.0])
    values, valid = native.interpolator_interpolate(handle, [1.0, 2.05, 99.0], mode="linear")
    np.testing.assert_allclose(values.numpy()[:, 0], [40.0, 82.0])
    np.testing.assert_array_equal(valid.numpy(), [0, 1])


def test_unknown_keys_are_refused_with_the_nearest(recording):
    """C's functions have nobody to warn; keys that datasets alone have are ignored, as the original does."""
    native.interpolator_open(recording / "responses", {"sampling_rate": 8, "offset": 0.1, "keep_nans": True}).close()
    nested = native.interpolator_open(recording / "responses", {"offset": 0.1, "interpolation": {"interpolation_mode": "linear"}})
    assert native.interpolator_info(nested)["interpolation_mode"] == "linear"
    both = {"keep_nans": False, "interpolation_mode": "linear", "interpolation": {"interpolation_mode": "linear", "keep_nans": True}}
    native.interpolator_open(recording / "responses", both).close()
    with pytest.raises(errors.ConfigError, match="interpolation.interpolation_mode: found .*linear.*, expected nearest, as"):
        native.interpolator_open(recording / "responses", {**both, "interpolation_mode": "nearest"})
    with pytest.raises(errors.ConfigError, match="interpolation: found .*linear.*, expected a map"):
        native.interpolator_open(recording / "responses", {"interpolation": "linear"})
    with pytest.raises(errors.ConfigError, match="interpolaton_mode"):
        native.interpolator_open(recording / "responses", {"interpolation": {"interpolaton_mode": "linear"}})
    with pytest.raises(errors.ConfigError, match="interpolaton_mode: unknown key; did you mean 'interpolation_mode'"):
        native.interpolator_open(recording / "responses", {"interpolaton_mode": "linear"})
    with pytest.raises(errors.ConfigError, match="interpolaton: unknown key; did you mean 'interpolation'"):
        native.experiment_open(recording, {"responses": {"interpolaton": {}}})


def test_files_that_never_end_are_not_read(recording, tmp_path):
    root = tmp_path / "recording"
    shutil.copytree(recording, root)
    meta = root / "treadmill" / "meta.yml"
    for make in (os.mkfifo, lambda path: os.symlink("/dev/zero", path)):
        meta.unlink()
        make(meta)
        with pytest.raises(errors.RecordingError, match="meta.yml.*is a FIFO, a socket or a device"):
            native.dataset_open(root, CONFIG)


def test_control_characters_of_files_stay_out_of_messages(recording, tmp_path):
    root = tmp_path / "recording"
    shutil.copytree(recording, root)
    (root / "treadmill" / "meta.yml").write_text('modality: "\\e]0;' + "y" * 50_000 + '"\n')
    with pytest.raises(errors.RecordingError) as e:
        native.dataset_open(root, CONFIG)
    assert "\x1b" not in str(e.value) and "\\u001b" in str(e.value) and len(str(e.value)) < 3000


def test_warnings_come_to_python_and_not_to_stderr(recording):
    seen: list[dict] = []
    before, java_warnings.hook = java_warnings.hook, seen.extend
    try:
        config = {**CONFIG, "modality_config": {**CONFIG["modality_config"], "ghost": {"sampling_rate": 1, "chunk_size": 1}}}
        native.dataset_open(recording, config).close()
    finally:
        java_warnings.hook = before
    assert any("ghost" in record["message"] and record["level"] == "WARNING" for record in seen)
    result = run(OPEN, str(recording), json.dumps(CONFIG))
    assert result.returncode == 0 and result.stderr == "" and result.stdout == ""


def test_lenient_opening_reports_unknown_keys(recording):
    seen: list[dict] = []
    before, java_warnings.hook = java_warnings.hook, seen.extend
    try:
        native.dataset_open(recording, {**CONFIG, "no_such_key": 1}, {"lenient": True}).close()
    finally:
        java_warnings.hook = before
    assert any("no_such_key" in record["message"] for record in seen)


# ---- errors ----------------------------------------------------------------------------------------------------------


def test_every_status_has_an_exception_and_every_exception_a_status():
    from syncline import errors
    from syncline._native.library import _EXCEPTIONS

    statuses = {name: value for name, value in vars(abi).items() if name.startswith("E_")}
    # a fault of the library is the base itself; a call with too little room is this package's own fault
    assert set(statuses.values()) - set(_EXCEPTIONS) == {abi.E_INTERNAL, abi.E_CAPACITY}
    assert set(_EXCEPTIONS) <= set(statuses.values())
    classes = {getattr(errors, name) for name in errors.__all__}
    assert classes - set(_EXCEPTIONS.values()) == {errors.SynclineError, errors.UnknownDeviceError}


def test_unknown_flags_of_an_experiment_are_refused(recording):
    from syncline._native.library import call

    with pytest.raises(ValueError, match="flags is 2, expected 0 or SYNCLINE_CACHE, 1"):
        call("experiment_open", str(recording).encode(), None, 2, ctypes.byref(ctypes.c_uint64()))


# ---- tensors ---------------------------------------------------------------------------------------------------------


def test_numpy_shares_memory_and_may_write(dataset):
    _, (treadmill, responses, *_) = native.dataset_item(dataset, 3)
    a = responses.numpy()
    assert a.ctypes.data == responses.address and a.flags.writeable and a.flags.c_contiguous
    assert responses.address % 64 == 0 and treadmill.address % 64 == 0
    a[0, 0] = -5
    assert responses.numpy()[0, 0] == -5
    assert a.dtype == np.float32 and a.shape == (3, 4)


def test_dlpack_capsules_are_named_by_version(dataset):
    _, (tensor, *_) = native.dataset_item(dataset, 0)
    assert '"dltensor_versioned"' in repr(tensor.__dlpack__(max_version=(1, 1)))
    assert '"dltensor"' in repr(tensor.__dlpack__())
    assert '"dltensor"' in repr(tensor.__dlpack__(max_version=(0, 8)))
    assert tensor.__dlpack_device__() == (1, 0)
    assert '"dltensor"' in repr(tensor.__dlpack__(copy=True))
    assert '"dltensor_versioned"' in repr(tensor.__dlpack__(copy=True, max_version=(1, 0)))


def test_dlpack_has_the_rules_of_memory_without_streams(dataset):
    _, (tensor, *_) = native.dataset_item(dataset, 0)
    # -1: the consumer's "do not synchronise", 1 and 2: default streams of CUDA
    for stream in (-1, 0, 1, 2, 7):
        with pytest.raises(BufferError, match=f"stream is {stream}: memory of the CPU has no streams"):
            tensor.__dlpack__(stream=stream)
    for device in ((2, 0), (3, 0), (1, 1)):
        with pytest.raises(BufferError, match="the memory is the CPU's"):
            tensor.__dlpack__(dl_device=device)
    tensor.__dlpack__(stream=None, dl_device=(1, 0), copy=False, max_version=(1, 1))


@pytest.mark.parametrize("types", [{}, {"responses": "bfloat16"}, {"responses": "float16"}])
def test_dlpack_copies_lie_apart_and_say_so(recording, types):
    _, tensors = native.dataset_item(native.dataset_open(recording, CONFIG, {"types": types}), 0)
    for tensor in tensors:
        capsule = tensor.__dlpack__(copy=True, max_version=(1, 0))
        managed = abi.DLManagedTensorVersioned.from_address(capsule_pointer(capsule, b"dltensor_versioned"))
        assert managed.flags == 2, "DLPACK_FLAG_BITMASK_IS_COPIED"
        assert tuple(managed.dl_tensor.shape[: managed.dl_tensor.ndim]) == tensor.shape
        size = int(np.prod(tensor.shape)) * managed.dl_tensor.dtype.bits // 8
        before = ctypes.string_at(tensor.address, size)
        assert managed.dl_tensor.data % 64 == 0 and managed.dl_tensor.data != tensor.address
        ctypes.memset(tensor.address, 0x55, size)
        assert ctypes.string_at(managed.dl_tensor.data, size) == before
        own = abi.DLManagedTensorVersioned.from_address(capsule_pointer(tensor.__dlpack__(max_version=(1, 0)), b"dltensor_versioned"))
        assert own.flags == 0 and own.dl_tensor.data == tensor.address


def test_numpy_takes_dlpack_without_a_copy(dataset):
    _, (tensor, *_) = native.dataset_item(dataset, 0)
    a = np.from_dlpack(tensor)
    assert a.ctypes.data == tensor.address
    expected = a.copy()
    del tensor, _
    gc.collect()
    for k in range(20):  # would reuse the memory, had it been given back
        native.dataset_item(dataset, k + 1)
    np.testing.assert_array_equal(a, expected)


def test_every_tensor_goes_back_once(dataset):
    native.runtime_info()
    before = native.runtime_info()["exports"]
    kept = []
    for k in range(50):
        _, tensors = native.dataset_item(dataset, k)
        kept.append([t.__dlpack__(max_version=(1, 0)) for t in tensors])  # capsules that nobody consumes
        kept[-1].extend(np.from_dlpack(t) for t in tensors)
    assert native.runtime_info()["exports"] >= before + 50
    del tensors
    kept.clear()
    gc.collect()
    native.runtime_info()
    assert native.runtime_info()["exports"] <= before + 1


def test_empty_tensors(recording):
    handle = native.dataset_open(
        recording, CONFIG, {"devices": {"responses": {"start_time": 0, "end_time": 20, "valid_interval": [0, 20]}}}
    )
    _, tensors = native.dataset_item(handle, 0)
    layout = native.dataset_info(handle)["layout"]
    entry = [e["key"] for e in layout].index("responses")
    assert tensors[entry].shape == (3, 0) and tensors[entry].address == 0
    assert tensors[entry].numpy().shape == (3, 0)
    assert np.from_dlpack(tensors[entry]).shape == (3, 0)
    values, valid = native.interpolator_interpolate(native.interpolator_open(recording / "responses"), [-5.0])
    assert values.numpy().shape == (0, 4) and values.numpy().dtype == np.float32 and valid.numpy().shape == (0,)


def test_jax_shares_memory(dataset):
    jax = pytest.importorskip("jax")
    _, tensors = native.dataset_item(dataset, 0)
    for tensor in tensors:
        if tensor.dtype == "float32":
            array = tensor.jax()
            assert array.unsafe_buffer_pointer() == tensor.address
            np.testing.assert_array_equal(np.asarray(array), tensor.numpy())
    assert jax is not None


def test_low_precision_types(recording):
    handle = native.dataset_open(recording, CONFIG, {"types": {"responses": "bfloat16", "treadmill": "float16"}})
    plain = native.dataset_open(recording, CONFIG)
    _, low = native.dataset_item(handle, 2)
    _, full = native.dataset_item(plain, 2)
    keys = [e["key"] for e in native.dataset_info(handle)["layout"]]
    i, k = keys.index("responses"), keys.index("treadmill")
    assert low[i].dtype == "bfloat16" and low[k].dtype == "float16"
    assert np.asarray(low[i]).dtype.kind == "V"  # never taken for integers
    bits = np.asarray(low[i]).view(np.uint16).astype(np.uint32) << 16
    np.testing.assert_allclose(bits.view(np.float32), full[i].numpy(), rtol=2**-8)
    np.testing.assert_allclose(low[k].numpy(), full[k].numpy(), rtol=2**-10)


# ---- datasets --------------------------------------------------------------------------------------------------------


def test_batches_of_one_call_are_the_chunks(dataset):
    indices = [4, 0, 9]
    info, batch = native.dataset_read(dataset, indices)
    assert info.rows == 3 and info.count == len(batch)
    for row, index in enumerate(indices):
        _, chunk = native.dataset_item(dataset, index)
        for b, c in zip(batch, chunk):
            np.testing.assert_array_equal(b.numpy()[row], c.numpy())
    starts = native.dataset_start_times(dataset).numpy()
    _, at = native.dataset_item_at(dataset, starts[4])
    for b, c in zip(batch, at):
        np.testing.assert_array_equal(b.numpy()[0], c.numpy())


def test_state_round_trips(recording, dataset):
    native.dataset_shuffle(dataset)
    state = json.loads(json.dumps(native.dataset_state(dataset)))
    assert state["rng_state"][0] == "MT19937" and len(state["rng_state"][1]) == 624
    other = native.dataset_open(recording, CONFIG)
    native.dataset_restore(other, state)
    np.testing.assert_array_equal(
        native.dataset_start_times(other).numpy(), native.dataset_start_times(dataset).numpy()
    )


def test_threads_read_at_once(dataset):
    expected = [native.dataset_item(dataset, k)[1][1].numpy().copy() for k in range(40)]
    failures: list[BaseException] = []

    def work(seed: int) -> None:
        order = np.random.default_rng(seed).permutation(40)
        try:
            for _ in range(5):
                for k in order:
                    np.testing.assert_array_equal(native.dataset_item(dataset, int(k))[1][1].numpy(), expected[k])
        except BaseException as error:  # noqa: BLE001 - a thread's failure is the test's
            failures.append(error)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_a_small_stack_is_an_error_and_not_an_abort(dataset):
    said: list[str] = []

    def work() -> None:
        try:
            native.dataset_item(dataset, 0)
        except ValueError as error:
            said.append(str(error))

    before = threading.stack_size(64 * 1024)
    try:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
    assert said and "stack" in said[0]


@pytest.mark.parametrize("kibibytes", [32, 64, 128, 192])
def test_a_first_call_on_a_small_stack_is_an_error_and_not_the_end(recording, kibibytes):
    """Java is not even started on such a stack: that alone ends a process."""
    program = (
        "import sys, threading\n"
        "from syncline._native import functions as native\n"
        "said = []\n"
        "def work():\n"
        "    try:\n"
        "        native.dataset_open(sys.argv[1], None)\n"
        "    except ValueError as error:\n"
        "        said.append(str(error))\n"
        "threading.stack_size(int(sys.argv[2]) * 1024)\n"
        "thread = threading.Thread(target=work)\n"
        "thread.start()\n"
        "thread.join()\n"
        "assert 'stack' in said[0], said\n"
        "native.experiment_open(sys.argv[1], {'responses': {}})\n"
    )
    subprocess.run([sys.executable, "-c", program, str(recording), str(kibibytes)], check=True)


def test_threads_are_bounded_with_an_error(dataset):
    with pytest.raises(errors.ConfigError, match="threads.*100000.*1024"):
        native.loader_open([dataset], {"threads": 100_000})


def test_experiments_interpolate_by_device(recording):
    experiment = native.experiment_open(recording, {"responses": {}, "treadmill": {}})
    info = native.experiment_info(experiment)
    assert list(info["devices"]) == ["responses", "treadmill"] and (info["start_time"], info["end_time"]) == (0, 20)
    values, valid = native.experiment_interpolate(experiment, "treadmill", [0.0, 0.019, 0.021, -1.0, np.nan, 19.99])
    np.testing.assert_array_equal(values.numpy()[:, 0], [0, 0, 1, 999])
    np.testing.assert_array_equal(valid.numpy(), [0, 1, 2, 5])
    with pytest.raises(KeyError, match="camera"):
        native.experiment_interpolate(experiment, "camera", [1.0])


def test_transforms_apply_to_frames():
    frames = np.arange(2 * 3 * 6 * 4, dtype=np.float32).reshape(2, 3, 6, 4)
    crop = native.transforms_open([{"_target_": "torchvision.transforms.v2.CenterCrop", "size": [2, 2]}])
    np.testing.assert_array_equal(native.transforms_apply(crop, frames).numpy(), frames[:, :, 2:4, 1:3])
    with pytest.raises(ValueError, match="Resize.*CenterCrop"):
        native.transforms_open([{"_target_": "torchvision.transforms.v2.Resise"}])
    with pytest.raises(ValueError, match="Sharpen"):
        native.transforms_open([{"_target_": "Sharpen"}])


def test_java_says_which_names_it_knows():
    for name in ("CenterCrop", "torchvision.transforms.CenterCrop", "torchvision.transforms.v2.ToTensor"):
        assert native.is_registered("transform", name)
    for name in ("nan_filter", "experanto.filters.common_filters.nan_filter", "syncline.filters.common_filters.nan_filter"):
        assert native.is_registered("filter", name) and not native.is_registered("transform", name)
    for name in ("Sharpen", "mine.CenterCrop", "centercrop", ""):
        assert not native.is_registered("transform", name)
    with pytest.raises(ValueError, match="kind is 'thing'"):
        native.is_registered("thing", "CenterCrop")


def test_masks_and_times_without_trials(dataset):
    starts = native.dataset_full_valid_sample_times(dataset).numpy()
    assert len(starts) == native.dataset_length(dataset)
    mask = native.dataset_sample_mask(dataset, 5, None).numpy()
    assert mask.dtype == bool and mask.any()
    times = native.dataset_chunk_times(dataset, "responses", starts[3]).numpy()
    np.testing.assert_allclose(times, starts[3] + np.arange(3) / 10, atol=1e-5)
    intervals = native.dataset_valid_intervals(dataset).numpy()
    assert intervals.shape == (1, 2)
    assert "Valid Intervals (1)" in native.dataset_interval_statistics(dataset)


def test_sessions_take_turns(recording, tmp_path):
    other = tmp_path / "second"
    write_sequence(other, "treadmill", 50, 1, 12, "float64")
    write_sequence(other, "responses", 10, 4, 12)
    datasets = [native.dataset_open(root, CONFIG) for root in (recording, other)]
    for mode in ("concat", "long", "short", "exhaust"):
        loader = native.loader_open(datasets, {"batch_size": 50, "sessions": mode})
        stream = BatchStream(loader)
        sessions = []
        while (item := stream.next()) is not None:
            sessions.append(item[0].session)
        assert len(sessions) == native.loader_length(loader)
        assert set(sessions) == {0, 1}
        keys = [s["data_key"] for s in native.loader_info(loader)["sessions"]]
        assert keys == [recording.name, "second"]
        assert all(s["layout"] for s in native.loader_info(loader)["sessions"])
        assert [native.loader_session(loader, i) for i in range(2)] == native.loader_info(loader)["sessions"]
        for session in (-1, 2, 1 << 32):
            with pytest.raises(IndexError, match=f"session: found {session}, expected 0 to 1"):
                native.loader_session(loader, session)
    with pytest.raises(ValueError, match="data key"):
        native.loader_open([datasets[0], datasets[0]], {})


# ---- loaders ---------------------------------------------------------------------------------------------------------


def epoch(stream: BatchStream) -> list[list[np.ndarray]]:
    batches = []
    while (item := stream.next()) is not None:
        batches.append([t.numpy().copy() for t in item[1]])
    return batches


def test_loader_resumes_with_the_next_batch(dataset):
    options = {"batch_size": 4, "shuffle": True, "seed": 3, "threads": 2}
    loader = native.loader_open([dataset], options)
    stream = BatchStream(loader)
    for _ in range(5):
        stream.next()
    state = json.loads(json.dumps(native.loader_state(loader)))
    rest = epoch(stream)
    again = native.loader_open([dataset], {**options, "threads": 1})
    native.loader_restore(again, state)
    resumed = epoch(BatchStream(again))
    assert len(rest) == len(resumed) == native.loader_length(loader) - 5
    for a, b in zip(rest, resumed):
        for x, y in zip(a, b):
            np.testing.assert_array_equal(x, y)
    with pytest.raises(errors.StateError):
        native.loader_restore(native.loader_open([dataset], {"batch_size": 5}), state)


def test_indices_only_is_the_order_of_the_batches(dataset):
    options = {"batch_size": 4, "shuffle": True, "seed": 3}
    full = epoch(BatchStream(native.loader_open([dataset], options)))
    order = epoch(BatchStream(native.loader_open([dataset], {**options, "indices_only": True})))
    assert len(full) == len(order)
    for batch, (indices,) in zip(full, order):
        for row, index in enumerate(indices):
            np.testing.assert_array_equal(batch[1][row], native.dataset_item(dataset, int(index))[1][1].numpy())


def test_kept_batches_stay_as_they_were(dataset):
    stream = BatchStream(native.loader_open([dataset], {"batch_size": 4, "prefetch": 1}))
    kept, copies = [], []
    while (item := stream.next()) is not None:
        arrays = [t.numpy() for t in item[1]]
        kept.append(arrays)
        copies.append([a.copy() for a in arrays])
    for arrays, copied in zip(kept, copies):
        for a, b in zip(arrays, copied):
            np.testing.assert_array_equal(a, b)


def test_a_limit_on_batches_is_an_error_and_not_a_hang(dataset):
    stream = BatchStream(native.loader_open([dataset], {"batch_size": 4, "prefetch": 1, "max_batches": 3}))
    kept = []
    with pytest.raises(MemoryError):
        for _ in range(10):
            kept.append(stream.next())
    count = len(kept)
    kept.pop()
    gc.collect()
    assert count >= 2 and stream.next() is not None


def test_memory_hook_hears_of_every_buffer(dataset):
    events: list[tuple[int, int, bool]] = []
    native.set_memory_hook(lambda address, size, made: events.append((address, size, made)))
    try:
        loader = native.loader_open([dataset], {"batch_size": 4})
        info, tensors = BatchStream(loader).next()
        address = tensors[0].address
        assert any(made and a <= address < a + n for a, n, made in events)
        loader.close()
        del tensors
        gc.collect()
        native.runtime_info()
        assert any(not made for _, _, made in events)
    finally:
        native.set_memory_hook(None)


def test_pinning_without_cuda_says_so(dataset):
    if native.cuda_available():
        pytest.skip("this machine has CUDA")
    with pytest.raises(errors.CudaError, match="CUDA"):
        native.loader_open([dataset], {"pin_memory": True})


def test_a_batch_costs_little(dataset):
    loader = native.loader_open([dataset], {"batch_size": 1, "prefetch": 200})
    stream = BatchStream(loader)
    best = float("inf")
    for _ in range(5):
        native.loader_begin_epoch(loader, 0)
        stream.next()
        time.sleep(0.3)
        times = []
        for _ in range(100):
            # the thread's own time: others may have the processor meanwhile
            begin = time.thread_time()
            arrays = [t.numpy() for t in stream.next()[1]]
            times.append(time.thread_time() - begin)
        best = min(best, sorted(times)[50])
    assert arrays
    # bench/python measures the number that must be reached, 100; a slow machine may take longer, a copy takes far longer
    assert best < 400e-6, f"{best * 1e6:.0f} microseconds a batch"


# ---- processes -------------------------------------------------------------------------------------------------------


def test_a_forked_child_is_refused(recording):
    result = run(
        OPEN
        + """
        item = native.dataset_item(dataset, 0)
        pid = os.fork()
        if pid == 0:
            try:
                native.dataset_item(dataset, 0)
            except RuntimeError as error:
                print(error)
                del item
                dataset.close()
                sys.exit(0)
            sys.exit(1)
        status = os.waitpid(pid, 0)[1]
        native.dataset_item(dataset, 0)
        sys.exit(os.waitstatus_to_exitcode(status))
        """.replace("\n        ", "\n"),
        str(recording),
        json.dumps(CONFIG),
    )
    assert result.returncode == 0, result.stderr
    assert "spawn" in result.stdout and "forked" in result.stdout


def test_a_fork_before_the_start_is_fine(recording):
    result = run(
        """
        import json, os
        from syncline import errors
        from syncline._native import functions as native, library
        from syncline._native.batches import BatchStream
        library.version()
        pid = os.fork()
        root, config = sys.argv[1], json.loads(sys.argv[2])
        native.dataset_item(native.dataset_open(root, config), 0)
        if pid == 0:
            os._exit(0)
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        """,
        str(recording),
        json.dumps(CONFIG),
    )
    assert result.returncode == 0, result.stderr


def test_control_c_is_heard_while_waiting(recording):
    result = run(
        OPEN
        + """
        import signal, threading, time
        # an epoch ends at once for a rank that has nothing to do, so this loop spends its time in the library
        loader = native.loader_open([dataset], {"batch_size": 4})
        stream = BatchStream(loader)
        ready, go = os.pipe()
        def interrupt():
            while os.read(ready, 1):
                time.sleep(0.003)
                os.kill(os.getpid(), signal.SIGINT)
        threading.Thread(target=interrupt, daemon=True).start()
        times, asked = 0, -1
        while times < 100:
            try:
                # inside try, and once for each that was heard: the signal may come as soon as the byte is written
                if asked < times:
                    asked = times
                    os.write(go, b".")
                while True:
                    stream.next()
            except KeyboardInterrupt:
                times += 1
        print("interrupted", times)
        print(stream.next() is not False)
        """.replace("\n        ", "\n"),
        str(recording),
        json.dumps(CONFIG),
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.split() == ["interrupted", "100", "True"]


@pytest.mark.parametrize("when", ["before", "after", "behind our back"])
def test_faulthandler(recording, when):
    result = run(
        """
        import faulthandler, json
        enable = faulthandler.enable
        when = sys.argv[3]
        if when == "before":
            faulthandler.enable()
        from syncline import errors
        from syncline._native import functions as native, library
        from syncline._native.batches import BatchStream
        root, config = sys.argv[1], json.loads(sys.argv[2])
        dataset = native.dataset_open(root, config)
        if when == "after":
            faulthandler.enable()
        elif when != "before":
            enable()  # not through the module: the next call must notice
        # compiled code meets safepoints and null checks, which are SIGSEGV
        loader = native.loader_open([dataset], {"batch_size": 4, "threads": 2})
        stream = BatchStream(loader)
        ends = 0
        while ends < 10:
            ends += stream.next() is None
        library.call("dataset_length", dataset.value, __import__("ctypes").byref(__import__("ctypes").c_int64()))
        """,
        str(recording),
        json.dumps(CONFIG),
        when,
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("how", ["as Lightning does", "with a handler", "behind our back"])
def test_signals_set_back_to_what_python_knows(recording, how):
    """Engines that set all signals when training has ended leave Java its own."""
    result = run(
        """
        import json, signal
        set_handler = signal.signal
        """
        + textwrap.indent(OPEN, "        ")
        + """
        loader = native.loader_open([dataset], {"batch_size": 4, "threads": 2})
        stream = BatchStream(loader)
        for number in signal.valid_signals():
            before = signal.getsignal(number)
            if before is None or number in (signal.SIGKILL, signal.SIGSTOP):
                continue
            if sys.argv[3] == "as Lightning does":
                signal.signal(number, before)
            elif number in (signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL):
                if sys.argv[3] == "with a handler":
                    signal.signal(number, lambda *_: None)
                    assert signal.signal(number, signal.SIG_DFL) not in (None, signal.SIG_DFL)
                else:
                    set_handler(number, signal.SIG_DFL)
        if sys.argv[3] != "behind our back" and sys.platform == "linux":
            # before any call of the library notices
            caught = next(line for line in open("/proc/self/status") if line.startswith("SigCgt"))
            for number in (signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL):
                assert int(caught.split()[1], 16) >> (number - 1) & 1, number
        ends = 0
        while ends < 10:
            ends += stream.next() is None
        """,
        str(recording),
        json.dumps(CONFIG),
        how,
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("when", ["never", "before", "after"])
def test_a_file_truncated_under_the_map_is_an_exception(tmp_path, when):
    """Java hears of it by SIGBUS, which must reach it past faulthandler's handlers."""
    device = tmp_path / "root" / "treadmill"
    device.mkdir(parents=True)
    np.zeros((1001, 300), np.float32).tofile(device / "data.mem")
    (device / "meta.yml").write_text(
        "modality: sequence\nsampling_rate: 50\nstart_time: 0.0\nend_time: 20.0\nn_signals: 300\n"
        "is_mem_mapped: true\ndtype: float32\nn_timestamps: 1001\n"
    )
    config = {"lead_device": "treadmill", "modality_config": {"treadmill": {"sampling_rate": 50, "chunk_size": 5}}}
    result = run(
        """
        import faulthandler
        if sys.argv[3] == "before":
            faulthandler.enable()
        """
        + textwrap.indent(OPEN, "        ")
        + """
        if sys.argv[3] == "after":
            faulthandler.enable()
        os.truncate(root + "/treadmill/data.mem", 4096)
        stream = BatchStream(native.loader_open([dataset], {"batch_size": 10, "threads": 2}))
        for read in (stream.next, lambda: native.dataset_item(dataset, 200)):
            try:
                read()
            except ValueError as error:
                print(error)
        """,
        str(tmp_path / "root"),
        json.dumps(config),
        when,
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("the file was truncated") == 2, result.stdout
    assert "chunk 0" in result.stdout


def test_a_real_crash_is_still_reported(recording, tmp_path):
    result = run(
        f"import os; os.chdir({str(tmp_path)!r})\n"
        + OPEN
        + "import faulthandler, ctypes\nfaulthandler.enable()\nctypes.string_at(0)\n",
        str(recording),
        json.dumps(CONFIG),
    )
    assert result.returncode == -signal.SIGABRT or result.returncode == -signal.SIGSEGV
    assert "Fatal Python error: Segmentation fault" in result.stderr


def test_exit_with_live_tensors_and_running_threads(recording):
    result = run(
        OPEN
        + """
        import builtins, threading
        stream = BatchStream(native.loader_open([dataset], {"batch_size": 4, "threads": 2}))
        builtins.kept = [stream.next() for _ in range(3)]
        builtins.arrays = [t.numpy() for item in builtins.kept for t in item[1]]
        builtins.capsules = [t.__dlpack__() for item in builtins.kept for t in item[1]]
        def forever():
            try:
                while True:
                    stream.next()
            except errors.ClosedError:
                pass  # a thread that died in the middle of a traceback would print half of one
        threading.Thread(target=forever, daemon=True).start()
        sys.exit(7)
        """.replace("\n        ", "\n"),
        str(recording),
        json.dumps(CONFIG),
    )
    assert result.returncode == 7, result.stderr
    assert "Traceback" not in result.stderr, result.stderr


def test_no_java_says_what_was_tried(tmp_path):
    result = run(
        """
        from syncline import errors
        from syncline._native import functions as native, library
        from syncline._native.batches import BatchStream
        try:
            library.start()
        except RuntimeError as error:
            print(error)
        """,
        SYNCLINE_JAVA_HOME=str(tmp_path),
    )
    assert "SYNCLINE_JAVA_HOME" in result.stdout and str(tmp_path) in result.stdout


def test_options_that_end_the_vm_say_so():
    code = "import syncline; syncline.start()"
    environment = {**os.environ, "SYNCLINE_JAVA_OPTIONS": "-Xmx1k"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode != 0 and done.stdout == ""
    assert "refused to start" in done.stderr and "heap" in done.stderr


def test_options_that_do_not_exist_are_an_error():
    code = "import syncline\ntry: syncline.start()\nexcept RuntimeError as e: print(e)"
    environment = {**os.environ, "SYNCLINE_JAVA_OPTIONS": "-XX:+UseBogusGC"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0 and done.stderr == ""
    assert "UseBogusGC" in done.stdout


def test_an_aot_cache_is_written_and_used(recording, tmp_path):
    classpath = []
    for k, entry in enumerate((library.candidates()[-1].parent / "classpath").read_text().split()):
        if os.path.isdir(entry):  # the JVM archives classes of jars alone
            entry = shutil.make_archive(str(tmp_path / f"jar{k}"), "zip", entry)
        classpath.append(entry)
    cache = tmp_path / "syncline.aot"
    environment = {"SYNCLINE_CLASSPATH": ":".join(classpath), "SYNCLINE_AOT_CACHE": str(cache)}
    code = OPEN + "native.dataset_item(dataset, 0)\nprint(native.runtime_info()['start_ms'])\n"
    for attempt in ("written", "used"):
        result = run(code, str(recording), json.dumps(CONFIG), **environment)
        assert result.returncode == 0, result.stderr
        assert attempt == "written" or result.stderr == "", result.stderr
        assert cache.stat().st_size > 1 << 20
    cache.write_bytes(b"no cache at all")
    result = run(code, str(recording), json.dumps(CONFIG), **environment)
    assert result.returncode == 0 and result.stderr == "", result.stderr


def test_paths_and_locale(tmp_path):
    root = tmp_path / "Aufnahme-ü-録音"
    write_sequence(root, "treadmill", 50, 1, 5, "float64")
    code = """
    import json, locale
    from syncline import errors
    from syncline._native import functions as native, library
    from syncline._native.batches import BatchStream
    before = locale.setlocale(locale.LC_ALL)
    h = native.interpolator_open(sys.argv[1] + "/treadmill")
    assert native.interpolator_info(h)["end_time"] == 5.0
    assert locale.setlocale(locale.LC_ALL) == before
    """
    for names in ({"LC_ALL": "C"}, {"LC_ALL": "C.UTF-8"}, {"LC_ALL": "POSIX", "PYTHONUTF8": "1"}):
        result = run(code, str(root), **names)
        assert result.returncode == 0, (names, result.stderr)


def test_no_warning_is_left_over():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        library.start()
        assert library.started()
        info = native.runtime_info()
    assert info["max_heap_bytes"] <= 600 << 20 or "-Xmx" in os.environ.get("SYNCLINE_JAVA_OPTIONS", "")


LINKS = """
import sys
sys.path[:0] = {path!r}
import syncline
from syncline.datasets import ChunkDataset
from syncline.experiment import Experiment
from syncline.interpolators import Interpolator, SequenceInterpolator

root = {root!r}

def stored():
    device = SequenceInterpolator.__new__(SequenceInterpolator)
    device.root_folder = root + "/treadmill"
    return device._data

for name, read in {{
    "dataset": lambda: ChunkDataset(root, modality_config={config!r}),
    "experiment": lambda: Experiment(root, {{"treadmill": {{}}}}),
    "interpolator": lambda: Interpolator.create(root + "/treadmill"),
    "class": lambda: SequenceInterpolator(root + "/treadmill"),
    "stored": stored,
}}.items():
    try:
        read()
        print(name, "read")
    except syncline.errors.RecordingError as e:
        print(name, str(e))
"""


@pytest.mark.parametrize("switch", ["follow", "refuse"])
def test_links_that_leave_the_recording_are_refused_where_the_switch_says_so(tmp_path: Path, switch: str) -> None:
    root = tmp_path / "recording"
    write_sequence(root, "treadmill", 50, 1, 20, "float64")
    write_sequence(root, "responses", 10, 3, 20)
    target = tmp_path / "elsewhere.npy"
    (root / "treadmill" / "data.npy").rename(target)
    (root / "treadmill" / "data.npy").symlink_to(target)
    code = LINKS.format(path=[p for p in sys.path if p], root=str(root), config=CONFIG["modality_config"])
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, "SYNCLINE_LINKS": switch}, timeout=100
    )
    assert result.returncode == 0, result.stderr
    lines = dict(line.split(" ", 1) for line in result.stdout.splitlines())
    assert list(lines) == ["dataset", "experiment", "interpolator", "class", "stored"]
    for line in lines.values():
        if switch == "follow":
            assert line == "read"
        else:
            assert line.startswith(f"{root}/treadmill/data.npy: found a link to {target}, expected a file inside of {root}")
