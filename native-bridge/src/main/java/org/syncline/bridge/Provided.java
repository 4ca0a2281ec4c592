/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.syncline.Registry;
import org.syncline.array.ElementType;
import org.syncline.config.ConfigFile;
import org.syncline.config.ModalityConfig;
import org.syncline.config.NormalizationConfig;
import org.syncline.config.schema.Names;
import org.syncline.dataset.Normalizations;
import org.syncline.device.Interpolation;
import org.syncline.device.Interpolator;
import org.syncline.device.Layout;
import org.syncline.device.Sampler;
import org.syncline.document.Documents;
import org.syncline.document.MapNode;
import org.syncline.document.Node;
import org.syncline.error.ConfigException;
import org.syncline.filter.Filter;
import org.syncline.format.Statistics;
import org.syncline.interval.TimeInterval;
import org.syncline.storage.Npy;
import org.syncline.transform.Normalization;

/**
 * Parts of a dataset that live in the host's language, as far as this side must know them: a device
 * whose values the host computes is here an interpolator with the device's ranges and no columns,
 * so that the common range, chunk times and timestamps come out as they would; a filter that the
 * host has run is here a filter with a fixed answer.
 */
final class Provided {
  private static final String DEVICE = "syncline.bridge.provided_device";
  private static final String INTERVALS = "syncline.bridge.provided_intervals";
  private static final String CHUNKS = "syncline.bridge.provided_chunks";

  /** Of a filter that judges chunks: when those begin that it leaves out. */
  private static final String REJECTED = "rejected";

  /** Keys of what one filter answered. */
  private static final List<String> NAMED = List.of("device", "name", "intervals", REJECTED);

  /** The key of a device under which the host gives statistics of the samples that it has. */
  private static final String COMPUTED = "computed";

