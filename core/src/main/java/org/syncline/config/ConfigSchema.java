/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config;

import static org.syncline.config.schema.ConfigKey.ANY;
import static org.syncline.config.schema.ConfigKey.POSITIVE;

import java.util.List;
import org.syncline.config.schema.Choice;
import org.syncline.config.schema.ConfigKey;
import org.syncline.config.schema.ConfigSection;
import org.syncline.config.schema.LoaderKeys;
import org.syncline.config.schema.TargetKeys;

/**
 * Every key of a configuration, each described once: {@code ConfigReader} and the builders take
 * ranges and defaults from here, messages the known names, the reference pages everything.
 *
 * <p>To add a key: a constant, its place in a section, and the component that it fills.
 */
final class ConfigSchema {
  private static final long MOST = Integer.MAX_VALUE;

  // ---- dataset ----------------------------------------------------------------------------------

  static final ConfigKey ROOT_FOLDER =
      ConfigKey.text(
              "root_folder",
              "The recording's folder, for programs that take it from the file; opening a dataset names the folder itself.")
          .example("recordings/mouse1");
  static final ConfigKey GLOBAL_SAMPLING_RATE =
      ConfigKey.number(
              "global_sampling_rate",
              "Hz",
              POSITIVE,
              ANY,
              null,
              "Samples a second of every device, in place of each modality's own.")
          .example("30");
  static final ConfigKey GLOBAL_CHUNK_SIZE =
      ConfigKey.whole(
              "global_chunk_size",
              1,
              MOST,
              null,
              "Samples of a chunk on every device, in place of each modality's own.")
          .example("60");
  static final ConfigKey ADD_BEHAVIOR_AS_CHANNELS =
      ConfigKey.flag(
              "add_behavior_as_channels",
              false,
              "Appends eye tracker and treadmill to the screen's channels, each signal repeated over height and width.")
          .example("true");
  static final ConfigKey REPLACE_NANS_WITH_MEANS =
      ConfigKey.flag(
              "replace_nans_with_means",
              false,
              "Replaces NaN by the mean of its column of the chunk, 0 where the whole column is NaN.")
          .example("true");
  static final ConfigKey CACHE_DATA =
      ConfigKey.flag(
              "cache_data",
              false,
              "Reads all data into memory once, at opening; data.mem as float32, which rounds whole numbers beyond 2^24 and finer steps.")
          .example("true");
  static final ConfigKey OUT_KEYS =
      ConfigKey.texts(
              "out_keys",
              "Entries of a chunk: device names and `timestamps`; null for all of these. Also `trial_index` (int32 (T,), the number of the trial of each point of the sample grid in listing order, -1 in none) and `meta.KEY` (what the metadata of the first point's trial says: numbers, true and false as float64, NaN where it is missing; texts as int32 codes into the dataset's categories, -1 where it is missing). A name that the recording has not is left out with a warning.")
          .example("[screen, responses, timestamps, meta.tier]");
  static final ConfigKey NORMALIZE_TIMESTAMPS =
      ConfigKey.flag(
              "normalize_timestamps",
              true,
              "Timestamps are float32 seconds from the start of `responses` (without it, of the earliest device), else float64 as stored.")
          .example("false");
  static final ConfigKey MODALITY_CONFIG =
      ConfigKey.map(
              "modality_config",
              "Device name to its configuration; replaces the default configuration's devices as a whole.")
          .example("{responses: {sampling_rate: 8, chunk_size: 16}}");
  static final ConfigKey SEED =
      ConfigKey.whole(
              "seed", 0, 0xffff_ffffL, null, "Seed of the generator that shuffles the start times.")
          .example("42");
  static final ConfigKey SAFE_INTERVAL_THRESHOLD =
      ConfigKey.number(
              "safe_interval_threshold",
              "seconds",
              -ANY,
              ANY,
              0.5,
              "Cut from both ends of the range in which all devices have values.")
          .example("0.1");
  static final ConfigKey INTERPOLATE_PRECISION =
      ConfigKey.whole(
              "interpolate_precision",
              0,
              15,
              5L,
              "Decimals to which the times of a chunk are rounded, on the rounded time grid.")
          .example("6");
  static final ConfigKey TIME_GRID =
      ConfigKey.choice(
              "time_grid",
              DatasetConfig.TimeGrid.choices(),
              DatasetConfig.TimeGrid.ROUNDED,
              "How the times of samples are computed, of chunk starts and within chunks alike.")
          .ours()
          .example("exact");
  static final ConfigKey LEAD_DEVICE =
      ConfigKey.text(
              "lead_device",
              "The device whose rate and chunk size make the sample grid; null for `screen` where it is configured, else the first.")
          .ours()
          .example("responses");
  static final ConfigKey SHORT_CHUNKS =
      ConfigKey.choice(
              "short_chunks",
              DatasetConfig.ShortChunks.choices(),
              DatasetConfig.ShortChunks.ERROR,
              "What becomes of chunks that reach past a device's range.")
          .ours()
          .example("skip");
  static final ConfigKey WITHIN_TRIAL =
      ConfigKey.flag(
              "within_trial",
              false,
              "Leaves out chunks that leave the trial in which they begin: all points of a chunk on the sample grid lie in one trial.")
          .ours()
          .example("true");

