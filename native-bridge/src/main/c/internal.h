/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the files of libsyncline share.
 */
#ifndef SYNCLINE_INTERNAL_H_
#define SYNCLINE_INTERNAL_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "syncline.h"

/*
 * The functions that Java provides, in the order of the table. The same names in the same order stand in
 * org.syncline.bridge.Export; Java refuses to start when they differ.
 */
#define SYNCLINE_EXPORTS(X)                                                                                        \
  X(runtime_info) X(take_warnings) X(release) X(shutdown) X(returned) X(document_read) X(document_parse)           \
  X(data_key) X(interpolator_open) X(interpolator_info) X(interpolator_trials) X(interpolator_interpolate)         \
  X(experiment_open) X(experiment_info) X(experiment_interpolate) X(dataset_open) X(dataset_info)                  \
  X(dataset_length) X(dataset_start_times) X(dataset_item) X(dataset_item_at) X(dataset_read)                      \
  X(dataset_chunk_times) X(dataset_full_valid_sample_times) X(dataset_condition_mask) X(dataset_sample_mask)       \
  X(dataset_valid_intervals) X(dataset_interval_statistics) X(dataset_shuffle) X(dataset_state)                    \
  X(dataset_restore) X(transforms_open) X(transforms_apply) X(loader_open) X(loader_info) X(loader_length)         \
  X(loader_next) X(loader_begin_epoch) X(loader_state) X(loader_restore) X(loader_statistics)

enum syncline_export {
#define X(name) EXPORT_##name,
  SYNCLINE_EXPORTS(X)
#undef X
  EXPORT_COUNT
};

/* Where Java writes what went wrong: one a thread. */
typedef struct {
  int32_t code;
  int32_t warnings; /* how many wait in Java, as of the thread's last call */
  char type[120];
  char message[8064];
} syncline_error;

/*
 * Every Java function has this one shape, so that the JVM makes one adapter, not forty: arguments and results are words.
 * Results that do not fit in words lie in memory of Java's that stays as it is until the thread's next call.
 */
typedef int32_t (*syncline_function)(syncline_error *error, int64_t *words);

/* One tensor as Java describes it. */
typedef struct {
  int64_t data;
  int64_t code; /* DLDataTypeCode */
  int64_t bits;
  int64_t ndim;
  int64_t shape[SYNCLINE_MAX_DIMS];
} syncline_tensor_view;

/* Tensors that share one owner, as Java describes them. */
typedef struct {
  int64_t token; /* what Java wants back when the last of them is deleted */
  int64_t index;
  int64_t epoch;
  int64_t rows;
  int64_t session;
  int64_t count;
  syncline_tensor_view tensors[]; /* count of them */
} syncline_view;

/* What Java is given at the start. */
typedef struct {
  int64_t abi_version;
  int64_t count;                                                       /* entries of table */
  syncline_function *table;                                            /* filled by Java */
  const char *names;                                                   /* of the exports, separated by commas */
  void (*memory)(void *address, uint64_t bytes, int32_t made);         /* tells the hook */
  int32_t (*pin)(void *address, uint64_t bytes, syncline_error *error); /* 0 or a status */
  int32_t (*unpin)(void *address);                                     /* waits until the device is done with it */
  void (*quiesce)(void);                                               /* waits until the device is done with everything */
  int32_t *finished;                                                   /* Java sets it to 1 when the VM ends */
} syncline_host;

extern syncline_function syncline_table[EXPORT_COUNT];
extern _Thread_local syncline_error syncline_error_here;

/* Records an error of this thread and returns its code. */
syncline_status syncline_fail(syncline_status code, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Finds a runtime, starts it, fills the table; under the caller's lock. */
syncline_status syncline_java_start(syncline_host *host);
/* Ends a VM of ours that was asked to record an AOT cache, which it writes when it ends; else does nothing. */
void syncline_java_end(void);
/* Text of JSON members that describe the runtime: "java_home":...,"java_version":...,"start_ms":... */
const char *syncline_java_description(void);
/* Remembers Java's signal handlers, once it runs. */
void syncline_signals_started(void *libjvm);
/* Cheap check that SIGSEGV is still Java's. */
void syncline_signals_check(void);

/* Builds the tensors of a view; on failure nothing is built and the token is given back. */
syncline_status syncline_export_view(const syncline_view *view, DLManagedTensorVersioned **tensors);
/* Makes one of our tensors one of the older struct, in its place. */
DLManagedTensor *syncline_tensor_to_legacy(DLManagedTensorVersioned *tensor);
/* Takes the tokens of owners whose last tensor was deleted, up to capacity of them. */
int32_t syncline_take_returned(int64_t *tokens, int32_t capacity);
/* Whether there are any. */
bool syncline_any_returned(void);

int32_t syncline_cuda_pin(void *address, uint64_t bytes, syncline_error *error);
int32_t syncline_cuda_unpin(void *address);
void syncline_cuda_quiesce(void);

#endif
