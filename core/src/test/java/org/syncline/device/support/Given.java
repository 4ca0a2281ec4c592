/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.syncline.array.ElementType;
import org.syncline.device.Interpolation;
import org.syncline.device.Interpolator;
import org.syncline.device.Layout;
import org.syncline.device.Sampler;
import org.syncline.interval.TimeInterval;

/**
 * A device that the library knows nothing of: samples 0, 1, … at so many seconds, each held until
 * the next, of C planes of (height, width); one plane of one row is a device of columns.
 */
final class Given implements Interpolator {
  private final Layout layout;
  private final ElementType type;
  private final int height;
  private final int width;
  private final double[][][] planes;

  /**
   * Creates the device.
   *
   * @param type float32, float64 or uint8
   * @param planes channels of samples of height × width values
   */
  Given(Layout layout, ElementType type, int height, int width, double[][]... planes) {
    this.layout = layout;
    this.type = type;
    this.height = height;
    this.width = width;
    this.planes = planes;
  }

  @Override
  public double startTime() {
    return 0;
  }

  @Override
  public double endTime() {
    return planes[0].length;
  }

  @Override
  public TimeInterval validInterval() {
    return new TimeInterval(0, Math.nextDown(endTime()));
  }

  @Override
  public Layout layout() {
    return layout;
  }

  @Override
  public Interpolation interpolate(double[] times) {
    throw new UnsupportedOperationException("this device has a sampler");
  }

  @Override
  public Sampler sampler() {
    return new Sampler() {
      @Override
      public ElementType type() {
        return type;
      }

      @Override
      public long[] shape(int samples) {
        return layout == Layout.FRAMES
            ? new long[] {planes.length, samples, height, width}
            : new long[] {samples, width};
      }

      @Override
      public Cursor cursor(int maxSamples) {
        return new Held();
      }
    };
  }

  private final class Held implements Sampler.Cursor {
    @Override
    public int read(double[] times, int count, MemorySegment dst, long dstOffset) {
      int n = ValidTimes.count(validInterval(), times, count);
      long at = 0;
      for (int c = 0; c < planes.length && n == count; c++) {
        for (int t = 0; t < count; t++) {
          for (double v : planes[c][(int) times[t]]) {
            long place = dstOffset + at++ * type.bytes();
            switch (type) {
              case FLOAT64 -> dst.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, place, v);
              case FLOAT32 -> dst.set(ValueLayout.JAVA_FLOAT_UNALIGNED, place, (float) v);
              default -> dst.set(ValueLayout.JAVA_BYTE, place, (byte) v);
            }
          }
        }
      }
      return n;
    }

    @Override
    public long replacedNaNs() {
      return 0;
    }

    @Override
    public void close() {
      // owns nothing
    }
  }

  @Override
  public void close() {
    // owns nothing
  }
}
