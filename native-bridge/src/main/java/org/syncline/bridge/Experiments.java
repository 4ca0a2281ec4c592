/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.syncline.Experiment;
import org.syncline.config.DatasetConfig;
import org.syncline.config.ModalityConfig;
import org.syncline.document.Documents;
import org.syncline.document.MapNode;
import org.syncline.document.Node;
import org.syncline.error.ConfigException;

/** Functions over the devices of a recording. */
final class Experiments {
  private Experiments() {}

  private static final class Open extends Handles.Resource {
    final Experiment experiment;

    Open(Experiment experiment) {
      this.experiment = experiment;
    }

    @Override
    String what() {
      return "the experiment " + experiment.root();
    }

    @Override
    void close() {
      experiment.close();
    }
  }

  static long open(long words) {
    Path root = Path.of(Memory.text(Memory.word(words, 0)));
    String modalities = Memory.text(Memory.word(words, 1));
    long flags = Memory.word(words, 2);
    if ((flags & ~Export.CACHE) != 0) {
      throw new IllegalArgumentException(
          "flags is " + flags + ", expected 0 or SYNCLINE_CACHE, " + Export.CACHE);
    }
    Map<String, ModalityConfig> configs = new LinkedHashMap<>();
    if (modalities == null) {
      configs.putAll(DatasetConfig.defaults().modalities());
    } else {
      Node node = Options.tree(modalities, "modality_config");
      if (!(node instanceof MapNode map)) {
        throw new ConfigException(
            "modality_config", 0, "modality_config", "found " + node.kind() + ", expected a map");
      }
      map.value()
          .forEach(
              (name, value) ->
                  configs.put(
                      name,
                      ModalityConfig.parse(
                          value == null ? "{}" : Documents.toJson(value),
                          name,
                          "modality_config",
                          null)));
    }
    return Handles.add(new Open(Experiment.open(root, configs, flags != 0, Provided.registry())));
  }

  static String info(long words) {
    Experiment e = Handles.get(Memory.word(words, 0), Open.class).experiment;
    Map<String, Object> devices = new LinkedHashMap<>();
    for (String name : e.deviceNames()) {
      devices.put(name, Interpolators.describe(e.device(name), e.root().resolve(name)));
    }
    Map<String, Object> info = new LinkedHashMap<>();
    info.put("root", e.root().toString());
    info.put("start_time", e.startTime());
    info.put("end_time", e.endTime());
    info.put("devices", devices);
    return Documents.toJson(info);
  }

  static void interpolate(long words) {
    Experiment e = Handles.get(Memory.word(words, 0), Open.class).experiment;
    String device = Memory.text(Memory.word(words, 1));
    if (!e.deviceNames().contains(device)) {
      throw new Failure(
          Status.KEY,
          "unknown device '" + device + "', expected one of " + String.join(", ", e.deviceNames()));
    }
    double[] times = Interpolators.times(Memory.word(words, 2), Memory.word(words, 3));
    Interpolators.deliver(words, e.interpolate(times, device));
  }
}
