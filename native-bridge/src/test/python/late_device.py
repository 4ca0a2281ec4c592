# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Stands in for a CUDA device where there is none: a driver that does everything as late as it may, and keeps book.

Its tensors are the processor's, full of rubbish until their copies have run. A copy knows the address that it reads and no
tensor, as on a real device: what was given back and written again before that is read wrong, and noted in ``early``.
"""

import ctypes
import sys
import weakref
from collections import deque

import torch

from syncline import _device
from syncline._native import functions as native


class Stream:
    def __init__(self, name):
        self.name = name
        self.todo = deque()


class Event:
    def __init__(self, stream):
        self.stream = stream
        self.done = False


class Copy:
    def __init__(self, to, tensor, early):
        assert tensor.is_contiguous() and tensor.device.type == "cpu"
        assert tensor.shape == to.shape and tensor.dtype == to.dtype
        self.to, self.address, self.bytes = to, tensor.data_ptr(), tensor.numel() * tensor.element_size()
        self.done = False
        weakref.finalize(tensor, self._gone, early)

    def _gone(self, early):
        if not self.done:
            early.append(self)

    def run(self):
        if self.bytes:
            ctypes.memmove(self.to.data_ptr(), self.address, self.bytes)
        self.done = True


class LateDriver:
    """In the place of :class:`syncline._device.CudaDriver`."""

    def __init__(self):
        self.streams = []
        #: the one on which the program works
        self.program = Stream("program")
        #: copies whose source was given up before they ran
        self.early = []
        #: bytes copied
        self.bytes = 0
        #: what the program's stream was told, in order: "wait" and "record" with events, "keep" with a tensor's address
        self.told = []
        #: events that the program waited for
        self.finished = []
        #: called before memory is made
        self.before_memory = lambda: None
        #: whose memory a tensor is, by address
        self.owner = {}

    def stream(self):
        self.streams.append(Stream(f"copies {len(self.streams)}"))
        return self.streams[-1]

    def current_stream(self):
        return self.program

    def empty(self, stream, forms):
        self.before_memory()
        made = []
        for shape, dtype in forms:
            tensor = torch.empty(shape, dtype=dtype)
            tensor.view(torch.uint8).fill_(0xA5) if tensor.dim() else tensor.fill_(77)
            self.owner[tensor.data_ptr()] = stream
            made.append(tensor)
        return made

    def copy(self, stream, pairs):
        for to, tensor in pairs:
            assert self.owner[to.data_ptr()] is stream
            copy = Copy(to, tensor, self.early)
            self.bytes += copy.bytes
            stream.todo.append(copy)

    def launch(self, stream, work):
        stream.todo.append(work)

    def record(self, stream):
        event = Event(stream)
        stream.todo.append(event)
        if stream is self.program:
            self.told.append(("record", event))
        return event

    def wait(self, stream, event):
        assert stream is self.program
        self.told.append(("wait", event))
        stream.todo.append(lambda: self._reach(event))

    def keep(self, tensor, stream):
        assert stream is self.program and self.owner[tensor.data_ptr()] is not stream
        self.told.append(("keep", tensor.data_ptr()))

    def is_done(self, event):
        return event.done

    def finish(self, event):
        self.finished.append(event)
        self._reach(event)

    def _reach(self, event):
        while not event.done:
            self._step(event.stream)

    def _step(self, stream):
        task = stream.todo.popleft()
        # the device's work, which no Ctrl-C of a test comes into
        before = sys.gettrace()
        sys.settrace(None)
        if isinstance(task, Copy):
            task.run()
        elif isinstance(task, Event):
            task.done = True
        else:
            task()
        sys.settrace(before)

    def synchronize(self):
        """Let the program's stream do all that it has to do, as where a program looks at a result."""
        while self.program.todo:
            self._step(self.program)

    @property
    def under_way(self):
        """Copies that have not run."""
        return sum(isinstance(t, Copy) for s in self.streams for t in s.todo)


def instead_of_cuda(monkeypatch):
    """Let passes on "cuda" go to a late driver, and return it."""
    driver = LateDriver()
    monkeypatch.setattr(_device, "cuda_driver", lambda device: lambda: driver)
    # the driver of the machine, if it has one, is not asked to register memory
    monkeypatch.setattr(native, "cuda_available", lambda: False)
    return driver
