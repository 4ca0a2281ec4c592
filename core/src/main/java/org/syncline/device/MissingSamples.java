/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device;

import java.util.function.DoubleConsumer;

/** The stored samples of a device that are missing in a column: NaN in the file. */
@FunctionalInterface
public interface MissingSamples {
  /**
   * Calls back with the time in seconds of each stored sample that is NaN in any stored column
   * (read or not), ascending.
   *
   * @throws org.syncline.error.ClosedException after the device's close
   * @throws org.syncline.error.RecordingException where the file shrank or cannot be read
   */
  void forEach(DoubleConsumer time);
}
