/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.cli;

import java.awt.image.BufferedImage;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.syncline.format.DeviceFolders;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * A file that a command writes, where its user says: whole or not at all, with whatever is there
 * replaced, and never inside of a recording. A device or a FIFO is written into, and stays what it
 * is.
 */
final class OutputFile {
  /** Writes what a file will hold. */
  interface Content {
    void to(OutputStream out) throws IOException;
  }

  private final Path named;
  private final Path target;
  private final boolean plain;

  private OutputFile(Path named, Path target, boolean plain) {
    this.named = named;
    this.target = target;
    this.plain = plain;
  }

  /**
   * Looks at a place before minutes are spent on what will stand there.
   *
   * @param ending of names, such as {@code .png}; names without any are taken
   * @throws ParameterException where no such file can be written there
   */
  static OutputFile of(CommandSpec spec, String option, Path named, String ending)
      throws IOException {
    Path target = named.toAbsolutePath();
    // /dev/stdout may lead to a regular file, which somebody else writes to as well
    boolean special =
        target.startsWith("/proc") || target.startsWith("/dev") && !target.startsWith("/dev/shm");
    boolean plain = !special && (Files.isRegularFile(target) || Files.notExists(target));
    for (int links = 0; plain && Files.isSymbolicLink(target) && links < 40; links++) {
      // what a link names is replaced, the link stays
      target = target.resolveSibling(Files.readSymbolicLink(target));
    }
    Path folder = target.getParent();
    String wrong = null;
    if (folder == null || Files.isDirectory(target)) {
      wrong = "a folder; expected the name of a file";
    } else if (!Files.isDirectory(folder)) {
      wrong = "but there is no folder " + folder;
    } else if (plain && !endsLike(target.getFileName().toString(), ending)) {
      wrong = "expected a name that ends in " + ending + ", which is what is written";
    } else if (plain) {
      Path recording = recording(folder.toRealPath());
      if (recording != null) {
        wrong =
            "in the recording "
                + recording
                + ", and recordings are never written to; expected a file elsewhere";
      }
    }
    if (wrong != null) {
      throw new ParameterException(spec.commandLine(), option + " is " + named + ", " + wrong);
    }
    return new OutputFile(named, target, plain);
  }

  private static boolean endsLike(String name, String ending) {
    return name.lastIndexOf('.') <= 0 || name.toLowerCase(Locale.ROOT).endsWith(ending);
  }

  /** Returns the recording in which a folder lies, or which it is; null where it is in none. */
  private static Path recording(Path folder) throws IOException {
    for (Path inner = folder; inner.getFileName() != null; inner = inner.getParent()) {
      if (DeviceFolders.isDevice(inner)) {
        return inner.getParent();
      }
    }
    return Files.isReadable(folder) && !DeviceFolders.of(folder).isEmpty() ? folder : null;
  }

  /** Returns where what is said of the file goes: not where the file itself may go. */
  PrintStream beside() {
    return plain ? System.out : System.err;
  }

  /** Writes a picture as PNG. */
  void write(BufferedImage image) throws IOException {
    // in memory first: a stream of ImageIO that fails has its own trace printed when Java ends
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    if (!ImageIO.write(image, "png", bytes)) {
      throw new IOException("this Java runtime writes no .png: use one with java.desktop whole");
    }
    write(bytes::writeTo);
  }

  /**
   * Writes the file.
   *
   * @throws IOException naming the file
   */
  void write(Content content) throws IOException {
    try {
      if (!plain) {
        fill(content, target, StandardOpenOption.WRITE);
        return;
      }
      Path part =
          target.resolveSibling("." + target.getFileName() + "." + ProcessHandle.current().pid());
      try {
        fill(content, part, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw new IOException(named + ": " + reason(e), e);
    }
  }

  private static void fill(Content content, Path file, StandardOpenOption... options)
      throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file, options))) {
      content.to(out);
    }
  }

  /** Returns why something could not be written, without the name of a temporary file. */
  static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "no permission to write there";
    }
    if (e instanceof FileSystemException f) {
      return f.getReason() == null ? f.getClass().getSimpleName() : f.getReason();
    }
    return e.getMessage();
  }
}
