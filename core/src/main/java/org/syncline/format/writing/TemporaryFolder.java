/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format.writing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * A folder that goes with the process, unless it was deleted or kept before: Ctrl-C ends a process
 * past every {@code finally}. Safe for use by several threads.
 */
public final class TemporaryFolder {
  private final Path path;
  private final Thread hook;

  private TemporaryFolder(Path path, Runnable last) {
    this.path = path;
    hook =
        new Thread(
            () -> {
              deleteAtEnd(path);
              last.run();
            },
            "syncline-cleanup");
  }

  /** Makes a new folder. */
  public static TemporaryFolder create(Path path) throws IOException {
    return create(path, () -> {});
  }

  /**
   * Makes a new folder.
   *
   * @param last what is done behind the deletion where the process ends
   */
  static TemporaryFolder create(Path path, Runnable last) throws IOException {
    TemporaryFolder folder = new TemporaryFolder(path, last);
    // there before the folder is
    Runtime.getRuntime().addShutdownHook(folder.hook);
    boolean made = false;
    try {
      Files.createDirectory(path);
      made = true;
      return folder;
    } finally {
      if (!made) {
        folder.forget();
      }
    }
  }

  /** Returns the folder. */
  public Path path() {
    return path;
  }

  /** Returns whether the process ends, and so the folder is being deleted. */
  boolean isEnding() {
    return hook.isAlive();
  }

  /** Deletes the folder, or leaves that to the end of the process where it has begun. */
  public void delete() throws IOException {
    if (!isEnding()) {
      FolderTree.delete(path);
      forget();
    }
  }

  /** Forgets the folder, which has another name now. */
  void forget() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the process ends: the hook finds nothing of this name
    }
  }

  /**
   * Deletes a folder into which another thread may still write: until it has been gone for a while.
   */
  private static void deleteAtEnd(Path folder) {
    int gone = 0;
    for (int attempt = 0; attempt < 100 && gone < 5; attempt++) {
      try {
        gone = Files.exists(folder) ? 0 : gone + 1;
        if (gone == 0) {
          FolderTree.delete(folder);
        }
      } catch (IOException e) {
        // a file came or went meanwhile
        gone = 0;
      }
      LockSupport.parkNanos(20_000_000);
    }
  }
}
