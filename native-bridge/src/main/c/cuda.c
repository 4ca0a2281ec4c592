/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Page-locked memory through the CUDA driver, found at run time: nothing is linked.
 */
#include "cuda.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

typedef int cu_result;
typedef void *cu_context;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *missing; /* why there is no CUDA, or NULL */
static int device_count;

static cu_result (*cu_init)(unsigned);
static cu_result (*cu_device_count)(int *);
static cu_result (*cu_device_get)(int *, int);
static cu_result (*cu_primary_state)(int, unsigned *, int *);
static cu_result (*cu_primary_retain)(cu_context *, int);
static cu_result (*cu_push)(cu_context);
static cu_result (*cu_pop)(cu_context *);
static cu_result (*cu_register)(void *, size_t, unsigned);
static cu_result (*cu_unregister)(void *);
static cu_result (*cu_synchronize)(void);
static cu_result (*cu_error_name)(cu_result, const char **);

enum { CU_ALREADY_REGISTERED = 712, CU_REGISTER_PORTABLE = 1 };

static void find(void) {
  void *library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    missing = "no CUDA driver (libcuda.so.1) on this machine";
    return;
  }
  struct {
    void *to;
    const char *name;
  } symbols[] = {
      {&cu_init, "cuInit"},
      {&cu_device_count, "cuDeviceGetCount"},
      {&cu_device_get, "cuDeviceGet"},
      {&cu_primary_state, "cuDevicePrimaryCtxGetState"},
      {&cu_primary_retain, "cuDevicePrimaryCtxRetain"},
      {&cu_push, "cuCtxPushCurrent_v2"},
      {&cu_pop, "cuCtxPopCurrent_v2"},
      {&cu_register, "cuMemHostRegister_v2"},
      {&cu_unregister, "cuMemHostUnregister"},
      {&cu_synchronize, "cuCtxSynchronize"},
      {&cu_error_name, "cuGetErrorName"},
  };
  for (size_t i = 0; i < sizeof symbols / sizeof symbols[0]; i++) {
    void *address = dlsym(library, symbols[i].name);
    if (address == NULL) {
      missing = "the CUDA driver is too old: a function is missing";
      return;
    }
    memcpy(symbols[i].to, &address, sizeof address);
  }
  if (cu_init(0) != 0 || cu_device_count(&device_count) != 0 || device_count == 0) {
    missing = "the CUDA driver has no device";
  }
}

/* Whether someone in this process uses the device. */
static bool active(int ordinal) {
  int device;
  unsigned flags;
  int is_active = 0;
  return cu_device_get(&device, ordinal) == 0 && cu_primary_state(device, &flags, &is_active) == 0 && is_active;
}

/* Makes a device's primary context current: the one that torch, JAX and the CUDA runtime use. It is kept for good. */
static cu_result enter(int ordinal) {
  int device;
  cu_context context;
  cu_result r = cu_device_get(&device, ordinal);
  if (r == 0) {
    r = cu_primary_retain(&context, device);
  }
  return r != 0 ? r : cu_push(context);
}

static void leave(void) {
  cu_context popped;
  cu_pop(&popped);
}

/* A device whose context exists anyway, so that rank 3 makes none on device 0; else the first. */
static int some_device(void) {
  for (int i = 0; i < device_count; i++) {
    if (active(i)) {
      return i;
    }
  }
  return 0;
}

static const char *name_of(cu_result r) {
  const char *name = NULL;
  return cu_error_name(r, &name) == 0 && name != NULL ? name : "unknown CUDA error";
}

int32_t syncline_cuda_available(void) {
  pthread_once(&once, find);
  return missing == NULL;
}

int32_t syncline_cuda_pin(void *address, uint64_t bytes, syncline_error *error) {
  pthread_once(&once, find);
  const char *reason = missing;
  if (reason == NULL) {
    cu_result r = enter(some_device());
    if (r == 0) {
      r = cu_register(address, bytes, CU_REGISTER_PORTABLE);
      leave();
    }
    if (r == 0 || r == CU_ALREADY_REGISTERED) {
      return SYNCLINE_OK;
    }
    reason = name_of(r);
  }
  if (error != NULL) {
    snprintf(error->message, sizeof error->message, "cannot register %llu bytes with CUDA: %s",
             (unsigned long long)bytes, reason);
  }
  return SYNCLINE_E_CUDA;
}

int32_t syncline_cuda_unpin(void *address) {
  pthread_once(&once, find);
  if (missing != NULL) {
    return SYNCLINE_E_CUDA;
  }
  cu_result r = enter(some_device());
  if (r == 0) {
    r = cu_unregister(address);
    leave();
  }
  return r == 0 ? SYNCLINE_OK : SYNCLINE_E_CUDA;
}

void syncline_cuda_quiesce(void) {
  pthread_once(&once, find);
  for (int i = 0; missing == NULL && i < device_count; i++) {
    if (active(i) && enter(i) == 0) {
      cu_synchronize();
      leave();
    }
  }
}

syncline_status syncline_pin(void *address, uint64_t bytes) {
  syncline_error error;
  return syncline_cuda_pin(address, bytes, &error) == SYNCLINE_OK ? SYNCLINE_OK
                                                                  : syncline_fail(SYNCLINE_E_CUDA, "%s", error.message);
}

syncline_status syncline_unpin(void *address) {
  return syncline_cuda_unpin(address) == SYNCLINE_OK
      ? SYNCLINE_OK
      : syncline_fail(SYNCLINE_E_CUDA, "cannot take memory back from CUDA: %s",
                      missing != NULL ? missing : "it was not registered");
}
