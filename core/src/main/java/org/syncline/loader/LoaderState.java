/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.syncline.document.DocumentException;
import org.syncline.document.Documents;
import org.syncline.error.ConfigException;
import org.syncline.random.LegacyRandomState;

/**
 * Where a loader stands: epoch, batch and what makes the order, with fingerprints of data and
 * configuration. No data: about 100 bytes a recording. Where orders are drawn by generators that
 * run on from epoch to epoch, and these have drawn some millions of numbers, it holds them as they
 * stood at an epoch shortly before: 3.4 KB each, one or two a recording.
 *
 * <p>Immutable. {@link #toJson} and {@link #parse} round-trip it across processes.
 */
public final class LoaderState {
  static final String FORMAT = "syncline-loader-state";
  static final int VERSION = 1;
  private static final String SOURCE = "loader state";

  /** One recording as the state knows it. */
  record Recording(String key, int length, String fingerprint, Map<String, String> identity) {}

  /** Generators at the beginning of an epoch, where they do not follow from the seed. */
  record Anchor(long epoch, LegacyRandomState.State rounder, LegacyRandomState.State[] sessions) {}

  private final long epoch;
  private final int position;
  private final long seed;
  private final Map<String, String> settings;
  private final List<Recording> recordings;
  private final int worldSize;
  private final Anchor anchor;
  private final GeneratorTrail.Entry order;
  private final GeneratorTrail.Entry starts;
  private final Map<String, Object> original;

  LoaderState(
      long epoch,
      int position,
      long seed,
      Map<String, String> settings,
      List<Recording> recordings,
      int worldSize,
      Anchor anchor,
      GeneratorTrail.Entry order,
      GeneratorTrail.Entry starts) {
    this.epoch = epoch;
    this.position = position;
    this.seed = seed;
    this.settings = Collections.unmodifiableMap(new TreeMap<>(settings));
    this.recordings = List.copyOf(recordings);
    this.worldSize = worldSize;
    this.anchor = anchor;
    this.order = order;
    this.starts = starts;
    this.original = null;
  }

  private LoaderState(long epoch, int position, Map<String, Object> original) {
    this.epoch = epoch;
    this.position = position;
    this.seed = 0;
    this.settings = Map.of();
    this.recordings = List.of();
    this.worldSize = 1;
    this.anchor = null;
    this.order = null;
    this.starts = null;
    this.original = original;
  }

  /**
   * Returns the same state at another place, for a caller who takes batches from a loader and hands
   * them on later: the place of the batch that comes next.
   *
   * @param epoch from 0
   * @param position batches of the epoch that all ranks together have behind them
   * @throws IllegalArgumentException for a number below 0
   */
  public LoaderState at(long epoch, int position) {
    if (epoch < 0 || position < 0) {
      throw new IllegalArgumentException(
          "epoch is " + epoch + " and position " + position + ", expected 0 or more");
    }
    return original != null
        ? new LoaderState(epoch, position, original)
        : new LoaderState(
            epoch, position, seed, settings, recordings, worldSize, anchor, order, starts);
  }

