/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.os;

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
 * The few calls of the operating system that a loader profits from, by any thread. Where one is
 * missing, or native access is not permitted, it does nothing and one line in the log says so.
 */
public final class Posix {
  private static final System.Logger LOG = System.getLogger("org.syncline");
  private static final long PAGE = 4096;
  private static final long HUGE_PAGE = 2L << 20;
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_PRIVATE_ANONYMOUS = 0x2 | 0x20;
  private static final int MADV_WILLNEED = 3;
  private static final int MADV_HUGEPAGE = 14;

  private static boolean refused;

  // a holder each, for to link one takes five milliseconds or more of a process that begins

  /** What a batch's memory is made with. */
  private static final class Memory {
    static final MethodHandle MMAP =
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
    static final MethodHandle MADVISE =
        handle(
            "madvise",
            // takes the address as a number, which allocates nothing
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT));
  }

  /** What it is given back with. */
  private static final class Unmapping {
    static final MethodHandle MUNMAP =
        handle(
            "munmap",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
  }

  private static final class Priority {
    static final MethodHandle SETPRIORITY =
        handle(
            "setpriority",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT));
  }

  private Posix() {}

  /**
   * Links what the first batch's memory needs in a thread of its own, once in a process: the linker
   * takes 50 ms to start, and nothing that comes before that batch has a use for it. Begun as a
   * dataset opens, which takes 20 ms longer by that, for classes are loaded side by side.
   */
  public static void linkAhead() {
    Ahead.begin();
  }

  private static final class Ahead implements Runnable {
    static {
      Thread thread = new Thread(null, new Ahead(), "syncline-link", 0, false);
      thread.setDaemon(true);
      thread.setContextClassLoader(null);
      try {
        thread.start();
      } catch (OutOfMemoryError e) {
        // no more threads: the first call links
      }
    }

    static void begin() {}

    @Override
    public void run() {
      boolean ignored = Memory.MMAP == null;
    }
  }

  /** Returns a function of the C library, or null where there is none or it must not be called. */
  @SuppressWarnings("restricted") // each with its exact type
  static MethodHandle handle(String name, FunctionDescriptor type) {
    // the constants above are Linux's
    if (!System.getProperty("os.name", "").startsWith("Linux")) {
      return null;
    }
    try {
      Linker linker = Linker.nativeLinker();
      MemorySegment address = linker.defaultLookup().find(name).orElse(null);
      return address == null ? null : linker.downcallHandle(address, type);
    } catch (RuntimeException | LinkageError e) {
      warn(e);
      return null;
    }
  }

  private static synchronized void warn(Throwable e) {
    if (!refused) {
      refused = true;
      LOG.log(
          System.Logger.Level.WARNING,
          "loader: huge pages, readahead and thread priorities are off, since native access is not permitted ({0});"
              + " start Java with --enable-native-access=org.syncline (class path: ALL-UNNAMED)",
          e.getMessage());
    }
  }

  /**
   * Allocates memory that no thread has touched yet, so that each page comes to lie near the worker
   * that writes it first.
   *
   * @param arena frees the memory when it is closed
   * @return a segment aligned to a page; with {@code huge} to 2 MiB, where the system can be called
   * @throws OutOfMemoryError where the system refuses
   */
  public static MemorySegment allocate(Arena arena, long bytes, boolean huge) {
    long size = Math.max(bytes, 1);
    long reserved = huge ? size + HUGE_PAGE : size;
    if (Memory.MMAP == null) {
      return arena.allocate(size, PAGE).asSlice(0, bytes);
    }
    MemorySegment raw;
    try {
      raw =
          (MemorySegment)
              Memory.MMAP.invokeExact(
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
    advise(aligned.address(), bytes & -PAGE, MADV_HUGEPAGE);
    return aligned;
  }

  @SuppressWarnings("restricted") // the size is the one just asked of mmap
  private static MemorySegment own(MemorySegment raw, long size, Arena arena) {
    long address = raw.address();
    return raw.reinterpret(size, arena, s -> unmap(address, size));
  }

  private static void unmap(long address, long size) {
    try {
      int ignored = (int) Unmapping.MUNMAP.invokeExact(MemorySegment.ofAddress(address), size);
    } catch (Throwable t) {
      throw new AssertionError("munmap", t);
    }
  }

  /** Returns whether the system took the advice. */
  private static boolean advise(long address, long size, int advice) {
    try {
      return Memory.MADVISE != null && (int) Memory.MADVISE.invokeExact(address, size, advice) == 0;
    } catch (Throwable t) {
      throw new AssertionError("madvise", t);
    }
  }

  /** Asks for the pages of a part of a map; returns whether the system did. */
  static boolean willNeed(long address, long size) {
    return advise(address, size, MADV_WILLNEED);
  }

  /**
   * Asks the system to read the beginning of a file into its cache.
   *
   * @return the bytes asked for: 0 where the file is empty, cannot be opened, or the system has no
   *     such call
   */
  public static long willNeed(Path file, long limit) {
    if (Memory.MADVISE == null) {
      return 0;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        Arena arena = Arena.ofConfined()) {
      long size = Math.min(channel.size(), limit);
      if (size == 0) {
        return 0;
      }
      MemorySegment map = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
      return willNeed(map.address(), size) ? size : 0;
    } catch (IOException e) {
      return 0; // whoever reads the file later says what is wrong with it
    }
  }

  /** Lowers the priority of the calling platform thread; returns whether the system did. */
  public static boolean nice(int value) {
    if (Priority.SETPRIORITY == null) {
      return false;
    }
    try {
      // on Linux "process 0" is the calling thread
      return (int) Priority.SETPRIORITY.invokeExact(0, 0, value) == 0;
    } catch (Throwable t) {
      throw new AssertionError("setpriority", t);
    }
  }
}
