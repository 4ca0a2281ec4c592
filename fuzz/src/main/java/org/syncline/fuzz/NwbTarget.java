/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.syncline.Validator;
import org.syncline.nwb.NwbImport;

/** An NWB file: listed and imported; what an import makes is a sound recording. */
final class NwbTarget implements Target {
  private final Path file = Scene.fresh("session.nwb");
  private final Path folder = file.resolveSibling("imported");

  @Override
  public void run(byte[] input) throws IOException {
    Files.write(file, input);
    Scene.delete(folder);
    NwbImport.of(file).list();
    try {
      NwbImport.of(file).threads(1).to(folder);
    } finally {
      Scene.warnings();
    }
    Validator.validate(folder);
  }

  /**
   * jHDF makes room for what a file says it holds, as far as the heap goes, before it reads that.
   */
  @Override
  public long most(int inputBytes) {
    return 4L << 30;
  }
}
