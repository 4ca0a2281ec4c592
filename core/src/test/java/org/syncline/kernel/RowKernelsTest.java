/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.syncline.FreshJvm;
import org.syncline.array.ElementType;
import org.syncline.testdata.GuardPageArena;

/**
 * The kernels in use give the bits of plain Java, at every length, alignment and special value, and
 * touch nothing else.
 */
class RowKernelsTest {
  private static final RowCalls KERNELS = new RowCalls(KernelProvider.get());
  private static final RowCalls SCALAR = new RowCalls(Kernels.scalar());

  /** 0 … 4 × 16 + 1 lanes, primes, and both sides of a block. */
  private static final int[] LENGTHS = lengths();

  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final byte CANARY = 0x5a;
  private static final int MARGIN = 64;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private final Arena arena = Arena.ofConfined();

  private static int[] lengths() {
    int[] more = {97, 127, 131, 257, 511, 512, 513, 521, 1021, 1031};
    int[] all = new int[66 + more.length];
    for (int i = 0; i < 66; i++) {
      all[i] = i;
    }
    System.arraycopy(more, 0, all, 66, more.length);
    return all;
  }

  @AfterEach
  void close() {
    arena.close();
  }

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void convertsEveryPairAsScalar(ElementType from) {
    for (ElementType to : ElementType.values()) {
      for (int n : LENGTHS) {
        int s = random.nextInt(64);
        int d = random.nextInt(64);
        MemorySegment src = values(from, n, s);
        MemorySegment got = output(to, n, d);
        MemorySegment want = output(to, n, d);
        KERNELS.convert(from, src, s, to, got, MARGIN + d, n);
        SCALAR.convert(from, src, s, to, want, MARGIN + d, n);
        same(to, want, got, MARGIN + d, n, from + " to " + to + ", " + n + " elements");
      }
    }
  }

