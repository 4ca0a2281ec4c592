/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.syncline.config.DatasetConfig;
import org.syncline.error.SynclineException;
import org.syncline.testdata.NpyFile;
import org.syncline.write.RecordingWriter;

/**
 * Signals by slices, masks and what arrays say of them: six signals, whose values are their
 * numbers.
 */
@Tag("any-width")
class SelectedSignalsTest {
  @TempDir static Path folder;

  @BeforeAll
  static void makeRecording() throws IOException {
    try (RecordingWriter writer = RecordingWriter.create(folder.resolve("recording"))) {
      double[] rows = new double[6 * 100];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = i % 6;
      }
      writer.sequence("wheel", 10, 0).unitIds(10, 11, 12, 13, 14, 15).append(rows, 6);
      writer.finish();
    }
    Path meta = folder.resolve("recording/wheel/meta");
    texts(meta.resolve("area.npy"), '<', "V1", "LM", "V1", "", "LM", "Größe");
    texts(meta.resolve("layer.npy"), '>', "a", "b", "a", "b", "a", "b");
    NpyFile.write(meta.resolve("depth.npy"), new double[] {100, 150, 200, 250, 300, Double.NaN}, 6);
    NpyFile.write(meta.resolve("few.npy"), new double[] {1, 2}, 2);
    texts(meta.resolve("fewer.npy"), '<', "a");
  }

  /** Writes texts as NumPy's type U, or S where all are ASCII and the order is given as |. */
  private static void texts(Path file, char order, String... texts) throws IOException {
    int longest = 1;
    for (String text : texts) {
      longest = Math.max(longest, text.length());
    }
    ByteBuffer data =
        ByteBuffer.allocate(texts.length * longest * 4)
            .order(order == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    for (String text : texts) {
      for (int k = 0; k < longest; k++) {
        data.putInt(k < text.length() ? text.charAt(k) : 0);
      }
    }
    String header =
        "{'descr': '%cU%d', 'fortran_order': False, 'shape': (%d,), }"
            .formatted(order, longest, texts.length);
    header = header + " ".repeat(118 - 1 - header.length()) + "\n";
    var out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0});
    out.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(data.array());
    Files.write(file, out.toByteArray());
  }

  private static String read(String keys) {
    DatasetConfig config =
        DatasetConfig.parse(
            "modality_config: {wheel: {sampling_rate: 10, chunk_size: 5, " + keys + "}}", "c");
    // what is written down is read as the same
    assertEquals(config, DatasetConfig.parse(config.toJson(), "json"));
    try (ChunkDataset dataset = ChunkDataset.open(folder.resolve("recording"), config);
        Chunk chunk = dataset.item(0)) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < chunk.tensor("wheel").size(1); i++) {
        text.append((int) chunk.tensor("wheel").data().getAtIndex(ValueLayout.JAVA_DOUBLE, i));
      }
      return text.toString();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "columns: '1:4' | 123",
        "columns: '::2' | 024",
        "columns: ':' | 012345",
        "columns: '-2:' | 45",
        "columns: '::-1' | 543210",
        "columns: '4:1:-2' | 42",
        "columns: '0, 3:5, -1' | 0345",
        "columns: '2:100' | 2345",
        "columns: [true, false, false, true, false, false] | 03",
        "columns: [5, 0] | 50",
        "select: {meta/area.npy: V1} | 02",
        "select: {meta/area.npy: [V1, Größe]} | 025",
        "select: {meta/area.npy: ''} | 3",
        "select: {meta/depth.npy: {min: 150, max: 250}} | 123",
        "select: {meta/depth.npy: {min: 250}} | 34",
        "select: {meta/depth.npy: 100} | 0",
        "select: {meta/area.npy: [V1, LM], meta/layer.npy: a} | 024",
        "columns: [4, 2, 0], select: {meta/area.npy: V1} | 20",
        "unit_ids: [12, 11, 10], select: {meta/area.npy: V1} | 20",
        "columns: '::-1', select: {meta/layer.npy: b} | 531",
      })
  void theSignalsThatAreChosenAreRead(String keys, String signals) {
    assertEquals(signals, read(keys));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "columns: '1:4:0' | columns: found '1:4:0', expected a list of whole numbers from 0, slices",
        "columns: 'a' | columns: found 'a', expected",
        "columns: '' | columns: found '', expected",
        "columns: '1,,2' | columns: found '1,,2', expected",
        "columns: 3 | columns: found number 3, expected a list of whole numbers",
        "columns: [0, -1] | columns[1]: found number -1, expected a whole number of 0 or more",
        "columns: [0, true] | columns[1]: found true, expected a whole number",
        "columns: [true, 0] | columns[1]: found number 0, expected true or false, as the first",
        "columns: [true, false] | columns: found 2 truth values, expected 6, one for each of",
        "columns: [false, false, false, false, false, false] | columns: found no true, which selects none",
        "columns: [] | columns: found [], which selects none of 6 signals",
        "columns: [1, 0, 1, 1, 0, 1] | columns: found 6 numbers 0 and 1, one for each of the recording's signals: a mask?",
        "unit_ids: [] | unit_ids: found [], which selects none of 6 signals",
        "columns: '6' | columns: found 6, expected 0 to 5",
        "columns: '4:2' | columns: found '4:2', which selects none of 6 signals",
        "columns: '::2', unit_ids: [10] | unit_ids: found together with columns",
        "select: {meta/area.npy: V2} | select.meta/area.npy: found \"V2\", which leaves none of 6 signals; values there: 'V1', 'LM', '', 'Größe'",
        "select: {meta/depth.npy: V2} | leaves none of 6 signals; values there: 100, 150, 200, 250, 300, NaN",
        "select: {meta/none.npy: V1} | none.npy: found no such file, expected an array of one value for each of 6 signals; arrays there: 'meta/area.npy', 'meta/depth.npy'",
        "select: {meta/few.npy: 1} | few.npy: shape: found [2], expected [6]",
        "select: {meta/fewer.npy: a} | fewer.npy: shape: found 1 texts, expected 6",
        "select: {../x.npy: 1} | ../x.npy: found no name of a file inside",
        "select: {meta/area.npy: {least: 3}} | meta/area.npy: found a map, expected a text, a number",
        "select: {meta/area.npy: []} | meta/area.npy: found a list, expected a text, a number",
        "select: V1 | select: found text 'V1', expected a map",
      })
  void whatCannotBeChosenIsSaid(String keys, String message) {
    SynclineException e = assertThrows(SynclineException.class, () -> read(keys));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test
  void statisticsAreThoseOfTheSignalsThatAreRead() {
    DatasetConfig config =
        DatasetConfig.parse(
            "modality_config: {wheel: {sampling_rate: 10, chunk_size: 5, select: {meta/area.npy: LM},"
                + " transforms: {normalization: {means: [0, 1, 2, 3, 4, 5], stds: [1, 1, 1, 1, 1, 1]}}}}",
            "c");
    try (ChunkDataset dataset = ChunkDataset.open(folder.resolve("recording"), config)) {
      assertArrayEquals(new double[] {1, 4}, dataset.statistics().get("wheel").means());
    }
  }

  @Test
  void textsThatDifferInCaseOrBlanksAloneAreSaid() throws IOException {
    Path area = folder.resolve("recording/wheel/meta/other.npy");
    texts(area, '<', "V1", "v1", "V1 ", "LM", "V10", "V1");
    for (String wanted : List.of("V1", "[V1, LM]", "[V1, v1, 'V1 ']")) {
      String yaml =
          "time_grid: exact\nmodality_config: {wheel: {sampling_rate: 10, chunk_size: 2, select:"
              + " {meta/other.npy: "
              + wanted
              + "}}}";
      List<String> said =
          Handmade.warnings(() -> Handmade.open(folder.resolve("recording"), yaml).close());
      boolean all = wanted.contains("v1");
      assertEquals(all ? 0 : 1, said.size(), said::toString);
      assertTrue(
          all || said.getFirst().contains("leaves out signals with 'v1', 'V1 '"), said::toString);
    }
  }
}
