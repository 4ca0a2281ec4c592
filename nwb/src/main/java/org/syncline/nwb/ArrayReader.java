/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.syncline.array.ElementType;
import org.syncline.error.RecordingException;

/**
 * Reads the values of a dataset: each worker takes a chunk, undoes its filters, converts its values
 * and puts them where they go. What is held at a time is a chunk a worker, whatever the dataset's
 * size.
 */
final class ArrayReader {
  private static final int MOST_ELEMENTS = Integer.MAX_VALUE - 8;
  private static final long COPY_PIECE = 64 << 20;

  private final Stored stored;
  private final Conversion conversion;
  private final Placement placement;
  private final Target target;
  private final LongAdder done;
  private final long outBytes;

  private ArrayReader(
      Stored stored, Conversion conversion, Placement placement, Target target, LongAdder done) {
    this.stored = stored;
    this.conversion = conversion;
    this.placement = placement;
    this.target = target;
    this.done = done;
    outBytes = conversion == null ? stored.elementBytes() : conversion.to().bytes();
  }

  /**
   * Reads a dataset.
   *
   * @param conversion what becomes of the values, or null: their bytes are copied
   * @param done counts bytes written
   * @throws RecordingException where the file is damaged, or cannot be read
   * @throws IOException where the target cannot be written
   */
  static void read(
      Stored stored,
      Conversion conversion,
      Placement placement,
      Target target,
      int threads,
      LongAdder done)
      throws IOException {
    new ArrayReader(stored, conversion, placement, target, done).run(threads);
  }

