/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.syncline.Chunk;
import org.syncline.ChunkDataset;
import org.syncline.ReadOptions;
import org.syncline.array.Tensor;
import org.syncline.array.TensorSpec;
import org.syncline.config.DatasetConfig;
import org.syncline.format.writing.TemporaryFolder;
import org.syncline.interval.TimeInterval;
import org.syncline.interval.algebra.Intervals;
import org.syncline.loader.Batch;
import org.syncline.loader.ChunkLoader;
import org.syncline.testdata.Recording;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "Opens a recording (its own, at realistic shapes, when none is given), streams every chunk in batches, "
            + "prints shapes, dtypes, frames/s and GB/s, and writes a picture of one chunk.")
final class DemoCommand implements Callable<Integer> {
  /** Length in seconds from which the demo's own recording has a chunk. */
  private static final double SHORTEST = 10;

  @Spec private CommandSpec spec;

  @Option(
      names = "--recording",
      paramLabel = "PATH",
      description = "folder of a recording; default: one made for the demo")
  private Path recording;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML configuration; default: made for the devices there")
  private Path config;

  @Option(
      names = "--batch-size",
      defaultValue = "16",
      description = "chunks a batch (default: ${DEFAULT-VALUE})")
  private int batchSize;

  @Option(names = "--threads", description = "reading threads (default: all processors)")
  private Integer threads;

  @Option(names = "--batches", description = "stop after so many batches (default: every chunk)")
  private Integer batches;

  @Option(
      names = "--seconds",
      defaultValue = "90",
      description = "length of the demo's own recording (default: ${DEFAULT-VALUE})")
  private double seconds;

