/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.syncline.array.ElementType;

/**
 * One step of a {@link FramePlan}: makes one frame of another, the same way for every frame of a
 * clip. Frames are planar, (C, H, W) in C order. Immutable; one object serves several threads at
 * once.
 *
 * <p>A step of one's own needs the two shapes and {@link #bind}. What else it can do makes the plan
 * faster and is asked for before it is relied on: normalising while it writes, reading uint8,
 * writing other types, merging with its successor, and computing a blank frame's colour in place of
 * its pixels.
 */
public abstract class FrameStep {
  private final FrameShape input;
  private final FrameShape output;

  /** A step whose element types and statistics are fixed. */
  @FunctionalInterface
  public interface Bound {
    /** Returns how many bytes of scratch memory a run takes; none by default. */
    default long scratchBytes() {
      return 0;
    }

    /**
     * Writes one frame. All segments are native, offsets are bytes, and nothing of them overlaps or
     * may be kept after the call. No more than the frame at {@code srcOffset} is readable; it is
     * not to be written.
     *
     * @param src a frame of {@link FrameStep#input}, without gaps, in the element type bound; NaN
     *     possible
     * @param scratch {@link #scratchBytes} bytes for the step's own use, aligned to 64 bytes; what
     *     they hold is not defined
     * @param dst receives the channels of {@link FrameStep#output}, every value of which is to be
     *     written
     * @param planeBytes distance of two channels in {@code dst}; rows of a channel have no gaps
     */
    void run(
        MemorySegment src,
        long srcOffset,
        MemorySegment scratch,
        long scratchOffset,
        MemorySegment dst,
        long dstOffset,
        long planeBytes);
  }

  /** Creates a step between two shapes. */
  protected FrameStep(FrameShape input, FrameShape output) {
    this.input = Objects.requireNonNull(input, "input is null");
    this.output = Objects.requireNonNull(output, "output is null");
  }

  /** Returns the shape of the frames it reads. */
  public final FrameShape input() {
    return input;
  }

  /** Returns the shape of the frames it writes. */
  public final FrameShape output() {
    return output;
  }

  /**
   * Fixes element types and statistics; called while a plan is compiled, never for a frame.
   *
   * @param from element type of the frames read
   * @param to element type of the frames written
   * @param statistics turns each value x of channel c into {@code (x - mean(c)) / std(c)} before it
   *     is written, in float32; null for none
   * @return what runs, or null where the step cannot read {@code from}, write {@code to} or
   *     normalise: the plan then converts or normalises in a pass of its own. From float32 to
   *     float32 without statistics must be possible
   */
  protected abstract @Nullable Bound bind(
      ElementType from, ElementType to, @Nullable ChannelStatistics statistics);

  /**
   * Returns one step that does what this one and then the next does, with the same bits; null where
   * there is none, as by default.
   */
  protected @Nullable FrameStep then(FrameStep next) {
    return null;
  }

  /**
   * Returns whether each value written is one of those read or 0, so that bytes stay the bytes that
   * they were; false by default.
   */
  protected boolean keepsValues() {
    return false;
  }

  /**
   * Computes what becomes of a frame whose channels are of one value each, in place, with the bits
   * that a run would write.
   *
   * @param channels one value a channel of the input, to be replaced by one a channel of the
   *     output; room for at least three
   * @return whether the output's channels are of one value each, too; false by default: the frame
   *     is run instead
   */
  protected boolean constant(float[] channels) {
    return false;
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + "(" + input + " to " + output + ")";
  }
}
