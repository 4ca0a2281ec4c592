/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format.writing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Names of devices and files: paths, shortened from the left while they stay different. */
public final class DeviceNames {
  private static final int LONGEST = 120;

  /** Files of a recording that lie beside its devices. */
  private static final Set<String> FILES = Set.of("meta.json", "nwb-import.json");

  private DeviceNames() {}

  /** Returns the name of each path. */
  public static List<String> of(List<String> paths) {
    int[] parts = new int[paths.size()];
    Arrays.fill(parts, 1);
    while (true) {
      Map<String, List<Integer>> byName = new HashMap<>();
      for (int i = 0; i < parts.length; i++) {
        // some file systems do not tell capitals
        byName
            .computeIfAbsent(
                name(paths.get(i), parts[i]).toLowerCase(Locale.ROOT), k -> new ArrayList<>())
            .add(i);
      }
      boolean longer = false;
      for (List<Integer> same : byName.values()) {
        for (int i : same.size() > 1 ? same : List.<Integer>of()) {
          if (parts[i] < paths.get(i).split("/").length) {
            parts[i]++;
            longer = true;
          }
        }
      }
      if (!longer) {
        break;
      }
    }
    List<String> names = new ArrayList<>();
    Map<String, Integer> taken = new HashMap<>();
    for (int i = 0; i < parts.length; i++) {
      String name = name(paths.get(i), parts[i]);
      int before = taken.merge(name.toLowerCase(Locale.ROOT), 1, Integer::sum);
      names.add(before == 1 ? name : name + "_" + before);
    }
    return names;
  }

  private static String name(String path, int parts) {
    String[] all = path.split("/");
    return safe(
        String.join("_", List.of(all).subList(Math.max(0, all.length - parts), all.length)));
  }

  /** Returns whether a recording has a file of the name. */
  public static boolean isFile(String name) {
    return FILES.contains(name.toLowerCase(Locale.ROOT));
  }

  /**
   * Returns a text as the name of a file: letters, digits, and . - _ inside, and another one than
   * those of a recording's own files.
   */
  public static String safe(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .limit(LONGEST)
        .forEach(
            c -> {
              boolean plain = Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.';
              boolean inside = !out.isEmpty() || c != '.' && c != '-';
              out.appendCodePoint(plain && inside ? c : '_');
            });
    return out.isEmpty() || isFile(out.toString()) ? "_" + out : out.toString();
  }
}
