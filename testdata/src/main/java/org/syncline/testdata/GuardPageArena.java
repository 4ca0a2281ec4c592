/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.testdata;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/**
 * Allocates native memory that ends, or starts, flush at a page that nobody may touch: a kernel
 * that reads or writes one byte too far gets a fault instead of the neighbour's bytes. For tests;
 * Linux and macOS. Not safe for use by two threads at once (segments are).
 */
public final class GuardPageArena implements AutoCloseable {
  private static final int PROT_NONE = 0;
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_PRIVATE = 2;
  private static final boolean MAC =
      System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
  private static final int MAP_ANONYMOUS = MAC ? 0x1000 : 0x20;
  // covers the largest page of the supported systems (64 KiB on some ARM kernels)
  private static final long PAGE_BYTES = 1 << 16;

  private static final MethodHandle MMAP =
      find(
          "mmap",
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG));
  private static final MethodHandle MPROTECT =
      find(
          "mprotect",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT));
  private static final MethodHandle MUNMAP =
      find(
          "munmap",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));

  private final Arena arena = Arena.ofShared();
  private boolean closed;

  /** Creates an arena without memory. */
  public GuardPageArena() {}

  /** Returns whether this system has the calls that this needs. */
  public static boolean isSupported() {
    return MMAP != null && MPROTECT != null && MUNMAP != null;
  }

  /** Allocates zeroed memory whose last byte lies right before a forbidden page. */
  public MemorySegment allocate(long bytes) {
    long pages = roundUp(Math.max(1, bytes));
    return segment(map(pages) + PAGE_BYTES + pages - bytes, bytes);
  }

  /** Allocates zeroed memory whose first byte lies right behind a forbidden page. */
  public MemorySegment allocateAtStart(long bytes) {
    return segment(map(roundUp(Math.max(1, bytes))) + PAGE_BYTES, bytes);
  }

  /** Unmaps everything; any number of times. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      arena.close();
    }
  }

  /** Maps the pages with a forbidden one on each side, and gives the whole to the arena. */
  private long map(long bytes) {
    long total = bytes + 2 * PAGE_BYTES;
    try {
      long mapped =
          (long)
              MMAP.invokeExact(
                  0L, total + PAGE_BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0L);
      if (mapped == -1) {
        throw new OutOfMemoryError("mmap of " + total + " bytes failed");
      }
      long base = roundUp(mapped);
      own(mapped, total + PAGE_BYTES);
      if ((int) MPROTECT.invokeExact(base + PAGE_BYTES, bytes, PROT_READ_WRITE) != 0) {
        throw new IllegalStateException("mprotect failed");
      }
      return base;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("restricted")
  private void own(long address, long bytes) {
    MemorySegment unused =
        MemorySegment.ofAddress(address)
            .reinterpret(
                bytes,
                arena,
                s -> {
                  try {
                    int result = (int) MUNMAP.invokeExact(s.address(), bytes);
                    if (result != 0) {
                      throw new IllegalStateException("munmap failed");
                    }
                  } catch (RuntimeException | Error e) {
                    throw e;
                  } catch (Throwable e) {
                    throw new IllegalStateException(e);
                  }
                });
    if (unused.byteSize() != bytes) {
      throw new IllegalStateException();
    }
  }

  @SuppressWarnings("restricted")
  private MemorySegment segment(long address, long bytes) {
    return MemorySegment.ofAddress(address).reinterpret(bytes, arena, null);
  }

  private static long roundUp(long n) {
    return (n + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
  }

  @SuppressWarnings("restricted")
  private static MethodHandle find(String name, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find(name)
        .map(s -> linker.downcallHandle(s, descriptor))
        .orElse(null);
  }
}
