/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.syncline.testdata.Json;

/**
 * Runs the benchmarks in forks and prints their table; as a guard, compares it with the recorded
 * one.
 */
public final class Report {
  private static final String USAGE =
      """
      usage: Report [options]
        --groups A+B,C    L1, L2, MEM, FRAME, SPIKES, CHUNK, BATCH; those joined by + share a JVM; default all
        --filter REGEX    names of cases
        --form full|short 5 forks, or 3 of less time without SPIKES, BATCH and most of MEM
        --forks N
        --json FILE       writes the table as JSON
        --guard FILE      compares with recorded ratios: exit status 1 where a case is beyond its threshold
        --record FILE     records the ratios
        --margin X        by how much a ratio may be worse than recorded; with --record; default 1.6
      """;

  private static final String KERNELS = "L1+L2+FRAME";
  private static final int TRIES = 3;

  /** The rows beyond the cache that the short form measures; all would take three minutes. */
  private static final String FEW = "^(u8 → f32|f16 → f32|f32 → bf16|shifted linear.*)$";

  private final Map<String, String> options;
  private final int forks;
  private final boolean brief;
  private final Path results;

  private Report(Map<String, String> options) throws IOException {
    this.options = options;
    brief = options.getOrDefault("form", "full").equals("short");
    forks = Integer.parseInt(options.getOrDefault("forks", brief ? "3" : "5"));
    results = Files.createTempDirectory("syncline-forks");
  }

  /** Runs the program. */
  public static void main(String[] args) throws Exception {
    Map<String, String> options = new LinkedHashMap<>();
    Set<String> known =
        Set.of("groups", "filter", "form", "forks", "json", "guard", "record", "margin");
    for (int i = 0; i < args.length; i += 2) {
      if (i + 1 == args.length
          || !args[i].startsWith("--")
          || !known.contains(args[i].substring(2))) {
        System.err.print(USAGE);
        System.exit(2);
      }
      options.put(args[i].substring(2), args[i + 1]);
    }
    System.exit(new Report(options).run());
  }

