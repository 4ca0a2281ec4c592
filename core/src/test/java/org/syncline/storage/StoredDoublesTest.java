/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.error.RecordingException;

/** Timestamps off the heap: the same values and places as an array has. */
class StoredDoublesTest {
  @TempDir Path folder;

  @Test
  void searchesLikeALoop() {
    SplittableRandom random = new SplittableRandom(7);
    for (int length : new int[] {0, 1, 2, 511, 512, 513, 1024, 1025, 5000}) {
      double[] values = new double[length];
      for (int i = 0; i < length; i++) {
        // runs of equal times, longer than the index's stride now and then
        double step =
            random.nextInt(4) == 0 || length == 5000 && i < 1500 ? 0 : random.nextDouble();
        values[i] = (i == 0 ? 1.6e9 : values[i - 1]) + step;
      }
      Path file = folder.resolve("t" + length + ".npy");
      Npy.write(file, values, length);
      try (Arena arena = Arena.ofConfined()) {
        StoredDoubles stored = StoredDoubles.open(file, arena);
        assertEquals(length, stored.length());
        assertArrayEquals(new long[] {length}, stored.shape());
        assertArrayEquals(values, stored.copy(0, length));
        for (int round = 0; round < 400; round++) {
          int near = length == 0 ? 0 : random.nextInt(length);
          double t =
              round == 0
                  ? Double.NEGATIVE_INFINITY
                  : round == 1
                      ? Double.POSITIVE_INFINITY
                      : length == 0 ? 0 : values[near] + (random.nextInt(3) - 1) * 0.3;
          int expected = 0;
          while (expected < length && values[expected] < t) {
            expected++;
          }
          assertEquals(expected, stored.firstNotBelow(t, 0));
          assertEquals(expected, stored.firstNotBelow(t, expected));
          assertEquals(expected, stored.firstNotBelow(t, random.nextInt(expected + 1)));
        }
        for (int i = 0; i < length; i += 7) {
          assertEquals(values[i], stored.get(i));
        }
        assertThrows(IndexOutOfBoundsException.class, () -> stored.get(-1));
        if (length > 0) {
          assertThrows(IndexOutOfBoundsException.class, () -> stored.get(length));
        }
      }
    }
  }

  @Test
  void othersThanNativeDoublesAreConverted() {
    for (String descr : new String[] {"<f8", ">f8", "<f4", ">i4", "<i8", "|u1"}) {
      Path file = folder.resolve("x" + descr.substring(1) + descr.hashCode() + ".npy");
      NpyBytes.write(
          file,
          NpyBytes.file(
              1, NpyBytes.header(descr, false, "(5,)"), NpyBytes.data(descr, 1, 2, 3, 5, 8)));
      try (Arena arena = Arena.ofConfined()) {
        StoredDoubles stored = StoredDoubles.open(file, arena);
        assertArrayEquals(new double[] {1, 2, 3, 5, 8}, stored.copy(0, 5), descr);
        assertEquals(3, stored.firstNotBelow(4, 0), descr);
      }
    }
  }

  @Test
  void aTruncatedFileIsARecordingException() throws Exception {
    Path file = folder.resolve("cut.npy");
    double[] values = new double[4096];
    Arrays.setAll(values, i -> i);
    Npy.write(file, values, values.length);
    try (Arena arena = Arena.ofShared()) {
      StoredDoubles stored = StoredDoubles.open(file, arena);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(4096);
      }
      assertThrows(RecordingException.class, () -> stored.get(4000));
      assertThrows(RecordingException.class, () -> stored.firstNotBelow(3999.5, 0));
      assertThrows(RecordingException.class, () -> stored.copy(3000, 4096));
      assertEquals(100, stored.get(100));
    }
  }
}
