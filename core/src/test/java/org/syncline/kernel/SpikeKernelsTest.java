/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SpikeKernelsTest {
  private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  static Stream<Kernels> kernels() {
    return Stream.of(Kernels.scalar(), Kernels.vector(), KernelProvider.get());
  }

  private static MemorySegment doubles(Arena arena, double... values) {
    MemorySegment s = arena.allocate(8L * values.length, 64);
    MemorySegment.copy(values, 0, s, DOUBLE, 0, values.length);
    return s;
  }

  private static MemorySegment longs(Arena arena, long... values) {
    MemorySegment s = arena.allocate(8L * values.length, 64);
    MemorySegment.copy(values, 0, s, LONG, 0, values.length);
    return s;
  }

  private static double[][] count(
      Kernels kernels, double[][] spikes, double[] lows, double[] highs, boolean ascending) {
    try (Arena arena = Arena.ofConfined()) {
      int units = spikes.length;
      double[] flat = Stream.of(spikes).flatMapToDouble(Arrays::stream).toArray();
      long[] firsts = new long[units];
      long[] ends = new long[units];
      long at = 0;
      for (int u = 0; u < units; u++) {
        firsts[u] = at;
        at += spikes[u].length;
        ends[u] = at;
      }
      // rows in another order than the windows
      long[] rows = new long[lows.length];
      for (int w = 0; w < rows.length; w++) {
        rows[w] = 8L * units * ((w + 3) % rows.length);
      }
      MemorySegment data = doubles(arena, flat);
      MemorySegment from = arena.allocate(8L * units);
      MemorySegment to = arena.allocate(8L * units);
      MemorySegment dst = arena.allocate(16 + 8L * units * lows.length);
      dst.fill((byte) -1);
      double low = Arrays.stream(lows).min().orElse(0);
      double high = Arrays.stream(highs).max().orElse(0);
      SpikeRanges all = new SpikeRanges(longs(arena, firsts), longs(arena, ends));
      SpikeRanges found = new SpikeRanges(from, to);
      SpikeWindows windows =
          new SpikeWindows(doubles(arena, lows), doubles(arena, highs), longs(arena, rows));
      SpikeSearchPass.of(kernels, units).run(data, all, low, high, found);
      SpikeCountPass.of(kernels, units).run(data, found, windows, lows.length, ascending, dst, 8);
      assertEquals(-1L, dst.get(LONG, 0));
      assertEquals(-1L, dst.get(LONG, 8 + 8L * units * lows.length));
      double[][] result = new double[lows.length][units];
      for (int w = 0; w < lows.length; w++) {
        for (int u = 0; u < units; u++) {
          result[w][u] = dst.get(DOUBLE, 8 + rows[w] + 8L * u);
        }
      }
      return result;
    }
  }

  private static void check(
      Kernels kernels, double[][] spikes, double[] lows, double[] highs, boolean ascending) {
    double[][] found = count(kernels, spikes, lows, highs, ascending);
    for (int w = 0; w < lows.length; w++) {
      for (int u = 0; u < spikes.length; u++) {
        int expected = 0;
        for (double s : spikes[u]) {
          if (s >= lows[w] && s < highs[w]) {
            expected++;
          }
        }
        assertEquals(expected, found[w][u], "window " + w + " unit " + u);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void countsLikeTheDefinition(Kernels kernels) {
    long seed = 20;
    System.out.println("SpikeKernelsTest seed " + seed);
    Random random = new Random(seed);
    // rates that lead to every way of searching, with units of no spikes and bursts between
    for (int round = 0; round < 300; round++) {
      int units = random.nextInt(1, 14);
      double[][] spikes = new double[units][];
      int most = 1 << random.nextInt(13);
      for (int u = 0; u < units; u++) {
        double from = random.nextInt(3) == 0 ? 40 : 0;
        spikes[u] =
            random
                .doubles(random.nextInt(4) == 0 ? 0 : random.nextInt(most))
                .map(x -> -20 + from + x * (100 - from))
                .map(x -> random.nextInt(5) == 0 ? Math.rint(x) : x)
                .sorted()
                .toArray();
        if (spikes[u].length > 0 && random.nextInt(20) == 0) {
          spikes[u][spikes[u].length - 1] = Double.NaN;
        }
      }
      int windows = random.nextInt(1, 60);
      double width = new double[] {0, 0.02, 1, 15, 300}[random.nextInt(5)];
      double range = new double[] {1, 30, 120}[random.nextInt(3)];
      boolean ascending = random.nextInt(3) > 0;
      double[] lows =
          random.doubles(windows).map(x -> Math.rint((-30 + x * range) * 4) / 4).toArray();
      if (ascending) {
        Arrays.sort(lows);
      }
      double[] highs = Arrays.stream(lows).map(x -> x + width).toArray();
      check(kernels, spikes, lows, highs, ascending);
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void locatesWhatWindowsNeedAndLittleMore(Kernels kernels) {
    Random random = new Random(21);
    for (int round = 0; round < 200; round++) {
      int units = random.nextInt(1, 14);
      long[] firsts = new long[units];
      long[] ends = new long[units];
      double[] spikes = new double[5 + units * 400];
      // units lie apart, as selected ones do
      int at = 5;
      for (int u = 0; u < units; u++) {
        int n = random.nextInt(3) == 0 ? random.nextInt(3) : random.nextInt(390);
        double[] own = random.doubles(n, 0, 100).map(Math::rint).sorted().toArray();
        System.arraycopy(own, 0, spikes, at, n);
        firsts[u] = at;
        ends[u] = (long) at + n;
        at += n + random.nextInt(9);
      }
      double low = random.nextInt(-20, 120);
      double high = low + random.nextInt(60);
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment from = arena.allocate(8L * units);
        MemorySegment to = arena.allocate(8L * units);
        SpikeRanges all = new SpikeRanges(longs(arena, firsts), longs(arena, ends));
        SpikeSearchPass.of(kernels, units)
            .run(doubles(arena, spikes), all, low, high, new SpikeRanges(from, to));
        for (int u = 0; u < units; u++) {
          long first = firsts[u];
          while (first < ends[u] && spikes[(int) first] < low) {
            first++;
          }
          long last = first;
          while (last < ends[u] && spikes[(int) last] < high) {
            last++;
          }
          assertEquals(first, from.getAtIndex(LONG, u), "round " + round + " unit " + u);
          long found = to.getAtIndex(LONG, u);
          String where = "round " + round + " unit " + u + ": " + found;
          assertTrue(found >= Math.min(ends[u], last + SpikeSearchPass.SLACK / 2), where);
          assertTrue(found <= Math.min(ends[u], last + SpikeSearchPass.SLACK), where);
        }
      }
    }
  }

  /** Ranges are numbers that somebody else has written: none may lead out of the spikes. */
  @ParameterizedTest
  @MethodSource("kernels")
  void unitsAndRowsOutsideAreRefused(Kernels kernels) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment spikes = doubles(arena, 1, 2, 3);
      SpikeRanges found = new SpikeRanges(longs(arena, 0, 0), longs(arena, 0, 0));
      SpikeSearchPass search = SpikeSearchPass.of(kernels, 2);
      SpikeCountPass count = SpikeCountPass.of(kernels, 2);
      MemorySegment dst = arena.allocate(16);
      MemorySegment one = doubles(arena, 1);
      SpikeWindows window = new SpikeWindows(one, one, longs(arena, 0));
      for (long[] bad : new long[][] {{-1, 1}, {2, 1}, {0, 4}, {Long.MIN_VALUE, 3}}) {
        SpikeRanges ranges = new SpikeRanges(longs(arena, 0, bad[0]), longs(arena, 3, bad[1]));
        assertThrows(
            IndexOutOfBoundsException.class, () -> search.run(spikes, ranges, 0, 9, found));
        assertThrows(
            IndexOutOfBoundsException.class,
            () -> count.run(spikes, ranges, window, 1, true, dst, 0));
      }
      for (long row : new long[] {-8, 8, Long.MAX_VALUE}) {
        SpikeWindows outside = new SpikeWindows(one, one, longs(arena, row));
        assertThrows(
            IndexOutOfBoundsException.class,
            () -> count.run(spikes, found, outside, 1, true, dst, 0));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void countsNothingInNothing(Kernels kernels) {
    check(kernels, new double[][] {{}, {}}, new double[] {1, 2}, new double[] {2, 3}, true);
    check(kernels, new double[][] {{1, 2}, {3}}, new double[] {}, new double[] {}, true);
    check(kernels, new double[][] {}, new double[] {1}, new double[] {2}, true);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void windowsAreHalfOpen(Kernels kernels) {
    double[][] spikes = {{1, 1, 1.5, 2, 2, 3}, {0, 1, 2, 3}};
    check(kernels, spikes, new double[] {1, 2, 3}, new double[] {2, 3, 3.0000001}, true);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void countsCrowdsAndTies(Kernels kernels) {
    double[] crowd = new double[1000];
    Arrays.fill(crowd, 0, 900, 5);
    for (int i = 900; i < 1000; i++) {
      crowd[i] = 5 + (i - 899) * 0x1p-40;
    }
    double[] far = {-1e300, -1, 0, 1, 1e300};
    double[] infinite = {Double.NEGATIVE_INFINITY, 0, 5, Double.POSITIVE_INFINITY};
    double[] same = {5, 5, 5};
    double[] tiny = {5, Math.nextUp(5.0), Math.nextUp(Math.nextUp(5.0))};
    double[] lows = {-2, 0, 4, 5, Math.nextUp(5.0), 5 + 50 * 0x1p-40, 6};
    double[] highs = {5, 5, 5, Math.nextUp(5.0), 6, 5 + 60 * 0x1p-40, 1e301};
    double[][] spikes = {crowd, far, infinite, same, tiny, {}, {Double.NaN}};
    check(kernels, spikes, lows, highs, false);
    Arrays.sort(highs);
    check(kernels, spikes, lows, highs, true);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void countsPastManyBlocksUpToTheLastSpike(Kernels kernels) {
    // ends of units at every place of a block and of two, with and without slack behind
    for (int n = 0; n < 180; n++) {
      double[] spikes = new double[n];
      for (int i = 0; i < n; i++) {
        spikes[i] = i;
      }
      double[][] four = {spikes, {}, spikes, Arrays.copyOf(spikes, n / 2), spikes};
      double[] lows = {-3, 1, 1, 40, 41, n - 1.0, n};
      Arrays.sort(lows);
      double[] highs = Arrays.stream(lows).map(x -> x + 75).toArray();
      check(kernels, four, lows, highs, true);
      Arrays.setAll(highs, i -> Double.POSITIVE_INFINITY);
      check(kernels, four, lows, highs, true);
    }
  }

  @Test
  void theSearchIsTooLargeToBeInlinedIntoTheSweep() throws IOException {
    try (InputStream in = VectorSpikes.class.getResourceAsStream("VectorSpikes.class")) {
      int bytes =
          ClassFile.of().parse(in.readAllBytes()).methods().stream()
              .filter(method -> method.methodName().equalsString("advance"))
              .mapToInt(method -> ((CodeAttribute) method.code().orElseThrow()).codeLength())
              .sum();
      // FreqInlineSize: see the method
      assertTrue(bytes > 325, bytes + " bytecodes");
    }
  }

  /**
   * Drawn with scipy 1.17: gaussian_filter1d((arange(n) * 7 % 5), sigma), n and sigma as in the
   * first two numbers.
   */
  private static final String[] SCIPY = {
    "2 0.3 0.0076725175983378665 1.992327482401662",
    "2 5.0 0.9999914152352624 1.000008584764738",
    "3 2.0 1.7768545015073087 2.0 2.2231454984926913",
    "5 1.0 0.8305842864360432 1.8428599712317624 2.497358673390244 2.3676664101743152 2.461530658767635",
    "12 0.7 0.46880551326916764 1.9712017321808446 2.9244388857745456 2.0269982631669428 1.9730017368330577 1.075385540355135 2.0 2.9246144596448653 2.0269982631669428 1.9728846875861779 1.056089154103298 1.5795817639190246",
    "9 10.0 1.888356854340758 1.8884104049671522 1.8885078647623696 1.8886976087919662 1.8888967539391865 1.889084624133807 1.8892612646579412 1.8893642441341874 1.8894203802726304",
    "1 1.5 0.0",
  };

  @ParameterizedTest
  @MethodSource("kernels")
  void weightsOfNoRadiusAreNotRead(Kernels kernels) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment none = arena.allocate(8).asSlice(0, 0);
      assertThrows(IndexOutOfBoundsException.class, () -> SmoothPass.of(kernels, none, 16));
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void smoothsLikeScipy(Kernels kernels) {
    for (String line : SCIPY) {
      String[] f = line.split(" ");
      int n = Integer.parseInt(f[0]);
      double sigma = Double.parseDouble(f[1]);
      int radius = (int) (4 * sigma + 0.5);
      double[] weights = new double[radius + 1];
      double total = 0;
      for (int k = -radius; k <= radius; k++) {
        total += Math.exp(-0.5 / (sigma * sigma) * k * k);
      }
      for (int k = 0; k <= radius; k++) {
        weights[k] = Math.exp(-0.5 / (sigma * sigma) * k * k) / total;
      }
      for (int columns : new int[] {1, 3, 8, 9, 21}) {
        try (Arena arena = Arena.ofConfined()) {
          MemorySegment src = arena.allocate(16 + 8L * n * columns);
          MemorySegment dst = arena.allocate(8 + 8L * n * columns);
          for (int i = 0; i < n; i++) {
            for (int j = 0; j < columns; j++) {
              src.set(DOUBLE, 16 + 8L * (i * columns + j), i * 7 % 5 * (j + 1));
            }
          }
          SmoothPass.of(kernels, doubles(arena, weights), columns).run(src, 16, n, dst, 8);
          for (int i = 0; i < n; i++) {
            for (int j = 0; j < columns; j++) {
              double expected = Double.parseDouble(f[2 + i]) * (j + 1);
              assertEquals(expected, dst.get(DOUBLE, 8 + 8L * (i * columns + j)), 1e-12, line);
            }
          }
        }
      }
    }
  }
}
