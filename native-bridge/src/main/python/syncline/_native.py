# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""The way from Python to libsyncline: bindings, errors, tensors.

Nothing here is public. Functions of ``syncline.h`` have the same names here without the prefix, but for the loader's
next batch (:class:`BatchStream`); arguments that are JSON there are Python objects here, times are anything NumPy takes for float64, tensors come back as
:class:`NativeTensor`. ctypes releases the interpreter lock in every call.

The library is looked up at the first use: ``$SYNCLINE_LIBRARY``, beside this file (a wheel), the Maven build's target (a
checkout). The Java runtime starts at the first call that needs it, or with :func:`start`.
"""

from __future__ import annotations

import atexit
import ctypes
import json
import logging
import os
import sys
import threading
from collections import deque
from ctypes import POINTER, byref, c_char_p, c_double, c_int32, c_int64, c_uint8, c_uint16, c_uint32, c_uint64, c_void_p
from itertools import repeat
from pathlib import Path
from typing import Any, Callable, Iterable, Optional

import numpy as np

ABI_VERSION = 1
MAX_TENSORS = 256

OK, TIMEOUT, END = 0, 1, 2
E_CAPACITY, E_CUDA = -17, -16


# ---- errors ----------------------------------------------------------------------------------------------------------


class SynclineError(RuntimeError):
    """Base of everything that the library raises; ``java_type`` is the Java exception's class, or empty."""

    java_type: str = ""

    def __str__(self) -> str:  # KeyError would print the repr
        return str(self.args[0]) if self.args else ""


class ArgumentError(SynclineError, ValueError, AssertionError):
    """An argument has a value that it may not have; an AssertionError too, for the original asserts its arguments."""


class OutOfRangeError(SynclineError, IndexError):
    """An index outside its range."""


class UnknownNameError(SynclineError, KeyError):
    """A device or entry of that name does not exist."""


class UnknownDeviceError(ArgumentError, UnknownNameError):
    """Values were asked of a device that does not exist."""


class ConfigError(SynclineError, ValueError):
    """A configuration says something that cannot be."""


class RecordingError(SynclineError, ValueError):
    """A file of the recording is broken or contradicts another."""


class RecordingNotFoundError(RecordingError, FileNotFoundError):
    """A file or folder of the recording does not exist."""


class ClosedError(SynclineError, ValueError):
    """Used after close."""


class UnsupportedError(SynclineError, NotImplementedError):
    """An interpolation mode or transform that does not exist."""


class OutOfMemoryError(SynclineError, MemoryError):
    """Out of memory, or the limit on batches held is reached."""


class StateError(SynclineError, ValueError):
    """A state of another dataset, configuration or format version."""


class ForkedError(SynclineError):
    """Used in a forked child of a process in which Java runs."""


class JavaError(SynclineError):
    """No Java runtime was found, or it did not start."""


class CudaError(SynclineError):
    """No CUDA driver, or it refused."""


_ERRORS: dict[int, type[SynclineError]] = {
    -2: ArgumentError,
    -3: OutOfRangeError,
    -4: UnknownNameError,
    -5: ConfigError,
    -6: RecordingError,
    -7: RecordingNotFoundError,
    -8: ClosedError,
    -9: ClosedError,
    -10: UnsupportedError,
    -11: OutOfMemoryError,
    -12: StateError,
    -13: ForkedError,
    -14: JavaError,
    -15: JavaError,
    -16: CudaError,
}

# ---- structs ---------------------------------------------------------------------------------------------------------


class DLPackVersion(ctypes.Structure):
    _fields_ = [("major", c_uint32), ("minor", c_uint32)]


class DLDevice(ctypes.Structure):
    _fields_ = [("device_type", c_int32), ("device_id", c_int32)]


class DLDataType(ctypes.Structure):
    _fields_ = [("code", c_uint8), ("bits", c_uint8), ("lanes", c_uint16)]


class DLTensor(ctypes.Structure):
    _fields_ = [
        ("data", c_void_p),
        ("device", DLDevice),
        ("ndim", c_int32),
        ("dtype", DLDataType),
        ("shape", POINTER(c_int64)),
        ("strides", POINTER(c_int64)),
        ("byte_offset", c_uint64),
    ]


