# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
# Written by FactsReferenceTest from Java's schema. Do not edit; to write it again: -Dsyncline.reference=apply
"""What type checkers know of configurations and keywords, key by key; at run time all of them are plain dicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypedDict

__all__ = ["DatasetConfig", "DatasetOptions", "InterpolationConfig", "LoaderOptions", "ModalityConfig"]


class InterpolationConfig(TypedDict, total=False):
    """A device's ``interpolation``."""

    interpolation_mode: Literal["nearest_neighbor", "previous", "nearest", "linear", "mean"]
    """Sequences: how a value between two samples is made."""
    window: float | None
    """Sequences, mean: the stretch that is averaged; None for one period of the device's ``sampling_rate``, so that only interpolators outside of datasets need it. At the ends of the data it is averaged over what there is, the last sample with own timestamps for a usual step."""
    align: Literal["center", "left", "right"]
    """Sequences, mean: where the window lies."""
    max_gap: float | None
    """Sequences with their own timestamps: how far a time may lie from the sample that it takes, and linear how far its two neighbours from each other; a time at a sample always has a value. Mean: every time of the window counts as with previous. Chunks with a time without one are left out. Null for no limit."""
    keep_nans: bool
    """Sequences, linear: NaN stay, else the mean of the column takes their place."""
    normalize: bool
    """Interpolated values are divided by the stored standard deviations; on screens per pixel, less the means."""
    normalize_subtract_mean: bool
    """With ``normalize``: the stored means are subtracted first."""
    normalize_std_threshold: float | None
    """With ``normalize``: floor of the standard deviations, as a share of their mean."""
    rescale: bool
    """Screens: frames are resized to ``rescale_size``."""
    rescale_size: Iterable[int] | None
    """Screens: ``[height, width]`` in pixels; None for the first trial's image size."""
    use_stimuli_names: bool | None
    """Screens: pixels are in files named after the stimulus; None for what meta.yml says."""
    interpolation_window: float
    """Spikes: length of the window in which they are counted."""
    interpolation_align: Literal["center", "left", "right"]
    """Spikes: where the window lies."""
    smoothing_sigma: float
    """Spikes: standard deviation of a Gaussian filter along time; 0 for none."""
    _target_: str | None
    """The name of a registered interpolator of your own; the other keys are its arguments."""
    __target__: str | None
    """The same as ``_target_``."""


class ModalityConfig(TypedDict, total=False):
    """How one device is read: a value of ``modality_config``."""

    keep_nans: bool | None
    """Accepted and without effect, as in the original: the key of that name under ``interpolation`` counts."""
    sampling_rate: float | None
    """Samples a second that the device gives; required unless ``global_sampling_rate`` is set."""
    chunk_size: int | None
    """Samples of a chunk; required unless ``global_chunk_size`` is set."""
    valid_condition: Any
    """Trial metadata that chunks must have: all entries of a map, any of several maps; None for every trial. Read from the lead device."""
    offset: float
    """Added to the chunk's start for this device."""
    sample_stride: int
    """Of how many valid starts one is taken. Read from the lead device."""
    include_blanks: bool
    """Adds ``{tier: blank}`` to the conditions. Read from the lead device."""
    transforms: Mapping[str, Any] | None
    """``normalization``, and on screens transforms by any name, applied in the order given before it."""
    interpolation: InterpolationConfig | None
    """How values between samples are made."""
    filters: Mapping[str, Any] | None
    """Filters by any name; chunks lie in the intersection of their valid intervals, and pass those that judge whole chunks."""
    nans: Any
    """What becomes of NaN in the finished chunk."""
    columns: Any
    """Signals by index, in the order given; None for all. Not together with ``unit_ids``. Slices are ``FROM:TO:STEP`` as Python's, or single numbers, separated by commas."""
    unit_ids: Iterable[int] | None
    """Signals by the ids in ``meta/unit_ids.npy``, in the order given; None for all."""
    select: Mapping[str, Any] | None
    """Of the signals that ``columns`` or ``unit_ids`` name, or of all, those of which arrays in the device's folder say so: ``{meta/area.npy: V1}``. An array has a text, a number or a truth value for each stored signal; what it is compared with is a value, a list of values of which one does, or ``{min: …, max: …}``. Of several arrays each must agree."""


