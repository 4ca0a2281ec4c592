# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""The functions of ``syncline.h`` under their names without the prefix, with Python's types.

Arguments that are JSON there are Python objects here, times are anything NumPy takes for float64, tensors come back as
:class:`NativeTensor`. ctypes releases the interpreter lock in every call.
"""

from __future__ import annotations

import json
import os
import reprlib
from collections import deque
from ctypes import byref, c_int64, c_uint64, c_void_p
from functools import lru_cache
from itertools import repeat
from pathlib import Path
from typing import Any, Callable, Iterable, Optional

import numpy as np

from ..errors import ArgumentError
from . import abi
from .library import call, call_text, check, forked, library
from .tensors import OWNED, NativeTensor, call_tensor, new_capsule
from .warnings import collect, deliver, warn


class Handle:
    """An open object of the library; closed at the latest when Python forgets it."""

    __slots__ = ("value", "_release", "__weakref__")

    def __init__(self, value: int) -> None:
        self.value = value
        self._release = library().syncline_release

    def close(self) -> None:
        """Closes it; any number of times."""
        value, self.value = self.value, 0
        if value and not forked():
            self._release(value)

    def __del__(self) -> None:
        if getattr(self, "value", 0):
            self.close()


def _open(name: str, *arguments: Any) -> Handle:
    out = c_uint64()
    call(name, *arguments, byref(out))
    return Handle(out.value)


def _json(value: Any) -> Optional[bytes]:
    if value is None:
        return None
    try:
        return (value if isinstance(value, str) else json.dumps(value)).encode("utf-8")
    except (TypeError, ValueError):
        place, found = _not_json(value)
    raise ArgumentError(f"{place}: found {type(found).__name__} {reprlib.repr(found)}, expected a number, text, list or map of these")


def _not_json(value: Any, place: str = "") -> tuple[str, Any]:
    """Returns where what JSON cannot hold lies, and that itself."""
    inner: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, (str, int, float, bool, type(None))):
                return place or "a key", key
        inner = value.items()
    elif isinstance(value, (list, tuple)):
        inner = enumerate(value)
    for key, part in inner:
        try:
            json.dumps(part)
        except (TypeError, ValueError):
            return _not_json(part, f"{place}.{key}" if place else str(key))
    return place or "argument", value


def _path(value: Any) -> bytes:
    path = os.path.expanduser(os.fspath(value))
    if not os.path.isabs(path):
        # Java keeps the folder that the process was in when Java started
        path = os.path.join(os.getcwdb() if isinstance(path, bytes) else os.getcwd(), path)
    return os.fsencode(path)


def expanded(path: Any) -> Path:
    """Return a path with ``~`` as the user's home folder."""
    try:
        return Path(os.path.expanduser(path))
    except TypeError:
        raise TypeError(f"path: found {type(path).__name__} {path!r}, expected one: a text or a Path") from None


def absolute(path: Any) -> str:
    """Return a path from the root, without dots and ``~``: Java resolves others from where the process was when Java started."""
    return os.path.abspath(expanded(path))


def _absolute(value: Any) -> bytes:
    """Returns a path without dots: its last name is the recording's."""
    return _path(absolute(value))


def runtime_info() -> dict[str, Any]:
    return json.loads(call_text("runtime_info"))


def document_read(path: Any) -> Any:
    return json.loads(call_text("document_read", _path(path)))


def document_parse(text: str, name: str = "text") -> Any:
    return json.loads(call_text("document_parse", text.encode(), name.encode()))


def data_key(root: Any) -> str:
    return call_text("data_key", _path(root))


def config_for(root: Any) -> dict[str, Any]:
    return json.loads(call_text("config_for", _path(root)))


def import_file(format: str, request: dict[str, Any]) -> dict[str, Any]:
    return json.loads(call_text("import_file", format.encode(), json.dumps(request).encode()))


def writer_open(path: Any, options: dict[str, Any]) -> Handle:
    return _open("writer_open", _absolute(path), _json(options))


def writer_device(handle: Handle, device: str, options: dict[str, Any]) -> None:
    call("writer_device", handle.value, device.encode(), _json(options))


