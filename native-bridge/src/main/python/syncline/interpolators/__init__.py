# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Interpolators: the values of one device at any time. Subclass :class:`Interpolator` for a kind of your own.

Import the names from here; each module holds one modality.
"""

from __future__ import annotations

from . import registered as _registered  # opens what no class here does
from .base import Interpolator
from .intervals import TimeIntervalInterpolator
from .screen import ScreenInterpolator
from .sequence import PhaseShiftedSequenceInterpolator, SequenceInterpolator
from .spikes import SpikeInterpolator
from .trials import BlankTrial, ImageTrial, InvalidTrial, ScreenTrial, VideoTrial

__all__ = [
    "BlankTrial",
    "ImageTrial",
    "Interpolator",
    "InvalidTrial",
    "PhaseShiftedSequenceInterpolator",
    "ScreenInterpolator",
    "ScreenTrial",
    "SequenceInterpolator",
    "SpikeInterpolator",
    "TimeIntervalInterpolator",
    "VideoTrial",
]
