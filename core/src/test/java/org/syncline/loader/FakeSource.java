/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleConsumer;
import org.syncline.ChunkReader;
import org.syncline.ReadOptions;
import org.syncline.StageCounters;
import org.syncline.array.ElementType;
import org.syncline.array.TensorSpec;
import org.syncline.error.ClosedException;
import org.syncline.error.RecordingException;

/**
 * A recording whose values say which chunk of which recording they are, with all the misbehaviour a
 * test may ask for.
 */
class FakeSource implements ChunkSource {
  final String key;
  final int length;
  final int neurons;
  int stride = 1;
  int failAt = -1;
  long delayNanos;
  String version = "1";
  final AtomicInteger readers = new AtomicInteger();
  final AtomicInteger reads = new AtomicInteger();
  volatile boolean closed;
  Runnable onRead = () -> {};
  DoubleConsumer onReadAt = start -> {};

  FakeSource(String key, int length, int neurons) {
    this.key = key;
    this.length = length;
    this.neurons = neurons;
  }

  /** What element {@code i} of the values of a chunk is. */
  static long value(String key, double chunk, int i) {
    return CycledOrder.mix(key.hashCode() * 31L + Double.doubleToLongBits(chunk)) + i;
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public Path root() {
    return Path.of("/fake", key);
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public List<String> devices() {
    return List.of("screen", "responses");
  }

  @Override
  public List<TensorSpec> layout(ReadOptions options) {
    return List.of(
        new TensorSpec("screen", false, ElementType.INT64, new long[] {3}),
        new TensorSpec("responses", false, ElementType.INT64, new long[] {2, neurons}),
        new TensorSpec("responses", true, ElementType.FLOAT64, new long[] {2}));
  }

  @Override
  public ChunkReader reader(ReadOptions options) {
    if (closed) {
      throw new ClosedException("FakeSource " + key);
    }
    readers.incrementAndGet();
    return new Reader(options);
  }

  private final class Reader implements ChunkReader, StageCounters {
    private final ReadOptions options;
    private long chunks;
    private long nanos;
    private final Thread owner = Thread.currentThread();
    private boolean open = true;

    Reader(ReadOptions options) {
      this.options = options;
    }

    @Override
    public List<TensorSpec> layout() {
      return FakeSource.this.layout(options);
    }

    @Override
    public void read(int index, MemorySegment[] segments, long[] offsets) {
      if (index < 0 || index >= length) {
        throw new IndexOutOfBoundsException(index);
      }
      if (index == failAt) {
        throw RecordingException.of(
            root().resolve("responses").resolve("data.mem"),
            "row 7",
            "a short file",
            "a whole one",
            null);
      }
      readAt(index, segments, offsets);
    }

    @Override
    public void readAt(double start, MemorySegment[] segments, long[] offsets) {
      if (closed || !open || owner != Thread.currentThread()) {
        throw new ClosedException("reader of " + key);
      }
      onRead.run();
      onReadAt.accept(start);
      reads.incrementAndGet();
      long begin = System.nanoTime();
      for (int i = 0; i < 3; i++) {
        segments[0].set(ValueLayout.JAVA_LONG, offsets[0] + i * 8L, value(key, start, i));
      }
      for (int i = 0; i < 2 * neurons; i++) {
        segments[1].set(ValueLayout.JAVA_LONG, offsets[1] + i * 8L, value(key, start, 3 + i));
      }
      segments[2].set(ValueLayout.JAVA_DOUBLE, offsets[2], start);
      segments[2].set(ValueLayout.JAVA_DOUBLE, offsets[2] + 8, start + 0.5);
      while (System.nanoTime() - begin < delayNanos) {
        Thread.onSpinWait();
      }
      chunks++;
      nanos += System.nanoTime() - begin;
    }

    @Override
    public StageCounters counters() {
      return this;
    }

    @Override
    public long chunks() {
      return chunks;
    }

    @Override
    public long screenNanos() {
      return 0;
    }

    @Override
    public long sequenceNanos() {
      return nanos;
    }

    @Override
    public long bytesWritten() {
      return 0;
    }

    @Override
    public long replacedNaNs() {
      return 0;
    }

    @Override
    public void close() {
      if (open) {
        open = false;
        readers.decrementAndGet();
      }
    }
  }

  @Override
  public String fingerprint() {
    return Integer.toHexString(identity().hashCode());
  }

  @Override
  public Map<String, String> identity() {
    return new TreeMap<>(
        Map.of("length", "" + length, "neurons", "" + neurons, "version", version));
  }

  @Override
  public int stride() {
    return stride;
  }

  @Override
  public Long seed() {
    return null;
  }

  @Override
  public double[] ownStarts() {
    return null;
  }

  @Override
  public double[] starts() {
    double[] starts = new double[length];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = 100 + i * 0.25 * stride;
    }
    return starts;
  }

  @Override
  public double[] allStarts() {
    double[] starts = new double[length * stride];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = 100 + i * 0.25;
    }
    return starts;
  }

  @Override
  public String explanation() {
    return "chunks " + length;
  }

  @Override
  public void close() {
    closed = true;
  }
}
