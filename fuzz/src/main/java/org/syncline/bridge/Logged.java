/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import java.util.List;

/** Warnings of the library, which wait here as they do for C. */
public final class Logged {
  static {
    Warnings.host();
  }

  private Logged() {}

  /** Returns the warnings since the last call. */
  public static List<String> take() {
    return Warnings.take().stream().map(w -> String.valueOf(w.get("message"))).toList();
  }
}
