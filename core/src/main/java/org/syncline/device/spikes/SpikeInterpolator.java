/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.spikes;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.config.InterpolationConfig;
import org.syncline.config.ModalityConfig;
import org.syncline.device.Columns;
import org.syncline.device.Finish;
import org.syncline.device.Interpolation;
import org.syncline.device.Interpolator;
import org.syncline.device.MetaFile;
import org.syncline.device.Problems;
import org.syncline.device.Sampler;
import org.syncline.device.support.CoarseTimes;
import org.syncline.device.support.FileChecks;
import org.syncline.device.support.Findings;
import org.syncline.device.support.MatrixFinish;
import org.syncline.device.support.NanRule;
import org.syncline.device.support.Scratch;
import org.syncline.device.support.Shown;
import org.syncline.device.support.StoredType;
import org.syncline.device.support.StoredZeros;
import org.syncline.device.support.ValidTimes;
import org.syncline.device.support.WindowLength;
import org.syncline.error.ClosedException;
import org.syncline.error.RecordingException;
import org.syncline.file.RegularFiles;
import org.syncline.format.DiskCache;
import org.syncline.format.Fields;
import org.syncline.interval.TimeInterval;
import org.syncline.kernel.SmoothPass;
import org.syncline.kernel.SpikeCountPass;
import org.syncline.kernel.SpikeRanges;
import org.syncline.kernel.SpikeSearchPass;
import org.syncline.kernel.SpikeWindows;
import org.syncline.storage.ArrayFiles;
import org.syncline.storage.DataArena;
import org.syncline.storage.Dtype;
import org.syncline.storage.FileWatch;
import org.syncline.storage.RowArray;
import org.syncline.storage.SharedArena;
import org.syncline.storage.ValueHash;

/**
 * Counts the spikes of each unit in a window of w seconds at the times asked for: {@code [t-w/2,
 * t+w/2)} for {@code center}, {@code [t, t+w)} for {@code left}, {@code [t-w, t)} for {@code
 * right}.
 *
 * <p>Values are float64 (T, units). With a smoothing sigma (in time steps) they are smoothed along
 * time by a Gaussian of radius {@code floor(4 sigma + 0.5)}, edges mirrored, where there is more
 * than one time. A time outside the valid interval, NaN among them, has no value.
 *
 * <p>Spike times are mapped where they are stored as float64 in native byte order; any other type
 * is read into memory as float64. Spikes must ascend inside each unit; a file where they do not is
 * read into memory and sorted, with a warning.
 *
 * <p>Immutable and safe for use by several threads; {@link #close} may race with uses, which then
 * raise ClosedException. It owns the map and the copies.
 */
public final class SpikeInterpolator implements Interpolator {
  /** Spikes from which checking their order takes long enough to remember the outcome. */
  private static final long REMEMBER_SPIKES = 1 << 20;

  /** Times in no order from which on sorting them costs less than searching for each. */
  private static final int SORTED_WINDOWS = 16;

  private static final String ORDER_NAMESPACE = "spike-order-1";

  private final SpikesMeta meta;
  private final DataArena arena;
  private final TimeInterval valid;
  private final double window;
  private final InterpolationConfig.Align align;

  private final SpikeSearchPass search;
  private final SpikeCountPass countPass;

  /** A radius of so many times the rows is folded into one of as many as there are rows. */
  private static final int FOLDED_RADIUS = 4;

  /** Smooths by a Gaussian, or null for none. */
  private final SmoothPass smoothing;

  private final RowArray data;
  private final MemorySegment spikes;
  private final Columns columns;
  private final int units;

  /** Where the spikes of each selected unit are. */
  private final SpikeRanges all;

