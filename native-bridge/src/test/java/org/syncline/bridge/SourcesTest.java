/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The order of the C files, and how many files a C function is written in. */
class SourcesTest {
  private static final Path C = Native.MODULE.resolve("src/main/c");

  /** The C files without their endings, lowest first, as build.sh compiles them. */
  private static List<String> layers() throws IOException {
    Matcher m =
        Pattern.compile("(?m)^layers=\"([a-z ]+)\"$")
            .matcher(Files.readString(C.resolve("build.sh")));
    assertTrue(m.find(), "build.sh names no layers");
    return List.of(m.group(1).split(" "));
  }

  private static String code(String file) throws IOException {
    return Files.readString(C.resolve(file)).replaceAll("(?s)/\\*.*?\\*/", "");
  }

  /** What in the code of a layer points upwards, of layers given by their code. */
  private static List<String> upwards(List<String> layers, Map<String, String> code) {
    Map<String, Integer> definedIn = new HashMap<>();
    Pattern definition = Pattern.compile("(?m)^[a-zA-Z].*?\\b(syncline_\\w+)\\([^;]*?\\) \\{$");
    for (int i = 0; i < layers.size(); i++) {
      for (MatchResult m : definition.matcher(code.get(layers.get(i))).results().toList()) {
        definedIn.put(m.group(1), i);
      }
    }
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      String name = layers.get(i);
      for (String line : code.get(name).split("\n")) {
        Matcher include = Pattern.compile("#include \"(\\w+)\\.h\"").matcher(line);
        if (include.matches() && layers.indexOf(include.group(1)) > i) {
          wrong.add(name + " includes " + include.group(1) + ".h");
        }
        for (MatchResult use :
            Pattern.compile("\\bsyncline_\\w+").matcher(line).results().toList()) {
          int at = definedIn.getOrDefault(use.group(), -1);
          if (at > i) {
            wrong.add(name + " uses " + use.group() + " of " + layers.get(at));
          }
        }
      }
    }
    return wrong;
  }

  @Test
  void noLayerOfCKnowsOneAbove() throws IOException {
    List<String> layers = layers();
    Map<String, String> code = new HashMap<>();
    for (String name : layers) {
      String header = Files.exists(C.resolve(name + ".h")) ? code(name + ".h") : "";
      code.put(name, header + "\n" + code(name + ".c"));
      // a function known without its header would be a way around the check
      assertFalse(code(name + ".c").contains("\nextern "), name + ".c declares what is another's");
    }
    assertEquals(List.of(), upwards(layers, code));
    try (Stream<Path> files = Files.list(C)) {
      List<String> sources =
          files
              .map(f -> f.getFileName().toString())
              .filter(n -> n.endsWith(".c"))
              .sorted()
              .toList();
      assertEquals(layers.stream().map(n -> n + ".c").sorted().toList(), sources);
    }
    // the check sees a circle that there was: errors told by the layer that calls Java
    Map<String, String> circle = new HashMap<>(code);
    circle.merge("api", "\nsyncline_status syncline_fail(int code) {\n", String::concat);
    circle.put("error", "");
    assertTrue(upwards(layers, circle).contains("tensors uses syncline_fail of api"));
    circle.merge("tensors", "\n#include \"jvm.h\"\n", String::concat);
    assertTrue(upwards(layers, circle).contains("tensors includes jvm.h"));
  }

  /**
   * A function that no part of the package calls: every file that names it is there to define it.
   */
  @Test
  void aFunctionIsWrittenInFourFiles() throws IOException {
    Pattern name = Pattern.compile("interval_?statistics", Pattern.CASE_INSENSITIVE);
    TreeSet<String> written = new TreeSet<>();
    TreeSet<String> generated = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Native.MODULE.resolve("src/main"))) {
      for (Path file : files.filter(f -> f.toString().matches(".*\\.(c|h|java|py|sh)")).toList()) {
        String text = Files.readString(file);
        if (name.matcher(text).find()) {
          (text.contains("Do not edit.") ? generated : written).add(file.getFileName().toString());
        }
      }
    }
    assertEquals(
        List.of("Datasets.java", "api.c", "functions.py", "syncline.h"), List.copyOf(written));
    assertEquals(List.of("Export.java", "abi.py", "exports.h"), List.copyOf(generated));
  }
}
