/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.storage;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.FreshJvm;
import org.syncline.array.ElementType;
import org.syncline.error.RecordingException;
import org.syncline.kernel.SumPass;

/** The guard keeps hot vector kernels off pages that are gone: without it the process would end. */
class PageGuardTest {
  @TempDir Path folder;

  @Test
  void guardedKernelsSurviveTruncation() throws Exception {
    FreshJvm.succeeds(
        FreshJvm.of(FreshJvm.asThisOne("-Xmx128m"), Reader.class, folder.resolve("x").toString()));
  }

  /** Sums rows of a file that shrinks by a page at a time. */
  static final class Reader {
    private static final int COLUMNS = 5000;
    private static final int ROWS = 600;
    private static final SumPass SUM = SumPass.of(ElementType.FLOAT32);

    private Reader() {}

    public static void main(String[] args) throws Exception {
      Path file = Path.of(args[0]);
      Files.write(file, new byte[COLUMNS * ROWS * Float.BYTES]);
      try (Arena arena = Arena.ofConfined();
          FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        RowArray array =
            ArrayFiles.openRaw(file, Dtype.of(ElementType.FLOAT32), ROWS, COLUMNS, arena);
        MemorySegment sums = arena.allocate(COLUMNS * 8L, 64);
        MemorySegment counts = arena.allocate(COLUMNS * 8L, 64);
        for (int warm = 0; warm < 20; warm++) {
          for (int row = 0; row < ROWS; row++) {
            read(array, row, sums, counts);
          }
        }
        int refused = 0;
        long size = channel.size();
        for (int step = 0; step < 500; step++) {
          size -= 4096;
          channel.truncate(size);
          long lastWhole = (size / 4096 * 4096) / array.rowBytes() - 1;
          for (long row = Math.max(0, lastWhole); row < Math.min(ROWS, lastWhole + 4); row++) {
            try {
              read(array, row, sums, counts);
            } catch (RecordingException e) {
              refused++;
            }
          }
        }
        if (refused < 500) {
          throw new AssertionError("only " + refused + " reads were refused");
        }
      }
    }

    private static void read(RowArray array, long row, MemorySegment sums, MemorySegment counts) {
      array.guard(row, 1);
      SUM.run(array.segment(), array.rowOffset(row), 0, 1, sums, counts, array.columns());
    }
  }
}
