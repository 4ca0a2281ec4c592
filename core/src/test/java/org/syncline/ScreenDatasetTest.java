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

import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.config.TrialCondition;
import org.syncline.device.support.LogCapture;
import org.syncline.error.ConfigException;
import org.syncline.error.RecordingException;
import org.syncline.testdata.NpyFile;

/**
 * Chunk datasets of recordings with a screen: conditions, masks, statistics per channel, behaviour
 * channels.
 */
class ScreenDatasetTest {
  @TempDir Path root;

  /**
   * Five trials at 8 frames a second from 0 s: video of 16 (train, 0 s), blank (2 s), video of 16
   * (test, 2.125 s), image (train, 4.125 s), video of 40 (train, 4.25 s to 9.125 s).
   */
  private Handmade five() {
    return new Handmade(root)
        .screen(
            0,
            8,
            List.of(
                Handmade.video(
                    16, "tier", "train", "stim_type", "Clip", "valid_trial", true, "block", 1),
                Handmade.trial("blank", "interleave_value", 128, "tier", "blank"),
                Handmade.video(
                    16, "tier", "test", "stim_type", "Clip", "valid_trial", false, "block", 1.0),
                Handmade.trial("Image", "tier", "train", "stim_type", "Frame", "block", 2),
                Handmade.video(40, "tier", "train", "block", List.of(1))));
  }

  private static String screen(String more) {
    return "safe_interval_threshold: 0\nmodality_config:\n  screen: {sampling_rate: 8, chunk_size: 4"
        + more
        + "}\n";
  }

  private ChunkDataset open(String more) {
    return Handmade.open(root, screen(more));
  }

  private boolean[] match(ChunkDataset d, Object... conditions) {
    List<Map<String, Object>> maps = new ArrayList<>();
    Map<String, Object> map = new HashMap<>();
    for (int i = 0; i < conditions.length; i += 2) {
      if (conditions[i].equals("or")) {
        maps.add(map);
        map = new HashMap<>();
        i--;
      } else {
        map.put((String) conditions[i], conditions[i + 1]);
      }
    }
    maps.add(map);
    return d.conditionMask(maps.stream().map(TrialCondition::of).toList());
  }

  @Test
  void conditionsCompareByValue() {
    five();
    try (ChunkDataset d = open("")) {
      assertEquals(5, d.trialCount());
      assertArrayEquals(new double[] {0, 2, 2.125, 4.125, 4.25}, d.trialStarts());
      boolean t = true;
      boolean f = false;
      assertArrayEquals(new boolean[] {t, f, f, t, t}, match(d, "tier", "train"));
      assertArrayEquals(new boolean[] {f, f, f, f, f}, match(d, "tier", "Train"));
      assertArrayEquals(
          new boolean[] {t, f, f, f, f}, match(d, "tier", "train", "stim_type", "Clip"));
      assertArrayEquals(
          new boolean[] {t, f, t, t, t}, match(d, "tier", "train", "or", "tier", "test"));
      // any key can be a condition; a trial without it has the value blank
      assertArrayEquals(new boolean[] {f, t, f, f, t}, match(d, "stim_type", "blank"));
      assertArrayEquals(new boolean[] {t, t, t, t, t}, match(d, "no_such_key", "blank"));
      // 1 equals 1.0 and true; a list matches nothing
      assertArrayEquals(new boolean[] {t, f, t, f, f}, match(d, "block", 1L));
      assertArrayEquals(new boolean[] {t, f, t, f, f}, match(d, "block", 1.0));
      assertArrayEquals(new boolean[] {t, f, f, f, f}, match(d, "valid_trial", true));
      assertArrayEquals(new boolean[] {t, f, f, f, f}, match(d, "valid_trial", 1L));
      assertArrayEquals(new boolean[] {f, f, f, f, f}, match(d, "block", List.of(1L)));
      assertArrayEquals(new boolean[] {f, f, f, f, f}, match(d, "tier", null));
      // an empty list and an empty map match nothing
      assertArrayEquals(new boolean[5], d.conditionMask(List.of()));
      assertArrayEquals(new boolean[5], d.conditionMask(List.of(TrialCondition.of(Map.of()))));
      // letter case counts in metadata as it stands there
      assertArrayEquals(new boolean[] {f, f, f, t, f}, match(d, "modality", "Image"));
    }
  }

