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
 * Decodes zlib's format (RFC 1950, 1951) from one array into another, about twice as fast as {@link
 * java.util.zip.Inflater}: a whole stream at a time, by a table that gives up to two literals for a
 * look, and by eight bytes where copies may run over their end.
 *
 * <p>It answers only where the checksum at the end is right, and says nothing of what is wrong
 * elsewhere: the caller asks the other decoder. For one thread.
 */
final class Inflate {
  /** Bytes that both arrays need behind their contents, for reads and writes of eight bytes. */
  static final int SLACK = 320;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  /** Bits that the first table of a code is looked up by; longer codes have a second one. */
  private static final int LITERAL_BITS = 12;

  private static final int DISTANCE_BITS = 9;
  private static final int LENGTHS_BITS = 7;
  private static final int LONGEST = 15;

  /*
   * An entry has in its lowest six bits how many bits it takes, which is what shifts of longs look
   * at. Literals: LITERAL, their count from bit 6 on, two bytes from bit 8 on. Lengths and
   * distances: bits of the code alone from bit 8 on, what is added to the further bits from bit 16
   * on. Others have OTHER: a second table, from bit 16 on where; the end; or nothing.
   */
  private static final int LITERAL = 1 << 31;
  private static final int OTHER = 1 << 15;
  private static final int TABLE = OTHER | 1 << 14;
  private static final int END = OTHER | 1 << 13;
  private static final int BITS = 63;
  private static final int ONE = 1 << 6;

  private static final int[] LENGTHS = {
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258
  };
  private static final int[] LENGTH_BITS = {
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0
  };
  private static final int[] ORDER = {
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15
  };

  /** What symbols of a code mean. */
  private enum Code {
    LENGTHS_OF_CODES,
    LITERALS,
    DISTANCES
  }

  private final int[] lengths = new int[1 << LENGTHS_BITS];
  private final int[] literals = new int[(1 << LITERAL_BITS) + 144 * (1 << LONGEST - LITERAL_BITS)];
  private final int[] distances =
      new int[(1 << DISTANCE_BITS) + 16 * (1 << LONGEST - DISTANCE_BITS)];

  private final int[] codeBits = new int[320];
  private final int[] count = new int[LONGEST + 1];
  private final int[] next = new int[LONGEST + 1];
  private final Adler32 adler = new Adler32();

  private byte[] in;
  private int inEnd;
  private byte[] out;
  private int outEnd;

  /** The next byte to be loaded, bits that are loaded, and how many of them count. */
  private int at;

  private long held;
  private int bits;

  /** Bits that a second table of the last code built is looked up by, and of each code. */
  private int second;

  private int secondOfLiterals;
  private int secondOfDistances;

  /**
   * Decodes a stream.
   *
   * @param in with {@link #SLACK} bytes behind the stream
   * @param inEnd bytes of the stream
   * @param out with {@link #SLACK} bytes behind those that may be written
   * @param outEnd bytes that may be written; some of those behind are written, too
   * @return how many bytes it has, or -1 where something is not as it should be
   */
  int run(byte[] in, int inEnd, byte[] out, int outEnd) {
    if (inEnd < 2 || !isHeader(in[0] & 255, in[1] & 255)) {
      return -1;
    }
    this.in = in;
    this.inEnd = inEnd;
    this.out = out;
    this.outEnd = outEnd;
    Arrays.fill(in, inEnd, inEnd + 16, (byte) 0);
    at = 2;
    bits = 0;
    held = 0;
    int done = 0;
    boolean last = false;
    while (!last && done >= 0) {
      if (isPastEnd()) {
        return -1;
      }
      load();
      last = take(1) == 1;
      done =
          switch (take(2)) {
            case 0 -> stored(done);
            case 1 -> fixed() ? block(done) : -1;
            case 2 -> described() ? block(done) : -1;
            default -> -1;
          };
    }
    at -= bits >>> 3;
    if (done < 0 || done > outEnd || at + 4 > inEnd) {
      return -1;
    }
    adler.reset();
    adler.update(out, 0, done);
    int sum = Integer.reverseBytes((int) (long) LONGS.get(in, at));
    return (int) adler.getValue() == sum ? done : -1;
  }

  private static boolean isHeader(int first, int second) {
    boolean dictionary = (second & 32) != 0;
    return (first & 15) == 8 && first >>> 4 <= 7 && (first << 8 | second) % 31 == 0 && !dictionary;
  }

  /**
   * Returns whether more was loaded than there is: of whole streams the last four bytes are not.
   */
  private boolean isPastEnd() {
    return at > inEnd + 4;
  }

  /** Loads until 56 bits count; what lies above is loaded again, the same. */
  private void load() {
    held |= (long) LONGS.get(in, at) << bits;
    at += 63 - bits >>> 3;
    bits |= 56;
  }

  private int take(int n) {
    int value = (int) held & (1 << n) - 1;
    held >>>= n;
    bits -= n;
    return value;
  }

