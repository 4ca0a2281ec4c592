/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.array.TensorSpec;
import org.syncline.error.ClosedException;

class DatasetReaderTest {
  @TempDir Path root;

  private static final String CONFIG =
      "modality_config:\n"
          + "  a: {sampling_rate: 8, chunk_size: 16, transforms: {normalization: {means: 1, stds: 2}}}\n"
          + "  f: {sampling_rate: 20, chunk_size: 40, interpolation: {interpolation_mode: linear}}\n"
          + "  i: {sampling_rate: 8, chunk_size: 16, nans: mean}\n";

  private ChunkDataset open(String before) {
    new Handmade(root)
        .sequence("a", 8, 0, 200, 1601, 7, i -> i)
        .floats("f", 20, 0, 200, 4001, 5)
        .integers("i", 8, 0, 200, 1601, 3);
    return Handmade.open(root, "short_chunks: skip\n" + before + CONFIG);
  }

  @Test
  void readerPoolAndItemAgree() {
    try (ChunkDataset d = open("");
        Arena arena = Arena.ofConfined();
        ChunkReader reader = d.reader(ReadOptions.DEFAULT)) {
      Buffers mine = new Buffers(d.layout(), arena);
      Buffers pooled = new Buffers(d.layout(), arena);
      for (int i = 0; i < d.length(); i += 37) {
        mine.read(reader, i);
        d.read(i, pooled.segments, pooled.offsets);
        pooled.checkGuards();
        try (Chunk chunk = d.item(i)) {
          for (int e = 0; e < d.layout().size(); e++) {
            TensorSpec spec = d.layout().get(e);
            double[] expected =
                Handmade.doubles(
                    (spec.timestamps() ? chunk.timestamps() : chunk.values()).get(spec.key()));
            assertArrayEquals(expected, Handmade.doubles(mine.tensor(e)));
            assertArrayEquals(expected, Handmade.doubles(pooled.tensor(e)));
          }
        }
      }
    }
  }

  @Test
  void argumentsAreChecked() {
    try (ChunkDataset d = open("");
        Arena arena = Arena.ofConfined();
        ChunkReader reader = d.reader(ReadOptions.DEFAULT)) {
      Buffers b = new Buffers(d.layout(), arena);
      assertThrows(IndexOutOfBoundsException.class, () -> reader.read(-1, b.segments, b.offsets));
      assertThrows(
          IndexOutOfBoundsException.class, () -> reader.read(d.length(), b.segments, b.offsets));
      assertThrows(
          IndexOutOfBoundsException.class, () -> d.read(d.length(), b.segments, b.offsets));
      assertThrows(
          IllegalArgumentException.class, () -> reader.read(0, new MemorySegment[1], b.offsets));
      assertThrows(IllegalArgumentException.class, () -> reader.read(0, b.segments, new long[1]));
      MemorySegment[] heap = b.segments.clone();
      heap[2] = MemorySegment.ofArray(new byte[1 << 16]);
      assertThrows(IllegalArgumentException.class, () -> reader.read(0, heap, b.offsets));
      MemorySegment[] readOnly = b.segments.clone();
      readOnly[0] = readOnly[0].asReadOnly();
      assertThrows(IllegalArgumentException.class, () -> reader.read(0, readOnly, b.offsets));
      long[] past = b.offsets.clone();
      past[1] = b.memory.byteSize() - d.layout().get(1).bytes() + 1;
      assertThrows(IllegalArgumentException.class, () -> reader.read(0, b.segments, past));
      past[1] = -1;
      assertThrows(IllegalArgumentException.class, () -> reader.read(0, b.segments, past));
      b.checkGuards();
    }
  }

  @Test
  void readingAllocatesNothing() {
    for (String grid : new String[] {"", "time_grid: exact\n"}) {
      try (ChunkDataset d = open(grid);
          Arena arena = Arena.ofConfined();
          ChunkReader reader = d.reader(ReadOptions.DEFAULT)) {
        Buffers b = new Buffers(d.layout(), arena);
        int n = 3000;
        Allocations.assertNone(
            () -> {
              for (int i = 0; i < n; i++) {
                reader.read(i % d.length(), b.segments, b.offsets);
              }
            },
            n);
        Allocations.assertNone(
            () -> {
              for (int i = 0; i < n; i++) {
                d.read(i % d.length(), b.segments, b.offsets);
              }
            },
            n);
        b.checkGuards();
      }
    }
  }

