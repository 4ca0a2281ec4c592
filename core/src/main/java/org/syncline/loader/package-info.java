/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Loaders: batches of chunks, from one recording or hundreds, in an order that can be resumed
 * exactly.
 *
 * {@snippet :
 * try (ChunkLoader loader =
 *     ChunkLoader.builder().dataset(dataset).batchSize(16).shuffle(true).seed(42L).threads(4).build()) {
 *   for (int epoch = 0; epoch < 10; epoch++) {
 *     for (Batch batch : loader.remaining()) {
 *       try (batch) {
 *         train(batch.tensor("screen"), batch.tensor("responses"));
 *       }
 *     }
 *     Files.writeString(checkpoint, loader.state().toJson());
 *   }
 * }
 * }
 *
 * <p>{@link org.syncline.loader.ChunkLoader} reads one recording, {@link
 * org.syncline.loader.SessionLoader} many, mixed as {@link org.syncline.loader.Cycle} says. Both
 * hand out {@link org.syncline.loader.Batch}es that lie in a ring of memory off the heap: worker
 * threads write chunks straight to where they stay, and closing a batch gives its memory back. A
 * consumer that keeps batches makes the ring grow; it shrinks again when they come back.
 *
 * <p><b>Order.</b> A function of seed and epoch: the number of threads, their speed, prefetching
 * and ranks do not matter. With several ranks there is one order, dealt out batch by batch: rank r
 * of W takes batches r, r + W, …; {@link org.syncline.loader.Remainder} says what becomes of the
 * last ones.
 *
 * <p><b>Orders of one's own.</b> A session loader made with {@code fed()} is told the chunks of
 * each batch while it runs, by its {@link org.syncline.loader.BatchFeed}.
 *
 * <p><b>Epochs.</b> A loop over {@code remaining()} is one epoch, and ends as loops do; {@code
 * next()} returns null there. One pass at a time: whoever begins another while one is half read
 * gets an error, not half of its batches.
 *
 * <p><b>Resuming.</b> {@link org.syncline.loader.LoaderState} is where the stream stands after the
 * last batch handed out. A loader of the same recordings and settings continues with the very next
 * batch, in another process, with other threads, and with another number of ranks: what is left of
 * the epoch is dealt out anew.
 */
@NullMarked
package org.syncline.loader;

import org.jspecify.annotations.NullMarked;
