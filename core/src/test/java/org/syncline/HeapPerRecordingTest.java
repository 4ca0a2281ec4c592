/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.config.DatasetConfig;
import org.syncline.testdata.Recording;
import org.syncline.testdata.Recordings;

/** What an open recording of real length keeps on the heap: hundreds share 64 MB of it. */
@Tag("any-width")
class HeapPerRecordingTest {
  private static final int OPEN = 24;
  private static final long MOST_BYTES = 100_000;

  @TempDir Path folder;

  @Test
  @Timeout(300)
  void anOpenRecordingOfTwoHoursKeepsLessThan100KilobytesOnTheHeap() throws Exception {
    // the responses are not searched for NaN, which would read a gigabyte of zeros
    Recording recording = Recordings.collection(folder.resolve("x"), 1, 1, 7_000, 7_138).getFirst();
    String config =
        recording
            .configText()
            .replaceAll("\"filters\":\\{\"nan_filter\":\\{[^}]*\\}\\}", "\"filters\":null");
    Path text = Files.writeString(folder.resolve("config.json"), config);
    FreshJvm.run(Measure.class, recording.folder().toString(), text.toString());
  }

  /** Opens the recording many times and reads a chunk of each. */
  static final class Measure {
    private Measure() {}

    /** Exits with status 1 where a recording takes too much. */
    public static void main(String[] args) throws Exception {
      Path root = Path.of(args[0]);
      String config = Files.readString(Path.of(args[1]));
      List<ChunkDataset> open = new ArrayList<>();
      // the first one loads classes and fills what all share
      long before = 0;
      for (int i = 0; i <= OPEN; i++) {
        ChunkDataset dataset = ChunkDataset.open(root, DatasetConfig.parse(config, "test"));
        open.add(dataset);
        dataset.fingerprint();
        dataset.item(i * 1000).close();
        if (i == 0) {
          before = used();
        }
      }
      long each = (used() - before) / OPEN;
      System.out.println(each + " bytes a recording of " + open.getLast().length() + " chunks");
      open.forEach(ChunkDataset::close);
      System.exit(each < MOST_BYTES ? 0 : 1);
    }

    private static long used() throws InterruptedException {
      MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
      long least = Long.MAX_VALUE;
      for (int i = 0; i < 4; i++) {
        System.gc();
        Thread.sleep(50);
        least = Math.min(least, memory.getHeapMemoryUsage().getUsed());
      }
      return least;
    }
  }
}
