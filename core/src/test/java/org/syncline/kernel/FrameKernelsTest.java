/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.syncline.FreshJvm;
import org.syncline.array.ElementType;
import org.syncline.testdata.GuardPageArena;

/**
 * Vector kernels write the scalar kernels' bits, for every tail and misalignment, with sources that
 * end at a forbidden page and destinations whose neighbours stay as they were; scalar kernels write
 * what plain arithmetic says.
 */
class FrameKernelsTest {
  private static final FrameCalls SCALAR = new FrameCalls(Kernels.scalar());
  private static final FrameCalls VECTOR = new FrameCalls(KernelProvider.get());
  private static final int MOST = 4 * 16 + 5;
  private static final long SEED = Long.getLong("syncline.test.seed", 20261122L);
  private static final List<ElementType> TARGETS =
      List.of(
          ElementType.FLOAT32,
          ElementType.FLOAT64,
          ElementType.FLOAT16,
          ElementType.BFLOAT16,
          ElementType.UINT8);
  private static final float[] AWKWARD = {
    Float.NaN,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    0f,
    -0f,
    Float.MIN_VALUE,
    -1e-40f,
    0.5f,
    1.5f,
    2.5f,
    254.5f,
    255.5f,
    256f,
    -0.5f,
    65504f,
    65519.9f,
    65520f,
    6.1e-5f,
    5.9e-8f,
    2.9e-8f,
    3.4e38f,
    1e-6f
  };

