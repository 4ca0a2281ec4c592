/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/**
 * One kernel at one size, three ways over the same bytes: ours, the C of {@code reference.c}, and
 * the roofline (fill of the bytes written and read of the bytes read).
 */
abstract class KernelCase implements AutoCloseable {
  final int count;
  final long bytesRead;
  final long bytesWritten;
  final MemorySegment src;
  final MemorySegment dst;

  /**
   * Allocates source and destination.
   *
   * @param misaligned bytes by which both start off a cache line
   */
  KernelCase(Arena arena, int count, long bytesRead, long bytesWritten, int misaligned) {
    this.count = count;
    this.bytesRead = bytesRead;
    this.bytesWritten = bytesWritten;
    src = arena.allocate(bytesRead + 4096, 4096).asSlice(misaligned, bytesRead);
    // loads run ahead of stores, and one whose address ends in the same 12 bits as that of a store
    // still under way waits for it: 192 bytes behind the source in those bits, not before it. The
    // forks differed by up to a factor of two before (pitfalls C10 and H1)
    dst = arena.allocate(bytesWritten + 8192, 4096).asSlice(3904 + misaligned, bytesWritten);
  }

  abstract void ours();

  /** Returns whether there is a C kernel to compare with. */
  boolean hasC() {
    return Reference.available();
  }

  /** Closes what the case opened; its memory is the arena's. */
  @Override
  public void close() {}

  /** Runs the C kernel into {@code out}. */
  abstract void c(MemorySegment out) throws Throwable;

  /** Largest difference allowed between the two results, 0 for bits. */
  double tolerance() {
    return 0;
  }

  /**
   * Bytes of one element of the result: 4 or 8 are compared as floating point where a tolerance is
   * given.
   */
  int resultBytes() {
    return Float.BYTES;
  }

  void floor() {
    Reference.fill(dst, bytesWritten / Float.BYTES);
    sink = Reference.read(src, bytesRead);
  }

  @SuppressWarnings("unused") // keeps the read from being optimised away
  private volatile long sink;

  /** Runs both and returns what is wrong, null when they agree. */
  String difference() throws Throwable {
    if (!hasC()) {
      return null;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment expected = arena.allocate(bytesWritten, 64);
      dst.fill((byte) 0x55);
      expected.fill((byte) 0x55);
      ours();
      c(expected);
      return compare(expected);
    }
  }

  private String compare(MemorySegment expected) {
    if (tolerance() == 0) {
      long at = dst.mismatch(expected);
      return at < 0 ? null : "results differ at byte " + at;
    }
    for (long i = 0; i < bytesWritten / resultBytes(); i++) {
      double a = resultBytes() == 4 ? dst.getAtIndex(FLOAT, i) : dst.getAtIndex(DOUBLE, i);
      double b =
          resultBytes() == 4 ? expected.getAtIndex(FLOAT, i) : expected.getAtIndex(DOUBLE, i);
      if (!(Math.abs(a - b) <= tolerance()) && !(Double.isNaN(a) && Double.isNaN(b))) {
        return "element " + i + ": " + a + " and " + b;
      }
    }
    return null;
  }

  static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

  static void randomBytes(MemorySegment segment, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (long i = 0; i < segment.byteSize(); i++) {
      segment.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
    }
  }

  static void randomFloats(MemorySegment segment, long seed, float low, float high) {
    SplittableRandom random = new SplittableRandom(seed);
    for (long i = 0; i < segment.byteSize() / Float.BYTES; i++) {
      segment.setAtIndex(FLOAT, i, (float) random.nextDouble(low, high));
    }
  }

  static void randomDoubles(MemorySegment segment, long seed, double low, double high) {
    SplittableRandom random = new SplittableRandom(seed);
    for (long i = 0; i < segment.byteSize() / Double.BYTES; i++) {
      segment.setAtIndex(DOUBLE, i, random.nextDouble(low, high));
    }
  }
}
