/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import org.syncline.ChunkReader;

/**
 * Asks the operating system for the files of batches that come later, where it was seen to be slow:
 * a worker had to wait for a page a short while ago. Has encoded files of later batches decoded in
 * the same way, also where nobody asked for pages.
 *
 * <p>Thread rule: how far to look is guarded by this object's own monitor, which is taken for some
 * instructions, also by threads that hold the lock of {@link Progress}, and under which nothing
 * waits. What was asked for already belongs to the worker that plans, as does {@link
 * Request#collect}; a request belongs to one worker, which asks without any lock.
 */
final class Lookahead {
  /** Batches for which files count as cold after a thread has waited for a page. */
  private static final int COLD_BATCHES = 256;

  private static final int MAX_BATCHES = 8;

  /** Bytes of later batches that are asked for where files are decoded and no number is given. */
  private static final long DECODED_BYTES = 1L << 30;

  private final LoaderOptions options;
  private final Planner planner;
  private final Share share;
  private final boolean withStarts;

  // guarded by this
  private long bytes;
  private long planned;
  private long coldUntil;

  /** Whether a worker has met an encoded file that was not decoded yet. */
  private boolean decoding;

  /** Bytes of files that the largest batch asked for so far reads. */
  private long batchBytes;

  // the planning worker's: batches of this epoch below this place were asked for
  private long askedEpoch = -1;
  private int askedTo;

  Lookahead(LoaderOptions options, Planner planner) {
    this.options = options;
    this.planner = planner;
    share = options.share();
    withStarts = planner.usesStarts();
    coldUntil = options.assumeCold ? Long.MAX_VALUE : 0;
  }

  /** Returns whether pages of files may ever be asked for. */
  boolean isOn() {
    return options.lookahead > 0;
  }

  /** Returns of how many batches after the next files are asked for; called once a batch. */
  synchronized int batches() {
    if (planned++ >= coldUntil || !isOn() && !decoding) {
      return 0;
    }
    // the first batch asked for says how large they are
    long most = decoding ? Math.max(options.lookahead, DECODED_BYTES) : options.lookahead;
    long fit = batchBytes == 0 ? 1 : most / batchBytes;
    return Math.clamp(fit, 0, MAX_BATCHES);
  }

  /** Takes note that a worker had to wait for a page. */
  synchronized void waited() {
    coldUntil = Math.max(coldUntil, planned + COLD_BATCHES);
  }

  /** Takes note that a worker had to wait for a file to be decoded. */
  synchronized void decoded() {
    decoding = true;
    waited();
  }

  /** Returns the bytes asked for. */
  synchronized long bytes() {
    return bytes;
  }

  private synchronized void asked(long sum, long most) {
    bytes += sum;
    batchBytes = Math.max(batchBytes, most);
  }

  /** Chunks of later batches, noted while their order is at hand, asked for afterwards. */
  final class Request {
    private int batches;
    private Session[] sessions = {};
    private int[][] places = {};
    private int[] sizes = {};
    private int[][] indices = {};
    private double[][] times = {};

    /** Notes the chunks of the batches after a plan's, as far as they were not asked for. */
    void collect(Plan plan) {
      batches = 0;
      if (plan.lookahead == 0) {
        return;
      }
      if (sizes.length == 0) {
        sessions = new Session[MAX_BATCHES];
        places = new int[MAX_BATCHES][];
        sizes = new int[MAX_BATCHES];
        indices = new int[MAX_BATCHES][options.batchSize];
        times = new double[MAX_BATCHES][withStarts ? options.batchSize : 0];
      }
      Order order = planner.order();
      int total = order.batches();
      long next = plan.position;
      long furthest = order.place(plan.offset, plan.step + MAX_BATCHES, share);
      if (askedEpoch != plan.epoch || askedTo <= next || askedTo > furthest + 1) {
        askedTo = (int) Math.min(total, next + 1);
      }
      askedEpoch = plan.epoch;
      for (int k = 1; k <= plan.lookahead; k++) {
        next = order.place(plan.offset, plan.step + k, share);
        if (next >= total) {
          break;
        }
        if (next < askedTo) {
          continue;
        }
        int batch = (int) next;
        askedTo = batch + 1;
        Session session = planner.session(batch);
        sessions[batches] = session;
        places[batches] = order.sessions(batch);
        sizes[batches] = planner.chunks(batch, session, indices[batches], times[batches]);
        batches++;
      }
    }

    /** Asks for what was noted, of the recordings that the calling thread has open. */
    void ask(ThreadReaders readers) {
      if (batches == 0) {
        return;
      }
      long sum = 0;
      long most = 0;
      for (int b = 0; b < batches; b++) {
        long asked = 0;
        for (int k = 0; k < sizes[b]; k++) {
          Session session = places[b] == null ? sessions[b] : planner.at(places[b][k]);
          ChunkReader reader = readers.ifOpen(session);
          if (reader == null) {
            continue;
          }
          boolean byStart = planner.byStart(session);
          try {
            asked += byStart ? reader.willNeedAt(times[b][k]) : reader.willNeed(indices[b][k]);
          } catch (RuntimeException e) {
            // a hint: what is wrong is said when the chunk is read
            break;
          }
        }
        sum += asked;
        most = Math.max(most, asked);
      }
      asked(sum, most);
      batches = 0;
    }
  }
}