  /** Reads the bytes of a small dataset of any type. */
  static byte[] bytes(Stored stored) {
    checkSmall(stored, stored.bytes());
    byte[] bytes = new byte[(int) stored.bytes()];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(Math.max(1, bytes.length), 8);
      readInto(stored, null, memory);
      MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, 0, bytes, 0, bytes.length);
    }
    return bytes;
  }

  /**
   * Reads a dataset of numbers as doubles.
   *
   * @throws RecordingException where it holds something else
   */
  static double[] doubles(H5Node node) {
    Stored stored = Stored.of(node);
    checkSmall(stored, stored.elements());
    double[] values = new double[(int) stored.elements()];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = doubles(node, stored, arena);
      MemorySegment.copy(memory, ValueLayout.JAVA_DOUBLE, 0, values, 0, values.length);
    }
    return values;
  }

  /** Reads a dataset of numbers as doubles into memory of the arena, for confined arenas too. */
  static MemorySegment doubles(H5Node node, Stored stored, Arena arena) {
    Numbers numbers = Numbers.of(node);
    if (numbers == null) {
      throw node.error(null, "values that are no numbers", "numbers", null);
    }
    MemorySegment memory = arena.allocate(Math.max(8, stored.elements() * 8), 8);
    readInto(stored, Conversion.to(numbers, ElementType.FLOAT64), memory);
    return memory.asSlice(0, stored.elements() * 8);
  }

  private static void readInto(Stored stored, Conversion conversion, MemorySegment memory) {
    try (Target target = new Target.InMemory(memory)) {
      // in the caller's thread, whose memory this may be
      read(stored, conversion, Placement.plain(1), target, 1, new LongAdder());
    } catch (IOException e) {
      throw stored.node().error(null, "an error: " + e.getMessage(), "readable values", null);
    }
  }

  private static void checkSmall(Stored stored, long size) {
    if (size > MOST_ELEMENTS) {
      throw stored.node().error(null, size + " values", "fewer than 2^31 here", null);
    }
  }

  private void run(int threads) throws IOException {
    if (stored.elements() == 0) {
      return;
    }
    if (copied()) {
      return;
    }
    AtomicInteger next = new AtomicInteger();
    AtomicBoolean stop = new AtomicBoolean();
    int pieces = pieces();
    int workers = Math.clamp(pieces, 1, Math.max(1, threads));
    if (workers == 1) {
      work(next, stop, pieces);
    } else {
      try (ExecutorService pool =
          Executors.newFixedThreadPool(
              workers, Thread.ofPlatform().daemon().name("syncline-nwb-", 0).factory())) {
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
          running.add(
              pool.submit(
                  () -> {
                    work(next, stop, pieces);
                    return null;
                  }));
        }
        await(running, stop);
      }
    }
    fillMissing();
  }

  private static void await(List<Future<?>> running, AtomicBoolean stop) throws IOException {
    Throwable first = null;
    for (Future<?> each : running) {
      try {
        each.get();
      } catch (ExecutionException e) {
        first = first == null ? e.getCause() : first;
      } catch (InterruptedException e) {
        stop.set(true);
        Thread.currentThread().interrupt();
        first = first == null ? new ClosedByInterruptException() : first;
      }
    }
    switch (first) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(first);
    }
  }

  /** Copies a dataset that is in the file as it shall be, which the kernel does best. */
  private boolean copied() throws IOException {
    if (!(target instanceof Target.InFile file)
        || !stored.isContiguous()
        || !placement.isPlain()
        || conversion != null && !conversion.isCopy()) {
      return false;
    }
    FileChannel from = stored.node().file().channel();
    checkEnd(stored.address(), stored.bytes());
    FileChannel to = file.channel();
    to.position(file.start());
    long at = 0;
    while (at < stored.bytes()) {
      long n =
          from.transferTo(stored.address() + at, Math.min(COPY_PIECE, stored.bytes() - at), to);
      if (n <= 0) {
        throw truncated(stored.address() + at);
      }
      at += n;
      done.add(n);
    }
    return true;
  }

  private int pieces() {
    if (stored.compact() != null) {
      return 1;
    }
    if (stored.isContiguous()) {
      return Math.toIntExact(stored.cells());
    }
    return stored.table() == null ? 0 : stored.table().count();
  }

  private void work(AtomicInteger next, AtomicBoolean stop, int pieces) throws IOException {
    boolean whole = false;
    try (Filters filters = new Filters(stored);
        Scratch raw = new Scratch();
        Scratch converted = new Scratch()) {
      Conversion.Worker worker = conversion == null ? null : conversion.new Worker();
      for (int i = next.getAndIncrement(); i < pieces && !stop.get(); i = next.getAndIncrement()) {
        piece(i, filters, raw, converted, worker);
      }
      whole = true;
    } finally {
      if (!whole) {
        stop.set(true);
      }
    }
  }

  private void piece(
      int i, Filters filters, Scratch raw, Scratch converted, Conversion.Worker worker)
      throws IOException {
    long[] shape = stored.shape();
    long[] chunk = stored.chunk();
    if (stored.compact() != null) {
      MemorySegment memory = raw.atLeast(stored.compact().length);
      MemorySegment.copy(
          stored.compact(), 0, memory, ValueLayout.JAVA_BYTE, 0, stored.compact().length);
      place(memory, new long[1], shape, shape, converted, worker);
      return;
    }
    if (stored.isContiguous()) {
      long from = i * chunk[0];
      long n = Math.min(chunk[0], shape[0] - from);
      MemorySegment memory = raw.atLeast(n * stored.elementBytes());
      load(stored.address() + from * stored.elementBytes(), memory);
      place(memory, new long[] {from}, new long[] {n}, new long[] {n}, converted, worker);
      return;
    }
    ChunkTable table = stored.table();
    long[] origin = new long[shape.length];
    long[] extent = new long[shape.length];
    long size = stored.elementBytes();
    long cell = table.cell(i);
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      long cells = Math.ceilDiv(shape[axis], chunk[axis]);
      origin[axis] = cell % cells * chunk[axis];
      extent[axis] = Math.min(chunk[axis], shape[axis] - origin[axis]);
      cell /= cells;
      size = Math.multiplyExact(size, chunk[axis]);
    }
    long storedBytes = stored.filters().isEmpty() ? size : Integer.toUnsignedLong(table.size(i));
    MemorySegment memory = raw.atLeast(storedBytes);
    load(stored.node().file().base() + table.address(i), memory);
    MemorySegment plain =
        stored.filters().isEmpty()
            ? memory
            : filters.undo(memory, size, table.mask(i), Arrays.toString(origin));
    place(plain, origin, extent, chunk, converted, worker);
  }

  private void load(long address, MemorySegment memory) throws IOException {
    checkEnd(address, memory.byteSize());
    FileChannel channel = stored.node().file().channel();
    ByteBuffer buffer = memory.asByteBuffer();
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, address + buffer.position()) < 0) {
        throw truncated(address);
      }
    }
  }

  private void checkEnd(long address, long bytes) throws IOException {
    long size = stored.node().file().channel().size();
    if (address < 0 || address > size - bytes) {
      throw truncated(address);
    }
  }

  private RecordingException truncated(long address) throws IOException {
    return stored
        .node()
        .error(
            null,
            "values at address " + address + ", past the end of the file",
            "a file of more than its " + stored.node().file().channel().size() + " bytes",
            "the file is truncated: copy it again");
  }

  /**
   * Converts a chunk and puts it in its place.
   *
   * @param data the chunk, with the part that lies outside the dataset
   * @param origin of the chunk in the dataset
   * @param extent how much of it lies inside
   * @param size of the chunk
   */
  private void place(
      MemorySegment data,
      long[] origin,
      long[] extent,
      long[] size,
      Scratch converted,
      Conversion.Worker worker)
      throws IOException {
    int last = extent.length - 1;
    boolean perRun = worker != null && conversion.scale().length > 1;
    long width = stored.elementBytes();
    MemorySegment values = data;
    if (worker != null && !conversion.isCopy()) {
      values = converted.atLeast(data.byteSize() / width * outBytes);
      if (!perRun) {
        worker.run(data, 0, values, 0, data.byteSize() / width, 0);
      }
    }
    boolean together = isOneRun(extent, size);
    long[] at = new long[extent.length];
    while (true) {
      long inside = 0;
      long element = 0;
      for (int axis = 0; axis <= last; axis++) {
        inside = inside * size[axis] + at[axis];
        element = element * stored.shape()[axis] + origin[axis] + at[axis];
      }
      if (perRun && !conversion.isCopy()) {
        if (placement.transposed()) {
          // along the last axis all values are of one column
          runTransposed(worker, data, inside, values, extent[last], element);
        } else {
          worker.run(data, inside * width, values, inside * outBytes, extent[last], element);
        }
      }
      if (!together) {
        put(values, inside, element, extent[last]);
      }
      int axis = last - 1;
      while (axis >= 0 && ++at[axis] == extent[axis]) {
        at[axis--] = 0;
      }
      if (axis < 0) {
        break;
      }
    }
    if (together) {
      long run = 1;
      long element = origin[0];
      for (int axis = 0; axis <= last; axis++) {
        run *= extent[axis];
        element *= axis == 0 ? 1 : stored.shape()[axis];
      }
      put(values, 0, element, run);
    }
  }

  /** Returns whether a chunk of such an extent lies in one piece in the dataset and the target. */
  private boolean isOneRun(long[] extent, long[] size) {
    for (int axis = 1; axis < extent.length; axis++) {
      if (extent[axis] != stored.shape()[axis] || size[axis] != extent[axis]) {
        return false;
      }
    }
    return placement.isPlain();
  }

  private void runTransposed(
      Conversion.Worker worker,
      MemorySegment data,
      long inside,
      MemorySegment values,
      long count,
      long element) {
    long rows = stored.elements() / placement.columns();
    for (long i = 0; i < count; i++) {
      worker.run(
          data,
          (inside + i) * stored.elementBytes(),
          values,
          (inside + i) * outBytes,
          1,
          (element + i) / rows);
    }
  }

  private void put(MemorySegment values, long from, long element, long count) throws IOException {
    if (placement.isPlain()) {
      target.put(element * outBytes, values, from * outBytes, count * outBytes);
    } else if (placement.transposed()) {
      long rows = stored.elements() / placement.columns();
      for (long i = 0; i < count; i++) {
        long row = (element + i) % rows;
        long column = (element + i) / rows;
        long to = place(row);
        if (to >= 0) {
          target.put(
              (to * placement.columns() + column) * outBytes,
              values,
              (from + i) * outBytes,
              outBytes);
        }
      }
    } else {
      long i = 0;
      while (i < count) {
        long row = (element + i) / placement.columns();
        long column = (element + i) % placement.columns();
        long n = Math.min(count - i, placement.columns() - column);
        long to = place(row);
        if (to >= 0) {
          target.put(
              (to * placement.columns() + column) * outBytes,
              values,
              (from + i) * outBytes,
              n * outBytes);
        }
        i += n;
      }
    }
    done.add(count * outBytes);
  }

  private long place(long row) {
    return placement.rows() == null ? row : placement.rows()[(int) row];
  }

  /** Writes the fill value where a chunk was never stored; zeros are there already. */
  private void fillMissing() throws IOException {
    boolean none = stored.compact() == null && !stored.isContiguous();
    if (!none || stored.table() != null && stored.table().count() == stored.cells()) {
      return;
    }
    BitSet there = new BitSet();
    for (int i = 0; stored.table() != null && i < stored.table().count(); i++) {
      there.set(Math.toIntExact(stored.table().cell(i)));
    }
    try (Scratch raw = new Scratch();
        Scratch converted = new Scratch()) {
      Conversion.Worker worker = conversion == null ? null : conversion.new Worker();
      long[] shape = stored.shape();
      long[] chunk = stored.chunk();
      long n = 1;
      for (long length : chunk) {
        n *= length;
      }
      MemorySegment memory = raw.atLeast(n * stored.elementBytes());
      memory.fill((byte) 0);
      if (stored.fill() != null) {
        MemorySegment value = MemorySegment.ofArray(stored.fill());
        for (long i = 0; i < n; i++) {
          MemorySegment.copy(value, 0, memory, i * stored.elementBytes(), stored.elementBytes());
        }
      }
      long[] origin = new long[shape.length];
      long[] extent = new long[shape.length];
      for (int cell = there.nextClearBit(0); cell < stored.cells(); ) {
        long rest = cell;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
          long cells = Math.ceilDiv(shape[axis], chunk[axis]);
          origin[axis] = rest % cells * chunk[axis];
          extent[axis] = Math.min(chunk[axis], shape[axis] - origin[axis]);
          rest /= cells;
        }
        place(memory, origin, extent, chunk, converted, worker);
        cell = there.nextClearBit(cell + 1);
      }
    }
  }
}
