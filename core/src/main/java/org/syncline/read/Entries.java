/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.read;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.syncline.array.TensorSpec;
import org.syncline.text.Printable;

/** Finds the entries of a chunk by name: values first, then timestamps. Immutable. */
public final class Entries {
  private static final int SHOWN = 8;

  private final List<TensorSpec> specs;
  private final String[] keys;
  private final int firstTimestamps;

  /** Numbers entries in the order of a list in which values come first. */
  public Entries(Collection<TensorSpec> layout) {
    specs = List.copyOf(layout);
    keys = new String[specs.size()];
    int values = 0;
    for (int i = 0; i < keys.length; i++) {
      keys[i] = specs.get(i).key();
      values += specs.get(i).timestamps() ? 0 : 1;
    }
    firstTimestamps = values;
  }

  /** Returns the descriptions of the entries. */
  public List<TensorSpec> specs() {
    return specs;
  }

  /** Returns how many entries are values; those after them are timestamps. */
  public int values() {
    return firstTimestamps;
  }

  /** Returns how many entries there are. */
  public int count() {
    return keys.length;
  }

  /**
   * Returns the number of the entry that holds a device's values; allocates nothing.
   *
   * @throws IllegalArgumentException where there is none, naming the devices that have one
   */
  public int index(String key) {
    return find("values", key, 0, firstTimestamps);
  }

  /**
   * Returns the number of the entry that holds a device's timestamps; allocates nothing.
   *
   * @throws IllegalArgumentException where there is none, naming the devices that have one
   */
  public int timestampsIndex(String key) {
    return find("timestamps", key, firstTimestamps, keys.length);
  }

  /** Returns names, types and shapes of the values, some of many, for people. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.min(firstTimestamps, SHOWN); i++) {
      text.append(i == 0 ? "" : ", ").append(Printable.message(specs.get(i).toString()));
    }
    int more = firstTimestamps - SHOWN;
    return more > 0 ? text + " and " + more + " more" : text.toString();
  }

  private int find(String what, String key, int from, int to) {
    for (int i = from; i < to; i++) {
      if (keys[i].equals(key)) {
        return i;
      }
    }
    List<String> known = new ArrayList<>();
    for (int i = from; i < to; i++) {
      known.add(keys[i]);
    }
    throw new IllegalArgumentException(
        "no " + what + " of '" + key + "', expected one of " + known);
  }
}
