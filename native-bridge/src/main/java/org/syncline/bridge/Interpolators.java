/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.syncline.Registry;
import org.syncline.array.Tensor;
import org.syncline.config.InterpolationConfig;
import org.syncline.config.ModalityConfig;
import org.syncline.config.schema.OpenOptions;
import org.syncline.device.Interpolation;
import org.syncline.device.Interpolator;
import org.syncline.device.Sampler;
import org.syncline.device.Trials;
import org.syncline.document.Documents;

/** Functions over one device. */
final class Interpolators {
  private static final String DEFAULT_MODE = InterpolationConfig.DEFAULT.mode().text();

  /**
   * Keys of a modality that change what its interpolator reads; the others are meant for datasets.
   */
  private static final Set<String> MODALITY_KEYS = Set.of("columns", "unit_ids", "select");

  private Interpolators() {}

  /** An open device, and the same device in the other modes that were asked for. */
  private static final class Device extends Handles.Resource {
    private final Path folder;
    private final Map<String, Object> options;
    private final Map<String, Object> modality;
    private final boolean cache;
    private final Map<String, Interpolator> byMode = new HashMap<>();

    /**
     * The mode at opening; may be one that does not exist, which only a call to interpolate minds.
     */
    private final String mode;

    private final Interpolator first;
    private boolean closed;

    Device(Path folder, Options given) {
      this.folder = folder;
      cache = given.flag(OpenOptions.CACHE_DATA);
      given.take(OpenOptions.CACHE_DATA.name());
      modality = new LinkedHashMap<>();
      for (String key : MODALITY_KEYS) {
        Object value = given.take(key);
        if (value != null) {
          modality.put(key, value);
        }
      }
      Object nested = given.take("interpolation");
      options = new LinkedHashMap<>(given.rest());
      if (nested instanceof Map<?, ?> section) {
        // as the configuration of a dataset has it
        section.forEach(
            (key, value) -> {
              String name = String.valueOf(key);
              // keep_nans of a device means nothing beside that of its interpolation
              if (options.containsKey(name)
                  && !ModalityConfig.isKey(name)
                  && !Objects.equals(options.get(name), value)) {
                throw given.wrong(
                    "interpolation." + name,
                    value,
                    options.get(name) + ", as " + name + " beside it");
              }
              options.put(name, value);
            });
      } else if (nested != null) {
        throw given.wrong("interpolation", nested, "a map");
      }
      if (!options.containsKey("_target_")) {
        // those of datasets mean nothing here; what nobody knows is an error below
        options
            .keySet()
            .removeIf(key -> ModalityConfig.isKey(key) && !InterpolationConfig.isKey(key));
      }
      Object m = options.remove("interpolation_mode");
      mode = m == null ? DEFAULT_MODE : String.valueOf(m);
      String known = modes().contains(mode) ? mode : DEFAULT_MODE;
      first = open(known);
      byMode.put(known, first);
    }

    private Interpolator open(String wanted) {
      Map<String, Object> interpolation = new LinkedHashMap<>(options);
      if (!options.containsKey("_target_")) {
        interpolation.put("interpolation_mode", wanted);
      }
      modality.put("interpolation", interpolation);
      ModalityConfig config =
          ModalityConfig.parse(Documents.toJson(modality), name(folder), "options", null);
      return Registry.services().open(folder, config, cache);
    }

    synchronized Interpolator in(String wanted) {
      if (closed) {
        throw new Failure(Status.CLOSED, what() + " is closed");
      }
      String m = wanted == null ? mode : wanted;
      Interpolator i = byMode.get(m);
      if (i == null) {
        if (!modes().contains(m)) {
          throw new Failure(
              Status.UNSUPPORTED,
              "interpolation_mode is '" + m + "', expected one of " + String.join(", ", modes()));
        }
        i = open(m);
        byMode.put(m, i);
      }
      return i;
    }

    @Override
    String what() {
      return "the interpolator of " + folder;
    }

    @Override
    synchronized void close() {
      closed = true;
      byMode.values().forEach(Interpolator::close);
      byMode.clear();
    }
  }

  private static List<String> modes() {
    List<String> names = new ArrayList<>();
    for (InterpolationConfig.Mode mode : InterpolationConfig.Mode.values()) {
      names.add(mode.text());
    }
    return names;
  }

  private static String name(Path folder) {
    Path name = folder.toAbsolutePath().normalize().getFileName();
    return name == null ? "device" : name.toString();
  }

  static long open(long words) {
    Path folder = Path.of(Memory.text(Memory.word(words, 0)));
    return Handles.add(
        new Device(folder, Options.parse(Memory.text(Memory.word(words, 1)), "options")));
  }

  private static Device get(long words) {
    return Handles.get(Memory.word(words, 0), Device.class);
  }

  static String info(long words) {
    Device d = get(words);
    Map<String, Object> info = describe(d.first, d.folder);
    info.put("interpolation_mode", d.mode);
    return Documents.toJson(info);
  }

  static Map<String, Object> describe(Interpolator i, Path folder) {
    Map<String, Object> info = new LinkedHashMap<>();
    info.put("class", i.getClass().getSimpleName());
    info.put("folder", folder.toString());
    info.put("start_time", i.startTime());
    info.put("end_time", i.endTime());
    info.put("valid_interval", List.of(i.validInterval().start(), i.validInterval().end()));
    Sampler plain = i.sampler();
    info.put("dtype", plain.type().numpyName());
    info.put("shape", plain.shape(1));
    info.putAll(i.properties());
    i.columns()
        .filter(columns -> !columns.isAll())
        .ifPresent(
            columns -> info.put("columns", IntStream.of(columns.indices()).boxed().toList()));
    return info;
  }

  static String trials(long words) {
    Device d = get(words);
    Trials all =
        d.first
            .trials()
            .orElseThrow(
                () -> new Failure(Status.ARGUMENT, d.what() + " has no trials: it is no screen"));
    List<Map<String, Object>> trials = new ArrayList<>(all.count());
    for (int k = 0; k < all.count(); k++) {
      trials.add(all.describe(k));
    }
    return Documents.toJson(trials);
  }

  static double[] times(long address, long n) {
    if (n < 0 || n > Integer.MAX_VALUE - 16) {
      throw new IllegalArgumentException("n is " + n + ", expected 0 to 2^31 - 17 times");
    }
    double[] times = new double[(int) n];
    if (n > 0) {
      MemorySegment.copy(
          Memory.at(address, n * 8),
          java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED,
          0,
          times,
          0,
          (int) n);
    }
    return times;
  }

  static void interpolate(long words) {
    Device d = get(words);
    String mode = Memory.text(Memory.word(words, 1));
    deliver(words, d.in(mode).interpolate(times(Memory.word(words, 2), Memory.word(words, 3))));
  }

  static void deliver(long words, Interpolation result) {
    Tensor valid = Results.longs(result.valid());
    View.managed(words, result.values(), valid);
  }
}
