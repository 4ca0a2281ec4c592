/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.storage;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Objects;
import org.syncline.array.ElementType;
import org.syncline.error.RecordingException;

/**
 * Frames (T, H, W) or (T, H, W, C) in C order and native byte order, of type UINT8, FLOAT32 or
 * FLOAT64: mapped or, where the file is none of these, materialised when opened (other types become
 * FLOAT32, bool UINT8). Immutable and safe for use by several threads; the memory belongs to the
 * arena it was opened with.
 */
public final class FrameArray {
  private final Path path;
  private final ElementType stored;
  private final ElementType type;
  private final long frames;
  private final int height;
  private final int width;
  private final int channels;
  private final MemorySegment segment;
  private final boolean mapped;
  private final long frameBytes;

  FrameArray(
      Path path,
      ElementType stored,
      ElementType type,
      long frames,
      int height,
      int width,
      int channels,
      MemorySegment segment,
      boolean mapped) {
    this.path = path;
    this.stored = stored;
    this.type = type;
    this.frames = frames;
    this.height = height;
    this.width = width;
    this.channels = channels;
    this.segment = segment;
    this.mapped = mapped;
    this.frameBytes = (long) height * width * Math.max(1, channels) * type.bytes();
  }

  /** Returns the element type of the file. */
  public ElementType storedType() {
    return stored;
  }

  /** Returns the element type in memory: UINT8, FLOAT32 or FLOAT64. */
  public ElementType type() {
    return type;
  }

  /** Returns number and size of the frames. */
  public FrameSize size() {
    return new FrameSize(frames, height, width, channels);
  }

  /** Returns T. */
  public long frames() {
    return frames;
  }

  /** Returns H. */
  public int height() {
    return height;
  }

  /** Returns W. */
  public int width() {
    return width;
  }

  /** Returns C, or 0 where there is no channel axis. */
  public int channels() {
    return channels;
  }

  /** Returns the size of one frame in bytes. */
  public long frameBytes() {
    return frameBytes;
  }

  /** Returns the file, for messages. */
  public Path path() {
    return path;
  }

  /** Returns whether the memory is a map of the file. */
  public boolean isMapped() {
    return mapped;
  }

  /**
   * Returns the memory; it may be a map: read it with unaligned layouts and only after {@link
   * #guard}.
   */
  public MemorySegment segment() {
    return segment;
  }

  /**
   * Returns what looks for zeros that nobody wrote.
   *
   * @param arena owner of another map, where the memory is none of the file
   */
  public ZeroPages zeroPages(Arena arena) {
    return mapped ? new ZeroPages(path, segment, type.bytes()) : ZeroPages.ofNpy(path, arena);
  }

  /** Says in words which frame holds a byte of the file's values. */
  public String placeOf(long offset) {
    return mapped && frames > 1 ? "frame " + offset / frameBytes : "byte " + offset;
  }

  /** Returns the byte offset of a frame in the segment; not checked. */
  public long frameOffset(long frame) {
    return frame * frameBytes;
  }

  /** See {@link RowArray#settle}. */
  public void settle() {
    if (mapped) {
      PageGuard.settle(height);
    }
  }

  /** See {@link RowArray#unreadable}. */
  public RecordingException unreadable(InternalError cause) {
    return PageGuard.unreadable(path, cause);
  }

  /**
   * Touches every page of a range of frames; see {@link RowArray#guard}.
   *
   * @throws IndexOutOfBoundsException for frames outside the array
   * @throws org.syncline.error.RecordingException where the file shrank or cannot be read
   */
  public void guard(long firstFrame, long frameCount) {
    Objects.checkFromIndexSize(firstFrame, frameCount, frames);
    if (mapped) {
      PageGuard.guard(segment, firstFrame * frameBytes, frameCount * frameBytes, path);
    }
  }
}
