/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.testdata;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A generated recording.
 *
 * @param folder where it lies
 * @param start seconds, start of its responses
 * @param seconds its length
 * @param trials its trials in order; empty without a screen
 * @param config parameters of a chunk dataset for it, as a configuration file has them under {@code
 *     dataset:}; may be changed
 */
public record Recording(
    Path folder, double start, double seconds, List<Trial> trials, Map<String, Object> config) {
  /**
   * One trial of the screen.
   *
   * @param kind video, image, blank or invalid
   * @param tier its tier
   * @param firstFrame index of its first frame in timestamps.npy
   * @param frames frames on the clock
   * @param time seconds of its first frame
   */
  public record Trial(String kind, String tier, int firstFrame, int frames, double time) {}

  public Recording {
    trials = List.copyOf(trials);
  }

  /** Returns the configuration as text: JSON, which is YAML too. */
  public String configText() {
    return Json.write(config);
  }

  /** Returns the part of the configuration that concerns one device; may be changed. */
  public Map<String, Object> modality(String device) {
    return Json.object(Json.object(config.get("modality_config")).get(device));
  }

  /** Returns a map of keys and values given in turn; may be changed. */
  static Map<String, Object> map(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
