/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.read;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.syncline.device.support.Findings;

/**
 * Says once of a device that its values are infinite as float16, which holds 65,504 at most. Looks
 * at some chunks alone: at the first of each reader, then at one of many. Shared by the readers of
 * a plan.
 */
final class HalfOverflow {
  private static final int FIRST = 8;
  private static final int OF_MANY = 64;
  private static final short WITHOUT_SIGN = 0x7fff;
  private static final short INFINITE = 0x7c00;

  private final Path folder;
  private final AtomicBoolean said = new AtomicBoolean();

  /**
   * Looks at a device.
   *
   * @param folder the device's folder, for the message
   */
  HalfOverflow(Path folder) {
    this.folder = folder;
  }

  /** Returns whether the chunk of that number of a reader is looked at. */
  static boolean isLookedAt(long chunk) {
    return chunk < FIRST || chunk % OF_MANY == 0;
  }

  /** Looks at finished values of type float16; allocates nothing where there is nothing to say. */
  void look(MemorySegment values, long offset, long bytes) {
    if (said.getPlain()) {
      return;
    }
    long infinite = 0;
    for (long at = offset; at < offset + bytes; at += Short.BYTES) {
      infinite +=
          (values.get(ValueLayout.JAVA_SHORT_UNALIGNED, at) & WITHOUT_SIGN) == INFINITE ? 1 : 0;
    }
    if (infinite > 0 && said.compareAndSet(false, true)) {
      Findings.warn(
          folder,
          "types",
          infinite + " values of a chunk that are infinite as float16",
          "values of at most 65,504",
          "choose float32 or bfloat16, or normalise them");
    }
  }
}
