# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Devices of modalities that come in a jar (``SYNCLINE_EXTENSIONS``)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .._native import functions as native
from .base import CLASSES, SELECTION, check_keys
from ._opened import NativeInterpolator


class RegisteredInterpolator(NativeInterpolator):
    """A device that a modality registered in Java opens: what it gives is for that modality to say.

    Parameters
    ----------
    root_folder
        the device's folder.
    cache_data
        read the data into memory.
    **kwargs
        ``columns``, ``unit_ids`` and ``select`` choose columns; keys for other parts of a configuration are ignored.

    Raises
    ------
    ValueError
        no such modality is registered (the message lists those that are), or its files are wrong.
    """

    def __init__(self, root_folder: str | Path, cache_data: bool = False, **kwargs: Any) -> None:
        check_keys(root_folder, kwargs)
        self.root_folder = native.expanded(root_folder)
        self._MODALITY = str(self.load_meta().get("modality"))
        super().__init__(root_folder, cache_data, **{k: kwargs[k] for k in SELECTION if k in kwargs})


CLASSES[None] = lambda meta: RegisteredInterpolator
