/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page on the format of recordings has the keys that are read, and no others. */
@Tag("any-width")
class FormatPageTest {
  private static final Pattern READ =
      Pattern.compile(
          "(?:file\\.(?:number|flag|text|count|counts|files|isNull|isNumber|has)|count|basic)\\((?:trial, )?\"(\\w+)\"");
  private static final Pattern KEY = Pattern.compile("`(\\w+)`");

  @ParameterizedTest
  @CsvSource({
    "### sequence, device/sequence/SequenceModality",
    "### screen, device/screen/ScreenModality",
    "### spikes, device/spikes/SpikesModality",
    "### time_interval, device/intervals/TimeIntervalModality",
    "## Trials of a screen, device/trials/TrialTable"
  })
  void thePageHasTheKeysThatAreRead(String section, String source) throws IOException {
    String page = Files.readString(Path.of("../docs/format.md"));
    int from = page.indexOf("\n" + section + "\n") + 1;
    String table = page.substring(from, page.indexOf("\n#", from));
    TreeSet<String> listed = new TreeSet<>();
    for (String row : table.split("\n")) {
      if (row.startsWith("| `")) {
        KEY.matcher(row.substring(0, row.indexOf(" | ")))
            .results()
            .forEach(found -> listed.add(found.group(1)));
      }
    }
    TreeSet<String> read = new TreeSet<>();
    READ.matcher(Files.readString(Path.of("src/main/java/org/syncline/" + source + ".java")))
        .results()
        .forEach(found -> read.add(found.group(1)));
    assertEquals(read, listed);
  }
}
