/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.function.Consumer;

/**
 * Keeps what was derived from files of a recording outside of it, in {@code $SYNCLINE_CACHE}, else {@code
 * $XDG_CACHE_HOME/syncline}, else {@code ~/.cache/syncline}. An entry belongs to a namespace and the files it was derived
 * from, and is found only while their absolute paths, sizes, modification and change times and inodes are what they
 * were; files changed within the last two seconds are neither stored nor trusted. Broken entries count as missing; nothing
 * here ever fails: a cache that cannot be written is a slow one. Safe for concurrent use by threads and processes.
 */
public final class DiskCache {
  private DiskCache() {}

  /** Returns the user's cache; {@code SYNCLINE_CACHE=off} turns it off. */
  public static DiskCache system() {
    throw new UnsupportedOperationException();
  }

  /** Returns a cache in a folder, which is created when something is stored. */
  public static DiskCache in(Path folder) {
    throw new UnsupportedOperationException();
  }

  /**
   * Returns what was stored for a namespace and files, or null.
   *
   * @param namespace letters, digits and dashes; contains the version of the content's layout and parameters
   * @param files the files and folders it depends on, in the same order as when stored
   * @return a read-only buffer, little-endian, position 0
   */
  public ByteBuffer get(String namespace, Collection<Path> files) {
    throw new UnsupportedOperationException();
  }

  /**
   * Returns an identity of files as they are now, for {@link #put}: taken before they are read, so that a change while
   * reading makes the entry unusable instead of wrong. Null where one is missing or changed in the last two seconds.
   */
  public String identity(String namespace, Collection<Path> files) {
    throw new UnsupportedOperationException();
  }

  /** Stores content under an identity; does nothing for a null identity, and nothing where the files have changed since. */
  public void put(String identity, String namespace, Collection<Path> files, ByteBuffer content) {
    throw new UnsupportedOperationException();
  }
}
