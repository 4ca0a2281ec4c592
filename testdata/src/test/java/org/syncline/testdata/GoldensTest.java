/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.testdata;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldensTest {
  @TempDir Path folder;

  @Test
  void unpacksEveryCase() {
    int calls = 0;
    for (String name : Goldens.cases()) {
      Goldens.Golden golden = Goldens.unpack(name, folder);
      assertTrue(!golden.note().isEmpty() && !golden.calls().isEmpty(), name);
      for (Map<String, Object> call : golden.calls()) {
        calls++;
        if (call.get("values") instanceof String file) {
          NpyFile array = golden.array(file);
          assertEquals(array.count(), array.doubles().length);
          assertEquals(array.data().capacity(), array.count() * array.elementBytes());
        }
      }
    }
    assertEquals(16, Goldens.cases().size());
    assertEquals(143, calls);
  }

  @Test
  void writesTheArraysAndJsonThatItReads() {
    Path file = folder.resolve("a.npy");
    NpyFile.write(file, new double[] {1, -2, Double.NaN, 0x1p-1074}, 2, 2);
    assertArrayEquals(new double[] {1, -2, Double.NaN, 0x1p-1074}, NpyFile.read(file).doubles());
    assertArrayEquals(new long[] {2, 2}, NpyFile.read(file).shape());
    NpyFile.writeSparse(file, ">i2", 5, 7);
    assertEquals(35, NpyFile.read(file).doubles().length);
    assertEquals("int16", NpyFile.read(file).typeName());
    String text = "{\"a\":[1,2.5,null,true,\"x\"],\"b\":{\"c\":NaN}}";
    assertEquals(text, Json.write(Json.parse(text)));
    assertEquals("[[1,2],[0.1]]", Json.write(List.of(new int[] {1, 2}, new double[] {0.1})));
  }

  @Test
  void guardPagesHoldMemoryFlush() {
    if (!GuardPageArena.isSupported()) {
      return;
    }
    try (GuardPageArena arena = new GuardPageArena()) {
      for (long bytes : new long[] {0, 1, 63, 4096, 70_001}) {
        for (MemorySegment s : List.of(arena.allocate(bytes), arena.allocateAtStart(bytes))) {
          assertEquals(bytes, s.byteSize());
          for (long i = 0; i < bytes; i++) {
            assertEquals(0, s.get(ValueLayout.JAVA_BYTE, i));
            s.set(ValueLayout.JAVA_BYTE, i, (byte) i);
          }
        }
        assertEquals(0, (arena.allocate(bytes).address() + bytes) % 4096);
        assertEquals(0, arena.allocateAtStart(bytes).address() % 4096);
      }
    }
  }

  @Test
  void guardPagesFault() throws Exception {
    if (!GuardPageArena.isSupported()) {
      return;
    }
    for (String side : List.of("after", "before")) {
      Path java = Path.of(System.getProperty("java.home"), "bin", "java");
      Process process =
          new ProcessBuilder(
                  java.toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-XX:-CreateCoredumpOnCrash",
                  "-XX:ErrorFile=" + folder.resolve("hs_err.log"),
                  "-Xmx64m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Trespasser.class.getName(),
                  side)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("out.txt").toFile())
              .start();
      int status = process.waitFor();
      String out = Files.readString(folder.resolve("out.txt"));
      assertTrue(out.contains("inside"), out);
      assertTrue(status != 0 && !out.contains("outside"), out);
    }
  }

  /** Reads one byte outside; the JVM shall not survive it. */
  static final class Trespasser {
    private Trespasser() {}

    @SuppressWarnings("restricted")
    public static void main(String[] args) {
      try (GuardPageArena arena = new GuardPageArena()) {
        boolean after = args[0].equals("after");
        MemorySegment s = after ? arena.allocate(100) : arena.allocateAtStart(100);
        System.out.println("inside " + s.get(ValueLayout.JAVA_BYTE, after ? 99 : 0));
        MemorySegment all =
            MemorySegment.ofAddress(s.address() + (after ? 100 : -1)).reinterpret(1);
        System.out.println("outside " + all.get(ValueLayout.JAVA_BYTE, 0));
      }
    }
  }
}
