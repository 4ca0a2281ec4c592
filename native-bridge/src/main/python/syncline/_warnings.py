# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""What Java warns of, as Python's warnings."""

from __future__ import annotations

import warnings
from typing import Any

from . import _native


class as_user_warnings:
    """While it lasts, what Java warns of in this thread's calls becomes a UserWarning instead of a log record.

    Args:
        but: texts in messages of which the caller warns itself.
    """

    def __init__(self, *but: str) -> None:
        self._but = but

    def __enter__(self) -> None:
        self._collected = _native.collect_warnings()
        self._collected.__enter__()

    def __exit__(self, *exc: Any) -> None:
        records = self._collected.records
        self._collected.__exit__(*exc)
        for record in records:
            if record["level"] == "WARNING" and not any(b in record["message"] for b in self._but):
                warnings.warn(record["message"], UserWarning, stacklevel=4)
