/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format.checksum;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.syncline.error.RecordingException;
import org.syncline.file.Links;

/**
 * Finds the files of a recording. Links are followed, as readers follow them, or refused where they
 * leave the recording and the switch says so. A folder that has several names is looked at once, by
 * its own name where that lies in the recording. Names that begin with a dot are left out: what a
 * file browser, a version control or a network file system puts there is no data.
 */
final class RecordingFiles {
  /** What is told of each. */
  interface Seen {
    /** A regular file, or a link to one. */
    void file(Path file, BasicFileAttributes attributes) throws IOException;

    /** Something that is never opened: a FIFO, a socket, a device; or a link to nothing. */
    void other(Path file, boolean isLinkToNothing) throws IOException;

    /** Returns whether a folder is looked into. */
    default boolean enters(Path folder) {
      return true;
    }

    /** A file or folder that cannot be looked at. */
    default void unreadable(Path path, IOException e) throws IOException {
      throw e;
    }
  }

  private final Path root;
  private final Seen seen;
  private final Set<Object> visited = new HashSet<>();
  private final List<Path> linked = new ArrayList<>();

  private RecordingFiles(Path root, Seen seen) {
    this.root = root;
    this.seen = seen;
  }

  /**
   * Shows all files of a recording but the list of sums; in no order.
   *
   * @throws RecordingException for a link that leaves, where these are refused
   */
  static void visit(Path root, Seen seen) throws IOException {
    RecordingFiles files = new RecordingFiles(root, seen);
    files.folder(root);
    // behind all folders themselves, so that these are seen by their own names
    while (!files.linked.isEmpty()) {
      List<Path> next = new ArrayList<>(files.linked);
      files.linked.clear();
      next.sort(null);
      for (Path folder : next) {
        files.folder(folder);
      }
    }
  }

  private void folder(Path folder) throws IOException {
    if (!folder.equals(root) && !seen.enters(folder)) {
      return;
    }
    List<Path> all = new ArrayList<>();
    try {
      Object key = Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
      if (!visited.add(key == null ? folder.toRealPath() : key)) {
        return;
      }
      list(folder, all);
    } catch (IOException e) {
      seen.unreadable(folder, e);
      return;
    }
    List<Path> inside = new ArrayList<>();
    for (Path entry : all) {
      String name = entry.getFileName().toString();
      if (!name.startsWith(".") && !(folder.equals(root) && name.equals(Checksums.NAME))) {
        entry(entry, inside);
      }
    }
    inside.sort(null);
    for (Path each : inside) {
      folder(each);
    }
  }

  private static void list(Path folder, List<Path> all) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      entries.forEach(all::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private void entry(Path entry, List<Path> folders) throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes =
          Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException _) {
      return; // it has gone meanwhile
    } catch (IOException e) {
      seen.unreadable(entry, e);
      return;
    }
    if (attributes.isSymbolicLink()) {
      Links.check(root, entry);
      if (!Files.exists(entry)) {
        seen.other(entry, true);
        return;
      }
      attributes = Files.readAttributes(entry, BasicFileAttributes.class);
      if (attributes.isDirectory()) {
        linked.add(entry);
        return;
      }
    }
    if (attributes.isDirectory()) {
      folders.add(entry);
    } else if (attributes.isRegularFile()) {
      seen.file(entry, attributes);
    } else {
      seen.other(entry, false);
    }
  }
}
