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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.config.ModalityConfig;
import org.syncline.device.Interpolation;
import org.syncline.error.ClosedException;
import org.syncline.error.RecordingException;
import org.syncline.interval.TimeInterval;
import org.syncline.testdata.Recordings;

class ExperimentTest {
  @TempDir Path root;

  private static Map<String, ModalityConfig> modalities(String yaml) {
    return Handmade.config("modality_config:\n" + yaml).modalities();
  }

  private Experiment open(String yaml) {
    return Experiment.open(root, modalities(yaml), false, Registry.EMPTY);
  }

  @Test
  void devicesHaveTheConfigurationsOrderAndOthersAreSkipped() {
    new Handmade(root)
        .sequence("b", 10, 1, 2.9, 20, 1, i -> i)
        .sequence("a", 10, 0.5, 3, 30, 2, i -> i)
        .sequence("c", 10, -5, 50, 5, 2, i -> i);
    try (Experiment e = open("  b: {}\n  a: {}\n")) {
      assertEquals(List.of("b", "a"), e.deviceNames());
      assertEquals(0.5, e.startTime());
      assertEquals(3, e.endTime());
      assertEquals(new TimeInterval(1, 2.9), e.validRange("b"));
      assertEquals(List.of("b", "a"), List.copyOf(e.interpolate(new double[] {1}).keySet()));
    }
  }

  @Test
  void relativePathsOpenAsTheyAre() throws IOException {
    new Handmade(root).sequence("a", 10, 0, 2, 20, 1, i -> i);
    Path away = Path.of("").toAbsolutePath().relativize(root.toAbsolutePath());
    // cd into the recording leaves this of its path
    for (Path here : List.of(Path.of("."), Path.of(""))) {
      assertEquals(here.resolve("a"), Experiment.folder(here, "a"));
    }
    Path link =
        Files.createSymbolicLink(
            root.resolveSibling(root.getFileName() + "-link"), root.resolve("a"));
    try {
      for (Path path : List.of(away, away.resolve("."), away.resolve("a/.."), link.resolve(".."))) {
        try (Experiment e = Experiment.open(path, modalities("  a: {}\n"), false, Registry.EMPTY)) {
          assertEquals(List.of("a"), e.deviceNames());
        }
      }
    } finally {
      Files.delete(link);
    }
  }

  @Test
  void namesThatNoFolderCanHaveAreRefused() {
    RecordingException e = assertThrows(RecordingException.class, () -> open("  \"a\\0b\": {}\n"));
    assertTrue(e.getMessage().contains("no folder can have"), e.getMessage());
  }

  @Test
  void missingFolderIsAWarning() {
    new Handmade(root).sequence("a", 10, 0, 2, 20, 1, i -> i);
    List<String> warnings =
        Handmade.warnings(
            () -> {
              try (Experiment e = open("  a: {}\n  ghost: {}\n")) {
                assertEquals(List.of("a"), e.deviceNames());
              }
            });
    assertTrue(warnings.stream().anyMatch(w -> w.contains("ghost")), warnings.toString());
  }

  @Test
  void devicesWithoutFiniteTimesAreLeftOut() {
    Handmade hand = new Handmade(root).sequence("a", 10, 0, 2, 20, 1, i -> i);
    for (String times :
        List.of(
            "start_time: null\nend_time: 2.0",
            "start_time: 0.0\nend_time: .nan",
            "start_time: -.inf\nend_time: 2.0")) {
      hand.sequence("odd", 10, 0, 2, 20, 1, i -> i);
      Handmade.write(
          root.resolve("odd/meta.yml"),
          "modality: sequence\nsampling_rate: 10.0\nn_signals: 1\nn_timestamps: 20\n"
              + times
              + "\n");
      List<String> warnings =
          Handmade.warnings(
              () -> {
                try (Experiment e = open("  odd: {}\n  a: {}\n")) {
                  assertEquals(List.of("a"), e.deviceNames());
                  assertEquals(2, e.endTime());
                }
              });
      assertTrue(warnings.stream().anyMatch(w -> w.contains("odd")), warnings.toString());
      RecordingException none = assertThrows(RecordingException.class, () -> open("  odd: {}\n"));
      assertTrue(
          none.getMessage().contains("odd") && none.getMessage().contains("finite"),
          none.getMessage());
    }
  }

  @Test
  void nothingUsableIsAnError() {
    assertThrows(RecordingException.class, () -> open("  a: {}\n"));
    assertThrows(
        RecordingException.class,
        () -> Experiment.open(root.resolve("no"), modalities("  a: {}\n")));
  }

  @Test
  void namesCannotLeaveTheRecording() {
    new Handmade(root.resolve("in")).sequence("a", 10, 0, 2, 20, 1, i -> i);
    new Handmade(root).sequence("out", 10, 0, 2, 20, 1, i -> i);
    assertThrows(
        RecordingException.class,
        () ->
            Experiment.open(
                root.resolve("in"), modalities("  '../out': {}\n"), false, Registry.EMPTY));
  }

