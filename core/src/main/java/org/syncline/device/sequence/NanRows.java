/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleConsumer;
import java.util.function.Supplier;
import org.syncline.device.MissingSamples;
import org.syncline.format.DiskCache;

/**
 * The rows of a sequence with a NaN in any stored signal. A scan reads all data once, with memory
 * that does not grow with it; the rows found in a large file are kept in the disk cache, so that
 * later openings do not read it again.
 */
final class NanRows implements MissingSamples {
  /** Size in bytes from which reading a file takes longer than looking into the cache. */
  static final long REMEMBER_BYTES = 8 << 20;

  private static final String NAMESPACE = "nan-rows-1";

  private final SequenceInterpolator sequence;
  private final Supplier<DiskCache> cache;
  private final long rememberBytes;

  NanRows(SequenceInterpolator sequence, Supplier<DiskCache> cache, long rememberBytes) {
    this.sequence = sequence;
    this.cache = cache;
    this.rememberBytes = rememberBytes;
  }

  @Override
  public void forEach(DoubleConsumer time) {
    long[] runs = runs();
    for (int i = 0; i < runs.length; i += 2) {
      for (long row = runs[i]; row < runs[i] + runs[i + 1]; row++) {
        time.accept(sequence.timeOf(row));
      }
    }
  }

  /** Returns first row and length of each run of rows with a NaN. */
  private long[] runs() {
    if (!sequence.storedType().isFloating()) {
      return new long[0];
    }
    long bytes = sequence.rows() * sequence.storedSignals() * sequence.storedType().bytes();
    if (bytes < rememberBytes) {
      return scan();
    }
    // meta.yml is part of it: it says how many of the file's bytes are rows, and of what type
    List<Path> files = List.of(sequence.folder().resolve("meta.yml"), sequence.meta.dataFile());
    DiskCache disk = cache.get();
    String identity = disk.identity(NAMESPACE, files);
    long[] known = decode(disk.get(identity, NAMESPACE, files), sequence.rows());
    if (known != null) {
      return known;
    }
    long[] found = scan();
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

  private long[] scan() {
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

  @Override
  public String toString() {
    return "NanRows(" + sequence + ")";
  }
}
