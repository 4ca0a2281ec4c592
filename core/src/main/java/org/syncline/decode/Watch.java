/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.decode;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Ends a program when its frames are no longer wanted, or when none has come for a while. Reading
 * from a pipe can be ended in no other way.
 */
final class Watch extends Thread {
  private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Process process;
  private final Thread reader = Thread.currentThread();
  private final BooleanSupplier cancelled;
  private final long patienceNanos;
  private volatile long progress;
  private volatile boolean over;
  private volatile boolean stalled;

  Watch(Process process, BooleanSupplier cancelled, long patienceNanos) {
    super("syncline-decode-watch");
    setDaemon(true);
    this.process = process;
    this.cancelled = cancelled;
    this.patienceNanos = patienceNanos;
    progress = System.nanoTime();
  }

  @Override
  public void run() {
    while (!over) {
      if (cancelled.getAsBoolean() || reader.isInterrupted()) {
        end(process);
        return;
      }
      if (System.nanoTime() - progress > patienceNanos) {
        stalled = true;
        end(process);
        return;
      }
      LockSupport.parkNanos(STEP_NANOS);
    }
  }

  /** Ends a program and those that it has started: a script may stand before it. */
  static void end(Process process) {
    if (process.isAlive()) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** Takes note that something came. */
  void progressed() {
    progress = System.nanoTime();
  }

  boolean stalled() {
    return stalled;
  }

  void over() {
    over = true;
  }
}
