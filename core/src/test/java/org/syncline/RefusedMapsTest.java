/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.config.DatasetConfig;
import org.syncline.error.RecordingException;
import org.syncline.testdata.NpyFile;

/** The system maps no file any more: {@code ulimit -v} bounds the address space of a process. */
@Tag("any-width")
@EnabledOnOs(OS.LINUX)
class RefusedMapsTest {
  private static final long GIB = 1L << 30;

  @TempDir Path folder;

  private static void sparse(Path file, byte[] header, long bytes) throws IOException {
    Files.createDirectories(file.getParent());
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.write(header);
      out.setLength(header.length + bytes);
    }
  }

  private void write() throws IOException {
    long rows = 3 * GIB;
    String sequence =
        "modality: sequence\nsampling_rate: 1.0\nstart_time: 0.0\nend_time: "
            + (rows - 1)
            + ".0\nn_signals: 1\nn_timestamps: "
            + rows
            + "\ndtype: float64\nis_mem_mapped: ";
    Handmade.write(folder.resolve("raw/meta.yml"), sequence + "true\n");
    sparse(folder.resolve("raw/data.mem"), new byte[0], rows * 8);
    Handmade.write(folder.resolve("npy/meta.yml"), sequence + "false\n");
    sparse(folder.resolve("npy/data.npy"), NpyFile.header("<f8", false, rows, 1), rows * 8);
    new Handmade(folder).screen("frames", 0, 10, List.of(Handmade.video(24), Handmade.video(20)));
    Path trials = folder.resolve("frames/combined_meta.json");
    Files.writeString(trials, Files.readString(trials).replace("[2,3]", "[32768,32768]"));
    for (int n : new int[] {24, 20}) {
      sparse(
          folder.resolve("frames/data/0000" + (n == 24 ? 0 : 1) + ".npy"),
          NpyFile.header("|u1", false, n, 32_768, 32_768),
          n * GIB);
    }
    new Handmade(folder).sequence("small", 10, 0, 999.9, 10_000, 4, i -> i % 97);
  }

  @Test
  void arraysThatTheSystemDoesNotMapAreErrorsThatNameThem() throws Exception {
    write();
    ProcessBuilder java =
        FreshJvm.of(
            FreshJvm.asThisOne("-Xmx128m", "-XX:+UseSerialGC"), Reading.class, folder.toString());
    List<String> line =
        new ArrayList<>(List.of("sh", "-c", "ulimit -v 12582912 && exec \"$@\"", "sh"));
    line.addAll(java.command());
    FreshJvm.succeeds(new ProcessBuilder(line));
  }

  /** Reads in a process of 12 GiB of address space. */
  static final class Reading {
    private Reading() {}

    private static void read(Path root, String device) {
      DatasetConfig config =
          DatasetConfig.parse(
              "modality_config:\n  "
                  + device
                  + ": {sampling_rate: 1, chunk_size: 2"
                  + (device.equals("frames")
                      ? ", interpolation: {rescale: true, rescale_size: [2, 2]}"
                      : "")
                  + "}\n",
              "c");
      try (Experiment experiment = Experiment.open(root, config.modalities())) {
        experiment.interpolate(new double[] {1.0, 2.0}, device);
      }
    }

    public static void main(String[] args) {
      Path root = Path.of(args[0]);
      Map<String, String> files =
          Map.of("raw", "raw/data.mem", "npy", "npy/data.npy", "frames", "frames/data/00000.npy");
      for (Map.Entry<String, String> file : files.entrySet()) {
        RecordingException e =
            assertThrows(RecordingException.class, () -> read(root, file.getKey()), file.getKey());
        String expected =
            root.resolve(file.getValue()) + ": found a map of 25769803776 bytes that the system";
        assertTrue(e.getMessage().contains(expected), e.getMessage());
        assertTrue(
            e.getMessage().contains("raise vm.max_map_count")
                && e.getMessage().contains("ulimit -v"),
            e.getMessage());
        read(root, "small");
      }
    }
  }
}
