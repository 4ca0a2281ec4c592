# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Recordings from arrays."""

from __future__ import annotations

import os
from types import TracebackType
from typing import Any, Iterable, Iterator, Mapping, Optional, Sequence

import numpy as np

from . import _torch
from ._arguments import truth
from ._native import functions
from ._shown import brief, one_line


#: of whole numbers of metadata, which are read exactly
_BITS = 1000

#: up to here float64 has all whole numbers
_WHOLE = 1 << 53


def _rounded(what: str, number: int) -> ValueError:
    return ValueError(
        f"{what}: found {number}, expected whole numbers of at most 2**53 among floats: as float64 it would be {int(float(number))}; give integers alone, "
        "as an array of int64, or subtract an offset"
    )


def _wholes(values: Any) -> Iterator[int]:
    """Yields the whole numbers in nested lists."""
    for value in values:
        if isinstance(value, (list, tuple)):
            yield from _wholes(value)
        elif isinstance(value, (int, np.integer)):
            yield int(value)
        elif hasattr(value, "__array__"):
            array = np.asarray(value)
            yield from _wholes(array.reshape(-1).tolist() if array.dtype.kind in "iuO" else ())


def _refuse_rounded(what: str, values: Any, array: np.ndarray) -> None:
    """Refuses whole numbers that became floats beside others, and are other numbers by that."""
    if array.dtype.kind != "f":
        return
    if isinstance(values, (list, tuple)) and array.size and np.nanmax(np.abs(array), initial=0.0) >= _WHOLE:
        for number in _wholes(values):
            if int(array.dtype.type(number)) != number:
                raise _rounded(what, number)
    elif hasattr(values, "dtypes") and hasattr(values, "columns"):  # a frame, whose columns have types of their own
        for name in values.columns:
            column = np.asarray(values[name].to_numpy())
            if column.dtype.kind in "iu":
                for number in column[(column.astype(array.dtype) >= _WHOLE) | (column.astype(array.dtype) <= -_WHOLE)].tolist():
                    if int(array.dtype.type(number)) != number:
                        raise _rounded(f"{what}: {name}", number)


def _array(what: str, values: Any, dtype: Any = None, missing: bool = False) -> np.ndarray:
    """Returns an array as Java reads it; never copies one that is so already.

    What a masked array hides becomes NaN where values may be ``missing`` and floats, and is an error otherwise.
    """
    if _torch.is_tensor(values):
        tensor = values.detach().cpu()
        try:
            values = tensor.numpy()
        except TypeError:  # bfloat16 and smaller ones
            raise ValueError(
                f"{what}: found dtype {tensor.dtype}, expected bool, integers or floats of at most 64 bits that NumPy has; convert the values, as .float() does"
            ) from None
    given = values
    if hasattr(values, "to_numpy"):
        values = values.to_numpy()
    if np.ma.is_masked(values):
        if not missing or values.dtype.kind != "f":
            raise ValueError(
                f"{what}: found {np.ma.count_masked(values)} masked of {values.size} values of {values.dtype}, expected none; "
                + ("convert them to floats, which have NaN" if missing else "leave them out")
            )
        values = values.filled(np.nan)
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(
            f"{what}: found a {type(values).__name__} of {len(values)} items of unlike shapes, expected one array; blocks of rows "
            "come from an iterator, iter(blocks)"
        ) from None
    if array.dtype.kind not in "biuf" or array.dtype.itemsize > 8:
        raise ValueError(
            f"{what}: found dtype {array.dtype}, expected bool, integers or floats of at most 64 bits; convert the values"
        )
    _refuse_rounded(what, given, array)
    if dtype == np.int64 and array.dtype == np.uint64 and array.size and array.max() > np.iinfo(np.int64).max:
        raise ValueError(f"{what}: found {array.max()}, expected whole numbers of at most 63 bits and a sign")
    return np.require(array, dtype or array.dtype.newbyteorder("="), ["C"])


