/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.testdata;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingsTest {
  @TempDir Path folder;

  private Recordings small(String name, long seed) {
    return Recordings.defaultConfig(folder.resolve(name), seed)
        .screen(Recordings.Content.MIXED)
        .frames(6, 8)
        .trialFrames(40)
        .seconds(20)
        .neurons(5)
        .spikes(4, 300)
        .labels(2);
  }

  private static List<String> contents(Path root) throws IOException {
    List<String> list = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        list.add(root.relativize(file) + " " + java.util.Arrays.hashCode(Files.readAllBytes(file)));
      }
    }
    return list;
  }

  @Test
  void sameSeedSameBytes() throws IOException {
    Recording a = small("a", 7).write();
    Recording b = small("b", 7).write();
    Recording c = small("c", 8).write();
    assertEquals(contents(a.folder()), contents(b.folder()));
    assertNotEquals(contents(a.folder()), contents(c.folder()));
    assertEquals(a.configText(), b.configText());
    assertThrows(IllegalArgumentException.class, () -> small("a", 7).write());
  }

  @Test
  void metadataAgreesWithData() throws IOException {
    Recording r = small("r", 3).write();
    NpyFile clock = NpyFile.read(r.folder().resolve("screen/timestamps.npy"));
    Map<String, Object> combined = Json.object(r.folder().resolve("screen/combined_meta.json"));
    int frames = 0;
    int number = 0;
    for (Map.Entry<String, Object> entry : combined.entrySet()) {
      Map<String, Object> trial = Json.object(entry.getValue());
      assertEquals((long) frames, trial.get("first_frame_idx"));
      assertEquals(clock.get(frames), r.trials().get(number).time(), 1e-6);
      Path pixels = r.folder().resolve("screen/data/" + entry.getKey() + ".npy");
      long n = (Long) trial.getOrDefault("num_frames", 1L);
      switch ((String) trial.get("modality")) {
        case "video" -> assertArrayEquals(new long[] {n, 6, 8}, NpyFile.read(pixels).shape());
        case "image" -> assertArrayEquals(new long[] {6, 8}, NpyFile.read(pixels).shape());
        default -> assertTrue(!Files.exists(pixels));
      }
      frames += (int) n;
      number++;
    }
    assertEquals(clock.count(), frames);
    assertEquals(r.trials().size(), number);
    NpyFile eye = NpyFile.read(r.folder().resolve("eye_tracker/data.npy"));
    String meta = Files.readString(r.folder().resolve("eye_tracker/meta.yml"));
    assertTrue(meta.contains("n_timestamps: " + eye.shape()[0]), meta);
    assertTrue(meta.contains("start_time: 1599999998.7\n"), meta);
    long nans = java.util.Arrays.stream(eye.doubles()).filter(Double::isNaN).count();
    assertTrue(nans > 0 && nans < eye.count() / 4);
    assertEquals(161 * 5 * 4, Files.size(r.folder().resolve("responses/data.mem")));
    NpyFile spikes = NpyFile.read(r.folder().resolve("spikes/spikes.npy"));
    assertEquals(300, spikes.count());
    assertTrue(Files.readString(r.folder().resolve("spikes/meta.yml")).contains(", 300]"));
  }

  @Test
  void writesVariants() throws IOException {
    Recording r =
        small("v", 5)
            .colour(true)
            .pixels("<f4")
            .distinctStimuli(2)
            .trialMetadata(false, true)
            .sequence(
                SequencePlan.of("wheel", 50, 2).descr(">i2").npy(true).ownClock().statistics(3))
            .sequence(SequencePlan.of("deep", 8, 3).shifted().descr("<f2"))
            .withoutScreen()
            .write();
    assertTrue(!Files.exists(r.folder().resolve("screen")));
    assertTrue(Files.readString(r.folder().resolve("wheel/meta.yml")).contains("dtype: '>i2'"));
    assertEquals(3, NpyFile.read(r.folder().resolve("deep/meta/phase_shifts.npy")).count());
    Recording named =
        small("n", 5).colour(true).pixels("<f4").distinctStimuli(2).stimulusNames(true).write();
    assertTrue(Files.exists(named.folder().resolve("screen/data/clip_0.npy")));
    assertArrayEquals(
        new long[] {40, 6, 8, 3},
        NpyFile.read(named.folder().resolve("screen/data/clip_0.npy")).shape());
  }

  @Test
  void whatIsShownForTestingIsNeverTrainedOn() throws IOException {
    Recording r = small("t", 5).tiers(1, 0.5).distinctStimuli(2).seconds(60).write();
    Map<?, ?> trials =
        (Map<?, ?>) Json.parse(Files.readString(r.folder().resolve("screen/combined_meta.json")));
    Map<Object, Object> tiers = new HashMap<>();
    for (Object trial : trials.values()) {
      Map<?, ?> meta = (Map<?, ?>) trial;
      if (meta.get("stimulus_name") != null) {
        Object tier = meta.get("tier");
        Object before = tiers.putIfAbsent(meta.get("stimulus_name"), tier);
        assertTrue(before == null || before.equals(tier), meta.toString());
      }
    }
    assertTrue(tiers.containsValue("train") && tiers.containsValue("test"), tiers.toString());
  }

  @Test
  void shapesAreWhatTheyAreCalled() throws IOException {
    Recording m = Recordings.shape("M", folder.resolve("m"), 1).seconds(21).sparse(true).write();
    assertArrayEquals(
        new long[] {300, 144, 256},
        NpyFile.read(m.folder().resolve("screen/data/00000.npy")).shape());
    assertEquals(169L * 7863 * 4, Files.size(m.folder().resolve("responses/data.mem")));
    Recording i = Recordings.shape("I", folder.resolve("i"), 1).seconds(30).write();
    assertTrue(
        i.trials().size() > 95 && i.trials().stream().anyMatch(t -> t.kind().equals("image")));
    List<Recording> x = Recordings.collection(folder.resolve("x"), 1, 2, 7000, 600);
    assertEquals(4801L * 7000 * 4, Files.size(x.get(1).folder().resolve("responses/data.mem")));
    Object blocks =
        Files.getAttribute(x.get(1).folder().resolve("responses/data.mem"), "unix:nlink");
    assertEquals(1, blocks);
    assertThrows(
        IllegalArgumentException.class, () -> Recordings.shape("Q", folder.resolve("q"), 1));
    assertEquals(
        1,
        Main.run(
                new String[] {
                  "small",
                  folder.resolve("main").toString(),
                  "--seconds",
                  "5",
                  "--frames",
                  "4x6",
                  "--neurons",
                  "3"
                })
            .size());
  }
}
