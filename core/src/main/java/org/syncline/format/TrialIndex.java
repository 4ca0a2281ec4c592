/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The trials of a screen in listing order, in columns: 21,000 trials take about 1 MB and, from the second opening on, a
 * few milliseconds. Immutable, safe for concurrent use, owns no resource.
 */
public final class TrialIndex {
  private TrialIndex() {}

  /**
   * Opens the trials of a screen: {@code combined_meta.json} where it exists, else {@code meta/NNNNN.yml}.
   *
   * @param screenFolder the screen's folder
   * @param useStimuliNames pixels are in files named after the stimulus
   * @throws org.syncline.error.RecordingException naming the trial, where metadata is missing, has a wrong type, its
   *     first frame is not the sum of the frames before it, or a name would leave {@code data/}
   */
  public static TrialIndex open(Path screenFolder, boolean useStimuliNames) {
    return open(screenFolder, useStimuliNames, DiskCache.system());
  }

  /** Same as {@link #open(Path, boolean)} with another cache, null for none. */
  public static TrialIndex open(Path screenFolder, boolean useStimuliNames, DiskCache cache) {
    throw new UnsupportedOperationException();
  }

  /** Returns the number of trials. */
  public int size() {
    throw new UnsupportedOperationException();
  }

  /** Returns the number of frames of all trials together. */
  public int totalFrames() {
    throw new UnsupportedOperationException();
  }

  /** Returns a trial's key, for instance {@code 00012}. */
  public String key(int trial) {
    throw new UnsupportedOperationException();
  }

  /** Returns a trial's kind. */
  public TrialKind kind(int trial) {
    throw new UnsupportedOperationException();
  }

  /** Returns the index of a trial's first frame; the number of all frames for {@code trial == size()}. */
  public int firstFrame(int trial) {
    throw new UnsupportedOperationException();
  }

  /** Returns a trial's number of frames: 1 unless it is a video. */
  public int frames(int trial) {
    throw new UnsupportedOperationException();
  }

  /** Returns the trial that owns a frame, by binary search; frame from 0 to {@code totalFrames() - 1}. */
  public int trialOfFrame(int frame) {
    throw new UnsupportedOperationException();
  }

  /** Returns whether a trial's pixels are in a file: images and videos. */
  public boolean hasFile(int trial) {
    throw new UnsupportedOperationException();
  }

  /**
   * Returns the file of a trial's pixels, inside {@code data/}; null for blank and invalid trials. Trials of one stimulus
   * have equal paths.
   *
   * @throws org.syncline.error.RecordingException where following links leaves {@code data/}
   */
  public Path file(int trial) {
    throw new UnsupportedOperationException();
  }

  /** Returns the height from {@code image_size}, 0 where there is none. */
  public int height(int trial) {
    throw new UnsupportedOperationException();
  }

  /** Returns the width from {@code image_size}, 0 where there is none. */
  public int width(int trial) {
    throw new UnsupportedOperationException();
  }

  /** Returns the third entry of {@code image_size}, 0 where there is none: frames are (H, W). */
  public int channels(int trial) {
    throw new UnsupportedOperationException();
  }

  /** Returns {@code interleave_value}, NaN where there is none. */
  public double interleaveValue(int trial) {
    throw new UnsupportedOperationException();
  }

  /** Returns a metadata value: null (also where the key is missing), Boolean, Long, Double, String, List or Map. */
  public Object metadata(int trial, String key) {
    throw new UnsupportedOperationException();
  }

  /** Returns all metadata keys of any trial, in order of first occurrence. */
  public List<String> metadataKeys() {
    throw new UnsupportedOperationException();
  }

  /**
   * Returns which trials meet conditions: OR between maps, AND inside a map, values compared as Python does (1 equals 1.0
   * and true, letter case counts, a list equals nothing); a trial without the key, or with null, has the value
   * {@code "blank"}. An empty list, and an empty map, match nothing.
   */
  public boolean[] match(List<Map<String, Object>> conditions) {
    throw new UnsupportedOperationException();
  }
}
