/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import java.lang.foreign.Arena;
import java.util.function.Function;

/** Memory that cursors own. */
public final class Scratch {
  private Scratch() {}

  /** Returns what {@code open} makes of the arena, which is closed where that fails. */
  public static <C> C owned(Arena arena, Function<Arena, C> open) {
    C cursor = null;
    try {
      cursor = open.apply(arena);
      return cursor;
    } finally {
      if (cursor == null) {
        arena.close();
      }
    }
  }
}
