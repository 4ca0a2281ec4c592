/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The table of Java's functions: starts Java at the first call. Layer 4: includes all of the layers below.
 */
#ifndef SYNCLINE_TABLE_H_
#define SYNCLINE_TABLE_H_

#include <stdbool.h>
#include <stdint.h>

#include "error.h"
#include "exports.h"

/*
 * Every Java function has this one shape, so that the JVM makes one adapter, not forty: arguments and results are words.
 * Results that do not fit in words lie in memory of Java's that stays as it is until the thread's next call.
 */
typedef int32_t (*syncline_function)(syncline_error *error, int64_t *words);

/* What Java is given at the start. */
typedef struct {
  int64_t abi_version;
  int64_t count;                                                       /* entries of table */
  syncline_function *table;                                            /* filled by Java */
  const char *names;                                                   /* of the exports, separated by commas */
  void (*memory)(void *address, uint64_t bytes, int32_t made);         /* tells the hook */
  int32_t (*pin)(void *address, uint64_t bytes, syncline_error *error); /* 0 or a status */
  int32_t (*unpin)(void *address);                                     /* waits until the device is done with it */
  void (*quiesce)(void);                                               /* waits until the device is done with everything */
  int32_t *finished;                                                   /* Java sets it to 1 when the VM ends */
} syncline_host;

/* Whether syncline_shutdown was called, or the VM ended: everything is closed. */
bool syncline_ended(void);
/* Calls a function of Java's; starts Java before the first, gives owners back whose last tensor was deleted. */
syncline_status syncline_call(enum syncline_export function, int64_t *words);

#endif
