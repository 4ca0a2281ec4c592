/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.decode;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The folder of a recording's decoded frames, marked as in use for as long as this process has it
 * open: by a lock that ends with the process, however that ends. What is in use is never deleted.
 */
final class FrameFolder {
  private static final String MARK = "in-use";
  private static final Map<Path, FrameFolder> OPEN = new HashMap<>();
  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  private static final Set<OpenOption> OPTIONS =
      Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);

  /** Of each file that is being decoded a byte is locked, which ends with the process. */
  private static final String TURNS = "decoding";

  private final Path path;
  private final FileChannel mark;

  /** Stays open: to close a file gives back all locks that the process has on it. */
  private FileChannel turns;

  private int users;

  private FrameFolder(Path path, FileChannel mark) {
    this.path = path;
    this.mark = mark;
  }

  /** Others may not see frames of a recording that they may not read. */
  static FileAttribute<?>[] owners(boolean folder) {
    return POSIX
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(
              PosixFilePermissions.fromString(folder ? "rwx------" : "rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  /** Opens a folder, which is made where it does not exist. */
  static FrameFolder open(Path path) throws IOException {
    synchronized (OPEN) {
      FrameFolder known = OPEN.get(path);
      if (known == null) {
        Files.createDirectories(path, owners(true));
        known = new FrameFolder(path, mark(path));
        OPEN.put(path, known);
        removeLeftovers(path);
      }
      known.users++;
      return known;
    }
  }

  private static FileChannel mark(Path path) throws IOException {
    Path file = path.resolve(MARK);
    FileChannel channel = FileChannel.open(file, OPTIONS, owners(false));
    try {
      channel.lock(0, Long.MAX_VALUE, true);
      Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis()));
    } catch (IOException e) {
      // a file system without locks: nobody else can lock, and so nobody deletes
    }
    return channel;
  }

  Path path() {
    return path;
  }

  /** Keeps other processes from decoding a file until it is closed. */
  static final class Turn implements AutoCloseable {
    private final FileLock lock;

    private Turn(FileLock lock) {
      this.lock = lock;
    }

    @Override
    public void close() {
      try {
        if (lock != null) {
          lock.release();
        }
      } catch (IOException e) {
        // it ends with the process
      }
    }
  }

  /**
   * Returns the turn to decode a file, or null where another process has it; where the file system
   * has no locks, everybody has it.
   */
  synchronized Turn turn(Path target) {
    try {
      if (turns == null || !turns.isOpen()) {
        turns = FileChannel.open(path.resolve(TURNS), OPTIONS, owners(false));
      }
      // two files of one number wait for each other, which nobody notices
      FileLock lock = turns.tryLock(target.getFileName().hashCode() & Integer.MAX_VALUE, 1, false);
      return lock == null ? null : new Turn(lock);
    } catch (OverlappingFileLockException e) {
      return null;
    } catch (IOException e) {
      return new Turn(null);
    }
  }

  void close() {
    synchronized (OPEN) {
      if (--users > 0) {
        return;
      }
      OPEN.remove(path);
      try {
        Files.setLastModifiedTime(
            path.resolve(MARK), FileTime.fromMillis(System.currentTimeMillis()));
      } catch (IOException e) {
        // it only looks older than it is
      }
      try {
        synchronized (this) {
          if (turns != null) {
            turns.close();
          }
        }
        mark.close();
      } catch (IOException e) {
        // the lock ends with the process
      }
    }
  }

  /** Returns when a folder was last opened or closed, in milliseconds; 0 where nobody knows. */
  static long lastUsed(Path folder) {
    try {
      return Files.getLastModifiedTime(folder.resolve(MARK)).toMillis();
    } catch (IOException e) {
      return 0;
    }
  }

  /** What is done with a folder that nobody uses. */
  interface Action {
    void run() throws IOException;
  }

  /** Does something while nobody can open the folder; returns false where somebody uses it. */
  static boolean whileUnused(Path folder, Action action) throws IOException {
    synchronized (OPEN) {
      if (OPEN.containsKey(folder)) {
        return false;
      }
      try (FileChannel channel = FileChannel.open(folder.resolve(MARK), OPTIONS, owners(false))) {
        FileLock lock = tryLock(channel);
        if (lock == null) {
          return false;
        }
        action.run();
        return true;
      }
    }
  }

  private static FileLock tryLock(FileChannel channel) {
    try {
      return channel.tryLock();
    } catch (IOException | OverlappingFileLockException e) {
      return null;
    }
  }

  /** Deletes what processes that were ended have left half decoded. */
  static void removeLeftovers(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.tmp")) {
      for (Path file : files) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          // its writer holds a lock on it
          if (tryLock(channel) != null) {
            Files.deleteIfExists(file);
          }
        } catch (IOException e) {
          // another process was faster
        }
      }
    }
  }
}
