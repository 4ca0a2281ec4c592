/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.syncline.cli.Outcome.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.testdata.Recordings;
import org.syncline.testdata.SequencePlan;

/** Where the files of commands may go, and what becomes of what stands there. */
class OutputFileTest {
  @TempDir static Path folder;
  private static Path recording;

  @BeforeAll
  static void makeRecording() throws IOException {
    recording = folder.resolve("recording");
    Recordings.empty(recording, 3)
        .seconds(6)
        .screen(Recordings.Content.MIXED)
        .frames(2, 3)
        .trialFrames(20)
        .sequence(SequencePlan.of("responses", 8, 3).descr("<f4"))
        .write();
    Files.writeString(recording.resolve("meta.json"), "{\"data_key\": \"r\"}");
  }

  private static Map<String, Long> files(Path root) throws IOException {
    Map<String, Long> all = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.toList()) {
        all.put(file.toString(), Files.isDirectory(file) ? -1 : Files.size(file));
      }
    }
    return all;
  }

  /** Every command that writes a file, with the option that says where and the ending. */
  private static List<List<String>> commands() {
    String path = recording.toString();
    return List.of(
        List.of("sample", path, "--to", ".npz"),
        List.of("plot", path, "--to", ".png"),
        List.of("plot", path, "--statistics", "--to", ".png"),
        List.of("demo", "--recording", path, "--batches", "1", "--picture", ".png"));
  }

  private static Outcome write(List<String> command, Path to) {
    String[] words = command.toArray(String[]::new);
    words[words.length - 1] = to.toString();
    return run((Object[]) words);
  }

  @Test
  void nothingIsWrittenIntoARecording() throws IOException {
    Map<String, Long> before = files(recording);
    for (List<String> command : commands()) {
      String ending = command.getLast();
      for (String place :
          List.of(
              "new" + ending,
              "meta.json",
              "meta",
              "screen/new" + ending,
              "screen/data/new" + ending,
              "responses/meta" + ending)) {
        Outcome refused = write(command, recording.resolve(place));
        assertEquals(2, refused.status(), refused.err());
        assertTrue(
            refused.err().contains("recordings are never written to")
                || refused.err().contains("expected a name that ends in " + ending),
            refused.err());
      }
      Path link = folder.resolve("link" + ending);
      Files.deleteIfExists(link);
      Files.createSymbolicLink(link, recording.resolve("screen/linked" + ending));
      Outcome refused = write(command, link);
      assertEquals(2, refused.status(), refused.err());
      assertTrue(refused.err().contains("never written to"), refused.err());
      Files.delete(link);
    }
    assertEquals(before, files(recording));
  }

  @Test
  void whatLinksNameIsReplacedAndTheyStay() throws IOException {
    for (List<String> command : commands()) {
      String ending = command.getLast();
      Path real = Files.writeString(folder.resolve("real" + ending), "before");
      Path link = Files.createSymbolicLink(folder.resolve("to-real" + ending), real);
      Path dangling =
          Files.createSymbolicLink(
              folder.resolve("dangling" + ending), Path.of("missing" + ending));
      assertEquals(0, write(command, link).status());
      assertEquals(0, write(command, dangling).status());
      assertTrue(Files.isSymbolicLink(link) && Files.isSymbolicLink(dangling));
      assertTrue(Files.size(real) > 100);
      assertTrue(Files.size(folder.resolve("missing" + ending)) > 100);
      for (Path file : List.of(link, dangling, real, folder.resolve("missing" + ending))) {
        Files.delete(file);
      }
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertFalse(left.anyMatch(f -> f.getFileName().toString().startsWith(".")));
    }
  }

  @Test
  void aFifoIsWrittenInto() throws Exception {
    for (List<String> command : commands()) {
      Path fifo = folder.resolve("fifo");
      assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
      CompletableFuture<byte[]> read =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return Files.readAllBytes(fifo);
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      Outcome done = write(command, fifo);
      assertEquals(0, done.status(), done.err());
      byte[] first = Arrays.copyOf(read.get(60, TimeUnit.SECONDS), 4);
      assertArrayEquals(
          command.getLast().equals(".npz")
              ? new byte[] {'P', 'K', 3, 4}
              : new byte[] {(byte) 0x89, 'P', 'N', 'G'},
          first);
      assertFalse(Files.isRegularFile(fifo, LinkOption.NOFOLLOW_LINKS));
      Files.delete(fifo);
    }
  }

  @Test
  void otherPlacesAreRefusedBeforeAnythingIsRead() throws IOException {
    Path inner = Files.createDirectories(folder.resolve("inner"));
    for (List<String> command : commands()) {
      for (Path place :
          List.of(
              inner,
              folder.resolve("no/such" + command.getLast()),
              folder.resolve("x.jpg"),
              Path.of("/"))) {
        Outcome refused = write(command, place);
        assertEquals(2, refused.status(), refused.err());
        assertTrue(refused.err().contains(" is " + place + ", "), refused.err());
      }
    }
    assertTrue(Files.isDirectory(inner));
  }

  /** /dev/shm is a disk in memory, and no device. */
  @Test
  void filesInMemoryAreFiles() throws IOException {
    Path memory = Path.of("/dev/shm");
    Path place = Files.isWritable(memory) ? Files.createTempDirectory(memory, "out") : folder;
    try {
      for (List<String> command : commands()) {
        Path file = place.resolve("new" + command.getLast());
        for (int i = 0; i < 2; i++) {
          Outcome done = write(command, file);
          assertEquals(0, done.status(), done.err());
          assertTrue(Files.size(file) > 100);
        }
        Files.delete(file);
      }
    } finally {
      if (!place.equals(folder)) {
        Files.delete(place);
      }
    }
  }

  @Test
  void aFullDiskIsSaidWithTheFile() {
    Path full = Path.of("/dev/full");
    for (List<String> command : commands()) {
      Outcome refused = write(command, full);
      assertEquals(1, refused.status(), refused.err());
      assertTrue(refused.err().contains("/dev/full: No space left on device"), refused.err());
    }
    assertFalse(Files.isRegularFile(full));
  }
}
