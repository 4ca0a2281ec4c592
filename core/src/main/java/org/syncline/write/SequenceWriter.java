/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.write;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.device.support.ColumnMoments;
import org.syncline.format.writing.DeviceFiles;
import org.syncline.storage.ArrayFiles;
import org.syncline.storage.Dtype;
import org.syncline.storage.Npy;
import org.syncline.storage.RowArray;
import org.syncline.storage.SharedArena;

/**
 * Writes a sequence: rows of signals, block by block, each at once into its file, so that memory
 * stays the same however many come. Safe for use by several threads, one at a time.
 */
public final class SequenceWriter extends DeviceWriter {
  /** Bytes in front of the times, which their number does not change. */
  private static final int HEADER = 128;

  private static final long PIECE = 1 << 26;

  private final double rate;
  private final double start;
  private final FileChannel rows;
  private final FileChannel times;
  private final Arena arena = new SharedArena();
  private ElementType type;
  private int signals;
  private long count;
  private double first = Double.NaN;
  private double last = Double.NEGATIVE_INFINITY;
  private double[] shifts;
  private long[] ids;
  private boolean statistics = true;
  private ColumnMoments moments;

  /**
   * Makes the files.
   *
   * @param rate Hz; NaN where each row has its time
   */
  SequenceWriter(RecordingWriter recording, String name, Path folder, double rate, double start)
      throws IOException {
    super(recording, name, folder);
    this.rate = rate;
    this.start = start;
    rows = create(folder.resolve(DeviceFiles.ROWS));
    if (rate == rate) {
      times = null;
    } else {
      times = create(folder.resolve(DeviceFiles.TIMES));
      writeAll(times, ByteBuffer.allocate(HEADER));
    }
  }

  private static FileChannel create(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /**
   * Appends rows to a sequence of constant rate.
   *
   * @param block (n, signals); (n) where the sequence is known to have one signal, by a block
   *     before, an id or a phase shift, for a row of n signals looks alike. Of any type that NumPy
   *     has, the same for all blocks, as is the number of signals; NaN is a missing sample. It is
   *     not kept
   * @throws IllegalArgumentException for another shape or type
   * @throws IllegalStateException for a sequence with times of its own, and after the recording was
   *     finished or closed
   * @throws java.io.UncheckedIOException where it cannot be written; the recording is then given up
   */
  public SequenceWriter append(Tensor block) {
    Objects.requireNonNull(block, "block is null");
    synchronized (recording) {
      recording.ensureOpen();
      if (times != null) {
        throw new IllegalStateException(
            name
                + ": found rows without times, expected a time for each, as the sequence has no rate");
      }
      add(block, null);
      return this;
    }
  }

  /**
   * Appends rows with their times.
   *
   * @param block as of {@link #append(Tensor)}; (n) always is n rows of one signal
   * @param seconds one for each row, finite, rising over all blocks
   * @throws IllegalArgumentException for another shape or type, and for other times
   * @throws IllegalStateException for a sequence of constant rate, and after the recording was
   *     finished or closed
   * @throws java.io.UncheckedIOException where it cannot be written; the recording is then given up
   */
  public SequenceWriter append(Tensor block, double[] seconds) {
    Objects.requireNonNull(block, "block is null");
    Objects.requireNonNull(seconds, "seconds is null");
    synchronized (recording) {
      recording.ensureOpen();
      if (times == null) {
        throw new IllegalStateException(
            name
                + ": found times, expected rows alone, as the sequence has a rate of "
                + rate
                + " Hz");
      }
      add(block, seconds);
      return this;
    }
  }

  /** Same as {@link #append(Tensor)} of float32 values (n, signals) in C order. */
  public SequenceWriter append(float[] values, int columns) {
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment memory = scratch.allocate(4L * values.length, 8);
      MemorySegment.copy(values, 0, memory, JAVA_FLOAT, 0, values.length);
      return append(new Tensor(ElementType.FLOAT32, shape(values.length, columns), memory));
    }
  }

