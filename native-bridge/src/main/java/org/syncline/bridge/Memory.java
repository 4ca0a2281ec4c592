/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.syncline.text.Printable;

/**
 * Memory that C hands us addresses of, and memory of each thread in which results wait until C has
 * copied them.
 */
final class Memory {
  /**
   * The whole address space: addresses from C are offsets into it. Reading what C did not promise
   * crashes.
   */
  static final MemorySegment ALL = everything();

  /** What stands in a text where its bytes are no UTF-8. */
  private static final char REPLACEMENT = '\uFFFD';

  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  private Memory() {}

  @SuppressWarnings("restricted")
  private static MemorySegment everything() {
    return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  }

  /** Returns memory at an address as a segment of its own. */
  @SuppressWarnings("restricted")
  static MemorySegment at(long address, long bytes) {
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  /** Returns word {@code index} of an array of words. */
  static long word(long words, int index) {
    return ALL.get(JAVA_LONG, words + 8L * index);
  }

  /** Returns word {@code index} as the double whose bits it has. */
  static double real(long words, int index) {
    return Double.longBitsToDouble(word(words, index));
  }

  /** Sets word {@code index}. */
  static void setWord(long words, int index, long value) {
    ALL.set(JAVA_LONG, words + 8L * index, value);
  }

  /**
   * Returns the UTF-8 text at an address, or null for address 0.
   *
   * @throws IllegalArgumentException where it is not UTF-8: a name with other letters in it would
   *     be that of another file
   */
  static String text(long address) {
    if (address == 0) {
      return null;
    }
    String text = ALL.getString(address);
    if (text.indexOf(REPLACEMENT) >= 0) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i <= bytes.length; i++) {
        byte found = ALL.get(JAVA_BYTE, address + i);
        if (found != (i < bytes.length ? bytes[i] : 0)) {
          throw new IllegalArgumentException(
              "found the text '%s' with byte 0x%02X at %d, expected UTF-8; convert it"
                  .formatted(Printable.value(text), found, i));
        }
      }
    }
    return text;
  }

  /**
   * Puts a text into the thread's memory; words 0 and 1 say where it is and how many bytes it has.
   */
  static void setText(long words, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    MemorySegment scratch = scratch(bytes.length);
    MemorySegment.copy(bytes, 0, scratch, JAVA_BYTE, 0, bytes.length);
    setWord(words, 0, scratch.address());
    setWord(words, 1, bytes.length);
  }

  /**
   * Returns at least {@code bytes} bytes of the thread's, the same memory at each call unless it
   * must grow.
   */
  static MemorySegment scratch(long bytes) {
    return SCRATCH.get().atLeast(bytes);
  }

  /** Grows; the garbage collector frees what was outgrown, and all of it after the thread's end. */
  private static final class Scratch {
    private static final long START = 16 << 10;

    /** What a rare large text needed is not kept. */
    private static final long KEEP = 1 << 20;

    private MemorySegment memory = Arena.ofAuto().allocate(START, 16);

    MemorySegment atLeast(long bytes) {
      if (memory.byteSize() < bytes || memory.byteSize() > KEEP && bytes <= KEEP) {
        memory = Arena.ofAuto().allocate(Math.max(START, bytes), 16);
      }
      return memory;
    }
  }
}
