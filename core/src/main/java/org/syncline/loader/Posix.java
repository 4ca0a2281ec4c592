/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The few calls of the operating system that a loader profits from. Where one is missing, or native
 * access is not permitted, it does nothing and one line in the log says so.
 */
final class Posix {
  private static final System.Logger LOG = System.getLogger("org.syncline");
  private static final long HUGE_PAGE = 2L << 20;
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_PRIVATE_ANONYMOUS = 0x2 | 0x20;
  private static final int MADV_WILLNEED = 3;
  private static final int MADV_HUGEPAGE = 14;

  private static final MethodHandle MMAP;
  private static final MethodHandle MUNMAP;
  private static final MethodHandle MADVISE;
  private static final MethodHandle SETPRIORITY;

  static {
    MethodHandle mmap = null;
    MethodHandle munmap = null;
    MethodHandle madvise = null;
    MethodHandle setpriority = null;
    // the constants below are Linux's
    if (System.getProperty("os.name", "").startsWith("Linux")) {
      try {
        mmap =
            handle(
                "mmap",
                FunctionDescriptor.of(
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG));
        munmap =
            handle(
                "munmap",
                FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
        madvise =
            handle(
                "madvise",
                FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT));
        setpriority =
            handle(
                "setpriority",
                FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT));
      } catch (RuntimeException | LinkageError e) {
        mmap = null;
        LOG.log(
            System.Logger.Level.WARNING,
            "loader: huge pages, readahead and thread priorities are off, since native access is not permitted ({0});"
                + " start Java with --enable-native-access=org.syncline (class path: ALL-UNNAMED)",
            e.getMessage());
      }
    }
    MMAP = mmap;
    MUNMAP = munmap;
    MADVISE = madvise;
    SETPRIORITY = setpriority;
  }

  private Posix() {}

  @SuppressWarnings("restricted") // four functions of the C library, each with its exact type
  private static MethodHandle handle(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker.defaultLookup().find(name).map(a -> linker.downcallHandle(a, type)).orElse(null);
  }

  /**
   * Allocates memory that no thread has touched yet, so that each page comes to lie near the worker
   * that writes it first.
   *
   * @param arena frees the memory when it is closed
   * @return a segment aligned to a page, to 2 MiB with {@code huge}
   */
  static MemorySegment allocate(Arena arena, long bytes, boolean huge) {
    long size = Math.max(bytes, 1);
    long reserved = huge ? size + HUGE_PAGE : size;
    if (MMAP == null || MUNMAP == null) {
      return arena.allocate(size, huge ? 4096 : BatchLayout.ALIGNMENT).asSlice(0, bytes);
    }
    MemorySegment raw;
    try {
      raw =
          (MemorySegment)
              MMAP.invokeExact(
                  MemorySegment.NULL, reserved, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0L);
    } catch (Throwable t) {
      throw new AssertionError("mmap", t);
    }
    long address = raw.address();
    if (address == -1L) {
      throw new OutOfMemoryError(
          "the system refuses " + reserved + " bytes for a batch (mmap); see ulimit -v");
    }
    MemorySegment whole = own(raw, reserved, arena);
    if (!huge) {
      return whole.asSlice(0, bytes);
    }
    long skip = -address & (HUGE_PAGE - 1);
    MemorySegment aligned = whole.asSlice(skip, bytes);
    if (MADVISE != null) {
      advise(aligned.address(), bytes & -4096L, MADV_HUGEPAGE);
    }
    return aligned;
  }

  @SuppressWarnings("restricted") // the size is the one just asked of mmap
  private static MemorySegment own(MemorySegment raw, long size, Arena arena) {
    long address = raw.address();
    return raw.reinterpret(size, arena, s -> unmap(address, size));
  }

  private static void unmap(long address, long size) {
    try {
      int ignored = (int) MUNMAP.invokeExact(MemorySegment.ofAddress(address), size);
    } catch (Throwable t) {
      throw new AssertionError("munmap", t);
    }
  }

  private static boolean advise(long address, long size, int advice) {
    try {
      return (int) MADVISE.invokeExact(MemorySegment.ofAddress(address), size, advice) == 0;
    } catch (Throwable t) {
      throw new AssertionError("madvise", t);
    }
  }

  /**
   * Asks the system to read the beginning of a file into its cache.
   *
   * @return the bytes asked for: 0 where the file is empty, cannot be opened, or the system has no
   *     such call
   */
  static long willNeed(Path file, long limit) {
    if (MADVISE == null) {
      return 0;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        Arena arena = Arena.ofShared()) {
      long size = Math.min(channel.size(), limit);
      if (size == 0) {
        return 0;
      }
      MemorySegment map = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
      return advise(map.address(), size, MADV_WILLNEED) ? size : 0;
    } catch (IOException e) {
      return 0; // whoever reads the file later says what is wrong with it
    }
  }

  /** Lowers the priority of the calling platform thread; returns whether the system did. */
  static boolean nice(int value) {
    if (SETPRIORITY == null) {
      return false;
    }
    try {
      // on Linux "process 0" is the calling thread
      return (int) SETPRIORITY.invokeExact(0, 0, value) == 0;
    } catch (Throwable t) {
      throw new AssertionError("setpriority", t);
    }
  }
}
