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
import org.syncline.device.Interpolation;
import org.syncline.device.Interpolator;
import org.syncline.interval.TimeInterval;

/** A custom interpolator of the five methods that one needs: slope times time. */
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
  public void close() {}
}
