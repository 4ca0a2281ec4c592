/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.ChunkDataset;
import org.syncline.DefaultConfigs;
import org.syncline.loader.Batch;
import org.syncline.loader.ChunkLoader;
import org.syncline.testdata.NpyFile;

/**
 * Imports the files of laboratories in shared/real/nwb, where that folder is, to a batch. Values
 * are compared with what pynwb 4.2 reads of them: the first digits of SHA-256 over {@code
 * (data.astype("f8") * conversion + offset).astype("f4")} and over all spike times.
 */
@Tag("any-width")
class NwbRealFilesTest {
  private static final Map<String, Map<String, String>> DIGESTS =
      Map.of(
          "fluorescence",
          Map.of("RoiResponseSeries/data.mem", "1828ff4a390536ba"),
          "position",
          Map.of(
              "x/data.mem", "7c63aaa53b805189",
              "y/data.mem", "81406dad491d7ffd",
              "z/data.mem", "91533df4b32af6d3",
              "rx/data.mem", "2fcbb09fff4be45b"),
          "units",
          Map.of("units/spikes.npy", "e9fe4121591fd540"));

  @TempDir Path folder;

  @TestFactory
  List<DynamicTest> laboratories() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path p = Path.of("").toAbsolutePath(); p != null; p = p.getParent()) {
      Path real = p.resolve("shared/real/nwb");
      if (Files.isDirectory(real)) {
        DIGESTS.forEach(
            (name, files) -> tests.add(dynamicTest(name, () -> toABatch(real, name, files))));
        break;
      }
    }
    return tests;
  }

  private void toABatch(Path real, String name, Map<String, String> files) throws Exception {
    NwbReport report = NwbImport.of(real.resolve(name + ".nwb")).to(folder);
    assertFalse(report.isFaulty(), report.toText());
    for (Map.Entry<String, String> file : files.entrySet()) {
      assertEquals(
          file.getValue(), digest(report.recording().resolve(file.getKey())), file.getKey());
    }
    try (ChunkDataset dataset =
            ChunkDataset.open(report.recording(), DefaultConfigs.forRecording(report.recording()));
        ChunkLoader loader = ChunkLoader.builder().dataset(dataset).batchSize(2).build();
        Batch batch = loader.remaining().iterator().next()) {
      String device = files.keySet().iterator().next().replaceAll("/.*", "");
      assertNotNull(batch.values().get(device));
      assertEquals(2, batch.size());
    }
  }

  private static String digest(Path file) throws IOException, NoSuchAlgorithmException {
    byte[] bytes;
    if (file.toString().endsWith(".npy")) {
      double[] values = NpyFile.read(file).doubles();
      ByteBuffer all = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
      all.asDoubleBuffer().put(values);
      bytes = all.array();
    } else {
      bytes = Files.readAllBytes(file);
    }
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
    return HexFormat.of().formatHex(hash).substring(0, 16);
  }
}
