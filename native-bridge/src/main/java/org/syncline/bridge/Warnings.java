/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Log records of the library that wait for the host to take them. */
final class Warnings {
  /** Whoever never takes them loses the oldest. */
  private static final int MOST = 1000;

  private static final ArrayDeque<Map<String, Object>> WAITING = new ArrayDeque<>();
  private static volatile int count;
  private static volatile boolean hosted;

  private Warnings() {}

  /** From now on records wait here in place of being printed. */
  static void host() {
    hosted = true;
  }

  static boolean isHosted() {
    return hosted;
  }

  static int count() {
    return count;
  }

  static void add(String level, String logger, String message) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("level", level);
    entry.put("logger", logger);
    entry.put("message", message);
    synchronized (WAITING) {
      if (WAITING.size() == MOST) {
        WAITING.removeFirst();
      }
      WAITING.add(entry);
      count = WAITING.size();
    }
  }

  static List<Map<String, Object>> take() {
    synchronized (WAITING) {
      List<Map<String, Object>> all = new ArrayList<>(WAITING);
      WAITING.clear();
      count = 0;
      return all;
    }
  }
}
