/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.read;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import org.syncline.array.ElementType;
import org.syncline.clock.ChunkClock;
import org.syncline.device.Sampler;
import org.syncline.device.support.Answers;
import org.syncline.error.ClosedException;
import org.syncline.error.RecordingException;
import org.syncline.interval.TimeInterval;
import org.syncline.kernel.RowPass;
import org.syncline.storage.FileWatch;

/**
 * Runs a read plan with the scratch of one thread: not safe for use by two threads at once, but for
 * {@link #close}.
 */
public final class PlanReader implements AutoCloseable {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

  private final Path root;
  private final Runnable ensureOpen;
  private final ReadPlan plan;
  private final ReadPlan.Step[] steps;
  private final long[] sizes;
  private final Sampler.Cursor[] cursors;
  private final long[] replaced;
  private final double[] times;
  private final MemorySegment scratch;

  /** Turns each device's behaviour signals into the screen's type. */
  private final RowPass[] conversions;

  /** Shapes of the devices' values, where chunks are padded. */
  private final long[][] shapes;

  /** Whether some values are float16. */
  private final boolean halves;

  private final double[] someTimes;
  private MemorySegment someFrames = MemorySegment.NULL;

  /** Which samples of the last padded device are real. */
  private int from;

  private int to;

  /** The first device of the chunk whose parts left the thread interrupted, or null. */
  private OwnParts interrupting;

  private final Counters counters = new Counters();
  private volatile boolean closed;

  /**
   * Opens a reader.
   *
   * @param root the recording's folder, for messages
   * @param ensureOpen raises ClosedException once the devices are closed
   */
  public PlanReader(ReadPlan plan, Path root, Runnable ensureOpen) {
    this.root = root;
    this.ensureOpen = ensureOpen;
    this.plan = plan;
    steps = plan.steps();
    sizes = plan.sizes();
    times = new double[plan.maxSamples()];
    someTimes = new double[plan.maxSamples()];
    shapes = new long[steps.length][];
    for (int i = 0; i < steps.length; i++) {
      if (steps[i].coverage() != null && steps[i].sampler() != null) {
        shapes[i] = steps[i].sampler().shape(steps[i].clock().count());
      }
    }
    halves = Arrays.stream(steps).anyMatch(step -> step.overflow() != null);
    cursors = new Sampler.Cursor[steps.length];
    replaced = new long[steps.length];
    // the collector frees it: a reader may be closed by another thread than its own
    scratch =
        plan.behaviour() == null
            ? MemorySegment.NULL
            : Arena.ofAuto().allocate(plan.behaviour().scratchBytes(), 64);
    conversions = plan.behaviour() == null ? new RowPass[0] : conversions(plan.behaviour());
    try {
      for (int i = 0; i < steps.length; i++) {
        if (steps[i].sampler() != null) {
          cursors[i] = Answers.cursor(steps[i].sampler(), steps[i].clock().count());
        }
      }
    } catch (Throwable t) {
      close();
      throw t;
    }
  }

  private static RowPass[] conversions(ReadPlan.Behaviour b) {
    RowPass[] passes = new RowPass[b.types().length];
    for (int s = 0; s < passes.length; s++) {
      passes[s] = RowPass.of(b.types()[s], b.type());
    }
    return passes;
  }

