/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The deleters and the queue behind them without Java, for the sanitizers: many threads share, delete and drain.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tensors.h"

#define REQUIRE(condition)                                               \
  do {                                                                   \
    if (!(condition)) {                                                  \
      fprintf(stderr, "line %d: not so: %s\n", __LINE__, #condition);    \
      exit(1);                                                           \
    }                                                                    \
  } while (0)

enum { THREADS = 4, BATCHES = 4000, TENSORS = 5 };

static atomic_int seen[BATCHES * THREADS];
static atomic_int returned;
static float memory[TENSORS][6];

static syncline_view *make_view(int64_t token) {
  syncline_view *view = calloc(1, sizeof *view + TENSORS * sizeof view->tensors[0]);
  REQUIRE(view != NULL);
  view->token = token;
  view->count = TENSORS;
  for (int i = 0; i < TENSORS; i++) {
    view->tensors[i].data = (int64_t)(intptr_t)memory[i];
    view->tensors[i].code = kDLFloat;
    view->tensors[i].bits = 32;
    view->tensors[i].ndim = i == 0 ? 0 : 2;
    view->tensors[i].shape[0] = i == 1 ? 0 : 2;
    view->tensors[i].shape[1] = 3;
  }
  return view;
}

static void drain(void) {
  int64_t tokens[8];
  for (int32_t n; (n = syncline_take_returned(tokens, 8)) > 0;) {
    for (int32_t i = 0; i < n; i++) {
      REQUIRE(atomic_fetch_add(&seen[tokens[i]], 1) == 0);
      atomic_fetch_add(&returned, 1);
    }
  }
}

static void *work(void *argument) {
  int64_t first = (int64_t)(intptr_t)argument * BATCHES;
  for (int b = 0; b < BATCHES; b++) {
    DLManagedTensorVersioned *t[TENSORS];
    syncline_view *view = make_view(first + b);
    REQUIRE(syncline_export_view(view, t) == SYNCLINE_OK);
    free(view);
    DLManagedTensorVersioned *shared = syncline_tensor_share(t[2]);
    DLManagedTensor *legacy = syncline_tensor_share_legacy(t[3]);
    for (int i = TENSORS - 1; i >= 0; i--) {
      syncline_tensor_delete(t[i]);
    }
    REQUIRE(atomic_load(&seen[first + b]) == 0);
    REQUIRE(shared->dl_tensor.shape[1] == 3 && shared->dl_tensor.strides[0] == 3 && shared->dl_tensor.strides[1] == 1);
    REQUIRE(legacy->dl_tensor.data == memory[3]);
    shared->deleter(shared);
    legacy->deleter(legacy);
    if (b % 7 == 0) {
      drain();
    }
  }
  return NULL;
}

static int is_valid(void *capsule, const char *name) {
  return strcmp(((const char **)capsule)[0], name) == 0;
}

static void *get_pointer(void *capsule, const char *name) {
  (void)name;
  return ((void **)capsule)[1];
}

int main(void) {
  DLManagedTensorVersioned *t[TENSORS];
  syncline_view *view = make_view(0);
  REQUIRE(syncline_export_view(view, t) == SYNCLINE_OK);
  free(view);
  REQUIRE(t[0]->dl_tensor.ndim == 0 && t[0]->dl_tensor.data == memory[0]);
  REQUIRE(t[1]->dl_tensor.data == NULL && t[1]->dl_tensor.strides != NULL);
  REQUIRE(t[2]->version.major == 1 && t[2]->flags == 0 && t[2]->dl_tensor.dtype.lanes == 1);
  REQUIRE(!syncline_any_returned());

  /* a copy lies apart, says so, and outlives what it is of */
  for (int i = 0; i < 6; i++) {
    memory[2][i] = (float)i;
  }
  DLManagedTensorVersioned *copy = syncline_tensor_copy(t[2]);
  REQUIRE(copy->flags == DLPACK_FLAG_BITMASK_IS_COPIED && (intptr_t)copy->dl_tensor.data % 64 == 0);
  REQUIRE(copy->dl_tensor.data != memory[2] && memcmp(copy->dl_tensor.data, memory[2], 24) == 0);
  DLManagedTensorVersioned *empty = syncline_tensor_copy(t[1]);
  REQUIRE(empty->dl_tensor.data == NULL);
  empty->deleter(empty);

  /* capsules: taken by a consumer, and not */
  syncline_python_host(is_valid, get_pointer);
  const void *taken[2] = {"used_dltensor_versioned", t[0]};
  syncline_python_capsule_destructor(taken);
  const void *left[2] = {"dltensor_versioned", t[0]};
  syncline_python_capsule_destructor(left);
  const void *old[2] = {"dltensor", syncline_tensor_share_legacy(t[1])};
  syncline_python_capsule_destructor(old);
  for (int i = 1; i < TENSORS; i++) {
    REQUIRE(!syncline_any_returned());
    syncline_tensor_delete(t[i]);
  }
  REQUIRE(syncline_any_returned());
  syncline_tensor_delete(NULL);
  REQUIRE(syncline_tensor_share(NULL) == NULL && syncline_tensor_copy(NULL) == NULL);
  drain();
  REQUIRE(atomic_load(&returned) == 1);
  memory[2][5] = 0;
  REQUIRE(((float *)copy->dl_tensor.data)[5] == 5);
  copy->deleter(copy);
  atomic_store(&seen[0], 0);
  atomic_store(&returned, 0);

  pthread_t threads[THREADS];
  for (intptr_t i = 0; i < THREADS; i++) {
    REQUIRE(pthread_create(&threads[i], NULL, work, (void *)i) == 0);
  }
  for (int i = 0; i < THREADS; i++) {
    pthread_join(threads[i], NULL);
  }
  drain();
  REQUIRE(atomic_load(&returned) == THREADS * BATCHES);
  REQUIRE(!syncline_any_returned());
  printf("%d batches returned once each\n", atomic_load(&returned));
  return 0;
}
