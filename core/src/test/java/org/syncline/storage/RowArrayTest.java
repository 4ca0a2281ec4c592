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

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.syncline.array.ElementType;
import org.syncline.error.ClosedException;
import org.syncline.error.RecordingException;

@Tag("any-width")
class RowArrayTest {
  private static final int ROWS = 700;
  private static final int COLUMNS = 5;
  @TempDir Path folder;

  private static long value(int row, int column) {
    return (row * 7L + column * 3) % 100;
  }

  private Path write(String descr, boolean fortran) {
    long[] values = new long[ROWS * COLUMNS];
    for (int r = 0; r < ROWS; r++) {
      for (int c = 0; c < COLUMNS; c++) {
        values[fortran ? c * ROWS + r : r * COLUMNS + c] = value(r, c);
      }
    }
    String header = NpyBytes.header(descr, fortran, "(" + ROWS + ", " + COLUMNS + ")");
    return NpyBytes.write(
        folder.resolve("r.npy"), NpyBytes.file(1, header, NpyBytes.data(descr, values)));
  }

  private static double[] row(RowArray array, long row) {
    try (Arena arena = Arena.ofConfined()) {
      long offset = 3;
      MemorySegment dst = arena.allocate(array.rowBytes() + offset + 1);
      array.guard(row, 1);
      array.copyRow(row, dst, offset);
      double[] values = new double[array.columns()];
      for (int c = 0; c < values.length; c++) {
        ElementType t = array.type();
        values[c] =
            Elements.toDouble(t, Elements.bits(t, false, dst, offset + (long) c * t.bytes()));
      }
      assertEquals(
          0, dst.get(ValueLayout.JAVA_BYTE, offset + array.rowBytes()), "wrote past the row");
      return values;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "<f4, false",
    "<f4, true",
    ">f4, false",
    ">f4, true",
    "<f8, false",
    ">f8, true",
    "<f2, true",
    ">f2, false",
    "|u1, false",
    "|u1, true",
    "|i1, true",
    "<i2, false",
    ">u2, true",
    "<i4, true",
    ">u4, false",
    "<i8, true",
    ">u8, false",
    "|b1, false",
    "|b1, true"
  })
  void readsRowsOfEveryLayout(String descr, boolean fortran) {
    Path file = write(descr, fortran);
    boolean bool = descr.equals("|b1");
    int[] picked = {4, 0, 0, 2};
    try (Arena arena = Arena.ofConfined()) {
      RowArray array = ArrayFiles.openNpy(file, arena);
      assertEquals(ROWS, array.rows());
      assertEquals(COLUMNS, array.columns());
      assertEquals(!fortran && descr.charAt(0) != '>' && !bool, array.isDirect());
      RowArray[] views = {
        array,
        array.cached(null, arena),
        array.cached(ElementType.FLOAT32, arena),
        array.cached(ElementType.FLOAT64, arena),
      };
      for (RowArray view : views) {
        assertTrue(view == array || view.isDirect());
        assertTrue(view == array || view.segment().address() % 64 == 0);
        RowArray selected = view.select(picked);
        RowArray twice = selected.select(new int[] {3, 1});
        RowArray copied = selected.cached(ElementType.FLOAT32, arena);
        for (int r = 0; r < ROWS; r += 37) {
          double[] expected = new double[COLUMNS];
          for (int c = 0; c < COLUMNS; c++) {
            expected[c] = bool ? Math.min(1, value(r, c)) : value(r, c);
          }
          double[] e = expected;
          assertArrayEquals(expected, row(view, r));
          assertArrayEquals(new double[] {e[4], e[0], e[0], e[2]}, row(selected, r));
          assertArrayEquals(new double[] {e[2], e[0]}, row(twice, r));
          assertArrayEquals(new double[] {e[4], e[0], e[0], e[2]}, row(copied, r));
        }
        assertFalse(selected.isDirect());
        assertThrows(IllegalStateException.class, selected::segment);
      }
      assertThrows(IndexOutOfBoundsException.class, () -> array.select(new int[] {5}));
      assertThrows(
          IndexOutOfBoundsException.class, () -> array.copyRow(ROWS, arena.allocate(64), 0));
      assertThrows(IndexOutOfBoundsException.class, () -> array.guard(ROWS - 1, 2));
      assertThrows(IndexOutOfBoundsException.class, () -> array.guard(-1, 1));
      if (array.isDirect()) {
        array.guardRows(new long[] {ROWS - 2, 0, -1}, 2, 2);
        assertThrows(
            IndexOutOfBoundsException.class, () -> array.guardRows(new long[] {0, ROWS - 1}, 2, 2));
        assertThrows(
            IndexOutOfBoundsException.class, () -> array.guardRows(new long[] {0, -1}, 2, 1));
      } else {
        assertThrows(IllegalStateException.class, () -> array.guardRows(new long[1], 1, 1));
      }
    }
  }

