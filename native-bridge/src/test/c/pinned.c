/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reads batches from a loader with pinned memory, keeping some, so that the ring grows, is given back, and is freed.
 */
#include <stdio.h>
#include <stdlib.h>

#include "syncline.h"

#define CHECK(call)                                                 \
  do {                                                              \
    if ((call) < 0) {                                               \
      fprintf(stderr, "%s: %s\n", #call, syncline_last_error());    \
      exit(1);                                                      \
    }                                                               \
  } while (0)

enum { KEPT = 6 };

int main(int argc, char **argv) {
  syncline_handle dataset, loader;
  DLManagedTensorVersioned *kept[KEPT][SYNCLINE_MAX_TENSORS];
  syncline_batch_info info[KEPT];
  if (argc < 4 || !syncline_cuda_available()) {
    fprintf(stderr, "no CUDA\n");
    return 2;
  }
  CHECK(syncline_dataset_open(argv[1], argv[2], NULL, &dataset));
  CHECK(syncline_loader_open(&dataset, 1, argv[3], &loader));
  for (int round = 0; round < 20; round++) {
    for (int i = 0; i < KEPT; i++) {
      syncline_status s;
      do {
        CHECK(s = syncline_loader_next(loader, -1, kept[i], SYNCLINE_MAX_TENSORS, &info[i]));
      } while (s != SYNCLINE_OK);
    }
    for (int i = 0; i < KEPT; i++) {
      for (int k = 0; k < info[i].count; k++) {
        syncline_tensor_delete(kept[i][k]);
      }
    }
  }
  CHECK(syncline_release(loader));
  CHECK(syncline_release(dataset));
  /* the last batches come back on a thread of their own */
  for (int i = 0; i < 100; i++) {
    char *json;
    CHECK(syncline_runtime_info(&json));
    syncline_free(json);
  }
  struct { int x; } memory[1024];
  CHECK(syncline_pin(memory, sizeof memory));
  CHECK(syncline_unpin(memory));
  syncline_shutdown();
  printf("done\n");
  return 0;
}
