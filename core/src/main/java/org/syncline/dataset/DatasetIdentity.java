/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.dataset;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.syncline.clock.DoubleList;
import org.syncline.config.DatasetConfig;
import org.syncline.device.Interpolator;
import org.syncline.device.support.Answers;
import org.syncline.document.DocumentException;
import org.syncline.document.Documents;
import org.syncline.document.MapNode;
import org.syncline.document.Node;
import org.syncline.text.Printable;
import org.syncline.transform.Normalization;

/**
 * What decides a dataset's samples, sorted by name, and its hash.
 *
 * @param parts each configuration key but the seed (a state carries the generator itself), data
 *     key, lead, device sizes, statistics that normalise, valid start times; neither the folder's
 *     place nor its clock
 * @param fingerprint SHA-256 of the parts, in hexadecimal
 */
public record DatasetIdentity(Map<String, String> parts, String fingerprint) {

  /** Gathers what decides the samples of a dataset. */
  public static DatasetIdentity of(
      DatasetConfig config,
      String dataKey,
      String lead,
      Collection<DatasetDevice> devices,
      DoubleList starts) {
    Map<String, String> parts =
        Collections.unmodifiableMap(parts(config, dataKey, lead, devices, starts));
    MessageDigest digest = sha256();
    parts.forEach(
        (key, value) -> {
          digest.update(key.getBytes(StandardCharsets.UTF_8));
          digest.update((byte) 0);
          digest.update(value.getBytes(StandardCharsets.UTF_8));
          digest.update((byte) 0);
        });
    return new DatasetIdentity(parts, HexFormat.of().formatHex(digest.digest()));
  }

  /** Says in which entries two identities differ. */
  public static String differences(Map<String, String> theirs, Map<String, String> ours) {
    List<String> all = new ArrayList<>();
    Set<String> names = new TreeSet<>(theirs.keySet());
    names.addAll(ours.keySet());
    for (String name : names) {
      compare(
          name,
          theirs.get(name),
          ours.get(name),
          (key, was, is) -> all.add(key + " was " + was + ", is " + is));
    }
    if (all.isEmpty()) {
      return "what differs is not known";
    }
    int shown = Math.min(8, all.size());
    String text = "what differs: " + String.join("; ", all.subList(0, shown));
    return shown < all.size() ? text + " and " + (all.size() - shown) + " more" : text;
  }

  /** Takes a key whose values differ, and these, as they stand in messages. */
  public interface Difference {
    void found(String key, String theirs, String ours);
  }

  /** Compares an entry of two identities; of maps, those keys that differ are found. */
  public static void compare(String name, String theirs, String ours, Difference difference) {
    if (!Objects.equals(theirs, ours)) {
      compare(name, value(theirs), value(ours), difference);
    }
  }

  /** Returns the map that a part is written as, or the part. */
  private static Object value(String part) {
    if (part != null && part.startsWith("{")) {
      try {
        return Documents.json(part, "identity").value();
      } catch (DocumentException _) {
        return part; // a state of other hands
      }
    }
    return part;
  }

  private static void compare(String name, Object theirs, Object ours, Difference difference) {
    if (theirs instanceof Map<?, ?> a && ours instanceof Map<?, ?> b) {
      Set<Object> keys = new LinkedHashSet<>(a.keySet());
      keys.addAll(b.keySet());
      for (Object key : keys) {
        if (!Objects.equals(a.get(key), b.get(key))) {
          compare(name + "." + key, a.get(key), b.get(key), difference);
        }
      }
      return;
    }
    difference.found(name, written(theirs), written(ours));
  }

  private static String written(Object value) {
    return Printable.value(
        value == null ? "not there" : value instanceof String s ? s : Documents.toJson(value));
  }

  private static Map<String, String> parts(
      DatasetConfig config,
      String dataKey,
      String lead,
      Collection<DatasetDevice> devices,
      DoubleList starts) {
    Map<String, String> parts = new TreeMap<>();
    if (Documents.json(config.toJson(), "configuration") instanceof MapNode map) {
      for (Map.Entry<String, Node> entry : map.entries().entrySet()) {
        if (entry.getKey().equals("modality_config")
            && entry.getValue() instanceof MapNode modalities) {
          modalities
              .entries()
              .forEach(
                  (name, node) ->
                      parts.put("config.modality_config." + name, Documents.toJson(node.value())));
        } else if (!entry.getKey().equals("seed")) {
          parts.put("config." + entry.getKey(), Documents.toJson(entry.getValue().value()));
        }
      }
    }
    parts.put("data_key", dataKey);
    parts.put("lead", lead);
    for (DatasetDevice device : devices) {
      StringBuilder text = new StringBuilder();
      Interpolator i = device.interpolator();
      text.append(i.startTime()).append(" s to ").append(i.endTime()).append(" s");
      String contents = Answers.given(i.contents(), i, "contents", "a text, empty for none");
      if (!contents.isEmpty()) {
        text.append(", ").append(contents);
      }
      parts.put("device." + device.name(), text.toString());
      Normalization normalization = device.normalization();
      if (normalization != null) {
        parts.put("statistics." + device.name(), "hash " + hash(normalization));
      }
    }
    MessageDigest digest = sha256();
    ByteBuffer bytes = ByteBuffer.allocate(8192);
    for (int i = 0; i < starts.length(); i++) {
      if (bytes.remaining() < Double.BYTES) {
        digest.update(bytes.flip());
        bytes.clear();
      }
      bytes.putDouble(starts.at(i));
    }
    digest.update(bytes.flip());
    parts.put(
        "starts",
        starts.length() + " with hash " + HexFormat.of().formatHex(digest.digest(), 0, 8));
    return parts;
  }

  private static String hash(Normalization normalization) {
    MessageDigest digest = sha256();
    for (double[] values : new double[][] {normalization.means(), normalization.stds()}) {
      int n = values == null ? 0 : values.length;
      ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(n, Double.BYTES));
      for (int i = 0; i < n; i++) {
        bytes.putDouble(values[i]);
      }
      digest.update(bytes.flip());
      digest.update((byte) 0);
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 8);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
