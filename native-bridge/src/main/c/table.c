/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The table of Java's functions.
 */
#include "table.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "buffers.h"
#include "cuda.h"
#include "jvm.h"
#include "signals.h"
#include "tensors.h"

static syncline_function table[EXPORT_COUNT];
static pthread_mutex_t start_lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool running;
/* Set by syncline_shutdown, or by Java where the VM ends first, as one that we only joined does. */
static _Atomic int32_t finished;
static atomic_int starter; /* the process in which Java runs, or 0 */

int32_t syncline_started(void) {
  int pid = atomic_load(&starter);
  return pid == 0 ? 0 : pid == (int)getpid() ? atomic_load(&running) : -1;
}

static syncline_host host = {
    .abi_version = SYNCLINE_ABI_VERSION,
    .count = EXPORT_COUNT,
    .table = table,
    .names = SYNCLINE_EXPORT_NAMES,
    .memory = syncline_buffers_tell,
    .pin = syncline_cuda_pin,
    .unpin = syncline_cuda_unpin,
    .quiesce = syncline_cuda_quiesce,
    .finished = (int32_t *)&finished,
};

static syncline_status forked(void) {
  return syncline_fail(SYNCLINE_E_FORKED,
                       "this process was forked from process %d, in which Syncline's Java runtime runs, and has none of its "
                       "threads: in Python use syncline.DataLoader, whose workers are threads, or num_workers=0, which reads "
                       "with threads too, or multiprocessing_context=\"spawn\"; elsewhere start workers without fork, or "
                       "first use Syncline after it",
                       atomic_load(&starter));
}

/* A stack too small for Java's guard zones makes the VM abort the process. */
#define MINIMUM_STACK (256 * 1024)

static syncline_status check_stack(void) {
#ifdef __linux__
  static _Thread_local bool fits;
  if (!fits) {
    pthread_attr_t attributes;
    size_t size = MINIMUM_STACK;
    if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
      pthread_attr_getstacksize(&attributes, &size);
      pthread_attr_destroy(&attributes);
    }
    if (size < MINIMUM_STACK) {
      return syncline_fail(SYNCLINE_E_ARGUMENT, "this thread's stack has %zu KiB; Java needs 1 MiB (Python: "
                           "threading.stack_size)", size / 1024);
    }
    fits = true;
  }
#endif
  return SYNCLINE_OK;
}

static syncline_status start(void) {
  /* first: the VM that is to be started needs the stack too */
  if (check_stack() != SYNCLINE_OK) {
    return SYNCLINE_E_ARGUMENT;
  }
  if (atomic_load_explicit(&running, memory_order_acquire)) {
    if (atomic_load_explicit(&starter, memory_order_relaxed) != (int)getpid()) {
      return forked();
    }
    if (atomic_load_explicit(&finished, memory_order_relaxed)) {
      return syncline_fail(SYNCLINE_E_CLOSED, "the process is ending: syncline_shutdown was called, or the Java VM ended");
    }
    return SYNCLINE_OK;
  }
  if (atomic_load(&starter) != 0 && atomic_load(&starter) != (int)getpid()) {
    return forked(); /* the lock may be held for ever: its holder stayed in the parent */
  }
  pthread_mutex_lock(&start_lock);
  syncline_status status = SYNCLINE_OK;
  if (!atomic_load(&running)) {
    static bool failed;
    static syncline_error failure;
    if (failed) {
      /* a VM that once refused leaves the process unable to start another */
      syncline_error_here = failure;
      status = failure.code;
    } else {
      atomic_store(&starter, (int)getpid());
      status = syncline_java_start(&host);
      if (status == SYNCLINE_OK) {
        atomic_store_explicit(&running, true, memory_order_release);
        atexit(syncline_shutdown);
      } else {
        atomic_store(&starter, 0);
        failed = status == SYNCLINE_E_JAVA_START;
        failure = syncline_error_here;
      }
    }
  }
  pthread_mutex_unlock(&start_lock);
  return status;
}

/* Hands Java the slots whose last tensor was deleted. */
static void give_back(void) {
  int64_t tokens[64];
  syncline_error quiet = {0};
  while (syncline_any_returned()) {
    int32_t n = syncline_take_returned(tokens, 64);
    if (n == 0) {
      return;
    }
    int64_t words[2] = {n, (int64_t)(intptr_t)tokens};
    table[EXPORT_returned](&quiet, words);
  }
}

/* What a thread was before Java runs on it. */
typedef struct {
  int cancelling;
  bool blocking;
  sigset_t blocked;
} caller;

/* Java's frames cannot be unwound, so that a thread is cancelled after the call; and Java needs its signals. */
static void enter(caller *c) {
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &c->cancelling);
  c->blocking = syncline_signals_admit(&c->blocked);
}

static void leave(const caller *c) {
  if (c->blocking) {
    pthread_sigmask(SIG_BLOCK, &c->blocked, NULL);
  }
  pthread_setcancelstate(c->cancelling, NULL);
}

static syncline_status call(enum syncline_export function, int64_t *words) {
  syncline_status status = start();
  if (status != SYNCLINE_OK) {
    return status;
  }
  syncline_signals_check();
  if (syncline_any_returned()) {
    give_back();
  }
  syncline_error *e = &syncline_error_here;
  status = table[function](e, words);
  if (status < 0) {
    e->code = status;
  }
  return status;
}

syncline_status syncline_start(void) {
  caller c;
  enter(&c);
  syncline_status status = start();
  leave(&c);
  return status;
}

syncline_status syncline_call(enum syncline_export function, int64_t *words) {
  caller c;
  enter(&c);
  syncline_status status = call(function, words);
  leave(&c);
  return status;
}

bool syncline_ended(void) {
  return atomic_load(&finished);
}

void syncline_shutdown(void) {
  if (syncline_started() == 1 && atomic_exchange(&finished, 1) == 0) {
    int64_t words[1] = {0};
    syncline_error quiet = {0};
    caller c;
    enter(&c);
    table[EXPORT_shutdown](&quiet, words);
    syncline_java_end();
    leave(&c);
  }
}
