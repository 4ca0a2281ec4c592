/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.syncline.FreshJvm;
import org.syncline.array.ElementType;

/** A JVM that denies access to memory is told which flag it lacks, at each call. */
@Tag("any-width")
class NativeAccessTest {
  @Test
  void aJvmThatDeniesAccessIsToldTheFlag() throws Exception {
    String out =
        FreshJvm.succeeds(
            FreshJvm.of(
                List.of("--add-modules=jdk.incubator.vector", "--illegal-native-access=deny"),
                Reader.class));
    String said =
        "Syncline reads memory by address, which this JVM denies;"
            + " start it with --enable-native-access=ALL-UNNAMED";
    List<String> lines = out.lines().filter(l -> !l.startsWith("WARNING: Using")).toList();
    assertEquals(List.of(said, said), lines);
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