  private int stored(int done) {
    at -= bits >>> 3;
    bits = 0;
    held = 0;
    if (at + 4 > inEnd) {
      return -1;
    }
    int head = (int) (long) LONGS.get(in, at);
    int length = head & 0xffff;
    at += 4;
    if (length != ~head >>> 16 || length > inEnd - at || length > outEnd - done) {
      return -1;
    }
    System.arraycopy(in, at, out, done, length);
    at += length;
    return done + length;
  }

  private boolean fixed() {
    Arrays.fill(codeBits, 0, 144, 8);
    Arrays.fill(codeBits, 144, 256, 9);
    Arrays.fill(codeBits, 256, 280, 7);
    Arrays.fill(codeBits, 280, 288, 8);
    Arrays.fill(codeBits, 288, 320, 5);
    return build(288, 32);
  }

  private boolean described() {
    int ofLiterals = take(5) + 257;
    int ofDistances = take(5) + 1;
    int ofLengths = take(4) + 4;
    if (ofLiterals > 286 || ofDistances > 30) {
      return false;
    }
    Arrays.fill(codeBits, 0, ORDER.length, 0);
    for (int i = 0; i < ofLengths; i++) {
      if (i % 8 == 0) {
        load();
      }
      codeBits[ORDER[i]] = take(3);
    }
    if (!build(Code.LENGTHS_OF_CODES, 0, ORDER.length, LENGTHS_BITS, lengths)) {
      return false;
    }
    int all = ofLiterals + ofDistances;
    int i = 0;
    while (i < all) {
      if (isPastEnd()) {
        return false;
      }
      load();
      int entry = lengths[(int) held & (1 << LENGTHS_BITS) - 1];
      take(entry & BITS);
      int symbol = entry >>> 16;
      if (symbol == 16 && i == 0) {
        return false;
      }
      int value = symbol < 16 ? symbol : symbol == 16 ? codeBits[i - 1] : 0;
      int times =
          switch (symbol) {
            case 16 -> 3 + take(2);
            case 17 -> 3 + take(3);
            case 18 -> 11 + take(7);
            default -> 1;
          };
      if (times > all - i) {
        return false;
      }
      Arrays.fill(codeBits, i, i + times, value);
      i += times;
    }
    return build(ofLiterals, ofDistances);
  }

  private boolean build(int ofLiterals, int ofDistances) {
    if (!build(Code.LITERALS, 0, ofLiterals, LITERAL_BITS, literals)) {
      return false;
    }
    pairs();
    secondOfLiterals = second;
    if (!build(Code.DISTANCES, ofLiterals, ofDistances, DISTANCE_BITS, distances)) {
      return false;
    }
    secondOfDistances = second;
    return true;
  }

  /** Fills the tables of a code whose lengths are known; false where they are those of none. */
  private boolean build(Code code, int from, int symbols, int first, int[] table) {
    Arrays.fill(count, 0);
    for (int i = 0; i < symbols; i++) {
      count[codeBits[from + i]]++;
    }
    count[0] = 0;
    int left = 1;
    int longest = 0;
    int value = 0;
    for (int length = 1; length <= LONGEST; length++) {
      left = 2 * left - count[length];
      if (left < 0) {
        return false;
      }
      longest = count[length] > 0 ? length : longest;
      value = value + count[length - 1] << 1;
      next[length] = value;
    }
    // one distance, or none, is the only code that may leave bits without a meaning
    if (left > 0 && (code != Code.DISTANCES || longest > 1)) {
      return false;
    }
    int size = 1 << first;
    Arrays.fill(table, 0, size, OTHER);
    second = Math.max(0, longest - first);
    int end = size;
    for (int symbol = 0; symbol < symbols; symbol++) {
      int length = codeBits[from + symbol];
      if (length == 0) {
        continue;
      }
      int reversed = Integer.reverse(next[length]++) >>> 32 - length;
      if (length <= first) {
        int entry = entry(code, symbol, length);
        for (int i = reversed; i < size; i += 1 << length) {
          table[i] = entry;
        }
        continue;
      }
      int prefix = reversed & size - 1;
      if (table[prefix] == OTHER) {
        table[prefix] = TABLE | end << 16;
        end += 1 << second;
      }
      int start = table[prefix] >>> 16;
      int entry = entry(code, symbol, length - first);
      for (int i = reversed >>> first; i < 1 << second; i += 1 << length - first) {
        table[start + i] = entry;
      }
    }
    return true;
  }

  private static int entry(Code code, int symbol, int length) {
    switch (code) {
      case LENGTHS_OF_CODES -> {
        return symbol << 16 | length;
      }
      case LITERALS -> {
        if (symbol < 256) {
          return LITERAL | symbol << 8 | ONE | length;
        }
        if (symbol == 256) {
          return END | length;
        }
        int i = symbol - 257;
        return i < LENGTHS.length
            ? LENGTHS[i] << 16 | length << 8 | length + LENGTH_BITS[i]
            : OTHER;
      }
      default -> {
        if (symbol > 29) {
          return OTHER;
        }
        int further = Math.max(0, symbol / 2 - 1);
        int base = symbol < 4 ? symbol + 1 : (2 + symbol % 2 << further) + 1;
        return base << 16 | length << 8 | length + further;
      }
    }
  }