  /**
   * Writes the chunk that starts at a time in seconds into native memory; allocates nothing on the
   * heap. Where a part of the program's own leaves the thread interrupted, which was not before,
   * the chunk is read to its end, and the thread is interrupted then.
   *
   * @param segments one native segment an entry of the plan
   * @param offsets byte offset of the entry in its segment
   * @throws IllegalArgumentException for segments that do not fit or a start that is not finite
   * @throws ClosedException after close of the reader or the devices
   * @throws RecordingException where a file shrank or cannot be read, or the chunk comes back short
   */
  public void readAt(double start, MemorySegment[] segments, long[] offsets) {
    if (closed) {
      throw new ClosedException("ChunkReader of " + root);
    }
    ensureOpen.run();
    check(segments, offsets);
    if (!(Math.abs(start) <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException("start " + start + ", expected finite seconds");
    }
    interrupting = null;
    try {
      readChecked(start, segments, offsets);
    } catch (ClosedException e) {
      // the dataset is what the caller knows, not the device that happened to notice
      ensureOpen.run();
      throw e;
    } catch (IllegalStateException e) {
      ensureOpen.run();
      throw closed ? new ClosedException("ChunkReader of " + root) : e;
    } finally {
      if (interrupting != null) {
        Thread.currentThread().interrupt();
        interrupting.leftInterrupted();
      }
    }
  }

  private void check(MemorySegment[] segments, long[] offsets) {
    if (segments.length != sizes.length || offsets.length != sizes.length) {
      throw new IllegalArgumentException(
          segments.length
              + " segments and "
              + offsets.length
              + " offsets for "
              + sizes.length
              + " entries");
    }
    for (int i = 0; i < sizes.length; i++) {
      MemorySegment segment = segments[i];
      if (segment == null) {
        throw new NullPointerException("segments[" + i + "] is null");
      }
      if (!segment.isNative() || segment.isReadOnly()) {
        throw new IllegalArgumentException(
            "segment of "
                + plan.entries().specs().get(i).key()
                + " is "
                + (segment.isNative() ? "read-only" : "on the heap")
                + ", expected writable native memory");
      }
      if (offsets[i] < 0 || offsets[i] > segment.byteSize() - sizes[i]) {
        throw new IllegalArgumentException(
            "entry "
                + plan.entries().specs().get(i).key()
                + " of "
                + sizes[i]
                + " bytes at offset "
                + offsets[i]
                + " leaves its segment of "
                + segment.byteSize()
                + " bytes");
      }
    }
  }

  private void readChecked(double start, MemorySegment[] segments, long[] offsets) {
    long bytes = 0;
    long t0 = System.nanoTime();
    boolean before = Thread.currentThread().isInterrupted();
    for (int i = 0; i < steps.length; i++) {
      ReadPlan.Step step = steps[i];
      ChunkClock clock = step.clock();
      clock.times(start, times);
      if (step.timestamps() >= 0) {
        writeTimestamps(clock.count(), segments[step.timestamps()], offsets[step.timestamps()]);
        bytes += sizes[step.timestamps()];
      }
      Sampler.Cursor cursor = cursors[i];
      if (cursor != null) {
        clock.snap(times);
        boolean entry = step.values() >= 0;
        MemorySegment dst = entry ? segments[step.values()] : scratch;
        long at = entry ? offsets[step.values()] : step.scratchOffset();
        if (step.coverage() == null) {
          readAll(step, cursor, times, clock.count(), start, dst, at);
        } else {
          readPadded(i, cursor, start, dst, at);
          if (step.mask() >= 0) {
            writeMask(clock.count(), segments[step.mask()], offsets[step.mask()]);
          }
        }
        if (step.own() != null && !before && Thread.interrupted() && interrupting == null) {
          interrupting = step.own();
        }
        bytes += entry ? sizes[step.values()] : 0;
        counters.replacedNaNs += cursor.replacedNaNs() - replaced[i];
        replaced[i] = cursor.replacedNaNs();
      }
      long t1 = System.nanoTime();
      if (step.screen()) {
        counters.screenNanos += t1 - t0;
      } else {
        counters.sequenceNanos += t1 - t0;
      }
      t0 = t1;
    }
    if (plan.behaviour() != null) {
      broadcast(plan.behaviour(), segments, offsets);
      counters.screenNanos += System.nanoTime() - t0;
    }
    if (plan.origins() != null) {
      plan.origins().write(start, segments, offsets, plan.firstOrigin());
    }
    if (halves && HalfOverflow.isLookedAt(counters.chunks)) {
      lookAtHalves(segments, offsets);
    }
    counters.chunks++;
    counters.bytesWritten += bytes;
    FileWatch.reading();
  }

  private void lookAtHalves(MemorySegment[] segments, long[] offsets) {
    for (ReadPlan.Step step : steps) {
      if (step.overflow() != null) {
        step.overflow().look(segments[step.values()], offsets[step.values()], sizes[step.values()]);
      }
    }
  }

  /** Reads the samples that the device has, and fills the others. */
  private void readPadded(
      int index, Sampler.Cursor cursor, double start, MemorySegment dst, long at) {
    ReadPlan.Step step = steps[index];
    int count = step.clock().count();
    from = 0;
    while (from < count && !step.coverage().notBefore(times[from])) {
      from++;
    }
    to = count;
    while (to > from && !step.coverage().notAfter(times[to - 1])) {
      to--;
    }
    int real = to - from;
    if (real == count) {
      readAll(step, cursor, times, real, start, dst, at);
      return;
    }
    long[] shape = shapes[index];
    ElementType type = step.sampler().type();
    // one block of samples, or of each channel one
    boolean frames = shape.length == 4;
    long blocks = frames ? shape[0] : 1;
    long sampleBytes = (frames ? shape[2] * shape[3] : shape[1]) * type.bytes();
    for (long block = 0; block < blocks; block++) {
      long first = at + block * count * sampleBytes;
      Padding.fill(dst, first, from * sampleBytes, type);
      Padding.fill(dst, first + to * sampleBytes, (count - to) * sampleBytes, type);
    }
    if (real == 0) {
      return;
    }
    System.arraycopy(times, from, someTimes, 0, real);
    if (blocks == 1) {
      readAll(step, cursor, someTimes, real, start, dst, at + from * sampleBytes);
      return;
    }
    MemorySegment some = padded(blocks * count * sampleBytes);
    readAll(step, cursor, someTimes, real, start, some, 0);
    for (long block = 0; block < blocks; block++) {
      MemorySegment.copy(
          some,
          block * real * sampleBytes,
          dst,
          at + (block * count + from) * sampleBytes,
          real * sampleBytes);
    }
  }

  private void readAll(
      ReadPlan.Step step,
      Sampler.Cursor cursor,
      double[] wanted,
      int count,
      double start,
      MemorySegment dst,
      long at) {
    int got = Answers.read(cursor, wanted, count, dst, at);
    if (got < count) {
      throw tooShort(step, start, got);
    }
  }

  /** Returns memory for frames of a chunk that has some, made when it is first needed. */
  private MemorySegment padded(long bytes) {
    if (someFrames.byteSize() < bytes) {
      someFrames = Arena.ofAuto().allocate(bytes, 64);
    }
    return someFrames;
  }

  private void writeMask(int count, MemorySegment dst, long offset) {
    for (int k = 0; k < count; k++) {
      dst.set(ValueLayout.JAVA_BYTE, offset + k, (byte) (k >= from && k < to ? 1 : 0));
    }
  }

  private void writeTimestamps(int count, MemorySegment dst, long offset) {
    double origin = plan.origin();
    if (Double.isNaN(origin)) {
      for (int k = 0; k < count; k++) {
        dst.set(DOUBLE, offset + (long) k * Double.BYTES, times[k]);
      }
    } else {
      for (int k = 0; k < count; k++) {
        dst.set(FLOAT, offset + (long) k * Float.BYTES, (float) (times[k] - origin));
      }
    }
  }

  /** Fills a plane of the screen's entry for each frame and behaviour signal. */
  private void broadcast(ReadPlan.Behaviour b, MemorySegment[] segments, long[] offsets) {
    MemorySegment dst = segments[b.screen()];
    int size = b.type().bytes();
    long planeBytes = b.pixels() * size;
    long at = offsets[b.screen()] + (long) b.firstChannel() * b.planes() * planeBytes;
    for (int s = 0; s < b.steps().length; s++) {
      ReadPlan.Step step = steps[b.steps()[s]];
      MemorySegment src = step.values() >= 0 ? segments[step.values()] : scratch;
      long from = step.values() >= 0 ? offsets[step.values()] : step.scratchOffset();
      int columns = b.columns()[s];
      conversions[s].run(src, from, scratch, b.convertedOffset(), b.planes() * columns);
      for (int j = 0; j < columns; j++) {
        for (int t = 0; t < b.planes(); t++) {
          long value = b.convertedOffset() + ((long) t * columns + j) * size;
          MemorySegment.copy(scratch, value, dst, at, size);
          spread(dst, at, size, planeBytes);
          at += planeBytes;
        }
      }
    }
  }

  /**
   * Repeats the first element over the plane by copies that double: bulk copies run at the speed of
   * memory.
   */
  private static void spread(MemorySegment dst, long at, int size, long planeBytes) {
    long done = size;
    while (done < planeBytes) {
      long n = Math.min(done, planeBytes - done);
      MemorySegment.copy(dst, at, dst, at + done, n);
      done += n;
    }
  }

  private RecordingException tooShort(ReadPlan.Step step, double start, int got) {
    // the times were overwritten by nobody: they are still this device's
    TimeInterval valid = step.valid();
    return RecordingException.of(
        step.folder(),
        "chunk at " + start + " s",
        got
            + " of "
            + step.clock().count()
            + " samples of "
            + step.device()
            + ", whose chunk runs from "
            + times[0]
            + " s to "
            + times[step.clock().count() - 1]
            + " s while its values range from "
            + valid.start()
            + " s to "
            + valid.end()
            + " s",
        "a value for every sample",
        valid.contains(times[0]) && valid.contains(times[step.clock().count() - 1])
            ? "read valid starts alone where max_gap is set, or give a smaller offset or chunk_size"
            : (got == 0 ? "read a start in that range, " : "")
                + "set short_chunks: skip to leave such chunks out, or give a smaller offset or chunk_size");
  }

  /**
   * Asks the operating system to read what a chunk needs from files, without waiting for it.
   *
   * @return how many bytes were asked for
   * @throws ClosedException after close of the reader or the devices
   */
  public long willNeedAt(double start) {
    if (closed) {
      throw new ClosedException("ChunkReader of " + root);
    }
    ensureOpen.run();
    long asked = 0;
    for (int i = 0; i < steps.length; i++) {
      if (cursors[i] != null) {
        ChunkClock clock = steps[i].clock();
        clock.times(start, times);
        clock.snap(times);
        asked += cursors[i].willNeed(times, clock.count());
      }
    }
    return asked;
  }

  /**
   * Opens the files that a chunk needs, without reading data.
   *
   * @throws RecordingException where one is missing or damaged
   * @throws ClosedException after close of the reader or the devices
   */
  public void openFilesAt(double start) {
    if (closed) {
      throw new ClosedException("ChunkReader of " + root);
    }
    ensureOpen.run();
    for (int i = 0; i < steps.length; i++) {
      if (cursors[i] != null) {
        ChunkClock clock = steps[i].clock();
        clock.times(start, times);
        clock.snap(times);
        cursors[i].openFiles(times, clock.count());
      }
    }
  }

  /** Returns what was counted since the reader was opened: the same object at each call. */
  public Counters counters() {
    return counters;
  }

  /** Frees the scratch memory; any number of times, by any thread that is not reading. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      for (Sampler.Cursor cursor : cursors) {
        if (cursor != null) {
          cursor.close();
        }
      }
    }
  }
}
