/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.write;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.decode.EncodedTypes;
import org.syncline.error.RecordingException;
import org.syncline.format.writing.DeviceFiles;
import org.syncline.stats.RecordingStatistics;
import org.syncline.storage.Npy;

/**
 * Writes a screen, trial by trial, each at once into a file of its own. Safe for use by several
 * threads, one at a time.
 *
 * <p>Metadata of trials are any names with plain values: {@code tier}, {@code stim_type} and
 * whatever conditions ask for. What the pixels and times say themselves is written by the writer.
 */
public final class ScreenWriter extends DeviceWriter {
  /** What the writer itself says of a trial. */
  private static final Set<String> OWN = Set.of("modality", "first_frame_idx", "num_frames");

  private static final Set<String> STILL =
      Set.of("png", "jpg", "jpeg", "bmp", "gif", "tif", "tiff", "webp");

  private final Map<String, Object> trials = new LinkedHashMap<>();
  private final List<Map<String, Object>> blanks = new ArrayList<>();
  private double[] times = new double[256];
  private int frames;
  private double frameRate = Double.NaN;
  private List<Long> size;
  private boolean statistics;

  ScreenWriter(RecordingWriter recording, String name, Path folder) throws IOException {
    super(recording, name, folder);
    Files.createDirectory(folder.resolve(DeviceFiles.PIXELS));
  }

  /**
   * Adds a trial that shows one image.
   *
   * @param pixels (H, W) or (H, W, 3); uint8, float32 and float64 are read as they are, other types
   *     converted at each reading. They are not kept
   * @param time seconds from which on it was shown, finite, not before the last frame
   * @param metadata of the trial; empty for none
   * @throws IllegalArgumentException for another shape, time or metadata
   * @throws IllegalStateException after the recording was finished or closed
   * @throws java.io.UncheckedIOException where it cannot be written; the recording is then given up
   */
  public ScreenWriter image(Tensor pixels, double time, Map<String, ?> metadata) {
    synchronized (recording) {
      recording.ensureOpen();
      checkPixels(pixels, 0, "an image (H, W) or (H, W, 3)");
      double[] at = {time};
      check(at, metadata, false);
      write(() -> put(pixels));
      Map<String, Object> trial = trial("image", at, metadata);
      trial.put("image_size", sizeOf(pixels, 0));
      return this;
    }
  }

  private void put(Tensor pixels) throws IOException {
    try (Arena scratch = Arena.ofConfined()) {
      Npy.write(pixelFile(".npy"), inNative(pixels, scratch));
    }
  }

  /**
   * Adds a trial that shows a video.
   *
   * @param pixels (T, H, W) or (T, H, W, 3); types as of {@link #image}
   * @param seconds when each of the T frames was shown, finite, not falling
   * @param metadata of the trial; empty for none
   * @throws IllegalArgumentException for another shape, times or metadata
   * @throws IllegalStateException after the recording was finished or closed
   * @throws java.io.UncheckedIOException where it cannot be written; the recording is then given up
   */
  public ScreenWriter video(Tensor pixels, double[] seconds, Map<String, ?> metadata) {
    Objects.requireNonNull(seconds, "seconds is null");
    Objects.requireNonNull(metadata, "metadata is null");
    synchronized (recording) {
      recording.ensureOpen();
      checkPixels(pixels, 1, "a video (T, H, W) or (T, H, W, 3)");
      checkFrames(pixels.size(0), seconds);
      check(seconds, metadata, false);
      write(() -> put(pixels));
      Map<String, Object> trial = trial("video", seconds, metadata);
      trial.put("num_frames", seconds.length);
      trial.put("image_size", sizeOf(pixels, 1));
      return this;
    }
  }

  /**
   * Adds a trial without pixels: one frame of one value.
   *
   * @param value of all pixels
   * @param time seconds from which on it was shown, finite, not before the last frame
   * @param metadata of the trial; empty for none
   * @throws IllegalArgumentException for another time or metadata
   * @throws IllegalStateException after the recording was finished or closed
   */
  public ScreenWriter blank(double value, double time, Map<String, ?> metadata) {
    synchronized (recording) {
      recording.ensureOpen();
      double[] at = {time};
      check(at, metadata, false);
      Map<String, Object> trial = trial("blank", at, metadata);
      trial.put("interleave_value", plain(value));
      blanks.add(trial);
      return this;
    }
  }

  private static Number plain(double value) {
    // bytes are written as bytes
    return value == Math.rint(value) && Math.abs(value) < 1e15 ? (Number) (long) value : value;
  }

