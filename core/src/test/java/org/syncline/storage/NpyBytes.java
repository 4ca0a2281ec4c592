/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.storage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Builds .npy files byte by byte, right and wrong ones. */
final class NpyBytes {
  private NpyBytes() {}

  static byte[] file(int major, String header, byte[] data) {
    byte[] text =
        header.getBytes(major == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) major, 0});
    ByteBuffer length = ByteBuffer.allocate(major == 1 ? 2 : 4).order(ByteOrder.LITTLE_ENDIAN);
    if (major == 1) {
      length.putShort((short) text.length);
    } else {
      length.putInt(text.length);
    }
    out.writeBytes(length.array());
    out.writeBytes(text);
    out.writeBytes(data);
    return out.toByteArray();
  }

  static String header(String descr, boolean fortran, String shape) {
    return "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }          \n"
        .formatted(descr, fortran ? "True" : "False", shape);
  }

  static Path write(Path file, byte[] bytes) {
    try {
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes {@code values} as elements of a descriptor. */
  static byte[] data(String descr, long... values) {
    ByteOrder order = descr.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    int bytes = Integer.parseInt(descr.substring(2));
    ByteBuffer out = ByteBuffer.allocate(bytes * values.length).order(order);
    for (long v : values) {
      switch (descr.substring(1)) {
        case "f2" -> out.putShort(Float.floatToFloat16(v));
        case "f4" -> out.putFloat(v);
        case "f8" -> out.putDouble(v);
        case "b1", "i1", "u1" -> out.put((byte) v);
        case "i2", "u2" -> out.putShort((short) v);
        case "i4", "u4" -> out.putInt((int) v);
        default -> out.putLong(v);
      }
    }
    return out.array();
  }
}
