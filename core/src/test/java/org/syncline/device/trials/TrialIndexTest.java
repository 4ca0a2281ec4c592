/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.trials;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.syncline.FreshJvm;
import org.syncline.config.TrialCondition;
import org.syncline.error.RecordingException;
import org.syncline.error.SynclineException;
import org.syncline.format.DiskCache;
import org.syncline.format.Recordings;
import org.syncline.format.writing.FolderTree;

@Tag("any-width")
class TrialIndexTest {
  @TempDir Path folder;

  private TrialIndex combined(String json) throws IOException {
    Files.writeString(folder.resolve("combined_meta.json"), json);
    return TrialIndex.open(folder, false, null);
  }

  @Test
  void columnsHoldTheTrials() throws IOException {
    Recordings.screen(folder);
    TrialIndex trials = TrialIndex.open(folder, false, null);
    assertEquals(3, trials.size());
    assertEquals(5, trials.totalFrames());
    assertEquals("00001", trials.key(1));
    assertEquals(TrialKind.VIDEO, trials.kind(0));
    assertEquals(TrialKind.BLANK, trials.kind(1));
    assertEquals(TrialKind.IMAGE, trials.kind(2));
    assertArrayEquals(
        new int[] {0, 3, 4, 5},
        new int[] {
          trials.firstFrame(0), trials.firstFrame(1), trials.firstFrame(2), trials.firstFrame(3)
        });
    assertArrayEquals(
        new int[] {3, 1, 1}, new int[] {trials.frames(0), trials.frames(1), trials.frames(2)});
    int[] owners = new int[5];
    for (int f = 0; f < 5; f++) {
      owners[f] = trials.trialOfFrame(f);
    }
    assertArrayEquals(new int[] {0, 0, 0, 1, 2}, owners);
    assertThrows(IndexOutOfBoundsException.class, () -> trials.trialOfFrame(5));
    assertThrows(IndexOutOfBoundsException.class, () -> trials.trialOfFrame(-1));
    assertEquals(2, trials.height(0));
    assertEquals(3, trials.width(0));
    assertEquals(0, trials.channels(0));
    assertEquals(128, trials.interleaveValue(1));
    assertTrue(Double.isNaN(trials.interleaveValue(0)));
    assertEquals(folder.resolve("data/00000.npy"), trials.file(0));
    assertNull(trials.file(1));
    assertFalse(trials.hasFile(1));
    assertEquals(2, trials.fileCount());
    assertEquals(1, trials.fileIndex(2));
    assertEquals("Video", trials.metadata(0, "modality"));
    assertEquals(List.of(2L, 3L), trials.metadata(0, "image_size"));
    assertNull(trials.metadata(1, "tier"));
    assertNull(trials.metadata(1, "nothing"));
    assertEquals(
        List.of(
            "modality",
            "first_frame_idx",
            "num_frames",
            "image_size",
            "tier",
            "interleave_value",
            "x"),
        trials.metadataKeys());
  }

  @Test
  void singleFilesInNumericOrderStandInForCombined() throws IOException {
    Path meta = folder.resolve("meta");
    for (String name : new String[] {"00010", "00002", "00001"}) {
      int first = name.equals("00001") ? 0 : name.equals("00002") ? 1 : 2;
      Recordings.write(
          meta.resolve(name + ".yml"),
          "modality: image\nfirst_frame_idx: " + first + "\nimage_size:\n- 4\n- 5\n- 3\n");
    }
    Recordings.write(meta.resolve("0003.yml"), "not: read");
    Recordings.write(meta.resolve("000004.yml"), "not: read");
    Recordings.write(meta.resolve("abcde.yml"), "not: read");
    Recordings.npy(meta.resolve("means.npy"), new double[1], 1);
    TrialIndex trials = TrialIndex.open(folder, false, null);
    assertEquals(3, trials.size());
    assertEquals("00010", trials.key(2));
    assertEquals(3, trials.channels(0));
    assertEquals(meta, trials.source());
  }