  @Test
  void unknownDeviceNamesThoseThereAre() {
    new Handmade(root).sequence("a", 10, 0, 2, 20, 1, i -> i);
    try (Experiment e = open("  a: {}\n")) {
      IllegalArgumentException x =
          assertThrows(
              IllegalArgumentException.class, () -> e.interpolate(new double[] {1}, "nope"));
      assertTrue(x.getMessage().contains("nope") && x.getMessage().contains("[a]"), x.getMessage());
      assertThrows(IllegalArgumentException.class, () -> e.validRange("nope"));
      assertThrows(IllegalArgumentException.class, () -> e.device("nope"));
    }
  }

  @Test
  void interpolatesTheValidTimes() {
    new Handmade(root).sequence("a", 10, 0, 1.9, 20, 2, i -> i);
    try (Experiment e = open("  a: {}\n")) {
      Interpolation found = e.interpolate(new double[] {-1, 0.55, 5, 0.15, Double.NaN}, "a");
      assertArrayEquals(new int[] {1, 3}, found.valid());
      assertArrayEquals(new double[] {10, 11, 2, 3}, Handmade.doubles(found.values()));
    }
  }

  @Test
  void queryGivesEverythingBetweenTwoTimes() {
    double start = 1.6e9;
    new Handmade(root)
        .sequence("a", 30, start, start + 10, 301, 1, i -> i)
        .sequence("b", 7, start, start + 10, 71, 1, i -> i);
    try (Experiment e = open("  a: {sampling_rate: 30}\n  b: {}\n")) {
      // a at its configured rate, b at the rate it is stored with: every sample once, in order
      Map<String, TimedValues> all = e.query(start + 1, start + 3, Map.of());
      assertEquals(60, all.get("a").times().length);
      assertEquals(14, all.get("b").times().length);
      for (int k = 0; k < 60; k++) {
        assertEquals(30 + k, Handmade.doubles(all.get("a").values())[k]);
      }
      for (int k = 0; k < 14; k++) {
        assertEquals(7 + k, Handmade.doubles(all.get("b").values())[k]);
      }
      // at another rate, past the end
      TimedValues half = e.query(start + 9, start + 12, Map.of("a", 15.0)).get("a");
      assertEquals(16, half.times().length);
      assertEquals(start + 9, half.times()[0]);
      assertEquals(300, Handmade.doubles(half.values())[15]);
      assertEquals(0, e.query(start + 3, start + 3, Map.of()).get("a").times().length);
      assertThrows(IllegalArgumentException.class, () -> e.query(2, 1, Map.of()));
      assertThrows(IllegalArgumentException.class, () -> e.query(0, Double.NaN, Map.of()));
      assertThrows(IllegalArgumentException.class, () -> e.query(0, 1, Map.of("x", 1.0)));
      assertThrows(IllegalArgumentException.class, () -> e.query(0, 1, Map.of("a", 0.0)));
    }
  }

  @Test
  void queryNeedsARateForSpikes() {
    new Handmade(root).spikes(10, 1, 1.5, 2).sequence("a", 10, 0, 10, 101, 1, i -> i);
    try (Experiment e =
        open(
            "  spikes: {interpolation: {interpolation_window: 1, interpolation_align: left}}\n"
                + "  a: {}\n")) {
      assertThrows(IllegalArgumentException.class, () -> e.query(1, 3, Map.of()));
      TimedValues counts = e.query(1, 3, Map.of("spikes", 1.0)).get("spikes");
      assertArrayEquals(new double[] {1, 2}, counts.times());
      assertArrayEquals(new double[] {2, 1}, Handmade.doubles(counts.values()));
    }
  }

  @Test
  void usesAfterCloseAreRefused() {
    new Handmade(root).sequence("a", 10, 0, 2, 20, 1, i -> i);
    Experiment e = open("  a: {}\n");
    e.close();
    e.close();
    assertThrows(ClosedException.class, () -> e.interpolate(new double[] {1}));
    assertThrows(ClosedException.class, () -> e.interpolate(new double[] {1}, "a"));
    assertThrows(ClosedException.class, () -> e.query(0, 1, Map.of()));
    assertFalse(e.deviceNames().isEmpty());
  }

  @Test
  void devicesThatTheConfigurationLeavesOutAreNamedOnce() throws Exception {
    for (String recording : new String[] {"one", "other"}) {
      Recordings.defaultConfig(root.resolve(recording), 3).seconds(20).write();
      Files.createDirectories(root.resolve(recording).resolve("notes"));
      Files.move(
          root.resolve(recording).resolve("treadmill"), root.resolve(recording).resolve("wheel"));
    }
    Map<String, ModalityConfig> some =
        Map.of("screen", ModalityConfig.DEFAULT, "responses", ModalityConfig.DEFAULT);
    Path one = root.resolve("one");
    // opens each device alone, which says nothing of what a program leaves out
    assertEquals(
        List.of(), Handmade.said(java.util.logging.Level.INFO, () -> Validator.validate(one)));
    assertEquals(
        List.of(one + ": left out eye_tracker, wheel: the configuration does not name them"),
        Handmade.said(java.util.logging.Level.INFO, () -> Experiment.open(one, some).close()));
    for (Path again : List.of(one, root.resolve("other"))) {
      assertEquals(
          List.of(),
          Handmade.said(java.util.logging.Level.INFO, () -> Experiment.open(again, some).close()));
    }
    assertEquals(List.of(), Handmade.warnings(() -> Experiment.open(one, some).close()));
  }
}
