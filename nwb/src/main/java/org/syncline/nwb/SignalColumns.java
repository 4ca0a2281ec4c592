/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.syncline.format.writing.DeviceFiles;
import org.syncline.format.writing.DeviceNames;

/** What a table says of each signal, for the key {@code select}: a file in meta for each column. */
final class SignalColumns {
  /** Names of signals where their ids are texts. */
  static final String NAMES = "unit_names";

  /** The file's ids of signals, where some stand there twice. */
  static final String FILE_IDS = "file_ids";

  /** What other files of meta are called. */
  private static final Set<String> TAKEN =
      Set.of("unit_ids", NAMES, FILE_IDS, "means", "stds", "phase_shifts");

  private SignalColumns() {}

  /**
   * Writes ids of signals. Where some are repeated, signals are numbered from 0, and the file's ids
   * stand beside that.
   */
  static void ids(Path folder, long[] ids, Job job) throws IOException {
    if (LongStream.of(ids).distinct().count() == ids.length) {
      DeviceFiles.unitIds(folder, ids);
      return;
    }
    Set<Long> seen = new HashSet<>();
    long[] repeated = LongStream.of(ids).filter(id -> !seen.add(id)).distinct().toArray();
    DeviceFiles.unitIds(folder, LongStream.range(0, ids.length).toArray());
    DeviceFiles.wholes(folder, FILE_IDS, ids);
    job.notes()
        .add(
            "ids that stand there twice ("
                + Arrays.stream(repeated).limit(3).mapToObj(Long::toString).collect(joining(", "))
                + (repeated.length > 3 ? ", …" : "")
                + "): unit_ids count from 0, and meta/"
                + FILE_IDS
                + ".npy has those of the file, which select reads");
  }

  /** Writes names of signals, and says so. */
  static void names(Path folder, List<String> names, Job job) throws IOException {
    DeviceFiles.texts(folder, NAMES, names);
    job.notes().add("names of the signals: meta/" + NAMES + ".npy, which select reads");
  }

  /**
   * Writes the columns of a table that have one text or number a row, and names them.
   *
   * @param rows which rows the signals are
   * @param read columns of which something else became
   */
  static void write(Path folder, Table table, int[] rows, Set<String> read, Job job)
      throws IOException {
    List<String> written = new ArrayList<>();
    List<String> left = new ArrayList<>();
    for (String column : table.columns()) {
      H5Node data = table.node().child(column);
      if (data != null
          && !TAKEN.contains(column)
          && DeviceNames.safe(column).equals(column)
          && isOneAnswerARow(table, data, rows)
          && write(folder, column, table, rows)) {
        written.add(column);
      } else if (!read.contains(column)) {
        left.add(column);
      }
    }
    if (!written.isEmpty()) {
      job.notes().add("in meta, for select: " + String.join(", ", written));
    }
    if (!left.isEmpty()) {
      job.notes().add("columns of the table that no device has: " + String.join(", ", left));
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
