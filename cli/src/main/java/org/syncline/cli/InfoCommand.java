/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.syncline.ChunkDataset;
import org.syncline.config.DatasetConfig;
import org.syncline.error.SynclineException;
import org.syncline.stats.DeviceStatistics;
import org.syncline.stats.RecordingStatistics;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "info",
    description = {
      "Opens recordings and prints their devices, their trials by kind and tier, bytes of "
          + "chunk and batch, what each step leaves of the chunks, and the filters' statistics; "
          + "of several a line each.",
      "Exit status: 0; 1 where a recording cannot be opened."
    })
final class InfoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "PATH",
      arity = "1..*",
      description = "recordings, or folders of recordings")
  private List<Path> paths;

  @Mixin private ConfigChoice config;

  @Option(
      names = {"-b", "--batch-size"},
      paramLabel = "N",
      defaultValue = "16",
      description = "chunks of the batch whose bytes are told (default: ${DEFAULT-VALUE})")
  private int batchSize;

  @Option(
      names = "--nans",
      description = "read all samples, too, and say which share of each device's is NaN")
  private boolean nans;

  @Option(
      names = {"-d", "--details"},
      description = "of several recordings all that one alone gets")
  private boolean details;

  @Option(
      names = {"-j", "--json"},
      description = "print all of it as JSON")
  private boolean json;

  @Override
  public Integer call() {
    Sessions.atLeast(spec, "--batch-size", batchSize, 1);
    List<Path> recordings = Sessions.recordings(paths);
    boolean whole = details || recordings.size() == 1;
    Map<String, Object> found = new LinkedHashMap<>();
    List<List<String>> lines = new ArrayList<>(List.of(RecordingInfo.HEADING));
    int failed = 0;
    double seconds = 0;
    long chunks = 0;
    for (Path path : recordings) {
      try (Opened opened = open(path)) {
        if (json) {
          found.put(path.toString(), opened.info.toMap());
        } else if (whole) {
          System.out.print((path.equals(recordings.getFirst()) ? "" : "\n\n") + opened.info);
          System.out.print(DecodeCommand.describe(path));
        }
        lines.add(opened.info.row());
        seconds += opened.dataset.endTime() - opened.dataset.startTime();
        chunks += opened.dataset.length();
      } catch (SynclineException e) {
        if (recordings.size() == 1) {
          throw e;
        }
        // the others are opened all the same
        found.put(path.toString(), Map.of("error", e.getMessage()));
        spec.commandLine().getErr().println("syncline: " + e.getMessage());
        failed++;
      }
    }
    if (json) {
      Output.json(found);
    } else if (!whole) {
      System.out.print(Output.table(lines));
      System.out.printf(
          "%s, %.1f s, %s%s%n",
          Sessions.count(lines.size() - 1, "recording"),
          seconds,
          Sessions.count(chunks, "chunk"),
          failed == 0 ? "" : "; " + failed + " could not be opened");
    }
    return failed == 0 ? 0 : 1;
  }

  private record Opened(ChunkDataset dataset, RecordingInfo info) implements AutoCloseable {
    @Override
    public void close() {
      dataset.close();
    }
  }

  private Opened open(Path path) {
    long begin = System.nanoTime();
    DatasetConfig settings = config.of(path);
    ChunkDataset dataset = ChunkDataset.open(path, settings);
    try {
      double opening = (System.nanoTime() - begin) / 1e9;
      return new Opened(
          dataset, new RecordingInfo(dataset, opening, batchSize, nans ? shares(path) : null));
    } catch (Throwable t) {
      dataset.close();
      throw t;
    }
  }

  private static Map<String, Double> shares(Path path) {
    Map<String, Double> shares = new LinkedHashMap<>();
    Map<String, DeviceStatistics> all = RecordingStatistics.of(path).momentsOnly(true).compute();
    all.forEach(
        (name, found) ->
            // each signal has as many samples as the next
            shares.put(name, Arrays.stream(found.nanShares()).average().orElse(Double.NaN)));
    return shares;
  }
}
