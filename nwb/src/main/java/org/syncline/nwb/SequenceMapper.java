/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.format.writing.DeviceFiles;
import org.syncline.storage.Npy;

/** A series of numbers: time first, signals in the other axes. */
record SequenceMapper(H5Node series) implements Mapper {
  private static final long FILL_BYTES = 1 << 20;

  @Override
  public String modality() {
    return "sequence";
  }

  @Override
  public long size() {
    H5Node data = series.dataset("data");
    return data == null ? 0 : 4 * product(data.shape(), 0);
  }

  static long product(long[] shape, int from) {
    long n = 1;
    for (int i = from; i < shape.length; i++) {
      n = Math.multiplyExact(n, shape[i]);
    }
    return n;
  }

  @Override
  public String write(Path folder, Job job) throws IOException {
    H5Node data = series.dataset("data");
    Numbers numbers = Numbers.of(data);
    long[] shape = data.shape();
    Regions regions = Regions.of(series, job);
    boolean transposed = transposed(shape, regions, job);
    long rows = transposed ? shape[1] : shape.length == 0 ? 1 : shape[0];
    long columns = transposed ? shape[0] : product(shape, 1);
    if (columns > Integer.MAX_VALUE || columns == 0 || rows == 0) {
      throw series.error(
          "data", "shape " + Arrays.toString(shape), "samples of at least one signal", null);
    }
    if (shape.length > 2) {
      job.notes().add("axes after the first joined: " + Arrays.toString(shape));
    }
    if (rows == 1 && shape.length == 2 && columns > 1) {
      job.notes()
          .add("one sample of " + columns + " signals, by its shape " + Arrays.toString(shape));
    }
    Conversion conversion = conversion(data, numbers, columns, job);
    ElementType type = conversion.to();
    Clock clock = clock(rows, type, job);
    Placement placement = new Placement(columns, transposed, clock.rows());
    Path file = folder.resolve(DeviceFiles.ROWS);
    long bytes = Math.multiplyExact(clock.samples() * columns, type.bytes());
    try (Target target = new Target.InFile(file, new byte[0], bytes)) {
      fillMissing(clock, columns * type.bytes(), type, target);
      ArrayReader.read(Stored.of(data), conversion, placement, target, job.threads(), job.done());
    }
    if (conversion.overflows().sum() > 0) {
      job.notes()
          .add(
              conversion.overflows().sum()
                  + " values are too large for float32 and became infinite; ask for float64");
    }
    if (!clock.isRegular()) {
      Npy.write(
          folder.resolve(DeviceFiles.TIMES),
          new Tensor(
              ElementType.FLOAT64,
              new long[] {clock.samples()},
              clock.times().asSlice(0, 8 * clock.samples())));
    }
    DeviceFiles.sequence(
        folder,
        clock.isRegular() ? clock.rate() : Double.NaN,
        clock.start(),
        clock.end(),
        columns,
        clock.samples(),
        type,
        false);
    describe(folder, regions, columns, job);
    Rest.of(series, job);
    return rowsText(clock.samples(), columns) + " " + type.numpyName() + ", " + clock.describe();
  }

  private Clock clock(long rows, ElementType type, Job job) {
    int said = job.notes().size();
    Clock clock = job.clock(series, rows);
    if (!job.repairs().contains(Repair.FILL_GAPS) || clock.isRegular()) {
      return clock;
    }
    if (!type.isFloating()) {
      job.notes().add(Repair.FILL_GAPS.word() + ": not done, " + type.numpyName() + " has no NaN");
      return clock;
    }
    Clock filled = clock.filled(rows, job.tolerance());
    job.notes().subList(said, job.notes().size()).clear();
    job.notes().addAll(filled.notes());
    return filled;
  }

