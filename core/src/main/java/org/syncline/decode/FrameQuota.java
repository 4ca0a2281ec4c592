/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.decode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.syncline.setting.Setting;

/**
 * Keeps decoded frames of all recordings within a number of bytes, and within the disk: those of
 * recordings that nobody has opened for longest are deleted first, those of recordings in use
 * never.
 */
final class FrameQuota {
  static final String VARIABLE = Setting.DECODED.variable();
  private static final long DEFAULT_BYTES = 64L << 30;

  /** Room that is left on the disk for others. */
  private static final long SPARE_BYTES = 256L << 20;

  private static final long KEPT_UNUSED = TimeUnit.DAYS.toMillis(30);
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(60);

  // of the store counted last; guarded by the class
  private static Path counted;
  private static long countedAt;
  private static long bytes;

  private FrameQuota() {}

  /** Returns the most bytes of decoded frames. */
  static long most() {
    String text = Setting.DECODED.text();
    return text == null ? DEFAULT_BYTES : parse(text);
  }

  static long parse(String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    int shift =
        switch (upper.isEmpty() ? ' ' : upper.charAt(upper.length() - 1)) {
          case 'K' -> 10;
          case 'M' -> 20;
          case 'G' -> 30;
          case 'T' -> 40;
          default -> 0;
        };
    String digits = shift == 0 ? upper : upper.substring(0, upper.length() - 1);
    try {
      long value = Long.parseLong(digits);
      if (value >= 0 && value <= Long.MAX_VALUE >> shift) {
        return value << shift;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new DecodingException(
        VARIABLE
            + " is '"
            + text
            + "', expected the most bytes that decoded frames may take, a whole number with K, M, G or T behind it,"
            + " as 64G",
        null);
  }

  /**
   * Makes room for a file.
   *
   * @param store folder of the folders of all recordings
   * @throws DecodingException where there is none without deleting what is in use
   */
  static synchronized void reserve(Path store, long needed) throws IOException {
    long most = most();
    boolean stale = !store.equals(counted) || System.nanoTime() - countedAt > FRESH_NANOS;
    long free = Files.getFileStore(store).getUsableSpace() - SPARE_BYTES;
    if (stale || bytes + needed > most || needed > free) {
      count(store, most - needed, needed - free);
    }
    if (bytes + needed > most) {
      throw new DecodingException(
          "no room for decoded frames in "
              + store
              + ": "
              + size(bytes)
              + " of recordings in use and "
              + size(needed)
              + " more are beyond the "
              + size(most)
              + " that "
              + VARIABLE
              + " allows; set it to a larger size, as 256G",
          null);
    }
    free = Files.getFileStore(store).getUsableSpace();
    if (needed > free) {
      throw full(store, needed, free, null);
    }
    bytes += needed;
  }

  static DecodingException full(Path store, long needed, long free, IOException cause) {
    return new DecodingException(
        "no room for decoded frames in "
            + store
            + ": "
            + size(needed)
            + " are needed and "
            + size(free)
            + " are free on that disk"
            + (cause == null ? "" : " (" + cause.getMessage() + ")")
            + "; free some, or set SYNCLINE_CACHE to a folder on a larger disk",
        cause);
  }

  static String size(long bytes) {
    return bytes < 10L << 20
        ? bytes / 1024 + " KiB"
        : bytes < 10L << 30 ? (bytes >> 20) + " MiB" : (bytes >> 30) + " GiB";
  }

  /** Counts anew, and deletes what is old or too much. */
  private static void count(Path store, long allowed, long lacking) throws IOException {
    record Recording(Path folder, long used, long bytes) {}
    List<Recording> all = new ArrayList<>();
    long sum = 0;
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(store, Files::isDirectory)) {
      for (Path folder : folders) {
        long size = bytes(folder);
        all.add(new Recording(folder, FrameFolder.lastUsed(folder), size));
        sum += size;
      }
    }
    all.sort(Comparator.comparingLong(Recording::used));
    long now = System.currentTimeMillis();
    long toFree = lacking;
    for (Recording recording : all) {
      boolean old = now - recording.used() > KEPT_UNUSED;
      if ((old || sum > allowed || toFree > 0)
          && FrameFolder.whileUnused(recording.folder(), () -> delete(recording.folder()))) {
        sum -= recording.bytes();
        toFree -= recording.bytes();
      }
    }
    counted = store;
    countedAt = System.nanoTime();
    bytes = sum;
  }

  private static long bytes(Path folder) throws IOException {
    long sum = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        try {
          sum += Files.readAttributes(file, BasicFileAttributes.class).size();
        } catch (IOException e) {
          // gone meanwhile
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return sum;
  }

  private static void delete(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.{npy,tmp}")) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
  }
}