class DLManagedTensor(ctypes.Structure):
    _fields_ = [("dl_tensor", DLTensor), ("manager_ctx", c_void_p), ("deleter", c_void_p)]


class DLManagedTensorVersioned(ctypes.Structure):
    _fields_ = [
        ("version", DLPackVersion),
        ("manager_ctx", c_void_p),
        ("deleter", c_void_p),
        ("flags", c_uint64),
        ("dl_tensor", DLTensor),
    ]


class BatchInfo(ctypes.Structure):
    """What came with a chunk or batch: see ``syncline_batch_info``."""

    _fields_ = [
        ("index", c_int64),
        ("epoch", c_int64),
        ("count", c_int32),
        ("rows", c_int32),
        ("session", c_int32),
        ("reserved", c_int32),
    ]


class _PythonFunctions(ctypes.Structure):
    """The part of Python's C API that the library calls: see ``syncline_python``."""

    _fields_ = [
        (name, c_void_p)
        for name in ("save_thread", "restore_thread", "capsule_new", "list_append", "dec_ref", "err_clear")
    ]


class PythonBatch(ctypes.Structure):
    """What comes with the capsules of a batch: see ``syncline_python_batch``."""

    _fields_ = [("info", BatchInfo), ("warnings", c_int64), ("data", c_void_p * MAX_TENSORS)]


MemoryHook = ctypes.CFUNCTYPE(None, c_void_p, c_void_p, c_uint64, c_int32)

_DTYPES = {
    (0, 8): "int8",
    (0, 16): "int16",
    (0, 32): "int32",
    (0, 64): "int64",
    (1, 8): "uint8",
    (1, 16): "uint16",
    (1, 32): "uint32",
    (1, 64): "uint64",
    (2, 16): "float16",
    (2, 32): "float32",
    (2, 64): "float64",
    (4, 16): "bfloat16",
    (6, 8): "bool",
}
# NumPy has no bfloat16: its bits are shown as int16, and the consumers that know the type get it by name
_TYPESTR = {name: np.dtype("int16" if name == "bfloat16" else name).str for name in _DTYPES.values()}

# ---- library ---------------------------------------------------------------------------------------------------------

_lock = threading.Lock()
_library: Optional[ctypes.CDLL] = None
_started = False
_forked_from: Optional[int] = None

#: Called with each list of warning records ({"level", "logger", "message"}) that Java wrote.
warning_hook: Callable[[list[dict[str, str]]], None]


def _log_warnings(records: list[dict[str, str]]) -> None:
    for record in records:
        level = getattr(logging, record["level"], logging.WARNING)
        logging.getLogger(record["logger"]).log(level, "%s", record["message"])


warning_hook = _log_warnings

_collecting = threading.local()


class collect_warnings:
    """Keeps what Java warns of during this thread's calls in ``records``, out of the log."""

    def __init__(self) -> None:
        self.records: list[dict[str, str]] = []

    def __enter__(self) -> collect_warnings:
        self._outer = getattr(_collecting, "records", None)
        _collecting.records = self.records
        return self

    def __exit__(self, *exc: Any) -> None:
        _collecting.records = self._outer


def _candidates() -> list[Path]:
    here = Path(__file__).resolve().parent
    name = "libsyncline.dylib" if sys.platform == "darwin" else "libsyncline.so"
    explicit = os.environ.get("SYNCLINE_LIBRARY")
    if explicit:
        return [Path(explicit)]
    found = [here / "_lib" / name, here / name]
    for parent in here.parents:  # src/main/python/syncline in a checkout
        if parent.name == "native-bridge":
            found.append(parent / "target" / "native" / name)
            break
    return found


