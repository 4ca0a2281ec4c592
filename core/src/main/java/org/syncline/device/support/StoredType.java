/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.syncline.array.ElementType;
import org.syncline.device.Problems;
import org.syncline.file.RegularFiles;
import org.syncline.format.Fields;
import org.syncline.storage.RowArray;

/**
 * Tells by some values whether a file without a header holds another element type of the same size
 * than meta.yml declares, or another byte order.
 */
public final class StoredType {
  /** Places in the file that are looked at, a page each. */
  private static final int PLACES = 4;

  private static final int VALUES_EACH = 24;

  /** Values other than zero from which on a judgement is made. */
  private static final int ENOUGH = 16;

  /** As many distinct values as flags have seldom. */
  private static final int FEW = 5;

  private StoredType() {}

  /**
   * Adds an error where values make no sense as declared and all sense as another type. Whole
   * numbers whose lower bytes are all zero are a warning: samples of fewer bits, and flags, are
   * stored so as well.
   *
   * @param declared the type as meta.yml names it
   */
  public static void check(RowArray data, String declared, Path metaFile, Problems problems) {
    ElementType type = data.type();
    long n = data.rows() * data.columns();
    if (type.bytes() == 1 || n == 0) {
      return;
    }
    if (type.bytes() == 2) {
      StoredWhole.check(data, declared, metaFile, problems);
      return;
    }
    ElementType whole = type.bytes() == 4 ? ElementType.INT32 : ElementType.INT64;
    ElementType floating = type.bytes() == 4 ? ElementType.FLOAT32 : ElementType.FLOAT64;
    ElementType[] types = {floating, whole};
    long[] values = new long[PLACES * VALUES_EACH];
    int counted = 0;
    int sensible = 0;
    int[] asOther = new int[4];
    for (int p = 0; p < PLACES; p++) {
      long from = Math.max(0, n - VALUES_EACH) * p / (PLACES - 1);
      for (long i = from; i < Math.min(n, from + VALUES_EACH); i++) {
        long bits = data.bits(i / data.columns(), (int) (i % data.columns()));
        if (isEmpty(floating, type.isFloating(), bits)) {
          continue;
        }
        values[counted++] = bits;
        sensible += makesSense(type.isFloating() ? floating : whole, bits, true) ? 1 : 0;
        for (int k = 0; k < asOther.length; k++) {
          asOther[k] +=
              makesSense(types[k & 1], k < 2 ? bits : reversed(type, bits), false) ? 1 : 0;
        }
      }
    }
    values = Arrays.copyOf(values, counted);
    if (!type.isFloating() && StoredWhole.sign(data, declared, metaFile, problems)) {
      return;
    }
    if (counted < ENOUGH || sensible > 0.75 * counted) {
      return;
    }
    if (!type.isFloating() && Arrays.stream(values).distinct().count() < FEW) {
      return;
    }
    // floats in the other byte order can look like small whole numbers, so they come before them
    for (int k : type.isFloating() ? new int[] {2, 1, 3} : new int[] {0, 3, 2}) {
      if (asOther[k] >= 0.95 * counted && isBeyondDoubt(data, k, floating, values)) {
        String found = declared + ", as which the values make no sense";
        String name = types[k & 1].numpyName() + (k < 2 ? "" : " in the other byte order");
        if (k == 3 && !type.isFloating()) {
          problems.warning(
              metaFile,
              "dtype",
              declared + " whose lower bytes are zero",
              "numbers that use them, or " + name,
              "where another machine wrote the file, swap its bytes; else nothing is to be done");
        } else {
          problems.error(
              metaFile,
              "dtype",
              found,
              name + ", as which they do",
              "correct dtype"
                  + (k < 2 ? "" : ", or swap the bytes of the file")
                  + "; all values read would be wrong");
        }
        return;
      }
    }
  }

  /** Returns whether no sound whole numbers look like the k-th other type. */
  private static boolean isBeyondDoubt(RowArray data, int k, ElementType floating, long[] values) {
    return data.type().isFloating()
        || (k == 0 ? areFloats(floating, values) : !StoredWhole.risesEvenly(data));
  }