  static final ConfigKey CATEGORIES =
      ConfigKey.map(
              "categories",
              "Trial metadata key to the list of its texts, to which the codes of `meta.KEY` count from 0; null for those of each recording in alphabetical order. Give them where several recordings shall have the same codes. A text that is not listed is -1, with a warning.")
          .ours()
          .example("{tier: [train, validation, test]}");

  static final ConfigSection DATASET =
      new ConfigSection(
          "dataset",
          "Parameters of a dataset. A file without `dataset` and `dataloader` is this level alone.",
          ROOT_FOLDER,
          GLOBAL_SAMPLING_RATE,
          GLOBAL_CHUNK_SIZE,
          ADD_BEHAVIOR_AS_CHANNELS,
          REPLACE_NANS_WITH_MEANS,
          CACHE_DATA,
          OUT_KEYS,
          NORMALIZE_TIMESTAMPS,
          MODALITY_CONFIG,
          SEED,
          SAFE_INTERVAL_THRESHOLD,
          INTERPOLATE_PRECISION,
          TIME_GRID,
          LEAD_DEVICE,
          SHORT_CHUNKS,
          WITHIN_TRIAL,
          CATEGORIES);

  // ---- modality ---------------------------------------------------------------------------------

  static final ConfigKey OUTER_KEEP_NANS =
      ConfigKey.flag(
              "keep_nans",
              null,
              "Accepted and without effect, as in the original: the key of that name under `interpolation` counts.")
          .example("false");
  static final ConfigKey SAMPLING_RATE =
      ConfigKey.number(
              "sampling_rate",
              "Hz",
              POSITIVE,
              ANY,
              null,
              "Samples a second that the device gives; required unless `global_sampling_rate` is set.")
          .example("30");
  static final ConfigKey CHUNK_SIZE =
      ConfigKey.whole(
              "chunk_size",
              1,
              MOST,
              null,
              "Samples of a chunk; required unless `global_chunk_size` is set.")
          .example("60");
  static final ConfigKey VALID_CONDITION =
      ConfigKey.mixed(
              "valid_condition",
              "a map, a list of maps, or null",
              Choice.NONE,
              null,
              "Trial metadata that chunks must have: all entries of a map, any of several maps; null for every trial. Read from the lead device.")
          .example("{tier: train}");
  static final ConfigKey OFFSET =
      ConfigKey.number(
              "offset", "seconds", -ANY, ANY, 0.0, "Added to the chunk's start for this device.")
          .example("0.05");
  static final ConfigKey SAMPLE_STRIDE =
      ConfigKey.whole(
              "sample_stride",
              1,
              MOST,
              1L,
              "Of how many valid starts one is taken. Read from the lead device.")
          .example("10");
  static final ConfigKey INCLUDE_BLANKS =
      ConfigKey.flag(
              "include_blanks",
              false,
              "Adds `{tier: blank}` to the conditions. Read from the lead device.")
          .example("true");
  static final ConfigKey TRANSFORMS =
      ConfigKey.map(
              "transforms",
              "`normalization`, and on screens transforms by any name, applied in the order given before it.")
          .example("{normalization: normalize}");
  static final ConfigKey INTERPOLATION =
      ConfigKey.map("interpolation", "How values between samples are made.")
          .example("{interpolation_mode: linear}");
  static final ConfigKey FILTERS =
      ConfigKey.map(
              "filters",
              "Filters by any name; chunks lie in the intersection of their valid intervals, and pass those that judge whole chunks.")
          .example("{missing: {_target_: nan_filter, vicinity: 0.1}}");
  static final ConfigKey NANS =
      ConfigKey.mixed(
              "nans",
              "'keep', 'mean', 'zero', 'fail', a finite number, or null",
              NanPolicy.choices(),
              NanPolicy.KEEP,
              "What becomes of NaN in the finished chunk.")
          .ours()
          .example("mean");
  static final ConfigKey COLUMNS =
      ConfigKey.mixed(
              "columns",
              "a list of whole numbers from 0, slices as text ('0:100', '::2, -1'), a list of true and false for each signal, or null",
              Choice.NONE,
              null,
              "Signals by index, in the order given; null for all. Not together with `unit_ids`. Slices are `FROM:TO:STEP` as Python's,"
                  + " or single numbers, separated by commas.")
          .ours()
          .example("'0:100, -1'");
  static final ConfigKey UNIT_IDS =
      ConfigKey.wholes(
              "unit_ids",
              Long.MIN_VALUE,
              Long.MAX_VALUE,
              "Signals by the ids in `meta/unit_ids.npy`, in the order given; null for all.")
          .ours()
          .example("[17, 4, 230]");

