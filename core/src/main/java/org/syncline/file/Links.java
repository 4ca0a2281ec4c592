/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.file;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiPredicate;
import org.syncline.error.ConfigException;
import org.syncline.error.RecordingException;
import org.syncline.setting.Setting;

/**
 * Finds symbolic links that leave a recording's folder. They are followed, for shared stores live
 * by them, unless the property {@code syncline.links} or the variable {@code SYNCLINE_LINKS} is
 * {@code refuse}: a stranger's recording could otherwise show what only its reader may see.
 */
public final class Links {
  /** What the switch says. */
  public static final String SWITCH = Setting.LINKS.variable();

  /** What to do about one that is refused. */
  public static final String ADVICE =
      SWITCH + "=refuse is set: put the file itself there, or unset it for recordings you trust";

  private Links() {}

  /**
   * Returns whether links that leave a recording are refused. Asked anew at each opening.
   *
   * @throws ConfigException where the switch says neither {@code follow} nor {@code refuse}
   */
  public static boolean areRefused() {
    return Setting.LINKS.is("refuse", "follow");
  }

  /** Says what should be in a link's place. */
  public static String expected(Path base) {
    return "a file inside of " + base;
  }

  /**
   * Looks at a path, and where that is a folder at all that can be reached through it.
   *
   * @param base the recording's folder
   * @param path a file or folder in it; one that is missing leaves nothing
   * @throws RecordingException naming link and target, where one leaves and links are refused, or
   *     where nobody may look
   */
  public static void check(Path base, Path path) {
    if (areRefused()) {
      visit(
          base,
          path,
          (link, target) -> {
            throw RecordingException.of(link, null, "a link to " + target, expected(base), ADVICE);
          });
    }
  }

  /** Looks at a device's folder, which lies in that of the recording. */
  public static void checkDevice(Path folder) {
    if (areRefused()) {
      Path recording = folder.toAbsolutePath().getParent();
      check(recording == null ? folder : recording, folder);
    }
  }

  /** Looks at a file of a device, whose folder lies in that of the recording. */
  public static void checkFile(Path folder, Path file) {
    if (areRefused()) {
      Path recording = folder.toAbsolutePath().getParent();
      check(recording == null ? folder : recording, file);
    }
  }

  /**
   * Returns where a link leads that leads to nothing, null for anything else. What can be left out
   * is not there to a program that follows such a link, though somebody meant it to be.
   */
  public static Path dangling(Path file) {
    try {
      return Files.isSymbolicLink(file) && !Files.exists(file)
          ? Files.readSymbolicLink(file)
          : null;
    } catch (IOException e) {
      return null; // it has gone meanwhile
    }
  }

  /**
   * Shows each link that leaves, with where it leads, until told to stop; what lies behind it is
   * not looked at.
   *
   * @param seen returns whether to go on
   * @throws RecordingException where nobody may look
   */
  public static void visit(Path base, Path path, BiPredicate<Path, Path> seen) {
    try {
      Visit visit = new Visit(base.toRealPath(), seen);
      // the way from the one to the other may lead through links, too
      Path real = Files.exists(path) ? path.toRealPath() : visit.base;
      if (real.startsWith(visit.base)) {
        visit.go(path);
      } else {
        visit.show(path, real);
      }
    } catch (IOException e) {
      throw RecordingException.of(
          path, null, "cannot be read: " + e, "files whose links can be followed", null, e);
    }
  }

  private static final class Visit {
    private final Path base;
    private final BiPredicate<Path, Path> seen;
    private final Set<Path> folders = new HashSet<>();
    private boolean done;

    Visit(Path base, BiPredicate<Path, Path> seen) {
      this.base = base;
      this.seen = seen;
    }

    void go(Path path) throws IOException {
      if (done) {
        return;
      }
      if (Files.isSymbolicLink(path)) {
        Path target = target(path);
        if (!target.startsWith(base)) {
          show(path, target);
          return;
        }
      }
      // a link to a folder inside may lead to the recording itself, and so round and round
      if (Files.isDirectory(path) && folders.add(path.toRealPath())) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
          for (Path entry : entries) {
            go(entry);
          }
        }
      }
    }

    void show(Path link, Path target) {
      done = !seen.test(link, target);
    }

    /** Where a link leads, also one whose target is missing: that may come. */
    private static Path target(Path link) throws IOException {
      try {
        return link.toRealPath();
      } catch (IOException e) {
        Path folder = link.toAbsolutePath().getParent();
        return folder.toRealPath().resolve(Files.readSymbolicLink(link)).normalize();
      }
    }
  }
}
