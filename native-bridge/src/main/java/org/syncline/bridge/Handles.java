/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import java.util.ArrayList;
import java.util.List;

/**
 * What C knows by number: index in the low half, generation in the high half, so that a number used
 * after release finds nothing, whatever lives at its index by then. Safe for use by several
 * threads.
 */
final class Handles {
  private static final Handles ALL = new Handles();

  private Resource[] resources = new Resource[16];
  private int[] generations = new int[16];
  private final ArrayList<Integer> free = new ArrayList<>();
  private int used;

  private Handles() {}

  /**
   * Something that C opened: closed when its handle is released and nobody else uses it any more.
   */
  abstract static class Resource {
    private int users = 1;

    /** Adds a user, which calls {@link #leave} later. */
    final synchronized void enter() {
      if (users == 0) {
        throw new Failure(Status.CLOSED, what() + " is closed");
      }
      users++;
    }

    /** Takes a user away; the last one closes. */
    final void leave() {
      synchronized (this) {
        if (users == 0 || --users > 0) {
          return;
        }
      }
      close();
    }

    /** Returns what it is, for messages. */
    abstract String what();

    abstract void close();
  }

  /** Returns a handle for a resource. */
  static long add(Resource resource) {
    return ALL.put(resource);
  }

  /** Returns what a handle refers to. */
  static <T extends Resource> T get(long handle, Class<T> type) {
    Resource r = ALL.find(handle);
    if (r == null) {
      throw new Failure(Status.HANDLE, gone(handle));
    }
    if (!type.isInstance(r)) {
      throw new Failure(
          Status.HANDLE,
          "handle 0x"
              + Long.toHexString(handle)
              + " is "
              + r.what()
              + ", which this function does not take");
    }
    return type.cast(r);
  }

  private static String gone(long handle) {
    return "handle 0x" + Long.toHexString(handle) + " is closed, or never was one";
  }

  /** Takes a handle away and closes what it refers to as soon as nobody uses it. */
  static void release(long handle) {
    Resource r = ALL.remove(handle);
    if (r == null) {
      throw new Failure(Status.HANDLE, gone(handle));
    }
    r.leave();
  }

  /** Takes all handles away, latest first: loaders before the datasets that they read. */
  static void releaseAll() {
    for (Resource r : ALL.removeAll().reversed()) {
      try {
        r.leave();
      } catch (RuntimeException _) {
        // the process ends: the others are to be closed all the same
      }
    }
  }

  /** Returns the number of handles. */
  static int count() {
    synchronized (ALL) {
      return ALL.used - ALL.free.size();
    }
  }

  private synchronized long put(Resource resource) {
    int index;
    if (!free.isEmpty()) {
      index = free.removeLast();
    } else {
      index = used++;
      if (index == resources.length) {
        resources = java.util.Arrays.copyOf(resources, 2 * index);
        generations = java.util.Arrays.copyOf(generations, 2 * index);
      }
    }
    resources[index] = resource;
    // never 0, so that no handle is 0
    generations[index] = generations[index] == Integer.MAX_VALUE ? 1 : generations[index] + 1;
    return (long) generations[index] << 32 | index;
  }

  private synchronized Resource find(long handle) {
    int index = (int) handle;
    return index >= 0 && index < used && generations[index] == (int) (handle >>> 32)
        ? resources[index]
        : null;
  }

  private synchronized Resource remove(long handle) {
    Resource r = find(handle);
    if (r != null) {
      resources[(int) handle] = null;
      free.add((int) handle);
    }
    return r;
  }

  private synchronized List<Resource> removeAll() {
    List<Resource> all = new ArrayList<>();
    for (int i = 0; i < used; i++) {
      if (resources[i] != null) {
        all.add(resources[i]);
        resources[i] = null;
        free.add(i);
      }
    }
    return all;
  }
}
