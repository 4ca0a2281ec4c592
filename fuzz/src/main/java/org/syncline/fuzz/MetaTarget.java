/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.syncline.ChunkDataset;
import org.syncline.Validator;
import org.syncline.config.DatasetConfig;
import org.syncline.device.Problem;
import org.syncline.error.SynclineException;
import org.syncline.testdata.Json;
import org.syncline.testdata.Recording;

/**
 * A device's meta.yml: the first byte chooses the device, the others are the file. What cannot be
 * opened or read is an error of the validation, and an error of the validation is either that, or a
 * warning of whoever opens.
 */
final class MetaTarget implements Target {
  private static final List<String> DEVICES =
      List.of("screen", "responses", "eye_tracker", "spikes", "labels");

  private final Path root;
  private final DatasetConfig config;
  private final byte[][] sound = new byte[DEVICES.size()][];

  MetaTarget() {
    Recording recording = Scene.recording();
    root = recording.folder();
    Map<String, Object> devices =
        Map.of(
            "screen",
                Map.of(
                    "sampling_rate", 10,
                    "chunk_size", 4,
                    "valid_condition", List.of(Map.of("tier", "train"), Map.of("tier", "test"))),
            "responses", Map.of("sampling_rate", 8, "chunk_size", 4),
            "eye_tracker", Map.of("sampling_rate", 8, "chunk_size", 4),
            "spikes", Map.of("sampling_rate", 8, "chunk_size", 4),
            "labels", Map.of("sampling_rate", 8, "chunk_size", 4));
    config = DatasetConfig.parse(Json.write(Map.of("modality_config", devices)), "fuzz");
    try {
      for (int i = 0; i < sound.length; i++) {
        sound[i] = Files.readAllBytes(root.resolve(DEVICES.get(i)).resolve("meta.yml"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try (ChunkDataset dataset = ChunkDataset.open(root, config)) {
      if (dataset.length() == 0) {
        throw new IllegalStateException("nothing would be read: " + Scene.warnings());
      }
    }
  }

  @Override
  public void run(byte[] input) throws IOException {
    if (input.length == 0) {
      return;
    }
    int chosen = (input[0] & 0xff) % DEVICES.size();
    Path file = root.resolve(DEVICES.get(chosen)).resolve("meta.yml");
    Files.write(file, Arrays.copyOfRange(input, 1, input.length));
    try {
      agree();
    } finally {
      Files.write(file, sound[chosen]);
    }
  }

  private void agree() {
    List<String> errors =
        Validator.validate(root).stream()
            .filter(p -> p.severity() == Problem.Severity.ERROR)
            .map(p -> p.toString().substring("error: ".length()))
            .toList();
    Scene.warnings();
    SynclineException failure = null;
    try (ChunkDataset dataset = ChunkDataset.open(root, config)) {
      for (int i = 0; i < Math.min(30, dataset.length()); i++) {
        dataset.item(i).close();
      }
    } catch (SynclineException e) {
      failure = e;
    }
    List<String> warnings = Scene.warnings();
    if (failure != null && errors.isEmpty()) {
      throw new AssertionError("cannot be read, and the validation has no error", failure);
    }
    for (String error : errors) {
      if (failure == null && !warnings.contains(error)) {
        throw new AssertionError("an error of the validation alone: " + error);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Recordings are opened, checked and read. */
  @Override
  public long most(int inputBytes) {
    return (64L << 20) + 2000L * inputBytes;
  }
}
