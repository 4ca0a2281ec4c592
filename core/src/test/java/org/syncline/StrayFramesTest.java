/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.config.DatasetConfig;
import org.syncline.device.support.LogCapture;
import org.syncline.testdata.NpyFile;

/** Chunks with a frame of a trial that conditions leave out are counted when they are opened. */
@Tag("any-width")
class StrayFramesTest {
  private static final Pattern FOUND =
      Pattern.compile("(\\d+) of (\\d+) chunks shows? a frame of a trial that ");

  @TempDir Path root;

  private int trialOf(List<Map<String, Object>> trials, int frame) {
    int k = 0;
    for (int end = 0; ; k++) {
      end += (int) trials.get(k).get("num_frames");
      if (frame < end) {
        return k;
      }
    }
  }

  @Test
  void aChunkWithinTheToleranceOfATrialThatIsLeftOutIsSaid() {
    List<Map<String, Object>> trials =
        List.of(
            Handmade.video(40, "tier", "train"),
            Handmade.video(40, "tier", "test"),
            Handmade.video(40, "tier", "train"));
    new Handmade(root).screen(0, 10, trials);
    double[] times = new double[120];
    for (int i = 0; i < times.length; i++) {
      times[i] = i / 10.0 + 0.01;
    }
    // 0.05 ms after a point of the grid
    times[40] = 0.51 + 3.5 + 0.00005;
    Path clock = root.resolve("screen/timestamps.npy");
    NpyFile.write(clock, times, times.length);
    DatasetConfig config =
        Handmade.config(
            "modality_config: {screen: {sampling_rate: 10, chunk_size: 5, valid_condition: {tier:"
                + " train}}}");
    try (LogCapture log = new LogCapture();
        ChunkDataset dataset = ChunkDataset.open(root, config, Registry.EMPTY)) {
      String said =
          "modality_config.screen.valid_condition: 1 of "
              + dataset.length()
              + " chunks shows a frame of a trial that it leaves out, as that from 3.6099999999999994 s one of"
              + " the trial from 4.01005 s";
      assertTrue(log.messages().stream().anyMatch(m -> m.contains(said)), log.messages()::toString);
      assertTrue(dataset.explain().toString().contains(said), dataset.explain()::toString);
    }
    times[40] = 0.51 + 3.5 + 0.0002;
    NpyFile.write(clock, times, times.length);
    try (LogCapture log = new LogCapture();
        ChunkDataset _ = ChunkDataset.open(root, config, Registry.EMPTY)) {
      assertEquals(List.of(), log.messages());
    }
  }

  @Test
  void theCountIsThatOfAllChunksThatAreRead() {
    long seed = Long.getLong("syncline.seed", 15);
    int strays = 0;
    int without = 0;
    for (int i = 0; i < Integer.getInteger("syncline.cases", 40); i++) {
      int found = compare(new Random(seed + i), "seed " + (seed + i));
      strays += found;
      without += found == 0 ? 1 : 0;
    }
    assertTrue(strays > 20 && without > 5, strays + " strays, " + without + " cases without");
  }

  private int compare(Random random, String name) {
    List<Map<String, Object>> trials = new ArrayList<>();
    int frames = 0;
    while (frames < 180) {
      int n = random.nextBoolean() ? 1 + random.nextInt(3) : 3 + random.nextInt(30);
      trials.add(Handmade.video(n, "tier", random.nextInt(3) > 0 ? "train" : "test"));
      frames += n;
    }
    new Handmade(root).screen(0, 10, trials);
    double[] times = new double[frames];
    double jitter = random.nextInt(3) > 0 ? 0.0003 : 0.003;
    double step = random.nextInt(3) == 0 ? 0.05 : 0.1;
    for (int i = 0; i < frames; i++) {
      // the first decides where the grid lies
      times[i] = i * step + 0.01 + (i == 0 ? 0 : (random.nextDouble() - 0.5) * jitter);
    }
    NpyFile.write(root.resolve("screen/timestamps.npy"), times, frames);
    boolean within = random.nextInt(3) == 0;
    double rate = random.nextBoolean() ? 10 : 10 + random.nextDouble();
    DatasetConfig config =
        Handmade.config(
            "interpolate_precision: "
                + (random.nextInt(3) == 0 ? 3 : 5)
                + "\nwithin_trial: "
                + within
                + "\ntime_grid: "
                + (random.nextInt(3) == 0 ? "exact" : "rounded")
                + "\nmodality_config: {screen: {sampling_rate: "
                + rate
                + ", chunk_size: "
                + (1 + random.nextInt(12))
                + (within && random.nextBoolean() ? "" : ", valid_condition: {tier: train}")
                + "}}");
    boolean all = config.modalities().get("screen").validCondition() == null;
    int strays = 0;
    int said = 0;
    try (LogCapture log = new LogCapture();
        ChunkDataset dataset = ChunkDataset.open(root, config, Registry.EMPTY)) {
      double[] starts = dataset.trialStarts();
      for (int i = 0; i < dataset.length(); i++) {
        int begins = Arrays.binarySearch(starts, dataset.startTimes()[i]);
        begins = begins < 0 ? -begins - 2 : begins;
        boolean stray = false;
        try (Chunk chunk = dataset.item(i)) {
          double[] pixels = Handmade.doubles(chunk.tensor("screen"));
          for (int p = 0; p < pixels.length; p += 6) {
            int shown = trialOf(trials, (int) pixels[p]);
            stray |=
                within ? shown != begins : !all && !trials.get(shown).get("tier").equals("train");
          }
        }
        strays += stray ? 1 : 0;
      }
      for (String message : log.messages()) {
        Matcher matcher = FOUND.matcher(message);
        if (matcher.find()) {
          said = Integer.parseInt(matcher.group(1));
          assertEquals(dataset.length(), Integer.parseInt(matcher.group(2)), name);
        }
      }
    }
    assertEquals(strays, said, () -> name + ": " + config.modalities());
    return strays;
  }
}
