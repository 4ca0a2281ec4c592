/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import org.syncline.array.ElementType;

/**
 * What a frame pass does to each pixel between load and store: widen to float32, turn x into {@code
 * (x - mean) / std} by a real division, round.
 *
 * <p>Every form writes the same bits. Narrowing rounds to nearest even; to uint8 it saturates and
 * NaN becomes 0. Sign and payload of a NaN are not defined, but for float16 and bfloat16 they are
 * those of the positive quiet NaN.
 *
 * @param from stored element type, any but bfloat16
 * @param to FLOAT32, FLOAT64, FLOAT16, BFLOAT16 or UINT8
 * @param normalize whether mean and standard deviation are used
 */
public record FrameFinish(
    ElementType from, ElementType to, boolean normalize, float mean, float std) {
  /** Returns what a conversion does; equal types are copied. */
  public static FrameFinish conversion(ElementType from, ElementType to) {
    return new FrameFinish(from, to, false, 0, 1);
  }

  /** Returns what is done to float32 that is finished but for its type. */
  FrameFinish narrowing() {
    return conversion(ElementType.FLOAT32, to);
  }

  boolean isCopy() {
    return from == to && !normalize;
  }

  /** Names the loops that it takes, see {@link WarmingPass#code}. */
  String code() {
    return " " + from + " " + to + (normalize ? " normalised" : "");
  }
}
