/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.syncline.device.trials.TrialIndex;
import org.syncline.format.DiskCache;
import org.syncline.testdata.Recording;

/**
 * What a cache holds for a screen's trials, with a right checksum: opening never fails, and what it
 * takes of it can be asked for everything. Whether the trials are the recording's own, only who
 * wrote them knows: see {@code DiskCache} for whose entries count.
 */
final class CacheTarget implements Target {
  private static final String NAMESPACE = "trials-1";

  private final Path screen;
  private final List<Path> files;
  private final DiskCache cache;

  CacheTarget() {
    Recording recording = Scene.recording();
    screen = recording.folder().resolve("screen");
    files = List.of(screen.resolve("combined_meta.json"));
    cache = DiskCache.in(Scene.fresh("cache"));
    try {
      // a cache trusts no file that has just been written
      Thread.sleep(2_100);
      TrialIndex.open(screen, false, cache);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** None: what is wrong is read from the files. */
  @Override
  public boolean documents(Exception e) {
    return false;
  }

  @Override
  public void run(byte[] input) {
    String identity = cache.identity(NAMESPACE, files);
    if (identity == null) {
      throw new AssertionError("the files are not trusted");
    }
    cache.put(identity, NAMESPACE, files, ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN));
    TrialsTarget.all(TrialIndex.open(screen, false, cache));
  }
}
