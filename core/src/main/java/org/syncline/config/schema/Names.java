/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config.schema;

import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/** Finds the known name that a mistyped one was meant to be. */
public final class Names {
  private Names() {}

  /** Returns the nearest of the known names, or null where none is near. */
  public static String nearest(String name, Collection<String> known) {
    String best = null;
    int least = Math.max(2, name.length() / 3) + 1;
    for (String candidate : known) {
      int d = distance(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
      if (d < least) {
        least = d;
        best = candidate;
      }
    }
    return best;
  }

  /** Returns the end of a message that lists what is known: the nearest name; empty without one. */
  public static String suggestion(String name, Collection<String> known) {
    String near = nearest(name, known);
    return near == null ? "" : "; did you mean '" + near + "'?";
  }

  /** Returns the first names of many, for messages; how many more there are stands at the end. */
  public static String some(Collection<String> names) {
    int most = 20;
    if (names.size() <= most) {
      return String.join(", ", names);
    }
    return names.stream().limit(most).collect(Collectors.joining(", "))
        + " and "
        + (names.size() - most)
        + " more";
  }

  /** Returns names as messages list them, each in quotes. */
  public static String quoted(Collection<String> names) {
    return "'" + String.join("', '", names) + "'";
  }

  /** Returns the advice for an unknown name: the nearest known one and all of them. */
  public static String advice(String name, Collection<String> known) {
    String near = nearest(name, known);
    return (near == null ? "" : "did you mean '" + near + "'? ")
        + "Known: "
        + String.join(", ", known);
  }

  /** Insertions, deletions, replacements and swaps of neighbours. */
  public static int distance(String a, String b) {
    if (Math.abs(a.length() - b.length()) > 40 || a.length() > 200) {
      return Integer.MAX_VALUE;
    }
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(last[j] + 1, row[j - 1] + 1), last[j - 1] + cost);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      int[] free = beforeLast;
      beforeLast = last;
      last = row;
      row = free;
    }
    return last[b.length()];
  }
}