def _number(what: str, value: Any) -> float:
    if np.ndim(value) == 0:
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            pass
        else:
            for exact in _wholes([value]):
                if int(number) != exact:
                    raise _rounded(what, exact)
            return number
    raise ValueError(f"{what}: found {value!r}, expected one number")


def _optional(what: str, value: Any) -> Optional[float]:
    return None if value is None else _number(what, value)


def _seconds(what: str, values: Any) -> np.ndarray:
    """Returns times as float64, in which nobody sees any more that they were rounded: so what is rounded too far is refused here."""
    array = _array(what, values)
    step = functions.coarse(array)
    if step is not None:
        raise ValueError(
            f"{what}: found times in {array.dtype}, which has steps of {step[0]:g} s at {step[1]:g}, expected float64: make the times in float64, "
            "or subtract the first one before they become smaller; numpy.float64(times) writes them as they are"
        )
    if array.dtype.kind in "iu" and array.size and max(int(array.max()), -int(array.min())) > _WHOLE:
        for number in array[np.abs(array.astype(np.float64)) >= _WHOLE].tolist():
            if int(float(number)) != number:
                raise _rounded(what, number)
    return np.require(array, np.float64, ["C"])


def _times(what: str, values: Any) -> np.ndarray:
    array = _seconds(what, values)
    if array.ndim > 1:
        raise ValueError(f"{what}: found times of shape {array.shape}, expected one axis")
    return array.reshape(-1)


