/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.array;

import java.lang.foreign.Arena;
import java.nio.file.Path;

/**
 * Opens stored arrays by mapping them. Nothing is read but headers; pages come in when values are used. Every problem of
 * a file is a RecordingException that names it.
 */
public final class ArrayFiles {
  private ArrayFiles() {}

  /**
   * Maps a .npy file of one axis (as one column) or two axes.
   *
   * @param arena owner of the map; shared where several threads read
   */
  public static RowArray openNpy(Path file, Arena arena) {
    throw new UnsupportedOperationException();
  }

  /**
   * Maps a headerless file in C order. A longer file is read as far as declared, a shorter one refused.
   *
   * @param rows declared rows
   * @param columns declared columns
   */
  public static RowArray openRaw(Path file, Dtype dtype, long rows, int columns, Arena arena) {
    throw new UnsupportedOperationException();
  }

  /** Maps a .npy file of frames (T, H, W) or (T, H, W, C). */
  public static FrameArray openVideo(Path file, Arena arena) {
    throw new UnsupportedOperationException();
  }

  /** Maps a .npy file of one frame (H, W) or (H, W, C), as an array of one frame. */
  public static FrameArray openImage(Path file, Arena arena) {
    throw new UnsupportedOperationException();
  }
}
