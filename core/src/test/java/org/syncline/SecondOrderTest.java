/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.loader.Batch;
import org.syncline.loader.Cycle;
import org.syncline.loader.SessionLoader;
import org.syncline.testdata.SlowOrder;

/**
 * The order of batches over several recordings, held against a second implementation that knows the
 * page on semantics alone. Properties {@code syncline.cases} and {@code syncline.seed} choose how
 * many cases and which.
 */
@Tag("any-width")
class SecondOrderTest {
  private static final int RECORDINGS = 6;

  @TempDir Path folder;
  private final List<ChunkDataset> datasets = new ArrayList<>();

  private void open() {
    int[] rows = {60, 35, 48, 130, 22, 41};
    for (int i = 0; i < RECORDINGS; i++) {
      Path root = folder.resolve("r" + i);
      new Handmade(root)
          .sequence("responses", 10, 0, (rows[i] - 1) / 10.0, rows[i], 1, k -> k + 0.5);
      datasets.add(
          Handmade.open(
              root,
              "safe_interval_threshold: 0\nmodality_config: {responses: {sampling_rate: 10,"
                  + " chunk_size: 4, sample_stride: 2}}"));
    }
  }

  private static SlowOrder.Batch of(Batch batch) {
    return new SlowOrder.Batch(
        batch.session(), Arrays.stream(batch.chunkIndices()).boxed().toList());
  }

  @Test
  void randomLoadersGiveTheOrderThatASecondImplementationGives() throws Exception {
    long drawn = Long.getLong("syncline.seed", 20261130);
    SplittableRandom random = new SplittableRandom(drawn);
    int cases = Integer.getInteger("syncline.cases", 1000);
    System.out.println("SecondOrderTest seed " + drawn + ", " + cases + " cases");
    open();
    long compared = 0;
    try {
      for (int n = 0; n < cases; n++) {
        List<ChunkDataset> some = new ArrayList<>(datasets);
        while (some.size() > 1 && random.nextInt(3) > 0) {
          some.remove(random.nextInt(some.size()));
        }
        int[] counts = some.stream().mapToInt(ChunkDataset::length).toArray();
        int size = 1 + random.nextInt(7);
        boolean dropLast = random.nextBoolean();
        Cycle cycle = Cycle.values()[random.nextInt(4)];
        boolean shuffle = cycle == Cycle.CONCATENATED && random.nextInt(4) > 0;
        long seed = random.nextInt(1 << 20);
        int epochs = cycle == Cycle.CONCATENATED ? 3 : 1;
        List<SlowOrder.Batch> expected =
            cycle == Cycle.CONCATENATED
                ? SlowOrder.concatenated(counts, size, dropLast, shuffle ? seed : -1, epochs)
                : SlowOrder.joined(counts, size, dropLast, cycle.text());
        SessionLoader.Builder builder =
            SessionLoader.builder()
                .batchSize(size)
                .dropLast(dropLast)
                .cycle(cycle)
                .shuffle(shuffle)
                .seed(seed)
                .threads(1 + random.nextInt(2));
        some.forEach(builder::add);
        List<SlowOrder.Batch> found = new ArrayList<>();
        try (SessionLoader loader = builder.build()) {
          for (int epoch = 0; epoch < epochs; epoch++) {
            for (int i = 0; i < expected.size() / epochs; i++) {
              try (Batch batch = loader.next()) {
                assertNotNull(batch, "case " + n + ": an epoch is short");
                found.add(of(batch));
              }
            }
            assertNull(loader.next(), "case " + n + ": an epoch is long");
          }
        }
        assertEquals(
            expected, found, "case " + n + ": " + cycle + " of " + Arrays.toString(counts));
        compared += found.size();
      }
    } finally {
      datasets.forEach(ChunkDataset::close);
    }
    assertTrue(compared > 20L * cases, compared + " batches");
    System.out.println("SecondOrderTest: " + compared + " batches of " + cases + " loaders");
  }
}
