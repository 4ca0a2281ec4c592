/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.syncline.Registry;
import org.syncline.device.intervals.TimeIntervalMeta;
import org.syncline.device.screen.ScreenMeta;
import org.syncline.device.sequence.SequenceMeta;
import org.syncline.device.spikes.SpikesMeta;
import org.syncline.error.RecordingException;
import org.syncline.format.Recordings;
import org.syncline.format.Statistics;

class DeviceMetaTest {
  @TempDir Path folder;

  private DeviceMeta read(String meta) throws IOException {
    Files.writeString(folder.resolve("meta.yml"), meta);
    return Registry.EMPTY.read(folder);
  }

  @Test
  void sequence() throws IOException {
    SequenceMeta meta =
        assertInstanceOf(
            SequenceMeta.class,
            read(
                "modality: sequence\nsampling_rate: 8\nstart_time: 1600000000.0\nend_time: 1600000040\nn_signals: 23\n"
                    + "n_timestamps: 321\ndtype: '<f4'\nis_mem_mapped: true\nphase_shift_per_signal: true\nextra: [1]\n"));
    assertEquals(
        new SequenceMeta(folder, 8, 1600000000.0, 1600000040.0, true, 23, true, "<f4", 321, true),
        meta);
    assertEquals(folder.resolve("data.mem"), meta.dataFile());
    assertFalse(meta.irregular());
    SequenceMeta npy =
        (SequenceMeta) read("modality: sequence\nsampling_rate: 8\nstart_time: 0\nend_time: 1\n");
    assertEquals(-1, npy.signals());
    assertEquals(-1, npy.timestamps());
    assertEquals(folder.resolve("data.npy"), npy.dataFile());
  }

  @Test
  void timesMayBeNoNumbers() throws IOException {
    for (String none : new String[] {"null", "~", ".nan", ".inf", "-.inf", ""}) {
      DeviceMeta meta =
          read("modality: sequence\nsampling_rate: 8\nstart_time: " + none + "\nend_time: 1\n");
      assertFalse(meta.hasFiniteTimes(), none);
      assertTrue(meta.timesDeclared());
    }
    assertTrue(
        read("modality: sequence\nsampling_rate: 8\nstart_time: -1\nend_time: 1\n")
            .hasFiniteTimes());
  }

  @Test
  void irregularSequencesHaveTheirOwnTimes() throws IOException {
    String text = "modality: sequence\nn_signals: 1\n";
    assertTrue(
        assertThrows(RecordingException.class, () -> read(text))
            .getMessage()
            .contains("timestamps.npy"));
    Recordings.npy(folder.resolve("timestamps.npy"), new double[] {0, 1, 3}, 3);
    SequenceMeta meta = (SequenceMeta) read(text);
    assertTrue(meta.irregular());
    assertFalse(meta.timesDeclared());
  }

