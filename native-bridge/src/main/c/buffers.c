/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The buffers that batches and chunks live in, and the hook that hears of them.
 */
#include "buffers.h"

#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t hook_lock = PTHREAD_MUTEX_INITIALIZER;
static syncline_memory_hook hook;
static void *hook_user;
/* Buffers alive, for a hook that comes late. */
static struct buffer {
  void *address;
  uint64_t bytes;
} *buffers;
static size_t buffer_count, buffer_capacity;

void syncline_buffers_tell(void *address, uint64_t bytes, int32_t made) {
  pthread_mutex_lock(&hook_lock);
  if (made) {
    if (buffer_count == buffer_capacity) {
      size_t capacity = buffer_capacity == 0 ? 16 : buffer_capacity * 2;
      struct buffer *larger = realloc(buffers, capacity * sizeof *larger);
      if (larger != NULL) {
        buffers = larger;
        buffer_capacity = capacity;
      }
    }
    if (buffer_count < buffer_capacity) {
      buffers[buffer_count++] = (struct buffer){address, bytes};
    }
  } else {
    for (size_t i = 0; i < buffer_count; i++) {
      if (buffers[i].address == address) {
        buffers[i] = buffers[--buffer_count];
        break;
      }
    }
  }
  if (hook != NULL) {
    hook(hook_user, address, bytes, made);
  }
  pthread_mutex_unlock(&hook_lock);
}

void syncline_set_memory_hook(syncline_memory_hook function, void *user) {
  pthread_mutex_lock(&hook_lock);
  hook = function;
  hook_user = user;
  for (size_t i = 0; function != NULL && i < buffer_count; i++) {
    function(user, buffers[i].address, buffers[i].bytes, 1);
  }
  pthread_mutex_unlock(&hook_lock);
}
