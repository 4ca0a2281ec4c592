/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static org.syncline.kernel.lanes.Addresses.ALL;
import static org.syncline.kernel.lanes.Addresses.at;

import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.syncline.kernel.lanes.Addresses;
import org.syncline.kernel.lanes.Widths;

/**
 * Turns pixels of three interleaved channels into planes, and planes into interleaved pixels or
 * grey ones. Returns how many pixels are done, a multiple of the vectors' lanes.
 */
final class FrameChannels {
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final VectorSpecies<Float> FLOATS = Widths.FLOAT;
  private static final VectorSpecies<Integer> INTS = Widths.INT;
  private static final VectorSpecies<Byte> PIXELS = Widths.QUARTER_BYTE;
  private static final int LANES = FLOATS.length();
  private static final int BYTES = LANES * Float.BYTES;

  // element 3 * lane + channel of three vectors a, b, c: its place in (a, b, c)
  private static final int[][] PLANAR = new int[3][LANES];

  // the way back: place in three planes of what becomes element i of vector c
  private static final int[][] INTERLEAVED = new int[3][LANES];

  static {
    for (int c = 0; c < 3; c++) {
      for (int i = 0; i < LANES; i++) {
        int k = c * LANES + i;
        PLANAR[c][i] = 3 * i + c;
        INTERLEAVED[c][i] = k % 3 * LANES + k / 3;
      }
    }
  }

  private FrameChannels() {}

  static int pixelsToPlanes(
      long a, long b, long planeBytes, int n, boolean normalize, float[] means, float[] stds) {
    Addresses.mayFault();
    float m0 = normalize ? means[0] : 0;
    float m1 = normalize ? means[1] : 0;
    float m2 = normalize ? means[2] : 0;
    float s0 = normalize ? stds[0] : 1;
    float s1 = normalize ? stds[1] : 1;
    float s2 = normalize ? stds[2] : 1;
    // positions wrap at two vectors and at one: both selections read the same table
    IntVector at0 = IntVector.fromArray(INTS, PLANAR[0], 0);
    IntVector at1 = IntVector.fromArray(INTS, PLANAR[1], 0);
    IntVector at2 = IntVector.fromArray(INTS, PLANAR[2], 0);
    VectorMask<Integer> last0 = at0.compare(VectorOperators.GE, 2 * LANES);
    VectorMask<Integer> last1 = at1.compare(VectorOperators.GE, 2 * LANES);
    VectorMask<Integer> last2 = at2.compare(VectorOperators.GE, 2 * LANES);
    int last = n - LANES;
    int i = 0;
    for (; i <= last; i += LANES) {
      long p = a + 3L * i;
      long q = b + 4L * i;
      IntVector x =
          ((FloatVector)
                  ByteVector.fromMemorySegment(PIXELS, ALL, p, ORDER)
                      .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                      .convertShape(VectorOperators.I2F, FLOATS, 0))
              .reinterpretAsInts();
      IntVector y =
          ((FloatVector)
                  ByteVector.fromMemorySegment(PIXELS, ALL, p + LANES, ORDER)
                      .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                      .convertShape(VectorOperators.I2F, FLOATS, 0))
              .reinterpretAsInts();
      IntVector z =
          ((FloatVector)
                  ByteVector.fromMemorySegment(PIXELS, ALL, p + 2 * LANES, ORDER)
                      .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                      .convertShape(VectorOperators.I2F, FLOATS, 0))
              .reinterpretAsInts();
      FloatVector c0 =
          at0.and(2 * LANES - 1)
              .selectFrom(x, y)
              .blend(at0.and(LANES - 1).selectFrom(z), last0)
              .reinterpretAsFloats();
      FloatVector c1 =
          at1.and(2 * LANES - 1)
              .selectFrom(x, y)
              .blend(at1.and(LANES - 1).selectFrom(z), last1)
              .reinterpretAsFloats();
      FloatVector c2 =
          at2.and(2 * LANES - 1)
              .selectFrom(x, y)
              .blend(at2.and(LANES - 1).selectFrom(z), last2)
              .reinterpretAsFloats();
      if (normalize) {
        c0 = c0.sub(m0).div(s0);
        c1 = c1.sub(m1).div(s1);
        c2 = c2.sub(m2).div(s2);
      }
      c0.intoMemorySegment(ALL, q, ORDER);
      c1.intoMemorySegment(ALL, q + planeBytes, ORDER);
      c2.intoMemorySegment(ALL, q + 2 * planeBytes, ORDER);
    }
    return i;
  }

