/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

/** The conversion and the offset that a dataset declares. */
record Factors(double conversion, double offset) {
  /** What sequences can be without factors. */
  static final String STORED = "with the element type stored, values are written without it";

  /**
   * Reads them.
   *
   * @param advice what can be done about what makes no values, or null
   * @throws org.syncline.error.RecordingException for what makes no values: NaN, infinity, and a
   *     conversion of 0
   */
  static Factors of(H5Node data, String advice) {
    Factors factors = new Factors(data.number("conversion", 1), data.number("offset", 0));
    finite(data, "@conversion", factors.conversion, advice);
    finite(data, "@offset", factors.offset, advice);
    if (factors.conversion == 0) {
      throw data.error(
          "@conversion",
          "0.0, which makes all values one",
          "another factor, 1.0 where the values are in their unit",
          advice);
    }
    return factors;
  }

  static void finite(H5Node of, String key, double value, String advice) {
    if (!Double.isFinite(value)) {
      throw of.error(key, String.valueOf(value), "a finite number", advice);
    }
  }
}