  /**
   * Returns whether values are floats beyond doubt. Whole numbers about 2^30 are sensible floats as
   * well, but neither whole ones of several powers of two, nor of both signs and of several powers,
   * nor many powers below the middle and few above it, as those of values from zero on are.
   */
  private static boolean areFloats(ElementType floating, long[] values) {
    boolean single = floating == ElementType.FLOAT32;
    long binade = single ? 1L << 23 : 1L << 52;
    int n = values.length;
    long[] sizes = new long[n];
    int negative = 0;
    boolean whole = true;
    for (int i = 0; i < n; i++) {
      sizes[i] = values[i] & (single ? Integer.MAX_VALUE : Long.MAX_VALUE);
      double value = RowArray.value(floating, values[i]);
      negative += value < 0 ? 1 : 0;
      whole &= value == Math.rint(value) && Math.abs(value) < 0x1p24;
    }
    Arrays.sort(sizes);
    long powers = Arrays.stream(sizes).map(size -> size / binade).distinct().count();
    if (whole) {
      return powers > 1;
    }
    if (Math.min(negative, n - negative) >= 0.05 * n) {
      return powers > 2;
    }
    long above = sizes[n - 1] - sizes[n / 2];
    long below = sizes[n / 2] - sizes[0];
    return below >= 2 * above && below + above >= 5 * binade;
  }

  /**
   * Adds an error for a file that has exactly the size of the declared number of values of a wider
   * type. Only for a number that is known to be right.
   *
   * @param values declared number of values
   * @param declared the type as meta.yml names it
   * @return whether it is such a file
   */
  public static boolean isWider(
      Path file, long values, ElementType type, String declared, Problems problems) {
    long bytes = values * type.bytes();
    long size;
    try {
      size = RegularFiles.size(file);
    } catch (IOException e) {
      throw Fields.unreadable(file, e);
    }
    if (bytes == 0 || size <= bytes || size % bytes != 0 || size / bytes * type.bytes() > 8) {
      return false;
    }
    int each = (int) (size / bytes) * type.bytes();
    if (Integer.bitCount(each) != 1) {
      return false;
    }
    problems.error(
        file,
        "size",
        size + " bytes, " + size / bytes + " times as many as declared",
        bytes + " bytes: " + values + " values of " + declared,
        "all values read would be wrong where they are "
            + (each == 2 ? "int16" : type.isFloating() ? "float" + 8 * each : "int" + 8 * each)
            + (each == 2 || type.isFloating() ? "" : " or float" + 8 * each)
            + ": correct dtype");
    return true;
  }

  /**
   * Returns whether a value says nothing: zero, the NaN that stands for a missing one, or of floats
   * what stands for no limit.
   */
  private static boolean isEmpty(ElementType floating, boolean isFloating, long bits) {
    double value = RowArray.value(floating, bits);
    double size = Math.abs(value);
    if (isFloating
        && (Double.isInfinite(size) || size == Float.MAX_VALUE || size == Double.MAX_VALUE)) {
      return true;
    }
    boolean missing =
        floating == ElementType.FLOAT32
            ? ((int) bits & 0x7fff_ffff) == 0x7fc0_0000
            : (bits & Long.MAX_VALUE) == 0x7ff8_0000_0000_0000L;
    return bits == 0 || value == 0 || missing;
  }

  private static boolean makesSense(ElementType type, long bits, boolean generous) {
    double size = Math.abs(RowArray.value(type, bits));
    return switch (type) {
      case INT32 -> size < (generous ? 0x1p28 : 0x1p24);
      case INT64 -> size < (generous ? 0x1p60 : 0x1p50);
      default -> generous ? size > 0x1p-80 && size < 0x1p80 : size > 0x1p-40 && size < 0x1p40;
    };
  }

  private static long reversed(ElementType type, long bits) {
    return type.bytes() == 4 ? Integer.reverseBytes((int) bits) : Long.reverseBytes(bits);
  }
}
