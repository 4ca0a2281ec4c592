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

  /** The tree of a file of 30 KB takes 10 MB. */
  @Override
  public long most(int inputBytes) {
    return (64L << 20) + 4000L * inputBytes;
  }
}
