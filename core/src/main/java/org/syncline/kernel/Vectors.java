/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import org.syncline.kernel.lanes.Widths;

/**
 * Whether the Vector API starts, found out when vectors are first needed: to load it takes 50 ms or
 * more. Only the warm-up refers to it, in JVMs that have the module.
 */
final class Vectors {
  /** Why it did not start, or null. */
  static final Throwable FAILURE = failure();

  private Vectors() {}

  private static Throwable failure() {
    try {
      return Widths.BITS > 0 ? null : new AssertionError();
    } catch (LinkageError | RuntimeException e) {
      Throwable failure = e.getCause() == null ? e : e.getCause();
      KernelProvider.logScalar("they failed to start (" + failure + "); report it");
      return failure;
    }
  }
}
