/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.syncline.config.DatasetConfig;
import org.syncline.config.InterpolationConfig;
import org.syncline.config.ModalityConfig;
import org.syncline.config.NormalizationConfig;
import org.syncline.config.Target;
import org.syncline.device.screen.ScreenMeta;
import org.syncline.device.sequence.SequenceMeta;
import org.syncline.device.spikes.SpikesMeta;
import org.syncline.device.support.DeviceMeta;
import org.syncline.error.RecordingException;
import org.syncline.format.Statistics;
import org.syncline.storage.Npy;

/** Derives configurations from what lies in a recording's folder. */
public final class DefaultConfigs {
  /** Seconds that a chunk lasts, where its lead's rate allows. */
  private static final double CHUNK_SECONDS = 2;

  /** Samples of a chunk at most: a lead at 20 kHz has chunks of a tenth of a second. */
  private static final int MOST_SAMPLES = 2000;

  /** Rate in Hz of a screen whose meta.yml does not say its frame rate. */
  private static final double FRAME_RATE = 30;

  /** Highest rate in Hz at which spikes are counted. */
  private static final double SPIKE_RATE = 100;

  private DefaultConfigs() {}

  /**
   * Builds a configuration that streams every device of a recording.
   *
   * <p>The screen leads, else the sequence with the highest rate (of equal ones {@code responses}),
   * else the first device. Chunks last two seconds (at most 2000 samples of the lead) and follow
   * each other without overlap, on the exact time grid; those that would come back short are left
   * out. Sequences have the rate they are stored with (at most 2000 samples a chunk), spikes are
   * counted in bins that follow each other, at most 100 a second. Signals are normalised with the
   * stored statistics where there are usable ones (responses by their deviation alone), stretches
   * with NaN are left out. Sub-folders without meta.yml and devices without finite times are
   * skipped.
   *
   * @throws RecordingException where the folder has no device, or a meta.yml is wrong
   */
  public static DatasetConfig forRecording(Path root) {
    Map<String, DeviceMeta> metas = metas(root);
    if (metas.isEmpty()) {
      throw RecordingException.of(
          root,
          null,
          "no sub-folder with a meta.yml and finite times",
          "at least one device",
          "check the path");
    }
    String lead = lead(metas);
    double leadRate = rate(metas.get(lead));
    int leadSamples = samples(CHUNK_SECONDS, leadRate);
    double seconds = leadSamples / leadRate;
    Map<String, ModalityConfig> modalities = new LinkedHashMap<>();
    for (Map.Entry<String, DeviceMeta> entry : metas.entrySet()) {
      DeviceMeta meta = entry.getValue();
      double rate = entry.getKey().equals(lead) ? leadRate : rate(meta);
      if (meta instanceof SpikesMeta || !(rate > 0)) {
        rate = Math.max(Math.min(leadRate, SPIKE_RATE), 1 / seconds);
      }
      int samples = entry.getKey().equals(lead) ? leadSamples : samples(seconds, rate);
      if (samples == MOST_SAMPLES && seconds * rate > MOST_SAMPLES) {
        rate = MOST_SAMPLES / seconds;
      }
      modalities.put(entry.getKey(), modality(entry.getKey(), meta, rate, samples));
    }
    return new DatasetConfig(
        null,
        null,
        false,
        false,
        false,
        null,
        true,
        modalities,
        null,
        threshold(metas, seconds),
        5,
        DatasetConfig.TimeGrid.EXACT,
        lead,
        DatasetConfig.ShortChunks.SKIP);
  }

  private static Map<String, DeviceMeta> metas(Path root) {
    List<Path> folders;
    try (Stream<Path> all = Files.list(root)) {
      folders = all.filter(f -> Files.isRegularFile(f.resolve("meta.yml"))).sorted().toList();
    } catch (IOException e) {
      throw RecordingException.of(
          root,
          null,
          !Files.exists(root)
              ? "nothing"
              : Files.isDirectory(root) ? "a folder that cannot be listed" : "a file",
          "a folder with one sub-folder a device",
          "check the path and the right to read it",
          e);
    }
    Map<String, DeviceMeta> metas = new LinkedHashMap<>();
    for (Path folder : folders) {
      DeviceMeta meta = DeviceMeta.read(folder);
      if (!meta.timesDeclared() || meta.hasFiniteTimes()) {
        metas.put(folder.getFileName().toString(), meta);
      }
    }
    return metas;
  }

