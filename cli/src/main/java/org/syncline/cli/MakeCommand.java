/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.syncline.device.Problem;
import org.syncline.document.DocumentException;
import org.syncline.document.Documents;
import org.syncline.document.MapNode;
import org.syncline.error.ConfigException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "make",
    description = {
      "Makes a recording of .npy and .csv files, which options or a plan (YAML or JSON) name.",
      "Exit status: 0; 1 where a file cannot be read, what is made is no recording, or one "
          + "is there already."
    })
final class MakeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "RECORDING", description = "the folder that is made")
  private Path recording;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "PLAN",
      description = "devices and their files; paths are relative to it")
  private Path plan;

  @Option(
      names = "--sequence",
      paramLabel = "NAME=FILE",
      description = "rows (n, signals): .npy, or .csv with names of columns")
  private Map<String, String> sequences = new LinkedHashMap<>();

  @Option(
      names = "--rate",
      paramLabel = "NAME=HZ",
      description = "of a sequence's rows, or of spikes that are sample numbers")
  private Map<String, Double> rates = new LinkedHashMap<>();

  @Option(
      names = "--start",
      paramLabel = "NAME=SECONDS",
      description =
          "of a sequence's first row (default: 0), or of the range of spikes or intervals")
  private Map<String, Double> starts = new LinkedHashMap<>();

  @Option(
      names = "--end",
      paramLabel = "NAME=SECONDS",
      description = "of the range of spikes or intervals")
  private Map<String, Double> ends = new LinkedHashMap<>();

  @Option(
      names = "--times",
      paramLabel = "NAME=FILE",
      description = "the time of each row, in place of a rate: a file, or a column of the .csv")
  private Map<String, String> times = new LinkedHashMap<>();

  @Option(
      names = "--columns",
      paramLabel = "NAME=A,B",
      description = "columns of the .csv (default: all but the times)")
  private Map<String, String> columns = new LinkedHashMap<>();

  @Option(
      names = "--transpose",
      paramLabel = "NAME",
      split = ",",
      description = "sequences whose .npy files have signals first, as suite2p's")
  private List<String> transposed = List.of();

  @Option(
      names = "--keep",
      paramLabel = "NAME=FILE",
      description = "signals whose first number there is not 0 alone, as suite2p's iscell.npy")
  private Map<String, String> keep = new LinkedHashMap<>();

  @Option(names = "--spikes", paramLabel = "NAME=FILE", description = "times of spikes in seconds")
  private Map<String, String> spikes = new LinkedHashMap<>();

  @Option(
      names = "--clusters",
      paramLabel = "NAME=FILE",
      description = "the unit of each spike (default: one unit)")
  private Map<String, String> clusters = new LinkedHashMap<>();

  @Option(
      names = "--intervals",
      paramLabel = "NAME=FILE",
      description = ".csv with start, end and label, or .npy (n, 2)")
  private Map<String, String> intervals = new LinkedHashMap<>();

  @Option(
      names = "--data-key",
      paramLabel = "NAME",
      description = "the recording's name (default: that of its folder)")
  private String dataKey;

  @Option(
      names = {"-r", "--replace"},
      description = "replace a recording that is there")
  private boolean replace;

  @Option(
      names = {"-j", "--json"},
      description = "print what was made as JSON")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Map<String, Map<String, Object>> devices = new LinkedHashMap<>();
    put(devices, "values", sequences, true);
    put(devices, "spikes", spikes, true);
    put(devices, "intervals", intervals, true);
    put(devices, "rate", rates, false);
    put(devices, "start", starts, false);
    put(devices, "end", ends, false);
    put(devices, "times", times, false);
    put(devices, "columns", columns, false);
    put(devices, "keep", keep, false);
    put(devices, "clusters", clusters, false);
    Map<String, Boolean> turned = new LinkedHashMap<>();
    transposed.forEach(name -> turned.put(name, true));
    put(devices, "transpose", turned, false);
    if ((plan == null) == devices.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          plan == null
              ? "expected a PLAN, or --sequence, --spikes or --intervals"
              : "found a PLAN and devices as options, expected one of them");
    }
    RecordingPlan made;
    if (plan == null) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("devices", devices);
      made = new RecordingPlan("command line", Path.of(""), all);
      if (dataKey != null) {
        all.put("data_key", dataKey);
      }
    } else {
      Map<String, Object> all = new LinkedHashMap<>(read());
      if (dataKey != null) {
        all.put("data_key", dataKey);
      }
      made = new RecordingPlan(plan.toString(), plan.toAbsolutePath().getParent(), all);
    }
    List<Problem> warnings = made.make(recording, replace);
    warnings.forEach(warning -> spec.commandLine().getErr().println(warning));
    if (json) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("recording", recording.toString());
      all.put("read", made.read());
      all.put("warnings", warnings.stream().map(ValidateCommand::toMap).toList());
      Output.json(all);
    } else {
      made.read().forEach(table -> System.out.println("read " + table));
      System.out.println("made " + recording);
    }
    return 0;
  }

  private Map<String, Object> read() throws IOException {
    try {
      if (Documents.yaml(plan) instanceof MapNode map) {
        return map.value();
      }
    } catch (DocumentException e) {
      throw new ConfigException(plan.toString(), e.line(), "plan", e.detail());
    }
    throw new ConfigException(plan.toString(), 0, "plan", "found no map, expected devices: {...}");
  }

  private void put(
      Map<String, Map<String, Object>> devices, String key, Map<String, ?> values, boolean begins) {
    values.forEach(
        (name, value) -> {
          Map<String, Object> device = devices.get(name);
          if (begins && device != null) {
            throw new ParameterException(
                spec.commandLine(), name + " is named twice, expected a file for each device");
          }
          if (!begins && device == null) {
            throw new ParameterException(
                spec.commandLine(),
                "--" + key + " " + name + ": no such device, expected one of " + devices.keySet());
          }
          devices.computeIfAbsent(name, n -> new LinkedHashMap<>()).put(key, value);
        });
  }
}
