/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.fuzz;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import org.syncline.array.Tensor;
import org.syncline.error.RecordingException;
import org.syncline.storage.Npy;

/** A .npy file. */
final class NpyTarget implements Target {
  private final Path file = Scene.fresh("array.npy");

  @Override
  public void run(byte[] input) throws IOException {
    Files.write(file, input);
    Npy.header(file);
    int read = 0;
    try (Arena arena = Arena.ofConfined()) {
      Tensor tensor = Npy.read(file, arena);
      if (tensor.data().byteSize() > input.length) {
        throw new AssertionError(tensor.data().byteSize() + " bytes of " + input.length);
      }
      read++;
    } catch (RecordingException e) {
      Fuzz.checkMessage("npy", e.getMessage());
    }
    for (boolean longs : new boolean[] {false, true}) {
      try {
        int n = longs ? Npy.readLongs(file).length : Npy.readDoubles(file).values().length;
        if (n > input.length) {
          throw new AssertionError(n + " elements of " + input.length + " bytes");
        }
        if (read == 0) {
          throw new AssertionError("elements of a file that cannot be read");
        }
      } catch (RecordingException e) {
        Fuzz.checkMessage("npy", e.getMessage());
      }
    }
  }
}
