/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.syncline.FreshJvm;
import org.syncline.array.ElementType;
import org.syncline.kernel.lanes.VectorBits;
import org.syncline.kernel.lanes.Widths;
import org.syncline.testdata.GuardPageArena;

/** Kernels start scalar and become vector kernels; nobody can tell by what they write. */
class WarmupTest {
  private static final int COUNT = 1_500;
  private static final ElementType F32 = ElementType.FLOAT32;
  private static final long SEED = 11;

  private final Arena arena = Arena.ofAuto();
  private final Random random = new Random(SEED);

  @BeforeEach
  void nothingWaits() {
    while (Warmup.poll() != null) {}
  }

  /** Calls a kernel in its three states: scalar, on trial, vector. */
  private <K> void check(K warming, K scalar, K vector, MemorySegment dst, Consumer<K> call) {
    byte[] expected = written(dst, scalar, call);
    assertBits(expected, written(dst, vector, call), "vector");
    assertBits(expected, written(dst, warming, call), "start");
    Warmup.Trial<?> trial = Warmup.poll();
    assertNotNull(trial, "no trial was submitted");
    assertBits(expected, written(dst, warming, call), "start again");
    assertNull(Warmup.poll(), "submitted twice");
    trial.prepare();
    for (int most : new int[] {Warmup.SHORTEST, Warmup.MIXED, Warmup.LONGEST}) {
      trial.shorten(most);
      trial.dst.fill((byte) 0);
      trial.scalar();
      byte[] found = bytes(trial.dst);
      trial.dst.fill((byte) 0);
      trial.vector();
      assertBits(found, bytes(trial.dst), "trial of " + most);
    }
    trial.empty();
    trial.switchOver();
    assertBits(expected, written(dst, warming, call), "switched over");
    assertNull(Warmup.poll(), "submitted after the switch");
  }

  private static <K> byte[] written(MemorySegment dst, K kernels, Consumer<K> call) {
    dst.fill((byte) 0x55);
    call.accept(kernels);
    return bytes(dst);
  }

  private static byte[] bytes(MemorySegment s) {
    return s.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
  }

  private static void assertBits(byte[] expected, byte[] found, String what) {
    int at = Arrays.mismatch(expected, found);
    assertEquals(-1, at, () -> what + " differs at byte " + at + ", seed " + SEED);
  }

  private void rows(MemorySegment dst, Consumer<RowCalls> call) {
    check(
        new RowCalls(Kernels.warming()),
        new RowCalls(Kernels.scalar()),
        new RowCalls(Kernels.vector()),
        dst,
        call);
  }

  private void frames(MemorySegment dst, Consumer<FrameCalls> call) {
    check(
        new FrameCalls(Kernels.warming()),
        new FrameCalls(Kernels.scalar()),
        new FrameCalls(Kernels.vector()),
        dst,
        call);
  }

  /** Bytes run scalar at 128 bits, and ask for nothing there. */
  private void bytes(MemorySegment dst, Consumer<FrameCalls> call) {
    if (VectorBits.takes(ElementType.UINT8)) {
      frames(dst, call);
    } else {
      call.accept(new FrameCalls(Kernels.warming()));
      assertNull(Warmup.poll());
    }
  }

  /** Passes without vector code stay scalar. */
  private static void asksForNothing(Consumer<RowCalls> call) {
    call.accept(new RowCalls(Kernels.warming()));
    assertNull(Warmup.poll());
  }

  private MemorySegment memory(long bytes) {
    return arena.allocate(bytes, 64);
  }

  private MemorySegment floats(int count) {
    MemorySegment s = memory(4L * count);
    for (int i = 0; i < count; i++) {
      s.setAtIndex(JAVA_FLOAT_UNALIGNED, i, random.nextFloat() * 100 + 1);
    }
    return s;
  }

  private MemorySegment doubles(int count) {
    MemorySegment s = memory(8L * count);
    for (int i = 0; i < count; i++) {
      s.setAtIndex(JAVA_DOUBLE_UNALIGNED, i, random.nextDouble() * 100 + 1);
    }
    return s;
  }

  private MemorySegment pixels(int count) {
    byte[] values = new byte[count];
    random.nextBytes(values);
    return memory(count).copyFrom(MemorySegment.ofArray(values));
  }

