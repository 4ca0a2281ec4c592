/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.syncline.dataset.StoredValues;
import org.syncline.document.DocumentException;
import org.syncline.document.Documents;
import org.syncline.document.ListNode;
import org.syncline.document.MapNode;
import org.syncline.document.Node;
import org.syncline.error.ConfigException;
import org.syncline.random.LegacyRandomState;

/**
 * Where a dataset's shuffle stands: its generator and its start times. Immutable; written and read
 * as JSON under the original's names ({@code rng_state}, {@code valid_screen_times}).
 */
public final class DatasetState {
  /** Version of the JSON form. */
  public static final int VERSION = 1;

  private static final String OWN = "own_start_times";

  private final LegacyRandomState.State generator;
  private final double[] startTimes;
  private final String fingerprint;
  private final Map<String, String> identity;
  private final Map<String, String> storedValues;
  private final boolean ownStartTimes;

  /**
   * Takes a state over.
   *
   * @param generator null for a dataset without a seed
   * @param startTimes seconds; not copied
   * @param fingerprint null where unknown
   * @param identity empty where unknown
   * @param storedValues empty where unknown
   * @param ownStartTimes whether a program says the start times, which may be any
   */
  DatasetState(
      LegacyRandomState.State generator,
      double[] startTimes,
      String fingerprint,
      Map<String, String> identity,
      Map<String, String> storedValues,
      boolean ownStartTimes) {
    this.generator = generator;
    this.startTimes = startTimes;
    this.fingerprint = fingerprint;
    this.identity = Map.copyOf(identity);
    this.storedValues = Map.copyOf(storedValues);
    this.ownStartTimes = ownStartTimes;
  }

  /** Returns the generator's state, or null for a dataset without a seed. */
  LegacyRandomState.State generator() {
    return generator;
  }

  /** Returns a copy of the start times in seconds, after stride or shuffle. */
  public double[] startTimes() {
    return startTimes.clone();
  }

  /**
   * Returns {@link ChunkDataset#fingerprint()} of the dataset it was taken from, or null where
   * unknown (a state of the original).
   */
  public @Nullable String fingerprint() {
    return fingerprint;
  }

  /**
   * Returns {@link ChunkDataset#identity()} of the dataset it was taken from, for the message when
   * it differs; empty where unknown.
   */
  public Map<String, String> identity() {
    return identity;
  }

  /**
   * Returns {@link ChunkDataset#storedValues()} of the dataset it was taken from; empty where
   * unknown.
   *
   * @since 0.1.1
   */
  public Map<String, String> storedValues() {
    return storedValues;
  }

  /** Returns whether a program says the start times, which may be any. */
  boolean hasOwnStartTimes() {
    return ownStartTimes;
  }

  /** Returns how many start times there are, and whose. */
  @Override
  public String toString() {
    return "DatasetState("
        + startTimes.length
        + " start times, fingerprint "
        + (fingerprint == null ? "none" : fingerprint)
        + ")";
  }

