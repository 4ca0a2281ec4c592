/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Says what recordings have of another kind, though of one shape, that stand in one batch: once for
 * each kind. Safe for several threads.
 */
final class Mixes {
  private static final System.Logger LOG = System.getLogger("org.syncline");

  private final Set<Long> compared = ConcurrentHashMap.newKeySet();
  private final Set<String> said = ConcurrentHashMap.newKeySet();

  /** Compares two recordings, the first time that they stand in one batch; those closed are not. */
  void compare(Session a, Session b) {
    long pair = ((long) Math.min(a.place, b.place) << 32) + Math.max(a.place, b.place);
    if (!compared.add(pair)) {
      return;
    }
    ChunkSource first = a.source;
    ChunkSource second = b.source;
    if (first == null || second == null) {
      return;
    }
    Set<String> odd = new TreeSet<>(first.normalised());
    Set<String> other = new TreeSet<>(second.normalised());
    other.removeAll(first.normalised());
    odd.removeAll(second.normalised());
    odd.addAll(other);
    odd.retainAll(a.devices);
    odd.retainAll(b.devices);
    if (!odd.isEmpty()) {
      boolean here = first.normalised().contains(odd.iterator().next());
      say(
          "normalised",
          String.join(", ", odd)
              + " of "
              + (here ? a : b).key
              + " normalised and of "
              + (here ? b : a).key
              + " not: give both the same transforms");
    }
    for (String device : a.devices) {
      long[] units = first.units(device);
      long[] its = units == null || !b.devices.contains(device) ? null : second.units(device);
      if (its != null && !Arrays.equals(units, its) && Arrays.equals(sorted(units), sorted(its))) {
        say(
            "units",
            "columns of "
                + device
                + " of "
                + a.key
                + " and of "
                + b.key
                + " that are the same unit_ids in another order, so that a column is now one unit and"
                + " now another: list them, as unit_ids in modality_config."
                + device
                + ", to have one order");
      }
    }
    if (!a.categories.equals(b.categories)) {
      say(
          "codes",
          "codes of trial metadata that mean "
              + a.categories
              + " in "
              + a.key
              + " and "
              + b.categories
              + " in "
              + b.key
              + ": list the texts in the configuration's categories to have the same in all");
    }
  }

  private static long[] sorted(long[] values) {
    long[] all = values.clone();
    Arrays.sort(all);
    return all;
  }

  private void say(String kind, String what) {
    if (said.add(kind)) {
      LOG.log(System.Logger.Level.WARNING, "loader: batches mix " + what);
    }
  }
}
