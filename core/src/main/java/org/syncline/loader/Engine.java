/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jdk.jfr.FlightRecorder;
import org.syncline.ChunkReader;
import org.syncline.StageCounters;
import org.syncline.error.ClosedException;
import org.syncline.os.Advice;
import org.syncline.os.Posix;

/**
 * The ring of slots and the threads that fill them.
 *
 * <p>A batch goes through the queue in order: one worker prepares it (a slot and its chunk
 * indices), all workers claim runs of its chunks, and when all are done the consumer takes it.
 * Slots in the queue are at most {@code prefetch}; slots in the consumer's hands do not count, so a
 * consumer that keeps batches makes the ring grow instead of standing still.
 *
 * <p>One monitor guards all state. It is taken once a run of chunks, never while chunks are read,
 * recordings opened, memory mapped or orders drawn, but for the orders by which a seek checks a
 * state to go on from. A monitor, since waiting on it allocates nothing, unlike conditions.
 */
final class Engine implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("org.syncline");
  // opening a reader takes milliseconds, keeping one a quarter of a megabyte
  private static final int MAX_READERS = 4096;
  private static final int SHRINK_INTERVAL = 32;
  private static final long HUGE_FROM = 4L << 20;

  /** Batches for which files count as cold after a thread has waited for a page. */
  private static final int COLD_BATCHES = 256;

  private static final int MAX_LOOKAHEAD = 8;

  /** What an engine is told. */
  record Options(
      int batchSize,
      int threads,
      int prefetch,
      int maxSlots,
      int rank,
      int worldSize,
      Remainder remainder,
      Boolean hugePages,
      SlotListener slotListener,
      int nice,
      double share,
      long spinNanos,
      int maxOpen,
      long lookahead,
      boolean assumeCold) {}

  private final Object lock = new Object();
  private final Options options;
  private final List<Session> sessions;
  private final SessionPool pool;
  private final Order order;
  private final EpochStarts starts;
  private final Thread[] threads;
  private final int grain;
  private final long slotBytes;
  private final boolean withStarts;
  private final boolean hugePages;
  private final int total;
  private final long opened = System.nanoTime();

  // the rest is guarded by lock
  private final ArrayDeque<Slot> queue = new ArrayDeque<>();
  private final ArrayDeque<Slot> free = new ArrayDeque<>();
  private final ArrayList<Slot> slots = new ArrayList<>();
  private final ArrayList<Batch> held = new ArrayList<>();
  private Slot filling;
  private boolean preparing;
  private boolean adjusting;
  private Throwable prepareFailure;
  private Throwable broken;
  private long version;
  private int slotCount;
  private int idleWorkers;
  private int waitingConsumers;
  private int generations;
  private int peak;
  private int untilShrink = SHRINK_INTERVAL;
  private boolean closed;
  private boolean released;

  // where producers and consumers stand; offset is where a resumed epoch began
  private long producerEpoch;
  private int producerOffset;
  private int producerStep;
  private long consumerEpoch;
  private int consumerOffset;
  private int consumerStep;

  private long batchCount;
  private long chunkCount;
  private long byteCount;
  private long screenNanos;
  private long sequenceNanos;
  private long otherNanos;
  private long slotWaitNanos;
  private long consumerWaitNanos;
  private long replacedNaNs;
  private long lookaheadBytes;
  private long preparedBatches;
  private long coldUntil;

  // the bytes that a batch asked for took
  private long askedBatchBytes;

  // not by lock: batches of this epoch below this place were asked for; belongs to the one worker
  // for which preparing is set
  private long askedEpoch = -1;
  private int askedTo;

  // read without the lock by a spinning consumer
  private volatile boolean headReady;

  Engine(
      Options options, List<Session> sessions, SessionPool pool, Order order, EpochStarts starts) {
    this.options = options;
    this.sessions = sessions;
    this.pool = pool;
    this.order = order;
    this.starts = starts;
    total = order.batches();
    coldUntil = options.assumeCold ? Long.MAX_VALUE : 0;
    // several claims a thread and batch, so that threads end together, yet few enough for small
    // chunks
    grain = Math.max(1, options.batchSize / (4 * options.threads));
    long most = 0;
    for (Session s : sessions) {
      most = Math.max(most, s.layout.bytes());
    }
    slotBytes = most;
    hugePages = options.hugePages != null ? options.hugePages : slotBytes >= HUGE_FROM;
    withStarts = starts != null || sessions.stream().anyMatch(s -> s.ownStarts != null);
    threads = new Thread[options.threads];
    for (int i = 0; i < threads.length; i++) {
      threads[i] = new Thread(new Worker(), "syncline-loader-" + i);
      threads[i].setDaemon(true);
    }
  }

  /** Starts the workers; closes the engine where the system refuses one. */
  void start() {
    try {
      for (Thread t : threads) {
        t.start();
      }
    } catch (Throwable e) {
      try {
        close();
      } catch (Throwable second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  // ---------------------------------------------------------------- consumers

  /**
   * Returns a batch, the mark of an epoch's end, or null where {@code nanos} (below 0: no limit)
   * went by.
   */
  Batch take(long nanos) throws InterruptedException {
    long begin = System.nanoTime();
    if (options.spinNanos > 0 && !headReady && nanos != 0) {
      spin(begin, nanos < 0 ? options.spinNanos : Math.min(nanos, options.spinNanos));
    }
    BatchEvent event = isRecorded() ? new BatchEvent() : null;
    if (event != null) {
      event.begin();
    }
    Slot slot;
    Slot failed = null;
    Slot doomed = null;
    Batch batch = null;
    LoaderException failure = null;
    int ready = 0;
    synchronized (lock) {
      while (true) {
        if (closed) {
          throw new ClosedException("loader");
        }
        if (broken != null) {
          throw new LoaderException(
              "a worker of the loader ended: " + broken, null, -1, null, broken);
        }
        if (consumerStep >= steps(consumerOffset)) {
          consumerEpoch++;
          consumerOffset = 0;
          consumerStep = 0;
          consumerWaitNanos += System.nanoTime() - begin;
          return Batch.END_OF_EPOCH;
        }
        slot = queue.peekFirst();
        if (slot != null && slot.done == slot.size) {
          break;
        }
        if (slot == null) {
          failWithoutBatch();
        }
        long left = nanos < 0 ? Long.MAX_VALUE : nanos - (System.nanoTime() - begin);
        if (left <= 0) {
          consumerWaitNanos += System.nanoTime() - begin;
          return null;
        }
        waitingConsumers++;
        try {
          lock.wait(left / 1_000_000, (int) (left % 1_000_000));
        } finally {
          waitingConsumers--;
        }
      }
      queue.pollFirst();
      consumerStep++;
      batchCount++;
      slot.generation = ++generations;
      if (slot.failure != null) {
        failed = slot;
        failure = slot.failure;
      } else {
        slot.use = Slot.Use.HELD;
        batch = new Batch(this, slot);
        held.set(slot.id, batch);
      }
      updateHead();
      peak = Math.max(peak, slotCount - free.size());
      if (--untilShrink == 0) {
        doomed = shrink();
      }
      consumerWaitNanos += System.nanoTime() - begin;
      ready = queue.size();
      if (failed != null) {
        recycle(failed);
      }
      if (idleWorkers > 0 || waitingConsumers > 0) {
        lock.notifyAll();
      }
    }
    if (doomed != null) {
      try {
        doomed.free();
      } catch (Throwable e) {
        // the batch is counted: it must come out
        LOG.log(System.Logger.Level.WARNING, "loader: the listener of slots failed", e);
      }
    }
    if (failure != null) {
      throw failure;
    }
    if (event != null) {
      event.end();
      if (event.shouldCommit()) {
        event.recording = batch.sessionKey();
        event.epoch = batch.epoch();
        event.position = batch.position();
        event.chunks = batch.size();
        event.bytes = batch.bytes();
        event.ready = ready;
        event.commit();
      }
    }
    return batch;
  }

  /**
   * Returns whether flight recordings were ever asked for in this process. To load an event class
   * starts the flight recorder, a tenth of a second in front of the first batch.
   */
  private static boolean isRecorded() {
    return FlightRecorder.isInitialized();
  }

  private void spin(long begin, long nanos) {
    while (!headReady && System.nanoTime() - begin < nanos) {
      Thread.onSpinWait();
    }
  }

  private void failWithoutBatch() {
    if (prepareFailure != null) {
      Throwable cause = prepareFailure;
      prepareFailure = null;
      lock.notifyAll();
      throw new LoaderException(
          "the next batch cannot be prepared: " + LoaderException.text(cause),
          null,
          -1,
          null,
          cause);
    }
    if (!preparing
        && free.isEmpty()
        && options.maxSlots > 0
        && slotCount >= options.maxSlots
        && cancelled() == 0) {
      throw new LoaderException(
          "all "
              + slotCount
              + " slots are held by the consumer and maxSlots is "
              + options.maxSlots
              + ": close batches before taking more, or raise maxSlots",
          null,
          -1,
          null,
          null);
    }
  }

  private int cancelled() {
    int n = 0;
    for (int i = 0; i < slots.size(); i++) {
      Slot s = slots.get(i);
      if (s != null && s.use == Slot.Use.CANCELLED) {
        n++;
      }
    }
    return n;
  }

  /** Takes a slot back whose last reference was given back. */
  void giveBack(Slot slot) {
    boolean free;
    synchronized (lock) {
      held.set(slot.id, null);
      free = released;
      if (free) {
        forget(slot);
      } else {
        recycle(slot);
        if (idleWorkers > 0 || queue.isEmpty()) {
          lock.notifyAll();
        }
      }
    }
    if (free) {
      slot.free();
    }
  }

  boolean release(int slot, int generation) {
    Batch batch;
    synchronized (lock) {
      if (slot < 0 || slot >= held.size()) {
        return false;
      }
      batch = held.get(slot);
    }
    return batch != null && batch.generation() == generation && batch.tryRelease();
  }

  private void recycle(Slot slot) {
    slot.use = Slot.Use.FREE;
    slot.failure = null;
    slot.failedAt = -1;
    free.addFirst(slot); // the memory used last is the likeliest to be in a cache
  }

  private void forget(Slot slot) {
    slots.set(slot.id, null);
    slotCount--;
  }

  // every so many batches the ring gives back one slot that it did not need since
  private Slot shrink() {
    untilShrink = SHRINK_INTERVAL;
    Slot doomed = null;
    if (slotCount > Math.max(peak, options.prefetch + 1) && !free.isEmpty()) {
      doomed = free.pollLast();
      forget(doomed);
    }
    peak = slotCount - free.size();
    return doomed;
  }

  private void updateHead() {
    Slot head = queue.peekFirst();
    boolean ready = head != null && head.done == head.size;
    if (ready != headReady) {
      headReady = ready;
    }
  }

  /** Returns the batches that this rank has after {@code offset} batches of an epoch. */
  private int steps(int offset) {
    int left = total - offset;
    if (left <= 0) {
      return 0;
    }
    int world = options.worldSize;
    return switch (options.remainder) {
      case PAD -> (int) ((left + world - 1L) / world);
      case DROP -> left / world;
      case UNEVEN -> left <= options.rank ? 0 : (int) ((left - options.rank + world - 1L) / world);
    };
  }

  int batchesPerEpoch() {
    return steps(0);
  }

  long chunksPerEpoch() {
    return order.chunks();
  }

  List<Session> sessions() {
    return sessions;
  }

  Order order() {
    return order;
  }

  /** Returns the start times drawn anew each epoch, or null where the datasets' own count. */
  EpochStarts starts() {
    return starts;
  }

  /** Where the consumer stands. */
  record Position(long epoch, int consumed) {}

  Position position() {
    synchronized (lock) {
      if (closed) {
        throw new ClosedException("loader");
      }
      return new Position(
          consumerEpoch,
          (int)
              Math.min(
                  Integer.MAX_VALUE, consumerOffset + (long) consumerStep * options.worldSize));
    }
  }

  /**
   * Leaves everything in the queue out and goes on elsewhere. {@code change} runs while no order is
   * being drawn.
   */
  void seek(long epoch, int offset, Runnable change) {
    synchronized (lock) {
      if (closed) {
        throw new ClosedException("loader");
      }
      version++;
      adjusting = true;
      boolean interrupted = false;
      while (preparing && broken == null) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      try {
        change.run();
        for (Slot s; (s = queue.pollFirst()) != null; ) {
          if (s.active == 0) {
            recycle(s);
          } else {
            s.use = Slot.Use.CANCELLED;
          }
        }
        filling = null;
        prepareFailure = null;
        updateHead();
        producerEpoch = consumerEpoch = epoch;
        producerOffset = consumerOffset = offset;
        producerStep = consumerStep = 0;
      } finally {
        adjusting = false;
        lock.notifyAll();
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  void nextEpoch() {
    long next;
    synchronized (lock) {
      if (closed) {
        throw new ClosedException("loader");
      }
      if (consumerStep == 0 && consumerOffset == 0) {
        return;
      }
      next = consumerEpoch + 1;
      if (consumerStep >= steps(consumerOffset)) {
        // nothing is left out: what was read ahead belongs to the next epoch
        consumerEpoch = next;
        consumerOffset = 0;
        consumerStep = 0;
        return;
      }
    }
    seek(next, 0, () -> {});
  }

  LoaderStatistics statistics() {
    synchronized (lock) {
      int inHands = 0;
      for (int i = 0; i < held.size(); i++) {
        if (held.get(i) != null) {
          inHands++;
        }
      }
      return new LoaderStatistics(
          batchCount,
          chunkCount,
          byteCount,
          screenNanos,
          sequenceNanos,
          otherNanos,
          slotWaitNanos,
          consumerWaitNanos,
          System.nanoTime() - opened,
          threads.length,
          slotCount,
          inHands,
          slotCount * slotBytes,
          replacedNaNs,
          pool.open(),
          lookaheadBytes);
    }
  }

  boolean isClosed() {
    synchronized (lock) {
      return closed;
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      lock.notifyAll();
    }
    boolean interrupted = false;
    for (Thread t : threads) {
      while (t.isAlive() && t != Thread.currentThread()) {
        try {
          t.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    try {
      synchronized (threads) {
        free();
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void free() {
    ArrayList<Slot> doomed = new ArrayList<>();
    synchronized (lock) {
      if (!released) {
        released = true;
        for (int i = 0; i < slots.size(); i++) {
          Slot s = slots.get(i);
          if (s != null && s.use != Slot.Use.HELD) {
            doomed.add(s);
            forget(s);
          }
        }
        queue.clear();
        free.clear();
        filling = null;
      }
    }
    Throwable failure = null;
    try {
      for (Slot s : doomed) {
        try {
          s.free();
        } catch (RuntimeException | Error e) {
          failure = failure == null ? e : failure;
        }
      }
      order.close();
      if (starts != null) {
        starts.close();
      }
    } finally {
      pool.close();
    }
    switch (failure) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null, default -> {}
    }
  }

  // ---------------------------------------------------------------- workers

  /** A thread's readers, scratch and the run of chunks it works on. */
  private final class Worker implements Runnable {
    private final ThreadReaders readers =
        new ThreadReaders(
            sessions,
            pool,
            Math.max(1, (options.maxOpen == 0 ? MAX_READERS : options.maxOpen) / options.threads));
    private MemorySegment[] segments = {};
    private long[] offsets = {};

    // the run claimed, and what came of it
    private Slot slot;
    private int first;
    private int count;
    private int failedAt;
    private LoaderException failure;
    private long chunks;
    private long bytes;
    private long screen;
    private long sequence;
    private long other;
    private long nans;
    // its calls of the system are linked by loaders that look ahead alone
    private final MemorySegment usage =
        options.lookahead > 0 ? Advice.usage(Arena.ofAuto()) : MemorySegment.NULL;
    private long faults;
    private boolean waited;

    // chunks of later batches to ask for
    private Session[] aheadSessions = {};
    private int[] aheadSizes = {};
    private int[][] aheadIndices = {};
    private double[][] aheadStarts = {};

    @Override
    public void run() {
      if (options.nice > 0 && !Posix.nice(options.nice)) {
        LOG.log(
            System.Logger.Level.INFO,
            "loader: the system has no priorities for threads; nice is ignored");
      }
      try {
        faults = options.lookahead > 0 ? Advice.majorFaults(usage) : 0;
        while (claim()) {
          read();
          if (options.share < 1) {
            rest();
          }
        }
      } catch (Throwable t) {
        // what even explaining an error could not handle: consumers must hear of it rather than
        // wait for ever
        synchronized (lock) {
          broken = t;
          lock.notifyAll();
        }
      } finally {
        readers.close();
      }
    }

    /** Hands in the last run and takes the next; false when the loader is closed. */
    private boolean claim() {
      while (true) {
        Slot spare = null;
        long epoch;
        int batch;
        int position;
        long preparedVersion;
        int newId = -1;
        int lookahead;
        synchronized (lock) {
          if (slot != null) {
            handIn();
          }
          while (true) {
            if (closed) {
              return false;
            }
            if (filling != null) {
              takeRun();
              return true;
            }
            if (canPrepare()) {
              break;
            }
            idle();
          }
          preparing = true;
          preparedVersion = version;
          epoch = producerEpoch;
          position = (int) Math.min(Integer.MAX_VALUE, place());
          lookahead = lookahead();
          batch = (int) (place() % total);
          spare = free.pollFirst();
          if (spare == null) {
            newId = slots.indexOf(null);
            if (newId < 0) {
              newId = slots.size();
              slots.add(null);
              held.add(null);
            }
            slotCount++;
          }
        }
        prepare(spare, newId, epoch, batch, position, preparedVersion, lookahead);
      }
    }

    /**
     * Returns how many batches after the next are asked for: 0 unless a thread waited for pages.
     */
    private int lookahead() {
      if (options.lookahead == 0 || preparedBatches++ >= coldUntil) {
        return 0;
      }
      // the first batch asked for says how large they are
      long fit = askedBatchBytes == 0 ? 1 : options.lookahead / askedBatchBytes;
      return Math.clamp(fit, 0, MAX_LOOKAHEAD);
    }

    /**
     * Notes the chunks of the batches after one, as far as they were not asked for; returns how
     * many.
     */
    private int collect(long epoch, int position, int lookahead) {
      if (aheadSizes.length == 0) {
        aheadSessions = new Session[MAX_LOOKAHEAD];
        aheadSizes = new int[MAX_LOOKAHEAD];
        aheadIndices = new int[MAX_LOOKAHEAD][options.batchSize];
        aheadStarts = new double[MAX_LOOKAHEAD][withStarts ? options.batchSize : 0];
      }
      long next = position;
      long furthest = position + (long) MAX_LOOKAHEAD * options.worldSize;
      if (askedEpoch != epoch || askedTo <= position || askedTo > furthest + 1) {
        askedTo = (int) Math.min(total, position + 1L);
      }
      askedEpoch = epoch;
      int n = 0;
      for (int k = 1; k <= lookahead; k++) {
        next += options.worldSize;
        if (next >= total) {
          break;
        }
        if (next < askedTo) {
          continue;
        }
        askedTo = (int) next + 1;
        int s = order.session((int) next);
        aheadSessions[n] = sessions.get(s);
        aheadSizes[n] = order.indices((int) next, aheadIndices[n]);
        locate(s, aheadIndices[n], aheadStarts[n], aheadSizes[n]);
        n++;
      }
      return n;
    }

    /** Asks for what {@link #collect} noted, of the recordings that this thread has open. */
    private void ask(int batches) {
      long bytes = 0;
      long most = 0;
      for (int b = 0; b < batches; b++) {
        Session session = aheadSessions[b];
        ChunkReader reader = readers.ifOpen(session);
        long asked = 0;
        for (int k = 0; reader != null && k < aheadSizes[b]; k++) {
          try {
            asked +=
                starts != null || session.ownStarts != null
                    ? reader.willNeedAt(aheadStarts[b][k])
                    : reader.willNeed(aheadIndices[b][k]);
          } catch (RuntimeException e) {
            // a hint: what is wrong is said when the chunk is read
            break;
          }
        }
        bytes += asked;
        most = Math.max(most, asked);
      }
      synchronized (lock) {
        lookaheadBytes += bytes;
        askedBatchBytes = Math.max(askedBatchBytes, most);
      }
    }

    /** Turns indices of a session into chunks and start times of the epoch begun. */
    private void locate(int session, int[] indices, double[] times, int size) {
      int[] subset = sessions.get(session).subset;
      if (subset != null) {
        for (int k = 0; k < size; k++) {
          indices[k] = subset[indices[k]];
        }
      }
      double[] own = sessions.get(session).ownStarts;
      if (starts != null) {
        for (int k = 0; k < size; k++) {
          times[k] = starts.start(session, indices[k]);
        }
      } else if (own != null) {
        for (int k = 0; k < size; k++) {
          times[k] = own[indices[k]];
        }
      }
    }

    private long place() {
      return producerOffset + (long) producerStep * options.worldSize + options.rank;
    }

    private boolean canPrepare() {
      if (preparing || adjusting || prepareFailure != null || queue.size() >= options.prefetch) {
        return false;
      }
      if (free.isEmpty() && options.maxSlots > 0 && slotCount >= options.maxSlots) {
        return false;
      }
      if (producerStep >= steps(producerOffset)) {
        if (steps(0) == 0) {
          return false;
        }
        producerEpoch++;
        producerOffset = 0;
        producerStep = 0;
      }
      return true;
    }

    @SuppressWarnings(
        "WaitNotInLoop") // the callers loop: they look for work again after every return
    private void idle() {
      long begin = System.nanoTime();
      boolean full = !preparing;
      idleWorkers++;
      try {
        lock.wait();
      } catch (InterruptedException e) {
        // nobody but a stranger interrupts a worker, and only close ends it
      } finally {
        idleWorkers--;
        long nanos = System.nanoTime() - begin;
        if (full) {
          slotWaitNanos += nanos;
        } else {
          otherNanos += nanos;
        }
      }
    }

    /** Makes a batch ready for claiming: everything that takes time happens outside the lock. */
    private void prepare(
        Slot spare,
        int newId,
        long epoch,
        int batch,
        int position,
        long preparedVersion,
        int lookahead) {
      long begin = System.nanoTime();
      Slot s = spare;
      Throwable problem = null;
      int session = -1;
      int size = 0;
      int ahead = 0;
      try {
        if (s == null) {
          s =
              new Slot(
                  newId, slotBytes, options.batchSize, withStarts, hugePages, options.slotListener);
        }
        order.begin(epoch);
        session = order.session(batch);
        size = order.indices(batch, s.indices);
        if (starts != null) {
          starts.begin(epoch);
        }
        locate(session, s.indices, s.starts, size);
        if (lookahead > 0) {
          ahead = collect(epoch, position, lookahead);
        }
      } catch (Throwable t) {
        problem = t;
      }
      synchronized (lock) {
        otherNanos += System.nanoTime() - begin;
        preparing = false;
        if (s == null) {
          slotCount--;
        } else if (spare == null) {
          slots.set(newId, s);
        }
        if (problem == null && preparedVersion == version && !closed) {
          s.use = Slot.Use.FILLING;
          s.session = sessions.get(session);
          s.size = size;
          s.byStart = starts != null || s.session.ownStarts != null;
          s.next = 0;
          s.done = 0;
          s.active = 0;
          s.epoch = epoch;
          s.position = position;
          queue.addLast(s);
          filling = s;
          producerStep++;
        } else {
          if (s != null) {
            recycle(s);
          }
          if (preparedVersion == version) {
            prepareFailure = problem;
          }
        }
        lock.notifyAll();
      }
      if (ahead > 0) {
        ask(ahead);
      }
    }

    private void takeRun() {
      slot = filling;
      first = slot.next;
      count = Math.min(grain, slot.size - first);
      slot.next += count;
      slot.active += count;
      if (slot.next == slot.size) {
        filling = null;
        // another worker may prepare the batch after this one now
        if (idleWorkers > 0) {
          lock.notifyAll();
        }
      }
    }

    private void handIn() {
      chunkCount += chunks;
      byteCount += bytes;
      screenNanos += screen;
      sequenceNanos += sequence;
      otherNanos += other;
      replacedNaNs += nans;
      if (waited) {
        coldUntil = Math.max(coldUntil, preparedBatches + COLD_BATCHES);
      }
      slot.active -= count;
      slot.done += count;
      // the first chunk that fails speaks for the batch, whichever thread had it
      if (failure != null && (slot.failure == null || failedAt < slot.failedAt)) {
        slot.failure = failure;
        slot.failedAt = failedAt;
      }
      failure = null;
      if (slot.use == Slot.Use.CANCELLED) {
        if (slot.active == 0) {
          recycle(slot);
          lock.notifyAll();
        }
      } else if (slot.done == slot.size && slot == queue.peekFirst()) {
        updateHead();
        lock.notifyAll();
      }
      slot = null;
    }

    private void read() {
      chunks = 0;
      bytes = 0;
      screen = 0;
      sequence = 0;
      nans = 0;
      long begin = System.nanoTime();
      ReadEvent event = isRecorded() ? new ReadEvent() : null;
      if (event != null) {
        event.begin();
      }
      Session session = slot.session;
      int k = first;
      try {
        int entries = session.layout.entries();
        if (segments.length != entries) {
          // readers take arrays of exactly their layout's length
          segments = new MemorySegment[entries];
          offsets = new long[entries];
        }
        ChunkReader reader = readers.of(session);
        StageCounters counters = reader.counters();
        long screenBefore = counters.screenNanos();
        long sequenceBefore = counters.sequenceNanos();
        long nansBefore = counters.replacedNaNs();
        Arrays.fill(segments, 0, session.layout.entries(), slot.memory);
        try {
          for (; k < first + count; k++) {
            session.layout.offsets(k, offsets);
            if (slot.byStart) {
              reader.readAt(slot.starts[k], segments, offsets);
            } else {
              reader.read(slot.indices[k], segments, offsets);
            }
            chunks++;
          }
        } finally {
          bytes = chunks * session.layout.chunkBytes();
          screen = counters.screenNanos() - screenBefore;
          sequence = counters.sequenceNanos() - sequenceBefore;
          nans = counters.replacedNaNs() - nansBefore;
        }
      } catch (Throwable t) {
        failedAt = k;
        failure = LoaderException.of(session, slot.indices[k], t);
      }
      waited = false;
      if (options.lookahead > 0) {
        long now = Advice.majorFaults(usage);
        waited = now != faults;
        faults = now;
      }
      other = Math.max(0, System.nanoTime() - begin - screen - sequence);
      if (event != null) {
        event.end();
        if (event.shouldCommit()) {
          event.recording = session.key;
          event.epoch = slot.epoch;
          event.position = slot.position;
          event.first = first;
          event.chunks = count;
          event.bytes = bytes;
          event.commit();
        }
      }
    }

    private void rest() {
      long nanos = (long) ((screen + sequence + other) * (1 / options.share - 1));
      synchronized (lock) {
        if (slot != null) {
          handIn(); // what is read must not wait for the rest to end
        }
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0 && !closed; left = end - System.nanoTime()) {
          try {
            lock.wait(left / 1_000_000, (int) (left % 1_000_000));
          } catch (InterruptedException e) {
            return;
          }
        }
      }
    }
  }
}
