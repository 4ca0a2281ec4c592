/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.error.ConfigException;
import org.syncline.testdata.NpyFile;

/** Filters that speak of labels and of shares of finite values, in datasets. */
@Tag("any-width")
class ChunkFiltersTest {
  private static final long SEED = System.nanoTime();

  @TempDir Path root;

  private static String config(String filters) {
    return "safe_interval_threshold: 0\nmodality_config:\n  a: {sampling_rate: 8, chunk_size: 3, filters: {f: "
        + filters
        + "}}\n  labels: {sampling_rate: 8, chunk_size: 3}\n";
  }

  private void labels(double... ends) {
    new Handmade(root).labels(12.375, 0, 1);
    NpyFile.write(root.resolve("labels/moving.npy"), ends, ends.length / 2, 2);
  }

  private List<Double> starts(String filter) {
    try (ChunkDataset d = Handmade.open(root, config(filter))) {
      List<Double> starts = new ArrayList<>();
      for (double t : d.startTimes()) {
        starts.add(t);
      }
      return starts;
    }
  }

  private String error(String filter) {
    return assertThrows(ConfigException.class, () -> starts(filter)).getMessage();
  }

  @Test
  void labelsDecideWhatIsValid() {
    new Handmade(root).sequence("a", 8, 0, 12.375, 100, 1, i -> i);
    labels(1, 2, 3, 3.25, 4, 4.5, 4.25, 5);
    String filter = "{_target_: label_filter, device: labels, label: moving";
    // half-open: the point at 2 s is out, and chunks need three points
    assertEquals(
        List.of(1.0, 1.125, 1.25, 1.375, 1.5, 1.625, 4.0, 4.125, 4.25, 4.375, 4.5, 4.625),
        starts(filter + "}"));
    // each interval loses both ends by itself: 4 to 4.5 and 4.25 to 5 overlap no longer
    assertEquals(
        List.of(1.25, 1.375),
        starts(
            filter.replace("label_filter", "syncline.filters.common_filters.label_filter")
                + ", margin: 0.25}"));
    assertEquals(List.of(), starts(filter + ", margin: 1}"));
    List<Double> outside = starts(filter + ", invert: true, margin: 0.125}");
    assertEquals(
        List.of(0.0, 0.125, 0.25, 0.375, 0.5, 2.125, 2.25, 2.375, 2.5, 3.375, 3.5, 5.125),
        outside.subList(0, 12));
    // the complement lies in the device's range: half-open, its last point is out
    assertEquals(12.0, outside.getLast());
  }

  @Test
  void unknownDevicesAndLabelsAreNamed() {
    new Handmade(root).sequence("a", 8, 0, 12.375, 100, 1, i -> i);
    labels(1, 2);
    String text = error("{_target_: label_filter, device: labes, label: moving}");
    assertTrue(
        text.contains("f.device: is 'labes'") && text.contains("did you mean 'labels'?"), text);
    text = error("{_target_: label_filter, device: labels, label: movign}");
    assertTrue(
        text.contains("f.label: is 'movign'") && text.contains("did you mean 'moving'?"), text);
    text = error("{_target_: label_filter, device: a, label: moving}");
    assertTrue(text.contains("has no labelled intervals"), text);
    text = error("{_target_: label_filter, device: labels}");
    assertTrue(text.contains("f.label: is missing, expected text"), text);
    text = error("{_target_: label_filter, device: labels, label: moving, margn: 1}");
    assertTrue(text.contains("did you mean 'margin'?"), text);
    text = error("{_target_: label_filter, device: labels, label: moving, margin: -1}");
    assertTrue(text.contains("expected a number of seconds from 0"), text);
    text = error("{_target_: finite_filter, min_share: 1.5}");
    assertTrue(text.contains("expected a number from 0 to 1"), text);
    text = error("{_target_: finit_filter}");
    assertTrue(text.contains("did you mean 'finite_filter'?"), text);
    String other =
        config("{_target_: nan_filter}")
            .replace("labels: {", "labels: {filters: {g: {_target_: finite_filter}}, ");
    ConfigException e = assertThrows(ConfigException.class, () -> Handmade.open(root, other));
    assertTrue(e.getMessage().contains("finite_filter counts values in them"), e.getMessage());
  }

  @Test
  void sharesOfFiniteValuesAreThoseOfTheDefinition() {
    System.out.println("ChunkFiltersTest seed " + SEED);
    Random random = new Random(SEED);
    double[] odd = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
    double[] values = new double[300];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(4) == 0 ? odd[random.nextInt(3)] : random.nextGaussian();
    }
    new Handmade(root).sequence("a", 8, 0, 12.375, 100, 3, i -> values[i]);
    labels(1, 2);
    for (boolean selected : new boolean[] {false, true}) {
      for (double least : new double[] {0.5, 2 / 3.0, 1, 0}) {
        String text =
            config("{_target_: finite_filter, min_share: " + least + "}")
                .replace("  a: {", selected ? "  a: {columns: [2, 0], " : "  a: {");
        List<Double> expected = new ArrayList<>();
        for (int first = 0; first < 97; first++) {
          int finite = 0;
          int all = 0;
          for (int row = first; row < first + 3; row++) {
            for (int column : selected ? new int[] {0, 2} : new int[] {0, 1, 2}) {
              finite += Double.isFinite(values[3 * row + column]) ? 1 : 0;
              all++;
            }
          }
          if (finite / (double) all >= least) {
            expected.add(first / 8.0);
          }
        }
        try (ChunkDataset d = Handmade.open(root, text)) {
          List<Double> found = new ArrayList<>();
          for (double t : d.startTimes()) {
            found.add(t);
          }
          assertEquals(expected, found, text);
        }
      }
    }
  }
}
