/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.storage;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds whole pages of zeros in a file of values: what a copy that was interrupted leaves where the
 * file got its size beforehand, or a file system where it never wrote.
 *
 * <p>Zeros can be values. Copies end at pages of the file, values do not: zeros that begin at one,
 * behind a page of which most elements are no zeros and the last is none, were left by a copy; a
 * signal that falls silent begins there once in a thousand times (elements of four bytes).
 *
 * <p>For one thread.
 */
public final class ZeroPages {
  private static final int PAGE = PageGuard.PAGE_BYTES;

  /** The fewest zeros behind a page that mean anything. */
  private static final int FEWEST = 512;

  /** Bytes that may be zero at the end of what was copied: dark pixels. */
  private static final int DARK_BYTES = 64;

  /** No page. */
  private static final long NONE = -2;

  private static final int PLACES = 16;
  private static final long MANY = 64 << 10;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  private final Path path;
  private final MemorySegment data;
  private final int element;

  /** Offset of the first page of the file that begins in the data. */
  private final long base;

  /**
   * Zeros from one byte of the data to before another.
   *
   * @param torn whether they begin, and end where they do not reach the end of the data, as a copy
   *     leaves them
   */
  public record Run(long from, long to, boolean torn) {}

  /**
   * Looks at a map of a file.
   *
   * @param data begins in a page of memory where it begins in one of the file
   */
  ZeroPages(Path path, MemorySegment data, int elementBytes) {
    this.path = path;
    this.data = data;
    element = elementBytes;
    base = -data.address() & PAGE - 1;
  }

  /**
   * Maps a .npy file to look at it.
   *
   * @throws org.syncline.error.RecordingException where it cannot be read
   */
  public static ZeroPages ofNpy(Path file, Arena arena) {
    try (FileChannel channel = Npy.open(file)) {
      NpyHeader header = Npy.header(file, channel);
      MemorySegment map =
          ArrayFiles.map(file, channel, header.dataOffset(), header.dataBytes(), arena);
      return new ZeroPages(file, map, header.dtype().type().bytes());
    } catch (IOException e) {
      throw Npy.unreadable(file, e);
    }
  }

  /**
   * Returns the zeros that the data end with; null where these do not fill half a page behind one
   * that begins in the data. Reads a few pages, however many are zero.
   *
   * @throws org.syncline.error.RecordingException where the file shrank or cannot be read
   */
  public Run atEnd() {
    try {
      Run found = findAtEnd();
      PageGuard.settle(element);
      return found;
    } catch (InternalError e) {
      throw PageGuard.unreadable(path, e);
    }
  }

  private Run findAtEnd() {
    long size = data.byteSize();
    long last = last();
    if (size <= FEWEST || last < 0 || !isZero(size - FEWEST, size) || !isZero(start(last), size)) {
      return null;
    }
    long zero = last;
    long full = NONE;
    for (long step = 1; full == NONE && zero > first(); step *= 2) {
      long page = Math.max(first(), zero - step);
      if (isZeroPage(page)) {
        zero = page;
      } else {
        full = page;
      }
    }
    if (full == NONE) {
      return new Run(0, size, false);
    }
    while (zero - full > 1) {
      long middle = (zero + full) >>> 1;
      if (isZeroPage(middle)) {
        zero = middle;
      } else {
        full = middle;
      }
    }
    long begin = lastValue(start(zero));
    return new Run(begin, size, endsTorn(start(zero), begin));
  }

  /**
   * Returns whether there is nothing but zeros. Reads up to the first value that is none.
   *
   * @param most bytes of which it can be said; of more, the answer is false
   * @throws org.syncline.error.RecordingException where the file shrank or cannot be read
   */
  public boolean isAll(long most) {
    long size = data.byteSize();
    if (size == 0 || size > most) {
      return false;
    }
    try {
      boolean found = true;
      for (long page = first(); found && base + page * PAGE < size; page++) {
        found = isZeroPage(page);
      }
      PageGuard.settle(element);
      return found;
    } catch (InternalError e) {
      throw PageGuard.unreadable(path, e);
    }
  }

