/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A batch for Python in one call. Python's functions are handed in, so that one library serves every version of Python
 * and programs without any. Layer 5.
 */
#include <stddef.h>

#include "error.h"
#include "tensors.h"

static syncline_python python;

void syncline_python_functions(const syncline_python *functions) {
  python = *functions;
}

/* The batch goes back as a whole: what is in the list with the list, the rest here. */
static syncline_status no_memory(DLManagedTensorVersioned **tensors, int32_t from, int32_t count) {
  python.err_clear();
  for (int32_t i = from; i < count; i++) {
    if (tensors[i] != NULL) {
      syncline_tensor_delete(tensors[i]);
    }
  }
  return syncline_fail(SYNCLINE_E_MEMORY, "out of memory for a batch's capsules");
}

syncline_status syncline_python_next(syncline_handle loader, int32_t timeout_ms, int32_t legacy, int32_t apart,
                                     void *list, syncline_python_batch *batch) {
  DLManagedTensorVersioned *tensors[SYNCLINE_MAX_TENSORS];
  void *thread = python.save_thread();
  syncline_status status = syncline_loader_next(loader, timeout_ms, tensors, SYNCLINE_MAX_TENSORS, &batch->info);
  batch->warnings = syncline_has_warnings();
  batch->apart = 0;
  if (status == SYNCLINE_OK && apart) {
    batch->apart = syncline_tensors_set_small_apart(tensors, batch->info.count);
  }
  python.restore_thread(thread);
  if (status != SYNCLINE_OK) {
    return status;
  }
  int32_t n = batch->info.count;
  for (int32_t i = 0; i < n; i++) {
    batch->data[i] = tensors[i]->dl_tensor.data;
    void *pointer = legacy ? (void *)syncline_tensor_to_legacy(tensors[i]) : (void *)tensors[i];
    void *capsule =
        python.capsule_new(pointer, legacy ? "dltensor" : "dltensor_versioned", syncline_python_capsule_destructor);
    if (capsule == NULL) {
      if (legacy) {
        DLManagedTensor *t = pointer;
        t->deleter(t);
        tensors[i] = NULL;
      }
      return no_memory(tensors, i, n);
    }
    int failed = python.list_append(list, capsule);
    python.dec_ref(capsule); /* the list's from here on, or gone with its tensor */
    if (failed) {
      return no_memory(tensors, i + 1, n);
    }
  }
  return SYNCLINE_OK;
}
