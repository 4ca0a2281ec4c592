/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.syncline.array.ElementType;
import org.syncline.device.Problems;
import org.syncline.storage.RowArray;

/** Arrays whose axes are swapped are told from all kinds of others by their values. */
@Tag("any-width")
class SwappedAxesTest {
  private static final int[][] SHAPES = {
    {4000, 2}, {4000, 4}, {3000, 7}, {2000, 16}, {1000, 64}, {700, 601}, {500, 1501}, {2400, 24}
  };

  private static String said(double[][] rows, boolean swapped) {
    int n = rows.length;
    int m = rows[0].length;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment values = arena.allocate(8L * n * m, 8);
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < m; j++) {
          long at = swapped ? (long) j * n + i : (long) i * m + j;
          values.setAtIndex(ValueLayout.JAVA_DOUBLE, at, rows[i][j]);
        }
      }
      Problems problems = new Problems();
      SwappedAxes.check(
          RowArray.of(Path.of("data.mem"), ElementType.FLOAT64, n, m, values), problems);
      return problems.list().toString();
    }
  }

  /** Returns signals of many kinds; those of which a swap shows, come first. */
  private static Map<String, double[][]> signals(int n, int m, Random random) {
    Map<String, double[][]> all = new LinkedHashMap<>();
    for (String kind :
        new String[] {
          "smooth",
          "sines",
          "walk",
          "noise",
          "drift",
          "levels",
          "counts",
          "sparse",
          "space",
          "constant",
          "trials",
          "nan"
        }) {
      all.put(kind, new double[n][m]);
    }
    double[] phase = random.doubles(m, 0, 6).toArray();
    double[] rate = random.doubles(m, 1, 40).toArray();
    double[] level = random.doubles(m, -9, 9).toArray();
    double[] walk = new double[m];
    double[] smooth = new double[m];
    double[] trial = new double[m];
    for (int i = 0; i < n; i++) {
      double across = 0;
      for (int j = 0; j < m; j++) {
        double white = random.nextGaussian();
        walk[j] += white;
        smooth[j] = 0.99 * smooth[j] + white;
        across += white;
        trial[j] = i % 50 == 0 ? random.nextGaussian() : trial[j];
        all.get("smooth")[i][j] = smooth[j];
        all.get("sines")[i][j] = Math.sin(6.28 * rate[j] * i / n + phase[j]);
        all.get("walk")[i][j] = walk[j];
        all.get("noise")[i][j] = white;
        all.get("drift")[i][j] = white + 20 * Math.sin(6.0 * i / n);
        all.get("levels")[i][j] = level[j] + white;
        all.get("counts")[i][j] = Math.max(0, Math.rint(white - 1));
        all.get("sparse")[i][j] = random.nextInt(400) == 0 ? random.nextInt(1, 4) : 0;
        all.get("space")[i][j] = across;
        all.get("constant")[i][j] = 3;
        all.get("trials")[i][j] = trial[j] + 0.1 * white;
        all.get("nan")[i][j] = random.nextInt(3) == 0 ? smooth[j] : Double.NaN;
      }
    }
    return all;
  }

  @Test
  void swappedOnesAreToldFromAllOthers() {
    long seed = Long.getLong("syncline.seed", 20261130);
    System.out.println("SwappedAxesTest seed " + seed);
    Random random = new Random(seed);
    int found = 0;
    int all = 0;
    for (int[] shape : SHAPES) {
      for (Map.Entry<String, double[][]> kind : signals(shape[0], shape[1], random).entrySet()) {
        String where = kind.getKey() + " " + shape[0] + " x " + shape[1] + ", seed " + seed;
        assertEquals("[]", said(kind.getValue(), false), where);
        boolean shows = kind.getKey().equals("smooth") || kind.getKey().equals("sines");
        if (shows && shape[1] > 10) {
          String swapped = said(kind.getValue(), true);
          all++;
          found +=
              swapped.contains("a signal after the other: write the array's transpose") ? 1 : 0;
        }
      }
    }
    // of one kind in a hundred the signals happen to meet
    assertTrue(found >= all - 1, found + " of " + all + ", seed " + seed);
  }
}
