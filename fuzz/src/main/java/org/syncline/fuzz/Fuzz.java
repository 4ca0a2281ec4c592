/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.syncline.bridge.Calls;
import org.syncline.bridge.States;

/**
 * What Jazzer calls: gives an input to a target and looks at what becomes of it. Property {@code
 * syncline.fuzz} names the target; {@code all} takes one by each input's first byte.
 */
public final class Fuzz {
  private static final long MOST_NANOS = 2_000_000_000L;
  private static final int MOST_CHARACTERS = 8_000;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Targets by name, made when they are first needed. */
  private static final Map<String, Supplier<Target>> ALL = new LinkedHashMap<>();

  private static final Map<String, Target> MADE = new LinkedHashMap<>();

  static {
    ALL.put("npy", NpyTarget::new);
    ALL.put("meta", MetaTarget::new);
    ALL.put("trials", TrialsTarget::new);
    ALL.put("config", ConfigTarget::new);
    ALL.put("dataset", DatasetTarget::new);
    ALL.put("state", StateTarget::new);
    ALL.put("cache", CacheTarget::new);
    ALL.put("nwb", NwbTarget::new);
    ALL.put("checksums", ChecksumsTarget::new);
    ALL.put("calls", Calls::new);
    ALL.put("states", States::new);
  }

  private Fuzz() {}

  /** Returns the names of all targets. */
  public static Iterable<String> names() {
    return ALL.keySet();
  }

  /** Gives an input to the target that the property names. */
  public static void fuzzerTestOneInput(byte[] input) {
    String name = System.getProperty("syncline.fuzz", "all");
    if (!name.equals("all")) {
      run(name, input);
    } else if (input.length > 0) {
      String[] names = ALL.keySet().toArray(String[]::new);
      run(names[(input[0] & 0xff) % names.length], Arrays.copyOfRange(input, 1, input.length));
    }
  }

  /**
   * Gives an input to a target.
   *
   * @throws AssertionError where it takes longer than two seconds, more memory than the target
   *     says, or answers with an exception that is not documented or cannot be shown to people
   */
  public static void run(String name, byte[] input) {
    Target target = MADE.computeIfAbsent(name, n -> ALL.get(n).get());
    long nanos = 0;
    long bytes = 0;
    Exception e = null;
    // once more where it took long or much: classes that are loaded, and instrumented, are no fault
    // of the input
    for (int i = 0; i < 3; i++) {
      bytes = THREADS.getCurrentThreadAllocatedBytes();
      nanos = THREADS.getCurrentThreadCpuTime();
      e = attempt(target, input);
      nanos = THREADS.getCurrentThreadCpuTime() - nanos;
      bytes = THREADS.getCurrentThreadAllocatedBytes() - bytes;
      if (nanos <= MOST_NANOS && bytes <= target.most(input.length)) {
        break;
      }
    }
    if (e != null && !target.documents(e)) {
      throw new AssertionError(name + ": an exception that is not documented: " + e, e);
    }
    if (e != null) {
      checkMessage(name, e.getMessage());
    }
    if (nanos > MOST_NANOS) {
      throw new AssertionError(name + ": " + nanos / 1_000_000 + " ms of CPU time");
    }
    if (bytes > target.most(input.length)) {
      throw new AssertionError(name + ": " + bytes + " bytes of heap for " + input.length);
    }
  }

  private static Exception attempt(Target target, byte[] input) {
    try {
      target.run(input.clone());
      return null;
    } catch (Exception e) {
      return e;
    }
  }

  static void checkMessage(String name, String message) {
    if (message == null || message.isBlank()) {
      throw new AssertionError(name + ": an error without a message");
    }
    if (message.length() > MOST_CHARACTERS) {
      throw new AssertionError(name + ": a message of " + message.length() + " characters");
    }
    for (int i = 0; i < message.length(); i++) {
      char c = message.charAt(i);
      if (Character.isISOControl(c) && c != '\n' && c != '\t') {
        throw new AssertionError(name + ": a message with the character " + (int) c);
      }
    }
  }

  static String text(byte[] input) {
    return new String(input, StandardCharsets.UTF_8);
  }
}