  private RowFinish finish(ElementType from, ElementType compute, ElementType to) {
    boolean single = compute == ElementType.FLOAT32;
    return new RowFinish(
        from,
        compute,
        to,
        RowFinish.Mode.COLUMNS,
        true,
        single ? floats(COUNT) : doubles(COUNT),
        single ? floats(COUNT) : doubles(COUNT));
  }

  @Test
  void rowsAreConvertedAndFinished() {
    MemorySegment src = floats(COUNT);
    MemorySegment single = memory(4L * COUNT);
    MemorySegment wide = memory(8L * COUNT);
    rows(wide, k -> k.convert(ElementType.FLOAT32, src, 0, ElementType.FLOAT64, wide, 0, COUNT));
    RowFinish f = finish(ElementType.FLOAT32, ElementType.FLOAT32, ElementType.FLOAT32);
    rows(single, k -> k.finish(f, src, 0, single, 0, COUNT));
  }

  @Test
  void rowsAreBlendedAndShifted() {
    MemorySegment src = floats(4 * COUNT);
    MemorySegment wide = memory(8L * COUNT);
    RowFinish f = finish(ElementType.FLOAT32, ElementType.FLOAT64, ElementType.FLOAT64);
    rows(wide, k -> k.blend(f, src, 0, 0.3, 4L * COUNT, 0.7, wide, 0, COUNT));
    MemorySegment shifts = memory(8L * COUNT);
    for (int i = 0; i < COUNT; i++) {
      shifts.setAtIndex(JAVA_DOUBLE_UNALIGNED, i, random.nextDouble() * 0.1);
    }
    if (!VectorBits.DOUBLE_MASKS) {
      return;
    }
    rows(
        wide,
        k ->
            k.shiftedNearest(
                f, src, 0, 4L * COUNT, 9, 10, 1.05, 0, 0.1, false, shifts, wide, 0, COUNT));
    rows(
        wide,
        k -> k.shiftedLinear(f, src, 0, 4L * COUNT, 9, 10, 1.05, 0, 0.1, shifts, wide, 0, COUNT));
  }

  /** The vector kernel finishes such a row: by code that a trial of other shifts has not run. */
  @Test
  void shiftsWithinOneRowAreFinished() {
    MemorySegment src = floats(COUNT);
    MemorySegment dst = memory(8L * COUNT);
    MemorySegment shifts = memory(8L * COUNT);
    RowFinish f = finish(ElementType.FLOAT32, ElementType.FLOAT64, ElementType.FLOAT64);
    Consumer<RowCalls> call =
        k ->
            k.shiftedNearest(
                f, src, 0, 4L * COUNT, 9, 9, 0.95, 0, 0.1, false, shifts, dst, 0, COUNT);
    rows(dst, call);
    call.accept(new RowCalls(Kernels.warming()));
    String code = Warmup.poll().code();
    assertTrue(code.startsWith("row "), code);
  }

  /** A trial of these would compare the scalar form with itself, on memory for all their rows. */
  @Test
  void shiftsThatRunScalarAskForNothing() {
    assertFalse(asksToShift(ElementType.FLOAT32, true, 3));
    assertFalse(asksToShift(ElementType.INT16, true, 1));
    assertFalse(asksToShift(ElementType.FLOAT32, false, 2));
    assertFalse(asksToShift(ElementType.INT32, false, 1));
    assertEquals(VectorBits.DOUBLE_MASKS, asksToShift(ElementType.FLOAT32, true, 2));
    assertEquals(VectorBits.DOUBLE_MASKS, asksToShift(ElementType.INT32, true, 2));
    assertEquals(VectorBits.DOUBLE_MASKS, asksToShift(ElementType.FLOAT64, false, 1));
  }