  /**
   * Writes the state as JSON: {@code version}, {@code fingerprint}, {@code identity}, {@code
   * values} and the original's two keys. {@code own_start_times: true} stands there where a program
   * has said others than the dataset's, which are else refused.
   */
  public String toJson() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("version", VERSION);
    map.put("fingerprint", fingerprint);
    map.put("identity", new TreeMap<>(identity));
    if (!storedValues.isEmpty()) {
      map.put(StoredValues.KEY, new TreeMap<>(storedValues));
    }
    if (generator == null) {
      map.put("rng_state", null);
    } else {
      long[] key = new long[generator.key().length];
      Arrays.setAll(key, i -> Integer.toUnsignedLong(generator.key()[i]));
      map.put(
          "rng_state",
          List.of(
              "MT19937",
              key,
              generator.position(),
              generator.hasGauss(),
              generator.cachedGaussian()));
    }
    map.put("valid_screen_times", startTimes);
    if (ownStartTimes) {
      map.put(OWN, true);
    }
    return Documents.toJson(map);
  }

  /**
   * Reads what {@link #toJson} wrote, or the original's dictionary written as JSON.
   *
   * @throws ConfigException for anything else, naming the key
   */
  public static DatasetState fromJson(String json) {
    Objects.requireNonNull(json, "json is null");
    Node node;
    try {
      node = Documents.json(json, "dataset state");
    } catch (DocumentException e) {
      throw new ConfigException("dataset state", e.line(), "(root)", "no JSON: " + e.detail());
    }
    if (!(node instanceof MapNode map)) {
      throw wrong(node, "(root)", "a map");
    }
    Node version = map.get("version");
    if (version != null && !(version.value() instanceof Long v && v == VERSION)) {
      throw wrong(version, "version", VERSION + ", the only one there is so far");
    }
    Node times = map.get("valid_screen_times");
    if (times == null) {
      throw wrong(map, "valid_screen_times", "this key with a list of seconds");
    }
    Node print = map.get("fingerprint");
    if (print != null && print.value() != null && !(print.value() instanceof String)) {
      throw wrong(print, "fingerprint", "text or null");
    }
    Node own = map.get(OWN);
    if (own != null && !(own.value() instanceof Boolean)) {
      throw wrong(own, OWN, "true or false");
    }
    return new DatasetState(
        rng(map.get("rng_state")),
        doubles(times, "valid_screen_times"),
        print == null ? null : (String) print.value(),
        texts(map, "identity"),
        texts(map, StoredValues.KEY),
        own != null && (Boolean) own.value());
  }

  private static Map<String, String> texts(MapNode state, String key) {
    Map<String, String> texts = new LinkedHashMap<>();
    Node node = state.get(key);
    if (node instanceof MapNode parts) {
      parts.entries().forEach((name, part) -> texts.put(name, String.valueOf(part.value())));
    } else if (node != null && node.value() != null) {
      throw wrong(node, key, "a map");
    }
    return texts;
  }

  private static LegacyRandomState.State rng(Node node) {
    if (node == null || node.value() == null) {
      return null;
    }
    if (!(node instanceof ListNode list)
        || list.items().size() < 3
        || list.items().size() > 5
        || !"MT19937".equals(list.items().get(0).value())) {
      throw wrong(
          node,
          "rng_state",
          "null or NumPy's state tuple [\"MT19937\", key, position, has_gauss, cached_gaussian]");
    }
    double[] words = doubles(list.items().get(1), "rng_state.1");
    int[] key = new int[words.length];
    for (int i = 0; i < key.length; i++) {
      if (!(words[i] >= 0 && words[i] <= 0xffffffffL && words[i] == Math.rint(words[i]))) {
        throw wrong(list.items().get(1), "rng_state.1." + i, "an integer from 0 to 2^32 - 1");
      }
      key[i] = (int) (long) words[i];
    }
    try {
      return new LegacyRandomState.State(
          key, (int) number(list, 2, 0), (int) number(list, 3, 0), number(list, 4, 0));
    } catch (IllegalArgumentException e) {
      throw new ConfigException("dataset state", node.line(), "rng_state", e.getMessage());
    }
  }

  private static double number(ListNode list, int index, double missing) {
    if (index >= list.items().size()) {
      return missing;
    }
    Object value = list.items().get(index).value();
    if (value instanceof Number n) {
      return n.doubleValue();
    }
    if (value instanceof Boolean b) {
      return b ? 1 : 0;
    }
    throw wrong(list.items().get(index), "rng_state." + index, "a number");
  }

  private static double[] doubles(Node node, String key) {
    if (!(node instanceof ListNode list)) {
      throw wrong(node, key, "a list of numbers");
    }
    double[] values = new double[list.items().size()];
    for (int i = 0; i < values.length; i++) {
      Node item = list.items().get(i);
      if (!(item.value() instanceof Number n)) {
        throw wrong(item, key + "." + i, "a number");
      }
      values[i] = n.doubleValue();
    }
    return values;
  }

  private static ConfigException wrong(Node node, String key, String expected) {
    return new ConfigException(
        "dataset state", node.line(), key, "found " + node.kind() + ", expected " + expected);
  }
}
