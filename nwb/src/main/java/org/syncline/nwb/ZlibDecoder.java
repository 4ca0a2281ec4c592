/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.Adler32;

/**
 * Decodes zlib streams whose whole input and output size are there, as those of HDF5's chunks are.
 * The JDK's Inflater can stop after any byte and pays for it with half its speed. Holds the tables
 * of one thread.
 */
final class ZlibDecoder {
  /** Bytes that input and output arrays are longer than what they hold. */
  static final int PADDING = 16;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int LITERAL_BITS = 11;
  private static final int DISTANCE_BITS = 9;

  // an entry: how many bits it takes (8), its kind (2), extra bits (5), value (16); 0: no code
  private static final int LITERAL = 0;
  private static final int BASE = 1 << 8;
  private static final int END = 2 << 8;
  private static final int TABLE = 3 << 8;
  private static final int KIND = 3 << 8;
  private static final int EXTRA_SHIFT = 10;
  private static final int VALUE_SHIFT = 15;

  private static final int[] LENGTHS = {
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258
  };
  private static final int[] LENGTH_EXTRA = {
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0
  };
  private static final int[] DISTANCES = {
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
    3073, 4097, 6145, 8193, 12289, 16385, 24577
  };
  private static final int[] DISTANCE_EXTRA = {
    0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13
  };
  private static final int[] ORDER = {
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15
  };

  private final int[] literals = new int[1 << 15];
  private final int[] distances = new int[1 << 15];
  private final int[] codes = new int[128];
  private final byte[] lengths = new byte[320];
  private final int[] next = new int[16];
  private final byte[] longest = new byte[1 << LITERAL_BITS];
  private final Adler32 adler = new Adler32();

  private byte[] in;
  private int inEnd;
  private int at;
  private long bits;
  private int count;
  private byte[] out;
  private int outEnd;
  private int written;

  /**
   * Decodes a stream.
   *
   * @param from the stream, and {@link #PADDING} bytes more
   * @param to room for the output, and {@link #PADDING} bytes more
   * @return the bytes written, or -1 where the stream is damaged or longer than the room
   */
  int decode(byte[] from, int fromLength, byte[] to, int toLength) {
    in = from;
    inEnd = fromLength;
    out = to;
    outEnd = toLength;
    written = 0;
    bits = 0;
    count = 0;
    at = 2;
    if (fromLength < 6
        || (from[0] & 15) != 8
        || (from[1] & 32) != 0
        || ((from[0] & 255) << 8 | from[1] & 255) % 31 != 0) {
      return -1;
    }
    boolean last;
    do {
      refill();
      last = take(1) == 1;
      boolean whole =
          switch (take(2)) {
            case 0 -> stored();
            case 1 -> fixed() && block();
            case 2 -> dynamic() && block();
            default -> false;
          };
      if (!whole) {
        return -1;
      }
    } while (!last);
    // whole bytes that were taken ahead go back
    int end = at - (count >> 3);
    if (end + 4 > inEnd) {
      return -1;
    }
    adler.reset();
    adler.update(out, 0, written);
    int sum =
        (in[end] & 255) << 24
            | (in[end + 1] & 255) << 16
            | (in[end + 2] & 255) << 8
            | in[end + 3] & 255;
    return (int) adler.getValue() == sum ? written : -1;
  }

  /**
   * Makes at least 56 bits ready; behind the input there are zeros, which a whole stream never
   * takes.
   */
  private void refill() {
    if (at <= inEnd) {
      bits |= (long) LONGS.get(in, at) << count;
      at += (63 - count) >> 3;
      count |= 56;
    }
  }

  private int take(int n) {
    int value = (int) (bits & ((1L << n) - 1));
    bits >>>= n;
    count -= n;
    return value;
  }

  private boolean stored() {
    take(count & 7);
    int start = at - (count >> 3);
    bits = 0;
    count = 0;
    if (start + 4 > inEnd) {
      return false;
    }
    int length = in[start] & 255 | (in[start + 1] & 255) << 8;
    int inverse = in[start + 2] & 255 | (in[start + 3] & 255) << 8;
    start += 4;
    if ((length ^ inverse) != 0xffff || length > inEnd - start || length > outEnd - written) {
      return false;
    }
    System.arraycopy(in, start, out, written, length);
    written += length;
    at = start + length;
    return true;
  }

  private boolean fixed() {
    Arrays.fill(lengths, 0, 144, (byte) 8);
    Arrays.fill(lengths, 144, 256, (byte) 9);
    Arrays.fill(lengths, 256, 280, (byte) 7);
    Arrays.fill(lengths, 280, 288, (byte) 8);
    boolean made = table(literals, LITERAL_BITS, 0, 288, 0);
    Arrays.fill(lengths, 0, 30, (byte) 5);
    return made && table(distances, DISTANCE_BITS, 0, 30, 1);
  }

