/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
}
