/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import java.nio.file.Path;
import org.syncline.config.DatasetConfig;

/** Derives configurations from what lies in a recording's folder. */
public final class DefaultConfigs {
  private DefaultConfigs() {}

  /**
   * Builds a configuration that streams every device of a recording.
   *
   * @throws org.syncline.error.RecordingException where the folder has no device
   */
  public static DatasetConfig forRecording(Path root) {
    throw new UnsupportedOperationException("not landed yet: " + root);
  }
}
