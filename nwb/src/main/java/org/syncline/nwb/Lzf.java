/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Decodes LZF as h5py's filter writes it: LibLZF's stream without a header. */
final class Lzf {
  private Lzf() {}

  /** Decodes and returns the number of bytes written, or -1 where the data is damaged. */
  static long decode(MemorySegment in, MemorySegment out) {
    byte[] from = in.toArray(ValueLayout.JAVA_BYTE);
    byte[] to = new byte[Math.toIntExact(out.byteSize())];
    int read = 0;
    int written = 0;
    while (read < from.length) {
      int control = from[read++] & 255;
      if (control < 32) {
        int length = control + 1;
        if (read + length > from.length || written + length > to.length) {
          return -1;
        }
        System.arraycopy(from, read, to, written, length);
        read += length;
        written += length;
        continue;
      }
      int length = control >> 5;
      if (length == 7) {
        if (read >= from.length) {
          return -1;
        }
        length += from[read++] & 255;
      }
      if (read >= from.length) {
        return -1;
      }
      int back = written - ((control & 31) << 8) - (from[read++] & 255) - 1;
      length += 2;
      if (back < 0 || written + length > to.length) {
        return -1;
      }
      // byte by byte: a match may overlap what it writes
      for (int i = 0; i < length; i++) {
        to[written + i] = to[back + i];
      }
      written += length;
    }
    MemorySegment.copy(to, 0, out, ValueLayout.JAVA_BYTE, 0, written);
    return written;
  }
}
