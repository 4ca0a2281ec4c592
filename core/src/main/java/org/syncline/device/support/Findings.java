/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import org.syncline.device.Problem;
import org.syncline.device.Problems;
import org.syncline.error.RecordingException;
import org.syncline.file.Links;

/**
 * Where opening and reading say what they find odd: in the log, or, while a validation reads, in
 * its list. So a validation knows of everything that a reader warns of. Stateless; safe for use by
 * several threads.
 */
public final class Findings {
  private static final Logger LOG = System.getLogger("org.syncline");
  private static final ScopedValue<Problems> VALIDATION = ScopedValue.newInstance();

  private Findings() {}

  /** Reads with everything that is found odd going into a list instead of the log. */
  public static void collect(Problems list, Runnable reading) {
    ScopedValue.where(VALIDATION, list).run(reading);
  }

  /**
   * Returns whether what is found goes into a list: devices are opened for their findings alone.
   */
  public static boolean areCollected() {
    return VALIDATION.isBound();
  }

  /** Says what a check found: errors are what makes values wrong that can be read all the same. */
  public static void say(Problems found) {
    if (VALIDATION.isBound()) {
      VALIDATION.get().addAll(found);
      return;
    }
    for (Problem problem : found.list()) {
      log(problem.file(), problem.key(), problem.found(), problem.expected(), problem.advice());
    }
  }

  /** Says something odd; parameters as of {@link Problems#warning}. */
  public static void warn(Path file, String key, String found, String expected, String advice) {
    if (VALIDATION.isBound()) {
      VALIDATION.get().warning(file, key, found, expected, advice);
    } else {
      log(file, key, found, expected, advice);
    }
  }

  /** Says something odd of a recording in a sentence. */
  public static void warn(Path root, String sentence) {
    if (VALIDATION.isBound()) {
      VALIDATION.get().warning(root, null, sentence, null, null);
    } else {
      LOG.log(Level.WARNING, root + ": " + sentence);
    }
  }

  /**
   * Returns whether a file that may be left out is there. A link to nothing is not, and a warning.
   */
  public static boolean isThere(Path file) {
    Path nothing = Links.dangling(file);
    if (nothing != null) {
      warn(file, null, linkTo(nothing), "a file, or none", "it is left out");
    }
    return Files.exists(file);
  }

  /** Says what a link to nothing is. */
  static String linkTo(Path nothing) {
    return "a link to " + nothing + ", where nothing is";
  }

  private static void log(Path file, String key, String found, String expected, String advice) {
    LOG.log(Level.WARNING, RecordingException.of(file, key, found, expected, advice).getMessage());
  }
}
