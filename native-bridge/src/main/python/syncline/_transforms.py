# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Transforms that run in Python: those of a program's own, and Java's between them."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np

from ._native import functions as native
from ._torch import is_tensor, torch_or_none
from ._config import Fixed
from .errors import ConfigError


#: seed (None: the dataset's) and epoch of the items that a loader makes on this thread; None: nobody said
_DRAWN: ContextVar[tuple[int | None, int] | None] = ContextVar("syncline_drawn", default=None)


@contextmanager
def drawing(seed: int | None, epoch: int) -> Iterator[None]:
    """Let transforms of items that are made here draw with a seed (None: that of their dataset) for an epoch."""
    token = _DRAWN.set((seed, epoch))
    try:
        yield
    finally:
        _DRAWN.reset(token)


class Draws:
    """The generators of one chunk's transforms: ``Generator(PCG64(SeedSequence([seed, epoch, chunk, position])))``.

    Parameters
    ----------
    seed
        of the dataset, None for 0.
    epoch
        of the dataset.
    chunk
        returns its number among all valid starts; asked where something draws.
    again
        is told what draws here for an epoch that no loader of this package said.
    """

    def __init__(
        self, seed: int | None, epoch: int, chunk: Callable[[], int], again: Callable[[int, int], None] | None = None
    ) -> None:
        drawn = _DRAWN.get()
        told_seed, self._epoch = drawn or (None, epoch)
        self._again = again if drawn is None else None
        self._seed = next((s for s in (told_seed, seed) if s is not None), 0)
        self._chunk = chunk

    def at(self, position: int) -> np.random.Generator:
        """Return a new generator for the transform at a place in its list."""
        chunk = self._chunk()
        if self._again is not None:
            self._again(chunk, position)
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence([self._seed, self._epoch, chunk, position])))


class Drawn:
    """Whether generators draw again what they drew, in a program that does not say epochs."""

    _KEPT = 4096
    #: more than looking at one item now and then makes
    _REPEATS = 32

    def __init__(self) -> None:
        self._seen: set[tuple[int, int]] | None = set()
        self._repeats = 0

    def said(self) -> None:
        """Take note that the program says epochs."""
        self._seen = None

    def repeats(self, chunk: int, position: int) -> bool:
        """Return whether so many have come again that it is to be said, once."""
        seen = self._seen  # other threads may be told meanwhile
        if seen is None:
            return False
        if (chunk, position) not in seen:
            if len(seen) < self._KEPT:
                seen.add((chunk, position))
            return False
        self._repeats += 1
        if self._repeats < self._REPEATS:
            return False
        self._seen = None
        return True


def takes_rng(step: Any) -> bool:
    """Whether a transform asks for a generator: by a parameter of that name which nobody has filled."""
    if isinstance(step, functools.partial) and "rng" in step.keywords:
        return False
    # a torch module takes what its forward takes
    for function in (step, getattr(step, "forward", None)):
        try:
            if function is not None and "rng" in inspect.signature(function).parameters:
                return True
        except (TypeError, ValueError):
            continue
    return False


