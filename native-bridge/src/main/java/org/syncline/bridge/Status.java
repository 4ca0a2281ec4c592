/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// Generated from native-bridge/src/main/c/syncline.h by dev/GenerateAbi.java. Do not edit.
package org.syncline.bridge;

/** What a function returns: the statuses of syncline.h. */
final class Status {
  static final int OK = 0;

  /** Nothing came in the time given: call again. */
  static final int TIMEOUT = 1;

  /** The epoch is over: the next call begins the next one. */
  static final int END = 2;

  /** A fault of this library. */
  static final int INTERNAL = -1;

  /** An argument has a value that it may not have. */
  static final int ARGUMENT = -2;

  /** An index outside its range. */
  static final int INDEX = -3;

  /** A device or entry of that name does not exist. */
  static final int KEY = -4;

  /** A configuration says something that cannot be. */
  static final int CONFIG = -5;

  /** A file of the recording is broken or contradicts another. */
  static final int RECORDING = -6;

  /** A file or folder does not exist. */
  static final int NOT_FOUND = -7;

  /** Used after release. */
  static final int CLOSED = -8;

  /** No handle, a released one, or one of another kind. */
  static final int HANDLE = -9;

  /** An interpolation mode or transform that does not exist. */
  static final int UNSUPPORTED = -10;

  /** Out of memory, or the limit on batches held is reached. */
  static final int MEMORY = -11;

  /** A state of another dataset, configuration or format version. */
  static final int STATE = -12;

  /** Called in a child of fork(). */
  static final int FORKED = -13;

  /** No Java runtime of version 25 or newer; the message lists what was tried. */
  static final int NO_JAVA = -14;

  /** The runtime did not start. */
  static final int JAVA_START = -15;

  /** No CUDA driver, or it refused. */
  static final int CUDA = -16;

  /** The array given is too small; the tensors stay: call again with a larger one. */
  static final int CAPACITY = -17;

  /** Permission to read a file or folder of the recording lacks. */
  static final int PERMISSION = -18;

  private Status() {}
}
