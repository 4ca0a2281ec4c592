/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.config.DatasetConfig;
import org.syncline.testdata.Recording;
import org.syncline.testdata.Recordings;

/** Processes that have no more handles, and none that may write. */
@Tag("any-width")
@EnabledOnOs(OS.LINUX)
class ScarceSystemTest {
  @TempDir Path folder;

  /** Runs a program under a limit of the shell, with a cache of its own. */
  private String run(String limit, Class<?> main, Path recording) throws Exception {
    // without a file of statistics, which a process that may write nothing could not make
    ProcessBuilder java =
        FreshJvm.of(
            FreshJvm.asThisOne(
                "-Xmx128m", "-XX:-UsePerfData", "-Dsyncline.cache=" + folder.resolve("cache")),
            main,
            recording.toString());
    List<String> limited = new ArrayList<>(List.of("bash", "-c", limit + "; exec \"$@\"", "bash"));
    limited.addAll(java.command());
    return FreshJvm.succeeds(new ProcessBuilder(limited));
  }

  private static int read(Path recording) throws IOException {
    String config = Files.readString(recording.resolveSibling("config.yaml"));
    try (ChunkDataset dataset =
        ChunkDataset.open(recording, DatasetConfig.parse(config, "recording"))) {
      dataset.item(0).close();
      return dataset.length();
    }
  }

  private Path recording() throws IOException {
    Recording made =
        Recordings.defaultConfig(folder.resolve("recording"), 3).frames(6, 8).neurons(5).write();
    Files.writeString(folder.resolve("config.yaml"), made.configText());
    return made.folder();
  }

  /** Reads, reads again without a free handle, and once there are some. */
  static final class Crowded {
    private Crowded() {}

    public static void main(String[] arguments) throws Exception {
      Path recording = Path.of(arguments[0]);
      int chunks = read(recording);
      // what an error is made of has to be loaded, for which there is no handle later
      Path broken = recording.resolveSibling("broken");
      Files.createDirectories(broken.resolve("responses/meta.yml"));
      String config = Files.readString(recording.resolveSibling("config.yaml"));
      DatasetConfig parsed = DatasetConfig.parse(config, "recording");
      System.out.println(fault(broken, parsed));
      List<InputStream> held = new ArrayList<>();
      try {
        while (true) {
          held.add(Files.newInputStream(recording.resolveSibling("config.yaml")));
        }
      } catch (IOException e) {
        System.out.println(held.size() + " held");
      }
      System.out.println(fault(recording, parsed));
      for (InputStream in : held) {
        in.close();
      }
      System.out.println(read(recording) == chunks ? "reads on" : "other chunks");
    }

    private static String fault(Path recording, DatasetConfig config) {
      try (ChunkDataset dataset = ChunkDataset.open(recording, config)) {
        return "opened " + dataset.length();
      } catch (RuntimeException e) {
        return e.getClass().getSimpleName() + " " + e.getMessage();
      }
    }
  }

  @Test
  void withoutAHandleTheErrorSaysSoAndBlamesNoFile() throws Exception {
    Path recording = recording();
    String said = run("ulimit -n 200", Crowded.class, recording);
    assertTrue(said.contains("RecordingException " + recording), said);
    assertTrue(said.contains("Too many open files"), said);
    assertTrue(said.endsWith("reads on\n"), said);
  }

  /** Reads twice. */
  static final class Twice {
    private Twice() {}

    public static void main(String[] arguments) throws Exception {
      int chunks = read(Path.of(arguments[0]));
      System.out.println(read(Path.of(arguments[0])) == chunks ? "the same" : "other chunks");
    }
  }

  @Test
  void whereTheCacheHasNoRoomRecordingsAreReadWithoutIt() throws Exception {
    Path recording = recording();
    // so that the cache would take them
    Thread.sleep(2100);
    for (String blocks : List.of("0", "1")) {
      String said = run("ulimit -f " + blocks, Twice.class, recording);
      assertTrue(said.endsWith("the same\n"), said);
      try (Stream<Path> files = Files.walk(folder.resolve("cache"))) {
        assertEquals(List.of(), files.filter(f -> f.toString().endsWith(".tmp")).toList());
      }
    }
    assertTrue(run("true", Twice.class, recording).endsWith("the same\n"));
    try (Stream<Path> files = Files.walk(folder.resolve("cache"))) {
      assertTrue(
          files.anyMatch(f -> f.toString().endsWith(".bin")), "it is used where it has room");
    }
  }
}
