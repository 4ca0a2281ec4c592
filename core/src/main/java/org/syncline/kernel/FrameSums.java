/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static org.syncline.kernel.lanes.Addresses.ALL;

import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.syncline.kernel.lanes.Addresses;
import org.syncline.kernel.lanes.Widths;

/**
 * Sums rows of a frame, each times its weight: the vertical pass of a resize.
 *
 * <p>Returns how many columns are done, all of them where the row is a vector long. Loads and
 * conversions are written out for the reason that {@link VectorFrames} gives.
 */
final class FrameSums {
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final VectorSpecies<Float> FLOATS = Widths.FLOAT;
  private static final Class<? extends FloatVector> F = Widths.FLOAT_CLASS;
  private static final VectorSpecies<Integer> INTS = Widths.INT;
  private static final VectorSpecies<Byte> PIXELS = Widths.QUARTER_BYTE;
  private static final int LANES = FLOATS.length();
  private static final int BYTES = LANES * Float.BYTES;

  private FrameSums() {}

  static int pixels(long a, long rowBytes, float[] weights, int w, int taps, long b, int n) {
    Addresses.mayFault();
    int i = 0;
    // four vectors a turn: one weight and one loop test for all of them
    for (; i <= n - 4 * LANES; i += 4 * LANES) {
      long p = a + i;
      FloatVector f = FloatVector.broadcast(FLOATS, weights[w]);
      FloatVector x =
          ((FloatVector)
                  ByteVector.fromMemorySegment(PIXELS, ALL, p, ORDER)
                      .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                      .convertShape(VectorOperators.I2F, FLOATS, 0))
              .mul(f);
      FloatVector y =
          ((FloatVector)
                  ByteVector.fromMemorySegment(PIXELS, ALL, p + LANES, ORDER)
                      .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                      .convertShape(VectorOperators.I2F, FLOATS, 0))
              .mul(f);
      FloatVector z =
          ((FloatVector)
                  ByteVector.fromMemorySegment(PIXELS, ALL, p + 2 * LANES, ORDER)
                      .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                      .convertShape(VectorOperators.I2F, FLOATS, 0))
              .mul(f);
      FloatVector u =
          ((FloatVector)
                  ByteVector.fromMemorySegment(PIXELS, ALL, p + 3 * LANES, ORDER)
                      .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                      .convertShape(VectorOperators.I2F, FLOATS, 0))
              .mul(f);
      for (int k = 1; k < taps; k++) {
        p += rowBytes;
        f = FloatVector.broadcast(FLOATS, weights[w + k]);
        x =
            F.cast(x)
                .add(
                    ((FloatVector)
                            ByteVector.fromMemorySegment(PIXELS, ALL, p, ORDER)
                                .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                                .convertShape(VectorOperators.I2F, FLOATS, 0))
                        .mul(f));
        y =
            F.cast(y)
                .add(
                    ((FloatVector)
                            ByteVector.fromMemorySegment(PIXELS, ALL, p + LANES, ORDER)
                                .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                                .convertShape(VectorOperators.I2F, FLOATS, 0))
                        .mul(f));
        z =
            F.cast(z)
                .add(
                    ((FloatVector)
                            ByteVector.fromMemorySegment(PIXELS, ALL, p + 2 * LANES, ORDER)
                                .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                                .convertShape(VectorOperators.I2F, FLOATS, 0))
                        .mul(f));
        u =
            F.cast(u)
                .add(
                    ((FloatVector)
                            ByteVector.fromMemorySegment(PIXELS, ALL, p + 3 * LANES, ORDER)
                                .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                                .convertShape(VectorOperators.I2F, FLOATS, 0))
                        .mul(f));
      }
      long q = b + 4L * i;
      x.intoMemorySegment(ALL, q, ORDER);
      y.intoMemorySegment(ALL, q + BYTES, ORDER);
      z.intoMemorySegment(ALL, q + 2 * BYTES, ORDER);
      u.intoMemorySegment(ALL, q + 3 * BYTES, ORDER);
    }
    if (n >= LANES) {
      while (i < n) {
        // the last overlaps the one before
        int j = Math.min(i, n - LANES);
        long p = a + j;
        FloatVector x =
            ((FloatVector)
                    ByteVector.fromMemorySegment(PIXELS, ALL, p, ORDER)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                        .convertShape(VectorOperators.I2F, FLOATS, 0))
                .mul(weights[w]);
        for (int k = 1; k < taps; k++) {
          p += rowBytes;
          x =
              F.cast(x)
                  .add(
                      ((FloatVector)
                              ByteVector.fromMemorySegment(PIXELS, ALL, p, ORDER)
                                  .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                                  .convertShape(VectorOperators.I2F, FLOATS, 0))
                          .mul(weights[w + k]));
        }
        x.intoMemorySegment(ALL, b + 4L * j, ORDER);
        i = j + LANES;
      }
    }
    return i;
  }