_H, _S, _T, _J = c_uint64, c_char_p, POINTER(c_void_p), POINTER(c_void_p)
_SIGNATURES: dict[str, list[Any]] = {
    "start": [],
    "runtime_info": [_J],
    "take_warnings": [_J],
    "release": [_H],
    "document_read": [_S, _J],
    "document_parse": [_S, _S, _J],
    "data_key": [_S, _J],
    "interpolator_open": [_S, _S, POINTER(_H)],
    "interpolator_info": [_H, _J],
    "interpolator_trials": [_H, _J],
    "interpolator_interpolate": [_H, _S, c_void_p, c_int64, _T, _T],
    "experiment_open": [_S, _S, c_int32, POINTER(_H)],
    "experiment_info": [_H, _J],
    "experiment_interpolate": [_H, _S, c_void_p, c_int64, _T, _T],
    "dataset_open": [_S, _S, _S, POINTER(_H)],
    "dataset_info": [_H, _J],
    "dataset_length": [_H, POINTER(c_int64)],
    "dataset_start_times": [_H, _T],
    "dataset_item": [_H, c_int64, _T, c_int32, POINTER(BatchInfo)],
    "dataset_item_at": [_H, c_double, _T, c_int32, POINTER(BatchInfo)],
    "dataset_read": [_H, c_void_p, c_int64, _T, c_int32, POINTER(BatchInfo)],
    "dataset_chunk_times": [_H, _S, c_double, _T],
    "dataset_full_valid_sample_times": [_H, c_int32, _T],
    "dataset_condition_mask": [_H, _S, _T],
    "dataset_sample_mask": [_H, c_int32, _S, c_int32, _T],
    "dataset_valid_intervals": [_H, _T],
    "dataset_interval_statistics": [_H, _J],
    "dataset_shuffle": [_H],
    "dataset_state": [_H, _J],
    "dataset_restore": [_H, _S],
    "transforms_open": [_S, POINTER(_H)],
    "transforms_apply": [_H, c_void_p, POINTER(c_int64), _T],
    "loader_open": [POINTER(_H), c_int32, _S, POINTER(_H)],
    "loader_info": [_H, _J],
    "loader_length": [_H, POINTER(c_int64)],
    "loader_begin_epoch": [_H, c_int64],
    "loader_state": [_H, _J],
    "loader_restore": [_H, _S],
    "loader_statistics": [_H, _J],
    "pin": [c_void_p, c_uint64],
    "unpin": [c_void_p],
}


def library() -> ctypes.CDLL:
    """Returns the library, loaded and declared; starts nothing."""
    global _library
    if _library is not None:
        return _library
    with _lock:
        if _library is not None:
            return _library
        tried = []
        for path in _candidates():
            if not path.is_file():
                tried.append(f"{path}: not there")
                continue
            try:
                lib = ctypes.CDLL(str(path))
            except OSError as error:
                tried.append(f"{path}: {error}")
                continue
            _declare(lib, path)
            _library = lib
            return lib
    raise JavaError(
        "Syncline's C library was not found. Install the wheel, run `mvn package` in the checkout, or set "
        "SYNCLINE_LIBRARY to the file. Tried:\n  " + "\n  ".join(tried)
    )


