/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.os;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Asks the operating system to read pages of maps before they are touched, and says whether threads
 * had to wait for pages. Where the system has no such calls, or native access is not permitted,
 * nothing is asked and no thread ever waited. Stateless, safe for use by several threads.
 */
public final class Advice {
  private static final int THREAD = 1;
  private static final long RUSAGE_BYTES = 144;
  private static final long MAJOR_FAULTS = 72;

  /** Linux reads no more than its window for one call, which is this much by default. */
  private static final long WINDOW = 128 << 10;

  private static final long PAGE = 4096;
  private static final MethodHandle GETRUSAGE =
      Posix.handle(
          "getrusage",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));

  private Advice() {}

  /**
   * Asks for bytes of a map; the caller keeps it alive.
   *
   * @return how many bytes were asked for
   */
  public static long willNeed(MemorySegment map, long offset, long bytes) {
    if (bytes <= 0) {
      return 0;
    }
    long end = map.address() + offset + bytes;
    long asked = 0;
    for (long at = map.address() + offset & -PAGE; at < end; at += WINDOW) {
      long size = Math.min(WINDOW, end - at);
      if (!Posix.willNeed(at, size)) {
        break;
      }
      asked += size;
    }
    return asked;
  }

  /** Returns memory that {@link #majorFaults} needs. */
  public static MemorySegment usage(Arena arena) {
    return arena.allocate(RUSAGE_BYTES, Long.BYTES);
  }

  /** Returns how many pages the calling thread has waited for since it began; 0 where unknown. */
  public static long majorFaults(MemorySegment usage) {
    if (GETRUSAGE == null) {
      return 0;
    }
    try {
      return (int) GETRUSAGE.invokeExact(THREAD, usage) == 0
          ? usage.get(ValueLayout.JAVA_LONG, MAJOR_FAULTS)
          : 0;
    } catch (Throwable t) {
      throw new AssertionError("getrusage", t);
    }
  }
}
