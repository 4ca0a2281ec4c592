/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.format.writing.DeviceFiles;
import org.syncline.storage.Npy;

/**
 * Sorted units: the table Units of NWB 2, or UnitTimes of NWB 1 with a group a unit; or the moments
 * of a table of events.
 */
record SpikesMapper(H5Node units) implements Mapper {
  /** Columns that are spikes and when these were looked for. */
  private static final Set<String> READ = Set.of("spike_times", "obs_intervals");

  @Override
  public String modality() {
    return "spikes";
  }

  @Override
  public long size() {
    H5Node times = units.dataset("spike_times");
    return times == null ? 0 : 8 * SequenceMapper.product(times.shape(), 0);
  }

  @Override
  public String write(Path folder, Job job) throws IOException {
    if (units.dataset("timestamp") != null) {
      return events(folder, job);
    }
    return units.dataset("spike_times") == null ? old(folder, job) : table(folder, job);
  }

  /** Writes the moments of a table of events as the spikes of one unit. */
  private String events(Path folder, Job job) throws IOException {
    H5Node data = units.dataset("timestamp");
    Stored stored = Stored.of(data);
    unit(data, false, job);
    MemorySegment times = ArrayReader.doubles(data, stored, job.arena());
    seconds(data, times, stored.elements(), job);
    List<String> others = new ArrayList<>(new Table(units).columns());
    others.remove(data.name());
    if (!others.isEmpty()) {
      job.notes().add("columns that no device has: " + String.join(", ", others));
    }
    return spikes(folder, times, new long[] {stored.elements()}, new long[1], null, job);
  }

  private String table(Path folder, Job job) throws IOException {
    Table table = new Table(units);
    H5Node data = units.dataset("spike_times");
    Stored stored = Stored.of(data);
    long[] ends = table.ends("spike_times", stored.elements());
    if (ends == null) {
      throw units.error(
          null,
          "spike_times without spike_times_index",
          "the end of each unit's times",
          "without it the units cannot be told apart");
    }
    boolean samples = Seconds.areSamples(data) && job.rate() == job.rate();
    unit(data, samples, job);
    MemorySegment times = ArrayReader.doubles(data, stored, job.arena());
    if (samples) {
      for (long i = 0; i < stored.elements(); i++) {
        times.set(
            ValueLayout.JAVA_DOUBLE, 8 * i, times.get(ValueLayout.JAVA_DOUBLE, 8 * i) / job.rate());
      }
    } else {
      seconds(data, times, stored.elements(), job);
    }
    complete(ends, stored.elements(), job);
    double[] observed = observed(table);
    String said = spikes(folder, times, ends, table.ids(ends.length), observed, job);
    List<String> names = table.textIds();
    if (names != null && names.size() == ends.length) {
      SignalColumns.names(folder, names, job);
    }
    SignalColumns.write(folder, table, IntStream.range(0, ends.length).toArray(), READ, job);
    return said;
  }

  /**
   * Refuses times that belong to no unit: an index of starts, or of a type that has overflown,
   * gives each unit another's times.
   */
  private void complete(long[] ends, long times, Job job) {
    if (ends.length == 0 || ends[ends.length - 1] == times) {
      return;
    }
    String found =
        ends[ends.length - 1] + " as the end of the last unit, of " + times + " spike_times";
    if (!job.repairs().contains(Repair.CUT_TO_SHORTEST)) {
      throw units.error(
          "spike_times_index",
          found,
          "where each unit's times end, so " + times + " for the last",
          "if it has where they begin, or its type was too small, write it anew; "
              + Repair.CUT_TO_SHORTEST.advice());
    }
    job.notes().add(Repair.CUT_TO_SHORTEST.word() + ": " + found);
  }

  /** Checks the unit of spikes, of which samples need their rate. */
  private void unit(H5Node data, boolean samples, Job job) {
    double resolution = data.number("resolution", Double.NaN);
    if (resolution > 0) {
      job.source().put("resolution", resolution);
    }
    if (samples) {
      job.notes().add("numbers of samples, of the user's rate of " + job.rate() + " Hz");
      return;
    }
    if (job.rate() == job.rate()) {
      throw data.error(
          "@unit",
          data.text("unit") == null ? "seconds" : "'" + data.text("unit") + "'",
          "samples, since a rate was given",
          "leave the rate of these units out");
    }
    if (Seconds.areSamples(data)) {
      throw data.error(
          "@unit",
          "'" + data.text("unit") + "'",
          "seconds",
          "give the rate of these units"
              + (resolution > 0
                  ? String.format(Locale.ROOT, "; by its resolution it is %.9g Hz", 1 / resolution)
                  : ""));
    }
    Seconds.check(data, job.notes());
  }

  /** Checks that times were not rounded, and says whole numbers, which may be samples. */
  private static void seconds(H5Node data, MemorySegment times, long n, Job job) {
    double largest = 0;
    for (long i = 0; i < n; i++) {
      double t = Math.abs(times.get(ValueLayout.JAVA_DOUBLE, 8 * i));
      largest = t < Double.POSITIVE_INFINITY && t > largest ? t : largest;
    }
    Seconds.notCoarse(data, largest, job.repairs(), job.notes());
    if (n > 0 && !Seconds.type(data).isFloating()) {
      job.notes()
          .add(
              "times are "
                  + Seconds.type(data).numpyName()
                  + ", whole seconds: if they are samples, their unit must say so");
    }
  }

