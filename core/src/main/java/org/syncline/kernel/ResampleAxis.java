/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

/**
 * Weights of resampling along one axis: output i is the sum of {@code weights[offsets[i] + k] *
 * x[starts[i] + k]} for k from 0 to {@code taps(i) - 1}, times a common scale. Immutable.
 */
public final class ResampleAxis {
  /** Convolution filters of antialiased resizing. */
  public enum Filter {
    BILINEAR(2),
    BICUBIC(4);

    private final int size;

    Filter(int size) {
      this.size = size;
    }

    private float at(float x) {
      float a = Math.abs(x);
      if (this == BILINEAR) {
        return a < 1 ? 1 - a : 0;
      }
      float c = -0.5f;
      if (a < 1) {
        return ((c + 2) * a - (c + 3)) * a * a + 1;
      }
      return a < 2 ? (((a - 5) * a + 8) * a - 4) * c : 0;
    }
  }

  private final int source;
  private final int[] starts;
  private final int[] offsets;
  private final float[] weights;
  private final float scale;

  private ResampleAxis(int source, int[] starts, int[] offsets, float[] weights, float scale) {
    this.source = source;
    this.starts = starts;
    this.offsets = offsets;
    this.weights = weights;
    this.scale = scale;
  }

  /** Returns the axis that changes nothing. */
  public static ResampleAxis identity(int size) {
    Builder b = new Builder(size, size);
    for (int i = 0; i < size; i++) {
      b.start(i, i);
      b.add(1);
    }
    return b.build(1);
  }

  /** Returns OpenCV's INTER_AREA for an axis that shrinks or stays. */
  public static ResampleAxis area(int src, int dst) {
    Builder b = new Builder(src, dst);
    if (src % dst == 0) {
      // whole ratios: OpenCV adds the pixels and multiplies once
      int ratio = src / dst;
      for (int i = 0; i < dst; i++) {
        b.start(i, i * ratio);
        for (int k = 0; k < ratio; k++) {
          b.add(1);
        }
      }
      return b.build(1f / ratio);
    }
    double ratio = 1 / ((double) dst / src);
    for (int i = 0; i < dst; i++) {
      double from = i * ratio;
      double to = from + ratio;
      double cell = Math.min(ratio, src - from);
      int last = Math.min((int) Math.floor(to), src - 1);
      int first = Math.min((int) Math.ceil(from), last);
      boolean head = first - from > 1e-3;
      b.start(i, head ? first - 1 : first);
      if (head) {
        b.add((float) ((first - from) / cell));
      }
      for (int k = first; k < last; k++) {
        b.add((float) (1 / cell));
      }
      if (to - last > 1e-3) {
        b.add((float) (Math.min(Math.min(to - last, 1), cell) / cell));
      }
    }
    return b.build(1);
  }

  /** Returns what OpenCV's INTER_AREA does along both axes as soon as one of them grows. */
  public static ResampleAxis areaEnlarge(int src, int dst) {
    Builder b = new Builder(src, dst);
    double ratio = (double) dst / src;
    double inverse = 1 / ratio;
    for (int i = 0; i < dst; i++) {
      int s = (int) Math.floor(i * inverse);
      float f = (float) ((i + 1) - (s + 1) * ratio);
      f = f <= 0 ? 0 : f - (float) Math.floor(f);
      if (s >= src - 1) {
        b.start(i, src - 1);
        b.add(1);
      } else {
        b.start(i, s);
        b.add(1 - f);
        b.add(f);
      }
    }
    return b.build(1);
  }

  /**
   * Returns torchvision's resizing by the name of its filter: {@code NEAREST}, {@code
   * NEAREST_EXACT}, {@code BILINEAR} or {@code BICUBIC}.
   */
  public static ResampleAxis resize(String filter, boolean antialias, int src, int dst) {
    if (src == dst && (antialias || !filter.equals("BICUBIC"))) {
      // torch leaves such an axis alone: a neighbour of weight 0 would spread its NaN
      return identity(src);
    }
    return switch (filter) {
      case "NEAREST" -> nearest(src, dst, false);
      case "NEAREST_EXACT" -> nearest(src, dst, true);
      case "BILINEAR" -> antialias ? antialias(Filter.BILINEAR, src, dst) : bilinear(src, dst);
      case "BICUBIC" -> antialias ? antialias(Filter.BICUBIC, src, dst) : bicubic(src, dst);
      default -> throw new IllegalArgumentException("filter " + filter);
    };
  }

  /** Returns torch's antialiased resizing, align_corners false. */
  public static ResampleAxis antialias(Filter filter, int src, int dst) {
    Builder b = new Builder(src, dst);
    float ratio = (float) src / dst;
    float support = ratio >= 1 ? filter.size * 0.5f * ratio : filter.size * 0.5f;
    float inverse = ratio >= 1 ? 1 / ratio : 1;
    for (int i = 0; i < dst; i++) {
      float centre = ratio * (i + 0.5f);
      int first = Math.max((int) (centre - support + 0.5f), 0);
      int end = Math.min((int) (centre + support + 0.5f), src);
      float total = 0;
      for (int k = first; k < end; k++) {
        total += filter.at((k - centre + 0.5f) * inverse);
      }
      b.start(i, first);
      for (int k = first; k < end; k++) {
        float w = filter.at((k - centre + 0.5f) * inverse);
        b.add(total == 0 ? w : w / total);
      }
    }
    return b.build(1);
  }

