/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format;

import java.nio.file.Path;

/** Reads the per-signal arrays beside a device's data: {@code meta/means.npy}, {@code stds}, {@code phase_shifts}. */
public final class Statistics {
  private Statistics() {}

  /** Returns the file {@code meta/NAME.npy} of a device. */
  public static Path file(Path deviceFolder, String name) {
    return deviceFolder.resolve("meta").resolve(name + ".npy");
  }

  /**
   * Reads {@code meta/NAME.npy} of shape (n,), (1, n) or (n, 1), widened to double.
   *
   * @param signals the n there must be
   * @throws org.syncline.error.RecordingException where it is missing, cannot be read or has another shape
   */
  public static double[] read(Path deviceFolder, String name, int signals) {
    throw new UnsupportedOperationException();
  }

  /**
   * Reads {@code meta/unit_ids.npy}: integers of shape (n,), (1, n) or (n, 1).
   *
   * @throws org.syncline.error.RecordingException where it is missing, cannot be read or has another shape
   */
  public static long[] unitIds(Path deviceFolder, int signals) {
    throw new UnsupportedOperationException();
  }
}
