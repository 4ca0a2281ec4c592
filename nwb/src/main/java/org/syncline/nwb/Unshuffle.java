/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Undoes HDF5's shuffle: all first bytes of the elements, then all second bytes, and so on become
 * elements again. Works through small arrays that stay in the cache.
 */
final class Unshuffle {
  private static final int BLOCK = 2048;
  private static final VarHandle SHORTS = view(short[].class);
  private static final VarHandle INTS = view(int[].class);
  private static final VarHandle LONGS = view(long[].class);

  private byte[] planes = new byte[8 * BLOCK];
  private byte[] elements = new byte[8 * BLOCK];

  private static VarHandle view(Class<?> type) {
    return MethodHandles.byteArrayViewVarHandle(type, ByteOrder.LITTLE_ENDIAN);
  }

  /** Writes the elements of {@code from}, each {@code width} bytes, into {@code to}. */
  void run(MemorySegment from, int width, MemorySegment to) {
    long n = from.byteSize() / width;
    if (planes.length < width * BLOCK) {
      planes = new byte[width * BLOCK];
      elements = new byte[width * BLOCK];
    }
    for (long at = 0; at < n; at += BLOCK) {
      int count = (int) Math.min(BLOCK, n - at);
      for (int plane = 0; plane < width; plane++) {
        MemorySegment.copy(
            from, ValueLayout.JAVA_BYTE, plane * n + at, planes, plane * BLOCK, count);
      }
      switch (width) {
        case 2 -> shorts(planes, elements, count);
        case 4 -> ints(planes, elements, count);
        case 8 -> longs(planes, elements, count);
        default -> bytes(planes, elements, count, width);
      }
      MemorySegment.copy(elements, 0, to, ValueLayout.JAVA_BYTE, at * width, count * width);
    }
    // what is left over when the size is no multiple of the width is stored as it is
    long rest = n * width;
    MemorySegment.copy(from, rest, to, rest, from.byteSize() - rest);
  }

  private static void shorts(byte[] planes, byte[] out, int count) {
    for (int i = 0; i < count; i++) {
      SHORTS.set(out, 2 * i, (short) (planes[i] & 255 | planes[BLOCK + i] << 8));
    }
  }

  private static void ints(byte[] planes, byte[] out, int count) {
    for (int i = 0; i < count; i++) {
      INTS.set(
          out,
          4 * i,
          planes[i] & 255
              | (planes[BLOCK + i] & 255) << 8
              | (planes[2 * BLOCK + i] & 255) << 16
              | planes[3 * BLOCK + i] << 24);
    }
  }

  private static void longs(byte[] planes, byte[] out, int count) {
    for (int i = 0; i < count; i++) {
      int low =
          planes[i] & 255
              | (planes[BLOCK + i] & 255) << 8
              | (planes[2 * BLOCK + i] & 255) << 16
              | planes[3 * BLOCK + i] << 24;
      int high =
          planes[4 * BLOCK + i] & 255
              | (planes[5 * BLOCK + i] & 255) << 8
              | (planes[6 * BLOCK + i] & 255) << 16
              | planes[7 * BLOCK + i] << 24;
      LONGS.set(out, 8 * i, (long) high << 32 | low & 0xffffffffL);
    }
  }

  private static void bytes(byte[] planes, byte[] out, int count, int width) {
    for (int i = 0; i < count; i++) {
      for (int plane = 0; plane < width; plane++) {
        out[i * width + plane] = planes[plane * BLOCK + i];
      }
    }
  }
}
