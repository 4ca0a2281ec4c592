# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
# Generated from native-bridge/src/main/c/syncline.h by dev/GenerateAbi.java. Do not edit.
"""Constants, structs and functions of ``syncline.h`` for ctypes."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, c_char_p, c_double, c_int32, c_int64, c_uint8, c_uint16, c_uint32, c_uint64, c_void_p
from typing import Any

ABI_VERSION = 1
MAX_TENSORS = 256
MAX_DIMS = 8
OK = 0
TIMEOUT = 1
END = 2
E_INTERNAL = -1
E_ARGUMENT = -2
E_INDEX = -3
E_KEY = -4
E_CONFIG = -5
E_RECORDING = -6
E_NOT_FOUND = -7
E_CLOSED = -8
E_HANDLE = -9
E_UNSUPPORTED = -10
E_MEMORY = -11
E_STATE = -12
E_FORKED = -13
E_NO_JAVA = -14
E_JAVA_START = -15
E_CUDA = -16
E_CAPACITY = -17
E_PERMISSION = -18
CACHE = 1
DL_INT = 0
DL_UINT = 1
DL_FLOAT = 2
DL_BFLOAT = 4
DL_COMPLEX = 5
DL_BOOL = 6


class DLPackVersion(ctypes.Structure):
    """``DLPackVersion``."""

    _fields_ = [
        ("major", c_uint32),
        ("minor", c_uint32),
    ]


class DLDevice(ctypes.Structure):
    """``DLDevice``."""

    _fields_ = [
        ("device_type", c_int32),
        ("device_id", c_int32),
    ]


class DLDataType(ctypes.Structure):
    """``DLDataType``."""

    _fields_ = [
        ("code", c_uint8),
        ("bits", c_uint8),
        ("lanes", c_uint16),
    ]


class DLTensor(ctypes.Structure):
    """``DLTensor``."""

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
    """``DLManagedTensor``."""

    _fields_ = [
        ("dl_tensor", DLTensor),
        ("manager_ctx", c_void_p),
        ("deleter", c_void_p),
    ]


class DLManagedTensorVersioned(ctypes.Structure):
    """``DLManagedTensorVersioned``."""

    _fields_ = [
        ("version", DLPackVersion),
        ("manager_ctx", c_void_p),
        ("deleter", c_void_p),
        ("flags", c_uint64),
        ("dl_tensor", DLTensor),
    ]


class BatchInfo(ctypes.Structure):
    """``syncline_batch_info``."""

    _fields_ = [
        ("index", c_int64),
        ("epoch", c_int64),
        ("count", c_int32),
        ("rows", c_int32),
        ("session", c_int32),
        ("reserved", c_int32),
    ]


class Python(ctypes.Structure):
    """``syncline_python``."""

    _fields_ = [
        ("save_thread", c_void_p),
        ("restore_thread", c_void_p),
        ("capsule_new", c_void_p),
        ("list_append", c_void_p),
        ("dec_ref", c_void_p),
        ("err_clear", c_void_p),
    ]


class PythonBatch(ctypes.Structure):
    """``syncline_python_batch``."""

    _fields_ = [
        ("info", BatchInfo),
        ("warnings", c_int64),
        ("apart", c_int64),
        ("data", c_void_p * MAX_TENSORS),
    ]


MemoryHook = ctypes.CFUNCTYPE(None, c_void_p, c_void_p, c_uint64, c_int32)

#: Function without its prefix → type of its result, types of its arguments.
FUNCTIONS: dict[str, tuple[Any, list[Any]]] = {
    "version": (c_char_p, []),
    "abi_version": (c_int32, []),
    "start": (c_int32, []),
    "started": (c_int32, []),
    "runtime_info": (c_int32, [POINTER(c_void_p)]),
    "last_error": (c_char_p, []),
    "last_error_code": (c_int32, []),
    "last_error_type": (c_char_p, []),
    "has_warnings": (c_int32, []),
    "take_warnings": (c_int32, [POINTER(c_void_p)]),
    "free": (None, [c_void_p]),
    "release": (c_int32, [c_uint64]),
    "shutdown": (None, []),
    "restore_signals": (None, []),
    "tensor_delete": (None, [c_void_p]),
    "tensor_share": (c_void_p, [c_void_p]),
    "tensor_share_legacy": (c_void_p, [c_void_p]),
    "tensor_copy": (c_void_p, [c_void_p]),
    "document_read": (c_int32, [c_char_p, POINTER(c_void_p)]),
    "document_parse": (c_int32, [c_char_p, c_char_p, POINTER(c_void_p)]),
    "data_key": (c_int32, [c_char_p, POINTER(c_void_p)]),
    "config_for": (c_int32, [c_char_p, POINTER(c_void_p)]),
    "is_registered": (c_int32, [c_char_p, c_char_p, POINTER(c_int64)]),
    "import_file": (c_int32, [c_char_p, c_char_p, POINTER(c_void_p)]),
    "interpolator_open": (c_int32, [c_char_p, c_char_p, POINTER(c_uint64)]),
    "interpolator_info": (c_int32, [c_uint64, POINTER(c_void_p)]),
    "interpolator_trials": (c_int32, [c_uint64, POINTER(c_void_p)]),
    "interpolator_interpolate": (c_int32, [c_uint64, c_char_p, c_void_p, c_int64, POINTER(c_void_p), POINTER(c_void_p)]),
    "experiment_open": (c_int32, [c_char_p, c_char_p, c_int32, POINTER(c_uint64)]),
    "experiment_info": (c_int32, [c_uint64, POINTER(c_void_p)]),
    "experiment_interpolate": (c_int32, [c_uint64, c_char_p, c_void_p, c_int64, POINTER(c_void_p), POINTER(c_void_p)]),
    "dataset_open": (c_int32, [c_char_p, c_char_p, c_char_p, POINTER(c_uint64)]),
    "dataset_info": (c_int32, [c_uint64, POINTER(c_void_p)]),
    "dataset_statistics": (c_int32, [c_uint64, POINTER(c_void_p)]),
    "dataset_byte_screens": (c_int32, [c_uint64, POINTER(c_void_p)]),
    "dataset_explain": (c_int32, [c_uint64, POINTER(c_void_p)]),
    "dataset_categories": (c_int32, [c_uint64, c_char_p, POINTER(c_void_p)]),
    "dataset_length": (c_int32, [c_uint64, POINTER(c_int64)]),
    "dataset_start_times": (c_int32, [c_uint64, POINTER(c_void_p)]),
    "dataset_item": (c_int32, [c_uint64, c_int64, POINTER(c_void_p), c_int32, POINTER(BatchInfo)]),
    "dataset_item_at": (c_int32, [c_uint64, c_double, POINTER(c_void_p), c_int32, POINTER(BatchInfo)]),
    "dataset_read": (c_int32, [c_uint64, c_void_p, c_int64, POINTER(c_void_p), c_int32, POINTER(BatchInfo)]),
    "dataset_chunk_times": (c_int32, [c_uint64, c_char_p, c_double, POINTER(c_void_p)]),
    "dataset_full_valid_sample_times": (c_int32, [c_uint64, c_int32, POINTER(c_void_p)]),
    "dataset_condition_mask": (c_int32, [c_uint64, c_char_p, POINTER(c_void_p)]),
    "dataset_sample_mask": (c_int32, [c_uint64, c_int32, c_char_p, c_int32, POINTER(c_void_p)]),
    "dataset_valid_intervals": (c_int32, [c_uint64, POINTER(c_void_p)]),
    "dataset_interval_statistics": (c_int32, [c_uint64, POINTER(c_void_p)]),
    "dataset_shuffle": (c_int32, [c_uint64]),
    "dataset_state": (c_int32, [c_uint64, POINTER(c_void_p)]),
    "dataset_restore": (c_int32, [c_uint64, c_char_p]),
    "writer_open": (c_int32, [c_char_p, c_char_p, POINTER(c_uint64)]),
    "writer_device": (c_int32, [c_uint64, c_char_p, c_char_p]),
    "writer_append": (c_int32, [c_uint64, c_char_p, c_void_p, c_char_p, c_void_p, c_int32, c_void_p, c_int64, c_char_p]),
    "writer_finish": (c_int32, [c_uint64, POINTER(c_void_p)]),
    "statistics": (c_int32, [c_char_p, c_char_p, POINTER(c_void_p)]),
    "transforms_open": (c_int32, [c_char_p, POINTER(c_uint64)]),
    "transforms_apply": (c_int32, [c_uint64, c_void_p, c_void_p, POINTER(c_void_p)]),
    "loader_open": (c_int32, [c_void_p, c_int32, c_char_p, POINTER(c_uint64)]),
    "loader_info": (c_int32, [c_uint64, POINTER(c_void_p)]),
    "loader_session": (c_int32, [c_uint64, c_int64, POINTER(c_void_p)]),
    "loader_length": (c_int32, [c_uint64, POINTER(c_int64)]),
    "loader_next": (c_int32, [c_uint64, c_int32, POINTER(c_void_p), c_int32, POINTER(BatchInfo)]),
    "loader_feed": (c_int32, [c_uint64, c_int64, c_void_p, c_void_p, c_void_p]),
    "loader_begin_epoch": (c_int32, [c_uint64, c_int64]),
    "loader_state": (c_int32, [c_uint64, POINTER(c_void_p)]),
    "loader_restore": (c_int32, [c_uint64, c_char_p]),
    "loader_statistics": (c_int32, [c_uint64, POINTER(c_void_p)]),
    "set_memory_hook": (None, [MemoryHook, c_void_p]),
    "cuda_available": (c_int32, []),
    "pin": (c_int32, [c_void_p, c_uint64]),
    "unpin": (c_int32, [c_void_p]),
    "python_host": (None, [c_void_p, c_void_p]),
    "python_capsule_destructor": (None, [c_void_p]),
    "python_functions": (None, [c_void_p]),
    "python_next": (c_int32, [c_uint64, c_int32, c_int32, c_int32, c_void_p, POINTER(PythonBatch)]),
}
