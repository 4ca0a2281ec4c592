/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.cli;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Map;
import org.syncline.stats.DeviceStatistics;
import org.syncline.text.Printable;

/** Mean and deviation, and the share of NaN, of each signal, a line of panels a device. */
final class StatisticsPicture {
  static final int LEFT = 90;
  static final int WIDE = 700;
  static final int SECOND = LEFT + WIDE + 90;
  static final int NARROW = Canvas.WIDTH - SECOND - 30;
  static final int TOP = 44;
  static final int HEIGHT = 150;
  static final int GAP = 70;

  private StatisticsPicture() {}

  /** Returns the height at which a device's panels begin. */
  static int top(int device) {
    return TOP + 24 + device * (HEIGHT + GAP);
  }

  static BufferedImage draw(String title, Map<String, DeviceStatistics> all) {
    Canvas canvas = new Canvas(TOP + all.size() * (HEIGHT + GAP) + 30);
    canvas.title(Printable.value(title));
    int place = 0;
    for (Map.Entry<String, DeviceStatistics> entry : all.entrySet()) {
      draw(canvas, top(place++), entry.getKey(), entry.getValue());
    }
    return canvas.image;
  }

  private static void draw(Canvas canvas, int y, String device, DeviceStatistics found) {
    double[] means = found.means();
    double[] stds = found.stds();
    double[] nans = found.nanShares();
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < means.length; i++) {
      if (Double.isFinite(means[i])) {
        low = Math.min(low, means[i] - stds[i]);
        high = Math.max(high, means[i] + stds[i]);
      }
    }
    if (!(high > low)) {
      low = low == high ? low - 1 : 0;
      high = low + 2;
    }
    double most = Arrays.stream(nans).max().orElse(0);
    double scale = scale(most);
    String what = found.unit() + (means.length == 1 ? "" : "s");
    canvas.text(
        Printable.value(device) + ", " + means.length + " " + what + ": mean and deviation",
        LEFT,
        y - 12,
        false);
    canvas.text(String.format("share of NaN, at most %.3g%%", 100 * most), SECOND, y - 12, false);
    canvas.frame(LEFT, y, WIDE, HEIGHT);
    canvas.frame(SECOND, y, NARROW, HEIGHT);
    for (double value : new double[] {low, (low + high) / 2, high}) {
      canvas.text(String.format("%.4g", value), LEFT - 8, height(y, value, low, high), true);
    }
    for (int i = 0; i < means.length; i++) {
      int from = LEFT + 1 + (int) ((long) i * (WIDE - 1) / means.length);
      int to = LEFT + 1 + (int) ((i + 1L) * (WIDE - 1) / means.length);
      int wide = Math.max(1, Math.min(9, (to - from) * 3 / 4));
      int x = (from + to - wide) / 2;
      if (Double.isFinite(means[i])) {
        int top = height(y, means[i] + stds[i], low, high);
        int bottom = height(y, means[i] - stds[i], low, high);
        canvas.box(x, top, wide, Math.max(1, bottom - top), new Color(0x9ECAE1));
        canvas.box(x, height(y, means[i], low, high) - 1, wide, 2, Canvas.COLOURS[0]);
      } else {
        canvas.box(x, y + 1, wide, HEIGHT - 1, new Color(0xF0C0C0));
      }
      int begin = SECOND + 1 + (int) ((long) i * (NARROW - 1) / nans.length);
      int end = SECOND + 1 + (int) ((i + 1L) * (NARROW - 1) / nans.length);
      int tall = (int) Math.ceil(nans[i] / scale * (HEIGHT - 1) - 1e-9);
      canvas.box(begin, y + HEIGHT - tall, Math.max(1, end - begin), tall, Canvas.INVALID);
    }
    canvas.ticks(LEFT, y + HEIGHT, WIDE, -0.5, means.length - 0.5, 1);
    canvas.ticks(SECOND, y + HEIGHT, NARROW, -0.5, nans.length - 0.5, 1);
    canvas.text(String.format("%.3g%%", 100 * scale), SECOND - 8, y, true);
    canvas.text("0%", SECOND - 8, y + HEIGHT, true);
  }

  /** Returns the share at which an axis ends: 1, or a tenth or hundredth that is enough. */
  static double scale(double most) {
    return most > 0.1 ? 1 : most > 0.01 ? 0.1 : 0.01;
  }

  private static int height(int y, double value, double low, double high) {
    return y + HEIGHT - 4 - (int) Math.round((value - low) / (high - low) * (HEIGHT - 8));
  }
}
