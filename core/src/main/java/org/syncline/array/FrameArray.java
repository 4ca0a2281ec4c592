/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.array;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * Frames (T, H, W) or (T, H, W, C) in C order and native byte order, mapped or, where the file is neither, materialised
 * when opened. Immutable and safe for use by several threads; the memory belongs to the arena it was opened with.
 */
public final class FrameArray {
  private FrameArray() {}

  /** Returns the element type. */
  public ElementType type() {
    throw new UnsupportedOperationException();
  }

  /** Returns T. */
  public long frames() {
    throw new UnsupportedOperationException();
  }

  /** Returns H. */
  public int height() {
    throw new UnsupportedOperationException();
  }

  /** Returns W. */
  public int width() {
    throw new UnsupportedOperationException();
  }

  /** Returns C, or 0 where there is no channel axis. */
  public int channels() {
    throw new UnsupportedOperationException();
  }

  /** Returns the size of one frame in bytes. */
  public long frameBytes() {
    throw new UnsupportedOperationException();
  }

  /** Returns the file, for messages. */
  public Path path() {
    throw new UnsupportedOperationException();
  }

  /** Returns the memory; it may be a map: read it with unaligned layouts and only after {@link #guard}. */
  public MemorySegment segment() {
    throw new UnsupportedOperationException();
  }

  /** Returns the byte offset of a frame in the segment; not checked. */
  public long frameOffset(long frame) {
    throw new UnsupportedOperationException();
  }

  /**
   * Touches every page of a range of frames; see {@link RowArray#guard}.
   *
   * @throws IndexOutOfBoundsException for frames outside the array
   * @throws org.syncline.error.RecordingException where the file shrank or cannot be read
   */
  public void guard(long firstFrame, long frameCount) {
    throw new UnsupportedOperationException();
  }
}