  static final ConfigKey SELECT =
      ConfigKey.map(
              "select",
              "Of the signals that `columns` or `unit_ids` name, or of all, those of which arrays in the device's folder say so: `{meta/area.npy:"
                  + " V1}`. An array has a text, a number or a truth value for each stored signal; what it is compared with is a value, a list of"
                  + " values of which one does, or `{min: …, max: …}`. Of several arrays each must agree.")
          .ours()
          .example("{meta/area.npy: V1}");

  static final ConfigSection MODALITY =
      new ConfigSection(
          "dataset.modality_config.NAME",
          "How one device is read.",
          OUTER_KEEP_NANS,
          SAMPLING_RATE,
          CHUNK_SIZE,
          VALID_CONDITION,
          OFFSET,
          SAMPLE_STRIDE,
          INCLUDE_BLANKS,
          TRANSFORMS,
          INTERPOLATION,
          FILTERS,
          NANS,
          COLUMNS,
          UNIT_IDS,
          SELECT);

  // ---- transforms -------------------------------------------------------------------------------

  static final ConfigKey NORMALIZATION =
      ConfigKey.mixed(
              "normalization",
              "'normalize', 'normalize_variance_only', 'recompute_responses', 'recompute_behavior',"
                  + " 'screen_default', true, false, null or a map of means and stds",
              NormalizationConfig.Mode.choices(),
              null,
              "How values are normalised, after all transforms; true is `normalize`, false, null and empty are none.")
          .example("recompute_responses");
  static final ConfigKey OLDER_NORMALIZE =
      ConfigKey.flag("normalize", null, "An older way to write `normalization: normalize`.")
          .example("true");
  static final ConfigKey OLDER_NORMALIZE_VARIANCE_ONLY =
      ConfigKey.flag(
              "normalize_variance_only",
              null,
              "An older way to write `normalization: normalize_variance_only`.")
          .example("true");

  /** The keys of {@link #TRANSFORMS} that name no transform. */
  static final ConfigSection TRANSFORM_KEYS =
      new ConfigSection(
          "dataset.modality_config.NAME.transforms",
          "Transforms of the device's values; keys that are not among these hold a map with `_target_`.",
          NORMALIZATION,
          OLDER_NORMALIZE,
          OLDER_NORMALIZE_VARIANCE_ONLY);

  static final ConfigKey MEANS =
      ConfigKey.numbers("means", "Subtracted; null for those of `meta/means.npy`.")
          .example("[0.5, 12.0]");
  static final ConfigKey STDS =
      ConfigKey.numbers("stds", "Divided by; null for those of `meta/stds.npy`.")
          .example("[0.1, 4.0]");

