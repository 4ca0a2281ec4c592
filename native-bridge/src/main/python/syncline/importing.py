# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Recordings from files of other formats."""

from __future__ import annotations


from typing import Any, Mapping, Optional, Sequence

from ._arguments import truth
from ._native import functions
from ._native.warnings import warn
from ._shown import brief, short
from .errors import SynclineError


def import_nwb(
    path: "str | os.PathLike[str]",
    to: "str | os.PathLike[str]",
    *,
    only: Optional[Sequence[str]] = None,
    names: Optional[Mapping[str, str]] = None,
    labels: Optional[Mapping[str, str]] = None,
    rates: Optional[Mapping[str, float]] = None,
    repairs: Sequence[str] = (),
    dtype: str = "float32",
    tolerance: float = 0.25,
    threads: Optional[int] = None,
    replace: bool = False,
) -> dict[str, Any]:
    """Make a recording of an NWB file: the folder ``to/NAME`` for ``NAME.nwb``.

    Times stay seconds from the file's reference time. Values are data * conversion * channel_conversion + offset,
    computed in float64 and rounded once to ``dtype``; NaN stays NaN. Devices are called by their path in the file,
    shortened from the left while they stay different; wherever a device is named here, its path will do, too.

    The recording is written beside its place, checked, and renamed: one that is there is whole. What the file is wrong
    about is left out with a warning that names it. pynwb and h5py are not needed.

    Parameters
    ----------
    path
        the NWB file (HDF5).
    to
        the folder that gets the recording; made where it is not there.
    only
        devices to import; None for all but those that ``list_nwb`` marks with ``on_request``.
    names
        other names for devices.
    labels
        for devices of intervals, the column whose values become labels.
    rates
        Hz of series that have no rate or a wrong one, or of units whose times are samples.
    repairs
        what may be done about clocks: ``drop-nan-times``, ``sort-times``, ``drop-repeated-times``,
        ``cut-to-shortest``, ``zero-start``, ``fill-gaps`` (rows of NaN where whole steps of a constant rate are missing,
        so that the clock is regular), ``coarse-times`` (times that float32 has rounded).
    dtype
        ``float32``, ``float64``, or ``stored``: the type in the file, without conversion and offset, which then
        stand in the device's ``meta/nwb.json``.
    tolerance
        a clock is regular where no time is off by this share of its period; others keep their times.
    threads
        threads that read; None for as many as there are processors.
    replace
        whether a recording that is there is replaced.

    Returns
    -------
    dict[str, Any]
        ``file``, ``recording`` (the folder), ``mapped`` (a dict a device: ``device``, ``path``, ``type``, ``modality``,
        ``what``, ``notes``), ``left`` (``path``, ``type``, ``reason``, ``faulty``) and ``notes``. What of a device's samples
        is left out, and clocks that disagree, are warnings, too.

    Raises
    ------
    RecordingError
        the file is missing, damaged or no NWB file; nothing in it can be mapped; what was named is not
        there or is faulty; the recording is there and ``replace`` is False; the folder cannot be written.
    ValueError
        an argument has a value that it cannot have.
    """
    try:
        report = functions.import_file(
            "nwb",
            {
                "file": functions.absolute(path),
                "to": functions.absolute(to),
                "only": None if only is None else _several("only", only),
                "names": dict(names or {}),
                "labels": dict(labels or {}),
                "rates": {name: float(rate) for name, rate in (rates or {}).items()},
                "repairs": _several("repairs", repairs),
                "dtype": dtype,
                "tolerance": float(tolerance),
                "threads": threads,
                "replace": truth("replace", replace),
            },
        )
    except SynclineError as error:
        raise short(error)
    for left in report["left"]:
        if left["faulty"]:
            warn(f"{report['file']}: {left['path']} is left out: {left['reason']}")
    for device in report["mapped"]:
        for note in device["notes"]:
            if note.endswith((" are left out", " and left out")):
                warn(f"{report['file']}: {device['path']}: {note}")
    for note in report["notes"]:
        warn(f"{report['recording']}: {note}")
    return report


@brief
def list_nwb(path: "str | os.PathLike[str]") -> list[dict[str, Any]]:
    """Say what is in an NWB file and what becomes of each thing, without writing anything.

    Parameters
    ----------
    path
        the NWB file (HDF5).

    Returns
    -------
    list[dict[str, Any]]
        A dict a thing: ``path``, ``type`` (its neurodata_type), ``shape`` (a text), ``modality`` and ``device`` (None
        where it cannot become a device), ``on_request`` (it is imported only where it is named), ``reason`` (None where
        it is imported).

    Raises
    ------
    RecordingError
        the file is missing, damaged or no NWB file.
    """
    return functions.import_file("nwb", {"file": functions.absolute(path)})["items"]


def _several(name: str, texts: Sequence[str]) -> list[str]:
    """A text alone would be taken for its letters."""
    if isinstance(texts, str):
        raise ValueError(f"{name} is {texts!r}, expected a list: [{texts!r}]")
    return list(texts)
