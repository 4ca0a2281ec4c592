/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.syncline.testdata.NpyFile;

/** A recording whose stimuli are images that must be decoded. */
final class EncodedRecording {
  private EncodedRecording() {}

  /** Makes one with so many images of 6 x 8 pixels, one a second. */
  static Path make(Path recording, int images) throws IOException {
    Path screen = recording.resolve("screen");
    Files.createDirectories(screen.resolve("data"));
    Files.writeString(screen.resolve("meta.yml"), "modality: screen\nframe_rate: 1\n");
    StringBuilder meta = new StringBuilder();
    double[] times = new double[images];
    for (int k = 0; k < times.length; k++) {
      times[k] = k;
      BufferedImage image = new BufferedImage(8, 6, BufferedImage.TYPE_INT_RGB);
      ImageIO.write(image, "png", screen.resolve("data/%05d.png".formatted(k)).toFile());
      meta.append(meta.isEmpty() ? "{" : ", ")
          .append("\"%05d\": {\"modality\": \"image\", ".formatted(k))
          .append("\"first_frame_idx\": %d, \"image_size\": [6, 8]}".formatted(k));
    }
    NpyFile.write(screen.resolve("timestamps.npy"), times, times.length);
    Files.writeString(screen.resolve("combined_meta.json"), meta.append("}").toString());
    return recording;
  }
}
