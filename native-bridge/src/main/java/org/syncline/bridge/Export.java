/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// Generated from native-bridge/src/main/c/syncline.h by dev/GenerateAbi.java. Do not edit.
package org.syncline.bridge;

/**
 * The functions that C calls, in the order of its table. All have one shape: an error buffer, an
 * array of words with the arguments, in which the results come back, and a status. No exception
 * leaves {@link #call}.
 */
enum Export {
  RUNTIME_INFO,
  TAKE_WARNINGS,
  RELEASE,
  SHUTDOWN,
  DOCUMENT_READ,
  DOCUMENT_PARSE,
  DATA_KEY,
  CONFIG_FOR,
  IS_REGISTERED,
  IMPORT_FILE,
  INTERPOLATOR_OPEN,
  INTERPOLATOR_INFO,
  INTERPOLATOR_TRIALS,
  INTERPOLATOR_INTERPOLATE,
  EXPERIMENT_OPEN,
  EXPERIMENT_INFO,
  EXPERIMENT_INTERPOLATE,
  DATASET_OPEN,
  DATASET_INFO,
  DATASET_STATISTICS,
  DATASET_BYTE_SCREENS,
  DATASET_EXPLAIN,
  DATASET_CATEGORIES,
  DATASET_LENGTH,
  DATASET_START_TIMES,
  DATASET_ITEM,
  DATASET_ITEM_AT,
  DATASET_READ,
  DATASET_CHUNK_TIMES,
  DATASET_FULL_VALID_SAMPLE_TIMES,
  DATASET_CONDITION_MASK,
  DATASET_SAMPLE_MASK,
  DATASET_VALID_INTERVALS,
  DATASET_INTERVAL_STATISTICS,
  DATASET_SHUFFLE,
  DATASET_STATE,
  DATASET_RESTORE,
  WRITER_OPEN,
  WRITER_DEVICE,
  WRITER_APPEND,
  WRITER_FINISH,
  STATISTICS,
  TRANSFORMS_OPEN,
  TRANSFORMS_APPLY,
  LOADER_OPEN,
  LOADER_INFO,
  LOADER_SESSION,
  LOADER_LENGTH,
  LOADER_NEXT,
  LOADER_FEED,
  LOADER_BEGIN_EPOCH,
  LOADER_STATE,
  LOADER_RESTORE,
  LOADER_STATISTICS,
  RETURNED;

  /** {@code SYNCLINE_ABI_VERSION}. */
  static final int ABI_VERSION = 1;

  /** Most axes of a tensor: {@code SYNCLINE_MAX_DIMS}. */
  static final int MAX_DIMS = 8;

  /** A flag of experiments: {@code SYNCLINE_CACHE}. */
  static final int CACHE = 1;

  private static final Export[] ALL = values();

  /**
   * Runs a function.
   *
   * @param function place in this enumeration
   * @param error address of the calling thread's {@code syncline_error}
   * @param words address of the arguments
   * @return a status of syncline.h
   */
  static int call(int function, long error, long words) {
    // by a part of the program's own in a call before: nothing outside Java clears it
    Thread.interrupted();
    try {
      int status = run(ALL[function], words);
      Errors.warnings(error, Warnings.count());
      return status;
    } catch (Throwable t) {
      int status = Errors.report(error, t);
      Errors.warnings(error, Warnings.count());
      return status;
    }
  }

