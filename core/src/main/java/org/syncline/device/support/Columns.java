/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.syncline.config.ModalityConfig;
import org.syncline.error.ConfigException;
import org.syncline.error.RecordingException;
import org.syncline.format.Statistics;

/** Finds the stored columns (signals, units, labels) that a configuration selects. */
public final class Columns {
  private Columns() {}

  /**
   * Returns the selected columns in the order given, or null for all.
   *
   * @param stored number of stored columns
   * @param what what a column is, in the plural, for messages
   */
  public static int[] selected(Path folder, ModalityConfig config, int stored, String what) {
    if (config.columns() != null && config.unitIds() != null) {
      throw error(folder, "unit_ids", "given together with columns; keep one of them");
    }
    if (config.columns() != null) {
      for (int column : config.columns()) {
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
      return config.columns().clone();
    }
    return config.unitIds() == null ? null : ofIds(folder, config.unitIds(), stored);
  }

  private static int[] ofIds(Path folder, long[] wanted, int stored) {
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

  public static ConfigException error(Path folder, String key, String message) {
    return new ConfigException(
        "configuration", 0, "modality_config." + folder.getFileName() + "." + key, message);
  }

  /**
   * Returns the values of the selected columns out of one per stored column; one value alone is
   * returned as it is.
   */
  public static double[] select(double[] values, int[] columns, int stored, String what) {
    if (values.length != stored) {
      if (values.length == 1) {
        return values.clone();
      }
      throw new IllegalArgumentException(
          values.length + " values, expected one or one for each of " + stored + " " + what);
    }
    if (columns == null) {
      return values.clone();
    }
    double[] selected = new double[columns.length];
    for (int i = 0; i < columns.length; i++) {
      selected[i] = values[columns[i]];
    }
    return selected;
  }
}
