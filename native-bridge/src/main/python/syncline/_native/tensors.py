# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Memory made by Java, as arrays and tensors that share it."""

from __future__ import annotations

import ctypes
from ctypes import byref, c_char_p, c_void_p
from typing import Any, Optional

import numpy as np

from ..errors import ArgumentError
from . import abi
from .library import call, library
from .warnings import warn

_DTYPES = {
    (abi.DL_INT, 8): "int8",
    (abi.DL_INT, 16): "int16",
    (abi.DL_INT, 32): "int32",
    (abi.DL_INT, 64): "int64",
    (abi.DL_UINT, 8): "uint8",
    (abi.DL_UINT, 16): "uint16",
    (abi.DL_UINT, 32): "uint32",
    (abi.DL_UINT, 64): "uint64",
    (abi.DL_FLOAT, 16): "float16",
    (abi.DL_FLOAT, 32): "float32",
    (abi.DL_FLOAT, 64): "float64",
    (abi.DL_BFLOAT, 16): "bfloat16",
    (abi.DL_BOOL, 8): "bool",
}
# NumPy itself has no bfloat16: without the dtype of ml_dtypes it is two bytes that no arithmetic takes for a number
_TYPESTR = {name: np.dtype("V2" if name == "bfloat16" else name).str for name in _DTYPES.values()}


def numpy_dtype(name: str) -> np.dtype:
    """Returns NumPy's type of a name; bfloat16 is that of ml_dtypes.

    Raises
    ------
    ArgumentError
        bfloat16 without ml_dtypes.
    """
    if name != "bfloat16":
        return np.dtype(name)
    try:
        import ml_dtypes
    except ImportError:
        raise ArgumentError(
            "NumPy has no bfloat16: install ml_dtypes for NumPy arrays of it or torch for tensors, or take float16 or float32"
        ) from None
    return np.dtype(ml_dtypes.bfloat16)


#: values of an array that are looked at, and the steps of float32 in which a signal still shows its course
_MOST, _FEW_STEPS = 1 << 16, 1000


def check_for_jax(values: np.ndarray, steps_too: bool) -> None:
    """Look at what JAX makes of values of 64 bits, which without ``jax_enable_x64`` become ones of 32.

    Parameters
    ----------
    values
        of any type.
    steps_too
        whether floats are looked at.

    Raises
    ------
    ArgumentError
        whole numbers that 32 bits do not hold.
    """
    import jax

    if values.dtype.itemsize < 8 or not values.size or jax.config.jax_enable_x64:  # type: ignore[attr-defined]
        return
    set_it = "set jax_enable_x64 before JAX is first used"
    if values.dtype.kind in "iu":
        room = np.iinfo(f"{values.dtype.kind}4")
        for value in (values.min(), values.max()):
            if not room.min <= value <= room.max:
                raise ArgumentError(
                    f"output is 'jax': found {value} in {values.dtype}, expected {room.min} to {room.max}: JAX makes it {room.dtype}, in which it "
                    f"is another number; {set_it}, or ask for a dtype of floats"
                )
        return
    if not steps_too:
        return
    while values.size > _MOST and values.ndim > 1:
        values = values[0]
    with np.errstate(all="ignore"):
        single = values.astype(np.float32)
        largest = np.abs(values[np.isfinite(values)]).max(initial=0)
        flat = np.nanmax(values, initial=-np.inf) - np.nanmin(values, initial=np.inf) < _FEW_STEPS * np.spacing(np.float32(largest))
        for axis in range(values.ndim) if flat else ():
            steps = np.abs(np.diff(values, axis=axis)) > 0
            lost = steps & (np.diff(single, axis=axis) == 0)
            if 2 * lost.sum() >= steps.sum() > 0:
                warn(
                    f"output is 'jax': found float64 values that differ and become one number as float32, as {largest:.17g}: JAX makes them "
                    f"float32; {set_it}, or for times take normalize_timestamps=True"
                )
                return