class _Dataset(TypedDict, total=False):
    """What both of the following have."""

    global_sampling_rate: float | None
    """Samples a second of every device, in place of each modality's own."""
    global_chunk_size: int | None
    """Samples of a chunk on every device, in place of each modality's own."""
    add_behavior_as_channels: bool
    """Appends eye tracker and treadmill to the screen's channels, each signal repeated over height and width."""
    replace_nans_with_means: bool
    """Replaces NaN by the mean of its column of the chunk, 0 where the whole column is NaN."""
    cache_data: bool
    """Reads all data into memory once, at opening; data.mem as float32, which rounds whole numbers beyond 2^24 and finer steps."""
    out_keys: Iterable[str] | None
    """Entries of a chunk: device names and ``timestamps``; None for all of these. Also ``trial_index`` (int32 (T,), the number of the trial of each point of the sample grid in listing order, -1 in none) and ``meta.KEY`` (what the metadata of the first point's trial says: numbers, true and false as float64, NaN where it is missing; texts as int32 codes into the dataset's categories, -1 where it is missing). A name that the recording has not is left out with a warning."""
    normalize_timestamps: bool
    """Timestamps are float32 seconds from the start of ``responses`` (without it, of the earliest device), else float64 as stored."""
    seed: int | None
    """Seed of the generator that shuffles the start times."""
    safe_interval_threshold: float
    """Cut from both ends of the range in which all devices have values."""
    interpolate_precision: int
    """Decimals to which the times of a chunk are rounded, on the rounded time grid."""
    time_grid: Literal["rounded", "exact"]
    """How the times of samples are computed, of chunk starts and within chunks alike."""
    lead_device: str | None
    """The device whose rate and chunk size make the sample grid; None for ``screen`` where it is configured, else the first."""
    short_chunks: Literal["error", "skip", "pad"]
    """What becomes of chunks that reach past a device's range."""
    within_trial: bool
    """Leaves out chunks that leave the trial in which they begin: all points of a chunk on the sample grid lie in one trial."""
    categories: Mapping[str, Any] | None
    """Trial metadata key to the list of its texts, to which the codes of ``meta.KEY`` count from 0; None for those of each recording in alphabetical order. Give them where several recordings shall have the same codes. A text that is not listed is -1, with a warning."""


class DatasetConfig(_Dataset, total=False):
    """A configuration's ``dataset``."""

    root_folder: str | None
    """The recording's folder, for programs that take it from the file; opening a dataset names the folder itself."""
    modality_config: Mapping[str, ModalityConfig] | None
    """Device name to its configuration; replaces the default configuration's devices as a whole."""


class DatasetOptions(_Dataset, total=False):
    """Keywords of :meth:`syncline.ChunkDataset.from_config`."""

    modality_config: Any
    """Device name to its configuration; replaces the default configuration's devices as a whole. Dicts or OmegaConf."""
    output: Literal["torch", "numpy", "jax"] | None
    """Whose arrays items hold; None for torch's where torch is installed, else NumPy's."""


class LoaderOptions(TypedDict, total=False):
    """Keywords of :class:`syncline.DataLoader` beside those that its signature lists."""

    max_batches: int
    """Limit on batches alive, made ahead or held by the caller; 0: none, memory grows while batches are kept. With a limit, asking for a batch while all are held is an error."""
    out_keys: Iterable[str] | None
    """Entries that are read, device names and ``timestamps``, in place of the configuration's."""
    remainder: Literal["pad", "drop", "uneven"]
    """What becomes of an epoch's last batches where world_size does not divide their number."""
    shuffle_each_epoch: bool
    """Draws the start times anew each epoch."""
    readahead: int
    """Bytes of the recordings' files that the system is asked to read ahead once, from the first file on."""
    nice: int
    """The nice value of the threads."""
    huge_pages: bool | None
    """Whether buffers ask for huge pages; None: those of 4 MiB or more."""
    on_error: Literal["error", "skip"]
    """What becomes of chunks that need a missing or damaged file, as of a trial."""
    narrow: bool
    """Whether pixels that are stored as bytes travel as bytes to a CUDA device, and become there what they would have been."""
