/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The kernels of {@code reference.c}, called through FFM. The library is built by Maven where the
 * machine has a C compiler; its path is the property {@code syncline.bench.reference}. Without it
 * {@link #available()} is false and benchmarks run without the comparison.
 */
final class Reference {
  /** Property with the path of the library. */
  static final String PATH_PROPERTY = "syncline.bench.reference";

  private static final SymbolLookup LIBRARY = open();

  static final MethodHandle FILL = handle("ref_fill", ADDRESS, JAVA_LONG, JAVA_FLOAT);
  static final MethodHandle COPY = handle("ref_copy", ADDRESS, ADDRESS, JAVA_LONG);
  static final MethodHandle READ = returning(JAVA_LONG, "ref_read", ADDRESS, JAVA_LONG);

  static final MethodHandle READ_LINES =
      returning(JAVA_LONG, "ref_read_lines", ADDRESS, ADDRESS, JAVA_LONG);

  private Reference() {}

  static boolean available() {
    return LIBRARY != null;
  }

  /** Returns a handle of a function without result, null where the library is missing. */
  static MethodHandle handle(String name, MemoryLayout... arguments) {
    return link(name, FunctionDescriptor.ofVoid(arguments));
  }

  static MethodHandle returning(MemoryLayout result, String name, MemoryLayout... arguments) {
    return link(name, FunctionDescriptor.of(result, arguments));
  }

  // critical: the state transition of an ordinary downcall would be charged to C in the smallest
  // sizes
  @SuppressWarnings("restricted")
  private static MethodHandle link(String name, FunctionDescriptor signature) {
    return LIBRARY == null
        ? null
        : Linker.nativeLinker()
            .downcallHandle(LIBRARY.findOrThrow(name), signature, Linker.Option.critical(false));
  }

  @SuppressWarnings("restricted")
  private static SymbolLookup open() {
    String path = System.getProperty(PATH_PROPERTY, "");
    if (path.isEmpty() || !Files.exists(Path.of(path))) {
      return null;
    }
    return SymbolLookup.libraryLookup(Path.of(path), Arena.global());
  }

  /** Layouts that cases use most. */
  static final MemoryLayout P = ADDRESS;

  static final MemoryLayout N = JAVA_LONG;
  static final MemoryLayout F = JAVA_FLOAT;
  static final MemoryLayout D = JAVA_DOUBLE;

  /** Fills floats: half of the roofline. */
  static void fill(MemorySegment dst, long floats) {
    if (!available()) {
      fillByCopies(dst, floats * Float.BYTES);
      return;
    }
    try {
      FILL.invokeExact(dst, floats, 1f);
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  /** Reads bytes: the other half. Returns what depends on them. */
  static long read(MemorySegment src, long bytes) {
    if (!available()) {
      return readByCopies(src, bytes);
    }
    try {
      return (long) READ.invokeExact(src, bytes);
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  private static final int BLOCK = 2_048;

  /** One a thread: two that wrote the same lines would wait for each other. */
  private static final ThreadLocal<MemorySegment> SCRATCH =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(BLOCK, 4_096));

  /**
   * Fills by copies from memory that stays in the L1. Neither a loop over a segment nor, at 8 KB,
   * the JDK's fill comes near what a vector loop writes and reads: with them kernels looked up to
   * six times as fast as the roofline.
   */
  static void fillByCopies(MemorySegment dst, long bytes) {
    MemorySegment scratch = SCRATCH.get();
    for (long i = 0; i < bytes; i += BLOCK) {
      MemorySegment.copy(scratch, 0, dst, i, Math.min(BLOCK, bytes - i));
    }
  }

  /** Reads by copies likewise. */
  static long readByCopies(MemorySegment src, long bytes) {
    MemorySegment scratch = SCRATCH.get();
    for (long i = 0; i < bytes; i += BLOCK) {
      MemorySegment.copy(src, i, scratch, 0, Math.min(BLOCK, bytes - i));
    }
    return scratch.get(JAVA_LONG, 0);
  }

  static long readLines(MemorySegment src, MemorySegment lines, long count) {
    try {
      return (long) READ_LINES.invokeExact(src, lines, count);
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }
}
