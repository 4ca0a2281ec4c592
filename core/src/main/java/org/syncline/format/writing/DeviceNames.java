/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format.writing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.syncline.format.checksum.Checksums;

/** Names of devices and files: paths, shortened from the left while they stay different. */
public final class DeviceNames {
  /** Bytes of the longest name: file systems take 255, and temporary names are longer. */
  private static final int LONGEST = 160;

  /** Files of a recording that lie beside its devices, in small letters. */
  private static final Set<String> FILES =
      Set.of("meta.json", "nwb-import.json", Checksums.NAME.toLowerCase(Locale.ROOT));

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
    Set<String> taken = new HashSet<>();
    for (int i = 0; i < parts.length; i++) {
      String name = name(paths.get(i), parts[i]);
      String numbered = name;
      for (int n = 2; !taken.add(numbered.toLowerCase(Locale.ROOT)); n++) {
        numbered = name + "_" + n;
      }
      names.add(numbered);
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
    int bytes = 0;
    for (int c : text.codePoints().toArray()) {
      boolean plain = Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.';
      boolean inside = !out.isEmpty() || c != '.' && c != '-';
      String next = Character.toString(plain && inside ? c : '_');
      bytes += next.getBytes(StandardCharsets.UTF_8).length;
      if (bytes > LONGEST) {
        break;
      }
      out.append(next);
    }
    return out.isEmpty() || isFile(out.toString()) ? "_" + out : out.toString();
  }
}
