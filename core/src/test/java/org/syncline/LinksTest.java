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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.syncline.device.MetaFile;
import org.syncline.device.Problem;
import org.syncline.error.RecordingException;
import org.syncline.error.SynclineException;

/** Links that leave a recording are followed and named, or refused where the switch says so. */
@Tag("any-width")
class LinksTest {
  @TempDir Path folder;
  private Path root;
  private Path outside;

  @BeforeEach
  void write() throws IOException {
    root = folder.resolve("rec");
    outside = folder.resolve("outside");
    new Handmade(root)
        .sequence("responses", 10, 0, 9.9, 100, 3, i -> i)
        .sequence("treadmill", 10, 0, 9.9, 100, 1, i -> i)
        .statistics("responses", new double[] {1, 2, 3}, new double[] {1, 2, 3});
    Files.createDirectory(outside);
    assertEquals(List.of(), Validator.validate(root));
  }

  @AfterEach
  void follow() {
    System.clearProperty("syncline.links");
  }

  private static void refuse() {
    System.setProperty("syncline.links", "refuse");
  }

  private void open() {
    try (ChunkDataset dataset = ChunkDataset.open(root, DefaultConfigs.forRecording(root))) {
      dataset.item(0).close();
      dataset.dataKey();
    }
  }

  private Path linkTo(String place, Path target) throws IOException {
    Path link = root.resolve(place);
    Files.move(link, target);
    return Files.createSymbolicLink(link, target);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "responses",
        "responses/meta.yml",
        "responses/data.npy",
        "responses/meta",
        "responses/meta/stds.npy",
        "meta.json"
      })
  void eachIsNamedAndRefused(String place) throws IOException {
    Files.writeString(root.resolve("meta.json"), "{\"data_key\": \"key\"}");
    Path target = outside.resolve("target");
    Path link = linkTo(place, target);
    open();
    List<Problem> named = Validator.validate(root);
    assertEquals(1, named.size(), named.toString());
    assertEquals(Problem.Severity.WARNING, named.getFirst().severity());
    assertTrue(named.toString().contains(link + ": found a link to " + target), named.toString());
    refuse();
    RecordingException refused = assertThrows(RecordingException.class, this::open);
    assertEquals("a link to " + target, refused.found());
    assertTrue(refused.getMessage().contains("SYNCLINE_LINKS=refuse is set"));
    List<Problem> errors = Validator.validate(root);
    assertEquals(1, errors.size(), errors.toString());
    assertEquals(Problem.Severity.ERROR, errors.getFirst().severity());
    assertEquals(refused.getMessage(), errors.getFirst().toString().substring("error: ".length()));
  }

  @Test
  void linksInsideAreNoConcern() throws IOException {
    refuse();
    linkTo("responses/data.npy", root.resolve("treadmill/other.npy"));
    Files.createSymbolicLink(root.resolve("responses/round"), root);
    Files.createSymbolicLink(root.resolve("responses/itself"), Path.of("itself"));
    open();
    assertEquals(List.of(), Validator.validate(root));
    Path alias = Files.createSymbolicLink(folder.resolve("alias"), root);
    Experiment.open(alias, DefaultConfigs.forRecording(alias).modalities()).close();
  }

  @Test
  void whatLiesBehindALinkInsideIsLookedAtToo() throws IOException {
    Path target = outside.resolve("target");
    Path hidden = root.resolve(".hidden");
    Files.move(root.resolve("responses/meta"), hidden);
    Files.createSymbolicLink(root.resolve("responses/meta"), hidden);
    linkTo(".hidden/stds.npy", target);
    open();
    refuse();
    assertEquals("a link to " + target, assertThrows(RecordingException.class, this::open).found());
  }

  @Test
  void aLinkToNothingYetIsRefusedToo() throws IOException {
    Files.createSymbolicLink(root.resolve("responses/later"), Path.of("../../outside/later"));
    refuse();
    assertEquals(
        "a link to " + outside.resolve("later"),
        assertThrows(RecordingException.class, this::open).found());
  }

  @Test
  void aDeviceReadByItselfIsLookedAt() throws IOException {
    linkTo("responses/data.npy", outside.resolve("target"));
    MetaFile.read(root.resolve("responses"));
    refuse();
    assertThrows(RecordingException.class, () -> MetaFile.read(root.resolve("responses")));
    MetaFile.read(root.resolve("treadmill"));
  }

  /** Trial files are opened when they are first read. */
  @Test
  void whatBecomesALinkAfterOpeningIsRefusedWhenItIsRead() throws IOException {
    new Handmade(root).screen(0, 10, List.of(Handmade.video(30), Handmade.video(70)));
    refuse();
    Path trial = root.resolve("screen/data/00001.npy");
    try (ChunkDataset dataset = ChunkDataset.open(root, DefaultConfigs.forRecording(root))) {
      dataset.item(0).close();
      Path target = outside.resolve("target");
      linkTo("screen/data/00001.npy", target);
      RecordingException refused =
          assertThrows(RecordingException.class, () -> dataset.item(dataset.length() - 1).close());
      assertEquals("a link to " + target, refused.found());
      assertEquals(trial.toString(), refused.file());
    }
  }

  @Test
  void manyAreNamedInTen() throws IOException {
    for (int i = 0; i < 50; i++) {
      Files.createSymbolicLink(root.resolve("responses/" + i), outside);
    }
    assertEquals(10, Validator.validate(root).size());
  }

  @Test
  void anotherWordIsAnError() {
    System.setProperty("syncline.links", "no");
    String message = assertThrows(SynclineException.class, this::open).getMessage();
    assertEquals("system property: syncline.links: found 'no', expected follow or refuse", message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/hostname",
        "../../outside/x.npy",
        "a/../../x.npy",
        "a\\u0000.npy",
        "C:x.npy"
      })
  void namesInMetadataThatLeaveAreRefused(String name) throws IOException {
    Handmade.write(
        root.resolve("labels/meta.yml"),
        "modality: time_interval\nstart_time: 0.0\nend_time: 9.9\nlabels: {run: \""
            + name
            + "\"}\n");
    RecordingException refused = assertThrows(RecordingException.class, this::open);
    assertEquals("labels.run", refused.key());
    assertEquals("the name of a file inside the device's folder", refused.expected());
    assertTrue(
        Validator.validate(root).toString().contains("the name of a file inside"),
        () -> Validator.validate(root).toString());
  }
}
