/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.cli;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.syncline.array.Tensor;
import org.syncline.storage.Dtype;
import org.syncline.storage.Npy;

/** Writes arrays as NumPy's {@code savez_compressed} does. */
final class NpzFile {
  private NpzFile() {}

  /** Writes a file. */
  static void write(OutputFile file, Map<String, Tensor> arrays) throws IOException {
    file.write(
        out -> {
          ZipOutputStream zip = new ZipOutputStream(out);
          WritableByteChannel channel = Channels.newChannel(zip);
          for (Map.Entry<String, Tensor> entry : arrays.entrySet()) {
            Tensor tensor = entry.getValue();
            zip.putNextEntry(new ZipEntry(entry.getKey() + ".npy"));
            zip.write(Npy.headerBytes(Dtype.of(tensor.type()), tensor.shape()));
            long bytes = tensor.data().byteSize();
            for (long at = 0; at < bytes; at += 1 << 20) {
              channel.write(
                  tensor.data().asSlice(at, Math.min(1 << 20, bytes - at)).asByteBuffer());
            }
            zip.closeEntry();
          }
          zip.finish();
        });
  }
}
