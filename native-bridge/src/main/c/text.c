/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A text that grows.
 */
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void syncline_append(syncline_text *t, const char *format, ...) {
  va_list arguments;
  for (;;) {
    va_start(arguments, format);
    int n = vsnprintf(t->text == NULL ? NULL : t->text + t->length, t->capacity - t->length, format, arguments);
    va_end(arguments);
    if (n < 0) {
      return;
    }
    if (t->text != NULL && t->length + (size_t)n < t->capacity) {
      t->length += (size_t)n;
      return;
    }
    size_t capacity = (t->capacity + (size_t)n + 1) * 2;
    char *larger = realloc(t->text, capacity);
    if (larger == NULL) {
      return;
    }
    t->text = larger;
    t->capacity = capacity;
  }
}
