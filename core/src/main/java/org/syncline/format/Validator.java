/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format;

import java.nio.file.Path;
import java.util.List;

/** Says everything that is wrong with a recording, without changing it. */
public final class Validator {
  private Validator() {}

  /** Returns all problems of a recording, errors and warnings in order of files; empty where there is none. */
  public static List<Problem> validate(Path root) {
    throw new UnsupportedOperationException();
  }
}