  private SpikeInterpolator(
      SpikesMeta meta, ModalityConfig config, boolean cache, DataArena arena) {
    InterpolationConfig options = config.interpolation();
    this.meta = meta;
    this.arena = arena;
    this.valid = new TimeInterval(meta.startTime(), meta.endTime());
    this.align = options.align();
    this.window = options.window();
    WindowLength.check(
        meta.folder(), "interpolation_window", window, meta.startTime(), meta.endTime());
    double sigma = options.smoothingSigma();
    if (sigma > 0 && radius(sigma) == 0) {
      Findings.warn(
          meta.folder(),
          "interpolation.smoothing_sigma",
          sigma + " time steps, a filter of one point that changes nothing",
          "0, or at least 0.125",
          "it counts steps of the device's sampling_rate, not seconds");
    }
    checkIndices(meta);
    FileChecks.unread(
        meta.folder().resolve(meta.memMapped() ? "spikes.npy" : "spikes.mem"), meta.dataFile());
    this.columns = Columns.selected(meta.folder(), config, meta.units(), "units");
    this.units = columns.count();
    this.data = openData(meta, cache, arena);
    this.spikes = data.segment();
    Problems found = new Problems();
    SpikeTimes.check(meta, data, found);
    SpikeTimes.checkUnits(meta, data, found);
    SpikeTimes.checkNoise(meta, columns, found);
    Findings.say(found);
    this.search = SpikeSearchPass.of(units);
    this.countPass = SpikeCountPass.of(units);
    this.smoothing = sigma > 0 ? SmoothPass.of(gaussian(sigma, arena.arena()), units) : null;
    this.all =
        new SpikeRanges(
            arena.arena().allocate(Math.max(8, 8L * units), 64),
            arena.arena().allocate(Math.max(8, 8L * units), 64));
    for (int u = 0; u < units; u++) {
      int stored = columns.column(u);
      all.firsts().setAtIndex(JAVA_LONG, u, meta.spikeIndices()[stored]);
      all.ends().setAtIndex(JAVA_LONG, u, meta.spikeIndices()[stored + 1]);
    }
  }

  /**
   * Opens the spikes in a folder.
   *
   * @throws RecordingException for another kind of device, and as of {@link #open(SpikesMeta,
   *     ModalityConfig, boolean)}
   */
  public static SpikeInterpolator open(Path folder, ModalityConfig config, boolean cache) {
    MetaFile file = MetaFile.read(folder);
    file.expectModality(SpikesModality.NAME);
    return open(SpikesModality.meta(file), config, cache);
  }

  /**
   * Opens spikes: spikes.npy or spikes.mem.
   *
   * @param config window, alignment, smoothing and selected units
   * @param cache whether the spike times are read into memory once
   * @throws RecordingException where a file is missing or wrong: offsets that descend or do not end
   *     at the number of spikes, a file that is too short
   * @throws org.syncline.error.ConfigException where an option is wrong
   */
  public static SpikeInterpolator open(SpikesMeta meta, ModalityConfig config, boolean cache) {
    DataArena arena = new DataArena("SpikeInterpolator " + meta.folder());
    boolean opened = false;
    try {
      SpikeInterpolator result = new SpikeInterpolator(meta, config, cache, arena);
      opened = true;
      return result;
    } finally {
      if (!opened) {
        arena.close();
      }
    }
  }

  private static int radius(double sigma) {
    return (int) (4 * sigma + 0.5);
  }

  /** Returns the weights of a Gaussian at distance 0 and on. */
  private static MemorySegment gaussian(double sigma, Arena arena) {
    int radius = radius(sigma);
    MemorySegment weights = arena.allocate(8L * (radius + 1), 64);
    double total = 0;
    for (int k = radius; k > 0; k--) {
      total += 2 * Math.exp(-0.5 / (sigma * sigma) * ((double) k * k));
    }
    total += 1;
    for (int k = 0; k <= radius; k++) {
      weights.setAtIndex(
          JAVA_DOUBLE, k, Math.exp(-0.5 / (sigma * sigma) * ((double) k * k)) / total);
    }
    return weights;
  }

  private static void checkIndices(SpikesMeta meta) {
    Path file = meta.folder().resolve("meta.yml");
    long[] indices = meta.spikeIndices();
    if (indices.length == 0) {
      throw RecordingException.of(
          file,
          "spike_indices",
          "no offset",
          "n + 1 offsets for n units, [0] where there is none",
          null);
    }
    if (indices[0] != 0) {
      throw RecordingException.of(file, "spike_indices[0]", String.valueOf(indices[0]), "0", null);
    }
    for (int i = 1; i < indices.length; i++) {
      if (indices[i] < indices[i - 1]) {
        throw RecordingException.of(
            file,
            "spike_indices[" + i + "]",
            indices[i] + " after " + indices[i - 1],
            "offsets that do not descend",
            null);
      }
    }
  }

