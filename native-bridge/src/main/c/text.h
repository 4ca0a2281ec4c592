/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A text that grows. Layer 1: includes nothing of the library.
 */
#ifndef SYNCLINE_TEXT_H_
#define SYNCLINE_TEXT_H_

#include <stddef.h>

/* Loses its end rather than fail; begins as {0}, and its text is the user's to free. */
typedef struct {
  char *text; /* NULL until something was appended */
  size_t length, capacity;
} syncline_text;

void syncline_append(syncline_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
