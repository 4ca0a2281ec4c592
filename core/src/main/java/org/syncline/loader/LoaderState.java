/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.syncline.config.schema.Names;
import org.syncline.dataset.DatasetIdentity;
import org.syncline.dataset.StoredValues;
import org.syncline.text.Printable;

/**
 * Where a loader stands: epoch, batch and what makes the order, with fingerprints of data and
 * configuration. No data: about 100 bytes a recording and 30 a device. Where orders are drawn by
 * generators that run on from epoch to epoch, and these have drawn some millions of numbers, it
 * holds them as they stood at an epoch shortly before: 3.4 KB each, one or two a recording.
 *
 * <p>Immutable. {@link #toJson} and {@link #fromJson} round-trip it across processes.
 */
public final class LoaderState {
  /** One recording as the state knows it. */
  record Recording(
      String key,
      int length,
      String fingerprint,
      Map<String, String> identity,
      Map<String, String> storedValues) {}

  private final long epoch;
  private final int position;
  private final long seed;
  private final Map<String, String> settings;
  private final List<Recording> recordings;
  private final int worldSize;
  private final OrderState order;

  /** Generators of the start times, as they stood at an epoch shortly before, or null. */
  private final GeneratorTrail.Entry starts;

  /** What this is made of where it comes from the Python original, else null. */
  private final OriginalState original;

  LoaderState(
      long epoch,
      int position,
      long seed,
      Map<String, String> settings,
      List<Recording> recordings,
      int worldSize,
      OrderState order,
      GeneratorTrail.Entry starts) {
    this.epoch = epoch;
    this.position = position;
    this.seed = seed;
    this.settings = Collections.unmodifiableMap(new TreeMap<>(settings));
    this.recordings = List.copyOf(recordings);
    this.worldSize = worldSize;
    this.order = order;
    this.starts = starts;
    this.original = null;
  }

  /** A state of the Python original's. */
  LoaderState(long epoch, int position, OriginalState original) {
    this.epoch = epoch;
    this.position = position;
    this.seed = 0;
    this.settings = Map.of();
    this.recordings = List.of();
    this.worldSize = 1;
    this.order = OrderState.NONE;
    this.starts = null;
    this.original = original;
  }

  /**
   * Returns the same state at another place, for a caller that takes batches from a loader and
   * hands them on later: the place of the batch that comes next.
   *
   * @param epoch from 0
   * @param position batches of the epoch that all ranks together have behind them
   * @throws IllegalArgumentException for a number below 0, or an epoch past 2^62
   */
  public LoaderState at(long epoch, int position) {
    EngineLoader.checkPlace(epoch, position);
    return original != null
        ? new LoaderState(epoch, position, original)
        : new LoaderState(epoch, position, seed, settings, recordings, worldSize, order, starts);
  }

  /** Returns the state as one line of JSON. */
  public String toJson() {
    return LoaderStateJson.write(this);
  }

  /**
   * Reads a state that {@link #toJson} wrote, or the original's dictionary written as JSON.
   *
   * @throws org.syncline.error.ConfigException where it is neither, or of a later format version
   */
  public static LoaderState fromJson(String json) {
    Objects.requireNonNull(json, "json is null");
    return LoaderStateJson.read(json, Cycle::typeNamed);
  }

  /**
   * Takes over a state dictionary of the original's multi-session loader, for a {@link
   * Cycle#CONCATENATED} loader of the same recordings and settings: {@code epoch}, {@code
   * current_batch}, {@code session_positions}, {@code batches_from_session}, {@code
   * active_sessions}, {@code batch_sampler_state}, {@code session_sampler_states}.
   *
   * <p>The loader's seed must be the original's: its generators are drawn up to the epoch, and
   * those in the dictionary are compared with them. At the beginning of an epoch the dictionary's
   * own generators are enough.
   *
   * @param dictionary the original's dictionary; generators are NumPy's state tuples as lists
   * @throws org.syncline.error.ConfigException where keys are missing; {@link BatchLoader#restore}
   *     says whether it carries enough to continue exactly
   */
  public static LoaderState fromOriginal(Map<String, @Nullable Object> dictionary) {
    return OriginalState.read(StateTree.of(dictionary, ""));
  }

  /** Returns where it stands, and of which recordings. */
  @Override
  public String toString() {
    String of =
        recordings.isEmpty()
            ? "of the original's"
            : Names.some(recordings.stream().map(r -> Printable.value(r.key())).toList());
    return "LoaderState(batch " + position + " of epoch " + epoch + ", " + of + ")";
  }

