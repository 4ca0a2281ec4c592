/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Java's signal handlers, which must come before those of others. Layer 2: includes syncline.h.
 */
#ifndef SYNCLINE_SIGNALS_H_
#define SYNCLINE_SIGNALS_H_

#include <signal.h>
#include <stdbool.h>

#include "syncline.h"

/* Remembers Java's signal handlers, once it runs. */
void syncline_signals_started(void *libjvm);
/*
 * Lets Java's signals through to this thread: one that is raised while it is blocked ends the process. Returns whether some
 * were blocked, which the caller blocks again when Java has answered.
 */
bool syncline_signals_admit(sigset_t *blocked);
/* Cheap check that SIGSEGV is still Java's. */
void syncline_signals_check(void);

#endif