  @Test
  void acceptsOneAxisAsOneColumn() {
    for (String shape : new String[] {"(6,)", "(6, 1)"}) {
      for (boolean fortran : new boolean[] {false, true}) {
        byte[] data = NpyBytes.data("<f8", 0, 1, 2, 3, 4, 5);
        Path file =
            NpyBytes.write(
                folder.resolve("v.npy"),
                NpyBytes.file(1, NpyBytes.header("<f8", fortran, shape), data));
        try (Arena arena = Arena.ofConfined()) {
          RowArray array = ArrayFiles.openNpy(file, arena);
          assertEquals(6, array.rows());
          assertEquals(1, array.columns());
          assertTrue(array.isDirect());
          assertArrayEquals(new double[] {4}, row(array, 4));
        }
      }
    }
  }

  @Test
  void opensEmptyArrays() {
    for (String shape : new String[] {"(0,)", "(0, 4)", "(4, 0)", "(0, 0)"}) {
      for (boolean fortran : new boolean[] {false, true}) {
        Path file =
            NpyBytes.write(
                folder.resolve("e.npy"),
                NpyBytes.file(1, NpyBytes.header("<f4", fortran, shape), new byte[0]));
        try (Arena arena = Arena.ofConfined()) {
          RowArray array = ArrayFiles.openNpy(file, arena);
          array.guard(0, array.rows());
          assertEquals(0, array.cached(ElementType.FLOAT64, arena).rowBytes() * array.rows());
          if (array.rows() > 0) {
            assertEquals(0, row(array, 3).length);
          }
        }
      }
    }
    Path raw = NpyBytes.write(folder.resolve("e.mem"), new byte[0]);
    try (Arena arena = Arena.ofConfined()) {
      RowArray array = ArrayFiles.openRaw(raw, Dtype.of(ElementType.FLOAT32), 0, 7, arena);
      assertEquals(0, array.rows());
      array.guard(0, 0);
    }
  }

  @Test
  void readsRawFilesAsFarAsDeclared() {
    Path raw = NpyBytes.write(folder.resolve("d.mem"), NpyBytes.data(">i2", 1, 2, 3, 4, 5, 6, 7));
    try (Arena arena = Arena.ofConfined()) {
      RowArray array = ArrayFiles.openRaw(raw, Dtype.parse(">i2"), 2, 3, arena);
      assertArrayEquals(new double[] {4, 5, 6}, row(array, 1));
      assertThrows(IndexOutOfBoundsException.class, () -> array.guard(2, 1));
      RecordingException e =
          assertThrows(
              RecordingException.class,
              () -> ArrayFiles.openRaw(raw, Dtype.of(ElementType.INT16), 3, 3, arena));
      assertTrue(
          e.getMessage().contains("14 bytes") && e.getMessage().contains("18 bytes"),
          e.getMessage());
      assertThrows(
          RecordingException.class,
          () -> ArrayFiles.openRaw(raw, Dtype.of(ElementType.INT16), -1, 3, arena));
      assertThrows(
          RecordingException.class,
          () -> ArrayFiles.openRaw(raw, Dtype.of(ElementType.INT16), Long.MAX_VALUE, 3, arena));
    }
  }

  @Test
  void refusesOtherNumbersOfAxes() {
    for (String shape : new String[] {"()", "(1, 1, 1)"}) {
      Path file =
          NpyBytes.write(
              folder.resolve("s.npy"),
              NpyBytes.file(1, NpyBytes.header("<f4", false, shape), new byte[4]));
      assertThrows(RecordingException.class, () -> ArrayFiles.openNpy(file, Arena.ofAuto()));
    }
    Path wide =
        NpyBytes.write(
            folder.resolve("w.npy"),
            NpyBytes.file(1, NpyBytes.header("<f4", false, "(0, 2147483648)"), new byte[4]));
    assertThrows(RecordingException.class, () -> ArrayFiles.openNpy(wide, Arena.ofAuto()));
  }

  @Test
  void readsBeyondTwoGigabytes() throws IOException {
    Path raw = folder.resolve("large.mem");
    long rows = 700_000;
    int columns = 1_000;
    try (RandomAccessFile file = new RandomAccessFile(raw.toFile(), "rw")) {
      file.setLength(rows * columns * 4);
      file.seek((rows - 1) * columns * 4 + 4);
      file.writeInt(Integer.reverseBytes(Float.floatToIntBits(42)));
    }
    try (Arena arena = Arena.ofConfined()) {
      RowArray array = ArrayFiles.openRaw(raw, Dtype.of(ElementType.FLOAT32), rows, columns, arena);
      assertEquals(42, row(array, rows - 1)[1]);
      assertEquals(42, row(array.select(new int[] {1}), rows - 1)[0]);
      assertEquals((rows - 1) * columns * 4, array.rowOffset(rows - 1));
    } finally {
      Files.delete(raw);
    }
  }

