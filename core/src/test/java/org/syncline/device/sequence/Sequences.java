/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.syncline.config.InterpolationConfig;
import org.syncline.config.ModalityConfig;
import org.syncline.testdata.NpyFile;

/** Small sequences on disk and configurations that read them. */
final class Sequences {
  private Sequences() {}

  static InterpolationConfig interpolation(String mode, boolean keepNans) {
    return InterpolationConfig.builder()
        .mode(InterpolationConfig.Mode.valueOf(mode.toUpperCase(Locale.ROOT)))
        .keepNans(keepNans)
        .build();
  }

  static ModalityConfig config(InterpolationConfig interpolation) {
    return config(interpolation, null, null);
  }

  static ModalityConfig config(String mode) {
    return config(interpolation(mode, false));
  }

  static ModalityConfig config(InterpolationConfig interpolation, int[] columns, long[] unitIds) {
    return ModalityConfig.builder()
        .interpolation(interpolation)
        .columns(columns)
        .unitIds(unitIds)
        .build();
  }

  static Path folder(Path parent, String name, String meta) {
    try {
      Path folder = Files.createDirectories(parent.resolve(name));
      Files.createDirectories(folder.resolve("meta"));
      Files.writeString(folder.resolve("meta.yml"), "modality: sequence\n" + meta);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes data.npy of a floating or integer type, C order, any byte order. */
  static void data(
      Path file, String descr, double[] values, long rows, long columns, boolean fortran) {
    int size = Integer.parseInt(descr.substring(2));
    ByteBuffer out = ByteBuffer.allocate(values.length * size);
    out.order(descr.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; i++) {
      double v = fortran ? values[(int) (i % rows * columns + i / rows)] : values[i];
      switch (descr.substring(1)) {
        case "f8" -> out.putDouble(v);
        case "f4" -> out.putFloat((float) v);
        case "f2" -> out.putShort(Float.floatToFloat16((float) v));
        case "i8", "u8" -> out.putLong((long) v);
        case "i4", "u4" -> out.putInt((int) (long) v);
        case "i2", "u2" -> out.putShort((short) (long) v);
        default -> out.put((byte) (long) v);
      }
    }
    if (file.toString().endsWith(".mem")) {
      try {
        Files.write(file, out.array());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    } else {
      NpyFile.write(file, descr, fortran, new long[] {rows, columns}, out.array());
    }
  }
}
