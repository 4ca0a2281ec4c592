/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.screen;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.config.InterpolationConfig;
import org.syncline.device.Finish;
import org.syncline.device.Interpolation;
import org.syncline.device.Interpolator;
import org.syncline.device.Layout;
import org.syncline.device.MetaFile;
import org.syncline.device.Sampler;
import org.syncline.device.Trials;
import org.syncline.device.trials.RecordedTrials;
import org.syncline.device.trials.TrialIndex;
import org.syncline.error.ConfigException;
import org.syncline.error.RecordingException;
import org.syncline.format.Statistics;
import org.syncline.interval.TimeInterval;
import org.syncline.kernel.FillPass;
import org.syncline.kernel.FrameFinish;
import org.syncline.kernel.InterleavePass;
import org.syncline.kernel.ResampleAxis;
import org.syncline.kernel.ResamplePass;
import org.syncline.kernel.ResampleTable;
import org.syncline.storage.DataArena;
import org.syncline.storage.Npy;
import org.syncline.storage.StoredDoubles;
import org.syncline.sum.PairwiseSum;
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
  private static final double TOLERANCE = 1e-4;
  private static final int CLOCK_PIECE = 4096;

  private final ScreenMeta meta;
  private final InterpolationConfig options;
  private final DataArena arena;
  private final StoredDoubles timestamps;
  private final TrialIndex trials;
  private final FrameShape target;
  private final boolean channelAxis;
  private final TrialFiles files;
  private final TimeInterval valid;
  // of each pixel, planar (C, H, W); null without, or where one value a channel will do
  private final MemorySegment pixelMeans;
  private final MemorySegment pixelStds;
  private final double[] means;
  private final double[] stds;
  private final ScreenSampler plain;

  private ScreenInterpolator(ScreenMeta meta, InterpolationConfig options, DataArena arena) {
    this.meta = meta;
    this.options = options;
    this.arena = arena;
    timestamps = readClock(meta.timestampsFile(), arena.arena());
    boolean names =
        options.useStimuliNames() == null ? meta.useStimuliNames() : options.useStimuliNames();
    trials = TrialIndex.open(meta.folder(), names);
    int first = firstSized();
    int[] stored =
        first < 0
            ? storedSize()
            : new int[] {trials.height(first), trials.width(first), trials.channels(first)};
    int[] size = options.rescaleSize() == null ? stored : options.rescaleSize();
    if (size == null) {
      throw RecordingException.of(
          meta.folder(),
          "image_size",
          "no trial that has it",
          "the frames' size",
          "set interpolation.rescale_size");
    }
    if (options.rescaleSize() != null) {
      checkSize(size, stored);
    }
    int channels = stored == null ? 0 : stored[2];
    if (channels != 0 && channels != 1 && channels != 3) {
      throw RecordingException.of(
          meta.folder(), "image_size", channels + " channels", "[H, W] or [H, W, 3]", null);
    }
    channelAxis = channels != 0;
    target = shape(Math.max(1, channels), size);
    files =
        new TrialFiles(trials, arena, size[0], size[1], Math.max(1, channels), options.rescale());
    int shown = timestamps.length();
    valid =
        new TimeInterval(
            shown == 0 ? Double.NaN : timestamps.get(0),
            shown == 0 ? Double.NaN : timestamps.get(shown - 1));
    if (options.normalize()) {
      Npy.Doubles m = Npy.readDoubles(Statistics.file(meta.folder(), "means"));
      Npy.Doubles s = Npy.readDoubles(Statistics.file(meta.folder(), "stds"));
      double[] floored = floored(s.values());
      if (isChannelwise(m.shape()) && isChannelwise(s.shape())) {
        means = m.values();
        stds = checkStds(floored);
        pixelMeans = null;
        pixelStds = null;
      } else {
        means = null;
        stds = null;
        pixelMeans = planes("means", m.shape(), m.values());
        pixelStds = planes("stds", s.shape(), checkStds(floored));
      }
    } else {
      means = null;
      stds = null;
      pixelMeans = null;
      pixelStds = null;
    }
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

  private static StoredDoubles readClock(Path file, Arena arena) {
    StoredDoubles clock = StoredDoubles.open(file, arena);
    if (clock.shape().length != 1) {
      throw RecordingException.of(
          file, "shape", Arrays.toString(clock.shape()), "one axis: one time a frame", null);
    }
    double before = Double.NEGATIVE_INFINITY;
    for (int from = 0; from < clock.length(); from += CLOCK_PIECE) {
      double[] piece = clock.copy(from, Math.min(clock.length(), from + CLOCK_PIECE));
      for (int i = 0; i < piece.length; i++) {
        double t = piece[i];
        if (!Double.isFinite(t)) {
          throw RecordingException.of(
              file, "entry " + (from + i), Double.toString(t), "finite seconds", null);
        }
        if (t < before) {
          throw RecordingException.of(
              file,
              "entry " + (from + i),
              t + " after " + before,
              "times in ascending order",
              "repair the screen's clock");
        }
        before = t;
      }
    }
    return clock;
  }

  private int firstSized() {
    for (int t = 0; t < trials.size(); t++) {
      if (trials.height(t) > 0 && trials.width(t) > 0) {
        return t;
      }
    }
    return -1;
  }

  /**
   * Returns {H, W, C} of the first trial that has a file, for exports without image_size; null
   * where there is none.
   */
  private int[] storedSize() {
    for (int t = 0; t < trials.size(); t++) {
      if (trials.hasFile(t)) {
        long[] shape = Npy.header(trials.file(t)).shape();
        int axis = trials.kind(t) == org.syncline.device.trials.TrialKind.VIDEO ? 1 : 0;
        if (shape.length >= axis + 2) {
          int channels = shape.length > axis + 2 ? Math.toIntExact(shape[axis + 2]) : 0;
          return new int[] {
            Math.toIntExact(shape[axis]), Math.toIntExact(shape[axis + 1]), channels
          };
        }
      }
    }
    return null;
  }

  private FrameShape shape(int channels, int[] size) {
    try {
      return new FrameShape(channels, size[0], size[1]);
    } catch (IllegalArgumentException e) {
      if (options.rescaleSize() == null) {
        throw RecordingException.of(
            meta.folder(), "image_size", e.getMessage(), "frames of a screen", null, e);
      }
      throw new ConfigException(
          meta.folder().toString(), 0, "interpolation.rescale_size", "makes " + e.getMessage());
    }
  }

  private void checkSize(int[] size, int[] stored) {
    if (size.length != 2 || size[0] < 1 || size[1] < 1) {
      throw new ConfigException(
          meta.folder().toString(),
          0,
          "interpolation.rescale_size",
          "is " + Arrays.toString(size) + ", expected [height, width], both positive");
    }
    if (!options.rescale() && stored != null && (size[0] != stored[0] || size[1] != stored[1])) {
      throw new ConfigException(
          meta.folder().toString(),
          0,
          "interpolation.rescale_size",
          "is "
              + Arrays.toString(size)
              + " but frames are stored as ["
              + stored[0]
              + ", "
              + stored[1]
              + "]: set rescale to true, or leave rescale_size out");
    }
  }

  private double[] floored(double[] values) {
    Double threshold = options.normalizeStdThreshold();
    if (threshold == null) {
      return values;
    }
    double floor = threshold * PairwiseSum.nanMean(values);
    return Arrays.stream(values).map(v -> v > floor ? v : floor).toArray();
  }

  private double[] checkStds(double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] == 0 || values[i] != values[i]) {
        throw RecordingException.of(
            Statistics.file(meta.folder(), "stds"),
            "entry " + i,
            Double.toString(values[i]),
            "a standard deviation other than 0",
            "set interpolation.normalize_std_threshold");
      }
    }
    return values;
  }

  private boolean isChannelwise(long[] shape) {
    long n = Tensor.elements(shape);
    return n == 1 || target.channels() > 1 && shape.length == 1 && n == target.channels();
  }

  /**
   * Spreads statistics (1), (C), (H, W) or (H, W, C) over the planes of a frame, resized as frames
   * are.
   */
  private MemorySegment planes(String name, long[] shape, double[] values) {
    int c = target.channels();
    int n = target.plane();
    MemorySegment planes = arena.arena().allocate(4L * c * n, 64);
    if (isChannelwise(shape)) {
      FillPass fill = FillPass.of(ElementType.FLOAT32);
      for (int p = 0; p < c; p++) {
        fill.run(planes, 4L * p * n, n, (float) values[values.length == 1 ? 0 : p]);
      }
      return planes;
    }
    boolean colour = shape.length == 3 && shape[2] == c;
    boolean fits = shape.length == 2 && c == 1 || colour;
    boolean sized = fits && shape[0] == target.height() && shape[1] == target.width();
    if (!fits || !sized && !options.rescale() || values.length == 0) {
      throw RecordingException.of(
          Statistics.file(meta.folder(), name),
          "shape",
          Arrays.toString(shape),
          "one value, one per channel, or one per pixel of "
              + target.height()
              + " x "
              + target.width(),
          null);
    }
    int h = Math.toIntExact(shape[0]);
    int w = Math.toIntExact(shape[1]);
    boolean grows = target.height() > h || target.width() > w;
    ResampleTable table =
        ResampleTable.of(
            grows
                ? ResampleAxis.areaEnlarge(h, target.height())
                : ResampleAxis.area(h, target.height()),
            grows
                ? ResampleAxis.areaEnlarge(w, target.width())
                : ResampleAxis.area(w, target.width()));
    ElementType f = ElementType.FLOAT32;
    ResamplePass pass = ResamplePass.of(table, FrameFinish.conversion(f, f));
    try (Arena temporary = Arena.ofConfined()) {
      MemorySegment source = temporary.allocate(4L * h * w, 64);
      MemorySegment scratch = temporary.allocate(table.scratchBytes(), 64);
      for (int p = 0; p < c; p++) {
        for (int i = 0; i < h * w; i++) {
          source.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) values[i * c + p]);
        }
        if (sized) {
          MemorySegment.copy(source, 0, planes, 4L * p * n, 4L * n);
        } else {
          pass.run(source, 0, 4L * w, scratch, 0, planes, 4L * p * n);
        }
      }
    }
    return planes;
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
    if (pixelStds != null) {
      plan.add(new PixelStatistics(target, pixelMeans, pixelStds));
    } else if (stds != null) {
      plan.normalize(means, stds);
    }
  }

  /** Returns whether frames are normalised by statistics of this device. */
  boolean normalizes() {
    return options.normalize();
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
        new RecordedTrials(trials, meta.timestampsFile(), timestamps.length(), this::timeOf));
  }

  @Override
  public Layout layout() {
    return Layout.FRAMES;
  }

  @Override
  public Optional<double[]> storedTimes(double from, double to) {
    arena.ensureOpen();
    try {
      return Optional.of(
          timestamps.copy(timestamps.firstNotBelow(from, 0), timestamps.firstNotBelow(to, 0)));
    } catch (IllegalStateException e) {
      throw arena.translate(e);
    }
  }

  @Override
  public String contents() {
    return trials.size()
        + " trials of "
        + trials.totalFrames()
        + " frames "
        + Arrays.toString(frameShape());
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
    try {
      return timestamps.copy(0, timestamps.length());
    } catch (IllegalStateException e) {
      throw arena.translate(e);
    }
  }

  /** Returns the number of timestamps. */
  public int timestampCount() {
    return timestamps.length();
  }

  /**
   * Returns the time in seconds at which a frame was shown.
   *
   * @throws IndexOutOfBoundsException for a frame outside 0 … {@link #timestampCount()}-1
   * @throws org.syncline.error.ClosedException after close
   * @throws RecordingException where the file was truncated or cannot be read
   */
  public double timeOf(int frame) {
    try {
      return timestamps.get(frame);
    } catch (IllegalStateException e) {
      throw arena.translate(e);
    }
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
    return meta.timesDeclared() ? meta.startTime() : valid.start();
  }

  @Override
  public double endTime() {
    return meta.timesDeclared() ? meta.endTime() : valid.end();
  }

  @Override
  public TimeInterval validInterval() {
    return valid;
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
    int n = 0;
    int at = 0;
    double last = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      double t = times[i];
      if (!valid.contains(t)) {
        continue;
      }
      if (!(t > last)) {
        throw new IllegalArgumentException(
            "screen times must strictly increase: time " + i + " is " + t + " after " + last);
      }
      last = t;
      at = timestamps.firstNotBelow(t + TOLERANCE, at);
      // where doubles are coarser than the tolerance, the first frame's own time finds none before
      // it
      int frame = Math.max(at - 1, 0);
      if (frame >= trials.totalFrames()) {
        throw RecordingException.of(
            meta.timestampsFile(),
            "time " + t,
            "frame " + frame + " of " + timestamps.length() + " timestamps",
            "one of the " + trials.totalFrames() + " frames that the trials have",
            "the clock is longer than the trials: ask for earlier times, or repair the recording");
      }
      if (indices != null) {
        indices[n] = i;
      }
      frames[n++] = frame;
    }
    return n;
  }

  int trialOf(int frame) {
    return trials.trialOfFrame(frame);
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

  @Override
  public void close() {
    arena.close();
    files.close();
  }
}
