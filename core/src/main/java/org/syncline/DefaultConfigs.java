/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.syncline.config.DatasetConfig;
import org.syncline.config.ModalityConfig;
import org.syncline.device.DeviceMeta;
import org.syncline.device.support.Answers;
import org.syncline.error.RecordingException;
import org.syncline.format.DeviceFolders;
import org.syncline.format.checksum.Checksums;
import org.syncline.setting.Setting;

/** Derives configurations from what lies in a recording's folder. */
public final class DefaultConfigs {
  /** Seconds that a chunk lasts, where its lead's rate allows. */
  private static final double CHUNK_SECONDS = 2;

  /** Samples of a chunk at most: a lead at 20 kHz has chunks of a tenth of a second. */
  private static final int MOST_SAMPLES = 2000;

  /** Rate in Hz of a lead without a rate of its own. */
  private static final double LEADING_RATE = 30;

  /** Highest rate in Hz of a device without a rate of its own. */
  private static final double FOLLOWING_RATE = 100;

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
    Objects.requireNonNull(root, "root is null");
    return forRecording(root, Registry.services());
  }

  /** Same as {@link #forRecording(Path)} with other custom components. */
  public static DatasetConfig forRecording(Path root, Registry registry) {
    Objects.requireNonNull(root, "root is null");
    Objects.requireNonNull(registry, "registry is null");
    Map<String, DeviceMeta> metas = metas(root, registry);
    if (metas.isEmpty()) {
      throw RecordingException.of(
          root,
          null,
          "no device with finite start and end",
          "one at least",
          "correct meta.yml or timestamps.npy; `syncline validate` says what is wrong with them");
    }
    String lead = lead(metas);
    double leadRate = rate(metas.get(lead));
    int leadSamples = samples(CHUNK_SECONDS, leadRate);
    double seconds = leadSamples / leadRate;
    Map<String, ModalityConfig> modalities = new LinkedHashMap<>();
    for (Map.Entry<String, DeviceMeta> entry : metas.entrySet()) {
      DeviceMeta meta = entry.getValue();
      double rate = entry.getKey().equals(lead) ? leadRate : rate(meta);
      if (!(meta.defaultRate() > 0)) {
        rate = Math.max(Math.min(leadRate, FOLLOWING_RATE), 1 / seconds);
      }
      int samples = entry.getKey().equals(lead) ? leadSamples : samples(seconds, rate);
      if (samples == MOST_SAMPLES && seconds * rate > MOST_SAMPLES) {
        rate = MOST_SAMPLES / seconds;
      }
      modalities.put(entry.getKey(), modality(meta, rate, samples, entry.getKey().equals(lead)));
    }
    return DatasetConfig.builder()
        .modalities(modalities)
        .safeIntervalThreshold(threshold(metas, seconds))
        .timeGrid(DatasetConfig.TimeGrid.EXACT)
        .lead(lead)
        .shortChunks(DatasetConfig.ShortChunks.SKIP)
        .build();
  }

  private static Map<String, DeviceMeta> metas(Path root, Registry registry) {
    List<Path> folders;
    try {
      folders = DeviceFolders.of(root);
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
    if (folders.isEmpty()) {
      throw DeviceFolders.absent(root);
    }
    if (Setting.verifiesChecksums()) {
      Checksums.check(root);
      return Checksums.compared(() -> read(folders, registry));
    }
    return read(folders, registry);
  }

  private static Map<String, DeviceMeta> read(List<Path> folders, Registry registry) {
    Map<String, DeviceMeta> metas = new LinkedHashMap<>();
    for (Path folder : folders) {
      DeviceMeta meta = registry.read(folder);
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
      double rank = meta.leadRank();
      // of equal rates the responses', which are what recordings are made for
      if (rank > best || lead == null || rank == best && entry.getKey().equals("responses")) {
        best = rank;
        lead = entry.getKey();
      }
    }
    return lead;
  }

  private static double rate(DeviceMeta meta) {
    double rate = meta.defaultRate();
    return rate > 0 ? rate : LEADING_RATE;
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

  private static ModalityConfig modality(DeviceMeta meta, double rate, int samples, boolean leads) {
    // of the others a stride would have no effect, of which opening would warn
    return Answers.given(meta.defaults(rate), meta, "defaults", "a configuration").toBuilder()
        .samplingRate(rate)
        .chunkSize(samples)
        .sampleStride(leads ? samples : 1)
        .build();
  }
}
