/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.storage;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.syncline.error.RecordingException;

/**
 * Touches mapped pages with plain reads before vector code does: a file that was truncated under
 * its map, or a disk that cannot read, raises SIGBUS, which HotSpot turns into an InternalError for
 * a plain access and into the end of the process for a compiled vector loop.
 */
final class PageGuard {
  /** The smallest page of any supported system: larger pages are touched more than once. */
  static final int PAGE_BYTES = 4096;

  private static final int SETTLE_DEPTH = 6;

  private static int sink;

  private PageGuard() {}

  /**
   * Touches one byte a page of {@code bytes} bytes from {@code offset}; allocates nothing unless it
   * fails.
   */
  static void guard(MemorySegment map, long offset, long bytes, Path file) {
    if (bytes <= 0) {
      return;
    }
    try {
      settle(touch(map, offset, bytes));
    } catch (InternalError e) {
      throw unreadable(file, e);
    }
  }

  /**
   * Reads one byte a page and returns a value that depends on all of them, so that no read can be
   * left out.
   */
  static int touch(MemorySegment map, long offset, long bytes) {
    int sum = map.get(ValueLayout.JAVA_BYTE, offset);
    long end = offset + bytes;
    long next = offset + PAGE_BYTES - ((map.address() + offset) & (PAGE_BYTES - 1));
    for (long at = next; at < end; at += PAGE_BYTES) {
      sum += map.get(ValueLayout.JAVA_BYTE, at);
    }
    return sum;
  }

  /**
   * Touches the pages of many rows, each {@code bytes} long, as {@link #touch} does; pages that the
   * row before shares are not touched again.
   */
  static int touchRows(MemorySegment map, long stride, long[] rows, int count, long bytes) {
    long base = map.address() & PAGE_BYTES - 1;
    int sum = 0;
    // what has been touched, between ends of pages
    long low = 0;
    long high = 0;
    for (int k = 0; k < count; k++) {
      long from = rows[k] * stride;
      long end = from + bytes;
      if (from >= low && end <= high) {
        continue;
      }
      boolean follows = from >= low && from <= high;
      if (!follows) {
        low = (base + from & -PAGE_BYTES) - base;
      }
      long first = follows ? high : from;
      sum += touch(map, first, end - first);
      high = (base + end + PAGE_BYTES - 1 & -PAGE_BYTES) - base;
    }
    return sum;
  }

  /**
   * Makes an error of the accesses before this call come out of it at the latest. In compiled code
   * the error is not raised by the access but at the thread's next safepoint poll, which could lie
   * behind the caller's catch; a call that cannot be inlined whole (recursion) polls on its return.
   */
  static void settle(int sum) {
    if (descend(SETTLE_DEPTH, sum) == Integer.MIN_VALUE) {
      sink++;
    }
  }

  private static int descend(int depth, int sum) {
    return depth == 0 ? sum : descend(depth - 1, sum) ^ depth;
  }

  static RecordingException unreadable(Path file, InternalError cause) {
    return RecordingException.of(
        file,
        null,
        "data that cannot be read: the file was truncated while it was open, or its disk or network failed",
        "the data that was there when the file was opened",
        "write a new file and rename it instead of truncating one in use",
        cause);
  }
}
