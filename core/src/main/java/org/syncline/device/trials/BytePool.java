/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.trials;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Different byte strings, numbered as they come: their bytes and 12 to 20 more each. */
final class BytePool {
  private static final long MOST = Integer.MAX_VALUE - 16;

  private byte[] content = new byte[256];
  private int used;
  private int[] ends = new int[16];
  private int count;

  /** A hash table of numbers from 1, at most half full. */
  private int[] table = new int[32];

  int count() {
    return count;
  }

  /** Returns the number of a string, which is {@link #count} before where it is a new one. */
  int add(byte[] item) {
    int at = find(item, item.length, hash(item, 0, item.length));
    if (table[at] != 0) {
      return table[at] - 1;
    }
    int end = Math.addExact(used, item.length);
    if (end > content.length) {
      content = Arrays.copyOf(content, (int) Math.min(Math.max(end, 2L * used), MOST));
    }
    System.arraycopy(item, 0, content, used, item.length);
    used = end;
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, 2 * count);
    }
    ends[count++] = end;
    table[at] = count;
    if (2 * count > table.length) {
      grow();
    }
    return count - 1;
  }

  private int find(byte[] item, int length, int hash) {
    int at = hash & (table.length - 1);
    while (table[at] != 0) {
      int from = from(table[at] - 1);
      int end = ends[table[at] - 1];
      if (Arrays.equals(content, from, end, item, 0, length)) {
        return at;
      }
      at = (at + 1) & (table.length - 1);
    }
    return at;
  }

  private void grow() {
    int[] larger = new int[2 * table.length];
    for (int i = 0; i < count; i++) {
      int at = hash(content, from(i), ends[i]) & (larger.length - 1);
      while (larger[at] != 0) {
        at = (at + 1) & (larger.length - 1);
      }
      larger[at] = i + 1;
    }
    table = larger;
  }

  private int from(int i) {
    return i == 0 ? 0 : ends[i - 1];
  }

  private static int hash(byte[] bytes, int from, int end) {
    int hash = 0;
    for (int i = from; i < end; i++) {
      hash = 31 * hash + bytes[i];
    }
    hash *= 0x9e3779b9;
    return hash ^ hash >>> 15;
  }

  byte[] item(int i) {
    return Arrays.copyOfRange(content, from(i), ends[i]);
  }

  /** Returns the bytes that {@link #write} writes. */
  long size() {
    return 4 + 4L * count + used;
  }

  /** Writes the number of strings, where each ends, and the strings. */
  void write(ByteBuffer out) {
    out.putInt(count);
    for (int i = 0; i < count; i++) {
      out.putInt(ends[i]);
    }
    out.put(content, 0, used);
  }
}