  /** Returns first start and last end of obs_intervals, or null where there is none. */
  private static double[] observed(Table table) {
    H5Node data = table.node().dataset("obs_intervals");
    if (data != null) {
      Seconds.check(data, new ArrayList<>());
    }
    double[] all = data == null ? new double[0] : data.doubles();
    double[] finite = Arrays.stream(all).filter(Double::isFinite).toArray();
    return finite.length == 0
        ? null
        : new double[] {
          Arrays.stream(finite).min().orElseThrow(), Arrays.stream(finite).max().orElseThrow()
        };
  }

  private String old(Path folder, Job job) throws IOException {
    List<H5Node> groups = new ArrayList<>();
    for (H5Node child : units.children().values()) {
      if (child.isGroup() && child.dataset("times") != null) {
        groups.add(child);
      }
    }
    double[][] each = new double[groups.size()][];
    long[] ends = new long[groups.size()];
    long[] ids = new long[groups.size()];
    long n = 0;
    for (int i = 0; i < each.length; i++) {
      H5Node dataset = groups.get(i).dataset("times");
      Seconds.check(dataset, job.notes());
      each[i] = dataset.doubles();
      Seconds.notCoarse(dataset, Seconds.largest(each[i]), job.repairs(), job.notes());
      n += each[i].length;
      ends[i] = n;
      String digits = groups.get(i).name().replaceAll("^\\D*", "");
      ids[i] = digits.matches("\\d{1,18}") ? Long.parseLong(digits) : i;
    }
    MemorySegment times = job.arena().allocate(Math.max(8, 8 * n), 8);
    long at = 0;
    for (double[] some : each) {
      MemorySegment.copy(some, 0, times, ValueLayout.JAVA_DOUBLE, 8 * at, some.length);
      at += some.length;
    }
    String said = spikes(folder, times, ends, ids, null, job);
    SignalColumns.names(folder, groups.stream().map(H5Node::name).toList(), job);
    return said;
  }

  private String spikes(
      Path folder, MemorySegment times, long[] ends, long[] ids, double[] observed, Job job)
      throws IOException {
    long[] offsets = new long[ends.length + 1];
    double first = Double.POSITIVE_INFINITY;
    double last = Double.NEGATIVE_INFINITY;
    int unsorted = 0;
    long odd = 0;
    long kept = 0;
    long from = 0;
    for (int unit = 0; unit < ends.length; unit++) {
      double[] some = new double[Math.toIntExact(ends[unit] - from)];
      MemorySegment.copy(times, ValueLayout.JAVA_DOUBLE, 8 * from, some, 0, some.length);
      from = ends[unit];
      double[] finite = Arrays.stream(some).filter(Double::isFinite).toArray();
      odd += some.length - finite.length;
      boolean sorted = true;
      for (int i = 1; i < finite.length; i++) {
        sorted &= finite[i] >= finite[i - 1];
      }
      if (!sorted) {
        unsorted++;
        Arrays.sort(finite);
      }
      if (finite.length > 0) {
        first = Math.min(first, finite[0]);
        last = Math.max(last, finite[finite.length - 1]);
      }
      // never past what was read already
      MemorySegment.copy(finite, 0, times, ValueLayout.JAVA_DOUBLE, 8 * kept, finite.length);
      kept += finite.length;
      offsets[unit + 1] = kept;
    }
    if (unsorted > 0) {
      job.notes().add("times of " + unsorted + " units were not in order, and are sorted");
    }
    if (odd > 0) {
      job.notes().add(odd + " times are NaN or infinite, and left out");
    }
    if (observed == null && kept == 0) {
      throw units.error(null, "no spike and no obs_intervals", "at least one of them", null);
    }
    double start = first;
    double end = last;
    if (observed != null) {
      start = Math.min(first, observed[0]);
      end = Math.max(last, observed[1]);
      if (first < observed[0] || last > observed[1]) {
        job.notes()
            .add(
                String.format(
                    Locale.ROOT,
                    "spikes from %.6g to %.6g s lie outside obs_intervals, %.6g to %.6g s: the range"
                        + " holds both",
                    first,
                    last,
                    observed[0],
                    observed[1]));
      }
    } else if (units.dataset("timestamp") == null) {
      job.notes().add("no obs_intervals: the range is from the first spike to the last");
    }
    Npy.write(
        folder.resolve("spikes.npy"),
        new Tensor(ElementType.FLOAT64, new long[] {kept}, times.asSlice(0, 8 * kept)));
    job.done().add(8 * kept);
    SignalColumns.ids(folder, ids, job);
    DeviceFiles.spikes(folder, offsets, start, end, false);
    return String.format(
        Locale.ROOT, "%d units, %d spikes, %.6g to %.6g s", ends.length, kept, start, end);
  }
}
