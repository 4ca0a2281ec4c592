/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.bench;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.syncline.bench.Reference.F;
import static org.syncline.bench.Reference.N;
import static org.syncline.bench.Reference.P;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.LinkedHashMap;
import java.util.Map;
import org.syncline.array.ElementType;
import org.syncline.kernel.DeinterleavePass;
import org.syncline.kernel.FillPass;
import org.syncline.kernel.FrameFinish;
import org.syncline.kernel.GrayPass;
import org.syncline.kernel.InterleavePass;
import org.syncline.kernel.PixelPass;
import org.syncline.kernel.ResampleAxis;
import org.syncline.kernel.ResamplePass;
import org.syncline.kernel.ResampleTable;

/** Kernels over one frame that becomes 144×256. */
final class FrameCases {
  private static final int HEIGHT = 144;
  private static final int WIDTH = 256;
  private static final int PIXELS = HEIGHT * WIDTH;
  private static final float MEAN = 113.5f;
  private static final float STD = 59.4f;

  private FrameCases() {}

  static Map<String, KernelCases.Maker> all() {
    Map<String, KernelCases.Maker> cases = new LinkedHashMap<>();
    cases.put("frame u8 → f32 normalised", (arena, n) -> finish(arena));
    cases.put("frame 36×64 → 144×256", (arena, n) -> resample(arena, 36, 64, false));
    cases.put("frame 480×640 → 144×256", (arena, n) -> resample(arena, 480, 640, false));
    cases.put("frame Resize 36×64 → 144×256", (arena, n) -> resample(arena, 36, 64, true));
    cases.put("frame Resize 480×640 → 144×256", (arena, n) -> resample(arena, 480, 640, true));
    cases.put("frame CenterCrop 200×321", (arena, n) -> crop(arena));
    cases.put("frame colour → planes", (arena, n) -> planar(arena));
    cases.put("frame planes → colour", (arena, n) -> interleave(arena));
    cases.put("frame planes → grey", (arena, n) -> gray(arena));
    cases.put("frame of one value", (arena, n) -> broadcast(arena));
    return cases;
  }

  private static FrameFinish normalized(ElementType from) {
    return new FrameFinish(from, ElementType.FLOAT32, true, MEAN, STD);
  }

  private static KernelCase finish(Arena arena) {
    PixelPass pass = PixelPass.of(normalized(ElementType.UINT8));
    MethodHandle handle = Reference.handle("ref_normalize_u8_f32", P, P, N, F, F);
    KernelCase made =
        new KernelCase(arena, PIXELS, PIXELS, 4L * PIXELS, 4) {
          @Override
          void ours() {
            pass.run(src, 0, dst, 0, PIXELS);
          }

          @Override
          void c(MemorySegment out) throws Throwable {
            handle.invokeExact(src, out, (long) PIXELS, MEAN, STD);
          }
        };
    KernelCase.randomBytes(made.src, 1);
    return made;
  }

  /**
   * First source position and weights of each output along an axis, padded with zeros to the same
   * number of taps.
   */
  record Axis(MemorySegment first, MemorySegment weights, int taps) {
    static Axis of(Arena arena, int src, int dst) {
      double ratio = (double) src / dst;
      int taps = ratio > 1 ? (int) Math.ceil(ratio) + 1 : 2;
      MemorySegment first = arena.allocate(4L * dst, 64);
      MemorySegment weights = arena.allocate(4L * dst * taps, 64);
      for (int i = 0; i < dst; i++) {
        if (ratio > 1) {
          // the share of each source cell that lies under the output's
          double from = i * ratio;
          double to = from + ratio;
          int start = Math.min((int) Math.floor(from + 1e-3), src - taps);
          first.setAtIndex(JAVA_INT, i, start);
          for (int k = 0; k < taps; k++) {
            double overlap = Math.min(to, start + k + 1) - Math.max(from, start + k);
            weights.setAtIndex(
                KernelCase.FLOAT, (long) i * taps + k, (float) (Math.max(0, overlap) / ratio));
          }
        } else {
          // INTER_AREA enlarges by a blend of two whose weight rises only where an output crosses a
          // source edge
          int start = (int) Math.floor(i * ratio);
          double f = (i + 1) - (start + 1) / ratio;
          f = f <= 0 ? 0 : f - Math.floor(f);
          boolean last = start >= src - 1;
          first.setAtIndex(JAVA_INT, i, last ? src - 2 : start);
          weights.setAtIndex(KernelCase.FLOAT, 2L * i, last ? 0f : (float) (1 - f));
          weights.setAtIndex(KernelCase.FLOAT, 2L * i + 1, last ? 1f : (float) f);
        }
      }
      return new Axis(first, weights, taps);
    }