def _declare(lib: ctypes.CDLL, path: Path) -> None:
    global _delete, _share, _share_legacy, _capsule_destructor, _next
    lib.syncline_abi_version.restype = c_int32
    found = lib.syncline_abi_version()
    if found != ABI_VERSION:
        raise JavaError(f"{path} has ABI version {found}, this package needs {ABI_VERSION}: they are from two versions")
    for name, arguments in _SIGNATURES.items():
        function = getattr(lib, "syncline_" + name)
        function.argtypes = arguments
        function.restype = c_int32
    for name in ("version", "last_error", "last_error_type"):
        function = getattr(lib, "syncline_" + name)
        function.argtypes = []
        function.restype = c_char_p
    for name in ("has_warnings", "started", "cuda_available", "last_error_code"):
        function = getattr(lib, "syncline_" + name)
        function.argtypes = []
        function.restype = c_int32
    lib.syncline_free.argtypes = [c_void_p]
    lib.syncline_free.restype = None
    lib.syncline_shutdown.argtypes = []
    lib.syncline_shutdown.restype = None
    lib.syncline_restore_signals.argtypes = []
    lib.syncline_restore_signals.restype = None
    lib.syncline_set_memory_hook.argtypes = [MemoryHook, c_void_p]
    lib.syncline_set_memory_hook.restype = None
    lib.syncline_tensor_delete.argtypes = [c_void_p]
    lib.syncline_tensor_delete.restype = None
    lib.syncline_tensor_share.argtypes = [c_void_p]
    lib.syncline_tensor_share.restype = c_void_p
    lib.syncline_tensor_share_legacy.argtypes = [c_void_p]
    lib.syncline_tensor_share_legacy.restype = c_void_p
    lib.syncline_python_host.argtypes = [c_void_p, c_void_p]
    lib.syncline_python_host.restype = None
    api = ctypes.pythonapi
    lib.syncline_python_host(
        ctypes.cast(api.PyCapsule_IsValid, c_void_p), ctypes.cast(api.PyCapsule_GetPointer, c_void_p)
    )
    functions = (api.PyEval_SaveThread, api.PyEval_RestoreThread, api.PyCapsule_New, api.PyList_Append)
    functions += (api.Py_DecRef, api.PyErr_Clear)
    lib.syncline_python_functions.argtypes = [POINTER(_PythonFunctions)]
    lib.syncline_python_functions.restype = None
    lib.syncline_python_functions(byref(_PythonFunctions(*(ctypes.cast(f, c_void_p) for f in functions))))
    # called with Python's lock, which it gives away itself while it waits
    _next = ctypes.PyDLL(str(path)).syncline_python_next
    _next.argtypes = [_H, c_int32, c_int32, ctypes.py_object, POINTER(PythonBatch)]
    _next.restype = c_int32
    _delete = lib.syncline_tensor_delete
    _share = lib.syncline_tensor_share
    _share_legacy = lib.syncline_tensor_share_legacy
    _capsule_destructor = ctypes.cast(lib.syncline_python_capsule_destructor, c_void_p)


_next: Any = None
_delete: Any = None
_share: Any = None
_share_legacy: Any = None
_capsule_destructor: Any = None
#: name of the capsules that own a tensor here and are handed to no consumer
_OWNED = b"dltensor_versioned"

_capsule_new = ctypes.pythonapi.PyCapsule_New
_capsule_new.argtypes = [c_void_p, c_char_p, c_void_p]
_capsule_new.restype = ctypes.py_object
_capsule_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_capsule_pointer.argtypes = [ctypes.py_object, c_char_p]
_capsule_pointer.restype = c_void_p


def _after_fork_in_child() -> None:
    global _forked_from, _lock
    _lock = threading.Lock()
    if _started and _forked_from is None:
        _forked_from = os.getppid()


os.register_at_fork(after_in_child=_after_fork_in_child)


def start() -> None:
    """Starts the Java runtime where it does not run yet; any number of times.

    Raises:
        JavaError: no runtime of version 25 or newer was found (the message lists what was tried), or it did not start.
        ForkedError: in a forked child of a process in which it runs.
    """
    global _started
    if _started and _forked_from is None:
        return
    lib = library()
    _check(lib, lib.syncline_start())
    with _lock:
        if not _started:
            _started = True
            atexit.register(lib.syncline_shutdown)
            _keep_signals(lib)


def _keep_signals(lib: ctypes.CDLL) -> None:
    """Java uses SIGSEGV in ordinary work: whoever enables faulthandler from now on must not stand in its way."""
    import faulthandler

    enable = faulthandler.enable

    def enable_behind_java(*args: Any, **kwargs: Any) -> None:
        enable(*args, **kwargs)
        lib.syncline_restore_signals()

    enable_behind_java.__doc__ = enable.__doc__
    faulthandler.enable = enable_behind_java


def started() -> bool:
    """Whether the Java runtime runs in this process."""
    return _library is not None and _library.syncline_started() == 1


def _text(value: Optional[bytes]) -> str:
    return (value or b"").decode("utf-8", "replace")


def _raise(lib: ctypes.CDLL, status: int) -> None:
    message = _text(lib.syncline_last_error())
    if message.startswith("handle 0x0 "):  # what Handle.close leaves behind
        message = "used after close(): what it read from is closed"
    error = _ERRORS.get(status, SynclineError)(message)
    error.java_type = _text(lib.syncline_last_error_type())
    raise error


def _check(lib: ctypes.CDLL, status: int) -> int:
    if lib.syncline_has_warnings():
        deliver_warnings()
    if status < 0:
        _raise(lib, status)
    return status


