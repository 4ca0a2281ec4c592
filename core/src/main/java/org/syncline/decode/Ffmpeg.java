/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.decode;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import org.syncline.setting.Setting;

/** Finds the program that decodes videos. */
final class Ffmpeg {
  private static final String NAME =
      System.getProperty("os.name", "").startsWith("Windows") ? "ffmpeg.exe" : "ffmpeg";

  private Ffmpeg() {}

  /**
   * Returns the program: that of {@code SYNCLINE_FFMPEG} (or the system property {@code
   * syncline.ffmpeg}), one beside this library, one in {@code PATH}, or that of Python's package
   * imageio-ffmpeg.
   *
   * @throws DecodingException where there is none: names what was tried
   */
  static Path find() {
    String named = Setting.FFMPEG.text();
    if (named != null) {
      Path program = path(named);
      if (isProgram(program)) {
        return program;
      }
      throw new DecodingException(
          "SYNCLINE_FFMPEG is '"
              + named
              + "', which is no program; expected the path of ffmpeg, version 4.4 or newer",
          null);
    }
    List<String> tried = new ArrayList<>();
    tried.add("SYNCLINE_FFMPEG: not set");
    Path beside = besideLibrary();
    if (isProgram(beside)) {
      return beside;
    }
    tried.add(beside == null ? "beside the library: not found" : beside + ": not there");
    String search = System.getenv("PATH");
    for (String folder : (search == null ? "" : search).split(File.pathSeparator, -1)) {
      // not the current folder: a recording may lie there
      Path program = folder.isEmpty() ? null : path(folder + File.separator + NAME);
      if (program != null && program.isAbsolute() && isProgram(program)) {
        return program;
      }
    }
    tried.add("PATH: no " + NAME + " in " + search);
    String python = System.getenv("SYNCLINE_IMAGEIO_FFMPEG");
    if (python != null && isProgram(path(python))) {
      return path(python);
    }
    tried.add("Python's package imageio-ffmpeg: not installed, or not in this process");
    throw new DecodingException(
        "videos are decoded by the program ffmpeg (version 4.4 or newer), which was not found; install it (apt install"
            + " ffmpeg, conda install ffmpeg, brew install ffmpeg; in Python pip install imageio-ffmpeg) or set"
            + " SYNCLINE_FFMPEG to its path. Tried: "
            + String.join("; ", tried),
        null);
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      return null;
    }
  }

  private static boolean isProgram(Path file) {
    return file != null && Files.isRegularFile(file) && Files.isExecutable(file);
  }

  private static Path besideLibrary() {
    CodeSource source = Ffmpeg.class.getProtectionDomain().getCodeSource();
    try {
      return source == null ? null : Path.of(source.getLocation().toURI()).resolveSibling(NAME);
    } catch (URISyntaxException | RuntimeException e) {
      return null;
    }
  }
}
