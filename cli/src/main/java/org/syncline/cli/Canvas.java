/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.cli;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;

/** A white picture with what all pictures need: text, ticks and colours. */
final class Canvas {
  static final int WIDTH = 1280;
  static final Color INK = new Color(40, 40, 40);
  static final Color PALE = new Color(232, 232, 232);
  static final Color VALID = new Color(0x009E73);
  static final Color INVALID = new Color(0xCC3311);

  /** Told apart by colour-blind readers too (Okabe and Ito, then Tol). */
  static final Color[] COLOURS = {
    new Color(0x0072B2), new Color(0xE69F00), new Color(0xCC79A7), new Color(0x56B4E9),
    new Color(0xD55E00), new Color(0xF0E442), new Color(0x332288), new Color(0x999933)
  };

  final BufferedImage image;
  final Graphics2D pen;

  Canvas(int height) {
    image = new BufferedImage(WIDTH, height, BufferedImage.TYPE_INT_RGB);
    pen = image.createGraphics();
    pen.setColor(Color.WHITE);
    pen.fillRect(0, 0, WIDTH, height);
    pen.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
  }

  void title(String text) {
    pen.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 16));
    pen.setColor(INK);
    pen.drawString(text, 16, 26);
    plain();
  }

  void plain() {
    pen.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
  }

  /** Writes text that ends, or begins, at a place; its middle is at the height. */
  void text(String text, int x, int y, boolean ends) {
    pen.setColor(INK);
    int wide = pen.getFontMetrics().stringWidth(text);
    pen.drawString(text, ends ? x - wide : x, y + pen.getFontMetrics().getAscent() / 2 - 1);
  }

  void box(int x, int y, int width, int height, Color colour) {
    pen.setColor(colour);
    pen.fillRect(x, y, width, height);
  }

  void frame(int x, int y, int width, int height) {
    pen.setColor(new Color(150, 150, 150));
    pen.drawRect(x, y, width, height);
  }

  /** Returns a step of 1, 2 or 5 times a power of ten that cuts a range into ten parts at most. */
  static double step(double range) {
    double rough = Math.max(range, 1e-12) / 10;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    for (double times : new double[] {1, 2, 5}) {
      if (times * power >= rough * (1 - 1e-9)) {
        return times * power;
      }
    }
    return 10 * power;
  }

  /**
   * Draws ticks with numbers below a line from x to x + width that stands for a range.
   *
   * @param least the least step between two
   */
  void ticks(int x, int y, int width, double low, double high, double least) {
    double step = Math.max(least, step(high - low));
    pen.setColor(INK);
    pen.drawLine(x, y, x + width, y);
    for (double at = Math.ceil(low / step) * step; at <= high + step * 1e-6; at += step) {
      int place = x + (int) Math.round((at - low) / (high - low) * width);
      pen.setColor(INK);
      pen.drawLine(place, y, place, y + 4);
      String number = Sessions.number(Math.abs(at) < step * 1e-6 ? 0 : at);
      text(number, place - pen.getFontMetrics().stringWidth(number) / 2, y + 14, false);
    }
  }
}
