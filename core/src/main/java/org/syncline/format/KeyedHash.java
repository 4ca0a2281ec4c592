/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/**
 * SipHash-2-4 (Aumasson, Bernstein): 64 bits over bytes that only who knows the key can compute.
 * Written here because the JDK's own, by {@code javax.crypto}, costs each process some 40 ms for
 * loading its providers. Immutable; safe for use by several threads.
 */
final class KeyedHash {
  static final int KEY_BYTES = 16;

  /**
   * Words that are copied at once: bytes of buffers one by one are slow in a process that starts.
   */
  private static final int BLOCK = 64;

  private final long k0;
  private final long k1;

  private KeyedHash(long k0, long k1) {
    this.k0 = k0;
    this.k1 = k1;
  }

  /** Takes a key of {@link #KEY_BYTES}. */
  static KeyedHash of(byte[] key) {
    ByteBuffer words = ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN);
    return new KeyedHash(words.getLong(), words.getLong());
  }

  /** Returns a hash whose key is of this one's and of what hashes are to be bound to. */
  KeyedHash bound(byte[] owner) {
    long first = hash(ByteBuffer.wrap(owner));
    KeyedHash other = new KeyedHash(~k0, ~k1);
    return new KeyedHash(first, other.hash(ByteBuffer.wrap(owner)));
  }

  /** Returns the hash of what remains of a buffer, whose position stays. */
  long hash(ByteBuffer bytes) {
    long[] v = {
      k0 ^ 0x736f6d6570736575L, k1 ^ 0x646f72616e646f6dL,
      k0 ^ 0x6c7967656e657261L, k1 ^ 0x7465646279746573L
    };
    ByteBuffer in = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int length = in.remaining();
    LongBuffer words = in.asLongBuffer();
    long[] block = new long[BLOCK];
    while (words.hasRemaining()) {
      int n = Math.min(BLOCK, words.remaining());
      words.get(block, 0, n);
      add(v, block, n);
    }
    long last = (long) length << 56;
    for (int i = length & ~7, shift = 0; i < length; i++, shift += 8) {
      last |= (in.get(in.position() + i) & 0xffL) << shift;
    }
    block[0] = last;
    add(v, block, 1);
    v[2] ^= 0xff;
    rounds(v);
    rounds(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
  }

  private static void add(long[] v, long[] block, int count) {
    for (int i = 0; i < count; i++) {
      v[3] ^= block[i];
      rounds(v);
      v[0] ^= block[i];
    }
  }

  private static void rounds(long[] v) {
    long a = v[0];
    long b = v[1];
    long c = v[2];
    long d = v[3];
    for (int round = 0; round < 2; round++) {
      a += b;
      c += d;
      b = (b << 13 | b >>> 51) ^ a;
      d = (d << 16 | d >>> 48) ^ c;
      a = a << 32 | a >>> 32;
      c += b;
      a += d;
      b = (b << 17 | b >>> 47) ^ c;
      d = (d << 21 | d >>> 43) ^ a;
      c = c << 32 | c >>> 32;
    }
    v[0] = a;
    v[1] = b;
    v[2] = c;
    v[3] = d;
  }
}
