# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Arrays and tensors of an item: NaN replaced, behaviour as channels."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._torch import is_tensor, torch_or_none


def replace_nan_with_batch_mean(data: Any) -> Any:
    """Replace NaN by the mean of its column (axis 0 is time), NaN ignored; 0 where a column has nothing else.

    Parameters
    ----------
    data
        array or tensor of shape (T, ...). It is changed where it can be written to.

    Returns
    -------
    Any
        The same object, or another of its kind, dtype and shape where it is read-only.
    """
    result = filled(data)
    if result is data or (isinstance(data, np.ndarray) and not data.flags.writeable):
        return result
    if is_tensor(data) or isinstance(data, np.ndarray):
        data[...] = result
        return data
    return result


def filled(data: Any) -> Any:
    """Return what :func:`replace_nan_with_batch_mean` makes of samples, which stay as they are."""
    if is_tensor(data):
        torch = torch_or_none()
        bad = torch.isnan(data)
        if not bad.any():
            return data
        means = torch.nan_to_num(torch.nanmean(data, dim=0, keepdim=True), nan=0.0)
        return torch.where(bad, means, data)
    data = np.asarray(data)
    if data.dtype.kind != "f":
        return data
    bad = np.isnan(data)
    if not bad.any():
        return data
    count = (~bad).sum(axis=0, keepdims=True)
    total = np.where(bad, 0, data).sum(axis=0, keepdims=True, dtype=np.float64)
    means = np.divide(total, count, out=np.zeros_like(total), where=count > 0)
    return np.where(bad, means.astype(data.dtype), data)


def padded(values: Any, mask: Any, screen: bool) -> Any:
    """Return an entry of the samples that a mask says are real with NaN, or 0 in integers, in place of the others."""
    axis = 1 if screen else 0
    shape = list(values.shape)
    shape[axis] = len(mask)
    if is_tensor(values):
        out = values.new_full(shape, float("nan") if values.dtype.is_floating_point else 0)
    else:
        out = np.full(shape, np.nan if values.dtype.kind == "f" else 0, dtype=values.dtype)
        mask = np.asarray(mask)
    out[(slice(None), mask) if screen else mask] = values
    return out


#: devices that become channels of a screen
BEHAVIOUR = ("eye_tracker", "treadmill")


def add_behavior_as_channels(data: dict[str, Any]) -> dict[str, Any]:
    """Append eye tracker, then treadmill to the screen's channels, each signal broadcast over the frame.

    Parameters
    ----------
    data
        ``screen`` (C, T, H, W), ``eye_tracker`` and ``treadmill`` (T, N) or (T, H, W); either may be missing.

    Returns
    -------
    dict[str, Any]
        The same dict with a new ``screen`` of the widest dtype; the other entries stay.

    Raises
    ------
    ValueError
        a device has another number of samples than the screen.
    """
    return with_behaviour(data, "screen")


def with_behaviour(data: dict[str, Any], name: str) -> dict[str, Any]:
    """Do what :func:`add_behavior_as_channels` does to a screen of any name."""
    screen = data[name]
    parts = [screen]
    for device in BEHAVIOUR:
        if device not in data:
            continue
        values = data[device]
        if values.shape[0] != screen.shape[1]:
            raise ValueError(
                f"{device} has {values.shape[0]} samples, {name} has {screen.shape[1]}: "
                "behaviour can only become channels at the screen's rate and chunk size"
            )
        # (T, N), or one plane a sample: (T, H, W)
        planes = values[None] if values.ndim == 3 else values.T[:, :, None, None]
        shape = (planes.shape[0], *screen.shape[1:])
        if is_tensor(screen):
            parts.append(planes.expand(shape))
        else:
            parts.append(np.broadcast_to(planes, shape))
    if is_tensor(screen):
        torch = torch_or_none()
        dtype = screen.dtype
        for part in parts:
            dtype = torch.promote_types(dtype, part.dtype)
        data[name] = torch.cat([p.to(dtype) for p in parts], dim=0)
    else:
        data[name] = np.concatenate(parts, axis=0, dtype=np.result_type(*parts))
    return data