  @Option(
      names = "--picture",
      defaultValue = "syncline-demo.png",
      description = "where the picture goes (default: ${DEFAULT-VALUE})")
  private Path picture;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Sessions.atLeast(spec, "--batch-size", batchSize, 1);
    Sessions.atLeast(spec, "--threads", threads == null ? 0 : threads, 0);
    Sessions.atLeast(spec, "--batches", batches == null ? 1 : batches, 1);
    Sessions.atLeast(spec, "--seconds", seconds, SHORTEST);
    Path folder = picture.toAbsolutePath().getParent();
    if (!Files.isDirectory(folder)) {
      // streaming may take minutes: what it ends with is checked first
      throw new ParameterException(
          spec.commandLine(), "--picture is " + picture + ", but there is no folder " + folder);
    }
    TemporaryFolder own = null;
    Recording made = null;
    try {
      if (recording == null) {
        own =
            TemporaryFolder.create(
                Path.of(
                    System.getProperty("java.io.tmpdir"),
                    "syncline-demo-" + ProcessHandle.current().pid() + "-" + System.nanoTime()));
        recording = own.path().resolve("demo-recording");
        System.out.printf(
            "making a recording of %.0f s at realistic shapes in %s ...%n", seconds, recording);
        made =
            org.syncline.testdata.Recordings.shape("M", recording, 1)
                .seconds(seconds)
                .neurons(1960)
                .distinctStimuli(4)
                .write();
      }
      DatasetConfig settings =
          made != null && config == null
              ? DatasetConfig.parse(made.configText(), "demo")
              : Sessions.config(recording, config);
      long begin = System.nanoTime();
      try (ChunkDataset dataset = ChunkDataset.open(recording, settings)) {
        System.out.printf("opened in %.0f ms%n", (System.nanoTime() - begin) / 1e6);
        stream(dataset);
        if (dataset.length() > 0) {
          draw(dataset, settings);
        }
      }
    } finally {
      if (own != null) {
        own.delete();
      }
    }
    return 0;
  }

  private void stream(ChunkDataset dataset) throws InterruptedException {
    List<TensorSpec> layout = dataset.layout(ReadOptions.DEFAULT);
    System.out.print(Sessions.describe(dataset, layout, batchSize));
    long framesPerChunk = dataset.chunkSizes().get(dataset.lead());
    int workers = threads != null ? threads : Runtime.getRuntime().availableProcessors();
    try (ChunkLoader loader =
        ChunkLoader.builder()
            .dataset(dataset)
            .batchSize(batchSize)
            .shuffle(true)
            .seed(0L)
            .threads(workers)
            .build()) {
      int total =
          batches == null ? loader.batchesPerEpoch() : Math.min(batches, loader.batchesPerEpoch());
      long frames = 0;
      long bytes = 0;
      long begin = System.nanoTime();
      try (ProgressBar bar =
          new ProgressBarBuilder()
              .setTaskName("streaming")
              .setUnit(" batches", 1)
              .setInitialMax(total)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(200)
              .build()) {
        Iterator<Batch> pass = loader.remaining().iterator();
        for (int b = 0; b < total; b++) {
          try (Batch batch = pass.next()) {
            frames += batch.size() * framesPerChunk;
            bytes += batch.bytes();
          }
          bar.step();
        }
      }
      double took = (System.nanoTime() - begin) / 1e9;
      System.out.printf(
          "%d batches, %d chunks in %.2f s with %d threads: %,.0f frames/s of %s, %.2f GB/s written%n",
          total,
          loader.statistics().chunks(),
          took,
          workers,
          frames / took,
          dataset.lead(),
          bytes / took / 1e9);
      System.out.println(loader.statistics().summary());
    }
  }

  private void draw(ChunkDataset dataset, DatasetConfig settings) throws IOException {
    double[] starts = dataset.startTimes();
    // a chunk in which a trial begins says more than one inside a trial
    double[] trials = dataset.trialStarts();
    String lead = dataset.lead();
    double length = dataset.chunkSizes().get(lead) / dataset.samplingRates().get(lead);
    double margin = Math.min(1, length / 4);
    List<TimeInterval> gaps =
        Intervals.complement(
            dataset.validIntervalsFromFilters(), dataset.startTime(), dataset.endTime());
    int chosen = starts.length / 2;
    int best = -1;
    for (int i = 0; i < starts.length && best < 3; i++) {
      int candidate = (starts.length / 2 + i) % starts.length;
      double from = starts[candidate];
      int score =
          (contains(trials, from + 0.2 * length, from + 0.8 * length) ? 2 : 0)
              + (Intervals.intersection(
                          gaps, List.of(new TimeInterval(from - margin, from + length + margin)))
                      .isEmpty()
                  ? 0
                  : 1);
      if (score > best) {
        best = score;
        chosen = candidate;
      }
    }
    double start = starts[chosen];
    Map<String, double[]> times = new LinkedHashMap<>();
    double last = start;
    for (String device : dataset.deviceNames()) {
      int n = dataset.chunkSizes().get(device);
      double rate = dataset.samplingRates().get(device);
      double offset = settings.modalities().get(device).offset();
      double[] at = new double[n];
      for (int k = 0; k < n; k++) {
        at[k] = start + offset + k / rate;
      }
      times.put(device, at);
      last = Math.max(last, at[n - 1]);
    }
    List<ChunkPicture.Mark> marks = new ArrayList<>();
    for (int i = 0; i < trials.length; i++) {
      if (trials[i] >= start - margin && trials[i] <= last + margin) {
        marks.add(new ChunkPicture.Mark(trials[i], "trial " + i));
      }
    }
    List<TimeInterval> invalid =
        Intervals.intersection(gaps, List.of(new TimeInterval(start - margin, last + margin)));
    try (Chunk chunk = dataset.item(chosen)) {
      Map<String, Tensor> values = chunk.values();
      ChunkPicture.write(
          picture,
          dataset.dataKey() + ", chunk " + chosen,
          values,
          times,
          start,
          marks,
          invalid,
          margin);
    }
    System.out.printf("picture of chunk %d: %s%n", chosen, picture.toAbsolutePath());
  }

  private static boolean contains(double[] sorted, double from, double to) {
    for (double t : sorted) {
      if (t > from && t < to) {
        return true;
      }
    }
    return false;
  }
}
