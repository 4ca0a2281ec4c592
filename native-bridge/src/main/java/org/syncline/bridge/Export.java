/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.syncline.document.DocumentException;
import org.syncline.document.Documents;
import org.syncline.document.MapNode;
import org.syncline.error.ConfigException;
import org.syncline.format.DataKey;
import org.syncline.kernel.KernelProvider;
import org.syncline.kernel.Kernels;

/**
 * The functions that C calls, in the order of internal.h. All have one shape: an error buffer, an
 * array of words with the arguments, in which the results come back, and a status. No exception
 * leaves {@link #call}.
 */
enum Export {
  RUNTIME_INFO,
  TAKE_WARNINGS,
  RELEASE,
  SHUTDOWN,
  RETURNED,
  DOCUMENT_READ,
  DOCUMENT_PARSE,
  DATA_KEY,
  INTERPOLATOR_OPEN,
  INTERPOLATOR_INFO,
  INTERPOLATOR_TRIALS,
  INTERPOLATOR_INTERPOLATE,
  EXPERIMENT_OPEN,
  EXPERIMENT_INFO,
  EXPERIMENT_INTERPOLATE,
  DATASET_OPEN,
  DATASET_INFO,
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
  TRANSFORMS_OPEN,
  TRANSFORMS_APPLY,
  LOADER_OPEN,
  LOADER_INFO,
  LOADER_LENGTH,
  LOADER_NEXT,
  LOADER_BEGIN_EPOCH,
  LOADER_STATE,
  LOADER_RESTORE,
  LOADER_STATISTICS;

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

  private static int run(Export function, long words) throws Throwable {
    switch (function) {
      case RUNTIME_INFO -> Memory.setText(words, runtimeInfo(Memory.text(Memory.word(words, 0))));
      case TAKE_WARNINGS -> Memory.setText(words, Documents.toJson(Warnings.take()));
      case RELEASE -> Handles.release(Memory.word(words, 0));
      case SHUTDOWN -> Handles.releaseAll();
      case RETURNED -> returned(words);
      case DOCUMENT_READ ->
          Memory.setText(words, document(Path.of(Memory.text(Memory.word(words, 0)))));
      case DOCUMENT_PARSE -> {
        String name = Memory.text(Memory.word(words, 1));
        String text = Memory.text(Memory.word(words, 0));
        Memory.setText(
            words, Documents.toJson(Options.tree(text, name == null ? "text" : name).value()));
      }
      case DATA_KEY ->
          Memory.setText(words, DataKey.of(Path.of(Memory.text(Memory.word(words, 0)))));
      case INTERPOLATOR_OPEN ->
          Memory.setWord(
              words,
              0,
              Interpolators.open(
                  Memory.text(Memory.word(words, 0)), Memory.text(Memory.word(words, 1))));
      case INTERPOLATOR_INFO -> Memory.setText(words, Interpolators.info(Memory.word(words, 0)));
      case INTERPOLATOR_TRIALS ->
          Memory.setText(words, Interpolators.trials(Memory.word(words, 0)));
      case INTERPOLATOR_INTERPOLATE -> Interpolators.interpolate(words);
      case EXPERIMENT_OPEN ->
          Memory.setWord(
              words,
              0,
              Experiments.open(
                  Memory.text(Memory.word(words, 0)),
                  Memory.text(Memory.word(words, 1)),
                  Memory.word(words, 2)));
      case EXPERIMENT_INFO -> Memory.setText(words, Experiments.info(Memory.word(words, 0)));
      case EXPERIMENT_INTERPOLATE -> Experiments.interpolate(words);
      case DATASET_OPEN ->
          Memory.setWord(
              words,
              0,
              Datasets.open(
                  Memory.text(Memory.word(words, 0)),
                  Memory.text(Memory.word(words, 1)),
                  Memory.text(Memory.word(words, 2))));
      case DATASET_INFO -> Memory.setText(words, Datasets.info(words));
      case DATASET_LENGTH -> Memory.setWord(words, 0, Datasets.get(words).dataset.length());
      case DATASET_START_TIMES ->
          View.managed(words, Results.doubles(Datasets.get(words).dataset.startTimes()));
      case DATASET_ITEM -> Datasets.item(words);
      case DATASET_ITEM_AT -> Datasets.itemAt(words);
      case DATASET_READ -> Datasets.read(words);
      case DATASET_CHUNK_TIMES -> Datasets.chunkTimes(words);
      case DATASET_FULL_VALID_SAMPLE_TIMES ->
          View.managed(
              words,
              Results.doubles(
                  Datasets.get(words).dataset.fullValidSampleTimes(Memory.word(words, 1) != 0)));
      case DATASET_CONDITION_MASK -> Datasets.conditionMask(words);
      case DATASET_SAMPLE_MASK -> Datasets.sampleMask(words);
      case DATASET_VALID_INTERVALS -> Datasets.validIntervals(words);
      case DATASET_INTERVAL_STATISTICS ->
          Memory.setText(words, Datasets.get(words).dataset.intervalStatistics());
      case DATASET_SHUFFLE -> Datasets.get(words).dataset.shuffle();
      case DATASET_STATE -> Memory.setText(words, Datasets.get(words).dataset.state().toJson());
      case DATASET_RESTORE -> Datasets.restore(words);
      case TRANSFORMS_OPEN ->
          Memory.setWord(words, 0, Datasets.openTransforms(Memory.text(Memory.word(words, 0))));
      case TRANSFORMS_APPLY -> Datasets.applyTransforms(words);
      case LOADER_OPEN -> Loaders.open(words);
      case LOADER_INFO -> Memory.setText(words, Loaders.info(words));
      case LOADER_LENGTH -> Memory.setWord(words, 0, Loaders.length(words));
      case LOADER_NEXT -> {
        return Loaders.next(words);
      }
      case LOADER_BEGIN_EPOCH -> Loaders.beginEpoch(words);
      case LOADER_STATE -> Memory.setText(words, Loaders.state(words));
      case LOADER_RESTORE -> Loaders.restore(words);
      case LOADER_STATISTICS -> Memory.setText(words, Loaders.statistics(words));
    }
    return Status.OK;
  }

  private static void returned(long words) {
    int n = Math.toIntExact(Memory.word(words, 0));
    long tokens = Memory.word(words, 1);
    for (int i = 0; i < n; i++) {
      Lent.returned(Memory.word(tokens, i));
    }
  }

  private static String document(Path file) throws java.io.IOException {
    try {
      return Documents.toJson(Documents.yaml(file).value());
    } catch (NoSuchFileException | NotDirectoryException e) {
      throw new Status.Failure(
          Status.NOT_FOUND, file + ": found nothing, expected a YAML or JSON file", e);
    } catch (DocumentException e) {
      throw new ConfigException(file.toString(), e.line(), "document", e.detail());
    }
  }

  private static String runtimeInfo(String members) {
    Kernels kernels = KernelProvider.get();
    Map<String, Object> info = new LinkedHashMap<>();
    if (Documents.json("{" + members + "}", "runtime") instanceof MapNode map) {
      info.putAll(map.value());
    }
    if (info.get("java_home") == null) {
      info.put("java_home", System.getProperty("java.home"));
    }
    info.put("java_version", System.getProperty("java.version"));
    info.put("kernels", kernels.name());
    info.put("vector_bits", kernels.bits());
    info.put("handles", Handles.count());
    info.put("exports", Lent.count());
    info.put("max_heap_bytes", Runtime.getRuntime().maxMemory());
    return Documents.toJson(info);
  }
}
