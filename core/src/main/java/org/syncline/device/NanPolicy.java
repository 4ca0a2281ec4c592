/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device;

/**
 * What becomes of NaN in the finished values of a chunk.
 *
 * @param kind KEEP leaves them; MEAN takes the mean of the column over the chunk, NaN ignored, 0
 *     where all are NaN, of the values as they are written (converted, where they are), in float64
 *     and rounded once (torch rounds float64 to bfloat16 twice, by way of float32); VALUE takes
 *     {@code value}; FAIL raises an error that names device, time and column
 * @param value the value for VALUE, else 0
 */
public record NanPolicy(Kind kind, double value) {
  /** The kinds of policy. */
  public enum Kind {
    KEEP,
    MEAN,
    VALUE,
    FAIL
  }

  /** Leaves NaN as they are. */
  public static final NanPolicy KEEP = new NanPolicy(Kind.KEEP, 0);
}
