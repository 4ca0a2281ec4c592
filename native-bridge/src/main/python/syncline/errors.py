# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Every exception that Syncline has a class for.

All are :class:`SynclineError`, and each is also the built-in exception that fits (``ValueError``, ``FileNotFoundError``,
``KeyError``, ...), so that programs may catch either.
"""

from __future__ import annotations

__all__ = [
    "ArgumentError",
    "ClosedError",
    "ConfigError",
    "CudaError",
    "ForkedError",
    "JavaError",
    "OutOfMemoryError",
    "OutOfRangeError",
    "RecordingError",
    "RecordingNotFoundError",
    "RecordingPermissionError",
    "StateError",
    "SynclineError",
    "UnknownDeviceError",
    "UnknownNameError",
    "UnsupportedError",
]


class SynclineError(RuntimeError):
    """Base of every exception here; itself raised for a fault of the library.

    ``java_type`` is the class of the Java exception behind it, or empty.
    """

    java_type: str = ""

    def __str__(self) -> str:  # KeyError would print the repr
        return str(self.args[0]) if self.args else ""


class ArgumentError(SynclineError, ValueError, AssertionError):
    """An argument has a value that it may not have.

    An ``AssertionError`` too: experanto asserts its arguments.
    """


class OutOfRangeError(SynclineError, IndexError):
    """An index lies outside its range."""


class UnknownNameError(SynclineError, KeyError):
    """There is no device or entry of that name."""


class UnknownDeviceError(ArgumentError, UnknownNameError):
    """Values were asked for of a device that does not exist."""


class ConfigError(SynclineError, ValueError):
    """A configuration has an unknown key, or a value that its key may not have; the message names the line."""


class RecordingError(SynclineError, ValueError):
    """A file of the recording is broken or contradicts another; the message says what was found and expected."""


class RecordingNotFoundError(RecordingError, FileNotFoundError):
    """A file or folder of the recording does not exist."""


class RecordingPermissionError(RecordingError, PermissionError):
    """Permission to read a file or folder of the recording lacks."""


class ClosedError(SynclineError, ValueError):
    """A dataset, loader, experiment or interpolator was used after ``close``."""


class UnsupportedError(SynclineError, NotImplementedError):
    """There is no interpolation mode or transform of that name."""


class OutOfMemoryError(SynclineError, MemoryError):
    """Memory ran out, or as many batches are held as ``max_batches`` allows."""


class StateError(SynclineError, ValueError):
    """A saved state belongs to another dataset, another configuration or another version of the format."""


class ForkedError(SynclineError):
    """Called in a forked child of a process in which Java runs; start workers with ``spawn`` or ``forkserver``."""

    def __init__(self, message: str = "") -> None:
        # torch's loader raises a worker's error again with its traceback in the message: what helps is at the end
        super().__init__(message.rsplit("ForkedError: ", 1)[-1].strip())


class JavaError(SynclineError):
    """The C library or a Java runtime of version 25 or newer was not found, or the runtime did not start."""


class CudaError(SynclineError):
    """There is no CUDA driver, or it refused."""
