/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.syncline.array.ElementType;
import org.syncline.device.Problems;
import org.syncline.device.support.FileChecks;
import org.syncline.device.support.StatisticsFit;
import org.syncline.device.support.StoredZeros;
import org.syncline.error.RecordingException;
import org.syncline.format.Fields;
import org.syncline.format.Statistics;
import org.syncline.format.Values;
import org.syncline.storage.ArrayFiles;
import org.syncline.storage.Dtype;
import org.syncline.storage.Pointers;
import org.syncline.storage.RowArray;
import org.syncline.storage.StoredDoubles;

/** Says what is wrong with a sequence: its rows, clock, statistics and ids. */
final class SequenceCheck {
  private static final long READ_WHOLE = 256L << 20;
  private static final int VALUES_LOOKED_AT = 1 << 16;
  private static final int TIMES = 8192;

  /** Rows that are looked at together; they stay in the cache. */
  private static final long BLOCK_BYTES = 64 << 10;

  private final Problems problems;
  private final FileChecks files;

  /** Whether stored zeros were said, of which no second check should speak. */
  private boolean zeros;

  SequenceCheck(Problems problems) {
    this.problems = problems;
    files = new FileChecks(problems);
  }

  /** Checks a device. */
  void check(SequenceMeta meta) {
    FileChecks.unread(
        problems,
        meta.folder().resolve(meta.memMapped() ? "data.npy" : "data.mem"),
        meta.dataFile());
    if (problems.isBroken("is_mem_mapped")
        || problems.isBroken("n_signals")
        || problems.isBroken("dtype")) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      RowArray rows =
          problems.isBroken("n_timestamps") && meta.memMapped() ? null : rows(meta, arena);
      if (rows != null) {
        if (!problems.isBroken("sampling_rate")
            && !problems.isBroken("start_time")
            && !problems.isBroken("end_time")) {
          problems.guarded(() -> clock(meta, rows, arena));
        }
        if (problems.wantsAllValues()) {
          problems.guarded(() -> nans(meta.dataFile(), rows));
          problems.guarded(() -> FrozenRows.check(rows, READ_WHOLE, problems));
          problems.guarded(() -> RepeatedRows.check(rows, READ_WHOLE, problems));
          problems.guarded(() -> WildValues.check(rows, READ_WHOLE, problems));
          problems.guarded(() -> EqualColumns.check(rows, problems));
          problems.guarded(() -> zeros |= StoredZeros.inside(rows, READ_WHOLE / 4096, problems));
          if (rows.rows() * rows.rowBytes() > SwappedAxes.SMALL) {
            problems.guarded(() -> SwappedAxes.check(rows, problems));
          }
        }
        statistics(meta, rows.columns());
        try {
          fit(meta, rows);
          zeros = zeros || StoredZeros.between(rows, problems);
          MissingCodes.check(rows, !zeros, problems);
        } catch (RecordingException _) {
          // what cannot be read has been said
        }
      } else if (meta.signals() >= 0) {
        statistics(meta, meta.signals());
      }
    }
  }

  /** Opens the rows and compares them with what is declared; null where that is impossible. */
  private RowArray rows(SequenceMeta meta, Arena arena) {
    Path file = meta.dataFile();
    Path metaFile = meta.folder().resolve("meta.yml");
    try {
      if (meta.memMapped()) {
        Dtype dtype = files.dtype(metaFile, meta.dtype(), "float32 or <f4");
        if (dtype == null) {
          return null;
        }
        long size = Files.isRegularFile(file) ? Files.size(file) : -1;
        long row = Math.multiplyExact((long) meta.signals(), dtype.type().bytes());
        if (row > 0 && size >= 0 && size != Math.multiplyExact(row, meta.timestamps())) {
          String found =
              size
                  + " bytes, "
                  + size / (double) row
                  + " rows of "
                  + meta.signals()
                  + " "
                  + meta.dtype();
          String expected =
              row * meta.timestamps() + " bytes, n_timestamps = " + meta.timestamps() + " rows";
          if (size < row * meta.timestamps()) {
            problems.error(
                file,
                "size",
                found,
                expected,
                Pointers.advice(
                    file, "the file is truncated, or n_signals, n_timestamps or dtype is wrong"));
            return null;
          }
          RowArray rows = ArrayFiles.openRaw(file, dtype, meta.timestamps(), meta.signals(), arena);
          int before = problems.list().size();
          zeros |= SequenceShape.compare(meta, rows, problems);
          if (problems.list().stream().skip(before).noneMatch(p -> "size".equals(p.key()))) {
            problems.warning(
                file,
                "size",
                found,
                expected,
                "it is read as far as declared; check n_signals, n_timestamps and dtype");
          }
          return rows;
        }
        RowArray rows = ArrayFiles.openRaw(file, dtype, meta.timestamps(), meta.signals(), arena);
        zeros |= SequenceShape.compare(meta, rows, problems);
        return rows;
      }
      RowArray rows = ArrayFiles.openNpy(file, arena);
      FileChecks.surplus(file, problems);
      SequenceShape.check(meta, rows.rows(), rows.columns());
      zeros |= SequenceShape.compare(meta, rows, problems);
      if (meta.timestamps() >= 0 && rows.rows() != meta.timestamps()) {
        problems.warning(
            file,
            "rows",
            String.valueOf(rows.rows()),
            "n_timestamps = " + meta.timestamps(),
            "the file's count is used");
      }
      if (meta.dtype() != null) {
        Dtype declared = Dtype.parse(meta.dtype());
        if (declared == null || declared.type() != rows.type()) {
          problems.warning(
              file, "dtype", rows.type().numpyName(), meta.dtype(), "the file's type is used");
        }
      }
      return rows;
    } catch (RecordingException e) {
      problems.error(e);
    } catch (IOException e) {
      problems.error(Fields.unreadable(file, e));
    } catch (ArithmeticException e) {
      problems.error(
          metaFile,
          "n_timestamps",
          String.valueOf(meta.timestamps()),
          "a size that a file can have",
          null);
    }
    return null;
  }

  /** Checks the rate, and reads the times of a sequence that has its own. */
  private void clock(SequenceMeta meta, RowArray rows, Arena arena) {
    long n = rows.rows();
    if (n == 0) {
      problems.warning(meta.dataFile(), "rows", "0", "at least one row", null);
    }
    SequenceClock.check(meta, n, rows.columns(), true, problems);
    if (!Files.exists(meta.timestampsFile())) {
      return;
    }
    StoredDoubles times =
        files.timestamps(
            meta.timestampsFile(),
            meta.irregular() ? FileChecks.Times.ROWS : FileChecks.Times.UNUSED,
            arena);
    if (times == null || !meta.irregular()) {
      return;
    }
    if (times.length() != n) {
      problems.error(
          meta.timestampsFile(),
          "length",
          String.valueOf(times.length()),
          "one time for each of " + n + " rows",
          null);
    }
    if (isFinite(times)) {
      SequenceClock.range(meta, times.length(), times::get, problems);
    }
    if (times.length() > 0 && !meta.timesDeclared()) {
      problems.range(times.get(0), times.get(times.length() - 1));
    }
  }

  private static boolean isFinite(StoredDoubles times) {
    for (int from = 0; from < times.length(); from += TIMES) {
      int to = (int) Math.min(times.length(), (long) from + TIMES);
      if (!Arrays.stream(times.copy(from, to)).allMatch(Double::isFinite)) {
        return false;
      }
    }
    return true;
  }

  private void nans(Path file, RowArray rows) {
    ElementType type = rows.type();
    if (!type.isFloating() || rows.rows() == 0 || rows.columns() == 0) {
      return;
    }
    long step = Math.max(1, Math.ceilDiv(rows.rows() * rows.rowBytes(), READ_WHOLE));
    int block = step > 1 ? 1 : (int) Math.clamp(BLOCK_BYTES / rows.rowBytes(), 1, rows.rows());
    long[] nan = new long[rows.columns()];
    long read = 0;
    long infinite = 0;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment values = arena.allocate(block * rows.rowBytes(), 8);
      FiniteSearch search = new FiniteSearch(type);
      for (long r = 0; r < rows.rows(); r += block * step) {
        int n = (int) Math.min(block, rows.rows() - r);
        rows.copyRows(r, n, values, 0);
        read += n;
        if (search.allFinite(values, n * (long) nan.length)) {
          continue;
        }
        for (int k = 0; k < n; k++) {
          for (int c = 0; c < nan.length; c++) {
            double value = Values.get(type, values, k * (long) nan.length + c);
            if (value != value) {
              nan[c]++;
            } else if (Double.isInfinite(value)) {
              infinite++;
            }
          }
        }
      }
    }
    long all = 0;
    List<Integer> empty = new ArrayList<>();
    for (int c = 0; c < nan.length; c++) {
      all += nan[c];
      if (nan[c] == read) {
        empty.add(c);
      }
    }
    String sampled = step > 1 ? " (of every " + step + "th row)" : "";
    if (all > 0) {
      double share = 100.0 * all / (read * (double) nan.length);
      String found = String.format(Locale.ROOT, "%.3g %% NaN%s", share, sampled);
      problems.warning(
          file, "values", found, "numbers", "chunks near them are invalid with nan_filter");
    }
    if (!empty.isEmpty()) {
      problems.warning(
          file, "columns", "nothing but NaN in " + FileChecks.some(empty), "values", null);
    }
    if (infinite > 0) {
      problems.warning(file, "values", infinite + " infinite" + sampled, "finite numbers", null);
    }
  }

  /** Compares stored statistics with some rows. */
  private void fit(SequenceMeta meta, RowArray rows) {
    Path stds = Statistics.file(meta.folder(), "stds");
    if (!Files.exists(stds) || rows.columns() == 0) {
      return;
    }
    int n = rows.columns();
    double[] means =
        Files.exists(Statistics.file(meta.folder(), "means"))
            ? Statistics.read(meta.folder(), "means", n)
            : null;
    double[] deviations = Statistics.read(meta.folder(), "stds", n);
    int before = problems.list().size();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment row = arena.allocate(rows.rowBytes(), 8);
      StatisticsFit.check(
          (r, columns, values) -> {
            rows.copyRow(r, row, 0);
            for (int j = 0; j < values.length; j++) {
              values[j] = Values.get(rows.type(), row, columns[j]);
            }
          },
          rows.rows(),
          n,
          Math.clamp(
              Math.min(
                  VALUES_LOOKED_AT / Math.min(n, StatisticsFit.MOST_COLUMNS),
                  READ_WHOLE / 4 / rows.rowBytes()),
              32,
              4096),
          means,
          deviations,
          true,
          column -> column,
          stds,
          problems);
    }
    if (means != null && problems.wantsAllValues() && problems.list().size() == before) {
      StatisticsOfAll.check(rows, means, deviations, READ_WHOLE, stds, problems);
    }
  }

  private void statistics(SequenceMeta meta, int n) {
    boolean means = files.isThere(Statistics.file(meta.folder(), "means"));
    boolean stds = files.isThere(Statistics.file(meta.folder(), "stds"));
    if (means != stds) {
      problems.warning(
          Statistics.file(meta.folder(), means ? "stds" : "means"),
          null,
          "no such file",
          "both means.npy and stds.npy",
          null);
    }
    for (String name : new String[] {"means", "stds"}) {
      if (Files.exists(Statistics.file(meta.folder(), name))) {
        files.optional(
            () ->
                files.values(
                    Statistics.file(meta.folder(), name),
                    Statistics.read(meta.folder(), name, n),
                    name));
      }
    }
    if (meta.phaseShifted()) {
      problems.guarded(
          () ->
              files.values(
                  Statistics.file(meta.folder(), "phase_shifts"),
                  Statistics.read(meta.folder(), "phase_shifts", n),
                  ""));
    }
    files.unitIds(meta.folder(), n);
  }
}
