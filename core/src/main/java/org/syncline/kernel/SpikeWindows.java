/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Windows of time in which spikes are counted.
 *
 * @param lows float64 seconds, the starts
 * @param highs float64 seconds, the ends
 * @param rows int64, bytes from the destination's first row to that of each window, multiples of 8:
 *     windows that were sorted to be swept are written where they belong
 */
public record SpikeWindows(MemorySegment lows, MemorySegment highs, MemorySegment rows) {}
