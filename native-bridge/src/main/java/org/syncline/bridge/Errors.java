/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.syncline.error.SynclineException;
import org.syncline.text.Printable;

/** Writes what went wrong into the C side's buffer of the calling thread. */
final class Errors {
  private static final long CODE = Layouts.offset(Layouts.ERROR, "code");
  private static final long WARNINGS = Layouts.offset(Layouts.ERROR, "warnings");
  private static final long TYPE = Layouts.offset(Layouts.ERROR, "type");
  private static final long MESSAGE = Layouts.offset(Layouts.ERROR, "message");
  private static final int TYPE_BYTES = (int) (MESSAGE - TYPE);
  private static final int MESSAGE_BYTES = (int) (Layouts.ERROR.byteSize() - MESSAGE);

  private static final int MOST_CAUSES = 10;

  private Errors() {}

  /** Writes the number of warnings that wait. */
  static void warnings(long error, int count) {
    Memory.ALL.set(JAVA_INT, error + WARNINGS, count);
  }

  /** Writes an exception; never throws. Returns its status. */
  static int report(long error, Throwable t) {
    int status = Status.INTERNAL;
    try {
      status = Failure.statusOf(t);
      String message = t.getMessage();
      if (message == null
          || message.isBlank()
          || status == Status.INTERNAL && t.getClass() != SynclineException.class) {
        message = t + place(t);
      } else {
        message = Printable.message(message);
      }
      write(error + TYPE, TYPE_BYTES, t.getClass().getName());
      write(error + MESSAGE, MESSAGE_BYTES, message);
    } catch (Throwable _) {
      // no memory or stack even for the text: the code alone must do, and the buffer ends at once
      Memory.ALL.set(JAVA_BYTE, error + TYPE, (byte) 0);
      Memory.ALL.set(JAVA_BYTE, error + MESSAGE, (byte) 0);
    }
    Memory.ALL.set(JAVA_INT, error + CODE, status);
    return status;
  }

  /** A fault of ours is of use to nobody without the place. */
  private static String place(Throwable t) {
    StringBuilder text = new StringBuilder();
    Throwable at = t;
    // the buffer has room for no more, and a program's own causes may lead back to themselves
    for (int depth = 0; at != null && depth < MOST_CAUSES; depth++) {
      if (depth > 0) {
        text.append("\ncaused by ").append(at);
      }
      StackTraceElement[] trace = at.getStackTrace();
      for (int i = 0; i < Math.min(8, trace.length); i++) {
        text.append("\n\tat ").append(trace[i]);
      }
      at = at.getCause();
    }
    return text.toString();
  }

  private static void write(long address, int capacity, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int n = Math.min(bytes.length, capacity - 1);
    while (n < bytes.length && n > 0 && (bytes[n] & 0xC0) == 0x80) {
      n--; // not in the middle of a character
    }
    MemorySegment.copy(bytes, 0, Memory.ALL, JAVA_BYTE, address, n);
    Memory.ALL.set(JAVA_BYTE, address + n, (byte) 0);
  }
}
