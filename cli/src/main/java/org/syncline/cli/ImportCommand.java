/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import me.tongfei.progressbar.ProgressBar;
import org.syncline.error.RecordingException;
import org.syncline.nwb.NwbImport;
import org.syncline.nwb.NwbItem;
import org.syncline.nwb.NwbReport;
import org.syncline.nwb.Repair;
import org.syncline.nwb.ValueType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "import",
    description = "Makes recordings of files of other formats.",
    subcommands = ImportCommand.Nwb.class)
final class ImportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "import needs a format: syncline import nwb FILE... --to DIR");
  }

  @Command(
      name = "nwb",
      description = {
        "Makes a recording of each NWB file: DIR/NAME for NAME.nwb.",
        "Exit status: 0; 1 where a file could not be imported, or something in it is faulty "
            + "and was left out."
      })
  static final class Nwb implements Callable<Integer> {
    private static final double MIB = 1 << 20;

    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "NWB files (HDF5)")
    private List<Path> files;

    @Option(
        names = {"-o", "--to"},
        paramLabel = "DIR",
        description = "folder that gets the recordings")
    private Path to;

    @Option(
        names = {"-l", "--list"},
        description = "print what is in the files and what becomes of it, and write nothing")
    private boolean list;

    @Option(
        names = "--only",
        paramLabel = "DEVICE",
        split = ",",
        description = "import these alone, by the names or paths that --list shows")
    private List<String> only = List.of();

    @Option(
        names = "--name",
        paramLabel = "DEVICE=NAME",
        description = "call a device so, for instance units=spikes")
    private Map<String, String> names = new LinkedHashMap<>();

    @Option(
        names = "--labels",
        paramLabel = "DEVICE:COLUMN",
        description = "make each value of a column a label, for instance trials:stimulus")
    private List<String> labels = List.of();

    @Option(
        names = "--rate",
        paramLabel = "DEVICE=HZ",
        description =
            "rate of a series that has none or a wrong one, or of units whose times are samples")
    private Map<String, Double> rates = new LinkedHashMap<>();

    @Option(
        names = "--repair",
        paramLabel = "REPAIR",
        split = ",",
        description =
            "allow repairs of clocks: drop-nan-times, sort-times, drop-repeated-times, cut-to-shortest, zero-start, fill-gaps, coarse-times")
    private List<String> repairs = List.of();

    @Option(
        names = "--dtype",
        paramLabel = "TYPE",
        defaultValue = "float32",
        description = "float32, float64, or stored: as in the file, without conversion and offset")
    private String dtype;

    @Option(
        names = "--tolerance",
        paramLabel = "SHARE",
        defaultValue = "0.25",
        description =
            "a clock is regular where no time is off by this share of its period (default: ${DEFAULT-VALUE})")
    private double tolerance;

    @Option(
        names = {"-t", "--threads"},
        paramLabel = "N",
        description = "reading threads (default: all processors)")
    private Integer threads;

    @Option(
        names = {"-r", "--replace"},
        description = "replace recordings that are there already")
    private boolean replace;

    @Option(
        names = {"-j", "--json"},
        description = "print lists and reports as JSON")
    private boolean json;

    @Override
    public Integer call() {
      if (list == (to != null)) {
        throw new ParameterException(
            spec.commandLine(),
            list ? "--list writes nothing: leave out --to" : "expected --to DIR, or --list");
      }
      Sessions.atLeast(spec, "--threads", threads == null ? 1 : threads, 1);
      ValueType type = word("--dtype", dtype, ValueType::named);
      List<Repair> allowed = repairs.stream().map(r -> word("--repair", r, Repair::named)).toList();
      int failed = 0;
      for (Path file : files) {
        NwbImport job = job(file, type, allowed);
        if (list) {
          print(file, job.list());
          continue;
        }
        try {
          NwbReport report = run(job);
          System.out.println(json ? report.toJson() : report.toText().stripTrailing());
          failed = report.isFaulty() ? 1 : failed;
        } catch (RecordingException e) {
          if (files.size() == 1) {
            throw e;
          }
          // the other files are imported all the same
          spec.commandLine().getErr().println("syncline: " + e.getMessage());
          failed = 1;
        }
      }
      return failed;
    }

    private NwbImport job(Path file, ValueType type, List<Repair> allowed) {
      NwbImport job = NwbImport.of(file).type(type).replace(replace);
      only.forEach(job::only);
      names.forEach(job::name);
      allowed.forEach(job::repair);
      for (String text : labels) {
        int colon = text.lastIndexOf(':');
        if (colon < 1 || colon == text.length() - 1) {
          throw new ParameterException(
              spec.commandLine(), "--labels is '" + text + "', expected DEVICE:COLUMN");
        }
        job.labels(text.substring(0, colon), text.substring(colon + 1));
      }
      try {
        rates.forEach(job::rate);
        job.tolerance(tolerance);
        if (threads != null) {
          job.threads(threads);
        }
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), e.getMessage(), e);
      }
      return job;
    }

    private <T> T word(String option, String text, Function<String, T> named) {
      try {
        return named.apply(text);
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), option + ": " + e.getMessage(), e);
      }
    }

    /** Runs an import, with a progress bar where somebody can see it. */
    private NwbReport run(NwbImport job) {
      try (ProgressBar bar = Output.bar("importing", " MiB", (long) MIB, -1).orElse(null)) {
        if (bar != null) {
          job.progress(
              (device, written, expected) -> {
                bar.maxHint(Math.max(written, expected));
                bar.stepTo(written);
                bar.setExtraMessage(" " + device);
              });
        }
        return job.to(to);
      }
    }

    private void print(Path file, List<NwbItem> items) {
      if (json) {
        System.out.println(NwbReport.json(file, items));
        return;
      }
      System.out.println(file + ":");
      int wide =
          items.stream()
              .mapToInt(i -> i.device() == null ? 0 : i.device().length())
              .max()
              .orElse(1);
      for (NwbItem item : items) {
        System.out.printf(
            "  %-" + Math.max(1, wide) + "s  %-13s  %s (%s)%s%s%n",
            item.device() == null || item.onRequest() ? "-" : item.device(),
            item.modality() == null
                ? "not mapped"
                : item.onRequest() ? "on request" : item.modality(),
            item.path(),
            item.type(),
            item.shape().isEmpty() ? "" : ", " + item.shape(),
            item.reason() == null
                ? ""
                : ": "
                    + item.reason()
                    + (item.onRequest() ? " (--only " + item.device() + ")" : ""));
      }
    }
  }
}
