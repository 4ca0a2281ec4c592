/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.example.events;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.device.Interpolation;
import org.syncline.device.Interpolator;
import org.syncline.error.ClosedException;
import org.syncline.interval.TimeInterval;
import org.syncline.transform.Normalization;

/**
 * Gives the seconds since the last mark of each kind: float64, (T, kinds), NaN before the first
 * mark. Normalisation, NaN policy, element type and selection of columns are the library's work.
 */
final class Events implements Interpolator {
  private final double start;
  private final double end;
  private final List<String> names;
  private final List<double[]> times;
  private volatile boolean closed;

  Events(double start, double end, Map<String, double[]> marks) {
    this.start = start;
    this.end = end;
    names = List.copyOf(marks.keySet());
    times = new ArrayList<>(marks.values());
  }

  @Override
  public double startTime() {
    return start;
  }

  @Override
  public double endTime() {
    return end;
  }

  @Override
  public TimeInterval validInterval() {
    return new TimeInterval(start, end);
  }

  @Override
  public Interpolation interpolate(double[] at) {
    if (closed) {
      throw new ClosedException("events " + names);
    }
    TimeInterval valid = validInterval();
    int[] indices = new int[at.length];
    int n = 0;
    for (int i = 0; i < at.length; i++) {
      if (valid.contains(at[i])) {
        indices[n++] = i;
      }
    }
    MemorySegment values =
        Arena.ofAuto().allocate(Math.max(1, (long) n * names.size()) * Double.BYTES, 64);
    for (int k = 0; k < n; k++) {
      for (int j = 0; j < names.size(); j++) {
        values.setAtIndex(
            ValueLayout.JAVA_DOUBLE,
            (long) k * names.size() + j,
            sinceLast(times.get(j), at[indices[k]]));
      }
    }
    long[] shape = {n, names.size()};
    long bytes = (long) n * names.size() * Double.BYTES;
    return new Interpolation(
        new Tensor(ElementType.FLOAT64, shape, values.asSlice(0, bytes)),
        Arrays.copyOf(indices, n));
  }

  private static double sinceLast(double[] marks, double t) {
    int place = Arrays.binarySearch(marks, t);
    int last = place >= 0 ? place : -place - 2;
    return last < 0 ? Double.NaN : t - marks[last];
  }

  /**
   * Computes mean and deviation over all time between the first mark and the end. Over a gap of d
   * seconds the value grows from 0 to d: its integral is d²/2, that of its square d³/3.
   */
  @Override
  public Optional<Normalization> computeStatistics() {
    double[] means = new double[names.size()];
    double[] stds = new double[names.size()];
    for (int j = 0; j < means.length; j++) {
      double[] marks = times.get(j);
      double length = 0;
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < marks.length; i++) {
        double gap = (i + 1 < marks.length ? marks[i + 1] : end) - marks[i];
        length += gap;
        sum += gap * gap / 2;
        squares += gap * gap * gap / 3;
      }
      means[j] = sum / length;
      stds[j] = Math.sqrt(squares / length - means[j] * means[j]);
    }
    return Optional.of(new Normalization(means, stds));
  }

  @Override
  public String contents() {
    StringBuilder text = new StringBuilder("marks");
    for (int j = 0; j < names.size(); j++) {
      text.append(' ').append(names.get(j)).append(' ').append(times.get(j).length);
    }
    return text.toString();
  }

  @Override
  public Map<String, Object> properties() {
    return Map.of("marks", names);
  }

  @Override
  public void close() {
    closed = true;
  }
}
