/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.screen;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.config.InterpolationConfig;
import org.syncline.device.Coverage;
import org.syncline.device.Finish;
import org.syncline.device.Interpolation;
import org.syncline.device.Interpolator;
import org.syncline.device.Layout;
import org.syncline.device.MetaFile;
import org.syncline.device.Problems;
import org.syncline.device.Sampler;
import org.syncline.device.Trials;
import org.syncline.device.support.Findings;
import org.syncline.device.support.Shown;
import org.syncline.device.trials.RecordedTrials;
import org.syncline.device.trials.TrialIndex;
import org.syncline.error.ConfigException;
import org.syncline.error.RecordingException;
import org.syncline.interval.TimeInterval;
import org.syncline.kernel.InterleavePass;
import org.syncline.storage.DataArena;
import org.syncline.storage.FrameArray;
import org.syncline.storage.ValueHash;
import org.syncline.transform.FramePlan;
import org.syncline.transform.FrameShape;
import org.syncline.transform.builtin.ResampleStep;

/**
 * Gives the frame shown at each time: the last whose timestamp lies before the time plus 0.1 ms.
 *
 * <p>Frames are float32, (H, W) or (H, W, C); blank trials are filled with their {@code
 * interleave_value}, or NaN where they have none. With {@code rescale} each is resized as OpenCV's
 * INTER_AREA does. With {@code normalize} the stored statistics are subtracted and divided by: one
 * value, one a channel, or one a pixel, the latter resized like the frames; {@code
 * normalize_std_threshold} replaces small standard deviations as on sequences.
 *
 * <p>Safe for use by several threads; {@link #close} may race with uses, which then raise
 * ClosedException. Trial files are mapped when first needed; only the frames asked for are touched.
 */
public final class ScreenInterpolator implements Interpolator {
  private static final Logger LOG = System.getLogger("org.syncline");

  /** Trials whose files a hash is made of. */
  private static final int HASHED_TRIALS = 16;

  private final ScreenMeta meta;
  private final InterpolationConfig options;
  private final DataArena arena;
  private final ScreenClock clock;
  private final TrialIndex trials;
  private final FrameShape target;
  private final boolean channelAxis;
  private final TrialFiles files;

  /** Null where frames are not normalised. */
  private final ScreenStatistics statistics;

  private final StoredBytes bytes;
  private final ScreenSampler plain;

  private ScreenInterpolator(ScreenMeta meta, InterpolationConfig options, DataArena arena) {
    this.meta = meta;
    this.options = options;
    this.arena = arena;
    clock = new ScreenClock(meta.timestampsFile(), arena);
    boolean names =
        options.useStimuliNames() == null ? meta.useStimuliNames() : options.useStimuliNames();
    trials = TrialIndex.open(meta.folder(), names);
    Problems found = new Problems();
    ScreenTimes.check(meta, clock, trials, found);
    Findings.say(found);
    ScreenSize size = ScreenSize.of(meta.folder(), trials, options);
    channelAxis = size.channelAxis();
    target = size.frame();
    files =
        new TrialFiles(
            trials, arena, target.height(), target.width(), target.channels(), options.rescale());
    statistics =
        options.normalize()
            ? ScreenStatistics.read(meta.folder(), options, target, trials, arena.arena())
            : null;
    bytes = new StoredBytes(meta.folder().resolve("data"), trials, target, names);
    plain = new ScreenSampler(this, Finish.NONE);
  }

  /**
   * Opens the screen in a folder.
   *
   * @throws RecordingException for another kind of device, and as of {@link #open(ScreenMeta,
   *     InterpolationConfig, boolean)}
   */
  public static ScreenInterpolator open(
      Path folder, InterpolationConfig options, boolean cacheData) {
    MetaFile file = MetaFile.read(folder);
    file.expectModality(ScreenModality.NAME);
    return open(ScreenModality.meta(file), options, cacheData);
  }

  /**
   * Opens a screen.
   *
   * @param options rescaling, stimulus names and normalisation; null for the defaults
   * @param cacheData read all frames into memory now
   * @throws RecordingException for metadata, a clock or files that cannot be read
   * @throws ConfigException for options that do not fit the recording
   */
  public static ScreenInterpolator open(
      ScreenMeta meta, InterpolationConfig options, boolean cacheData) {
    DataArena arena = new DataArena("ScreenInterpolator " + meta.folder());
    boolean opened = false;
    try {
      ScreenInterpolator screen =
          new ScreenInterpolator(
              meta, options == null ? InterpolationConfig.DEFAULT : options, arena);
      if (cacheData) {
        screen.files.cache();
      }
      opened = true;
      return screen;
    } finally {
      if (!opened) {
        arena.close();
      }
    }
  }

