/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.syncline.error.RecordingException;

/** Tells what stands in a file's place: the pointer of a store, or a compressed file. */
public final class Pointers {
  private static final int LONGEST = 24;

  private Pointers() {}

  /**
   * Returns what to do about a file that does not hold what it should.
   *
   * @param otherwise the advice for a file of which nothing else is known
   */
  public static String advice(Path file, String otherwise) {
    try (FileChannel channel = Npy.open(file)) {
      ByteBuffer first = ByteBuffer.allocate(LONGEST);
      channel.read(first, 0);
      return advice(Arrays.copyOf(first.array(), first.position()), otherwise);
    } catch (IOException | RecordingException _) {
      return otherwise; // who reads it is told
    }
  }

  private static String advice(byte[] first, String otherwise) {
    String text = new String(first, StandardCharsets.ISO_8859_1);
    if (text.startsWith("version https://git-lfs")) {
      return "it is a pointer of Git LFS, not the file itself: `git lfs pull` fetches that";
    }
    if (text.startsWith("/annex/objects/")) {
      return "it is a pointer of git-annex, not the file itself: `git annex get` (`datalad get`)"
          + " fetches that";
    }
    if (text.startsWith("\u001f\u008b")) {
      return "it is compressed: `gunzip` it";
    }
    if (text.startsWith("PK\u0003\u0004")) {
      return "it is an archive, as np.savez writes: store the array itself, as np.save does";
    }
    return otherwise;
  }
}
