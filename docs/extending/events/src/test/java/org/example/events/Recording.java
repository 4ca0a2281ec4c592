/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.example.events;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A minute of two signals at 10 Hz with two kinds of marks beside them. */
final class Recording {
  static final double[] LICKS = {3, 4.5, 10, 11, 30, 58};
  static final double[] REWARDS = {5, 25, 45};

  private Recording() {}

  static Path write(Path root) throws IOException {
    Path responses = Files.createDirectories(root.resolve("responses"));
    Files.writeString(
        responses.resolve("meta.yml"),
        """
        modality: sequence
        sampling_rate: 10
        start_time: 0
        end_time: 59.9
        n_signals: 2
        """);
    double[] signals = new double[1200];
    for (int i = 0; i < signals.length; i++) {
      signals[i] = Math.sin(i);
    }
    npy(responses.resolve("data.npy"), signals, "(600, 2)");
    events(root, LICKS, REWARDS);
    return root;
  }

  static void events(Path root, double[] licks, double[] rewards) throws IOException {
    Path events = Files.createDirectories(root.resolve("behaviour"));
    Files.writeString(
        events.resolve("meta.yml"),
        """
        modality: events
        start_time: 2
        end_time: 55
        marks:
          lick: lick.npy
          reward: reward.npy
        """);
    npy(events.resolve("lick.npy"), licks, "(" + licks.length + ",)");
    npy(events.resolve("reward.npy"), rewards, "(" + rewards.length + ",)");
  }

  private static void npy(Path file, double[] values, String shape) throws IOException {
    String header = "{'descr': '<f8', 'fortran_order': False, 'shape': " + shape + ", }";
    header += " ".repeat(63 - (10 + header.length()) % 64) + "\n";
    ByteBuffer bytes =
        ByteBuffer.allocate(10 + header.length() + values.length * Double.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    bytes.putShort((short) header.length());
    bytes.put(header.getBytes(StandardCharsets.US_ASCII));
    for (double value : values) {
      bytes.putDouble(value);
    }
    Files.write(file, bytes.array());
  }

  /** Returns the configuration, in which the marks have some more keys. */
  static String config(String more) {
    return """
    modality_config:
      responses: {sampling_rate: 10, chunk_size: 20}
      behaviour: {sampling_rate: 5, chunk_size: 10%s}
    """
        .formatted(more.isEmpty() ? "" : ", " + more);
  }
}
