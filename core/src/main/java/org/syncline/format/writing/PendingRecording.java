/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format.writing;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.syncline.error.RecordingException;
import org.syncline.format.checksum.Checksums;

/**
 * A recording that is being written: a folder beside its place whose name begins with a dot, and
 * that gets the recording's name once it is whole. What is given up, or interrupted by Ctrl-C,
 * leaves nothing; what a killed process left is deleted by the next that writes the same recording.
 */
public final class PendingRecording {
  /**
   * What to do where something is there already, in the words of Java, C, Python and the command.
   */
  public static final String REPLACE =
      "ask for it to be replaced (replace, of the command --replace)";

  /** The folders that this process writes. */
  private static final Set<Path> WRITTEN = ConcurrentHashMap.newKeySet();

  private final Path recording;
  private final boolean replace;
  private final Path old;
  private final TemporaryFolder temporary;

  private PendingRecording(Path recording, boolean replace, Path folder) throws IOException {
    this.recording = recording;
    this.replace = replace;
    old = recording.resolveSibling(folder.getFileName() + ".replaced");
    temporary = TemporaryFolder.create(folder, this::restore);
  }

  /**
   * Makes the folder; those above it where they are missing.
   *
   * @param recording where the recording will be
   * @param doing a word for the name while it is written, for instance {@code importing}
   * @param replace whether a folder that is there already is replaced
   * @throws RecordingException where there is a folder or file already that is not to be replaced
   */
  public static PendingRecording begin(Path recording, String doing, boolean replace)
      throws IOException {
    Path absolute = recording.toAbsolutePath();
    refuseExisting(recording, replace);
    Path parent = absolute.getParent();
    Files.createDirectories(parent);
    String prefix = "." + absolute.getFileName() + "." + doing + "-";
    clean(parent, prefix);
    String own = prefix + ProcessHandle.current().pid();
    for (int number = 1; ; number++) {
      Path folder = parent.resolve(number == 1 ? own : own + "-" + number);
      if (!WRITTEN.add(folder)) {
        continue;
      }
      boolean begun = false;
      try {
        // an earlier process may have had the same number
        FolderTree.delete(folder);
        PendingRecording pending = new PendingRecording(absolute, replace, folder);
        begun = true;
        return pending;
      } finally {
        if (!begun) {
          WRITTEN.remove(folder);
        }
      }
    }
  }

  private static void refuseExisting(Path recording, boolean replace) {
    if (Files.exists(recording, LinkOption.NOFOLLOW_LINKS) && !replace) {
      throw RecordingException.of(
          recording,
          null,
          "a folder that is there already",
          "a new one",
          REPLACE + ", or choose another place");
    }
  }

  /** Returns the folder in which the recording is written. */
  public Path folder() {
    return temporary.path();
  }

  /**
   * Writes the sums of the files beside them, and gives the folder the recording's name.
   *
   * @throws RecordingException where another has come there meanwhile that is not to be replaced
   */
  public void place() throws IOException {
    refuseExisting(recording, replace);
    Checksums.write(temporary.path());
    try {
      if (Files.exists(recording, LinkOption.NOFOLLOW_LINKS)) {
        FolderTree.delete(old);
        Files.move(recording, old, StandardCopyOption.ATOMIC_MOVE);
      }
      Files.move(temporary.path(), recording, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException e) {
      refuseExisting(recording, false);
      throw e;
    } finally {
      if (!temporary.isEnding()) {
        restore();
      }
    }
    temporary.forget();
    WRITTEN.remove(temporary.path());
    FolderTree.delete(old);
  }

  /** Puts back what was to be replaced, where nothing has come into its place. */
  private void restore() {
    if (Files.exists(old) && !Files.exists(recording)) {
      try {
        Files.move(old, recording, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        // it stays under its hidden name
        System.getLogger("org.syncline")
            .log(System.Logger.Level.WARNING, "{0} is left as {1}: {2}", recording, old, e);
      }
    }
  }

  /** Deletes what was written. */
  public void discard() throws IOException {
    temporary.delete();
    WRITTEN.remove(temporary.path());
  }

  /** Deletes what processes left that were killed while they wrote this recording. */
  private static void clean(Path folder, String prefix) throws IOException {
    Pattern name = Pattern.compile(Pattern.quote(prefix) + "(\\d{1,9})(-\\d+)?");
    List<Path> stale = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        Matcher matcher = name.matcher(entry.getFileName().toString());
        if (matcher.matches()
            && !ProcessHandle.of(Long.parseLong(matcher.group(1)))
                .map(ProcessHandle::isAlive)
                .orElse(false)) {
          stale.add(entry);
        }
      }
    }
    for (Path entry : stale) {
      FolderTree.delete(entry);
    }
  }
}
