/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.storage;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import org.syncline.array.ElementType;
import org.syncline.error.RecordingException;

/**
 * The float64 values of a .npy file off the heap, with a search for those that ascend: hundreds of
 * recordings have hundreds of millions of timestamps. Files that are float64 in the machine's byte
 * order are mapped, others copied and converted.
 *
 * <p>Immutable and safe for use by several threads. The arena given owns the memory: accesses after
 * its close raise IllegalStateException.
 */
public final class StoredDoubles {
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.nativeOrder());

  /** Values from one entry of the index to the next: those of a page. */
  private static final int STRIDE = 512;

  /** Places looked at one by one before the index is asked. */
  private static final int NEAR = 4;

  private final Path file;
  private final long[] shape;
  private final ElementType type;
  private final int length;
  private final MemorySegment data;

  /** Every 512th value: a search then touches one page or two of the file, not one a halving. */
  private final double[] index;

  private StoredDoubles(Path file, long[] shape, ElementType type, int length, MemorySegment data) {
    this.file = file;
    this.shape = shape;
    this.type = type;
    this.length = length;
    this.data = data;
    index = new double[(length + STRIDE - 1) / STRIDE];
    for (int k = 0; k < index.length; k++) {
      index[k] = get(k * STRIDE);
    }
  }

  /**
   * Opens a file of numbers of any type.
   *
   * @param arena owner of the map or copy; shared where several threads read
   * @throws RecordingException where the file is missing, unreadable, no .npy file of numbers, too
   *     short, or has 2^31 elements or more
   */
  public static StoredDoubles open(Path file, Arena arena) {
    try (FileChannel channel = Npy.open(file)) {
      NpyHeader header = Npy.header(file, channel);
      if (header.elements() > Integer.MAX_VALUE - 8) {
        throw RecordingException.of(
            file, "shape", header.shapeText(), "fewer than 2^31 elements here", null);
      }
      int length = (int) header.elements();
      ElementType type = header.dtype().type();
      boolean ordered = !header.fortranOrder() || header.shape().length < 2;
      if (type == ElementType.FLOAT64 && !header.dtype().swapped() && ordered && length > 0) {
        MemorySegment map =
            ArrayFiles.map(file, channel, header.dataOffset(), header.dataBytes(), arena);
        return new StoredDoubles(file, header.shape(), type, length, map);
      }
      MemorySegment copy = ArrayFiles.allocate(file, Math.max(1, length) * 8L, arena);
      try (Arena scratch = Arena.ofConfined()) {
        MemorySegment stored = Npy.read(file, header, channel, scratch).data();
        for (int i = 0; i < length; i++) {
          long bits = Elements.bits(type, false, stored, (long) i * type.bytes());
          copy.set(DOUBLE, i * 8L, Elements.toDouble(type, bits));
        }
      }
      return new StoredDoubles(file, header.shape(), type, length, copy);
    } catch (IOException e) {
      throw Npy.unreadable(file, e);
    }
  }

  /** Returns the file. */
  public Path file() {
    return file;
  }

  /** Returns the lengths of the file's axes: a copy. */
  public long[] shape() {
    return shape.clone();
  }

  /** Returns the element type in the file. */
  public ElementType type() {
    return type;
  }

  /** Returns the number of values. */
  public int length() {
    return length;
  }

  /**
   * Returns places after which values rise by more than {@code least}, ascending. Stretches of 512
   * values that rise little more than most stretches do are passed over, which is what makes it
   * cheap: some microseconds for a million values.
   *
   * @param most how many places are returned at most
   * @throws RecordingException where the file was truncated or cannot be read
   */
  public int[] gaps(double least, int most) {
    int stretches = index.length;
    double[] rises = new double[stretches];
    for (int k = 0; k < stretches; k++) {
      rises[k] = (k + 1 < stretches ? index[k + 1] : get(length - 1)) - index[k];
    }
    double[] sorted = Arrays.copyOf(rises, Math.max(0, stretches - 1));
    Arrays.sort(sorted);
    double usual = sorted.length == 0 ? 0 : sorted[sorted.length / 2];
    int[] found = new int[most];
    int n = 0;
    for (int k = 0; k < stretches && n < most; k++) {
      if (!(rises[k] > least) || rises[k] - usual < least / 2) {
        continue;
      }
      double[] piece = copy(k * STRIDE, Math.min(length, (k + 1) * STRIDE + 1));
      for (int i = 1; i < piece.length && n < most; i++) {
        if (piece[i] - piece[i - 1] > least) {
          found[n++] = k * STRIDE + i - 1;
        }
      }
    }
    return Arrays.copyOf(found, n);
  }

  /**
   * Returns value {@code i} in C order.
   *
   * @throws IndexOutOfBoundsException for a place outside 0 … length-1
   * @throws RecordingException where the file was truncated or cannot be read
   */
  public double get(int i) {
    try {
      double value = data.get(DOUBLE, i * 8L);
      PageGuard.settle((int) Double.doubleToRawLongBits(value));
      return value;
    } catch (InternalError e) {
      throw PageGuard.unreadable(file, e);
    }
  }

  /**
   * Copies values {@code from} up to but not {@code to}.
   *
   * @throws IndexOutOfBoundsException for places outside 0 … length
   * @throws RecordingException where the file was truncated or cannot be read
   */
  public double[] copy(int from, int to) {
    PageGuard.guard(data, from * 8L, (to - from) * 8L, file);
    return data.asSlice(from * 8L, (to - from) * 8L).toArray(DOUBLE);
  }

  /**
   * Returns the first place whose value is not below {@code t}, length where there is none: values
   * must ascend. Allocates nothing.
   *
   * @param from a place that the result does not lie before, for instance that of an earlier time;
   *     0 where none is known
   * @throws RecordingException where the file was truncated or cannot be read
   */
  public int firstNotBelow(double t, int from) {
    try {
      int found = search(t, from);
      PageGuard.settle(found);
      return found;
    } catch (InternalError e) {
      throw PageGuard.unreadable(file, e);
    }
  }

  private int search(double t, int from) {
    if (from > 0) {
      // the next time of a chunk lies a frame or two further on
      int near = Math.min(length, from + NEAR);
      for (int i = from; i < near; i++) {
        if (data.get(DOUBLE, i * 8L) >= t) {
          return i;
        }
      }
    }
    int low = 0;
    int high = index.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (index[middle] < t) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low == 0) {
      return 0;
    }
    high = Math.min(length, low * STRIDE);
    low = (low - 1) * STRIDE + 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (data.get(DOUBLE, middle * 8L) < t) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
