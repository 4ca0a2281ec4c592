# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""The library in this process: found, loaded and started once; errors of its calls become exceptions.

It is looked for at the first use: ``$SYNCLINE_LIBRARY``, beside this package (a wheel), the Maven build's target (a
checkout). The Java runtime starts at the first call that needs it, or with :func:`start`.
"""

from __future__ import annotations

import atexit
import ctypes
import json
import os
import sys
import threading
from ctypes import byref, c_void_p
from pathlib import Path
from typing import Any, Optional

from .. import errors
from . import abi, warnings

_EXCEPTIONS: dict[int, type[errors.SynclineError]] = {
    abi.E_ARGUMENT: errors.ArgumentError,
    abi.E_INDEX: errors.OutOfRangeError,
    abi.E_KEY: errors.UnknownNameError,
    abi.E_CONFIG: errors.ConfigError,
    abi.E_RECORDING: errors.RecordingError,
    abi.E_NOT_FOUND: errors.RecordingNotFoundError,
    abi.E_PERMISSION: errors.RecordingPermissionError,
    abi.E_CLOSED: errors.ClosedError,
    abi.E_HANDLE: errors.ClosedError,
    abi.E_UNSUPPORTED: errors.UnsupportedError,
    abi.E_MEMORY: errors.OutOfMemoryError,
    abi.E_STATE: errors.StateError,
    abi.E_FORKED: errors.ForkedError,
    abi.E_NO_JAVA: errors.JavaError,
    abi.E_JAVA_START: errors.JavaError,
    abi.E_CUDA: errors.CudaError,
}

_lock = threading.Lock()
_library: Optional[Library] = None
_started = False
_exiting = False
_forked_from: Optional[int] = None


class Library(ctypes.CDLL):
    """libsyncline, with the types of its functions declared."""

    #: ``syncline_python_next``, called with Python's lock, which it gives away itself while it waits
    python_next: Any
    #: address of ``syncline_python_capsule_destructor``
    capsule_destructor: c_void_p

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.syncline_abi_version.restype = ctypes.c_int32
        found = self.syncline_abi_version()
        if found != abi.ABI_VERSION:
            raise errors.JavaError(
                f"{path} has ABI version {found}, this package needs {abi.ABI_VERSION}: they are from two versions"
            )
        for name, (result, arguments) in abi.FUNCTIONS.items():
            function = getattr(self, "syncline_" + name)
            function.restype = result
            function.argtypes = arguments
        python = ctypes.pythonapi

        def address(name: str) -> c_void_p:
            return ctypes.cast(getattr(python, name), c_void_p)

        self.syncline_python_host(address("PyCapsule_IsValid"), address("PyCapsule_GetPointer"))
        functions = abi.Python(
            save_thread=address("PyEval_SaveThread"),
            restore_thread=address("PyEval_RestoreThread"),
            capsule_new=address("PyCapsule_New"),
            list_append=address("PyList_Append"),
            dec_ref=address("Py_DecRef"),
            err_clear=address("PyErr_Clear"),
        )
        self.syncline_python_functions(byref(functions))
        self.python_next = ctypes.PyDLL(str(path)).syncline_python_next
        self.python_next.restype, self.python_next.argtypes = abi.FUNCTIONS["python_next"]
        self.python_next.argtypes = [ctypes.py_object if a is c_void_p else a for a in self.python_next.argtypes]
        self.capsule_destructor = ctypes.cast(self.syncline_python_capsule_destructor, c_void_p)


def candidates() -> list[Path]:
    """Returns where the library is looked for, first the best place."""
    package = Path(__file__).resolve().parents[1]
    name = "libsyncline.dylib" if sys.platform == "darwin" else "libsyncline.so"
    explicit = os.environ.get("SYNCLINE_LIBRARY")
    if explicit:
        return [Path(explicit)]
    found = [package / "_lib" / name, package / name]
    for parent in package.parents:  # src/main/python/syncline in a checkout
        if parent.name == "native-bridge":
            found.append(parent / "target" / "native" / name)
            break
    return found


def library() -> Library:
    """Returns the library, loaded; starts nothing."""
    global _library
    if _library is not None:
        return _library
    with _lock:
        if _library is not None:
            return _library
        tried = []
        for path in candidates():
            if not path.is_file():
                tried.append(f"{path}: not there")
                continue
            try:
                _library = Library(path)
            except OSError as error:
                tried.append(f"{path}: {error}")
                continue
            return _library
    raise errors.JavaError(
        "Syncline's C library was not found. Install the wheel, run `mvn package` in the checkout, or set "
        "SYNCLINE_LIBRARY to the file. Tried:\n  " + "\n  ".join(tried)
    )


# ---- start -----------------------------------------------------------------------------------------------------------


def _after_fork_in_child() -> None:
    global _forked_from, _lock
    _lock = threading.Lock()
    if _started and _forked_from is None:
        _forked_from = os.getppid()


os.register_at_fork(after_in_child=_after_fork_in_child)


def start() -> None:
    """Starts the Java runtime where it does not run yet; any number of times.

    Raises
    ------
    JavaError
        no runtime of version 25 or newer was found (the message lists what was tried), or it did not start.
    ForkedError
        in a forked child of a process in which it runs.
    """
    global _started
    if _started and _forked_from is None:
        return
    lib = library()
    offer_ffmpeg()
    check(lib, lib.syncline_start())
    with _lock:
        if not _started:
            _started = True
            atexit.register(_shut_down, lib)
            _keep_signals(lib)


def offer_ffmpeg() -> None:
    """Tells Java where the package imageio-ffmpeg has its program: the last place where one is looked for."""
    if os.environ.get("SYNCLINE_IMAGEIO_FFMPEG"):
        return
    import importlib.util

    try:
        spec = importlib.util.find_spec("imageio_ffmpeg")
    except (ImportError, ValueError):
        return
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for program in sorted((Path(folder) / "binaries").glob("ffmpeg-*")):
            if os.access(program, os.X_OK):
                os.environ["SYNCLINE_IMAGEIO_FFMPEG"] = str(program)
                return


def _shut_down(lib: Library) -> None:
    global _exiting
    _exiting = True
    lib.syncline_shutdown()


def _keep_signals(lib: Library) -> None:
    """Java uses SIGSEGV and its relatives in ordinary work: handlers that are set from now on must let Java's go first.

    faulthandler sets its own. Lightning, when training has ended, sets every signal to what Python knew before, and of Java's
    handlers Python knows nothing: the process would die of Java's next null check.
    """
    import faulthandler
    import signal

    enable, set_handler = faulthandler.enable, signal.signal
    of_java = (signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL)

    def enable_behind_java(*args: Any, **kwargs: Any) -> None:
        enable(*args, **kwargs)
        lib.syncline_restore_signals()

    def signal_behind_java(signalnum: Any, handler: Any) -> Any:
        if signalnum not in of_java:
            return set_handler(signalnum, handler)
        if handler == signal.SIG_DFL and signal.getsignal(signalnum) == signal.SIG_DFL:
            # Python has none there, and shall have none: not a moment without Java's
            return handler
        before = set_handler(signalnum, handler)
        lib.syncline_restore_signals()
        return before

    enable_behind_java.__doc__, signal_behind_java.__doc__ = enable.__doc__, set_handler.__doc__
    faulthandler.enable, signal.signal = enable_behind_java, signal_behind_java


def started() -> bool:
    """Whether the Java runtime runs in this process."""
    return _library is not None and _library.syncline_started() == 1


def forked() -> bool:
    """Whether this process was forked from one in which Java ran: nothing of the library may be called."""
    return _forked_from is not None


# ---- results ---------------------------------------------------------------------------------------------------------


def _text(value: Optional[bytes]) -> str:
    return (value or b"").decode("utf-8", "replace")


def version() -> str:
    """Returns the library's version; starts nothing."""
    return _text(library().syncline_version())