  /** Returns torch's bilinear resizing without antialias, align_corners false. */
  public static ResampleAxis bilinear(int src, int dst) {
    Builder b = new Builder(src, dst);
    float ratio = (float) src / dst;
    for (int i = 0; i < dst; i++) {
      float at = Math.max(ratio * (i + 0.5f) - 0.5f, 0);
      int s = Math.min((int) at, src - 1);
      float f = Math.min(Math.max(at - s, 0), 1);
      b.start(i, s);
      if (s == src - 1) {
        b.add(1);
      } else {
        b.add(1 - f);
        b.add(f);
      }
    }
    return b.build(1);
  }

  /**
   * Returns torch's bicubic resizing without antialias, align_corners false: pixels past the edge
   * repeat it.
   */
  public static ResampleAxis bicubic(int src, int dst) {
    Builder b = new Builder(src, dst);
    float ratio = (float) src / dst;
    float a = -0.75f;
    for (int i = 0; i < dst; i++) {
      float at = ratio * (i + 0.5f) - 0.5f;
      int s = (int) Math.floor(at);
      float f = at - s;
      float g = 1 - f;
      float[] w = {
        ((a * (f + 1) - 5 * a) * (f + 1) + 8 * a) * (f + 1) - 4 * a,
        ((a + 2) * f - (a + 3)) * f * f + 1,
        ((a + 2) * g - (a + 3)) * g * g + 1,
        ((a * (g + 1) - 5 * a) * (g + 1) + 8 * a) * (g + 1) - 4 * a
      };
      int first = Math.clamp(s - 1, 0, src - 1);
      int last = Math.clamp(s + 2, 0, src - 1);
      float[] sum = new float[last - first + 1];
      for (int k = 0; k < 4; k++) {
        sum[Math.clamp(s - 1 + k, 0, src - 1) - first] += w[k];
      }
      b.start(i, first);
      for (float v : sum) {
        b.add(v);
      }
    }
    return b.build(1);
  }

  /**
   * Returns torch's nearest resizing; {@code exact}: nearest-exact, which looks at the pixels'
   * centres.
   */
  public static ResampleAxis nearest(int src, int dst, boolean exact) {
    Builder b = new Builder(src, dst);
    float ratio = (float) src / dst;
    for (int i = 0; i < dst; i++) {
      b.start(i, Math.min((int) ((exact ? i + 0.5f : i) * ratio), src - 1));
      b.add(1);
    }
    return b.build(1);
  }

  /** Returns the axis with the outputs from {@code from} to {@code from + count - 1} alone. */
  public ResampleAxis crop(int from, int count) {
    Builder b = new Builder(source, count);
    for (int i = 0; i < count; i++) {
      b.start(i, starts[from + i]);
      for (int k = 0; k < taps(from + i); k++) {
        b.add(weight(from + i, k));
      }
    }
    return b.build(scale);
  }

  /**
   * Returns the outputs from {@code from} to {@code from + count - 1} over the inputs they read.
   */
  ResampleAxis part(int from, int count) {
    int first = count == 0 ? 0 : starts[from];
    int end = first;
    for (int i = from; i < from + count; i++) {
      first = Math.min(first, starts[i]);
      end = Math.max(end, starts[i] + taps(i));
    }
    Builder b = new Builder(end - first, count);
    for (int i = from; i < from + count; i++) {
      b.start(i - from, starts[i] - first);
      for (int k = 0; k < taps(i); k++) {
        b.add(weight(i, k));
      }
    }
    return b.build(scale);
  }

  /** Returns the number of inputs. */
  public int source() {
    return source;
  }

  /** Returns the number of outputs. */
  public int size() {
    return starts.length;
  }

  /** Returns the first input of each output. */
  int[] starts() {
    return starts;
  }

  /** Returns the first weight of each output, and the end of the last. */
  int[] offsets() {
    return offsets;
  }

  int start(int i) {
    return starts[i];
  }

  int taps(int i) {
    return offsets[i + 1] - offsets[i];
  }

  int offset(int i) {
    return offsets[i];
  }

  float weight(int i, int k) {
    return weights[offsets[i] + k];
  }

  boolean sameAs(int i, int j) {
    if (starts[i] != starts[j] || taps(i) != taps(j)) {
      return false;
    }
    for (int k = 0; k < taps(i); k++) {
      if (weight(i, k) != weight(j, k)) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether all first weights are 1 and all others 0. */
  boolean selectsFirst() {
    for (int i = 0; i < starts.length; i++) {
      for (int k = 0; k < taps(i); k++) {
        if (weight(i, k) != (k == 0 ? 1 : 0)) {
          return false;
        }
      }
    }
    return true;
  }

  float[] weights() {
    return weights;
  }

  float scale() {
    return scale;
  }

  private static final class Builder {
    private final int source;
    private final int[] starts;
    private final int[] offsets;
    private float[] weights;
    private int used;

    Builder(int source, int size) {
      this.source = source;
      starts = new int[size];
      offsets = new int[size + 1];
      weights = new float[2 * size];
    }

    void start(int i, int at) {
      starts[i] = at;
      offsets[i] = used;
    }

    void add(float weight) {
      if (used == weights.length) {
        weights = java.util.Arrays.copyOf(weights, 2 * used);
      }
      weights[used++] = weight;
    }

    ResampleAxis build(float scale) {
      offsets[starts.length] = used;
      return new ResampleAxis(
          source, starts, offsets, java.util.Arrays.copyOf(weights, used), scale);
    }
  }
}