  /**
   * Adds what interpolation itself does to stored frames: resizing and the statistics of this
   * device.
   */
  void interpolate(FramePlan.Builder plan) {
    FrameShape stored = plan.shape();
    if (stored.height() != target.height() || stored.width() != target.width()) {
      plan.add(ResampleStep.area(stored, target.height(), target.width()));
    }
    if (statistics != null) {
      statistics.append(plan);
    }
  }

  /**
   * Returns whether all frames are bytes in the interpolated size, blank ones too. Looks at every
   * file once, and remembers what it found in the user's cache.
   */
  boolean storesBytes() {
    arena.ensureOpen();
    return bytes.all();
  }

  /**
   * Checks frames that are read as bytes.
   *
   * @throws RecordingException where {@link #storesBytes} has said that all files are, and this one
   *     is not
   */
  void checkBytes(FrameArray file) {
    bytes.check(file);
  }

  /** Returns whether frames are normalised by statistics of this device. */
  boolean normalizes() {
    return options.normalize();
  }

  /** Returns the statistics that frames are normalised with here; null where they are not. */
  List<PixelScale> ownScales() {
    return statistics == null ? null : statistics.scales();
  }

  Path folder() {
    return meta.folder();
  }

  DataArena arena() {
    return arena;
  }

  TrialFiles files() {
    return files;
  }

  FrameShape target() {
    return target;
  }

  /** Returns the trials in listing order, with their files. */
  public TrialIndex trialIndex() {
    return trials;
  }

  @Override
  public Optional<Trials> trials() {
    return Optional.of(
        new RecordedTrials(
            trials, meta.timestampsFile(), clock.length(), this::timeOf, this::trialAt));
  }

  @Override
  public Layout layout() {
    return Layout.FRAMES;
  }

  /**
   * {@inheritDoc}
   *
   * <p>A clock may be longer than the trials: past their last frame there is none.
   */
  @Override
  public Coverage coverage() {
    return clock.coverage(trials.totalFrames());
  }

  @Override
  public Optional<double[]> storedTimes(double from, double to) {
    return Optional.of(clock.times(from, to));
  }

  @Override
  public String contents() {
    return trials.size()
        + " trials of "
        + trials.totalFrames()
        + " frames "
        + Arrays.toString(frameShape());
  }

  /** {@inheritDoc} Of many trials, the files of some are looked at. */
  @Override
  public String valueHash() {
    arena.enter();
    try {
      ValueHash hash = new ValueHash();
      hash.add(clock.length(), i -> Double.doubleToRawLongBits(clock.timeOf((int) i)));
      int count = Math.min(HASHED_TRIALS, trials.size());
      for (int i = 0; i < count; i++) {
        int trial = count < trials.size() ? (int) ValueHash.place(trials.size() - 1, i, count) : i;
        if (trials.hasFile(trial)) {
          files.hash(trial, hash);
        }
      }
      return hash.text();
    } finally {
      arena.exit();
    }
  }