  private static RowArray openData(SpikesMeta meta, boolean cache, DataArena arena) {
    Path file = meta.dataFile();
    Path metaFile = meta.folder().resolve("meta.yml");
    long count = meta.spikeIndices()[meta.spikeIndices().length - 1];
    // taken before anything is read: a file that changes meanwhile is checked again next time
    List<Path> files = List.of(metaFile, file);
    DiskCache disk = DiskCache.system();
    String identity = count < REMEMBER_SPIKES ? null : disk.identity(ORDER_NAMESPACE, files);
    RowArray stored;
    if (meta.memMapped()) {
      stored =
          ArrayFiles.openRaw(
              file, Dtype.parse(meta.dtype(), metaFile, "dtype"), count, 1, arena.arena());
      Problems found = new Problems();
      if (!StoredType.isWider(file, count, stored.type(), meta.dtype(), found)) {
        checkLength(meta, stored);
        StoredType.check(stored, meta.dtype(), metaFile, found);
      }
      Findings.say(found);
    } else {
      stored = ArrayFiles.openNpy(file, arena.arena());
      if (stored.columns() != 1 && stored.rows() != 0) {
        throw RecordingException.of(
            file,
            "shape",
            "(" + stored.rows() + ", " + stored.columns() + ")",
            "one axis: the spike times",
            null);
      }
      if (stored.rows() != count) {
        throw wrongCount(meta, stored.rows());
      }
    }
    coarse(meta, stored, count);
    Problems zeros = new Problems();
    StoredZeros.atEnd(stored, zeros);
    Findings.say(zeros);
    boolean mapped = stored.isDirect() && stored.type() == ElementType.FLOAT64;
    RowArray data = mapped && !cache ? stored : stored.cached(ElementType.FLOAT64, arena.arena());
    if (!ascending(data, meta, disk, identity, files)) {
      data = mapped && !cache ? stored.cached(ElementType.FLOAT64, arena.arena()) : data;
      sort(data.segment(), meta.spikeIndices());
    }
    if (data.isMapped()) {
      FileWatch.add(file, arena.arena());
    }
    return data;
  }

  /** Says that the type of stored times is too coarse for them. */
  private static void coarse(SpikesMeta meta, RowArray stored, long count) {
    double largest = 0;
    if (stored.type() != ElementType.FLOAT64) {
      for (int u = 0; u < meta.units(); u++) {
        long end = meta.spikeIndices()[u + 1];
        if (end > meta.spikeIndices()[u]) {
          double t = Math.abs(RowArray.value(stored.type(), stored.bits(end - 1, 0)));
          largest = Double.isFinite(t) ? Math.max(largest, t) : largest;
        }
      }
    }
    Problems found = new Problems();
    CoarseTimes.check(meta.dataFile(), stored.type(), largest, count, found);
    Findings.say(found);
  }

  /** Throws for a spikes.mem that has more times than meta.yml says. */
  private static void checkLength(SpikesMeta meta, RowArray stored) {
    long there;
    try {
      there = RegularFiles.size(meta.dataFile()) / stored.type().bytes();
    } catch (IOException e) {
      throw Fields.unreadable(meta.dataFile(), e);
    }
    if (there > stored.rows()) {
      throw wrongCount(meta, there);
    }
  }

  /** Returns what is wrong with a file of another length than meta.yml says. */
  static RecordingException wrongCount(SpikesMeta meta, long stored) {
    int last = meta.spikeIndices().length - 1;
    return RecordingException.of(
        meta.folder().resolve("meta.yml"),
        "spike_indices[" + last + "]",
        String.valueOf(meta.spikeIndices()[last]),
        stored + ", the number of spikes in " + meta.dataFile().getFileName(),
        "the file is incomplete, or its meta.yml belongs to another one");
  }

