/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.storage;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.syncline.array.ElementType;
import org.syncline.error.RecordingException;

/**
 * Reads a few elements of a .npy file without mapping it or reading the rest: some microseconds
 * each. For one thread.
 */
public final class NpyElements implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;
  private final NpyHeader header;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(Long.BYTES);
  private final MemorySegment element = MemorySegment.ofBuffer(buffer);

  private NpyElements(Path file, FileChannel channel, NpyHeader header) {
    this.file = file;
    this.channel = channel;
    this.header = header;
  }

  /**
   * Opens a file.
   *
   * @throws RecordingException where it is missing, unreadable, no .npy file of numbers, or too
   *     short
   */
  public static NpyElements open(Path file) {
    FileChannel channel = Npy.open(file);
    boolean opened = false;
    try {
      NpyElements elements = new NpyElements(file, channel, Npy.header(file, channel));
      opened = true;
      return elements;
    } catch (IOException e) {
      throw Npy.unreadable(file, e);
    } finally {
      if (!opened) {
        close(channel);
      }
    }
  }

  /** Returns what the header says. */
  public NpyHeader header() {
    return header;
  }

  /**
   * Returns an element in the order of the file, as a double.
   *
   * @throws RecordingException where the file was truncated or cannot be read
   */
  public double get(long place) {
    ElementType type = header.dtype().type();
    buffer.clear().limit(type.bytes());
    long at = header.dataOffset() + place * type.bytes();
    try {
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, at + buffer.position()) < 0) {
          throw RecordingException.of(
              file, "element " + place, "the end of the file", "a number", "the file is truncated");
        }
      }
    } catch (IOException e) {
      throw Npy.unreadable(file, e);
    }
    return Elements.toDouble(type, Elements.bits(type, header.dtype().swapped(), element, 0));
  }

  @Override
  public void close() {
    close(channel);
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // nothing was written
      return;
    }
  }
}
