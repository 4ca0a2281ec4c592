/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.device.Finish;
import org.syncline.device.Interpolation;
import org.syncline.device.Interpolator;
import org.syncline.device.Sampler;
import org.syncline.interval.TimeInterval;

/** A custom interpolator: slope times time. */
record Ramp(double slope) implements Interpolator {
  @Override
  public double startTime() {
    return 0;
  }

  @Override
  public double endTime() {
    return 12.375;
  }

  @Override
  public TimeInterval validInterval() {
    return new TimeInterval(0, 12.375);
  }

  @Override
  public Interpolation interpolate(double[] times) {
    int[] valid = validInterval().intersect(times);
    MemorySegment values =
        Arena.ofAuto().allocate(Math.max(8, 8L * valid.length), 8).asSlice(0, 8L * valid.length);
    for (int i = 0; i < valid.length; i++) {
      values.setAtIndex(ValueLayout.JAVA_DOUBLE, i, slope * times[valid[i]]);
    }
    return new Interpolation(
        new Tensor(ElementType.FLOAT64, new long[] {valid.length, 1}, values), valid);
  }

  @Override
  public Sampler sampler(Finish finish) {
    return new Sampler() {
      @Override
      public ElementType type() {
        return ElementType.FLOAT64;
      }

      @Override
      public long[] shape(int samples) {
        return new long[] {samples, 1};
      }

      @Override
      public Cursor cursor(int maxSamples) {
        return new Cursor() {
          @Override
          public int read(double[] times, int count, MemorySegment dst, long dstOffset) {
            for (int i = 0; i < count; i++) {
              dst.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, dstOffset + 8L * i, slope * times[i]);
            }
            return count;
          }

          @Override
          public long replacedNaNs() {
            return 0;
          }

          @Override
          public void close() {}
        };
      }
    };
  }

  @Override
  public void close() {}
}
