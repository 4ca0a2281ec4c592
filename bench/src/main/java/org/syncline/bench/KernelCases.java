/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.bench;

import static org.syncline.bench.Reference.D;
import static org.syncline.bench.Reference.F;
import static org.syncline.bench.Reference.N;
import static org.syncline.bench.Reference.P;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.LinkedHashMap;
import java.util.Map;
import org.syncline.array.ElementType;
import org.syncline.device.support.ColumnMoments;
import org.syncline.kernel.AveragePass;
import org.syncline.kernel.BlendPass;
import org.syncline.kernel.ColumnShifts;
import org.syncline.kernel.ExtremesPass;
import org.syncline.kernel.GatherBlendPass;
import org.syncline.kernel.GatherPass;
import org.syncline.kernel.NanColumnPass;
import org.syncline.kernel.NanRowsPass;
import org.syncline.kernel.NanSearchPass;
import org.syncline.kernel.NanValuePass;
import org.syncline.kernel.RowFinish;
import org.syncline.kernel.RowFinish.Mode;
import org.syncline.kernel.RowPass;
import org.syncline.kernel.ShiftPass;
import org.syncline.kernel.SquarePass;
import org.syncline.kernel.SumPass;

/** The rows of the kernel table: name → case. */
final class KernelCases {
  private KernelCases() {}

  /** Makes a case. */
  interface Maker {
    KernelCase make(Arena arena, int count);
  }

  static Map<String, Maker> all() {
    Map<String, Maker> cases = new LinkedHashMap<>();
    convert(cases, "copy f32", "ref_copy", ElementType.FLOAT32, ElementType.FLOAT32);
    convert(cases, "u8 → f32", "ref_u8_f32", ElementType.UINT8, ElementType.FLOAT32);
    convert(cases, "i16 → f32", "ref_i16_f32", ElementType.INT16, ElementType.FLOAT32);
    convert(cases, "u16 → f32", "ref_u16_f32", ElementType.UINT16, ElementType.FLOAT32);
    convert(cases, "i32 → f32", "ref_i32_f32", ElementType.INT32, ElementType.FLOAT32);
    convert(cases, "f16 → f32", "ref_f16_f32", ElementType.FLOAT16, ElementType.FLOAT32);
    convert(cases, "f64 → f32", "ref_f64_f32", ElementType.FLOAT64, ElementType.FLOAT32);
    convert(cases, "f32 → f64", "ref_f32_f64", ElementType.FLOAT32, ElementType.FLOAT64);
    convert(cases, "f32 → f16", "ref_f32_f16", ElementType.FLOAT32, ElementType.FLOAT16);
    convert(cases, "f32 → bf16", "ref_f32_bf16", ElementType.FLOAT32, ElementType.BFLOAT16);
    convert(cases, "f32 → u8", "ref_f32_u8", ElementType.FLOAT32, ElementType.UINT8);
    cases.put(
        "(u8 - m) / s → f32", (a, n) -> scalar(a, n, "ref_normalize_u8_f32", ElementType.UINT8));
    cases.put(
        "(f32 - m) / s → f32", (a, n) -> scalar(a, n, "ref_normalize_f32", ElementType.FLOAT32));
    cases.put(
        "(f32 - m[j]) / s[j] → f32",
        (a, n) ->
            columns(a, n, "ref_normalize_columns_f32", ElementType.FLOAT32, ElementType.FLOAT32));
    cases.put(
        "(f64 - m[j]) / s[j] → f64",
        (a, n) ->
            columns(a, n, "ref_normalize_columns_f64", ElementType.FLOAT64, ElementType.FLOAT64));
    cases.put(
        "(i16 - m[j]) / s[j] → f32",
        (a, n) ->
            columns(a, n, "ref_normalize_columns_i16_f32", ElementType.INT16, ElementType.FLOAT32));
    cases.put("f32 / s[j] → f32", KernelCases::divide);
    cases.put(
        "blend 2 × f32 → f64", (a, n) -> blend(a, n, "ref_blend_f32_f64", ElementType.FLOAT64));
    cases.put(
        "blend 2 × f32 → f32", (a, n) -> blend(a, n, "ref_blend_f32_f32", ElementType.FLOAT32));
    cases.put("shifted nearest f32", (a, n) -> shifted(a, n, false));
    cases.put("shifted linear f32 → f64", (a, n) -> shifted(a, n, true));
    cases.put("gather rows f32", (a, n) -> gather(a, n, ROW));
    cases.put("gather rows of 3 f32", (a, n) -> gather(a, n, FEW));
    cases.put("blend rows of 3 × f32 → f32", KernelCases::blendRows);
    cases.put("any NaN f32", KernelCases::anyNaN);
    cases.put("any NaN of each row f32", KernelCases::anyNaNOfRows);
    cases.put("replace NaN f32", KernelCases::replaceNaN);
    cases.put("replace 1 % NaN f32", (a, n) -> replacePlanted(a, n, false));
    cases.put("replace 1 % NaN by column f32", (a, n) -> replacePlanted(a, n, true));
    cases.put("column sums f32", KernelCases::accumulate);
    cases.put("column squares f32", KernelCases::squares);
    cases.put("mean of 4 rows f32", KernelCases::average);
    cases.put("statistics of rows f32", KernelCases::statistics);
    return cases;
  }

