/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.util.List;
import org.syncline.ChunkReader;

/**
 * Keeps recordings open, at most as many as asked for: the one unused for the longest time is
 * closed for another, and opened again when its turn comes. Safe for several threads.
 */
final class SessionPool implements AutoCloseable {
  private final List<Session> sessions;
  private final int maxOpen;
  private long clock;
  private int open;
  private boolean closed;

  /** Takes sessions that are open or closed. {@code maxOpen} 0: no limit. */
  SessionPool(List<Session> sessions, int maxOpen) {
    this.sessions = sessions;
    this.maxOpen = maxOpen;
    for (Session s : sessions) {
      if (s.source != null) {
        open++;
      }
    }
  }

  /** Returns how many recordings are open. */
  synchronized int open() {
    return open;
  }

  /** Opens a reader for the calling thread, and the recording where it is closed. */
  ChunkReader reader(Session session) {
    ChunkSource source = acquire(session);
    try {
      return source.reader(session.options);
    } catch (Throwable t) {
      release(session);
      throw t;
    }
  }

  /** Returns the recording, open until {@link #release}. */
  ChunkSource acquire(Session session) {
    // opening under the session's own monitor lets other recordings be opened at the same time
    synchronized (session) {
      ChunkSource evicted = null;
      synchronized (this) {
        if (closed) {
          throw new org.syncline.error.ClosedException("loader");
        }
        session.lastUse = ++clock;
        if (session.source != null) {
          session.users++;
          return session.source;
        }
        if (maxOpen > 0 && open >= maxOpen) {
          evicted = evict();
        }
        open++;
      }
      ChunkSource source = null;
      try {
        if (evicted != null) {
          evicted.close();
        }
        source = session.opener.open();
        check(session, source);
        synchronized (this) {
          if (closed) {
            throw new org.syncline.error.ClosedException("loader");
          }
          session.source = source;
          session.users++;
          return source;
        }
      } catch (Throwable t) {
        synchronized (this) {
          open--;
        }
        if (source != null) {
          source.close();
        }
        throw t;
      }
    }
  }

  /** Gives an acquired recording back. */
  void release(Session session) {
    synchronized (this) {
      session.users--;
    }
  }

  private ChunkSource evict() {
    Session oldest = null;
    for (Session s : sessions) {
      if (s.source != null
          && s.users == 0
          && s.opener != null
          && (oldest == null || s.lastUse < oldest.lastUse)) {
        oldest = s;
      }
    }
    if (oldest == null) {
      return null; // all are being read: one more for as long as that takes
    }
    ChunkSource source = oldest.source;
    oldest.source = null;
    oldest.closing();
    open--;
    return source;
  }

  private static void check(Session session, ChunkSource source) {
    if (!source.fingerprint().equals(session.sourceFingerprint())) {
      throw new LoaderException(
          "recording "
              + session.key
              + " ("
              + session.root
              + ") has changed since the loader was opened: fingerprint "
              + source.fingerprint()
              + ", expected "
              + session.sourceFingerprint(),
          session.key,
          -1,
          null,
          null);
    }
  }

  /** Closes the recordings that the loader opened; readers must be closed before. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    for (Session s : sessions) {
      ChunkSource source;
      synchronized (this) {
        source = s.source;
        s.source = null;
      }
      if (source != null) {
        source.close();
      }
    }
  }
}
