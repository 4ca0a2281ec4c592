/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.syncline.array.TensorSpec;

/**
 * An endless, deterministic, resumable stream of batches.
 *
 * <p>The stream is made of epochs. {@link #remaining()} iterates over one, {@link #epochs()} over
 * all; {@link #next} takes a single batch and says by {@code null} that an epoch has ended. The
 * order depends on seed and epoch alone, never on threads or timing.
 *
 * <p>There is one stream, which {@link #state} describes exactly, so there is one pass over it at a
 * time: as long as an iterator has handed out some batches of an epoch and not all, another
 * iterator and {@link #next} raise IllegalStateException, for each would get what the other misses.
 * {@link #nextEpoch}, {@link #seek} and {@link #restore} end the pass under way. For two passes
 * side by side open two loaders.
 *
 * <p>Threads: every method may be called by any thread, also while another waits in {@link #next},
 * and two threads that take batches at once with {@link #next} get different ones; an iterator is
 * for one thread. Ownership: each batch is the consumer's until it closes it, also after the
 * loader's close; the loader owns its threads, the memory of batches, and the recordings that it
 * opened itself.
 */
public sealed interface BatchLoader extends AutoCloseable permits EngineLoader {
  /**
   * Takes the next batch, waiting for it as long as it needs.
   *
   * @return the batch, which the caller closes; null at the end of an epoch, after which the next
   *     call begins a new one
   * @throws InterruptedException where the thread is interrupted while it waits; nothing is lost,
   *     the call can be repeated
   * @throws LoaderException where a chunk of this batch could not be read; the loader then goes on
   *     with the batch after it. Also where {@code maxSlots} batches are held by the consumer: the
   *     same batch comes once one was closed
   * @throws IllegalStateException where a pass is half read: see above
   * @throws org.syncline.error.ClosedException after close, also where the close comes while the
   *     call waits
   */
  @Nullable Batch next() throws InterruptedException;

  /**
   * Takes the next batch, waiting no longer than so long; zero does not wait.
   *
   * @return like {@link #next()}: null at the end of an epoch
   * @throws TimeoutException where no batch came in time; the call can be repeated
   * @throws InterruptedException like {@link #next()}
   * @throws LoaderException like {@link #next()}
   * @throws IllegalStateException like {@link #next()}
   * @throws org.syncline.error.ClosedException like {@link #next()}
   */
  @Nullable Batch next(Duration timeout) throws InterruptedException, TimeoutException;

  /**
   * Leaves what is left of the current epoch out, so that the next batch is the first of an epoch;
   * at the beginning of one it stays there. Ends the pass under way.
   *
   * @throws org.syncline.error.ClosedException after close
   */
  void nextEpoch();

  /**
   * Goes to the first batch of an epoch. Ends the pass under way.
   *
   * @param epoch from 0
   * @throws IllegalArgumentException like {@link #seek(long, int)}
   * @throws org.syncline.error.ClosedException after close
   */
  void seek(long epoch);

  /**
   * Goes to a batch of an epoch. In natural order with one chunk a batch, the position is the
   * chunk's index: a consumer that mostly goes forward finds its chunks read ahead, and jumps with
   * this. Ends the pass under way.
   *
   * @param epoch from 0
   * @param position batches of the epoch that all ranks together have behind them, as {@link
   *     #position} counts; behind the last one the end of the epoch comes next
   * @throws IllegalArgumentException for a number below 0 or past the epoch's end, or an epoch that
   *     cannot be reached
   * @throws org.syncline.error.ClosedException after close
   */
  void seek(long epoch, int position);

  /** Returns the epoch of the batch that comes next, from 0. */
  long epoch();

  /**
   * Returns how many batches of the current epoch all ranks together have handed out, padding
   * included.
   */
  int position();

  /** Returns how many batches this loader hands out in a whole epoch, padding included. */
  int batchesPerEpoch();

  /** Returns how many chunks a whole epoch of all ranks reads, padding left out. */
  long chunksPerEpoch();

  /**
   * Returns the entries of a batch of a recording, without the first axis: values, then timestamps.
   *
   * @param session place in {@link #sessionKeys}
   * @throws IndexOutOfBoundsException for a place that there is not
   */
  List<TensorSpec> layout(int session);

  /**
   * Returns the texts that codes in a recording's batches stand for, by the name of their entry,
   * {@code meta.KEY}: see {@link org.syncline.ChunkDataset#categories(String)}. A loader warns
   * where they differ from one recording to another.
   *
   * @param session place in {@link #sessionKeys}
   * @throws IndexOutOfBoundsException for a place that there is not
   */
  Map<String, List<String>> categories(int session);

  /** Returns the recordings' names in order; their places are what {@link Batch#session()} says. */
  List<String> sessionKeys();

  /**
   * Iterates over what is left of the current epoch: all of it, unless batches were taken from it
   * or a state from within it restored. The next call iterates over the next epoch. Batches are
   * taken when the iterator is asked for them; {@code hasNext} takes none and does not wait.
   *
   * <p>A failing chunk is an exception of {@code next}, after which the iterator goes on with the
   * batch after it. An interrupt becomes a {@link LoaderException} with the thread's interrupt flag
   * set. An iterator raises IllegalStateException where another pass is half read, or where the
   * loader went elsewhere since it began.
   */
  Iterable<Batch> remaining();

  /**
   * Iterates over batches without end, epoch after epoch, like {@link #remaining}; ends when the
   * loader is closed or has no batches at all.
   */
  Iterable<Batch> epochs();

  /**
   * Returns where the stream stands: after the last batch handed out. Batches read ahead do not
   * count.
   *
   * @throws org.syncline.error.ClosedException after close
   */
  LoaderState state();

  /**
   * Continues exactly where the state was taken, also with another number of threads or ranks. Ends
   * the pass under way.
   *
   * <p>Where each epoch is drawn from the seed alone (one recording, and several joined by a
   * cycler) any epoch is reached at once. The concatenated order and {@code shuffleEachEpoch} are
   * the original's, whose generators run on from epoch to epoch: their draws depend on all draws
   * before, about 1 ms an epoch and a recording of 70,000 chunks. The state of a loader that ran
   * through such epochs therefore carries the generators as they stood shortly before, and only
   * what came since is drawn again; {@link #seek} to an epoch far ahead draws all in between.
   *
   * @throws org.syncline.error.ConfigException where the state belongs to other data or another
   *     configuration, naming both fingerprints and what differs; the loader then stays where it
   *     was
   */
  void restore(LoaderState state);

  /** Returns counters and times of the stages since the loader was opened. */
  LoaderStatistics statistics();

  /**
   * Stops the workers and closes the recordings that the loader itself opened; any number of times,
   * from any thread. Returns when no worker runs any more (at most the time of one chunk). Batches
   * still held stay readable until each is closed, and only then is their memory freed.
   *
   * <p>A loader that is not closed and that nobody holds any more is closed so by the garbage
   * collector, whenever that comes to it; batches do not hold their loader.
   */
  @Override
  void close();
}
