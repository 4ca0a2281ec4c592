# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""What Java warns of, as log records or as Python's warnings."""

from __future__ import annotations

import os
import sys
import threading
import warnings
from typing import Any, Callable

#: files whose lines tell a program nothing: this package's, and torch's loader, which calls it
_PACKAGE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "")
_TORCH = os.path.join("torch", "utils", "data", "")


def warn(message: str) -> None:
    """Warn at the line of the program, through however many frames of the package it called."""
    level, frame = 1, sys._getframe()
    while frame.f_back is not None and (frame.f_code.co_filename.startswith(_PACKAGE) or _TORCH in frame.f_code.co_filename):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, UserWarning, stacklevel=level)


def log(records: list[dict[str, str]]) -> None:
    """Writes records to Python's loggers of the same names."""
    import logging

    for record in records:
        level = getattr(logging, record["level"], logging.WARNING)
        logging.getLogger(record["logger"]).log(level, "%s", record["message"])


#: Called with each list of warning records ({"level", "logger", "message"}) that Java wrote and nobody collects.
hook: Callable[[list[dict[str, str]]], None] = log

_thread = threading.local()


class collect:
    """Keeps what Java warns of during this thread's calls in ``records``, out of the log."""

    def __init__(self) -> None:
        self.records: list[dict[str, str]] = []

    def __enter__(self) -> collect:
        self._outer = getattr(_thread, "records", None)
        _thread.records = self.records
        return self

    def __exit__(self, *exc: Any) -> None:
        _thread.records = self._outer


class as_user_warnings:
    """While it lasts, what Java warns of in this thread's calls becomes a UserWarning instead of a log record.

    Parameters
    ----------
    but
        texts in messages of which the caller warns itself.
    """

    def __init__(self, *but: str) -> None:
        self._but = but

    def __enter__(self) -> None:
        self._collected = collect()
        self._collected.__enter__()

    def __exit__(self, *exc: Any) -> None:
        records = self._collected.records
        self._collected.__exit__(*exc)
        for record in records:
            if record["level"] == "WARNING" and not any(b in record["message"] for b in self._but):
                warn(record["message"])
        deliver([record for record in records if record["level"] != "WARNING"])


class without:
    """While it lasts, messages with one of these texts in this thread's calls are left out, and the others go where they would.

    Parameters
    ----------
    but
        texts in messages that were said already.
    """

    def __init__(self, *but: str) -> None:
        self._but = but

    def __enter__(self) -> None:
        self._collected = collect()
        self._collected.__enter__()

    def __exit__(self, *exc: Any) -> None:
        records = self._collected.records
        self._collected.__exit__(*exc)
        deliver([record for record in records if not any(b in record["message"] for b in self._but)])


def deliver(records: list[dict[str, str]]) -> None:
    """Hands records to whoever collects those of this thread, else to :data:`hook`."""
    collected = getattr(_thread, "records", None)
    if collected is not None:
        collected.extend(records)
    elif records:
        hook(records)
