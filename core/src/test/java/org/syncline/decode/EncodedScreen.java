/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.decode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.syncline.testdata.NpyFile;

/**
 * Writes screens whose trials lie in files of any kind, and a program in place of ffmpeg: it takes
 * its "videos" for PPM images and copies them, and runs those that are shell scripts. Frames come
 * at 10 Hz from 100 s; pixel i of frame f of trial k is {@code 40 k + 7 f + i} in red, and
 * different in green and blue.
 */
final class EncodedScreen {
  static final int HEIGHT = 6;
  static final int WIDTH = 8;

  final Path folder;
  private final StringBuilder meta = new StringBuilder("{");
  private int frames;
  private int trials;

  EncodedScreen(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder.resolve("data"));
    Files.writeString(folder.resolve("meta.yml"), "modality: screen\nframe_rate: 10\n");
  }

  /** Writes the program; it notes each run in a file beside it. */
  static Path program(Path folder) throws IOException {
    Path program = folder.resolve("ffmpeg");
    Files.writeString(
        program,
        """
        #!/bin/sh
        echo "$@" >> "$0.runs"
        mode=decode
        while [ $# -gt 0 ]; do
          case $1 in
            -i) file=${2#file:}; shift;;
            framecrc) mode=list;;
          esac
          shift
        done
        if [ "$(head -c 2 "$file")" = '#!' ]; then . "$file"; exit; fi
        if [ $mode = list ]; then echo unknown >&2; exit 1; fi
        exec cat "$file"
        """);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return program;
  }

  static int colour(int trial, int frame, int pixel, int channel) {
    return 40 * trial + 7 * frame + pixel + 50 * channel & 0xff;
  }

  static int grey(int trial, int frame, int pixel) {
    double sum =
        0.299 * colour(trial, frame, pixel, 0)
            + 0.587 * colour(trial, frame, pixel, 1)
            + 0.114 * colour(trial, frame, pixel, 2);
    return (int) Math.round(sum);
  }

  /** Returns frames as the program writes them. */
  static byte[] ppm(int trial, int frames, int height, int width) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int f = 0; f < frames; f++) {
      out.writeBytes(
          ("P6\n" + width + " " + height + "\n255\n").getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < height * width; i++) {
        for (int c = 0; c < 3; c++) {
          out.write(colour(trial, f, i, c));
        }
      }
    }
    return out.toByteArray();
  }

  /** Adds a trial; {@code more} are further keys of its metadata. */
  EncodedScreen trial(String modality, int count, String size, String more) {
    boolean video = modality.endsWith("video");
    meta.append(trials == 0 ? "" : ", ")
        .append(
            "\"%05d\": {\"modality\": \"%s\", \"first_frame_idx\": %d"
                .formatted(trials++, modality, frames))
        .append(video ? ", \"num_frames\": " + count : "")
        .append(size == null ? "" : ", \"image_size\": " + size)
        .append(more)
        .append("}");
    frames += video ? count : 1;
    return this;
  }

  /** Adds a trial of grey frames whose file has the extension and content. */
  EncodedScreen file(String modality, int count, String extension, byte[] content)
      throws IOException {
    Files.write(folder.resolve("data/%05d%s".formatted(trials, extension)), content);
    return trial(modality, count, "[" + HEIGHT + ", " + WIDTH + "]", "");
  }

  /** Adds a grey video. */
  EncodedScreen video(int count) throws IOException {
    return file("video", count, ".mp4", ppm(trials, count, HEIGHT, WIDTH));
  }

  /** Adds a video that is a shell script. */
  EncodedScreen script(int count, String text) throws IOException {
    return file("video", count, ".mp4", ("#!\n" + text).getBytes(StandardCharsets.UTF_8));
  }

  int trials() {
    return trials;
  }

  Path write() throws IOException {
    double[] times = new double[frames];
    for (int i = 0; i < frames; i++) {
      times[i] = 100 + i / 10.0;
    }
    NpyFile.write(folder.resolve("timestamps.npy"), times, times.length);
    Files.writeString(folder.resolve("combined_meta.json"), meta.append("}").toString());
    return folder;
  }
}
