/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.syncline.error.RecordingException;
import org.syncline.storage.Npy;

/**
 * Reads the per-signal arrays beside a device's data: {@code meta/means.npy}, {@code stds}, {@code
 * phase_shifts}.
 */
public final class Statistics {
  private Statistics() {}

  /** Returns the file {@code meta/NAME.npy} of a device. */
  public static Path file(Path deviceFolder, String name) {
    return deviceFolder.resolve("meta").resolve(name + ".npy");
  }

  /**
   * Reads {@code meta/NAME.npy} of any shape, widened to double.
   *
   * @throws RecordingException where it is missing or cannot be read
   */
  public static Npy.Doubles read(Path deviceFolder, String name) {
    Path file = file(deviceFolder, name);
    if (!Files.exists(file) && !name.equals("phase_shifts")) {
      throw RecordingException.of(
          file,
          null,
          "no such file",
          "the statistics to normalise with",
          "`syncline stats --write RECORDING` (Python: syncline.stats(path, write=True)) computes them, or choose a"
              + " normalization that needs no file");
    }
    return Npy.readDoubles(file);
  }

  /**
   * Reads {@code meta/NAME.npy} of shape (n,), (1, n) or (n, 1), widened to double.
   *
   * @param signals the n there must be
   * @throws RecordingException where it is missing, cannot be read or has another shape
   */
  public static double[] read(Path deviceFolder, String name, int signals) {
    Path file = file(deviceFolder, name);
    Npy.Doubles array = read(deviceFolder, name);
    check(file, array.shape(), signals);
    return array.values();
  }

  /**
   * Reads {@code meta/unit_ids.npy}: integers of shape (n,), (1, n) or (n, 1).
   *
   * @throws RecordingException where it is missing, cannot be read or has another shape
   */
  public static long[] unitIds(Path deviceFolder, int signals) {
    Path file = file(deviceFolder, "unit_ids");
    check(file, Npy.header(file).shape(), signals);
    return Npy.readLongs(file);
  }

  /** Returns whether a shape is (n,), (1, n) or (n, 1). */
  public static boolean fits(long[] shape, long n) {
    return switch (shape.length) {
      case 1 -> shape[0] == n;
      case 2 -> shape[0] == 1 && shape[1] == n || shape[0] == n && shape[1] == 1;
      default -> false;
    };
  }

  static void check(Path file, long[] shape, int signals) {
    if (!fits(shape, signals)) {
      throw RecordingException.of(
          file,
          "shape",
          Arrays.toString(shape),
          "[" + signals + "], [1, " + signals + "] or [" + signals + ", 1]",
          "one value for each of the device's signals");
    }
  }
}
