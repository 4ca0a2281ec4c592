# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Whose arrays a program gets: torch's, NumPy's or JAX's, over the same memory."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, MutableMapping
from typing import Any

import numpy as np

from ._native import abi
from ._native.batches import BatchShape
from ._native.tensors import numpy_dtype, owned
from ._torch import is_tensor, torch_installed

_NAMES = ("torch", "numpy", "jax")


def _from_torchs_dlpack() -> Any:
    import torch

    # torch.utils.dlpack.from_dlpack is Python code around it, in which Ctrl-C could lose a tensor
    return torch._C._from_dlpack


class Output:
    """A kind of arrays.

    Args:
        name: "torch", "numpy" or "jax"; None: torch where it is installed, else NumPy.

    Raises:
        ValueError: another name.
        ImportError: a package that is not installed. None is imported before the first arrays are made.
    """

    __slots__ = ("name", "legacy")

    def __init__(self, name: str | None = None) -> None:
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

        Raises:
            ArgumentError: bfloat16 in NumPy's arrays, without ml_dtypes.
        """
        if self.name == "numpy" and "bfloat16" in types.values():
            numpy_dtype("bfloat16")

    def fill(
        self, values: list, capsules: list, batch: abi.PythonBatch, shapes: MutableMapping[tuple[int, int, int], BatchShape]
    ) -> None:
        """Put a batch's arrays, which own its memory from then on, into a list: in one step, so that Ctrl-C loses none.

        Args:
            values: empty; after a KeyboardInterrupt either empty, and this may be called again, or full.
            capsules: as :class:`BatchStream` fills them, with ``legacy`` as here.
            batch: what came with them.
            shapes: session, rows and which tensors lie apart → where the arrays of such a batch lie; filled here.
        """
        if self.name == "torch":
            # one call for all: torch takes each capsule's tensor, so that none can be asked twice
            values.extend(map(_from_torchs_dlpack(), capsules))
        elif self.name == "jax":
            values.extend([owned(capsule).jax() for capsule in capsules])
        else:
            form = (batch.info.session, batch.info.rows, batch.apart)
            shape = shapes.get(form)
            if shape is None:
                shape = shapes[form] = BatchShape(capsules, batch.apart)
            values.extend(shape.arrays(capsules, batch))

    def of(self, value: Any) -> Any:
        """Return what Python has collated, maps and lists of arrays, as these arrays; other things as they are."""
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

            return jax.numpy.asarray(value)
        return value