  private static void convert(
      Map<String, Maker> cases, String name, String c, ElementType from, ElementType to) {
    cases.put(name, (arena, n) -> new Conversion(arena, n, c, from, to));
  }

  private static void sourceOf(ElementType type, MemorySegment src, double low, double high) {
    switch (type) {
      case FLOAT32 -> KernelCase.randomFloats(src, 1, (float) low, (float) high);
      case FLOAT64 -> KernelCase.randomDoubles(src, 1, low, high);
      case FLOAT16 -> {
        for (long i = 0; i < src.byteSize() / 2; i++) {
          src.setAtIndex(
              java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED,
              i,
              Float.floatToFloat16((float) (low + (high - low) * (i % 1009) / 1009)));
        }
      }
      default -> KernelCase.randomBytes(src, 1);
    }
  }

  private static final class Conversion extends KernelCase {
    private final RowPass pass;
    private final MethodHandle handle;
    private final boolean copy;

    Conversion(Arena arena, int n, String c, ElementType from, ElementType to) {
      super(arena, n, (long) n * from.bytes(), (long) n * to.bytes(), Math.max(4, to.bytes()));
      pass = RowPass.of(from, to);
      copy = from == to;
      handle = Reference.handle(c, P, P, N);
      sourceOf(from, src, -20, 280);
    }

    @Override
    void ours() {
      pass.run(src, 0, dst, 0, count);
    }

    @Override
    void c(MemorySegment out) throws Throwable {
      handle.invokeExact(src, out, copy ? bytesWritten : (long) count);
    }
  }

  private static MemorySegment one(Arena arena, ElementType type, double value) {
    MemorySegment m = arena.allocate(8, 64);
    if (type == ElementType.FLOAT64) {
      m.setAtIndex(KernelCase.DOUBLE, 0, value);
    } else {
      m.setAtIndex(KernelCase.FLOAT, 0, (float) value);
    }
    return m.asSlice(0, type.bytes());
  }

  private static KernelCase scalar(Arena arena, int n, String c, ElementType from) {
    RowPass pass =
        RowPass.of(
            new RowFinish(
                from,
                ElementType.FLOAT32,
                ElementType.FLOAT32,
                Mode.SCALAR,
                true,
                one(arena, ElementType.FLOAT32, 113.5),
                one(arena, ElementType.FLOAT32, 59.4)));
    MethodHandle handle = Reference.handle(c, P, P, N, F, F);
    KernelCase made =
        new KernelCase(arena, n, (long) n * from.bytes(), (long) n * 4, 4) {
          @Override
          void ours() {
            pass.run(src, 0, dst, 0, count);
          }

          @Override
          void c(MemorySegment out) throws Throwable {
            handle.invokeExact(src, out, (long) count, 113.5f, 59.4f);
          }
        };
    sourceOf(from, made.src, 0, 255);
    return made;
  }