  @Test
  void otherModalities() throws IOException {
    ScreenMeta screen =
        (ScreenMeta) read("modality: screen\nframe_rate: 30\nuse_stimuli_names: true\n");
    assertTrue(screen.useStimuliNames());
    assertEquals(30, screen.frameRate());
    assertFalse(screen.timesDeclared());
    TimeIntervalMeta labels =
        (TimeIntervalMeta)
            read(
                "modality: time_interval\nstart_time: 0\nend_time: 1\nlabels: {b: b.npy, a: x.npy}\n");
    assertEquals(List.of("b", "a"), List.copyOf(labels.labels().keySet()));
    assertEquals(folder.resolve("x.npy"), labels.labels().get("a"));
    SpikesMeta spikes =
        (SpikesMeta)
            read(
                "modality: spikes\nstart_time: 0\nend_time: 1\nspike_indices:\n- 0\n- 2\n- 2\nn_signals: 2\n");
    assertArrayEquals(new long[] {0, 2, 2}, spikes.spikeIndices());
    assertEquals(2, spikes.units());
    assertEquals("float64", spikes.dtype());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "n_signals: 3 | modality | one of sequence, screen, time_interval, spikes",
        "modality: images | modality | found 'images', expected one of sequence, screen",
        "modality: Sequence | modality | write it in lower case",
        "modality: 3 | modality | found number 3 (line 1), expected text",
        "modality: sequence_sampling_rate: 0_start_time: 0_end_time: 1 | sampling_rate | found 0.0, expected a positive number",
        "modality: sequence_sampling_rate: -.inf_start_time: 0_end_time: 1 | sampling_rate | -Infinity",
        "modality: sequence_sampling_rate: fast_start_time: 0_end_time: 1 | sampling_rate | found text 'fast' (line 2), expected a number",
        "modality: sequence_sampling_rate: 1_end_time: 1 | start_time | found nothing, expected a number",
        "modality: sequence_sampling_rate: 1_start_time: soon_end_time: 1 | start_time | found text 'soon'",
        "modality: sequence_sampling_rate: 1_start_time: 0_end_time: 1_is_mem_mapped: true | dtype | is_mem_mapped is true",
        "modality: sequence_sampling_rate: 1_start_time: 0_end_time: 1_is_mem_mapped: 1 | is_mem_mapped | true or false",
        "modality: sequence_sampling_rate: 1_start_time: 0_end_time: 1_n_signals: -3 | n_signals | found number -3",
        "modality: sequence_sampling_rate: 1_start_time: 0_end_time: 1_n_signals: 1.5 | n_signals | found number 1.5",
        "modality: sequence_sampling_rate: 1_start_time: 0_end_time: 1_n_signals: 9999999999 | n_signals | to 2147483647",
        "modality: time_interval_start_time: 0_end_time: 1 | labels | found nothing",
        "modality: time_interval_start_time: 0_end_time: 1_labels: {a: ../b.npy} | labels.a | it leaves the folder",
        "modality: time_interval_start_time: 0_end_time: 1_labels: {a: /etc/passwd} | labels.a | it is an absolute path",
        "modality: spikes_start_time: 0_end_time: 1_spike_indices: [0, 3, 2] | spike_indices[2] | found 2 after 3",
        "modality: spikes_start_time: 0_end_time: 1_spike_indices: [0, -1] | spike_indices[1] | found number -1",
        "modality: spikes_start_time: 0_end_time: 1_spike_indices: [0, x] | spike_indices[1] | found text 'x'",
        "modality: spikes_start_time: 0_end_time: 1_spike_indices: [0, 3]_n_signals: 2 | n_signals | found 2, expected 1",
      })
  void wrongKeysAreNamed(String text, String key, String expected) {
    String meta = lines(text);
    RecordingException e = assertThrows(RecordingException.class, () -> read(meta));
    assertEquals(key, e.key());
    assertEquals(folder.resolve("meta.yml").toString(), e.file());
    assertTrue(e.getMessage().contains(expected), e.getMessage());
  }

  private static String lines(String text) {
    String yaml = text;
    for (String key :
        new String[] {
          "sampling_rate",
          "start_time",
          "end_time",
          "is_mem_mapped",
          "n_signals",
          "labels",
          "spike_indices",
          "dtype"
        }) {
      yaml = yaml.replace("_" + key + ":", "\n" + key + ":");
    }
    return yaml;
  }

  @Test
  void brokenFilesAreNamed() throws IOException {
    RecordingException none =
        assertThrows(
            RecordingException.class, () -> Registry.EMPTY.read(folder.resolve("nothing")));
    assertTrue(none.getMessage().contains("found no such file"), none.getMessage());
    for (String text : new String[] {"", "- 1", "a: [", "a: 1\na: 2", "\0", "x"}) {
      RecordingException e = assertThrows(RecordingException.class, () -> read(text), text);
      assertTrue(e.getMessage().startsWith(folder.resolve("meta.yml").toString()), e.getMessage());
    }
    Files.delete(folder.resolve("meta.yml"));
    Files.createDirectory(folder.resolve("meta.yml"));
    assertThrows(RecordingException.class, () -> Registry.EMPTY.read(folder));
  }

  @Test
  void statisticsHaveOneOfThreeShapes() throws IOException {
    long[][] shapes = {{3}, {1, 3}, {3, 1}};
    for (long[] shape : shapes) {
      Recordings.npy(Statistics.file(folder, "means"), new double[] {1, 2, 3}, shape);
      assertArrayEquals(new double[] {1, 2, 3}, Statistics.read(folder, "means", 3));
      Recordings.npy(Statistics.file(folder, "unit_ids"), new double[] {7, 8, 9}, shape);
      assertArrayEquals(new long[] {7, 8, 9}, Statistics.unitIds(folder, 3));
    }
    assertThrows(RecordingException.class, () -> Statistics.read(folder, "means", 4));
    Recordings.npy(Statistics.file(folder, "means"), new double[6], 2, 3);
    RecordingException e =
        assertThrows(RecordingException.class, () -> Statistics.read(folder, "means", 6));
    assertEquals("shape", e.key());
    assertThrows(RecordingException.class, () -> Statistics.read(folder, "stds", 3));
  }
}