  private boolean asksToShift(ElementType from, boolean toNearest, int rows) {
    RowCalls kernels = new RowCalls(Kernels.warming());
    long rowBytes = (long) COUNT * from.bytes();
    MemorySegment src = memory((rows + 2) * rowBytes);
    MemorySegment shifts = memory(8L * COUNT);
    MemorySegment dst = memory(8L * COUNT);
    ElementType f64 = ElementType.FLOAT64;
    RowFinish f = new RowFinish(from, f64, f64, RowFinish.Mode.NONE, false, null, null);
    if (toNearest) {
      kernels.shiftedNearest(
          f, src, 0, rowBytes, 10, 10 + rows, 1.05, 0, 0.1, false, shifts, dst, 0, COUNT);
    } else {
      kernels.shiftedLinear(
          f, src, 0, rowBytes, 10, 10 + rows, 1.05, 0, 0.1, shifts, dst, 0, COUNT);
    }
    return Warmup.poll() != null;
  }

  /** Without means other code runs, which a trial with means has not seen. */
  @Test
  void rowsWithoutMeansHaveSwitchesOfTheirOwn() {
    ElementType f32 = ElementType.FLOAT32;
    MemorySegment src = floats(3 * COUNT);
    MemorySegment dst = memory(8L * COUNT);
    long[] order = {1, 0};
    double[] w = {0.5, 0.25};
    long second = 4L * COUNT;
    RowCalls warming = new RowCalls(Kernels.warming());
    RowCalls scalar = new RowCalls(Kernels.scalar());
    RowCalls vector = new RowCalls(Kernels.vector());
    for (RowFinish.Mode mode :
        new RowFinish.Mode[] {RowFinish.Mode.SCALAR, RowFinish.Mode.COLUMNS}) {
      for (boolean subtract : new boolean[] {true, false}) {
        MemorySegment means = subtract ? floats(COUNT) : null;
        RowFinish f = new RowFinish(f32, f32, f32, mode, subtract, means, floats(COUNT));
        check(warming, scalar, vector, dst, k -> k.finish(f, src, 0, dst, 0, COUNT));
        check(warming, scalar, vector, dst, k -> k.finishRows(f, src, order, 2, dst, 0, COUNT));
        MemorySegment wideMeans = subtract ? doubles(COUNT) : null;
        RowFinish wide =
            new RowFinish(f32, ElementType.FLOAT64, f32, mode, subtract, wideMeans, doubles(COUNT));
        check(
            warming,
            scalar,
            vector,
            dst,
            k -> k.blend(wide, src, 0, 0.3, second, 0.7, dst, 0, COUNT));
        check(
            warming,
            scalar,
            vector,
            dst,
            k -> k.blendRows(wide, src, order, w, w, 2, dst, 0, COUNT));
      }
    }
  }

  /** Native memory may be short, and to wait for it takes half a second: not in a read. */
  @Test
  void readersTakeNoNativeMemoryForTrials() {
    RowFinish f = finish(ElementType.FLOAT32, ElementType.FLOAT32, ElementType.FLOAT32);
    RowPass.of(Kernels.warming(), f).run(floats(COUNT), 0, memory(4L * COUNT), 0, COUNT);
    Warmup.Trial<?> trial = Warmup.poll();
    assertNull(trial.src);
    assertNull(trial.dst);
    trial.prepare();
    assertEquals(4L * Warmup.LONGEST, trial.src.byteSize());
    assertEquals(4L * Warmup.LONGEST, trial.dst.byteSize());
  }

  /** A plan that is compiled keeps its passes: they are switched over where they are. */
  @Test
  void aBoundPassIsSwitchedOver() {
    RowFinish f = finish(ElementType.FLOAT32, ElementType.FLOAT32, ElementType.FLOAT32);
    MemorySegment src = floats(COUNT);
    MemorySegment dst = memory(4L * COUNT);
    Kernels warming = Kernels.warming();
    RowPass pass = RowPass.of(warming, f);
    RowPass other = RowPass.of(warming, f);
    RowPass.Body scalar = pass.body;
    pass.run(src, 0, dst, 0, COUNT);
    byte[] expected = bytes(dst);
    assertSame(scalar, pass.body);
    Warmup.Trial<?> trial = Warmup.poll();
    trial.prepare();
    trial.switchOver();
    for (RowPass p : new RowPass[] {pass, other, RowPass.of(warming, f)}) {
      p.run(src, 0, dst, 0, COUNT);
      assertNotSame(scalar, p.body);
      dst.fill((byte) 0x55);
      p.run(src, 0, dst, 0, COUNT);
      assertBits(expected, bytes(dst), "switched over");
    }
    assertNull(Warmup.poll());
  }

