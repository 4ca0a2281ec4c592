/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.syncline.storage.Npy;

/** Writes tiny recordings by hand. */
public final class Recordings {
  private Recordings() {}

  public static Path write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  public static void npy(Path file, double[] values, long... shape) throws IOException {
    Files.createDirectories(file.getParent());
    Npy.write(file, values, shape);
  }

  public static void mem(Path file, double... values) throws IOException {
    Files.createDirectories(file.getParent());
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asDoubleBuffer().put(values);
    Files.write(file, bytes.array());
  }

  public static double[] ramp(int n, double start, double step) {
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = start + i * step;
    }
    return values;
  }

  /** A sound recording of all four modalities: 2 s, screen of 5 frames in 3 trials. */
  public static Path sound(Path root) throws IOException {
    write(root.resolve("meta.json"), "{\"data_key\": \"rec\"}");
    write(
        root.resolve("responses/meta.yml"),
        "modality: sequence\nsampling_rate: 10.0\nstart_time: 0.0\nend_time: 2.0\nn_signals: 2\nn_timestamps: 21\n"
            + "dtype: float64\nis_mem_mapped: true\n");
    mem(root.resolve("responses/data.mem"), ramp(42, 1, 1));
    npy(root.resolve("responses/meta/means.npy"), new double[] {1, 2}, 1, 2);
    npy(root.resolve("responses/meta/stds.npy"), new double[] {1, 2}, 2, 1);
    write(
        root.resolve("treadmill/meta.yml"),
        "modality: sequence\nsampling_rate: 10.0\nstart_time: 0.0\nend_time: 2.0\nn_signals: 1\n");
    npy(root.resolve("treadmill/data.npy"), ramp(21, 0, 1), 21, 1);
    write(
        root.resolve("spikes/meta.yml"),
        "modality: spikes\nstart_time: 0\nend_time: 2\nspike_indices: [0, 2, 3]\nn_signals: 2\n");
    npy(root.resolve("spikes/spikes.npy"), new double[] {0.1, 0.2, 1.5}, 3);
    write(
        root.resolve("labels/meta.yml"),
        "modality: time_interval\nstart_time: 0\nend_time: 2\nlabels: {run: run.npy}\n");
    npy(root.resolve("labels/run.npy"), new double[] {0, 1, 1.5, 2}, 2, 2);
    screen(root.resolve("screen"));
    return root;
  }

  public static void screen(Path folder) throws IOException {
    write(folder.resolve("meta.yml"), "modality: screen\nframe_rate: 2.5\n");
    npy(folder.resolve("timestamps.npy"), ramp(5, 0, 0.4), 5);
    write(
        folder.resolve("combined_meta.json"),
        "{\"00000\": {\"modality\": \"Video\", \"first_frame_idx\": 0, \"num_frames\": 3, \"image_size\": [2, 3], \"tier\": \"train\"},"
            + " \"00001\": {\"modality\": \"blank\", \"first_frame_idx\": 3, \"interleave_value\": 128, \"image_size\": [2, 3]},"
            + " \"00002\": {\"modality\": \"IMAGE\", \"first_frame_idx\": 4, \"image_size\": [2, 3], \"tier\": \"test\", \"x\": 1}}");
    npy(folder.resolve("data/00000.npy"), ramp(18, 0, 1), 3, 2, 3);
    npy(folder.resolve("data/00002.npy"), ramp(6, 0, 1), 2, 3);
  }

  /**
   * Makes a file look as if it had not changed for a while; the change time cannot be set, so
   * callers wait for it.
   */
  public static void age(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(100)));
  }
}