  static int floats(
      long a,
      long rowBytes,
      float[] weights,
      int w,
      int taps,
      long b,
      int n,
      boolean normalize,
      float mean,
      float std) {
    Addresses.mayFault();
    int i = 0;
    // four vectors a turn: one weight and one loop test for all of them
    for (; i <= n - 4 * LANES; i += 4 * LANES) {
      long p = a + 4L * i;
      FloatVector f = FloatVector.broadcast(FLOATS, weights[w]);
      FloatVector x = FloatVector.fromMemorySegment(FLOATS, ALL, p, ORDER).mul(f);
      FloatVector y = FloatVector.fromMemorySegment(FLOATS, ALL, p + BYTES, ORDER).mul(f);
      FloatVector z = FloatVector.fromMemorySegment(FLOATS, ALL, p + 2 * BYTES, ORDER).mul(f);
      FloatVector u = FloatVector.fromMemorySegment(FLOATS, ALL, p + 3 * BYTES, ORDER).mul(f);
      for (int k = 1; k < taps; k++) {
        p += rowBytes;
        f = FloatVector.broadcast(FLOATS, weights[w + k]);
        x = F.cast(x).add(FloatVector.fromMemorySegment(FLOATS, ALL, p, ORDER).mul(f));
        y = F.cast(y).add(FloatVector.fromMemorySegment(FLOATS, ALL, p + BYTES, ORDER).mul(f));
        z = F.cast(z).add(FloatVector.fromMemorySegment(FLOATS, ALL, p + 2 * BYTES, ORDER).mul(f));
        u = F.cast(u).add(FloatVector.fromMemorySegment(FLOATS, ALL, p + 3 * BYTES, ORDER).mul(f));
      }
      if (normalize) {
        x = x.sub(mean).div(std);
        y = y.sub(mean).div(std);
        z = z.sub(mean).div(std);
        u = u.sub(mean).div(std);
      }
      long q = b + 4L * i;
      x.intoMemorySegment(ALL, q, ORDER);
      y.intoMemorySegment(ALL, q + BYTES, ORDER);
      z.intoMemorySegment(ALL, q + 2 * BYTES, ORDER);
      u.intoMemorySegment(ALL, q + 3 * BYTES, ORDER);
    }
    if (n >= LANES) {
      while (i < n) {
        // the last overlaps the one before
        int j = Math.min(i, n - LANES);
        long p = a + 4L * j;
        FloatVector x = FloatVector.fromMemorySegment(FLOATS, ALL, p, ORDER).mul(weights[w]);
        for (int k = 1; k < taps; k++) {
          p += rowBytes;
          x =
              F.cast(x)
                  .add(FloatVector.fromMemorySegment(FLOATS, ALL, p, ORDER).mul(weights[w + k]));
        }
        if (normalize) {
          x = x.sub(mean).div(std);
        }
        x.intoMemorySegment(ALL, b + 4L * j, ORDER);
        i = j + LANES;
      }
    }
    return i;
  }
}
