/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.syncline.error.RecordingException;

/** Collects what is wrong with one device, in order. For one thread. */
public final class Problems {
  private final List<Problem> all = new ArrayList<>();
  private final Set<String> broken;
  private final boolean allValues;
  private double start = Double.NaN;
  private double end = Double.NaN;

  /** Starts without a problem. */
  public Problems() {
    this(Set.of());
  }

  /**
   * Starts without a problem but those of meta.yml, which are reported already.
   *
   * @param broken keys of meta.yml whose values mean nothing
   */
  public Problems(Set<String> broken) {
    this(broken, true);
  }

  /**
   * Starts without a problem but those of meta.yml.
   *
   * @param broken keys of meta.yml whose values mean nothing
   * @param allValues whether {@link #wantsAllValues}
   */
  public Problems(Set<String> broken, boolean allValues) {
    this.broken = Set.copyOf(Objects.requireNonNull(broken, "broken is null"));
    this.allValues = allValues;
  }

  /** Returns whether all values should be read for what would be no more than a warning. */
  public boolean wantsAllValues() {
    return allValues;
  }

  /**
   * Returns whether a key of meta.yml is reported already: what was read of it is a placeholder,
   * which nothing should be compared with.
   */
  public boolean isBroken(String key) {
    Objects.requireNonNull(key, "key is null");
    return broken.contains(key);
  }

  /** Returns what was found, in order. */
  public List<Problem> list() {
    return List.copyOf(all);
  }

  /**
   * Adds something that makes opening or reading fail, or gives wrong values.
   *
   * @param file the file or folder concerned
   * @param key the key, array or field inside it, or null
   * @param found what is there
   * @param expected what should be there
   * @param advice what the user can do, or null
   */
  public void error(
      Path file,
      @Nullable String key,
      @Nullable String found,
      @Nullable String expected,
      @Nullable String advice) {
    Objects.requireNonNull(file, "file is null");
    all.add(new Problem(Problem.Severity.ERROR, file, key, found, expected, advice));
  }

  /** Adds something that is merely odd; parameters as of {@link #error}. */
  public void warning(
      Path file,
      @Nullable String key,
      @Nullable String found,
      @Nullable String expected,
      @Nullable String advice) {
    Objects.requireNonNull(file, "file is null");
    all.add(new Problem(Problem.Severity.WARNING, file, key, found, expected, advice));
  }

  /** Adds what an exception says, as an error. */
  public void error(RecordingException e) {
    error(Path.of(e.file()), e.key(), e.found(), e.expected(), e.advice());
  }

  /** Adds a problem that another check found. */
  public void add(Problem problem) {
    Objects.requireNonNull(problem, "problem is null");
    all.add(problem);
  }

  /** Runs a part of a check; the exception that ends it is a problem. */
  public void guarded(Runnable check) {
    try {
      check.run();
    } catch (RecordingException e) {
      error(e);
    }
  }

  /** Adds what another check found. */
  public void addAll(Problems others) {
    all.addAll(others.all);
  }

  /**
   * Says from when to when, in seconds, a device has values whose meta.yml does not declare it:
   * recordings are checked for a range that all devices share.
   */
  public void range(double start, double end) {
    this.start = start;
    this.end = end;
  }

  /** Returns the start of {@link #range}; NaN where it was not said. */
  public double start() {
    return start;
  }

  /** Returns the end of {@link #range}; NaN where it was not said. */
  public double end() {
    return end;
  }

  @Override
  public String toString() {
    return "Problems" + all;
  }
}