  @Test
  void trialsMakeTheMask() {
    five();
    // screen runs from 0 to 9.125 s: 73 points
    try (ChunkDataset all = open("")) {
      assertEquals(73, all.sampleGrid().length);
      assertEquals(70, all.length());
    }
    try (ChunkDataset train = open(", valid_condition: {tier: train}")) {
      // 0 … 1.875 make 16 points, 4.125 … 9.0 make 40
      assertEquals(13 + 37, train.length());
      boolean[] mask =
          train.sampleMask(1, List.of(TrialCondition.of(Map.of("tier", "train"))), true);
      for (int k = 0; k < mask.length; k++) {
        double t = k / 8.0;
        assertEquals(t < 2 || t >= 4.125, mask[k], "t " + t);
      }
      // the last trial runs on for ever
      assertTrue(mask[72]);
    }
    try (ChunkDataset blanks = open(", valid_condition: {tier: train}, include_blanks: true")) {
      assertEquals(14 + 37, blanks.length());
    }
    try (ChunkDataset list =
        open(", valid_condition: [{tier: test}, {tier: train, stim_type: Clip}]")) {
      assertEquals(13 + 13, list.length());
    }
    try (ChunkDataset none = open(", valid_condition: []")) {
      assertEquals(0, none.length());
    }
    try (ChunkDataset none = open(", valid_condition: {}")) {
      assertEquals(0, none.length());
    }
    try (ChunkDataset only =
        open(
            ", valid_condition: [], include_blanks: true, chunk_size: 1"
                .replace(", chunk_size: 1", ""))) {
      assertEquals(0, only.length());
      boolean[] mask =
          only.sampleMask(1, List.of(TrialCondition.of(Map.of("tier", "blank"))), true);
      assertTrue(mask[16] && !mask[15] && !mask[17]);
    }
    try (ChunkDataset every = open(", valid_condition: null, include_blanks: true")) {
      assertEquals(70, every.length());
    }
  }

  @Test
  void screenIsChannelsTimeHeightWidth() {
    five();
    try (ChunkDataset d = open("");
        Chunk chunk = d.item(15)) {
      Tensor frames = chunk.tensor("screen");
      assertEquals(ElementType.FLOAT32, frames.type());
      assertArrayEquals(new long[] {1, 4, 2, 3}, frames.shape());
      double[] v = Handmade.doubles(frames);
      // frame 15, the blank, frames 17 and 18 of the clock
      assertArrayEquals(new double[] {15, 16, 17, 25, 26, 27}, java.util.Arrays.copyOf(v, 6));
      assertEquals(128, v[6]);
      assertEquals(17, v[12]);
      assertEquals(18, v[18]);
    }
    try (ChunkDataset d =
            Handmade.open(root, screen("").replace("chunk_size: 4", "chunk_size: 1"));
        Chunk chunk = d.item(3)) {
      assertArrayEquals(new long[] {1, 1, 2, 3}, chunk.tensor("screen").shape());
    }
  }

  @Test
  void screenStatisticsAreOneValueOrOnePerChannel() {
    five().statistics("screen", new double[] {10}, new double[] {2});
    try (ChunkDataset d = open(", transforms: {normalization: normalize}");
        Chunk chunk = d.item(0)) {
      assertEquals((0 - 10) / 2.0, Handmade.doubles(chunk.tensor("screen"))[0]);
    }
    try (ChunkDataset d = open(", transforms: {normalization: screen_default}");
        Chunk chunk = d.item(0)) {
      assertEquals((0 - 80f) / 60f, Handmade.doubles(chunk.tensor("screen"))[0]);
    }
    try (ChunkDataset d = open(", transforms: {normalization: {means: 0, stds: [4]}}");
        Chunk chunk = d.item(0)) {
      assertEquals(1 / 4.0, Handmade.doubles(chunk.tensor("screen"))[1]);
    }
    for (long[] shape : new long[][] {{3}, {2, 3}, {1, 3}}) {
      NpyFile.write(
          root.resolve("screen/meta/means.npy"),
          new double[(int) (shape.length == 1 ? 3 : shape[0] * shape[1])],
          shape);
      assertThrows(
          RecordingException.class, () -> open(", transforms: {normalization: normalize}"));
    }
    new Handmade(root).statistics("screen", new double[] {10}, new double[] {0});
    RecordingException e =
        assertThrows(
            RecordingException.class, () -> open(", transforms: {normalization: normalize}"));
    assertTrue(
        e.getMessage().contains("screen") && e.getMessage().contains("channel 0"), e.getMessage());
    assertThrows(
        ConfigException.class, () -> open(", transforms: {normalization: recompute_behavior}"));
  }

