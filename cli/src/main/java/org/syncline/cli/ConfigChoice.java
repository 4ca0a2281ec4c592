/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.cli;

import java.nio.file.Path;
import org.syncline.config.DatasetConfig;
import picocli.CommandLine.Option;

/** Which configuration a recording is read with. */
final class ConfigChoice {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "YAML configuration; default: made for the devices there")
  private Path file;

  /** Returns whether a file was named. */
  boolean isGiven() {
    return file != null;
  }

  /** Returns the configuration for a recording. */
  DatasetConfig of(Path recording) {
    return Sessions.config(recording, file);
  }
}
