/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Imports what is larger than a Java array, or in more chunks than a list of objects should be. */
@Tag("any-width")
class NwbLargeTest {
  private static final long FRAME = 7500L * 8000;

  @TempDir Path folder;

  /**
   * Of 2.4 GB in one piece, which the disk does not hold, the first frame and the last are read.
   */
  @Test
  void moreThanTwoGigabytesInOnePieceAreReadToTheirEnd() throws IOException {
    Path file = Files.copy(NwbImportTest.resource("large.nwb"), folder.resolve("large.nwb"));
    long start = Files.size(file);
    try (RandomAccessFile whole = new RandomAccessFile(file.toFile(), "rw")) {
      whole.setLength(start + 40 * FRAME);
      for (long at : new long[] {0, FRAME - 1, 39 * FRAME, 40 * FRAME - 1}) {
        whole.seek(start + at);
        whole.write((int) (1 + at % 251));
      }
    }
    List<Long> progress = new ArrayList<>();
    NwbReport report =
        NwbImport.of(file)
            .repair(Repair.DROP_NAN_TIMES)
            .threads(2)
            .progress(
                (device, written, expected) -> {
                  assertEquals("frames", device);
                  assertEquals(40 * FRAME, expected);
                  progress.add(written);
                })
            .to(folder.resolve("out"));
    assertEquals(progress.stream().sorted().toList(), progress);
    assertEquals(0, progress.getFirst());
    assertEquals(List.of(), report.left());
    Path frames = report.recording().resolve("frames/data/00000.npy");
    long header = Files.size(frames) - 2 * FRAME;
    try (RandomAccessFile written = new RandomAccessFile(frames.toFile(), "r")) {
      for (long at : new long[] {0, FRAME - 1, 39 * FRAME, 40 * FRAME - 1}) {
        written.seek(header + (at < FRAME ? at : at - 38 * FRAME));
        assertEquals(1 + at % 251, written.read(), "byte " + at);
      }
    }
  }

  @Test
  void aMillionChunksOfWhichThreeAreThere() throws IOException {
    NwbReport report = NwbImport.of(NwbImportTest.resource("many.nwb")).to(folder);
    Path data = report.recording().resolve("values/data.mem");
    try (FileChannel channel = FileChannel.open(data)) {
      var values =
          channel
              .map(FileChannel.MapMode.READ_ONLY, 0, 4_000_000)
              .order(ByteOrder.LITTLE_ENDIAN)
              .asFloatBuffer();
      assertEquals(4_000_000, channel.size());
      for (int row = 0; row < 1_000_000; row++) {
        float wanted = row == 5 || row == 500_000 || row == 999_999 ? row : -7;
        if (values.get(row) != wanted) {
          assertEquals(wanted, values.get(row), "row " + row);
        }
      }
    }
  }
}
