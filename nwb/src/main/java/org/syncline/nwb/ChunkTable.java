/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/**
 * The chunks of a dataset that are stored: the number of each in the grid, its address, size and
 * filter mask, in 24 bytes a chunk.
 */
final class ChunkTable {
  private static final int NODE_HEADER = 8;

  private final long[] shape;
  private final long[] chunk;
  private long[] cell = new long[16];
  private long[] address = new long[16];
  private int[] size = new int[16];
  private int[] mask = new int[16];
  private int count;

  /** Makes an empty table for a grid of the dataset's own axes. */
  ChunkTable(long[] shape, long[] chunk) {
    this.shape = shape;
    this.chunk = chunk;
  }

  /** Adds a chunk; one that lies outside, as in datasets that were made smaller, is left out. */
  void add(long[] offset, long at, int bytes, int filterMask) {
    long number = 0;
    for (int i = 0; i < shape.length; i++) {
      if (offset[i] >= shape[i]) {
        return;
      }
      number = number * Math.ceilDiv(shape[i], chunk[i]) + offset[i] / chunk[i];
    }
    if (count == cell.length) {
      int more = count * 2;
      cell = Arrays.copyOf(cell, more);
      address = Arrays.copyOf(address, more);
      size = Arrays.copyOf(size, more);
      mask = Arrays.copyOf(mask, more);
    }
    cell[count] = number;
    address[count] = at;
    size[count] = bytes;
    mask[count++] = filterMask;
  }

  int count() {
    return count;
  }

  /** Returns a chunk's number in the grid, in C order. */
  long cell(int i) {
    return cell[i];
  }

  long address(int i) {
    return address[i];
  }

  int size(int i) {
    return size[i];
  }

  int mask(int i) {
    return mask[i];
  }

  /**
   * Reads an index of version 1, which almost every NWB file has. jHDF makes several objects of
   * each chunk, which for a million of them takes seconds and more heap than there is.
   */
  void readTree(H5Node node, long root) throws IOException {
    int wide = node.file().storage().getSizeOfOffsets();
    readNode(node, root, -1, wide, 4 + 4 + 8 * (shape.length + 1));
  }

  private void readNode(H5Node node, long at, int level, int wide, int keyBytes)
      throws IOException {
    FileChannel channel = node.file().channel();
    long base = node.file().base();
    ByteBuffer head = read(channel, base + at, NODE_HEADER);
    if (head.getInt(0) != 0x45455254 || head.get(4) != 1) {
      throw new IOException("no node of a chunk index at " + at);
    }
    int here = head.get(5);
    if (level >= 0 && here != level) {
      throw new IOException("a node of level " + here + " where " + level + " belongs, at " + at);
    }
    int entries = Short.toUnsignedInt(head.getShort(6));
    ByteBuffer body =
        read(channel, base + at + NODE_HEADER + 2L * wide, entries * (keyBytes + wide));
    long[] offset = new long[shape.length];
    for (int i = 0; i < entries; i++) {
      int key = i * (keyBytes + wide);
      long child = wide == 8 ? body.getLong(key + keyBytes) : body.getInt(key + keyBytes);
      if (here > 0) {
        readNode(node, child, here - 1, wide, keyBytes);
        continue;
      }
      for (int axis = 0; axis < offset.length; axis++) {
        offset[axis] = body.getLong(key + 8 + 8 * axis);
        if (offset[axis] < 0 || offset[axis] % chunk[axis] != 0) {
          throw new IOException("a chunk at " + offset[axis] + " of axis " + axis);
        }
      }
      add(offset, child, body.getInt(key), body.getInt(key + 4));
    }
  }

  /** Reads bytes of a file, little-endian. */
  static ByteBuffer read(FileChannel channel, long at, int bytes) throws IOException {
    if (at < 0 || bytes < 0 || at > channel.size() - bytes) {
      throw new EOFException("the file ends at " + channel.size() + ", before " + (at + bytes));
    }
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(Stored.LITTLE);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, at + buffer.position()) < 0) {
        throw new EOFException("the file ends at " + channel.size() + ", before " + (at + bytes));
      }
    }
    return buffer.flip();
  }
}