  private int run() throws IOException, RunnerException {
    if (!Reference.available()) {
      System.out.println(
          "No C reference (no C compiler, or -D"
              + Reference.PATH_PROPERTY
              + "): ratios to C are left out.");
    }
    // another JMH on the machine does not matter: ratios and the thread's own time are compared
    System.setProperty("jmh.ignoreLock", "true");
    Set<String> groups = new LinkedHashSet<>();
    if (options.containsKey("groups")) {
      groups.addAll(List.of(options.get("groups").split(",")));
    } else {
      groups.addAll(
          brief
              ? List.of(KERNELS, "MEM", "CHUNK")
              : List.of(KERNELS, "MEM", "SPIKES", "CHUNK", "BATCH"));
    }
    Map<String, Table.Row> rows = new LinkedHashMap<>();
    String provider = measure(groups, rows);
    String cpu = cpu();
    String machine =
        cpu
            + ", "
            + Runtime.getRuntime().availableProcessors()
            + " cores, "
            + System.getProperty("os.name")
            + "; JDK "
            + Runtime.version()
            + "; kernels "
            + provider
            + "; load "
            + ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    int status = 0;
    if (options.containsKey("guard")) {
      status = guard(rows, cpu, provider);
    }
    List<Table.Row> all = List.copyOf(rows.values());
    System.out.println(machine);
    System.out.println(Table.text(all));
    if (options.containsKey("json")) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("machine", machine);
      json.put("rows", all.stream().map(Table::json).toList());
      Files.writeString(Path.of(options.get("json")), Json.write(json));
    }
    if (options.containsKey("record")) {
      double margin = Double.parseDouble(options.getOrDefault("margin", "1.6"));
      Path file = Path.of(options.get("record"));
      Map<String, double[]> ratios = new LinkedHashMap<>();
      if (Files.exists(file)) {
        ratios.putAll(Guard.parse(Files.readString(file)).ratios());
      }
      ratios.putAll(Guard.of(cpu, margin, all).ratios());
      Files.writeString(file, new Guard(cpu, margin, ratios).text());
    }
    return status;
  }

  /**
   * A machine that others use can spoil a measurement, but not the same case each time: only what
   * fails each time counts.
   */
  private int guard(Map<String, Table.Row> rows, String cpu, String provider)
      throws IOException, RunnerException {
    Guard guard = Guard.parse(Files.readString(Path.of(options.get("guard"))));
    boolean scalar = provider.equals("scalar");
    if (!cpu.equals(guard.cpu())) {
      System.out.println(
          "guard: recorded on "
              + guard.cpu()
              + ", this is "
              + cpu
              + ": thresholds are twice as wide");
    }
    List<String> wrong = new ArrayList<>();
    for (int attempt = 1; attempt <= TRIES; attempt++) {
      wrong.clear();
      Set<String> again = new LinkedHashSet<>();
      for (Table.Row row : rows.values()) {
        List<String> found = guard.check(row, cpu, scalar);
        if (!found.isEmpty()) {
          wrong.addAll(found);
          again.add(
              options.containsKey("groups") || !KERNELS.contains(row.size())
                  ? row.size()
                  : KERNELS);
        }
      }
      if (wrong.isEmpty()) {
        System.out.println("guard: " + rows.size() + " cases within their thresholds");
        return 0;
      }
      if (attempt < TRIES) {
        System.out.println(
            "guard: beyond a threshold, measured again: " + String.join("; ", wrong));
        Map<String, Table.Row> fresh = new LinkedHashMap<>();
        measure(again, fresh);
        for (Map.Entry<String, Table.Row> e : fresh.entrySet()) {
          // a case that passed once has passed
          if (rows.containsKey(e.getKey())
              && !guard.check(rows.get(e.getKey()), cpu, scalar).isEmpty()) {
            rows.put(e.getKey(), e.getValue());
          }
        }
      }
    }
    System.out.println("guard: FAILED, " + TRIES + " times");
    wrong.forEach(line -> System.out.println("guard:   " + line));
    return 1;
  }

  private String measure(Set<String> groups, Map<String, Table.Row> rows)
      throws IOException, RunnerException {
    String provider = "none";
    for (String group : groups) {
      boolean few = brief && group.equals("MEM") && !options.containsKey("groups");
      String filter = options.getOrDefault("filter", few ? FEW : ".");
      long start = System.nanoTime();
      try (Stream<Path> old = Files.list(results)) {
        for (Path file : old.toList()) {
          Files.delete(file);
        }
      }
      boolean large = group.matches("MEM|SPIKES|BATCH");
      List<String> jvm =
          new ArrayList<>(
              List.of(
                  "--add-modules=jdk.incubator.vector",
                  "--enable-native-access=ALL-UNNAMED",
                  "-Xms256m",
                  "-Xmx256m",
                  "-XX:+AlwaysPreTouch",
                  "-XX:+UseSerialGC",
                  // the kernels measured, from the first call
                  "-Dsyncline.warmup=false",
                  "-Dsyncline.bench.warm=" + (brief ? 40 : 90),
                  "-D" + KernelBenchmark.FORKS_PROPERTY + "=" + results));
      for (String name :
          List.of(
              Reference.PATH_PROPERTY,
              ChunkCases.DATA_PROPERTY,
              "syncline.kernels",
              "syncline.vector.bits")) {
        if (System.getProperty(name) != null) {
          jvm.add("-D" + name + "=" + System.getProperty(name));
        }
      }
      new Runner(
              new OptionsBuilder()
                  .include(KernelBenchmark.class.getName() + ".round")
                  .param("group", group)
                  .param("filter", filter)
                  .forks(forks)
                  .warmupIterations(1)
                  .warmupTime(TimeValue.milliseconds(500))
                  .measurementIterations(brief ? 2 : 4)
                  .measurementTime(TimeValue.milliseconds(few ? 1_000 : large ? 4_000 : 2_000))
                  .addProfiler(GCProfiler.class)
                  .jvmArgs(jvm.toArray(String[]::new))
                  .verbosity(VerboseMode.SILENT)
                  .shouldFailOnError(true)
                  .build())
          .run();
      Table table = new Table();
      try (Stream<Path> files = Files.list(results)) {
        for (Path file : files.sorted().toList()) {
          table.add(Files.readAllLines(file));
        }
      }
      for (Table.Row row : table.rows()) {
        rows.put(row.key(), row);
      }
      provider = table.provider();
      System.out.printf(
          "%s: %d cases, %d forks, %d s%n",
          group, table.rows().size(), forks, (System.nanoTime() - start) / 1_000_000_000);
    }
    return provider;
  }

  private static String cpu() throws IOException {
    Path info = Path.of("/proc/cpuinfo");
    if (Files.isReadable(info)) {
      for (String line : Files.readAllLines(info)) {
        if (line.startsWith("model name")) {
          return line.substring(line.indexOf(':') + 1).strip();
        }
      }
    }
    return System.getProperty("os.arch");
  }
}
