/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The functions of syncline.h that Java answers: each puts its arguments into words, calls the table, and takes the
 * results out. Layer 5.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "error.h"
#include "jvm.h"
#include "table.h"
#include "tensors.h"

#ifndef SYNCLINE_VERSION
#define SYNCLINE_VERSION "0.0.0"
#endif

const char *syncline_version(void) {
  return SYNCLINE_VERSION;
}

int32_t syncline_abi_version(void) {
  return SYNCLINE_ABI_VERSION;
}

void syncline_free(void *text) {
  free(text);
}

#define WORD(pointer) ((int64_t)(intptr_t)(pointer))

static int64_t word_of(double value) {
  int64_t w;
  memcpy(&w, &value, sizeof w);
  return w;
}

static syncline_status null_argument(const char *name) {
  return syncline_fail(SYNCLINE_E_ARGUMENT, "%s is NULL", name);
}

#define REQUIRE(pointer)            \
  do {                              \
    if ((pointer) == NULL) {        \
      return null_argument(#pointer); \
    }                               \
  } while (0)

/* What receives a result has the name that its function gives it. */
#define call_text(function, words, out) call_text_of(function, words, out, #out)
#define call_handle(function, words, out) call_handle_of(function, words, out, #out)
#define call_number(function, handle, out) call_number_of(function, handle, out, #out)

/* Calls a function whose result is text: words[0] its address, words[1] its bytes without NUL. */
static syncline_status call_text_of(enum syncline_export function, int64_t *words, char **out, const char *name) {
  if (out == NULL) {
    return null_argument(name);
  }
  syncline_status status = syncline_call(function, words);
  if (status == SYNCLINE_OK) {
    size_t n = (size_t)words[1];
    char *copy = malloc(n + 1);
    if (copy == NULL) {
      return syncline_fail(SYNCLINE_E_MEMORY, "out of memory for a text of %zu bytes", n);
    }
    memcpy(copy, (const char *)(intptr_t)words[0], n);
    copy[n] = 0;
    *out = copy;
  }
  return status;
}

/* Calls a function whose result is a view: words[0] its address; exactly count tensors. */
static syncline_status call_tensors(enum syncline_export function, int64_t *words, DLManagedTensorVersioned **out) {
  syncline_status status = syncline_call(function, words);
  return status == SYNCLINE_OK ? syncline_export_view((const syncline_view *)(intptr_t)words[0], out) : status;
}

/* Same for chunks and batches. */
static syncline_status call_batch(enum syncline_export function, int64_t *words, DLManagedTensorVersioned **tensors,
                                  int32_t capacity, syncline_batch_info *info) {
  if (tensors == NULL && capacity > 0) {
    return null_argument("tensors");
  }
  syncline_status status = syncline_call(function, words);
  if (status == SYNCLINE_OK) {
    const syncline_view *view = (const syncline_view *)(intptr_t)words[0];
    syncline_batch_info i = {view->index, view->epoch, (int32_t)view->count, (int32_t)view->rows,
                             (int32_t)view->session, 0};
    status = syncline_export_view(view, tensors);
    if (status == SYNCLINE_OK && info != NULL) {
      *info = i;
    }
  } else if (status == SYNCLINE_E_CAPACITY && info != NULL) {
    info->count = (int32_t)words[0];
  }
  return status;
}

static syncline_status call_handle_of(enum syncline_export function, int64_t *words, syncline_handle *out,
                                      const char *name) {
  if (out == NULL) {
    return null_argument(name);
  }
  syncline_status status = syncline_call(function, words);
  if (status == SYNCLINE_OK) {
    *out = (syncline_handle)words[0];
  }
  return status;
}

syncline_status syncline_runtime_info(char **json) {
  int64_t words[2] = {0, 0};
  REQUIRE(json);
  syncline_status status = syncline_start();
  if (status == SYNCLINE_OK) {
    words[0] = WORD(syncline_java_description());
    status = call_text(EXPORT_runtime_info, words, json);
  }
  return status;
}

syncline_status syncline_take_warnings(char **json) {
  int64_t words[2] = {0, 0};
  return call_text(EXPORT_take_warnings, words, json);
}

syncline_status syncline_release(syncline_handle handle) {
  if (syncline_ended()) {
    return SYNCLINE_OK; /* everything was closed with the library */
  }
  int64_t words[1] = {(int64_t)handle};
  return syncline_call(EXPORT_release, words);
}

syncline_status syncline_document_read(const char *path, char **json) {
  REQUIRE(path);
  int64_t words[2] = {WORD(path), 0};
  return call_text(EXPORT_document_read, words, json);
}

syncline_status syncline_document_parse(const char *text, const char *name, char **json) {
  REQUIRE(text);
  int64_t words[2] = {WORD(text), WORD(name)};
  return call_text(EXPORT_document_parse, words, json);
}

syncline_status syncline_data_key(const char *root, char **key) {
  REQUIRE(root);
  int64_t words[2] = {WORD(root), 0};
  return call_text(EXPORT_data_key, words, key);
}

syncline_status syncline_config_for(const char *root, char **json) {
  REQUIRE(root);
  int64_t words[2] = {WORD(root), 0};
  return call_text(EXPORT_config_for, words, json);
}

syncline_status syncline_import_file(const char *format, const char *request, char **report) {
  REQUIRE(format);
  REQUIRE(request);
  int64_t words[2] = {WORD(format), WORD(request)};
  return call_text(EXPORT_import_file, words, report);
}

syncline_status syncline_writer_open(const char *path, const char *options, syncline_handle *writer) {
  REQUIRE(path);
  int64_t words[2] = {WORD(path), WORD(options)};
  return call_handle(EXPORT_writer_open, words, writer);
}

syncline_status syncline_writer_device(syncline_handle writer, const char *device, const char *options) {
  REQUIRE(device);
  REQUIRE(options);
  int64_t words[3] = {(int64_t)writer, WORD(device), WORD(options)};
  return syncline_call(EXPORT_writer_device, words);
}

syncline_status syncline_writer_append(syncline_handle writer, const char *device, const void *values,
                                       const char *dtype, const int64_t *shape, int32_t ndim, const double *times,
                                       int64_t n, const char *options) {
  REQUIRE(device);
  if (dtype != NULL && ndim > 0) {
    REQUIRE(shape);
  }
  if (n > 0) {
    REQUIRE(times);
  }
  int64_t words[9] = {(int64_t)writer, WORD(device), WORD(values), WORD(dtype), WORD(shape),
                      ndim,            WORD(times),  n,            WORD(options)};
  return syncline_call(EXPORT_writer_append, words);
}

syncline_status syncline_writer_finish(syncline_handle writer, char **warnings) {
  int64_t words[2] = {(int64_t)writer, 0};
  return call_text(EXPORT_writer_finish, words, warnings);
}

syncline_status syncline_statistics(const char *path, const char *options, char **json) {
  REQUIRE(path);
  int64_t words[2] = {WORD(path), WORD(options)};
  return call_text(EXPORT_statistics, words, json);
}

syncline_status syncline_is_registered(const char *kind, const char *name, int64_t *registered) {
  REQUIRE(kind);
  REQUIRE(name);
  REQUIRE(registered);
  int64_t words[2] = {WORD(kind), WORD(name)};
  syncline_status status = syncline_call(EXPORT_is_registered, words);
  if (status == SYNCLINE_OK) {
    *registered = words[0];
  }
  return status;
}

syncline_status syncline_interpolator_open(const char *folder, const char *options, syncline_handle *interpolator) {
  REQUIRE(folder);
  int64_t words[2] = {WORD(folder), WORD(options)};
  return call_handle(EXPORT_interpolator_open, words, interpolator);
}

syncline_status syncline_interpolator_info(syncline_handle interpolator, char **json) {
  int64_t words[2] = {(int64_t)interpolator, 0};
  return call_text(EXPORT_interpolator_info, words, json);
}

syncline_status syncline_interpolator_trials(syncline_handle interpolator, char **json) {
  int64_t words[2] = {(int64_t)interpolator, 0};
  return call_text(EXPORT_interpolator_trials, words, json);
}

static syncline_status interpolate(enum syncline_export function, syncline_handle handle, const char *text,
                                   const double *times, int64_t n, DLManagedTensorVersioned **values,
                                   DLManagedTensorVersioned **valid) {
  REQUIRE(values);
  REQUIRE(valid);
  if (times == NULL && n > 0) {
    return null_argument("times");
  }
  int64_t words[4] = {(int64_t)handle, WORD(text), WORD(times), n};
  DLManagedTensorVersioned *both[2];
  syncline_status status = call_tensors(function, words, both);
  if (status == SYNCLINE_OK) {
    *values = both[0];
    *valid = both[1];
  }
  return status;
}

syncline_status syncline_interpolator_interpolate(syncline_handle interpolator, const char *mode, const double *times,
                                                  int64_t n, DLManagedTensorVersioned **values,
                                                  DLManagedTensorVersioned **valid) {
  return interpolate(EXPORT_interpolator_interpolate, interpolator, mode, times, n, values, valid);
}

syncline_status syncline_experiment_open(const char *root, const char *modality_config, int32_t flags,
                                         syncline_handle *experiment) {
  REQUIRE(root);
  int64_t words[3] = {WORD(root), WORD(modality_config), flags};
  return call_handle(EXPORT_experiment_open, words, experiment);
}

syncline_status syncline_experiment_info(syncline_handle experiment, char **json) {
  int64_t words[2] = {(int64_t)experiment, 0};
  return call_text(EXPORT_experiment_info, words, json);
}

syncline_status syncline_experiment_interpolate(syncline_handle experiment, const char *device, const double *times,
                                                int64_t n, DLManagedTensorVersioned **values,
                                                DLManagedTensorVersioned **valid) {
  REQUIRE(device);
  return interpolate(EXPORT_experiment_interpolate, experiment, device, times, n, values, valid);
}

syncline_status syncline_dataset_open(const char *root, const char *config, const char *options,
                                      syncline_handle *dataset) {
  REQUIRE(root);
  int64_t words[3] = {WORD(root), WORD(config), WORD(options)};
  return call_handle(EXPORT_dataset_open, words, dataset);
}

syncline_status syncline_dataset_info(syncline_handle dataset, char **json) {
  int64_t words[2] = {(int64_t)dataset, 0};
  return call_text(EXPORT_dataset_info, words, json);
}

syncline_status syncline_dataset_statistics(syncline_handle dataset, char **json) {
  int64_t words[2] = {(int64_t)dataset, 0};
  return call_text(EXPORT_dataset_statistics, words, json);
}

syncline_status syncline_dataset_byte_screens(syncline_handle dataset, char **json) {
  int64_t words[2] = {(int64_t)dataset, 0};
  return call_text(EXPORT_dataset_byte_screens, words, json);
}

syncline_status syncline_dataset_explain(syncline_handle dataset, char **json) {
  int64_t words[2] = {(int64_t)dataset, 0};
  return call_text(EXPORT_dataset_explain, words, json);
}

syncline_status syncline_dataset_categories(syncline_handle dataset, const char *key, char **json) {
  REQUIRE(key);
  int64_t words[3] = {(int64_t)dataset, (int64_t)(intptr_t)key, 0};
  return call_text(EXPORT_dataset_categories, words, json);
}

static syncline_status call_number_of(enum syncline_export function, syncline_handle handle, int64_t *number,
                                      const char *name) {
  if (number == NULL) {
    return null_argument(name);
  }
  int64_t words[1] = {(int64_t)handle};
  syncline_status status = syncline_call(function, words);
  if (status == SYNCLINE_OK) {
    *number = words[0];
  }
  return status;
}

syncline_status syncline_dataset_length(syncline_handle dataset, int64_t *length) {
  return call_number(EXPORT_dataset_length, dataset, length);
}

syncline_status syncline_dataset_start_times(syncline_handle dataset, DLManagedTensorVersioned **times) {
  REQUIRE(times);
  int64_t words[1] = {(int64_t)dataset};
  return call_tensors(EXPORT_dataset_start_times, words, times);
}

syncline_status syncline_dataset_item(syncline_handle dataset, int64_t index, DLManagedTensorVersioned **tensors,
                                      int32_t capacity, syncline_batch_info *info) {
  int64_t words[3] = {(int64_t)dataset, capacity, index};
  return call_batch(EXPORT_dataset_item, words, tensors, capacity, info);
}

syncline_status syncline_dataset_item_at(syncline_handle dataset, double start, DLManagedTensorVersioned **tensors,
                                         int32_t capacity, syncline_batch_info *info) {
  int64_t words[3] = {(int64_t)dataset, capacity, word_of(start)};
  return call_batch(EXPORT_dataset_item_at, words, tensors, capacity, info);
}

syncline_status syncline_dataset_read(syncline_handle dataset, const int64_t *indices, int64_t n,
                                      DLManagedTensorVersioned **tensors, int32_t capacity, syncline_batch_info *info) {
  REQUIRE(indices);
  int64_t words[4] = {(int64_t)dataset, capacity, WORD(indices), n};
  return call_batch(EXPORT_dataset_read, words, tensors, capacity, info);
}

syncline_status syncline_dataset_chunk_times(syncline_handle dataset, const char *device, double start,
                                             DLManagedTensorVersioned **times) {
  REQUIRE(device);
  REQUIRE(times);
  int64_t words[3] = {(int64_t)dataset, WORD(device), word_of(start)};
  return call_tensors(EXPORT_dataset_chunk_times, words, times);
}

syncline_status syncline_dataset_full_valid_sample_times(syncline_handle dataset, int32_t filtered,
                                                         DLManagedTensorVersioned **times) {
  REQUIRE(times);
  int64_t words[2] = {(int64_t)dataset, filtered};
  return call_tensors(EXPORT_dataset_full_valid_sample_times, words, times);
}

syncline_status syncline_dataset_condition_mask(syncline_handle dataset, const char *conditions,
                                                DLManagedTensorVersioned **mask) {
  REQUIRE(conditions);
  REQUIRE(mask);
  int64_t words[2] = {(int64_t)dataset, WORD(conditions)};
  return call_tensors(EXPORT_dataset_condition_mask, words, mask);
}

syncline_status syncline_dataset_sample_mask(syncline_handle dataset, int32_t satisfy_for_next, const char *conditions,
                                             int32_t filtered, DLManagedTensorVersioned **mask) {
  REQUIRE(mask);
  int64_t words[4] = {(int64_t)dataset, satisfy_for_next, WORD(conditions), filtered};
  return call_tensors(EXPORT_dataset_sample_mask, words, mask);
}

syncline_status syncline_dataset_valid_intervals(syncline_handle dataset, DLManagedTensorVersioned **intervals) {
  REQUIRE(intervals);
  int64_t words[1] = {(int64_t)dataset};
  return call_tensors(EXPORT_dataset_valid_intervals, words, intervals);
}

syncline_status syncline_dataset_interval_statistics(syncline_handle dataset, char **text) {
  int64_t words[2] = {(int64_t)dataset, 0};
  return call_text(EXPORT_dataset_interval_statistics, words, text);
}

syncline_status syncline_dataset_shuffle(syncline_handle dataset) {
  int64_t words[1] = {(int64_t)dataset};
  return syncline_call(EXPORT_dataset_shuffle, words);
}

syncline_status syncline_dataset_state(syncline_handle dataset, char **json) {
  int64_t words[2] = {(int64_t)dataset, 0};
  return call_text(EXPORT_dataset_state, words, json);
}

syncline_status syncline_dataset_restore(syncline_handle dataset, const char *json) {
  REQUIRE(json);
  int64_t words[2] = {(int64_t)dataset, WORD(json)};
  return syncline_call(EXPORT_dataset_restore, words);
}

syncline_status syncline_transforms_open(const char *targets, syncline_handle *transforms) {
  REQUIRE(targets);
  int64_t words[1] = {WORD(targets)};
  return call_handle(EXPORT_transforms_open, words, transforms);
}

syncline_status syncline_transforms_apply(syncline_handle transforms, const float *frames, const int64_t shape[4],
                                          DLManagedTensorVersioned **result) {
  REQUIRE(shape);
  REQUIRE(result);
  int64_t words[6] = {(int64_t)transforms, WORD(frames), shape[0], shape[1], shape[2], shape[3]};
  if (frames == NULL && shape[0] > 0) {
    return null_argument("frames");
  }
  return call_tensors(EXPORT_transforms_apply, words, result);
}

syncline_status syncline_loader_open(const syncline_handle *datasets, int32_t count, const char *options,
                                     syncline_handle *loader) {
  if (count < 0 || (datasets == NULL && count > 0)) {
    return syncline_fail(SYNCLINE_E_ARGUMENT, "count is %d and datasets is %p", (int)count, (const void *)datasets);
  }
  int64_t words[3] = {WORD(datasets), count, WORD(options)};
  return call_handle(EXPORT_loader_open, words, loader);
}

syncline_status syncline_loader_info(syncline_handle loader, char **json) {
  int64_t words[2] = {(int64_t)loader, 0};
  return call_text(EXPORT_loader_info, words, json);
}

syncline_status syncline_loader_session(syncline_handle loader, int64_t session, char **json) {
  int64_t words[3] = {(int64_t)loader, session, 0};
  return call_text(EXPORT_loader_session, words, json);
}

syncline_status syncline_loader_length(syncline_handle loader, int64_t *length) {
  return call_number(EXPORT_loader_length, loader, length);
}

static int64_t now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* While one thread waits for a batch another may delete one, and the workers may need its memory: look every so often. */
#define SLICE_MS 50

syncline_status syncline_loader_next(syncline_handle loader, int32_t timeout_ms, DLManagedTensorVersioned **tensors,
                                     int32_t capacity, syncline_batch_info *info) {
  int64_t end = timeout_ms < 0 ? 0 : now_ms() + timeout_ms;
  for (;;) {
    int64_t left = timeout_ms < 0 ? SLICE_MS : end - now_ms();
    int64_t slice = left < 0 ? 0 : left < SLICE_MS ? left : SLICE_MS;
    int64_t words[3] = {(int64_t)loader, capacity, slice};
    syncline_status status = call_batch(EXPORT_loader_next, words, tensors, capacity, info);
    if (status != SYNCLINE_TIMEOUT || (timeout_ms >= 0 && left <= SLICE_MS)) {
      return status;
    }
    pthread_testcancel(); /* between calls of Java, where a thread may end */
  }
}

syncline_status syncline_loader_feed(syncline_handle loader, int64_t batches, const int32_t *sessions,
                                     const int32_t *sizes, const int64_t *indices) {
  if (batches != 0) {
    REQUIRE(sessions);
    REQUIRE(sizes);
    REQUIRE(indices);
  }
  int64_t words[5] = {(int64_t)loader, batches, WORD(sessions), WORD(sizes), WORD(indices)};
  return syncline_call(EXPORT_loader_feed, words);
}

syncline_status syncline_loader_begin_epoch(syncline_handle loader, int64_t epoch) {
  int64_t words[2] = {(int64_t)loader, epoch};
  return syncline_call(EXPORT_loader_begin_epoch, words);
}

syncline_status syncline_loader_state(syncline_handle loader, char **json) {
  int64_t words[2] = {(int64_t)loader, 0};
  return call_text(EXPORT_loader_state, words, json);
}

syncline_status syncline_loader_restore(syncline_handle loader, const char *json) {
  REQUIRE(json);
  int64_t words[2] = {(int64_t)loader, WORD(json)};
  return syncline_call(EXPORT_loader_restore, words);
}

syncline_status syncline_loader_statistics(syncline_handle loader, char **json) {
  int64_t words[2] = {(int64_t)loader, 0};
  return call_text(EXPORT_loader_statistics, words, json);
}