def deliver_warnings() -> None:
    """Hands the warnings that Java wrote to :data:`warning_hook`."""
    lib = library()
    out = c_void_p()
    if lib.syncline_take_warnings(byref(out)) == OK:
        records = json.loads(_take_text(lib, out))
        collected = getattr(_collecting, "records", None)
        if records and collected is not None:
            collected.extend(records)
        elif records:
            warning_hook(records)


def _take_text(lib: ctypes.CDLL, out: c_void_p) -> str:
    try:
        return ctypes.string_at(out.value).decode("utf-8")
    finally:
        lib.syncline_free(out)


def _json(value: Any) -> Optional[bytes]:
    if value is None:
        return None
    return (value if isinstance(value, str) else json.dumps(value)).encode("utf-8")


def _path(value: Any) -> bytes:
    return os.fsencode(os.fspath(value))


def _call(name: str, *arguments: Any) -> int:
    """Calls a function by name after the start; returns its status, raises its error."""
    start()
    lib = library()
    return _check(lib, getattr(lib, "syncline_" + name)(*arguments))


def _call_text(name: str, *arguments: Any) -> str:
    out = c_void_p()
    _call(name, *arguments, byref(out))
    return _take_text(library(), out)


def _call_tensor(name: str, *arguments: Any) -> NativeTensor:
    out = c_void_p()
    _call(name, *arguments, byref(out))
    return NativeTensor(out.value)


# ---- tensors ---------------------------------------------------------------------------------------------------------


class NativeTensor:
    """A block of memory made by Java, with one reference to it; the memory goes back when the last reference goes.

    Writable, C order, native byte order. :meth:`numpy`, :meth:`torch`, :meth:`jax` and the protocols
    ``__array_interface__`` and ``__dlpack__`` show the same memory, copied by none, and keep it alive on their own.
    """

    __slots__ = ("_pointer", "_owner", "shape", "dtype", "_address")

    def __init__(self, pointer: int, owner: Any = None) -> None:
        # A capsule with a destructor in C and no __del__: a Ctrl-C that comes while Python code runs in __del__ is lost.
        self._owner = _capsule(pointer, _OWNED) if owner is None else owner
        self._pointer = pointer
        t = DLManagedTensorVersioned.from_address(pointer).dl_tensor
        self.shape = tuple(t.shape[: t.ndim])
        d = t.dtype
        self.dtype = _DTYPES[d.code, d.bits]
        self._address = t.data or 0

    @property
    def address(self) -> int:
        """Address of the first element; 0 when empty."""
        return self._address

    @property
    def __array_interface__(self) -> dict[str, Any]:
        if 0 in self.shape:  # no memory to point to
            return np.empty(self.shape, _TYPESTR[self.dtype]).__array_interface__
        return {"version": 3, "shape": self.shape, "typestr": _TYPESTR[self.dtype], "data": (self._address, False)}

    def __dlpack_device__(self) -> tuple[int, int]:
        return (1, 0)

    def __dlpack__(
        self,
        *,
        stream: Any = None,
        max_version: Optional[tuple[int, int]] = None,
        dl_device: Optional[tuple[int, int]] = None,
        copy: Optional[bool] = None,
    ) -> Any:
        if stream is not None:
            raise BufferError("stream must be None for memory of the CPU")
        if dl_device is not None and tuple(dl_device) != (1, 0):
            raise BufferError(f"the memory is the CPU's, device {tuple(dl_device)} was asked for")
        if copy:
            if self.dtype == "bfloat16":
                raise BufferError("NumPy cannot copy bfloat16; take the memory as it is and copy in the consumer")
            version = {} if max_version is None else {"max_version": max_version}
            try:
                return self.numpy().copy().__dlpack__(**version)
            except TypeError:  # NumPy before 2.1
                return self.numpy().copy().__dlpack__()
        if max_version is not None and max_version[0] >= 1:
            return _capsule(_share(self._pointer), b"dltensor_versioned")
        return _capsule(_share_legacy(self._pointer), b"dltensor")

    def numpy(self) -> np.ndarray:
        """Returns a writable array over the memory; bfloat16 as its bits in int16."""
        if 0 in self.shape:
            return np.empty(self.shape, _TYPESTR[self.dtype])
        return np.asarray(self)

    def torch(self) -> Any:
        """Returns a torch tensor over the memory."""
        import torch

        if 0 in self.shape:
            return torch.empty(self.shape, dtype=getattr(torch, self.dtype))
        return torch.utils.dlpack.from_dlpack(_capsule(_share_legacy(self._pointer), b"dltensor"))

    def jax(self) -> Any:
        """Returns a JAX array over the memory."""
        import jax.dlpack

        return jax.dlpack.from_dlpack(self)

    def __repr__(self) -> str:
        return f"NativeTensor({self.dtype}, {self.shape})"


