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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.document.Documents;
import org.syncline.document.MapNode;
import org.syncline.error.RecordingException;
import org.syncline.storage.NpyTexts;
import org.syncline.testdata.NpyFile;

/** Imports a file whose attributes change what its numbers mean, or of which nothing becomes. */
@Tag("any-width")
class NwbMeaningTest {
  @TempDir Path folder;

  private static NwbImport meaning(String... only) {
    NwbImport job = NwbImport.of(NwbImportTest.resource("meaning.nwb"));
    for (String name : only) {
      job.only(name);
    }
    return job;
  }

  private static List<String> notes(NwbReport report, String device) {
    return report.mapped().stream()
        .filter(m -> m.device().equals(device))
        .findFirst()
        .orElseThrow()
        .notes();
  }

  private static double[] array(NwbReport report, String file) {
    return NpyFile.read(report.recording().resolve(file)).doubles();
  }

  private static Map<?, ?> says(NwbReport report, String device) throws IOException {
    Path file = report.recording().resolve(device).resolve("meta/nwb.json");
    return (Map<?, ?>) ((MapNode) Documents.json(file)).value().get("says");
  }

  private static double number(NwbReport report, String device, String key) throws IOException {
    Path file = report.recording().resolve(device).resolve("meta.yml");
    return ((Number) ((MapNode) Documents.yaml(file)).get(key).value()).doubleValue();
  }

  @Test
  void whatMakesNoValuesOrNoTimesIsLeftOutWithItsRemedy() {
    NwbReport report = meaning().to(folder);
    Map<String, String> faulty =
        report.left().stream()
            .filter(NwbReport.Left::faulty)
            .collect(
                Collectors.toMap(
                    NwbReport.Left::path, NwbReport.Left::reason, (a, b) -> a, TreeMap::new));
    String coarse = "found float32, which has steps of 0.015625 s at ";
    Map<String, List<String>> wanted =
        Map.ofEntries(
            Map.entry(
                "acquisition/zeros",
                List.of("data@conversion: found 0.0", "with the element type stored")),
            Map.entry("acquisition/black", List.of("data@conversion: found 0.0")),
            Map.entry(
                "acquisition/dead_channels",
                List.of("channel_conversion: found 0.0 for all of 3 channels")),
            Map.entry(
                "acquisition/coarse", List.of("timestamps: " + coarse, "repair coarse-times")),
            Map.entry("acquisition/coarse_uneven", List.of("timestamps: " + coarse)),
            Map.entry(
                "acquisition/some_times",
                List.of("timestamps@interval: found 10.0, with 10 times of 100 samples")),
            Map.entry(
                "acquisition/short_control/control",
                List.of("found 5 numbers, expected one for each sample")),
            Map.entry(
                "processing/sorted/samples",
                List.of(
                    "spike_times@unit: found 'samples', expected seconds",
                    "give the rate of these units; by its resolution it is 30000.0000 Hz")),
            Map.entry("processing/sorted/rounded", List.of("spike_times: " + coarse)),
            Map.entry(
                "processing/sorted/starts",
                List.of(
                    "spike_times_index: found 2 as the end of the last unit, of 4 spike_times",
                    "the repair cut-to-shortest")),
            Map.entry(
                "processing/sorted/small",
                List.of("found 88 as the end of the last unit, of 600 spike_times")),
            Map.entry(
                "acquisition/in_ms",
                List.of(
                    "found a clock of 0.0300000 Hz where its imaging plane says 30.0000 Hz: times"
                        + " are milliseconds")),
            Map.entry(
                "acquisition/numbered",
                List.of("found a clock of 1.00000 Hz", "times are numbers of samples")),
            Map.entry(
                "stimulus/presentation/elsewhere",
                List.of("indexed_images/0: found no numbers, expected pixels")),
            Map.entry("intervals/late", List.of("start_time: " + coarse)));
    assertEquals(new TreeMap<>(wanted).keySet(), faulty.keySet(), report.toText());
    wanted.forEach(
        (path, texts) ->
            texts.forEach(
                text -> assertTrue(faulty.get(path).contains(text), path + faulty.get(path))));
    assertEquals(
        List.of(
            "channel_conversion is 0 for 1 of 3 channels, the first 1: they are zeros",
            "conversion 1.0, times a factor a channel, offset 0.0, unit a.u."),
        notes(report, "dead_channel"));
    assertEquals(
        List.of("timestamps of the unit 'seconds since start' taken as seconds"),
        notes(report, "odd_unit"));
    assertTrue(
        notes(report, "steps").getFirst().contains("their type has steps of 0.00195 s"),
        report.toText());
    assertTrue(
        notes(report, "whole")
            .contains(
                "times are int64, whole seconds: if they are samples, their unit must say so"),
        report.toText());
  }

  @Test
  void timesPastTheLastUnitAreLeftOutWhereThatIsAskedFor() {
    NwbReport report = meaning("starts").repair(Repair.CUT_TO_SHORTEST).to(folder);
    assertTrue(
        notes(report, "starts")
            .contains("cut-to-shortest: 2 as the end of the last unit, of 4 spike_times"),
        report.toText());
  }

  @Test
  void aClockOfAnotherRateThanItsPlaneIsTaken() throws IOException {
    assertEquals(7.5, number(meaning("slower").to(folder), "slower", "sampling_rate"), 1e-9);
  }

