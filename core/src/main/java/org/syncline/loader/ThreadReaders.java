/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.util.List;
import org.syncline.ChunkReader;

/**
 * The readers that one thread has open, at most as many as asked for: the one unused for the
 * longest time is closed for another. Used by that thread alone.
 */
final class ThreadReaders implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("org.syncline");

  private final List<Session> sessions;
  private final SessionPool pool;
  private final int most;
  private final ChunkReader[] readers;
  private final long[] used;
  private int open;
  private long clock;

  ThreadReaders(List<Session> sessions, SessionPool pool, int most) {
    this.sessions = sessions;
    this.pool = pool;
    this.most = most;
    readers = new ChunkReader[sessions.size()];
    used = new long[readers.length];
  }

  /** Returns the reader of a recording, or null where it is not open. */
  ChunkReader ifOpen(Session session) {
    return readers[session.place];
  }

  /** Returns the reader of a recording, opened where it is not open. */
  ChunkReader of(Session session) {
    int place = session.place;
    used[place] = ++clock;
    ChunkReader reader = readers[place];
    if (reader == null) {
      if (open >= most) {
        int oldest = -1;
        for (int i = 0; i < readers.length; i++) {
          if (readers[i] != null && (oldest < 0 || used[i] < used[oldest])) {
            oldest = i;
          }
        }
        close(oldest);
      }
      reader = pool.reader(session);
      readers[place] = reader;
      open++;
    }
    return reader;
  }

  private void close(int place) {
    ChunkReader reader = readers[place];
    readers[place] = null;
    open--;
    try {
      reader.close();
    } finally {
      pool.release(sessions.get(place));
    }
  }

  @Override
  public void close() {
    for (int i = 0; i < readers.length; i++) {
      if (readers[i] != null) {
        try {
          close(i);
        } catch (RuntimeException e) {
          LOG.log(
              System.Logger.Level.WARNING,
              "loader: a reader of " + sessions.get(i).key + " did not close",
              e);
        }
      }
    }
  }
}
