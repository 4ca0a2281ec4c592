/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.syncline.config.ModalityConfig;
import org.syncline.document.Documents;
import org.syncline.error.ConfigException;
import org.syncline.error.RecordingException;
import org.syncline.format.SignalLabels;
import org.syncline.format.Statistics;

/**
 * Which of a device's stored columns (signals, units, labels) are read, and in which order.
 * Immutable.
 */
public final class Columns {
  private final int stored;
  private final int[] selected;
  private final String what;

  private Columns(int stored, int[] selected, String what) {
    this.stored = stored;
    this.selected = selected;
    this.what = what;
  }

  /**
   * Returns all columns.
   *
   * @param stored number of stored columns
   * @param what what a column is, in the plural, for messages
   */
  public static Columns all(int stored, String what) {
    Objects.requireNonNull(what, "what is null");
    return new Columns(stored, null, what);
  }

  /**
   * Returns the columns that a configuration selects, by {@code columns} or by the ids in {@code
   * meta/unit_ids.npy}, narrowed by {@code select}; all where it selects none.
   *
   * @param folder the device's folder
   * @param stored number of stored columns
   * @param what what a column is, in the plural, for messages
   * @throws ConfigException for a column that there is not, or an id that the file does not list,
   *     or where nothing is left
   * @throws RecordingException where {@code unit_ids.npy} or another array is needed and missing or
   *     wrong
   */
  public static Columns selected(Path folder, ModalityConfig config, int stored, String what) {
    Objects.requireNonNull(folder, "folder is null");
    Objects.requireNonNull(what, "what is null");
    int[] columns = config.columnsOf(stored);
    if (columns != null && config.unitIds() != null) {
      throw error(folder, "unit_ids", "given together with columns; keep one of them");
    }
    if (columns != null) {
      check(folder, config, columns, stored, what);
    } else if (config.unitIds() != null) {
      columns = ofIds(folder, config.unitIds(), stored, what);
    }
    return new Columns(stored, narrowed(folder, config, columns, stored, what), what);
  }

  private static void check(
      Path folder, ModalityConfig config, int[] columns, int stored, String what) {
    if (config.columnMask() != null && config.columnMask().length != stored) {
      throw error(
          folder,
          "columns",
          "found "
              + config.columnMask().length
              + " truth values, expected "
              + stored
              + ", one for each of the recording's "
              + what);
    }
    for (int column : columns) {
      if (column < 0 || column >= stored) {
        String expected = stored == 0 ? "none" : "0 to " + (stored - 1);
        throw error(
            folder,
            "columns",
            "found "
                + column
                + ", expected "
                + expected
                + ": the recording has "
                + stored
                + " "
                + what);
      }
    }
    if (stored > 2 && columns.length == stored && isMask(columns)) {
      throw error(
          folder,
          "columns",
          "found "
              + stored
              + " numbers 0 and 1, one for each of the recording's "
              + what
              + ": a mask? give truth values, or each column once");
    }
    if (columns.length == 0) {
      throw error(
          folder,
          "columns",
          "found "
              + (config.columnMask() != null
                  ? "no true"
                  : config.columnSlices() != null ? "'" + config.columnSlices() + "'" : "[]")
              + ", which selects none of "
              + stored
              + " "
              + what);
    }
  }

  private static boolean isMask(int[] columns) {
    return Arrays.stream(columns).allMatch(column -> column == 0 || column == 1);
  }

  /** Returns those of some columns, or of all, of which arrays say what they must. */
  private static int[] narrowed(
      Path folder, ModalityConfig config, int[] columns, int stored, String what) {
    if (config.select().isEmpty()) {
      return columns;
    }
    int[] left = columns == null ? IntStream.range(0, stored).toArray() : columns;
    for (Map.Entry<String, Object> condition : config.select().entrySet()) {
      SignalLabels labels = SignalLabels.read(folder, condition.getKey(), stored);
      left =
          Arrays.stream(left)
              .filter(column -> labels.meets(column, condition.getValue()))
              .toArray();
      if (left.length == 0) {
        throw error(
            folder,
            "select." + condition.getKey(),
            "found "
                + Documents.toJson(condition.getValue())
                + ", which leaves none of "
                + stored
                + " "
                + what
                + "; values there: "
                + labels.some());
      }
    }
    return left;
  }

  private static int[] ofIds(Path folder, long[] wanted, int stored, String what) {
    if (wanted.length == 0) {
      throw error(folder, "unit_ids", "found [], which selects none of " + stored + " " + what);
    }
    long[] ids = Statistics.unitIds(folder, stored);
    Map<Long, Integer> columnOf = new HashMap<>();
    for (int i = 0; i < ids.length; i++) {
      Integer other = columnOf.put(ids[i], i);
      if (other != null) {
        throw RecordingException.of(
            Statistics.file(folder, "unit_ids"),
            "element " + i,
            "id " + ids[i] + " for the second time (first in element " + other + ")",
            "one column for each id",
            "select by columns instead");
      }
    }
    int[] columns = new int[wanted.length];
    for (int i = 0; i < wanted.length; i++) {
      Integer column = columnOf.get(wanted[i]);
      if (column == null) {
        throw error(
            folder,
            "unit_ids",
            "found "
                + wanted[i]
                + ", which "
                + Statistics.file(folder, "unit_ids")
                + " does not list");
      }
      columns[i] = column;
    }
    return columns;
  }

  private static ConfigException error(Path folder, String key, String message) {
    return new ConfigException(
        "configuration", 0, "modality_config." + folder.getFileName() + "." + key, message);
  }

  /** Returns the number of stored columns, read or not. */
  public int stored() {
    return stored;
  }

  /** Returns the number of columns that are read. */
  public int count() {
    return selected == null ? stored : selected.length;
  }

  /** Returns whether every stored column is read, in the stored order. */
  public boolean isAll() {
    return selected == null || Arrays.equals(selected, Columns.all(stored, what).indices());
  }

  /**
   * Returns the stored column that is read as column {@code i}.
   *
   * @throws IndexOutOfBoundsException for a column outside 0 … {@link #count()} - 1
   */
  public int column(int i) {
    return selected == null ? java.util.Objects.checkIndex(i, stored) : selected[i];
  }

  /** Returns the stored column of each that is read, in a new array. */
  public int[] indices() {
    if (selected != null) {
      return selected.clone();
    }
    int[] all = new int[stored];
    Arrays.setAll(all, i -> i);
    return all;
  }

  /**
   * Returns the values of the columns that are read out of one value per stored column; one value
   * alone is returned as it is.
   *
   * @throws IllegalArgumentException for any other length
   */
  public double[] select(double[] perStored) {
    if (perStored.length != stored) {
      if (perStored.length == 1) {
        return perStored.clone();
      }
      throw new IllegalArgumentException(
          perStored.length + " values, expected one or one for each of " + stored + " " + what);
    }
    if (selected == null) {
      return perStored.clone();
    }
    double[] some = new double[selected.length];
    for (int i = 0; i < some.length; i++) {
      some[i] = perStored[selected[i]];
    }
    return some;
  }

  @Override
  public String toString() {
    return "Columns("
        + (selected == null ? "all " : selected.length + " of ")
        + stored
        + " "
        + what
        + ")";
  }
}
