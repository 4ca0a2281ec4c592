/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.document.Documents;
import org.syncline.document.MapNode;
import org.syncline.error.RecordingException;
import org.syncline.testdata.NpyFile;

/** Imports a file whose values are wrong, or mean something else than they seem to. */
@Tag("any-width")
class NwbOddTest {
  @TempDir Path folder;

  private static NwbImport odd() {
    return NwbImport.of(NwbImportTest.resource("odd.nwb"));
  }

  private static List<String> notes(NwbReport report, String device) {
    return report.mapped().stream()
        .filter(m -> m.device().equals(device))
        .findFirst()
        .orElseThrow()
        .notes();
  }

  @Test
  void whatCannotBeRightIsLeftOutAndAllElseIsImported() throws IOException {
    NwbReport report = odd().to(folder);
    Map<String, String> faulty =
        report.left().stream()
            .filter(NwbReport.Left::faulty)
            .collect(Collectors.toMap(NwbReport.Left::path, NwbReport.Left::reason));
    assertEquals(
        Map.of(
            "acquisition/factors",
            "data@conversion: found 3 values, expected one number",
            "acquisition/lost_channel",
            "channel_conversion[1]: found NaN, expected a finite number; with the element type stored, values are"
                + " written without it",
            "acquisition/dark",
            "data@conversion: found NaN, expected a finite number",
            "stimulus/presentation/nothing",
            "data: found NaN at index 1, expected whole numbers",
            "stimulus/presentation/between",
            "data: found 1.5 at index 1, expected whole numbers",
            "stimulus/presentation/mixed",
            "indexed_images: found 0 of [2, 3] and 2 of [2, 3, 3], expected all grey, (H, W), or all in colour, (H, W, 3)"),
        faulty);
    assertEquals(
        List.of("_meta.json", "huge", "obs_intervals", "sure", "trials", "units"),
        report.mapped().stream().map(NwbReport.Mapped::device).sorted().toList());
    assertEquals(4 * 3 * 4, Files.size(report.recording().resolve("_meta.json/data.mem")));
    assertEquals(
        List.of("50 values are too large for float32 and became infinite; ask for float64"),
        notes(report, "huge"));
    assertTrue(Files.isRegularFile(report.recording().resolve("meta.json")));
    assertEquals(
        List.of(
            "spikes from 1.00000 to 50.0000 s lie outside obs_intervals, 0.00000 to 10.0000 s: the"
                + " range holds both"),
        notes(report, "units"));
    RecordingException named =
        assertThrows(
            RecordingException.class, () -> odd().only("nothing").replace(true).to(folder));
    assertTrue(
        named.getMessage().contains("found NaN at index 1, expected whole numbers"),
        named.getMessage());
  }

  @Test
  void factorsThatCannotBeAppliedAreKeptBesideStoredValues() throws IOException {
    NwbReport report = odd().type(ValueType.STORED).only("factors").to(folder);
    MapNode source = (MapNode) Documents.json(report.recording().resolve("factors/meta/nwb.json"));
    assertEquals(List.of(1.0, 2.0, 3.0), source.get("conversion").value());
    assertEquals(0.0, source.get("offset").value());
  }

  @Test
  void aFolderThatCannotBeMadeIsSaid() throws IOException {
    Path taken = Files.writeString(folder.resolve("taken"), "a file");
    UncheckedIOException e = assertThrows(UncheckedIOException.class, () -> odd().to(taken));
    assertEquals(
        "cannot write " + taken.resolve("odd") + ": " + taken + " is there already",
        e.getMessage());
  }

  @Test
  void rowsWithoutALabelAndLabelsThatBecomeOneAreSaid() {
    NwbReport tags = odd().only("trials").labels("trials", "tags").to(folder);
    assertEquals(
        List.of("1 rows without a value of tags are left out", "columns that no device has: kind"),
        notes(tags, "trials"));
    assertArrayEquals(
        new double[] {0, 0.5, 2, 2.5, 3, 3.5},
        NpyFile.read(tags.recording().resolve("trials/x.npy")).doubles());
    NwbReport kinds = odd().only("trials").labels("trials", "kind").replace(true).to(folder);
    assertEquals(
        List.of(
            "4 different values of kind become 2 labels, without blanks around them",
            "columns that no device has: tags"),
        notes(kinds, "trials"));
    assertArrayEquals(
        new double[] {0, 0.5, 1, 1.5, 3, 3.5},
        NpyFile.read(kinds.recording().resolve("trials/a.npy")).doubles());
    assertFalse(Files.exists(kinds.recording().resolve("trials/a_.npy")));
  }
}