  private static String lead(Map<String, DeviceMeta> metas) {
    String lead = null;
    double best = Double.NEGATIVE_INFINITY;
    for (Map.Entry<String, DeviceMeta> entry : metas.entrySet()) {
      DeviceMeta meta = entry.getValue();
      double rank =
          meta instanceof ScreenMeta
              ? Double.POSITIVE_INFINITY
              : meta instanceof SequenceMeta ? rate(meta) : -1;
      // of equal rates the responses', which are what recordings are made for
      if (rank > best || lead == null || rank == best && entry.getKey().equals("responses")) {
        best = rank;
        lead = entry.getKey();
      }
    }
    return lead;
  }

  /** Returns the rate in Hz that a device is stored with, or a guess where it has none. */
  private static double rate(DeviceMeta meta) {
    return switch (meta) {
      case ScreenMeta m -> m.frameRate() > 0 ? m.frameRate() : FRAME_RATE;
      case SequenceMeta m -> m.irregular() ? meanRate(m) : m.samplingRate();
      default -> FRAME_RATE;
    };
  }

  private static double meanRate(SequenceMeta meta) {
    double[] times = Npy.readDoubles(meta.timestampsFile()).values();
    double span = times.length < 2 ? 0 : times[times.length - 1] - times[0];
    return span > 0 ? Math.max(1, Math.rint((times.length - 1) / span)) : FRAME_RATE;
  }

  private static int samples(double seconds, double rate) {
    return (int) Math.clamp(Math.rint(seconds * rate), 1, MOST_SAMPLES);
  }

  private static double threshold(Map<String, DeviceMeta> metas, double seconds) {
    double first = Double.NEGATIVE_INFINITY;
    double last = Double.POSITIVE_INFINITY;
    for (DeviceMeta meta : metas.values()) {
      if (meta.hasFiniteTimes()) {
        first = Math.max(first, meta.startTime());
        last = Math.min(last, meta.endTime());
      }
    }
    // a recording of a few chunks must not lose them to the margin
    return last - first < 4 * seconds || last - first < 4 ? 0 : 0.5;
  }

  private static ModalityConfig modality(String name, DeviceMeta meta, double rate, int samples) {
    NormalizationConfig normalization = null;
    List<Target> filters = new ArrayList<>();
    InterpolationConfig interpolation = InterpolationConfig.DEFAULT;
    InterpolationConfig i = InterpolationConfig.DEFAULT;
    switch (meta) {
      case SequenceMeta m -> {
        boolean responses = name.equals("responses");
        if (usable(m, "stds", !responses) && (responses || usable(m, "means", false))) {
          normalization =
              new NormalizationConfig(
                  responses
                      ? NormalizationConfig.Mode.NORMALIZE_VARIANCE_ONLY
                      : NormalizationConfig.Mode.NORMALIZE,
                  null,
                  null);
        }
        filters.add(
            new Target(
                "nan_filter", "nan_filter", Map.of("vicinity", 0.05), "default configuration"));
      }
      case ScreenMeta m -> {
        if (oneValue(m, "means", false) && oneValue(m, "stds", true)) {
          normalization = new NormalizationConfig(NormalizationConfig.Mode.NORMALIZE, null, null);
        }
        interpolation =
            new InterpolationConfig(
                i.mode(),
                false,
                false,
                false,
                null,
                true,
                null,
                null,
                i.window(),
                i.align(),
                0,
                null);
      }
      case SpikesMeta m ->
          interpolation =
              new InterpolationConfig(
                  i.mode(), false, false, false, null, false, null, null, 1 / rate, "left", 0,
                  null);
      default -> {}
    }
    return new ModalityConfig(
        rate,
        samples,
        0,
        samples,
        null,
        false,
        normalization,
        List.of(),
        interpolation,
        filters,
        "keep",
        null,
        null);
  }

  /** Returns whether statistics are there, of the right length, and not zero where they divide. */
  private static boolean usable(SequenceMeta meta, String name, boolean noZero) {
    if (!Files.exists(Statistics.file(meta.folder(), name)) || meta.signals() == 0) {
      return false;
    }
    double largest = 0;
    for (double value : Statistics.read(meta.folder(), name, meta.signals())) {
      if (noZero && value == 0) {
        return false;
      }
      largest = Math.max(largest, Math.abs(value));
    }
    return largest > 0 || !name.equals("stds");
  }

  private static boolean oneValue(ScreenMeta meta, String name, boolean noZero) {
    Path file = Statistics.file(meta.folder(), name);
    if (!Files.exists(file)) {
      return false;
    }
    double[] values = Npy.readDoubles(file).values();
    return values.length == 1 && !(noZero && values[0] == 0);
  }
}
