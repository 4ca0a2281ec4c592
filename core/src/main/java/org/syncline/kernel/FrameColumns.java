/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static org.syncline.kernel.lanes.Addresses.ALL;
import static org.syncline.kernel.lanes.Addresses.at;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.syncline.kernel.lanes.Addresses;
import org.syncline.kernel.lanes.Widths;

/**
 * Makes the columns of a resized row from a row of float32: the horizontal pass of a resize, a
 * vector of outputs at a time from the one, two or four vectors of sources that they lie in.
 */
final class FrameColumns {
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final VectorSpecies<Float> FLOATS = Widths.FLOAT;
  private static final Class<? extends FloatVector> F = Widths.FLOAT_CLASS;
  private static final VectorSpecies<Integer> INTS = Widths.INT;
  private static final int LANES = FLOATS.length();
  private static final int BYTES = LANES * Float.BYTES;

  private FrameColumns() {}

  static void sum(ResampleTable t, long a, long b, boolean normalize, float mean, float std) {
    switch (t.window()) {
      case 1 -> columns1(t, a, b, normalize, mean, std);
      case 2 -> columns2(t, a, b, normalize, mean, std);
      default -> columns4(t, a, b, normalize, mean, std);
    }
  }

  /** Takes the first tap of each output as it is. */
  static void select(ResampleTable t, long a, long b) {
    Addresses.mayFault();
    int[] outputs = t.outputs();
    int[] bases = t.bases();
    long positions = t.positions();
    long blockBytes = (long) t.taps() * BYTES;
    for (int k = 0; k < outputs.length; k++) {
      IntVector v = IntVector.fromMemorySegment(INTS, ALL, at(a + 4L * bases[k]), ORDER);
      IntVector at = IntVector.fromMemorySegment(INTS, ALL, at(positions + k * blockBytes), ORDER);
      at.and(LANES - 1).selectFrom(v).intoMemorySegment(ALL, at(b + 4L * outputs[k]), ORDER);
    }
  }

  /**
   * As {@link #select} where the blocks differ in their bases alone, which rise by {@code step}.
   */
  static void selectAlike(long positions, int step, int blocks, long a, long b) {
    Addresses.mayFault();
    if (blocks == 0) {
      return;
    }
    IntVector at = IntVector.fromMemorySegment(INTS, ALL, at(positions), ORDER).and(LANES - 1);
    long stepBytes = 4L * step;
    for (int k = 0; k != blocks; k++) {
      IntVector v = IntVector.fromMemorySegment(INTS, ALL, at(a + k * stepBytes), ORDER);
      at.selectFrom(v).intoMemorySegment(ALL, at(b + (long) k * BYTES), ORDER);
    }
  }

  private static void columns1(
      ResampleTable t, long a, long b, boolean normalize, float mean, float std) {
    Addresses.mayFault();
    int[] outputs = t.outputs();
    int[] bases = t.bases();
    float scale = t.scale();
    long taps = (long) t.taps() * BYTES;
    long full = (long) t.fullTaps() * BYTES;
    long e = t.positions();
    // weights lie as far behind positions in every block
    long toWeights = t.weights() - e;
    for (int block = 0; block < outputs.length; block++) {
      long in = a + 4L * bases[block];
      IntVector v = IntVector.fromMemorySegment(INTS, ALL, in, ORDER);
      IntVector at0 = IntVector.fromMemorySegment(INTS, ALL, e, ORDER);
      IntVector p0 = at0.and(LANES - 1).selectFrom(v);
      FloatVector sum =
          p0.reinterpretAsFloats()
              .mul(FloatVector.fromMemorySegment(FLOATS, ALL, e + toWeights, ORDER));
      for (long k = e + BYTES; k < e + full; k += BYTES) {
        IntVector at = IntVector.fromMemorySegment(INTS, ALL, k, ORDER);
        IntVector p = at.and(LANES - 1).selectFrom(v);
        sum =
            F.cast(sum)
                .add(
                    p.reinterpretAsFloats()
                        .mul(FloatVector.fromMemorySegment(FLOATS, ALL, k + toWeights, ORDER)));
      }
      for (long k = e + full; k < e + taps; k += BYTES) {
        IntVector at = IntVector.fromMemorySegment(INTS, ALL, k, ORDER);
        IntVector p = at.and(LANES - 1).selectFrom(v);
        // lanes with fewer taps keep their sum: adding 0 times another pixel would spread its NaN
        FloatVector more =
            F.cast(sum)
                .add(
                    p.reinterpretAsFloats()
                        .mul(FloatVector.fromMemorySegment(FLOATS, ALL, k + toWeights, ORDER)));
        VectorMask<Integer> used = at.compare(VectorOperators.GE, 0);
        sum =
            F.cast(sum)
                .reinterpretAsInts()
                .blend(more.reinterpretAsInts(), used)
                .reinterpretAsFloats();
      }
      e += taps;
      sum = sum.mul(scale);
      if (normalize) {
        sum = sum.sub(mean).div(std);
      }
      sum.intoMemorySegment(ALL, b + 4L * outputs[block], ORDER);
    }
  }

