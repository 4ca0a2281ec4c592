# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Spikes: counts in windows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from .._facts import ALIGNMENTS
from .base import CLASSES, check_keys
from ._opened import Derived, NativeInterpolator


class SpikeInterpolator(NativeInterpolator):
    """Spike counts per unit in a window around each time, float64 (times, units).

    Window, alignment and smoothing may be set at any time.

    Parameters
    ----------
    root_folder
        the device's folder.
    cache_data
        read the spike times into memory.
    interpolation_window
        seconds.
    interpolation_align
        ``center``, ``left`` or ``right``.
    smoothing_sigma
        Gaussian smoothing along time, in time steps; 0 for none.
    **kwargs
        a modality's configuration; what other parts read is ignored.
    """

    _MODALITY = "spikes"
    interpolation_window: float = 0.3
    interpolation_align: str = "center"
    smoothing_sigma: float = 0.0

    def __init__(
        self,
        root_folder: str | Path,
        cache_data: bool = False,
        interpolation_window: float = 0.3,
        interpolation_align: str = "center",
        smoothing_sigma: float = 0.0,
        **kwargs: Any,
    ) -> None:
        check_keys(root_folder, kwargs)
        self.interpolation_window = interpolation_window
        self.interpolation_align = interpolation_align
        self.smoothing_sigma = smoothing_sigma
        super().__init__(root_folder, cache_data)

    def _options(self) -> dict[str, Any]:
        if self.interpolation_align not in ALIGNMENTS:
            *first, last = ALIGNMENTS
            raise ValueError(
                # the original's words, which programs look for
                f"Unknown alignment mode: {self.interpolation_align}, should be {', '.join(map(repr, first))} or {last!r}"
            )
        return {
            "interpolation_window": float(self.interpolation_window),
            "interpolation_align": self.interpolation_align,
            "smoothing_sigma": float(self.smoothing_sigma),
        }

    def _read_info(self) -> None:
        super()._read_info()
        self.n_signals = self._info["n_signals"]

    @property
    def is_mem_mapped(self) -> bool:
        """Whether the spike times lie in spikes.mem."""
        return bool(self.load_meta().get("is_mem_mapped", False))

    @property
    def dat_path(self) -> Path:
        """The file of the spike times."""
        return Path(self.root_folder) / ("spikes.mem" if self.is_mem_mapped else "spikes.npy")

    @Derived
    def indices(self) -> np.ndarray:
        """Offsets of the units in :attr:`spikes`, one more than there are units."""
        return np.asarray(self.load_meta()["spike_indices"], dtype=np.int64)

    @Derived
    def spikes(self) -> np.ndarray:
        """All spike times, flat: a read-only memmap of the file where it is mapped and not cached, else an array."""
        meta = self.load_meta()
        folder = Path(self.root_folder)
        mapped = bool(meta.get("is_mem_mapped", False))
        if mapped and (folder / "spikes.mem").exists():
            dtype = np.dtype(meta.get("dtype", "float64"))
            if (folder / "spikes.mem").stat().st_size < dtype.itemsize:
                spikes: np.ndarray = np.empty(0, dtype)
            else:
                spikes = np.memmap(folder / "spikes.mem", dtype=dtype, mode="r")
        else:
            spikes = np.load(folder / "spikes.npy", mmap_mode="r" if mapped else None)
        return np.array(spikes) if self.cache_data else spikes

    def _interpolate(self, times: np.ndarray) -> tuple[Any, ...]:
        from .._numpy.spikes import count

        options = self._options()
        counts = count(
            times,
            np.asarray(self.spikes),
            np.asarray(self.indices),
            options["interpolation_window"],
            options["interpolation_align"],
            options["smoothing_sigma"],
        )
        return counts, None


CLASSES["spikes"] = lambda meta: SpikeInterpolator
