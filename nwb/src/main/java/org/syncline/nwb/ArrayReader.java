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
  private static final long COPY_PIECE = 4 << 20;

  /** Bytes of chunks beside each other that are written together. */
  private static final long BAND_BYTES = 8 << 20;

  /** Arrays of all threads take at most the heap divided by this. */
  private static final int HEAP_SHARE = 4;

  private final Stored stored;
  private final Conversion conversion;
  private final Placement placement;
  private final Target target;
  private final LongAdder done;
  private final long outBytes;
  private final int[] bands;

  private ArrayReader(
      Stored stored, Conversion conversion, Placement placement, Target target, LongAdder done) {
    this.stored = stored;
    this.conversion = conversion;
    this.placement = placement;
    this.target = target;
    this.done = done;
    outBytes = conversion == null ? stored.elementBytes() : conversion.to().bytes();
    bands = bands();
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
    if (isCopied()) {
      checkEnd(stored.address(), stored.bytes());
      share(Math.ceilDiv(stored.bytes(), COPY_PIECE), threads, this::copy);
      return;
    }
    share(bands == null ? pieces() : bands.length - 1, threads, this::work);
    fillMissing();
  }

  /** Part of the work: that of a thread. */
  private interface Part {
    /**
     * Takes pieces until there are none, or until one failed elsewhere.
     *
     * @param next the next piece that nobody took
     * @param workers how many threads do this
     */
    void run(AtomicInteger next, AtomicBoolean stop, int pieces, int workers) throws IOException;
  }

  private static void share(long count, int threads, Part part) throws IOException {
    AtomicInteger next = new AtomicInteger();
    AtomicBoolean stop = new AtomicBoolean();
    int pieces = Math.toIntExact(count);
    int workers = Math.clamp(pieces, 1, Math.max(1, threads));
    if (workers == 1) {
      part.run(next, stop, pieces, workers);
    } else {
      try (ExecutorService pool =
          Executors.newFixedThreadPool(
              workers, Thread.ofPlatform().daemon().name("syncline-nwb-", 0).factory())) {
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
          running.add(
              pool.submit(
                  () -> {
                    part.run(next, stop, pieces, workers);
                    return null;
                  }));
        }
        await(running, stop);
      }
    }
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

  /** Returns whether the bytes are in the file as they shall be, one behind the other. */
  private boolean isCopied() {
    return target instanceof Target.InFile
        && stored.isContiguous()
        && placement.isPlain()
        && (conversion == null || conversion.isCopy());
  }

  /** Lets the kernel copy, which does it best. */
  private void copy(AtomicInteger next, AtomicBoolean stop, int pieces, int workers)
      throws IOException {
    FileChannel from = stored.node().file().channel();
    boolean whole = false;
    // a place of its own for each thread to write at
    try (FileChannel to = ((Target.InFile) target).another()) {
      for (int i = next.getAndIncrement(); i < pieces && !stop.get(); i = next.getAndIncrement()) {
        long at = i * COPY_PIECE;
        long end = Math.min(at + COPY_PIECE, stored.bytes());
        to.position(((Target.InFile) target).start() + at);
        while (at < end) {
          long n = from.transferTo(stored.address() + at, end - at, to);
          if (n <= 0) {
            throw truncated(stored.address() + at);
          }
          at += n;
          done.add(n);
        }
      }
      whole = true;
    } finally {
      if (!whole) {
        stop.set(true);
      }
    }
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

  private void work(AtomicInteger next, AtomicBoolean stop, int pieces, int workers)
      throws IOException {
    boolean whole = false;
    long heap = Runtime.getRuntime().maxMemory() / HEAP_SHARE / workers;
    try (Filters filters = new Filters(stored, heap);
        Scratch raw = new Scratch();
        Scratch converted = new Scratch();
        Scratch together = new Scratch()) {
      Conversion.Worker worker = conversion == null ? null : conversion.new Worker();
      for (int i = next.getAndIncrement(); i < pieces && !stop.get(); i = next.getAndIncrement()) {
        if (bands == null) {
          piece(i, filters, raw, converted, worker, target);
        } else {
          band(i, filters, raw, converted, together, worker);
        }
      }
      whole = true;
    } finally {
      if (!whole) {
        stop.set(true);
      }
    }
  }

  /**
   * Returns at which stored chunk each band begins, and behind the last one: chunks beside each
   * other, whose values are neighbours only together. Null where there are none, where they are too
   * large, or where values do not stay in their order.
   */
  private int[] bands() {
    ChunkTable table = stored.table();
    int axes = stored.shape().length;
    boolean neighbours = placement.isPlain() && target instanceof Target.InFile;
    if (table == null || axes == 1 || !neighbours) {
      return null;
    }
    long across = 1;
    for (int axis = 1; axis < axes; axis++) {
      across *= Math.ceilDiv(stored.shape()[axis], stored.chunk()[axis]);
    }
    if (across == 1 || rowBytes() > BAND_BYTES / stored.chunk()[0]) {
      return null;
    }
    int[] starts = new int[table.count() + 1];
    int count = 0;
    for (int i = 0; i < table.count(); i++) {
      if (i > 0 && table.cell(i) <= table.cell(i - 1)) {
        return null;
      }
      if (i == 0 || table.cell(i) / across != table.cell(i - 1) / across) {
        starts[count++] = i;
      }
    }
    starts[count] = table.count();
    return Arrays.copyOf(starts, count + 1);
  }

  /** Returns bytes that are written for a step along the first axis. */
  private long rowBytes() {
    return stored.elements() / stored.shape()[0] * outBytes;
  }

  /** Puts a band's chunks together and writes them at once. */
  private void band(
      int band,
      Filters filters,
      Scratch raw,
      Scratch converted,
      Scratch together,
      Conversion.Worker worker)
      throws IOException {
    long across = stored.cells() / Math.ceilDiv(stored.shape()[0], stored.chunk()[0]);
    long first = stored.table().cell(bands[band]) / across * stored.chunk()[0];
    long rows = Math.min(stored.chunk()[0], stored.shape()[0] - first);
    MemorySegment memory = together.atLeast(rows * rowBytes());
    try (Target into = new Target.InMemory(memory, first * rowBytes())) {
      for (int i = bands[band]; i < bands[band + 1]; i++) {
        piece(i, filters, raw, converted, worker, into);
      }
    }
    target.put(first * rowBytes(), memory, 0, memory.byteSize());
  }

  private void piece(
      int i, Filters filters, Scratch raw, Scratch converted, Conversion.Worker worker, Target into)
      throws IOException {
    long[] shape = stored.shape();
    long[] chunk = stored.chunk();
    if (stored.compact() != null) {
      MemorySegment memory = raw.atLeast(stored.compact().length);
      MemorySegment.copy(
          stored.compact(), 0, memory, ValueLayout.JAVA_BYTE, 0, stored.compact().length);
      place(memory, new long[1], shape, shape, converted, worker, into);
      return;
    }
    if (stored.isContiguous()) {
      long from = i * chunk[0];
      long n = Math.min(chunk[0], shape[0] - from);
      MemorySegment memory = raw.atLeast(n * stored.elementBytes());
      load(stored.address() + from * stored.elementBytes(), memory);
      place(memory, new long[] {from}, new long[] {n}, new long[] {n}, converted, worker, into);
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
    place(plain, origin, extent, chunk, converted, worker, into);
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
   * @param into the target, or memory for a part of it
   */
  private void place(
      MemorySegment data,
      long[] origin,
      long[] extent,
      long[] size,
      Scratch converted,
      Conversion.Worker worker,
      Target into)
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
        put(values, inside, element, extent[last], into);
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
      put(values, 0, element, run, into);
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

  private void put(MemorySegment values, long from, long element, long count, Target into)
      throws IOException {
    if (placement.isPlain()) {
      into.put(element * outBytes, values, from * outBytes, count * outBytes);
    } else if (placement.transposed()) {
      long rows = stored.elements() / placement.columns();
      for (long i = 0; i < count; i++) {
        long row = (element + i) % rows;
        long column = (element + i) / rows;
        long to = place(row);
        if (to >= 0) {
          into.put(
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
          into.put(
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

  /** Writes the fill value, or zeros, where a chunk was never stored. */
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
        place(memory, origin, extent, chunk, converted, worker, target);
        cell = there.nextClearBit(cell + 1);
      }
    }
  }
}