def _plain(value: Any) -> Any:
    """Returns metadata without NumPy's types, which JSON does not have."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, np.generic) and not isinstance(value.item(), np.generic):
        return _plain(value.item())
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, int) and value.bit_length() > _BITS:
        raise ValueError(f"metadata: found a whole number of {value.bit_length()} bits, expected at most {_BITS}; write a text")
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise ValueError(
        f"metadata: found a {type(value).__name__}, expected None, bool, numbers, texts, or lists and mappings of those"
    )


class _Device:
    def __init__(self, recording: "RecordingWriter", name: str, options: dict[str, Any]) -> None:
        if not isinstance(name, str):
            raise ValueError(f"the name of a device: found {name!r}, expected a text")
        functions.writer_device(recording._open(), name, {key: v for key, v in options.items() if v is not None})
        self.name = name
        self._recording = recording

    @one_line
    def __repr__(self) -> Iterator[str]:
        yield self.name
        yield repr(self._recording)

    def _append(
        self, values: Optional[np.ndarray], times: Optional[np.ndarray], options: Optional[dict[str, Any]] = None
    ) -> None:
        functions.writer_append(self._recording._open(), self.name, values, times, options)


class SequenceWriter(_Device):
    """A sequence that is being written; see :meth:`RecordingWriter.sequence`."""

    @brief
    def append(self, block: Any, timestamps: Any = None) -> "SequenceWriter":
        """Append rows.

        Parameters
        ----------
        block
            (n, signals): an array, a tensor or a frame of numbers; (n,) where the sequence is known to have one signal, by
            its timestamps, a block before, an id or a phase shift, for a row of n signals looks alike. Type and number of
            signals are the same in all blocks; NaN is a missing sample, and so is what a masked array of floats hides.
            It goes to the disk at once.
        timestamps
            seconds, one for each row, rising over all blocks; of a sequence without a rate alone.

        Raises
        ------
        ValueError
            another shape, type or other times; the recording is finished.
        RecordingError
            it cannot be written; the recording is then given up.
        """
        times = None if timestamps is None else _times(f"{self.name}: timestamps", timestamps)
        self._append(_array(f"{self.name}: rows", block, missing=True), times)
        return self


class ScreenWriter(_Device):
    """A screen that is being written, trial by trial; see :meth:`RecordingWriter.screen`.

    Metadata are any names with plain values (``tier="train"``); those that are no identifiers go into ``metadata``. Errors
    are those of :meth:`SequenceWriter.append`.
    """

    @brief
    def image(self, pixels: Any, time: float, metadata: Optional[Mapping[str, Any]] = None, **more: Any) -> "ScreenWriter":
        """Add a trial that shows one image, (H, W) or (H, W, 3), from a time in seconds on.

        Parameters
        ----------
        pixels
            bytes or floats, by which the file gets its type.
        time
            seconds.
        metadata
            of the trial, by which configurations choose: ``tier``, ...
        **more
            more of it, as keywords.
        """
        return self._trial("image", _array(f"{self.name}: pixels", pixels), [time], metadata, more)

    @brief
    def video(self, pixels: Any, times: Any, metadata: Optional[Mapping[str, Any]] = None, **more: Any) -> "ScreenWriter":
        """Add a trial that shows a video, (T, H, W) or (T, H, W, 3), with the time of each frame in seconds.

        Parameters
        ----------
        pixels
            bytes or floats, by which the file gets its type.
        times
            seconds, increasing.
        metadata
            of the trial, by which configurations choose: ``tier``, ...
        **more
            more of it, as keywords.
        """
        return self._trial("video", _array(f"{self.name}: pixels", pixels), times, metadata, more)

    @brief
    def blank(
        self, value: float, time: float, metadata: Optional[Mapping[str, Any]] = None, **more: Any
    ) -> "ScreenWriter":
        """Add a trial without pixels: one frame of one value, from a time in seconds on.

        Parameters
        ----------
        value
            of each pixel.
        time
            seconds.
        metadata
            of the trial, by which configurations choose: ``tier``, ...
        **more
            more of it, as keywords.
        """
        return self._trial("blank", None, [time], metadata, more, value=_number(f"{self.name}: blank", value))

    @brief
    def file(
        self, path: "str | os.PathLike[str]", times: Any, metadata: Optional[Mapping[str, Any]] = None, **more: Any
    ) -> "ScreenWriter":
        """Add a trial whose pixels are a file (.npy, or an encoded image or video), which is copied as it is.

        Parameters
        ----------
        path
            a .npy file, or an encoded image or video.
        times
            seconds of the frames, increasing; of an image one alone.
        metadata
            of the trial; ``image_size`` [H, W] may be there for an encoded file.
        **more
            more of it, as keywords.
        """
        return self._trial("file", None, times, metadata, more, file=os.path.abspath(os.path.expanduser(path)))

    def _trial(
        self,
        kind: str,
        pixels: Optional[np.ndarray],
        times: Any,
        metadata: Optional[Mapping[str, Any]],
        more: Mapping[str, Any],
        **options: Any,
    ) -> "ScreenWriter":
        plain = _plain({**(metadata or {}), **more})
        seconds = _times(f"{self.name}: times", times)
        self._append(pixels, seconds, {"kind": kind, "metadata": plain, **options})
        return self


class SpikesWriter(_Device):
    """Spikes that are being written, unit by unit; see :meth:`RecordingWriter.spikes`."""

    @brief
    def unit(self, times: Any, rate: Optional[float] = None) -> "SpikesWriter":
        """Add the next unit.

        Parameters
        ----------
        times
            of its spikes, sorted: seconds, or, with a rate, whole numbers of samples.
        rate
            Hz of the sample numbers.

        Raises
        ------
        ValueError
            times that fall or are not finite; the recording is finished.
        RecordingError
            they cannot be written; the recording is then given up.
        """
        if np.ndim(times) == 0:
            raise ValueError(
                f"{self.name}: found {times}, one number, as a unit, expected the times of its spikes; give a list of arrays, "
                "or clusters beside the spikes of all units"
            )
        if rate is None:
            self._append(None, _times(f"{self.name}: times", times))
            return self
        samples = _array(f"{self.name}: samples", times)
        if samples.dtype.kind not in "iu" and samples.size:
            raise ValueError(
                f"{self.name}: samples: found dtype {samples.dtype}, expected whole numbers; leave rate out for seconds"
            )
        self._append(_array(self.name, samples, np.int64), None, {"rate": _number(f"{self.name}: rate", rate)})
        return self


class RecordingWriter:
    """Write a recording: sequences, screens, spikes and labelled intervals, in blocks as they come.

    >>> with syncline.RecordingWriter("recording") as writer:
    ...     responses = writer.sequence("responses", rate=8.0)
    ...     for block in blocks:
    ...         responses.append(block)

    It is written under a hidden name beside its place, checked as ``syncline validate`` does, given
    checksums, and gets its name at the end of ``with``: one that is there is whole. An exception in it, also Ctrl-C, leaves nothing. Times are seconds, with one
    origin for all devices. Any thread may call, one at a time.

    Parameters
    ----------
    path
        the folder that is made.
    replace
        whether a recording that is there is replaced, as a whole and only at the end.
    meta
        what meta.json says: ``data_key``, the recording's name (by default its folder's), and anything else.

    Raises
    ------
    RecordingError
        there is something already that is not to be replaced, or is no recording; the folder cannot be
        made.
    """

    @brief
    def __init__(
        self, path: "str | os.PathLike[str]", *, replace: bool = False, meta: Optional[Mapping[str, Any]] = None
    ) -> None:
        self.path = os.fspath(path)
        #: what is odd about the finished recording, without being wrong
        self.warnings: list[str] = []
        self._handle: Optional[functions.Handle] = functions.writer_open(
            path, {"replace": truth("replace", replace), "meta": _plain(meta or {})}
        )

    @one_line
    def __repr__(self) -> Iterator[str]:
        yield repr(self.path)
        if self._handle is None:
            yield "closed"

    def _open(self) -> functions.Handle:
        if self._handle is None:
            raise ValueError(f"{self.path}: found a recording that is finished or closed, expected an open one")
        return self._handle

    @brief
    def sequence(
        self,
        name: str,
        *,
        rate: Optional[float] = None,
        start: Optional[float] = None,
        phase_shifts: Any = None,
        unit_ids: Any = None,
        statistics: bool = True,
    ) -> SequenceWriter:
        """Begin a sequence.

        Parameters
        ----------
        name
            of its folder: letters, digits, and ``. - _`` inside.
        rate
            Hz; None where each row has its own time.
        start
            seconds of the first row, with a rate; None for 0.
        phase_shifts
            seconds by which each signal was sampled after the time of its row.
        unit_ids
            an id for each signal, by which configurations can select it.
        statistics
            whether means and deviations are written, which normalizations read.

        Raises
        ------
        ValueError
            an argument that cannot be, or a name that is taken; the recording is finished.
        RecordingError
            it cannot be written; the recording is then given up.
        """
        return SequenceWriter(
            self,
            name,
            {
                "modality": "sequence",
                "rate": _optional(f"{name}: rate", rate),
                "start": _optional(f"{name}: start", start),
                "phase_shifts": None if phase_shifts is None else _times(f"{name}: phase_shifts", phase_shifts).tolist(),
                "unit_ids": None if unit_ids is None else np.asarray(unit_ids).tolist(),
                "statistics": truth("statistics", statistics),
            },
        )

    @brief
    def screen(
        self, name: str = "screen", *, frame_rate: Optional[float] = None, statistics: bool = False
    ) -> ScreenWriter:
        """Begin a screen; errors as of a sequence.

        Parameters
        ----------
        name
            of the device's folder.
        frame_rate
            Hz at which configurations sample it by default.
        statistics
            whether mean and deviation of all images and videos, by channel, are written, which normalizations read.
        """
        rate = _optional(f"{name}: frame_rate", frame_rate)
        return ScreenWriter(self, name, {"modality": "screen", "frame_rate": rate, "statistics": truth("statistics", statistics)})

    @brief
    def spikes(
        self,
        name: str = "spikes",
        *,
        start: Optional[float] = None,
        end: Optional[float] = None,
        unit_ids: Any = None,
    ) -> SpikesWriter:
        """Begin spikes.

        Errors as of a sequence.

        Parameters
        ----------
        name
            of the device's folder.
        start
            seconds from which on no spike is silence; None: the first spike.
        end
            seconds up to which; None: the last spike.
        unit_ids
            ids of the units.
        """
        ids = None if unit_ids is None else np.asarray(unit_ids).tolist()
        range_ = {"start": _optional(f"{name}: start", start), "end": _optional(f"{name}: end", end)}
        return SpikesWriter(self, name, {"modality": "spikes", **range_, "unit_ids": ids})

    @brief
    def intervals(
        self, name: str, labels: Mapping[str, Any], *, start: Optional[float] = None, end: Optional[float] = None
    ) -> None:
        """Write labelled intervals: by label an array (n, 2) of [start, end) in seconds.

        Errors as of a sequence.

        Parameters
        ----------
        name
            of the device's folder.
        labels
            label → array (n, 2) of [start, end) in seconds.
        start
            seconds from which on a label is known not to hold outside its intervals; None: the first start.
        end
            seconds up to which; None: the last end.
        """
        if not isinstance(labels, Mapping):
            raise ValueError(f"{name}: labels: found a {type(labels).__name__}, expected a mapping of labels to arrays (n, 2)")
        rows = {}
        for label, values in labels.items():
            array = _seconds(f"{name}: {label}", values)
            if array.size and (array.ndim != 2 or array.shape[1] != 2):
                raise ValueError(f"{name}: label '{label}': found shape {array.shape}, expected (n, 2)")
            rows[str(label)] = array.reshape(-1, 2).tolist()
        range_ = {"start": _optional(f"{name}: start", start), "end": _optional(f"{name}: end", end)}
        _Device(self, name, {"modality": "time_interval", "labels": rows, **range_})

    @brief
    def finish(self) -> list[str]:
        """Check the whole and give it its name; ``with`` does it at its end.

        Returns
        -------
        list[str]
            What is odd, without being wrong; also in ``warnings``.

        Raises
        ------
        ValueError
            a device got nothing, or the recording is finished.
        RecordingError
            validation found errors, or it cannot be written. Nothing is left then.
        """
        try:
            self.warnings = functions.writer_finish(self._open())
            return self.warnings
        finally:
            self.close()

    def close(self) -> None:
        """Delete what was written, unless it was finished; any number of times."""
        handle, self._handle = self._handle, None
        if handle is not None:
            handle.close()

    def __enter__(self) -> "RecordingWriter":
        return self

    def __exit__(
        self, kind: Optional[type[BaseException]], value: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        if kind is None and self._handle is not None:
            self.finish()
        else:
            self.close()


@brief
def write(
    path: "str | os.PathLike[str]",
    devices: Mapping[str, Mapping[str, Any]],
    *,
    meta: Optional[Mapping[str, Any]] = None,
    replace: bool = False,
) -> list[str]:
    """Write a recording from arrays.

    >>> syncline.write("recording", {
    ...     "responses": {"values": responses, "rate": 8.0},
    ...     "eye_tracker": {"values": frame[["x", "y"]], "timestamps": frame["time"]},
    ...     "screen": {"trials": [{"image": pixels, "time": 0.5, "tier": "train"}, {"blank": 128, "time": 1.0}]},
    ...     "units": {"spikes": [unit_0, unit_1]},
    ...     "behavior": {"intervals": {"running": [[10, 20]]}},
    ... })

    Parameters
    ----------
    path
        the folder that is made; see :class:`RecordingWriter` for how, and for its errors.
    devices
        by name a mapping with one of

        - ``values``: rows as of :meth:`SequenceWriter.append`, (n,) being one signal, or an iterator of blocks; with
          ``rate`` (and ``start``), or ``timestamps`` of all rows; of an iterator without a rate, pairs (block, timestamps). Further
          keys are those of :meth:`RecordingWriter.sequence`.
        - ``trials``: mappings with ``image`` and ``time``, ``video`` and ``times``, ``blank`` and ``time``, or ``file``
          and ``time`` or ``times``, and metadata; ``frame_rate`` and ``statistics`` beside them.
        - ``spikes``: times of each unit; or those of all units with ``clusters``, the unit of each spike, whose
          numbers become ``unit_ids``; with ``rate`` where they are sample numbers; ``start`` and ``end``.
        - ``intervals``: by label (n, 2) arrays; ``start`` and ``end``.
    meta
        what meta.json says.
    replace
        whether a recording that is there is replaced.

    Returns
    -------
    list[str]
        What is odd about the recording, without being wrong.
    """
    with RecordingWriter(path, replace=replace, meta=meta) as writer:
        for name, device in devices.items():
            options = dict(device)
            kinds = [kind for kind in _WRITE if kind in options]
            if len(kinds) != 1:
                raise ValueError(
                    f"{name}: found {sorted(options)}, expected exactly one of {', '.join(_WRITE)} among the keys"
                )
            _WRITE[kinds[0]](writer, name, options.pop(kinds[0]), options)
    return writer.warnings


def _sequence(writer: RecordingWriter, name: str, values: Any, options: dict[str, Any]) -> None:
    timestamps = options.pop("timestamps", None)
    sequence = _begin(writer.sequence, name, options)
    if not isinstance(values, Iterator):
        rows = _array(f"{name}: rows", values, missing=True)
        sequence.append(rows[:, None] if rows.ndim == 1 else rows, timestamps)
        return
    if timestamps is not None:
        raise ValueError(f"{name}: found timestamps beside an iterator, expected pairs (block, timestamps) from it")
    for block in values:
        if isinstance(block, tuple):
            sequence.append(*block)
        else:
            sequence.append(block)


def _begin(method: Any, name: str, options: dict[str, Any]) -> Any:
    known = method.__func__.__wrapped__.__kwdefaults__  # behind `brief`
    for key in options:
        if key not in known:
            raise ValueError(f"{name}: found the key '{key}', expected some of {', '.join(known)}")
    return method(name, **options)


def _screen(writer: RecordingWriter, name: str, trials: Iterable[Mapping[str, Any]], options: dict[str, Any]) -> None:
    screen = _begin(writer.screen, name, options)
    kinds = {"image": screen.image, "video": screen.video, "blank": screen.blank, "file": screen.file}
    for number, trial in enumerate(trials):
        rest = dict(trial)
        found = [kind for kind in kinds if kind in rest]
        times = [key for key in ("time", "times") if key in rest]
        if len(found) != 1 or len(times) != 1:
            raise ValueError(
                f"{name}: trial {number}: found {sorted(rest)}, expected one of {', '.join(kinds)}, and time or times"
            )
        content, at = rest.pop(found[0]), rest.pop(times[0])
        if found[0] == "file" and times[0] == "time":
            at = [at]
        kinds[found[0]](content, at, rest)


def _spikes(writer: RecordingWriter, name: str, spikes: Any, options: dict[str, Any]) -> None:
    rate = options.pop("rate", None)
    clusters = options.pop("clusters", None)
    units: Sequence[Any] = spikes
    if clusters is not None:
        times, of = _array(f"{name}: spikes", spikes).reshape(-1), _array(f"{name}: clusters", clusters).reshape(-1)
        if times.shape != of.shape:
            raise ValueError(f"{name}: found {times.size} spikes and {of.size} clusters, expected a cluster for each")
        if of.dtype.kind == "f":
            odd = of[of != np.rint(of)]
            if odd.size:
                raise ValueError(f"{name}: clusters: found {odd[0]}, expected whole numbers")
            of = of.astype(np.int64)
        order = np.lexsort((times, of))
        ids, first = np.unique(of[order], return_index=True)
        units = np.split(times[order], first[1:])
        options.setdefault("unit_ids", ids)
    device = _begin(writer.spikes, name, options)
    for unit in units:
        device.unit(unit, rate)


def _intervals(writer: RecordingWriter, name: str, labels: Mapping[str, Any], options: dict[str, Any]) -> None:
    for key in options:
        if key not in ("start", "end"):
            raise ValueError(f"{name}: found the key '{key}', expected start or end")
    writer.intervals(name, labels, **options)


_WRITE = {"values": _sequence, "trials": _screen, "spikes": _spikes, "intervals": _intervals}
