/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.fuzz;

import org.syncline.config.ConfigFile;
import org.syncline.config.DatasetConfig;
import org.syncline.document.DocumentException;
import org.syncline.document.Documents;
import org.syncline.error.ConfigException;

/** A configuration, in YAML or JSON. What is read is written such that it reads the same. */
final class ConfigTarget implements Target {
  @Override
  public void run(byte[] input) {
    String text = Fuzz.text(input);
    for (boolean json : new boolean[] {false, true}) {
      try {
        if (json) {
          Documents.json(text, "fuzz");
        } else {
          Documents.yaml(text, "fuzz");
        }
      } catch (DocumentException e) {
        Fuzz.checkMessage("config", e.getMessage());
      }
    }
    try {
      ConfigFile.parse(text, "fuzz", warning -> Fuzz.checkMessage("config", warning));
    } catch (ConfigException e) {
      Fuzz.checkMessage("config", e.getMessage());
    }
    DatasetConfig config = DatasetConfig.parse(text, "fuzz", warning -> {});
    String written = config.toJson();
    if (!DatasetConfig.parse(written, "fuzz").toJson().equals(written)) {
      throw new AssertionError("written and read again it is another: " + written);
    }
  }
}
