/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.storage;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;

/**
 * A shared arena that is closed while no thread is inside a kernel. The one way in which this
 * library opens shared arenas.
 *
 * <p>Closing a shared arena stops every thread of the process, and HotSpot throws away the compiled
 * frame of each that is in code with an access to a segment, whichever arena that is of
 * (scopedMemoryAccess.cpp). A kernel then ends its run in the interpreter: vector operations become
 * calls that allocate, hundreds of times slower, and their loads lie in compiled methods without a
 * plain access, in which the SIGBUS of a truncated file ends the process (see {@link
 * org.syncline.kernel.lanes.Addresses#mayFault}). A loader closes arenas all the time: slots that
 * it gives back, recordings that it leaves.
 *
 * <p>So {@link #close} waits until nobody is between {@link #enter} and {@link #exit}, for one read
 * of one device at most, and has whoever comes meanwhile wait. A reader that does not leave in time
 * (it waits for a disk, or closes what it is called by) delays a close and others that read by 50
 * ms and no more: it is slower then, never wrong.
 *
 * <p>Safe for use by all threads.
 */
public final class SharedArena implements Arena {
  private static final int SPINS = 200;
  private static final long PAUSE_NANOS = 100_000;

  /**
   * For how long closes and readers wait for each other: 50 ms at least. Counted and not by the
   * clock, for a collection of garbage or another process may stop both for longer than that.
   */
  static final int ROUNDS = SPINS + 500;

  private static final Object CLOSING = new Object();
  private static final ReaderCount READERS = new ReaderCount();

  // written under the lock
  private static volatile boolean closing;

  private final Arena arena = Arena.ofShared();

  /** Says that the calling thread is about to run kernels, until {@link #exit}; may be nested. */
  static void enter() {
    READERS.enter();
    // in this order: either close sees this reader, or this reader sees the close; after the wait,
    // too, for another close may have begun
    for (int i = 0; closing && i < ROUNDS; i++) {
      READERS.exit();
      for (; closing && i < ROUNDS; i++) {
        pause(i);
      }
      READERS.enter();
    }
  }

  /** Ends what {@link #enter} began. */
  static void exit() {
    READERS.exit();
  }

  private static void pause(int round) {
    if (round < SPINS) {
      Thread.onSpinWait();
    } else {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /** Returns whether an arena is being closed, or waits for that. */
  static boolean isClosing() {
    return closing;
  }

  @Override
  public MemorySegment allocate(long byteSize, long byteAlignment) {
    return arena.allocate(byteSize, byteAlignment);
  }

  @Override
  public MemorySegment.Scope scope() {
    return arena.scope();
  }

  /**
   * Frees the memory of the arena and unmaps its files.
   *
   * @throws IllegalStateException where it is closed already, or a call into native code uses it
   */
  @Override
  public void close() {
    synchronized (CLOSING) {
      closing = true;
      try {
        for (int i = 0; READERS.any() && i < ROUNDS; i++) {
          pause(i);
        }
        arena.close();
      } finally {
        closing = false;
      }
    }
  }
}
