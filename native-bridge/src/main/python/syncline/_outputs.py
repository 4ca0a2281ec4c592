# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Whose arrays a program gets: torch's, NumPy's or JAX's, over the same memory."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import numpy as np

from ._native import abi
from ._native.batches import BatchShape
from ._native.tensors import NativeTensor, check_for_jax, numpy_dtype, owned
from ._torch import collate, is_tensor, torch_installed

_NAMES = ("torch", "numpy", "jax")

#: types that JAX makes smaller ones, and how many of their arrays it is looked at in which: the first, then one of many
_WIDE = ("int64", "uint64", "float64")
_FIRST, _OF_MANY = 64, 64


def _from_torchs_dlpack() -> Any:
    import torch

    # torch.utils.dlpack.from_dlpack is Python code around it, in which Ctrl-C could lose a tensor
    return torch._C._from_dlpack


def _without_jax(value: Any, array: type) -> Any:
    """Return maps and lists with NumPy's arrays in place of JAX's, which torch's collate does not know."""
    if isinstance(value, Mapping):
        return {key: _without_jax(item, array) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [_without_jax(item, array) for item in value]
    return np.array(value) if isinstance(value, array) else value


class Output:
    """A kind of arrays.

    Parameters
    ----------
    name
        "torch", "numpy" or "jax"; None: torch where it is installed, else NumPy.

    Raises
    ------
    ValueError
        another name.
    ImportError
        a package that is not installed. None is imported before the first arrays are made.
    """

    __slots__ = ("name", "legacy", "_told", "_handed")

    def __init__(self, name: str | None = None) -> None:
        self._told = name is not None
        self._handed = 0
        if name is None:
            name = "torch" if torch_installed() else "numpy"
        if name not in _NAMES:
            raise ValueError(f"output is {name!r}, expected 'torch', 'numpy' or 'jax', or None for torch's tensors where torch is installed")
        installed = torch_installed() if name == "torch" else importlib.util.find_spec(name) is not None
        if not installed:
            raise ImportError(f"output is {name!r}, and {name} is not installed: pip install {name}", name=name)
        self.name = name
        #: whether capsules are to have DLPack's older name
        self.legacy = name == "torch"

    def check_types(self, types: Mapping[str, str]) -> None:
        """Refuse element types that the arrays cannot have.

        Raises
        ------
        ArgumentError
            bfloat16 in NumPy's arrays, without ml_dtypes.
        """
        if self.name == "numpy" and "bfloat16" in types.values():
            numpy_dtype("bfloat16")

    def array(self, tensor: NativeTensor) -> Any:
        """Return an array over a tensor's memory.

        Raises
        ------
        ArgumentError
            whole numbers that the smaller type which JAX makes them does not hold.
        """
        if self.name == "jax" and tensor.dtype in _WIDE:
            self._look(tensor.numpy())
        return getattr(tensor, self.name)()

    def _look(self, values: np.ndarray) -> None:
        self._handed += 1
        check_for_jax(values, self._handed <= _FIRST or self._handed % _OF_MANY == 0)

    def fill(
        self, values: list, capsules: list, batch: abi.PythonBatch, shapes: MutableMapping[tuple[int, int, int], BatchShape]
    ) -> None:
        """Put a batch's arrays, which own its memory from then on, into a list: in one step, so that Ctrl-C loses none.

        Parameters
        ----------
        values
            empty; after a KeyboardInterrupt either empty, and this may be called again, or full.
        capsules
            as :class:`BatchStream` fills them, with ``legacy`` as here.
        batch
            what came with them.
        shapes
            session, rows and which tensors lie apart → where the arrays of such a batch lie; filled here.
        """
        if self.name == "torch":
            # one call for all: torch takes each capsule's tensor, so that none can be asked twice
            values.extend(map(_from_torchs_dlpack(), capsules))
        elif self.name == "jax":
            values.extend([self.array(owned(capsule)) for capsule in capsules])
        else:
            form = (batch.info.session, batch.info.rows, batch.apart)
            shape = shapes.get(form)
            if shape is None:
                shape = shapes[form] = BatchShape(capsules, batch.apart)
            values.extend(shape.arrays(capsules, batch))

    def stacked(self, items: list[Any]) -> Any:
        """Return items of any kind of arrays as one batch with a first axis."""
        jax = sys.modules.get("jax")
        if jax is not None:
            items = [_without_jax(item, jax.Array) for item in items]
        return self.of(collate(items))

    def of(self, value: Any) -> Any:
        """Return maps and lists of arrays that Python made as these arrays, other things as they are; all where nothing was told."""
        if not self._told:
            return value
        if isinstance(value, Mapping):
            return {key: self.of(item) for key, item in value.items()}
        if isinstance(value, (tuple, list)):
            return [self.of(item) for item in value]
        if self.name == "torch":
            if not isinstance(value, np.ndarray) or value.dtype.kind not in "fiub":
                return value
            import torch

            return torch.from_numpy(value)
        if is_tensor(value):
            value = value.detach().cpu().numpy()
        if self.name == "jax" and isinstance(value, np.ndarray) and value.dtype.kind in "fiub":
            import jax.numpy

            self._look(value)
            return jax.numpy.asarray(value)
        return value

