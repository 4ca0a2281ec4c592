/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stands in for libcuda.so.1 where there is no GPU: keeps book of what is registered, and writes to stderr what a real
 * driver would punish.
 */
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#define API __attribute__((visibility("default")))

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
  char *address;
  size_t bytes;
} registered[1024];
static int count, most, synchronizations;
static _Thread_local int depth;

static void report(void) {
  fprintf(stderr, "fake cuda: %d registered at the end, %d at most, %d synchronizations\n", count, most, synchronizations);
}

API int cuInit(unsigned flags) {
  atexit(report);
  return flags == 0 ? 0 : 1;
}

API int cuDeviceGetCount(int *n) {
  *n = 2;
  return 0;
}

API int cuDeviceGet(int *device, int ordinal) {
  *device = 100 + ordinal;
  return 0;
}

/* someone in this process uses the second device */
API int cuDevicePrimaryCtxGetState(int device, unsigned *flags, int *active) {
  *flags = 0;
  *active = device == 101;
  return 0;
}

API int cuDevicePrimaryCtxRetain(void **context, int device) {
  if (device != 101) {
    fprintf(stderr, "fake cuda: WRONG: a context is made on a device that nobody uses\n");
  }
  *context = (void *)1;
  return 0;
}

API int cuCtxPushCurrent_v2(void *context) {
  depth++;
  return context == (void *)1 ? 0 : 1;
}

API int cuCtxPopCurrent_v2(void **context) {
  *context = (void *)1;
  if (--depth < 0) {
    fprintf(stderr, "fake cuda: WRONG: popped more than was pushed\n");
  }
  return 0;
}

API int cuCtxSynchronize(void) {
  pthread_mutex_lock(&lock);
  synchronizations++;
  pthread_mutex_unlock(&lock);
  return depth == 1 ? 0 : 1;
}

API int cuMemHostRegister_v2(void *address, size_t bytes, unsigned flags) {
  int result = depth == 1 && flags == 1 && bytes > 0 ? 0 : 1;
  pthread_mutex_lock(&lock);
  for (int i = 0; i < count; i++) {
    if ((char *)address < registered[i].address + registered[i].bytes && registered[i].address < (char *)address + bytes) {
      fprintf(stderr, "fake cuda: WRONG: registered memory was freed and came back\n");
      result = 712;
    }
  }
  if (result == 0) {
    registered[count].address = address;
    registered[count++].bytes = bytes;
    most = count > most ? count : most;
  }
  pthread_mutex_unlock(&lock);
  return result;
}

API int cuMemHostUnregister(void *address) {
  int result = 713;
  pthread_mutex_lock(&lock);
  for (int i = 0; i < count; i++) {
    if (registered[i].address == address) {
      registered[i] = registered[--count];
      result = 0;
      break;
    }
  }
  pthread_mutex_unlock(&lock);
  if (result != 0) {
    fprintf(stderr, "fake cuda: WRONG: taken back what was not registered\n");
  }
  return result;
}

API int cuGetErrorName(int error, const char **name) {
  *name = error == 0 ? "CUDA_SUCCESS" : "CUDA_ERROR_FAKE";
  return 0;
}
