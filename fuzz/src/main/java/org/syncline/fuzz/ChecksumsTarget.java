/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.syncline.error.RecordingException;
import org.syncline.format.checksum.Checksums;

/** A recording's list of checksums. */
final class ChecksumsTarget implements Target {
  private final Path root = Scene.fresh("recording");

  ChecksumsTarget() {
    try {
      Path device = Files.createDirectories(root.resolve("responses"));
      Files.writeString(device.resolve("meta.yml"), "modality: sequence\n");
      Files.writeString(device.resolve("data.npy"), "abc");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void run(byte[] input) throws IOException {
    Files.write(root.resolve(Checksums.NAME), input);
    List<RecordingException> found = Checksums.compare(root);
    // a line for each of five fates, however many files there are
    if (found.size() > 5) {
      throw new AssertionError(found.size() + " differences");
    }
    for (RecordingException e : found) {
      Fuzz.checkMessage("checksums", e.getMessage());
    }
  }
}