  private static boolean ascending(
      RowArray data, SpikesMeta meta, DiskCache disk, String identity, List<Path> files) {
    if (identity != null) {
      ByteBuffer known = disk.get(identity, ORDER_NAMESPACE, files);
      if (known != null && known.remaining() == 1 && known.get(0) == 1) {
        return true;
      }
    }
    int unit = firstUnsorted(data, meta.spikeIndices());
    if (unit >= 0) {
      Findings.warn(
          meta.dataFile(),
          "values",
          "times of unit " + unit + " that descend, or NaN",
          "ascending times in each unit",
          "they are sorted in memory: write them sorted");
    } else if (identity != null) {
      disk.put(identity, ORDER_NAMESPACE, files, ByteBuffer.wrap(new byte[] {1}));
    }
    return unit < 0;
  }

  private static int firstUnsorted(RowArray data, long[] indices) {
    MemorySegment spikes = data.segment();
    for (int u = 0; u + 1 < indices.length; u++) {
      data.guard(indices[u], indices[u + 1] - indices[u]);
      if (!ascends(spikes, 8 * indices[u], 8 * indices[u + 1])) {
        return u;
      }
    }
    return -1;
  }

  private static boolean ascends(MemorySegment spikes, long from, long to) {
    double last = Double.NEGATIVE_INFINITY;
    for (long at = from; at < to; at += 8) {
      double t = spikes.get(JAVA_DOUBLE_UNALIGNED, at);
      if (!(t >= last)) {
        return false;
      }
      last = t;
    }
    return true;
  }

  private static void sort(MemorySegment spikes, long[] indices) {
    for (int u = 0; u + 1 < indices.length; u++) {
      if (!ascends(spikes, 8 * indices[u], 8 * indices[u + 1])) {
        double[] times = new double[Math.toIntExact(indices[u + 1] - indices[u])];
        MemorySegment.copy(spikes, JAVA_DOUBLE_UNALIGNED, 8 * indices[u], times, 0, times.length);
        Arrays.sort(times);
        MemorySegment.copy(times, 0, spikes, JAVA_DOUBLE_UNALIGNED, 8 * indices[u], times.length);
      }
    }
  }

  @Override
  public double startTime() {
    return meta.startTime();
  }

  @Override
  public double endTime() {
    return meta.endTime();
  }

  @Override
  public TimeInterval validInterval() {
    return valid;
  }

  /** Returns the device's folder. */
  public Path folder() {
    return meta.folder();
  }

  /** Returns the number of (selected) units. */
  public int units() {
    return units;
  }

  /** Returns the number of stored units, selected or not. */
  public int storedUnits() {
    return meta.units();
  }

  @Override
  public Optional<Columns> columns() {
    return Optional.of(columns);
  }

  @Override
  public String valueHash() {
    arena.enter();
    try {
      long[] indices = meta.spikeIndices();
      return new ValueHash().add(data).add(indices.length, i -> indices[(int) i]).text();
    } finally {
      arena.exit();
    }
  }

