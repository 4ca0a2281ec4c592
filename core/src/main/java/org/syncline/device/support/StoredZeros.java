/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;
import org.syncline.device.Problems;
import org.syncline.format.Statistics;
import org.syncline.storage.FrameArray;
import org.syncline.storage.RowArray;
import org.syncline.storage.ZeroPages;

/** Says where a file holds zeros that nobody wrote: the rest of a copy that was interrupted. */
public final class StoredZeros {
  private static final String TO_THE_END = "values to the end of the file";
  private static final String COPY =
      "a copy that was interrupted leaves that: compare its checksum with the original's, and copy"
          + " it again";

  /** Bytes of zeros that are read to say that there is nothing else. */
  private static final long MOST_READ = 64 << 20;

  /** Fewer columns may be zero together because an animal stands still, or an eye is closed. */
  private static final int COLUMNS = 8;

  private static final int FEWEST_ROWS = 100;

  /** One of so many rows must be zero at the beginning. */
  private static final int PART = 10;

  /** Rows that are looked at. */
  private static final int SAMPLED = 256;

  /** Rows of values that say what a signal is like elsewhere. */
  private static final int ELSEWHERE = 32;

  private static final int ROWS_LOOKED_AT = 4096;
  private static final int COLUMNS_LOOKED_AT = 16;

  /** Distinct values from which on a column measures something, and is no list of states. */
  public static final int DISTINCT = 32;

  /** Rows of those looked at that are no chance. */
  private static final int FEWEST_SAMPLED = 16;

  private StoredZeros() {}

  /**
   * Adds a warning where the first rows are zero in all of many columns of which each is hardly
   * ever zero elsewhere, as an array is that was made before its values were known, and never
   * filled there. Sparse signals, such as counts of spikes, say nothing by their zeros, nor do
   * states, of which 0 is one. Reads a row where that is none, else a few hundred, and values of
   * some columns.
   *
   * @return whether it did
   */
  public static boolean atBegin(RowArray rows, Problems problems) {
    long count = rows.rows();
    int columns = rows.columns();
    if (!rows.isMapped()
        || columns < COLUMNS
        || count < (long) PART * FEWEST_ROWS / 2
        || !isZero(rows, 0)) {
      return false;
    }
    long step = Math.max(1, count / SAMPLED);
    long first = 0;
    while (first < count && isZero(rows, first)) {
      first += step;
    }
    if (first < FEWEST_ROWS || first < count / PART || first >= count) {
      return false;
    }
    long zero = first - step;
    while (first - zero > 1) {
      long middle = (zero + first) >>> 1;
      if (isZero(rows, middle)) {
        zero = middle;
      } else {
        first = middle;
      }
    }
    if (first >= FEWEST_ROWS
        && first >= count / PART
        && isDense(rows, first, step)
        && isMeasured(
            rows, Math.min(columns, COLUMNS_LOOKED_AT), (int) Math.min(count, ROWS_LOOKED_AT))) {
      problems.warning(
          rows.path(),
          "values",
          "nothing but zeros in rows 0 to " + (first - 1) + " of " + count,
          "values from the first row on, as in the others",
          "was the array never filled there, or did the device begin later? The zeros are read as"
              + " values");
      return true;
    }
    return false;
  }

  /**
   * Adds a warning where the only zeros of all values looked at are rows that follow each other,
   * behind the first and all columns together: where an array was not filled, or a device gave
   * nothing. Values that are zero now and then say nothing by it, nor do states, of which 0 is one.
   * Reads some values of four thousand rows.
   *
   * @return whether it did
   */
  public static boolean between(RowArray rows, Problems problems) {
    int columns = Math.min(rows.columns(), COLUMNS_LOOKED_AT);
    int n = (int) Math.min(rows.rows(), ROWS_LOOKED_AT);
    if (columns == 0 || n < PART * FEWEST_ROWS) {
      return false;
    }
    int first = -1;
    int last = -1;
    for (int i = 0; i < n; i++) {
      int zeros = 0;
      for (int j = 0; j < columns; j++) {
        zeros += value(rows, row(rows, i, n), column(rows, j, columns)) == 0 ? 1 : 0;
      }
      if (zeros > 0 && zeros < columns || zeros > 0 && last >= 0 && last < i - 1) {
        return false;
      }
      if (zeros > 0) {
        first = first < 0 ? i : first;
        last = i;
      }
    }
    if (first <= 0
        || last - first + 1 < Math.max(FEWEST_SAMPLED, n / 100)
        || !isZero(rows, row(rows, first, n))
        || !isZero(rows, row(rows, last, n))
        || !isMeasured(rows, columns, n)) {
      return false;
    }
    long begin = edge(rows, row(rows, first, n), row(rows, first - 1, n));
    long end =
        last == n - 1 ? rows.rows() - 1 : edge(rows, row(rows, last, n), row(rows, last + 1, n));
    if (end - begin + 1 < FEWEST_ROWS) {
      return false;
    }
    problems.warning(
        rows.path(),
        "values",
        "nothing but zeros in rows "
            + begin
            + " to "
            + end
            + " of "
            + rows.rows()
            + ", and nowhere else",
        "values as before and behind",
        "was the array never filled there, or did the device stand still? The zeros are read as"
            + " values");
    return true;
  }

  /** Returns whether a column looked at has so many values that they are no states. */
  private static boolean isMeasured(RowArray rows, int columns, int n) {
    Set<Double> distinct = new HashSet<>();
    for (int j = 0; j < columns; j++) {
      distinct.clear();
      // with the zeros, which are one value more
      for (int i = 0; i < n && distinct.size() <= DISTINCT; i++) {
        distinct.add(value(rows, row(rows, i, n), column(rows, j, columns)));
      }
      if (distinct.size() > DISTINCT) {
        return true;
      }
    }
    return false;
  }

