/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.filter.builtin;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.syncline.config.Target;
import org.syncline.error.ConfigException;
import org.syncline.filter.Filter;
import org.syncline.filter.FilterFactory;

/**
 * Makes filters by name.
 *
 * <p>Built in is {@code nan_filter(vicinity=0.05)}, alone or after {@code
 * experanto.filters.common_filters.} or {@code syncline.filters.common_filters.}: around each
 * stored sample of a sequence with a NaN in any signal, {@code vicinity} seconds to both sides are
 * left out.
 */
public final class Filters {
  private static final String NAN_FILTER = "nan_filter";
  private static final List<String> PREFIXES =
      List.of("experanto.filters.common_filters.", "syncline.filters.common_filters.");
  private static final double DEFAULT_VICINITY = 0.05;

  private Filters() {}

  /**
   * Creates the filter that a configuration names.
   *
   * @param target name and arguments
   * @param custom registered filters by full name; they come before the built-in ones
   * @throws ConfigException where the name is not known, with the known names and the nearest of
   *     them, or an argument is wrong
   */
  public static Filter create(Target target, Map<String, FilterFactory> custom) {
    FilterFactory factory = custom.get(target.name());
    if (factory != null) {
      Filter made = factory.create(target);
      if (made == null) {
        throw error(
            target, "the factory of '" + target.name() + "' returned null, expected a filter");
      }
      return made;
    }
    if (isNanFilter(target.name())) {
      return nanFilter(target);
    }
    TreeSet<String> known = new TreeSet<>(custom.keySet());
    known.add(NAN_FILTER);
    PREFIXES.forEach(p -> known.add(p + NAN_FILTER));
    throw error(
        target,
        "no filter '"
            + target.name()
            + "'"
            + suggestion(target.name(), known)
            + "; known are "
            + String.join(", ", known)
            + "; others can be registered");
  }

  private static boolean isNanFilter(String name) {
    return name.equals(NAN_FILTER) || PREFIXES.stream().anyMatch(p -> name.equals(p + NAN_FILTER));
  }

  private static Filter nanFilter(Target target) {
    double vicinity = DEFAULT_VICINITY;
    for (Map.Entry<String, Object> argument : target.arguments().entrySet()) {
      if (!argument.getKey().equals("vicinity")) {
        throw error(
            target,
            "nan_filter has no argument '" + argument.getKey() + "'; it has vicinity (seconds)");
      }
      if (!(argument.getValue() instanceof Number n)
          || !(n.doubleValue() >= 0)
          || Double.isInfinite(n.doubleValue())) {
        throw error(
            target, "vicinity: found " + argument.getValue() + ", expected seconds, 0 or more");
      }
      vicinity = n.doubleValue();
    }
    return new NanFilter(vicinity, source(target), target.key());
  }

  private static ConfigException error(Target target, String message) {
    return new ConfigException(
        source(target), 0, target.key() == null ? "filters" : target.key(), message);
  }

  private static String source(Target target) {
    return target.source() == null ? "configuration" : target.source();
  }

  private static String suggestion(String name, Iterable<String> known) {
    String best = null;
    int least = Math.max(2, name.length() / 3) + 1;
    for (String candidate : known) {
      int d = distance(name, candidate);
      if (d < least) {
        least = d;
        best = candidate;
      }
    }
    return best == null ? "" : ", did you mean '" + best + "'?";
  }

  /**
   * Returns how many letters must be put in, left out or changed to turn one name into the other.
   */
  private static int distance(String a, String b) {
    int[] above = new int[b.length() + 1];
    for (int j = 0; j < above.length; j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, Math.min(above[j], row[j - 1]) + 1);
      }
      above = row;
    }
    return above[b.length()];
  }
}
