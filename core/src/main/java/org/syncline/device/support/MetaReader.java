/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.syncline.device.intervals.TimeIntervalMeta;
import org.syncline.device.screen.ScreenMeta;
import org.syncline.device.sequence.SequenceMeta;
import org.syncline.device.spikes.SpikesMeta;
import org.syncline.document.MapNode;
import org.syncline.document.Node;
import org.syncline.document.ScalarNode;
import org.syncline.format.Fields;
import org.syncline.format.SafeNames;

/** Reads meta.yml into the record of its modality. */
final class MetaReader {
  static final List<String> MODALITIES = List.of("sequence", "screen", "time_interval", "spikes");

  private MetaReader() {}

  static DeviceMeta read(Path folder) {
    return read(folder, Fields.readYaml(folder.resolve("meta.yml")));
  }

  static DeviceMeta read(Path folder, Fields fields) {
    if (!fields.has("modality")) {
      throw fields.error("modality", "nothing", "one of " + String.join(", ", MODALITIES), null);
    }
    String modality = fields.text("modality");
    return switch (modality) {
      case "sequence" -> sequence(folder, fields);
      case "screen" -> screen(folder, fields);
      case "time_interval" -> intervals(folder, fields);
      case "spikes" -> spikes(folder, fields);
      default ->
          throw fields.error(
              "modality",
              "'" + modality + "'",
              "one of " + String.join(", ", MODALITIES),
              MODALITIES.contains(modality.toLowerCase(Locale.ROOT))
                  ? "write it in lower case"
                  : null);
    };
  }

  private static SequenceMeta sequence(Path folder, Fields fields) {
    double rate = Double.NaN;
    if (fields.get("sampling_rate") != null) {
      rate = fields.numberOrNull("sampling_rate");
      if (!(rate > 0) || Double.isInfinite(rate)) {
        throw fields.error("sampling_rate", String.valueOf(rate), "a positive number of Hz", null);
      }
    } else if (!Files.exists(folder.resolve("timestamps.npy"))) {
      throw fields.error(
          "sampling_rate",
          "nothing",
          "a positive number of Hz",
          "a sequence without a rate needs its own times in timestamps.npy");
    }
    boolean irregular = Double.isNaN(rate);
    boolean declared = !irregular || fields.has("start_time") && fields.has("end_time");
    boolean mapped = fields.flag("is_mem_mapped", false);
    if (mapped) {
      for (String key : new String[] {"dtype", "n_timestamps", "n_signals"}) {
        if (fields.get(key) == null) {
          throw fields.error(
              key,
              "nothing",
              "a value, since is_mem_mapped is true",
              "data.mem has no header to read it from");
        }
      }
    }
    return new SequenceMeta(
        folder,
        rate,
        declared ? fields.numberOrNull("start_time") : Double.NaN,
        declared ? fields.numberOrNull("end_time") : Double.NaN,
        declared,
        fields.get("n_signals") == null ? -1 : (int) fields.count("n_signals", Integer.MAX_VALUE),
        mapped,
        fields.get("dtype") == null ? null : fields.text("dtype"),
        fields.get("n_timestamps") == null ? -1 : fields.count("n_timestamps", 1L << 53),
        fields.flag("phase_shift_per_signal", false));
  }

  private static ScreenMeta screen(Path folder, Fields fields) {
    boolean declared = fields.has("start_time") && fields.has("end_time");
    Object rate = fields.get("frame_rate") instanceof ScalarNode s ? s.value() : null;
    return new ScreenMeta(
        folder,
        declared ? fields.numberOrNull("start_time") : Double.NaN,
        declared ? fields.numberOrNull("end_time") : Double.NaN,
        declared,
        fields.flag("use_stimuli_names", false),
        rate instanceof Number n ? n.doubleValue() : Double.NaN);
  }

  private static TimeIntervalMeta intervals(Path folder, Fields fields) {
    if (!(fields.map().get("labels") instanceof MapNode map)) {
      throw fields.error("labels", fields.map().get("labels"), "a map of labels to .npy files");
    }
    Map<String, Path> labels = new LinkedHashMap<>();
    for (Map.Entry<String, Node> entry : map.entries().entrySet()) {
      String key = "labels." + entry.getKey();
      if (!(entry.getValue() instanceof ScalarNode s && s.value() instanceof String name)) {
        throw fields.error(key, entry.getValue(), "the name of a .npy file");
      }
      String fault = SafeNames.fault(name);
      Path path = fault == null ? SafeNames.resolve(folder, name) : null;
      if (path == null) {
        throw fields.error(
            key,
            "'" + name + "'",
            "the name of a file inside the device's folder",
            fault == null ? null : "it " + fault);
      }
      labels.put(entry.getKey(), path);
    }
    return new TimeIntervalMeta(
        folder,
        fields.numberOrNull("start_time"),
        fields.numberOrNull("end_time"),
        true,
        Collections.unmodifiableMap(labels));
  }

  private static SpikesMeta spikes(Path folder, Fields fields) {
    long[] indices = fields.counts("spike_indices");
    for (int i = 1; i < indices.length; i++) {
      if (indices[i] < indices[i - 1]) {
        throw fields.error(
            "spike_indices[" + i + "]",
            indices[i] + " after " + indices[i - 1],
            "offsets that do not descend",
            null);
      }
    }
    if (fields.get("n_signals") != null) {
      long signals = fields.count("n_signals", Integer.MAX_VALUE);
      int units = Math.max(indices.length - 1, 0);
      if (signals != units) {
        throw fields.error(
            "n_signals",
            String.valueOf(signals),
            units + ", as spike_indices has " + indices.length + " offsets",
            null);
      }
    }
    return new SpikesMeta(
        folder,
        fields.numberOrNull("start_time"),
        fields.numberOrNull("end_time"),
        true,
        indices,
        fields.flag("is_mem_mapped", false),
        fields.get("dtype") == null ? "float64" : fields.text("dtype"));
  }
}
