/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Calls functions as C does, gives back what they hand out, and releases what they opened. */
final class Caller implements AutoCloseable {
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment error = arena.allocate(Layouts.ERROR);
  private final MemorySegment words = arena.allocate(JAVA_LONG, 10);
  private final List<Long> opened = new ArrayList<>();

  /** Returns memory that lives as long as this. */
  Arena arena() {
    return arena;
  }

  /** Returns the address of a text. */
  long text(String s) {
    return arena.allocateFrom(s).address();
  }

  /**
   * Calls a function and returns its status.
   *
   * @throws AssertionError where that is a fault of the library
   */
  int call(Export function, long... arguments) {
    words.fill((byte) 0);
    for (int i = 0; i < arguments.length; i++) {
      words.setAtIndex(JAVA_LONG, i, arguments[i]);
    }
    int status = Export.call(function.ordinal(), error.address(), words.address());
    if (status == Status.INTERNAL) {
      throw new AssertionError(
          function
              + ": "
              + error.getString(Layouts.offset(Layouts.ERROR, "type"))
              + " "
              + message());
    }
    return status;
  }

  /** Returns what the last call that failed says. */
  String message() {
    return error.getString(Layouts.offset(Layouts.ERROR, "message"));
  }

  /** Calls a function that opens something; returns its handle, or 0, which is none. */
  long open(Export function, long... arguments) {
    if (call(function, arguments) != Status.OK) {
      return 0;
    }
    long handle = words.getAtIndex(JAVA_LONG, 0);
    opened.add(handle);
    return handle;
  }

  /** Calls a function that hands out tensors, which it gets back at once. */
  int take(Export function, long... arguments) {
    int status = call(function, arguments);
    if (status == Status.OK) {
      long view = words.getAtIndex(JAVA_LONG, 0);
      long token = Memory.ALL.get(JAVA_LONG, view + Layouts.offset(Layouts.VIEW, "token"));
      call(Export.RETURNED, 1, arena.allocateFrom(JAVA_LONG, token).address());
    }
    return status;
  }

  /** Calls a function that cannot but succeed. */
  void require(Export function, long... arguments) {
    int status = call(function, arguments);
    if (status != Status.OK) {
      throw new AssertionError(function + ": status " + status + ", " + message());
    }
  }

  /** Calls a function that cannot but answer with a text. */
  String answer(Export function, long... arguments) {
    require(function, arguments);
    MemorySegment text = Memory.at(words.getAtIndex(JAVA_LONG, 0), words.getAtIndex(JAVA_LONG, 1));
    return new String(
        text.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  /** Releases what was opened, latest first; what the input had released is refused. */
  @Override
  public void close() {
    opened.reversed().forEach(handle -> call(Export.RELEASE, handle));
    Warnings.take();
    arena.close();
  }
}
