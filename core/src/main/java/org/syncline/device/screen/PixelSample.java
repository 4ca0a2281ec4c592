/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.screen;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.syncline.array.ElementType;
import org.syncline.storage.FrameArray;

/**
 * What some pages of a file of frames hold.
 *
 * @param type of the frames in the file
 * @param low smallest value, infinity where there is none
 * @param high largest value, negative infinity where there is none
 * @param fractions how many values are no whole numbers
 * @param nans how many are NaN
 */
record PixelSample(ElementType type, double low, double high, long fractions, long nans) {
  private static final int PAGE = 4096;

  /** Values from which on a sample says something. */
  private static final int ENOUGH = 16;

  /** No picture of pixels 0 to 255 stays below, as pictures of 0 to 1 or of mean 0 do. */
  static final double SMALL = 10;

  private static final double WIDE = 25;

  /** Pixels of 0 to 255 in 10 bits reach it, and those in 12 or 16 pass it by far. */
  private static final double BEYOND = 4 * 255;

  /**
   * Looks at the first and the last page, and at others evenly between them.
   *
   * @param places pages, at least 2
   * @throws org.syncline.error.RecordingException where the file shrank or cannot be read
   */
  static PixelSample of(FrameArray file, int places) {
    ElementType type = file.type();
    MemorySegment data = file.segment();
    long size = file.frames() * file.frameBytes();
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    long fractions = 0;
    long nans = 0;
    try {
      long before = 0;
      for (int p = 0; p < places; p++) {
        long from = Math.max(0, size - PAGE) / (places - 1) * p;
        from = Math.max(before, p == places - 1 ? size - PAGE : from);
        from = from / type.bytes() * type.bytes();
        long end = Math.min(size, from + PAGE);
        before = end;
        for (long at = from; at < end; at += type.bytes()) {
          double v = value(type, data, at);
          low = Math.min(low, v != v ? low : v);
          high = Math.max(high, v != v ? high : v);
          fractions += v != Math.rint(v) && v == v ? 1 : 0;
          nans += v != v ? 1 : 0;
        }
      }
      file.settle();
    } catch (InternalError e) {
      throw file.unreadable(e);
    }
    return new PixelSample(file.storedType(), low, high, fractions, nans);
  }

  /**
   * Returns a number for what some pages hold, which lie evenly in the file, and for its shape.
   *
   * @throws org.syncline.error.RecordingException where the file shrank or cannot be read
   */
  static long content(FrameArray file, int places) {
    long size = file.frames() * file.frameBytes();
    long hash = 31 * file.frames() + file.frameBytes();
    try {
      for (int p = 0; p < places; p++) {
        long from = Math.max(0, size - PAGE) / (places - 1) * p & -8;
        for (long at = from; at + 8 <= Math.min(size, from + PAGE); at += 8) {
          long mixed = hash ^ file.segment().get(ValueLayout.JAVA_LONG_UNALIGNED, at);
          mixed *= 0x9e3779b97f4a7c15L;
          hash = mixed ^ mixed >>> 29;
        }
        if (size <= PAGE) {
          break;
        }
      }
      file.settle();
    } catch (InternalError e) {
      throw file.unreadable(e);
    }
    return hash;
  }

  private static double value(ElementType type, MemorySegment data, long at) {
    return switch (type) {
      case UINT8 -> Byte.toUnsignedInt(data.get(ValueLayout.JAVA_BYTE, at));
      case FLOAT32 -> data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at);
      default -> data.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, at);
    };
  }

  /** Returns whether these are no pixels of 0 to 255, but of 0 to 1, or normalised ones. */
  boolean isSmall() {
    return fractions >= ENOUGH && largest() <= SMALL;
  }

  /** Returns whether bytes are those of a picture of 0 to 1. */
  boolean isBinary() {
    return type == ElementType.UINT8 && low == 0 && high == 1;
  }

  /** Returns whether the file says itself that there is nothing but 0 and 1. */
  boolean isTruth() {
    return type == ElementType.BOOL;
  }

  /** Returns whether pixels are bytes that reach far beyond 0 to 1. */
  boolean isBytes() {
    return type == ElementType.UINT8 && isWide();
  }

  /**
   * Returns whether these are no pixels of 0 to 255, but of more bits, or have a sign: below 0,
   * interpolation may leave fractions.
   */
  boolean isBeyondBytes() {
    return type != ElementType.UINT8 && (high > BEYOND || low < 0 && fractions == 0);
  }

  /** Returns whether pixels reach far beyond 0 to 1. */
  boolean isWide() {
    return largest() > WIDE;
  }

  /** Returns whether uint8 cannot hold what was seen, but for fractions. */
  boolean leavesBytes() {
    return low < -0.5 || high > 255.5;
  }

  /** Returns what this and another one hold; of the type of this. */
  PixelSample with(PixelSample other) {
    return new PixelSample(
        type,
        Math.min(low, other.low),
        Math.max(high, other.high),
        fractions + other.fractions,
        nans + other.nans);
  }

  /** Returns the largest value without its sign. */
  double largest() {
    return Math.max(Math.abs(low), Math.abs(high));
  }

  /** Returns the range in words. */
  String range() {
    return "values from " + text(low) + " to " + text(high);
  }

  /** Returns a value as people write it. */
  static String text(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : Float.toString((float) value);
  }
}