  @Test
  void manyRowsAreFinishedBlendedAndSearched() {
    for (int count : new int[] {4, 40, 250}) {
      MemorySegment src = floats(6 * count);
      src.setAtIndex(JAVA_FLOAT_UNALIGNED, 2L * count + 1, Float.NaN);
      long[] order = {4, 0, 1, 1, 3};
      double[] w = {0.5, 0.25, 0.125, 0.75, 1};
      MemorySegment dst = memory(8L * order.length * count);
      int n = order.length;
      ElementType f32 = ElementType.FLOAT32;
      RowFinish plain = new RowFinish(f32, f32, f32, RowFinish.Mode.NONE, false, null, null);
      rows(dst, k -> k.finishRows(plain, src, order, n, dst, 0, count));
      RowFinish columns = finish(f32, f32, f32);
      rows(dst, k -> k.finishRows(columns, src, order, n, dst, 0, count));
      MemorySegment two = doubles(2);
      RowFinish scalar =
          new RowFinish(
              f32,
              f32,
              ElementType.BFLOAT16,
              RowFinish.Mode.SCALAR,
              true,
              two.asSlice(0, 8),
              two.asSlice(8, 8));
      rows(dst, k -> k.finishRows(scalar, src, order, n, dst, 0, count));
      RowFinish wide = finish(f32, ElementType.FLOAT64, ElementType.FLOAT64);
      rows(dst, k -> k.blendRows(wide, src, order, w, w, n, dst, 0, count));
      rows(dst, k -> assertEquals(1, k.rowsWithNaN(f32, src, 0, count, 6, dst, 0)));
    }
  }

  @Test
  void nanIsFoundAndReplaced() {
    MemorySegment src = floats(COUNT);
    src.setAtIndex(JAVA_FLOAT_UNALIGNED, COUNT - 3, Float.NaN);
    MemorySegment dst = memory(4L * COUNT);
    MemorySegment values = doubles(COUNT);
    ElementType type = ElementType.FLOAT32;
    rows(
        dst,
        k ->
            dst.setAtIndex(
                JAVA_FLOAT_UNALIGNED,
                0,
                (k.hasNaN(type, src, 0, COUNT) ? 1 : 0)
                    + (k.hasNaN(type, src, 0, COUNT - 3) ? 2 : 0)));
    rows(
        dst,
        k -> {
          dst.copyFrom(src);
          assertEquals(1, k.replaceNaN(type, dst, 0, COUNT, 2.5));
        });
    Consumer<RowCalls> byColumn =
        k -> {
          dst.copyFrom(src);
          assertEquals(1, k.replaceNaNByColumn(type, dst, 0, COUNT, values));
        };
    if (VectorBits.DOUBLE_MASKS) {
      rows(dst, byColumn);
    } else {
      asksForNothing(byColumn);
    }
  }

  @Test
  void columnsAreSummed() {
    if (!VectorBits.DOUBLE_MASKS) {
      asksForNothing(
          k -> k.accumulate(F32, floats(COUNT), 0, 0, 1, doubles(COUNT), doubles(COUNT), COUNT));
      asksForNothing(
          k ->
              k.accumulateSquares(
                  F32, floats(COUNT), 0, 0, 1, doubles(COUNT), doubles(COUNT), COUNT));
      return;
    }
    MemorySegment src = floats(COUNT);
    MemorySegment sums = memory(8L * COUNT);
    MemorySegment other = doubles(COUNT);
    ElementType type = ElementType.FLOAT32;
    rows(
        sums,
        k -> {
          sums.fill((byte) 0);
          k.accumulate(type, src, 0, 0, 1, sums, other, COUNT);
        });
    rows(
        sums,
        k -> {
          sums.fill((byte) 0);
          k.accumulateSquares(type, src, 0, 0, 1, other, sums, COUNT);
        });
  }

