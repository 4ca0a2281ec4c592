/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("any-width")
class DiskCacheTest {
  @Test
  void contentOfNoBytesIsContent(@TempDir Path folder) throws Exception {
    // "no NaN in this file" is what a scan of gigabytes most often finds
    Path file = Files.writeString(folder.resolve("data"), "x");
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
    Thread.sleep(2100);
    DiskCache cache = DiskCache.in(folder.resolve("cache"));
    String identity = cache.identity("test-1", List.of(file));
    assertNotNull(identity);
    cache.put(identity, "test-1", List.of(file), ByteBuffer.allocate(0));
    ByteBuffer found = cache.get("test-1", List.of(file));
    assertNotNull(found);
    assertEquals(0, found.remaining());
  }

  @Test
  void whatOthersMayHaveWrittenIsNotBelieved(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("data"), "x");
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
    Thread.sleep(2100);
    DiskCache cache = DiskCache.in(folder.resolve("cache"));
    cache.put(
        cache.identity("test-1", List.of(file)), "test-1", List.of(file), ByteBuffer.allocate(8));
    Path entry;
    try (Stream<Path> entries = Files.list(cache.folder())) {
      entry = entries.filter(p -> p.toString().endsWith(".bin")).findFirst().orElseThrow();
    }
    assertNotNull(cache.get("test-1", List.of(file)));
    for (String mode : List.of("rw--w----", "rw-----w-")) {
      Files.setPosixFilePermissions(entry, PosixFilePermissions.fromString(mode));
      assertNull(cache.get("test-1", List.of(file)), mode);
    }
    Files.setPosixFilePermissions(entry, PosixFilePermissions.fromString("rw-r--r--"));
    assertNotNull(cache.get("test-1", List.of(file)));
    int user = (Integer) Files.getAttribute(entry, "unix:uid");
    if (user == 0) {
      // only root gives files away
      Files.setAttribute(entry, "unix:uid", 12_345);
      assertNull(cache.get("test-1", List.of(file)));
    }
    // root's, which nobody else may write
    assertEquals(user == 0, DiskCache.isOurs(Path.of("/proc/version")));
  }

  @Test
  void entriesAreBelievedWithTheKeyThatTheyWereWrittenWith(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("data"), "x");
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
    Thread.sleep(2100);
    List<Path> files = List.of(file);
    DiskCache cache = DiskCache.in(folder.resolve("cache"));
    DiskCache other = DiskCache.in(folder.resolve("other"));
    ByteBuffer good = ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
    for (DiskCache each : List.of(cache, other)) {
      each.put(each.identity("test-1", files), "test-1", files, good);
      assertEquals(good, each.get("test-1", files));
    }
    Path key = named(cache, "key-");
    try (Stream<Path> written = Files.list(cache.folder())) {
      // but for an empty file whose time says when entries were last deleted
      for (Path each : written.filter(f -> !f.endsWith("pruned")).toList()) {
        assertEquals(
            "rw-------",
            PosixFilePermissions.toString(Files.getPosixFilePermissions(each)),
            each.toString());
      }
    }
    Path entry = named(cache, "test-1");
    byte[] own = Files.readAllBytes(entry);
    // right in all but the key
    Files.copy(named(other, "test-1"), entry, StandardCopyOption.REPLACE_EXISTING);
    assertNull(cache.get("test-1", files));
    Files.write(entry, own);
    assertEquals(good, cache.get("test-1", files));
    byte[] known = Files.readAllBytes(key);
    Files.write(key, Files.readAllBytes(named(other, "key-")));
    assertNull(cache.get("test-1", files));
    Files.write(key, known);
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-rw----"));
    assertNull(cache.get("test-1", files), "others may have written the key");
    cache.put(cache.identity("test-1", files), "test-1", files, good);
    assertEquals(good, cache.get("test-1", files));
    assertFalse(Arrays.equals(known, Files.readAllBytes(key)), "the key was kept");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
    Files.write(key, new byte[3]);
    assertNull(cache.get("test-1", files));
    Files.delete(key);
    assertNull(cache.get("test-1", files));
    cache.put(cache.identity("test-1", files), "test-1", files, good);
    assertEquals(good, cache.get("test-1", files));
  }

  private static Path named(DiskCache cache, String beginning) throws IOException {
    try (Stream<Path> all = Files.list(cache.folder())) {
      return all.filter(p -> p.getFileName().toString().startsWith(beginning))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void theHashIsSipHash() {
    byte[] key = new byte[16];
    byte[] text = new byte[63];
    for (int i = 0; i < text.length; i++) {
      key[i & 15] = (byte) (i & 15);
      text[i] = (byte) i;
    }
    KeyedHash hash = KeyedHash.of(key);
    // of the authors' table: the first, that of their paper, and the last
    assertEquals(0x726fdb47dd0e0e31L, hash.hash(ByteBuffer.allocate(0)));
    assertEquals(0xa129ca6149be45e5L, hash.hash(ByteBuffer.wrap(text, 0, 15)));
    assertEquals(0x958a324ceb064572L, hash.hash(ByteBuffer.wrap(text)));
    assertEquals(
        hash.hash(ByteBuffer.wrap(text)),
        hash.hash(ByteBuffer.allocateDirect(63).put(text).flip()));
    assertNotEquals(
        hash.bound(text).hash(ByteBuffer.wrap(text)), hash.bound(key).hash(ByteBuffer.wrap(text)));
  }

  private static Path entry(Path folder, String name, int bytes, long daysAgo) throws Exception {
    Path file = Files.write(folder.resolve(name), new byte[bytes]);
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(daysAgo))));
    return file;
  }

  @Test
  void pruningDeletesWhatNobodyUsesAndNothingElse(@TempDir Path folder) throws Exception {
    Path fresh = entry(folder, "trials-1-aa.bin", 10, 29);
    Path old = entry(folder, "trials-1-bb.bin", 10, 31);
    Path left = entry(folder, "new-1.tmp", 10, 31);
    Path foreign = entry(folder, "notes.txt", 10, 99);
    Path environment = Files.createDirectory(folder.resolve("venv-1.bin"));
    DiskCache.prune(folder, System.currentTimeMillis(), 1 << 20);
    assertTrue(Files.exists(fresh) && Files.exists(foreign) && Files.exists(environment));
    assertFalse(Files.exists(old) || Files.exists(left));
    Path newer = entry(folder, "trials-1-cc.bin", 10, 1);
    DiskCache.prune(folder, System.currentTimeMillis(), 15);
    assertTrue(Files.exists(newer));
    assertFalse(Files.exists(fresh));
  }

  @Test
  void storingPrunesOnceADayAndReadingKeepsAnEntryYoung(@TempDir Path folder) throws Exception {
    Path home = Files.createDirectory(folder.resolve("cache"));
    Path file = entry(folder, "data", 3, 5);
    // the file must look settled: times of creation cannot be set back
    Thread.sleep(2100);
    DiskCache cache = DiskCache.in(home);
    Path old = entry(home, "trials-1-bb.bin", 10, 31);
    cache.put(cache.identity("x-1", List.of(file)), "x-1", List.of(file), ByteBuffer.allocate(3));
    assertFalse(Files.exists(old));
    old = entry(home, "trials-1-bb.bin", 10, 31);
    cache.put(cache.identity("x-2", List.of(file)), "x-2", List.of(file), ByteBuffer.allocate(3));
    assertTrue(Files.exists(old), "a day has not passed");
    Path stored;
    try (Stream<Path> all = Files.list(home)) {
      stored = all.filter(p -> p.getFileName().toString().startsWith("x-1")).findFirst().get();
    }
    Files.setLastModifiedTime(stored, FileTime.from(Instant.now().minus(Duration.ofDays(20))));
    assertNotNull(cache.get("x-1", List.of(file)));
    assertTrue(
        Files.getLastModifiedTime(stored).toInstant().isAfter(Instant.now().minusSeconds(3600)));
  }
}