  @Test
  void transformsRunBeforeNormalisationWhateverItIs() {
    five();
    try (ChunkDataset d =
            open(
                ", transforms: {CenterCrop: {_target_: torchvision.transforms.v2.CenterCrop, size: [2, 1]}}");
        Chunk chunk = d.item(0)) {
      assertArrayEquals(new long[] {1, 4, 2, 1}, chunk.tensor("screen").shape());
      assertEquals(1, Handmade.doubles(chunk.tensor("screen"))[0]);
    }
    try (ChunkDataset d =
            open(
                ", transforms: {normalization: {means: 1, stds: 2}, CenterCrop: {_target_: torchvision.transforms.CenterCrop,"
                    + " size: [2, 1]}}");
        Chunk chunk = d.item(1)) {
      assertEquals(0.5, Handmade.doubles(chunk.tensor("screen"))[0]);
    }
  }

  @Test
  void uint8LeavesNormalisationToTheConsumer() {
    five();
    try (ChunkDataset d = open(", transforms: {normalization: screen_default}");
        Arena arena = Arena.ofConfined();
        ChunkReader reader =
            d.reader(ReadOptions.builder().type("screen", ElementType.UINT8).build())) {
      Buffers b = new Buffers(reader.layout(), arena);
      b.read(reader, 2);
      assertEquals(ElementType.UINT8, reader.layout().getFirst().type());
      assertEquals(2, Handmade.doubles(b.tensor(0))[0]);
      assertTrue(reader.counters().screenNanos() > 0);
    }
  }

  @Test
  void screensWithoutLossAsBytesAreKnown() {
    five().statistics("screen", new double[] {10}, new double[] {2});
    String crop = ", transforms: {c: {_target_: torchvision.transforms.v2.CenterCrop, size: [%s]}";
    Map<String, Boolean> cases =
        Map.of(
            "",
            true,
            ", transforms: {normalization: normalize}",
            true,
            ", transforms: {normalization: {means: [1], stds: [1.0e+99]}}",
            true,
            crop.formatted("2, 1") + ", normalization: screen_default}",
            true,
            crop.formatted("4, 5") + "}",
            true,
            ", transforms: {r: {_target_: torchvision.transforms.v2.Resize, size: [4, 6]}}",
            false,
            ", transforms: {g: {_target_: torchvision.transforms.v2.Grayscale}}",
            true,
            ", interpolation: {rescale: true, rescale_size: [4, 6]}",
            false,
            ", interpolation: {normalize: true}",
            false);
    cases.forEach(
        (config, bytes) -> {
          try (ChunkDataset d = open(config)) {
            assertEquals(bytes, d.screensStoredAsBytes().contains("screen"), config);
          }
        });
  }

  @Test
  void aScreenWithABlankOrAFileOfFractionsLosesSomethingAsBytes() {
    new Handmade(root)
        .screen(
            0, 8, List.of(Handmade.video(16), Handmade.trial("blank", "interleave_value", 127.5)));
    try (ChunkDataset d = open("")) {
      assertTrue(d.screensStoredAsBytes().isEmpty());
    }
  }

  @Test
  void behaviourOfOtherTimesOrOfNoDeviceIsAWarning() {
    five().floats("eye_tracker", 16, 0, 12.375, 200, 2);
    String eye = "  eye_tracker: {sampling_rate: 16, chunk_size: 4}\n";
    List<String> warnings =
        Handmade.warnings(() -> Handmade.open(root, behaviour(eye, "")).close());
    assertEquals(2, warnings.size(), warnings.toString());
    assertTrue(
        warnings.get(0).contains("eye_tracker is sampled at 16.0 Hz with offset 0.0, screen at 8"),
        warnings.toString());
    assertTrue(warnings.get(1).contains("treadmill is not among the devices"), warnings.toString());
  }