  private static int run(Export function, long words) throws Exception {
    switch (function) {
      case RUNTIME_INFO -> Memory.setText(words, Library.runtimeInfo(words));
      case TAKE_WARNINGS -> Memory.setText(words, Library.takeWarnings(words));
      case RELEASE -> Library.release(words);
      case SHUTDOWN -> Library.shutdown(words);
      case DOCUMENT_READ -> Memory.setText(words, Library.documentRead(words));
      case DOCUMENT_PARSE -> Memory.setText(words, Library.documentParse(words));
      case DATA_KEY -> Memory.setText(words, Library.dataKey(words));
      case CONFIG_FOR -> Memory.setText(words, Library.configFor(words));
      case IS_REGISTERED -> Memory.setWord(words, 0, Library.isRegistered(words));
      case IMPORT_FILE -> Memory.setText(words, Library.importFile(words));
      case INTERPOLATOR_OPEN -> Memory.setWord(words, 0, Interpolators.open(words));
      case INTERPOLATOR_INFO -> Memory.setText(words, Interpolators.info(words));
      case INTERPOLATOR_TRIALS -> Memory.setText(words, Interpolators.trials(words));
      case INTERPOLATOR_INTERPOLATE -> Interpolators.interpolate(words);
      case EXPERIMENT_OPEN -> Memory.setWord(words, 0, Experiments.open(words));
      case EXPERIMENT_INFO -> Memory.setText(words, Experiments.info(words));
      case EXPERIMENT_INTERPOLATE -> Experiments.interpolate(words);
      case DATASET_OPEN -> Memory.setWord(words, 0, Datasets.open(words));
      case DATASET_INFO -> Memory.setText(words, Datasets.info(words));
      case DATASET_STATISTICS -> Memory.setText(words, Datasets.statistics(words));
      case DATASET_BYTE_SCREENS -> Memory.setText(words, Datasets.byteScreens(words));
      case DATASET_EXPLAIN -> Memory.setText(words, Datasets.explain(words));
      case DATASET_CATEGORIES -> Memory.setText(words, Datasets.categories(words));
      case DATASET_LENGTH -> Memory.setWord(words, 0, Datasets.length(words));
      case DATASET_START_TIMES -> Datasets.startTimes(words);
      case DATASET_ITEM -> Datasets.item(words);
      case DATASET_ITEM_AT -> Datasets.itemAt(words);
      case DATASET_READ -> Datasets.read(words);
      case DATASET_CHUNK_TIMES -> Datasets.chunkTimes(words);
      case DATASET_FULL_VALID_SAMPLE_TIMES -> Datasets.fullValidSampleTimes(words);
      case DATASET_CONDITION_MASK -> Datasets.conditionMask(words);
      case DATASET_SAMPLE_MASK -> Datasets.sampleMask(words);
      case DATASET_VALID_INTERVALS -> Datasets.validIntervals(words);
      case DATASET_INTERVAL_STATISTICS -> Memory.setText(words, Datasets.intervalStatistics(words));
      case DATASET_SHUFFLE -> Datasets.shuffle(words);
      case DATASET_STATE -> Memory.setText(words, Datasets.state(words));
      case DATASET_RESTORE -> Datasets.restore(words);
      case WRITER_OPEN -> Memory.setWord(words, 0, Writers.open(words));
      case WRITER_DEVICE -> Writers.device(words);
      case WRITER_APPEND -> Writers.append(words);
      case WRITER_FINISH -> Memory.setText(words, Writers.finish(words));
      case STATISTICS -> Memory.setText(words, Library.statistics(words));
      case TRANSFORMS_OPEN -> Memory.setWord(words, 0, Transforms.open(words));
      case TRANSFORMS_APPLY -> Transforms.apply(words);
      case LOADER_OPEN -> Memory.setWord(words, 0, Loaders.open(words));
      case LOADER_INFO -> Memory.setText(words, Loaders.info(words));
      case LOADER_SESSION -> Memory.setText(words, Loaders.session(words));
      case LOADER_LENGTH -> Memory.setWord(words, 0, Loaders.length(words));
      case LOADER_NEXT -> {
        return Loaders.next(words);
      }
      case LOADER_FEED -> Loaders.feed(words);
      case LOADER_BEGIN_EPOCH -> Loaders.beginEpoch(words);
      case LOADER_STATE -> Memory.setText(words, Loaders.state(words));
      case LOADER_RESTORE -> Loaders.restore(words);
      case LOADER_STATISTICS -> Memory.setText(words, Loaders.statistics(words));
      case RETURNED -> Library.returned(words);
    }
    return Status.OK;
  }
}
