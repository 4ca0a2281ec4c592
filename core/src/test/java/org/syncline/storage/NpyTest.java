/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.syncline.FreshJvm;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.error.RecordingException;

@Tag("any-width")
class NpyTest {
  @TempDir Path folder;

  private Path npy(int major, String header, byte[] data) {
    return NpyBytes.write(folder.resolve("a.npy"), NpyBytes.file(major, header, data));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "|b1", "|i1", "|u1", "<i2", ">i2", "<u2", ">u2", "<i4", ">i4", "<u4", ">u4", "<i8", ">i8",
        "<u8", ">u8", "<f2", ">f2", "<f4", ">f4", "<f8", ">f8"
      })
  void readsEveryTypeInBothOrders(String descr) {
    long[] stored =
        descr.equals("|b1") ? new long[] {0, 1, 2, 255, 1, 0} : new long[] {0, 1, 2, 100, 17, 5};
    double[] expected =
        descr.equals("|b1") ? new double[] {0, 1, 1, 1, 1, 0} : new double[] {0, 1, 2, 100, 17, 5};
    for (int major = 1; major <= 3; major++) {
      Path file = npy(major, NpyBytes.header(descr, false, "(2, 3)"), NpyBytes.data(descr, stored));
      assertArrayEquals(expected, Npy.readDoubles(file).values());
      assertArrayEquals(new long[] {2, 3}, Npy.readDoubles(file).shape());
      npy(major, NpyBytes.header(descr, true, "(2, 3)"), NpyBytes.data(descr, stored));
      double[] e = expected;
      assertArrayEquals(
          new double[] {e[0], e[2], e[4], e[1], e[3], e[5]}, Npy.readDoubles(file).values());
    }
  }

  @Test
  void readsExtremeIntegers() {
    Path file =
        npy(1, NpyBytes.header("<u8", false, "(3,)"), NpyBytes.data("<u8", -1, Long.MIN_VALUE, 3));
    assertArrayEquals(new double[] {0x1p64, 0x1p63, 3}, Npy.readDoubles(file).values());
    assertThrows(RecordingException.class, () -> Npy.readLongs(file));
    npy(
        1,
        NpyBytes.header(">i8", false, "(2,)"),
        NpyBytes.data(">i8", Long.MIN_VALUE, (1L << 53) + 1));
    assertArrayEquals(new long[] {Long.MIN_VALUE, (1L << 53) + 1}, Npy.readLongs(file));
    npy(1, NpyBytes.header("<u4", false, "(1,)"), NpyBytes.data("<u4", -1));
    assertArrayEquals(new long[] {0xffff_ffffL}, Npy.readLongs(file));
    npy(1, NpyBytes.header("|i1", false, "(1,)"), NpyBytes.data("|i1", -7));
    assertArrayEquals(new long[] {-7}, Npy.readLongs(file));
    Npy.write(file, new double[] {1, 2.5}, 2);
    assertThrows(RecordingException.class, () -> Npy.readLongs(file));
    Npy.write(file, new double[] {1, -3}, 2);
    assertArrayEquals(new long[] {1, -3}, Npy.readLongs(file));
  }

  @Test
  void transposesFortranOrderOfFourAxes() {
    int[] n = {3, 2, 4, 5};
    long[] stored = new long[120];
    double[] expected = new double[120];
    for (int t = 0; t < n[0]; t++) {
      for (int h = 0; h < n[1]; h++) {
        for (int w = 0; w < n[2]; w++) {
          for (int c = 0; c < n[3]; c++) {
            int value = 1000 * t + 100 * h + 10 * w + c;
            stored[t + n[0] * (h + n[1] * (w + n[2] * c))] = value;
            expected[((t * n[1] + h) * n[2] + w) * n[3] + c] = value;
          }
        }
      }
    }
    Path file = npy(1, NpyBytes.header(">i2", true, "(3, 2, 4, 5)"), NpyBytes.data(">i2", stored));
    assertArrayEquals(expected, Npy.readDoubles(file).values());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}; 2",
        "{\"shape\": (2L,), \"fortran_order\": True, \"descr\": \"<f4\"}; 2",
        "{'shape':(),'descr':'=f4','fortran_order':False}; 1",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 7), }; 0",
      })
  void acceptsWhatPythonMeans(String header, int count) {
    Path file = npy(1, header, new byte[8]);
    assertEquals(count, Npy.readDoubles(file).values().length);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{'descr': '<f4'}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': [2]}",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2 2)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2.0,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4, 0)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'shape': (2,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'more': 1}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} x",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)",
        "{'descr': '<f\\4', 'fortran_order': False, 'shape': (2,)}",
        "{'descr': '<U4', 'fortran_order': False, 'shape': (2,)}",
        "{'descr': '<c8', 'fortran_order': False, 'shape': (2,)}",
        "{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (2,)}",
      })
  void refusesDamagedHeaders(String header) {
    Path file = npy(1, header, new byte[8]);
    RecordingException e = assertThrows(RecordingException.class, () -> Npy.header(file));
    assertTrue(
        e.getMessage().contains("a.npy") && e.getMessage().contains("expected"), e.getMessage());
  }

  @Test
  void refusesObjectsAndStructuresByName() {
    Path file = npy(1, NpyBytes.header("|O", false, "(2,)"), new byte[400]);
    assertTrue(
        assertThrows(RecordingException.class, () -> Npy.header(file))
            .getMessage()
            .contains("pickled"));
    npy(
        1,
        "{'descr': [('x', '<f4'), ('y', '<i2')], 'fortran_order': False, 'shape': (2,), }",
        new byte[400]);
    RecordingException e = assertThrows(RecordingException.class, () -> Npy.header(file));
    assertTrue(e.getMessage().contains("structured"), e.getMessage());
    assertEquals("descr", e.key());
  }

  @Test
  void refusesWhatIsNoNpyFile() throws IOException {
    Path missing = folder.resolve("missing.npy");
    assertTrue(
        assertThrows(RecordingException.class, () -> Npy.header(missing))
            .getMessage()
            .contains("no such file"));
    assertThrows(RecordingException.class, () -> Npy.header(folder));
    Path file = folder.resolve("a.npy");
    byte[] good = NpyBytes.file(1, NpyBytes.header("<f4", false, "(4,)"), new byte[16]);
    for (int length = 0; length < good.length; length++) {
      Files.write(file, java.util.Arrays.copyOf(good, length));
      assertThrows(
          RecordingException.class, () -> Npy.read(file, Arena.ofAuto()), "length " + length);
    }
    Files.write(file, good);
    assertEquals(4, Npy.readDoubles(file).values().length);
    byte[] other = good.clone();
    other[6] = 4;
    Files.write(file, other);
    assertTrue(
        assertThrows(RecordingException.class, () -> Npy.header(file))
            .getMessage()
            .contains("format 4.0"));
    Files.writeString(file, "PK not an array at all");
    assertTrue(
        assertThrows(RecordingException.class, () -> Npy.header(file))
            .getMessage()
            .contains("magic"));
    byte[] absurd = NpyBytes.file(2, NpyBytes.header("<f4", false, "(4,)"), new byte[16]);
    absurd[8] = absurd[9] = absurd[10] = absurd[11] = (byte) 0xff;
    Files.write(file, absurd);
    assertTrue(
        assertThrows(RecordingException.class, () -> Npy.header(file))
            .getMessage()
            .contains("4294967295"));
  }

  @Test
  void refusesAFileWithoutReadPermission() throws Exception {
    Path file = npy(1, NpyBytes.header("<f4", false, "(4,)"), new byte[16]);
    assertTrue(file.toFile().setReadable(false, false));
    if (!Files.isReadable(file)) {
      Unprivileged.main(file.toString());
      return;
    }
    // root reads everything: a process without its capabilities does not
    List<String> line =
        new ArrayList<>(
            List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all"));
    line.addAll(
        FreshJvm.of(FreshJvm.asThisOne("-Xmx64m"), Unprivileged.class, file.toString()).command());
    FreshJvm.succeeds(new ProcessBuilder(line));
  }

  static final class Unprivileged {
    private Unprivileged() {}

    public static void main(String... args) {
      Path file = Path.of(args[0]);
      RecordingException e = assertThrows(RecordingException.class, () -> Npy.header(file));
      assertEquals(file.toString(), e.file());
      assertTrue(e.getMessage().contains("without read permission"), e.getMessage());
    }
  }

  @Test
  void writesWhatItReads() throws IOException {
    Path file = folder.resolve("w.npy");
    try (Arena arena = Arena.ofConfined()) {
      for (ElementType type : ElementType.values()) {
        MemorySegment data = arena.allocate(6L * type.bytes());
        for (int i = 0; i < data.byteSize(); i++) {
          data.set(ValueLayout.JAVA_BYTE, i, (byte) (type == ElementType.BOOL ? i & 1 : i));
        }
        Tensor tensor = new Tensor(type, new long[] {3, 2}, data);
        if (type == ElementType.BFLOAT16) {
          assertThrows(IllegalArgumentException.class, () -> Npy.write(file, tensor));
          continue;
        }
        Npy.write(file, tensor);
        Tensor back = Npy.read(file, arena);
        assertEquals(type, back.type());
        assertArrayEquals(tensor.shape(), back.shape());
        assertEquals(-1, data.mismatch(back.data()));
        assertEquals(0, Npy.header(file).dataOffset() % 64);
        assertEquals(0, back.data().address() % 64);
      }
      Npy.write(file, new double[0], 0, 5);
      assertArrayEquals(new long[] {0, 5}, Npy.readDoubles(file).shape());
      Npy.write(file, new double[] {7}, new long[0]);
      assertArrayEquals(new long[0], Npy.readDoubles(file).shape());
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(1, files.count(), "a temporary file was left");
    }
    assertThrows(
        java.io.UncheckedIOException.class,
        () -> Npy.write(folder.resolve("no/such/w.npy"), new double[0], 0));
  }

  @Test
  void survivesMutatedFiles() throws IOException {
    long seed = Long.getLong("syncline.test.seed", 20260501L);
    System.out.println("NpyTest.survivesMutatedFiles seed " + seed);
    Random random = new Random(seed);
    String[] words = {
      "(",
      ")",
      ",",
      "-1",
      "9223372036854775807",
      "2147483648",
      "True",
      "False",
      "'",
      "\"",
      "{",
      "}",
      ":",
      "[",
      "]",
      "L",
      "'descr'",
      "'shape'",
      "'fortran_order'",
      "'<f4'",
      "'|O'",
      "\\",
      "\0",
      "0",
      " ",
      "\n",
      "18446744073709551616",
      "\u00e9"
    };
    Path file = folder.resolve("m.npy");
    int refused = 0;
    int runs = 20_000;
    for (int run = 0; run < runs; run++) {
      int major = 1 + random.nextInt(3);
      StringBuilder header =
          new StringBuilder(
              NpyBytes.header(
                  random.nextBoolean() ? "<f4" : ">i2", random.nextBoolean(), "(3, 4)"));
      for (int m = random.nextInt(4); m > 0; m--) {
        int at = random.nextInt(header.length() + 1);
        int end = Math.min(header.length(), at + random.nextInt(6));
        String word = words[random.nextInt(words.length)];
        switch (random.nextInt(3)) {
          case 0 -> header.insert(at, word);
          case 1 -> header.replace(at, end, word);
          default -> header.delete(at, end);
        }
      }
      byte[] bytes = NpyBytes.file(major, header.toString(), new byte[48]);
      for (int m = random.nextInt(3); m > 0; m--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      if (random.nextInt(8) == 0) {
        bytes = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 64));
      }
      Files.write(file, bytes);
      try (Arena arena = Arena.ofConfined()) {
        NpyHeader h = Npy.header(file);
        assertEquals(h.elements(), Npy.readDoubles(file).values().length);
        if (h.shape().length == 2) {
          RowArray rows = ArrayFiles.openNpy(file, arena);
          MemorySegment row = arena.allocate(rows.rowBytes() + 8);
          for (long r = 0; r < Math.min(3, rows.rows()); r++) {
            rows.guard(r, 1);
            rows.copyRow(r, row, 0);
          }
        }
      } catch (RecordingException e) {
        refused++;
      } catch (RuntimeException e) {
        fail(
            "seed " + seed + " run " + run + ": " + new String(bytes, StandardCharsets.ISO_8859_1),
            e);
      }
    }
    assertTrue(refused > runs / 4 && refused < runs, "refused " + refused);
    assertFalse(runs == 0);
  }
}
