/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Compares sizes and offsets with those that the compiler gives the same structs. */
class LayoutsTest {
  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> layoutsAreTheCompilers() throws Exception {
    if (Native.library() == null) {
      return Stream.empty();
    }
    Path program =
        Native.compile(
            folder, "layouts", null, Native.MODULE.resolve("src/test/c/layouts.c").toString());
    Native.Run run = Native.run(Map.of(), List.of(program.toString()));
    assertEquals(0, run.status(), run.output());
    Map<String, Map<String, Long>> structs = new TreeMap<>();
    run.output()
        .lines()
        .forEach(
            line -> {
              String[] words = line.split(" ");
              structs
                  .computeIfAbsent(words[0], k -> new TreeMap<>())
                  .put(words[1], Long.parseLong(words[2]));
            });
    List<DynamicTest> tests = new ArrayList<>();
    for (StructLayout layout : Layouts.ALL) {
      String name = layout.name().orElseThrow();
      tests.add(
          DynamicTest.dynamicTest(name, () -> assertEquals(structs.get(name), members(layout))));
    }
    tests.add(
        DynamicTest.dynamicTest(
            "no struct is missing", () -> assertEquals(Layouts.ALL.size(), structs.size())));
    return tests.stream();
  }

  private static Map<String, Long> members(StructLayout layout) {
    Map<String, Long> members = new TreeMap<>();
    members.put("size", layout.byteSize());
    for (MemoryLayout member : layout.memberLayouts()) {
      // padding has no name
      member.name().ifPresent(name -> members.put(name, Layouts.offset(layout, name)));
    }
    return members;
  }
}
