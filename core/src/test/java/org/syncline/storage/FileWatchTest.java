/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.ChunkDataset;
import org.syncline.config.DatasetConfig;
import org.syncline.device.support.LogCapture;
import org.syncline.testdata.Recording;
import org.syncline.testdata.Recordings;

/** Files that are written to while they are mapped: said once, and by the thread that looks. */
@Tag("any-width")
class FileWatchTest {
  @TempDir Path folder;

  private static long about(LogCapture log, Path file) {
    return log.messages().stream()
        .filter(m -> m.startsWith(file + ": was written to after it was opened"))
        .count();
  }

  @Test
  void whatIsRewrittenInPlaceIsSaidOnceAndWhatIsReplacedIsNot() throws Exception {
    Path rewritten = Files.write(folder.resolve("rewritten"), new byte[100]);
    Path replaced = Files.write(folder.resolve("replaced"), new byte[100]);
    Path deleted = Files.write(folder.resolve("deleted"), new byte[100]);
    Path closed = Files.write(folder.resolve("closed"), new byte[100]);
    Path left = Files.write(folder.resolve("left"), new byte[100]);
    try (Arena arena = new SharedArena();
        LogCapture log = new LogCapture()) {
      for (Path file : List.of(rewritten, replaced, deleted, left)) {
        FileWatch.add(file, arena);
      }
      try (Arena brief = new SharedArena()) {
        FileWatch.add(closed, brief);
      }
      FileWatch.look();
      assertEquals(List.of(), log.messages());
      for (Path file : List.of(rewritten, closed)) {
        Files.write(file, new byte[100], StandardOpenOption.TRUNCATE_EXISTING);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
      }
      Files.move(
          Files.write(folder.resolve("new"), new byte[50]),
          replaced,
          StandardCopyOption.REPLACE_EXISTING);
      Files.delete(deleted);
      FileWatch.look();
      FileWatch.look();
      Files.setLastModifiedTime(rewritten, FileTime.fromMillis(2_000_000));
      FileWatch.look();
      assertEquals(1, log.messages().size(), () -> log.messages().toString());
      assertEquals(1, about(log, rewritten));
    }
  }

  @Test
  void ofMoreFilesThanALookHasTimeForTheNextOnesGoOn() throws Exception {
    List<Path> files = new ArrayList<>();
    try (Arena arena = new SharedArena();
        LogCapture log = new LogCapture()) {
      for (int i = 0; i < 3000; i++) {
        files.add(Files.write(folder.resolve("f" + i), new byte[1]));
        FileWatch.add(files.getLast(), arena);
      }
      Path first = files.getFirst();
      Path last = files.getLast();
      Files.setLastModifiedTime(first, FileTime.fromMillis(1_000_000));
      Files.setLastModifiedTime(last, FileTime.fromMillis(1_000_000));
      int looks = 0;
      while (about(log, first) + about(log, last) < 2) {
        assertTrue(++looks < 3000, looks + " looks");
        FileWatch.look();
      }
      assertEquals(2, log.messages().size(), () -> log.messages().toString());
    }
  }

  @Test
  void aProgramThatReadsHearsOfIt() throws Exception {
    Recording recording = Recordings.defaultConfig(folder.resolve("recording"), 3).write();
    Path responses = recording.folder().resolve("responses/data.mem");
    Path clock = recording.folder().resolve("screen/timestamps.npy");
    try (LogCapture log = new LogCapture();
        ChunkDataset dataset =
            ChunkDataset.open(
                recording.folder(), DatasetConfig.parse(recording.configText(), "recording"))) {
      dataset.item(0).close();
      byte[] content = Files.readAllBytes(responses);
      content[17]++;
      Files.write(responses, content);
      Files.write(clock, Files.readAllBytes(clock));
      // about a second; more on machines that others use too
      long end = System.nanoTime() + 20_000_000_000L;
      while (about(log, responses) + about(log, clock) < 2 && System.nanoTime() < end) {
        Thread.sleep(50);
        dataset.item(1).close();
      }
      assertEquals(1, about(log, responses), () -> log.messages().toString());
      assertEquals(1, about(log, clock), () -> log.messages().toString());
      assertTrue(log.messages().size() >= 2);
    }
  }
}