  @Test
  void opensFrames() {
    long[] values = new long[4 * 3 * 2 * 3];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    try (Arena arena = Arena.ofConfined()) {
      for (String descr : new String[] {"|u1", "<f4", ">f4", "<f8", "<i2", "<f2", "|b1"}) {
        Path file =
            NpyBytes.write(
                folder.resolve("f.npy"),
                NpyBytes.file(
                    1,
                    NpyBytes.header(descr, false, "(4, 3, 2, 3)"),
                    NpyBytes.data(descr, values)));
        FrameArray frames = ArrayFiles.openVideo(file, arena);
        assertEquals(4, frames.frames());
        assertEquals(3, frames.height());
        assertEquals(2, frames.width());
        assertEquals(3, frames.channels());
        assertEquals(
            descr.equals("|u1") || descr.equals("<f4") || descr.equals("<f8"), frames.isMapped());
        frames.guard(0, 4);
        ElementType t = frames.type();
        long at = frames.frameOffset(2) + 5L * t.bytes();
        double v = Elements.toDouble(t, Elements.bits(t, false, frames.segment(), at));
        assertEquals(descr.equals("|b1") ? 1 : 2 * 18 + 5, v);
        assertThrows(IndexOutOfBoundsException.class, () -> frames.guard(4, 1));
        assertThrows(RecordingException.class, () -> ArrayFiles.openImage(file, arena));
      }
      Path image =
          NpyBytes.write(
              folder.resolve("i.npy"),
              NpyBytes.file(
                  1,
                  NpyBytes.header("|u1", true, "(2, 3)"),
                  NpyBytes.data("|u1", 0, 3, 1, 4, 2, 5)));
      FrameArray frame = ArrayFiles.openImage(image, arena);
      assertEquals(1, frame.frames());
      assertEquals(0, frame.channels());
      assertFalse(frame.isMapped());
      assertEquals(3, frame.segment().get(ValueLayout.JAVA_BYTE, 3));
      assertThrows(RecordingException.class, () -> ArrayFiles.openVideo(image, arena));
    }
  }

  @Test
  void refusesUseAfterClose() {
    Path file = write("<f4", false);
    DataArena arena = new DataArena("ChunkDataset /data/rec1");
    RowArray array = ArrayFiles.openNpy(file, arena.arena());
    MemorySegment dst = Arena.ofAuto().allocate(array.rowBytes());
    array.copyRow(0, dst, 0);
    arena.close();
    arena.close();
    assertFalse(arena.isOpen());
    assertThrows(ClosedException.class, arena::arena);
    assertThrows(ClosedException.class, arena::ensureOpen);
    for (Runnable use : new Runnable[] {() -> array.copyRow(0, dst, 0), () -> array.guard(0, 1)}) {
      IllegalStateException raw = assertThrows(IllegalStateException.class, use::run);
      assertTrue(arena.translate(raw) instanceof ClosedException);
      assertTrue(arena.translate(raw).getMessage().contains("/data/rec1"));
    }
  }

  @Test
  void closeUnderReadersIsOneException() throws Exception {
    Path file = write("<f4", false);
    for (int round = 0; round < 20; round++) {
      DataArena arena = new DataArena("dataset");
      RowArray array = ArrayFiles.openNpy(file, arena.arena());
      Throwable[] seen = new Throwable[2];
      Thread[] threads = new Thread[2];
      for (int t = 0; t < threads.length; t++) {
        int id = t;
        threads[t] =
            new Thread(
                () -> {
                  MemorySegment dst = Arena.ofAuto().allocate(array.rowBytes());
                  try {
                    while (true) {
                      array.guard(0, ROWS);
                      array.copyRow(5, dst, 0);
                    }
                  } catch (IllegalStateException e) {
                    seen[id] = arena.translate(e);
                  } catch (Throwable e) {
                    seen[id] = e;
                  }
                });
        threads[t].start();
      }
      Thread.sleep(2);
      arena.close();
      for (int t = 0; t < threads.length; t++) {
        threads[t].join();
        assertTrue(seen[t] instanceof ClosedException, String.valueOf(seen[t]));
      }
    }
  }

