/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.config.DatasetConfig;
import org.syncline.device.Interpolation;
import org.syncline.storage.Npy;
import org.syncline.testdata.Json;
import org.syncline.testdata.NpyFile;
import org.syncline.testdata.Oracles;
import org.syncline.testdata.Recording;
import org.syncline.testdata.Recordings;
import org.syncline.testdata.SequencePlan;

/** Generated recordings open, and give what the oracles say, for every element type and layout. */
class GeneratedRecordingsTest {
  @TempDir Path folder;

  private static double[] doubles(Tensor tensor) {
    double[] values = new double[Math.toIntExact(tensor.elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (tensor.type()) {
            case FLOAT64 -> tensor.data().get(ValueLayout.JAVA_DOUBLE_UNALIGNED, 8L * i);
            case FLOAT32 -> tensor.data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i);
            case FLOAT16 ->
                Float.float16ToFloat(tensor.data().get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i));
            case INT64, UINT64 -> tensor.data().get(ValueLayout.JAVA_LONG_UNALIGNED, 8L * i);
            case UINT32 -> tensor.data().get(ValueLayout.JAVA_INT_UNALIGNED, 4L * i) & 0xffff_ffffL;
            case UINT16 -> tensor.data().get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i) & 0xffff;
            case UINT8 -> tensor.data().get(ValueLayout.JAVA_BYTE, i) & 0xff;
            case INT32 -> tensor.data().get(ValueLayout.JAVA_INT_UNALIGNED, 4L * i);
            case INT16 -> tensor.data().get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i);
            default -> tensor.data().get(ValueLayout.JAVA_BYTE, i);
          };
    }
    return values;
  }

  private static double[] times(Recording recording, long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] times = new double[count];
    Arrays.setAll(
        times, i -> recording.start() - 3 + random.nextDouble() * (recording.seconds() + 6));
    Arrays.sort(times);
    return times;
  }

  private static Map<String, Object> interpolation(Object... options) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < options.length; i += 2) {
      map.put((String) options[i], options[i + 1]);
    }
    return map;
  }

  private static Interpolation read(
      Path root, String device, Map<String, Object> options, double[] times) {
    DatasetConfig config =
        DatasetConfig.parse(
            Json.write(
                Map.of(
                    "modality_config",
                    Map.of(
                        device,
                        Map.of("sampling_rate", 1, "chunk_size", 1, "interpolation", options)))),
            "test");
    try (Experiment experiment = Experiment.open(root, config.modalities())) {
      return experiment.interpolate(times, device);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<f4", ">f4", "<f8", ">f8", "<f2", ">f2", "|i1", "|u1", "<i2", ">i2", "<u2", "<i4", ">i4",
        "<u4", "<i8", ">u8", "|b1"
      })
  void sequencesOfEveryTypeAndOrder(String descr) {
    long seed = 11;
    for (int layout = 0; layout < 3; layout++) {
      SequencePlan plan = SequencePlan.of("x", 7.5, 5).descr(descr).offsets(-0.3, 0.9).nans(2);
      plan = layout == 0 ? plan.mem() : plan.npy(layout == 2);
      SequencePlan same =
          SequencePlan.of("x", 7.5, 5).descr(descr.replace('>', '<')).offsets(-0.3, 0.9).nans(2);
      for (boolean shifted : new boolean[] {false, true}) {
        String name = layout + "_" + shifted;
        Recording r =
            Recordings.empty(folder.resolve(name), seed)
                .sequence(shifted ? plan.shifted() : plan)
                .seconds(20)
                .write();
        Path plain = folder.resolve("plain_" + name);
        Recordings.empty(plain, seed).sequence(shifted ? same.shifted() : same).seconds(20).write();
        NpyFile stored = NpyFile.read(plain.resolve("x/data.npy"));
        double[] flat = stored.doubles();
        double[][] x = new double[flat.length / 5][];
        Arrays.setAll(x, i -> Arrays.copyOfRange(flat, 5 * i, 5 * i + 5));
        double[] shifts =
            shifted ? NpyFile.read(plain.resolve("x/meta/phase_shifts.npy")).doubles() : null;
        double start = r.start() - 0.3;
        double end = start + (x.length - 1) / 7.5;
        double[] times = times(r, seed, 200);
        Oracles.Rows held = Oracles.previous(x, start, end, 7.5, shifts, times);
        Interpolation found = read(r.folder(), "x", interpolation(), times);
        assertArrayEquals(held.valid(), found.valid());
        assertArrayEquals(flat(held), doubles(found.values()), name);
        for (boolean keep : new boolean[] {true, false}) {
          Oracles.Rows linear = Oracles.linear(x, start, end, 7.5, shifts, times, keep);
          Interpolation between =
              read(
                  r.folder(),
                  "x",
                  interpolation("interpolation_mode", "linear", "keep_nans", keep),
                  times);
          assertArrayEquals(linear.valid(), between.valid());
          assertEquals(ElementType.FLOAT64, between.values().type());
          assertArrayEquals(flat(linear), doubles(between.values()), 1e-9, name);
        }
      }
    }
  }

  private static double[] flat(Oracles.Rows rows) {
    return Arrays.stream(rows.values()).flatMapToDouble(Arrays::stream).toArray();
  }

  @Test
  void spikesAndLabels() {
    Recording r =
        Recordings.empty(folder.resolve("s"), 5)
            .seconds(30)
            .start(0)
            .spikes(7, 4000)
            .labels(3)
            .write();
    Path mapped = folder.resolve("t");
    Recordings.empty(mapped, 5)
        .seconds(30)
        .start(0)
        .spikes(7, 4000)
        .spikesMapped(true)
        .labels(3)
        .write();
    double[] all = NpyFile.read(r.folder().resolve("spikes/spikes.npy")).doubles();
    double[][] spikes = new double[7][];
    int from = 0;
    int unit = 0;
    for (int i = 1; i <= all.length; i++) {
      if (i == all.length || all[i] < all[i - 1]) {
        spikes[unit++] = Arrays.copyOfRange(all, from, i);
        from = i;
      }
    }
    assertEquals(7, unit);
    double[] times = times(r, 5, 300);
    for (String align : List.of("center", "left", "right")) {
      for (Path root : List.of(r.folder(), mapped)) {
        Interpolation found =
            read(
                root,
                "spikes",
                interpolation("interpolation_window", 0.1, "interpolation_align", align),
                times);
        double[] valid = Arrays.stream(found.valid()).mapToDouble(i -> times[i]).toArray();
        assertTrue(valid.length > 200);
        double[][] counts = Oracles.spikeCounts(spikes, valid, 0.1, align);
        assertArrayEquals(
            Arrays.stream(counts).flatMapToDouble(Arrays::stream).toArray(),
            doubles(found.values()),
            align);
      }
    }
    Interpolation labels = read(r.folder(), "labels", interpolation(), times);
    double[] valid = Arrays.stream(labels.valid()).mapToDouble(i -> times[i]).toArray();
    double[] found = doubles(labels.values());
    for (int l = 0; l < 3; l++) {
      double[] rows = NpyFile.read(r.folder().resolve("labels/label_" + l + ".npy")).doubles();
      double[][] intervals = new double[rows.length / 2][];
      Arrays.setAll(intervals, i -> new double[] {rows[2 * i], rows[2 * i + 1]});
      boolean[] in = Oracles.inAny(intervals, valid);
      for (int k = 0; k < in.length; k++) {
        assertEquals(in[k] ? 1 : 0, found[3 * k + l]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "colour", "float", "names", "links", "files", "images"})
  void screens(String kind) {
    Recordings builder =
        Recordings.defaultConfig(folder.resolve(kind), 21)
            .screen(kind.equals("images") ? Recordings.Content.IMAGES : Recordings.Content.MIXED)
            .frames(10, 14)
            .trialFrames(50)
            .seconds(25);
    switch (kind) {
      case "colour" -> builder.colour(true);
      case "float" -> builder.pixels("<f4");
      case "names" -> builder.stimulusNames(true).distinctStimuli(3);
      case "links" -> builder.distinctStimuli(3);
      case "files" -> builder.trialMetadata(false, true).pixels("<f8").frameRate(30, 0.002);
      default -> {}
    }
    Recording r = builder.write();
    double[] clock = NpyFile.read(r.folder().resolve("screen/timestamps.npy")).doubles();
    double[] times = times(r, 3, 150);
    Interpolation found = read(r.folder(), "screen", interpolation(), times);
    assertTrue(found.valid().length > 100);
    double[] values = doubles(found.values());
    int channels = kind.equals("colour") ? 3 : 1;
    int pixels = 10 * 14 * channels;
    assertEquals(channels == 3 ? 4 : 3, found.values().shape().length);
    int[] valid = found.valid();
    for (int k = 0; k < valid.length; k++) {
      int frame = Oracles.frame(clock, times[valid[k]]);
      int trial = 0;
      while (trial + 1 < r.trials().size() && r.trials().get(trial + 1).firstFrame() <= frame) {
        trial++;
      }
      Recording.Trial shown = r.trials().get(trial);
      if (shown.kind().equals("video") || shown.kind().equals("image")) {
        String file = String.format("%05d", trial);
        if (kind.equals("names")) {
          int tier = List.of("train", "test", "validation").indexOf(shown.tier());
          file = (shown.kind().equals("video") ? "clip_" : "frame_") + (trial % 3 + 3 * tier);
        }
        double[] all = Npy.readDoubles(r.folder().resolve("screen/data/" + file + ".npy")).values();
        int at = (frame - shown.firstFrame()) * pixels;
        for (int p = 0; p < pixels; p++) {
          assertEquals((float) all[at + p], values[k * pixels + p], "time " + k + " pixel " + p);
        }
      } else {
        assertEquals(values[k * pixels], values[(k + 1) * pixels - 1]);
        assertTrue(values[k * pixels] >= 100);
      }
    }
  }

  @Test
  void defaultConfigurationOpensAndStreams() {
    Recording r =
        Recordings.defaultConfig(folder.resolve("d"), 2).frames(9, 16).seconds(45).write();
    r.config().put("seed", 1);
    r.config().put("short_chunks", "skip");
    DatasetConfig config = DatasetConfig.parse(r.configText(), "generated");
    try (ChunkDataset dataset = ChunkDataset.open(r.folder(), config)) {
      assertTrue(dataset.length() > 100, "length " + dataset.length());
      for (int i = 0; i < dataset.length(); i += 7) {
        try (Chunk chunk = dataset.item(i)) {
          assertArrayEquals(new long[] {1, 60, 9, 16}, chunk.tensor("screen").shape());
          assertArrayEquals(new long[] {16, 23}, chunk.tensor("responses").shape());
          assertArrayEquals(new long[] {60, 4}, chunk.tensor("eye_tracker").shape());
          for (Tensor tensor : chunk.values().values()) {
            assertTrue(
                Arrays.stream(doubles(tensor)).noneMatch(Double::isNaN),
                "filtered NaN came through");
          }
        }
      }
    }
  }

  @Test
  void sparseRecordingsOpen() {
    Recording r =
        Recordings.shape("P", folder.resolve("p"), 4)
            .seconds(200)
            .distinctStimuli(1)
            .sparse(true)
            .write();
    DatasetConfig config = DatasetConfig.parse(r.configText(), "generated");
    try (ChunkDataset dataset = ChunkDataset.open(r.folder(), config);
        Chunk chunk = dataset.item(0)) {
      assertArrayEquals(new long[] {16, 10_770}, chunk.tensor("responses").shape());
      assertArrayEquals(new long[] {1, 60, 144, 256}, chunk.tensor("screen").shape());
    }
  }
}
