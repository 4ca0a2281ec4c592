# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures of datasets, items, batches and statistics, with matplotlib."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from ._native import functions as native
from ._arrays import BEHAVIOUR
from ._trials import shown
from .datasets import ChunkDataset

#: Signals up to which a device is drawn as lines; more are drawn as an image.
MOST_LINES = 8

#: Frames side by side at most, and inches that they are high about: fewer are shown rather than higher ones.
_FRAMES, _FRAME_HEIGHT = 10, 1.3
_WIDTH = 12
#: Stretches of a timeline whose shares of NaN are drawn apart.
_BINS = 400
_VALID, _PALE, _INVALID = "#009E73", "#E8E8E8", "#CC3311"
#: Told apart by colour-blind readers too (Okabe and Ito, then Tol).
_COLOURS = ("#0072B2", "#E69F00", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#332288", "#999933")


def plot(what: Any, index: int | None = None, *, figure: Any = None) -> Any:
    """Draw a dataset, one of its items, a sample of a batch, or statistics.

    Parameters
    ----------
    what
        a :class:`ChunkDataset` (from beginning to end; with ``index`` that chunk), an item, a batch, a pair of a
        session's name and its batch, or what :func:`syncline.stats` returns.
    index
        of a dataset the chunk; of a batch the sample, 0 where none is given.
    figure
        a matplotlib ``Figure`` or ``SubFigure`` that is drawn in; None for one of pyplot's.

    Returns
    -------
    Any
        Of an item, a batch or a chunk matplotlib's ``Axes`` by entry, one below the other: frames in grey or colour side by
        side, with the first channel or three of those that there are, up to eight signals as lines, more as an image in which each has a scale of its own; NaN is left out. Of
        statistics by device a pair of ``Axes``: means with deviations, and shares of NaN. Of a dataset one ``Axes`` with a
        line each for the trials by tier, the range of each device and its share of NaN, what the filters leave, and the chunks.

    Raises
    ------
    ImportError
        matplotlib is not installed.
    TypeError
        it is nothing that can be drawn, or ``index`` was given where it means nothing.
    IndexError
        there is no such chunk or sample.
    """
    if isinstance(what, ChunkDataset):
        if index is None:
            return _timeline(what, _figure(figure, (_WIDTH, 0.6 * (len(what.device_names) + 3) + 1.5)))
        return _sample(what[index], f"{what.data_key}, chunk {index}", figure, _behaviour_of(what))
    title = ""
    if isinstance(what, tuple) and len(what) == 2 and isinstance(what[1], Mapping):
        title, what = str(what[0]), what[1]
    if not isinstance(what, Mapping) or not what:
        raise TypeError(f"found {type(what).__name__}, expected a ChunkDataset, an item, a batch or statistics")
    if all(isinstance(v, Mapping) and "means" in v for v in what.values()):
        if index is not None:
            raise TypeError(f"index is {index}, expected none: statistics have no samples")
        return _statistics(what, figure)
    if _is_batch(what):
        at = 0 if index is None else index
        stamps = what.get("timestamps", {})
        size = len(next(v for k, v in what.items() if k != "timestamps"))
        if not -size <= at < size:
            raise IndexError(f"sample {at} of a batch of {size}")
        what = {k: v[at] for k, v in what.items() if k != "timestamps"}
        what["timestamps"] = {k: v[at] for k, v in stamps.items()}
        title = f"{title}, sample {at}".lstrip(", ")
    elif index is not None:
        raise TypeError(f"index is {index}, expected none: this is one item")
    return _sample(what, title, figure)


def _behaviour_screen(names: Iterable[str]) -> str | None:
    frames = list(names)
    return "screen" if "screen" in frames else next(iter(frames), None)


def _figure(figure: Any, size: tuple[float, float]) -> Any:
    if figure is not None:
        return figure
    try:
        from matplotlib import pyplot
    except ImportError:
        raise ImportError("syncline.plot needs matplotlib: pip install matplotlib") from None
    return pyplot.figure(figsize=size, layout="constrained")


def _is_batch(what: Mapping[str, Any]) -> bool:
    for times in what.get("timestamps", {}).values():
        return np.ndim(times) == 2
    deepest = max((v.ndim for k, v in what.items() if k != "timestamps"), default=0)
    # frames are (C, T, H, W), signals (T, N)
    return deepest in (3, 5)


def _array(values: Any) -> np.ndarray:
    if hasattr(values, "detach"):
        values = values.detach().cpu()
        if "bfloat16" in str(values.dtype):
            values = values.float()
    array = np.asarray(values)
    return array.astype(np.float64) if array.dtype.kind in "fV" else array


def _behaviour_of(dataset: ChunkDataset) -> int | None:
    """Return how many channels of behaviour lie behind those of a dataset's frames; None where that is not known."""
    if not dataset.add_behavior_as_channels:
        return 0
    shapes = {key: shape for key, _, shape in dataset._shapes}
    added = [name for name in BEHAVIOUR if name in dataset.device_names]
    return sum(shapes[name][-1] for name in added) if all(name in shapes for name in added) else None


def _flat_channels(values: np.ndarray) -> int:
    """Return how many channels behind the first are one value over each frame, as behaviour is."""
    first = values[:, :, :1, :1]
    # NaN is like NaN
    varies = (values != first) & ((values == values) | (first == first))
    varied = np.flatnonzero(varies.any(axis=(1, 2, 3)))
    return len(values) - 1 - int(varied[-1]) if varied.size else 0


def _sample(item: Mapping[str, Any], title: str, figure: Any, behaviour: int | None = None) -> dict[str, Any]:
    stamps = {k: _array(v).astype(np.float64) for k, v in item.get("timestamps", {}).items()}
    entries = {k: _array(v) for k, v in item.items() if k != "timestamps"}
    entries = {k: v for k, v in entries.items() if v.ndim in (1, 2, 4) and v.size}
    weights = [_frames_height(v) if v.ndim == 4 else 3 if v.ndim == 2 and v.shape[1] > MOST_LINES else 2 for v in entries.values()]
    figure = _figure(figure, (_WIDTH, 1 + sum(weights)))
    axes = np.atleast_1d(figure.subplots(len(entries), 1, sharex=bool(stamps), height_ratios=weights))
    first = min((float(np.min(t)) for t in stamps.values() if len(t)), default=0.0)
    lead = max(stamps.values(), key=len, default=None)
    drawn: dict[str, Any] = {}
    spans = []
    for ax, (name, values) in zip(axes, entries.items()):
        length = values.shape[1] if values.ndim == 4 else len(values)
        times = stamps.get(name)
        if times is None or len(times) != length:
            times = lead if lead is not None and len(lead) == length else None
        at = np.arange(length, dtype=np.float64) if times is None else times - first
        spans.append((at[0], at[-1] + _step(at)))
        if values.ndim == 4:
            added = _flat_channels(values)
            if behaviour is not None:
                added = behaviour if name == _behaviour_screen(k for k, v in entries.items() if v.ndim == 4) else 0
            drawn_channels = 3 if len(values) - added == 3 else 1
            _frames(ax, values[:drawn_channels], at)
            which = ""
            if drawn_channels < len(values):
                which = f"\nfirst {'3 ' if drawn_channels == 3 else ''}of {len(values)} channels"
                which += f"\n({added} of behaviour)" if added else ""
            ax.set_ylabel(f"{name}\n{values.shape[2]}×{values.shape[3]}{which}")
        elif values.ndim == 2 and values.shape[1] > MOST_LINES:
            _raster(ax, values, at)
            ax.set_ylabel(f"{name}\n{values.shape[1]} signals")
        else:
            columns = values.reshape(length, -1)
            drawstyle = "steps-post" if values.dtype.kind == "b" else "default"
            for n in range(columns.shape[1]):
                colour = _COLOURS[n % len(_COLOURS)]
                ax.plot(at, columns[:, n], color=colour, linewidth=1.2, drawstyle=drawstyle)
                # a line joins samples: one without neighbours would not be seen
                there = np.concatenate(([False], np.isfinite(columns[:, n]), [False]))
                alone = there[1:-1] & ~there[:-2] & ~there[2:]
                if alone.any():
                    ax.plot(at[alone], columns[alone, n], "o", color=colour, markersize=4)
            ax.set_ylabel(name)
        drawn[name] = ax
    if any(ax.get_images() for ax in drawn.values()):
        # axes are shared, and an image would cut off what others have before and after it
        for ax, span in zip(axes, spans):
            ax.set_xlim(*((min(s for s, _ in spans), max(e for _, e in spans)) if stamps else span))
    if drawn:
        axes[-1].set_xlabel("seconds since the first sample" if stamps else "sample")
    if title:
        figure.suptitle(title)
    return drawn


def _step(at: np.ndarray) -> float:
    return float(at[-1] - at[0]) / (len(at) - 1) if len(at) > 1 and at[-1] > at[0] else 1.0


def _frames_shown(values: np.ndarray) -> int:
    _, length, height, width = values.shape
    return int(min(max(math.ceil(_WIDTH * height / width / _FRAME_HEIGHT), 1), _FRAMES, length))


def _frames_height(values: np.ndarray) -> float:
    # of frames that keep their shape; one of a few rows or columns is stretched instead
    return float(np.clip(_WIDTH / _frames_shown(values) * values.shape[2] / values.shape[3], 0.6, 2 * _FRAME_HEIGHT))


def _frames(ax: Any, values: np.ndarray, at: np.ndarray) -> None:
    channels, length = values.shape[:2]
    finite = values[np.isfinite(values)] if values.dtype.kind == "f" else values
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    shown = _frames_shown(values)
    wide = (at[-1] + _step(at) - at[0]) / shown
    for i in range(shown):
        frame = values[:, i * length // shown]
        extent = (at[0] + i * wide, at[0] + (i + 0.96) * wide, 0, 1)
        if channels == 3:
            colour = np.nan_to_num((frame.astype(np.float64) - low) / ((high - low) or 1)).transpose(1, 2, 0)
            ax.imshow(colour, extent=extent, aspect="auto", interpolation="nearest")
        else:
            ax.imshow(
                frame[0], extent=extent, aspect="auto", interpolation="nearest", cmap="gray", vmin=low, vmax=high or 1
            )
    ax.set_ylim(0, 1)
    ax.set_yticks([])


def _raster(ax: Any, values: np.ndarray, at: np.ndarray) -> None:
    # each signal on its own scale, or the strongest ones would blacken all others
    numbers = values.astype(np.float64)
    numbers[~np.isfinite(numbers)] = np.nan
    masked = np.ma.masked_invalid(numbers)
    low, high = masked.min(axis=0), masked.max(axis=0)
    scaled = (masked - low) / np.ma.where(high > low, high - low, 1)
    ax.imshow(
        scaled.T, extent=(at[0], at[-1] + _step(at), 0, values.shape[1]), origin="lower", aspect="auto",
        interpolation="nearest", cmap="gray_r", vmin=0, vmax=1,
    )


def _timeline(dataset: ChunkDataset, figure: Any) -> Any:
    ax = figure.subplots()
    spans: list[tuple[str, list[tuple[float, float, str]]]] = []
    info = native.dataset_info(dataset._handle)
    ranges = {name: tuple(info["devices"][name]["valid_interval"]) for name in dataset.device_names}
    first, last = min(start for start, _ in ranges.values()), max(end for _, end in ranges.values())
    tiers: dict[str, str] = {}
    try:
        trials = dataset.trials
    except ValueError:
        trials = None
    if trials is not None:
        starts = trials["start"]
        names = [shown(t, "no tier") for t in trials.get("tier", [None] * len(starts))]
        tiers = {name: _COLOURS[i % len(_COLOURS)] for i, name in enumerate(sorted(set(names)))}
        ends = [*starts[1:], ranges[dataset._shown][1]]
        spans.append(("trials", [(s, e, tiers[n]) for s, e, n in zip(starts, ends, names) if e > s]))
    for name, (start, end) in ranges.items():
        spans.append((name, [(start, end, _VALID)]))
    left = [(float(i.start), float(i.end), _VALID) for i in dataset.get_valid_intervals_from_filters()]
    spans.append(("filters leave", left))
    lead = info["lead"]
    length = dataset.chunk_sizes[lead] / dataset.sampling_rates[lead]
    chunks = dataset._valid_screen_times
    shades = ("#282828", "#808080")
    spans.append((f"chunks ({len(chunks)})", [(s, s + length, shades[i % 2]) for i, s in enumerate(chunks)]))
    nan = False
    for lane, (name, bars) in enumerate(spans):
        ax.broken_barh([(0, last - first)], (lane - 0.4, 0.8), facecolors=_PALE)
        if bars:
            ax.broken_barh(
                [(start - first, end - start) for start, end, _ in bars], (lane - 0.4, 0.8),
                facecolors=[colour for _, _, colour in bars],
                # a line between trials of one tier, where there is room for lines
                **({"edgecolor": "white", "linewidth": 0.8} if lane == 0 and tiers and len(bars) < 250 else {}),
            )
        if name in ranges:
            nan |= _share_of_nan(ax, dataset._experiment.devices[name], ranges[name], first, last, lane)
    ax.set_yticks(range(len(spans)), [name for name, _ in spans])
    ax.set_ylim(len(spans) - 0.5, -0.5)
    ax.set_xlim(0, last - first)
    ax.set_xlabel(f"seconds, of which 0 is {first:.15g} on the recording's clock")
    ax.set_title(f"{dataset.data_key} from beginning to end")
    if tiers or nan:
        from matplotlib.patches import Patch

        patches = [Patch(color=colour, label=name) for name, colour in tiers.items()]
        patches += [Patch(color=_INVALID, label="share of NaN")] if nan else []
        ax.legend(handles=patches, loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
    return ax


def _share_of_nan(ax: Any, device: Any, valid: tuple[float, float], first: float, last: float, lane: int) -> bool:
    """Draw which share of a device's values is not finite, from the top of its lane down; return whether any is."""
    if not hasattr(device, "finite_share"):
        return False
    edges = np.linspace(first, last, _BINS + 1)
    at = [i for i in range(_BINS) if edges[i + 1] > valid[0] and edges[i] < valid[1]]
    shares = np.array([1 - device.finite_share(max(edges[i], valid[0]), min(edges[i + 1], valid[1])) for i in at])
    some = np.flatnonzero(shares > 0)
    if some.size:
        left = np.array([edges[at[i]] for i in some]) - first
        ax.bar(left, 0.8 * shares[some], width=(last - first) / _BINS, bottom=lane - 0.4, align="edge", color=_INVALID, linewidth=0, label="share of NaN")
    return bool(some.size)


def _statistics(found: Mapping[str, Any], figure: Any) -> dict[str, Any]:
    figure = _figure(figure, (_WIDTH, 2.2 * len(found)))
    rows = figure.subplots(len(found), 2, squeeze=False, width_ratios=(2, 1))
    from matplotlib.ticker import MaxNLocator

    for (left, right), (name, each) in zip(rows, found.items()):
        means, stds, nans = (np.ravel(np.asarray(each[key])) for key in ("means", "stds", "nan_shares"))
        number = np.arange(len(means))
        left.errorbar(number, means, stds, fmt="_", color=_COLOURS[0], ecolor="#9ECAE1", elinewidth=3)
        left.set_title(f"{name}: mean and deviation of each {each['unit']}", fontsize="medium", loc="left")
        right.bar(number, nans, width=1.0, color=_INVALID)
        right.set_ylim(0, max(0.01, float(np.max(nans, initial=0.0)) * 1.1))
        right.set_title("share of NaN", fontsize="medium", loc="left")
        for ax in (left, right):
            ax.set_xlim(-0.5, len(means) - 0.5)
            ax.xaxis.set_major_locator(MaxNLocator(6, integer=True, min_n_ticks=1))
    return {name: tuple(row) for name, row in zip(found, rows)}
