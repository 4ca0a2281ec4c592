/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What went wrong in the calls of a thread. Layer 1: includes syncline.h.
 */
#ifndef SYNCLINE_ERROR_H_
#define SYNCLINE_ERROR_H_

#include <stdint.h>

#include "syncline.h"

/* Where Java writes what went wrong: one a thread. */
typedef struct {
  int32_t code;
  int32_t warnings; /* how many wait in Java, as of the thread's last call */
  char type[120];
  char message[8064];
} syncline_error;

extern _Thread_local syncline_error syncline_error_here;

/* Records an error of this thread and returns its code. */
syncline_status syncline_fail(syncline_status code, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