  static final ConfigSection STATISTICS =
      new ConfigSection(
          "dataset.modality_config.NAME.transforms.normalization",
          "Statistics given in the configuration: one number, or one for each signal or channel; beside `columns` one for each of these in their order, or one for each that is stored.",
          MEANS,
          STDS);

  // ---- interpolation ----------------------------------------------------------------------------

  private static final String SEQUENCE = "sequence";
  private static final String SCREEN = "screen";
  private static final String SPIKES = "spikes";

  static final ConfigKey INTERPOLATION_MODE =
      ConfigKey.choice(
              "interpolation_mode",
              InterpolationConfig.Mode.choices(),
              InterpolationConfig.Mode.NEAREST_NEIGHBOR,
              "Sequences: how a value between two samples is made.")
          .example("linear")
          .readBy(SEQUENCE);
  static final ConfigKey WINDOW =
      ConfigKey.number(
              "window",
              "seconds",
              POSITIVE,
              ANY,
              null,
              "Sequences, mean: the stretch that is averaged; null for one period of the device's `sampling_rate`, so that only interpolators outside of datasets need it. At the ends of the data it is averaged over what there is, the last sample with own timestamps for a usual step.")
          .ours()
          .example("0.125")
          .readBy(SEQUENCE);
  static final ConfigKey ALIGN =
      ConfigKey.choice(
              "align",
              InterpolationConfig.Align.choices(),
              InterpolationConfig.Align.LEFT,
              "Sequences, mean: where the window lies.")
          .ours()
          .example("center")
          .readBy(SEQUENCE);
  static final ConfigKey MAX_GAP =
      ConfigKey.number(
              "max_gap",
              "seconds",
              0,
              ANY,
              null,
              "Sequences with their own timestamps: how far a time may lie from the sample that it takes, and linear how far its two neighbours from each other; a time at a sample always has a value. Mean: every time of the window counts as with previous. Chunks with a time without one are left out. Null for no limit.")
          .ours()
          .example("0.5")
          .readBy(SEQUENCE);
  static final ConfigKey KEEP_NANS =
      ConfigKey.flag(
              "keep_nans",
              false,
              "Sequences, linear: NaN stay, else the mean of the column takes their place.")
          .example("true")
          .readBy(SEQUENCE);
  static final ConfigKey NORMALIZE =
      ConfigKey.flag(
              "normalize",
              false,
              "Interpolated values are divided by the stored standard deviations; on screens per pixel, less the means.")
          .example("true")
          .readBy(SEQUENCE, SCREEN);
  static final ConfigKey NORMALIZE_SUBTRACT_MEAN =
      ConfigKey.flag(
              "normalize_subtract_mean",
              false,
              "With `normalize`: the stored means are subtracted first.")
          .example("true")
          .readBy(SEQUENCE);
  static final ConfigKey NORMALIZE_STD_THRESHOLD =
      ConfigKey.number(
              "normalize_std_threshold",
              null,
              0,
              ANY,
              null,
              "With `normalize`: floor of the standard deviations, as a share of their mean.")
          .example("0.01")
          .readBy(SEQUENCE, SCREEN);
  static final ConfigKey RESCALE =
      ConfigKey.flag("rescale", false, "Screens: frames are resized to `rescale_size`.")
          .example("true")
          .readBy(SCREEN);
  static final ConfigKey RESCALE_SIZE =
      ConfigKey.wholes(
              "rescale_size",
              1,
              1 << 20,
              "Screens: `[height, width]` in pixels; null for the first trial's image size.")
          .example("[72, 128]")
          .readBy(SCREEN);
  static final ConfigKey USE_STIMULI_NAMES =
      ConfigKey.flag(
              "use_stimuli_names",
              null,
              "Screens: pixels are in files named after the stimulus; null for what meta.yml says.")
          .example("true")
          .readBy(SCREEN);
  static final ConfigKey INTERPOLATION_WINDOW =
      ConfigKey.number(
              "interpolation_window",
              "seconds",
              0,
              ANY,
              0.3,
              "Spikes: length of the window in which they are counted.")
          .example("0.1")
          .readBy(SPIKES);
  static final ConfigKey INTERPOLATION_ALIGN =
      ConfigKey.choice(
              "interpolation_align",
              InterpolationConfig.Align.choices(),
              InterpolationConfig.Align.CENTER,
              "Spikes: where the window lies.")
          .example("right")
          .readBy(SPIKES);
  static final ConfigKey SMOOTHING_SIGMA =
      ConfigKey.number(
              "smoothing_sigma",
              "time steps",
              0,
              1e6,
              0.0,
              "Spikes: standard deviation of a Gaussian filter along time; 0 for none.")
          .example("2")
          .readBy(SPIKES);

