/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Tensors and their deleters. Nothing here calls Java: a deleter runs on any thread, with or without Python's lock,
 * while the interpreter goes down, or in a forked child.
 */
#include "tensors.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"

/*
 * Memory that several tensors share: a batch, a chunk. When the last is deleted its token is queued for Java. An apart one
 * is the head of a block with one tensor's values, which is freed instead.
 */
typedef struct owner {
  atomic_int references;
  bool apart;
  int64_t token;
  struct owner *next;
} owner;

/* What vectors and consumers of DLPack want of an address; the owner of values that lie apart fits in before them. */
#define ALIGNMENT ((size_t)64)
_Static_assert(sizeof(owner) <= ALIGNMENT, "an owner fits before its values");

/* One exported tensor: struct, shape and strides in one block, which the deleter frees. */
typedef struct {
  owner *owner;
  int64_t shape[SYNCLINE_MAX_DIMS];
  int64_t strides[SYNCLINE_MAX_DIMS];
  union {
    DLManagedTensorVersioned versioned;
    DLManagedTensor legacy;
  } tensor;
} export_block;

/* A stack: pushed one at a time, taken whole, so that no entry can come back while someone looks at it. */
static _Atomic(owner *) returned;
/* Taken but not yet handed out; only the holder of the flag looks at it. */
static owner *taken;
static atomic_flag taking = ATOMIC_FLAG_INIT;

static void push(owner *o) {
  owner *head = atomic_load_explicit(&returned, memory_order_relaxed);
  do {
    o->next = head;
  } while (!atomic_compare_exchange_weak_explicit(&returned, &head, o, memory_order_release, memory_order_relaxed));
}

static void drop(owner *o) {
  /* release: this tensor's reads and writes come before; acquire: all the others' come before the memory is reused */
  if (atomic_fetch_sub_explicit(&o->references, 1, memory_order_acq_rel) == 1) {
    if (o->apart) {
      free(o);
    } else {
      push(o);
    }
  }
}

static void delete_versioned(DLManagedTensorVersioned *self) {
  export_block *block = self->manager_ctx;
  owner *o = block->owner;
  free(block);
  drop(o);
}

static void delete_legacy(DLManagedTensor *self) {
  export_block *block = self->manager_ctx;
  owner *o = block->owner;
  free(block);
  drop(o);
}

static void fill(DLTensor *t, export_block *block, const syncline_tensor_view *view) {
  int64_t stride = 1;
  bool empty = false;
  for (int i = (int)view->ndim - 1; i >= 0; i--) {
    block->shape[i] = view->shape[i];
    block->strides[i] = stride;
    if (view->shape[i] == 0) {
      empty = true;
    } else {
      stride *= view->shape[i];
    }
  }
  t->data = empty ? NULL : (void *)(intptr_t)view->data;
  t->device.device_type = kDLCPU;
  t->device.device_id = 0;
  t->ndim = (int32_t)view->ndim;
  t->dtype.code = (uint8_t)view->code;
  t->dtype.bits = (uint8_t)view->bits;
  t->dtype.lanes = 1;
  t->shape = block->shape;
  t->strides = block->strides;
  t->byte_offset = 0;
}

static DLManagedTensorVersioned *finish_versioned(export_block *block) {
  DLManagedTensorVersioned *t = &block->tensor.versioned;
  t->version.major = 1;
  t->version.minor = 1;
  t->flags = 0;
  t->manager_ctx = block;
  t->deleter = delete_versioned; /* last: before it the block is no tensor yet */
  return t;
}

syncline_status syncline_export_view(const syncline_view *view, DLManagedTensorVersioned **tensors) {
  owner *o = malloc(sizeof *o);
  if (o == NULL) {
    return syncline_fail(SYNCLINE_E_MEMORY, "out of memory for a tensor's header");
  }
  int32_t n = (int32_t)view->count;
  /* one reference of our own while building, so that a failure half-way gives the token back once */
  atomic_init(&o->references, n + 1);
  o->apart = false;
  o->token = view->token;
  o->next = NULL;
  for (int32_t i = 0; i < n; i++) {
    export_block *block = malloc(sizeof *block);
    if (block == NULL) {
      for (int32_t k = 0; k < i; k++) {
        tensors[k]->deleter(tensors[k]);
        tensors[k] = NULL;
      }
      for (int32_t k = i; k <= n; k++) {
        drop(o);
      }
      return syncline_fail(SYNCLINE_E_MEMORY, "out of memory for a tensor's header");
    }
    block->owner = o;
    fill(&block->tensor.versioned.dl_tensor, block, &view->tensors[i]);
    tensors[i] = finish_versioned(block);
  }
  drop(o);
  return SYNCLINE_OK;
}

bool syncline_any_returned(void) {
  return atomic_load_explicit(&returned, memory_order_relaxed) != NULL;
}