  /** Writes rows of NaN where a clock has steps and the file no rows. */
  private static void fillMissing(Clock clock, long rowBytes, ElementType type, Target target)
      throws IOException {
    if (clock.rows() == null) {
      return;
    }
    BitSet there = new BitSet();
    Arrays.stream(clock.rows()).filter(row -> row >= 0).forEach(there::set);
    if (there.cardinality() == clock.samples()) {
      return;
    }
    int rows = Math.clamp(FILL_BYTES / rowBytes, 1, 4096);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment nan = arena.allocate(rowBytes * rows, 8);
      for (long i = 0; i < nan.byteSize() / type.bytes(); i++) {
        if (type == ElementType.FLOAT64) {
          nan.set(ValueLayout.JAVA_DOUBLE.withOrder(Stored.LITTLE), 8 * i, Double.NaN);
        } else {
          nan.set(ValueLayout.JAVA_FLOAT.withOrder(Stored.LITTLE), 4 * i, Float.NaN);
        }
      }
      for (int from = there.nextClearBit(0); from < clock.samples(); ) {
        int next = there.nextSetBit(from);
        int end = next < 0 ? (int) clock.samples() : next;
        for (int row = from; row < end; row += rows) {
          target.put(row * rowBytes, nan, 0, Math.min(rows, end - row) * rowBytes);
        }
        from = there.nextClearBit(end);
      }
    }
  }

  private static String rowsText(long rows, long columns) {
    return "(" + rows + ", " + columns + ")";
  }

  /** Says whether signals are stored first: the times say so, or else the regions. */
  private boolean transposed(long[] shape, Regions regions, Job job) {
    if (shape.length != 2 || shape[0] == shape[1]) {
      return false;
    }
    long stamps = Clock.stamps(series);
    boolean byTimes = stamps == shape[1];
    boolean byRegions = stamps < 0 && regions.count() == shape[0] && shape[0] < shape[1];
    if (!byTimes && !byRegions) {
      return false;
    }
    job.notes()
        .add(
            "transposed: data has shape "
                + Arrays.toString(shape)
                + (byTimes
                    ? " and there are " + stamps + " timestamps"
                    : " and there are " + regions.count() + " regions"));
    return true;
  }

  /** Returns what becomes of the values, and says it in the source and the notes. */
  private Conversion conversion(H5Node data, Numbers numbers, long columns, Job job) {
    boolean asStored = job.type() == ValueType.STORED;
    if (asStored) {
      said(data, "conversion", 1.0, job);
      said(data, "offset", 0.0, job);
    }
    Factors factors = asStored ? new Factors(1, 0) : Factors.of(data, Factors.STORED);
    double factor = factors.conversion();
    double offset = factors.offset();
    H5Node channels = series.dataset("channel_conversion");
    double[] scale = factor == 1 ? new double[0] : new double[] {factor};
    if (channels != null) {
      double[] each = channels.doubles();
      if (each.length != columns) {
        throw series.error(
            "channel_conversion",
            each.length + " factors",
            "one for each of " + columns + " channels",
            null);
      }
      for (int i = 0; i < each.length && !asStored; i++) {
        Factors.finite(series, "channel_conversion[" + i + "]", each[i], Factors.STORED);
      }
      silent(each, asStored, job);
      scale = Arrays.stream(each).map(v -> v * factor).toArray();
      job.source().put("channel_conversion", each);
    }
    String unit = data.text("unit");
    job.source().put("unit", unit);
    if (!asStored) {
      job.source().put("conversion", factor);
      job.source().put("offset", offset);
    }
    job.source().put("stored_dtype", numbers.type().numpyName());
    job.source().put("converted", !asStored);
    if (asStored) {
      return Conversion.to(numbers, numbers.type());
    }
    if (scale.length > 0 || offset != 0) {
      String each = channels == null ? "" : ", times a factor a channel";
      job.notes().add("conversion " + factor + each + ", offset " + offset + ", unit " + unit);
    }
    ElementType to = job.type() == ValueType.FLOAT64 ? ElementType.FLOAT64 : ElementType.FLOAT32;
    return new Conversion(numbers, to, scale, offset, columns, new LongAdder());
  }

  private static void said(H5Node data, String key, double otherwise, Job job) {
    Object value = data.attribute(key);
    job.source().put(key, value == null ? otherwise : value);
  }

  /** Says channels that their factor makes zeros; all of them are an error. */
  private void silent(double[] factors, boolean asStored, Job job) {
    int[] zeros = IntStream.range(0, factors.length).filter(i -> factors[i] == 0).toArray();
    if (zeros.length == 0 || asStored) {
      return;
    }
    if (zeros.length == factors.length) {
      throw series.error(
          "channel_conversion",
          "0.0 for all of " + factors.length + " channels",
          "other factors",
          "with the element type stored, values are written without them");
    }
    job.notes()
        .add(
            String.format(
                Locale.ROOT,
                "channel_conversion is 0 for %d of %d channels, the first %d: they are zeros",
                zeros.length,
                factors.length,
                zeros[0]));
  }

  /** Writes what the file says of each signal. */
  private void describe(Path folder, Regions regions, long columns, Job job) throws IOException {
    if (regions.ids() != null) {
      writeIds(folder, regions.ids(), columns, job);
    }
    List<String> names = regions.names();
    H5Node old = series.child("roi_names");
    if (names == null && old != null && !old.isBroken() && old.isDataset()) {
      names = old.texts();
    }
    H5Node features = series.child("features");
    if (names == null && features != null && !features.isBroken() && features.isDataset()) {
      names = features.texts();
    }
    if (names != null && names.size() == columns) {
      SignalColumns.names(folder, names, job);
    }
    if (regions.table() != null && regions.count() == columns) {
      SignalColumns.write(folder, new Table(regions.table()), regions.rows(), Set.of(), job);
    }
  }

  private static void writeIds(Path folder, long[] ids, long columns, Job job) throws IOException {
    if (ids.length == columns) {
      SignalColumns.ids(folder, ids, job);
    } else {
      job.notes().add("no unit_ids.npy: " + ids.length + " ids for " + columns + " signals");
    }
  }

  /**
   * The rows of a table that a series' signals are.
   *
   * @param count how many, or -1 where the series does not say
   * @param table where they stand, or null where the file does not say, or has no such rows
   * @param rows which rows of it
   * @param ids theirs, or null
   * @param names theirs where they are texts, or null
   */
  private record Regions(long count, H5Node table, int[] rows, long[] ids, List<String> names) {
    private static Regions unknown(long count) {
      return new Regions(count, null, new int[0], null, null);
    }

    static Regions of(H5Node series, Job job) {
      for (String name : List.of("rois", "electrodes")) {
        H5Node region = series.child(name);
        if (region == null || region.isBroken() || !region.isDataset()) {
          continue;
        }
        double[] rows = region.wholes();
        H5Node table = region.reference("table");
        H5Node id = table == null ? null : table.child("id");
        if (id == null || id.isBroken() || !id.isDataset()) {
          return unknown(rows.length);
        }
        List<String> texts = new Table(table).textIds();
        double[] all = texts == null ? id.wholes() : new double[texts.size()];
        int[] which = new int[rows.length];
        for (int i = 0; i < which.length; i++) {
          if (!(rows[i] >= 0 && rows[i] < all.length)) {
            job.notes()
                .add(
                    "no unit_ids.npy: "
                        + name
                        + " names row "
                        + (long) rows[i]
                        + " of a table of "
                        + all.length);
            return unknown(rows.length);
          }
          which[i] = (int) rows[i];
        }
        return new Regions(
            which.length,
            table,
            which,
            texts == null ? Arrays.stream(which).mapToLong(row -> (long) all[row]).toArray() : null,
            texts == null ? null : Arrays.stream(which).mapToObj(texts::get).toList());
      }
      return unknown(-1);
    }
  }
}