  @Test
  void convertsRowsBeyondTheCacheAsScalar() {
    int n = (1 << 20) + 7;
    // the whole of a row may run before vector code is compiled: two of them are enough
    ElementType[][] pairs = {
      {ElementType.INT32, ElementType.FLOAT32}, {ElementType.FLOAT32, ElementType.BFLOAT16}
    };
    for (ElementType[] pair : pairs) {
      MemorySegment src = values(pair[0], n, 4);
      MemorySegment got = output(pair[1], n, 4);
      MemorySegment want = output(pair[1], n, 4);
      KERNELS.convert(pair[0], src, 4, pair[1], got, MARGIN + 4, n);
      SCALAR.convert(pair[0], src, 4, pair[1], want, MARGIN + 4, n);
      same(pair[1], want, got, MARGIN + 4, n, pair[0] + " to " + pair[1]);
    }
  }

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void finishesAsScalar(ElementType from) {
    ElementType[] outputs = {
      ElementType.FLOAT32,
      ElementType.FLOAT64,
      ElementType.FLOAT16,
      ElementType.BFLOAT16,
      ElementType.UINT8
    };
    for (ElementType compute : new ElementType[] {ElementType.FLOAT32, ElementType.FLOAT64}) {
      for (ElementType to : outputs) {
        for (RowFinish.Mode mode : RowFinish.Mode.values()) {
          for (int n : new int[] {0, 1, 7, 8, 15, 16, 17, 33, 67, 512, 513, 515, 1031}) {
            boolean subtract = random.nextBoolean();
            RowFinish f = rowFinish(from, compute, to, mode, subtract, n);
            int s = random.nextInt(64);
            int d = random.nextInt(64);
            MemorySegment src = values(from, n, s);
            MemorySegment got = output(to, n, d);
            MemorySegment want = output(to, n, d);
            KERNELS.finish(f, src, s, got, MARGIN + d, n);
            SCALAR.finish(f, src, s, want, MARGIN + d, n);
            same(to, want, got, MARGIN + d, n, f + ", " + n);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void blendsAsScalar(ElementType from) {
    for (ElementType to :
        new ElementType[] {ElementType.FLOAT32, ElementType.FLOAT64, ElementType.BFLOAT16}) {
      for (RowFinish.Mode mode : RowFinish.Mode.values()) {
        for (int n : new int[] {0, 1, 7, 8, 9, 16, 17, 33, 67, 513, 517, 1031}) {
          RowFinish f = rowFinish(from, ElementType.FLOAT64, to, mode, random.nextBoolean(), n);
          long second = (long) n * from.bytes() + 3;
          MemorySegment src = values(from, 2 * n + 8, 0);
          MemorySegment got = output(to, n, 1);
          MemorySegment want = output(to, n, 1);
          double w = random.nextDouble();
          KERNELS.blend(f, src, 0, 1 - w, second, w, got, MARGIN + 1, n);
          SCALAR.blend(f, src, 0, 1 - w, second, w, want, MARGIN + 1, n);
          same(to, want, got, MARGIN + 1, n, f + ", " + n);
        }
      }
    }
  }

  /** Random rows, rows one after the other, the same again, and descending ones. */
  private long[] order(int n, int rows) {
    long[] order = new long[n];
    for (int k = 1; k < n; k++) {
      order[k] =
          switch (random.nextInt(4)) {
            case 0 -> order[k - 1];
            case 1 -> Math.min(rows - 1, order[k - 1] + 1);
            case 2 -> Math.max(0, order[k - 1] - 1);
            default -> random.nextInt(rows);
          };
    }
    return order;
  }

  private static long[] from(int first, int n) {
    long[] order = new long[n];
    for (int k = 0; k < n; k++) {
      order[k] = (long) first + k;
    }
    return order;
  }

  /** Compares what is written with a call for each row, around it and with it. */
  private void finishesRowsAsOneByOne(RowFinish f, long[] order, int n, int rows, int count) {
    int s = random.nextInt(64);
    int d = random.nextInt(64);
    long rowBytes = (long) count * f.from().bytes();
    MemorySegment src = values(f.from(), rows * count, s).asSlice(s, rows * rowBytes);
    int all = n * count;
    MemorySegment got = output(f.to(), all, d);
    MemorySegment ofScalar = output(f.to(), all, d);
    MemorySegment want = output(f.to(), all, d);
    KERNELS.finishRows(f, src, order, n, got, MARGIN + d, count);
    SCALAR.finishRows(f, src, order, n, ofScalar, MARGIN + d, count);
    for (int k = 0; k < n; k++) {
      long out = MARGIN + d + (long) k * count * f.to().bytes();
      SCALAR.finish(f, src, order[k] * rowBytes, want, out, count);
    }
    String what = f + ", " + n + " rows of " + count + ": " + Arrays.toString(order);
    same(f.to(), want, got, MARGIN + d, all, what);
    same(f.to(), want, ofScalar, MARGIN + d, all, "scalar " + what);
  }

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void gathersRowsOfEveryLength(ElementType type) {
    RowFinish f = rowFinish(type, type, type, RowFinish.Mode.NONE, false, 1);
    for (int count : LENGTHS) {
      finishesRowsAsOneByOne(f, order(9, 6), random.nextInt(10), 6, count);
    }
    finishesRowsAsOneByOne(f, from(1, 7), 7, 8, 5);
    finishesRowsAsOneByOne(f, from(0, 5), 5, 8, 2051);
    finishesRowsAsOneByOne(f, order(5, 4), 5, 4, 4099);
  }

  @Test
  void gathersRowsAtEveryAlignment() {
    RowFinish f =
        rowFinish(
            ElementType.UINT8, ElementType.UINT8, ElementType.UINT8, RowFinish.Mode.NONE, false, 1);
    for (int d = 0; d < 64; d++) {
      for (int count = 0; count < 300; count++) {
        MemorySegment src = values(ElementType.UINT8, 3 * count, d / 3).asSlice(d / 3, 3 * count);
        MemorySegment got = output(ElementType.UINT8, 3 * count, d);
        KERNELS.finishRows(f, src, new long[] {2, 0, 1}, 3, got, MARGIN + d, count);
        MemorySegment want = output(ElementType.UINT8, 3 * count, d);
        MemorySegment.copy(src, 2 * count, want, MARGIN + d, count);
        MemorySegment.copy(src, 0, want, MARGIN + d + count, 2 * count);
        assertEquals(-1, want.mismatch(got), "to " + d + ", " + count + " bytes");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void finishesRowsAsScalar(ElementType from) {
    for (ElementType compute : new ElementType[] {ElementType.FLOAT32, ElementType.FLOAT64}) {
      for (ElementType to :
          new ElementType[] {
            ElementType.FLOAT32,
            ElementType.FLOAT64,
            ElementType.FLOAT16,
            ElementType.BFLOAT16,
            ElementType.UINT8
          }) {
        for (RowFinish.Mode mode : RowFinish.Mode.values()) {
          for (int count : new int[] {1, 2, 3, 7, 8, 15, 16, 17, 33, 67, 515}) {
            RowFinish f = rowFinish(from, compute, to, mode, random.nextBoolean(), count);
            finishesRowsAsOneByOne(f, order(7, 5), 7, 5, count);
            finishesRowsAsOneByOne(f, from(2, 7), 7, 9, count);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void blendsRowsAsScalar(ElementType from) {
    int n = 7;
    for (ElementType to :
        new ElementType[] {ElementType.FLOAT32, ElementType.FLOAT64, ElementType.BFLOAT16}) {
      for (RowFinish.Mode mode : RowFinish.Mode.values()) {
        for (int count = 0; count < 70; count++) {
          RowFinish f = rowFinish(from, ElementType.FLOAT64, to, mode, random.nextBoolean(), count);
          int s = random.nextInt(64);
          int d = random.nextInt(64);
          long rowBytes = (long) count * from.bytes();
          MemorySegment src = values(from, 6 * count, s).asSlice(s, 6 * rowBytes);
          MemorySegment got = output(to, n * count, d);
          MemorySegment ofScalar = output(to, n * count, d);
          MemorySegment want = output(to, n * count, d);
          long[] order = order(n, 5);
          double[] w0 = random.doubles(n).toArray();
          double[] w1 = random.doubles(n).toArray();
          KERNELS.blendRows(f, src, order, w0, w1, n, got, MARGIN + d, count);
          SCALAR.blendRows(f, src, order, w0, w1, n, ofScalar, MARGIN + d, count);
          for (int k = 0; k < n; k++) {
            long at = order[k] * rowBytes;
            long out = MARGIN + d + (long) k * count * to.bytes();
            SCALAR.blend(f, src, at, w0[k], at + rowBytes, w1[k], want, out, count);
          }
          same(to, want, got, MARGIN + d, n * count, f + ", rows of " + count);
          same(to, want, ofScalar, MARGIN + d, n * count, "scalar " + f + ", rows of " + count);
        }
      }
    }
  }

  @Test
  void blendsShortRowsOfManyPagesAsScalar() {
    assumeTrue(GuardPageArena.isSupported(), "needs mmap and mprotect");
    ElementType[] types = {ElementType.FLOAT32, ElementType.FLOAT64};
    try (GuardPageArena guarded = new GuardPageArena()) {
      for (ElementType from : types) {
        for (ElementType to : types) {
          for (int count : new int[] {1, 2, 3, 4, 5, 6, 7, 8, 11, 15}) {
            RowFinish f =
                rowFinish(from, ElementType.FLOAT64, to, RowFinish.Mode.NONE, false, count);
            int rows = 10_000 / count;
            long bytes = (long) rows * count * from.bytes();
            MemorySegment touched = guarded.allocate(bytes);
            touched.copyFrom(values(from, rows * count, 0).asSlice(0, bytes));
            // the source goes on where nothing was touched yet: nothing there may be read
            MemorySegment src = goesOn(touched, 1 << 12);
            int n = 999;
            long[] order = order(n, rows - 1);
            order[1] = rows - 2L;
            order[n - 5] = rows - 2L;
            double[] w0 = random.doubles(n).toArray();
            double[] w1 = random.doubles(n).toArray();
            MemorySegment got = output(to, n * count, 8);
            MemorySegment want = output(to, n * count, 8);
            KERNELS.blendRows(f, src, order, w0, w1, n, got, MARGIN + 8, count);
            SCALAR.blendRows(f, src, order, w0, w1, n, want, MARGIN + 8, count);
            same(to, want, got, MARGIN + 8, n * count, f + ", rows of " + count);
            // nothing after the last byte of the destination either
            MemorySegment flush = guarded.allocate((long) n * count * to.bytes());
            KERNELS.blendRows(f, touched, order, w0, w1, n, flush, 0, count);
            MemorySegment of = want.asSlice(MARGIN + 8, flush.byteSize());
            same(to, of, flush, 0, n * count, f + ", rows of " + count + " at a page's end");
          }
        }
      }
    }
  }

  @SuppressWarnings("restricted")
  private static MemorySegment goesOn(MemorySegment s, long bytes) {
    return s.reinterpret(s.byteSize() + bytes);
  }

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void findsTheRowsWithNaN(ElementType type) {
    int n = 5;
    for (int count : LENGTHS) {
      int s = random.nextInt(64);
      MemorySegment src = arena.allocate((long) n * count * type.bytes() + 64 + 8, 64);
      byte[] expected = new byte[n];
      for (int k = 0; k < n; k++) {
        boolean has = type.isFloating() && count > 0 && random.nextBoolean();
        int lane = has ? random.nextInt(count) : -1;
        for (int i = 0; i < count; i++) {
          double v =
              i == lane
                  ? (random.nextBoolean() ? Double.NaN : -Double.NaN)
                  : (i & 1) == 0 ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
          long at = s + ((long) k * count + i) * type.bytes();
          Scalars.storeDouble(type, src, at, v);
        }
        expected[k] = (byte) (has ? 1 : 0);
      }
      int found = 0;
      for (byte b : expected) {
        found += b;
      }
      for (RowCalls kernels : new RowCalls[] {KERNELS, SCALAR}) {
        MemorySegment any = output(ElementType.UINT8, n, 3);
        String what = type + ", rows of " + count + ", seed " + seed;
        assertEquals(found, kernels.rowsWithNaN(type, src, s, count, n, any, MARGIN + 3), what);
        MemorySegment want = output(ElementType.UINT8, n, 3);
        MemorySegment.copy(expected, 0, want, JAVA_BYTE, MARGIN + 3, n);
        assertEquals(-1, want.mismatch(any), what);
        assertEquals(0, kernels.rowsWithNaN(type, src, s, count, 0, any, MARGIN + 3), what);
      }
    }
  }

  @Test
  void rowsOutsideTheSourceOrTheDestinationAreRefused() {
    for (int count : new int[] {1, 3, 20, 127, 2000}) {
      for (RowFinish.Mode mode : RowFinish.Mode.values()) {
        RowFinish f =
            rowFinish(
                ElementType.FLOAT32, ElementType.FLOAT32, ElementType.FLOAT32, mode, true, count);
        RowFinish g =
            rowFinish(
                ElementType.FLOAT32, ElementType.FLOAT64, ElementType.FLOAT32, mode, true, count);
        MemorySegment src = arena.allocate(4L * count * 4, 64);
        MemorySegment dst = arena.allocate(4L * count * 2, 64);
        double[] w = {0.5, 0.5, 0.5};
        for (long bad : new long[] {-1, 4, 5, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 60, 1L << 61}) {
          for (long[] rows : new long[][] {{bad, 0}, {1, bad}}) {
            assertThrows(
                IndexOutOfBoundsException.class,
                () -> KERNELS.finishRows(f, src, rows, 2, dst, 0, count));
            assertThrows(
                IndexOutOfBoundsException.class,
                () -> KERNELS.blendRows(g, src, rows, w, w, 2, dst, 0, count));
          }
        }
        long[] rows = {0, 3, 1};
        KERNELS.finishRows(f, src, rows, 2, dst, 0, count);
        assertThrows(
            IndexOutOfBoundsException.class,
            () -> KERNELS.blendRows(g, src, rows, w, w, 2, dst, 0, count));
        assertThrows(
            IndexOutOfBoundsException.class,
            () -> KERNELS.finishRows(f, src, rows, 3, dst, 0, count));
        assertThrows(
            IndexOutOfBoundsException.class,
            () -> KERNELS.finishRows(f, src, rows, 4, dst, 0, count));
        assertThrows(
            IndexOutOfBoundsException.class,
            () -> KERNELS.rowsWithNaN(ElementType.FLOAT32, src, 0, count, 5, dst, 0));
      }
    }
  }

  @Test
  void manyRowsTouchNothingPastTheirEnds() {
    assumeTrue(GuardPageArena.isSupported(), "needs mmap and mprotect");
    long[] order = {2, 0, 1, 2, 2, 0};
    double[] w = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6};
    int n = order.length;
    try (GuardPageArena guarded = new GuardPageArena()) {
      for (ElementType type :
          new ElementType[] {
            ElementType.UINT8, ElementType.INT16, ElementType.FLOAT32, ElementType.FLOAT64
          }) {
        for (int count : new int[] {0, 1, 2, 3, 5, 8, 9, 15, 16, 17, 31, 33, 67, 127, 131}) {
          long bytes = (long) count * type.bytes();
          RowFinish plain = rowFinish(type, type, type, RowFinish.Mode.NONE, false, count);
          RowFinish columns =
              rowFinish(
                  type,
                  type == ElementType.FLOAT64 ? type : ElementType.FLOAT32,
                  ElementType.FLOAT32,
                  RowFinish.Mode.COLUMNS,
                  true,
                  count);
          RowFinish blend =
              rowFinish(
                  type,
                  ElementType.FLOAT64,
                  ElementType.FLOAT32,
                  RowFinish.Mode.NONE,
                  false,
                  count);
          for (boolean low : new boolean[] {false, true}) {
            MemorySegment src =
                low ? guarded.allocateAtStart(3 * bytes) : guarded.allocate(3 * bytes);
            MemorySegment more =
                low ? guarded.allocateAtStart(4 * bytes) : guarded.allocate(4 * bytes);
            MemorySegment same =
                low ? guarded.allocateAtStart(n * bytes) : guarded.allocate(n * bytes);
            MemorySegment floats =
                low ? guarded.allocateAtStart(4L * n * count) : guarded.allocate(4L * n * count);
            MemorySegment any = low ? guarded.allocateAtStart(3) : guarded.allocate(3);
            KERNELS.finishRows(plain, src, order, n, same, 0, count);
            KERNELS.finishRows(columns, src, order, n, floats, 0, count);
            KERNELS.blendRows(blend, more, order, w, w, n, floats, 0, count);
            KERNELS.rowsWithNaN(type, src, 0, count, 3, any, 0);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void readsShiftedColumnsAsScalar(ElementType from) {
    for (int spread = 0; spread < 4; spread++) {
      for (int n : new int[] {1, 7, 8, 9, 16, 17, 33, 67, 513, 514, 1031}) {
        double start = 1.6e9 + 0.37;
        double dt = 1 / 7.5;
        double time = start + 3.3 * dt + random.nextDouble() * dt;
        MemorySegment shifts = arena.allocate(n * 8L, 64);
        double low = Double.MAX_VALUE;
        double high = -Double.MAX_VALUE;
        for (int i = 0; i < n; i++) {
          double shift =
              random.nextInt(8) == 0
                  ? Math.rint(random.nextDouble() * spread) * dt
                  : random.nextDouble() * spread * dt;
          shifts.set(JAVA_DOUBLE_UNALIGNED, i * 8L, shift);
          low = Math.min(low, shift);
          high = Math.max(high, shift);
        }
        long first = (long) Math.floor((time - high - start) / dt);
        double late = (time - low - start) / dt;
        long rowBytes = (long) n * from.bytes();
        MemorySegment src = values(from, 10 * n, 5);
        for (ElementType to : new ElementType[] {from, ElementType.FLOAT32, ElementType.FLOAT64}) {
          for (RowFinish.Mode mode : RowFinish.Mode.values()) {
            boolean doubles = from == ElementType.FLOAT64;
            RowFinish near =
                rowFinish(
                    from, doubles ? from : ElementType.FLOAT32, to, mode, random.nextBoolean(), n);
            RowFinish linear =
                rowFinish(from, ElementType.FLOAT64, to, mode, random.nextBoolean(), n);
            for (boolean round : new boolean[] {false, true}) {
              long last = (long) (round && late - Math.floor(late) > 0.5 ? late + 1 : late);
              MemorySegment got = output(to, n, 2);
              MemorySegment want = output(to, n, 2);
              long at = 5 + first * rowBytes;
              KERNELS.shiftedNearest(
                  near,
                  src,
                  at,
                  rowBytes,
                  first,
                  last,
                  time,
                  start,
                  dt,
                  round,
                  shifts,
                  got,
                  MARGIN + 2,
                  n);
              SCALAR.shiftedNearest(
                  near,
                  src,
                  at,
                  rowBytes,
                  first,
                  last,
                  time,
                  start,
                  dt,
                  round,
                  shifts,
                  want,
                  MARGIN + 2,
                  n);
              same(to, want, got, MARGIN + 2, n, near + ", round " + round + ", " + n);
            }
            MemorySegment got = output(to, n, 2);
            MemorySegment want = output(to, n, 2);
            long at = 5 + first * rowBytes;
            long last = (long) late;
            KERNELS.shiftedLinear(
                linear,
                src,
                at,
                rowBytes,
                first,
                last,
                time,
                start,
                dt,
                shifts,
                got,
                MARGIN + 2,
                n);
            SCALAR.shiftedLinear(
                linear,
                src,
                at,
                rowBytes,
                first,
                last,
                time,
                start,
                dt,
                shifts,
                want,
                MARGIN + 2,
                n);
            same(to, want, got, MARGIN + 2, n, "linear " + linear + ", " + n);
          }
        }
      }
    }
  }

  @Test
  void everyMisalignmentOfSourceAndDestination() {
    int n = 67;
    for (ElementType from :
        new ElementType[] {ElementType.UINT8, ElementType.INT16, ElementType.FLOAT32}) {
      RowFinish f =
          rowFinish(
              from, ElementType.FLOAT32, ElementType.FLOAT32, RowFinish.Mode.COLUMNS, true, n);
      for (int s = 0; s < 64; s++) {
        MemorySegment src = values(from, n, s);
        for (int d = 0; d < 64; d++) {
          MemorySegment got = output(ElementType.FLOAT32, n, d);
          MemorySegment want = output(ElementType.FLOAT32, n, d);
          KERNELS.finish(f, src, s, got, MARGIN + d, n);
          SCALAR.finish(f, src, s, want, MARGIN + d, n);
          same(ElementType.FLOAT32, want, got, MARGIN + d, n, from + " at " + s + " to " + d);
        }
      }
    }
  }

  @Test
  void readsAndWritesNothingPastTheRow() {
    assumeTrue(GuardPageArena.isSupported(), "needs mmap and mprotect");
    try (GuardPageArena guarded = new GuardPageArena()) {
      for (ElementType from : ElementType.values()) {
        for (ElementType to :
            new ElementType[] {ElementType.FLOAT32, ElementType.FLOAT64, ElementType.FLOAT16}) {
          for (int n : new int[] {1, 8, 9, 16, 17, 31, 67, 513, 515}) {
            MemorySegment src = guarded.allocate((long) n * from.bytes());
            MemorySegment dst = guarded.allocate((long) n * to.bytes());
            MemorySegment lowSrc = guarded.allocateAtStart((long) n * from.bytes());
            MemorySegment lowDst = guarded.allocateAtStart((long) n * to.bytes());
            KERNELS.convert(from, src, 0, to, dst, 0, n);
            KERNELS.convert(from, lowSrc, 0, to, lowDst, 0, n);
            RowFinish f = rowFinish(from, ElementType.FLOAT32, to, RowFinish.Mode.COLUMNS, true, n);
            KERNELS.finish(f, src, 0, dst, 0, n);
            KERNELS.finish(f, lowSrc, 0, lowDst, 0, n);
            KERNELS.hasNaN(from, src, 0, n);
            KERNELS.hasNaN(from, lowSrc, 0, n);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ElementType.class,
      names = {"FLOAT16", "BFLOAT16", "FLOAT32", "FLOAT64"})
  void findsAndReplacesNaNInEachLane(ElementType type) {
    for (int n : new int[] {1, 2, 8, 15, 16, 17, 32, 64, 65, 67, 131}) {
      MemorySegment data = arena.allocate((long) n * type.bytes() + 8);
      MemorySegment columns = arena.allocate(n * 8L);
      for (int i = 0; i < n; i++) {
        // infinities and the largest values are none
        Scalars.convert(
            ElementType.FLOAT32,
            floats(i % 3 == 0 ? Float.POSITIVE_INFINITY : -65504),
            0,
            type,
            data,
            3 + (long) i * type.bytes());
        columns.setAtIndex(JAVA_DOUBLE, i, i + 1.0);
      }
      assertFalse(KERNELS.hasNaN(type, data, 3, n), type + " " + n);
      assertEquals(0, KERNELS.replaceNaN(type, data, 3, n, 1));
      for (int lane = 0; lane < n; lane++) {
        long at = 3 + (long) lane * type.bytes();
        for (boolean byColumn : new boolean[] {false, true}) {
          Scalars.storeDouble(type, data, at, Double.NaN);
          assertTrue(KERNELS.hasNaN(type, data, 3, n), "lane " + lane + " of " + n);
          int replaced =
              byColumn
                  ? KERNELS.replaceNaNByColumn(type, data, 3, n, columns)
                  : KERNELS.replaceNaN(type, data, 3, n, 0.25);
          assertEquals(1, replaced);
          assertEquals(byColumn ? lane + 1.0 : 0.25, Scalars.loadDouble(type, data, at));
        }
      }
    }
    assertFalse(KERNELS.hasNaN(ElementType.INT32, arena.allocate(64), 0, 16));
  }

  @ParameterizedTest
  @EnumSource(
      value = ElementType.class,
      names = {"FLOAT16", "BFLOAT16", "FLOAT32", "FLOAT64"})
  void replacesMuchNaNAsScalar(ElementType type) {
    for (int n : LENGTHS) {
      int bytes = type.bytes();
      int shift = random.nextInt(64);
      MemorySegment columns = arena.allocate(n * 8L + 64).asSlice(shift, n * 8L);
      MemorySegment[] byValue = {output(type, n, shift), output(type, n, shift)};
      MemorySegment[] byColumn = {output(type, n, shift), output(type, n, shift)};
      for (int i = 0; i < n; i++) {
        double v = random.nextBoolean() ? Double.NaN : random.nextGaussian();
        for (MemorySegment data : new MemorySegment[] {byValue[0], byColumn[0]}) {
          Scalars.storeDouble(type, data, MARGIN + shift + (long) i * bytes, v);
        }
        // NaN for NaN counts too, once
        double mean = i % 5 == 0 ? Double.NaN : random.nextGaussian();
        columns.setAtIndex(JAVA_DOUBLE_UNALIGNED, i, mean);
      }
      byValue[1].copyFrom(byValue[0]);
      byColumn[1].copyFrom(byColumn[0]);
      int at = MARGIN + shift;
      double value = n % 4 == 0 ? Double.NaN : 1 / 3.0;
      assertEquals(
          SCALAR.replaceNaN(type, byValue[1], at, n, value),
          KERNELS.replaceNaN(type, byValue[0], at, n, value),
          type + " " + n);
      same(type, byValue[1], byValue[0], at, n, type + " by value, " + n);
      assertEquals(
          SCALAR.replaceNaNByColumn(type, byColumn[1], at, n, columns),
          KERNELS.replaceNaNByColumn(type, byColumn[0], at, n, columns),
          type + " " + n);
      same(type, byColumn[1], byColumn[0], at, n, type + " by column, " + n);
    }
  }

  /** Blocks of 2,048 elements with NaN and without it follow one another in every order. */
  @ParameterizedTest
  @EnumSource(
      value = ElementType.class,
      names = {"FLOAT16", "BFLOAT16", "FLOAT32", "FLOAT64"})
  void replacesNaNInSomeBlocksOfLongRowsAsScalar(ElementType type) {
    int block = 2048;
    for (int n :
        new int[] {2 * block - 1, 2 * block, 2 * block + 1, 3 * block + 7, 5 * block + 99}) {
      int shift = random.nextInt(64);
      MemorySegment columns = arena.allocate(n * 8L);
      for (int i = 0; i < n; i++) {
        columns.setAtIndex(JAVA_DOUBLE, i, random.nextGaussian());
      }
      for (int blocks = 0; blocks < 1 << n / block; blocks++) {
        MemorySegment[] byValue = {output(type, n, shift), output(type, n, shift)};
        MemorySegment[] byColumn = {output(type, n, shift), output(type, n, shift)};
        int at = MARGIN + shift;
        for (int b = 0; b < n / block; b++) {
          // the last is longer
          int end = b == n / block - 1 ? n : (b + 1) * block;
          int j = b * block + random.nextInt(end - b * block);
          if ((blocks >> b & 1) != 0) {
            for (MemorySegment data : new MemorySegment[] {byValue[0], byColumn[0]}) {
              Scalars.storeDouble(type, data, at + (long) j * type.bytes(), Double.NaN);
            }
          }
        }
        byValue[1].copyFrom(byValue[0]);
        byColumn[1].copyFrom(byColumn[0]);
        String what = type + ", " + n + ", blocks " + Integer.toBinaryString(blocks);
        assertEquals(
            SCALAR.replaceNaN(type, byValue[1], at, n, 1.5),
            KERNELS.replaceNaN(type, byValue[0], at, n, 1.5),
            what);
        same(type, byValue[1], byValue[0], at, n, what + " by value");
        assertEquals(
            SCALAR.replaceNaNByColumn(type, byColumn[1], at, n, columns),
            KERNELS.replaceNaNByColumn(type, byColumn[0], at, n, columns),
            what);
        same(type, byColumn[1], byColumn[0], at, n, what + " by column");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void accumulatesAsScalar(ElementType type) {
    for (int n : new int[] {1, 7, 8, 9, 17, 67, 515}) {
      MemorySegment[] sums = new MemorySegment[2];
      MemorySegment[] counts = new MemorySegment[2];
      MemorySegment[] squares = new MemorySegment[2];
      MemorySegment means = values(ElementType.FLOAT64, n, 0);
      MemorySegment rows = values(type, 40 * n, 1);
      for (int k = 0; k < 2; k++) {
        RowCalls kernels = k == 0 ? KERNELS : SCALAR;
        sums[k] = arena.allocate(n * 8L);
        counts[k] = arena.allocate(n * 8L);
        squares[k] = arena.allocate(n * 8L);
        long stride = (long) n * type.bytes();
        for (int row = 0; row < 40; row += 20) {
          long at = 1 + row * stride;
          kernels.accumulate(type, rows, at, stride, 20, sums[k], counts[k], n);
          kernels.accumulateSquares(type, rows, at, stride, 20, means, squares[k], n);
        }
      }
      same(ElementType.FLOAT64, sums[1], sums[0], 0, n, type + " sums");
      same(ElementType.FLOAT64, counts[1], counts[0], 0, n, type + " counts");
      same(ElementType.FLOAT64, squares[1], squares[0], 0, n, type + " squares");
    }
  }

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void extremesAsScalar(ElementType type) {
    ElementType kept = ExtremesPass.kept(type);
    for (int rows : new int[] {0, 1, 2, 19}) {
      for (int n : LENGTHS) {
        int s = random.nextInt(64);
        long stride = (long) (n + random.nextInt(3)) * type.bytes();
        MemorySegment src = values(type, (int) (rows * stride / type.bytes()), s);
        MemorySegment[] least = new MemorySegment[2];
        MemorySegment[] most = new MemorySegment[2];
        for (int k = 0; k < 2; k++) {
          least[k] = extremes(kept, n, Double.POSITIVE_INFINITY);
          most[k] = extremes(kept, n, Double.NEGATIVE_INFINITY);
          RowCalls kernels = k == 0 ? KERNELS : SCALAR;
          kernels.extremes(type, src, s, stride, rows, least[k], most[k], n);
        }
        String what = type + ", " + rows + " rows of " + n;
        same(kept, least[1], least[0], 0, n, what + ", least");
        same(kept, most[1], most[0], 0, n, what + ", most");
      }
    }
  }

  @Test
  void sumsAndExtremesTogetherAreThoseOfTheTwoPasses() {
    ElementType f32 = ElementType.FLOAT32;
    for (int rows : new int[] {0, 1, 2, 19}) {
      for (int n : LENGTHS) {
        int s = random.nextInt(64);
        long stride = (long) (n + random.nextInt(3)) * 4;
        MemorySegment src = values(f32, (int) (rows * stride / 4), s);
        for (int i = random.nextInt(5); i < rows * n; i += 1 + random.nextInt(9)) {
          src.set(JAVA_FLOAT_UNALIGNED, s + (i / n) * stride + 4L * (i % n), Float.NaN);
        }
        MemorySegment[][] kept = new MemorySegment[3][];
        for (int k = 0; k < 3; k++) {
          kept[k] =
              new MemorySegment[] {
                arena.allocate(8L * n + 8, 8),
                arena.allocate(8L * n + 8, 8),
                extremes(f32, n, Double.POSITIVE_INFINITY),
                extremes(f32, n, Double.NEGATIVE_INFINITY)
              };
        }
        KERNELS.sumsWithExtremes(src, s, stride, rows, kept[0], n);
        SCALAR.sumsWithExtremes(src, s, stride, rows, kept[1], n);
        SumPass.of(Kernels.scalar(), f32).run(src, s, stride, rows, kept[2][0], kept[2][1], n);
        SCALAR.extremes(f32, src, s, stride, rows, kept[2][2], kept[2][3], n);
        for (int k = 0; k < 4; k++) {
          String what = rows + " rows of " + n + ", " + k;
          ElementType type = k < 2 ? ElementType.FLOAT64 : f32;
          same(type, kept[2][k], kept[0][k], 0, n, what);
          same(type, kept[2][k], kept[1][k], 0, n, what);
        }
      }
    }
    MemorySegment some = arena.allocate(64);
    assertThrows(
        IllegalStateException.class,
        () ->
            SumPass.of(ElementType.INT16)
                .runWithExtremes(some, 0, 8, 1, some, some, some, some, 2));
  }

  private MemorySegment extremes(ElementType kept, int n, double value) {
    MemorySegment all = arena.allocate((long) n * kept.bytes() + 8, 8);
    for (int i = 0; i < n; i++) {
      Scalars.storeDouble(kept, all, (long) i * kept.bytes(), value);
    }
    return all;
  }

  @Test
  void extremesPassOverNaNInEveryLane() {
    for (ElementType type : new ElementType[] {ElementType.FLOAT32, ElementType.FLOAT64}) {
      int size = type.bytes();
      for (int lane = 0; lane < 35; lane++) {
        MemorySegment src = arena.allocate(35L * 3 * size, 8);
        for (int row = 0; row < 3; row++) {
          for (int i = 0; i < 35; i++) {
            double value = i == lane && row == 1 ? Double.NaN : row == 0 ? -2 : row + 4;
            Scalars.storeDouble(type, src, (35L * row + i) * size, value);
          }
        }
        MemorySegment least = extremes(type, 35, Double.POSITIVE_INFINITY);
        MemorySegment most = extremes(type, 35, Double.NEGATIVE_INFINITY);
        KERNELS.extremes(type, src, 35L * size, 35L * size, 2, least, most, 35);
        for (int i = 0; i < 35; i++) {
          long at = (long) i * size;
          assertEquals(i == lane ? 6 : 5, Scalars.loadDouble(type, least, at), type + " " + lane);
          assertEquals(6, Scalars.loadDouble(type, most, at), type + " " + lane);
        }
      }
    }
  }

  @Test
  void extremesTouchNothingPastTheirEnds() {
    assumeTrue(GuardPageArena.isSupported(), "needs mmap and mprotect");
    try (GuardPageArena guarded = new GuardPageArena()) {
      for (ElementType type : new ElementType[] {ElementType.FLOAT32, ElementType.FLOAT64}) {
        for (int n : new int[] {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 67, 131}) {
          long bytes = (long) n * type.bytes();
          for (boolean low : new boolean[] {false, true}) {
            MemorySegment src =
                low ? guarded.allocateAtStart(3 * bytes) : guarded.allocate(3 * bytes);
            MemorySegment least = low ? guarded.allocateAtStart(bytes) : guarded.allocate(bytes);
            MemorySegment most = low ? guarded.allocateAtStart(bytes) : guarded.allocate(bytes);
            KERNELS.extremes(type, src, 0, bytes, 3, least, most, n);
            if (type == ElementType.FLOAT32) {
              MemorySegment sums = low ? guarded.allocateAtStart(8L * n) : guarded.allocate(8L * n);
              MemorySegment[] kept = {sums, sums, least, most};
              KERNELS.sumsWithExtremes(src, 0, bytes, 3, kept, n);
            }
          }
        }
      }
    }
    MemorySegment src = arena.allocate(64);
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> KERNELS.extremes(ElementType.FLOAT32, src, 0, 32, 3, src, src, 4));
  }

  @Test
  void averagesAsScalar() {
    ElementType[] types = {ElementType.FLOAT32, ElementType.FLOAT64};
    for (ElementType from : types) {
      for (ElementType to : types) {
        for (int rows : new int[] {0, 1, 2, 3, 5, 9}) {
          for (int n : LENGTHS) {
            int s = random.nextInt(64);
            int d = random.nextInt(64);
            // rows lie apart, and one of them weighs nothing
            long stride = (long) (n + random.nextInt(3)) * from.bytes();
            MemorySegment src = values(from, (int) (rows * stride / from.bytes()), s);
            MemorySegment weights = weights(rows);
            MemorySegment got = output(to, n, d);
            MemorySegment want = output(to, n, d);
            KERNELS.average(from, src, s, stride, weights, rows, to, got, MARGIN + d, n);
            SCALAR.average(from, src, s, stride, weights, rows, to, want, MARGIN + d, n);
            String what = from + " to " + to + ", " + rows + " rows of " + n;
            same(to, want, got, MARGIN + d, n, what);
            if (from == ElementType.FLOAT64) {
              for (RowCalls kernels : new RowCalls[] {KERNELS, SCALAR}) {
                MemorySegment sums = arena.allocate(AveragePass.sumsBytes(n) + 8, 8);
                MemorySegment parts = output(to, n, d);
                kernels.averageInParts(
                    src, s, stride, weights, rows, to, sums, parts, MARGIN + d, n);
                same(to, want, parts, MARGIN + d, n, what + " in parts");
              }
            }
          }
        }
      }
    }
  }

  @Test
  void shiftedAveragesAsScalarAndAsTheRule() {
    ElementType[] types = {ElementType.FLOAT32, ElementType.FLOAT64};
    for (ElementType from : types) {
      for (ElementType to : types) {
        for (int rows : new int[] {0, 1, 2, 5, 9}) {
          for (int n : LENGTHS) {
            int s = random.nextInt(64);
            int d = random.nextInt(64);
            long stride = (long) (n + random.nextInt(3)) * from.bytes();
            MemorySegment src = values(from, (int) (rows * stride / from.bytes()), s);
            for (int i = random.nextInt(5); i < rows * n; i += 1 + random.nextInt(9)) {
              long at = s + (i / n) * stride + (long) (i % n) * from.bytes();
              Scalars.storeDouble(from, src, at, Double.NaN);
            }
            long first = random.nextBoolean() ? 0 : 1L << 40;
            double low = first + 3 * random.nextDouble();
            double[] window = {low, low + 4 * random.nextDouble(), 1e-9};
            MemorySegment shifts = shifts(n, low - first);
            MemorySegment got = output(to, n, d);
            MemorySegment want = output(to, n, d);
            KERNELS.averageShifted(
                from, src, s, stride, first, rows, window, shifts, to, got, MARGIN + d, n);
            SCALAR.averageShifted(
                from, src, s, stride, first, rows, window, shifts, to, want, MARGIN + d, n);
            String what = from + " to " + to + ", " + rows + " rows of " + n;
            same(to, want, got, MARGIN + d, n, what);
            for (int i = 0; i < n; i++) {
              double mean = rule(from, src, s, stride, first, rows, window, shifts, i);
              MemorySegment rule = arena.allocate(8);
              Scalars.storeDouble(to, rule, 0, mean);
              assertEquals(
                  Scalars.loadDouble(to, rule, 0),
                  Scalars.loadDouble(to, got, MARGIN + d + (long) i * to.bytes()),
                  what);
            }
          }
        }
      }
    }
  }

  /** Shifts that leave windows outside, at the edge of a row, and nearly at it. */
  private MemorySegment shifts(int n, double low) {
    MemorySegment shifts = arena.allocate(8L * n + 8, 8);
    for (int i = 0; i < n; i++) {
      double shift =
          switch (random.nextInt(6)) {
            case 0 -> low;
            case 1 -> low + 1e-10;
            case 2 -> low - 1e-8;
            case 3 -> 20;
            default -> random.nextDouble() - 0.5;
          };
      shifts.set(JAVA_DOUBLE, 8L * i, shift);
    }
    return shifts;
  }

  /** The average of a column by the words of the rule. */
  private static double rule(
      ElementType from,
      MemorySegment src,
      long offset,
      long stride,
      long first,
      int rows,
      double[] window,
      MemorySegment shifts,
      int column) {
    double shift = shifts.get(JAVA_DOUBLE, 8L * column);
    double sum = 0;
    double weight = 0;
    double last = Double.NaN;
    int counted = 0;
    for (int row = 0; row < rows; row++) {
      double x =
          Scalars.loadDouble(from, src, offset + row * stride + (long) column * from.bytes());
      double begin = Math.max(first + row, window[0] - shift);
      double share = Math.min(first + row + 1, window[1] - shift) - begin;
      if (share > window[2] && x == x) {
        double w = Math.abs(share - 1) <= window[2] ? 1 : share;
        sum += w * x;
        weight += w;
        last = x;
        counted++;
      }
    }
    return counted < 2 ? last : sum / weight;
  }

  private MemorySegment weights(int rows) {
    MemorySegment weights = arena.allocate(8L * rows + 8, 8);
    for (int row = 0; row < rows; row++) {
      weights.set(JAVA_DOUBLE, 8L * row, row == 2 ? 0 : random.nextInt(3) == 0 ? 1 : 0.1 + row);
    }
    return weights;
  }

  @Test
  void averagesLeaveNaNOutInEveryLane() {
    for (int lane = 0; lane < 35; lane++) {
      for (int rows = 1; rows <= 3; rows++) {
        MemorySegment src = arena.allocate(4L * 35 * rows, 4);
        MemorySegment dst = arena.allocate(4L * 35, 4);
        MemorySegment weights = arena.allocate(8L * rows, 8);
        for (int row = 0; row < rows; row++) {
          weights.set(JAVA_DOUBLE, 8L * row, 1 + row);
          for (int i = 0; i < 35; i++) {
            boolean missing = i == lane && row < 2;
            src.set(JAVA_FLOAT_UNALIGNED, 4L * (35 * row + i), missing ? Float.NaN : row);
          }
        }
        KERNELS.average(
            ElementType.FLOAT32, src, 0, 140, weights, rows, ElementType.FLOAT32, dst, 0, 35);
        // 0, (0 + 2 · 1) / 3, (0 + 2 · 1 + 3 · 2) / 6; where the first two are missing none, none,
        // 2
        float all = rows == 1 ? 0 : rows == 2 ? (float) (2 / 3.0) : (float) (8 / 6.0);
        for (int i = 0; i < 35; i++) {
          float want = i != lane ? all : rows == 3 ? 2 : Float.NaN;
          assertEquals(want, dst.get(JAVA_FLOAT_UNALIGNED, 4L * i), "lane " + lane + ", " + i);
        }
      }
    }
  }

  @Test
  void averagesTouchNothingPastTheirEnds() {
    assumeTrue(GuardPageArena.isSupported(), "needs mmap and mprotect");
    MemorySegment weights = weights(3);
    try (GuardPageArena guarded = new GuardPageArena()) {
      for (ElementType from : new ElementType[] {ElementType.FLOAT32, ElementType.FLOAT64}) {
        for (int n : new int[] {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 67, 131}) {
          long bytes = (long) n * from.bytes();
          for (boolean low : new boolean[] {false, true}) {
            MemorySegment src =
                low ? guarded.allocateAtStart(3 * bytes) : guarded.allocate(3 * bytes);
            MemorySegment dst = low ? guarded.allocateAtStart(4L * n) : guarded.allocate(4L * n);
            KERNELS.average(from, src, 0, bytes, weights, 3, ElementType.FLOAT32, dst, 0, n);
            MemorySegment shifts = low ? guarded.allocateAtStart(8L * n) : guarded.allocate(8L * n);
            KERNELS.averageShifted(
                from,
                src,
                0,
                bytes,
                0,
                3,
                new double[] {0.5, 2, 0},
                shifts,
                ElementType.FLOAT32,
                dst,
                0,
                n);
          }
        }
      }
    }
    MemorySegment src = arena.allocate(64);
    ElementType f32 = ElementType.FLOAT32;
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> KERNELS.average(f32, src, 0, 32, weights, 3, f32, src, 0, 4));
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> KERNELS.average(f32, src, 0, 8, weights, 5, f32, src, 0, 4));
    assertThrows(
        IllegalArgumentException.class,
        () -> AveragePass.of(Kernels.scalar(), ElementType.INT16, f32));
    assertThrows(
        IllegalStateException.class,
        () -> AveragePass.of(f32, f32).add(src, 0, 16, weights, 0, 1, src, 1));
  }

  @Test
  void float16IsBitExact() {
    MemorySegment halves = arena.allocate(65536 * 2);
    MemorySegment wide = arena.allocate(65536 * 4);
    MemorySegment back = arena.allocate(65536 * 2);
    for (int i = 0; i < 65536; i++) {
      halves.set(JAVA_SHORT_UNALIGNED, i * 2L, (short) i);
    }
    for (int repeat = 0; repeat < 20; repeat++) { // compiled code gives the same
      KERNELS.convert(ElementType.FLOAT16, halves, 0, ElementType.FLOAT32, wide, 0, 65536);
      KERNELS.convert(ElementType.FLOAT32, wide, 0, ElementType.FLOAT16, back, 0, 65536);
      for (int i = 0; i < 65536; i++) {
        float v = wide.get(JAVA_FLOAT_UNALIGNED, i * 4L);
        float want = Float.float16ToFloat((short) i);
        assertTrue(
            Float.isNaN(want)
                ? Float.isNaN(v)
                : Float.floatToRawIntBits(want) == Float.floatToRawIntBits(v),
            "half " + i);
        short h = back.get(JAVA_SHORT_UNALIGNED, i * 2L);
        assertTrue(Float.isNaN(want) ? (h & 0x7fff) > 0x7c00 : h == (short) i, "half " + i);
      }
    }
  }

  @Test
  void narrowingFromFloat64RoundsOnce() {
    for (int i = 0; i < 20000; i++) {
      // near the middle between two halves, where two roundings go wrong
      short h = (short) (random.nextInt(0x7bff));
      double low = Float.float16ToFloat(h);
      double high = Float.float16ToFloat((short) (h + 1));
      double v = (low + high) / 2 * (1 + (random.nextInt(5) - 2) * 0x1p-50);
      if (random.nextBoolean()) {
        v = -v;
      }
      short got = Float.floatToFloat16(Scalars.oddFloat(v));
      BigDecimal exact = new BigDecimal(Math.abs(v));
      int toLow =
          exact
              .subtract(new BigDecimal(low))
              .compareTo(
                  (Double.isInfinite(high) ? new BigDecimal(65536) : new BigDecimal(high))
                      .subtract(exact));
      short nearest = toLow < 0 || toLow == 0 && (h & 1) == 0 ? h : (short) (h + 1);
      assertEquals(nearest, (short) (got & 0x7fff), "seed " + seed + ", " + v);
    }
  }

  @Test
  void integersSaturateAndRoundHalfToEven() {
    double[] in = {
      0.5, 1.5, 2.5, -0.5, -1, 255, 255.5, 256, 1e30, Double.NaN, Double.NEGATIVE_INFINITY, 254.5
    };
    int[] want = {0, 2, 2, 0, 0, 255, 255, 255, 255, 0, 0, 254};
    int n = 48;
    MemorySegment src = arena.allocate(n * 4L);
    MemorySegment dst = arena.allocate(n);
    for (int i = 0; i < n; i++) {
      src.set(JAVA_FLOAT_UNALIGNED, i * 4L, (float) in[i % in.length]);
    }
    KERNELS.convert(ElementType.FLOAT32, src, 0, ElementType.UINT8, dst, 0, n);
    for (int i = 0; i < n; i++) {
      assertEquals(want[i % in.length], dst.get(JAVA_BYTE, i) & 0xff, "element " + i);
    }
  }

  @Test
  void allocatesNothing() throws Exception {
    FreshJvm.run(RowKernelsTest.class);
  }

  /** Measures the allocation of kernels; for a JVM of its own. */
  public static void main(String[] args) {
    new RowKernelsTest().measureAllocation();
  }

  private void measureAllocation() {
    int n = 1031;
    MemorySegment src = arena.allocate(n * 40L, 64);
    MemorySegment dst = arena.allocate(n * 8L, 64);
    MemorySegment shifts = arena.allocate(n * 8L, 64);
    ElementType[][] pairs = {
      {ElementType.FLOAT32, ElementType.FLOAT32},
      {ElementType.UINT8, ElementType.FLOAT32},
      {ElementType.INT16, ElementType.FLOAT16},
      {ElementType.FLOAT64, ElementType.BFLOAT16},
      {ElementType.FLOAT32, ElementType.FLOAT64}
    };
    for (ElementType[] pair : pairs) {
      ElementType from = pair[0];
      ElementType to = pair[1];
      RowFinish f =
          rowFinish(
              from,
              from == ElementType.FLOAT64 ? from : ElementType.FLOAT32,
              to,
              RowFinish.Mode.COLUMNS,
              true,
              n);
      RowFinish g = rowFinish(from, ElementType.FLOAT64, to, RowFinish.Mode.COLUMNS, true, n);
      RowFinish plain = rowFinish(from, from, from, RowFinish.Mode.NONE, false, 1);
      RowFinish few = rowFinish(from, f.compute(), to, RowFinish.Mode.COLUMNS, true, 3);
      RowFinish fewBlended =
          rowFinish(from, ElementType.FLOAT64, to, RowFinish.Mode.COLUMNS, true, 3);
      long[] order = {0, 2, 2, 1, 3, 0};
      double[] w = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6};
      int rows = order.length;
      RowPass finish = RowPass.of(f);
      BlendPass blend = BlendPass.of(g);
      ColumnShifts columnShifts = new ColumnShifts(0, 1, shifts);
      ShiftPass nearest = ShiftPass.of(f, ShiftPass.Mode.PREVIOUS, columnShifts, n, n * 8L);
      ShiftPass linear = ShiftPass.of(g, ShiftPass.Mode.LINEAR, columnShifts, n, n * 8L);
      NanSearchPass search = NanSearchPass.of(to);
      SumPass sum = SumPass.of(from);
      GatherPass copied = GatherPass.of(plain, 67);
      GatherPass gather = GatherPass.of(f, 131);
      GatherBlendPass gatherBlend = GatherBlendPass.of(g, 131);
      NanRowsPass searchRows = NanRowsPass.of(to, 131);
      GatherPass gatherFew = GatherPass.of(few, 3);
      GatherBlendPass blendFew = GatherBlendPass.of(fewBlended, 3);
      GatherBlendPass blendFewOfMany = GatherBlendPass.of(g, 3);
      NanRowsPass searchFew = NanRowsPass.of(to, 3);
      ExtremesPass extremes = ExtremesPass.of(from);
      long[] least = new long[11];
      Arrays.fill(least, Long.MAX_VALUE);
      // compilation takes a while, on a busy machine much longer, and may start again: the best
      // round counts
      long end = System.nanoTime() + 60_000_000_000L;
      do {
        for (int kernel = 0; kernel < least.length; kernel++) {
          long before = allocated();
          for (int i = 0; i < 100; i++) {
            switch (kernel) {
              case 0 -> finish.run(src, 0, dst, 0, n);
              case 1 -> blend.run(src, 0, 0.5, n * 8L, 0.5, dst, 0, n);
              case 2 -> nearest.run(src, 0, 0, 1, 1, dst, 0);
              case 3 -> linear.run(src, 0, 0, 1, 1, dst, 0);
              case 4 -> search.run(dst, 0, n);
              case 5 -> sum.run(src, 0, 8, 2, shifts, dst, n);
              case 6 -> {
                copied.run(src, order, rows, dst, 0);
                gather.run(src, order, 4, dst, 0);
              }
              case 7 -> gatherBlend.run(src, order, w, w, rows, dst, 0);
              case 8 -> searchRows.run(src, 0, 4, dst, 0);
              case 9 -> extremes.run(src, 0, 8, 2, dst, shifts, 67);
              default -> {
                gatherFew.run(src, order, rows, dst, 0);
                blendFew.run(src, order, w, w, rows, dst, 0);
                blendFewOfMany.run(src, order, w, w, rows, dst, 0);
                searchFew.run(src, 0, rows, dst, 0);
              }
            }
          }
          least[kernel] = Math.min(least[kernel], allocated() - before);
        }
      } while (Arrays.stream(least).max().getAsLong() > 0 && System.nanoTime() < end);
      assertTrue(
          Arrays.stream(least).max().getAsLong() == 0,
          () ->
              "%s to %s: bytes in the best 100 calls of finish, blend, nearest, linear, hasNaN, accumulate, many rows, blended, searched, extremes, short ones: %s"
                  .formatted(from, to, Arrays.toString(least)));
    }
  }

  private static long allocated() {
    return THREADS.getCurrentThreadAllocatedBytes();
  }

  private MemorySegment floats(float v) {
    MemorySegment s = arena.allocate(4);
    s.set(JAVA_FLOAT_UNALIGNED, 0, v);
    return s;
  }

  private RowFinish rowFinish(
      ElementType from,
      ElementType compute,
      ElementType to,
      RowFinish.Mode mode,
      boolean subtract,
      int n) {
    int count = Math.max(1, mode == RowFinish.Mode.SCALAR ? 1 : n);
    MemorySegment means = arena.allocate(count * 8L);
    MemorySegment stds = arena.allocate(count * 8L);
    for (int i = 0; i < count; i++) {
      double mean = random.nextGaussian();
      double std = 0.1 + random.nextDouble();
      if (compute == ElementType.FLOAT64) {
        means.set(JAVA_DOUBLE_UNALIGNED, i * 8L, mean);
        stds.set(JAVA_DOUBLE_UNALIGNED, i * 8L, std);
      } else {
        means.set(JAVA_FLOAT_UNALIGNED, i * 4L, (float) mean);
        stds.set(JAVA_FLOAT_UNALIGNED, i * 4L, (float) std);
      }
    }
    return new RowFinish(from, compute, to, mode, subtract, subtract ? means : null, stds);
  }

  /** Random bits, every special value among them. */
  private MemorySegment values(ElementType type, int n, int offset) {
    MemorySegment s = arena.allocate((long) n * type.bytes() + offset + 8, 64);
    for (int i = 0; i < n; i++) {
      long at = offset + (long) i * type.bytes();
      if (!type.isFloating()) {
        switch (type.bytes()) {
          case 1 ->
              s.set(
                  JAVA_BYTE,
                  at,
                  type == ElementType.BOOL ? (byte) random.nextInt(2) : (byte) random.nextInt());
          case 2 -> s.set(JAVA_SHORT_UNALIGNED, at, (short) random.nextInt());
          case 4 -> s.set(JAVA_INT_UNALIGNED, at, random.nextInt() >> random.nextInt(32));
          default -> s.set(JAVA_LONG_UNALIGNED, at, random.nextLong() >> random.nextInt(64));
        }
        continue;
      }
      double v =
          switch (random.nextInt(12)) {
            case 0 -> Double.NaN;
            case 1 -> 0.0;
            case 2 -> -0.0;
            case 3 -> Double.POSITIVE_INFINITY;
            case 4 -> Double.NEGATIVE_INFINITY;
            case 5 -> Float.MIN_VALUE * random.nextInt(100);
            case 6 -> random.nextGaussian() * 1e-6;
            case 7 -> random.nextInt(512) - 128.5;
            case 8 -> random.nextGaussian() * 70000;
            default -> random.nextGaussian() * 10;
          };
      Scalars.storeDouble(type, s, at, v);
    }
    return s;
  }

  private MemorySegment output(ElementType type, int n, int offset) {
    MemorySegment s = arena.allocate((long) n * type.bytes() + offset + 2 * MARGIN, 64);
    s.fill(CANARY);
    return s;
  }

  private void same(
      ElementType type, MemorySegment want, MemorySegment got, long offset, int n, String what) {
    if (want.mismatch(got) < 0) {
      return;
    }
    for (int i = 0; i < n; i++) {
      long at = offset + (long) i * type.bytes();
      double w = Scalars.loadDouble(type, want, at);
      double g = Scalars.loadDouble(type, got, at);
      boolean nans = Double.isNaN(w) && Double.isNaN(g);
      boolean equal =
          nans
              || MemorySegment.mismatch(want, at, at + type.bytes(), got, at, at + type.bytes())
                  < 0;
      assertTrue(
          equal, "seed " + seed + ", " + what + ", element " + i + ": " + g + ", expected " + w);
    }
    for (long i = 0; i < got.byteSize(); i++) {
      if (i < offset || i >= offset + (long) n * type.bytes()) {
        assertEquals(
            want.get(JAVA_BYTE, i),
            got.get(JAVA_BYTE, i),
            "seed " + seed + ", " + what + ", byte " + i);
      }
    }
  }
}