int32_t syncline_take_returned(int64_t *tokens, int32_t capacity) {
  if (atomic_flag_test_and_set_explicit(&taking, memory_order_acquire)) {
    return 0; /* another thread is at it */
  }
  int32_t n = 0;
  while (n < capacity) {
    if (taken == NULL) {
      taken = atomic_exchange_explicit(&returned, NULL, memory_order_acquire);
      if (taken == NULL) {
        break;
      }
    }
    owner *o = taken;
    taken = o->next;
    tokens[n++] = o->token;
    free(o);
  }
  if (taken != NULL && n == capacity) {
    /* the rest goes back, so that syncline_any_returned tells the truth */
    owner *rest = taken;
    taken = NULL;
    while (rest != NULL) {
      owner *next = rest->next;
      push(rest);
      rest = next;
    }
  }
  atomic_flag_clear_explicit(&taking, memory_order_release);
  return n;
}

void syncline_tensor_delete(DLManagedTensorVersioned *tensor) {
  if (tensor != NULL && tensor->deleter != NULL) {
    tensor->deleter(tensor);
  }
}

static size_t bytes(const DLTensor *t) {
  size_t n = t->dtype.bits / 8;
  for (int32_t i = 0; i < t->ndim; i++) {
    n *= (size_t)t->shape[i];
  }
  return n;
}

/* Gives a tensor a copy of its values to own; false where memory ran out, and it stays as it is. */
static bool set_apart(DLManagedTensorVersioned *tensor, size_t size) {
  char *memory = aligned_alloc(ALIGNMENT, (size + 2 * ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
  if (memory == NULL) {
    return false;
  }
  owner *o = (owner *)(void *)memory;
  atomic_init(&o->references, 1);
  o->apart = true;
  o->token = 0;
  o->next = NULL;
  memcpy(memory + ALIGNMENT, tensor->dl_tensor.data, size);
  tensor->dl_tensor.data = memory + ALIGNMENT;
  export_block *block = tensor->manager_ctx;
  owner *shared = block->owner;
  block->owner = o;
  drop(shared);
  return true;
}

int64_t syncline_tensors_set_small_apart(DLManagedTensorVersioned **tensors, int32_t count) {
  size_t all = 0;
  for (int32_t i = 0; i < count; i++) {
    all += bytes(&tensors[i]->dl_tensor);
  }
  int64_t apart = 0;
  for (int32_t i = 0; i < count && i < 63; i++) {
    size_t n = bytes(&tensors[i]->dl_tensor);
    if (n > 0 && n <= SYNCLINE_SMALL_BYTES && n <= all / SYNCLINE_SMALL_PART && set_apart(tensors[i], n)) {
      apart |= INT64_C(1) << i;
    }
  }
  return apart;
}

/* A new block over the same memory; NULL when memory ran out or the tensor is not one of ours. */
static export_block *share(const DLManagedTensorVersioned *tensor) {
  if (tensor == NULL || tensor->deleter != delete_versioned) {
    return NULL;
  }
  export_block *block = malloc(sizeof *block);
  if (block == NULL) {
    return NULL;
  }
  const export_block *from = tensor->manager_ctx;
  memcpy(block->shape, from->shape, sizeof block->shape);
  memcpy(block->strides, from->strides, sizeof block->strides);
  block->owner = from->owner;
  atomic_fetch_add_explicit(&block->owner->references, 1, memory_order_relaxed);
  return block;
}

DLManagedTensorVersioned *syncline_tensor_share(const DLManagedTensorVersioned *tensor) {
  export_block *block = share(tensor);
  if (block == NULL) {
    return NULL;
  }
  block->tensor.versioned.dl_tensor = tensor->dl_tensor;
  block->tensor.versioned.dl_tensor.shape = block->shape;
  block->tensor.versioned.dl_tensor.strides = block->strides;
  return finish_versioned(block);
}

DLManagedTensorVersioned *syncline_tensor_copy(const DLManagedTensorVersioned *tensor) {
  DLManagedTensorVersioned *copy = syncline_tensor_share(tensor);
  if (copy == NULL) {
    return NULL;
  }
  size_t size = bytes(&copy->dl_tensor);
  if (size > 0 && !set_apart(copy, size)) {
    copy->deleter(copy);
    return NULL;
  }
  copy->flags |= DLPACK_FLAG_BITMASK_IS_COPIED;
  return copy;
}

DLManagedTensor *syncline_tensor_share_legacy(const DLManagedTensorVersioned *tensor) {
  export_block *block = share(tensor);
  if (block == NULL) {
    return NULL;
  }
  DLManagedTensor *t = &block->tensor.legacy;
  t->dl_tensor = tensor->dl_tensor;
  t->dl_tensor.shape = block->shape;
  t->dl_tensor.strides = block->strides;
  t->manager_ctx = block;
  t->deleter = delete_legacy;
  return t;
}

DLManagedTensor *syncline_tensor_to_legacy(DLManagedTensorVersioned *tensor) {
  export_block *block = tensor->manager_ctx;
  DLTensor t = tensor->dl_tensor; /* both structs begin at the same place */
  DLManagedTensor *legacy = &block->tensor.legacy;
  legacy->dl_tensor = t;
  legacy->manager_ctx = block;
  legacy->deleter = delete_legacy;
  return legacy;
}
