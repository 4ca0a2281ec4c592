/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.array.Tensor;
import org.syncline.config.DatasetConfig;
import org.syncline.config.ModalityConfig;
import org.syncline.device.DeviceMeta;
import org.syncline.device.Interpolation;
import org.syncline.device.Interpolator;
import org.syncline.device.MetaFile;
import org.syncline.device.Modality;
import org.syncline.device.Problems;
import org.syncline.device.support.LogCapture;
import org.syncline.error.SynclineException;
import org.syncline.filter.Filter;
import org.syncline.interval.TimeInterval;
import org.syncline.loader.Batch;
import org.syncline.loader.ChunkLoader;
import org.syncline.transform.FrameShape;
import org.syncline.transform.ScreenTransform;

/**
 * Parts of a program's own that catch an interruption, say so by the thread's flag and go on, as
 * books on Java teach: the next file that is opened would end the read.
 */
@Tag("any-width")
class InterruptionTest {
  @TempDir Path root;

  /** Leaves its thread interrupted; values are as they came. */
  private record Interrupting(boolean leaves) implements ScreenTransform {
    @Override
    public FrameShape outputShape(FrameShape input) {
      return input;
    }

    @Override
    public void apply(
        MemorySegment source, FrameShape shape, int frames, MemorySegment destination) {
      destination.copyFrom(source);
      if (leaves) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** A device that does the same. */
  private record InterruptingDevice(Ramp ramp) implements Interpolator {
    @Override
    public double startTime() {
      return ramp.startTime();
    }

    @Override
    public double endTime() {
      return ramp.endTime();
    }

    @Override
    public TimeInterval validInterval() {
      return ramp.validInterval();
    }

    @Override
    public Interpolation interpolate(double[] times) {
      if (times.length > 0) {
        Thread.currentThread().interrupt();
      }
      return ramp.interpolate(times);
    }

    @Override
    public void close() {}
  }

  private static final String CONFIG =
      "modality_config:\n"
          + "  screen: {sampling_rate: 4, chunk_size: 4, transforms: {own: {_target_: own}}}\n"
          + "  other: {sampling_rate: 4, chunk_size: 4}\n";

  @BeforeEach
  void record() {
    List<Map<String, Object>> trials = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      trials.add(Handmade.video(4));
    }
    new Handmade(root).screen(0, 4, trials).screen("other", 0, 4, trials);
  }

  @AfterEach
  void clear() {
    Thread.interrupted();
  }

  private ChunkDataset open(boolean leaves) {
    Registry registry =
        Registry.builder().transform("own", target -> new Interrupting(leaves)).build();
    return ChunkDataset.open(root, DatasetConfig.parse(CONFIG, "c"), registry);
  }

  private static float[] floats(Tensor tensor) {
    return tensor.data().toArray(ValueLayout.JAVA_FLOAT);
  }

  private static List<String> interruptions(LogCapture log) {
    return log.messages().stream().filter(m -> m.contains("interruption")).toList();
  }

  @Test
  void aChunkIsReadToItsEndAndTheCallerSeesTheFlag() {
    try (LogCapture log = new LogCapture();
        ChunkDataset plain = open(false);
        ChunkDataset d = open(true)) {
      for (int i = 0; i < d.length(); i++) {
        float[] expected = floats(plain.item(i).tensor("other"));
        assertFalse(Thread.currentThread().isInterrupted());
        assertArrayEquals(expected, floats(d.item(i).tensor("other")));
        assertTrue(Thread.interrupted());
      }
      List<String> said = interruptions(log);
      assertEquals(1, said.size());
      assertTrue(said.getFirst().contains(Interrupting.class.getName()), said.getFirst());
      // what was interrupted before is the caller's affair
      Thread.currentThread().interrupt();
      assertThrows(SynclineException.class, () -> open(false).close());
    }
  }

  @Test
  void aDeviceEndsNoChunkEither() {
    Registry registry =
        Registry.builder()
            .interpolator("own", (folder, rest) -> new InterruptingDevice(new Ramp(2)))
            .transform("own", target -> new Interrupting(false))
            .build();
    DatasetConfig config =
        DatasetConfig.parse(
            CONFIG + "  ramp: {sampling_rate: 4, chunk_size: 4, interpolation: {_target_: own}}\n",
            "c");
    try (LogCapture log = new LogCapture();
        ChunkDataset plain = open(false);
        ChunkDataset d = ChunkDataset.open(root, config, registry)) {
      for (int i = 0; i < d.length(); i++) {
        try (Chunk expected = plain.item(i);
            Chunk chunk = d.item(i)) {
          assertArrayEquals(floats(expected.tensor("other")), floats(chunk.tensor("other")));
        }
        assertTrue(Thread.interrupted());
      }
      List<String> said = interruptions(log);
      assertEquals(1, said.size(), said::toString);
      assertTrue(said.getFirst().contains(InterruptingDevice.class.getName()), said.getFirst());
    }
  }

  @Test
  void aLoaderGoesOn() {
    Map<Integer, float[]> expected = new TreeMap<>();
    try (LogCapture log = new LogCapture();
        ChunkDataset plain = open(false);
        ChunkDataset d = open(true);
        ChunkLoader loader = ChunkLoader.builder().dataset(d).batchSize(3).threads(2).build()) {
      for (int i = 0; i < plain.length(); i++) {
        expected.put(i, floats(plain.item(i).tensor("other")));
      }
      int chunks = 0;
      for (Batch taken : loader.remaining()) {
        try (Batch batch = taken) {
          for (int k = 0; k < batch.size(); k++) {
            float[] all = floats(batch.tensor("other"));
            float[] one = expected.get(chunks++);
            for (int j = 0; j < one.length; j++) {
              assertEquals(one[j], all[k * one.length + j]);
            }
          }
        }
      }
      assertEquals(expected.size(), chunks);
      assertEquals(1, interruptions(log).size());
    }
  }

