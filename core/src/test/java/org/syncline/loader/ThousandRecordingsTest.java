/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.FreshJvm;
import org.syncline.config.DatasetConfig;
import org.syncline.testdata.Recording;
import org.syncline.testdata.Recordings;

/** A thousand recordings in one loader: links to one, each opened by itself. */
@Tag("any-width")
class ThousandRecordingsTest {
  private static final int RECORDINGS = 1000;

  @TempDir Path folder;

  @Test
  @Timeout(180)
  void aThousandRecordingsShareOneLoader() throws Exception {
    Recording recording =
        Recordings.defaultConfig(folder.resolve("one"), 1)
            .seconds(20)
            .trialFrames(120)
            .frames(8, 12)
            .neurons(5)
            .write();
    // each is known by the name of its link
    Files.deleteIfExists(recording.folder().resolve("meta.json"));
    Path config = Files.writeString(folder.resolve("config"), recording.configText());
    String said =
        FreshJvm.succeeds(
            FreshJvm.of(
                FreshJvm.asThisOne("-Xmx256m", "-XX:+UseSerialGC"),
                Measure.class,
                recording.folder().toString(),
                config.toString()));
    System.out.println(said);
    assertTrue(said.contains("recordings: " + RECORDINGS), said);
  }

  /** Opens the recording as often as there are links, and takes a batch of each. */
  static final class Measure {
    private Measure() {}

    /** Exits with status 1 where something is not bounded. */
    public static void main(String[] args) throws Exception {
      Path root = Path.of(args[0]);
      DatasetConfig config = DatasetConfig.parse(Files.readString(Path.of(args[1])), "test");
      SessionLoader.Builder builder = SessionLoader.builder();
      for (int i = 0; i < RECORDINGS; i++) {
        builder.add(Files.createSymbolicLink(root.resolveSibling("recording" + i), root), config);
      }
      long begin = System.nanoTime();
      try (SessionLoader loader = builder.batchSize(2).threads(2).cycle(Cycle.LONG).build()) {
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < RECORDINGS; i++) {
          try (Batch batch = loader.next()) {
            keys.add(batch.sessionKey());
          }
        }
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
        long maps = lines("/proc/self/maps");
        int threads = Thread.getAllStackTraces().size();
        long handles;
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
          handles = all.count();
        }
        System.out.println("recordings: " + keys.size());
        System.out.println(
            heap
                + " MB of heap, "
                + maps
                + " maps, "
                + handles
                + " handles, "
                + threads
                + " threads, "
                + (System.nanoTime() - begin) / 1_000_000
                + " ms");
        // files are closed once they are mapped: some arrays of each device, and some trials
        boolean bounded = heap < 100 && maps < 8 * RECORDINGS && handles < 100 && threads < 30;
        System.exit(bounded ? 0 : 1);
      }
    }

    private static long lines(String file) throws IOException {
      try (Stream<String> lines = Files.lines(Path.of(file))) {
        return lines.count();
      }
    }
  }
}
