/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import org.syncline.config.DatasetConfig;
import org.syncline.testdata.Json;
import org.syncline.testdata.NpyFile;

/** Writes small recordings by hand, so that every expected value can be worked out on paper. */
public final class Handmade {
  final Path root;

  Handmade(Path root) {
    this.root = root;
    mkdirs(root);
  }

  public static void mkdirs(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void write(Path file, String text) {
    try {
      mkdirs(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes a float64 sequence in data.npy whose value in row i, column j is {@code value(i *
   * columns + j)}.
   */
  Handmade sequence(
      String name,
      double rate,
      double start,
      double end,
      int rows,
      int columns,
      IntToDoubleFunction value) {
    Path folder = root.resolve(name);
    mkdirs(folder.resolve("meta"));
    double[] data = new double[rows * columns];
    for (int i = 0; i < data.length; i++) {
      data[i] = value.applyAsDouble(i);
    }
    NpyFile.write(folder.resolve("data.npy"), data, rows, columns);
    write(
        folder.resolve("meta.yml"),
        "modality: sequence\nsampling_rate: "
            + rate
            + "\nstart_time: "
            + start
            + "\nend_time: "
            + end
            + "\nn_signals: "
            + columns
            + "\nn_timestamps: "
            + rows
            + "\nis_mem_mapped: false\n");
    return this;
  }

  /** Writes an int16 sequence, row i, column j holding {@code i * columns + j}. */
  Handmade integers(String name, double rate, double start, double end, int rows, int columns) {
    sequence(name, rate, start, end, rows, columns, i -> 0);
    byte[] bytes = new byte[rows * columns * 2];
    for (int i = 0; i < rows * columns; i++) {
      bytes[2 * i] = (byte) i;
      bytes[2 * i + 1] = (byte) (i >> 8);
    }
    NpyFile.write(
        root.resolve(name).resolve("data.npy"), "<i2", false, new long[] {rows, columns}, bytes);
    return this;
  }

  /** Writes a float32 sequence in data.mem, row i, column j holding {@code i * columns + j}. */
  Handmade floats(String name, double rate, double start, double end, int rows, int columns) {
    Path folder = root.resolve(name);
    mkdirs(folder.resolve("meta"));
    java.nio.ByteBuffer data =
        java.nio.ByteBuffer.allocate(4 * rows * columns).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < rows * columns; i++) {
      data.putFloat(i);
    }
    try {
      Files.write(folder.resolve("data.mem"), data.array());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    write(
        folder.resolve("meta.yml"),
        "modality: sequence\nsampling_rate: "
            + rate
            + "\nstart_time: "
            + start
            + "\nend_time: "
            + end
            + "\nn_signals: "
            + columns
            + "\nn_timestamps: "
            + rows
            + "\nis_mem_mapped: true\ndtype: float32\n");
    return this;
  }

  Handmade statistics(String device, double[] means, double[] stds) {
    Path meta = root.resolve(device).resolve("meta");
    mkdirs(meta);
    if (means != null) {
      NpyFile.write(meta.resolve("means.npy"), means, 1, means.length);
    }
    if (stds != null) {
      NpyFile.write(meta.resolve("stds.npy"), stds, 1, stds.length);
    }
    return this;
  }

  /**
   * Writes a screen of 2×3 frames at the given rate: pixel (y, x) of frame f is {@code f + 10 * y +
   * x} modulo 256.
   *
   * @param trials metadata in order; first_frame_idx, image_size and num_frames of videos are
   *     filled in
   */
  Handmade screen(double start, double rate, List<Map<String, Object>> trials) {
    return screen("screen", start, rate, trials);
  }

  Handmade screen(String name, double start, double rate, List<Map<String, Object>> trials) {
    Path folder = root.resolve(name);
    mkdirs(folder.resolve("data"));
    mkdirs(folder.resolve("meta"));
    int frame = 0;
    Map<String, Object> all = new LinkedHashMap<>();
    for (int k = 0; k < trials.size(); k++) {
      Map<String, Object> trial = new LinkedHashMap<>(trials.get(k));
      String kind = ((String) trial.get("modality")).toLowerCase(java.util.Locale.ROOT);
      int n = kind.equals("video") ? ((Number) trial.get("num_frames")).intValue() : 1;
      trial.put("first_frame_idx", frame);
      trial.put("image_size", List.of(2, 3));
      String key = String.format("%05d", k);
      all.put(key, trial);
      if (kind.equals("video") || kind.equals("image")) {
        byte[] pixels = new byte[n * 6];
        for (int i = 0; i < pixels.length; i++) {
          pixels[i] = (byte) (frame + i / 6 + 10 * (i % 6 / 3) + i % 3);
        }
        NpyFile.write(
            folder.resolve("data/" + key + ".npy"),
            "|u1",
            false,
            kind.equals("video") ? new long[] {n, 2, 3} : new long[] {2, 3},
            pixels);
      }
      frame += n;
    }
    double[] times = new double[frame];
    for (int i = 0; i < frame; i++) {
      times[i] = start + i / rate;
    }
    NpyFile.write(folder.resolve("timestamps.npy"), times, frame);
    write(folder.resolve("combined_meta.json"), Json.write(all));
    write(folder.resolve("meta.yml"), "modality: screen\nframe_rate: " + rate + "\n");
    return this;
  }

  static Map<String, Object> video(int frames, Object... more) {
    Map<String, Object> trial = new LinkedHashMap<>();
    trial.put("modality", "video");
    trial.put("num_frames", frames);
    for (int i = 0; i < more.length; i += 2) {
      trial.put((String) more[i], more[i + 1]);
    }
    return trial;
  }

  static Map<String, Object> trial(String kind, Object... more) {
    Map<String, Object> trial = new LinkedHashMap<>();
    trial.put("modality", kind);
    for (int i = 0; i < more.length; i += 2) {
      trial.put((String) more[i], more[i + 1]);
    }
    return trial;
  }

  Handmade spikes(double end, double... times) {
    Path folder = root.resolve("spikes");
    mkdirs(folder);
    NpyFile.write(folder.resolve("spikes.npy"), times, times.length);
    write(
        folder.resolve("meta.yml"),
        "modality: spikes\nspike_indices: [0, "
            + times.length
            + "]\nstart_time: 0.0\nend_time: "
            + end
            + "\n");
    return this;
  }

  Handmade labels(double end, double from, double to) {
    Path folder = root.resolve("labels");
    mkdirs(folder);
    NpyFile.write(folder.resolve("moving.npy"), new double[] {from, to}, 1, 2);
    write(
        folder.resolve("meta.yml"),
        "modality: time_interval\nlabels: {moving: moving.npy}\nstart_time: 0.0\nend_time: "
            + end
            + "\n");
    return this;
  }

  static DatasetConfig config(String yaml) {
    return DatasetConfig.parse(yaml, "test");
  }

  static ChunkDataset open(Path root, String yaml) {
    return ChunkDataset.open(root, config(yaml), Registry.EMPTY);
  }

  ChunkDataset open(String yaml) {
    return open(root, yaml);
  }

  /** Returns a tensor's elements as doubles, in C order. */
  static double[] doubles(org.syncline.array.Tensor tensor) {
    double[] values = new double[Math.toIntExact(tensor.elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (tensor.type()) {
            case FLOAT32 ->
                tensor.data().getAtIndex(java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED, i);
            case FLOAT64 ->
                tensor.data().getAtIndex(java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED, i);
            case INT16 ->
                tensor.data().getAtIndex(java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED, i);
            case INT32 ->
                tensor.data().getAtIndex(java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED, i);
            case BOOL, INT8 -> tensor.data().get(java.lang.foreign.ValueLayout.JAVA_BYTE, i);
            case UINT8 -> tensor.data().get(java.lang.foreign.ValueLayout.JAVA_BYTE, i) & 0xff;
            default -> throw new AssertionError(tensor.type());
          };
    }
    return values;
  }

  /** Runs an action and returns the warnings it logs. */
  public static List<String> warnings(Runnable action) {
    return said(java.util.logging.Level.WARNING, action);
  }

  /** Runs an action and returns what it logs at a level. */
  public static List<String> said(java.util.logging.Level level, Runnable action) {
    java.util.logging.Logger logger = java.util.logging.Logger.getLogger("org.syncline");
    List<String> texts = new ArrayList<>();
    java.util.logging.SimpleFormatter formatter = new java.util.logging.SimpleFormatter();
    java.util.logging.Handler handler =
        new java.util.logging.Handler() {
          @Override
          public void publish(java.util.logging.LogRecord record) {
            if (level.equals(record.getLevel())) {
              texts.add(formatter.formatMessage(record));
            }
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(handler);
    try {
      action.run();
    } finally {
      logger.removeHandler(handler);
    }
    return texts;
  }
}
