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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  /** Seconds to which times are rounded, the coarsest first. */
  private static final double[] GRIDS = {1, 0.1, 0.01};

  /** How near a time lies to a multiple, in steps: Unix times have 10^-5 of a hundredth. */
  private static final double ON_GRID = 1e-4;

  /** One of so many rounded spikes has the time of the one before. */
  private static final int ROUNDED = 50;

  /** Spikes of which the times say something. */
  private static final int MANY_TIMES = 32;

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
    long repeated = 0;
    int twins = 0;
    String twin = "";
    long[] onGrid = new long[GRIDS.length];
    Map<Long, Integer> trains = new HashMap<>();
    Set<Integer> unsorted = new TreeSet<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(8, 8);
      for (int unit = 0; unit < meta.units(); unit++) {
        double last = Double.NEGATIVE_INFINITY;
        long train = 0;
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
          repeated += t == last ? 1 : 0;
          last = t;
          train = 31 * (train ^ Double.doubleToRawLongBits(t)) * 0x9e3779b97f4a7c15L;
          for (int g = 0; g < GRIDS.length; g++) {
            double steps = t / GRIDS[g];
            onGrid[g] += Math.abs(steps - Math.rint(steps)) < ON_GRID ? 1 : 0;
          }
          whole += t == Math.rint(t) ? 1 : 0;
          most = Math.max(most, t);
          if (t < meta.startTime() || t > meta.endTime()) {
            outside++;
          }
        }
        long count = meta.spikeIndices()[unit + 1] - meta.spikeIndices()[unit];
        Integer same = count < MANY_TIMES ? null : trains.putIfAbsent(train, unit);
        if (same != null && twins++ == 0) {
          twin = "units " + same + " and " + unit + " with the same " + count + " spikes";
        }
      }
    }
    if (twins > 0) {
      problems.warning(
          meta.dataFile(),
          "values",
          twin + (twins == 1 ? "" : ", and " + (twins - 1) + " more such pairs"),
          "spikes of its own for each unit",
          "was a unit written twice, under two names?");
    }
    boolean samples = whole == n - odd && most >= WHOLE_SECONDS;
    for (int g = 0; g < GRIDS.length && !samples; g++) {
      // events of frames lie on a grid, too, but no two of a unit in one frame
      if (n - odd >= MANY_TIMES && onGrid[g] == n - odd && repeated * ROUNDED >= n - odd) {
        problems.warning(
            meta.dataFile(),
            "values",
            "multiples of "
                + GRIDS[g]
                + " s alone, and "
                + repeated
                + " spikes at the time of the spike before",
            "times as they were recorded",
            "were they rounded when they were written? Counts in windows are wrong by the edges");
        break;
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
