/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.array;

import java.lang.foreign.Arena;
import java.nio.file.Path;

/** Reads and writes NumPy's .npy files, format 1.0 to 3.0. Every problem of a file is a RecordingException. */
public final class Npy {
  private Npy() {}

  /**
   * Values of a small array.
   *
   * @param shape lengths of the axes
   * @param values the elements in C order
   */
  public record Doubles(long[] shape, double[] values) {}

  /** Reads the header and checks that the file is long enough for its elements. */
  public static NpyHeader header(Path file) {
    throw new UnsupportedOperationException();
  }

  /** Reads the whole array into memory of the arena: C order, native byte order, 64-byte aligned, bool as 0 or 1. */
  public static Tensor read(Path file, Arena arena) {
    throw new UnsupportedOperationException();
  }

  /** Reads the whole array of any type as doubles, for timestamps, statistics and other small arrays. */
  public static Doubles readDoubles(Path file) {
    throw new UnsupportedOperationException();
  }

  /** Reads the whole array of an integer type (or of floats that are whole numbers) as longs in C order. */
  public static long[] readLongs(Path file) {
    throw new UnsupportedOperationException();
  }

  /** Writes a tensor as format 1.0 in C order: into a temporary file beside it, then renamed. */
  public static void write(Path file, Tensor tensor) {
    throw new UnsupportedOperationException();
  }

  /** Writes float64 values in C order; see {@link #write(Path, Tensor)}. */
  public static void write(Path file, double[] values, long... shape) {
    throw new UnsupportedOperationException();
  }
}
