/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel.lanes;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * Memory by absolute address, for the loops of vector kernels.
 *
 * <p>A kernel on the segments of its caller is fast only while no other vector code ran slowly in
 * the same process: the profile of the JDK's shared access methods then keeps their checks of
 * bounds and of liveness inside the loop, 2.5 to 4 times the time. So the public methods of kernels
 * check each range once, with {@link #of}, and their loops use {@link #ALL}, a constant segment
 * over all memory, at addresses from {@link #at}, of which nothing is left to check. Without it
 * each access keeps one comparison, or C2 moves the comparisons out of the loop and unrolls it:
 * some 700 instructions around 32, most of the time of a row that fits the L1.
 *
 * <p>For the same reason such loops end with {@code i != bound}, a form that C2 does not unroll
 * once more: they are unrolled as far as they should be, and C2's loops before and after its own
 * cost a short row more than they save a long one.
 *
 * <p>A caller that runs kernels on memory that another thread may unmap keeps it mapped for the
 * call.
 */
public final class Addresses {
  /** All memory; offsets are addresses. */
  public static final MemorySegment ALL = all();

  /** Clears the two highest bits, which no address of a process has. */
  private static final long POSITIVE = Long.MAX_VALUE >> 1;

  /** Memory that can always be read. */
  private static final long READABLE = Arena.global().allocate(Long.BYTES).address();

  private Addresses() {}

  /**
   * Says that loads of the calling method may meet a page that cannot be read, because another
   * process truncated the file behind it or a disk failed: every method that loads vectors calls
   * this first. HotSpot turns the SIGBUS of such a page into an InternalError only in code that it
   * compiled from at least one plain access to memory off the heap; in a method of vector loads
   * alone the same SIGBUS ends the process. The byte read here makes a method one of the former. It
   * is thrown away, so that compiled code does not even have the read.
   */
  public static void mayFault() {
    ALL.get(ValueLayout.JAVA_BYTE, READABLE);
  }

  /**
   * Returns an address as one whose range the compiler knows: an access to {@link #ALL} at it, or
   * at it plus a constant, needs no check of bounds.
   */
  public static long at(long address) {
    return address & POSITIVE;
  }

  /**
   * Returns the address of a range of native memory.
   *
   * @throws IndexOutOfBoundsException when the segment does not hold it
   * @throws IllegalArgumentException when the segment is on the heap
   * @throws IllegalStateException when the segment is closed
   * @throws IllegalCallerException when this JVM denies access to memory by address
   */
  public static long of(MemorySegment segment, long offset, long bytes) {
    checkAllowed();
    if (!segment.isNative()) {
      throw new IllegalArgumentException("expected native memory, found " + segment);
    }
    if (!segment.scope().isAlive()) {
      throw new IllegalStateException("the memory is closed: " + segment);
    }
    Objects.checkFromIndexSize(offset, bytes, segment.byteSize());
    return segment.address() + offset;
  }

  /**
   * Like {@link #of} for a range that will be written.
   *
   * @throws IllegalArgumentException when the segment is read-only too
   */
  public static long writable(MemorySegment segment, long offset, long bytes) {
    checkWritable(segment);
    return of(segment, offset, bytes);
  }

  /** Rejects memory that must not be written, which stores by address would write all the same. */
  public static void checkWritable(MemorySegment segment) {
    if (segment.isReadOnly()) {
      throw new IllegalArgumentException("expected memory that may be written, found " + segment);
    }
  }

  /** Returns all memory, or nothing in a JVM that denies it: what is to run then says why not. */
  @SuppressWarnings("restricted") // the one place that sees memory without bounds
  private static MemorySegment all() {
    try {
      return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    } catch (IllegalCallerException e) {
      return MemorySegment.NULL;
    }
  }

  private static void checkAllowed() {
    if (ALL.byteSize() == 0) {
      Module self = Addresses.class.getModule();
      throw new IllegalCallerException(
          "Syncline reads memory by address, which this JVM denies; start it with"
              + " --enable-native-access="
              + (self.isNamed() ? self.getName() : "ALL-UNNAMED"));
    }
  }
}