  @Test
  void usesAfterCloseAreRefused() {
    ChunkDataset d = open("");
    Arena arena = Arena.ofConfined();
    ChunkReader reader = d.reader(ReadOptions.DEFAULT);
    ChunkReader other = d.reader(ReadOptions.DEFAULT);
    Buffers b = new Buffers(d.layout(), arena);
    b.read(reader, 0);
    reader.close();
    reader.close();
    assertThrows(ClosedException.class, () -> reader.read(0, b.segments, b.offsets));
    Chunk chunk = d.item(0);
    d.close();
    d.close();
    ClosedException e =
        assertThrows(ClosedException.class, () -> other.read(0, b.segments, b.offsets));
    assertTrue(e.getMessage().contains("ChunkDataset"), e.getMessage());
    assertThrows(ClosedException.class, () -> d.read(0, b.segments, b.offsets));
    assertThrows(ClosedException.class, () -> d.item(0));
    assertThrows(ClosedException.class, () -> d.reader(ReadOptions.DEFAULT));
    // a chunk's memory is its own
    assertEquals(7, chunk.tensor("a").shape()[1]);
    assertEquals((28 - 1) / 2.0, Handmade.doubles(chunk.tensor("a"))[0]);
    chunk.close();
    other.close();
    arena.close();
  }

  @Test
  void closeUnderRunningReadersRaisesClosedExceptionOnly() throws InterruptedException {
    for (int round = 0; round < 15; round++) {
      ChunkDataset d = open("");
      AtomicReference<Throwable> wrong = new AtomicReference<>();
      Thread[] threads = new Thread[4];
      CountDownLatch started = new CountDownLatch(threads.length);
      for (int t = 0; t < threads.length; t++) {
        int mode = t;
        threads[t] =
            new Thread(
                () -> {
                  try (Arena arena = Arena.ofConfined()) {
                    Buffers b = new Buffers(d.layout(), arena);
                    ChunkReader own = mode == 0 ? d.reader(ReadOptions.DEFAULT) : null;
                    for (int i = 0; ; i++) {
                      int index = i % d.length();
                      if (own != null) {
                        own.read(index, b.segments, b.offsets);
                      } else if (mode == 1) {
                        d.item(index).close();
                      } else {
                        d.read(index, b.segments, b.offsets);
                      }
                      if (i == 0) {
                        started.countDown();
                      }
                    }
                  } catch (ClosedException e) {
                    // what is documented
                  } catch (Throwable e) {
                    wrong.compareAndSet(null, e);
                    started.countDown();
                  }
                });
        threads[t].start();
      }
      started.await();
      Thread.sleep(round);
      d.close();
      for (Thread thread : threads) {
        thread.join(20_000);
        assertTrue(!thread.isAlive(), "a reader did not notice the close");
      }
      assertNull(wrong.get(), () -> "unexpected " + wrong.get());
    }
  }

  @Test
  void manyThreadsReadTheSame() throws InterruptedException {
    try (ChunkDataset d = open("")) {
      int n = d.length();
      double[][] expected = new double[n][];
      for (int i = 0; i < n; i++) {
        try (Chunk chunk = d.item(i)) {
          expected[i] = Handmade.doubles(chunk.tensor("f"));
        }
      }
      AtomicReference<Throwable> wrong = new AtomicReference<>();
      Thread[] threads = new Thread[6];
      for (int t = 0; t < threads.length; t++) {
        int first = t * 131;
        threads[t] =
            new Thread(
                () -> {
                  try (Arena arena = Arena.ofConfined()) {
                    Buffers b = new Buffers(d.layout(), arena);
                    for (int i = 0; i < 400; i++) {
                      int index = (first + i * 7) % n;
                      d.read(index, b.segments, b.offsets);
                      assertArrayEquals(expected[index], Handmade.doubles(b.tensor(1)));
                    }
                    b.checkGuards();
                  } catch (Throwable e) {
                    wrong.compareAndSet(null, e);
                  }
                });
        threads[t].start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertNull(wrong.get(), () -> "unexpected " + wrong.get());
    }
  }

  @Test
  void shuffleUnderReadersIsNeverMixed() throws InterruptedException {
    try (ChunkDataset d = open("seed: 3\n")) {
      Thread shuffler =
          new Thread(
              () -> {
                for (int i = 0; i < 50; i++) {
                  d.shuffle();
                }
              });
      shuffler.start();
      double[] full = d.fullValidSampleTimes(true);
      while (shuffler.isAlive()) {
        try (Chunk chunk = d.item(d.length() / 2)) {
          assertNotNull(chunk.tensor("a"));
        }
      }
      shuffler.join();
      assertEquals(full.length, d.length());
      assertEquals(Map.of("a", 16, "f", 40, "i", 16), d.chunkSizes());
    }
  }
}
