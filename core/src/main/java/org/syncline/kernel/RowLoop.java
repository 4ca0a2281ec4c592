/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

/** What is done to the elements of one row: a loop bound to its types and statistics. */
abstract class RowLoop {
  /**
   * Writes {@code n} elements at {@code b}, made of those at {@code a}.
   *
   * @param column the column of the first element: where its statistics are
   */
  abstract void run(long a, long b, int column, int n);
}
