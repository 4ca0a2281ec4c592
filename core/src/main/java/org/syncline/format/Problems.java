/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.syncline.error.RecordingException;

/** Collects what checks find, in order. */
public final class Problems {
  /** After this many of a kind a summary follows. */
  public static final int MOST_OF_A_KIND = 100;

  private final List<Problem> all = new ArrayList<>();

  /** Returns what was found. */
  public List<Problem> list() {
    return List.copyOf(all);
  }

  public int size() {
    return all.size();
  }

  public void removeLast() {
    all.removeLast();
  }

  public void error(Path file, String key, String found, String expected, String advice) {
    all.add(new Problem(Problem.Severity.ERROR, file, key, found, expected, advice));
  }

  public void warning(Path file, String key, String found, String expected, String advice) {
    all.add(new Problem(Problem.Severity.WARNING, file, key, found, expected, advice));
  }

  public void error(RecordingException e) {
    error(Path.of(e.file()), e.key(), e.found(), e.expected(), e.advice());
  }

  /** Runs a check; the exception that ends it is a problem. */
  public void guarded(Runnable check) {
    try {
      check.run();
    } catch (RecordingException e) {
      error(e);
    }
  }

  /** Adds an error, or a warning where the file is not needed. */
  public void report(boolean severe, Path file, String key, String found, String expected) {
    if (severe) {
      error(file, key, found, expected, null);
    } else {
      warning(file, key, found, expected, "the file is not needed");
    }
  }

  /** Lists the first few items. */
  public static String some(List<?> items) {
    int shown = Math.min(items.size(), 8);
    String text = String.join(", ", items.subList(0, shown).stream().map(String::valueOf).toList());
    return items.size() > shown ? text + " and " + (items.size() - shown) + " more" : text;
  }

  /** Returns a shape as NumPy prints it. */
  public static String shapeText(long[] shape) {
    return Arrays.toString(shape).replace('[', '(').replace("]", shape.length == 1 ? ",)" : ")");
  }
}
