/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.util.Objects;

/**
 * Takes the batches that a loader is to read, one after the other: each is a recording and some of
 * its chunks. The loader's threads begin at once, as far as its ring has room; {@link
 * BatchLoader#next} hands batches out in the order in which they were named, and returns null where
 * all were.
 *
 * {@snippet :
 * SessionLoader loader = SessionLoader.builder().add(dataset).batchSize(16).fed().build();
 * BatchFeed feed = loader.feed();
 * feed.add(0, 5, 2, 7);
 * Batch batch = loader.next();
 * }
 *
 * <p>Threads: any, also while others take batches.
 */
public final class BatchFeed {
  private final EngineLoader loader;
  private final FedOrder order;

  BatchFeed(EngineLoader loader, FedOrder order) {
    this.loader = loader;
    this.order = order;
  }

  /**
   * Names the next batch.
   *
   * @param session place in {@link BatchLoader#sessionKeys}
   * @param indices of its chunks, 1 to {@code batchSize} of them, in their order in the batch; one
   *     may come several times
   * @throws IllegalArgumentException for a recording or chunk that does not exist, or a batch that
   *     is empty or too large
   * @throws ArithmeticException beyond 2^31−1 batches without a {@link #clear}
   */
  public void add(int session, int... indices) {
    order.add(session, indices.clone());
    loader.grown();
  }

  /**
   * Names the next batch, of chunks of several recordings.
   *
   * @param sessions a recording for each chunk, places in {@link BatchLoader#sessionKeys}; all with
   *     the same {@link BatchLoader#layout}
   * @param indices of the chunks in their recordings, as many, in their order in the batch
   * @throws IllegalArgumentException for a recording or chunk that does not exist, recordings of
   *     different layouts, a batch that is empty or too large, or arrays of different lengths
   * @throws ArithmeticException beyond 2^31−1 batches without a {@link #clear}
   */
  public void add(int[] sessions, int[] indices) {
    Objects.requireNonNull(sessions, "sessions is null");
    loader.checkLayouts(sessions);
    order.add(sessions.clone(), indices.clone());
    loader.grown();
  }

  /** Returns how many batches were named since the beginning or the last {@link #clear}. */
  public int named() {
    return order.batches();
  }

  /**
   * Drops the batches that were named and not handed out; those that the consumer holds stay its
   * own. {@link BatchLoader#position} is 0 again. Ends the pass under way.
   *
   * @throws org.syncline.error.ClosedException after the loader's close
   */
  public void clear() {
    loader.restart(order::clear);
  }

  @Override
  public String toString() {
    int named = order.batches();
    return "BatchFeed(" + named + (named == 1 ? " batch" : " batches") + " of " + loader + ")";
  }
}
