/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.util.List;

/**
 * Says which chunks the batches of an epoch hold: an order over sessions and, where they are drawn
 * anew each epoch, start times.
 *
 * <p>Thread rule: used by the one worker that plans a batch, or by a seek while nobody plans;
 * {@link Progress} sees to it. Drawing takes time, so no lock is held meanwhile, but by a seek that
 * checks a state.
 */
final class Planner implements AutoCloseable {
  private final List<Session> sessions;
  private final Order order;
  private final EpochStarts starts;

  /** The start times may be null: the datasets' own count then. */
  Planner(List<Session> sessions, Order order, EpochStarts starts) {
    this.sessions = sessions;
    this.order = order;
    this.starts = starts;
  }

  Order order() {
    return order;
  }

  /** Returns the start times drawn anew each epoch, or null where the datasets' own count. */
  EpochStarts starts() {
    return starts;
  }

  /** Returns whether chunks of any session are read by start time. */
  boolean usesStarts() {
    return starts != null || sessions.stream().anyMatch(s -> s.ownStarts != null);
  }

  /** Makes ready for an epoch. */
  void begin(long epoch) {
    order.begin(epoch);
    if (starts != null) {
      starts.begin(epoch);
    }
  }

  /** Returns the session of a batch of the epoch begun. */
  Session session(int batch) {
    return sessions.get(order.session(batch));
  }

  /** Returns the session at a place. */
  Session at(int place) {
    return sessions.get(place);
  }

  /** Returns whether the chunks of a session are read by start time rather than by index. */
  boolean byStart(Session session) {
    return starts != null || session.ownStarts != null;
  }

  /**
   * Writes which chunks a batch of the epoch begun holds.
   *
   * @param indices of the chunks in their recording
   * @param times start times, where chunks are read by them
   * @return how many
   */
  int chunks(int batch, Session session, int[] indices, double[] times) {
    int size = order.indices(batch, indices);
    int[] subset = session.subset;
    if (subset != null) {
      for (int k = 0; k < size; k++) {
        indices[k] = subset[indices[k]];
      }
    }
    if (starts != null) {
      for (int k = 0; k < size; k++) {
        times[k] = starts.start(session.place, indices[k]);
      }
    } else if (order.sessions(batch) instanceof int[] places) {
      for (int k = 0; times != null && k < size; k++) {
        double[] own = sessions.get(places[k]).ownStarts;
        times[k] = own == null ? Double.NaN : own[indices[k]];
      }
    } else if (session.ownStarts != null) {
      for (int k = 0; k < size; k++) {
        times[k] = session.ownStarts[indices[k]];
      }
    }
    return size;
  }

  @Override
  public void close() {
    order.close();
    if (starts != null) {
      starts.close();
    }
  }
}
