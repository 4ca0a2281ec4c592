/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import java.nio.file.Path;

/** Finds the range of time that all devices share, and which devices bound it. */
public final class CommonRange {
  private double latestStart = Double.NEGATIVE_INFINITY;
  private double earliestEnd = Double.POSITIVE_INFINITY;
  private Path latestDevice;
  private Path earliestDevice;

  /** Counts a device's range in. */
  public void include(Path device, double start, double end) {
    if (start > latestStart) {
      latestStart = start;
      latestDevice = device;
    }
    if (end < earliestEnd) {
      earliestEnd = end;
      earliestDevice = device;
    }
  }

  /** Returns what leaves no time to all devices, or null where some is left. */
  public String nothingShared() {
    return latestStart < earliestEnd
        ? null
        : latestDevice.getFileName()
            + " starts at "
            + latestStart
            + " s, "
            + earliestDevice.getFileName()
            + " ends at "
            + earliestEnd
            + " s";
  }
}