def _capsule(pointer: Optional[int], name: bytes) -> Any:
    if not pointer:
        raise MemoryError("no memory for a tensor's header")
    return _capsule_new(pointer, name, _capsule_destructor)


class Handle:
    """An open object of the library; closed at the latest when Python forgets it."""

    __slots__ = ("value", "_release", "__weakref__")

    def __init__(self, value: int) -> None:
        self.value = value
        self._release = library().syncline_release

    def close(self) -> None:
        """Closes it; any number of times."""
        value, self.value = self.value, 0
        if value and _forked_from is None:
            self._release(value)

    def __del__(self) -> None:
        if getattr(self, "value", 0):
            self.close()


def _open(name: str, *arguments: Any) -> Handle:
    out = c_uint64()
    _call(name, *arguments, byref(out))
    return Handle(out.value)


# ---- functions of syncline.h -----------------------------------------------------------------------------------------


def version() -> str:
    return _text(library().syncline_version())


def runtime_info() -> dict[str, Any]:
    return json.loads(_call_text("runtime_info"))


def document_read(path: Any) -> Any:
    return json.loads(_call_text("document_read", _path(path)))


def document_parse(text: str, name: str = "text") -> Any:
    return json.loads(_call_text("document_parse", text.encode(), name.encode()))


def data_key(root: Any) -> str:
    return _call_text("data_key", _path(root))


def interpolator_open(folder: Any, options: Optional[dict[str, Any]] = None) -> Handle:
    return _open("interpolator_open", _path(folder), _json(options))


def interpolator_info(handle: Handle) -> dict[str, Any]:
    return json.loads(_call_text("interpolator_info", handle.value))


def interpolator_trials(handle: Handle) -> list[dict[str, Any]]:
    return json.loads(_call_text("interpolator_trials", handle.value))


