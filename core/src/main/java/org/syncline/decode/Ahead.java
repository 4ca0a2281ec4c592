/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.decode;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads of the process that decode files before they are needed, in the order in which they were
 * asked for. They end when they have nothing to do.
 */
public final class Ahead {
  /** Programs that decode use several processors each. */
  private static final int MOST_THREADS = 4;

  private static final ExecutorService THREADS = threads();

  private Ahead() {}

  private static ExecutorService threads() {
    int count = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, MOST_THREADS);
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            count,
            count,
            5,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "syncline-decode-ahead");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  /** Runs a decoding later; what goes wrong with it is said to whoever needs the file. */
  public static void submit(Runnable decoding) {
    THREADS.execute(
        () -> {
          try {
            decoding.run();
          } catch (RuntimeException e) {
            System.getLogger("org.syncline")
                .log(System.Logger.Level.DEBUG, "a file could not be decoded ahead of need", e);
          }
        });
  }
}
