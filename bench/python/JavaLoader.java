/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Scanner;
import org.syncline.ChunkDataset;
import org.syncline.config.DatasetConfig;
import org.syncline.loader.Batch;
import org.syncline.loader.BatchLoader;
import org.syncline.loader.ChunkLoader;

/**
 * The Java loader alone, for compare.py: takes batches when told to on its input. A source file for
 * the {@code java} launcher, with the jars of {@code native-bridge/target/native/classpath}.
 */
public final class JavaLoader {
  private JavaLoader() {}

  /**
   * Runs the program: RECORDING CONFIG THREADS PREFETCH BATCH_SIZE; then lines {@code rate N} and
   * {@code ready N}.
   */
  public static void main(String[] args) throws Exception {
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    int batchSize = Integer.parseInt(args[4]);
    try (ChunkDataset dataset =
            ChunkDataset.open(Path.of(args[0]), DatasetConfig.read(Path.of(args[1])));
        BatchLoader loader =
            ChunkLoader.builder()
                .dataset(dataset)
                .batchSize(batchSize)
                .shuffle(true)
                .seed(0L)
                .dropLast(true)
                .threads(Integer.parseInt(args[2]))
                .prefetch(Integer.parseInt(args[3]))
                .build();
        Scanner lines = new Scanner(System.in)) {
      Iterator<Batch> batches = loader.epochs().iterator();
      System.out.println("ready");
      while (lines.hasNext()) {
        String what = lines.next();
        int n = lines.nextInt();
        StringBuilder answer = new StringBuilder("[");
        if (what.equals("rate")) {
          long cpu = system.getProcessCpuTime();
          long begin = System.nanoTime();
          for (int i = 0; i < n; i++) {
            batches.next().close();
          }
          long end = System.nanoTime();
          answer
              .append((end - begin) / 1e9)
              .append(", ")
              .append((system.getProcessCpuTime() - cpu) / 1e9);
        } else {
          var threads = ManagementFactory.getThreadMXBean();
          for (int i = 0; i < n; i++) {
            long cpu = threads.getCurrentThreadCpuTime();
            Batch batch = batches.next();
            answer
                .append(i == 0 ? "" : ", ")
                .append((threads.getCurrentThreadCpuTime() - cpu) / 1e3);
            batch.close();
          }
        }
        System.out.println(answer.append(']'));
      }
    }
  }
}
