/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import me.tongfei.progressbar.ProgressBar;
import org.syncline.config.DatasetConfig;
import org.syncline.config.TrialCondition;
import org.syncline.document.DocumentException;
import org.syncline.document.Documents;
import org.syncline.document.MapNode;
import org.syncline.error.SynclineException;
import org.syncline.stats.DeviceStatistics;
import org.syncline.stats.RecordingStatistics;
import org.syncline.text.Printable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "stats",
    description = {
      "Prints mean, deviation, share of NaN, extremes and quantiles of each signal of "
          + "sequences and each channel of screens.",
      "Exit status: 0; 1 where a recording cannot be read or written."
    })
final class StatsCommand implements Callable<Integer> {
  private static final double MIB = 1 << 20;
  private static final String TIER = "tier";

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "PATH",
      arity = "1..*",
      description = "recordings, or folders of recordings")
  private List<Path> paths;

  @Option(
      names = {"-d", "--device"},
      paramLabel = "NAME",
      split = ",",
      description = "these devices alone (default: all that have stored samples)")
  private List<String> devices = List.of();

  @Option(
      names = "--tier",
      paramLabel = "NAME",
      split = ",",
      description = "only what lies in trials of these tiers, for instance train")
  private List<String> tiers = List.of();

  @Option(
      names = "--condition",
      paramLabel = "MAP",
      description =
          "only what lies in trials with such metadata, for instance '{stim_type: natural, contrast: 0.5}'; several "
              + "are alternatives")
  private List<String> conditions = List.of();

  @Option(names = "--filters", description = "only what the configuration's filters leave")
  private boolean filters;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "YAML configuration of tiers and filters; default: made for the devices there")
  private Path config;

  @Option(
      names = "--quantiles",
      paramLabel = "SHARE",
      split = ",",
      defaultValue = "0.05,0.5,0.95",
      description = "which quantiles, or none, which is faster (default: ${DEFAULT-VALUE})")
  private List<String> quantiles;

  @Option(
      names = "--moments",
      description = "mean, deviation and share of NaN alone, which takes a fraction of the time")
  private boolean moments;

  @Option(names = "--per-pixel", description = "of screens each pixel, without quantiles")
  private boolean perPixel;

  @Option(names = "--pooled", description = "all recordings together, by name of device")
  private boolean pooled;

  @Option(
      names = {"-w", "--write"},
      description =
          "put means.npy and stds.npy into meta/ of each device, where a configuration's normalization reads them")
  private boolean write;

  @Option(names = "--replace", description = "with --write: also where there are some already")
  private boolean replace;

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "N",
      defaultValue = "20",
      description = "lines of a device's table at most (default: ${DEFAULT-VALUE}); --json has all")
  private int lines;

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      description = "reading threads (default: all processors)")
  private Integer threads;

  @Option(
      names = {"-j", "--json"},
      description = "print all of it as JSON")
  private boolean json;

  @Override
  public Integer call() {
    Sessions.atLeast(spec, "--threads", threads == null ? 1 : threads, 1);
    Sessions.atLeast(spec, "--lines", lines, 1);
    double[] shares = shares();
    if (replace && !write) {
      throw new ParameterException(
          spec.commandLine(), "--replace has no effect without --write, expected both");
    }
    if (moments
        && shares.length > 0
        && spec.commandLine().getParseResult().hasMatchedOption("--quantiles")) {
      throw new ParameterException(
          spec.commandLine(), "--quantiles has no effect beside --moments, expected one of them");
    }
    if (config != null && !filters && tiers.isEmpty() && conditions.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "--config has no effect alone, expected --tier, --condition or --filters beside it");
    }
    List<TrialCondition> any = conditions();
    Map<String, Map<String, DeviceStatistics>> all = new LinkedHashMap<>();
    List<Path> recordings = Sessions.recordings(paths);
    Map<Path, String> failed = new LinkedHashMap<>();
    for (Path path : recordings) {
      if (all.containsKey(path.toString()) || failed.containsKey(path)) {
        throw new ParameterException(
            spec.commandLine(), path + " stands there twice, expected each recording once");
      }
      try {
        all.put(path.toString(), run(path, any, shares.length > 0));
      } catch (SynclineException e) {
        if (pooled || recordings.size() == 1) {
          throw e;
        }
        // the others have statistics all the same
        failed.put(path, e.getMessage());
        spec.commandLine().getErr().println("syncline: " + Printable.message(e.getMessage()));
      }
    }
    recordings = recordings.stream().filter(path -> !failed.containsKey(path)).toList();
    Map<String, Map<String, DeviceStatistics>> shown =
        pooled
            ? Map.of(
                "all recordings",
                RecordingStatistics.pool(
                    byPath(recordings, all),
                    warning -> spec.commandLine().getErr().println("warning: " + warning)))
            : all;
    if (write) {
      for (Path path : recordings) {
        Map<String, DeviceStatistics> written =
            new LinkedHashMap<>(pooled ? shown.get("all recordings") : all.get(path.toString()));
        written.keySet().retainAll(all.get(path.toString()).keySet());
        RecordingStatistics.write(path, written, replace);
      }
    }
    if (json) {
      Map<String, Object> out = new LinkedHashMap<>();
      failed.forEach((path, message) -> out.put(path.toString(), Map.of("error", message)));
      shown.forEach(
          (path, found) -> {
            Map<String, Object> byDevice = new LinkedHashMap<>();
            found.forEach((device, statistics) -> byDevice.put(device, statistics.toMap(shares)));
            out.put(path, byDevice);
          });
      Output.json(out);
    } else {
      shown.forEach((path, found) -> found.forEach((d, s) -> print(path, d, s, shares)));
    }
    return failed.isEmpty() ? 0 : 1;
  }

  private static Map<Path, Map<String, DeviceStatistics>> byPath(
      List<Path> recordings, Map<String, Map<String, DeviceStatistics>> all) {
    Map<Path, Map<String, DeviceStatistics>> byPath = new LinkedHashMap<>();
    recordings.forEach(path -> byPath.put(path, all.get(path.toString())));
    return byPath;
  }

  private double[] shares() {
    if (quantiles.equals(List.of("none"))) {
      return new double[0];
    }
    double[] shares = new double[quantiles.size()];
    for (int i = 0; i < shares.length; i++) {
      try {
        shares[i] = Double.parseDouble(quantiles.get(i));
      } catch (NumberFormatException e) {
        shares[i] = Double.NaN;
      }
      if (!(shares[i] >= 0 && shares[i] <= 1)) {
        throw new ParameterException(
            spec.commandLine(),
            "--quantiles is " + quantiles.get(i) + ", expected shares from 0 to 1, or none");
      }
    }
    return shares;
  }

  private List<TrialCondition> conditions() {
    List<TrialCondition> maps = new ArrayList<>();
    for (String text : conditions) {
      try {
        if (Documents.yaml(text, "--condition") instanceof MapNode map && !map.value().isEmpty()) {
          maps.add(TrialCondition.of(map.value()));
          continue;
        }
      } catch (DocumentException | IllegalArgumentException e) {
        throw new ParameterException(
            spec.commandLine(), "--condition is '" + text + "': " + e.getMessage(), e);
      }
      throw new ParameterException(
          spec.commandLine(), "--condition is '" + text + "', expected {key: value, ...}");
    }
    return tiers.isEmpty() ? maps : inTiers(maps);
  }

  /**
   * Returns conditions under which one of the tiers holds, and one of the maps, if there are any.
   */
  private List<TrialCondition> inTiers(List<TrialCondition> maps) {
    List<TrialCondition> any = new ArrayList<>();
    for (String tier : tiers) {
      if (maps.isEmpty()) {
        any.add(TrialCondition.of(TIER, tier));
      }
      for (TrialCondition map : maps) {
        if (tier.equals(map.values().getOrDefault(TIER, tier))) {
          any.add(map.and(TIER, tier));
        }
      }
    }
    if (any.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "--condition asks for another tier than --tier, expected one of "
              + String.join(", ", tiers)
              + ", or one option without the other");
    }
    return any;
  }

  private Map<String, DeviceStatistics> run(Path path, List<TrialCondition> any, boolean sketched) {
    RecordingStatistics job =
        RecordingStatistics.of(path)
            .devices(devices.toArray(String[]::new))
            .filters(filters)
            .momentsOnly(moments)
            .quantiles(sketched && !moments)
            .perPixel(perPixel);
    if (!any.isEmpty()) {
      job.condition(any);
    }
    if (config != null) {
      job.config(DatasetConfig.read(config));
    }
    if (threads != null) {
      job.threads(threads);
    }
    try (ProgressBar bar =
        Output.bar(String.valueOf(path.getFileName()), " MiB", (long) MIB, -1).orElse(null)) {
      if (bar != null) {
        job.progress(
            (done, expected) -> {
              bar.maxHint(expected);
              bar.stepTo(done);
            });
      }
      return job.compute();
    }
  }

  private void print(String path, String device, DeviceStatistics found, double[] shares) {
    System.out.printf("%s: %s, %s%n", path, device, Sessions.count(found.size(), found.unit()));
    Map<String, Function<Integer, Object>> columns = new LinkedHashMap<>();
    columns.put(found.unit(), i -> i);
    long[] counts = found.counts();
    columns.put("samples", i -> counts[i]);
    double[] nans = found.nanShares();
    columns.put("NaN", i -> String.format(Locale.ROOT, "%.3g %%", 100 * nans[i]));
    numbers(columns, "mean", found.means());
    numbers(columns, "std", found.stds());
    if (found.hasExtremes()) {
      numbers(columns, "min", found.minima());
      for (double share : found.hasQuantiles() ? shares : new double[0]) {
        numbers(columns, "q" + share, found.quantiles(share));
      }
      numbers(columns, "max", found.maxima());
    }
    StringBuilder text = new StringBuilder();
    columns.keySet().forEach(name -> text.append(String.format("%12s", name)));
    text.append(System.lineSeparator());
    for (int i = 0; i < Math.min(lines, found.size()); i++) {
      for (Function<Integer, Object> column : columns.values()) {
        text.append(String.format("%12s", column.apply(i)));
      }
      text.append(System.lineSeparator());
    }
    if (found.size() > lines) {
      text.append("  ... and ")
          .append(found.size() - lines)
          .append(" more (--lines, --json)")
          .append(System.lineSeparator());
    }
    System.out.print(text);
  }

  private static void numbers(
      Map<String, Function<Integer, Object>> columns, String name, double[] values) {
    columns.put(name, i -> String.format(Locale.ROOT, "%.5g", values[i]));
  }
}
