/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.spikes;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.syncline.device.Problems;
import org.syncline.device.support.FileChecks;
import org.syncline.device.support.StoredType;
import org.syncline.device.support.StoredZeros;
import org.syncline.format.Fields;
import org.syncline.format.Values;
import org.syncline.storage.ArrayFiles;
import org.syncline.storage.Dtype;
import org.syncline.storage.Pointers;
import org.syncline.storage.RowArray;

/** Says what is wrong with spikes: their offsets, number and order. */
final class SpikeCheck {
  /** So many times that are whole numbers are not seconds by chance. */
  private static final int WHOLE_TIMES = 10;

  /** Seconds of which people may well note whole ones lie below: some hours. */
  private static final double WHOLE_SECONDS = 10_000;

  private final Problems problems;
  private final FileChecks files;

  SpikeCheck(Problems problems) {
    this.problems = problems;
    files = new FileChecks(problems);
  }

  /** Checks a device. */
  void check(SpikesMeta meta) {
    if (problems.isBroken("spike_indices")
        || problems.isBroken("is_mem_mapped")
        || problems.isBroken("dtype")) {
      return;
    }
    FileChecks.unread(
        problems,
        meta.folder().resolve(meta.memMapped() ? "spikes.npy" : "spikes.mem"),
        meta.dataFile());
    long[] indices = meta.spikeIndices();
    Path metaFile = meta.folder().resolve("meta.yml");
    if (indices.length == 0) {
      problems.error(
          metaFile, "spike_indices", "an empty list", "n + 1 offsets, the first 0", null);
      return;
    }
    if (indices[0] != 0) {
      problems.error(metaFile, "spike_indices[0]", String.valueOf(indices[0]), "0", null);
    }
    files.unitIds(meta.folder(), meta.units());
    long n = indices[indices.length - 1];
    try (Arena arena = Arena.ofConfined()) {
      RowArray times;
      long stored;
      if (meta.memMapped()) {
        Dtype dtype = files.dtype(metaFile, meta.dtype(), "float64 or <f8");
        if (dtype == null) {
          return;
        }
        stored =
            Files.exists(meta.dataFile()) ? Files.size(meta.dataFile()) / dtype.type().bytes() : 0;
        times = ArrayFiles.openRaw(meta.dataFile(), dtype, Math.min(n, stored), 1, arena);
      } else {
        times = ArrayFiles.openNpy(meta.dataFile(), arena);
        FileChecks.surplus(meta.dataFile(), problems);
        if (times.columns() != 1 && times.rows() != 0) {
          problems.error(
              meta.dataFile(),
              "shape",
              "(" + times.rows() + ", " + times.columns() + ")",
              "one axis",
              null);
          return;
        }
        stored = times.rows();
      }
      if (stored < n && meta.memMapped()) {
        problems.error(
            meta.dataFile(),
            "length",
            stored + " spikes",
            n + ", the last of spike_indices",
            Pointers.advice(meta.dataFile(), null));
      } else if (stored != n
          && !(meta.memMapped()
              && StoredType.isWider(meta.dataFile(), n, times.type(), meta.dtype(), problems))) {
        problems.error(SpikeInterpolator.wrongCount(meta, stored));
      }
      StoredZeros.atEnd(times, problems);
      spikeTimes(meta, times, Math.min(n, stored));
      if (stored >= n) {
        SpikeTimes.checkUnits(meta, times, problems);
      }
    } catch (IOException e) {
      problems.error(Fields.unreadable(meta.dataFile(), e));
    }
  }

  private void spikeTimes(SpikesMeta meta, RowArray times, long n) {
    long odd = 0;
    long outside = 0;
    long whole = 0;
    double most = 0;
    Set<Integer> unsorted = new TreeSet<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(8, 8);
      for (int unit = 0; unit < meta.units(); unit++) {
        double last = Double.NEGATIVE_INFINITY;
        for (long i = meta.spikeIndices()[unit];
            i < Math.min(meta.spikeIndices()[unit + 1], n);
            i++) {
          times.copyRow(i, value, 0);
          double t = Values.get(times.type(), value, 0);
          if (!Double.isFinite(t)) {
            odd++;
            continue;
          }
          if (t < last) {
            unsorted.add(unit);
          }
          last = t;
          whole += t == Math.rint(t) ? 1 : 0;
          most = Math.max(most, t);
          if (t < meta.startTime() || t > meta.endTime()) {
            outside++;
          }
        }
      }
    }
    if (odd > 0) {
      problems.warning(
          meta.dataFile(),
          "values",
          odd + " NaN or infinite",
          "finite times",
          "they are never counted");
    }
    if (whole >= WHOLE_TIMES && whole == n - odd && most >= WHOLE_SECONDS) {
      problems.warning(
          meta.dataFile(),
          "values",
          "whole numbers alone, up to " + most,
          "seconds",
          "they look like numbers of samples, or ms: give their rate when writing");
    }
    if (!unsorted.isEmpty()) {
      problems.warning(
          meta.dataFile(),
          "values",
          "times that descend in units " + FileChecks.some(List.copyOf(unsorted)),
          "ascending times in each unit",
          "they are sorted in memory: write them sorted");
    }
    if (outside > 0) {
      problems.warning(
          meta.dataFile(),
          "values",
          outside + " spikes outside the device's range",
          "times in " + meta.startTime() + " to " + meta.endTime(),
          null);
    }
  }
}
