/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
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
        --guard FILE      compares with ratios recorded on a machine of this kind: exit status 1 where a case is beyond its threshold, has none, or is gone
        --record FILE     records the ratios
        --margin X        by how much a ratio may be worse than recorded; with --record; default 1.6
      """;

  private static final String KERNELS = "L1+L2+FRAME";
  private static final int TRIES = 3;

  /** The rows beyond the cache that the short form measures; all would take three minutes. */
  static final String FEW = "^(u8 → f32|f16 → f32|f32 → bf16|shifted linear.*|statistics.*)$";

  private static final Set<String> OPTIONS =
      Set.of("groups", "filter", "form", "forks", "json", "guard", "record", "margin");

  private final Map<String, String> options;
  private final int forks;
  private final boolean shortForm;
  private final double margin;
  private final List<Guard> guards;
  private final Path results;

  /** Checks all options: what is wrong with one is said before minutes of measuring, not after. */
  private Report(Map<String, String> options) throws IOException {
    this.options = options;
    String form = options.getOrDefault("form", "full");
    shortForm = form.equals("short");
    require(shortForm || form.equals("full"), "form", "full or short");
    forks = (int) number("forks", shortForm ? "3" : "5", 1);
    margin = number("margin", "1.6", 1);
    for (String group : options.getOrDefault("groups", "L1").split("[,+]", -1)) {
      require(
          Stream.of(Group.values()).anyMatch(g -> g.name().equals(group)),
          "groups",
          "names of " + List.of(Group.values()) + " joined by + or ,");
    }
    try {
      Pattern.compile(options.getOrDefault("filter", "."));
    } catch (PatternSyntaxException e) {
      throw wrong("filter", "a regular expression: " + e.getDescription());
    }
    for (String name : List.of("json", "record")) {
      if (options.containsKey(name)) {
        Path file = Path.of(options.get(name)).toAbsolutePath();
        require(
            !Files.isDirectory(file)
                && Files.isWritable(Files.exists(file) ? file : file.getParent()),
            name,
            "a file that can be written, in a folder that is there");
      }
    }
    guards = options.containsKey("guard") ? Guard.read(Path.of(options.get("guard"))) : List.of();
    if (options.containsKey("record") && Files.exists(Path.of(options.get("record")))) {
      Guard.read(Path.of(options.get("record")));
    }
    results = Files.createTempDirectory("syncline-forks");
  }

  private IllegalArgumentException wrong(String name, String expected) {
    return new IllegalArgumentException(
        "--" + name + " " + options.get(name) + ": expected " + expected);
  }

  private void require(boolean holds, String name, String expected) {
    if (!holds) {
      throw wrong(name, expected);
    }
  }

  private double number(String name, String otherwise, double least) {
    double value = Double.NaN;
    try {
      value = Double.parseDouble(options.getOrDefault(name, otherwise));
    } catch (NumberFormatException e) {
      // NaN is refused below
    }
    require(value >= least && value <= 1000, name, "a number from " + (int) least);
    return value;
  }

  /** Runs the program. */
  public static void main(String[] args) throws Exception {
    System.exit(run(args));
  }

  /**
   * Runs the program.
   *
   * @return its exit status: 1 where the guard or a fork fails, 2 where an option is wrong
   */
  static int run(String... args) throws IOException {
    Map<String, String> options = new LinkedHashMap<>();
    for (int i = 0; i < args.length; i += 2) {
      if (i + 1 == args.length
          || !args[i].startsWith("--")
          || !OPTIONS.contains(args[i].substring(2))) {
        System.err.print(USAGE);
        return 2;
      }
      options.put(args[i].substring(2), args[i + 1]);
    }
    Report report;
    try {
      report = new Report(options);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      return 2;
    }
    // a fork notices by itself that nobody listens only after its next iteration
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  ProcessHandle.current().descendants().forEach(ProcessHandle::destroy);
                  report.clean();
                }));
    try {
      return report.run();
    } catch (RunnerException e) {
      System.err.println("a fork failed: " + cause(e));
      return 1;
    } catch (IllegalStateException e) {
      System.err.println(e.getMessage());
      return 1;
    }
  }

  /** Returns what JMH wraps twice. */
  private static Throwable cause(Throwable e) {
    while (e.getCause() != null || e.getSuppressed().length > 0) {
      e = e.getCause() != null ? e.getCause() : e.getSuppressed()[0];
    }
    return e;
  }

  private void clean() {
    try (Stream<Path> files = Files.list(results)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(results);
    } catch (IOException e) {
      // a few kilobytes in the system's temporary folder
    }
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
          shortForm
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
    // hypervisors give processors of several generations one name: ratios of 512-bit kernels are
    // not
    // those of 256-bit ones
    String guarded = cpu + ", " + provider;
    int status = guards.isEmpty() ? 0 : guard(groups, rows, guarded, provider);
    List<Table.Row> all = List.copyOf(rows.values());
    System.out.println(machine);
    System.out.println(Table.text(all));
    if (options.containsKey("json")) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("machine", machine);
      json.put("rows", all.stream().map(Table::json).toList());
      write(Path.of(options.get("json")), Json.write(json));
    }
    if (options.containsKey("record")) {
      Path file = Path.of(options.get("record"));
      List<Guard> before = Files.exists(file) ? Guard.read(file) : List.of();
      write(file, Guard.text(Guard.with(Guard.of(guarded, margin, all), before)));
    }
    return status;
  }

  /** Writes a file whole or, where the program is interrupted, not at all. */
  private static void write(Path file, String text) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      Files.writeString(file, text); // a pipe or /dev/stdout
      return;
    }
    Path fresh = file.resolveSibling(file.getFileName() + ".part");
    Files.writeString(fresh, text);
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * A machine that others use can spoil a measurement, but not the same case each time: only what
   * fails each time counts.
   */
  private int guard(Set<String> groups, Map<String, Table.Row> rows, String cpu, String provider)
      throws IOException, RunnerException {
    boolean scalar = provider.equals("scalar");
    Guard guard = Guard.forMachine(cpu, guards);
    if (!cpu.equals(guard.cpu())) {
      System.out.println(
          "guard: recorded on "
              + String.join("; ", guards.stream().map(Guard::cpu).toList())
              + ", this is "
              + cpu
              + ": twice as wide thresholds as for "
              + guard.cpu());
    }
    Set<String> sizes = new LinkedHashSet<>();
    groups.forEach(group -> sizes.addAll(List.of(group.split("\\+"))));
    List<String> unmatched =
        guard.unmatched(rows.keySet(), (size, name) -> sizes.contains(size) && asked(size, name));
    if (!unmatched.isEmpty()) {
      System.out.println("guard: FAILED");
      unmatched.forEach(line -> System.out.println("guard:   " + line));
      return 1;
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

  private boolean few(String group) {
    return shortForm && group.equals("MEM") && !options.containsKey("groups");
  }

  private String filter(String group) {
    return options.getOrDefault("filter", few(group) ? FEW : ".");
  }

  private boolean asked(String size, String name) {
    return Pattern.compile(filter(size)).matcher(name).find();
  }

  private String measure(Set<String> groups, Map<String, Table.Row> rows)
      throws IOException, RunnerException {
    String provider = "none";
    for (String group : groups) {
      boolean few = few(group);
      String filter = filter(group);
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
                  "-Dsyncline.bench.warm=" + (shortForm ? 40 : 90),
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
                  .measurementIterations(shortForm ? 2 : 4)
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
      if (table.rows().isEmpty()) {
        throw new IllegalStateException("no case of " + group + " has a name like " + filter);
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