  private TrialIndex conditions() throws IOException {
    return combined(
        "{\"a\": {\"modality\": \"image\", \"first_frame_idx\": 0, \"tier\": \"train\", \"n\": 1, \"l\": [1], \"v\": true},"
            + "\"b\": {\"modality\": \"image\", \"first_frame_idx\": 1, \"tier\": \"Train\", \"n\": 1.0, \"v\": false},"
            + "\"c\": {\"modality\": \"image\", \"first_frame_idx\": 2, \"tier\": null, \"n\": \"1\", \"v\": 1},"
            + "\"d\": {\"modality\": \"blank\", \"first_frame_idx\": 3, \"n\": NaN}}");
  }

  private static String match(TrialIndex trials, List<Map<String, Object>> conditions) {
    StringBuilder text = new StringBuilder();
    boolean[] mask = trials.match(conditions.stream().map(TrialCondition::of).toList());
    for (int i = 0; i < mask.length; i++) {
      text.append(mask[i] ? trials.key(i) : "");
    }
    return text.toString();
  }

  @Test
  void conditionsCompareByValue() throws IOException {
    TrialIndex t = conditions();
    assertEquals("a", match(t, List.of(Map.of("tier", "train"))));
    assertEquals("cd", match(t, List.of(Map.of("tier", "blank"))));
    assertEquals("ab", match(t, List.of(Map.of("n", 1L))));
    assertEquals("ab", match(t, List.of(Map.of("n", 1.0))));
    assertEquals("ab", match(t, List.of(Map.of("n", 1))));
    assertEquals("c", match(t, List.of(Map.of("n", "1"))));
    assertEquals("", match(t, List.of(Map.of("n", Double.NaN))));
    assertEquals("ac", match(t, List.of(Map.of("v", true))));
    assertEquals("ac", match(t, List.of(Map.of("v", 1L))));
    assertEquals("d", match(t, List.of(Map.of("v", "blank"))));
    assertEquals("", match(t, List.of(Map.of("l", List.of(1L)))));
    assertEquals("bcd", match(t, List.of(Map.of("l", "blank"))));
    assertEquals("abcd", match(t, List.of(Map.of("other", "blank"))));
    assertEquals("", match(t, List.of(Map.of("other", "x"))));
    assertEquals("b", match(t, List.of(Map.of("n", 1L, "v", 0L))));
    assertEquals("abd", match(t, List.of(Map.of("n", 1L), Map.of("modality", "blank"))));
    assertEquals("", match(t, List.of()));
    assertEquals("", match(t, List.of(Map.of())));
    Map<String, Object> nothing = new HashMap<>();
    nothing.put("tier", null);
    assertEquals("", match(t, List.of(nothing)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{}; ; no trials",
        "[]; ; a map of trials by key",
        "{'a': 3}; a; expected a map of the trial's metadata",
        "{'a': {'first_frame_idx': 0}}; a.modality; found nothing, expected one of image, video, blank, invalid",
        "{'a': {'modality': 'film', 'first_frame_idx': 0}}; a.modality; found film",
        "{'a': {'modality': 3, 'first_frame_idx': 0}}; a.modality; found 3",
        "{'a': {'modality': 'image'}}; a.first_frame_idx; found nothing",
        "{'a': {'modality': 'image', 'first_frame_idx': 1}}; a.first_frame_idx; found 1, expected 0, the sum of the frames",
        "{'a': {'modality': 'image', 'first_frame_idx': 0}, 'b': {'modality': 'image', 'first_frame_idx': 2}}; b.first_frame_idx; found 2, expected 1",
        "{'a': {'modality': 'image', 'first_frame_idx': 0.5}}; a.first_frame_idx; found 0.5",
        "{'a': {'modality': 'video', 'first_frame_idx': 0}}; a.num_frames; found nothing",
        "{'a': {'modality': 'video', 'first_frame_idx': 0, 'num_frames': 0}}; a.num_frames; found 0",
        "{'a': {'modality': 'video', 'first_frame_idx': 0, 'num_frames': 2147483647}, 'b': {'modality': 'video', 'first_frame_idx': 2147483647, 'num_frames': 5}}; b.num_frames; at most 2147483647",
        "{'a': {'modality': 'image', 'first_frame_idx': 0, 'image_size': [1]}}; a.image_size; found [1]",
        "{'a': {'modality': 'image', 'first_frame_idx': 0, 'image_size': [1, 2, 4]}}; a.image_size; found [1,2,4]",
        "{'a': {'modality': 'image', 'first_frame_idx': 0, 'image_size': [-1, 2]}}; a.image_size; found [-1,2]",
        "{'a': {'modality': 'image', 'first_frame_idx': 0, 'image_size': 'big'}}; a.image_size; found big",
        "{'a': {'modality': 'blank', 'first_frame_idx': 0, 'interleave_value': 'grey'}}; a.interleave_value; found grey",
        "{'a': {'modality': 'image', 'modality': 'image', 'first_frame_idx': 0}}; a.modality; a second time",
        "{'a': {'modality': 'image', 'first_frame_idx': 0}, 'a': {'modality': 'image', 'first_frame_idx': 1}}; a; a second time",
        "{'../a': {'modality': 'image', 'first_frame_idx': 0}}; ../a.key; which leaves the folder",
        "{'x/a': {'modality': 'image', 'first_frame_idx': 0}}; x/a.key; which has parts",
        "{'a': {'modality': 'image', 'first_frame_idx': 0}; ; valid JSON",
        "{'a': {'modality': 'image', 'first_frame_idx': 0}} x; ; valid JSON",
        "{'a': {'modality'; ; valid JSON",
      })
  void badTrialsAreNamed(String json, String key, String expected) {
    RecordingException e =
        assertThrows(RecordingException.class, () -> combined(json.replace('\'', '"')));
    assertEquals(key, e.key());
    assertEquals(folder.resolve("combined_meta.json").toString(), e.file());
    assertTrue(e.getMessage().contains(expected), e.getMessage());
  }

  @Test
  void missingMetadataIsNamed() throws IOException {
    assertTrue(
        assertThrows(RecordingException.class, () -> TrialIndex.open(folder, false, null))
            .getMessage()
            .contains("neither"));
    Recordings.write(folder.resolve("meta/00000.yml"), "modality: [");
    RecordingException e =
        assertThrows(RecordingException.class, () -> TrialIndex.open(folder, false, null));
    assertEquals(folder.resolve("meta/00000.yml").toString(), e.file());
  }

  private static String named(String name) {
    return "{\"00000\": {\"modality\": \"image\", \"first_frame_idx\": 0, \"stimulus_name\": "
        + name
        + "}}";
  }

  @ParameterizedTest
  @CsvSource({
    "../../secret, leaves the folder",
    "a/../../secret, leaves the folder",
    "/etc/passwd, is an absolute path",
    "..\\\\secret, leaves the folder",
    "C:\\\\x, is an absolute path",
    "a//b, has an empty part",
    "'', is empty",
    "'a\\u0000b', has a control character",
  })
  void stimulusNamesCannotLeaveTheirFolder(String name, String expected) throws IOException {
    Files.writeString(folder.resolve("combined_meta.json"), named("\"" + name + "\""));
    RecordingException e =
        assertThrows(RecordingException.class, () -> TrialIndex.open(folder, true, null));
    assertEquals("00000.stimulus_name", e.key());
    assertTrue(e.getMessage().contains(expected), e.getMessage());
  }

  @Test
  void linksCannotLeaveTheirFolderThroughStimulusNames() throws IOException {
    Path screen = folder.resolve("screen");
    Recordings.npy(screen.resolve("data/sub/in.npy"), new double[4], 2, 2);
    Recordings.npy(folder.resolve("outside/out.npy"), new double[4], 2, 2);
    Files.createSymbolicLink(screen.resolve("data/link"), folder.resolve("outside"));
    Files.createSymbolicLink(screen.resolve("data/file.npy"), folder.resolve("outside/out.npy"));
    Path json = screen.resolve("combined_meta.json");
    Files.writeString(json, named("\"sub/in\""));
    assertEquals(screen.resolve("data/sub/in.npy"), TrialIndex.open(screen, true, null).file(0));
    for (String name : new String[] {"link/out", "file"}) {
      Files.writeString(json, named("\"" + name + "\""));
      TrialIndex trials = TrialIndex.open(screen, true, null);
      RecordingException e = assertThrows(RecordingException.class, () -> trials.file(0));
      assertEquals("00000.stimulus_name", e.key());
    }
    Files.writeString(json, named("17"));
    assertEquals(screen.resolve("data/17.npy"), TrialIndex.open(screen, true, null).file(0));
    Files.writeString(json, named("null"));
    assertThrows(RecordingException.class, () -> TrialIndex.open(screen, true, null));
  }

  @Test
  void manyTrialsOpenFastTheSecondTime() throws Exception {
    int n = 21_000;
    StringBuilder json = new StringBuilder("{");
    for (int i = 0; i < n; i++) {
      boolean image = i % 2 == 1;
      json.append(i == 0 ? "" : ",").append(String.format("\"%05d\": {", i));
      json.append("\"modality\": \"")
          .append(image ? "image" : "blank")
          .append("\", \"first_frame_idx\": ")
          .append(i);
      json.append(", \"image_size\": [144, 256], \"tier\": \"")
          .append(image ? "train" : "blank")
          .append("\"");
      json.append(", \"image_id\": ")
          .append(i * 7L)
          .append(", \"t\": ")
          .append(i * 0.25)
          .append("}");
    }
    json.append("}");
    Path file = folder.resolve("combined_meta.json");
    Path store = folder.resolve("cache");
    DiskCache cache = DiskCache.in(store);
    TrialIndex young;
    long written;
    do { // until it is read in time: a busy machine may stop this thread for seconds
      written = System.nanoTime();
      Files.writeString(file, json);
      Recordings.age(file);
      FolderTree.delete(store);
      young = TrialIndex.open(folder, false, cache);
    } while (System.nanoTime() - written > 1_500_000_000L);
    assertFalse(Files.exists(store), "a file younger than two seconds must not be cached");
    Thread.sleep(2_100);
    long start = System.nanoTime();
    TrialIndex first = TrialIndex.open(folder, false, cache);
    long middle = System.nanoTime();
    TrialIndex second = TrialIndex.open(folder, false, cache);
    long end = System.nanoTime();
    System.out.printf(
        "21,000 trials: first %.1f ms, second %.1f ms%n",
        (middle - start) / 1e6, (end - middle) / 1e6);
    assertTrue(Files.exists(store));
    assertTrue(end - middle < 500_000_000L);
    for (TrialIndex trials : List.of(young, first, second)) {
      assertEquals(n, trials.size());
      assertEquals(n, trials.totalFrames());
      assertEquals("20999", trials.key(n - 1));
      assertEquals(20999L * 7, trials.metadata(n - 1, "image_id"));
      assertEquals(20999 * 0.25, trials.metadata(n - 1, "t"));
      assertEquals(
          10_500, count(trials.match(List.of(TrialCondition.of(Map.of("tier", "train"))))));
    }
    Files.writeString(file, Files.readString(file).replaceFirst("train", "test!"));
    assertEquals(
        10_499,
        count(
            TrialIndex.open(folder, false, cache)
                .match(List.of(TrialCondition.of(Map.of("tier", "train"))))));
  }

  private static int count(boolean[] mask) {
    int n = 0;
    for (boolean b : mask) {
      n += b ? 1 : 0;
    }
    return n;
  }

  @Test
  void cacheEntriesAreCheckedBeforeTheyAreUsed() throws Exception {
    Path a = Files.writeString(folder.resolve("a"), "1");
    Path b = Files.writeString(folder.resolve("b"), "2");
    Path store = folder.resolve("store");
    DiskCache cache = DiskCache.in(store);
    List<Path> files = List.of(a, b);
    ByteBuffer content = ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
    assertNull(cache.identity("ns", files), "files just written are not trusted");
    Thread.sleep(2_100);
    String identity = cache.identity("ns", files);
    cache.put(identity, "ns", files, content);
    ByteBuffer read = cache.get("ns", files);
    assertEquals(8, read.remaining());
    assertEquals(ByteOrder.LITTLE_ENDIAN, read.order());
    assertTrue(read.isReadOnly());
    assertEquals(0x04030201, read.getInt());
    assertNull(cache.get("other", files));
    assertNull(cache.get("ns", List.of(a)));
    assertNull(cache.get("ns", List.of(a, folder.resolve("none"))));
    Path entry;
    try (var entries = Files.list(store)) {
      entry = entries.findFirst().orElseThrow();
    }
    byte[] good = Files.readAllBytes(entry);
    for (int i = 0; i < good.length; i++) {
      byte[] bad = good.clone();
      bad[i] ^= 0x10;
      Files.write(entry, bad);
      assertNull(cache.get("ns", files), "byte " + i);
    }
    for (int length = 0; length < good.length; length++) {
      Files.write(entry, Arrays.copyOf(good, length));
      assertNull(cache.get("ns", files));
    }
    Files.write(entry, good);
    assertEquals(8, cache.get("ns", files).remaining());
    // no rows with NaN are a finding too
    cache.put(cache.identity("empty", files), "empty", files, ByteBuffer.allocate(0));
    assertEquals(0, cache.get("empty", files).remaining());
    Files.writeString(a, "9");
    assertNull(cache.get("ns", files));
    cache.put(identity, "ns", files, content);
    assertArrayEquals(good, Files.readAllBytes(entry), "files changed since: nothing is stored");
    Path blocked = Files.writeString(folder.resolve("file"), "");
    DiskCache broken = DiskCache.in(blocked.resolve("cache"));
    broken.put(broken.identity("ns", List.of(b)), "ns", List.of(b), content);
    assertNull(broken.get("ns", List.of(b)));
  }

  /** Stores what a cache should never hold under the checksum that it would have. */
  @Test
  void changedCacheEntriesNeverRaiseAndTamperedFilesNeverCount() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Recordings.screen(folder);
    Path file = folder.resolve("combined_meta.json");
    Recordings.age(file);
    Path store = folder.resolve("cache");
    DiskCache cache = DiskCache.in(store);
    Thread.sleep(2_100);
    List<Path> files = List.of(file);
    String expected = described(TrialIndex.open(folder, false, cache));
    String identity = cache.identity("trials-1", files);
    ByteBuffer good = cache.get(identity, "trials-1", files);
    byte[] bytes = new byte[good.remaining()];
    good.get(bytes);
    for (int run = 0; run < 3_000; run++) {
      byte[] bad =
          run % 5 == 4 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes.clone();
      for (int change = 0; change <= random.nextInt(3) && bad.length > 0; change++) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      cache.put(identity, "trials-1", files, ByteBuffer.wrap(bad));
      try {
        described(TrialIndex.open(folder, false, cache));
      } catch (SynclineException e) {
        // a name that would leave its folder, or metadata that is no JSON
      } catch (RuntimeException | OutOfMemoryError e) {
        throw new AssertionError("seed " + seed + ", run " + run, e);
      }
    }
    cache.put(identity, "trials-1", files, ByteBuffer.wrap(bytes));
    Path entry;
    try (var entries = Files.list(store)) {
      entry = entries.filter(e -> e.toString().endsWith(".bin")).findFirst().orElseThrow();
    }
    byte[] whole = Files.readAllBytes(entry);
    int content = whole.length - bytes.length;
    for (int run = 0; run < 1_000; run++) {
      byte[] bad = whole.clone();
      bad[content + random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
      // the checksum of the content alone, at every place where one could be
      CRC32C crc = new CRC32C();
      crc.update(bad, content, bytes.length);
      for (int at = content - 8; at < content; at += 4) {
        ByteBuffer.wrap(bad).order(ByteOrder.LITTLE_ENDIAN).putInt(at, (int) crc.getValue());
      }
      Files.write(entry, bad);
      assertEquals(
          expected, described(TrialIndex.open(folder, false, cache)), "seed " + seed + " " + run);
      Files.write(entry, whole);
    }
  }

  /** Asks an index for everything. */
  private static String described(TrialIndex trials) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < trials.size(); i++) {
      text.append(trials.key(i)).append(trials.kind(i)).append(trials.firstFrame(i));
      text.append(' ').append(trials.frames(i)).append(trials.hasFile(i) ? trials.file(i) : "");
      text.append(trials.height(i)).append(trials.width(i)).append(trials.channels(i));
      text.append(trials.interleaveValue(i));
      for (String key : trials.metadataKeys()) {
        text.append(key).append(trials.metadata(i, key));
      }
    }
    for (int frame = 0; frame < Math.min(trials.totalFrames(), 100); frame++) {
      text.append(trials.trialOfFrame(frame));
    }
    text.append(Arrays.toString(trials.match(List.of(TrialCondition.of("tier", "train")))));
    return text.toString();
  }

  @Test
  void whatIsNoRegularFileIsNeverWaitedFor() throws Exception {
    Recordings.screen(folder);
    Path file = folder.resolve("combined_meta.json");
    Recordings.age(file);
    Path store = folder.resolve("cache");
    DiskCache cache = DiskCache.in(store);
    Thread.sleep(2_100);
    String expected = described(TrialIndex.open(folder, false, cache));
    Path entry;
    try (var entries = Files.list(store)) {
      entry = entries.filter(e -> e.toString().endsWith(".bin")).findFirst().orElseThrow();
    }
    Files.delete(entry);
    fifo(entry);
    Files.delete(file);
    fifo(file);
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          RecordingException e =
              assertThrows(
                  RecordingException.class,
                  () -> TrialIndex.open(folder, false, DiskCache.in(store)));
          assertTrue(e.getMessage().contains("is a FIFO, a socket or a device"), e.getMessage());
        });
    Files.delete(file);
    Recordings.screen(folder);
    Recordings.age(file);
    Thread.sleep(2_100);
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> assertEquals(expected, described(TrialIndex.open(folder, false, cache))));
  }

  private static void fifo(Path file) throws Exception {
    assertEquals(0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());
  }

  @Test
  void aMillionTrialsOpenInAHeapOf256MiB() throws Exception {
    try (var out = Files.newBufferedWriter(folder.resolve("combined_meta.json"))) {
      out.write("{");
      for (int i = 0; i < 1_000_000; i++) {
        out.write(i == 0 ? "" : ",\n");
        out.write("\"" + i + "\": {\"modality\": \"image\", \"first_frame_idx\": " + i);
        out.write(", \"image_size\": [4, 4], \"tier\": \"train\"}");
      }
      out.write("}");
    }
    FreshJvm.run(ManyTrials.class, folder.toString());
  }

  /** Opens the trials of a folder in a JVM of its own. */
  static final class ManyTrials {
    private ManyTrials() {}

    public static void main(String[] args) {
      TrialIndex trials = TrialIndex.open(Path.of(args[0]), false, null);
      if (trials.size() != 1_000_000
          || !trials.key(999_999).equals("999999")
          || count(trials.match(List.of(TrialCondition.of("tier", "train")))) != 1_000_000) {
        throw new AssertionError(trials.size() + " trials");
      }
    }
  }

  @Test
  void brokenJsonIsSaidInPlainWords() throws IOException {
    Files.writeString(folder.resolve("combined_meta.json"), "{\n \"00000\": {");
    RecordingException e =
        assertThrows(RecordingException.class, () -> TrialIndex.open(folder, false, null));
    assertTrue(e.getMessage().contains("line 2"), e.getMessage());
    assertFalse(e.getMessage().contains("Source"), e.getMessage());
  }

  @Test
  void readersShareAnIndex() throws Exception {
    TrialIndex trials = conditions();
    List<Thread> threads = new ArrayList<>();
    boolean[] failed = {false};
    for (int i = 0; i < 4; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int r = 0; r < 2_000; r++) {
                      if (!"train".equals(trials.metadata(0, "tier"))
                          || !trials.match(List.of(TrialCondition.of(Map.of("n", 1L))))[1]) {
                        failed[0] = true;
                      }
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertFalse(failed[0]);
  }
}