    /** Triangles as wide as two source or two output cells, whichever are larger; sums are 1. */
    static Axis antialias(Arena arena, int src, int dst) {
      double ratio = (double) src / dst;
      double support = Math.max(1, ratio);
      int taps = Math.min(src, (int) Math.ceil(2 * support) + 1);
      MemorySegment first = arena.allocate(4L * dst, 64);
      MemorySegment weights = arena.allocate(4L * dst * taps, 64);
      for (int i = 0; i < dst; i++) {
        double centre = (i + 0.5) * ratio;
        int start = Math.clamp((int) Math.floor(centre - support + 0.5), 0, src - taps);
        double[] w = new double[taps];
        double total = 0;
        for (int k = 0; k < taps; k++) {
          w[k] = Math.max(0, 1 - Math.abs(start + k + 0.5 - centre) / support);
          total += w[k];
        }
        first.setAtIndex(JAVA_INT, i, start);
        for (int k = 0; k < taps; k++) {
          weights.setAtIndex(KernelCase.FLOAT, (long) i * taps + k, (float) (w[k] / total));
        }
      }
      return new Axis(first, weights, taps);
    }
  }

  private static ResampleAxis axis(int src, int dst, boolean antialias) {
    if (antialias) {
      return ResampleAxis.resize("BILINEAR", true, src, dst);
    }
    return src > dst ? ResampleAxis.area(src, dst) : ResampleAxis.areaEnlarge(src, dst);
  }

  /**
   * @param antialias torchvision's Resize instead of INTER_AREA
   */
  private static KernelCase resample(Arena arena, int height, int width, boolean antialias) {
    ResampleTable table =
        ResampleTable.of(axis(height, HEIGHT, antialias), axis(width, WIDTH, antialias));
    ResamplePass pass = ResamplePass.of(table, normalized(ElementType.UINT8));
    MemorySegment scratch = arena.allocate(table.scratchBytes(), 64);
    Axis rows = antialias ? Axis.antialias(arena, height, HEIGHT) : Axis.of(arena, height, HEIGHT);
    Axis columns = antialias ? Axis.antialias(arena, width, WIDTH) : Axis.of(arena, width, WIDTH);
    MemorySegment line = arena.allocate(4L * (width + 16), 64);
    MethodHandle handle =
        Reference.handle("ref_resample_u8", P, N, N, P, N, N, P, P, N, P, P, N, F, F, P);
    KernelCase made =
        new KernelCase(arena, PIXELS, (long) height * width, 4L * PIXELS, 4) {
          @Override
          void ours() {
            pass.run(src, 0, width, scratch, 0, dst, 0);
          }

          @Override
          void c(MemorySegment out) throws Throwable {
            handle.invokeExact(
                src,
                (long) height,
                (long) width,
                out,
                (long) HEIGHT,
                (long) WIDTH,
                rows.first(),
                rows.weights(),
                (long) rows.taps(),
                columns.first(),
                columns.weights(),
                (long) columns.taps(),
                MEAN,
                STD,
                line);
          }

          @Override
          double tolerance() {
            // other orders of the same sums
            return 1e-4;
          }
        };
    KernelCase.randomBytes(made.src, 1);
    return made;
  }

  private static MemorySegment floats(Arena arena, float... values) {
    MemorySegment m = arena.allocate(4L * values.length, 64);
    MemorySegment.copy(values, 0, m, KernelCase.FLOAT, 0, values.length);
    return m;
  }