  private static KernelCase columns(
      Arena arena, int n, String c, ElementType from, ElementType compute) {
    int bytes = compute.bytes();
    MemorySegment means = arena.allocate((long) n * bytes, 4096);
    MemorySegment stds = arena.allocate((long) n * bytes, 4096);
    sourceOf(compute, means, -3, 3);
    sourceOf(compute, stds, 0.5, 4);
    RowPass pass =
        RowPass.of(new RowFinish(from, compute, compute, Mode.COLUMNS, true, means, stds));
    MethodHandle handle = Reference.handle(c, P, P, P, P, N);
    KernelCase made =
        new KernelCase(arena, n, (long) n * from.bytes(), (long) n * bytes, 4) {
          @Override
          void ours() {
            pass.run(src, 0, dst, 0, count);
          }

          @Override
          void c(MemorySegment out) throws Throwable {
            handle.invokeExact(src, means, stds, out, (long) count);
          }
        };
    sourceOf(from, made.src, -5, 5);
    return made;
  }

  private static KernelCase divide(Arena arena, int n) {
    MemorySegment stds = arena.allocate((long) n * 4, 4096);
    KernelCase.randomFloats(stds, 2, 0.5f, 4);
    RowPass pass =
        RowPass.of(
            new RowFinish(
                ElementType.FLOAT32,
                ElementType.FLOAT32,
                ElementType.FLOAT32,
                Mode.COLUMNS,
                false,
                null,
                stds));
    MethodHandle handle = Reference.handle("ref_divide_columns_f32", P, P, P, N);
    KernelCase made =
        new KernelCase(arena, n, (long) n * 4, (long) n * 4, 4) {
          @Override
          void ours() {
            pass.run(src, 0, dst, 0, count);
          }

          @Override
          void c(MemorySegment out) throws Throwable {
            handle.invokeExact(src, stds, out, (long) count);
          }
        };
    KernelCase.randomFloats(made.src, 1, 0, 9);
    return made;
  }

  private static KernelCase blend(Arena arena, int n, String c, ElementType to) {
    BlendPass pass =
        BlendPass.of(
            new RowFinish(
                ElementType.FLOAT32, ElementType.FLOAT64, to, Mode.NONE, false, null, null));
    MethodHandle handle = Reference.handle(c, P, D, P, D, P, N);
    KernelCase made =
        new KernelCase(arena, n, (long) n * 8, (long) n * to.bytes(), 4) {
          private final MemorySegment second = src.asSlice((long) count * 4);

          @Override
          void ours() {
            pass.run(src, 0, 0.3, (long) count * 4, 0.7, dst, 0, count);
          }

          @Override
          void c(MemorySegment out) throws Throwable {
            handle.invokeExact(src, 0.3, second, 0.7, out, (long) count);
          }
        };
    KernelCase.randomFloats(made.src, 1, -5, 5);
    return made;
  }

  private static KernelCase shifted(Arena arena, int n, boolean linear) {
    int rows = linear ? 3 : 2;
    ElementType to = linear ? ElementType.FLOAT64 : ElementType.FLOAT32;
    MemorySegment shifts = arena.allocate((long) n * 8, 64);
    for (int j = 0; j < n; j++) {
      shifts.setAtIndex(KernelCase.DOUBLE, j, (j % 997) / 997.0 / 8);
    }
    RowFinish finish =
        new RowFinish(
            ElementType.FLOAT32,
            linear ? ElementType.FLOAT64 : ElementType.FLOAT32,
            to,
            Mode.NONE,
            false,
            null,
            null);
    ShiftPass pass =
        ShiftPass.of(
            finish,
            linear ? ShiftPass.Mode.LINEAR : ShiftPass.Mode.PREVIOUS,
            new ColumnShifts(100, 0.125, shifts),
            n,
            (long) n * 4);
    MethodHandle handle =
        Reference.handle(
            linear ? "ref_shifted_linear_f32" : "ref_shifted_nearest_f32", P, N, D, D, D, P, P, N);
    double time = 100.0625 + 0.125;
    KernelCase made =
        new KernelCase(arena, n, (long) n * 4 * rows, (long) n * to.bytes(), 4) {
          @Override
          void ours() {
            pass.run(src, 0, 0, 1, time, dst, 0);
          }

          @Override
          void c(MemorySegment out) throws Throwable {
            handle.invokeExact(src, (long) count, time, 100.0, 0.125, shifts, out, (long) count);
          }
        };
    KernelCase.randomFloats(made.src, 1, -5, 5);
    return made;
  }

