/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.syncline.error.ClosedException;

/**
 * Where a loader stands: what was planned, what is being read, what was delivered, and who waits.
 *
 * <p>A batch goes through the queue in order: one worker plans it (a slot and its chunk indices),
 * all workers claim runs of its chunks, and when all are done the consumer takes it. Slots in the
 * queue are at most {@code prefetch}; those in the consumer's hands do not count.
 *
 * <p>Lock: one monitor guards this class, the {@link Ring}, the {@link Counters} and the fields of
 * {@link Slot}s. It is taken once a run of chunks, never while chunks are read, recordings opened,
 * memory mapped or orders drawn, but for the orders by which a seek checks a state to go on from.
 * Every method here takes it by itself and is safe for any thread. A monitor, since waiting on it
 * allocates nothing, unlike conditions.
 *
 * <p>What waits: consumers for the next batch ({@link #take}), workers for something to do ({@link
 * #claim}) or for their rest to end, a seek for the plan under way, which it stops where that draws
 * a late epoch ({@link Halt}). Whoever changes what one of them waits for wakes all: they are few.
 */
final class Progress {
  private static final System.Logger LOG = System.getLogger("org.syncline");

  /** What a worker is to do next. */
  enum Work {
    /** Read the run that it has claimed. */
    READ,
    /** Make the next batch ready for reading. */
    PLAN,
    /** End. */
    STOP
  }

  /** A place in the stream; offset is where a resumed epoch began, in batches of all ranks. */
  private static final class Place {
    long epoch;
    int offset;
    int step;

    void set(long epoch, int offset) {
      this.epoch = epoch;
      this.offset = offset;
      step = 0;
    }
  }

  /** Where the consumer stands. */
  record Position(long epoch, int consumed) {}

  /**
   * Batches that a consumer takes one after the other by one iterator. Of what the loader has to
   * give there is one stream: while a pass is half read, nobody else may take from it, or either
   * would miss batches without a word. Fields are guarded by the lock.
   */
  static final class Pass {
    private final boolean endless;
    private boolean begun;
    private boolean ended;
    private long epoch;
    private long moves;

    /** An endless pass goes on with the next epoch; any other ends with its own. */
    Pass(boolean endless) {
      this.endless = endless;
    }
  }

  private final Object lock = new Object();
  private final LoaderOptions options;
  private final Ring ring;
  private final Lookahead lookahead;
  private final Order order;
  private final Share share;
  private final int grain;

  // the rest is guarded by lock
  private final Counters counters = new Counters();
  private final ArrayDeque<Slot> queue = new ArrayDeque<>();
  private final Place planned = new Place();
  private final Place delivered = new Place();

  /** The slot of whose chunks runs are claimed, or null. */
  private Slot filling;

  /** Whether a worker plans a batch now. */
  private boolean planning;

  /** Whether a seek is under way. */
  private boolean seeking;

  private long seeks;
  private Throwable planFailure;

  /**
   * Whether a consumer has heard of it: planning is tried again once it asks for the next batch.
   */
  private boolean planFailureHeard;

  private Throwable workerFailure;
  private int idleWorkers;
  private int waitingConsumers;
  private boolean closed;

  /** The pass that has taken batches and has not ended, or null. */
  private Pass current;

  /** How often the stream was moved by its users; a pass does not go on elsewhere. */
  private long moves;

  /** Whether a consumer that spins would not wait under the lock; read without it. */
  private volatile boolean worthALook;

  Progress(LoaderOptions options, Ring ring, Lookahead lookahead, Order order) {
    this.options = options;
    this.ring = ring;
    this.lookahead = lookahead;
    this.order = order;
    share = options.share();
    // several claims a thread and batch, so that threads end together, yet few enough for small
    // chunks
    grain = Math.max(1, options.batchSize / (4 * options.threads));
    // an epoch without a batch is at its end before anybody plans
    worthALook = isAtEnd(delivered);
  }

  // ---------------------------------------------------------------- consumers