  /**
   * Returns whether zeros at the end are many, and pages before them never all zero: a signal that
   * is no silent one then ends.
   */
  public boolean isSilence(Run end) {
    long zeros = end.to() - end.from();
    if (zeros < MANY || zeros < data.byteSize() / 100) {
      return false;
    }
    try {
      long pages = (end.from() - base) / PAGE;
      boolean found = false;
      for (int p = 0; p < PLACES && pages > 0; p++) {
        found |= isZeroPage(pages * p / PLACES);
      }
      PageGuard.settle(element);
      return !found;
    } catch (InternalError e) {
      throw PageGuard.unreadable(path, e);
    }
  }

  /**
   * Looks for torn zeros before the end.
   *
   * @param most pages that are looked at, evenly spread where there are more
   * @throws org.syncline.error.RecordingException where the file shrank or cannot be read
   */
  public List<Run> inside(long most) {
    try {
      List<Run> found = new ArrayList<>();
      long last = last();
      long step = Math.max(1, Math.ceilDiv(last + 1, most));
      for (long page = 0; page < last; page += step) {
        if (!isZeroPage(page)) {
          continue;
        }
        long from = page;
        while (from > first() && isZeroPage(from - 1)) {
          from--;
        }
        long to = page + 1;
        while (to <= last && isZeroPage(to)) {
          to++;
        }
        long begin = lastValue(start(from));
        long end = start(to);
        boolean torn = from == first() || endsTorn(start(from), begin);
        if (to <= last && torn && beginsTorn(end)) {
          found.add(new Run(begin, end, true));
        }
        page = Math.max(page, to - Math.floorMod(to, step));
      }
      PageGuard.settle(element);
      return found;
    } catch (InternalError e) {
      throw PageGuard.unreadable(path, e);
    }
  }

  /** Returns the number of the first page: -1 for the rest of one that begins in the header. */
  private long first() {
    return base > 0 ? -1 : 0;
  }

  /** Returns the last page of which half is there. */
  private long last() {
    return (data.byteSize() - FEWEST - base) / PAGE - (data.byteSize() - FEWEST < base ? 1 : 0);
  }

  private long start(long page) {
    return Math.max(0, base + page * PAGE);
  }

  private boolean isZeroPage(long page) {
    return isZero(start(page), Math.min(data.byteSize(), base + (page + 1) * PAGE));
  }

  /** Looks from the end: values that are none are found there at once. */
  private boolean isZero(long from, long to) {
    long at = to;
    for (; at - from >= Long.BYTES; at -= Long.BYTES) {
      if (data.get(LONG, at - Long.BYTES) != 0) {
        return false;
      }
    }
    while (at > from) {
      if (data.get(ValueLayout.JAVA_BYTE, --at) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Returns where the last element before a place ends that is not zero. */
  private long lastValue(long before) {
    long at = before;
    while (at > 0 && data.get(ValueLayout.JAVA_BYTE, at - 1) == 0) {
      at--;
    }
    return Math.min(before, (at + element - 1) / element * element);
  }

  private boolean endsTorn(long page, long value) {
    return page - value <= slack() && isDense(Math.max(0, page - PAGE), page);
  }

  private boolean beginsTorn(long page) {
    long first = (page + element - 1) / element * element;
    long end = Math.min(data.byteSize(), first + Math.max(element, slack()));
    return !isZero(first, end) && isDense(page, Math.min(data.byteSize(), page + PAGE));
  }

  private int slack() {
    return element == 1 ? DARK_BYTES : 0;
  }

  private boolean isDense(long from, long to) {
    long first = (from + element - 1) / element * element;
    long values = 0;
    long all = 0;
    for (long at = first; at + element <= to; at += element) {
      all++;
      values += isZero(at, at + element) ? 0 : 1;
    }
    return all > 0 && 2 * values >= all;
  }
}
