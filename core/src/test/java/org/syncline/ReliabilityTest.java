/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every promise of docs/reliability.md names a test that there is. */
@Tag("any-width")
class ReliabilityTest {
  private static final Path PAGE = Path.of("../docs/reliability.md");
  private static final Pattern NAMED =
      Pattern.compile("`(\\w+Test)\\.(\\w+)`|`(test_\\w+\\.py)::(test_\\w+)`");

  private static Path find(String name) throws IOException {
    for (String module : List.of("core", "native-bridge", "nwb", "cli", "bench", "fuzz")) {
      Path tests = Path.of("..", module, "src/test");
      if (Files.isDirectory(tests)) {
        try (Stream<Path> files = Files.walk(tests)) {
          List<Path> found = files.filter(f -> f.getFileName().toString().equals(name)).toList();
          if (!found.isEmpty()) {
            return found.getFirst();
          }
        }
      }
    }
    return null;
  }

  @Test
  void everyPromiseNamesATestThatThereIs() throws IOException {
    List<String> wrong = new ArrayList<>();
    int rows = 0;
    List<String> lines = Files.readAllLines(PAGE);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      boolean heads = i + 1 < lines.size() && lines.get(i + 1).startsWith("| ---");
      if (!line.startsWith("| ") || line.startsWith("| ---") || heads) {
        continue;
      }
      rows++;
      Matcher named = NAMED.matcher(line);
      int tests = 0;
      while (named.find()) {
        tests++;
        boolean java = named.group(1) != null;
        Path file = find(java ? named.group(1) + ".java" : named.group(3));
        String text = file == null ? "" : Files.readString(file);
        boolean there =
            java
                ? text.contains("void " + named.group(2) + "(")
                    || text.contains("Stream<DynamicTest> " + named.group(2) + "(")
                : text.contains("def " + named.group(4) + "(");
        if (!there) {
          wrong.add(named.group());
        }
      }
      if (tests == 0) {
        wrong.add("no test: " + line);
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(rows > 20, "rows of the table found: " + rows);
  }
}
