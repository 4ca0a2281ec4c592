/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.syncline.format.Importer;

/** NWB for programs that pass requests on; {@link NwbImport} is what Java programs use. */
@SuppressWarnings("exports") // found by ServiceLoader alone, whose interface only our modules see
public final class NwbImporter implements Importer {
  /** Used by ServiceLoader. */
  public NwbImporter() {}

  @Override
  public String format() {
    return "nwb";
  }

  @Override
  public Map<String, Object> run(Map<String, Object> request) {
    Map<String, Object> left = new LinkedHashMap<>(request);
    left.values().removeIf(v -> v == null);
    NwbImport job = NwbImport.of(Path.of(text("file", left.remove("file"))));
    Object to = left.remove("to");
    list("only", left.remove("only")).forEach(v -> job.only(text("only", v)));
    map("names", left.remove("names")).forEach((k, v) -> job.name(k, text("names", v)));
    map("labels", left.remove("labels")).forEach((k, v) -> job.labels(k, text("labels", v)));
    map("rates", left.remove("rates")).forEach((k, v) -> job.rate(k, number("rates", v)));
    list("repairs", left.remove("repairs"))
        .forEach(v -> job.repair(Repair.named(text("repairs", v))));
    if (left.containsKey("dtype")) {
      job.type(ValueType.named(text("dtype", left.remove("dtype"))));
    }
    if (left.containsKey("tolerance")) {
      job.tolerance(number("tolerance", left.remove("tolerance")));
    }
    if (left.containsKey("threads")) {
      double threads = number("threads", left.remove("threads"));
      if (threads != Math.rint(threads)) {
        throw wrong("threads", threads, "a whole number");
      }
      job.threads((int) threads);
    }
    if (left.remove("replace") instanceof Object given) {
      if (!(given instanceof Boolean replace)) {
        throw wrong("replace", given, "true or false");
      }
      job.replace(replace);
    }
    if (!left.isEmpty()) {
      throw new IllegalArgumentException(
          "found the option '"
              + left.keySet().iterator().next()
              + "', expected some of "
              + new TreeSet<>(
                  List.of(
                      "file",
                      "to",
                      "only",
                      "names",
                      "labels",
                      "rates",
                      "repairs",
                      "dtype",
                      "tolerance",
                      "threads",
                      "replace")));
    }
    return to == null
        ? NwbReport.toMap(job.file(), job.list())
        : job.to(Path.of(text("to", to))).toMap();
  }

  private static IllegalArgumentException wrong(String key, Object found, String expected) {
    return new IllegalArgumentException(key + " is " + found + ", expected " + expected);
  }

  private static String text(String key, Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw wrong(key, value, "a text");
  }

  private static double number(String key, Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw wrong(key, value, "a number");
  }

  private static List<?> list(String key, Object value) {
    return switch (value) {
      case null -> List.of();
      case List<?> list -> list;
      default -> throw wrong(key, value, "a list of texts");
    };
  }

  private static Map<String, Object> map(String key, Object value) {
    Map<String, Object> result = new LinkedHashMap<>();
    switch (value) {
      case null -> {}
      case Map<?, ?> map -> map.forEach((k, v) -> result.put(String.valueOf(k), v));
      default -> throw wrong(key, value, "a map by device");
    }
    return result;
  }
}