  private static double value(RowArray rows, long row, int column) {
    return RowArray.value(rows.type(), rows.bits(row, column));
  }

  /** Returns one of so many columns, spread evenly. */
  private static int column(RowArray rows, int j, int columns) {
    return (int) ((long) j * rows.columns() / columns);
  }

  /** Returns one of so many rows, spread evenly. */
  private static long row(RowArray rows, int i, int n) {
    return (rows.rows() - 1) * i / (n - 1);
  }

  /** Returns the last row of zeros on the way to one that is none. */
  private static long edge(RowArray rows, long zero, long other) {
    while (Math.abs(zero - other) > 1) {
      long middle = (zero + other) >>> 1;
      if (isZero(rows, middle)) {
        zero = middle;
      } else {
        other = middle;
      }
    }
    return zero;
  }

  /** Returns whether each column is another number than 0 in three of four rows or more. */
  private static boolean isDense(RowArray rows, long from, long step) {
    int[] zeros = new int[rows.columns()];
    int looked = 0;
    for (long row = from; row < rows.rows(); row += step) {
      looked++;
      for (int c = 0; c < zeros.length; c++) {
        zeros[c] += value(rows, row, c) == 0 ? 1 : 0;
      }
    }
    if (looked < ELSEWHERE) {
      return false;
    }
    for (int n : zeros) {
      if (4 * n > looked) {
        return false;
      }
    }
    return true;
  }

  private static boolean isZero(RowArray rows, long row) {
    for (int c = 0; c < rows.columns(); c++) {
      if (value(rows, row, c) != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Adds a warning where rows end in zeros, or are nothing else. Reads a few pages.
   *
   * @return whether it did
   */
  public static boolean atEnd(RowArray rows, Problems problems) {
    if (!rows.isMapped()) {
      return false;
    }
    ZeroPages pages = rows.zeroPages();
    ZeroPages.Run end = pages.atEnd();
    if (pages.isAll(MOST_READ)) {
      problems.warning(
          rows.path(), "values", "nothing but zeros", "values", "was the file never filled?");
      return true;
    }
    if (end != null && (end.torn() || pages.isSilence(end))) {
      problems.warning(
          rows.path(),
          "values",
          zeros(end, rows::placeOf),
          TO_THE_END,
          end.torn() ? COPY : silent());
      return true;
    }
    return false;
  }

  /** Adds a warning where frames end in zeros as a copy leaves them. Reads a few pages. */
  public static void atEnd(FrameArray frames, Problems problems) {
    try (Arena arena = Arena.ofConfined()) {
      atEnd(frames.path(), frames.zeroPages(arena), frames::placeOf, problems);
    }
  }

  /**
   * Adds warnings of zeros that a copy left, wherever they are in so many pages of rows.
   *
   * @return whether it did
   */
  public static boolean inside(RowArray rows, long most, Problems problems) {
    return rows.isMapped()
        && inside(rows.path(), rows.zeroPages().inside(most), rows::placeOf, problems);
  }

  /** Adds warnings of zeros that a copy left, wherever they are in so many pages of frames. */
  public static void inside(FrameArray frames, long most, Problems problems) {
    try (Arena arena = Arena.ofConfined()) {
      inside(frames.path(), frames.zeroPages(arena).inside(most), frames::placeOf, problems);
    }
  }

  /**
   * Adds a warning where a file of statistics ends in zeros as a copy leaves them.
   *
   * @param values what was read of it
   */
  public static void ofStatistics(Path folder, String name, double[] values, Problems problems) {
    if (values.length == 0 || values[values.length - 1] != 0) {
      return;
    }
    Path file = Statistics.file(folder, name);
    try (Arena arena = Arena.ofConfined()) {
      atEnd(file, ZeroPages.ofNpy(file, arena), at -> "byte " + at + " of its values", problems);
    }
  }

  /**
   * Adds a warning where files of pixels hold nothing but zeros, all of them: black frames among
   * others are as good as any. Reads all of them, at most 64 MiB each.
   *
   * @param folder where they lie
   */
  public static void ofAll(Path folder, Collection<Path> files, Problems problems) {
    for (Path file : files) {
      try (Arena arena = Arena.ofConfined()) {
        if (!ZeroPages.ofNpy(file, arena).isAll(MOST_READ)) {
          return;
        }
      }
    }
    problems.warning(
        folder,
        "pixels",
        "nothing but zeros in all " + files.size() + " files",
        "other values in some",
        "were the files never filled?");
  }

  private static void atEnd(
      Path file, ZeroPages pages, LongFunction<String> place, Problems problems) {
    ZeroPages.Run end = pages.atEnd();
    if (end != null && end.torn()) {
      problems.warning(file, "values", zeros(end, place), TO_THE_END, COPY);
    }
  }

  private static boolean inside(
      Path file, List<ZeroPages.Run> found, LongFunction<String> place, Problems problems) {
    if (!found.isEmpty()) {
      ZeroPages.Run run = found.getFirst();
      problems.warning(
          file,
          "values",
          (found.size() == 1 ? "a hole" : found.size() + " holes, the first")
              + " of zeros from "
              + place.apply(run.from())
              + " to "
              + place.apply(run.to()),
          "values in all pages of the file",
          COPY);
    }
    return !found.isEmpty();
  }

  private static String zeros(ZeroPages.Run end, LongFunction<String> place) {
    return "nothing but zeros"
        + (end.from() == 0 ? "" : " from " + place.apply(end.from()) + " on");
  }

  private static String silent() {
    return "did the device stop, or was the file never filled to its end? The zeros are read as"
        + " values";
  }
}