  private static KernelCase anyNaN(Arena arena, int n) {
    NanSearchPass pass = NanSearchPass.of(ElementType.FLOAT32);
    MethodHandle handle =
        Reference.returning(java.lang.foreign.ValueLayout.JAVA_INT, "ref_has_nan_f32", P, N);
    KernelCase made =
        new KernelCase(arena, n, (long) n * 4, 4, 4) {
          @Override
          void ours() {
            dst.set(
                java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED,
                0,
                pass.run(src, 0, count) ? 1 : 0);
          }

          @Override
          void c(MemorySegment out) throws Throwable {
            out.set(
                java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED,
                0,
                (int) handle.invokeExact(src, (long) count));
          }
        };
    KernelCase.randomFloats(made.src, 1, -5, 5);
    return made;
  }

  private static KernelCase replaceNaN(Arena arena, int n) {
    NanValuePass pass = NanValuePass.of(ElementType.FLOAT32);
    MethodHandle handle =
        Reference.returning(
            java.lang.foreign.ValueLayout.JAVA_LONG, "ref_replace_nan_f32", P, N, F);
    KernelCase made =
        // in place: the same bytes are read and written
        new KernelCase(arena, n, (long) n * 4, (long) n * 4, 4) {
          @Override
          void ours() {
            pass.run(dst, 0, count, 1.5);
          }

          @Override
          void c(MemorySegment out) throws Throwable {
            long replaced = (long) handle.invokeExact(out, (long) count, 1.5f);
            if (replaced < 0) {
              throw new AssertionError();
            }
          }
        };
    KernelCase.randomFloats(made.src, 1, -5, 5);
    return made;
  }

  /** Elements of a gathered row; odd. */
  private static final int ROW = 127;

  /** Elements of a row of few: an eye tracker's. */
  private static final int FEW = 3;

  private static MemorySegment ofInts(Arena arena, int[] numbers) {
    MemorySegment s = arena.allocate(4L * numbers.length, 64);
    MemorySegment.copy(numbers, 0, s, java.lang.foreign.ValueLayout.JAVA_INT, 0, numbers.length);
    return s;
  }

  private static KernelCase gather(Arena arena, int n, int rowLength) {
    int columns = Math.min(n, rowLength);
    int rows = n / columns;
    int[] numbers = new java.util.SplittableRandom(5).ints(rows, 0, rows).toArray();
    long[] order = java.util.stream.IntStream.of(numbers).asLongStream().toArray();
    MemorySegment orderOfC = ofInts(arena, numbers);
    GatherPass pass =
        GatherPass.of(RowFinish.conversion(ElementType.FLOAT32, ElementType.FLOAT32), columns);
    MethodHandle handle = Reference.handle("ref_gather", P, P, N, N, P);
    long rowBytes = 4L * columns;
    KernelCase made =
        new KernelCase(arena, n, rows * rowBytes, rows * rowBytes, 4) {
          @Override
          void ours() {
            pass.run(src, order, rows, dst, 0);
          }

          @Override
          void c(MemorySegment out) throws Throwable {
            handle.invokeExact(src, orderOfC, (long) rows, (long) columns, out);
          }
        };
    KernelCase.randomFloats(made.src, 1, -5, 5);
    return made;
  }

