/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.config.DatasetConfig;
import org.syncline.config.ModalityConfig;
import org.syncline.device.MetaFile;
import org.syncline.device.Problem;
import org.syncline.error.ConfigException;
import org.syncline.error.RecordingException;
import org.syncline.format.checksum.Checksums;
import org.syncline.loader.SessionLoader;
import org.syncline.stats.RecordingStatistics;
import org.syncline.testdata.Recordings;
import org.syncline.write.RecordingWriter;

/** What differs from the list of checksums is said by a validation, and refused where asked. */
@Tag("any-width")
class ChecksumsTest {
  @TempDir Path folder;
  private Path root;
  private DatasetConfig config;
  private List<Problem> before;

  @BeforeEach
  void write() throws IOException {
    root = folder.resolve("rec");
    Recordings.defaultConfig(root, 5).seconds(30).write();
    config = DefaultConfigs.forRecording(root);
    before = Validator.validate(root);
    Checksums.write(root);
  }

  @AfterEach
  void unset() {
    System.clearProperty("syncline.checksums");
  }

  private static void verify() {
    System.setProperty("syncline.checksums", "verify");
  }

  private void open() {
    ChunkDataset.open(root, config).close();
  }

  /** Returns what a validation says more than it did without a list. */
  private List<String> said() {
    List<String> known = before.stream().map(Problem::toString).toList();
    return Validator.validate(root).stream()
        .map(Problem::toString)
        .filter(text -> !known.contains(text))
        .toList();
  }

