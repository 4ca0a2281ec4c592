/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.syncline.testdata.Json;

/**
 * Compares measured rows with recorded ones.
 *
 * @param cpu the model of the machine that the ratios were recorded on
 * @param margin by how much a ratio may be worse than recorded; twice that on another machine
 * @param ratios by {@link Table.Row#key}: C's time over ours (NaN: none) and ours over the
 *     roofline's
 */
record Guard(String cpu, double margin, Map<String, double[]> ratios) {
  /** Bytes on the heap that count as none: the compiler's own events come to less. */
  static final double NOTHING = 1;

  static Guard parse(String text) {
    Map<String, Object> all = Json.object(Json.parse(text));
    Map<String, double[]> ratios = new LinkedHashMap<>();
    Json.object(all.get("ratios"))
        .forEach(
            (key, value) -> {
              Map<String, Object> one = Json.object(value);
              Object c = one.get("c_over_ours");
              ratios.put(
                  key,
                  new double[] {
                    c == null ? Double.NaN : ((Number) c).doubleValue(),
                    ((Number) one.get("ours_over_roofline")).doubleValue()
                  });
            });
    return new Guard((String) all.get("cpu"), ((Number) all.get("margin")).doubleValue(), ratios);
  }

  /** Records rows: a guard that they pass. */
  static Guard of(String cpu, double margin, List<Table.Row> rows) {
    Map<String, double[]> ratios = new LinkedHashMap<>();
    for (Table.Row row : rows) {
      ratios.put(row.key(), new double[] {row.toC(), row.toFloor()});
    }
    return new Guard(cpu, margin, ratios);
  }

  String text() {
    StringBuilder out = new StringBuilder();
    out.append("{\n  \"cpu\": \"")
        .append(cpu)
        .append("\",\n  \"margin\": ")
        .append(margin)
        .append(",\n  \"ratios\": {\n");
    String separator = "";
    for (Map.Entry<String, double[]> e : ratios.entrySet()) {
      double[] r = e.getValue();
      out.append(separator).append("    \"").append(e.getKey()).append("\": {");
      if (!Double.isNaN(r[0])) {
        out.append(String.format(Locale.ROOT, "\"c_over_ours\": %.2f, ", r[0]));
      }
      out.append(String.format(Locale.ROOT, "\"ours_over_roofline\": %.2f}", r[1]));
      separator = ",\n";
    }
    return out.append("\n  }\n}\n").toString();
  }

  /** Returns what is wrong with a row, one sentence each; empty where it passes. */
  List<String> check(Table.Row row, String machine, boolean scalar) {
    List<String> wrong = new ArrayList<>();
    if (row.allocated() >= NOTHING) {
      wrong.add(
          String.format(
              Locale.ROOT,
              "%s allocates %.0f B/op, threshold 0",
              row.key(),
              Math.ceil(row.allocated())));
    }
    double[] recorded = ratios.get(row.key());
    if (recorded == null) {
      wrong.add(row.key() + " has no threshold: record one with --record");
      return wrong;
    }
    if (scalar) {
      return wrong;
    }
    double allowed = machine.equals(cpu) ? margin : 2 * margin;
    if (row.toC() < recorded[0] / allowed) {
      wrong.add(
          String.format(
              Locale.ROOT,
              "%s: C's time / ours is %.2f, threshold %.2f (recorded %.2f)",
              row.key(),
              row.toC(),
              recorded[0] / allowed,
              recorded[0]));
    }
    if (row.toFloor() > recorded[1] * allowed) {
      wrong.add(
          String.format(
              Locale.ROOT,
              "%s: ours / roofline is %.2f, threshold %.2f (recorded %.2f)",
              row.key(),
              row.toFloor(),
              recorded[1] * allowed,
              recorded[1]));
    }
    return wrong;
  }
}
