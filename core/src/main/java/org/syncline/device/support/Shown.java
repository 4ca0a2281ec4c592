/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import java.nio.file.Path;
import org.syncline.device.Interpolator;
import org.syncline.text.Printable;

/** What interpolators say of themselves; nothing is read for it. */
public final class Shown {
  private Shown() {}

  /** Returns class, folder, range and what is stored, in a line. */
  public static String of(Interpolator device, Path folder, String contents) {
    return device.getClass().getSimpleName()
        + "("
        + Printable.message(folder.toString())
        + ", "
        + Printable.digits(device.startTime())
        + " to "
        + Printable.digits(device.endTime())
        + " s, "
        + contents
        + ")";
  }
}
