/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.read;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;

/** Lets tests of other packages fill memory as padded chunks are. */
public final class PaddingAccess {
  private PaddingAccess() {}

  public static void fill(MemorySegment dst, long offset, long bytes, ElementType type) {
    Padding.fill(dst, offset, bytes, type);
  }
}
