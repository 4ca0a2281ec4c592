/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import java.io.IOException;
import java.nio.file.Path;

/** Turns one thing of a file into the folder of a device. */
interface Mapper {
  /** Returns the modality of the device. */
  String modality();

  /**
   * Writes the device into a folder that is there and empty, and returns what it is, for people.
   *
   * @throws org.syncline.error.RecordingException where the file says what cannot be mapped
   * @throws IOException where the folder cannot be written
   */
  String write(Path folder, Job job) throws IOException;

  /** Returns how many bytes will about be written, for the progress. */
  long size();
}
