/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataKeyTest {
  @TempDir Path folder;

  private String key(String name, String json, int warnings) throws IOException {
    Path root = folder.resolve(name);
    Files.createDirectories(root);
    if (json == null) {
      Files.deleteIfExists(root.resolve("meta.json"));
    } else {
      Files.writeString(root.resolve("meta.json"), json);
    }
    List<String> texts = new ArrayList<>();
    String key = DataKey.of(root, texts::add);
    assertEquals(warnings, texts.size(), texts.toString());
    assertEquals(key, DataKey.of(Path.of(root + "///"), texts::add));
    return key;
  }

  @Test
  void everyBranch() throws IOException {
    assertEquals("rec", key("rec", null, 0));
    assertEquals("k-1", key("rec", "{\"data_key\": \"k-1\", \"scan_key\": 3}", 0));
    assertEquals("17", key("rec", "{\"data_key\": 17}", 0));
    assertEquals(
        "29515-10-12",
        key(
            "rec",
            "{\"scan_key\": {\"animal_id\": 29515, \"session\": \"10\", \"scan_idx\": 12, \"x\": 1}}",
            0));
    assertEquals("rec", key("rec", "{\"scan_key\": {\"animal_id\": 29515, \"session\": 10}}", 1));
    assertEquals(
        "rec",
        key(
            "rec",
            "{\"scan_key\": {\"animal_id\": 29515, \"session\": 10, \"scan_idx\": null}}",
            1));
    assertEquals("rec", key("rec", "{\"scan_key\": 3}", 1));
    assertEquals("rec", key("rec", "{broken", 1));
    assertEquals("rec", key("rec", "", 1));
    assertEquals("rec", key("rec", "[1]", 1));
    assertEquals("rec", key("rec", "{}", 0));
    assertEquals("29515-10-12", key("dynamic29515-10-12-Video-abc", "{\"other\": 1}", 0));
    assertEquals("dynamic29515-10-12-Video-abc", key("dynamic29515-10-12-Video-abc", null, 0));
    assertEquals("m1", key("datasets/m1_gaze_x", "{}", 0));
  }

  @Test
  void namesFromPaths() {
    assertEquals("29515-10-12", DataKey.fromPath("/data/dynamic29515-10-12-Video-9b4f/", "f"));
    assertEquals("29515", DataKey.fromPath("/data/dynamic29515", "f"));
    assertEquals("1", DataKey.fromPath("/dynamic1-Video/dynamic2-Video", "f"));
    assertEquals("k", DataKey.fromPath("/a/datasets/k_gaze_1", "f"));
    assertEquals("f", DataKey.fromPath("/a/k_gaze_1", "f"));
    assertEquals("f", DataKey.fromPath("/a/f", "f"));
  }
}