  @Test
  void truncationUnderAMapIsAnExceptionAtOnce() throws IOException {
    Path raw = folder.resolve("t.mem");
    int columns = 3000;
    int rows = 400;
    byte[] block = new byte[columns * rows * 4];
    try (Arena arena = Arena.ofConfined()) {
      Files.write(raw, block);
      Dtype type = Dtype.of(ElementType.FLOAT32);
      Path fortran =
          NpyBytes.write(
              folder.resolve("t.npy"),
              NpyBytes.file(
                  1, NpyBytes.header("<f4", true, "(" + rows + ", " + columns + ")"), block));
      RowArray direct = ArrayFiles.openRaw(raw, type, rows, columns, arena);
      RowArray[] arrays = {
        direct,
        ArrayFiles.openRaw(raw, Dtype.parse(">f4"), rows, columns, arena),
        direct.select(new int[] {7, 2999, 0}),
        ArrayFiles.openNpy(fortran, arena),
      };
      MemorySegment dst = arena.allocate(direct.rowBytes());
      for (int warm = 0; warm < 200; warm++) {
        for (RowArray array : arrays) {
          for (int r = 0; r < rows; r += 1 + warm % 7 * 20) {
            array.guard(r, 1);
            array.copyRow(r, dst, 0);
          }
        }
      }
      for (Path file : new Path[] {raw, fortran}) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.truncate(block.length / 2);
        }
      }
      int first = rows / 2 + 2;
      for (int again = 0; again < 300; again++) {
        for (RowArray array : arrays) {
          int r = first + again % (rows - first);
          RecordingException e =
              assertThrows(
                  RecordingException.class, () -> array.guard(r, 1), "run " + again + " row " + r);
          assertTrue(e.getMessage().contains("truncated"), e.getMessage());
          assertThrows(RecordingException.class, () -> array.guard(0, rows));
          if (array == direct) {
            // the last of many, behind rows whose pages are there
            long[] some = {0, 1, 1, 90, 4, 3, r};
            array.guardRows(some, 6, 2);
            assertThrows(
                RecordingException.class,
                () -> array.guardRows(some, 7, 1),
                "run " + again + " row " + r);
            assertThrows(
                RecordingException.class,
                () -> array.guardRows(new long[] {rows / 2 - 1}, 1, 3),
                "run " + again);
          }
          assertThrows(
              RecordingException.class,
              () -> array.copyRow(r, dst, 0),
              "run " + again + " row " + r);
          if (array != arrays[3]) {
            array.guard(again % 190, 1);
            array.copyRow(again % 190, dst, 0);
          }
        }
        if (again % 100 == 0) {
          for (RowArray array : arrays) {
            assertThrows(RecordingException.class, () -> array.cached(ElementType.FLOAT64, arena));
            assertThrows(RecordingException.class, () -> array.cached(null, arena));
          }
        }
      }
    }
  }

  @Test
  void guardAndCopyAllocateNothing() {
    Path file = write(">f4", true);
    var bean =
        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
    try (Arena arena = Arena.ofConfined()) {
      RowArray array = ArrayFiles.openNpy(file, arena);
      RowArray selected = array.select(new int[] {1, 3});
      MemorySegment dst = arena.allocate(array.rowBytes());
      long least = Long.MAX_VALUE;
      for (int round = 0; round < 20; round++) {
        long before = bean.getCurrentThreadAllocatedBytes();
        for (int r = 0; r < ROWS; r++) {
          array.guard(r, 1);
          array.copyRow(r, dst, 0);
          selected.guard(r, 1);
          selected.copyRow(r, dst, 0);
        }
        least = Math.min(least, bean.getCurrentThreadAllocatedBytes() - before);
      }
      assertEquals(0, least);
    }
  }

  @Test
  void parsesNamesAndDescriptors() {
    assertEquals(new Dtype(ElementType.FLOAT32, ByteOrder.LITTLE_ENDIAN), Dtype.parse("<f4"));
    assertEquals(new Dtype(ElementType.INT16, ByteOrder.BIG_ENDIAN), Dtype.parse(">i2"));
    assertEquals(Dtype.of(ElementType.FLOAT32), Dtype.parse("float32"));
    assertEquals(Dtype.of(ElementType.UINT8), Dtype.parse("|u1"));
    assertEquals(Dtype.of(ElementType.BOOL), Dtype.parse("bool"));
    assertEquals(Dtype.of(ElementType.FLOAT64), Dtype.parse("numpy.float64"));
    for (String bad :
        new String[] {"", "<", "f3", "complex64", "O", "object", "<U3", "float33", "bfloat16"}) {
      assertEquals(null, Dtype.parse(bad), bad);
    }
    assertThrows(RecordingException.class, () -> Dtype.parse("f3", folder, "dtype"));
    assertEquals(">f8", new Dtype(ElementType.FLOAT64, ByteOrder.BIG_ENDIAN).descriptor());
    assertEquals("|b1", Dtype.of(ElementType.BOOL).descriptor());
    assertEquals(0, ByteBuffer.allocate(0).remaining());
  }
}