  /** Rows of few elements at 1.5 times their rate: each with the one after it. */
  private static KernelCase blendRows(Arena arena, int n) {
    int rows = n / FEW;
    int[] numbers = new int[rows];
    long[] order = new long[rows];
    double[] w0 = new double[rows];
    double[] w1 = new double[rows];
    for (int k = 0; k < rows; k++) {
      double at = k / 1.5;
      numbers[k] = (int) at;
      order[k] = numbers[k];
      w1[k] = at - numbers[k];
      w0[k] = 1 - w1[k];
    }
    MemorySegment orderOfC = ofInts(arena, numbers);
    MemorySegment w0OfC = arena.allocate(8L * rows, 64);
    MemorySegment w1OfC = arena.allocate(8L * rows, 64);
    MemorySegment.copy(w0, 0, w0OfC, KernelCase.DOUBLE, 0, rows);
    MemorySegment.copy(w1, 0, w1OfC, KernelCase.DOUBLE, 0, rows);
    GatherBlendPass pass =
        GatherBlendPass.of(
            new RowFinish(
                ElementType.FLOAT32,
                ElementType.FLOAT64,
                ElementType.FLOAT32,
                Mode.NONE,
                false,
                null,
                null),
            FEW);
    MethodHandle handle = Reference.handle("ref_blend_rows_f32", P, P, P, P, N, N, P);
    long rowBytes = 4L * FEW;
    KernelCase made =
        new KernelCase(arena, n, rows * rowBytes, rows * rowBytes, 4) {
          @Override
          void ours() {
            pass.run(src, order, w0, w1, rows, dst, 0);
          }

          @Override
          void c(MemorySegment out) throws Throwable {
            handle.invokeExact(src, orderOfC, w0OfC, w1OfC, (long) rows, (long) FEW, out);
          }
        };
    KernelCase.randomFloats(made.src, 1, -5, 5);
    return made;
  }

  private static KernelCase anyNaNOfRows(Arena arena, int n) {
    int columns = Math.min(n, ROW);
    int rows = n / columns;
    long rowBytes = 4L * columns;
    NanRowsPass pass = NanRowsPass.of(ElementType.FLOAT32, columns);
    MethodHandle handle = Reference.handle("ref_rows_have_nan_f32", P, N, N, P);
    KernelCase made =
        new KernelCase(arena, n, rows * rowBytes, rows, 4) {
          @Override
          void ours() {
            pass.run(src, 0, rows, dst, 0);
          }

          @Override
          void c(MemorySegment out) throws Throwable {
            handle.invokeExact(src, (long) rows, (long) columns, out);
          }
        };
    KernelCase.randomFloats(made.src, 1, -5, 5);
    for (int r = 0; r < rows; r += 9) {
      made.src.setAtIndex(
          KernelCase.FLOAT, (long) r * columns + (r * 31L + 7) % columns, Float.NaN);
    }
    return made;
  }

  /** NaN that was replaced must be made again: by C in both, which is part of the time. */
  private static KernelCase replacePlanted(Arena arena, int n, boolean byColumn) {
    NanValuePass byValue = NanValuePass.of(ElementType.FLOAT32);
    NanColumnPass columns = NanColumnPass.of(ElementType.FLOAT32);
    MemorySegment values = arena.allocate(8L * n, 4096);
    KernelCase.randomDoubles(values, 3, -1, 1);
    MethodHandle plant = Reference.handle("ref_plant_nan_f32", P, N);
    MethodHandle handle =
        byColumn
            ? Reference.returning(
                java.lang.foreign.ValueLayout.JAVA_LONG, "ref_replace_nan_columns_f32", P, P, N)
            : Reference.returning(
                java.lang.foreign.ValueLayout.JAVA_LONG, "ref_replace_nan_f32", P, N, F);
    // in place: the same bytes are read and written
    return new KernelCase(arena, n, (long) n * (byColumn ? 12 : 4), (long) n * 4, 4) {
      private final int planted = (count + 100) / 101;

      private void plant(MemorySegment data) {
        if (plant == null) {
          for (int i = 0; i < count; i += 101) {
            data.setAtIndex(KernelCase.FLOAT, i, Float.NaN);
          }
          return;
        }
        try {
          plant.invokeExact(data, (long) count);
        } catch (Throwable t) {
          throw new AssertionError(t);
        }
      }

      private void check(long replaced) {
        if (replaced != planted) {
          throw new AssertionError(replaced + " replaced, " + planted + " planted");
        }
      }

      @Override
      void ours() {
        plant(dst);
        check(byColumn ? columns.run(dst, 0, count, values) : byValue.run(dst, 0, count, 1.5));
      }

      @Override
      void c(MemorySegment out) throws Throwable {
        plant(out);
        check(
            byColumn
                ? (long) handle.invokeExact(out, values, (long) count)
                : (long) handle.invokeExact(out, (long) count, 1.5f));
      }
    };
  }

