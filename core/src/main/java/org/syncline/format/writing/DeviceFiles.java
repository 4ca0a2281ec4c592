/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format.writing;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.document.Documents;
import org.syncline.format.Statistics;
import org.syncline.storage.Npy;
import org.syncline.storage.NpyTexts;

/** Writes what stands beside the data in the folder of a device. */
public final class DeviceFiles {
  /** Where the frames' times of a screen are, and the rows' times of an irregular sequence. */
  public static final String TIMES = "timestamps.npy";

  /** The raw rows of a sequence. */
  public static final String ROWS = "data.mem";

  /** The folder of a screen's pixels. */
  public static final String PIXELS = "data";

  private DeviceFiles() {}

  /**
   * Writes meta.yml of a sequence whose rows are in {@link #ROWS}.
   *
   * @param rate Hz; NaN where rows have their times in {@link #TIMES}
   * @param end time of the last row
   */
  public static void sequence(
      Path folder,
      double rate,
      double start,
      double end,
      long signals,
      long rows,
      ElementType type,
      boolean phaseShifted)
      throws IOException {
    MetaYaml meta = new MetaYaml("sequence");
    if (rate == rate) {
      meta.put("sampling_rate", rate);
    }
    meta.put("start_time", start)
        .put("end_time", end)
        .put("n_signals", signals)
        .put("n_timestamps", rows)
        .put("dtype", type.numpyName())
        .put("is_mem_mapped", true)
        .put("phase_shift_per_signal", phaseShifted)
        .write(folder);
  }

  /**
   * Writes times, trials and meta.yml of a screen.
   *
   * @param times of the frames, ascending
   * @param frameRate Hz, or NaN where there is none
   * @param names whether pixels are in files that are named after the stimulus, not after the trial
   * @param trials metadata by {@link #trialKey}
   */
  public static void screen(
      Path folder, double[] times, double frameRate, boolean names, Map<String, Object> trials)
      throws IOException {
    Npy.write(folder.resolve(TIMES), times, times.length);
    Documents.writeJson(folder.resolve("combined_meta.json"), trials);
    MetaYaml meta = new MetaYaml("screen").put("use_stimuli_names", names);
    if (frameRate == frameRate) {
      meta.put("frame_rate", frameRate);
    }
    meta.write(folder);
  }

  /** Returns the key of a trial, which names its file too. */
  public static String trialKey(int trial) {
    return String.format(Locale.ROOT, "%05d", trial);
  }

  /**
   * Writes meta.yml of spikes.
   *
   * @param offsets of the units' times in the file, and their end
   * @param raw whether times are in spikes.mem, not in spikes.npy; float64 in both
   */
  public static void spikes(Path folder, long[] offsets, double start, double end, boolean raw)
      throws IOException {
    new MetaYaml("spikes")
        .put("n_signals", (long) offsets.length - 1)
        .put("spike_indices", offsets)
        .put("start_time", start)
        .put("end_time", end)
        .put("is_mem_mapped", raw)
        .put("dtype", "float64")
        .write(folder);
  }

  /**
   * Writes labelled intervals: meta.yml and a file a label.
   *
   * @param labels rows {start, end} of each, which are sorted by start
   */
  public static void intervals(
      Path folder, Map<String, List<double[]>> labels, double start, double end)
      throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    List<String> names =
        DeviceNames.of(labels.keySet().stream().map(l -> l.replace('/', '_')).toList());
    for (Map.Entry<String, List<double[]>> label : labels.entrySet()) {
      List<double[]> rows = new ArrayList<>(label.getValue());
      rows.sort((a, b) -> Double.compare(a[0], b[0]));
      double[] values = new double[2 * rows.size()];
      for (int i = 0; i < rows.size(); i++) {
        values[2 * i] = rows.get(i)[0];
        values[2 * i + 1] = rows.get(i)[1];
      }
      String file = names.get(files.size()) + ".npy";
      Npy.write(folder.resolve(file), values, rows.size(), 2);
      files.put(label.getKey(), file);
    }
    new MetaYaml("time_interval")
        .put("labels", files)
        .put("start_time", start)
        .put("end_time", end)
        .write(folder);
  }

  /** Writes the ids of a device's signals. */
  public static void unitIds(Path folder, long[] ids) throws IOException {
    wholes(folder, "unit_ids", ids);
  }

  /** Writes {@code meta/NAME.npy}: a whole number for each of a device's signals, int64. */
  public static void wholes(Path folder, String name, long[] ids) throws IOException {
    Path file = meta(folder, name);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(Math.max(8, 8L * ids.length), 8);
      MemorySegment.copy(ids, 0, memory, ValueLayout.JAVA_LONG, 0, ids.length);
      Npy.write(
          file,
          new Tensor(
              ElementType.INT64, new long[] {ids.length}, memory.asSlice(0, 8L * ids.length)));
    }
  }

  /** Writes {@code meta/NAME.npy}: a text for each of a device's signals. */
  public static void texts(Path folder, String name, List<String> texts) throws IOException {
    NpyTexts.write(meta(folder, name), texts);
  }

  /** Writes {@code meta/NAME.npy}: means, stds or phase_shifts, float64. */
  public static void values(Path folder, String name, double[] values, long... shape)
      throws IOException {
    Npy.write(meta(folder, name), values, shape.length == 0 ? new long[] {values.length} : shape);
  }

  private static Path meta(Path folder, String name) throws IOException {
    Path file = Statistics.file(folder, name);
    Files.createDirectories(file.getParent());
    return file;
  }
}