  /**
   * Returns the next batch, or null at the end of an epoch.
   *
   * @param nanos how long to wait; below 0: as long as it needs
   * @param pass by which it is taken, or null
   * @throws TimeoutException where no batch came in time
   * @throws IllegalStateException where another pass is half read
   */
  Batch take(long nanos, Pass pass) throws InterruptedException, TimeoutException {
    long begin = System.nanoTime();
    if (options.spinNanos > 0 && !worthALook && nanos != 0) {
      spin(begin, nanos < 0 ? options.spinNanos : Math.min(nanos, options.spinNanos));
    }
    Batch batch = null;
    LoaderException failure = null;
    Slot doomed;
    synchronized (lock) {
      if (planFailureHeard) {
        // not before: what stood in the way (memory, say) may be out of it only now
        forgetPlanFailure();
        lock.notifyAll();
      }
      while (true) {
        ensureRunning();
        enter(pass);
        if (isAtEnd(delivered)) {
          endEpoch();
          counters.consumerWaitNanos += System.nanoTime() - begin;
          return null;
        }
        Slot head = queue.peekFirst();
        if (head != null && head.done == head.size) {
          break;
        }
        if (head == null) {
          failWithoutBatch();
        }
        long left = nanos < 0 ? Long.MAX_VALUE : nanos - (System.nanoTime() - begin);
        if (left <= 0) {
          counters.consumerWaitNanos += System.nanoTime() - begin;
          throw new TimeoutException("no batch within " + Duration.ofNanos(Math.max(0, nanos)));
        }
        waitingConsumers++;
        try {
          if (nanos < 0) {
            // not a wait of 292 years: Fray takes that for one that ends by itself
            lock.wait();
          } else {
            lock.wait(left / 1_000_000, (int) (left % 1_000_000));
          }
        } finally {
          waitingConsumers--;
        }
      }
      Slot slot = queue.pollFirst();
      delivered.step++;
      current = pass;
      counters.batches++;
      ring.count(slot);
      failure = slot.failure;
      if (failure == null) {
        batch = ring.hold(slot, this);
      }
      tellSpinning();
      doomed = ring.shrink();
      counters.consumerWaitNanos += System.nanoTime() - begin;
      if (failure != null) {
        ring.recycle(slot);
      }
      if (idleWorkers > 0 || waitingConsumers > 0) {
        lock.notifyAll();
      }
    }
    for (; doomed != null; doomed = doomed.nextDoomed) {
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
    return batch;
  }

  /** Returns whether a pass has a batch to come; where it has none, the pass has ended. */
  boolean hasNext(Pass pass) {
    synchronized (lock) {
      if (pass.ended) {
        return false;
      }
      if (closed && pass.endless) {
        return end(pass);
      }
      ensureOpen();
      enter(pass);
      if (!pass.endless && delivered.epoch != pass.epoch) {
        return end(pass);
      }
      if (!isAtEnd(delivered)) {
        return true;
      }
      endEpoch();
      return pass.endless && batchesPerEpoch() > 0 && !order.grows() || end(pass);
    }
  }

  private boolean end(Pass pass) {
    pass.ended = true;
    if (current == pass) {
      current = null;
    }
    return false;
  }

  private void endEpoch() {
    if (!order.grows()) {
      delivered.set(delivered.epoch + 1, 0);
      tellSpinning();
    }
    if (current != null && !current.endless) {
      end(current);
    }
  }

  /** Sees to it that nobody takes batches out of the midst of another's pass. */
  private void enter(Pass pass) {
    if (pass != null && pass.begun && pass.moves != moves) {
      throw new IllegalStateException(
          "this pass ended when the loader went elsewhere by seek, restore or nextEpoch: ask the"
              + " loader for a new one");
    }
    if (current != null && current != pass) {
      if (!isAtEnd(delivered)) {
        throw new IllegalStateException(
            "a pass over this loader is half read, "
                + delivered.step
                + " of "
                + order.steps(delivered.offset, share)
                + " batches of epoch "
                + delivered.epoch
                + ": go on with its iterator, leave the rest out with nextEpoch(), or take it up"
                + " anew with seek(epoch(), position())");
      }
      // it has had all its batches and only never asked for more
      current = null;
      if (pass != null) {
        endEpoch();
      }
    }
    if (pass != null && !pass.begun) {
      pass.begun = true;
      pass.epoch = delivered.epoch;
      pass.moves = moves;
    }
  }

  private void moved() {
    moves++;
    current = null;
  }

  private void spin(long begin, long nanos) {
    Thread consumer = Thread.currentThread();
    while (!worthALook && !consumer.isInterrupted() && System.nanoTime() - begin < nanos) {
      Thread.onSpinWait();
    }
  }

  private void ensureRunning() {
    ensureOpen();
    if (workerFailure != null) {
      throw new LoaderException(
          "a worker of the loader ended: " + workerFailure, null, -1, null, workerFailure);
    }
  }

  private void ensureOpen() {
    if (closed) {
      throw new ClosedException("loader");
    }
  }

  private void failWithoutBatch() {
    if (planFailure != null) {
      Throwable cause = planFailure;
      planFailureHeard = true;
      throw new LoaderException(
          "the next batch cannot be prepared: " + LoaderException.text(cause),
          null,
          -1,
          null,
          cause);
    }
    if (!planning && ring.isHeld()) {
      throw new LoaderException(
          "all "
              + ring.slots()
              + " batches are held by the consumer and "
              + options.name(LoaderOption.MAX_BATCHES)
              + " is "
              + options.maxSlots
              + ": close batches before taking more, or raise "
              + options.name(LoaderOption.MAX_BATCHES),
          null,
          -1,
          null,
          null);
    }
  }

  private void forgetPlanFailure() {
    planFailure = null;
    planFailureHeard = false;
  }

  /** Takes a slot back whose last reference was given back. */
  void giveBack(Slot slot) {
    boolean free;
    synchronized (lock) {
      free = ring.giveBack(slot);
      if (!free && (idleWorkers > 0 || queue.isEmpty())) {
        lock.notifyAll();
      }
    }
    if (free) {
      slot.free();
    }
  }

  /** Returns the batch that a consumer holds in a slot, or null. */
  Batch held(int slot) {
    synchronized (lock) {
      return ring.held(slot);
    }
  }

  /** Says whether a consumer would now get a batch, the end of an epoch or an exception. */
  private void tellSpinning() {
    Slot head = queue.peekFirst();
    boolean worth =
        closed
            || workerFailure != null
            || isAtEnd(delivered)
            || (head != null
                ? head.done == head.size
                : planFailure != null || !planning && ring.isHeld());
    if (worth != worthALook) {
      worthALook = worth;
    }
  }

  /** Returns how many batches are in the queue. */
  int queued() {
    synchronized (lock) {
      return queue.size();
    }
  }

  // ---------------------------------------------------------------- places

  /** Returns how many batches this loader hands out in a whole epoch. */
  int batchesPerEpoch() {
    return order.steps(0, share);
  }

  private boolean isAtEnd(Place place) {
    return place.step >= order.steps(place.offset, share);
  }

  Position position() {
    synchronized (lock) {
      ensureOpen();
      return new Position(
          delivered.epoch,
          (int)
              Math.min(Integer.MAX_VALUE, order.consumed(delivered.offset, delivered.step, share)));
    }
  }

  /**
   * Leaves everything in the queue out and goes on elsewhere. {@code change} runs while no order is
   * being drawn; where it throws, the stream stays where it was.
   */
  void seek(long epoch, int offset, Runnable change) {
    order.halt.request();
    try {
      seekNow(epoch, offset, change);
    } catch (Halt.Stopped e) {
      throw new ClosedException("loader");
    } finally {
      order.halt.withdraw();
    }
  }

  private void seekNow(long epoch, int offset, Runnable change) {
    synchronized (lock) {
      ensureOpen();
      seeks++;
      seeking = true;
      boolean interrupted = false;
      while (planning && workerFailure == null) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      try {
        order.halt.setSeeking(true);
        change.run();
        for (Slot s; (s = queue.pollFirst()) != null; ) {
          if (s.active == 0) {
            ring.recycle(s);
          } else {
            s.use = Slot.Use.CANCELLED;
          }
        }
        filling = null;
        forgetPlanFailure();
        planned.set(epoch, offset);
        delivered.set(epoch, offset);
        tellSpinning();
        moved();
      } finally {
        order.halt.setSeeking(false);
        seeking = false;
        lock.notifyAll();
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  /** Takes note that the order has grown. */
  void grown() {
    synchronized (lock) {
      tellSpinning();
      if (idleWorkers > 0) {
        lock.notifyAll();
      }
    }
  }

  /** Leaves what is left of the epoch out. */
  void nextEpoch() {
    long next;
    synchronized (lock) {
      ensureOpen();
      if (delivered.step == 0 && delivered.offset == 0) {
        moved();
        return;
      }
      next = delivered.epoch + 1;
      if (isAtEnd(delivered)) {
        // nothing is left out: what was read ahead belongs to the next epoch
        delivered.set(next, 0);
        tellSpinning();
        moved();
        return;
      }
    }
    seek(next, 0, () -> {});
  }

  // ---------------------------------------------------------------- workers

  /**
   * Hands in the run before and waits for something to do.
   *
   * @param run what was read; takes what is to be read now
   * @param plan takes what is to be planned now
   */
  Work claim(Run run, Plan plan) {
    synchronized (lock) {
      handIn(run);
      while (true) {
        if (closed) {
          return Work.STOP;
        }
        if (filling != null) {
          takeRun(run);
          return Work.READ;
        }
        if (canPlan()) {
          begin(plan);
          return Work.PLAN;
        }
        idle();
      }
    }
  }

  private void takeRun(Run run) {
    Slot slot = filling;
    run.slot = slot;
    run.first = slot.next;
    run.count = Math.min(grain, slot.size - run.first);
    slot.next += run.count;
    slot.active += run.count;
    if (slot.next == slot.size) {
      filling = null;
      // another worker may plan the batch after this one now
      if (idleWorkers > 0) {
        lock.notifyAll();
      }
    }
  }

  private void handIn(Run run) {
    Slot slot = run.slot;
    if (slot == null) {
      return;
    }
    counters.add(run);
    if (run.decoded) {
      lookahead.decoded();
    } else if (run.waited) {
      lookahead.waited();
    }
    slot.active -= run.count;
    slot.done += run.count;
    // the first chunk that fails speaks for the batch, whichever thread had it
    if (run.failure != null && (slot.failure == null || run.failedAt < slot.failedAt)) {
      slot.failure = run.failure;
      slot.failedAt = run.failedAt;
    }
    run.failure = null;
    if (slot.use == Slot.Use.CANCELLED) {
      if (slot.active == 0) {
        ring.recycle(slot);
        lock.notifyAll();
      }
    } else if (slot.done == slot.size && slot == queue.peekFirst()) {
      tellSpinning();
      lock.notifyAll();
    }
    run.slot = null;
  }

  private boolean canPlan() {
    if (planning
        || seeking
        || planFailure != null
        || queue.size() >= options.prefetch
        || !ring.hasRoom()) {
      return false;
    }
    if (isAtEnd(planned)) {
      if (order.grows() || batchesPerEpoch() == 0) {
        return false;
      }
      planned.set(planned.epoch + 1, 0);
    }
    return true;
  }

  private void begin(Plan plan) {
    planning = true;
    long place = order.place(planned.offset, planned.step, share);
    plan.version = seeks;
    plan.epoch = planned.epoch;
    plan.offset = planned.offset;
    plan.step = planned.step;
    plan.position = (int) Math.min(Integer.MAX_VALUE, place);
    plan.batch = (int) (place % order.batches());
    plan.lookahead = lookahead.batches();
    plan.problem = null;
    order.reached(plan.batch);
    ring.reserve(plan);
  }

  /** Takes a plan back, to have its batch read where nothing went wrong and no seek came. */
  void planned(Plan plan) {
    synchronized (lock) {
      counters.otherNanos += plan.nanos;
      planning = false;
      ring.reserved(plan);
      Slot slot = plan.slot;
      boolean current = plan.version == seeks;
      if (plan.problem == null && current && !closed) {
        slot.fill(plan);
        queue.addLast(slot);
        filling = slot;
        planned.step++;
      } else {
        if (slot != null) {
          ring.recycle(slot);
        }
        // a stop comes from a seek or a close that waits for the lock
        if (current && !(plan.problem instanceof Halt.Stopped)) {
          planFailure = plan.problem;
        }
      }
      tellSpinning();
      lock.notifyAll();
    }
  }

  @SuppressWarnings("WaitNotInLoop") // the caller loops: it looks for work again after every return
  private void idle() {
    long begin = System.nanoTime();
    boolean full = !planning;
    idleWorkers++;
    try {
      lock.wait();
    } catch (InterruptedException e) {
      // nobody but a stranger interrupts a worker, and only close ends it
    } finally {
      idleWorkers--;
      long nanos = System.nanoTime() - begin;
      if (full) {
        counters.slotWaitNanos += nanos;
      } else {
        counters.otherNanos += nanos;
      }
    }
  }

  /** Hands in a run and waits, at most until close. */
  void rest(Run run, long nanos) {
    synchronized (lock) {
      handIn(run); // what is read must not wait for the rest to end
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

  /**
   * Takes note that a worker ended by an error that it could not even explain: consumers must hear
   * of it rather than wait for ever.
   */
  void workerEnded(Throwable cause) {
    synchronized (lock) {
      workerFailure = cause;
      tellSpinning();
      lock.notifyAll();
    }
  }

  // ---------------------------------------------------------------- the end

  /** Makes all waiting calls return; workers end after the chunk under way. */
  void close() {
    order.halt.end();
    synchronized (lock) {
      closed = true;
      tellSpinning();
      lock.notifyAll();
    }
  }

  boolean isClosed() {
    synchronized (lock) {
      return closed;
    }
  }

  /** Ends the ring once no worker runs any more; returns the slots that the caller is to free. */
  List<Slot> release() {
    synchronized (lock) {
      queue.clear();
      filling = null;
      return ring.release();
    }
  }

  /** Returns counters and what there is now. */
  LoaderStatistics statistics(long elapsedNanos, int openRecordings, long leftOutChunks) {
    synchronized (lock) {
      return new LoaderStatistics(
          counters,
          ring,
          options.threads,
          elapsedNanos,
          openRecordings,
          lookahead.bytes(),
          leftOutChunks);
    }
  }
}