  @Override
  public Map<String, Object> properties() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("modality", meta.modality());
    all.put("image_size", List.of(target.height(), target.width()));
    return all;
  }

  /**
   * Returns the times in seconds at which frames were shown, ascending: a copy.
   *
   * @throws org.syncline.error.ClosedException after close
   * @throws RecordingException where the file was truncated or cannot be read
   */
  public double[] timestamps() {
    return clock.times();
  }

  /** Returns the number of timestamps. */
  public int timestampCount() {
    return clock.length();
  }

  /**
   * Returns the time in seconds at which a frame was shown.
   *
   * @throws IndexOutOfBoundsException for a frame outside 0 … {@link #timestampCount()}-1
   * @throws org.syncline.error.ClosedException after close
   * @throws RecordingException where the file was truncated or cannot be read
   */
  public double timeOf(int frame) {
    return clock.timeOf(frame);
  }

  /**
   * Returns the shape of a frame as interpolated: {height, width}, or {height, width, channels} for
   * colour.
   */
  public int[] frameShape() {
    return channelAxis
        ? new int[] {target.height(), target.width(), target.channels()}
        : new int[] {target.height(), target.width()};
  }

  /** Returns how many maps of trial files are kept. */
  int maps() {
    return files.maps();
  }

  @Override
  public double startTime() {
    return meta.timesDeclared() ? meta.startTime() : clock.valid().start();
  }

  @Override
  public double endTime() {
    return meta.timesDeclared() ? meta.endTime() : clock.valid().end();
  }

  @Override
  public TimeInterval validInterval() {
    return clock.valid();
  }

  /**
   * Finds the frames of the valid ones of some times.
   *
   * @param frames receives the frame numbers
   * @param indices receives the places of the valid times, or null
   * @return how many times are valid
   * @throws IllegalArgumentException where the valid times do not strictly increase
   * @throws RecordingException where a frame lies past the last trial
   */
  int locate(double[] times, int count, int[] frames, int[] indices) {
    return clock.locate(times, count, trials.totalFrames(), frames, indices);
  }

  int trialOf(int frame) {
    return trials.trialOfFrame(frame);
  }

  @Override
  public long sampleAt(double time) {
    arena.ensureOpen();
    return clock.frameAt(time);
  }

  /**
   * Returns the trial of which a frame is shown at a time; -1 outside the valid interval and past
   * the last trial.
   */
  private int trialAt(double time) {
    arena.ensureOpen();
    int frame = clock.frameAt(time);
    return frame < 0 || frame >= trials.totalFrames() ? -1 : trials.trialOfFrame(frame);
  }

  /**
   * Interpolates at the valid ones of the given times.
   *
   * @param times seconds; the valid ones strictly increase; NaN is never valid
   * @throws IllegalArgumentException where they do not
   * @throws org.syncline.error.ClosedException after close
   * @throws RecordingException where a frame lies past the last trial, or a file is missing, wrong
   *     or cannot be read
   */
  @Override
  public Interpolation interpolate(double[] times) {
    arena.ensureOpen();
    int[] indices = new int[times.length];
    int n;
    try {
      n = locate(times, times.length, new int[times.length], indices);
    } catch (IllegalStateException e) {
      throw arena.translate(e);
    }
    if (n == 0) {
      LOG.log(Level.WARNING, "{0}: none of {1} times is valid", meta.folder(), times.length);
    }
    int[] kept = Arrays.copyOf(indices, n);
    double[] validTimes = new double[n];
    for (int i = 0; i < n; i++) {
      validTimes[i] = times[kept[i]];
    }
    long pixels = target.pixels();
    MemorySegment values = Arena.ofAuto().allocate(4 * n * pixels, 64);
    if (target.channels() == 1) {
      try (ScreenSampler.FrameCursor cursor = plain.cursor(n)) {
        cursor.read(validTimes, n, values, 0);
      }
    } else {
      readInterleaved(validTimes, values);
    }
    long[] shape = new long[channelAxis ? 4 : 3];
    shape[0] = n;
    for (int i = 1; i < shape.length; i++) {
      shape[i] = frameShape()[i - 1];
    }
    return new Interpolation(new Tensor(ElementType.FLOAT32, shape, values), kept);
  }

  private void readInterleaved(double[] times, MemorySegment values) {
    double[] one = new double[1];
    long pixels = target.pixels();
    InterleavePass interleave = InterleavePass.of();
    try (ScreenSampler.FrameCursor cursor = plain.cursor(1);
        Arena temporary = Arena.ofConfined()) {
      MemorySegment planes = temporary.allocate(4 * pixels, 64);
      for (int i = 0; i < times.length; i++) {
        one[0] = times[i];
        cursor.read(one, 1, planes, 0);
        interleave.run(planes, 0, 4L * target.plane(), values, 4 * pixels * i, target.plane());
      }
    }
  }

  /**
   * Compiles reading into chunks (C, T, H, W): transforms in order, normalisation, NaN policy,
   * conversion. The natural type is float32; float64, float16, bfloat16 and uint8 can be asked for.
   * As uint8, pixels are not normalised but rounded to nearest even and saturated, NaN as 0: the
   * normalisation is left to the device.
   *
   * @throws ConfigException where transforms or statistics do not fit the frames, or the type
   *     cannot be written
   */
  @Override
  public Optional<Sampler> fused(Finish finish) {
    return Optional.of(sampler(finish));
  }

  /** Same as {@link #fused}. */
  public Sampler sampler(Finish finish) {
    arena.ensureOpen();
    return new ScreenSampler(this, finish);
  }

  @Override
  public Sampler sampler() {
    return sampler(Finish.NONE);
  }

  /** Returns folder, range and what is stored, also after close. */
  @Override
  public String toString() {
    return Shown.of(this, meta.folder(), contents());
  }

  @Override
  public void close() {
    files.cancel();
    arena.close();
    files.close();
  }
}