  private static KernelCase planar(Arena arena) {
    float[] means = {101, 110, 95};
    float[] stds = {50, 60, 55};
    DeinterleavePass pass = DeinterleavePass.of(ElementType.UINT8, means, stds);
    MemorySegment cMeans = floats(arena, means);
    MemorySegment cStds = floats(arena, stds);
    MethodHandle handle = Reference.handle("ref_planar_u8", P, P, N, P, P);
    KernelCase made =
        new KernelCase(arena, PIXELS, 3L * PIXELS, 12L * PIXELS, 4) {
          @Override
          void ours() {
            pass.run(src, 0, dst, 0, 4L * PIXELS, PIXELS);
          }

          @Override
          void c(MemorySegment out) throws Throwable {
            handle.invokeExact(src, out, (long) PIXELS, cMeans, cStds);
          }
        };
    KernelCase.randomBytes(made.src, 1);
    return made;
  }

  private static KernelCase gray(Arena arena) {
    GrayPass pass = GrayPass.of(normalized(ElementType.FLOAT32));
    MethodHandle handle = Reference.handle("ref_gray", P, P, N, F, F);
    KernelCase made =
        new KernelCase(arena, PIXELS, 12L * PIXELS, 4L * PIXELS, 4) {
          @Override
          void ours() {
            pass.run(src, 0, 4L * PIXELS, dst, 0, PIXELS);
          }

          @Override
          void c(MemorySegment out) throws Throwable {
            handle.invokeExact(src, out, (long) PIXELS, MEAN, STD);
          }

          @Override
          double tolerance() {
            return 1e-5;
          }
        };
    KernelCase.randomFloats(made.src, 1, 0, 255);
    return made;
  }

  private static KernelCase crop(Arena arena) {
    PixelPass pass = PixelPass.of(normalized(ElementType.FLOAT32));
    int height = 200;
    int width = 321;
    long first = 4L * ((height - HEIGHT) / 2 * width + (width - WIDTH) / 2);
    MemorySegment frame = arena.allocate(4L * height * width + 4, 64);
    MemorySegment from = frame.asSlice(4 + first);
    MethodHandle handle = Reference.handle("ref_crop_f32", P, N, P, N, N, F, F);
    KernelCase made =
        new KernelCase(arena, PIXELS, 4L * PIXELS, 4L * PIXELS, 4) {
          @Override
          void ours() {
            for (int y = 0; y < HEIGHT; y++) {
              pass.run(from, 4L * y * width, dst, 4L * y * WIDTH, WIDTH);
            }
          }

          @Override
          void c(MemorySegment out) throws Throwable {
            handle.invokeExact(from, (long) width, out, (long) HEIGHT, (long) WIDTH, MEAN, STD);
          }
        };
    KernelCase.randomFloats(frame, 1, 0, 255);
    return made;
  }

  private static KernelCase interleave(Arena arena) {
    InterleavePass pass = InterleavePass.of();
    MethodHandle handle = Reference.handle("ref_interleave", P, P, N);
    KernelCase made =
        new KernelCase(arena, PIXELS, 12L * PIXELS, 12L * PIXELS, 4) {
          @Override
          void ours() {
            pass.run(src, 0, 4L * PIXELS, dst, 0, PIXELS);
          }

          @Override
          void c(MemorySegment out) throws Throwable {
            handle.invokeExact(src, out, (long) PIXELS);
          }
        };
    KernelCase.randomFloats(made.src, 1, 0, 255);
    return made;
  }

  /** What a channel of behaviour is broadcast to. */
  private static KernelCase broadcast(Arena arena) {
    FillPass pass = FillPass.of(ElementType.FLOAT32);
    MethodHandle handle = Reference.handle("ref_fill", P, N, F);
    return new KernelCase(arena, PIXELS, 0, 4L * PIXELS, 4) {
      @Override
      void ours() {
        pass.run(dst, 0, PIXELS, MEAN);
      }

      @Override
      void c(MemorySegment out) throws Throwable {
        handle.invokeExact(out, (long) PIXELS, MEAN);
      }
    };
  }
}
