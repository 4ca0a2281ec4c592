/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format.checksum;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.syncline.error.RecordingException;
import org.syncline.format.Fields;
import org.syncline.setting.Setting;

/**
 * Sums of a recording's files in a list beside them. Where the property {@code syncline.checksums}
 * or the variable {@code SYNCLINE_CHECKSUMS} is {@code verify}, each recording that is opened is
 * compared with its list first.
 */
public final class Checksums {
  /** The file of a recording that holds the sums. */
  public static final String NAME = "SHA256SUMS";

  /** What the switch is called. */
  public static final String SWITCH = Setting.CHECKSUMS.variable();

  private Checksums() {}

  /** Says how a list is made that is there, for files that were changed on purpose. */
  static String renewal(Path root) {
    return "make it anew: " + command(root);
  }

  /** Says how a list is made where none is. */
  static String making(Path root) {
    return "make one while the recording is as it should be: " + command(root);
  }

  private static String command(Path root) {
    String folder = root.toString().isEmpty() ? "." : root.toString();
    String quoted =
        folder.matches("[-\\w./+@%=:]+") && !folder.startsWith("-")
            ? folder
            : "'" + folder.replace("'", "'\\''") + "'";
    return "syncline checksums " + quoted + " > " + quoted + "/" + NAME;
  }

  /** Returns whether a recording has a list. */
  public static boolean isThere(Path root) {
    return !Files.notExists(root.resolve(NAME), LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Compares a recording with its list.
   *
   * @return what differs, an exception each, which nobody has thrown; empty where nothing does
   */
  public static List<RecordingException> compare(Path root) {
    try {
      return new Comparison(root).hash();
    } catch (RecordingException e) {
      return List.of(e);
    }
  }

  /** Writes the list of a recording into it. */
  public static void write(Path root) throws IOException {
    write(ChecksumList.of(root, _ -> {}), root.resolve(NAME));
  }

  /** Returns how many files this process has hashed, which tests ask. */
  public static long hashed() {
    return Hashing.HASHED.sum();
  }

  /**
   * Puts the sums of files that were just written into the list of a recording that has one. A list
   * with lines that cannot be read, or that is a link, stays as it is.
   */
  public static void update(Path root, List<Path> files) throws IOException {
    Path file = root.resolve(NAME);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    ChecksumList list;
    try {
      list = ChecksumList.read(root);
    } catch (RecordingException e) {
      return; // validate says it
    }
    if (list.wrongLines() > 0 || list.files().isEmpty()) {
      return;
    }
    Path temporary = root.resolve("." + NAME + "." + ProcessHandle.current().pid());
    try {
      write(list.with(root, files), temporary);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static void write(ChecksumList list, Path file) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      list.write(out);
    }
  }

  /**
   * Compares a recording that is being opened, which is for callers whom the switch has told to.
   *
   * @throws RecordingException naming files, where it differs from its list or has none
   */
  public static void check(Path root) {
    Verified.check(root);
  }

  /** Compares the recording in which a device's folder lies, where the switch says so. */
  public static void checkDevice(Path folder) {
    if (Setting.verifiesChecksums()) {
      Path recording = folder.toAbsolutePath().getParent();
      Verified.check(recording == null ? folder : recording);
    }
  }

  /**
   * Opens a recording that was compared: its devices do not compare it again.
   *
   * @param opening what runs in this thread
   */
  public static <T> T compared(Supplier<T> opening) {
    return ScopedValue.where(Verified.DONE, true).call(opening::get);
  }

  /** What was compared in this process. Used with the switch alone. */
  private static final class Verified {
    static final ScopedValue<Boolean> DONE = ScopedValue.newInstance();

    private static final ConcurrentHashMap<Path, Verified> ALL = new ConcurrentHashMap<>();

    private byte[] stamp;
    private List<RecordingException> differences;

    static void check(Path root) {
      if (DONE.isBound()) {
        return;
      }
      Path real;
      try {
        real = root.toRealPath();
      } catch (IOException e) {
        throw Fields.unreadable(root, e);
      }
      ALL.computeIfAbsent(real, _ -> new Verified()).compare(root);
    }

    /** One thread hashes a recording that several open. */
    private synchronized void compare(Path root) {
      Comparison comparison;
      try {
        comparison = new Comparison(root);
      } catch (RecordingException e) {
        throw joined(List.of(e));
      }
      byte[] now = comparison.stamp();
      if (now == null || !Arrays.equals(now, stamp)) {
        stamp = null;
        differences = comparison.hash();
        stamp = now;
      }
      if (!differences.isEmpty()) {
        throw joined(differences);
      }
    }

    private static RecordingException joined(List<RecordingException> differences) {
      RecordingException first = differences.getFirst();
      StringBuilder found = new StringBuilder(first.found());
      for (RecordingException more : differences.subList(1, differences.size())) {
        found.append("; ").append(more.found());
      }
      return RecordingException.of(
          Path.of(first.file()),
          first.key(),
          found.toString(),
          first.expected(),
          SWITCH + "=verify is set" + (first.advice() == null ? "" : ": " + first.advice()));
    }
  }
}
