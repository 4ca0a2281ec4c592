/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import org.syncline.testdata.Json;

/**
 * Compares measured rows with recorded ones.
 *
 * @param cpu the model of the machine that the ratios were recorded on, and its kernels
 * @param margin by how much a ratio may be worse than recorded; twice that on another machine
 * @param ratios by {@link Table.Row#key}: C's time over ours (NaN: none) and ours over the
 *     roofline's
 */
record Guard(String cpu, double margin, Map<String, double[]> ratios) {
  /** Bytes on the heap that count as none: the compiler's own events come to less. */
  static final double NOTHING = 1;

  /** Ours over the roofline's up to which a row beyond the cache takes what the memory gives. */
  private static final double AT_ROOFLINE = 1.1;

  /**
   * Reads the guards of a file, one for each kind of machine.
   *
   * @throws IllegalArgumentException where it cannot be read or has no guards; names the file
   */
  static List<Guard> read(Path file) {
    try {
      return parse(Files.readString(file));
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(file + " is not there");
    } catch (IOException e) {
      throw new IllegalArgumentException(file + " cannot be read: " + e.getMessage());
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          file
              + " has no guards as --record writes them (a list of cpu, margin, ratios with"
              + " ours_over_roofline): "
              + e.getMessage());
    }
  }

  static List<Guard> parse(String text) {
    List<Guard> guards = new ArrayList<>();
    for (Object each : (List<?>) Json.parse(text)) {
      Map<String, Object> all = Json.object(each);
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
      guards.add(
          new Guard((String) all.get("cpu"), ((Number) all.get("margin")).doubleValue(), ratios));
    }
    if (guards.isEmpty()) {
      throw new IllegalArgumentException("the list is empty");
    }
    return guards;
  }

  /** Returns the guard that was recorded on a machine, else the first. */
  static Guard forMachine(String cpu, List<Guard> guards) {
    return guards.stream().filter(g -> g.cpu.equals(cpu)).findFirst().orElse(guards.getFirst());
  }

  /**
   * Returns guards with the ratios of one taken in: those of its machine that have the same keys
   * are replaced, and a machine that is not there comes last.
   */
  static List<Guard> with(Guard fresh, List<Guard> guards) {
    List<Guard> all = new ArrayList<>();
    Map<String, double[]> ratios = new LinkedHashMap<>();
    for (Guard guard : guards) {
      if (guard.cpu.equals(fresh.cpu)) {
        ratios.putAll(guard.ratios);
      }
    }
    ratios.putAll(fresh.ratios);
    Guard merged = new Guard(fresh.cpu, fresh.margin, ratios);
    boolean there = false;
    for (Guard guard : guards) {
      boolean same = guard.cpu.equals(fresh.cpu);
      there |= same;
      all.add(same ? merged : guard);
    }
    if (!there) {
      all.add(merged);
    }
    return all;
  }

  /** Records rows: a guard that they pass. */
  static Guard of(String cpu, double margin, List<Table.Row> rows) {
    Map<String, double[]> ratios = new LinkedHashMap<>();
    for (Table.Row row : rows) {
      ratios.put(row.key(), new double[] {row.toC(), row.toFloor()});
    }
    return new Guard(cpu, margin, ratios);
  }

  /** Returns guards as {@link #parse} reads them. */
  static String text(List<Guard> guards) {
    StringBuilder out = new StringBuilder("[");
    String between = "\n";
    for (Guard guard : guards) {
      out.append(between)
          .append("{\n  \"cpu\": \"")
          .append(guard.cpu)
          .append("\",\n  \"margin\": ")
          .append(guard.margin)
          .append(",\n  \"ratios\": {\n");
      String separator = "";
      for (Map.Entry<String, double[]> e : guard.ratios.entrySet()) {
        double[] r = e.getValue();
        out.append(separator).append("    \"").append(e.getKey()).append("\": {");
        if (!Double.isNaN(r[0])) {
          out.append(String.format(Locale.ROOT, "\"c_over_ours\": %.2f, ", r[0]));
        }
        out.append(String.format(Locale.ROOT, "\"ours_over_roofline\": %.2f}", r[1]));
        separator = ",\n";
      }
      out.append("\n  }\n}");
      between = ",\n";
    }
    return out.append("\n]\n").toString();
  }

  /**
   * Returns a sentence for each case that was measured and is not recorded, or the other way round:
   * a guard must not fall silent when a case gets another name.
   *
   * @param keys {@link Table.Row#key} of what was measured
   * @param asked whether the case of a size and a name was asked for
   */
  List<String> unmatched(Set<String> keys, BiPredicate<String, String> asked) {
    List<String> lines = new ArrayList<>();
    for (String key : keys) {
      if (!ratios.containsKey(key)) {
        lines.add(
            key
                + " has no threshold: record one with --groups "
                + key.substring(0, key.indexOf(' '))
                + " --filter … --record");
      }
    }
    for (String key : ratios.keySet()) {
      int space = key.indexOf(' ');
      if (!keys.contains(key) && asked.test(key.substring(0, space), key.substring(space + 1))) {
        lines.add(
            key + " is recorded, but there is no such case: take it out, or give it its new name");
      }
    }
    return lines;
  }

  /**
   * Returns what is wrong with a row, one sentence each; empty where it passes. Where nothing is
   * recorded of it, {@link #unmatched} says so.
   */
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
    if (scalar || recorded == null) {
      return wrong;
    }
    double allowed = machine.equals(cpu) ? margin : 2 * margin;
    // beyond the cache C waits for the memory as we do: at the roofline there is no faster, and how
    // far off C is depends on the host's memory of the hour (1.89 and 1.09 times on one machine)
    boolean bound = row.key().startsWith(Group.MEM + " ") && row.toFloor() <= AT_ROOFLINE;
    if (!bound && row.toC() < recorded[0] / allowed) {
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
