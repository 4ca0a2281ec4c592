/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Says what recordings have of another kind, though of one shape, that stand in one batch: once for
 * each kind. Safe for several threads.
 */
final class Mixes {
  private static final System.Logger LOG = System.getLogger("org.syncline");

  /**
   * What is compared of a recording. Taken as it is opened: most of many are closed by the time
   * that a batch mixes them. Immutable.
   *
   * @param normalised the devices whose values are
   * @param units by device, of those whose units are known
   */
  record Traits(Set<String> normalised, Map<String, Units> units) {
    /** Those of a recording that is compared with none. */
    static final Traits NONE = new Traits(Set.of(), Map.of());

    /**
     * Hashes of the ids of units, in ascending and in their own order: thousands of ids are many.
     */
    record Units(long ids, long order) {}

    /** Asks a source, which must be open. */
    static Traits of(ChunkSource source) {
      Map<String, Units> units = new HashMap<>();
      for (String device : source.devices()) {
        long[] ids = source.units(device);
        if (ids != null) {
          long[] sorted = ids.clone();
          Arrays.sort(sorted);
          units.put(device, new Units(hash(sorted), hash(ids)));
        }
      }
      return new Traits(Set.copyOf(source.normalised()), Map.copyOf(units));
    }

    private static long hash(long[] values) {
      long hash = values.length;
      for (long value : values) {
        hash = CycledOrder.mix(hash * 31 + value);
      }
      return hash;
    }
  }

  private final Set<Long> compared = ConcurrentHashMap.newKeySet();
  private final Set<String> said = ConcurrentHashMap.newKeySet();

  /** Compares two recordings, the first time that they stand in one batch. */
  void compare(Session a, Session b) {
    long pair = ((long) Math.min(a.place, b.place) << 32) + Math.max(a.place, b.place);
    if (!compared.add(pair)) {
      return;
    }
    String odd = normalised(a, b);
    String other = normalised(b, a);
    if (!odd.isEmpty() || !other.isEmpty()) {
      String and = odd.isEmpty() || other.isEmpty() ? "" : ", and ";
      say("normalised", odd + and + other + ": give both the same transforms");
    }
    for (String device : a.devices) {
      Traits.Units units = a.traits.units.get(device);
      Traits.Units its = b.traits.units.get(device);
      if (units != null && its != null && units.ids == its.ids && units.order != its.order) {
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

  /** Says which devices of one recording are normalised and those of the other not. */
  private static String normalised(Session yes, Session no) {
    Set<String> odd = new TreeSet<>(yes.traits.normalised);
    odd.removeAll(no.traits.normalised);
    odd.retainAll(yes.devices);
    odd.retainAll(no.devices);
    return odd.isEmpty()
        ? ""
        : String.join(", ", odd) + " of " + yes.key + " normalised and of " + no.key + " not";
  }

  private void say(String kind, String what) {
    if (said.add(kind)) {
      LOG.log(System.Logger.Level.WARNING, "loader: batches mix " + what);
    }
  }
}
