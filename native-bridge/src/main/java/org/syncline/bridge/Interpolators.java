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
import java.util.Set;
import org.syncline.Registry;
import org.syncline.array.Tensor;
import org.syncline.config.DatasetConfigs;
import org.syncline.config.ModalityConfig;
import org.syncline.device.Finish;
import org.syncline.device.Interpolation;
import org.syncline.device.Interpolator;
import org.syncline.device.Sampler;
import org.syncline.device.intervals.TimeIntervalMeta;
import org.syncline.device.screen.ScreenMeta;
import org.syncline.device.sequence.SequenceMeta;
import org.syncline.device.spikes.SpikesMeta;
import org.syncline.device.support.DeviceMeta;
import org.syncline.device.trials.TrialIndex;
import org.syncline.document.Documents;

/** Functions over one device. */
final class Interpolators {
  private static final List<String> MODES =
      List.of("nearest_neighbor", "previous", "nearest", "linear");

  /**
   * Keys of a modality that change what its interpolator reads; the others are meant for datasets.
   */
  private static final Set<String> MODALITY_KEYS = Set.of("columns", "unit_ids");

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
      cache = given.flag("cache_data");
      modality = new LinkedHashMap<>();
      for (String key : MODALITY_KEYS) {
        if (given.get(key) != null) {
          modality.put(key, given.get(key));
        }
      }
      options = new LinkedHashMap<>(given.rest());
      Object m = options.remove("interpolation_mode");
      mode = m == null ? "nearest_neighbor" : String.valueOf(m);
      first = open(MODES.contains(mode) ? mode : "nearest_neighbor");
      byMode.put(MODES.contains(mode) ? mode : "nearest_neighbor", first);
    }

    private Interpolator open(String wanted) {
      Map<String, Object> interpolation = new LinkedHashMap<>(options);
      if (!options.containsKey("_target_")) {
        interpolation.put("interpolation_mode", wanted);
      }
      modality.put("interpolation", interpolation);
      ModalityConfig config =
          DatasetConfigs.parseModality(
              Documents.toJson(modality), name(folder), "options", unknown -> {});
      return org.syncline.device.Interpolators.open(
          folder, config, cache, Registry.services().interpolators());
    }

    synchronized Interpolator in(String wanted) {
      if (closed) {
        throw new Status.Failure(Status.CLOSED, what() + " is closed");
      }
      String m = wanted == null ? mode : wanted;
      Interpolator i = byMode.get(m);
      if (i == null) {
        if (!MODES.contains(m)) {
          throw new Status.Failure(
              Status.UNSUPPORTED,
              "interpolation_mode is '" + m + "', expected one of " + String.join(", ", MODES));
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
    Sampler plain = i.sampler(Finish.NONE);
    info.put("dtype", plain.type().numpyName());
    info.put("shape", plain.shape(1));
    if (!i.getClass().getPackageName().startsWith(Interpolator.class.getPackageName() + ".")) {
      return info;
    }
    switch (DeviceMeta.read(folder)) {
      case SequenceMeta m -> {
        info.put("modality", m.modality());
        info.put("phase_shift_per_signal", m.phaseShifted());
        info.put("sampling_rate", m.irregular() ? null : m.samplingRate());
        info.put("n_signals", plain.shape(1)[1]);
      }
      case ScreenMeta m -> {
        info.put("modality", m.modality());
        // (t, channels, height, width)
        info.put("image_size", List.of(plain.shape(1)[2], plain.shape(1)[3]));
      }
      case TimeIntervalMeta m -> {
        info.put("modality", m.modality());
        info.put("labels", List.copyOf(m.labels().keySet()));
      }
      case SpikesMeta m -> {
        info.put("modality", m.modality());
        info.put("n_signals", m.units());
        info.put("spikes_file", m.dataFile().toString());
      }
    }
    return info;
  }

  static String trials(long words) {
    Device d = get(words);
    if (!(DeviceMeta.read(d.folder) instanceof ScreenMeta meta)) {
      throw new Status.Failure(Status.ARGUMENT, d.what() + " has no trials: it is no screen");
    }
    Object names = d.options.get("use_stimuli_names");
    TrialIndex index =
        TrialIndex.open(d.folder, names instanceof Boolean b ? b : meta.useStimuliNames());
    List<String> keys = index.metadataKeys();
    List<Map<String, Object>> trials = new ArrayList<>(index.size());
    for (int k = 0; k < index.size(); k++) {
      Map<String, Object> metadata = new LinkedHashMap<>();
      for (String key : keys) {
        Object value = index.metadata(k, key);
        if (value != null) {
          metadata.put(key, value);
        }
      }
      Map<String, Object> trial = new LinkedHashMap<>();
      trial.put("key", index.key(k));
      trial.put("modality", index.kind(k).name().toLowerCase(java.util.Locale.ROOT));
      trial.put("first_frame_idx", index.firstFrame(k));
      trial.put("num_frames", index.frames(k));
      trial.put("data_file", index.hasFile(k) ? index.file(k).toString() : null);
      trial.put("image_size", List.of(index.height(k), index.width(k)));
      trial.put("metadata", metadata);
      trials.add(trial);
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
