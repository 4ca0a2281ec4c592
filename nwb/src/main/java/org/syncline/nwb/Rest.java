/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.syncline.error.RecordingException;

/**
 * What a series says beside values and times. Texts and few numbers stand in the device's
 * meta/nwb.json, and what is more is named in the report.
 */
final class Rest {
  private static final int FEW = 64;

  /** Parts of a series of which something became. */
  private static final Set<String> READ =
      Set.of(
          "data",
          "timestamps",
          "starting_time",
          "control",
          "control_description",
          "external_file",
          "starting_frame",
          "channel_conversion",
          "electrodes",
          "rois",
          "roi_names",
          "features",
          "indexed_images",
          "indexed_timeseries");

  /** Attributes that say what kind of thing it is, or that were read. */
  private static final Set<String> KNOWN =
      Set.of(
          "neurodata_type",
          "namespace",
          "object_id",
          "ancestry",
          "help",
          "extern_fields",
          "missing_fields",
          "conversion",
          "offset",
          "unit");

  /** Texts that say nothing. */
  private static final Set<Object> NOTHING = Set.of("", "no description", "no comments");

  private Rest() {}

  static void of(H5Node series, Job job) {
    Map<String, Object> said = new LinkedHashMap<>();
    List<String> left = new ArrayList<>();
    attributes(series, "", said, left);
    H5Node data = series.child("data");
    if (data != null && data.isDataset()) {
      attributes(data, "data@", said, left);
    }
    series
        .children()
        .forEach(
            (name, child) -> {
              if (READ.contains(name)) {
                return;
              }
              if (child.link() != null) {
                said.put(name, child.link());
              } else if (!child.isDataset()
                  || SequenceMapper.product(child.shape(), 0) > FEW
                  || child.holdsReferences()
                  || !put(said, name, child.value())) {
                left.add(name);
              }
            });
    if (!said.isEmpty()) {
      job.source().put("says", said);
    }
    if (!left.isEmpty()) {
      job.notes().add("not imported: " + String.join(", ", left));
    }
    Object continuity = said.get("data@continuity");
    if ("step".equals(continuity)) {
      job.notes().add("values hold until the next ones (continuity: step)");
    } else if ("instantaneous".equals(continuity)) {
      job.notes().add("values of moments, between which there are none (continuity)");
    }
  }

  private static void attributes(
      H5Node node, String prefix, Map<String, Object> said, List<String> left) {
    for (String name : node.attributes()) {
      if (KNOWN.contains(name)) {
        continue;
      }
      try {
        Object value = node.attribute(name);
        boolean unknown = name.equals("resolution") && number(value) == -1;
        if (!unknown && !put(said, prefix + name, value)) {
          left.add(prefix + name);
        }
      } catch (RecordingException e) {
        left.add(prefix + name);
      }
    }
  }

  private static double number(Object value) {
    return value instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  /** Puts what JSON can say; returns false where it cannot. */
  private static boolean put(Map<String, Object> said, String name, Object value) {
    Object plain = plain(value);
    if (plain == null) {
      return value == null;
    }
    if (!NOTHING.contains(plain)) {
      said.put(name, plain);
    }
    return true;
  }

  private static Object plain(Object value) {
    if (value instanceof String text) {
      return text.strip();
    }
    if (value instanceof Boolean) {
      return value;
    }
    if (value instanceof Number number) {
      return Double.isFinite(number.doubleValue()) ? number : number.toString();
    }
    if (value == null || !value.getClass().isArray()) {
      return null;
    }
    List<Object> items = new ArrayList<>();
    for (int i = 0; i < Array.getLength(value); i++) {
      Object item = plain(Array.get(value, i));
      if (item == null || items.size() == FEW) {
        return null;
      }
      items.add(item);
    }
    return items;
  }
}
