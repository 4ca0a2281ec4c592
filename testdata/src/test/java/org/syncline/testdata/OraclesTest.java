/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.testdata;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The oracles agree with the original, so that what is compared with them is compared with it. */
class OraclesTest {
  @TempDir Path folder;

  private static double number(String meta, String key) {
    return Double.parseDouble(
        meta.lines()
            .filter(l -> l.startsWith(key + ":"))
            .findFirst()
            .orElseThrow()
            .split(":")[1]
            .strip());
  }

  private static double[][] matrix(double[] flat, int columns) {
    double[][] rows = new double[flat.length / columns][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(flat, i * columns, (i + 1) * columns);
    }
    return rows;
  }

  private static double[][] sequence(Path device, String meta, int columns)
      throws java.io.IOException {
    if (Files.exists(device.resolve("data.npy"))) {
      return matrix(NpyFile.read(device.resolve("data.npy")).doubles(), columns);
    }
    byte[] bytes = Files.readAllBytes(device.resolve("data.mem"));
    String type =
        meta.lines()
            .filter(l -> l.startsWith("dtype:"))
            .findFirst()
            .orElseThrow()
            .split(":")[1]
            .strip();
    String descr = Map.of("float32", "<f4", "float64", "<f8", "int16", "<i2").get(type);
    Path copy = device.resolve("copy.npy");
    NpyFile.write(
        copy,
        descr,
        false,
        new long[] {bytes.length / Integer.parseInt(descr.substring(2))},
        bytes);
    return matrix(NpyFile.read(copy).doubles(), columns);
  }

  @Test
  void sequencesAreTheOriginals() throws Exception {
    Goldens.Golden golden = Goldens.unpack("sequence", folder);
    int compared = 0;
    for (Map<String, Object> call : golden.calls()) {
      Map<String, Object> options = Json.object(call.get("options"));
      boolean linear = "linear".equals(options.get("interpolation_mode"));
      if (!List.of("interpolation_mode", "keep_nans").containsAll(options.keySet())) {
        continue;
      }
      Path device = golden.experiment().resolve((String) call.get("device"));
      String meta = Files.readString(device.resolve("meta.yml"));
      double[][] x = sequence(device, meta, (int) number(meta, "n_signals"));
      Path shiftFile = device.resolve("meta/phase_shifts.npy");
      double[] shifts = Files.exists(shiftFile) ? NpyFile.read(shiftFile).doubles() : null;
      double start = number(meta, "start_time");
      double end = number(meta, "end_time");
      double rate = number(meta, "sampling_rate");
      double[] times = golden.array(call.get("times")).doubles();
      boolean keep = Boolean.TRUE.equals(options.get("keep_nans"));
      Oracles.Rows rows =
          linear
              ? Oracles.linear(x, start, end, rate, shifts, times, keep)
              : Oracles.previous(x, start, end, rate, shifts, times);
      int[] valid =
          Arrays.stream(golden.array(call.get("valid")).doubles()).mapToInt(v -> (int) v).toArray();
      assertArrayEquals(valid, rows.valid(), call.toString());
      double[] flat = Arrays.stream(rows.values()).flatMapToDouble(Arrays::stream).toArray();
      assertArrayEquals(golden.array(call.get("values")).doubles(), flat, 1e-12, call.toString());
      compared++;
    }
    assertTrue(compared >= 20, "compared " + compared);
  }

  /** Looks up the frame that the screen shows at a time. */
  private static double[] shown(Path screen, double time, int pixels) {
    int index = Oracles.frame(NpyFile.read(screen.resolve("timestamps.npy")).doubles(), time);
    for (Map.Entry<String, Object> entry :
        Json.object(screen.resolve("combined_meta.json")).entrySet()) {
      Map<String, Object> trial = Json.object(entry.getValue());
      int frames = ((Number) trial.getOrDefault("num_frames", 1)).intValue();
      if (index < frames) {
        double[] frame = new double[pixels];
        if (trial.containsKey("interleave_value")) {
          Arrays.fill(frame, ((Number) trial.get("interleave_value")).doubleValue());
          return frame;
        }
        double[] all = NpyFile.read(screen.resolve("data/" + entry.getKey() + ".npy")).doubles();
        return Arrays.copyOfRange(all, index * pixels, (index + 1) * pixels);
      }
      index -= frames;
    }
    throw new IllegalArgumentException("no frame at " + time);
  }