  /** Joins a literal with the next one where the bits looked up hold both. */
  private void pairs() {
    // from above: the next one is looked up in an entry below, which is single until its own turn
    for (int i = (1 << LITERAL_BITS) - 1; i > 0; i--) {
      int one = literals[i];
      if (one >= 0) {
        continue;
      }
      int length = one & BITS;
      int other = literals[i >>> length];
      int both = length + (other & BITS);
      if (other < 0 && (other & ONE) != 0 && both <= LITERAL_BITS) {
        literals[i] = LITERAL | (other & 0xff00) << 8 | one & 0xff00 | 2 * ONE | both;
      }
    }
  }

  /** Decodes a block; returns where it ends, or -1. */
  private int block(int done) {
    // in locals, which stay in registers
    byte[] in = this.in;
    byte[] out = this.out;
    int[] literals = this.literals;
    int[] distances = this.distances;
    int literalMask = (1 << secondOfLiterals) - 1;
    int distanceMask = (1 << secondOfDistances) - 1;
    int inEnd = this.inEnd + 4;
    int outEnd = this.outEnd;
    int at = this.at;
    int bits = this.bits;
    long held = this.held;
    int to = done;
    while (true) {
      if (at > inEnd || to > outEnd) {
        return -1;
      }
      held |= (long) LONGS.get(in, at) << bits;
      at += 63 - bits >>> 3;
      bits |= 56;
      int entry = literals[(int) held & (1 << LITERAL_BITS) - 1];
      if (entry < 0) {
        // four times twelve bits are there
        held >>>= entry;
        bits -= entry & BITS;
        SHORTS.set(out, to, (short) (entry >>> 8));
        to += entry >>> 6 & 3;
        entry = literals[(int) held & (1 << LITERAL_BITS) - 1];
        if (entry < 0) {
          held >>>= entry;
          bits -= entry & BITS;
          SHORTS.set(out, to, (short) (entry >>> 8));
          to += entry >>> 6 & 3;
          entry = literals[(int) held & (1 << LITERAL_BITS) - 1];
          if (entry < 0) {
            held >>>= entry;
            bits -= entry & BITS;
            SHORTS.set(out, to, (short) (entry >>> 8));
            to += entry >>> 6 & 3;
            entry = literals[(int) held & (1 << LITERAL_BITS) - 1];
            if (entry < 0) {
              held >>>= entry;
              bits -= entry & BITS;
              SHORTS.set(out, to, (short) (entry >>> 8));
              to += entry >>> 6 & 3;
              continue;
            }
          }
        }
        held |= (long) LONGS.get(in, at) << bits;
        at += 63 - bits >>> 3;
        bits |= 56;
      }
      // a length and a distance have 48 bits at most
      if ((entry & OTHER) != 0) {
        if ((entry & TABLE) == TABLE) {
          held >>>= LITERAL_BITS;
          bits -= LITERAL_BITS;
          entry = literals[(entry >>> 16) + ((int) held & literalMask)];
          if (entry < 0) {
            held >>>= entry;
            bits -= entry & BITS;
            out[to++] = (byte) (entry >>> 8);
            continue;
          }
        }
        if ((entry & OTHER) != 0) {
          if ((entry & END) != END) {
            return -1;
          }
          held >>>= entry;
          bits -= entry & BITS;
          break;
        }
      }
      int length = (entry >>> 16) + ((int) (held & (1L << entry) - 1) >>> (entry >>> 8 & 15));
      held >>>= entry;
      bits -= entry & BITS;
      entry = distances[(int) held & (1 << DISTANCE_BITS) - 1];
      if ((entry & OTHER) != 0) {
        if ((entry & TABLE) != TABLE) {
          return -1;
        }
        held >>>= DISTANCE_BITS;
        bits -= DISTANCE_BITS;
        entry = distances[(entry >>> 16) + ((int) held & distanceMask)];
        if ((entry & OTHER) != 0) {
          return -1;
        }
      }
      int distance = (entry >>> 16) + ((int) (held & (1L << entry) - 1) >>> (entry >>> 8 & 15));
      held >>>= entry;
      bits -= entry & BITS;
      int from = to - distance;
      int end = to + length;
      if (from < 0 || end > outEnd) {
        return -1;
      }
      if (distance >= Long.BYTES) {
        do {
          LONGS.set(out, to, (long) LONGS.get(out, from));
          to += Long.BYTES;
          from += Long.BYTES;
        } while (to < end);
      } else if (distance == 1) {
        long repeated = (out[from] & 255) * 0x0101_0101_0101_0101L;
        do {
          LONGS.set(out, to, repeated);
          to += Long.BYTES;
        } while (to < end);
      } else {
        do {
          out[to++] = out[from++];
        } while (to < end);
      }
      to = end;
    }
    this.at = at;
    this.bits = bits;
    this.held = held;
    return to;
  }
}