  @Test
  void extremesAreFound() {
    MemorySegment src = floats(COUNT);
    MemorySegment least = memory(4L * COUNT);
    MemorySegment most = memory(4L * COUNT);
    ElementType type = ElementType.FLOAT32;
    if (!VectorBits.DOUBLE_MASKS) {
      asksForNothing(k -> k.extremes(type, src, 0, 4L * COUNT, 1, least, most, COUNT));
      return;
    }
    rows(
        least,
        k -> {
          least.fill((byte) 0);
          k.extremes(type, src, 0, 4L * COUNT, 1, least, most, COUNT);
        });
  }

  @Test
  void framesAreFinished() {
    MemorySegment pixels = pixels(3 * COUNT);
    MemorySegment src = floats(3 * COUNT);
    MemorySegment dst = memory(4L * COUNT);
    MemorySegment all = memory(12L * COUNT);
    ElementType u8 = ElementType.UINT8;
    ElementType f32 = ElementType.FLOAT32;
    bytes(dst, k -> k.finish(u8, pixels, 0, f32, dst, 0, COUNT, true, 100, 7));
    bytes(dst, k -> k.finish(u8, pixels, 0, f32, dst, 0, COUNT, false, 0, 1));
    frames(dst, k -> k.finish(f32, src, 0, f32, dst, 0, COUNT, true, 100, 7));
    float[] means = {1, 2, 3};
    float[] stds = {3, 5, 7};
    bytes(all, k -> k.planar(u8, pixels, 0, all, 0, 4L * COUNT, COUNT, true, means, stds));
    frames(all, k -> k.planar(f32, src, 0, all, 0, 4L * COUNT, COUNT / 3, true, means, stds));
    frames(all, k -> k.interleave(src, 0, 4L * COUNT, all, 0, COUNT));
    frames(dst, k -> k.gray(src, 0, 4L * COUNT, dst, 0, COUNT, true, 100, 7));
    MemorySegment each = floats(COUNT);
    frames(dst, k -> k.normalizeEach(src, 0, each, each, dst, 0, COUNT));
    frames(dst, k -> k.fill(f32, dst, 0, COUNT, 0.1f));
  }

  @Test
  void framesAreResampled() {
    for (int[] size : new int[][] {{36, 64, 72, 128}, {90, 160, 36, 64}, {40, 50, 20, 120}}) {
      ResampleTable table =
          new ResampleTable(
              axis(size[0], size[2]), axis(size[1], size[3]), Kernels.vector().lanes());
      MemorySegment src = pixels(size[0] * size[1]);
      MemorySegment scratch = memory(table.scratchBytes());
      MemorySegment dst = memory(4L * size[2] * size[3]);
      ElementType u8 = ElementType.UINT8;
      ElementType f32 = ElementType.FLOAT32;
      frames(
          dst, k -> k.resample(table, u8, src, 0, size[1], scratch, 0, f32, dst, 0, true, 100, 7));
    }
  }

  /** Bytes that are taken as they are run other code than those that are blended. */
  @Test
  void tablesOfOtherWaysHaveSwitchesOfTheirOwn() {
    FrameCalls warming = new FrameCalls(Kernels.warming());
    FrameCalls scalar = new FrameCalls(Kernels.scalar());
    ElementType u8 = ElementType.UINT8;
    ElementType f32 = ElementType.FLOAT32;
    int[][] sizes = {{36, 64, 144, 256}, {36, 40, 144, 200}, {40, 72, 144, 256}};
    for (int i = 0; i < sizes.length; i++) {
      int[] size = sizes[i];
      ResampleTable table =
          new ResampleTable(axis(size[0], size[2]), axis(size[1], size[3]), warming.lanes());
      // alike in all that the switches told apart before
      assertEquals(1, table.window());
      assertTrue(table.columnsFirst());
      assertEquals(i < 2, table.replicates());
      assertEquals(i < 1, table.alike() > 0);
      MemorySegment src = pixels(size[0] * size[1]);
      MemorySegment scratch = memory(table.scratchBytes());
      MemorySegment dst = memory(4L * size[2] * size[3]);
      check(
          warming,
          scalar,
          new FrameCalls(Kernels.vector()),
          dst,
          k -> k.resample(table, u8, src, 0, size[1], scratch, 0, f32, dst, 0, true, 100, 7));
    }
  }

