/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Predicate;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.config.ModalityConfig;
import org.syncline.device.Columns;
import org.syncline.device.Coverage;
import org.syncline.device.Interpolation;
import org.syncline.device.Interpolator;
import org.syncline.device.Layout;
import org.syncline.device.MissingSamples;
import org.syncline.device.Sampler;
import org.syncline.device.Trials;
import org.syncline.error.ClosedException;
import org.syncline.error.ConfigException;
import org.syncline.interval.TimeInterval;
import org.syncline.storage.SharedArena;
import org.syncline.transform.Normalization;

/** Some columns of a device that knows of no selection itself. */
public final class SelectedColumns implements Interpolator {
  private final Interpolator device;
  private final Columns columns;

  private SelectedColumns(Interpolator device, Columns columns) {
    this.device = device;
    this.columns = columns;
  }

  /**
   * Returns a device of the columns that a configuration selects; the device itself where it
   * selects none, or where the device has selected them.
   *
   * @throws ConfigException for columns that there are not, or a device of frames
   */
  public static Interpolator of(Interpolator device, Path folder, ModalityConfig config) {
    if (config.selectingKey() == null || device.columns().isPresent()) {
      return device;
    }
    if (device.layout() != Layout.COLUMNS) {
      throw new ConfigException(
          "configuration",
          0,
          "modality_config." + folder.getFileName() + "." + config.selectingKey(),
          "selects columns, but the device gives frames, which have none");
    }
    int stored =
        Math.toIntExact(Answers.sampler(device.sampler(), device, "sampler", folder).shape(1)[1]);
    return new SelectedColumns(device, Columns.selected(folder, config, stored, "columns"));
  }

  @Override
  public double startTime() {
    return device.startTime();
  }

  @Override
  public double endTime() {
    return device.endTime();
  }

  @Override
  public TimeInterval validInterval() {
    return device.validInterval();
  }

  @Override
  public Interpolation interpolate(double[] times) {
    Interpolation all = Answers.interpolated(device, times);
    Tensor values = all.values();
    ElementType type = values.type();
    long rows = values.shape()[0];
    MemorySegment some =
        Arena.ofAuto().allocate(Math.max(8, rows * columns.count() * type.bytes()), 64);
    select(values.data(), rows, type, some, 0);
    long[] shape = {rows, columns.count()};
    return new Interpolation(
        new Tensor(type, shape, some.asSlice(0, Tensor.elements(shape) * type.bytes())),
        all.valid());
  }

  private void select(
      MemorySegment all, long rows, ElementType type, MemorySegment dst, long dstOffset) {
    long at = dstOffset;
    for (long row = 0; row < rows; row++) {
      long first = row * columns.stored() * type.bytes();
      for (int i = 0; i < columns.count(); i++) {
        long from = first + (long) columns.column(i) * type.bytes();
        MemorySegment.copy(all, from, dst, at, type.bytes());
        at += type.bytes();
      }
    }
  }

  @Override
  public Sampler sampler() {
    Sampler all = device.sampler();
    return new Sampler() {
      @Override
      public ElementType type() {
        return all.type();
      }

      @Override
      public long[] shape(int samples) {
        return new long[] {samples, columns.count()};
      }

      @Override
      public Cursor cursor(int maxSamples) {
        // shared: a reader may be opened by one thread and used by another
        return Scratch.owned(
            new SharedArena(), arena -> new SelectingCursor(all, maxSamples, arena));
      }

      @Override
      public String toString() {
        return "Sampler(" + SelectedColumns.this + ")";
      }
    };
  }

  private final class SelectingCursor implements Sampler.Cursor {
    private final Arena arena;
    private final ElementType type;
    private final Sampler.Cursor source;
    private final MemorySegment values;
    private boolean closed;

    SelectingCursor(Sampler all, int maxSamples, Arena arena) {
      this.arena = arena;
      type = all.type();
      values =
          arena.allocate(
              Math.max(8, Tensor.elements(all.shape(maxSamples)) * all.type().bytes()), 64);
      source = Answers.cursor(all, maxSamples);
    }

    @Override
    public int read(double[] times, int count, MemorySegment dst, long dstOffset) {
      if (closed) {
        throw new ClosedException("cursor of selected columns");
      }
      int n = Answers.read(source, times, count, values, 0);
      if (n == count) {
        select(values, count, type, dst, dstOffset);
      }
      return n;
    }

    @Override
    public void openFiles(double[] times, int count) {
      source.openFiles(times, count);
    }

    @Override
    public long willNeed(double[] times, int count) {
      return source.willNeed(times, count);
    }

    @Override
    public long replacedNaNs() {
      return source.replacedNaNs();
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        try {
          source.close();
        } finally {
          arena.close();
        }
      }
    }
  }

  /** Returns the device, and how many of its columns are read. */
  @Override
  public String toString() {
    return device + " with " + columns.count() + " of " + columns.stored() + " columns";
  }

  @Override
  public void close() {
    device.close();
  }

  @Override
  public double storedRate() {
    return device.storedRate();
  }

  @Override
  public boolean isOnGrid() {
    return device.isOnGrid();
  }

  @Override
  public Optional<double[]> storedTimes(double from, double to) {
    return device.storedTimes(from, to);
  }

  @Override
  public Coverage coverage() {
    return device.coverage();
  }

  @Override
  public Optional<Predicate<double[]>> gaps() {
    return device.gaps();
  }

  @Override
  public Optional<Trials> trials() {
    return device.trials();
  }

  @Override
  public Optional<Columns> columns() {
    return Optional.of(columns);
  }

  @Override
  public Optional<Normalization> computeStatistics() {
    return Answers.optional(device.computeStatistics(), device, "computeStatistics")
        .map(all -> new Normalization(columns.select(all.means()), columns.select(all.stds())));
  }

  @Override
  public Optional<MissingSamples> missingSamples() {
    return device.missingSamples();
  }

  @Override
  public Optional<DoubleBinaryOperator> finiteShare() {
    return device.finiteShare();
  }

  @Override
  public Optional<Map<String, List<TimeInterval>>> labelledIntervals() {
    return device.labelledIntervals();
  }

  @Override
  public String contents() {
    return device.contents();
  }

  @Override
  public String valueHash() {
    return device.valueHash();
  }

  @Override
  public Map<String, Object> properties() {
    return device.properties();
  }
}
