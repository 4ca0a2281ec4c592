/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import java.util.Arrays;
import org.syncline.device.Problems;
import org.syncline.storage.RowArray;

/**
 * Tells by its values an array of (signals, samples) that is read as (samples, signals) of the same
 * size. Read in the order of the file, each signal then is one stretch: values that follow each
 * other differ little, and where the next signal begins they jump. In an array as it should be
 * nothing happens at those places, which are rows among others: that jumps there are larger than
 * those between the same two columns in the rows around is chance, or recordings that were joined.
 *
 * <p>Signals of which each value is independent of the one before show nothing.
 */
final class SwappedAxes {
  /** Bytes of which every device's few thousand values can be looked at when it is opened. */
  static final long SMALL = 16L << 20;

  private static final int FEWEST_ROWS = 64;

  /** Places where a signal would begin. */
  private static final int PLACES = 64;

  /** Rows around each, before it and behind it. */
  private static final int AROUND = 16;

  /** Places after which it is plain that nothing happens there. */
  private static final int FIRST_PLACES = 8;

  private static final double FIRST_RANK = 0.6;

  /** From here on ranks decide, in deviations of their mean. */
  private static final int MANY = 12;

  private static final double DEVIATIONS = 5;

  /** How far changes along a row may exceed those along columns, where ranks decide, and sizes. */
  private static final double MANY_ALONG = 1.1;

  private static final double FEW_ALONG = 0.7;

  private final RowArray rows;
  private final double[] along = new double[PLACES * 2 * AROUND];
  private final double[] across = new double[PLACES * 2 * AROUND];
  private int alongs;
  private int acrosses;
  private int places;
  private double ranks;
  private double leastJump = Double.POSITIVE_INFINITY;

  private SwappedAxes(RowArray rows) {
    this.rows = rows;
  }

  /** Adds a warning where it looks so. Reads at most some four thousand values. */
  static void check(RowArray rows, Problems problems) {
    if (rows.columns() < 2 || rows.rows() < FEWEST_ROWS || rows.rows() == rows.columns()) {
      return;
    }
    if (new SwappedAxes(rows).looksSwapped()) {
      problems.warning(
          rows.path(),
          "values",
          "values that change less along a row than along a column, and jump every "
              + rows.rows()
              + " of them",
          "(" + rows.rows() + ", " + rows.columns() + "), each row the signals at one time",
          "it looks as if ("
              + rows.columns()
              + ", "
              + rows.rows()
              + ") were stored, a signal after the other: write the array's transpose");
    }
  }

  private boolean looksSwapped() {
    int starts = rows.columns() - 1;
    int count = Math.min(PLACES, starts);
    for (int i = 0; i < count; i++) {
      look(rows.rows() * (1 + (count == 1 ? 0 : (long) (starts - 1) * i / (count - 1))));
      if (places == FIRST_PLACES && starts >= MANY && ranks < FIRST_RANK * places) {
        return false;
      }
    }
    if (places == 0 || acrosses == 0) {
      return false;
    }
    double a = median(along, alongs);
    double b = median(across, acrosses);
    if (places >= MANY) {
      // ranks of places like others are even: their variance is 1 / 12
      return (ranks / places - 0.5) * Math.sqrt(12.0 * places) > DEVIATIONS && a <= MANY_ALONG * b;
    }
    double jump = places == 1 ? 8 : places == 2 ? 3 : 1.5;
    return leastJump > jump && a < FEW_ALONG * b;
  }

  /** Compares the step to a value with those between the same columns in the rows around. */
  private void look(long start) {
    double jump = Math.abs(value(start) - value(start - 1));
    if (!Double.isFinite(jump)) {
      return;
    }
    int firstAlong = alongs;
    double before = Double.NaN;
    double largest = 0;
    double below = 0;
    for (int s = -AROUND; s <= AROUND; s++) {
      long at = start + (long) s * rows.columns();
      if (s == 0 || at < 1 || at >= rows.rows() * rows.columns() || at % rows.rows() == 0) {
        before = Double.NaN;
        continue;
      }
      double value = value(at);
      double step = Math.abs(value - value(at - 1));
      if (Double.isFinite(step)) {
        along[alongs++] = step;
        largest = Math.max(largest, step);
        below += step < jump ? 1 : step == jump ? 0.5 : 0;
      }
      double down = Math.abs(value - before);
      if (Double.isFinite(down)) {
        across[acrosses++] = down;
      }
      before = value;
    }
    int compared = alongs - firstAlong;
    if (compared >= AROUND) {
      places++;
      ranks += below / compared;
      leastJump = Math.min(leastJump, jump == 0 ? 0 : jump / largest);
    }
  }

  private double value(long at) {
    int columns = rows.columns();
    return RowArray.value(rows.type(), rows.bits(at / columns, (int) (at % columns)));
  }

  private static double median(double[] values, int count) {
    Arrays.sort(values, 0, count);
    return values[count / 2];
  }
}