  static int floatsToPlanes(
      long a, long b, long planeBytes, int n, boolean normalize, float[] means, float[] stds) {
    Addresses.mayFault();
    float m0 = normalize ? means[0] : 0;
    float m1 = normalize ? means[1] : 0;
    float m2 = normalize ? means[2] : 0;
    float s0 = normalize ? stds[0] : 1;
    float s1 = normalize ? stds[1] : 1;
    float s2 = normalize ? stds[2] : 1;
    // positions wrap at two vectors and at one: both selections read the same table
    IntVector at0 = IntVector.fromArray(INTS, PLANAR[0], 0);
    IntVector at1 = IntVector.fromArray(INTS, PLANAR[1], 0);
    IntVector at2 = IntVector.fromArray(INTS, PLANAR[2], 0);
    VectorMask<Integer> last0 = at0.compare(VectorOperators.GE, 2 * LANES);
    VectorMask<Integer> last1 = at1.compare(VectorOperators.GE, 2 * LANES);
    VectorMask<Integer> last2 = at2.compare(VectorOperators.GE, 2 * LANES);
    int last = n - LANES;
    int i = 0;
    for (; i <= last; i += LANES) {
      long p = a + 12L * i;
      long q = b + 4L * i;
      IntVector x = FloatVector.fromMemorySegment(FLOATS, ALL, p, ORDER).reinterpretAsInts();
      IntVector y =
          FloatVector.fromMemorySegment(FLOATS, ALL, p + BYTES, ORDER).reinterpretAsInts();
      IntVector z =
          FloatVector.fromMemorySegment(FLOATS, ALL, p + 2 * BYTES, ORDER).reinterpretAsInts();
      FloatVector c0 =
          at0.and(2 * LANES - 1)
              .selectFrom(x, y)
              .blend(at0.and(LANES - 1).selectFrom(z), last0)
              .reinterpretAsFloats();
      FloatVector c1 =
          at1.and(2 * LANES - 1)
              .selectFrom(x, y)
              .blend(at1.and(LANES - 1).selectFrom(z), last1)
              .reinterpretAsFloats();
      FloatVector c2 =
          at2.and(2 * LANES - 1)
              .selectFrom(x, y)
              .blend(at2.and(LANES - 1).selectFrom(z), last2)
              .reinterpretAsFloats();
      if (normalize) {
        c0 = c0.sub(m0).div(s0);
        c1 = c1.sub(m1).div(s1);
        c2 = c2.sub(m2).div(s2);
      }
      c0.intoMemorySegment(ALL, q, ORDER);
      c1.intoMemorySegment(ALL, q + planeBytes, ORDER);
      c2.intoMemorySegment(ALL, q + 2 * planeBytes, ORDER);
    }
    return i;
  }

  static int planesToGray(
      long a, long planeBytes, long b, int n, boolean normalize, float mean, float std) {
    Addresses.mayFault();
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      long p = a + 4L * i;
      FloatVector x = FloatVector.fromMemorySegment(FLOATS, ALL, p, ORDER).mul(0.2989f);
      x = x.add(FloatVector.fromMemorySegment(FLOATS, ALL, p + planeBytes, ORDER).mul(0.587f));
      x = x.add(FloatVector.fromMemorySegment(FLOATS, ALL, p + 2 * planeBytes, ORDER).mul(0.114f));
      if (normalize) {
        x = x.sub(mean).div(std);
      }
      x.intoMemorySegment(ALL, b + 4L * i, ORDER);
    }
    return i;
  }

  static int planesToColors(long a, long planeBytes, long b, int n) {
    Addresses.mayFault();
    // as in floatsToPlanes
    IntVector at0 = IntVector.fromArray(INTS, INTERLEAVED[0], 0);
    IntVector at1 = IntVector.fromArray(INTS, INTERLEAVED[1], 0);
    IntVector at2 = IntVector.fromArray(INTS, INTERLEAVED[2], 0);
    VectorMask<Integer> last0 = at0.compare(VectorOperators.GE, 2 * LANES);
    VectorMask<Integer> last1 = at1.compare(VectorOperators.GE, 2 * LANES);
    VectorMask<Integer> last2 = at2.compare(VectorOperators.GE, 2 * LANES);
    int i = 0;
    int bound = n & -LANES;
    for (; i != bound; i += LANES) {
      long p = a + 4L * i;
      long q = at(b + 12L * i);
      IntVector x = IntVector.fromMemorySegment(INTS, ALL, at(p), ORDER);
      IntVector y = IntVector.fromMemorySegment(INTS, ALL, at(p + planeBytes), ORDER);
      IntVector z = IntVector.fromMemorySegment(INTS, ALL, at(p + 2 * planeBytes), ORDER);
      at0.and(2 * LANES - 1)
          .selectFrom(x, y)
          .blend(at0.and(LANES - 1).selectFrom(z), last0)
          .intoMemorySegment(ALL, q, ORDER);
      at1.and(2 * LANES - 1)
          .selectFrom(x, y)
          .blend(at1.and(LANES - 1).selectFrom(z), last1)
          .intoMemorySegment(ALL, q + BYTES, ORDER);
      at2.and(2 * LANES - 1)
          .selectFrom(x, y)
          .blend(at2.and(LANES - 1).selectFrom(z), last2)
          .intoMemorySegment(ALL, q + 2 * BYTES, ORDER);
    }
    return i;
  }
}
