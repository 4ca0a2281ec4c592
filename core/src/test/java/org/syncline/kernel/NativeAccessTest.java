/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.array.ElementType;

/** A JVM that denies access to memory is told which flag it lacks, at each call. */
@Tag("any-width")
class NativeAccessTest {
  @TempDir Path folder;

  @Test
  void aJvmThatDeniesAccessIsToldTheFlag() throws Exception {
    Path output = folder.resolve("out.txt");
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--add-modules=jdk.incubator.vector",
                    "--illegal-native-access=deny",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Reader.class.getName()))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    int status = process.waitFor();
    String said =
        "Syncline reads memory by address, which this JVM denies;"
            + " start it with --enable-native-access=ALL-UNNAMED";
    List<String> lines =
        Files.readAllLines(output).stream().filter(l -> !l.startsWith("WARNING: Using")).toList();
    assertEquals(List.of(said, said), lines);
    assertEquals(0, status);
  }

  /** Prints what two runs of a pass throw. */
  static final class Reader {
    private Reader() {}

    public static void main(String[] args) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment memory = arena.allocate(4096, 64);
        for (int i = 0; i < 2; i++) {
          try {
            NanSearchPass.of(ElementType.FLOAT32).run(memory, 0, 64);
          } catch (IllegalCallerException e) {
            System.out.println(e.getMessage());
          }
        }
      }
    }
  }
}
