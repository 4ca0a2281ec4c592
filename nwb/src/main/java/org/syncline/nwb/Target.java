/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.syncline.error.RecordingException;
import org.syncline.storage.SharedArena;

/** Where values are put: memory, or a file behind its header. Safe for use by several threads. */
abstract sealed class Target implements AutoCloseable {
  /** Puts bytes at a distance from the first value. */
  abstract void put(long at, MemorySegment from, long fromAt, long bytes) throws IOException;

  @Override
  public abstract void close() throws IOException;

  /** Memory that somebody else owns. */
  static final class InMemory extends Target {
    private final MemorySegment memory;
    private final long start;

    InMemory(MemorySegment memory) {
      this(memory, 0);
    }

    /** Takes the part of all values that begins at a distance from the first. */
    InMemory(MemorySegment memory, long start) {
      this.memory = memory;
      this.start = start;
    }

    @Override
    void put(long at, MemorySegment from, long fromAt, long bytes) {
      MemorySegment.copy(from, fromAt, memory, at - start, bytes);
    }

    @Override
    public void close() {}
  }

  /**
   * A new file. Long runs are written, short ones go through a map, for a call of the system for
   * each would cost more than the rest.
   */
  static final class InFile extends Target {
    private static final long LONG_RUN = 16 << 10;

    private final Path file;
    private final FileChannel channel;
    private final long start;
    private final long bytes;
    private final Arena arena = new SharedArena();
    private MemorySegment map;

    /**
     * Makes the file with its final size.
     *
     * @throws RecordingException where the disk has too little space
     */
    InFile(Path file, byte[] header, long bytes) throws IOException {
      this.file = file;
      this.start = header.length;
      this.bytes = bytes;
      long space = Files.getFileStore(file.toAbsolutePath().getParent()).getUsableSpace();
      if (space < bytes) {
        throw RecordingException.of(
            file,
            null,
            space + " bytes left on the disk",
            bytes + " for these values",
            "free space, or name the devices that you need");
      }
      channel =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      MemorySegment head = MemorySegment.ofArray(header);
      write(-start, head, 0, header.length);
      if (bytes > 0) {
        write(bytes - 1, MemorySegment.ofArray(new byte[1]), 0, 1);
      }
    }

    FileChannel channel() {
      return channel;
    }

    /** Opens the file once more, for writing. */
    FileChannel another() throws IOException {
      return FileChannel.open(file, StandardOpenOption.WRITE);
    }

    long start() {
      return start;
    }

    @Override
    void put(long at, MemorySegment from, long fromAt, long length) throws IOException {
      if (length >= LONG_RUN) {
        write(at, from, fromAt, length);
        return;
      }
      try {
        MemorySegment.copy(from, fromAt, map(), at, length);
      } catch (InternalError e) {
        throw new IOException("the disk is full, or it fails: " + file, e);
      }
    }

    private void write(long at, MemorySegment from, long fromAt, long length) throws IOException {
      var buffer = from.asSlice(fromAt, length).asByteBuffer();
      while (buffer.hasRemaining()) {
        channel.write(buffer, start + at + buffer.position());
      }
    }

    private synchronized MemorySegment map() throws IOException {
      if (map == null) {
        map = channel.map(FileChannel.MapMode.READ_WRITE, start, bytes, arena);
      }
      return map;
    }

    @Override
    public void close() throws IOException {
      arena.close();
      channel.close();
    }
  }
}