  @Override
  public Map<String, Object> properties() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("modality", meta.modality());
    all.put("n_signals", meta.units());
    all.put("spikes_file", meta.dataFile().toString());
    return all;
  }

  @Override
  public Interpolation interpolate(double[] times) {
    arena.ensureOpen();
    int[] indices = valid.intersect(times);
    if (indices.length == 0) {
      ValidTimes.warnOfNone(meta.folder(), times.length, valid);
    }
    double[] asked = ValidTimes.select(times, indices);
    long[] shape = {asked.length, units};
    MemorySegment values = Arena.ofAuto().allocate(8 * Tensor.elements(shape), 64);
    MatrixFinish plain = new MatrixFinish(ElementType.FLOAT64, units, false, Finish.NONE, folder());
    try (SpikeCursor cursor = new SpikeSampler(plain).cursor(asked.length, Arena.ofConfined())) {
      cursor.read(asked, asked.length, values, 0);
    }
    return new Interpolation(new Tensor(ElementType.FLOAT64, shape, values), indices);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Counts, smooths, normalises in float64 and converts. Times may come in any order; ascending
   * ones are faster.
   *
   * @throws IllegalArgumentException for screen transforms, statistics of a wrong length, or an
   *     element type that is not floating
   */
  @Override
  public Optional<Sampler> fused(Finish finish) {
    return Optional.of(sampler(finish));
  }

  @Override
  public Sampler sampler() {
    return sampler(Finish.NONE);
  }

  /** Same as {@link #fused}. */
  public Sampler sampler(Finish finish) {
    arena.ensureOpen();
    return new SpikeSampler(new MatrixFinish(ElementType.FLOAT64, units, false, finish, folder()));
  }

  /** Returns folder, range and what is stored, also after close. */
  @Override
  public String toString() {
    return Shown.of(this, meta.folder(), units + (units == 1 ? " unit" : " units"));
  }

  @Override
  public void close() {
    arena.close();
  }

  final class SpikeSampler implements Sampler {
    private final MatrixFinish finish;

    SpikeSampler(MatrixFinish finish) {
      this.finish = finish;
    }

    @Override
    public ElementType type() {
      return finish.type();
    }

    @Override
    public long[] shape(int samples) {
      return new long[] {samples, units};
    }

    @Override
    public String toString() {
      return "SpikeSampler(" + SpikeInterpolator.this + ")";
    }

    @Override
    public Cursor cursor(int maxSamples) {
      arena.ensureOpen();
      if (maxSamples < 0) {
        throw new IllegalArgumentException("maxSamples " + maxSamples + ", expected 0 or more");
      }
      // shared: a reader may be opened by one thread and used by another
      return cursor(maxSamples, new SharedArena());
    }

    /** Opens a cursor that owns the arena given. */
    SpikeCursor cursor(int maxSamples, Arena scratch) {
      return Scratch.owned(scratch, a -> new SpikeCursor(maxSamples, finish, a));
    }
  }

  final class SpikeCursor implements Sampler.Cursor {
    private final int maxSamples;
    private final MatrixFinish finish;
    private final Arena scratch;
    private final MemorySegment lows;
    private final MemorySegment highs;
    private final SpikeRanges found;

    /** Rows in the order of the times. */
    private final SpikeWindows windows;

    // made when times first come in another order
    private SpikeWindows sortedWindows;
    private double[] sorted;
    private int[] order;
    private int[] merged;

    /**
     * Counts before smoothing or finishing, and smoothed counts before finishing; null where they
     * go straight out.
     */
    private final MemorySegment counts;

    private final MemorySegment smoothed;
    private SmoothPass folded;
    private int foldedRows;
    private double low;
    private double high;
    private final NanRule.Cursor nans;
    private boolean closed;

    SpikeCursor(int maxSamples, MatrixFinish finish, Arena scratch) {
      this.maxSamples = maxSamples;
      this.finish = finish;
      nans = finish.nans().cursor(scratch, folder(), folder(), NanRule.COLUMNS);
      this.scratch = scratch;
      long matrix = Math.max(8, 8L * maxSamples * units);
      lows = scratch.allocate(Math.max(8, 8L * maxSamples), 64);
      highs = scratch.allocate(Math.max(8, 8L * maxSamples), 64);
      found =
          new SpikeRanges(
              scratch.allocate(Math.max(8, 8L * units), 64),
              scratch.allocate(Math.max(8, 8L * units), 64));
      MemorySegment rows = scratch.allocate(Math.max(8, 8L * maxSamples), 64);
      for (int i = 0; i < maxSamples; i++) {
        rows.setAtIndex(JAVA_LONG, i, 8L * units * i);
      }
      windows = new SpikeWindows(lows, highs, rows);
      counts = smoothing != null || !finish.isPlain() ? scratch.allocate(matrix, 64) : null;
      smoothed = smoothing != null && !finish.isPlain() ? scratch.allocate(matrix, 64) : null;
    }

    @Override
    public int read(double[] times, int count, MemorySegment dst, long dstOffset) {
      ValidTimes.check(times, count, maxSamples);
      if (closed) {
        arena.ensureOpen();
        throw new ClosedException("cursor of " + folder());
      }
      int n = ValidTimes.count(valid, times, count);
      if (n < count || n == 0) {
        arena.ensureOpen();
        return n;
      }
      arena.enter();
      try {
        readAll(times, count, dst, dstOffset);
        data.settle();
      } catch (InternalError e) {
        throw data.unreadable(e);
      } finally {
        arena.exit();
        // kernels know it and statistics by their addresses alone: an automatic arena must not be
        // freed under them
        Reference.reachabilityFence(dst);
        Reference.reachabilityFence(this);
      }
      return n;
    }

    private void readAll(double[] times, int count, MemorySegment dst, long dstOffset) {
      boolean ascending = windows(times, count);
      search.run(spikes, all, low, high, found);
      for (int u = 0; u < units; u++) {
        long first = found.firsts().get(JAVA_LONG, 8L * u);
        data.guard(first, found.ends().get(JAVA_LONG, 8L * u) - first);
      }
      boolean sort = !ascending && count >= SORTED_WINDOWS;
      boolean smooth = smoothing != null && count > 1;
      boolean straight = finish.isPlain() && !smooth;
      MemorySegment raw = straight ? dst : counts;
      if (sort) {
        sortWindows(times, count);
      }
      countPass.run(
          spikes,
          found,
          sort ? sortedWindows : windows,
          count,
          ascending || sort,
          raw,
          straight ? dstOffset : 0);
      MemorySegment values = raw;
      if (smooth) {
        boolean last = finish.isPlain();
        values = last ? dst : smoothed;
        smoother(count).run(counts, 0, count, values, last ? dstOffset : 0);
      }
      if (!finish.isPlain()) {
        finish.write(values, count, dst, dstOffset);
        nans.apply(dst, dstOffset, 1, count, times);
      }
    }

    /** Returns what smooths so many rows: weights that reach far past them are folded first. */
    private SmoothPass smoother(int rows) {
      if (smoothing.radius() <= FOLDED_RADIUS * (long) rows) {
        return smoothing;
      }
      if (foldedRows != rows) {
        folded = smoothing.folded(rows, Arena.ofAuto());
        foldedRows = rows;
      }
      return folded;
    }

    /** Sorts the windows, so that they can be swept, and notes which row each belongs to. */
    private void sortWindows(double[] times, int count) {
      if (sorted == null) {
        sorted = new double[maxSamples];
        order = new int[maxSamples];
        merged = new int[maxSamples];
        sortedWindows = new SpikeWindows(lows, highs, scratch.allocate(8L * maxSamples, 64));
      }
      sortOrder(times, count);
      for (int i = 0; i < count; i++) {
        sorted[i] = times[order[i]];
        sortedWindows.rows().setAtIndex(JAVA_LONG, i, 8L * units * order[i]);
      }
      windows(sorted, count);
    }

    /** Sorts the numbers of the times by merging: sorted runs double in length each time. */
    private void sortOrder(double[] times, int count) {
      for (int i = 0; i < count; i++) {
        order[i] = i;
      }
      for (int run = 1; run < count; run *= 2) {
        for (int start = 0; start < count; start += 2 * run) {
          int middle = Math.min(start + run, count);
          int end = Math.min(start + 2 * run, count);
          int a = start;
          int b = middle;
          for (int k = start; k < end; k++) {
            boolean first = b == end || a < middle && times[order[a]] <= times[order[b]];
            merged[k] = order[first ? a++ : b++];
          }
        }
        int[] swap = order;
        order = merged;
        merged = swap;
      }
    }

    /** Writes the windows and their outermost ends; returns whether they ascend. */
    private boolean windows(double[] times, int count) {
      double before =
          align == InterpolationConfig.Align.CENTER
              ? window / 2
              : align == InterpolationConfig.Align.LEFT ? 0 : window;
      double after =
          align == InterpolationConfig.Align.CENTER
              ? window / 2
              : align == InterpolationConfig.Align.LEFT ? window : 0;
      boolean ascending = true;
      double last = Double.NEGATIVE_INFINITY;
      low = Double.POSITIVE_INFINITY;
      high = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < count; i++) {
        double t = times[i];
        lows.set(JAVA_DOUBLE, 8L * i, t - before);
        highs.set(JAVA_DOUBLE, 8L * i, t + after);
        low = Math.min(low, t - before);
        high = Math.max(high, t + after);
        ascending &= t >= last;
        last = t;
      }
      return ascending;
    }

    @Override
    public long replacedNaNs() {
      return nans.replaced();
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        scratch.close();
      }
    }
  }
}
