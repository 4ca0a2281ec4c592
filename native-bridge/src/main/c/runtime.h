/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Where a Java runtime and the jars are. Layer 2: includes error.h and text.h.
 */
#ifndef SYNCLINE_RUNTIME_H_
#define SYNCLINE_RUNTIME_H_

#include <limits.h>
#include <stdbool.h>

#include "syncline.h"
#include "text.h"

/* A Java runtime that will do. */
typedef struct {
  char home[PATH_MAX];
  char version[64];
  int major;
  bool vector; /* has the module of the SIMD kernels */
} syncline_runtime;

#define SYNCLINE_MINIMUM_JAVA 25
#ifdef __APPLE__
#define SYNCLINE_LIBJVM_NAME "libjvm.dylib"
#else
#define SYNCLINE_LIBJVM_NAME "libjvm.so"
#endif
/* In a runtime's folder. */
#define SYNCLINE_LIBJVM "lib/server/" SYNCLINE_LIBJVM_NAME

bool syncline_is_file(const char *path);
/* Finds a runtime; its message lists what was tried. */
syncline_status syncline_find_runtime(syncline_runtime *runtime);
/* The jars: SYNCLINE_CLASSPATH, the file `classpath` beside this library (a build's), or every jar beside it. */
syncline_status syncline_find_classpath(syncline_text *classpath);

#endif
