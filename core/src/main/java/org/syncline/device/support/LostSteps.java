/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import java.math.BigDecimal;
import java.nio.file.Path;
import org.syncline.array.ElementType;
import org.syncline.device.StoredRows;
import org.syncline.format.Values;

/**
 * Whether a smaller floating type shows the course of a signal: of some pairs of rows that follow
 * each other, how many differ and become one number. One thread.
 */
public final class LostSteps {
  private static final int ROWS = 64;
  private static final int COLUMNS = 64;

  /** Steps of float32 that a signal takes whose course it still shows. */
  private static final int FEW_STEPS = 1000;

  /** The same of types of two bytes, which are chosen for their size: most values are rounded. */
  private static final int FEW_OF_HALVES = 16;

  private final ElementType as;
  private double found = Double.NaN;
  private double least = Double.POSITIVE_INFINITY;
  private double most = Double.NEGATIVE_INFINITY;
  private int steps;
  private int lost;

  /**
   * Begins with a signal.
   *
   * @param as float32, float16 or bfloat16
   */
  public LostSteps(ElementType as) {
    this.as = as;
  }

  /** Takes two values that follow each other. */
  public void step(double a, double b) {
    if (!Double.isFinite(a) || !Double.isFinite(b) || a == b) {
      return;
    }
    least = Math.min(least, Math.min(a, b));
    most = Math.max(most, Math.max(a, b));
    steps++;
    if (rounded(a) == rounded(b)) {
      found = a;
      lost++;
    }
  }

  /** Returns a value whose step is lost, where most are and the signal is flat, else NaN. */
  public double found() {
    double largest = Math.max(Math.abs(least), Math.abs(most));
    int bits = as == ElementType.FLOAT32 ? 23 : as == ElementType.FLOAT16 ? 10 : 7;
    double size = Math.scalb(1.0, Math.getExponent(largest) - bits);
    int few = as == ElementType.FLOAT32 ? FEW_STEPS : FEW_OF_HALVES;
    return steps > 0 && 2 * lost >= steps && most - least < few * size ? found : Double.NaN;
  }

  /**
   * Warns where signals of a device lose their course. Types that hold all values of the stored one
   * are never looked at.
   *
   * @param as float32, float16 or bfloat16
   * @param place what is to blame
   * @param key what asks for the type
   * @param advice what to do
   */
  public static void say(StoredRows rows, ElementType as, Path place, String key, String advice) {
    ElementType type = rows.type();
    int whole = as == ElementType.FLOAT32 ? 4 : 2;
    if (type == as || type.bytes() < whole || type.bytes() == whole && type.isFloating()) {
      return;
    }
    int columns = Math.min(rows.columns(), COLUMNS);
    LostSteps[] signals = new LostSteps[columns];
    for (int j = 0; j < columns; j++) {
      signals[j] = new LostSteps(as);
    }
    double[][] pair = new double[2][columns];
    for (int k = 0; k < ROWS && rows.rows() > 1; k++) {
      read(rows, (rows.rows() - 2) * k / (ROWS - 1), pair);
      for (int j = 0; j < columns; j++) {
        signals[j].step(pair[0][j], pair[1][j]);
      }
    }
    for (int j = 0; j < columns; j++) {
      double value = signals[j].found();
      if (!Double.isNaN(value)) {
        Findings.warn(
            place,
            key,
            "rows that differ and become one number as "
                + as.numpyName()
                + ", as "
                + new BigDecimal(value).toPlainString()
                + " and the next in column "
                + column(rows, j, columns),
            "values that " + as.numpyName() + " tells apart",
            advice);
        return;
      }
    }
  }

  private static int column(StoredRows rows, int signal, int signals) {
    return (int) ((long) signal * rows.columns() / signals);
  }

  private static void read(StoredRows rows, long first, double[][] pair) {
    int[] taken = {0};
    rows.read(
        first,
        pair.length,
        (memory, offset, count, rowBytes) -> {
          for (int k = 0; k < count; k++) {
            double[] row = pair[taken[0]++];
            long at = (offset + k * rowBytes) / rows.type().bytes();
            for (int j = 0; j < row.length; j++) {
              row[j] = Values.get(rows.type(), memory, at + column(rows, j, row.length));
            }
          }
        });
  }

  private double rounded(double value) {
    float single = (float) value;
    if (as == ElementType.FLOAT32) {
      return single;
    }
    if (as == ElementType.FLOAT16) {
      return Float.float16ToFloat(Float.floatToFloat16(single));
    }
    int bits = Float.floatToRawIntBits(single);
    // half of the last bit that stays, to even
    return Float.intBitsToFloat((bits + 0x7fff + (bits >> 16 & 1)) & 0xffff0000);
  }
}