  private static MemorySegment random(MemorySegment s, ElementType type, int count, Random random) {
    for (int i = 0; i < count; i++) {
      float v =
          random.nextInt(4) == 0
              ? AWKWARD[random.nextInt(AWKWARD.length)]
              : random.nextFloat() * 300 - 20;
      switch (type) {
        case UINT8, BOOL, INT8 -> s.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
        case FLOAT32 -> s.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i, v);
        case FLOAT64 ->
            s.set(
                ValueLayout.JAVA_DOUBLE_UNALIGNED,
                8L * i,
                random.nextInt(9) == 0 ? 1e300 : v + 1e-9);
        default -> {
          for (int b = 0; b < type.bytes(); b++) {
            s.set(ValueLayout.JAVA_BYTE, (long) i * type.bytes() + b, (byte) random.nextInt());
          }
        }
      }
    }
    return s;
  }

  private static void assertSame(String what, MemorySegment expected, MemorySegment found) {
    long at = expected.mismatch(found);
    assertEquals(-1, at, () -> what + ": byte " + at + " differs, seed " + SEED);
  }

  private static void forgetNaNs(MemorySegment s, long from, long bytes) {
    for (long at = from; at < from + bytes; at += 4) {
      float v = s.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at);
      s.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, v != v ? Float.NaN : v);
    }
  }

  private interface Body {
    void run(FrameCalls kernels, MemorySegment dst, long offset);
  }

  /**
   * Runs a body on both kernels between bytes that must stay; the destination ends at its margin.
   */
  private static void compare(String what, long bytes, int misalignment, Body body) {
    compare(what, bytes, misalignment, null, body);
  }

  /**
   * Same where {@code nans} is the type whose NaN may differ in sign and payload, as sums of
   * several NaN do.
   */
  private static void compare(
      String what, long bytes, int misalignment, ElementType nans, Body body) {
    try (Arena arena = Arena.ofConfined()) {
      long margin = 64L + misalignment;
      MemorySegment a = arena.allocate(bytes + 2 * margin, 64).fill((byte) 0x5a);
      MemorySegment b = arena.allocate(bytes + 2 * margin, 64).fill((byte) 0x5a);
      body.run(SCALAR, a, margin);
      body.run(VECTOR, b, margin);
      if (nans == ElementType.FLOAT32) {
        forgetNaNs(a, margin, bytes);
        forgetNaNs(b, margin, bytes);
      }
      assertSame(what, a, b);
      for (long i = 0; i < margin; i++) {
        assertEquals(0x5a, a.get(ValueLayout.JAVA_BYTE, i));
        assertEquals(0x5a, a.get(ValueLayout.JAVA_BYTE, bytes + margin + i));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ElementType.class,
      names = {"UINT8", "FLOAT32", "FLOAT64", "INT16", "UINT64"})
  void finishesEveryLengthBesideForbiddenPages(ElementType from) {
    Random random = new Random(SEED);
    try (GuardPageArena guarded = new GuardPageArena()) {
      MemorySegment end = random(guarded.allocate((long) MOST * from.bytes()), from, MOST, random);
      for (ElementType to : TARGETS) {
        for (int n = 0; n <= MOST; n++) {
          int count = n;
          for (boolean normalize : new boolean[] {false, true}) {
            String what = from + " to " + to + ", " + n + (normalize ? " normalised" : "");
            long first = (long) (MOST - n) * from.bytes();
            compare(
                what,
                (long) n * to.bytes(),
                n % 5,
                (k, dst, at) ->
                    k.finish(from, end, first, to, dst, at, count, normalize, 113.5f, 59.4f));
          }
        }
      }
    }
  }

  @Test
  void writesFlushAtForbiddenPages() {
    Random random = new Random(SEED);
    try (GuardPageArena guarded = new GuardPageArena();
        Arena arena = Arena.ofConfined()) {
      MemorySegment src = random(arena.allocate(4L * MOST), ElementType.FLOAT32, MOST, random);
      for (ElementType to : TARGETS) {
        for (int n = 1; n < 40; n++) {
          MemorySegment dst = guarded.allocate((long) n * to.bytes());
          VECTOR.finish(ElementType.FLOAT32, src, 0, to, dst, 0, n, true, 80, 60);
          VECTOR.fill(to, dst, 0, n, 3);
        }
      }
    }
  }

  @Test
  void followsPlainArithmetic() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment src = arena.allocate(256);
      MemorySegment dst = arena.allocate(1024);
      for (int i = 0; i < 256; i++) {
        src.set(ValueLayout.JAVA_BYTE, i, (byte) i);
      }
      for (FrameCalls k : List.of(SCALAR, VECTOR)) {
        k.finish(ElementType.UINT8, src, 0, ElementType.FLOAT32, dst, 0, 256, true, 113.5f, 59.4f);
        for (int i = 0; i < 256; i++) {
          assertEquals((i - 113.5f) / 59.4f, dst.getAtIndex(ValueLayout.JAVA_FLOAT, i));
        }
        k.finish(ElementType.FLOAT32, dst, 0, ElementType.FLOAT16, dst, 512, 64, false, 0, 1);
        for (int i = 0; i < 64; i++) {
          short want = Float.floatToFloat16((i - 113.5f) / 59.4f);
          assertEquals(want, dst.get(ValueLayout.JAVA_SHORT, 512 + 2L * i));
        }
      }
      float[] values = {
        0.5f, 1.5f, 2.5f, 254.4f, 254.5f, 255.5f, 1e9f, -3, Float.NaN, Float.NEGATIVE_INFINITY
      };
      int[] pixels = {0, 2, 2, 254, 254, 255, 255, 0, 0, 0};
      for (int i = 0; i < values.length; i++) {
        assertEquals((byte) pixels[i], ScalarFrames.uint8(values[i]), "uint8 of " + values[i]);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ElementType.class,
      names = {"UINT8", "FLOAT32"})
  void splitsColours(ElementType from) {
    Random random = new Random(SEED);
    float[] means = {110, 113.5f, 120};
    float[] stds = {60, 59.4f, 3};
    try (GuardPageArena guarded = new GuardPageArena()) {
      MemorySegment end =
          random(guarded.allocate(3L * MOST * from.bytes()), from, 3 * MOST, random);
      for (int n = 0; n <= MOST; n++) {
        int count = n;
        long first = 3L * (MOST - n) * from.bytes();
        for (boolean normalize : new boolean[] {false, true}) {
          compare(
              "planes of " + n,
              12L * n,
              4 * (n % 3),
              (k, dst, at) ->
                  k.planar(from, end, first, dst, at, 4L * count, count, normalize, means, stds));
        }
      }
    }
  }

  @Test
  void mixesGreyAndNormalisesEachPixel() {
    Random random = new Random(SEED);
    try (GuardPageArena guarded = new GuardPageArena()) {
      MemorySegment end =
          random(guarded.allocate(12L * MOST), ElementType.FLOAT32, 3 * MOST, random);
      for (int n = 0; n <= MOST; n++) {
        int count = n;
        long first = 12L * (MOST - n);
        compare(
            "grey",
            4L * n,
            0,
            ElementType.FLOAT32,
            (k, dst, at) -> k.gray(end, first, 4L * count, dst, at, count, true, 5, 7));
        MemorySegment means = end.asSlice(4L * (MOST - n), 4L * n);
        MemorySegment stds = end.asSlice(8L * MOST - 4L * n, 4L * n);
        compare(
            "each",
            4L * n,
            0,
            ElementType.FLOAT32,
            (k, dst, at) -> k.normalizeEach(end, first, means, stds, dst, at, count));
        compare(
            "interleave",
            12L * n,
            0,
            (k, dst, at) -> k.interleave(end, first, 4L * count, dst, at, count));
        compare(
            "fill", 4L * n, 0, (k, dst, at) -> k.fill(ElementType.FLOAT32, dst, at, count, -3.25f));
      }
    }
  }

  /** As torch has it: a neighbour of weight 0 would spread its NaN. */
  @ParameterizedTest
  @CsvSource({
    "NEAREST, false",
    "NEAREST_EXACT, false",
    "BILINEAR, false",
    "BILINEAR, true",
    "BICUBIC, true"
  })
  void anAxisThatKeepsItsSizeReadsNoNeighbours(String filter, boolean antialias) {
    for (int n : new int[] {1, 2, 7, 144}) {
      ResampleAxis axis = ResampleAxis.resize(filter, antialias, n, n);
      for (int i = 0; i < n; i++) {
        assertEquals(i, axis.start(i));
        assertEquals(1, axis.taps(i));
        assertEquals(1, axis.weight(i, 0));
      }
    }
  }

  private static ResampleAxis axis(String rule, int src, int dst) {
    return switch (rule) {
      case "area" -> dst > src ? ResampleAxis.areaEnlarge(src, dst) : ResampleAxis.area(src, dst);
      case "enlarge" -> ResampleAxis.areaEnlarge(src, dst);
      case "antialias" -> ResampleAxis.resize("BILINEAR", true, src, dst);
      case "bilinear" -> ResampleAxis.resize("BILINEAR", false, src, dst);
      case "bicubic" -> ResampleAxis.resize("BICUBIC", true, src, dst);
      case "cubic" -> ResampleAxis.resize("BICUBIC", false, src, dst);
      default -> ResampleAxis.resize("NEAREST", false, src, dst);
    };
  }

  @ParameterizedTest
  @CsvSource({
    "area, 36, 64, 18, 32",
    "area, 36, 64, 25, 41",
    "area, 48, 64, 12, 16",
    "area, 48, 160, 14, 64",
    "area, 36, 640, 12, 33",
    "area, 7, 5, 3, 2",
    "area, 1, 1, 1, 1",
    "area, 50, 90, 50, 90",
    "area, 9, 1000, 3, 17",
    "enlarge, 36, 64, 50, 90",
    "enlarge, 36, 64, 20, 96",
    "enlarge, 9, 16, 36, 64",
    "enlarge, 36, 64, 144, 256",
    "enlarge, 4, 64, 12, 192",
    "enlarge, 5, 20, 15, 60",
    "enlarge, 60, 100, 120, 200",
    "enlarge, 70, 64, 70, 128",
    "enlarge, 1, 1, 5, 37",
    "enlarge, 3, 200, 9, 100",
    "antialias, 36, 64, 18, 32",
    "antialias, 36, 64, 50, 90",
    "antialias, 50, 90, 21, 17",
    "bilinear, 36, 64, 25, 41",
    "bilinear, 5, 7, 33, 35",
    "bicubic, 36, 64, 25, 41",
    "cubic, 5, 2, 33, 35",
    "cubic, 36, 64, 25, 41",
    "nearest, 36, 64, 25, 41",
    "nearest, 2, 3, 40, 70"
  })
  void resamples(String rule, int h, int w, int height, int width) {
    Random random = new Random(SEED);
    ResampleAxis rows = axis(rule, h, height);
    ResampleAxis columns = axis(rule, w, width);
    for (ElementType from : List.of(ElementType.UINT8, ElementType.FLOAT32)) {
      try (GuardPageArena guarded = new GuardPageArena()) {
        MemorySegment src =
            random(guarded.allocate((long) h * w * from.bytes()), from, h * w, random);
        for (ElementType to :
            List.of(ElementType.FLOAT32, ElementType.UINT8, ElementType.FLOAT16)) {
          compare(
              rule + " to " + to,
              (long) height * width * to.bytes(),
              0,
              to,
              (k, dst, at) -> {
                ResampleTable table = new ResampleTable(rows, columns, k.lanes());
                MemorySegment scratch = guarded.allocate(table.scratchBytes());
                k.resample(
                    table,
                    from,
                    src,
                    0,
                    (long) w * from.bytes(),
                    scratch,
                    0,
                    to,
                    dst,
                    at,
                    to != ElementType.UINT8,
                    80,
                    60);
              });
        }
        if (from == ElementType.UINT8) {
          compareWithSums(rows, columns, src, h, w);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "area, 480, 640, 144, 256",
    "area, 90, 700, 31, 90",
    "area, 60, 2000, 9, 11",
    "area, 40, 60, 20, 61",
    "antialias, 100, 300, 21, 77",
    "bicubic, 60, 90, 25, 41",
    "nearest, 60, 90, 7, 41"
  })
  void stripsOfRowsGiveWhatSingleRowsGive(String rule, int h, int w, int height, int width) {
    Random random = new Random(SEED);
    ResampleAxis rows = axis(rule, h, height);
    ResampleAxis columns = axis(rule, w, width);
    int gap = 12;
    for (ElementType from : List.of(ElementType.UINT8, ElementType.FLOAT32)) {
      for (int crop : new int[] {0, 2}) {
        ResampleTable table =
            new ResampleTable(
                rows.crop(crop, height - 2 * crop), columns.crop(crop, width - 2 * crop), 1);
        for (int distance : new int[] {0, gap}) {
          try (GuardPageArena guarded = new GuardPageArena()) {
            long rowBytes = (long) w * from.bytes() + distance;
            long bytes = rowBytes * h - distance;
            MemorySegment src =
                random(guarded.allocate(bytes), from, (int) (bytes / from.bytes()), random);
            MemorySegment scratch = guarded.allocate(table.scratchBytes());
            long out = 4L * table.height() * table.width();
            MemorySegment strips = guarded.allocate(out);
            MemorySegment single = guarded.allocate(out);
            SCALAR.resample(
                table,
                from,
                src,
                0,
                rowBytes,
                scratch,
                0,
                ElementType.FLOAT32,
                strips,
                0,
                true,
                80,
                60);
            FrameFinish f = new FrameFinish(from, ElementType.FLOAT32, true, 80, 60);
            new ScalarFrames.RowByRow(table, f, ScalarFrames.pixels(f.narrowing()))
                .run(src.address(), rowBytes, scratch.address(), single.address());
            for (long i = 0; i < out / 4; i++) {
              // which NaN a sum of two is depends on the compiler
              assertEquals(
                  Float.floatToIntBits(single.getAtIndex(ValueLayout.JAVA_FLOAT, i)),
                  Float.floatToIntBits(strips.getAtIndex(ValueLayout.JAVA_FLOAT, i)),
                  from + ", " + distance + ", " + crop + ", " + i);
            }
          }
        }
      }
    }
  }

  /** Checks against sums in double precision: at most 1e-3 on the scale 0 to 255. */
  private static void compareWithSums(
      ResampleAxis rows, ResampleAxis columns, MemorySegment src, int h, int w) {
    try (Arena arena = Arena.ofConfined()) {
      ResampleTable table = new ResampleTable(rows, columns, VECTOR.lanes());
      MemorySegment dst = arena.allocate(4L * rows.size() * columns.size());
      ElementType f = ElementType.FLOAT32;
      VECTOR.resample(
          table,
          ElementType.UINT8,
          src,
          0,
          w,
          arena.allocate(table.scratchBytes()),
          0,
          f,
          dst,
          0,
          false,
          0,
          1);
      for (int y = 0; y < rows.size(); y++) {
        for (int x = 0; x < columns.size(); x++) {
          double sum = 0;
          for (int j = 0; j < rows.taps(y); j++) {
            for (int i = 0; i < columns.taps(x); i++) {
              int pixel =
                  src.get(
                          ValueLayout.JAVA_BYTE,
                          (long) (rows.start(y) + j) * w + columns.start(x) + i)
                      & 0xff;
              sum += (double) rows.weight(y, j) * columns.weight(x, i) * pixel;
            }
          }
          sum *= (double) rows.scale() * columns.scale();
          assertEquals(
              sum, dst.getAtIndex(ValueLayout.JAVA_FLOAT, (long) y * columns.size() + x), 1e-3);
        }
      }
    }
  }

  @Test
  void readOnlyMemoryIsNotWritten() {
    ElementType f = ElementType.FLOAT32;
    ElementType u = ElementType.UINT8;
    int n = 70;
    float[] three = {1, 1, 1};
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment src = arena.allocate(1 << 16);
      MemorySegment memory = arena.allocate(1 << 16);
      MemorySegment dst = memory.asReadOnly();
      ResampleTable table =
          new ResampleTable(ResampleAxis.area(20, 7), ResampleAxis.area(90, n), VECTOR.lanes());
      for (FrameCalls k : List.of(SCALAR, VECTOR)) {
        List<Runnable> writes =
            List.of(
                () -> k.finish(u, src, 0, f, dst, 0, n, true, 1, 2),
                () -> k.finish(f, src, 0, f, dst, 0, n, false, 0, 1),
                () -> k.planar(u, src, 0, dst, 0, 4L * n, n, true, three, three),
                () -> k.planar(f, src, 0, dst, 0, 4L * n, n, false, null, null),
                () -> k.interleave(src, 0, 4L * n, dst, 0, n),
                () -> k.gray(src, 0, 4L * n, dst, 0, n, false, 0, 1),
                () -> k.normalizeEach(src, 0, src, src, dst, 0, n),
                () -> k.fill(f, dst, 0, n, 3),
                () -> k.resample(table, u, src, 0, 90, memory, 0, f, dst, 0, true, 1, 2),
                () -> k.resample(table, u, src, 0, 90, dst, 0, f, memory, 0, true, 1, 2));
        for (Runnable write : writes) {
          assertThrows(IllegalArgumentException.class, write::run);
        }
      }
    }
  }

  @Test
  void rowsOutsideTheirMemoryAreRejected() {
    ElementType u = ElementType.UINT8;
    ElementType f = ElementType.FLOAT32;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment src = arena.allocate(256);
      MemorySegment dst = arena.allocate(1024);
      // before the memory; a sum of bytes that wraps to few; no row; just too many
      for (long[] rows : new long[][] {{-32, 2}, {1L << 62, 5}, {32, 0}, {65, 4}}) {
        int count = (int) rows[1];
        assertThrows(
            IndexOutOfBoundsException.class, () -> Frames.rows(src, 0, count, rows[0], 64));
        if (count == 0) {
          continue;
        }
        for (FrameCalls k : List.of(SCALAR, VECTOR)) {
          ResampleTable table =
              new ResampleTable(
                  ResampleAxis.area(count, count), ResampleAxis.area(64, 64), k.lanes());
          MemorySegment scratch = arena.allocate(table.scratchBytes());
          assertThrows(
              IndexOutOfBoundsException.class,
              () -> k.resample(table, u, src, 0, rows[0], scratch, 0, u, dst, 0, false, 0, 1));
        }
      }
      for (long distance : new long[] {-32, 1L << 62, 97}) {
        for (FrameCalls k : List.of(SCALAR, VECTOR)) {
          List<Runnable> runs =
              List.of(
                  () -> k.planar(u, dst, 0, src, 0, distance, 16, false, null, null),
                  () -> k.interleave(src, 0, distance, dst, 0, 16),
                  () -> k.gray(src, 0, distance, dst, 0, 16, false, 0, 1));
          for (Runnable run : runs) {
            assertThrows(IndexOutOfBoundsException.class, run::run);
          }
        }
      }
      assertThrows(
          IndexOutOfBoundsException.class,
          () ->
              VECTOR.resample(
                  new ResampleTable(
                      ResampleAxis.area(1, 1), ResampleAxis.area(65, 65), VECTOR.lanes()),
                  f,
                  src,
                  0,
                  260,
                  arena.allocate(4096),
                  0,
                  f,
                  dst,
                  0,
                  false,
                  0,
                  1));
    }
  }

  @Test
  void weightsSumToOne() {
    for (String rule :
        List.of("area", "enlarge", "antialias", "bilinear", "bicubic", "cubic", "nearest")) {
      for (int src = 1; src < 40; src++) {
        for (int dst = 1; dst < 60; dst += 3) {
          ResampleAxis axis = axis(rule, src, dst);
          assertEquals(dst, axis.size());
          for (int i = 0; i < dst; i++) {
            float sum = 0;
            for (int k = 0; k < axis.taps(i); k++) {
              sum += axis.weight(i, k);
            }
            assertEquals(1, sum * axis.scale(), 1e-5, rule + " " + src + " to " + dst);
            assertTrue(
                axis.start(i) >= 0 && axis.start(i) + axis.taps(i) <= src,
                rule + " " + src + " to " + dst);
          }
        }
      }
    }
  }

  @Test
  void allocatesNothing() throws Exception {
    FreshJvm.run(FrameKernelsTest.class);
  }

  @Test
  void allocatesNothingWhateverRanBefore() throws Exception {
    FreshJvm.runWithoutTypeProfile(FrameKernelsTest.class);
  }

  /** Measures the allocation of kernels; for a JVM of its own. */
  public static void main(String[] args) {
    new FrameKernelsTest().measureAllocation();
  }

  private void measureAllocation() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Arena arena = Arena.ofConfined()) {
      ResampleTable table = ResampleTable.of(ResampleAxis.area(48, 14), ResampleAxis.area(160, 64));
      MemorySegment src = arena.allocate(48 * 160);
      MemorySegment scratch = arena.allocate(1 << 20);
      MemorySegment dst = arena.allocate(4 * 48 * 160);
      FrameFinish finish = new FrameFinish(ElementType.UINT8, ElementType.FLOAT32, true, 80, 60);
      ResamplePass resample = ResamplePass.of(table, finish);
      PixelPass pixels = PixelPass.of(finish);
      FrameFinish floats = FrameFinish.conversion(ElementType.FLOAT32, ElementType.FLOAT32);
      ResampleTable narrow = ResampleTable.of(ResampleAxis.area(12, 8), ResampleAxis.area(17, 4));
      ResamplePass few = ResamplePass.of(narrow, floats);
      ResampleTable larger = ResampleTable.of(ResampleAxis.area(24, 48), ResampleAxis.area(64, 70));
      ResamplePass enlarge = ResamplePass.of(larger, floats);
      // carries sums from row to row, as resizing does
      SmoothPass smooth = SmoothPass.of(arena.allocate(8 * 4), 37);
      Runnable work =
          () -> {
            smooth.run(src, 0, 12, dst, 0);
            resample.run(src, 0, 160, scratch, 0, dst, 0);
            few.run(src, 0, 68, scratch, 0, dst, 0);
            enlarge.run(src, 0, 256, scratch, 0, dst, 0);
            pixels.run(src, 0, dst, 0, 48 * 160);
          };
      long least = Long.MAX_VALUE;
      // compiled code allocates nothing; before that, interpreted vector operations do
      long limit = System.nanoTime() + 60_000_000_000L;
      while (least > 0 && System.nanoTime() < limit) {
        for (int i = 0; i < 2_000; i++) {
          work.run();
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100; i++) {
          work.run();
        }
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
      assertTrue(least < 100, least + " bytes in 100 calls");
    }
  }
}
