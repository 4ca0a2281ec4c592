/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.syncline.array.ElementType;
import org.syncline.format.writing.DeviceFiles;
import org.syncline.storage.Dtype;
import org.syncline.storage.Npy;

/** Writes what all screens have: clock, trials and stacks of frames. */
final class ScreenFiles {
  private ScreenFiles() {}

  /** Writes timestamps.npy, combined_meta.json and meta.yml. */
  static void write(Path folder, Clock clock, boolean names, Map<String, Object> trials)
      throws IOException {
    double[] times = new double[Math.toIntExact(clock.samples())];
    for (int i = 0; i < times.length; i++) {
      times[i] = clock.timeOf(i);
    }
    DeviceFiles.screen(folder, times, clock.isRegular() ? clock.rate() : Double.NaN, names, trials);
  }

  /**
   * Checks that a dataset holds frames.
   *
   * @param first the axis of the rows of a frame
   * @return {H, W} or {H, W, 3}
   */
  static List<Long> frame(H5Node data, int first, String expected) {
    long[] shape = data.shape();
    int axes = shape.length - first;
    boolean colour = axes == 3 && shape[first + 2] == 3;
    if (Numbers.of(data) == null || axes != 2 && !colour) {
      throw data.error(
          null,
          Numbers.of(data) == null ? "no numbers" : "shape " + Arrays.toString(shape),
          expected,
          null);
    }
    return Arrays.stream(shape, first, shape.length).boxed().toList();
  }

  /** Returns the conversion of pixels: bytes stay bytes unless they are scaled. */
  static Conversion pixels(H5Node data, Job job) {
    Numbers numbers = Numbers.of(data);
    if (numbers == null) {
      throw data.error(
          null, "no numbers", "pixels", "images in files of their own are not imported");
    }
    Factors factors = Factors.of(data, null);
    double factor = factors.conversion();
    double offset = factors.offset();
    boolean scaled = factor != 1 || offset != 0;
    if (!scaled && numbers.type() == ElementType.UINT8) {
      return Conversion.to(numbers, ElementType.UINT8);
    }
    ElementType to = job.type() == ValueType.FLOAT64 ? ElementType.FLOAT64 : ElementType.FLOAT32;
    if (scaled) {
      job.notes().add("conversion " + factor + ", offset " + offset);
    }
    return new Conversion(
        numbers,
        to,
        factor == 1 ? new double[0] : new double[] {factor},
        offset,
        1,
        new LongAdder());
  }

  /** Writes a dataset as a .npy file of its shape, with as many first entries as there are. */
  static void npy(
      Path file, H5Node data, Conversion conversion, Placement placement, long first, Job job)
      throws IOException {
    long[] shape = data.shape();
    shape[0] = first;
    long bytes = conversion.to().bytes();
    for (long length : shape) {
      bytes = Math.multiplyExact(bytes, length);
    }
    Files.createDirectories(file.getParent());
    byte[] header = Npy.headerBytes(Dtype.of(conversion.to()), shape);
    try (Target target = new Target.InFile(file, header, bytes)) {
      ArrayReader.read(Stored.of(data), conversion, placement, target, job.threads(), job.done());
    }
  }
}
