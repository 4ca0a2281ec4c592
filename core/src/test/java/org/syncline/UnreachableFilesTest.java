/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.syncline.config.DatasetConfig;
import org.syncline.device.Problem;
import org.syncline.device.support.LogCapture;
import org.syncline.error.RecordingException;
import org.syncline.testdata.NpyFile;

/**
 * What is there and cannot be read (a link whose content was never fetched, a device, a folder) is
 * said, never taken for what is missing.
 */
@Tag("any-width")
class UnreachableFilesTest {
  @TempDir Path folder;
  private Path root;

  @BeforeEach
  void write() throws IOException {
    root = folder.resolve("rec");
    new Handmade(root)
        .screen(100, 10, List.of(Handmade.video(30), Handmade.video(70)))
        .sequence("responses", 10, 100, 109.9, 100, 3, i -> i)
        .sequence("treadmill", 10, 100, 109.9, 100, 1, i -> i)
        .statistics("responses", new double[] {1, 2, 3}, new double[] {1, 2, 3});
    Handmade.write(root.resolve("meta.json"), "{\"data_key\": \"key\"}");
    assertEquals(List.of(), Validator.validate(root));
  }

  private void replace(String place, String what) throws IOException {
    Path file = root.resolve(place);
    Files.delete(file);
    switch (what) {
      case "link" -> Files.createSymbolicLink(file, Path.of("annex/objects/never_fetched"));
      case "folder" -> Files.createDirectory(file);
      default -> Files.createSymbolicLink(file, Path.of("/dev/zero"));
    }
  }

  @ParameterizedTest
  @CsvSource({"link", "folder", "device"})
  void aDeviceWhoseMetadataCannotBeReadIsMissed(String what) throws IOException {
    replace("treadmill/meta.yml", what);
    Path file = root.resolve("treadmill/meta.yml");
    RecordingException e =
        assertThrows(RecordingException.class, () -> DefaultConfigs.forRecording(root));
    assertEquals(file.toString(), e.file());
    assertTrue(
        Validator.validate(root).stream()
            .anyMatch(p -> p.severity() == Problem.Severity.ERROR && p.file().equals(file)),
        () -> Validator.validate(root).toString());
  }

  @ParameterizedTest
  @CsvSource({"link", "folder", "device"})
  void trialsThatCannotBeReadAreNotLookedForElsewhere(String what) throws IOException {
    replace("screen/combined_meta.json", what);
    for (int i = 0; i < 2; i++) {
      Handmade.write(
          root.resolve("screen/meta/0000" + i + ".yml"),
          "modality: video\nfirst_frame_idx: " + 30 * i + "\nnum_frames: 30\nimage_size: [2, 3]\n");
    }
    DatasetConfig config = DefaultConfigs.forRecording(root);
    assertThrows(RecordingException.class, () -> ChunkDataset.open(root, config).close());
    assertTrue(
        Validator.validate(root).stream().anyMatch(p -> p.severity() == Problem.Severity.ERROR));
  }

  @ParameterizedTest
  @CsvSource({"link", "folder", "device"})
  void aNameThatCannotBeReadIsAWarning(String what) throws IOException {
    replace("meta.json", what);
    try (LogCapture log = new LogCapture();
        ChunkDataset dataset = ChunkDataset.open(root, DefaultConfigs.forRecording(root))) {
      assertEquals("rec", dataset.dataKey());
      assertTrue(
          log.messages().stream().anyMatch(m -> m.contains("the folder's name 'rec' is used")),
          () -> log.messages().toString());
    }
    assertTrue(
        Validator.validate(root).stream()
            .anyMatch(p -> p.file().equals(root.resolve("meta.json"))));
  }

  @Test
  void hiddenFoldersAreNoDevices() throws IOException {
    Path hidden = root.resolve(".checkpoints");
    Files.createDirectory(hidden);
    Files.copy(root.resolve("treadmill/meta.yml"), hidden.resolve("meta.yml"));
    assertEquals(
        Set.of("screen", "responses", "treadmill"),
        DefaultConfigs.forRecording(root).modalities().keySet());
    assertEquals(List.of(), Validator.validate(root));
  }

  @ParameterizedTest
  @CsvSource({"means,NaN", "means,Infinity", "stds,NaN", "stds,Infinity"})
  void statisticsThatMakeValuesNaNAreAWarning(String name, double value) {
    NpyFile.write(root.resolve("responses/meta/" + name + ".npy"), new double[] {1, value, 3}, 3);
    DatasetConfig config =
        DatasetConfig.parse(
            "time_grid: exact\nlead_device: responses\nmodality_config: {responses: {sampling_rate: 10, chunk_size: 5, transforms: {normalization: normalize}}}",
            "test");
    try (LogCapture log = new LogCapture();
        ChunkDataset dataset = ChunkDataset.open(root, config)) {
      dataset.item(0).close();
      assertEquals(
          List.of(
              root
                  + "/responses/meta/"
                  + name
                  + ".npy: values: found NaN or infinite at 1, expected finite numbers; normalised values become NaN or 0"),
          log.messages());
    }
    assertTrue(
        Validator.validate(root).stream()
            .anyMatch(p -> p.toString().contains(name + ".npy: values: found NaN or infinite")));
  }

  @ParameterizedTest
  @CsvSource({
    "responses/timestamps.npy",
    "treadmill/meta/means.npy",
    "responses/meta/stds.npy",
    "responses/meta/unit_ids.npy",
    "spikes/meta/unit_ids.npy"
  })
  void aLinkToNothingBesideTheDataIsAWarning(String place) throws IOException {
    if (place.startsWith("spikes")) {
      new Handmade(root).spikes(110, 101, 105, 109);
    }
    Files.deleteIfExists(root.resolve(place));
    Files.createDirectories(root.resolve(place).getParent());
    Path link = Files.createSymbolicLink(root.resolve(place), Path.of("annex/never_fetched"));
    if (place.endsWith("means.npy")) {
      NpyFile.write(link.resolveSibling("stds.npy"), new double[] {1}, 1);
    }
    try (LogCapture log = new LogCapture()) {
      ChunkDataset.open(root, DefaultConfigs.forRecording(root)).close();
      assertEquals(
          1,
          log.messages().stream()
              .filter(
                  m -> m.startsWith(link + ": found a link to annex/never_fetched, where nothing"))
              .count(),
          () -> log.messages().toString());
    }
    List<Problem> problems = Validator.validate(root);
    assertEquals(
        1,
        problems.stream()
            .filter(p -> p.severity() == Problem.Severity.WARNING && p.file().equals(link))
            .filter(p -> p.toString().contains("found a link to annex/never_fetched"))
            .count(),
        problems::toString);
  }
}
