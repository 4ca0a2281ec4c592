/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.FreshJvm;
import org.syncline.config.DatasetConfig;
import org.syncline.error.SynclineException;
import org.syncline.testdata.Recording;
import org.syncline.testdata.Recordings;

/** A system that has no room for more threads. */
@Tag("any-width")
class ThreadLimitTest {
  @TempDir Path folder;

  /** Opens a loader with more threads than fit into its address space, then one with two. */
  static final class Crowded {
    private Crowded() {}

    public static void main(String[] arguments) throws Exception {
      Recording recording =
          Recordings.defaultConfig(Path.of(arguments[0]), 3).frames(6, 8).neurons(5).write();
      DatasetConfig config = DatasetConfig.parse(recording.configText(), "recording");
      ChunkLoader.Builder builder =
          ChunkLoader.builder().recording(recording.folder(), config).batchSize(2);
      try {
        builder.threads(64).build().close();
        System.out.println("64 threads started");
      } catch (SynclineException e) {
        System.out.println(e.getMessage());
      }
      long left =
          Thread.getAllStackTraces().keySet().stream()
              .filter(t -> t.getName().startsWith("syncline-loader-"))
              .count();
      System.out.println(left + " left");
      try (ChunkLoader loader = builder.threads(2).build()) {
        loader.next().close();
      }
      System.out.println("read with two");
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aRefusedThreadIsAnErrorThatSaysSoAndFewerThreadsRead() throws Exception {
    ProcessBuilder java =
        FreshJvm.of(
            FreshJvm.asThisOne("-Xmx64m", "-Xss256m", "-XX:ReservedCodeCacheSize=48m"),
            Crowded.class,
            folder.resolve("recording").toString());
    List<String> limited = Stream.concat(LIMITED.stream(), java.command().stream()).toList();
    String said = FreshJvm.succeeds(new ProcessBuilder(limited));
    assertTrue(said.contains("threads: found 64, of which the system started "), said);
    assertTrue(said.contains("(unable to create native thread"), said);
    assertTrue(said.contains("(Python: num_workers)"), said);
    assertTrue(said.contains("\n0 left\nread with two\n"), said);
  }

  private static final List<String> LIMITED =
      List.of("bash", "-c", "ulimit -v 8000000; exec \"$@\"", "bash");
}
