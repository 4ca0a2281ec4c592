/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.trials;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleToIntFunction;
import java.util.function.IntToDoubleFunction;
import org.syncline.config.TrialCondition;
import org.syncline.device.Interpolator;
import org.syncline.device.Trials;
import org.syncline.error.RecordingException;
import org.syncline.storage.Npy;
import org.syncline.text.Printable;

/** The trials that a device's folder describes, with the times of their first frames. */
public final class RecordedTrials implements Trials {
  private static final DoubleToIntFunction UNKNOWN = time -> -1;

  private final TrialIndex index;
  private final Path clock;
  private final int times;
  private final IntToDoubleFunction timeOf;
  private final DoubleToIntFunction shownAt;

  /**
   * Joins trials and times.
   *
   * @param clock the file of the times, for messages
   * @param times how many frames have a time; -1: there is no such file
   * @param timeOf gives the time in seconds of a frame that has one
   * @param shownAt as {@link #shownAt}
   */
  public RecordedTrials(
      TrialIndex index,
      Path clock,
      int times,
      IntToDoubleFunction timeOf,
      DoubleToIntFunction shownAt) {
    this.index = index;
    this.clock = clock;
    this.times = times;
    this.timeOf = timeOf;
    this.shownAt = shownAt;
  }

  /**
   * Returns the trials whose metadata lies in the folder of any device; their frames have the times
   * in {@code timestamps.npy}, else those of the device's stored rate.
   *
   * @return empty where the folder has no metadata of trials
   */
  public static Optional<Trials> of(Path folder, Interpolator device) {
    if (!Files.exists(folder.resolve("combined_meta.json"), LinkOption.NOFOLLOW_LINKS)
        && !Files.exists(folder.resolve("meta/00000.yml"))) {
      return Optional.empty();
    }
    TrialIndex index = TrialIndex.open(folder, false);
    Path file = folder.resolve("timestamps.npy");
    if (Files.exists(file)) {
      double[] times = Npy.readDoubles(file).values();
      return Optional.of(
          new RecordedTrials(index, file, times.length, frame -> times[frame], UNKNOWN));
    }
    double rate = device.isOnGrid() ? device.storedRate() : Double.NaN;
    return Optional.of(
        rate > 0
            ? new RecordedTrials(
                index, file, Integer.MAX_VALUE, frame -> device.startTime() + frame / rate, UNKNOWN)
            : new RecordedTrials(index, file, -1, frame -> Double.NaN, UNKNOWN));
  }

  /** Returns how many there are, and of which device. */
  @Override
  public String toString() {
    return "Trials(" + count() + " of " + Printable.message(clock.getParent().toString()) + ")";
  }

  @Override
  public int count() {
    return index.size();
  }

  @Override
  public double start(int trial) {
    int frame = index.firstFrame(trial);
    if (frame < times) {
      return timeOf.applyAsDouble(frame);
    }
    if (times >= 0) {
      return Double.POSITIVE_INFINITY;
    }
    throw RecordingException.of(
        clock,
        "trial " + index.key(trial),
        "no such file",
        "a time for its first frame, number " + frame,
        "the trials have " + index.totalFrames() + " frames in all");
  }

  /**
   * {@inheritDoc}
   *
   * <p>A screen's clock that is longer than its trials says when the frame after them comes. Trials
   * of other devices need no number of frames.
   */
  @Override
  public double lastEnd() {
    int next = index.totalFrames();
    return shownAt != UNKNOWN && next < times
        ? timeOf.applyAsDouble(next)
        : Double.POSITIVE_INFINITY;
  }

  @Override
  public int shownAt(double time) {
    return shownAt.applyAsInt(time);
  }

  @Override
  public String kind(int trial) {
    return index.kind(trial).name().toLowerCase(Locale.ROOT);
  }

  @Override
  public boolean[] match(List<TrialCondition> conditions) {
    return index.match(conditions);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Beside them {@code modality} (image, video, blank or invalid), {@code first_frame_idx},
   * {@code num_frames}, {@code data_file} (null where the trial has none) and {@code image_size}.
   */
  @Override
  public Map<String, Object> describe(int trial) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    for (String key : index.metadataKeys()) {
      Object value = index.metadata(trial, key);
      if (value != null) {
        metadata.put(key, value);
      }
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("key", index.key(trial));
    all.put("modality", kind(trial));
    all.put("first_frame_idx", index.firstFrame(trial));
    all.put("num_frames", index.frames(trial));
    all.put("data_file", index.hasFile(trial) ? index.file(trial).toString() : null);
    all.put("image_size", List.of(index.height(trial), index.width(trial)));
    all.put("metadata", metadata);
    return all;
  }

  @Override
  public Object metadataValue(int trial, String key) {
    return index.metadata(trial, key);
  }

  @Override
  public Collection<String> metadataKeys() {
    return index.metadataKeys();
  }

  @Override
  public Collection<Object> metadataValues(String key) {
    return index.metadataValues(key);
  }
}