#: name of the capsules that own a tensor here and are handed to no consumer
OWNED = b"dltensor_versioned"

new_capsule = ctypes.pythonapi.PyCapsule_New
new_capsule.argtypes = [c_void_p, c_char_p, c_void_p]
new_capsule.restype = ctypes.py_object
capsule_pointer = ctypes.pythonapi.PyCapsule_GetPointer
capsule_pointer.argtypes = [ctypes.py_object, c_char_p]
capsule_pointer.restype = c_void_p


class NativeTensor:
    """A block of memory made by Java, with one reference to it; the memory goes back when the last reference goes.

    Writable, C order, native byte order. :meth:`numpy`, :meth:`torch`, :meth:`jax` and the protocols
    ``__array_interface__`` and ``__dlpack__`` show the same memory, copied by none, and keep it alive on their own.
    """

    __slots__ = ("_pointer", "_owner", "shape", "dtype", "_address")

    def __init__(self, pointer: int, owner: Any = None) -> None:
        # A capsule with a destructor in C and no __del__: a Ctrl-C that comes while Python code runs in __del__ is lost.
        self._owner = _capsule(pointer, OWNED) if owner is None else owner
        self._pointer = pointer
        t = abi.DLManagedTensorVersioned.from_address(pointer).dl_tensor
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
        """Returns a capsule of DLPack's struct with versions where ``max_version`` allows it, else of the older one.

        Raises
        ------
        BufferError
            another device than the CPU, or a stream, of which the CPU has none.
        """
        if stream is not None:
            raise BufferError(f"stream is {stream!r}: memory of the CPU has no streams, expected None")
        if dl_device is not None and tuple(dl_device) != (1, 0):
            raise BufferError(f"dl_device is {tuple(dl_device)}: the memory is the CPU's, expected (1, 0) or None")
        versioned = max_version is not None and max_version[0] >= 1
        if copy:
            owner = _capsule(library().syncline_tensor_copy(self._pointer), OWNED)
            # the one with versions says that it is a copy
            return owner if versioned else NativeTensor(capsule_pointer(owner, OWNED), owner).__dlpack__()
        if versioned:
            return _capsule(library().syncline_tensor_share(self._pointer), b"dltensor_versioned")
        return _capsule(library().syncline_tensor_share_legacy(self._pointer), b"dltensor")

    def numpy(self) -> np.ndarray:
        """Returns a writable array over the memory; see :func:`numpy_dtype` for bfloat16."""
        array = np.empty(self.shape, _TYPESTR[self.dtype]) if 0 in self.shape else np.asarray(self)
        return array.view(numpy_dtype("bfloat16")) if self.dtype == "bfloat16" else array

    def torch(self) -> Any:
        """Returns a torch tensor over the memory."""
        import torch

        if 0 in self.shape:
            return torch.empty(self.shape, dtype=getattr(torch, self.dtype))
        return torch.utils.dlpack.from_dlpack(_capsule(library().syncline_tensor_share_legacy(self._pointer), b"dltensor"))

    def jax(self) -> Any:
        """Returns a JAX array over the memory."""
        import jax.dlpack

        return jax.dlpack.from_dlpack(self)

    def __repr__(self) -> str:
        return f"NativeTensor({self.dtype}, {self.shape})"


def owned(capsule: Any) -> NativeTensor:
    """Returns the tensor of a capsule that owns it."""
    return NativeTensor(capsule_pointer(capsule, OWNED), capsule)


def _capsule(pointer: Optional[int], name: bytes) -> Any:
    if not pointer:
        raise MemoryError("no memory for a tensor's header")
    return new_capsule(pointer, name, library().capsule_destructor)


def call_tensor(name: str, *arguments: Any) -> NativeTensor:
    """Calls a function whose last parameter is a tensor to be made."""
    out = c_void_p()
    call(name, *arguments, byref(out))
    return NativeTensor(out.value)