  /** Same as {@link #append(Tensor)} of float64 values (n, signals) in C order. */
  public SequenceWriter append(double[] values, int columns) {
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment memory = scratch.allocate(8L * values.length, 8);
      MemorySegment.copy(values, 0, memory, JAVA_DOUBLE, 0, values.length);
      return append(new Tensor(ElementType.FLOAT64, shape(values.length, columns), memory));
    }
  }

  private long[] shape(int values, int columns) {
    if (columns < 1 || values % columns != 0) {
      throw wrong(
          "rows",
          values + " values for " + columns + " signals",
          "the same number of values for each signal",
          null);
    }
    return new long[] {values / columns, columns};
  }

  private void add(Tensor block, double[] seconds) {
    if (block.rank() < 1 || block.rank() > 2) {
      throw wrong(
          "rows",
          "shape " + Arrays.toString(block.shape()),
          "(n, signals), time first, or (n) of one signal",
          "join further axes into one");
    }
    boolean known =
        type != null || shifts != null && shifts.length == 1 || ids != null && ids.length == 1;
    if (block.rank() == 1 && seconds == null && block.size(0) != 1 && !known) {
      throw wrong(
          "rows",
          "shape " + Arrays.toString(block.shape()),
          "(n, signals), as one axis may be a row or a signal",
          "shape [1, %d] is a row, [%d, 1] are values of one signal"
              .formatted(block.size(0), block.size(0)));
    }
    long columns = block.rank() == 1 ? 1 : block.size(1);
    long n = block.size(0);
    if (block.type() == ElementType.BFLOAT16) {
      throw wrong("rows", "bfloat16", "a type that NumPy has", "convert it to float32");
    }
    if (columns < 1 || columns > Integer.MAX_VALUE) {
      throw wrong("rows", columns + " signals", "1 to 2^31 - 1", null);
    }
    if (type != null && (type != block.type() || signals != columns)) {
      throw wrong(
          "rows",
          columns + " signals of " + block.type().numpyName(),
          signals + " of " + type.numpyName() + ", as in the first block",
          block.rank() == 1 && block.size(0) == signals
              ? "a row has shape [1, " + signals + "]"
              : "convert all blocks alike");
    }
    if (seconds != null) {
      if (seconds.length != n) {
        throw wrong(
            "times",
            seconds.length + " for " + n + " rows",
            "one for each row",
            block.rank() == 1 && seconds.length == 1 ? "a row has shape [1, " + n + "]" : null);
      }
      checkTimes(seconds, count, last, true);
    }
    if (type == null) {
      check("phase shifts", shifts == null ? columns : shifts.length, columns);
      check("unit ids", ids == null ? columns : ids.length, columns);
      type = block.type();
      signals = (int) columns;
    }
    write(
        () -> {
          try (Arena scratch = Arena.ofConfined()) {
            put(inNative(block, scratch), seconds);
          }
        });
    if (seconds != null && n > 0) {
      first = count == 0 ? seconds[0] : first;
      last = seconds[seconds.length - 1];
    }
    count += n;
  }

  private void check(String what, long found, long expected) {
    if (found != expected) {
      throw wrong(what, found + " for " + expected + " signals", "one for each signal", null);
    }
  }

  private void put(Tensor block, double[] seconds) throws IOException {
    MemorySegment data = block.data();
    for (long at = 0; at < data.byteSize(); at += PIECE) {
      writeAll(rows, data.asSlice(at, Math.min(PIECE, data.byteSize() - at)).asByteBuffer());
    }
    if (statistics) {
      if (moments == null) {
        moments = new ColumnMoments(type, signals, arena);
      }
      moments.add(data, 0, block.size(0), (long) signals * type.bytes());
    }
    if (seconds != null) {
      ByteBuffer bytes =
          ByteBuffer.allocate(8 * Math.min(seconds.length, 4096)).order(ByteOrder.nativeOrder());
      for (int i = 0; i < seconds.length; ) {
        bytes.clear();
        while (i < seconds.length && bytes.hasRemaining()) {
          bytes.putDouble(seconds[i++]);
        }
        writeAll(times, bytes.flip());
      }
    }
  }

  /**
   * Gives each signal a shift: it is sampled so many seconds after the time of its row.
   *
   * @param seconds one for each signal, finite; copied
   * @throws IllegalArgumentException for another number, or times that are not finite
   * @throws IllegalStateException after the recording was finished or closed
   */
  public SequenceWriter phaseShifts(double... seconds) {
    synchronized (recording) {
      recording.ensureOpen();
      for (int i = 0; i < seconds.length; i++) {
        if (!Double.isFinite(seconds[i])) {
          throw wrong("phase shift " + i, String.valueOf(seconds[i]), "finite seconds", null);
        }
      }
      check("phase shifts", seconds.length, type == null ? seconds.length : signals);
      shifts = seconds.clone();
      return this;
    }
  }

  /**
   * Gives each signal an id, by which configurations can select it.
   *
   * @param each one for each signal, all different; copied
   * @throws IllegalArgumentException for another number, or the same id twice
   * @throws IllegalStateException after the recording was finished or closed
   */
  public SequenceWriter unitIds(long... each) {
    Objects.requireNonNull(each, "each is null");
    synchronized (recording) {
      recording.ensureOpen();
      checkDifferent(each);
      check("unit ids", each.length, type == null ? each.length : signals);
      ids = each.clone();
      return this;
    }
  }

  private void checkDifferent(long[] each) {
    Set<Long> seen = new HashSet<>();
    for (long id : each) {
      if (!seen.add(id)) {
        throw wrong("unit ids", id + " twice", "different ids", null);
      }
    }
  }

  /**
   * Chooses whether means and deviations of the signals are written, which configurations normalise
   * with; default yes. They are summed while rows come in, and deviations need all rows once more
   * in the end.
   *
   * @throws IllegalStateException behind the first block, and after the recording was finished or
   *     closed
   */
  public SequenceWriter statistics(boolean wanted) {
    synchronized (recording) {
      recording.ensureOpen();
      if (type != null) {
        throw new IllegalStateException(
            name + ": found statistics chosen after rows, expected before the first block");
      }
      statistics = wanted;
      return this;
    }
  }

  @Override
  void end() throws IOException {
    if (count == 0) {
      throw wrong("rows", "none", "at least one", "append some, or leave the device out");
    }
    rows.close();
    boolean regular = times == null;
    if (!regular) {
      byte[] header = Npy.headerBytes(Dtype.of(ElementType.FLOAT64), new long[] {count});
      if (header.length != HEADER) {
        throw new IllegalStateException("a header of " + header.length + " bytes");
      }
      times.position(0);
      writeAll(times, ByteBuffer.wrap(header));
    }
    if (moments != null) {
      moments.endSums();
      squares();
      DeviceFiles.values(folder, "means", moments.means());
      DeviceFiles.values(folder, "stds", moments.stds());
    }
    if (shifts != null) {
      DeviceFiles.values(folder, "phase_shifts", shifts);
    }
    if (ids != null) {
      DeviceFiles.unitIds(folder, ids);
    }
    DeviceFiles.sequence(
        folder,
        rate,
        regular ? start : first,
        regular ? start + (count - 1) / rate : last,
        signals,
        count,
        type,
        shifts != null);
  }

  /** Reads what was written, for squares need the mean. */
  private void squares() {
    long rowBytes = (long) signals * type.bytes();
    try (Arena scratch = Arena.ofConfined()) {
      RowArray all =
          ArrayFiles.openRaw(
              folder.resolve(DeviceFiles.ROWS), Dtype.of(type), count, signals, scratch);
      long block = Math.min(count, Math.max(1, PIECE / rowBytes));
      try {
        // bytes that are bool are copied, as 0 or 1; a map of any other type is read where it is
        MemorySegment copy = all.isDirect() ? null : scratch.allocate(block * rowBytes, 64);
        for (long row = 0; row < count; row += block) {
          long n = Math.min(block, count - row);
          if (copy != null) {
            all.copyRows(row, n, copy, 0);
            moments.addSquares(copy, 0, n, rowBytes);
            continue;
          }
          all.guard(row, n);
          moments.addSquares(all.segment(), all.rowOffset(row), n, rowBytes);
        }
        all.settle();
      } catch (InternalError e) {
        throw all.unreadable(e);
      }
    }
  }

  @Override
  void close() throws IOException {
    if (arena.scope().isAlive()) {
      arena.close();
    }
    rows.close();
    if (times != null) {
      times.close();
    }
  }
}