  /** Keys of a device. */
  private static final List<String> DEVICE_KEYS =
      List.of("start_time", "end_time", "valid_interval", COMPUTED);

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
        .filter(CHUNKS, target -> new Judged(rejected(target.arguments().get(REJECTED))))
        .build();
  }

  /**
   * Returns a configuration's text with the provided parts written into it.
   *
   * @param config YAML or JSON, whole file or dataset level
   * @param devices name → start_time, end_time, valid_interval
   * @param intervals lists of [start, end] pairs, or maps of such a list, or of the first times of
   *     chunks that are left out, with the device and the name of the filter that gave it
   */
  static String configure(String config, Map<String, Object> devices, List<?> intervals) {
    if (devices.isEmpty() && intervals.isEmpty()) {
      return config;
    }
    Map<String, Object> root = tree(config);
    Map<String, Object> modalities = modalities(root);
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
        known(range, "devices." + entry.getKey(), DEVICE_KEYS);
        interpolation.putAll(copy(range));
        interpolation.remove(COMPUTED);
      }
      modality.put("interpolation", interpolation);
    }
    for (int i = 0; i < intervals.size(); i++) {
      Map<String, Object> filter = new LinkedHashMap<>();
      if (intervals.get(i) instanceof Map<?, ?> named) {
        boolean judges = named.get(REJECTED) != null;
        check(named);
        filter.put("_target_", judges ? CHUNKS : INTERVALS);
        String answer = judges ? REJECTED : "intervals";
        filter.put(answer, named.get(answer));
        addFilter(
            modalities,
            String.valueOf(named.get("device")),
            named.get("name") instanceof String name ? name : "provided_intervals_" + i,
            filter);
        continue;
      }
      filter.put("_target_", INTERVALS);
      filter.put("intervals", intervals.get(i));
      // the same for every device, since one that is left out takes its filters along
      for (String name : List.copyOf(modalities.keySet())) {
        addFilter(modalities, name, "provided_intervals_" + i, filter);
      }
    }
    return Documents.toJson(root);
  }

  private static void known(Map<?, ?> map, String place, List<String> keys) {
    for (Object key : map.keySet()) {
      if (!keys.contains(key)) {
        throw new ConfigException(
            "options",
            0,
            place + "." + key,
            "unknown key; " + Names.advice(String.valueOf(key), keys));
      }
    }
  }

  /** Refuses a map that says more than what one filter answered. */
  private static void check(Map<?, ?> named) {
    known(named, "valid_intervals", NAMED);
    if (named.get(REJECTED) != null && named.get("intervals") != null) {
      throw new ConfigException(
          "options",
          0,
          "valid_intervals",
          "found intervals and " + REJECTED + ", expected one of them, in a map of its own");
    }
  }

  private static void addFilter(
      Map<String, Object> modalities, String device, String key, Map<String, Object> filter) {
    if (!modalities.containsKey(device)) {
      throw new ConfigException(
          "options",
          0,
          "valid_intervals." + device,
          "is no device of the configuration, which has " + String.join(", ", modalities.keySet()));
    }
    Map<String, Object> modality = child(modalities, device);
    child(modality, "filters").put(key, filter);
    modalities.put(device, modality);
  }

  /**
   * Finds what the host is to normalise its devices with, by the rules for all devices.
   *
   * @param root the recording's folder
   * @param config as in {@link #configure}, or null for the default
   * @param devices as in {@link #configure}; {@code computed} of one holds means and stds of its
   *     samples, which only the host can see
   * @return by name, those that are normalised
   */
  static Map<String, Normalization> statistics(
      Path root, String config, Map<String, Object> devices) {
    Map<String, Normalization> found = new LinkedHashMap<>();
    if (devices.isEmpty()) {
      return found;
    }
    Map<String, Object> modalities =
        modalities(tree(config == null ? ConfigFile.defaultText() : config));
    devices.forEach(
        (name, given) -> {
          Object transforms = child(modalities, name).get("transforms");
          Map<String, Object> own = new LinkedHashMap<>();
          own.put("transforms", transforms);
          ModalityConfig modality =
              ModalityConfig.parse(Documents.toJson(own), name, "configuration", unknown -> {});
          NormalizationConfig normalization = modality.normalization();
          if (normalization != null) {
            Normalization computed = given instanceof Map<?, ?> map ? computed(map, name) : null;
            Path folder = root.resolve(name);
            int width = width(folder, normalization, computed);
            found.put(
                name,
                Normalizations.of(
                    name,
                    folder,
                    modality,
                    new Ranges(
                        0,
                        0,
                        new TimeInterval(0, 0),
                        name.equals("screen") ? Layout.FRAMES : Layout.COLUMNS,
                        computed),
                    width,
                    ElementType.FLOAT64));
          }
        });
    return found;
  }

  private static Normalization computed(Map<?, ?> device, String name) {
    return switch (device.get(COMPUTED)) {
      case null -> null;
      case Map<?, ?> map -> {
        known(map, "devices." + name + "." + COMPUTED, List.of("means", "stds"));
        double[] means = numbers(map.get("means"), name);
        double[] stds = numbers(map.get("stds"), name);
        if (means.length != stds.length) {
          throw new ConfigException(
              "options",
              0,
              "devices." + name + "." + COMPUTED,
              "found " + means.length + " means and " + stds.length + " stds, expected as many");
        }
        yield new Normalization(means, stds);
      }
      case Object other ->
          throw new ConfigException(
              "options",
              0,
              "devices." + name + "." + COMPUTED,
              "found " + Documents.toJson(other) + ", expected a map of means and stds");
    };
  }

  private static double[] numbers(Object value, String device) {
    String key = "devices." + device + "." + COMPUTED;
    if (!(value instanceof List<?> list)) {
      throw new ConfigException(
          "options", 0, key, "found " + Documents.toJson(value) + ", expected a list of numbers");
    }
    return list.stream().mapToDouble(item -> number(item, key)).toArray();
  }

  /** Returns how many columns the host's device has, as far as its statistics say. */
  private static int width(Path folder, NormalizationConfig config, Normalization computed) {
    int given = Math.max(length(config.means()), length(config.stds()));
    return switch (config.mode()) {
      case SCREEN_DEFAULT -> 1;
      case RECOMPUTE_RESPONSES, RECOMPUTE_BEHAVIOR -> computed == null ? 1 : computed.stds().length;
      case NORMALIZE, NORMALIZE_VARIANCE_ONLY -> stored(folder, "stds");
      case MAP ->
          given > 1
              ? given
              : config.stds() == null
                  ? stored(folder, "stds")
                  : config.means() == null ? stored(folder, "means") : given;
    };
  }

  private static int length(double[] values) {
    return values == null ? 0 : values.length;
  }

  private static int stored(Path folder, String name) {
    return Npy.readDoubles(Statistics.file(folder, name)).values().length;
  }

  private static Map<String, Object> tree(String config) {
    Node node = Options.tree(config, "configuration");
    if (!(node instanceof MapNode map)) {
      throw new ConfigException(
          "configuration", 0, "configuration", "found " + node.kind() + ", expected a map");
    }
    return copy(map.value());
  }

  /** Returns the devices of a configuration, to be changed in it. */
  private static Map<String, Object> modalities(Map<String, Object> root) {
    Map<String, Object> dataset = root.containsKey("dataset") ? child(root, "dataset") : root;
    return child(dataset, "modality_config");
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

  private static double[] rejected(Object value) {
    String key = "valid_intervals." + REJECTED;
    if (!(value instanceof List<?> list)) {
      throw new ConfigException(
          "options", 0, key, "found " + Documents.toJson(value) + ", expected a list of times");
    }
    return list.stream().mapToDouble(time -> number(time, key)).sorted().toArray();
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
    Object given = arguments.get("valid_interval");
    TimeInterval valid =
        given == null ? new TimeInterval(start, end) : interval(given, "devices.valid_interval");
    boolean timed = Double.isFinite(start) && Double.isFinite(end);
    if (timed && (Double.isNaN(valid.start()) || Double.isNaN(valid.end()))) {
      throw new ConfigException(
          "options",
          0,
          "devices.valid_interval",
          "found " + Documents.toJson(given) + ", expected times in seconds");
    }
    return new Ranges(start, end, valid, Layout.COLUMNS, null);
  }

  /** Leaves out the chunks for which a device is first sampled at one of some ascending times. */
  private record Judged(double[] rejected) implements Filter {
    @Override
    public List<TimeInterval> validIntervals(Interpolator device) {
      return List.of(new TimeInterval(device.startTime(), device.endTime()));
    }

    @Override
    public Optional<Predicate<double[]>> chunks(Interpolator device) {
      return Optional.of(times -> Arrays.binarySearch(rejected, times[0]) < 0);
    }
  }

  /** A device with ranges and no values; {@code computed} are statistics of those, or null. */
  private record Ranges(
      double startTime,
      double endTime,
      TimeInterval validInterval,
      Layout layout,
      Normalization computed)
      implements Interpolator {
    @Override
    public Optional<Normalization> computeStatistics() {
      return Optional.ofNullable(computed);
    }

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
