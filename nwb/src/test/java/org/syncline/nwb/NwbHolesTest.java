/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.syncline.error.RecordingException;

/** Imports datasets that were written in part. */
@Tag("any-width")
class NwbHolesTest {
  @TempDir Path folder;

  private float[] imported(String name) throws IOException {
    Path recording =
        NwbImport.of(NwbImportTest.resource("holes.nwb")).only(name).to(folder).recording();
    byte[] bytes = Files.readAllBytes(recording.resolve(name).resolve("data.mem"));
    float[] values = new float[bytes.length / 4];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "extensible         | 200    | 2 | -7 | 0-50 150-200",
        "extensible_first   | 600    | 3 | -7 | 100-600",
        "extensible_blocks  | 2000   | 4 | -7 | 0-50 1500-1510",
        "extensible_pages   | 140000 | 1 | -7 | 3-5 131059-131061 132200-132203 138001-138002",
        "extensible_columns | 40     | 6 | -7 | 10-20 30-40",
        "extensible_wider   | 40     | 6 | -7 | 10-40",
        "extensible_cut     | 170    | 2 | -7 | 0-170",
        "fixed              | 200    | 2 | -7 | 0-50 150-200",
        "fixed_gzip         | 200    | 2 | -7 | 0-50 150-200",
        "fixed_pages        | 5000   | 1 | -7 | 2000-2100 4990-5000",
        "fixed_wider        | 40     | 6 | -7 | 10-40",
        "implicit_wider     | 40     | 6 | 0  | 10-40",
        "tree_2             | 200    | 2 | -7 | 0-50 150-200",
        "single             | 200    | 2 | -7 | 0-0"
      })
  void rowsThatWereNeverWrittenHaveTheFillValueAndAllOthersTheirOwn(
      String name, int rows, int columns, float fill, String written) throws IOException {
    float[] expected = new float[rows * columns];
    Arrays.fill(expected, fill);
    for (String range : written.split(" ")) {
      String[] ends = range.split("-");
      for (int i = Integer.parseInt(ends[0]) * columns;
          i < Integer.parseInt(ends[1]) * columns;
          i++) {
        expected[i] = i + 1;
      }
    }
    assertArrayEquals(expected, imported(name));
  }

  @Test
  void damagedIndicesAreRefused() throws IOException {
    byte[] whole = Files.readAllBytes(NwbImportTest.resource("holes.nwb"));
    String text = new String(whole, StandardCharsets.ISO_8859_1);
    for (String block : new String[] {"EAHD", "EAIB", "EASB", "EADB", "FAHD", "FADB"}) {
      byte[] damaged = whole.clone();
      for (int at = text.indexOf(block); at >= 0; at = text.indexOf(block, at + 1)) {
        damaged[at + 9] ^= 1;
      }
      Path file = Files.write(folder.resolve(block + ".nwb"), damaged);
      String name = block.startsWith("E") ? "extensible_blocks" : "fixed";
      NwbImport job = NwbImport.of(file).only(name);
      RecordingException e =
          assertThrows(RecordingException.class, () -> job.to(folder.resolve("out")), block);
      assertEquals("acquisition/" + name + "/data", e.key());
      assertTrue(e.getMessage().toLowerCase().contains("checksum"), e.getMessage());
    }
  }
}