def _interpolate(name: str, handle: Handle, text: Optional[str], times: Any) -> tuple[NativeTensor, NativeTensor]:
    array = np.ascontiguousarray(times, dtype=np.float64)
    if array.ndim != 1:
        array = array.reshape(-1)
    values, valid = c_void_p(), c_void_p()
    _call(
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
    return _open("experiment_open", _path(root), _json(modality_config), 1 if cache_data else 0)


def experiment_info(handle: Handle) -> dict[str, Any]:
    return json.loads(_call_text("experiment_info", handle.value))


def experiment_interpolate(handle: Handle, device: str, times: Any) -> tuple[NativeTensor, NativeTensor]:
    return _interpolate("experiment_interpolate", handle, device, times)


def dataset_open(root: Any, config: Any = None, options: Optional[dict[str, Any]] = None) -> Handle:
    return _open("dataset_open", _path(root), _json(config), _json(options))


def dataset_info(handle: Handle) -> dict[str, Any]:
    return json.loads(_call_text("dataset_info", handle.value))


def dataset_length(handle: Handle) -> int:
    out = c_int64()
    _call("dataset_length", handle.value, byref(out))
    return out.value


def dataset_start_times(handle: Handle) -> NativeTensor:
    return _call_tensor("dataset_start_times", handle.value)


def _tensors(name: str, handle: Handle, *arguments: Any) -> tuple[BatchInfo, list[NativeTensor]]:
    out = (c_void_p * MAX_TENSORS)()
    info = BatchInfo()
    ownerless: Any = out
    try:
        _call(name, handle.value, *arguments, out, MAX_TENSORS, byref(info))
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
    return list(map(_capsule_new, iter(ownerless.popleft, None), repeat(_OWNED), repeat(_capsule_destructor)))


def _discard(pointers: Iterable[Optional[int]]) -> None:
    for pointer in pointers:
        if not pointer:
            break
        _delete(pointer)


def dataset_item(handle: Handle, index: int) -> tuple[BatchInfo, list[NativeTensor]]:
    return _tensors("dataset_item", handle, index)


def dataset_item_at(handle: Handle, start_time: float) -> tuple[BatchInfo, list[NativeTensor]]:
    return _tensors("dataset_item_at", handle, start_time)


def dataset_read(handle: Handle, indices: Iterable[int]) -> tuple[BatchInfo, list[NativeTensor]]:
    array = np.ascontiguousarray(indices, dtype=np.int64)
    return _tensors("dataset_read", handle, array.ctypes.data, array.size)


def dataset_chunk_times(handle: Handle, device: str, start_time: float) -> NativeTensor:
    return _call_tensor("dataset_chunk_times", handle.value, device.encode(), start_time)


def dataset_full_valid_sample_times(handle: Handle, filtered: bool = True) -> NativeTensor:
    return _call_tensor("dataset_full_valid_sample_times", handle.value, int(filtered))


def dataset_condition_mask(handle: Handle, conditions: Any) -> NativeTensor:
    return _call_tensor("dataset_condition_mask", handle.value, json.dumps(conditions).encode())


def dataset_sample_mask(handle: Handle, satisfy_for_next: int, conditions: Any, filtered: bool = True) -> NativeTensor:
    return _call_tensor("dataset_sample_mask", handle.value, satisfy_for_next, _json(conditions), int(filtered))


def dataset_valid_intervals(handle: Handle) -> NativeTensor:
    return _call_tensor("dataset_valid_intervals", handle.value)


def dataset_interval_statistics(handle: Handle) -> str:
    return _call_text("dataset_interval_statistics", handle.value)


def dataset_shuffle(handle: Handle) -> None:
    _call("dataset_shuffle", handle.value)


def dataset_state(handle: Handle) -> dict[str, Any]:
    return json.loads(_call_text("dataset_state", handle.value))


def dataset_restore(handle: Handle, state: Any) -> None:
    _call("dataset_restore", handle.value, _json(state))


def transforms_open(targets: list[dict[str, Any]]) -> Handle:
    return _open("transforms_open", _json(targets))


def transforms_apply(handle: Handle, frames: np.ndarray) -> NativeTensor:
    """Applies transforms to float32 frames (T, C, H, W)."""
    array = np.ascontiguousarray(frames, dtype=np.float32)
    shape = (c_int64 * 4)(*array.shape)
    return _call_tensor("transforms_apply", handle.value, array.ctypes.data, shape)


def loader_open(datasets: list[Handle], options: Optional[dict[str, Any]] = None) -> Handle:
    handles = (c_uint64 * max(1, len(datasets)))(*[d.value for d in datasets])
    return _open("loader_open", handles, len(datasets), _json(options))


def loader_info(handle: Handle) -> dict[str, Any]:
    return json.loads(_call_text("loader_info", handle.value))


def loader_length(handle: Handle) -> int:
    out = c_int64()
    _call("loader_length", handle.value, byref(out))
    return out.value


def loader_begin_epoch(handle: Handle, epoch: int = -1) -> None:
    _call("loader_begin_epoch", handle.value, epoch)


def loader_state(handle: Handle) -> dict[str, Any]:
    return json.loads(_call_text("loader_state", handle.value))


def loader_restore(handle: Handle, state: Any) -> None:
    _call("loader_restore", handle.value, _json(state))


def loader_statistics(handle: Handle) -> dict[str, Any]:
    return json.loads(_call_text("loader_statistics", handle.value))


class BatchStream:
    """Takes batches from a loader, so that Ctrl-C is heard while waiting and costs no batch.

    Args:
        handle: the loader.
        legacy: capsules are named "dltensor", as every consumer of DLPack knows them, in place of "dltensor_versioned".
    """

    #: milliseconds between two looks at Python's signals
    POLL_MS = 100

    def __init__(self, handle: Handle, legacy: bool = False) -> None:
        self._handle = handle
        self._legacy = int(legacy)
        library()
        self._take = _next
        #: of the batch taken last
        self.batch = PythonBatch()
        self._batch = byref(self.batch)

    def take(self, capsules: list[Any]) -> bool:
        """Waits for the next batch; False at the end of an epoch, and the call after that begins the next epoch.

        Args:
            capsules: empty; gets a capsule for each tensor, which owns it, in one step: after a KeyboardInterrupt it is
                either empty, and the batch comes with the next call, or holds the whole batch.
        """
        start()
        take, handle, legacy, batch = self._take, self._handle, self._legacy, self._batch
        while True:
            status = take(handle.value, self.POLL_MS, legacy, capsules, batch)
            if status == OK:
                if self.batch.warnings:
                    deliver_warnings()
                return True
            if status != TIMEOUT:
                capsules.clear()
                _check(library(), status)
                return False

    def next(self) -> Optional[tuple[BatchInfo, list[NativeTensor]]]:
        """Returns the next batch, or None at the end of an epoch; the call after that begins the next epoch."""
        capsules: list[Any] = []
        if not self.take(capsules):
            return None
        return BatchInfo.from_buffer_copy(self.batch.info), list(map(_owned, capsules))


def _owned(capsule: Any) -> NativeTensor:
    return NativeTensor(_capsule_pointer(capsule, _OWNED), capsule)


class _Memory:
    """Memory of a batch for NumPy, which keeps this object, and with it the capsules, as long as an array lives."""

    __slots__ = ("__array_interface__", "owner")

    def __init__(self, address: int, size: int, owner: Any) -> None:
        self.__array_interface__ = {"version": 3, "shape": (size,), "typestr": "|u1", "data": (address, False)}
        self.owner = owner


class BatchShape:
    """Where the arrays of batches of one form lie, learned from the first of them."""

    def __init__(self, capsules: list[Any]) -> None:
        tensors = list(map(_owned, capsules))
        full = [t.address for t in tensors if t.address]
        self._first = next((i for i, t in enumerate(tensors) if t.address), None)
        begin = min(full, default=0)
        self._shift = begin - tensors[self._first].address if full else 0
        self._size = 0
        self._entries: list[tuple[tuple[int, ...], np.dtype, int]] = []
        for t in tensors:
            dtype = np.dtype(_TYPESTR[t.dtype])
            offset = t.address - begin if t.address else -1
            self._entries.append((t.shape, dtype, offset))
            if t.address:
                self._size = max(self._size, offset + dtype.itemsize * int(np.prod(t.shape, dtype=np.int64)))

    def arrays(self, capsules: list[Any], batch: PythonBatch) -> list[np.ndarray]:
        """Returns writable arrays over a batch's memory, which live on their own; bfloat16 as its bits in int16."""
        if self._first is None:
            return [np.empty(shape, dtype) for shape, dtype, _ in self._entries]
        array = np.ndarray
        memory = np.asarray(_Memory(batch.data[self._first] + self._shift, self._size, capsules))
        return [
            array(shape, dtype, memory, offset) if offset >= 0 else np.empty(shape, dtype)
            for shape, dtype, offset in self._entries
        ]


# ---- pinned memory ---------------------------------------------------------------------------------------------------


def cuda_available() -> bool:
    """Whether a CUDA driver with a device is there; starts nothing."""
    return library().syncline_cuda_available() == 1


def pin(address: int, size: int) -> None:
    lib = library()
    _check(lib, lib.syncline_pin(address, size))


def unpin(address: int) -> None:
    lib = library()
    _check(lib, lib.syncline_unpin(address))


def set_memory_hook(hook: Optional[Callable[[int, int, bool], None]]) -> None:
    """Calls ``hook(address, bytes, made)`` for every buffer that batches live in; None removes it."""
    global _hook
    function = MemoryHook(0) if hook is None else MemoryHook(lambda _, a, n, made: hook(a, n, bool(made)))
    library().syncline_set_memory_hook(function, None)
    _hook = function  # ctypes frees a callback that nobody holds


_hook: Any = None
