/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;

/** Reads into chunks what an interpolator gives at the times of each. */
final class InterpolatingSampler implements Sampler {
  private final Interpolator source;
  private final ElementType type;
  private final long columns;

  private InterpolatingSampler(Interpolator source, ElementType type, long columns) {
    this.source = source;
    this.type = type;
    this.columns = columns;
  }

  static Sampler of(Interpolator source) {
    if (source.layout() != Layout.COLUMNS) {
      throw new UnsupportedOperationException(
          source.getClass().getName()
              + " gives frames and must have a sampler of its own, whose values are (C, T, H, W)");
    }
    Tensor none = interpolated(source, new double[0]).values();
    return new InterpolatingSampler(source, none.type(), columns(source, none, 0));
  }

  private static Interpolation interpolated(Interpolator source, double[] times) {
    Interpolation found = source.interpolate(times);
    if (found == null) {
      throw new IllegalStateException(
          source.getClass().getName()
              + ".interpolate returned null, expected values and the indices of the valid times");
    }
    return found;
  }

  private static long columns(Interpolator source, Tensor values, int times) {
    long[] shape = values.shape();
    if (shape.length < 1 || shape.length > 2 || shape[0] != times) {
      throw new IllegalStateException(
          source.getClass().getName()
              + ".interpolate gave "
              + Arrays.toString(shape)
              + " for "
              + times
              + " times, expected (T, N) or (T)");
    }
    return shape.length == 1 ? 1 : shape[1];
  }

  @Override
  public ElementType type() {
    return type;
  }

  @Override
  public long[] shape(int samples) {
    return new long[] {samples, columns};
  }

  @Override
  public String toString() {
    return "InterpolatingSampler(" + source + ")";
  }

  @Override
  public Cursor cursor(int maxSamples) {
    if (maxSamples < 0) {
      throw new IllegalArgumentException("maxSamples " + maxSamples + ", expected 0 or more");
    }
    return new Cursor() {
      @Override
      public int read(double[] times, int count, MemorySegment dst, long dstOffset) {
        if (count < 0 || count > maxSamples) {
          throw new IllegalArgumentException(
              count + " samples, expected 0 to " + maxSamples + ", as the cursor was opened for");
        }
        Interpolation found = interpolated(source, Arrays.copyOf(times, count));
        int[] valid = found.valid();
        if (valid.length < count) {
          return valid.length;
        }
        Tensor values = found.values();
        if (values.type() != type || columns(source, values, count) != columns) {
          throw new IllegalStateException(
              source.getClass().getName()
                  + ".interpolate gave "
                  + values.type().numpyName()
                  + " "
                  + Arrays.toString(values.shape())
                  + ", expected "
                  + type.numpyName()
                  + " of "
                  + columns
                  + " columns, as for no times");
        }
        for (int i = 0; i < count; i++) {
          if (valid.length != count || valid[i] != i) {
            throw new IllegalStateException(
                source.getClass().getName()
                    + ".interpolate said that the valid ones of "
                    + count
                    + " times are "
                    + Arrays.toString(Arrays.copyOf(valid, Math.min(valid.length, 10)))
                    + (valid.length > 10 ? " and more" : "")
                    + ", expected each index at most once, ascending");
          }
        }
        MemorySegment.copy(values.data(), 0, dst, dstOffset, count * columns * type.bytes());
        return count;
      }

      @Override
      public long replacedNaNs() {
        return 0;
      }

      @Override
      public void close() {
        // owns nothing
      }
    };
  }
}