  private static String behaviour(String eye, String treadmill) {
    return "add_behavior_as_channels: true\n" + screen("") + eye + treadmill;
  }

  @Test
  void behaviourBecomesChannels() {
    five().floats("treadmill", 8, 0, 12.375, 100, 1).floats("eye_tracker", 8, 0, 12.375, 100, 2);
    String eye = "  eye_tracker: {sampling_rate: 8, chunk_size: 4}\n";
    String treadmill = "  treadmill: {sampling_rate: 8, chunk_size: 4}\n";
    // eye tracker then treadmill, whatever the configuration's order
    try (ChunkDataset d = Handmade.open(root, behaviour(treadmill, eye));
        Chunk chunk = d.item(5)) {
      Tensor t = chunk.tensor("screen");
      assertArrayEquals(new long[] {4, 4, 2, 3}, t.shape());
      assertEquals(ElementType.FLOAT32, t.type());
      double[] v = Handmade.doubles(t);
      for (int k = 0; k < 4; k++) {
        for (int p = 0; p < 6; p++) {
          assertEquals(5 + k + 10 * (p / 3) + p % 3, v[k * 6 + p]);
          assertEquals(2 * (5 + k), v[24 + k * 6 + p]);
          assertEquals(2 * (5 + k) + 1, v[48 + k * 6 + p]);
          assertEquals(5 + k, v[72 + k * 6 + p]);
        }
      }
      // their own entries stay
      assertArrayEquals(new double[] {5, 6, 7, 8}, Handmade.doubles(chunk.tensor("treadmill")));
    }
    // float64 is wider
    new Handmade(root).sequence("wide", 8, 0, 12.375, 100, 1, i -> i + 1e-9);
    Handmade.write(root.resolve("treadmill/x"), "");
    try (ChunkDataset d =
            Handmade.open(
                root,
                behaviour(
                    eye,
                    treadmill.replace("4}", "4, interpolation: {interpolation_mode: linear}}")));
        Chunk chunk = d.item(5)) {
      assertEquals(ElementType.FLOAT64, chunk.tensor("screen").type());
      assertEquals(5, Handmade.doubles(chunk.tensor("screen"))[0]);
      assertEquals(ElementType.FLOAT32, chunk.tensor("eye_tracker").type());
    }
    // without their own entries
    try (ChunkDataset d = Handmade.open(root, "out_keys: [screen]\n" + behaviour(eye, treadmill));
        Chunk chunk = d.item(5);
        Arena arena = Arena.ofConfined();
        ChunkReader reader =
            d.reader(ReadOptions.builder().type("screen", ElementType.FLOAT16).build())) {
      assertEquals(List.of("screen"), List.copyOf(chunk.values().keySet()));
      assertEquals(10, Handmade.doubles(chunk.tensor("screen"))[24]);
      Buffers b = new Buffers(reader.layout(), arena);
      b.read(reader, 5);
      assertEquals(ElementType.FLOAT16, reader.layout().getFirst().type());
      short half =
          b.memory.get(java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED, b.offsets[0] + 2 * 24);
      assertEquals(10, Float.float16ToFloat(half));
      Allocations.assertNone(
          () -> {
            for (int i = 0; i < 2000; i++) {
              reader.read(i % d.length(), b.segments, b.offsets);
            }
          },
          2000);
      assertThrows(
          IllegalArgumentException.class,
          () -> d.reader(ReadOptions.builder().type("screen", ElementType.UINT8).build()));
    }
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () -> Handmade.open(root, behaviour(eye.replace("4", "5"), treadmill)));
    assertTrue(
        e.getMessage().contains("eye_tracker") && e.getMessage().contains("5"), e.getMessage());
    assertThrows(
        ConfigException.class,
        () -> Handmade.open(root, "add_behavior_as_channels: true\nmodality_config:\n" + eye));
  }

  @Test
  void anotherDeviceLeadsAndTheScreenGivesTheConditions() {
    five().sequence("a", 16, 0, 9.5, 153, 1, i -> i);
    String config =
        screen(", valid_condition: {tier: test}") + "  a: {sampling_rate: 16, chunk_size: 8}\n";
    try (ChunkDataset d = Handmade.open(root, "lead_device: a\n" + config)) {
      assertEquals("a", d.lead());
      // the test trial, 2.125 to 4.125 s, has 32 points of 1/16 s: 25 starts
      assertEquals(25, d.length());
      assertEquals(2.125, d.startTimes()[0]);
    }
    String own = config.replace("chunk_size: 8}", "chunk_size: 8, valid_condition: {tier: train}}");
    try (ChunkDataset d = Handmade.open(root, "lead_device: a\n" + own)) {
      assertEquals(0, d.startTimes()[0]);
    }
  }

  /** Opens a screen whose clock has other lengths than its trials; returns what was logged. */
  private String logged(int times, String config, Consumer<ChunkDataset> reading) {
    five();
    double[] clock = new double[times];
    Arrays.setAll(clock, i -> i * 0.125);
    NpyFile.write(root.resolve("screen/timestamps.npy"), clock, times);
    try (LogCapture log = new LogCapture()) {
      try (ChunkDataset d = Handmade.open(root, config)) {
        reading.accept(d);
      }
      return String.join("\n", log.messages());
    }
  }

  private static void readAll(ChunkDataset d) {
    for (int i = 0; i < d.length(); i++) {
      d.item(i).close();
    }
  }

  @Test
  void trialsPastTheClockNeverBegin() {
    String said =
        logged(
            32,
            screen(""),
            d -> {
              assertEquals(5, d.trialCount());
              assertEquals(2.125, d.trialStarts()[2]);
              assertEquals(Double.POSITIVE_INFINITY, d.trialStarts()[3]);
              assertEquals(Double.POSITIVE_INFINITY, d.trialStarts()[4]);
              readAll(d);
            });
    assertTrue(
        said.contains(
            "length: found 32 times, expected 74, the frames of all trials; 42 missing pulses: trials from 00002 on"),
        said);
    assertTrue(logged(73, screen(""), ScreenDatasetTest::readAll).contains("1 missing pulse: "));
    assertTrue(logged(75, screen(""), ScreenDatasetTest::readAll).contains("1 surplus pulse: "));
  }

  @Test
  void chunksPastTheTrialsAreErrorsOrSkipped() {
    int[] starts = {0};
    String said =
        logged(
            94,
            screen(""),
            d -> {
              starts[0] = d.length();
              RecordingException e =
                  assertThrows(RecordingException.class, () -> d.item(d.length() - 1).close());
              assertTrue(e.getMessage().contains("74 frames that the trials have"), e.getMessage());
            });
    assertTrue(said.contains("found 94 times, expected 74"), said);
    assertTrue(said.contains("20 surplus pulses: frames past the last trial 00004"), said);
    assertTrue(said.contains("reach past a device"), said);
    said =
        logged(
            94,
            "short_chunks: skip\n" + screen(""),
            d -> {
              assertEquals(starts[0] - 19, d.length());
              readAll(d);
            });
    assertTrue(said.contains("20 surplus pulses"), said);
  }

  @Test
  void nothingIsWrittenIntoTheRecording() throws Exception {
    five().sequence("responses", 8, 0, 12, 97, 3, i -> i);
    List<String> before = listing();
    try (ChunkDataset d =
        Handmade.open(
            root,
            screen("")
                + "  responses: {sampling_rate: 8, chunk_size: 4, transforms: {normalization: recompute_responses}}\n")) {
      d.item(0).close();
      d.shuffle();
      d.state().toJson();
    }
    assertEquals(before, listing());
    assertFalse(before.isEmpty());
  }

  private List<String> listing() throws java.io.IOException {
    try (var all = Files.walk(root)) {
      List<String> lines = new ArrayList<>();
      for (Path p : all.sorted().toList()) {
        lines.add(
            p
                + " "
                + Files.getLastModifiedTime(p)
                + " "
                + (Files.isDirectory(p) ? "" : Files.size(p)));
      }
      return lines;
    }
  }
}