  /** Returns the epoch, from 0. */
  public long epoch() {
    return epoch;
  }

  /** Returns how many batches of the epoch all ranks together have taken. */
  public int position() {
    return position;
  }

  /**
   * Returns the fingerprint of data and configuration, in hexadecimal; empty for a state of the
   * original's.
   */
  public String fingerprint() {
    if (original != null) {
      return "";
    }
    StringBuilder text = new StringBuilder().append("seed=").append(seed).append('\n');
    settings.forEach((k, v) -> text.append(k).append('=').append(v).append('\n'));
    for (Recording r : recordings) {
      text.append(r.key)
          .append('\t')
          .append(r.length)
          .append('\t')
          .append(r.fingerprint)
          .append('\n');
    }
    return HexFormat.of().formatHex(SessionSeeds.sha256(text.toString()), 0, 16);
  }

  long seed() {
    return seed;
  }

  Map<String, String> settings() {
    return settings;
  }

  List<Recording> recordings() {
    return recordings;
  }

  int worldSize() {
    return worldSize;
  }

  OrderState order() {
    return order;
  }

  GeneratorTrail.Entry starts() {
    return starts;
  }

  OriginalState original() {
    return original;
  }

  /**
   * Returns what differs from the state of another loader, in words; empty where nothing does.
   * Seeds are not compared.
   */
  List<String> differences(LoaderState other) {
    List<String> found = new ArrayList<>();
    TreeMap<String, String> names = new TreeMap<>(settings);
    names.putAll(other.settings);
    for (String name : names.keySet()) {
      compare(found, name, settings.get(name), other.settings.get(name));
    }
    if (recordings.size() != other.recordings.size()) {
      found.add(
          "the state has "
              + recordings.size()
              + " recordings, this loader "
              + other.recordings.size());
    }
    Map<String, Recording> mine = byKey(recordings);
    Map<String, Recording> others = byKey(other.recordings);
    int before = found.size();
    for (Recording r : recordings) {
      Recording o = others.get(r.key);
      if (o == null) {
        found.add("this loader has no recording " + r.key);
      } else if (!o.fingerprint.equals(r.fingerprint) || o.length != r.length) {
        found.add(
            "recording "
                + r.key
                + ": "
                + r.length
                + " chunks, fingerprint "
                + r.fingerprint
                + " in the state; "
                + o.length
                + " chunks, fingerprint "
                + o.fingerprint
                + " here");
        TreeMap<String, String> keys = new TreeMap<>(r.identity);
        if (!r.identity.isEmpty() && !o.identity.isEmpty()) {
          keys.putAll(o.identity);
          for (String k : keys.keySet()) {
            compare(found, r.key + "." + k, r.identity.get(k), o.identity.get(k));
          }
        }
      }
    }
    for (Recording o : other.recordings) {
      if (!mine.containsKey(o.key)) {
        found.add("the state has no recording " + o.key);
      }
    }
    if (found.size() == before && !keys(recordings).equals(keys(other.recordings))) {
      found.add(
          "the recordings come in another order: "
              + keys(recordings)
              + " in the state, "
              + keys(other.recordings));
    }
    return found;
  }

  /**
   * Says which recordings of a loader, of the same keys, have other stored values; empty where none
   * has. Only those are asked of which this state has values: the answer reads files.
   */
  String otherValues(List<Session> sessions) {
    Map<String, Session> here = new HashMap<>();
    sessions.forEach(s -> here.put(s.key, s));
    List<String> found = new ArrayList<>();
    for (Recording r : recordings) {
      if (r.storedValues.isEmpty()) {
        continue;
      }
      String text = StoredValues.differences(r.storedValues, here.get(r.key).storedValues());
      if (!text.isEmpty()) {
        found.add("recording " + r.key + ": " + text);
      }
    }
    return found.isEmpty()
        ? ""
        : found.getFirst() + (found.size() == 1 ? "" : "; and " + (found.size() - 1) + " more");
  }

  private static void compare(List<String> found, String name, String state, String here) {
    DatasetIdentity.compare(
        name,
        state,
        here,
        (key, was, is) -> found.add(key + " is " + was + " in the state, " + is + " here"));
  }

  private static Map<String, Recording> byKey(List<Recording> list) {
    Map<String, Recording> map = new LinkedHashMap<>();
    list.forEach(r -> map.put(r.key, r));
    return map;
  }

  private static List<String> keys(List<Recording> list) {
    return list.stream().map(Recording::key).toList();
  }
}
