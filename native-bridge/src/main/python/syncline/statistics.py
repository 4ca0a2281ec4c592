# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Statistics of the samples that a recording stores."""

from __future__ import annotations

import os
from typing import Any, Mapping, Optional, Sequence

import numpy as np

from ._arguments import several, truth
from ._native import functions
from ._shown import short
from .errors import SynclineError


def stats(
    path: "str | os.PathLike[str]",
    *,
    devices: Optional[Sequence[str]] = None,
    tier: "Optional[str | Sequence[str]]" = None,
    conditions: Optional[Sequence[Mapping[str, Any]]] = None,
    filters: bool = False,
    config: Any = None,
    quantiles: Sequence[float] = (0.05, 0.5, 0.95),
    moments_only: bool = False,
    per_pixel: bool = False,
    threads: Optional[int] = None,
    write: bool = False,
    replace: bool = False,
) -> dict[str, dict[str, Any]]:
    """Compute statistics of each signal of sequences, and of each channel or pixel of screens.

    NaN is left out; deviations are those of the population. Means and deviations of whole sequences have the bits of
    those that a ``recompute_...`` normalization computes. Data are read in blocks: memory does not grow with them.

    Parameters
    ----------
    path
        the recording.
    devices
        these alone; None for all that have stored samples.
    tier
        only what lies in trials of this tier, or of these.
    conditions
        only what lies in trials whose metadata satisfy any of these maps, or ``tier``.
    filters
        only what the filters of the configuration leave.
    config
        the configuration (a mapping) of conditions and filters; None for one made for the devices there.
    quantiles
        shares from 0 to 1; their rank is off by about half a percent; empty for none, which is faster.
    moments_only
        neither extremes nor quantiles, which is fastest.
    per_pixel
        of screens each pixel, without quantiles.
    threads
        that read; None for as many as there are processors.
    write
        whether ``meta/means.npy`` and ``meta/stds.npy`` of each device are written into the recording, where a
        normalization reads them; nothing else ever writes there.
    replace
        with ``write``, whether files that are there are replaced.

    Returns
    -------
    dict[str, dict[str, Any]]
        By device: ``unit`` (signal, channel or pixel), ``counts`` (int64), ``nan_shares``, ``means``, ``stds``, ``minima``
        and ``maxima`` (float64 arrays of the signals, channels, or pixels (H, W[, 3])), and ``quantiles``, by share.

    Raises
    ------
    RecordingError
        the recording or a device is missing or broken, or has no samples; statistics are there and
        ``replace`` is False.
    ConfigError
        conditions or filters do not fit the recording.
    ValueError
        an argument has a value that it cannot have.
    """
    several("devices", devices, "names")
    wanted = [dict(condition) for condition in conditions or ()]
    wanted += [{"tier": name} for name in ([tier] if isinstance(tier, str) else tier or ())]
    try:
        found = functions.statistics(
            path,
            {
                "devices": None if devices is None else list(devices),
                "conditions": wanted or None,
                "filters": truth("filters", filters),
                "config": config,
                "quantiles": [float(q) for q in quantiles],
                "moments": truth("moments_only", moments_only),
                "per_pixel": truth("per_pixel", per_pixel),
                "threads": threads or 0,
                "write": truth("write", write),
                "replace": truth("replace", replace),
            },
        )
    except SynclineError as error:
        raise short(error)
    return {device: _arrays(values) for device, values in found.items()}


def _arrays(values: dict[str, Any]) -> dict[str, Any]:
    shape = values.pop("shape")
    result: dict[str, Any] = {"unit": values.pop("unit")}
    quantiles = values.pop("quantiles", None)
    for name, numbers in values.items():
        result[name] = np.array(numbers, dtype=np.int64 if name == "counts" else np.float64).reshape(shape)
    if quantiles is not None:
        result["quantiles"] = {float(q): np.array(n, dtype=np.float64).reshape(shape) for q, n in quantiles.items()}
    return result
