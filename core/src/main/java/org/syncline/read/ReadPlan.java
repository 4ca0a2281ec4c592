/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.read;

import java.nio.file.Path;
import org.syncline.array.ElementType;
import org.syncline.clock.ChunkClock;
import org.syncline.device.Coverage;
import org.syncline.device.Sampler;
import org.syncline.interval.TimeInterval;
import org.syncline.start.SampleOrigins;

/**
 * What a reader does for one chunk, in order. Immutable, shared by the readers of a dataset.
 *
 * @param entries what a chunk has
 * @param sizes their sizes in bytes
 * @param steps one a device
 * @param behaviour signals that become channels of the screen, or null
 * @param origin seconds subtracted from timestamps, which are then float32; NaN for float64
 *     timestamps as they are
 * @param maxSamples samples of the longest step
 * @param origins writes the entries that say where samples come from; null for none
 * @param firstOrigin the place of the first of these
 */
public record ReadPlan(
    Entries entries,
    long[] sizes,
    Step[] steps,
    Behaviour behaviour,
    double origin,
    int maxSamples,
    SampleOrigins.Writer origins,
    int firstOrigin) {

  /**
   * One device.
   *
   * @param device its name
   * @param folder its folder, for messages
   * @param valid the interval in which it has values, for messages
   * @param screen whether its time counts as a screen's
   * @param clock when it is sampled
   * @param sampler reads it, or null where only its timestamps are asked for
   * @param values index of its values' entry; -1 where they are not asked for: with a sampler they
   *     go to scratch memory
   * @param timestamps index of its timestamps' entry, or -1
   * @param mask index of the entry that says which of its samples are real, or -1
   * @param coverage where its samples are real, the others are padded; null: all must be
   * @param scratchOffset byte offset of its values in the scratch memory, used where {@code values}
   *     is -1
   * @param overflow looks for values that became infinite; null where that cannot be, or where
   *     there is no entry
   * @param own parts of the program's own that make its values; null for none
   */
  public record Step(
      String device,
      Path folder,
      TimeInterval valid,
      boolean screen,
      ChunkClock clock,
      Sampler sampler,
      int values,
      int timestamps,
      int mask,
      Coverage coverage,
      long scratchOffset,
      HalfOverflow overflow,
      OwnParts own) {}

  /**
   * Signals broadcast over the frames.
   *
   * @param screen index of the screen's entry
   * @param firstChannel channels of the frames themselves
   * @param planes frames of a chunk
   * @param pixels pixels of a plane
   * @param type element type of the entry
   * @param steps indices of the steps whose signals are appended, in order
   * @param columns signals of each
   * @param types element types of each
   * @param convertedOffset byte offset in the scratch memory of one device's signals in the entry's
   *     type
   * @param scratchBytes size of the scratch memory, which also holds the signals that are not
   *     entries themselves
   */
  public record Behaviour(
      int screen,
      int firstChannel,
      int planes,
      long pixels,
      ElementType type,
      int[] steps,
      int[] columns,
      ElementType[] types,
      long convertedOffset,
      long scratchBytes) {}
}
