/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.dataset;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.syncline.clock.DoubleList;
import org.syncline.config.DatasetConfig;
import org.syncline.device.Interpolator;
import org.syncline.document.Documents;
import org.syncline.document.MapNode;
import org.syncline.document.Node;

/**
 * What decides a dataset's samples, sorted by name, and its hash.
 *
 * @param parts each configuration key but the seed (a state carries the generator itself), data
 *     key, lead, device sizes, valid start times; neither the folder's place nor its clock
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
    StringBuilder text = new StringBuilder();
    Set<String> names = new TreeSet<>(theirs.keySet());
    names.addAll(ours.keySet());
    int n = 0;
    for (String name : names) {
      String a = theirs.get(name);
      String b = ours.get(name);
      if (!Objects.equals(a, b) && n++ < 8) {
        text.append(text.isEmpty() ? "what differs: " : "; ").append(name);
        text.append(" was ").append(a).append(", is ").append(b);
      }
    }
    return text.isEmpty()
        ? "what differs is not known"
        : n > 8 ? text + " and " + (n - 8) + " more" : text.toString();
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
      if (!i.contents().isEmpty()) {
        text.append(", ").append(i.contents());
      }
      parts.put("device." + device.name(), text.toString());
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

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
