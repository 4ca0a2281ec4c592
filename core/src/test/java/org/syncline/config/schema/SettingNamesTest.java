/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.syncline.FreshJvm;
import org.syncline.Registry;
import org.syncline.error.ConfigException;
import org.syncline.setting.Setting;

@Tag("any-width")
class SettingNamesTest {
  private static final Path PAGE = Path.of("../docs/environment.md");

  @Test
  void thePageListsThemAll() throws IOException {
    Set<String> named = new TreeSet<>();
    for (String line : Files.readAllLines(PAGE)) {
      if (line.startsWith("| `")) {
        Matcher names =
            Pattern.compile("-D(syncline\\.[a-z.]+)|(SYNCLINE_[A-Z_]+)")
                .matcher(line.substring(0, line.indexOf(" | ", 2)));
        while (names.find()) {
          named.add(names.group(1) == null ? names.group(2) : names.group(1));
        }
      }
    }
    Set<String> known = new TreeSet<>(SettingNames.properties());
    known.addAll(SettingNames.variables());
    assertEquals(known, named);
  }

  @Test
  void whatIsNearlyAKnownNameIsFound() {
    assertEquals(
        Map.of(
            "syncline.cach", "syncline.cache",
            "syncline.vector.bit", "syncline.vector.bits",
            "SYNCLINE_LINK", "SYNCLINE_LINKS",
            "SYNCLINE_JAVAHOME", "SYNCLINE_JAVA_HOME"),
        SettingNames.misspelt(
            List.of("syncline.cach", "syncline.vector.bit", "syncline.cache", "sincline.cach"),
            List.of("SYNCLINE_LINK", "SYNCLINE_JAVAHOME", "SYNCLINE_LINKS", "PATH")));
  }

  @Test
  void aVariableInPlaceOfAPropertyIsFoundAndTheOtherWayRound() {
    Map<String, String> found =
        SettingNames.misspelt(
            List.of("syncline.extensions", "syncline.cache"),
            List.of("SYNCLINE_KERNELS", "SYNCLINE_VECTOR_BITS", "SYNCLINE_CACHE"));
    assertEquals(
        Set.of("syncline.extensions", "SYNCLINE_KERNELS", "SYNCLINE_VECTOR_BITS"), found.keySet());
    assertEquals("the environment variable SYNCLINE_EXTENSIONS", found.get("syncline.extensions"));
    assertEquals(
        "the property -Dsyncline.kernels, which SYNCLINE_JAVA_OPTIONS gives the command, C and"
            + " Python",
        found.get("SYNCLINE_KERNELS"));
  }

  /** Names of the build's, the tests' and the launchers' own. */
  @Test
  void othersAreLeftAlone() {
    assertEquals(
        Map.of(),
        SettingNames.misspelt(
            List.of(
                "syncline.seed",
                "syncline.cases",
                "syncline.batches",
                "syncline.reference",
                "syncline.fuzz.seconds",
                "syncline.fuzz.rounds",
                "syncline.terminal",
                "syncline.stderr",
                "syncline.test.seed",
                "syncline.bench.data"),
            List.of(
                "SYNCLINE_AOT_CACHE",
                "SYNCLINE_CLASSPATH",
                "SYNCLINE_FUZZ_SEED",
                "SYNCLINE_IMAGEIO_FFMPEG",
                "SYNCLINE_LIBRARY",
                "SYNCLINE_PYTHON",
                "SYNCLINE_TEST_TARGET")));
  }

  static final class Opens {
    private Opens() {}

    public static void main(String[] args) {
      System.out.println(Registry.EMPTY.modalities().keySet());
    }
  }

  @Test
  void aProcessSaysThemOnce() throws Exception {
    Process process =
        FreshJvm.of(FreshJvm.asThisOne("-Dsyncline.link=refuse"), Opens.class)
            .redirectErrorStream(true)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), out);
    assertEquals(1, out.split("syncline.link is set, which nothing reads", -1).length - 1, out);
    assertTrue(out.contains("did you mean syncline.links?"), out);
  }

  @Test
  void valuesThatAreNoneAreRefused() {
    for (Object[] wrong :
        new Object[][] {
          {Setting.WARMUP, "no", "syncline.warmup: found 'no', expected true or false"},
          {
            Setting.DEBUG_BATCHES,
            "yes",
            "syncline.debug.batches: found 'yes', expected true or false"
          },
          {
            Setting.SCREEN_MAPS,
            "x",
            "syncline.screen.maps: found 'x', expected a whole number of 0 or more"
          },
          {Setting.SCREEN_MAPS, "-1", "expected a whole number of 0 or more"}
        }) {
      Setting setting = (Setting) wrong[0];
      String before = System.getProperty(setting.property());
      System.setProperty(setting.property(), (String) wrong[1]);
      try {
        ConfigException e =
            assertThrows(
                ConfigException.class,
                () -> {
                  if (setting == Setting.SCREEN_MAPS) {
                    setting.number(-1, 0);
                  } else {
                    setting.isOn(true);
                  }
                });
        assertTrue(e.getMessage().contains((String) wrong[2]), e.getMessage());
      } finally {
        if (before == null) {
          System.clearProperty(setting.property());
        } else {
          System.setProperty(setting.property(), before);
        }
      }
    }
  }
}
