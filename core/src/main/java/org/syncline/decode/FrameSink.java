/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.decode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;
import org.syncline.array.ElementType;
import org.syncline.storage.Dtype;
import org.syncline.storage.Npy;

/**
 * Writes decoded frames as a .npy file that ends with a seal: what it was decoded from, and
 * checksums. For one thread.
 */
final class FrameSink {
  static final int SEAL_BYTES = 64;
  private static final long MAGIC = 0x53594e46524d3031L;

  // ITU-R 601 in 15 bits, as OpenCV makes grey of colour
  private static final int RED = 9798;
  private static final int GREEN = 19235;
  private static final int BLUE = 3735;

  private final FileChannel out;
  private final Stimulus stimulus;
  private final CRC32C sum = new CRC32C();
  private final byte[] frame;
  private int frames;

  FrameSink(FileChannel out, Stimulus stimulus) throws IOException {
    this.out = out;
    this.stimulus = stimulus;
    frame = new byte[Math.toIntExact(stimulus.frameBytes())];
    writeAll(ByteBuffer.wrap(header(stimulus)));
  }

  static byte[] header(Stimulus stimulus) {
    return Npy.headerBytes(Dtype.of(ElementType.UINT8), stimulus.shape());
  }

  /** Returns the size of a whole file in bytes. */
  static long bytes(Stimulus stimulus) {
    return header(stimulus).length + stimulus.frames() * stimulus.frameBytes() + SEAL_BYTES;
  }

  Stimulus stimulus() {
    return stimulus;
  }

  int frames() {
    return frames;
  }

  /** Writes a frame given as red, green and blue of each pixel. */
  void write(byte[] rgb) throws IOException {
    if (stimulus.channels() == 3) {
      write(rgb, stimulus.frameBytes());
      return;
    }
    for (int i = 0, p = 0; i < frame.length; i++, p += 3) {
      frame[i] = grey(rgb[p] & 0xff, rgb[p + 1] & 0xff, rgb[p + 2] & 0xff);
    }
    write(frame, frame.length);
  }

  static byte grey(int red, int green, int blue) {
    return (byte) ((RED * red + GREEN * green + BLUE * blue + (1 << 14)) >> 15);
  }

  private void write(byte[] bytes, long length) throws IOException {
    sum.update(bytes, 0, (int) length);
    writeAll(ByteBuffer.wrap(bytes, 0, (int) length));
    frames++;
  }

  /** Writes the seal, when all frames are there. */
  void seal(String identity) throws IOException {
    ByteBuffer seal = ByteBuffer.allocate(SEAL_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    seal.putLong(MAGIC).put(identity.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    seal.putLong(sum.getValue()).putLong(bytes(stimulus));
    CRC32C own = new CRC32C();
    own.update(seal.array(), 0, SEAL_BYTES - 8);
    seal.putLong(own.getValue()).flip();
    writeAll(seal);
  }

  private void writeAll(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  /**
   * Returns whether a file holds the frames of a stimulus, decoded from a file of this identity.
   *
   * @param whole compare all frames with their checksum too, whatever their size
   */
  static boolean isSealed(FileChannel in, Stimulus stimulus, String identity, boolean whole)
      throws IOException {
    byte[] header = header(stimulus);
    long size = bytes(stimulus);
    if (in.size() != size) {
      return false;
    }
    ByteBuffer seal = ByteBuffer.allocate(SEAL_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer first = ByteBuffer.allocate(header.length);
    if (!read(in, seal, size - SEAL_BYTES) || !read(in, first, 0)) {
      return false;
    }
    CRC32C own = new CRC32C();
    own.update(seal.array(), 0, SEAL_BYTES - 8);
    byte[] owner = new byte[32];
    long magic = seal.getLong();
    seal.get(owner);
    long frames = seal.getLong();
    if (magic != MAGIC
        || seal.getLong() != size
        || seal.getLong() != own.getValue()
        || !java.util.Arrays.equals(first.array(), header)
        || !identity.equals(new String(owner, java.nio.charset.StandardCharsets.US_ASCII))) {
      return false;
    }
    return !(whole || size <= SMALL) || frames == sum(in, header.length, size - SEAL_BYTES);
  }

  /** Files up to this size are not forced to the disk, so their frames are checked at each use. */
  static final long SMALL = 1 << 20;

  private static long sum(FileChannel in, long from, long end) throws IOException {
    CRC32C sum = new CRC32C();
    ByteBuffer piece = ByteBuffer.allocate((int) Math.min(end - from, 1 << 20));
    for (long at = from; at < end; ) {
      piece.clear().limit((int) Math.min(piece.capacity(), end - at));
      if (!read(in, piece, at)) {
        return -1;
      }
      at += piece.limit();
      sum.update(piece);
    }
    return sum.getValue();
  }

  private static boolean read(FileChannel in, ByteBuffer to, long at) throws IOException {
    while (to.hasRemaining()) {
      int n = in.read(to, at + to.position());
      if (n < 0) {
        return false;
      }
    }
    to.flip();
    return true;
  }
}