  @Test
  void storedZerosAreWrittenWhereTheyAreAskedFor() throws IOException {
    NwbReport report = meaning("zeros").type(ValueType.STORED).to(folder);
    assertEquals(4 * 3 * 8, Files.size(report.recording().resolve("zeros/data.mem")));
  }

  @Test
  void roundedTimesGetTheirRateBackOrStayAsTheyAre() throws IOException {
    NwbReport report =
        meaning("coarse", "coarse_uneven", "steps", "rounded", "late")
            .repair(Repair.COARSE_TIMES)
            .to(folder);
    assertEquals(50, number(report, "coarse", "sampling_rate"), 0.01);
    assertEquals(200000, number(report, "coarse", "start_time"), 0.002);
    assertEquals(300, number(report, "steps", "sampling_rate"), 0.05);
    assertFalse(Files.exists(report.recording().resolve("coarse/timestamps.npy")));
    assertEquals(
        (double) (float) (200000 + 8 / 50.0), array(report, "coarse_uneven/timestamps.npy")[8]);
    assertArrayEquals(
        new double[] {(float) 200000.01, (float) 200001.5}, array(report, "rounded/spikes.npy"));
    assertEquals((float) 200000.01, array(report, "late/late.npy")[0]);
    List<String> notes = notes(report, "coarse");
    assertTrue(
        notes.getFirst().startsWith("coarse-times: timestamps are float32"), notes::toString);
    assertTrue(notes.getLast().endsWith("from 300 times with steps of 0.0156 s"), notes::toString);
  }

  @Test
  void samplesOfSpikesNeedTheirRate() throws IOException {
    NwbReport report = meaning("samples").rate("samples", 30000).to(folder);
    assertArrayEquals(new double[] {1, 2, 0.5, 3}, array(report, "samples/spikes.npy"));
    assertTrue(
        notes(report, "samples").contains("numbers of samples, of the user's rate of 30000.0 Hz"),
        report.toText());
    RecordingException seconds =
        assertThrows(
            RecordingException.class,
            () -> meaning("twice").rate("twice", 30000).replace(true).to(folder));
    assertTrue(
        seconds.getMessage().contains("expected samples, since a rate was given"),
        seconds.getMessage());
  }

  @Test
  void repeatedIdsStandBesideNumbersFromZero() {
    NwbReport report = meaning("twice").to(folder);
    assertArrayEquals(new double[] {0, 1, 2}, array(report, "twice/meta/unit_ids.npy"));
    assertArrayEquals(new double[] {7, 7, 9}, array(report, "twice/meta/file_ids.npy"));
    List<String> notes = notes(report, "twice");
    assertTrue(
        notes.contains(
            "ids that stand there twice (7): unit_ids count from 0, and meta/file_ids.npy has those"
                + " of the file, which select reads"),
        notes.toString());
    assertTrue(
        notes.contains("columns of the table that no device has: waveform_mean"), notes.toString());
  }

  @Test
  void controlOfSamplesBecomesLabels() {
    NwbReport report = meaning("sorted_out_control").to(folder);
    assertArrayEquals(
        new double[] {0, 0.1, 0.3, 0.4}, array(report, "sorted_out_control/good.npy"), 1e-12);
    assertArrayEquals(new double[] {0.1, 0.3}, array(report, "sorted_out_control/bad.npy"), 1e-12);
    assertArrayEquals(
        new double[] {0.4, 0.6}, array(report, "sorted_out_control/control_2.npy"), 1e-12);
    assertEquals(
        List.of("2 samples have a number that control_description does not name"),
        notes(report, "sorted_out_control"));
  }

  @Test
  void eventsBecomeLabelsOrWhereTheyAreNamedSpikes() {
    NwbReport report = meaning("licks", "ripples").labels("ripples", "kind").to(folder);
    assertArrayEquals(new double[] {1, 1.25}, array(report, "ripples/a.npy"));
    assertArrayEquals(new double[] {3, 3.5}, array(report, "ripples/b.npy"));
    assertEquals(List.of("1 events without a duration are left out"), notes(report, "ripples"));
    assertArrayEquals(new double[] {0.5, 1, 2}, array(report, "licks/spikes.npy"));
    assertTrue(
        notes(report, "licks").contains("columns that no device has: side"), report.toText());
    assertTrue(
        meaning().list().stream()
            .anyMatch(item -> item.path().equals("events/licks") && item.onRequest()));
  }

  @Test
  void whatASeriesSaysBesidesIsKeptOrNamed() throws IOException {
    NwbReport report = meaning().to(folder);
    assertEquals(List.of("not imported: large, sync"), notes(report, "filtered"));
    assertEquals("300-6000 Hz", says(report, "filtered").get("filtering"));
    assertEquals("/general/devices", says(report, "filtered").get("device"));
    assertEquals("corner", says(report, "place").get("reference_frame"));
    assertEquals(0.5, says(report, "sorted_out").get("data@resolution"));
    assertEquals("of a test", says(report, "sorted_out").get("comments"));
    assertEquals(
        List.of("values hold until the next ones (continuity: step)"), notes(report, "sorted_out"));
    Path features = report.recording().resolve("features");
    assertEquals(
        List.of("angle", "speed", "phase"),
        NpyTexts.read(features.resolve("meta/unit_names.npy")).orElseThrow());
    assertEquals(List.of("deg", "deg/s", "deg"), says(report, "features").get("feature_units"));
    // a group of the laboratory beside those of NWB
    assertTrue(Files.exists(report.recording().resolve("beside/data.mem")));
  }
}
