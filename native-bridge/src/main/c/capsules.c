/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The destructor of Python's capsules around our tensors. Calls nothing but the tensor's deleter, so that it may run while
 * the interpreter goes down.
 */
#include <stddef.h>

#include "syncline.h"

static int (*capsule_is_valid)(void *, const char *);
static void *(*capsule_pointer)(void *, const char *);

void syncline_python_host(int (*is_valid)(void *, const char *), void *(*get_pointer)(void *, const char *)) {
  capsule_is_valid = is_valid;
  capsule_pointer = get_pointer;
}

void syncline_python_capsule_destructor(void *capsule) {
  /* a consumer renames the capsule: then the tensor is the consumer's */
  if (capsule_is_valid(capsule, "dltensor_versioned")) {
    DLManagedTensorVersioned *t = capsule_pointer(capsule, "dltensor_versioned");
    if (t != NULL && t->deleter != NULL) {
      t->deleter(t);
    }
  } else if (capsule_is_valid(capsule, "dltensor")) {
    DLManagedTensor *t = capsule_pointer(capsule, "dltensor");
    if (t != NULL && t->deleter != NULL) {
      t->deleter(t);
    }
  }
}
