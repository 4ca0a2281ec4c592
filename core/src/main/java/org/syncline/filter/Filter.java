/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.filter;

import java.util.List;
import org.syncline.device.Interpolator;
import org.syncline.interval.TimeInterval;

/** Says in which intervals a device's data can be used. */
@FunctionalInterface
public interface Filter {
  /** Returns the valid intervals of a device; any order, overlaps allowed. */
  List<TimeInterval> validIntervals(Interpolator device);
}
