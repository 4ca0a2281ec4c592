/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.syncline.ChunkDataset;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "info",
    mixinStandardHelpOptions = true,
    description =
        "Opens a recording and prints its range, its entries, why it has as many chunks"
            + " as it has, and the filters' statistics.")
final class InfoCommand implements Callable<Integer> {
  @Parameters(paramLabel = "PATH", description = "folder of the recording")
  private Path path;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML configuration; default: made for the devices there")
  private Path config;

  @Override
  public Integer call() {
    long begin = System.nanoTime();
    try (ChunkDataset dataset = ChunkDataset.open(path, Sessions.config(path, config))) {
      System.out.printf("opened in %.1f ms%n", (System.nanoTime() - begin) / 1e6);
      System.out.print(Sessions.describe(dataset, dataset.layout(), 1));
      System.out.print(DecodeCommand.describe(path));
      System.out.print(dataset.explain());
      System.out.print(dataset.intervalStatistics());
    }
    return 0;
  }
}