def check(lib: Library, status: int) -> int:
    """Returns a call's status, or raises its error; delivers what Java warned of."""
    if lib.syncline_has_warnings():
        deliver_warnings()
    if status < 0:
        if _exiting and threading.current_thread().daemon:
            raise SystemExit  # the process ends and takes the thread along: that is no error of its own
        message = _text(lib.syncline_last_error())
        if message.startswith("handle 0x0 "):  # what Handle.close leaves behind
            message = "used after close(): what it read from is closed"
        error = _EXCEPTIONS.get(status, errors.SynclineError)(message)
        error.java_type = _text(lib.syncline_last_error_type())
        raise error
    return status


def deliver_warnings() -> None:
    """Takes the warnings that Java wrote and delivers them."""
    lib = library()
    out = c_void_p()
    if lib.syncline_take_warnings(byref(out)) == abi.OK:
        warnings.deliver(json.loads(take_text(lib, out)))


def take_text(lib: Library, out: c_void_p) -> str:
    """Returns a text that a call made, and frees it."""
    try:
        return ctypes.string_at(out.value).decode("utf-8")
    finally:
        lib.syncline_free(out)


def call(name: str, *arguments: Any) -> int:
    """Calls a function by its name without the prefix, after the start; returns its status, raises its error."""
    start()
    lib = library()
    return check(lib, getattr(lib, "syncline_" + name)(*arguments))


def call_text(name: str, *arguments: Any) -> str:
    """Calls a function whose last parameter is a text to be made."""
    out = c_void_p()
    call(name, *arguments, byref(out))
    return take_text(library(), out)
