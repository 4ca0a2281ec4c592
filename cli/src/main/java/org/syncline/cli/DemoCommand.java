/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.syncline.ChunkDataset;
import org.syncline.config.DatasetConfig;
import org.syncline.format.checksum.Checksums;
import org.syncline.format.writing.TemporaryFolder;
import org.syncline.loader.Batch;
import org.syncline.loader.ChunkLoader;
import org.syncline.testdata.Recording;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "demo",
    description = {
      "Opens a recording (its own, at realistic shapes, when none is given), streams every "
          + "chunk in batches, prints shapes, dtypes, frames/s and GB/s, and writes a picture of "
          + "one chunk.",
      "Exit status: 0; 1 where the recording cannot be read, or has no chunk."
    })
final class DemoCommand implements Callable<Integer> {
  /** Length in seconds from which the demo's own recording has a chunk. */
  private static final double SHORTEST = 25;

  @Spec private CommandSpec spec;

  @Option(
      names = {"-r", "--recording"},
      paramLabel = "PATH",
      description =
          "folder of a recording; default: one made for the demo, read as the original does by"
              + " default: a chunk from each frame of tier train on")
  private Path recording;

  @Mixin private ConfigChoice config;

  @Option(
      names = {"-b", "--batch-size"},
      paramLabel = "N",
      defaultValue = "16",
      description = "chunks a batch (default: ${DEFAULT-VALUE})")
  private int batchSize;

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      description = "reading threads (default: all processors)")
  private Integer threads;

  @Option(
      names = {"-n", "--batches"},
      paramLabel = "N",
      description = "stop after so many batches (default: every chunk)")
  private Integer batches;

  @Option(
      names = {"-s", "--seconds"},
      paramLabel = "S",
      defaultValue = "90",
      description = "length of the demo's own recording (default: ${DEFAULT-VALUE})")
  private double seconds;

  @Option(
      names = {"-k", "--keep"},
      paramLabel = "FOLDER",
      description = "where the demo's own recording goes and stays; a folder that is not there")
  private Path keep;

  @Option(
      names = {"-o", "--picture"},
      paramLabel = "FILE",
      defaultValue = "syncline-demo.png",
      description = "where the picture goes (default: ${DEFAULT-VALUE})")
  private Path picture;

  @Option(
      names = {"-j", "--json"},
      description = "print what was measured as JSON")
  private boolean json;

  private final Map<String, Object> found = new LinkedHashMap<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Sessions.atLeast(spec, "--batch-size", batchSize, 1);
    Sessions.atLeast(spec, "--threads", threads == null ? 0 : threads, 0);
    Sessions.atLeast(spec, "--batches", batches == null ? 1 : batches, 1);
    Sessions.atLeast(spec, "--seconds", seconds, SHORTEST);
    OutputFile drawn = OutputFile.of(spec, "--picture", picture, ".png");
    if (keep != null && (recording != null || Files.exists(keep, LinkOption.NOFOLLOW_LINKS))) {
      throw new ParameterException(
          spec.commandLine(),
          recording != null
              ? "--keep is for the demo's own recording; leave out --keep or --recording"
              : "--keep is "
                  + keep
                  + ", which is there already; expected the name of a new folder. A recording that is"
                  + " there is shown by --recording");
    }
    TemporaryFolder own = null;
    Recording made = null;
    try {
      if (recording == null) {
        String name = "syncline-demo-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
        own =
            TemporaryFolder.create(
                keep == null
                    ? Path.of(System.getProperty("java.io.tmpdir"), name)
                    : Files.createDirectories(keep.toAbsolutePath().getParent())
                        .resolve("." + name));
        recording = own.path().resolve("demo-recording");
        say(
            "making a recording of %.0f s at realistic shapes in %s ...%n",
            seconds, keep == null ? recording : keep);
        made = make(recording);
        Checksums.write(recording);
        if (keep != null) {
          // whole once it has its name
          recording = Files.move(recording, keep);
        }
      }
      DatasetConfig settings =
          made != null && !config.isGiven()
              ? DatasetConfig.parse(made.configText(), "demo")
              : config.of(recording);
      long begin = System.nanoTime();
      try (ChunkDataset dataset = ChunkDataset.open(recording, settings)) {
        double opening = (System.nanoTime() - begin) / 1e9;
        say("opened in %.0f ms%n", opening * 1e3);
        if (dataset.length() == 0) {
          spec.commandLine()
              .getErr()
              .println("syncline: found no chunks: " + dataset.explain().summary());
          return 1;
        }
        found.put("data_key", dataset.dataKey());
        found.put("opening_seconds", opening);
        stream(dataset);
        if (made != null && !config.isGiven()) {
          say(
              "chunks begin at each frame of tier train; `syncline info` shows them one after another%n");
        }
        int chosen = ChunkChoice.telling(dataset);
        drawn.write(ChunkPicture.draw(dataset, chosen));
        say("picture of chunk %d: %s%n", chosen, picture.toAbsolutePath());
        found.put("picture", picture.toAbsolutePath().toString());
        if (json) {
          Output.json(found);
        }
      }
    } finally {
      if (own != null) {
        own.delete();
      }
    }
    return 0;
  }

  private Recording make(Path folder) throws IOException {
    try {
      return org.syncline.testdata.Recordings.shape("M", folder, 1)
          .seconds(seconds)
          .neurons(1960)
          .distinctStimuli(2)
          .smooth(0.4)
          .dataKey(keep == null ? "demo" : keep.toAbsolutePath().getFileName().toString())
          .write();
    } catch (UncheckedIOException e) {
      throw new IOException(
          "the demo's recording, " + folder + ": " + OutputFile.reason(e.getCause()), e);
    }
  }

  private void say(String text, Object... values) {
    if (!json) {
      System.out.printf(text, values);
    }
  }

  private void stream(ChunkDataset dataset) {
    say("%s", Sessions.describe(dataset, dataset.layout(), batchSize));
    long framesPerChunk = dataset.chunkSizes().get(dataset.lead());
    int workers = threads != null ? threads : Runtime.getRuntime().availableProcessors();
    try (ChunkLoader loader =
        ChunkLoader.builder()
            .dataset(dataset)
            .batchSize(batchSize)
            .shuffle(true)
            .seed(0L)
            .dropLast(false)
            .threads(workers)
            .build()) {
      int total =
          batches == null ? loader.batchesPerEpoch() : Math.min(batches, loader.batchesPerEpoch());
      long chunks = 0;
      long bytes = 0;
      long begin = System.nanoTime();
      try (ProgressBar bar = Output.bar("streaming", " batches", 1, total).orElse(null)) {
        Iterator<Batch> pass = loader.remaining().iterator();
        for (int b = 0; b < total; b++) {
          try (Batch batch = pass.next()) {
            chunks += batch.size();
            bytes += batch.bytes();
          }
          if (bar != null) {
            bar.step();
          }
        }
      }
      double took = (System.nanoTime() - begin) / 1e9;
      say(
          "%s of %s in %.2f s with %s: %,.0f frames/s of %s, %.2f GB/s written%n",
          Sessions.count(total, "batch", "batches"),
          Sessions.count(chunks, "chunk"),
          took,
          Sessions.count(workers, "thread"),
          chunks * framesPerChunk / took,
          dataset.lead(),
          bytes / took / 1e9);
      found.put("lead", dataset.lead());
      found.put("batches", total);
      found.put("chunks", chunks);
      found.put("threads", workers);
      found.put("seconds", took);
      found.put("lead_samples_per_second", chunks * framesPerChunk / took);
      found.put("bytes_per_second", bytes / took);
    }
  }
}
