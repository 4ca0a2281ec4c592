/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Function;
import org.syncline.device.Sampler;

/** An arena with memory for so many allocations and no more. */
public final class FailingArena implements Arena {
  private final Arena arena = Arena.ofConfined();
  private int left;
  private int allocated;

  private FailingArena(int allocations) {
    left = allocations;
  }

  /** Checks that a cursor closes its arena whichever of its first allocations fails. */
  public static void check(int atLeast, Function<Arena, ? extends Sampler.Cursor> open) {
    int failures = 0;
    for (boolean opened = false; !opened; ) {
      FailingArena arena = new FailingArena(failures);
      try (Sampler.Cursor cursor = open.apply(arena)) {
        opened = true;
        assertEquals(0, cursor.replacedNaNs());
      } catch (OutOfMemoryError e) {
        assertEquals("allocation " + failures, e.getMessage());
        assertFalse(arena.scope().isAlive(), e.getMessage());
        failures++;
      }
      assertThrows(IllegalStateException.class, arena::close);
    }
    assertTrue(failures >= atLeast, failures + " allocations");
  }

  @Override
  public MemorySegment allocate(long bytes, long alignment) {
    if (left == 0) {
      throw new OutOfMemoryError("allocation " + allocated);
    }
    left--;
    allocated++;
    return arena.allocate(bytes, alignment);
  }

  @Override
  public MemorySegment.Scope scope() {
    return arena.scope();
  }

  @Override
  public void close() {
    arena.close();
  }
}
