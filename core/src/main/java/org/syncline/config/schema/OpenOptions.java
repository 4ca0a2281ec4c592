/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config.schema;

/** The options with which C and Python open datasets and interpolators, beside configurations. */
public final class OpenOptions {
  public static final ConfigKey TYPES =
      ConfigKey.map(
          "types",
          "Element types by entry, in place of the natural ones: float32, float16, bfloat16; on screens uint8 too, pixels before normalisation.");
  public static final ConfigKey OUT_KEYS =
      ConfigKey.texts(
          "out_keys",
          "Entries that are read, device names and `timestamps`, in place of the configuration's.");

  public static final ConfigKey LENIENT =
      ConfigKey.flag(
          "lenient", false, "Unknown keys of the configuration are warnings, not errors.");
  public static final ConfigKey FINGERPRINT =
      ConfigKey.flag(
          "fingerprint",
          true,
          "Whether syncline_dataset_info has it, which hashes every start time and costs the first opening of a process 60 ms;"
              + " syncline_dataset_state has it all the same.");
  public static final ConfigKey VALID_INTERVALS =
      ConfigKey.mixed(
          "valid_intervals",
          "a list of lists of [start, end], or of {device, name, intervals} and {device, name, rejected}",
          Choice.NONE,
          null,
          "Further lists of valid intervals, intersected with those of the filters: what a filter outside this library computed;"
              + " {device: NAME, name: NAME, intervals: [...]} of one says which filter it was; rejected: [...] in place of intervals is of a"
              + " filter that judges whole chunks: the first times of the device, as syncline_dataset_chunk_times has them, in those that it leaves out.");
  public static final ConfigKey DEVICES =
      ConfigKey.map(
          "devices",
          "Devices whose values the caller provides: configured in modality_config like any other, here with their range, name: {start_time,"
              + " end_time, valid_interval: [start, end]}. They take part in ranges, chunk times and timestamps; their entry is (T, 0) float32."
              + " computed: {means: [...], stds: [...]} of their samples is for a `normalization` that asks for those;"
              + " syncline_dataset_statistics then has what to normalise them with.");

  /** Of {@code syncline_dataset_open}. */
  public static final ConfigSection DATASET =
      new ConfigSection(
          "syncline_dataset_open",
          "Options of a dataset, beside its configuration.",
          LENIENT,
          TYPES,
          OUT_KEYS,
          FINGERPRINT,
          VALID_INTERVALS,
          DEVICES);

  /** Of {@code syncline_interpolator_open}, beside the keys of a modality and its interpolation. */
  public static final ConfigKey CACHE_DATA =
      ConfigKey.flag(
          "cache_data", false, "Reads the device's data into memory once; data.mem as float32.");

  private OpenOptions() {}
}