  private static void flip(Path file) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      long at = bytes.length() - 1;
      bytes.seek(at);
      int last = bytes.read();
      bytes.seek(at);
      bytes.write(last ^ 1);
    }
  }

  @Test
  void oneByteOfAnyFileIsKnown() throws IOException {
    assertEquals(List.of(), said());
    List<Path> files;
    try (Stream<Path> all = Files.walk(root)) {
      files = all.filter(Files::isRegularFile).filter(f -> !f.endsWith(Checksums.NAME)).toList();
    }
    assertTrue(files.size() > 20, files.toString());
    verify();
    for (Path file : files) {
      flip(file);
      String name = root.relativize(file).toString();
      String found = "found a file that changed since the list was made: " + name + ", expected";
      RecordingException e = assertThrows(RecordingException.class, this::open, name);
      assertTrue(e.getMessage().startsWith(root + "/SHA256SUMS: " + found), e.getMessage());
      assertTrue(e.getMessage().contains("SYNCLINE_CHECKSUMS=verify is set"), e.getMessage());
      flip(file);
      open();
    }
    System.clearProperty("syncline.checksums");
    flip(root.resolve("responses/data.mem"));
    List<String> said = said();
    assertEquals(1, said.size(), said.toString());
    assertEquals(
        "warning: "
            + root
            + "/SHA256SUMS: found a file that changed since the list was made: responses/data.mem,"
            + " expected files with the sums of the list; restore what was there then; if the change"
            + " is meant, make it anew: syncline checksums "
            + root
            + " > "
            + root
            + "/SHA256SUMS",
        said.getFirst());
  }

  @Test
  void valuesInThePlaceOfOthersAreKnown() throws IOException {
    // plausible values, of the same size and kind: nothing else tells them
    Path data = root.resolve("responses/data.mem");
    byte[] bytes = Files.readAllBytes(data);
    byte[] swapped = bytes.clone();
    System.arraycopy(bytes, 4, swapped, 0, 4);
    System.arraycopy(bytes, 0, swapped, 4, 4);
    Files.write(data, swapped);
    assertEquals(1, said().size(), said().toString());
  }

  @Test
  void manyFilesAreOneWarningOfEachKind() throws IOException {
    List<Path> trials;
    try (Stream<Path> all = Files.list(root.resolve("screen/data"))) {
      trials = all.sorted().toList();
    }
    assertTrue(trials.size() >= 3, trials.toString());
    for (Path trial : trials) {
      flip(trial);
    }
    Files.delete(root.resolve("treadmill/meta/means.npy"));
    Files.writeString(root.resolve("eye_tracker/notes.txt"), "new");
    Files.writeString(root.resolve("notes.txt"), "beside the devices");
    Files.writeString(root.resolve("eye_tracker/.hidden"), "of a file browser");
    List<String> said =
        said().stream().filter(text -> text.contains(Checksums.NAME + ": ")).toList();
    assertEquals(3, said.size(), said.toString());
    assertTrue(
        said.get(0).contains(trials.size() + " files that changed since the list was made: "));
    assertTrue(said.get(1).contains("found a file that is missing: treadmill/meta/means.npy"));
    assertTrue(said.get(2).contains("found a file that is not in the list: eye_tracker/notes.txt"));
    verify();
    RecordingException e = assertThrows(RecordingException.class, this::open);
    assertTrue(e.getMessage().contains("treadmill/meta/means.npy"), e.getMessage());
    assertTrue(e.getMessage().contains("eye_tracker/notes.txt"), e.getMessage());
  }

  @Test
  void aValidationHasAnErrorWhereOpeningFails() throws IOException {
    verify();
    assertEquals(List.of(), said());
    flip(root.resolve("responses/data.mem"));
    assertTrue(said().getFirst().startsWith("error: "), said().toString());
    assertEquals(1, said().size(), said().toString());
    Files.delete(root.resolve(Checksums.NAME));
    String missing = said().getFirst();
    assertTrue(missing.startsWith("error: " + root + "/SHA256SUMS: found no such file"), missing);
    assertTrue(missing.contains("syncline checksums " + root + " > "), missing);
    assertEquals(before.toString(), Validator.withoutChecksums(root).toString());
    assertEquals(before.toString(), Validator.withoutChecksums(root, Registry.EMPTY).toString());
    System.clearProperty("syncline.checksums");
    assertEquals(List.of(), said());
  }

  @Test
  void everyWayToOpenCompares() throws IOException {
    Path device = root.resolve("responses");
    ModalityConfig options = config.modalities().get("responses");
    flip(root.resolve("treadmill/data.mem"));
    List<Runnable> ways =
        List.of(
            this::open,
            () -> Experiment.open(root, config.modalities()).close(),
            () -> DefaultConfigs.forRecording(root),
            () -> Registry.services().read(device),
            () -> Registry.services().open(device, options, false).close(),
            () -> MetaFile.read(device),
            () -> RecordingStatistics.of(root).devices("responses").compute(),
            () -> SessionLoader.builder().add(root, config).batchSize(1).build().close());
    for (int i = 0; i < ways.size(); i++) {
      Runnable way = ways.get(i);
      way.run();
      verify();
      int number = i;
      RecordingException e =
          assertThrows(RecordingException.class, way::run, () -> "way " + number);
      assertTrue(e.getMessage().contains("treadmill/data.mem"), e.getMessage());
      unset();
    }
  }

  @Test
  void anotherValueIsRefused() {
    System.setProperty("syncline.checksums", "yes");
    String message = assertThrows(ConfigException.class, this::open).getMessage();
    assertEquals(
        "system property: syncline.checksums: found 'yes', expected off or verify", message);
    System.setProperty("syncline.checksums", "off");
    open();
  }

  @Test
  void aRecordingThatStaysAsItIsIsHashedOnceInAProcess() throws Exception {
    verify();
    // what is younger than two seconds may change with the same times
    Thread.sleep(2200);
    long first = Checksums.hashed();
    open();
    long all = Checksums.hashed() - first;
    assertTrue(all > 20, () -> all + " files");
    for (int i = 0; i < 3; i++) {
      open();
    }
    DefaultConfigs.forRecording(root);
    Path alias = Files.createSymbolicLink(folder.resolve("alias"), root);
    ChunkDataset.open(alias, config).close();
    assertEquals(all, Checksums.hashed() - first);
    Path data = root.resolve("responses/data.mem");
    var modified = Files.getLastModifiedTime(data);
    flip(data);
    Files.setLastModifiedTime(data, modified);
    assertThrows(RecordingException.class, this::open);
    flip(data);
    open();
    assertTrue(Checksums.hashed() - first >= 3 * all);
  }

  @Test
  void withoutTheSwitchNothingIsHashed() {
    long first = Checksums.hashed();
    open();
    assertEquals(first, Checksums.hashed());
  }

  @Test
  void whatIsWrittenHasItsList() throws IOException {
    Path written = folder.resolve("written");
    verify();
    try (RecordingWriter writer = RecordingWriter.create(written)) {
      for (String name : List.of(Checksums.NAME, "sha256sums")) {
        IllegalArgumentException e =
            assertThrows(IllegalArgumentException.class, () -> writer.sequence(name, 10, 0));
        assertTrue(e.getMessage().contains("a file of every recording"), e.getMessage());
      }
      writer.sequence("responses", 10, 0).append(new float[] {1, 2, 3, 4, 5, 6}, 2);
      writer.finish();
    }
    List<String> lines = Files.readAllLines(written.resolve(Checksums.NAME));
    assertEquals(
        List.of("meta.json", "responses/data.mem", "responses/meta.yml"),
        lines.stream().map(line -> line.substring(66)).filter(n -> !n.contains("/meta/")).toList());
    assertEquals(List.of(), Checksums.compare(written));
    Experiment.open(written, DefaultConfigs.forRecording(written).modalities()).close();
    try (RecordingWriter writer = RecordingWriter.create(written, true)) {
      writer.sequence("responses", 10, 0).append(new float[] {6, 5, 4, 3, 2, 1}, 2);
      writer.finish();
    }
    assertEquals(List.of(), Checksums.compare(written));
    assertFalse(lines.equals(Files.readAllLines(written.resolve(Checksums.NAME))));
  }

  @Test
  void statisticsThatAreWrittenComeIntoTheList() throws IOException {
    Map<String, org.syncline.stats.DeviceStatistics> found =
        RecordingStatistics.of(root).devices("responses").compute();
    RecordingStatistics.write(root, found, true);
    assertEquals(List.of(), Checksums.compare(root));
    flip(root.resolve("treadmill/meta.yml"));
    RecordingStatistics.write(root, found, true);
    assertEquals(
        "a file that changed since the list was made: treadmill/meta.yml",
        Checksums.compare(root).getFirst().found());
    String broken = "no list at all";
    Files.writeString(root.resolve(Checksums.NAME), broken);
    RecordingStatistics.write(root, found, true);
    assertEquals(broken, Files.readString(root.resolve(Checksums.NAME)));
  }
}
