/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.syncline.Registry;
import org.syncline.array.ElementType;
import org.syncline.device.Interpolation;
import org.syncline.device.Interpolator;
import org.syncline.device.Sampler;
import org.syncline.document.Documents;
import org.syncline.document.MapNode;
import org.syncline.document.Node;
import org.syncline.error.ConfigException;
import org.syncline.interval.TimeInterval;

/**
 * Parts of a dataset that live in the host's language, as far as this side must know them: a device
 * whose values the host computes is here an interpolator with the device's ranges and no columns,
 * so that the common range, chunk times and timestamps come out as they would; a filter that the
 * host has run is here a filter with a fixed answer.
 */
final class Provided {
  private static final String DEVICE = "syncline.bridge.provided_device";
  private static final String INTERVALS = "syncline.bridge.provided_intervals";

  private Provided() {}

  /** Returns the registered components of the process and those that {@link #configure} writes. */
  static Registry registry() {
    return Registry.services().toBuilder()
        .interpolator(DEVICE, (folder, arguments) -> device(arguments))
        .filter(
            INTERVALS,
            target -> {
              List<TimeInterval> intervals = intervals(target.arguments().get("intervals"));
              return device -> intervals;
            })
        .build();
  }

  /**
   * Returns a configuration's text with the provided parts written into it.
   *
   * @param config YAML or JSON, whole file or dataset level
   * @param devices name → start_time, end_time, valid_interval
   * @param intervals lists of [start, end] pairs
   */
  static String configure(String config, Map<String, Object> devices, List<?> intervals) {
    if (devices.isEmpty() && intervals.isEmpty()) {
      return config;
    }
    Node node = Options.tree(config, "configuration");
    if (!(node instanceof MapNode map)) {
      throw new ConfigException(
          "configuration", 0, "configuration", "found " + node.kind() + ", expected a map");
    }
    Map<String, Object> root = copy(map.value());
    Map<String, Object> dataset = root.containsKey("dataset") ? child(root, "dataset") : root;
    Map<String, Object> modalities = child(dataset, "modality_config");
    for (Map.Entry<String, Object> entry : devices.entrySet()) {
      if (!modalities.containsKey(entry.getKey())) {
        throw new ConfigException(
            "options",
            0,
            "devices." + entry.getKey(),
            "is no device of the configuration, which has "
                + String.join(", ", modalities.keySet()));
      }
      Map<String, Object> modality = child(modalities, entry.getKey());
      // what happens to values is the host's business as well
      modality.remove("transforms");
      modality.remove("filters");
      modality.remove("columns");
      modality.remove("unit_ids");
      modality.remove("nans");
      Map<String, Object> interpolation = new LinkedHashMap<>();
      interpolation.put("_target_", DEVICE);
      if (entry.getValue() instanceof Map<?, ?> range) {
        range.forEach((key, value) -> interpolation.put(String.valueOf(key), value));
      }
      modality.put("interpolation", interpolation);
    }
    for (int i = 0; i < intervals.size(); i++) {
      Map<String, Object> filter = new LinkedHashMap<>();
      filter.put("_target_", INTERVALS);
      filter.put("intervals", intervals.get(i));
      // the same for every device, since one that is left out takes its filters along
      for (String name : List.copyOf(modalities.keySet())) {
        Map<String, Object> modality = child(modalities, name);
        Object filters = modality.get("filters");
        Map<String, Object> all =
            filters instanceof Map<?, ?> ? child(modality, "filters") : new LinkedHashMap<>();
        all.put("provided_intervals_" + i, filter);
        modality.put("filters", all);
      }
    }
    return Documents.toJson(root);
  }

  private static Map<String, Object> copy(Map<?, ?> map) {
    Map<String, Object> copy = new LinkedHashMap<>();
    map.forEach((key, value) -> copy.put(String.valueOf(key), value));
    return copy;
  }

  /** Makes the map at a key changeable, and returns it; an empty one where there is nothing. */
  private static Map<String, Object> child(Map<String, Object> parent, String key) {
    Map<String, Object> copy =
        parent.get(key) instanceof Map<?, ?> m ? copy(m) : new LinkedHashMap<>();
    parent.put(key, copy);
    return copy;
  }

  private static double number(Object value, String key) {
    if (value instanceof Number n) {
      return n.doubleValue();
    }
    throw new ConfigException(
        "options", 0, key, "found " + Documents.toJson(value) + ", expected a number");
  }

  /** Reads a list of [start, end] pairs. */
  static List<TimeInterval> intervals(Object value) {
    List<TimeInterval> all = new ArrayList<>();
    if (!(value instanceof List<?> list)) {
      throw new ConfigException(
          "options",
          0,
          "valid_intervals",
          "found " + Documents.toJson(value) + ", expected a list of [start, end]");
    }
    for (Object item : list) {
      all.add(interval(item, "valid_intervals"));
    }
    return all;
  }

  private static TimeInterval interval(Object value, String key) {
    if (!(value instanceof List<?> pair) || pair.size() != 2) {
      throw new ConfigException(
          "options", 0, key, "found " + Documents.toJson(value) + ", expected [start, end]");
    }
    return new TimeInterval(number(pair.get(0), key), number(pair.get(1), key));
  }

  private static Interpolator device(Map<String, Object> arguments) {
    double start = number(arguments.get("start_time"), "devices.start_time");
    double end = number(arguments.get("end_time"), "devices.end_time");
    Object valid = arguments.get("valid_interval");
    return new Ranges(
        start,
        end,
        valid == null ? new TimeInterval(start, end) : interval(valid, "devices.valid_interval"));
  }

  /** A device with ranges and no values. */
  private record Ranges(double startTime, double endTime, TimeInterval validInterval)
      implements Interpolator {
    @Override
    public Interpolation interpolate(double[] times) {
      throw new Failure(Status.UNSUPPORTED, "the values of this device are the host's");
    }

    @Override
    public Sampler sampler() {
      return new Nothing();
    }

    @Override
    public void close() {
      // owns nothing
    }
  }

  /** T samples of no columns. */
  private record Nothing() implements Sampler, Sampler.Cursor {
    @Override
    public ElementType type() {
      return ElementType.FLOAT32;
    }

    @Override
    public long[] shape(int samples) {
      return new long[] {samples, 0};
    }

    @Override
    public Sampler.Cursor cursor(int maxSamples) {
      return this;
    }

    @Override
    public int read(double[] times, int count, MemorySegment dst, long dstOffset) {
      return count;
    }

    @Override
    public long replacedNaNs() {
      return 0;
    }

    @Override
    public void close() {
      // owns nothing
    }
  }
}
