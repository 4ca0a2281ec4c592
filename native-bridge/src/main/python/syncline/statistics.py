# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Statistics of the samples that a recording stores."""

from __future__ import annotations

import os
from typing import Any, Mapping, Optional, Sequence

import numpy as np

from ._arguments import names_or_none, number, several, shortened, truth
from ._native import functions
from ._native.warnings import as_user_warnings
from ._shown import short
from .errors import SynclineError

#: Which quantiles, where nobody says.
_QUANTILES = (0.05, 0.5, 0.95)


def stats(
    path: "str | os.PathLike[str] | Sequence[str | os.PathLike[str]]",
    *,
    pooled: bool = False,
    devices: Optional[Sequence[str]] = None,
    tier: "Optional[str | Sequence[str]]" = None,
    conditions: "Optional[Mapping[str, Any] | Sequence[Mapping[str, Any]]]" = None,
    filters: bool = False,
    config: Any = None,
    quantiles: Sequence[float] = _QUANTILES,
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
        the recording, or several.
    pooled
        of several recordings: the statistics of all their samples together, for which a device has the same signals in
        all (as many, with the same ``unit_ids``); one that some lack is a warning. ``write`` writes them into each.
    devices
        these alone; None for all that have stored samples.
    tier
        only what lies in trials of this tier, or of these.
    conditions
        only what lies in trials whose metadata satisfy this map, or any of these; with ``tier`` both must hold.
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
        Of one recording, or pooled, by device; of several by path first, as it was given. A device has ``unit`` (signal, channel or pixel), ``counts`` (int64), ``nan_shares``, ``means``, ``stds``, ``minima``
        and ``maxima`` (float64 arrays of the signals, channels, or pixels (H, W[, 3])), and ``quantiles``, by share.

    Raises
    ------
    RecordingError
        the recording or a device is missing or broken, or has no samples; statistics are there and
        ``replace`` is False; pooled recordings have other signals, or one comes twice, by whatever name.
    ConfigError
        conditions or filters do not fit the recording.
    ValueError
        an argument has a value that it cannot have; ``pooled`` of one recording.
    """
    several("quantiles", quantiles, "shares")
    shares = [number("quantiles", q) for q in quantiles]
    if truth("moments_only", moments_only):
        if shares and quantiles is not _QUANTILES:
            raise ValueError(f"quantiles: found {shortened(quantiles)}, expected none beside moments_only=True, which leaves them out")
        shares = []
    if config is not None and tier is None and conditions is None and not truth("filters", filters):
        raise ValueError("config: found a configuration without tier, conditions or filters=True, for which alone it is read")
    options = {
        "devices": names_or_none("devices", devices),
        "conditions": _conditions(tier, conditions),
        "filters": truth("filters", filters),
        "config": config,
        "quantiles": shares,
        "moments": truth("moments_only", moments_only),
        "per_pixel": truth("per_pixel", per_pixel),
        "threads": 0 if threads is None else threads,
        "write": truth("write", write),
        "replace": truth("replace", replace),
    }
    one = isinstance(path, (str, bytes, os.PathLike))
    if not one:
        several("path", path, "recordings")
    paths = [path] if one else [os.fspath(each) for each in path]
    if truth("pooled", pooled) and one:
        raise ValueError("pooled: found True beside one recording, expected a list of those to pool")
    if not paths or len(set(paths)) < len(paths):
        raise ValueError(f"path: found {shortened(paths)}, expected each recording once, and one at least")
    try:
        with as_user_warnings():
            if pooled:
                return _by_device(functions.statistics(paths[0], options, paths[1:]))
            every = {each: _by_device(functions.statistics(each, options)) for each in paths}
    except SynclineError as error:
        raise short(error)
    return every[path] if one else every


def _by_device(found: dict[str, Any]) -> dict[str, Any]:
    return {device: _arrays(values) for device, values in found.items()}


def _conditions(
    tier: "Optional[str | Sequence[str]]", conditions: "Optional[Mapping[str, Any] | Sequence[Mapping[str, Any]]]"
) -> Optional[list[dict[str, Any]]]:
    """Return the maps of which one must hold; None where every trial, and what lies in none, counts."""
    tiers = [tier] if isinstance(tier, str) else names_or_none("tier", tier)
    maps = [conditions] if isinstance(conditions, Mapping) else conditions
    several("conditions", maps, "maps")
    if tiers is None and maps is None:
        return None
    wanted = None if maps is None else list(maps)
    for name, given in (("tier", tiers), ("conditions", wanted)):
        if given == []:
            raise ValueError(f"{name}: found an empty list, which no trial satisfies, expected None for all")
    for condition in wanted or ():
        if not isinstance(condition, Mapping):
            raise TypeError(f"conditions: found {shortened(condition)}, expected maps of trial metadata")
    if tiers is None:
        return [dict(condition) for condition in wanted or ()]
    both = [
        {**condition, "tier": name}
        for condition in wanted or [{}]
        for name in tiers
        if condition.get("tier", name) == name
    ]
    if not both:
        raise ValueError(f"conditions: found another tier than {tiers!r}, which tier asks for, expected one of these")
    return both


def _arrays(values: dict[str, Any]) -> dict[str, Any]:
    shape = values.pop("shape")
    result: dict[str, Any] = {"unit": values.pop("unit")}
    quantiles = values.pop("quantiles", None)
    for name, numbers in values.items():
        result[name] = np.array(numbers, dtype=np.int64 if name == "counts" else np.float64).reshape(shape)
    if quantiles is not None:
        result["quantiles"] = {float(q): np.array(n, dtype=np.float64).reshape(shape) for q, n in quantiles.items()}
    return result
