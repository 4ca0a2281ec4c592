/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format.checksum;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntFunction;
import org.syncline.error.SynclineException;
import org.syncline.file.RegularFiles;

/**
 * Hashes several files at once. Files are read, not mapped: one that shrinks meanwhile is a short
 * one, no fault.
 */
final class Hashing {
  private static final int MOST_THREADS = 16;

  private static final int BUFFER = 1 << 16;

  /** Files that were hashed in this process, which tests ask. */
  static final LongAdder HASHED = new LongAdder();

  /** Takes what became of a file, in the thread that hashed it. */
  interface Result {
    /** Exactly one of sum and failure is null. */
    void of(int index, byte[] sum, IOException failure);
  }

  private final int count;
  private final IntFunction<Path> files;
  private final Result result;
  private final AtomicInteger next = new AtomicInteger();
  private volatile boolean cancelled;
  private volatile Throwable fault;

  private Hashing(int count, IntFunction<Path> files, Result result) {
    this.count = count;
    this.files = files;
    this.result = result;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("each Java has SHA-256", e);
    }
  }

  /**
   * Hashes files; the first ones begin first.
   *
   * @param what is named where the thread is interrupted
   * @param files by their number; null leaves one out
   * @throws SynclineException where the thread is interrupted, which it stays
   */
  static void all(Path what, int count, IntFunction<Path> files, Result result) {
    Hashing hashing = new Hashing(count, files, result);
    int n = Math.min(count, Math.min(Runtime.getRuntime().availableProcessors(), MOST_THREADS));
    if (n > 1) {
      hashing.inThreads(what, n);
    }
    // what no thread took, where some or all did not start
    hashing.run();
    switch (hashing.fault) {
      case null -> {}
      case Error e -> throw e;
      case RuntimeException e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
  }

  private void inThreads(Path what, int n) {
    List<Thread> threads = new ArrayList<>();
    try {
      for (int i = 0; i < n; i++) {
        Thread thread = new Thread(this::run, "syncline-checksums");
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
      }
    } catch (OutOfMemoryError e) {
      // no thread can be started: those there are, or this one, do it
    }
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
          cancelled = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
      throw new SynclineException(
          what + ": the thread was interrupted while it hashed the files, which may be healthy",
          null);
    }
  }

  private void run() {
    try {
      MessageDigest digest = sha256();
      byte[] buffer = new byte[BUFFER];
      for (int i = next.getAndIncrement(); i < count && !cancelled; i = next.getAndIncrement()) {
        Path file = files.apply(i);
        if (file == null) {
          continue;
        }
        byte[] sum = null;
        IOException failure = null;
        try {
          sum = sum(file, digest, buffer);
        } catch (IOException e) {
          RegularFiles.checkInterruption(file, e);
          failure = e;
          digest.reset();
        }
        if (!cancelled) {
          HASHED.increment();
          result.of(i, sum, failure);
        }
      }
    } catch (RuntimeException | Error e) {
      cancelled = true;
      fault = e;
    }
  }

  private byte[] sum(Path file, MessageDigest digest, byte[] buffer) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0 && !cancelled; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return digest.digest();
  }
}
