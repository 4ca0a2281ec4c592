/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The error of each thread, and the functions of syncline.h that tell it.
 */
#include "error.h"

#include <stdarg.h>
#include <stdio.h>

_Thread_local syncline_error syncline_error_here;

syncline_status syncline_fail(syncline_status code, const char *format, ...) {
  syncline_error *e = &syncline_error_here;
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(e->message, sizeof e->message, format, arguments);
  va_end(arguments);
  e->type[0] = 0;
  e->code = code;
  return code;
}

const char *syncline_last_error(void) {
  return syncline_error_here.message;
}

syncline_status syncline_last_error_code(void) {
  return syncline_error_here.code;
}

const char *syncline_last_error_type(void) {
  return syncline_error_here.type;
}

int32_t syncline_has_warnings(void) {
  return syncline_error_here.warnings;
}
