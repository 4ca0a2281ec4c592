/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.os;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Asks the operating system to read pages of maps before they are touched, and says whether threads
 * had to wait for pages. Where the system has no such calls, or native access is not permitted,
 * nothing is asked and no thread ever waited. Stateless, safe for use by several threads.
 */
public final class Advice {
  private static final int WILLNEED = 3;
  private static final int THREAD = 1;
  private static final long RUSAGE_BYTES = 144;
  private static final long MAJOR_FAULTS = 72;

  /** Linux reads no more than its window for one call, which is this much by default. */
  private static final long WINDOW = 128 << 10;

  private static final long PAGE = 4096;
  // takes the address as a number, which allocates nothing
  private static final MethodHandle MADVISE;
  private static final MethodHandle GETRUSAGE;

  static {
    MethodHandle madvise = null;
    MethodHandle getrusage = null;
    // the numbers above are those of Linux on 64-bit machines
    if (System.getProperty("os.name", "").startsWith("Linux")
        && ValueLayout.ADDRESS.byteSize() == Long.BYTES) {
      try {
        madvise =
            handle("madvise", ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT);
        getrusage = handle("getrusage", ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
      } catch (RuntimeException | LinkageError e) {
        // the loader says once that native access is not permitted
        madvise = null;
      }
    }
    MADVISE = madvise;
    GETRUSAGE = getrusage;
  }

  private Advice() {}

  @SuppressWarnings("restricted") // two functions of the C library, each with its exact type
  private static MethodHandle handle(String name, MemoryLayout... arguments) {
    Linker linker = Linker.nativeLinker();
    FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments);
    return linker.defaultLookup().find(name).map(a -> linker.downcallHandle(a, type)).orElse(null);
  }

  /**
   * Asks for bytes of a map; the caller keeps it alive.
   *
   * @return how many bytes were asked for
   */
  public static long willNeed(MemorySegment map, long offset, long bytes) {
    if (MADVISE == null || bytes <= 0) {
      return 0;
    }
    long end = map.address() + offset + bytes;
    long asked = 0;
    try {
      for (long at = map.address() + offset & -PAGE; at < end; at += WINDOW) {
        long size = Math.min(WINDOW, end - at);
        if ((int) MADVISE.invokeExact(at, size, WILLNEED) != 0) {
          break;
        }
        asked += size;
      }
    } catch (Throwable t) {
      throw new AssertionError("madvise", t);
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
