/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The Java VM of this process. Layer 3: includes error.h, runtime.h, signals.h and text.h.
 */
#ifndef SYNCLINE_JVM_H_
#define SYNCLINE_JVM_H_

#include "syncline.h"

/* Finds a runtime, starts it and lets Java fill the table of a host; under the caller's lock. */
syncline_status syncline_java_start(void *host);
/* Ends a VM of ours that was asked to record an AOT cache, which it writes when it ends; else does nothing. */
void syncline_java_end(void);
/* Text of JSON members that describe the runtime: "java_home":...,"java_version":...,"start_ms":... */
const char *syncline_java_description(void);

#endif
