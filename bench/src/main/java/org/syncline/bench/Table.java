/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Results of forks, and their medians as a table. */
final class Table {
  /**
   * One case in one fork.
   *
   * @param bytes read and written a run
   * @param ns median of the rounds
   * @param toC median over rounds of C's time divided by ours, NaN without C: 1 is as fast, 2 twice
   *     as fast
   * @param toFloor median over rounds of our time divided by the roofline's
   * @param allocated bytes on the heap a run
   */
  record Fork(double bytes, double ns, double toC, double toFloor, double allocated) {}

  /**
   * Medians over forks.
   *
   * @param spread largest ratio to the roofline over the smallest, less 1
   */
  record Row(
      String name,
      String size,
      int forks,
      double ns,
      double gbs,
      double toC,
      double toFloor,
      double allocated,
      double spread) {
    String key() {
      return size + " " + name;
    }
  }

  private final Map<String, List<Fork>> forks = new LinkedHashMap<>();
  private final Map<String, String[]> names = new LinkedHashMap<>();
  private String provider = "";

  Table() {}

  static double median(double[] values) {
    if (values.length == 0) {
      return Double.NaN;
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
  }

  String provider() {
    return provider;
  }

  /** Adds what a fork of a group wrote. */
  void add(List<String> lines) {
    provider = lines.getFirst();
    for (String line : lines.subList(1, lines.size())) {
      String[] f = line.split("\t");
      String key = f[0] + " " + f[1];
      names.put(key, new String[] {f[1], f[0]});
      forks
          .computeIfAbsent(key, k -> new ArrayList<>())
          .add(
              new Fork(
                  Double.parseDouble(f[2]),
                  Double.parseDouble(f[3]),
                  Double.parseDouble(f[4]),
                  Double.parseDouble(f[5]),
                  Double.parseDouble(f[6])));
    }
  }

  private static double median(List<Fork> all, java.util.function.ToDoubleFunction<Fork> value) {
    return median(all.stream().mapToDouble(value).toArray());
  }

  List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    forks.forEach(
        (key, all) -> {
          double ns = median(all, Fork::ns);
          double[] floors = all.stream().mapToDouble(Fork::toFloor).sorted().toArray();
          rows.add(
              new Row(
                  names.get(key)[0],
                  names.get(key)[1],
                  all.size(),
                  ns,
                  all.getFirst().bytes() / ns,
                  median(all, Fork::toC),
                  median(all, Fork::toFloor),
                  median(all, Fork::allocated),
                  floors[floors.length - 1] / floors[0] - 1));
        });
    return rows;
  }

  static String text(List<Row> rows) {
    StringBuilder out = new StringBuilder();
    out.append(
        "| what | size | time | GB/s | C's time / ours | ours / roofline | B/op | spread |\n");
    out.append("| --- | --- | --: | --: | --: | --: | --: | --: |\n");
    for (Row r : rows) {
      out.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %.1f | %s | %.2f | %.0f | %.0f %% |%n",
              r.name(),
              r.size(),
              time(r.ns()),
              r.gbs(),
              Double.isNaN(r.toC()) ? "–" : String.format(Locale.ROOT, "%.2f", r.toC()),
              r.toFloor(),
              Math.floor(r.allocated()),
              100 * r.spread()));
    }
    return out.toString();
  }

  static String time(double ns) {
    return ns < 1e4
        ? String.format(Locale.ROOT, "%.0f ns", ns)
        : ns < 1e6
            ? String.format(Locale.ROOT, "%.1f µs", ns / 1e3)
            : String.format(Locale.ROOT, "%.2f ms", ns / 1e6);
  }

  static Map<String, Object> json(Row r) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", r.name());
    map.put("size", r.size());
    map.put("forks", r.forks());
    map.put("ns", r.ns());
    map.put("gb_per_s", r.gbs());
    if (!Double.isNaN(r.toC())) {
      map.put("c_over_ours", r.toC());
    }
    map.put("ours_over_roofline", r.toFloor());
    map.put("bytes_per_op", r.allocated());
    map.put("spread", r.spread());
    return map;
  }
}