  private boolean dynamic() {
    int literalCodes = take(5) + 257;
    int distanceCodes = take(5) + 1;
    int codeCodes = take(4) + 4;
    if (literalCodes > 286 || distanceCodes > 30) {
      return false;
    }
    Arrays.fill(lengths, 0, 19, (byte) 0);
    for (int i = 0; i < codeCodes; i++) {
      refill();
      lengths[ORDER[i]] = (byte) take(3);
    }
    if (!table(codes, 7, 0, 19, 2)) {
      return false;
    }
    int all = literalCodes + distanceCodes;
    int i = 0;
    while (i < all) {
      refill();
      int entry = codes[(int) bits & 127];
      if ((entry & 255) == 0 || at > inEnd + 8) {
        return false;
      }
      take(entry & 255);
      int symbol = entry >>> VALUE_SHIFT;
      if (symbol < 16) {
        lengths[i++] = (byte) symbol;
        continue;
      }
      byte value = 0;
      int times;
      if (symbol == 16) {
        if (i == 0) {
          return false;
        }
        value = lengths[i - 1];
        times = 3 + take(2);
      } else {
        times = symbol == 17 ? 3 + take(3) : 11 + take(7);
      }
      if (i + times > all) {
        return false;
      }
      Arrays.fill(lengths, i, i + times, value);
      i += times;
    }
    return lengths[256] != 0
        && table(literals, LITERAL_BITS, 0, literalCodes, 0)
        && table(distances, DISTANCE_BITS, literalCodes, distanceCodes, 1);
  }

  /**
   * Makes a table of codes from their lengths: entries by the first bits, longer codes in tables
   * behind it.
   *
   * @param what 0 for literals and lengths, 1 for distances, 2 for lengths of codes
   */
  private boolean table(int[] table, int root, int first, int n, int what) {
    Arrays.fill(next, 0);
    for (int i = 0; i < n; i++) {
      next[lengths[first + i]]++;
    }
    next[0] = 0;
    int code = 0;
    int left = 1;
    int most = 0;
    for (int length = 1; length < 16; length++) {
      int these = next[length];
      most = these > 0 ? length : most;
      left = (left << 1) - these;
      if (left < 0) {
        return false;
      }
      next[length] = code;
      code = code + these << 1;
    }
    // as zlib: a set of codes is whole, or has one code of one bit, or none
    boolean isFixed = what == 1 && first == 0;
    if (left > 0 && !isFixed && (what == 2 || most > 1)) {
      return false;
    }
    int size = 1 << root;
    Arrays.fill(table, 0, size, 0);
    Arrays.fill(longest, 0, size, (byte) 0);
    int[] start = next.clone();
    for (int i = 0; i < n; i++) {
      int length = lengths[first + i];
      if (length > root) {
        int prefix = reversed(start[length]++, length) & size - 1;
        longest[prefix] = (byte) Math.max(longest[prefix], length);
      } else if (length > 0) {
        start[length]++;
      }
    }
    int behind = size;
    for (int i = 0; i < n; i++) {
      int length = lengths[first + i];
      if (length == 0) {
        continue;
      }
      int entry = entry(i, what);
      if (entry == 0) {
        return false;
      }
      entry |= length;
      int reversed = reversed(next[length]++, length);
      if (length <= root) {
        for (int k = reversed; k < size; k += 1 << length) {
          table[k] = entry;
        }
        continue;
      }
      int prefix = reversed & size - 1;
      int more = longest[prefix] - root;
      if (table[prefix] == 0) {
        table[prefix] = TABLE | more << EXTRA_SHIFT | behind << VALUE_SHIFT | root;
        Arrays.fill(table, behind, behind + (1 << more), 0);
        behind += 1 << more;
      }
      int inside = table[prefix] >>> VALUE_SHIFT;
      for (int k = reversed >>> root; k < 1 << more; k += 1 << length - root) {
        table[inside + k] = entry;
      }
    }
    return true;
  }

  private static int reversed(int code, int length) {
    return Integer.reverse(code) >>> 32 - length;
  }

