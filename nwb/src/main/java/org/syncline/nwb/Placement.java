/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

/**
 * Where the rows of a dataset go.
 *
 * @param columns columns of a row as written
 * @param transposed the dataset has columns first and rows second
 * @param rows the place of each stored row, -1 for one that is left out; null: all stay
 */
record Placement(long columns, boolean transposed, int[] rows) {
  static Placement plain(long columns) {
    return new Placement(columns, false, null);
  }

  boolean isPlain() {
    return !transposed && rows == null;
  }
}
