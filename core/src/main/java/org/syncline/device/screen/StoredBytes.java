/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.screen;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.syncline.array.ElementType;
import org.syncline.decode.EncodedTypes;
import org.syncline.device.trials.TrialIndex;
import org.syncline.error.RecordingException;
import org.syncline.format.DiskCache;
import org.syncline.storage.FrameArray;
import org.syncline.storage.Npy;
import org.syncline.storage.NpyHeader;
import org.syncline.transform.FrameShape;

/**
 * Finds out whether a screen's frames are all bytes in the size in which they are interpolated.
 * Safe for use by several threads.
 */
final class StoredBytes {
  private final Path folder;
  private final TrialIndex trials;
  private final FrameShape frame;
  private final String namespace;

  // null: nobody asked yet
  private volatile Boolean found;

  /**
   * Prepares to look.
   *
   * @param folder of the files of frames
   * @param frame the interpolated size
   * @param names whether files are named after stimuli
   */
  StoredBytes(Path folder, TrialIndex trials, FrameShape frame, boolean names) {
    this.folder = folder;
    this.trials = trials;
    this.frame = frame;
    namespace =
        "bytes-1-%d-%d-%d%s"
            .formatted(
                frame.channels(), frame.height(), frame.width(), names ? "-by-stimulus" : "");
  }

  /** Returns whether all frames are, blank ones too; false where a file cannot be read. */
  synchronized boolean all() {
    if (found == null) {
      found = blanksAreBytes() && remembered();
    }
    return found;
  }

  /**
   * Checks frames that are about to be read against what {@link #all} has said.
   *
   * @throws RecordingException where the file has changed since
   */
  void check(FrameArray file) {
    if (Boolean.TRUE.equals(found)
        && (file.type() != ElementType.UINT8
            || file.height() != frame.height()
            || file.width() != frame.width())) {
      throw RecordingException.of(
          file.path(),
          "frames",
          file.type().numpyName() + " of " + file.height() + " x " + file.width(),
          "uint8 of "
              + frame.height()
              + " x "
              + frame.width()
              + ", as the screen's files were before",
          "open the recording again: the file was replaced while it was in use");
    }
  }

  private boolean blanksAreBytes() {
    for (int t = 0; t < trials.size(); t++) {
      double value = trials.hasFile(t) ? 0 : trials.interleaveValue(t);
      // NaN fails every comparison
      if (!(value >= 0 && value <= 255 && value == (int) value)) {
        return false;
      }
    }
    return true;
  }

  private boolean remembered() {
    // a file is replaced by renaming another one, which changes its folder
    DiskCache cache = DiskCache.system();
    List<Path> sources = List.of(folder, trials.source());
    String identity = cache.identity(namespace, sources);
    ByteBuffer known = cache.get(identity, namespace, sources);
    if (known != null && known.remaining() == 1) {
      return known.get() == 1;
    }
    boolean bytes;
    try {
      bytes = distinct().parallelStream().allMatch(this::isBytes);
    } catch (RecordingException e) {
      // whoever reads the file will say what is wrong with it
      return false;
    }
    if (identity != null) {
      cache.put(identity, namespace, sources, ByteBuffer.wrap(new byte[] {(byte) (bytes ? 1 : 0)}));
    }
    return bytes;
  }

  /** Returns a trial of each file. */
  private List<Integer> distinct() {
    BitSet seen = new BitSet(trials.fileCount());
    List<Integer> found = new ArrayList<>(trials.fileCount());
    for (int t = 0; t < trials.size(); t++) {
      int file = trials.fileIndex(t);
      if (file >= 0 && !seen.get(file)) {
        seen.set(file);
        found.add(t);
      }
    }
    return found;
  }

  private boolean isBytes(int trial) {
    Path file = trials.file(trial);
    if (EncodedTypes.isEncoded(file)) {
      // decoded to bytes, in the size that is declared or not at all
      return trials.height(trial) == frame.height() && trials.width(trial) == frame.width();
    }
    NpyHeader header = Npy.header(file);
    ElementType type = header.dtype().type();
    long[] shape = header.shape();
    // (H, W), (T, H, W), (H, W, C) or (T, H, W, C): one channel may have an axis or none
    boolean axis = shape.length > 2 && shape[shape.length - 1] == frame.channels();
    return (type == ElementType.UINT8 || type == ElementType.BOOL)
        && (hasSize(shape, shape.length - 2) || axis && hasSize(shape, shape.length - 3));
  }

  private boolean hasSize(long[] shape, int at) {
    return at >= 0 && shape[at] == frame.height() && shape[at + 1] == frame.width();
  }
}
