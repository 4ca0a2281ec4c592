/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.syncline.format.writing.DeviceFiles;
import org.syncline.format.writing.DeviceNames;

/** What a table says of each signal, for the key {@code select}: a file in meta for each column. */
final class SignalColumns {
  /** Names of signals where their ids are texts. */
  static final String NAMES = "unit_names";

  /** What other files of meta are called. */
  private static final Set<String> TAKEN =
      Set.of("unit_ids", NAMES, "means", "stds", "phase_shifts");

  private SignalColumns() {}

  /** Writes names of signals, and says so. */
  static void names(Path folder, List<String> names, Job job) throws IOException {
    DeviceFiles.texts(folder, NAMES, names);
    job.notes().add("names of the signals: meta/" + NAMES + ".npy, which select reads");
  }

  /**
   * Writes the columns of a table that have one text or number a row, and names them.
   *
   * @param rows which rows the signals are
   */
  static void write(Path folder, Table table, int[] rows, Job job) throws IOException {
    List<String> written = new ArrayList<>();
    for (String column : table.columns()) {
      H5Node data = table.node().child(column);
      if (data != null
          && !TAKEN.contains(column)
          && DeviceNames.safe(column).equals(column)
          && isOneAnswerARow(table, data, rows)
          && write(folder, column, table, rows)) {
        written.add(column);
      }
    }
    if (!written.isEmpty()) {
      job.notes().add("in meta, for select: " + String.join(", ", written));
    }
  }

  private static boolean isOneAnswerARow(Table table, H5Node data, int[] rows) {
    return !data.isBroken()
        && data.isDataset()
        && table.node().child(data.name() + "_index") == null
        && data.attribute("table") == null
        && data.shape().length == 1
        && Arrays.stream(rows).allMatch(row -> row < data.shape()[0]);
  }

  private static boolean write(Path folder, String column, Table table, int[] rows)
      throws IOException {
    H5Node data = table.node().child(column);
    Class<?> type = data.holdsReferences() ? null : data.elementClass();
    boolean coded = data.reference("elements") != null;
    if (type == String.class || type != null && coded) {
      List<List<String>> all = table.texts(column, new ArrayList<>());
      DeviceFiles.texts(
          folder, column, IntStream.of(rows).mapToObj(row -> all.get(row).getFirst()).toList());
      return true;
    }
    if (type != null && type.isPrimitive()) {
      double[] all = data.doubles();
      DeviceFiles.values(folder, column, IntStream.of(rows).mapToDouble(row -> all[row]).toArray());
      return true;
    }
    return false;
  }
}
