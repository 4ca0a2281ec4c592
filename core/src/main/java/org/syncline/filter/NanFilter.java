/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.filter;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.syncline.device.Interpolator;
import org.syncline.device.sequence.SequenceInterpolator;
import org.syncline.device.sequence.SequenceMeta;
import org.syncline.device.support.DeviceMeta;
import org.syncline.error.ConfigException;
import org.syncline.format.DiskCache;
import org.syncline.interval.Intervals;
import org.syncline.interval.TimeInterval;

/**
 * Leaves out the vicinity of missing samples: for each stored sample of a sequence with a NaN in
 * any stored signal, {@code [t - vicinity, t + vicinity]} clamped to the device's range is invalid;
 * valid are the gaps between.
 *
 * <p>Phase shifts play no part, and infinity is no NaN. A scan reads all data once, with memory
 * that does not grow with it; the rows found in a large file are kept in the disk cache, so that
 * later openings do not read it again.
 */
final class NanFilter implements Filter {
  /** Size in bytes from which reading a file takes longer than looking into the cache. */
  private static final long REMEMBER_BYTES = 8 << 20;

  private static final String NAMESPACE = "nan-rows-1";

  private final double vicinity;
  private final Supplier<DiskCache> cache;
  private final long rememberBytes;
  private final String source;
  private final String key;

  NanFilter(double vicinity, String source, String key) {
    this(vicinity, source, key, DiskCache::system, REMEMBER_BYTES);
  }

  NanFilter(
      double vicinity, String source, String key, Supplier<DiskCache> cache, long rememberBytes) {
    this.vicinity = vicinity;
    this.source = source;
    this.key = key;
    this.cache = cache;
    this.rememberBytes = rememberBytes;
  }

  @Override
  public List<TimeInterval> validIntervals(Interpolator device) {
    if (!(device instanceof SequenceInterpolator sequence)) {
      throw new ConfigException(
          source,
          0,
          key,
          "found a "
              + device.getClass().getSimpleName()
              + ", expected a sequence: nan_filter looks for NaN in stored samples; remove it from this device");
    }
    double start = sequence.startTime();
    double end = sequence.endTime();
    List<TimeInterval> invalid = new ArrayList<>();
    double from = Double.NaN;
    double to = Double.NaN;
    long[] runs = runs(sequence);
    for (int i = 0; i < runs.length; i += 2) {
      for (long row = runs[i]; row < runs[i] + runs[i + 1]; row++) {
        double t = sequence.timeOf(row);
        double s = Math.max(start, t - vicinity);
        double e = Math.min(end, t + vicinity);
        if (s <= to) {
          to = Math.max(to, e);
        } else {
          if (!Double.isNaN(from)) {
            invalid.add(new TimeInterval(from, to));
          }
          from = s;
          to = e;
        }
      }
    }
    if (!Double.isNaN(from)) {
      invalid.add(new TimeInterval(from, to));
    }
    return Intervals.complement(invalid, start, end);
  }

  /** Returns first row and length of each run of rows with a NaN. */
  private long[] runs(SequenceInterpolator sequence) {
    if (!sequence.storedType().isFloating()) {
      return new long[0];
    }
    long bytes = sequence.rows() * sequence.storedSignals() * sequence.storedType().bytes();
    if (bytes < rememberBytes
        || !(DeviceMeta.read(sequence.folder()) instanceof SequenceMeta meta)) {
      return scan(sequence);
    }
    // meta.yml is part of it: it says how many of the file's bytes are rows, and of what type
    List<Path> files = List.of(sequence.folder().resolve("meta.yml"), meta.dataFile());
    DiskCache disk = cache.get();
    String identity = disk.identity(NAMESPACE, files);
    long[] known = decode(disk.get(identity, NAMESPACE, files), sequence.rows());
    if (known != null) {
      return known;
    }
    long[] found = scan(sequence);
    ByteBuffer content = ByteBuffer.allocate(8 * found.length).order(ByteOrder.LITTLE_ENDIAN);
    content.asLongBuffer().put(found);
    disk.put(identity, NAMESPACE, files, content);
    return found;
  }

  private static long[] decode(ByteBuffer content, long rows) {
    if (content == null || content.remaining() % 16 != 0) {
      return null;
    }
    long[] runs = new long[content.remaining() / 8];
    long next = 0;
    for (int i = 0; i < runs.length; i += 2) {
      runs[i] = content.getLong();
      runs[i + 1] = content.getLong();
      if (runs[i] < next || runs[i + 1] < 1 || runs[i + 1] > rows - runs[i]) {
        return null;
      }
      next = runs[i] + runs[i + 1];
    }
    return runs;
  }

  private static long[] scan(SequenceInterpolator sequence) {
    Runs runs = new Runs();
    sequence.forEachNaNRow(runs::add);
    return Arrays.copyOf(runs.values, runs.count);
  }

  private static final class Runs {
    long[] values = new long[16];
    int count;

    void add(long row) {
      if (count > 0 && values[count - 2] + values[count - 1] == row) {
        values[count - 1]++;
        return;
      }
      if (count == values.length) {
        values = Arrays.copyOf(values, 2 * count);
      }
      values[count] = row;
      values[count + 1] = 1;
      count += 2;
    }
  }
}
