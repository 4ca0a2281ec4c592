/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.storage;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.FreshJvm;
import org.syncline.array.ElementType;
import org.syncline.error.RecordingException;
import org.syncline.kernel.RowPass;

/**
 * Elements of every type, byte order and layout in a file that was truncated under its map, read by
 * compiled scalar code: HotSpot aborts the process at instructions that its handler of SIGBUS
 * cannot decode, so each kind of load is tried.
 */
@Tag("any-width")
class UnreadableElementsTest {
  @TempDir Path folder;

  @Test
  void everyKindOfElementMayBeGone() throws Exception {
    FreshJvm.succeeds(
        FreshJvm.of(
            List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx128m",
                "-Xbatch",
                "-Dsyncline.kernels=scalar"),
            Reader.class,
            folder.toString()));
  }

  /** Reads whole files until that is compiled, then what is left of them. */
  static final class Reader {
    private static final int ROWS = 64;
    private static final int COLUMNS = 600;

    /** Lies behind the first page, which a truncated file keeps. */
    private static final int ROW = 40;

    private static final int WARM = 40;

    private Reader() {}

    public static void main(String[] args) throws IOException {
      Map<Path, List<Runnable>> files = new LinkedHashMap<>();
      try (Arena arena = Arena.ofConfined()) {
        for (String name :
            new String[] {"b1", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8"}) {
          for (String order : name.endsWith("1") ? new String[] {"|"} : new String[] {"<", ">"}) {
            for (boolean fortran : new boolean[] {false, true}) {
              String descr = order + name;
              byte[] data = new byte[ROWS * COLUMNS * Integer.parseInt(descr.substring(2))];
              String header = NpyBytes.header(descr, fortran, "(" + ROWS + ", " + COLUMNS + ")");
              Path file = Path.of(args[0], descr + fortran + ".npy");
              Files.write(file, NpyBytes.file(1, header, data));
              files.put(file, reads(ArrayFiles.openNpy(file, arena), arena));
            }
          }
        }
        // types in turn: what is compiled is for all of them
        for (int i = 0; i < WARM; i++) {
          files.values().forEach(reads -> reads.forEach(Runnable::run));
        }
        for (Path file : files.keySet()) {
          try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(100);
          }
        }
        files.forEach(
            (file, reads) -> {
              for (int i = 0; i < reads.size(); i++) {
                check(file, i, reads.get(i));
              }
            });
      }
    }

    private static void check(Path file, int index, Runnable read) {
      try {
        read.run();
      } catch (RecordingException | InternalError e) {
        return;
      }
      throw new AssertionError(file + ", read " + index);
    }

    private static List<Runnable> reads(RowArray array, Arena arena) {
      List<Runnable> reads = new ArrayList<>();
      MemorySegment row = arena.allocate(8 * COLUMNS, 8);
      reads.add(() -> array.copyRow(ROW, row, 0));
      reads.add(
          () -> {
            long bits = 0;
            for (int c = 0; c < COLUMNS; c++) {
              bits ^= array.bits(ROW, c);
            }
            row.set(Elements.LONG, 0, bits);
            array.settle();
          });
      int[] some = {3, COLUMNS - 1, 7};
      RowArray selected = array.select(some);
      reads.add(
          () -> {
            for (int i = 0; i < 100; i++) {
              selected.copyRow(ROW + i % 4, row, 0);
            }
          });
      for (ElementType to : new ElementType[] {ElementType.FLOAT32, ElementType.FLOAT64}) {
        reads.add(
            () -> {
              try (Arena own = Arena.ofConfined()) {
                array.cached(to, own);
              }
            });
      }
      if (array.isDirect()) {
        for (ElementType to : ElementType.values()) {
          RowPass pass = RowPass.of(array.type(), to);
          reads.add(
              () -> {
                pass.run(array.segment(), array.rowOffset(ROW), row, 0, COLUMNS);
                array.settle();
              });
        }
      }
      return reads;
    }
  }
}
