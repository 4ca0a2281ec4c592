/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.config.DatasetConfig;
import org.syncline.error.ClosedException;
import org.syncline.error.ConfigException;
import org.syncline.kernel.KernelProvider;
import org.syncline.loader.ChunkLoader;
import org.syncline.loader.SessionLoader;
import org.syncline.testdata.Recordings;

/** What a closed loop does before its first chunk, and what a builder refuses. */
@Tag("any-width")
class SteadyTest {
  @TempDir Path folder;

  /** Waits in a process that has just started, where no kernel is compiled. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) throws Exception {
      Path root = Path.of(args[0]);
      try (ChunkDataset dataset = ChunkDataset.open(root, DefaultConfigs.forRecording(root))) {
        System.out.println("at once " + dataset.awaitSteady(Duration.ZERO));
        System.out.println("in time " + dataset.awaitSteady(Duration.ofSeconds(60)));
        int asked = KernelProvider.warmed();
        long begin = System.nanoTime();
        System.out.println("again " + dataset.awaitSteady(Duration.ofSeconds(60)));
        System.out.println("soon " + (System.nanoTime() - begin < 2_000_000_000L));
        System.out.println("asked " + (asked > 0) + " " + (KernelProvider.warmed() == asked));
      }
    }
  }

  @Test
  void aDatasetIsSteadyWhenItsKernelsAreCompiled() throws Exception {
    Path root = folder.resolve("recording");
    Recordings.defaultConfig(root, 5).seconds(40).write();
    String out =
        FreshJvm.succeeds(
            FreshJvm.of(
                List.of(
                    "--add-modules=jdk.incubator.vector",
                    "--enable-native-access=ALL-UNNAMED",
                    "-Dsyncline.warmup=true"),
                Child.class,
                root.toString()));
    for (String line :
        new String[] {
          "at once false", "in time true", "again true", "soon true", "asked true true"
        }) {
      assertTrue(out.contains(line), line + " in " + out);
    }
    ChunkDataset dataset = ChunkDataset.open(root, DefaultConfigs.forRecording(root));
    assertTrue(dataset.awaitSteady(Duration.ofSeconds(60)));
    dataset.close();
    assertThrows(ClosedException.class, () -> dataset.awaitSteady(Duration.ofSeconds(1)));
    assertThrows(ClosedException.class, () -> ChunkLoader.builder().dataset(dataset).build());
  }

  @Test
  void latencyModeAndABatchSizeContradictEachOther() throws Exception {
    Path root = folder.resolve("latency");
    Recordings.defaultConfig(root, 5).seconds(20).write();
    try (ChunkDataset dataset = ChunkDataset.open(root, DefaultConfigs.forRecording(root))) {
      ChunkLoader.builder().dataset(dataset).batchSize(1).latencyMode().build().close();
      for (ChunkLoader.Builder builder :
          new ChunkLoader.Builder[] {
            ChunkLoader.builder().batchSize(4).latencyMode(),
            ChunkLoader.builder().latencyMode().batchSize(4)
          }) {
        builder.dataset(dataset);
        ConfigException e = assertThrows(ConfigException.class, builder::build);
        assertTrue(
            e.getMessage().contains("batchSize: found 4 beside latencyMode, expected 1"),
            e.getMessage());
      }
    }
  }

  @Test
  void nullIsNamed() {
    DatasetConfig config = DatasetConfig.builder().build();
    Path path = Path.of("x");
    Map<String, Executable> calls =
        Map.ofEntries(
            Map.entry("root is null", () -> ChunkDataset.open(null, config)),
            Map.entry("config is null", () -> ChunkDataset.open(path, null)),
            Map.entry("registry is null", () -> ChunkDataset.open(path, config, null)),
            Map.entry("modalities is null", () -> Experiment.open(path, null)),
            Map.entry("dataset is null", () -> ChunkLoader.builder().dataset(null)),
            Map.entry("types is null", () -> ChunkLoader.builder().types(null)),
            Map.entry("screens is null", () -> ChunkLoader.builder().asBytes(null)),
            Map.entry("allocated is null", () -> ChunkLoader.builder().memory(null, m -> {})),
            Map.entry("freeing is null", () -> ChunkLoader.builder().memory(m -> {}, null)),
            Map.entry("remainder is null", () -> SessionLoader.builder().remainder(null)),
            Map.entry("file is null", () -> DatasetConfig.read((Path) null)),
            Map.entry("text is null", () -> DatasetConfig.parse(null, "c")));
    calls.forEach(
        (message, call) -> {
          NullPointerException e = assertThrows(NullPointerException.class, call, message);
          assertEquals(message, e.getMessage());
        });
    for (Executable call :
        new Executable[] {
          () -> Experiment.open(null, Map.of()),
          () -> ChunkLoader.builder().recording(null, config),
          () -> SessionLoader.builder().add(null, config)
        }) {
      assertEquals("root is null", assertThrows(NullPointerException.class, call).getMessage());
    }
    assertThrows(NullPointerException.class, () -> SessionLoader.builder().add(path, null));
  }
}
