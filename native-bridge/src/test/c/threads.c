/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Threads as hosts have them: one that blocks all signals once it has called the library, for another waits for them
 * (sigwait), and one that is cancelled while it waits for a batch. Arguments: recording, configuration.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "syncline.h"

static syncline_handle dataset;

static void check(syncline_status status, const char *what) {
  if (status < 0) {
    fprintf(stderr, "%s: %s\n", what, syncline_last_error());
    exit(1);
  }
}

static void drop(DLManagedTensorVersioned **tensors, int count) {
  for (int i = 0; i < count; i++) {
    syncline_tensor_delete(tensors[i]);
  }
}

static void *reads(void *unused) {
  (void)unused;
  int64_t n;
  check(syncline_dataset_length(dataset, &n), "length");
  sigset_t all, now;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, NULL);
  nanosleep(&(struct timespec){.tv_nsec = 20 * 1000 * 1000}, NULL); /* a thread that called before is asked again after that */
  time_t end = time(NULL) + 4; /* long enough for compiled code, whose safepoints are signals */
  for (int64_t k = 0; time(NULL) < end; k++) {
    DLManagedTensorVersioned *tensors[SYNCLINE_MAX_TENSORS];
    syncline_batch_info info;
    check(syncline_dataset_item(dataset, k % n, tensors, SYNCLINE_MAX_TENSORS, &info), "item");
    drop(tensors, info.count);
  }
  pthread_sigmask(SIG_BLOCK, NULL, &now);
  if (sigismember(&now, SIGSEGV) != 1 || sigismember(&now, SIGINT) != 1) {
    fprintf(stderr, "the thread's signals are not blocked as they were\n");
    exit(1);
  }
  return NULL;
}

static void *waits(void *unused) {
  (void)unused;
  syncline_handle loader;
  /* a batch, and then a rest of hours */
  check(syncline_loader_open(&dataset, 1, "{\"threads\": 1, \"prefetch\": 1, \"share\": 1e-9}", &loader), "loader");
  DLManagedTensorVersioned *tensors[SYNCLINE_MAX_TENSORS];
  syncline_batch_info info = {0};
  while (info.index >= 0) {
    check(syncline_loader_next(loader, -1, tensors, SYNCLINE_MAX_TENSORS, &info), "next");
    drop(tensors, info.count);
  }
  return NULL;
}

int main(int argc, char **argv) {
  (void)argc;
  check(syncline_dataset_open(argv[1], argv[2], NULL, &dataset), "dataset");
  pthread_t readers[2], waiter;
  for (int i = 0; i < 2; i++) {
    pthread_create(&readers[i], NULL, reads, NULL);
  }
  pthread_create(&waiter, NULL, waits, NULL);
  for (int i = 0; i < 2; i++) {
    pthread_join(readers[i], NULL);
  }
  void *result = NULL;
  pthread_cancel(waiter);
  pthread_join(waiter, &result);
  int64_t n;
  check(syncline_dataset_length(dataset, &n), "length");
  printf(result == PTHREAD_CANCELED ? "fine\n" : "not cancelled\n");
  return 0;
}