  /** Returns an entry without its length; 0 for a symbol that there is not. */
  private static int entry(int symbol, int what) {
    if (what == 2) {
      // kind 0; 1 in a bit that nobody reads, so that it is not 0
      return symbol << VALUE_SHIFT | 1 << EXTRA_SHIFT;
    }
    if (what == 1) {
      return BASE | DISTANCE_EXTRA[symbol] << EXTRA_SHIFT | DISTANCES[symbol] << VALUE_SHIFT;
    }
    if (symbol < 256) {
      return LITERAL | 1 << EXTRA_SHIFT | symbol << VALUE_SHIFT;
    }
    if (symbol == 256) {
      return END;
    }
    if (symbol > 285) {
      // the fixed code has two that no stream uses
      return END | 1 << EXTRA_SHIFT;
    }
    return BASE | LENGTH_EXTRA[symbol - 257] << EXTRA_SHIFT | LENGTHS[symbol - 257] << VALUE_SHIFT;
  }

  private boolean block() {
    byte[] from = in;
    byte[] to = out;
    int[] lit = literals;
    int[] dist = distances;
    int end = outEnd;
    int o = written;
    int p = at;
    long b = bits;
    int c = count;
    while (true) {
      if (c < 0) {
        // more was taken than there is
        return false;
      }
      if (p <= inEnd) {
        b |= (long) LONGS.get(from, p) << c;
        p += (63 - c) >> 3;
        c |= 56;
      }
      int e = lit[(int) b & (1 << LITERAL_BITS) - 1];
      if ((e & KIND) == LITERAL && (e & 255) != 0) {
        // up to three literals before bits are needed again
        if (o + 3 > end) {
          if (o >= end) {
            return false;
          }
          to[o++] = (byte) (e >>> VALUE_SHIFT);
          b >>>= e & 255;
          c -= e & 255;
          continue;
        }
        to[o++] = (byte) (e >>> VALUE_SHIFT);
        b >>>= e & 255;
        c -= e & 255;
        e = lit[(int) b & (1 << LITERAL_BITS) - 1];
        if ((e & KIND) == LITERAL && (e & 255) != 0) {
          to[o++] = (byte) (e >>> VALUE_SHIFT);
          b >>>= e & 255;
          c -= e & 255;
          e = lit[(int) b & (1 << LITERAL_BITS) - 1];
          if ((e & KIND) == LITERAL && (e & 255) != 0) {
            to[o++] = (byte) (e >>> VALUE_SHIFT);
            b >>>= e & 255;
            c -= e & 255;
            continue;
          }
        }
        if (p <= inEnd && c >= 0) {
          b |= (long) LONGS.get(from, p) << c;
          p += (63 - c) >> 3;
          c |= 56;
        }
      }
      if ((e & KIND) == TABLE) {
        int more = e >>> EXTRA_SHIFT & 31;
        e = lit[(e >>> VALUE_SHIFT) + ((int) (b >>> LITERAL_BITS) & (1 << more) - 1)];
      }
      int taken = e & 255;
      if (taken == 0 || c < taken) {
        return false;
      }
      b >>>= taken;
      c -= taken;
      int kind = e & KIND;
      if (kind == LITERAL) {
        if (o >= end) {
          return false;
        }
        to[o++] = (byte) (e >>> VALUE_SHIFT);
        continue;
      }
      if (kind == END) {
        at = p;
        bits = b;
        count = c;
        written = o;
        return (e >>> EXTRA_SHIFT & 31) == 0;
      }
      int extra = e >>> EXTRA_SHIFT & 31;
      int length = (e >>> VALUE_SHIFT) + ((int) b & (1 << extra) - 1);
      b >>>= extra;
      c -= extra;
      int d = dist[(int) b & (1 << DISTANCE_BITS) - 1];
      if ((d & KIND) == TABLE) {
        int more = d >>> EXTRA_SHIFT & 31;
        d = dist[(d >>> VALUE_SHIFT) + ((int) (b >>> DISTANCE_BITS) & (1 << more) - 1)];
      }
      taken = d & 255;
      b >>>= taken;
      extra = d >>> EXTRA_SHIFT & 31;
      int distance = (d >>> VALUE_SHIFT) + ((int) b & (1 << extra) - 1);
      b >>>= extra;
      c -= taken + extra;
      if (taken == 0 || c < 0 || distance > o || length > end - o) {
        return false;
      }
      int source = o - distance;
      int stop = o + length;
      if (distance >= 8) {
        // eight at a time, past the end into what is written next or into the padding
        do {
          LONGS.set(to, o, (long) LONGS.get(to, source));
          o += 8;
          source += 8;
        } while (o < stop);
      } else if (distance == 1) {
        byte value = to[source];
        while (o < stop) {
          to[o++] = value;
        }
      } else {
        while (o < stop) {
          to[o++] = to[source++];
        }
      }
      o = stop;
    }
  }
}