  private static void columns2(
      ResampleTable t, long a, long b, boolean normalize, float mean, float std) {
    Addresses.mayFault();
    int[] outputs = t.outputs();
    int[] bases = t.bases();
    float scale = t.scale();
    long taps = (long) t.taps() * BYTES;
    long full = (long) t.fullTaps() * BYTES;
    long e = t.positions();
    // weights lie as far behind positions in every block
    long toWeights = t.weights() - e;
    for (int block = 0; block < outputs.length; block++) {
      long in = a + 4L * bases[block];
      IntVector v = IntVector.fromMemorySegment(INTS, ALL, in, ORDER);
      IntVector w = IntVector.fromMemorySegment(INTS, ALL, in + BYTES, ORDER);
      IntVector at0 = IntVector.fromMemorySegment(INTS, ALL, e, ORDER);
      IntVector p0 = at0.and(2 * LANES - 1).selectFrom(v, w);
      FloatVector sum =
          p0.reinterpretAsFloats()
              .mul(FloatVector.fromMemorySegment(FLOATS, ALL, e + toWeights, ORDER));
      for (long k = e + BYTES; k < e + full; k += BYTES) {
        IntVector at = IntVector.fromMemorySegment(INTS, ALL, k, ORDER);
        IntVector p = at.and(2 * LANES - 1).selectFrom(v, w);
        sum =
            F.cast(sum)
                .add(
                    p.reinterpretAsFloats()
                        .mul(FloatVector.fromMemorySegment(FLOATS, ALL, k + toWeights, ORDER)));
      }
      for (long k = e + full; k < e + taps; k += BYTES) {
        IntVector at = IntVector.fromMemorySegment(INTS, ALL, k, ORDER);
        IntVector p = at.and(2 * LANES - 1).selectFrom(v, w);
        // lanes with fewer taps keep their sum: adding 0 times another pixel would spread its NaN
        FloatVector more =
            F.cast(sum)
                .add(
                    p.reinterpretAsFloats()
                        .mul(FloatVector.fromMemorySegment(FLOATS, ALL, k + toWeights, ORDER)));
        VectorMask<Integer> used = at.compare(VectorOperators.GE, 0);
        sum =
            F.cast(sum)
                .reinterpretAsInts()
                .blend(more.reinterpretAsInts(), used)
                .reinterpretAsFloats();
      }
      e += taps;
      sum = sum.mul(scale);
      if (normalize) {
        sum = sum.sub(mean).div(std);
      }
      sum.intoMemorySegment(ALL, b + 4L * outputs[block], ORDER);
    }
  }

  private static void columns4(
      ResampleTable t, long a, long b, boolean normalize, float mean, float std) {
    Addresses.mayFault();
    int[] outputs = t.outputs();
    int[] bases = t.bases();
    float scale = t.scale();
    long taps = (long) t.taps() * BYTES;
    long full = (long) t.fullTaps() * BYTES;
    long e = t.positions();
    // weights lie as far behind positions in every block
    long toWeights = t.weights() - e;
    for (int block = 0; block < outputs.length; block++) {
      long in = a + 4L * bases[block];
      IntVector v = IntVector.fromMemorySegment(INTS, ALL, in, ORDER);
      IntVector w = IntVector.fromMemorySegment(INTS, ALL, in + BYTES, ORDER);
      IntVector x = IntVector.fromMemorySegment(INTS, ALL, in + 2 * BYTES, ORDER);
      IntVector y = IntVector.fromMemorySegment(INTS, ALL, in + 3 * BYTES, ORDER);
      IntVector at0 = IntVector.fromMemorySegment(INTS, ALL, e, ORDER);
      IntVector low0 = at0.and(2 * LANES - 1);
      VectorMask<Integer> high0 = at0.and(2 * LANES).compare(VectorOperators.NE, 0);
      IntVector p0 = low0.selectFrom(v, w).blend(low0.selectFrom(x, y), high0);
      FloatVector sum =
          p0.reinterpretAsFloats()
              .mul(FloatVector.fromMemorySegment(FLOATS, ALL, e + toWeights, ORDER));
      for (long k = e + BYTES; k < e + full; k += BYTES) {
        IntVector at = IntVector.fromMemorySegment(INTS, ALL, k, ORDER);
        IntVector low = at.and(2 * LANES - 1);
        VectorMask<Integer> high = at.and(2 * LANES).compare(VectorOperators.NE, 0);
        IntVector p = low.selectFrom(v, w).blend(low.selectFrom(x, y), high);
        sum =
            F.cast(sum)
                .add(
                    p.reinterpretAsFloats()
                        .mul(FloatVector.fromMemorySegment(FLOATS, ALL, k + toWeights, ORDER)));
      }
      for (long k = e + full; k < e + taps; k += BYTES) {
        IntVector at = IntVector.fromMemorySegment(INTS, ALL, k, ORDER);
        IntVector low = at.and(2 * LANES - 1);
        VectorMask<Integer> high = at.and(2 * LANES).compare(VectorOperators.NE, 0);
        IntVector p = low.selectFrom(v, w).blend(low.selectFrom(x, y), high);
        // lanes with fewer taps keep their sum: adding 0 times another pixel would spread its NaN
        FloatVector more =
            F.cast(sum)
                .add(
                    p.reinterpretAsFloats()
                        .mul(FloatVector.fromMemorySegment(FLOATS, ALL, k + toWeights, ORDER)));
        VectorMask<Integer> used = at.compare(VectorOperators.GE, 0);
        sum =
            F.cast(sum)
                .reinterpretAsInts()
                .blend(more.reinterpretAsInts(), used)
                .reinterpretAsFloats();
      }
      e += taps;
      sum = sum.mul(scale);
      if (normalize) {
        sum = sum.sub(mean).div(std);
      }
      sum.intoMemorySegment(ALL, b + 4L * outputs[block], ORDER);
    }
  }
}