class Transform:
    """Applies a device's transforms to values as interpolated, (T, H, W[, C]) or (T, N).

    Called, it returns what the original's does: frames (T, C, H, W), everything else (1, T, N).
    """

    def __init__(
        self,
        screen: bool,
        steps: list[Callable],
        statistics: tuple | None,
        names: Sequence[str] = (),
        channels: Callable[[Any], Any] | None = None,
    ) -> None:
        self.screen = screen
        # what gives frames a channel axis in a program's own way
        self._channels = channels if screen else None
        self.steps = steps
        self.statistics = statistics
        #: where the steps stand in the configuration, for messages
        self.names = names
        self._made = screen, tuple(steps), statistics, channels if screen else None
        self._draws: dict[int, tuple[Any, bool]] = {}

    @property
    def altered(self) -> bool:
        """Whether a program has changed what this was made of: it would do something else than what Java does for it."""
        steps, (screen, made, statistics, channels) = self.steps, self._made
        return (
            len(steps) != len(made)
            or any(a is not b for a, b in zip(steps, made))
            or self.screen is not screen
            or self.statistics is not statistics
            or self._channels is not channels
        )

    def _takes_rng(self, step: Any) -> bool:
        # asked for each item, of steps that a program may have changed
        known = self._draws.get(id(step))
        if known is None or known[0] is not step:
            known = self._draws[id(step)] = step, takes_rng(step)
        return known[1]

    def __call__(self, values: Any) -> Any:
        data = self.apply(values)
        return data if self.screen else data[None]

    def entry(self, values: Any, draws: Draws | None = None) -> Any:
        """Return an item's entry: (C, T, H, W) or (T, N)."""
        data = self.apply(values, draws)
        if self.screen:
            if data.ndim != 4:
                raise ConfigError(f"{self._last()} returned the shape {tuple(data.shape)}, expected (T, C, H, W)")
            data = data.permute(1, 0, 2, 3).contiguous() if is_tensor(data) else np.ascontiguousarray(data.swapaxes(0, 1))
        return data

    def apply(self, values: Any, draws: Draws | None = None) -> Any:
        """Return transformed values; without draws those that take ``rng`` draw as for seed, epoch and chunk 0."""
        torch = torch_or_none()
        data = values if is_tensor(values) else np.ascontiguousarray(values)
        if self._channels is not None:
            data = self._channels(data if data.ndim == 3 else np.moveaxis(np.asarray(data), 3, 1))
        elif self.screen:
            if data.ndim == 3:
                data = data[:, None]  # (T, 1, H, W)
            elif data.ndim == 4:
                data = data.permute(0, 3, 1, 2) if is_tensor(data) else np.moveaxis(data, 3, 1)
        if torch is not None and not is_tensor(data):
            data = torch.from_numpy(np.ascontiguousarray(data))
        for i, step in enumerate(self.steps):
            data = step(data, rng=(draws or Draws(0, 0, int)).at(i)) if self._takes_rng(step) else step(data)
            if data is None:
                where = f"{self.names[i]}: " if i < len(self.names) else ""
                raise ConfigError(f"{where}the transform {step!r} returned None, expected the transformed values")
        if not hasattr(data, "ndim"):
            raise ConfigError(f"{self._last()} returned {type(data).__name__}, expected an array or tensor")
        if self.statistics is not None:
            data = self._normalize(data)
        return data

    def _last(self) -> str:
        where = f"{self.names[-1]}: " if len(self.names) == len(self.steps) else ""
        return f"{where}the transform {self.steps[-1]!r}"

    def _normalize(self, data: Any) -> Any:
        means, stds = self.statistics  # type: ignore[misc]
        if not is_tensor(data):
            dtype = data.dtype if data.dtype.kind == "f" else np.dtype(np.float32)
            shape = (1, -1, 1, 1) if self.screen else (1, -1)
            data = data.astype(dtype, copy=False)
            if means is not None:
                data = data - np.asarray(means).astype(dtype).reshape(shape)
            return data / np.asarray(stds).astype(dtype).reshape(shape)
        torch = torch_or_none()
        dtype = data.dtype if data.dtype.is_floating_point else torch.float32
        shape = (1, -1, 1, 1) if self.screen else (1, -1)
        data = data.to(dtype)
        if means is not None:
            data = data - torch.tensor(means, dtype=torch.float64).to(dtype).reshape(shape)
        return data / torch.tensor(stds, dtype=torch.float64).to(dtype).reshape(shape)


class NativeStep:
    """A screen transform that Java applies, between steps that it does not know."""

    def __init__(self, target: Mapping[str, Any]) -> None:
        self.target = Fixed(target, "target: found a change of what a transform was made with, which would change nothing in it: put another one in its place")
        self._handle = native.transforms_open([self.target])

    def __call__(self, frames: Any) -> Any:
        out = native.transforms_apply(self._handle, frames.numpy() if is_tensor(frames) else frames)
        return out.torch() if is_tensor(frames) else out.numpy()

    def __reduce__(self) -> tuple[Any, ...]:
        return NativeStep, (dict(self.target),)


def entry_of(name: str, transform: Callable[..., Any], values: Any, draws: Draws, frames: bool) -> Any:
    """Return an item's entry from a device's values: as :class:`Transform` knows it, or by the original's rule."""
    if isinstance(transform, Transform):
        return transform.entry(values, draws)
    length = len(values)
    data = transform(values, rng=draws.at(0)) if takes_rng(transform) else transform(values)
    if data is None:
        raise ConfigError(f"the transform {transform!r} of {name} returned None, expected the transformed values")
    if data.shape[0] == 1 and data.ndim > (4 if frames else 2):
        data = data[0]
    if not frames or data.ndim != 4:
        return data
    tensor = is_tensor(data)
    if data.shape[-1] == 3 and data.shape[1] not in (1, 3):
        data = data.permute(0, 3, 1, 2) if tensor else np.moveaxis(data, 3, 1)
    if data.shape[0] == length:
        data = data.permute(1, 0, 2, 3) if tensor else data.swapaxes(0, 1)
    return data.contiguous() if tensor else np.ascontiguousarray(data)
