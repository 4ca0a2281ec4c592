/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.decode;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads what a program says about errors to its end, and keeps the beginning of it. */
final class Messages extends Thread {
  private static final int MOST = 4096;

  private final InputStream in;
  private final byte[] kept = new byte[MOST];
  private int size;

  Messages(InputStream in) {
    super("syncline-decode-messages");
    setDaemon(true);
    this.in = in;
  }

  @Override
  public void run() {
    byte[] piece = new byte[1024];
    try (in) {
      for (int n; (n = in.read(piece)) >= 0; ) {
        synchronized (this) {
          int take = Math.min(n, MOST - size);
          System.arraycopy(piece, 0, kept, size, take);
          size += take;
        }
      }
    } catch (IOException e) {
      // the program was ended; what it said until then is kept
    }
  }

  /** Returns the lines so far, joined. */
  synchronized String text() {
    String all = new String(kept, 0, size, StandardCharsets.UTF_8).strip();
    return String.join(" | ", all.lines().map(String::strip).filter(l -> !l.isEmpty()).toList());
  }
}