  private static KernelCase accumulate(Arena arena, int n) {
    SumPass pass = SumPass.of(ElementType.FLOAT32);
    MethodHandle handle = Reference.handle("ref_accumulate_f32", P, P, P, N);
    KernelCase made =
        new KernelCase(arena, n, (long) n * 4, (long) n * 16, 4) {
          private final MemorySegment sums = dst.asSlice(0, (long) count * 8);
          private final MemorySegment counts = dst.asSlice((long) count * 8);

          @Override
          void ours() {
            pass.run(src, 0, 4L * count, 1, sums, counts, count);
          }

          @Override
          void c(MemorySegment out) throws Throwable {
            handle.invokeExact(src, out, out.asSlice((long) count * 8), (long) count);
          }
        };
    KernelCase.randomFloats(made.src, 1, -5, 5);
    return made;
  }

  private static KernelCase squares(Arena arena, int n) {
    SquarePass pass = SquarePass.of(ElementType.FLOAT32);
    MemorySegment means = arena.allocate((long) n * 8, 4096);
    KernelCase.randomDoubles(means, 3, -1, 1);
    MethodHandle handle = Reference.handle("ref_accumulate_squares_f32", P, P, P, N);
    KernelCase made =
        new KernelCase(arena, n, (long) n * 4, (long) n * 8, 4) {
          @Override
          void ours() {
            pass.run(src, 0, 4L * count, 1, means, dst, count);
          }

          @Override
          void c(MemorySegment out) throws Throwable {
            handle.invokeExact(src, means, out, (long) count);
          }
        };
    KernelCase.randomFloats(made.src, 1, -5, 5);
    return made;
  }

  /** Signals of a recording. */
  private static final int SIGNALS = 2_000;

  /**
   * Means, deviations and extremes of rows that follow each other, as {@code syncline stats}
   * computes them: by its rule for deviations everything is read twice, by the roofline too.
   */
  private static KernelCase statistics(Arena arena, int n) {
    int rows = n / SIGNALS;
    long rowBytes = 4L * SIGNALS;
    int block = (int) ((1 << 18) / rowBytes);
    ExtremesPass extremes = ExtremesPass.of(ElementType.FLOAT32);
    MemorySegment most = arena.allocate(rowBytes, 64);
    KernelCase made =
        new KernelCase(arena, n, rows * rowBytes, rowBytes, 0) {
          private final ColumnMoments moments =
              new ColumnMoments(ElementType.FLOAT32, SIGNALS, arena);

          @Override
          void ours() {
            for (int row = 0; row < rows; row += block) {
              int some = Math.min(block, rows - row);
              moments.add(src, row * rowBytes, some, rowBytes);
              extremes.run(src, row * rowBytes, rowBytes, some, dst, most, SIGNALS);
            }
            moments.endSums();
            for (int row = 0; row < rows; row += block) {
              moments.addSquares(src, row * rowBytes, Math.min(block, rows - row), rowBytes);
            }
          }

          @Override
          void floor() {
            super.floor();
            super.floor();
          }

          @Override
          boolean hasC() {
            return false;
          }

          @Override
          void c(MemorySegment out) {}
        };
    KernelCase.randomFloats(made.src, 1, -5, 5);
    return made;
  }

  /** Four rows of 30 Hz become one of 8 Hz, the first and the last in part. */
  private static KernelCase average(Arena arena, int n) {
    AveragePass pass = AveragePass.of(ElementType.FLOAT32, ElementType.FLOAT32);
    MemorySegment weights = arena.allocate(4 * 8L, 64);
    double[] shares = {0.75, 1, 1, 0.5};
    MemorySegment.copy(shares, 0, weights, KernelCase.DOUBLE, 0, 4);
    MethodHandle handle = Reference.handle("ref_average_f32", P, P, N, P, N);
    KernelCase made =
        new KernelCase(arena, n, (long) n * 16, (long) n * 4, 4) {
          @Override
          void ours() {
            pass.run(src, 0, 4L * count, weights, 4, dst, 0, count);
          }

          @Override
          void c(MemorySegment out) throws Throwable {
            handle.invokeExact(src, weights, 4L, out, (long) count);
          }
        };
    KernelCase.randomFloats(made.src, 1, -5, 5);
    return made;
  }
}