  private static ResampleAxis axis(int source, int size) {
    return source < size ? ResampleAxis.areaEnlarge(source, size) : ResampleAxis.area(source, size);
  }

  @Test
  void samplesTakeTheWaysOfTheirTable() {
    int[][] sizes = {
      {36, 64, 144, 256},
      {36, 40, 144, 200},
      {480, 640, 144, 256},
      {90, 160, 36, 64},
      {40, 50, 20, 120},
      {72, 99, 72, 99}
    };
    for (int[] size : sizes) {
      for (int most : new int[] {Warmup.SHORTEST, Warmup.MIXED}) {
        ResampleTable table =
            new ResampleTable(
                axis(size[0], size[2]), axis(size[1], size[3]), Kernels.vector().lanes());
        ResampleTable sample = table.sample(most);
        String what = Arrays.toString(size) + " " + most;
        assertTrue(sample.height() <= 8 && sample.width() <= most, what);
        for (ResampleTable t : List.of(sample, sample.empty())) {
          assertEquals(table.columnsFirst(), t.columnsFirst(), what);
          assertEquals(table.window(), t.window(), what);
          assertEquals(table.replicates(), t.replicates(), what);
          assertEquals(table.fullTaps(), t.fullTaps(), what);
          assertEquals(table.taps(), t.taps(), what);
          assertEquals(table.alike() > 0, t.alike() > 0, what);
        }
        assertEquals(0, sample.empty().width(), what);
      }
    }
  }

  /** The warm-up calls kernels with rows of no elements: these must not touch memory at all. */
  @Test
  void emptyRowsReadAndWriteNothing() {
    assumeTrue(GuardPageArena.isSupported(), "needs mmap and mprotect");
    try (GuardPageArena guarded = new GuardPageArena()) {
      // right behind a forbidden page, and right before one
      MemorySegment first = guarded.allocateAtStart(64);
      MemorySegment last = guarded.allocate(0);
      ElementType f32 = ElementType.FLOAT32;
      ElementType f64 = ElementType.FLOAT64;
      for (long at : new long[] {first.address(), last.address()}) {
        for (ElementType from : ElementType.values()) {
          if (Widths.BITS == 128 && from.bytes() == 1) {
            continue;
          }
          for (ElementType to :
              new ElementType[] {
                f32, f64, ElementType.FLOAT16, ElementType.BFLOAT16, ElementType.UINT8
              }) {
            RowFinish plain = RowFinish.conversion(from, to);
            runEmpty(plain, at);
            for (ElementType compute : new ElementType[] {f32, f64}) {
              for (RowFinish.Mode mode :
                  new RowFinish.Mode[] {RowFinish.Mode.SCALAR, RowFinish.Mode.COLUMNS}) {
                MemorySegment one = memory(8);
                one.set(JAVA_DOUBLE_UNALIGNED, 0, 3);
                runEmpty(new RowFinish(from, compute, to, mode, true, one, one), at);
              }
            }
          }
        }
        assertFalse(VectorNans.searchNothing(VectorNans.search(f32), at));
        assertFalse(VectorNans.searchNothing(VectorNans.search(f64), at));
      }
      assertArrayEquals(new byte[64], bytes(first));
    }
  }

  private static void runEmpty(RowFinish f, long at) {
    RowStatistics statistics = new RowStatistics(f);
    VectorRows.body(f, statistics).runEmpty(at, at);
    VectorGathers.body(f, statistics, 1).runEmpty(at, new long[1], at);
  }

  @Test
  void theKernelThatHasDoneMostIsNext() {
    RowCalls kernels = new RowCalls(Kernels.warming());
    MemorySegment src = floats(COUNT);
    MemorySegment dst = memory(8L * COUNT);
    kernels.hasNaN(ElementType.FLOAT32, src, 0, COUNT);
    for (int i = 0; i < 3; i++) {
      kernels.convert(ElementType.FLOAT32, src, 0, ElementType.FLOAT64, dst, 0, COUNT);
    }
    kernels.convert(ElementType.FLOAT32, src, 0, ElementType.BFLOAT16, dst, 0, COUNT);
    kernels.hasNaN(ElementType.FLOAT32, src, 0, COUNT);
    assertEquals(3 * COUNT, Warmup.poll().done());
    assertEquals(2 * COUNT, Warmup.poll().done());
    assertEquals(COUNT, Warmup.poll().done());
    assertNull(Warmup.poll());
  }

