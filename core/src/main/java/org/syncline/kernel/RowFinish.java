/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;

/**
 * What a row kernel does to each element between load and store: widen {@code from} to {@code
 * compute}, normalise in {@code compute}, round to {@code to}.
 *
 * @param from stored element type
 * @param compute FLOAT32 or FLOAT64 where there is arithmetic, else equal to {@code from} (a plain
 *     conversion)
 * @param to element type written
 * @param normalization NONE: no arithmetic; SCALAR: one mean and std; COLUMNS: one per column
 * @param subtract whether the mean is subtracted before the division
 * @param means means in the {@code compute} type: 1 element for SCALAR, one per column for COLUMNS;
 *     null for NONE
 * @param stds standard deviations, likewise; the kernel divides, it never multiplies by a
 *     reciprocal (bit for bit)
 */
public record RowFinish(
    ElementType from,
    ElementType compute,
    ElementType to,
    Mode normalization,
    boolean subtract,
    MemorySegment means,
    MemorySegment stds) {
  /** How statistics spread over the row. */
  public enum Mode {
    NONE,
    SCALAR,
    COLUMNS
  }
}
