/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.syncline.dataset.StoredValues;
import org.syncline.document.DocumentException;
import org.syncline.document.Documents;

/** Writes states as JSON and reads them. */
final class LoaderStateJson {
  static final String FORMAT = "syncline-loader-state";
  private static final int VERSION = 1;

  private LoaderStateJson() {}

  static String write(LoaderState state) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("format", FORMAT);
    json.put("version", VERSION);
    if (state.original() != null) {
      json.put("original", state.original().dictionary());
      return Documents.toJson(json);
    }
    json.put("fingerprint", state.fingerprint());
    json.put("epoch", state.epoch());
    json.put("position", state.position());
    json.put("seed", state.seed());
    json.put("world_size", state.worldSize());
    json.put("settings", state.settings());
    List<Object> recordings = new ArrayList<>();
    for (LoaderState.Recording r : state.recordings()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("key", r.key());
      entry.put("length", r.length());
      entry.put("fingerprint", r.fingerprint());
      if (!r.identity().isEmpty()) {
        entry.put("identity", new TreeMap<>(r.identity()));
      }
      if (!r.storedValues().isEmpty()) {
        entry.put(StoredValues.KEY, new TreeMap<>(r.storedValues()));
      }
      recordings.add(entry);
    }
    json.put("recordings", recordings);
    state.order().write(json);
    if (state.starts() != null) {
      state.starts().write(json, "starts");
    }
    return Documents.toJson(json);
  }

  /**
   * Reads a state that {@link #write} wrote, or the original's dictionary written as JSON.
   *
   * @param orders finds a kind of order by its name; null for a name that there is not
   * @throws org.syncline.error.ConfigException where it is neither, or of a later format version
   */
  static LoaderState read(String text, Function<String, OrderType> orders) {
    Object value;
    try {
      value = Documents.json(text, "loader state").value();
    } catch (DocumentException e) {
      throw StateTree.unreadable(e.line(), e.detail());
    }
    StateTree json = StateTree.of(value, "");
    if (!json.map().containsKey("format")) {
      return OriginalState.read(json);
    }
    if (!FORMAT.equals(json.get("format"))) {
      throw StateTree.problem("format", "found " + json.get("format") + ", expected " + FORMAT);
    }
    long version = json.integer("version");
    if (version != VERSION) {
      throw StateTree.problem(
          "version",
          "found "
              + version
              + ", expected "
              + VERSION
              + "; the state comes from another version of Syncline");
    }
    if (json.map().containsKey("original")) {
      return OriginalState.read(json.tree("original"));
    }
    Map<String, String> settings = texts(json.tree("settings"));
    List<LoaderState.Recording> recordings = recordings(json);
    long epoch = json.epoch("epoch");
    OrderType type = orders.apply(settings.getOrDefault("loader", ""));
    LoaderState state =
        new LoaderState(
            epoch,
            json.count("position"),
            json.integer("seed"),
            settings,
            recordings,
            json.count("world_size"),
            type == null ? OrderState.NONE : type.read(json, recordings.size(), epoch),
            GeneratorTrail.Entry.read(json, "starts", recordings.size(), 0, epoch));
    String written = json.text("fingerprint");
    if (!written.equals(state.fingerprint())) {
      throw StateTree.problem(
          "fingerprint",
          "found "
              + written
              + ", expected "
              + state.fingerprint()
              + " for this content; it was edited");
    }
    return state;
  }

  private static List<LoaderState.Recording> recordings(StateTree json) {
    List<LoaderState.Recording> recordings = new ArrayList<>();
    int i = 0;
    for (Object o : json.list("recordings")) {
      StateTree r = StateTree.of(o, "recordings." + i++);
      recordings.add(
          new LoaderState.Recording(
              r.text("key"),
              r.count("length"),
              r.text("fingerprint"),
              texts(r.treeOrEmpty("identity")),
              texts(r.treeOrEmpty(StoredValues.KEY))));
    }
    return recordings;
  }

  private static Map<String, String> texts(StateTree tree) {
    Map<String, String> texts = new TreeMap<>();
    tree.map().forEach((k, v) -> texts.put(k, String.valueOf(v)));
    return texts;
  }
}