  @Test
  void resizesAreTheOriginals() {
    int compared = 0;
    for (String name : Goldens.cases()) {
      if (!name.startsWith("rescale-")) {
        continue;
      }
      Goldens.Golden golden = Goldens.unpack(name, folder);
      Map<String, Object> scaled = golden.calls().get(0);
      Map<String, Object> plain = golden.calls().get(1);
      NpyFile expected = golden.array(scaled.get("values"));
      NpyFile stored = golden.array(plain.get("values"));
      int h = (int) stored.shape()[1];
      int w = (int) stored.shape()[2];
      int oh = (int) expected.shape()[1];
      int ow = (int) expected.shape()[2];
      double[] times = golden.array(scaled.get("times")).doubles();
      double[] valid = golden.array(scaled.get("valid")).doubles();
      for (int f = 0; f < expected.shape()[0]; f++) {
        double[] frame = shown(golden.experiment().resolve("screen"), times[(int) valid[f]], h * w);
        double[] right = Arrays.copyOfRange(expected.doubles(), f * oh * ow, (f + 1) * oh * ow);
        assertArrayEquals(
            right, Oracles.resizeArea(frame, h, w, oh, ow), 1e-3, name + " frame " + f);
      }
      compared++;
    }
    assertEquals(4, compared);
    Goldens.Golden golden = Goldens.unpack("screen-transforms", folder);
    for (Map<String, Object> call : golden.calls().subList(0, 3)) {
      NpyFile x = golden.array(call.get("frames"));
      NpyFile y = golden.array(call.get("values"));
      int h = (int) x.shape()[2];
      int w = (int) x.shape()[3];
      double[] plane = Arrays.copyOf(x.doubles(), h * w);
      double[] out = Oracles.resizeAntialias(plane, h, w, (int) y.shape()[2], (int) y.shape()[3]);
      assertArrayEquals(Arrays.copyOf(y.doubles(), out.length), out, 1e-3, call.toString());
    }
  }

  @Test
  void spikesAreTheOriginals() throws Exception {
    Goldens.Golden golden = Goldens.unpack("spikes-and-labels", folder);
    Path device = golden.experiment().resolve("spikes");
    String meta = Files.readString(device.resolve("meta.yml"));
    int[] index =
        meta.lines()
            .filter(l -> l.strip().matches("- \\d+"))
            .mapToInt(l -> Integer.parseInt(l.strip().substring(2)))
            .toArray();
    double[] flat = NpyFile.read(device.resolve("spikes.npy")).doubles();
    double[][] spikes = new double[index.length - 1][];
    for (int u = 0; u < spikes.length; u++) {
      spikes[u] = Arrays.copyOfRange(flat, index[u], index[u + 1]);
    }
    int compared = 0;
    for (Map<String, Object> call : golden.calls()) {
      if (!call.get("device").equals("spikes")) {
        continue;
      }
      Map<String, Object> options = Json.object(call.get("options"));
      double window = ((Number) options.getOrDefault("interpolation_window", 0.3)).doubleValue();
      double sigma = ((Number) options.getOrDefault("smoothing_sigma", 0)).doubleValue();
      double[] all = golden.array(call.get("times")).doubles();
      double[] valid = golden.array(call.get("valid")).doubles();
      double[] times = Arrays.stream(valid).map(v -> all[(int) v]).toArray();
      double[][] counts =
          Oracles.smooth(
              Oracles.spikeCounts(
                  spikes,
                  times,
                  window,
                  (String) options.getOrDefault("interpolation_align", "center")),
              sigma);
      assertArrayEquals(
          golden.array(call.get("values")).doubles(),
          Arrays.stream(counts).flatMapToDouble(Arrays::stream).toArray(),
          1e-12,
          call.toString());
      compared++;
    }
    assertTrue(compared >= 5, "compared " + compared);
  }
}