  @Test
  void shortRowsAndOtherTypesAskForNothing() {
    RowCalls kernels = new RowCalls(Kernels.warming());
    MemorySegment src = floats(COUNT);
    MemorySegment dst = memory(8L * COUNT);
    kernels.convert(ElementType.FLOAT32, src, 0, ElementType.FLOAT64, dst, 0, 4);
    kernels.convert(ElementType.FLOAT32, src, 0, ElementType.FLOAT32, dst, 0, COUNT);
    assertFalse(kernels.hasNaN(ElementType.INT32, src, 0, COUNT));
    assertNull(Warmup.poll());
  }

  /** Runs a kernel until the warm-up has switched it over, in a JVM of its own. */
  public static final class Child {
    private Child() {}

    public static void main(String[] args) throws Exception {
      Kernels kernels = KernelProvider.get();
      System.out.println(kernels.warms() + " " + kernels.name());
      FrameFinish finish = new FrameFinish(ElementType.UINT8, ElementType.FLOAT32, true, 100, 7);
      PixelPass pass = PixelPass.of(finish);
      int n = 36_864;
      MemorySegment src = Arena.ofAuto().allocate(n);
      MemorySegment dst = Arena.ofAuto().allocate(4L * n, 64);
      var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
      // the first calls make the thread's scratch and submit the trial
      threads.getCurrentThreadAllocatedBytes();
      calls(pass, src, dst, n, 100);
      long before = threads.getCurrentThreadAllocatedBytes();
      calls(pass, src, dst, n, 900);
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      // what the compilers still box in the first calls; a block would be kilobytes
      System.out.println("scalar allocates little " + (allocated / 900 < 64));
      System.out.println(
          "waits " + Thread.getAllStackTraces().keySet().stream().noneMatch(Child::isWarmup));
      // as what ends the threads of a program does, Maven's exec:java for one: not an error
      calls(pass, src, dst, n, 200);
      Thread warmup = null;
      while (warmup == null && Warmup.SWITCHED.get() == 0) {
        warmup =
            Thread.getAllStackTraces().keySet().stream()
                .filter(Child::isWarmup)
                .findFirst()
                .orElse(null);
      }
      while (warmup != null && warmup.isAlive() && Warmup.SWITCHED.get() == 0) {
        warmup.interrupt();
      }
      // another kernel that asks for its vector form starts the warm-up again
      PixelPass.of(new FrameFinish(ElementType.UINT8, ElementType.FLOAT64, true, 100, 7))
          .run(src, 0, Arena.ofAuto().allocate(8L * n, 64), 0, n);
      long begin = System.nanoTime();
      while (Warmup.SWITCHED.get() == 0 && System.nanoTime() - begin < 300e9) {
        calls(pass, src, dst, n, 100);
      }
      System.out.println("switched " + Warmup.SWITCHED.get());
      calls(pass, src, dst, n, 1);
      MemorySegment other = Arena.ofAuto().allocate(4L * n, 64);
      calls(PixelPass.of(Kernels.scalar(), finish), src, other, n, 1);
      System.out.println("equal " + (dst.mismatch(other) == -1));
    }

    private static boolean isWarmup(Thread t) {
      return t.getName().equals("syncline-warmup");
    }

    private static void calls(
        PixelPass pass, MemorySegment src, MemorySegment dst, int n, int calls) {
      for (int i = 0; i < calls; i++) {
        pass.run(src, 0, dst, 0, n);
      }
    }
  }

  @Test
  void theDefaultStartsScalarAndWarmsUpAfterABatch() throws Exception {
    String out =
        FreshJvm.succeeds(
            FreshJvm.of(
                List.of("--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"),
                Child.class));
    assertTrue(out.contains("true vector"), out);
    assertTrue(out.contains("waits true"), out);
    assertTrue(out.contains("switched "), out);
    assertFalse(out.contains("switched 0") || out.contains("failed its warm-up"), out);
    assertTrue(out.contains("scalar allocates little true"), out);
    assertTrue(out.contains("equal true"), out);
  }
}
