/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Java's signal handlers, which must come before those of others. Layer 2: includes syncline.h.
 */
#ifndef SYNCLINE_SIGNALS_H_
#define SYNCLINE_SIGNALS_H_

#include "syncline.h"

/* Remembers Java's signal handlers, once it runs. */
void syncline_signals_started(void *libjvm);
/* Cheap check that SIGSEGV is still Java's. */
void syncline_signals_check(void);

#endif