def writer_append(
    handle: Handle,
    device: str,
    values: Optional[np.ndarray],
    times: Optional[np.ndarray],
    options: Optional[dict[str, Any]] = None,
) -> None:
    """Appends an array in C order and native byte order, and float64 times."""
    shape = None if values is None else (c_int64 * max(1, values.ndim))(*values.shape)
    call(
        "writer_append",
        handle.value,
        device.encode(),
        None if values is None else values.ctypes.data,
        None if values is None else values.dtype.name.encode(),
        shape,
        0 if values is None else values.ndim,
        None if times is None else times.ctypes.data,
        -1 if times is None else times.size,
        _json(options),
    )


def writer_finish(handle: Handle) -> list[str]:
    return json.loads(call_text("writer_finish", handle.value))


def statistics(path: Any, options: dict[str, Any], pooled_with: Optional[Sequence[Any]] = None) -> dict[str, Any]:
    if pooled_with is not None:
        options = {**options, "pooled_with": [os.fspath(absolute(other)) for other in pooled_with]}
    return json.loads(call_text("statistics", _absolute(path), _json(options)))


@lru_cache(maxsize=None)
def is_registered(kind: str, name: str) -> bool:
    """Return whether Java knows a filter or transform by the name that a configuration has for it."""
    out = c_int64()
    call("is_registered", kind.encode("utf-8"), name.encode("utf-8"), byref(out))
    return out.value != 0


def interpolator_open(folder: Any, options: Optional[dict[str, Any]] = None) -> Handle:
    return _open("interpolator_open", _path(folder), _json(options))


def interpolator_info(handle: Handle) -> dict[str, Any]:
    return json.loads(call_text("interpolator_info", handle.value))


def interpolator_trials(handle: Handle) -> list[dict[str, Any]]:
    return json.loads(call_text("interpolator_trials", handle.value))


def seconds(times: Any) -> np.ndarray:
    """Return times as one axis of float64.

    Raises
    ------
    ArgumentError
        masked times, and dates or durations, whose unit would be lost.
    """
    array = np.asarray(times)
    if array.dtype.kind in "mM":
        raise ArgumentError(
            f"times: found dtype {array.dtype}, expected seconds; divide durations by np.timedelta64(1, 's'), of dates what "
            "they are after the recording's time 0"
        )
    if np.ma.is_masked(times):
        raise ArgumentError(
            f"times: found {np.ma.count_masked(times)} masked of {array.size}, expected none; give times.compressed(), or "
            "times.filled(np.nan), which have no value"
        )
    step = coarse(array)
    if step is not None:
        warn(
            f"times: found {array.dtype}, which has steps of {step[0]:g} s at {step[1]:g}, expected float64: many times are one; make them in "
            "float64, or subtract the first one before they become smaller"
        )
    return np.ascontiguousarray(array, dtype=np.float64).reshape(-1)


#: seconds by which rounded times may be off, as for files that are read (CoarseTimes)
_FINE = 0.005


def coarse(times: np.ndarray) -> Optional[tuple[float, float]]:
    """Returns the step of a smaller type than float64 where it rounds times too far, with the largest time, else None."""
    if times.dtype.kind != "f" or times.dtype.itemsize >= 8:
        return None
    largest = np.abs(times[np.isfinite(times)]).max(initial=0)
    step = float(np.spacing(largest))
    return (step, float(largest)) if step > _FINE else None


def _interpolate(name: str, handle: Handle, text: Optional[str], times: Any) -> tuple[NativeTensor, NativeTensor]:
    array = seconds(times)
    values, valid = c_void_p(), c_void_p()
    call(
        name,
        handle.value,
        None if text is None else text.encode(),
        array.ctypes.data,
        array.size,
        byref(values),
        byref(valid),
    )
    return NativeTensor(values.value), NativeTensor(valid.value)


def interpolator_interpolate(
    handle: Handle, times: Any, mode: Optional[str] = None
) -> tuple[NativeTensor, NativeTensor]:
    return _interpolate("interpolator_interpolate", handle, mode, times)


