/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.syncline.ChunkDataset;
import org.syncline.error.RecordingException;
import org.syncline.stats.RecordingStatistics;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "plot",
    description = {
      "Draws a recording as .png: one chunk (by default one in which a trial begins), the "
          + "recording from beginning to end, or statistics of its signals.",
      "Exit status: 0; 1 where it cannot be read or written, or there is no chunk to draw."
    })
final class PlotCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "PATH", description = "folder of the recording")
  private Path path;

  @Mixin private ConfigChoice config;

  @Mixin private ChunkChoice choice;

  @Option(
      names = {"-l", "--timeline"},
      description =
          "trials by tier, where devices have values and which share of them is NaN, what filters leave, and the chunks")
  private boolean timeline;

  @Option(
      names = {"-s", "--statistics"},
      description = "mean, deviation and share of NaN of each signal")
  private boolean statistics;

  @Option(
      names = {"-o", "--to"},
      paramLabel = "FILE",
      defaultValue = "syncline.png",
      description = "where it goes; what is there is replaced (default: ${DEFAULT-VALUE})")
  private Path to;

  @Option(
      names = {"-j", "--json"},
      description = "print what was drawn as JSON")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if ((timeline ? 1 : 0) + (statistics ? 1 : 0) + (choice.isGiven() ? 1 : 0) > 1) {
      throw new ParameterException(
          spec.commandLine(),
          "expected one of --timeline, --statistics, and a chunk by --index or --time");
    }
    OutputFile picture = OutputFile.of(spec, "--to", to, ".png");
    Map<String, Object> drawn = new LinkedHashMap<>();
    drawn.put("file", to.toString());
    drawn.put("shows", timeline ? "timeline" : statistics ? "statistics" : "chunk");
    if (statistics) {
      RecordingStatistics job = RecordingStatistics.of(path).momentsOnly(true);
      picture.write(StatisticsPicture.draw(path.toString(), job.compute()));
    } else {
      try (ChunkDataset dataset = ChunkDataset.open(path, config.of(path))) {
        if (timeline) {
          picture.write(TimelinePicture.draw(dataset));
        } else {
          if (dataset.length() == 0) {
            throw RecordingException.of(
                path,
                "chunks",
                "none: " + dataset.explain().summary(),
                "one at least",
                "plot --timeline shows what there is");
          }
          int index = choice.of(dataset, spec, ChunkChoice.telling(dataset));
          picture.write(ChunkPicture.draw(dataset, index));
          drawn.put("index", index);
          drawn.put("start_time", dataset.startTimes()[index]);
        }
      }
    }
    if (json) {
      Output.json(drawn);
    } else {
      picture.beside().println("drew " + to);
    }
    return 0;
  }
}
