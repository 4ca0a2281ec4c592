/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.syncline.device.support.LogCapture;

/** Samples that come twice or not at all on the rounded grid of times are said at opening. */
@Tag("any-width")
class RoundedStepsTest {
  private static final String SAID =
      "time_grid: rounded puts times to both sides of stored samples";

  @TempDir Path root;

  /** A device that begins after the responses, with the number of each row as its value. */
  private void device(double rate, double start) {
    Handmade files = new Handmade(root);
    files.sequence("responses", 8, start - 0.3, start + 30, 243, 2, i -> 1 + i % 7);
    int rows = (int) (28 * rate);
    files.sequence("running", rate, start, start + (rows - 1) / rate, rows, 1, i -> i);
  }

  private static String config(String grid, double rate, int size, String mode) {
    return "short_chunks: skip\ntime_grid: "
        + grid
        + "\nlead_device: responses\nmodality_config:\n"
        + "  responses: {sampling_rate: 8, chunk_size: 3}\n"
        + "  running: {sampling_rate: "
        + rate
        + ", chunk_size: "
        + size
        + ", interpolation: {interpolation_mode: "
        + mode
        + "}}\n";
  }

  private List<String> said(String config) {
    try (LogCapture log = new LogCapture();
        ChunkDataset _ = Handmade.open(root, config)) {
      return log.messages().stream().filter(m -> m.contains(SAID)).toList();
    }
  }

  /** Returns the share of all steps between samples that are another than the usual. */
  private double odd(String config, String device, double usual) {
    int odd = 0;
    int all = 0;
    try (LogCapture _ = new LogCapture();
        ChunkDataset dataset = Handmade.open(root, config)) {
      for (int i = 0; i < dataset.length(); i++) {
        try (Chunk chunk = dataset.item(i)) {
          double[] values = Handmade.doubles(chunk.tensor(device));
          int pixels = device.equals("screen") ? 6 : 1;
          for (int k = pixels; k < values.length; k += pixels) {
            all++;
            odd += values[k] - values[k - pixels] == usual ? 0 : 1;
          }
        }
      }
    }
    return (double) odd / all;
  }

  @ParameterizedTest
  @CsvSource({
    // rate, asked, samples of a chunk, start
    "20, 20, 20, 0",
    "20, 20, 20, 12.3456",
    "20, 10, 20, 0.3",
    "30, 30, 20, 0",
    "30, 30, 20, 1.7e9",
    "30, 30, 60, 0",
    "100, 100, 20, 0",
    "100, 20, 20, 0",
    "100, 30, 30, 0",
    "1000, 1000, 40, 0",
    "50, 50, 5, 3.7",
    "25, 25, 10, 0",
    "8, 8, 10, 0",
    "8, 16, 10, 0",
    "33, 30, 20, 0",
    "37.5, 37.5, 30, 0",
    "1000, 1000, 300, 1.7e9",
  })
  void whatChunksHoldAndWhatIsSaidAgree(double rate, double asked, int size, double start) {
    device(rate, start);
    double m = rate / asked;
    boolean divides = m == Math.rint(m);
    for (String mode : List.of("nearest_neighbor", "nearest")) {
      String rounded = config("rounded", asked, size, mode);
      String exact = config("exact", asked, size, mode);
      double share = divides ? odd(rounded, "running", m) : 0;
      // a time right between two samples is nearest to either, on an exact grid, too
      double otherwise = divides ? odd(exact, "running", m) : 0;
      List<String> said = said(rounded);
      if (share > 0.06 && otherwise < share / 8) {
        assertEquals(1, said.size(), () -> share + " " + said);
        assertTrue(said.getFirst().contains("% of running; give time_grid: exact"), said::toString);
      } else if (share < 0.025 || otherwise > share / 2) {
        assertEquals(List.of(), said, () -> share + " of all steps");
      }
      assertEquals(List.of(), said(exact));
      assertTrue(otherwise == 0 || mode.equals("nearest"));
    }
    assertEquals(List.of(), said(config("rounded", asked, size, "linear")));
  }

  @Test
  void theOneFrameThatComesTwiceByDefaultIsDocumentedAndNotSaid() {
    new Handmade(root).screen(0, 30, List.of(Handmade.video(200)));
    new Handmade(root).sequence("responses", 8, -0.1, 7.9, 65, 2, i -> 1 + i % 7);
    String config =
        "modality_config:\n  responses: {sampling_rate: 8, chunk_size: 16}\n"
            + "  screen: {sampling_rate: 30, chunk_size: 60}\n";
    assertEquals(1 / 59.0, odd(config, "screen", 1), 1e-9);
    assertEquals(List.of(), said(config));
    assertEquals(0, odd("time_grid: exact\n" + config, "screen", 1));
  }

  @Test
  void framesThatRoundingRepeatsAreSaid() {
    new Handmade(root).screen(0, 30, List.of(Handmade.video(200)));
    new Handmade(root).sequence("responses", 8, -0.1, 7.9, 65, 2, i -> 1 + i % 7);
    // after 3 frames of 0.0333 s it is 0.1 ms early
    String config =
        "interpolate_precision: 4\nmodality_config:\n"
            + "  responses: {sampling_rate: 8, chunk_size: 4}\n"
            + "  screen: {sampling_rate: 30, chunk_size: 15}\n";
    assertEquals(1 / 14.0, odd(config, "screen", 1), 1e-9);
    assertTrue(said(config).toString().contains("7 % of screen"), () -> said(config).toString());
  }

  @ParameterizedTest
  @CsvSource({
    // rate, samples of a chunk; whether the last ones lie half a sample or more beside others
    "60, 36000, true",
    "60, 2400, false",
    "60, 2600, true",
    "30, 60, false",
    "50, 50000, false",
  })
  void aDriftOfSamplesBesideOtherDevicesIsSaid(double rate, int size, boolean drifts) {
    double seconds = size / rate;
    int slow = (int) (8 * seconds) + 80;
    new Handmade(root).sequence("responses", 8, 0, (slow - 1) / 8.0, slow, 1, i -> i % 7);
    int fast = size + (int) (10 * rate);
    new Handmade(root).sequence("running", rate, 0, (fast - 1) / rate, fast, 1, i -> i % 7);
    String config =
        "short_chunks: skip\nlead_device: responses\nmodality_config:\n  responses: {sampling_rate: 8, chunk_size: "
            + (int) (8 * seconds)
            + "}\n  running: {sampling_rate: "
            + rate
            + ", chunk_size: "
            + size
            + "}\n";
    List<String> said = Handmade.warnings(() -> Handmade.open(root, config).close());
    String drift = "of their periods too late beside those of responses; give time_grid: exact";
    assertEquals(drifts, said.stream().anyMatch(m -> m.contains(drift)), said::toString);
    assertEquals(
        List.of(),
        Handmade.warnings(() -> Handmade.open(root, "time_grid: exact\n" + config).close()));
    if (size == 36000) {
      assertTrue(
          said.getFirst()
              .contains(
                  "modality_config.running: interpolate_precision 5 makes its period of"
                      + " 0.016666666666666666 s one of 0.01667 s, so that after 599.875 s of a"
                      + " chunk its samples lie 7.2 of their periods too late"),
          said::toString);
    }
  }
}