def experiment_open(root: Any, modality_config: Optional[dict[str, Any]] = None, cache_data: bool = False) -> Handle:
    return _open("experiment_open", _path(root), _json(modality_config), abi.CACHE if cache_data else 0)


def experiment_info(handle: Handle) -> dict[str, Any]:
    return json.loads(call_text("experiment_info", handle.value))


def experiment_interpolate(handle: Handle, device: str, times: Any) -> tuple[NativeTensor, NativeTensor]:
    return _interpolate("experiment_interpolate", handle, device, times)


def dataset_open(root: Any, config: Any = None, options: Optional[dict[str, Any]] = None) -> Handle:
    return _open("dataset_open", _path(root), _json(config), _json(options))


def dataset_info(handle: Handle) -> dict[str, Any]:
    return json.loads(call_text("dataset_info", handle.value))


def dataset_statistics(handle: Handle) -> dict[str, Any]:
    return json.loads(call_text("dataset_statistics", handle.value))


def dataset_byte_screens(handle: Handle) -> dict[str, Any]:
    return json.loads(call_text("dataset_byte_screens", handle.value))


def dataset_explain(handle: Handle) -> dict[str, Any]:
    return json.loads(call_text("dataset_explain", handle.value))


def dataset_categories(handle: Handle, key: str) -> list[str]:
    return json.loads(call_text("dataset_categories", handle.value, key.encode("utf-8")))


def dataset_length(handle: Handle) -> int:
    out = c_int64()
    call("dataset_length", handle.value, byref(out))
    return out.value


def dataset_start_times(handle: Handle) -> NativeTensor:
    return call_tensor("dataset_start_times", handle.value)


def _tensors(name: str, handle: Handle, *arguments: Any) -> tuple[abi.BatchInfo, list[NativeTensor]]:
    out = (c_void_p * abi.MAX_TENSORS)()
    info = abi.BatchInfo()
    ownerless: Any = out
    try:
        call(name, handle.value, *arguments, out, abi.MAX_TENSORS, byref(info))
        pointers = out[: info.count]
        ownerless = deque([*pointers, None])
        owners = _adopt(ownerless)
    except BaseException:
        # Ctrl-C may come between the call and here: what has no owner yet goes back
        _discard(ownerless)
        raise
    return info, list(map(NativeTensor, pointers, owners))


def _adopt(ownerless: deque[Optional[int]]) -> list[Any]:
    """Moves the pointers before the closing None into owners.

    One call from the interpreter's view: a Ctrl-C comes before it or after it, when each pointer has left the queue and
    goes with its owner, so that none is deleted twice.
    """
    return list(map(new_capsule, iter(ownerless.popleft, None), repeat(OWNED), repeat(library().capsule_destructor)))


def _discard(pointers: Iterable[Optional[int]]) -> None:
    for pointer in pointers:
        if not pointer:
            break
        library().syncline_tensor_delete(pointer)


def dataset_item(handle: Handle, index: int) -> tuple[abi.BatchInfo, list[NativeTensor]]:
    return _tensors("dataset_item", handle, index)


def dataset_item_at(handle: Handle, start_time: float) -> tuple[abi.BatchInfo, list[NativeTensor]]:
    return _tensors("dataset_item_at", handle, start_time)


def dataset_read(handle: Handle, indices: Iterable[int]) -> tuple[abi.BatchInfo, list[NativeTensor]]:
    array = np.ascontiguousarray(indices, dtype=np.int64)
    return _tensors("dataset_read", handle, array.ctypes.data, array.size)


def dataset_chunk_times(handle: Handle, device: str, start_time: float) -> NativeTensor:
    return call_tensor("dataset_chunk_times", handle.value, device.encode(), start_time)


def dataset_full_valid_sample_times(handle: Handle, filtered: bool = True) -> NativeTensor:
    return call_tensor("dataset_full_valid_sample_times", handle.value, int(filtered))


def dataset_condition_mask(handle: Handle, conditions: Any) -> NativeTensor:
    return call_tensor("dataset_condition_mask", handle.value, json.dumps(conditions).encode())


