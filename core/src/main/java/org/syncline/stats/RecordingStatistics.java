/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.stats;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.syncline.ChunkDataset;
import org.syncline.DefaultConfigs;
import org.syncline.Registry;
import org.syncline.array.ElementType;
import org.syncline.config.DatasetConfig;
import org.syncline.config.InterpolationConfig;
import org.syncline.config.ModalityConfig;
import org.syncline.config.TrialCondition;
import org.syncline.device.Interpolator;
import org.syncline.device.Layout;
import org.syncline.device.Sampler;
import org.syncline.device.StoredRows;
import org.syncline.device.Trials;
import org.syncline.device.support.Answers;
import org.syncline.device.support.ColumnMoments;
import org.syncline.device.support.Findings;
import org.syncline.error.RecordingException;
import org.syncline.error.SynclineException;
import org.syncline.file.WriteFaults;
import org.syncline.format.DeviceFolders;
import org.syncline.format.Fields;
import org.syncline.format.Statistics;
import org.syncline.format.checksum.Checksums;
import org.syncline.format.writing.DeviceFiles;
import org.syncline.format.writing.PendingRecording;
import org.syncline.interval.TimeInterval;
import org.syncline.interval.algebra.Intervals;
import org.syncline.text.Printable;

/**
 * Computes statistics of a recording's stored samples: of each signal of a sequence, and of each
 * channel or pixel of a screen, whose image and video trials count once each as chunks have their
 * frames, resized but not normalised.
 *
 * <pre>{@code
 * Map<String, DeviceStatistics> found =
 *     RecordingStatistics.of(recording)
 *         .condition(List.of(TrialCondition.of("tier", "train")))
 *         .compute();
 * RecordingStatistics.write(recording, found, false);
 * }</pre>
 *
 * <p>Means and deviations of whole sequences have the bits of those that a configuration's {@code
 * recompute_…} computes. Results do not depend on the number of threads. Data are read in blocks,
 * twice: memory does not grow with the recording. An object is for one thread.
 */
public final class RecordingStatistics {
  /** Bytes of the frames that are read at a time. */
  private static final long FRAME_BYTES = 16 << 20;

  /** Columns whose quantiles a task sketches at a time. */
  private static final int SKETCHED_COLUMNS = 128;

  /** Fewest columns of a task: those of a cache line. */
  private static final int LINE_COLUMNS = 16;

  private final Path root;
  private final Set<String> only = new LinkedHashSet<>();
  private DatasetConfig config;
  private List<TrialCondition> conditions;
  private boolean filters;
  private boolean momentsOnly;
  private @Nullable Boolean quantiles;
  private boolean perPixel;
  private int threads = Runtime.getRuntime().availableProcessors();
  private Progress progress = (done, expected) -> {};
  private long done;
  private long expected;

  /** Is told how far the work is. */
  public interface Progress {
    /**
     * Is called after each piece of work, by one thread at a time.
     *
     * @param bytes read so far
     * @param all about how many there will be
     */
    void at(long bytes, long all);
  }

  private RecordingStatistics(Path root) {
    this.root = root;
  }

  /** Describes statistics of a recording. */
  public static RecordingStatistics of(Path recording) {
    Objects.requireNonNull(recording, "recording is null");
    return new RecordingStatistics(recording);
  }

  /** Returns the recording. */
  @Override
  public String toString() {
    return "RecordingStatistics(" + Printable.message(root.toString()) + ")";
  }

  /** Takes these devices alone; without it all that have stored samples. */
  public RecordingStatistics devices(String... names) {
    Objects.requireNonNull(names, "names is null");
    only.addAll(List.of(names));
    return this;
  }

  /**
   * Says with which configuration conditions and filters are looked at, of which one is then asked
   * for; else a default one.
   */
  public RecordingStatistics config(DatasetConfig chosen) {
    Objects.requireNonNull(chosen, "chosen is null");
    config = chosen;
    return this;
  }

  /** Takes the samples alone that lie in trials which satisfy one of some conditions. */
  public RecordingStatistics condition(List<TrialCondition> any) {
    Objects.requireNonNull(any, "any is null");
    conditions = List.copyOf(any);
    return this;
  }

  /** Chooses whether the samples alone count that the configuration's filters leave; default no. */
  public RecordingStatistics filters(boolean heeded) {
    filters = heeded;
    return this;
  }