  private static final ConfigKey INTERPOLATOR =
      ConfigKey.text(
              "_target_",
              "The name of a registered interpolator of your own; the other keys are its arguments.")
          .example("my_interpolator");
  private static final ConfigKey OTHER_INTERPOLATOR =
      ConfigKey.text("__target__", "The same as `_target_`.").example("my_interpolator");

  static final ConfigSection INTERPOLATION_KEYS =
      new ConfigSection(
          "dataset.modality_config.NAME.interpolation",
          "Options of the device's interpolator; those of other modalities change nothing, as in the original, and are a warning.",
          INTERPOLATION_MODE,
          WINDOW,
          ALIGN,
          MAX_GAP,
          KEEP_NANS,
          NORMALIZE,
          NORMALIZE_SUBTRACT_MEAN,
          NORMALIZE_STD_THRESHOLD,
          RESCALE,
          RESCALE_SIZE,
          USE_STIMULI_NAMES,
          INTERPOLATION_WINDOW,
          INTERPOLATION_ALIGN,
          SMOOTHING_SIGMA,
          INTERPOLATOR,
          OTHER_INTERPOLATOR);

  // ---- dataloader -------------------------------------------------------------------------------

  static final ConfigKey BATCH_SIZE = LoaderKeys.BATCH_SIZE;
  static final ConfigKey SHUFFLE = LoaderKeys.SHUFFLE;
  static final ConfigKey NUM_WORKERS = LoaderKeys.NUM_WORKERS;
  static final ConfigKey PIN_MEMORY = LoaderKeys.PIN_MEMORY;
  static final ConfigKey DROP_LAST = LoaderKeys.DROP_LAST;
  static final ConfigKey PREFETCH_FACTOR = LoaderKeys.PREFETCH_FACTOR;
  static final ConfigKey LOADER_SEED = LoaderKeys.SEED;
  static final ConfigKey SHUFFLE_EACH_EPOCH = LoaderKeys.SHUFFLE_EACH_EPOCH;
  static final ConfigKey PERSISTENT_WORKERS =
      ConfigKey.flag(
              "persistent_workers",
              null,
              "Accepted and without effect: threads live as long as the loader.")
          .example("true");

  static final ConfigSection DATALOADER =
      new ConfigSection(
          "dataloader",
          "Parameters of a loader.",
          BATCH_SIZE,
          SHUFFLE,
          NUM_WORKERS,
          PIN_MEMORY,
          DROP_LAST,
          PREFETCH_FACTOR,
          LOADER_SEED,
          SHUFFLE_EACH_EPOCH,
          PERSISTENT_WORKERS);

  // ---- file -------------------------------------------------------------------------------------

  static final ConfigKey DATASET_SECTION =
      ConfigKey.map("dataset", "Parameters of the dataset.")
          .example("{global_sampling_rate: 30, global_chunk_size: 60}");
  static final ConfigKey DATALOADER_SECTION =
      ConfigKey.map("dataloader", "Parameters of the loader.")
          .example("{batch_size: 16, shuffle: true}");

  static final ConfigSection FILE =
      new ConfigSection("", "A whole file.", DATASET_SECTION, DATALOADER_SECTION);

  private ConfigSchema() {}

  /** Returns all sections, in the order of the reference. */
  static List<ConfigSection> sections() {
    return List.of(
        FILE,
        DATASET,
        MODALITY,
        TRANSFORM_KEYS,
        STATISTICS,
        INTERPOLATION_KEYS,
        TargetKeys.SECTION,
        DATALOADER);
  }
}