  /** Returns the state as one line of JSON. */
  public String toJson() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("format", FORMAT);
    map.put("version", VERSION);
    if (original != null) {
      map.put("original", original);
      return Documents.toJson(map);
    }
    map.put("fingerprint", fingerprint());
    map.put("epoch", epoch);
    map.put("position", position);
    map.put("seed", seed);
    map.put("world_size", worldSize);
    map.put("settings", settings);
    List<Object> list = new ArrayList<>();
    for (Recording r : recordings) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("key", r.key);
      entry.put("length", r.length);
      entry.put("fingerprint", r.fingerprint);
      if (!r.identity.isEmpty()) {
        entry.put("identity", new TreeMap<>(r.identity));
      }
      list.add(entry);
    }
    map.put("recordings", list);
    if (anchor != null) {
      Map<String, Object> generators = new LinkedHashMap<>();
      generators.put("epoch", anchor.epoch);
      generators.put("rounds", encode(anchor.rounder));
      List<String> sessions = new ArrayList<>();
      for (LegacyRandomState.State s : anchor.sessions) {
        sessions.add(encode(s));
      }
      generators.put("sessions", sessions);
      map.put("generators", generators);
    }
    if (order != null || starts != null) {
      Map<String, Object> checkpoints = new LinkedHashMap<>();
      checkpoint(checkpoints, "order", order);
      checkpoint(checkpoints, "starts", starts);
      map.put("checkpoints", checkpoints);
    }
    return Documents.toJson(map);
  }

  private static void checkpoint(
      Map<String, Object> checkpoints, String name, GeneratorTrail.Entry entry) {
    if (entry != null) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("epoch", entry.epoch());
      map.put("generators", Arrays.stream(entry.generators()).map(LoaderState::encode).toList());
      checkpoints.put(name, map);
    }
  }

  /** Returns generators that help to draw a state's epoch, or null where there are none. */
  private static GeneratorTrail.Entry checkpoint(
      Map<String, Object> map, String name, int expected, long first, long last) {
    if (map.get("checkpoints") == null
        || map(map.get("checkpoints"), "checkpoints").get(name) == null) {
      return null;
    }
    String at = "checkpoints." + name;
    Map<String, Object> entry = map(map(map.get("checkpoints"), "checkpoints").get(name), at);
    List<Object> list = list(entry.get("generators"), at + ".generators");
    LegacyRandomState.State[] states = new LegacyRandomState.State[list.size()];
    for (int i = 0; i < states.length; i++) {
      states[i] = decode(list.get(i), at + ".generators." + i);
    }
    long epoch = integer(entry, "epoch", at);
    if (states.length != expected || epoch < first || epoch > last) {
      throw problem(
          at,
          "found "
              + states.length
              + " generators of epoch "
              + epoch
              + ", expected "
              + expected
              + " of epoch "
              + first
              + " to "
              + last);
    }
    return new GeneratorTrail.Entry(epoch, states);
  }

  /**
   * Reads a state that {@link #toJson} wrote, or the original's dictionary written as JSON.
   *
   * @throws org.syncline.error.ConfigException where it is neither, or of a later format version
   */
  public static LoaderState parse(String json) {
    Object value;
    try {
      value = Documents.json(json, SOURCE).value();
    } catch (DocumentException e) {
      throw new ConfigException(SOURCE, e.line(), "", e.detail());
    }
    Map<String, Object> map = map(value, "");
    if (!map.containsKey("format")) {
      return fromOriginal(map);
    }
    if (!FORMAT.equals(map.get("format"))) {
      throw problem("format", "found " + map.get("format") + ", expected " + FORMAT);
    }
    long version = integer(map, "version", "");
    if (version != VERSION) {
      throw problem(
          "version",
          "found "
              + version
              + ", expected "
              + VERSION
              + "; the state comes from another version of Syncline");
    }
    if (map.containsKey("original")) {
      return fromOriginal(map(map.get("original"), "original"));
    }
    Map<String, String> settings = new TreeMap<>();
    map(map.get("settings"), "settings").forEach((k, v) -> settings.put(k, String.valueOf(v)));
    List<Recording> recordings = new ArrayList<>();
    int i = 0;
    for (Object o : list(map.get("recordings"), "recordings")) {
      String at = "recordings." + i++;
      Map<String, Object> r = map(o, at);
      Map<String, String> identity = new TreeMap<>();
      if (r.get("identity") != null) {
        map(r.get("identity"), at + ".identity")
            .forEach((k, v) -> identity.put(k, String.valueOf(v)));
      }
      recordings.add(
          new Recording(
              text(r, "key", at),
              small(integer(r, "length", at), at + ".length"),
              text(r, "fingerprint", at),
              identity));
    }
    Anchor anchor = null;
    if (map.get("generators") != null) {
      Map<String, Object> g = map(map.get("generators"), "generators");
      List<Object> sessions = list(g.get("sessions"), "generators.sessions");
      LegacyRandomState.State[] states = new LegacyRandomState.State[sessions.size()];
      for (int s = 0; s < states.length; s++) {
        states[s] = decode(sessions.get(s), "generators.sessions." + s);
      }
      anchor =
          new Anchor(
              integer(g, "epoch", "generators"),
              decode(g.get("rounds"), "generators.rounds"),
              states);
      if (states.length != recordings.size() || anchor.epoch < 0) {
        throw problem(
            "generators", "found " + states.length + " sessions, expected " + recordings.size());
      }
    }
    long epoch = integer(map, "epoch", "");
    if (epoch < 0) {
      throw problem("epoch", "found " + epoch + ", expected 0 or more");
    }
    LoaderState state =
        new LoaderState(
            epoch,
            small(integer(map, "position", ""), "position"),
            integer(map, "seed", ""),
            settings,
            recordings,
            small(integer(map, "world_size", ""), "world_size"),
            anchor,
            checkpoint(
                map,
                "order",
                recordings.size() + 1,
                anchor == null ? 0 : Math.min(anchor.epoch, epoch),
                epoch),
            checkpoint(map, "starts", recordings.size(), 0, epoch));
    String written = text(map, "fingerprint", "");
    if (!written.equals(state.fingerprint())) {
      throw problem(
          "fingerprint",
          "found "
              + written
              + ", expected "
              + state.fingerprint()
              + " for this content; it was edited");
    }
    return state;
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
  public static LoaderState fromOriginal(Map<String, Object> dictionary) {
    if (!dictionary.containsKey("session_positions")
        && !dictionary.containsKey("batches_from_session")) {
      throw problem(
          "session_positions",
          "found neither this key nor batches_from_session, expected a state of the original's session loader, or one with"
              + " \"format\": \""
              + FORMAT
              + "\"");
    }
    long epoch = integer(dictionary, "epoch", "");
    if (epoch < 0) {
      throw problem("epoch", "found " + epoch + ", expected 0 or more");
    }
    long position = 0;
    for (int n : taken(dictionary).values()) {
      position += n;
    }
    return new LoaderState(
        epoch, small(position, "session_positions"), new LinkedHashMap<>(dictionary));
  }

  /**
   * Returns the batches of the epoch taken from each session, by name, of the original's
   * dictionary.
   */
  static Map<String, Integer> taken(Map<String, Object> dictionary) {
    String key =
        dictionary.get("session_positions") != null ? "session_positions" : "batches_from_session";
    Map<String, Integer> counts = new LinkedHashMap<>();
    Map<String, Object> map = map(dictionary.get(key), key);
    for (String name : map.keySet()) {
      counts.put(name, small(integer(map, name, key), key + "." + name));
    }
    return counts;
  }

  /** Returns the NumPy state tuples anywhere in a part of the original's dictionary. */
  static List<LegacyRandomState.State> generators(Object part, String at) {
    List<LegacyRandomState.State> found = new ArrayList<>();
    if (part instanceof Map<?, ?> m) {
      m.forEach((k, v) -> found.addAll(generators(v, at + "." + k)));
    } else if (part instanceof List<?> tuple
        && tuple.size() >= 3
        && "MT19937".equals(tuple.get(0))) {
      List<Object> words = list(tuple.get(1), at);
      if (words.size() != 624) {
        throw problem(at, "found " + words.size() + " words, expected 624");
      }
      int[] key = new int[624];
      for (int i = 0; i < key.length; i++) {
        key[i] = (int) number(words.get(i), at);
      }
      int position = (int) number(tuple.get(2), at);
      if (position < 0 || position > 624) {
        throw problem(at, "found position " + position + ", expected 0 to 624");
      }
      int hasGauss = tuple.size() > 3 ? (int) number(tuple.get(3), at) : 0;
      double gauss = tuple.size() > 4 && tuple.get(4) instanceof Number n ? n.doubleValue() : 0;
      found.add(new LegacyRandomState.State(key, position, hasGauss, gauss));
    }
    return found;
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
    return HexFormat.of().formatHex(sha256(text.toString()), 0, 16);
  }

  static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  long seed() {
    return seed;
  }

  Anchor anchor() {
    return anchor;
  }

  /** Returns the order's generators as they stood at an epoch before, or null. */
  GeneratorTrail.Entry order() {
    return order;
  }

  /** Returns the start times' generators as they stood at an epoch before, or null. */
  GeneratorTrail.Entry starts() {
    return starts;
  }

  Map<String, Object> original() {
    return original;
  }

  int recordingCount() {
    return recordings.size();
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

  private static void compare(List<String> found, String name, String state, String here) {
    if (!java.util.Objects.equals(state, here)) {
      found.add(name + " is " + state + " in the state, " + here + " here");
    }
  }

  private static Map<String, Recording> byKey(List<Recording> list) {
    Map<String, Recording> map = new LinkedHashMap<>();
    list.forEach(r -> map.put(r.key, r));
    return map;
  }

  private static List<String> keys(List<Recording> list) {
    return list.stream().map(Recording::key).toList();
  }

  private static String encode(LegacyRandomState.State state) {
    ByteBuffer bytes = ByteBuffer.allocate(624 * 4 + 4 + 4 + 8).order(ByteOrder.LITTLE_ENDIAN);
    for (int word : state.key()) {
      bytes.putInt(word);
    }
    bytes.putInt(state.position()).putInt(state.hasGauss()).putDouble(state.cachedGaussian());
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  private static LegacyRandomState.State decode(Object value, String at) {
    byte[] raw;
    try {
      raw = Base64.getDecoder().decode(String.valueOf(value));
    } catch (IllegalArgumentException e) {
      throw problem(at, "is not base64");
    }
    if (raw.length != 624 * 4 + 16) {
      throw problem(at, "found " + raw.length + " bytes, expected " + (624 * 4 + 16));
    }
    ByteBuffer bytes = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
    int[] key = new int[624];
    for (int i = 0; i < key.length; i++) {
      key[i] = bytes.getInt();
    }
    int position = bytes.getInt();
    if (position < 0 || position > 624) {
      throw problem(at, "found position " + position + ", expected 0 to 624");
    }
    return new LegacyRandomState.State(key, position, bytes.getInt(), bytes.getDouble());
  }

  static ConfigException problem(String key, String message) {
    return new ConfigException(SOURCE, 0, key, message);
  }

  private static Map<String, Object> map(Object value, String at) {
    if (!(value instanceof Map<?, ?> m)) {
      throw problem(at, "found " + value + ", expected a map");
    }
    Map<String, Object> result = new LinkedHashMap<>();
    m.forEach((k, v) -> result.put(String.valueOf(k), v));
    return result;
  }

  private static List<Object> list(Object value, String at) {
    if (!(value instanceof List<?> l)) {
      throw problem(at, "found " + value + ", expected a list");
    }
    return Collections.unmodifiableList(l);
  }

  private static String text(Map<String, Object> map, String key, String at) {
    if (!(map.get(key) instanceof String s)) {
      throw problem(
          at.isEmpty() ? key : at + "." + key, "found " + map.get(key) + ", expected a text");
    }
    return s;
  }

  private static long integer(Map<String, Object> map, String key, String at) {
    return number(map.get(key), at.isEmpty() ? key : at + "." + key);
  }

  private static long number(Object value, String at) {
    if (value instanceof Number n && !(value instanceof Double) && !(value instanceof Float)) {
      return n.longValue();
    }
    throw problem(at, "found " + value + ", expected a whole number");
  }

  private static int small(long value, String at) {
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw problem(at, "found " + value + ", expected 0 to " + Integer.MAX_VALUE);
    }
    return (int) value;
  }
}
