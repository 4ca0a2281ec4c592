/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.storage;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;

/**
 * Notices that a mapped file was written to after it was opened: its pages then hold old and new
 * values, and nothing raises. A thread looks at sizes and times of the files that are mapped, once
 * a second while chunks are read, so that reading itself does not; each file that changed is a
 * warning, once. A file that was replaced by another of its name is read as it was opened, and no
 * such file.
 *
 * <p>A look takes at most some milliseconds, which is enough for a thousand files; of more it goes
 * on with the next ones a second later. Safe for use by all threads.
 */
public final class FileWatch {
  private static final long PERIOD_MILLIS = 1000;
  private static final long MOST_NANOS = 5_000_000;

  /** Looks without a chunk that was read, after which the thread ends. */
  private static final int MOST_IDLE = 10;

  private static final System.Logger LOG = System.getLogger("org.syncline");

  // all guarded by the list
  private static final List<Watched> ALL = new ArrayList<>();
  private static int next;
  private static int pruneFrom = 1024;
  private static boolean running;
  private static boolean refused;

  private static volatile boolean read;

  private FileWatch() {}

  private record Watched(
      Path file, MemorySegment.Scope life, Object key, long size, FileTime modified) {
    static Watched of(Path file, MemorySegment.Scope life) throws IOException {
      BasicFileAttributes a = Files.readAttributes(file, BasicFileAttributes.class);
      return new Watched(file, life, a.fileKey(), a.size(), a.lastModifiedTime());
    }
  }

  /**
   * Watches a file as long as an arena lives, which maps it.
   *
   * @param file as it is on the disk now
   */
  public static void add(Path file, Arena arena) {
    Watched watched;
    try {
      watched = Watched.of(file, arena.scope());
    } catch (IOException e) {
      return; // it was replaced or deleted meanwhile: nobody writes into what is mapped by its name
    }
    synchronized (ALL) {
      ALL.add(watched);
      if (ALL.size() >= pruneFrom) {
        ALL.removeIf(w -> !w.life.isAlive());
        pruneFrom = Math.max(1024, 2 * ALL.size());
      }
    }
  }

  /** Says that a chunk was read: one volatile read, but for the first in a second. */
  public static void reading() {
    if (!read) {
      read = true;
      start();
    }
  }

  private static void start() {
    synchronized (ALL) {
      if (running) {
        return;
      }
      try {
        Thread.ofPlatform().daemon().name("syncline-files").start(FileWatch::run);
        running = true;
      } catch (OutOfMemoryError e) {
        running = false;
        if (!refused) {
          refused = true;
          LOG.log(
              System.Logger.Level.WARNING,
              "files that are read are not watched until there is room for one more thread ("
                  + e.getMessage()
                  + "): where one is written to meanwhile, nothing will say so");
        }
      }
    }
  }

  private static void run() {
    int idle = 0;
    try {
      while (true) {
        Thread.sleep(PERIOD_MILLIS);
        idle = read ? 0 : idle + 1;
        read = false;
        look();
        synchronized (ALL) {
          if (idle >= MOST_IDLE && !read) {
            running = false;
            return;
          }
        }
      }
    } catch (InterruptedException e) {
      // nobody but a stranger interrupts it
      synchronized (ALL) {
        running = false;
      }
    }
  }

  /** Looks at as many files as there is time for, from where the last look ended. */
  static void look() {
    long end = System.nanoTime() + MOST_NANOS;
    int left;
    synchronized (ALL) {
      left = ALL.size();
    }
    for (; left > 0 && System.nanoTime() < end; left--) {
      Watched watched;
      synchronized (ALL) {
        if (ALL.isEmpty()) {
          return;
        }
        next = next < ALL.size() ? next : 0;
        watched = ALL.get(next);
        if (!watched.life.isAlive()) {
          ALL.set(next, ALL.getLast());
          ALL.removeLast();
          continue;
        }
        next++;
      }
      if (isWritten(watched)) {
        boolean told;
        synchronized (ALL) {
          told = !ALL.remove(watched);
        }
        if (!told) {
          tell(watched);
        }
      }
    }
  }

  private static boolean isWritten(Watched watched) {
    try {
      BasicFileAttributes now = Files.readAttributes(watched.file, BasicFileAttributes.class);
      return (watched.key == null || watched.key.equals(now.fileKey()))
          && (now.size() != watched.size || !now.lastModifiedTime().equals(watched.modified));
    } catch (IOException e) {
      return false;
    }
  }

  private static void tell(Watched watched) {
    LOG.log(
        System.Logger.Level.WARNING,
        watched.file
            + ": was written to after it was opened (it was of "
            + watched.size
            + " bytes, last modified "
            + watched.modified
            + "), expected a file that stays as it is while it is read: batches since then may mix old"
            + " and new values; open the recording again, and write a new file and rename it instead");
  }
}
