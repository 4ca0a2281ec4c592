/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.dataset;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.syncline.clock.ExactRate;
import org.syncline.config.DatasetConfig;
import org.syncline.config.ModalityConfig;
import org.syncline.config.schema.Names;
import org.syncline.device.Interpolator;
import org.syncline.device.support.Findings;
import org.syncline.error.ConfigException;
import org.syncline.error.RecordingException;
import org.syncline.interval.TimeInterval;
import org.syncline.text.Printable;

/**
 * What a configuration says of a recording once its devices are known, with every default filled in
 * and every value checked.
 *
 * @param lead the device that leads the sample grid
 * @param outKeys the entries a chunk has where nobody asks for others
 * @param chunkSizes samples of a chunk by device
 * @param samplingRates Hz by device
 * @param range where all devices have values, in seconds
 * @param stride every how many-th valid start counts
 */
public record DatasetSettings(
    String lead,
    Set<String> outKeys,
    Map<String, Integer> chunkSizes,
    Map<String, Double> samplingRates,
    TimeInterval range,
    int stride) {
  /** The share by which lengths of chunks may differ that are meant to be one. */
  private static final double ONE_LENGTH = 0.01;

  /** The entry of the timestamps of all devices. */
  public static final String TIMESTAMPS = "timestamps";

  /** The entry of the trial of each point of the sample grid. */
  public static final String TRIAL_INDEX = "trial_index";

  /** What the names of entries of trial metadata begin with. */
  public static final String META = "meta.";

  /** What the names of entries begin with that say which samples of a device are real. */
  public static final String MASK = "mask.";

  private static final Logger LOG = System.getLogger("org.syncline");

  /** Returns whether an entry of this name says where samples come from, be there such or not. */
  public static boolean isOrigin(String entry) {
    return entry.equals(TRIAL_INDEX) || entry.startsWith(META);
  }

  /**
   * Reads the settings.
   *
   * @param devices the usable ones by name, in the configuration's order *
   * @throws ConfigException where a value is missing, out of range or names no device
   * @throws RecordingException where the devices' ranges have nothing in common
   */
  public static DatasetSettings of(
      Path root, DatasetConfig config, Map<String, Interpolator> devices) {
    List<String> names = List.copyOf(devices.keySet());
    for (String name : names) {
      checkName(name, names, config);
    }
    String lead = findLead(names, config);
    Set<String> outKeys = findOutKeys(names, config, root);
    Map<String, Integer> chunkSizes = new LinkedHashMap<>();
    Map<String, Double> samplingRates = new LinkedHashMap<>();
    for (String name : names) {
      ModalityConfig modality = config.modalities().get(name);
      Integer size =
          config.globalChunkSize() != null ? config.globalChunkSize() : modality.chunkSize();
      Double rate =
          config.globalSamplingRate() != null
              ? config.globalSamplingRate()
              : modality.samplingRate();
      chunkSizes.put(name, given(name, "chunk_size", size));
      samplingRates.put(name, given(name, "sampling_rate", rate));
    }
    checkLengths(config, chunkSizes, samplingRates, root);
    TimeInterval range = findRange(config, devices, root);
    int stride = config.modalities().get(lead).sampleStride();
    return new DatasetSettings(lead, outKeys, chunkSizes, samplingRates, range, stride);
  }

  /** Warns where a global value makes chunks unlike that the devices' own have of one length. */
  private static void checkLengths(
      DatasetConfig config, Map<String, Integer> sizes, Map<String, Double> rates, Path root) {
    if ((config.globalChunkSize() == null) == (config.globalSamplingRate() == null)) {
      return;
    }
    String shortest = null;
    String longest = null;
    double least = Double.POSITIVE_INFINITY;
    double most = 0;
    double own = Double.NaN;
    for (String name : sizes.keySet()) {
      ModalityConfig modality = config.modalities().get(name);
      if (modality.chunkSize() == null || modality.samplingRate() == null) {
        return;
      }
      double seconds = modality.chunkSize() / modality.samplingRate();
      if (Math.abs(seconds / own - 1) > ONE_LENGTH) {
        return;
      }
      own = seconds;
      double now = sizes.get(name) / rates.get(name);
      shortest = now < least ? name : shortest;
      longest = now > most ? name : longest;
      least = Math.min(least, now);
      most = Math.max(most, now);
    }
    if (most > least * (1 + ONE_LENGTH)) {
      String key = config.globalChunkSize() != null ? "global_chunk_size" : "global_sampling_rate";
      Findings.warn(
          root,
          key,
          "chunks of "
              + (float) least
              + " s of "
              + shortest
              + " and "
              + (float) most
              + " s of "
              + longest,
          "chunks of one length, as the "
              + (float) own
              + " s of the devices' own sampling_rate and chunk_size",
          key.equals("global_chunk_size")
              ? "give global_sampling_rate, too, or neither"
              : "give global_chunk_size, too, or neither");
    }
  }

  /** Refuses a device of whose name an entry of chunks is that something else gives. */
  private static void checkName(String name, List<String> names, DatasetConfig config) {
    boolean pads = config.shortChunks() == DatasetConfig.ShortChunks.PAD;
    String meaning = null;
    if (name.equals(TIMESTAMPS)) {
      meaning = "the times of a chunk";
    } else if (name.equals(TRIAL_INDEX)) {
      meaning = "the trials of a chunk's points";
    } else if (name.startsWith(META)) {
      meaning = "the metadata of a chunk's trial";
    } else if (pads && name.startsWith(MASK) && names.contains(name.substring(MASK.length()))) {
      meaning = "which samples of '" + name.substring(MASK.length()) + "' are real";
    }
    if (meaning != null) {
      throw wrong(
          "modality_config." + name,
          "is a device with the name of the entry of a chunk that says "
              + meaning
              + ": only one of them could be read; rename the device's folder, or leave it out of"
              + " modality_config");
    }
  }

  /** Returns the exception that says what is wrong with a value of the configuration. */
  public static ConfigException wrong(String key, String message) {
    return new ConfigException("configuration", 0, key, message);
  }

  /** Returns a device's rate as the fraction that it is meant to be. */
  public ExactRate exactRate(String device) {
    try {
      return ExactRate.of(samplingRates.get(device));
    } catch (IllegalArgumentException e) {
      throw wrong("modality_config." + device + ".sampling_rate", e.getMessage());
    }
  }

  private static <T> T given(String device, String key, T value) {
    if (value == null) {
      throw wrong(
          "modality_config." + device + "." + key,
          "is missing, and there is no global_" + key + " either");
    }
    return value;
  }

  private static String findLead(List<String> names, DatasetConfig config) {
    if (config.lead() == null) {
      return names.contains("screen") ? "screen" : names.getFirst();
    }
    if (!names.contains(config.lead())) {
      throw wrong(
          "lead_device",
          "is '"
              + config.lead()
              + "', expected one of the devices "
              + names
              + Names.suggestion(config.lead(), names));
    }
    return config.lead();
  }

  private static Set<String> findOutKeys(List<String> names, DatasetConfig config, Path root) {
    Set<String> known = new TreeSet<>(names);
    known.add(TIMESTAMPS);
    if (config.outKeys() == null) {
      return known;
    }
    Set<String> there = new TreeSet<>(known);
    there.add(TRIAL_INDEX);
    Set<String> keys = new TreeSet<>();
    if (config.outKeys().isEmpty()) {
      LOG.log(
          Level.WARNING,
          root
              + ": out_keys is empty, and chunks hold nothing; leave it out for all entries: "
              + String.join(", ", known));
    }
    for (String key : config.outKeys()) {
      // what says where samples come from is known once the trials are
      if (config.shortChunks() == DatasetConfig.ShortChunks.PAD
          && key.startsWith(MASK)
          && names.contains(key.substring(MASK.length()))) {
        continue; // comes with its device
      }
      if (known.contains(key) || isOrigin(key)) {
        if (!keys.add(key)) {
          LOG.log(
              Level.WARNING,
              root
                  + ": out_keys has '"
                  + Printable.value(key)
                  + "' twice, which is one entry; was another one meant? There are "
                  + String.join(", ", there));
        }
      } else {
        LOG.log(
            Level.WARNING,
            root
                + ": out_keys has '"
                + key
                + "', which is no device there: left out"
                + Names.suggestion(key, there)
                + (Names.nearest(key, there) == null ? "; there are " : " There are ")
                + String.join(", ", there));
      }
    }
    return keys;
  }

  private static TimeInterval findRange(
      DatasetConfig config, Map<String, Interpolator> devices, Path root) {
    double first = Double.NEGATIVE_INFINITY;
    double last = Double.POSITIVE_INFINITY;
    for (Interpolator device : devices.values()) {
      TimeInterval valid = device.validInterval();
      first = Math.max(first, valid.start() + config.safeIntervalThreshold());
      last = Math.min(last, valid.end() - config.safeIntervalThreshold());
    }
    if (!(first < last)) {
      throw RecordingException.of(
          root,
          "common range",
          Printable.digits(first)
              + " s to "
              + Printable.digits(last)
              + " s ("
              + ranges(devices)
              + ", less safe_interval_threshold of "
              + config.safeIntervalThreshold()
              + " s at both ends)",
          "a start before the end",
          instant(devices)
              + "leave a device out of the configuration or give a smaller safe_interval_threshold");
    }
    return new TimeInterval(first, last);
  }

  /** Says which devices have no length, whatever the threshold is. */
  private static String instant(Map<String, Interpolator> devices) {
    StringBuilder names = new StringBuilder();
    for (Map.Entry<String, Interpolator> device : devices.entrySet()) {
      TimeInterval valid = device.getValue().validInterval();
      if (valid.start() == valid.end()) {
        names.append(names.isEmpty() ? "" : ", ").append(device.getKey());
      }
    }
    return names.isEmpty() ? "" : "of " + names + " there must be two samples or more; ";
  }

  private static String ranges(Map<String, Interpolator> devices) {
    StringBuilder ranges = new StringBuilder();
    for (Map.Entry<String, Interpolator> device : devices.entrySet()) {
      TimeInterval valid = device.getValue().validInterval();
      ranges
          .append(ranges.isEmpty() ? "" : ", ")
          .append(device.getKey())
          .append(" ")
          .append(Printable.digits(valid.start()))
          .append(" s to ")
          .append(Printable.digits(valid.end()))
          .append(" s");
    }
    return ranges.toString();
  }
}