  /** Chooses to compute no extremes and quantiles, which take longer than the rest; default no. */
  public RecordingStatistics momentsOnly(boolean alone) {
    momentsOnly = alone;
    return this;
  }

  /**
   * Chooses whether quantiles are computed, which take longest; default yes, but beside {@link
   * #momentsOnly}.
   */
  public RecordingStatistics quantiles(boolean wanted) {
    quantiles = wanted;
    return this;
  }

  /**
   * Chooses statistics of each pixel of a screen, without quantiles, not of each channel; of
   * devices among which no screen is, a warning.
   */
  public RecordingStatistics perPixel(boolean wanted) {
    perPixel = wanted;
    return this;
  }

  /**
   * Chooses how many threads read; default as many as there are processors.
   *
   * @throws IllegalArgumentException for less than 1
   */
  public RecordingStatistics threads(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("threads is " + count + ", expected 1 or more");
    }
    threads = count;
    return this;
  }

  /** Sets who is told how far the work is. */
  public RecordingStatistics progress(Progress listener) {
    Objects.requireNonNull(listener, "listener is null");
    progress = listener;
    return this;
  }

  /**
   * Computes the statistics.
   *
   * @return by device, in the order of their names
   * @throws RecordingException where the recording or a device is missing or broken, a device that
   *     was named has no stored samples, and where none has
   * @throws org.syncline.error.ConfigException where conditions or filters do not fit the recording
   * @throws IllegalArgumentException where something was chosen that changes nothing beside another
   *     choice
   */
  public Map<String, DeviceStatistics> compute() {
    if (momentsOnly && Boolean.TRUE.equals(quantiles)) {
      throw new IllegalArgumentException(
          "quantiles(true) and momentsOnly(true): found both, expected one of them");
    }
    if (config != null && conditions == null && !filters) {
      throw new IllegalArgumentException(
          "config: has no effect alone, expected a condition or filters(true) beside it");
    }
    if (!Files.isDirectory(root)) {
      throw RecordingException.of(
          root,
          null,
          Files.exists(root) ? "a file" : "nothing",
          "a folder with one sub-folder a device",
          null);
    }
    List<TimeInterval> within = within();
    Map<String, Interpolator> devices = new LinkedHashMap<>();
    ExecutorService pool =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("syncline-stats-", 0).factory());
    try {
      open(devices);
      if (perPixel && devices.values().stream().allMatch(d -> d.storedRows().isPresent())) {
        Findings.warn(
            root,
            "statistics of each pixel are asked for, which none of "
                + String.join(", ", devices.keySet())
                + " has");
      }
      Map<String, Work> all = new LinkedHashMap<>();
      devices.forEach((name, device) -> all.put(name, work(device, within)));
      all.values().forEach(work -> expected += work.bytes());
      Map<String, DeviceStatistics> results = new LinkedHashMap<>();
      for (Map.Entry<String, Work> work : all.entrySet()) {
        results.put(work.getKey(), work.getValue().run(pool));
      }
      return results;
    } finally {
      pool.shutdownNow();
      devices.values().forEach(Interpolator::close);
    }
  }

  private void open(Map<String, Interpolator> devices) {
    Set<String> wanted = new TreeSet<>();
    Set<String> there = new TreeSet<>();
    try {
      DeviceFolders.of(root).forEach(folder -> there.add(folder.getFileName().toString()));
    } catch (IOException e) {
      throw Fields.unreadable(root, e);
    }
    wanted.addAll(only.isEmpty() ? there : only);
    for (String name : wanted) {
      if (!there.contains(name)) {
        throw RecordingException.of(
            root, "device '" + name + "'", "no such device", "one of " + there, null);
      }
      Path folder = root.resolve(name);
      boolean rescale =
          InterpolationConfig.isRead("rescale", Registry.services().read(folder).modality());
      ModalityConfig modality =
          ModalityConfig.builder()
              .interpolation(InterpolationConfig.builder().rescale(rescale).build())
              .build();
      Interpolator device = Registry.services().open(folder, modality, false);
      boolean usable =
          device.storedRows().isPresent()
              || device.layout() == Layout.FRAMES && device.trials().isPresent();
      if (usable) {
        devices.put(name, device);
        continue;
      }
      device.close();
      if (!only.isEmpty()) {
        throw RecordingException.of(
            root.resolve(name),
            null,
            "a device without stored samples",
            "a sequence or a screen",
            "leave it out");
      }
    }
    if (devices.isEmpty()) {
      throw RecordingException.of(
          root, null, "no device with stored samples", "a sequence or a screen", null);
    }
  }

  private boolean wantsQuantiles() {
    return quantiles == null || quantiles;
  }

  /** Returns the times that count, or null for all. */
  private @Nullable List<TimeInterval> within() {
    if (conditions == null && !filters) {
      return null;
    }
    DatasetConfig chosen = config == null ? DefaultConfigs.forRecording(root) : config;
    if (!filters) {
      // they read whole devices, and warn of what is theirs
      Map<String, ModalityConfig> without = new LinkedHashMap<>();
      chosen
          .modalities()
          .forEach((name, each) -> without.put(name, each.toBuilder().filters(List.of()).build()));
      chosen = chosen.toBuilder().modalities(without).build();
    }
    try (ChunkDataset dataset = ChunkDataset.open(root, chosen)) {
      List<TimeInterval> valid =
          filters
              ? dataset.validIntervalsFromFilters()
              : List.of(new TimeInterval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY));
      if (conditions == null) {
        return valid;
      }
      List<TimeInterval> trials = new ArrayList<>();
      double[] starts = dataset.trialStarts();
      double[] ends = dataset.trialEnds();
      if (starts.length == 0) {
        throw RecordingException.of(
            root,
            "condition " + conditions,
            "no trials: " + dataset.lead() + ", which leads the configuration, has none",
            "a screen that leads it",
            "name one in the configuration, or ask for all samples");
      }
      boolean[] matching = dataset.conditionMask(conditions);
      for (int k = 0; k < starts.length; k++) {
        if (matching[k]) {
          trials.add(new TimeInterval(starts[k], ends[k]));
        }
      }
      if (trials.isEmpty()) {
        throw RecordingException.of(
            root,
            "condition " + conditions,
            "no trial that satisfies it",
            "at least one",
            "look at the metadata of the trials");
      }
      return Intervals.intersection(Intervals.unique(trials), Intervals.unique(valid));
    }
  }

  /** Statistics of one device that are to be computed. */
  private interface Work {
    long bytes();

    DeviceStatistics run(ExecutorService pool);
  }

  private Work work(Interpolator device, List<TimeInterval> within) {
    return device.storedRows().isPresent()
        ? new RowWork(device.storedRows().get(), within)
        : new FrameWork(device, within);
  }

  private synchronized void tell(long bytes) {
    done += bytes;
    progress.at(done, expected);
  }

  private static <T> List<T> all(ExecutorService pool, List<Callable<T>> tasks) {
    List<Future<T>> futures = new ArrayList<>();
    tasks.forEach(task -> futures.add(pool.submit(task)));
    List<T> results = new ArrayList<>();
    try {
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SynclineException("interrupted while statistics were computed", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException runtime) {
        throw runtime;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      futures.forEach(future -> future.cancel(true));
    }
  }

  /** Rows of signals: each task takes some columns. */
  private final class RowWork implements Work {
    private final StoredRows rows;
    private final long[][] ranges;
    private final long count;

    RowWork(StoredRows rows, List<TimeInterval> within) {
      this.rows = rows;
      List<long[]> found = new ArrayList<>();
      if (within == null) {
        found.add(new long[] {0, rows.rows()});
      } else {
        for (TimeInterval interval : within) {
          long from = rows.firstNotBelow(interval.start());
          long to = rows.firstNotBelow(interval.end());
          if (to > from) {
            found.add(new long[] {from, to});
          }
        }
      }
      ranges = found.toArray(long[][]::new);
      count = found.stream().mapToLong(r -> r[1] - r[0]).sum();
    }

    private long bytes(long rowsRead, int columns) {
      return rowsRead * columns * rows.type().bytes();
    }

    @Override
    public long bytes() {
      int n = rows.columns();
      return 2 * bytes(count, n) + (sketched() ? bytes(RowSample.taken(count), n) : 0);
    }

    private boolean sketched() {
      return !momentsOnly && wantsQuantiles();
    }

    @Override
    public DeviceStatistics run(ExecutorService pool) {
      int n = rows.columns();
      int parts = Math.max(1, Math.min(threads, n / LINE_COLUMNS));
      int each = Math.ceilDiv(Math.max(1, n), parts);
      each = Math.ceilDiv(each, LINE_COLUMNS) * LINE_COLUMNS;
      List<Callable<DeviceStatistics>> tasks = new ArrayList<>();
      for (int from = 0; from < n; from += each) {
        int first = from;
        int columns = Math.min(each, n - from);
        tasks.add(() -> some(first, columns));
      }
      DeviceStatistics found = sideBySide(all(pool, tasks), n);
      return sketched() ? found.with(sketches(pool, found)) : found;
    }

    private void read(int column, int columns, StoredRows.Block block) {
      for (long[] range : ranges) {
        rows.read(range[0], range[1] - range[0], column, columns, block);
      }
    }

    private DeviceStatistics some(int first, int columns) {
      try (Arena scratch = Arena.ofConfined()) {
        ColumnMoments moments = new ColumnMoments(rows.type(), columns, scratch);
        Spread spread =
            momentsOnly ? null : new Spread(rows.type(), columns, scratch, null, new int[0]);
        read(
            first,
            columns,
            (memory, offset, n, rowBytes) -> {
              if (spread == null) {
                moments.add(memory, offset, n, rowBytes);
              } else {
                spread.add(moments, memory, offset, n, rowBytes);
              }
            });
        tell(bytes(count, columns));
        moments.endSums();
        read(first, columns, moments::addSquares);
        tell(bytes(count, columns));
        return result("signal", new long[] {columns}, count, moments, spread, null);
      }
    }

    private QuantileSketch[] sketches(ExecutorService pool, DeviceStatistics found) {
      int n = rows.columns();
      QuantileSketch[] sketches = new QuantileSketch[n];
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int from = 0; from < n; from += SKETCHED_COLUMNS) {
        int first = from;
        int columns = Math.min(SKETCHED_COLUMNS, n - from);
        tasks.add(
            () -> {
              sketch(first, columns, found, sketches);
              return null;
            });
      }
      all(pool, tasks);
      return sketches;
    }

    private void sketch(int first, int columns, DeviceStatistics found, QuantileSketch[] to) {
      if (rows.type().bytes() == 1) {
        QuantileSketch[] own = new QuantileSketch[columns];
        int[] each = new int[columns];
        Arrays.setAll(own, i -> new QuantileSketch());
        Arrays.setAll(each, i -> i);
        try (Arena scratch = Arena.ofConfined()) {
          Spread spread = new Spread(rows.type(), columns, scratch, own, each);
          read(first, columns, spread::add);
        }
        System.arraycopy(own, 0, to, first, columns);
      } else {
        RowSample sample = new RowSample(rows.type(), columns, count);
        read(first, columns, sample::add);
        for (int i = 0; i < columns; i++) {
          to[first + i] = sample.sketch(i, found.counts[first + i], found.means[first + i]);
        }
      }
      tell(bytes(RowSample.taken(count), columns));
    }
  }

  private static DeviceStatistics result(
      String unit,
      long[] shape,
      long samples,
      ColumnMoments moments,
      Spread spread,
      QuantileSketch[] sketches) {
    double[] means = moments.means();
    long[] counts = new long[means.length];
    long[] missing = new long[means.length];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = moments.count(i);
      missing[i] = samples - counts[i];
    }
    return new DeviceStatistics(
        unit,
        shape,
        counts,
        missing,
        means,
        moments.squares(),
        spread == null ? null : spread.least(),
        spread == null ? null : spread.most(),
        sketches);
  }

  private static DeviceStatistics sideBySide(List<DeviceStatistics> parts, int n) {
    long[] counts = new long[n];
    long[] missing = new long[n];
    double[] means = new double[n];
    double[] squares = new double[n];
    boolean extremes = !parts.isEmpty() && parts.getFirst().least != null;
    double[] least = extremes ? new double[n] : null;
    double[] most = extremes ? new double[n] : null;
    int at = 0;
    for (DeviceStatistics part : parts) {
      int length = part.size();
      System.arraycopy(part.counts, 0, counts, at, length);
      System.arraycopy(part.missing, 0, missing, at, length);
      System.arraycopy(part.means, 0, means, at, length);
      System.arraycopy(part.squares, 0, squares, at, length);
      if (extremes) {
        System.arraycopy(part.least, 0, least, at, length);
        System.arraycopy(part.most, 0, most, at, length);
      }
      at += length;
    }
    return new DeviceStatistics(
        "signal", new long[] {n}, counts, missing, means, squares, least, most, null);
  }

  /** Frames: each task takes some, and what they find is joined in their order. */
  private final class FrameWork implements Work {
    private final Sampler sampler;
    private final int channels;
    private final long height;
    private final long width;
    private final double[] times;
    private final int batch;

    FrameWork(Interpolator screen, List<TimeInterval> within) {
      sampler = screen.sampler();
      long[] shape = sampler.shape(1);
      channels = Math.toIntExact(shape[0]);
      height = shape[2];
      width = shape[3];
      times = times(screen, within);
      long bytes = ElementType.FLOAT32.bytes() * channels * height * width;
      batch = (int) Math.max(1, Math.min(256, FRAME_BYTES / Math.max(1, bytes)));
    }

    private static int frames(Trials trials, int k, Map<String, Object> trial, String key) {
      if (trial.get(key) instanceof Number n) {
        return n.intValue();
      }
      throw Answers.wrong(
          trials, "describe(" + k + ")", key + " " + trial.get(key), "a number of frames");
    }

    /** Returns the times of the frames of images and videos. */
    private double[] times(Interpolator screen, List<TimeInterval> within) {
      double[] stored =
          screen
              .storedTimes(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY)
              .orElse(new double[0]);
      Trials trials = screen.trials().orElseThrow();
      double[] found = new double[stored.length];
      int n = 0;
      for (int k = 0; k < trials.count(); k++) {
        Map<String, Object> trial = trials.describe(k);
        if (!"image".equals(trial.get("modality")) && !"video".equals(trial.get("modality"))) {
          continue;
        }
        int first = frames(trials, k, trial, "first_frame_idx");
        int count = frames(trials, k, trial, "num_frames");
        for (int i = first; i < Math.min(stored.length, first + count); i++) {
          double t = stored[i];
          // of frames at one time the screen shows the last
          boolean later = n == 0 || t > found[n - 1];
          if (later && (within == null || contains(within, t))) {
            found[n++] = t;
          }
        }
      }
      return Arrays.copyOf(found, n);
    }

    private static boolean contains(List<TimeInterval> within, double t) {
      int low = 0;
      int high = within.size();
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (within.get(middle).end() <= t) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low < within.size() && within.get(low).start() <= t;
    }

    private long frameBytes() {
      return ElementType.FLOAT32.bytes() * channels * height * width;
    }

    @Override
    public long bytes() {
      return times.length * frameBytes();
    }

    private record Part(DeviceStatistics pixels, QuantileSketch[] sketches) {}

    @Override
    public DeviceStatistics run(ExecutorService pool) {
      boolean sketched = !momentsOnly && wantsQuantiles() && !perPixel;
      QuantileSketch[] sketches = sketches(sketched);
      DeviceStatistics.Joined joined = new DeviceStatistics.Joined(read(0, 0).pixels());
      int wave = batch * threads;
      for (int from = 0; from < times.length; from += wave) {
        List<Callable<Part>> tasks = new ArrayList<>();
        for (int first = from; first < Math.min(times.length, from + wave); first += batch) {
          int begin = first;
          tasks.add(() -> read(begin, Math.min(batch, times.length - begin)));
        }
        for (Part part : all(pool, tasks)) {
          joined.add(part.pixels());
          for (int c = 0; sketched && c < channels; c++) {
            sketches[c].add(part.sketches()[c]);
          }
        }
      }
      DeviceStatistics pixels = joined.result();
      return perPixel ? pixels : pixels.byChannel(channels, sketches);
    }

    private QuantileSketch[] sketches(boolean wanted) {
      if (!wanted) {
        return null;
      }
      QuantileSketch[] sketches = new QuantileSketch[channels];
      Arrays.setAll(sketches, c -> new QuantileSketch());
      return sketches;
    }

    /** Reads frames, which come channel by channel; pixels are returned with channels last. */
    private Part read(int first, int count) {
      int plane = Math.toIntExact(height * width);
      QuantileSketch[] sketches = sketches(!momentsOnly && wantsQuantiles() && !perPixel);
      int n = plane * channels;
      long[] counts = new long[n];
      long[] missing = new long[n];
      double[] means = new double[n];
      double[] squares = new double[n];
      double[] least = momentsOnly ? null : new double[n];
      double[] most = momentsOnly ? null : new double[n];
      try (Arena scratch = Arena.ofConfined();
          Sampler.Cursor cursor = Answers.cursor(sampler, Math.max(1, count))) {
        MemorySegment frames = scratch.allocate(Math.max(4, count * frameBytes()), 64);
        double[] wanted = Arrays.copyOfRange(times, first, first + count);
        if (count > 0 && Answers.read(cursor, wanted, count, frames, 0) != count) {
          throw new IllegalStateException("a frame that is stored has no value at its time");
        }
        long rowBytes = 4L * plane;
        for (int c = 0; c < channels; c++) {
          int[] own = new int[plane];
          Arrays.fill(own, c);
          Spread spread =
              momentsOnly ? null : new Spread(ElementType.FLOAT32, plane, scratch, sketches, own);
          ColumnMoments moments = new ColumnMoments(ElementType.FLOAT32, plane, scratch);
          long offset = c * count * rowBytes;
          moments.add(frames, offset, count, rowBytes);
          moments.endSums();
          moments.addSquares(frames, offset, count, rowBytes);
          if (spread != null) {
            spread.add(frames, offset, count, rowBytes);
          }
          DeviceStatistics one =
              result("pixel", new long[] {height, width}, count, moments, spread, null);
          for (int i = 0; i < plane; i++) {
            int to = i * channels + c;
            counts[to] = one.counts[i];
            missing[to] = one.missing[i];
            means[to] = one.means[i];
            squares[to] = one.squares[i];
            if (spread != null) {
              least[to] = one.least[i];
              most[to] = one.most[i];
            }
          }
        }
      }
      if (sketches != null) {
        Arrays.stream(sketches).forEach(QuantileSketch::end);
      }
      tell(count * frameBytes());
      long[] shape =
          channels == 1 ? new long[] {height, width} : new long[] {height, width, channels};
      return new Part(
          new DeviceStatistics("pixel", shape, counts, missing, means, squares, least, most, null),
          sketches);
    }
  }

  /**
   * Joins statistics of several recordings by name of device: of all samples together. Devices that
   * several have need the same signals there, as many and with the same {@code unit_ids}.
   *
   * @param recordings the statistics of each recording, in the order in which rounding happens
   * @param warnings is told of devices that some recordings lack, a sentence each
   * @throws RecordingException where signals differ, or one recording comes twice, by whatever name
   */
  public static Map<String, DeviceStatistics> pool(
      Map<Path, Map<String, DeviceStatistics>> recordings, Consumer<String> warnings) {
    Objects.requireNonNull(recordings, "recordings is null");
    Objects.requireNonNull(warnings, "warnings is null");
    return Pooling.join(recordings, warnings);
  }

  /**
   * Writes {@code meta/means.npy} and {@code meta/stds.npy} of each device, where configurations
   * look for them: each file under a temporary name first, so that no reader sees a part of it. A
   * recording's list of checksums gets theirs.
   *
   * @param replace whether files that are there are replaced
   * @throws RecordingException where one is there that is not to be replaced; nothing is written
   *     then
   * @throws UncheckedIOException where one cannot be written
   */
  public static void write(
      Path recording, Map<String, DeviceStatistics> statistics, boolean replace) {
    Objects.requireNonNull(recording, "recording is null");
    for (String device : statistics.keySet()) {
      for (String name : List.of("means", "stds")) {
        Path file = Statistics.file(recording.resolve(device), name);
        if (Files.exists(file) && !replace) {
          throw RecordingException.of(
              file, null, "a file that is there already", "none", PendingRecording.REPLACE);
        }
      }
    }
    statistics.forEach(
        (device, found) -> {
          Path folder = recording.resolve(device);
          try {
            DeviceFiles.values(folder, "means", found.means(), found.shape());
            DeviceFiles.values(folder, "stds", found.stds(), found.shape());
          } catch (IOException e) {
            throw WriteFaults.of("statistics of " + folder, e);
          }
        });
    List<Path> written = new ArrayList<>();
    for (String device : statistics.keySet()) {
      written.add(Statistics.file(recording.resolve(device), "means"));
      written.add(Statistics.file(recording.resolve(device), "stds"));
    }
    try {
      Checksums.update(recording, written);
    } catch (IOException e) {
      throw WriteFaults.of(recording.resolve(Checksums.NAME), e);
    }
  }
}