def dataset_sample_mask(handle: Handle, satisfy_for_next: int, conditions: Any, filtered: bool = True) -> NativeTensor:
    return call_tensor("dataset_sample_mask", handle.value, satisfy_for_next, _json(conditions), int(filtered))


def dataset_valid_intervals(handle: Handle) -> NativeTensor:
    return call_tensor("dataset_valid_intervals", handle.value)


def dataset_interval_statistics(handle: Handle) -> str:
    return call_text("dataset_interval_statistics", handle.value)


def dataset_shuffle(handle: Handle) -> None:
    call("dataset_shuffle", handle.value)


def dataset_state(handle: Handle) -> dict[str, Any]:
    return json.loads(call_text("dataset_state", handle.value))


def dataset_restore(handle: Handle, state: Any) -> None:
    call("dataset_restore", handle.value, _json(state))


def transforms_open(targets: list[dict[str, Any]]) -> Handle:
    return _open("transforms_open", _json(targets))


def transforms_apply(handle: Handle, frames: np.ndarray) -> NativeTensor:
    """Applies transforms to float32 frames (T, C, H, W)."""
    array = np.ascontiguousarray(frames, dtype=np.float32)
    shape = (c_int64 * 4)(*array.shape)
    return call_tensor("transforms_apply", handle.value, array.ctypes.data, shape)


def loader_open(datasets: list[Handle], options: Optional[dict[str, Any]] = None) -> Handle:
    handles = (c_uint64 * max(1, len(datasets)))(*[d.value for d in datasets])
    return _open("loader_open", handles, len(datasets), _json(options))


def loader_info(handle: Handle) -> dict[str, Any]:
    return json.loads(call_text("loader_info", handle.value))


def loader_session(handle: Handle, session: int) -> dict[str, Any]:
    return json.loads(call_text("loader_session", handle.value, session))


def loader_length(handle: Handle) -> int:
    out = c_int64()
    call("loader_length", handle.value, byref(out))
    return out.value


#: In place of a batch's session: each of its indices comes with a session of its own, before it.
SEVERAL_SESSIONS = -1


def loader_feed(handle: Handle, sessions: Any, sizes: Any, indices: Any) -> None:
    """Names batches: a session and a size each, and the indices of all one after the other."""
    of = np.ascontiguousarray(sessions, dtype=np.int32)
    counts = np.ascontiguousarray(sizes, dtype=np.int32)
    chunks = np.ascontiguousarray(indices, dtype=np.int64)
    with collect() as collected:  # loaders compare recordings that batches mix themselves, and name their folders
        call("loader_feed", handle.value, of.size, of.ctypes.data, counts.ctypes.data, chunks.ctypes.data)
    if collected.records:
        deliver([record for record in collected.records if not record["message"].startswith("loader: batches mix ")])


def loader_begin_epoch(handle: Handle, epoch: int = -1) -> None:
    call("loader_begin_epoch", handle.value, epoch)


def loader_state(handle: Handle) -> dict[str, Any]:
    return json.loads(call_text("loader_state", handle.value))


def loader_restore(handle: Handle, state: Any) -> None:
    call("loader_restore", handle.value, _json(state))


def loader_statistics(handle: Handle) -> dict[str, Any]:
    return json.loads(call_text("loader_statistics", handle.value))


def cuda_available() -> bool:
    """Whether a CUDA driver with a device is there; starts nothing."""
    return library().syncline_cuda_available() == 1


def pin(address: int, size: int) -> None:
    lib = library()
    check(lib, lib.syncline_pin(address, size))


def unpin(address: int) -> None:
    lib = library()
    check(lib, lib.syncline_unpin(address))


def set_memory_hook(hook: Optional[Callable[[int, int, bool], None]]) -> None:
    """Calls ``hook(address, bytes, made)`` for every buffer that batches live in; None removes it."""
    global _hook
    function = abi.MemoryHook(0) if hook is None else abi.MemoryHook(lambda _, a, n, made: hook(a, n, bool(made)))
    library().syncline_set_memory_hook(function, None)
    _hook = function  # ctypes frees a callback that nobody holds


_hook: Any = None