  @Test
  void aFilterIsNamedInPlaceOfTheFileThatIsOpenedNext() {
    Filter filter =
        device -> {
          Thread.currentThread().interrupt();
          return List.of(device.validInterval());
        };
    Registry registry = Registry.builder().filter("own", target -> filter).build();
    DatasetConfig config =
        DatasetConfig.parse(
            "modality_config:\n  screen: {sampling_rate: 4, chunk_size: 4, filters: {f: {_target_: own}}}\n",
            "c");
    SynclineException e =
        assertThrows(
            SynclineException.class, () -> ChunkDataset.open(root, config, registry).close());
    assertTrue(
        e.getMessage().contains("modality_config.screen.filters.f")
            && e.getMessage().contains("while the filter 'own' ran"),
        e.getMessage());
    assertTrue(Thread.interrupted());
  }

  @Test
  void aFilterOfChunksIsNamedInPlaceOfTheFileThatIsOpenedNext() {
    Filter filter =
        new Filter() {
          @Override
          public List<TimeInterval> validIntervals(Interpolator device) {
            return List.of(device.validInterval());
          }

          @Override
          public Optional<Predicate<double[]>> chunks(Interpolator device) {
            return Optional.of(
                times -> {
                  Thread.currentThread().interrupt();
                  return true;
                });
          }
        };
    Registry registry = Registry.builder().filter("own", target -> filter).build();
    DatasetConfig config =
        DatasetConfig.parse(
            "modality_config:\n  screen: {sampling_rate: 4, chunk_size: 4, filters: {f: {_target_: own}}}\n",
            "c");
    SynclineException e =
        assertThrows(
            SynclineException.class, () -> ChunkDataset.open(root, config, registry).close());
    assertTrue(
        e.getMessage().contains("modality_config.screen.filters.f")
            && e.getMessage().contains("while the filter 'own' ran"),
        e.getMessage());
    assertTrue(Thread.interrupted());
  }

  /** A device that is Syncline's own spikes, say, of a class that leaves its thread interrupted. */
  private record Interrupted(boolean reads) implements Modality {
    @Override
    public String name() {
      return "own";
    }

    @Override
    public DeviceMeta read(MetaFile file) {
      if (reads) {
        Thread.currentThread().interrupt();
      }
      return new Opened(file.folder());
    }

    private record Opened(Path folder) implements DeviceMeta {
      @Override
      public String modality() {
        return "own";
      }

      @Override
      public double startTime() {
        return 0;
      }

      @Override
      public double endTime() {
        return 12;
      }

      @Override
      public boolean timesDeclared() {
        return true;
      }

      @Override
      public Interpolator open(ModalityConfig config, boolean cache) {
        Thread.currentThread().interrupt();
        return new Ramp(1);
      }

      @Override
      public void check(Problems problems) {}
    }
  }

  @Test
  void whatOpensADeviceIsNamedInPlaceOfTheFileThatIsOpenedNext() throws IOException {
    Files.createDirectories(root.resolve("first"));
    Files.writeString(root.resolve("first/meta.yml"), "modality: own\n");
    Interpolator ramp = new Ramp(1);
    Map<Registry, String> cases =
        Map.of(
            Registry.builder().modality(new Interrupted(true)).build(),
            "first/meta.yml: the thread was interrupted while " + Interrupted.class.getName(),
            Registry.builder().modality(new Interrupted(false)).build(),
            "first: the thread was interrupted while " + Interrupted.Opened.class.getName(),
            Registry.builder()
                .interpolator(
                    "ramp",
                    (_, _) -> {
                      Thread.currentThread().interrupt();
                      return ramp;
                    })
                .build(),
            "first: the thread was interrupted while " + Ramp.class.getName());
    for (Map.Entry<Registry, String> each : cases.entrySet()) {
      boolean custom = each.getValue().endsWith("Ramp");
      DatasetConfig config =
          DatasetConfig.parse(
              "modality_config:\n  first: {sampling_rate: 4, chunk_size: 4, interpolation: {"
                  + (custom ? "_target_: ramp" : "")
                  + "}}\n  screen: {sampling_rate: 4, chunk_size: 4}\n",
              "c");
      SynclineException e =
          assertThrows(
              SynclineException.class,
              () -> ChunkDataset.open(root, config, each.getKey()).close());
      assertTrue(e.getMessage().contains(each.getValue()), e.getMessage());
      assertTrue(e.getMessage().contains("clears the flag"), e.getMessage());
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void whatMakesATransformIsNamedInPlaceOfTheFileThatIsOpenedNext() {
    Registry registry =
        Registry.builder()
            .transform(
                "own",
                _ -> {
                  Thread.currentThread().interrupt();
                  return new Interrupting(false);
                })
            .build();
    DatasetConfig config = DatasetConfig.parse(CONFIG, "c");
    SynclineException e =
        assertThrows(
            SynclineException.class, () -> ChunkDataset.open(root, config, registry).close());
    assertTrue(
        e.getMessage().contains("while what makes the screen transform 'own' ran"), e.getMessage());
  }
}