  /**
   * Adds a trial whose pixels are a file, which is copied as it is: .npy, or an encoded image or
   * video.
   *
   * @param pixels the file; its ending says what it is
   * @param seconds when each frame was shown; one alone for an image
   * @param metadata of the trial; of an encoded file {@code image_size} [H, W] or [H, W, 3] may be
   *     among them
   * @throws IllegalArgumentException for other times or metadata
   * @throws RecordingException where the file is missing, or a .npy file that is no such trial
   * @throws IllegalStateException after the recording was finished or closed
   * @throws java.io.UncheckedIOException where it cannot be copied; the recording is then given up
   */
  public ScreenWriter file(Path pixels, double[] seconds, Map<String, ?> metadata) {
    Objects.requireNonNull(seconds, "seconds is null");
    Objects.requireNonNull(metadata, "metadata is null");
    synchronized (recording) {
      recording.ensureOpen();
      String file = pixels.getFileName().toString();
      int dot = file.lastIndexOf('.');
      String ending = dot < 0 ? "" : file.substring(dot + 1).toLowerCase(Locale.ROOT);
      if (!Files.isRegularFile(pixels)) {
        throw RecordingException.of(
            pixels,
            null,
            Files.exists(pixels) ? "no regular file" : "no such file",
            "a file of pixels",
            null);
      }
      boolean npy = ending.equals("npy");
      if (!npy && !EncodedTypes.isEncoded(pixels)) {
        throw RecordingException.of(
            pixels,
            null,
            dot < 0 ? "a name without an extension" : "the extension ." + ending,
            "one of .npy " + EncodedTypes.all(),
            null);
      }
      long[] shape = npy ? Npy.header(pixels).shape() : new long[0];
      boolean image =
          npy
              ? shape.length == 2 || shape.length == 3 && shape[2] == 3 && seconds.length == 1
              : STILL.contains(ending);
      int first = image ? 0 : 1;
      if (npy) {
        checkShape(shape, first, "(H, W), (H, W, 3), (T, H, W) or (T, H, W, 3)");
      }
      checkFrames(image ? 1 : npy ? shape[0] : seconds.length, seconds);
      check(seconds, metadata, !npy);
      write(() -> Files.copy(pixels, pixelFile("." + ending)));
      Map<String, Object> trial = trial(image ? "image" : "video", seconds, metadata);
      if (!image) {
        trial.put("num_frames", seconds.length);
      }
      if (npy) {
        List<Long> found = new ArrayList<>();
        Arrays.stream(shape, first, shape.length).forEach(found::add);
        trial.put("image_size", found);
        size = size == null ? found : size;
      }
      return this;
    }
  }

  /**
   * Says the rate of the frames in Hz, by which configurations of the recording sample the screen
   * unless they say another; without it they take 30.
   *
   * @throws IllegalArgumentException where it is not positive and finite
   * @throws IllegalStateException after the recording was finished or closed
   */
  public ScreenWriter frameRate(double hertz) {
    synchronized (recording) {
      recording.ensureOpen();
      RecordingWriter.checkRate(name, hertz);
      frameRate = hertz;
      return this;
    }
  }

  /**
   * Chooses whether mean and deviation of the screen, or of each of its channels, are written,
   * which configurations normalise with; default no. They are of all images and videos, which are
   * read once more in the end.
   *
   * @throws IllegalStateException after the recording was finished or closed
   */
  public ScreenWriter statistics(boolean wanted) {
    synchronized (recording) {
      recording.ensureOpen();
      statistics = wanted;
      return this;
    }
  }

  private String key() {
    return DeviceFiles.trialKey(trials.size());
  }

  private Path pixelFile(String ending) {
    return folder.resolve(DeviceFiles.PIXELS).resolve(key() + ending);
  }

  private void checkPixels(Tensor pixels, int first, String expected) {
    checkShape(pixels.shape(), first, expected);
    if (pixels.type() == ElementType.BFLOAT16) {
      throw wrong("trial " + key(), "bfloat16", "a type that NumPy has", "convert it to float32");
    }
  }

  private void checkShape(long[] shape, int first, String expected) {
    int axes = shape.length - first;
    boolean colour = axes == 3 && shape[first + 2] == 3;
    if (axes != 2 && !colour || Arrays.stream(shape).anyMatch(length -> length < 1)) {
      throw wrong(
          "trial " + key(),
          "pixels of shape " + Arrays.toString(shape),
          expected,
          "colours are the last axis, and opacity is left out");
    }
  }

  private void checkFrames(long found, double[] seconds) {
    if (found != seconds.length) {
      throw wrong(
          "trial " + key(),
          found + " frames and " + seconds.length + " times",
          "a time for each frame",
          null);
    }
    if (found == 0) {
      throw wrong("trial " + key(), "no frame", "at least one", null);
    }
  }

  private void check(double[] seconds, Map<String, ?> metadata, boolean sized) {
    checkTimes(seconds, frames, frames == 0 ? Double.NEGATIVE_INFINITY : times[frames - 1], false);
    for (Map.Entry<String, ?> entry : metadata.entrySet()) {
      if (OWN.contains(entry.getKey()) || entry.getKey().equals("image_size") && !sized) {
        throw wrong(
            "trial " + key(),
            "metadata '" + entry.getKey() + "'",
            "other names",
            "pixels and times say this themselves");
      }
      checkPlain("trial " + key() + ", " + entry.getKey(), entry.getValue());
    }
  }

  private Map<String, Object> trial(String kind, double[] seconds, Map<String, ?> metadata) {
    Map<String, Object> trial = new LinkedHashMap<>();
    trial.put("modality", kind);
    trial.put("first_frame_idx", frames);
    trial.putAll(metadata);
    trials.put(key(), trial);
    if (frames + seconds.length > times.length) {
      times = Arrays.copyOf(times, Math.max(2 * times.length, frames + seconds.length));
    }
    System.arraycopy(seconds, 0, times, frames, seconds.length);
    frames += seconds.length;
    return trial;
  }

  private List<Long> sizeOf(Tensor pixels, int first) {
    List<Long> found = new ArrayList<>();
    for (int axis = first; axis < pixels.rank(); axis++) {
      found.add(pixels.size(axis));
    }
    size = size == null ? found : size;
    return found;
  }

  @Override
  void end() throws IOException {
    if (trials.isEmpty()) {
      throw wrong("trials", "none", "at least one", "add some, or leave the device out");
    }
    if (size != null) {
      blanks.forEach(trial -> trial.put("image_size", size));
    }
    DeviceFiles.screen(folder, Arrays.copyOf(times, frames), frameRate, false, trials);
    if (statistics) {
      Path whole = folder.getParent();
      RecordingStatistics.write(
          whole, RecordingStatistics.of(whole).devices(name).momentsOnly(true).compute(), false);
    }
  }

  @Override
  void close() {
    // each trial's file was closed as it was written
  }
}
