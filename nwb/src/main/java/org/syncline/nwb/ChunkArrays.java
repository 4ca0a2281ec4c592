/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import io.jhdf.api.Dataset;
import io.jhdf.checksum.ChecksumUtils;
import io.jhdf.object.message.DataLayoutMessage.ChunkedDataLayoutMessageV4;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The indices of HDF5 1.10 that number the chunks of a dataset: fixed and extensible arrays, and
 * none at all where every chunk is stored. jHDF ends at the first chunk that was never written, and
 * numbers chunks by the dataset's size, where HDF5 does by the largest that it may have.
 */
final class ChunkArrays {
  private static final long UNDEFINED = -1;
  private static final int CHECKSUM = 4;
  private static final int MASK = 4;

  /** More than HDF5 writes, and few enough that no count below overflows. */
  private static final int MOST_BITS = 60;

  private final H5Node node;
  private final ChunkTable table;
  private final long[] chunk;
  private final int wide;

  /** Lengths of the grid of chunks, the axis without an end first. */
  private final long[] grid;

  /** The axis of the dataset that each of the grid's is. */
  private final int[] axes;

  private long header;
  private int client;
  private int elementBytes;

  private ChunkArrays(H5Node node, ChunkTable table, long[] chunk) {
    this.node = node;
    this.table = table;
    this.chunk = chunk;
    wide = node.file().storage().getSizeOfOffsets();
    long[] most = ((Dataset) node.node()).getMaxSize();
    long[] shape = node.shape();
    axes = new int[shape.length];
    grid = new long[shape.length];
    int at = 0;
    for (int pass = 0; pass < 2; pass++) {
      for (int axis = 0; axis < shape.length; axis++) {
        boolean endless = most[axis] < 0;
        if (endless == (pass == 0)) {
          axes[at] = axis;
          grid[at++] = Math.ceilDiv(endless ? Long.MAX_VALUE : most[axis], chunk[axis]);
        }
      }
    }
  }

  /** Returns whether an index is of one of these kinds. */
  static boolean holds(ChunkedDataLayoutMessageV4 layout) {
    return switch (layout.getIndexingType()) {
      case ChunkedDataLayoutMessageV4.IMPLICIT_INDEX,
          ChunkedDataLayoutMessageV4.FIXED_ARRAY_INDEX,
          ChunkedDataLayoutMessageV4.EXTENSIBLE_ARRAY_INDEX ->
          true;
      default -> false;
    };
  }

  /**
   * Adds the chunks that are stored to a table.
   *
   * @param elementBytes of a value of the dataset
   * @param filtered whether chunks have filters
   * @throws IOException where the index is damaged
   * @throws io.jhdf.exceptions.HdfException where a checksum says so
   */
  static void read(
      H5Node node,
      ChunkedDataLayoutMessageV4 layout,
      ChunkTable table,
      long[] chunk,
      int elementBytes,
      boolean filtered)
      throws IOException {
    if (layout.getAddress() == UNDEFINED) {
      return;
    }
    ChunkArrays arrays = new ChunkArrays(node, table, chunk);
    switch (layout.getIndexingType()) {
      case ChunkedDataLayoutMessageV4.FIXED_ARRAY_INDEX ->
          arrays.fixed(layout.getAddress(), filtered);
      case ChunkedDataLayoutMessageV4.EXTENSIBLE_ARRAY_INDEX ->
          arrays.extensible(layout.getAddress(), filtered);
      default -> arrays.implicit(layout.getAddress(), elementBytes);
    }
  }

  private void implicit(long address, int bytes) throws IOException {
    long size = Arrays.stream(chunk).reduce(bytes, Math::multiplyExact);
    long cells = Arrays.stream(grid).reduce(1, Math::multiplyExact);
    long end = Math.addExact(address, Math.multiplyExact(cells, size));
    if (end > node.file().channel().size()) {
      throw new IOException("chunks up to " + end + ", past the end of the file");
    }
    for (long i = 0; i < cells; i++) {
      add(i, address + i * size, 0, 0);
    }
  }

  private void fixed(long address, boolean filtered) throws IOException {
    int lengths = node.file().storage().getSizeOfLengths();
    ByteBuffer head = block(address, "FAHD", 6 + 2 + lengths + wide + CHECKSUM);
    check(head);
    open(address, head, filtered);
    long page = page(head.get());
    long count = number(head, lengths);
    long data = number(head, wide);
    if (data == UNDEFINED) {
      return;
    }
    int prefix = 6 + wide;
    if (count <= page) {
      elements(within(data, "FADB", prefix, count), count, 0);
      return;
    }
    int pages = Math.toIntExact(Math.ceilDiv(count, page));
    int bits = (pages + 7) / 8;
    ByteBuffer block = block(data, "FADB", prefix + bits + CHECKSUM);
    check(block);
    header(block);
    for (int i = 0; i < pages; i++) {
      if (isSet(block, prefix, i)) {
        long at = data + block.capacity() + i * (page * elementBytes + CHECKSUM);
        long n = Math.min(page, count - i * page);
        elements(onePage(at, n), n, i * page);
      }
    }
  }

  private void extensible(long address, boolean filtered) throws IOException {
    int lengths = node.file().storage().getSizeOfLengths();
    ByteBuffer head = block(address, "EAHD", 6 + 6 + 6 * lengths + wide + CHECKSUM);
    check(head);
    open(address, head, filtered);
    int bits = head.get();
    if (bits < 1 || bits > MOST_BITS) {
      throw new IOException("an index of 2^" + bits + " elements at " + address);
    }
    int inIndex = Byte.toUnsignedInt(head.get());
    long least = power(head.get(), "elements of a block");
    int pointers = (int) power(head.get(), "pointers of a block");
    long page = page(head.get());
    head.position(head.position() + 6 * lengths);
    long index = number(head, wide);
    if (index == UNDEFINED) {
      return;
    }
    // block k of those of the second level: 2^(k/2) blocks of least * 2^((k+1)/2) elements
    int seconds = 1 + bits - Long.numberOfTrailingZeros(least);
    int direct = Math.min(seconds, 2 * Integer.numberOfTrailingZeros(pointers));
    int prefix = 6 + wide;
    ByteBuffer block =
        block(
            index,
            "EAIB",
            prefix
                + inIndex * elementBytes
                + (2 * (pointers - 1) + Math.max(0, seconds - direct)) * wide
                + CHECKSUM);
    check(block);
    header(block);
    elements(block, inIndex, 0);
    int offset = (bits + 7) / 8;
    long first = inIndex;
    for (int k = 0; k < seconds; k++) {
      int blocks = 1 << k / 2;
      long each = least << (k + 1) / 2;
      ByteBuffer from = block;
      int initialised = 0;
      int pages = each > page ? Math.toIntExact(each / page) : 0;
      if (k >= direct) {
        long second = number(block, wide);
        if (second == UNDEFINED) {
          first += blocks * each;
          continue;
        }
        int bitmap = Math.multiplyExact(blocks, (pages + 7) / 8);
        initialised = prefix + offset;
        from =
            block(
                second,
                "EASB",
                Math.addExact(initialised + bitmap + CHECKSUM, Math.multiplyExact(blocks, wide)));
        check(from);
        header(from);
        from.position(initialised + bitmap);
      }
      for (int i = 0; i < blocks; i++, first += each) {
        long data = number(from, wide);
        if (data == UNDEFINED) {
          continue;
        }
        if (pages == 0) {
          elements(within(data, "EADB", prefix + offset, each), each, first);
          continue;
        }
        ByteBuffer plain = block(data, "EADB", prefix + offset + CHECKSUM);
        check(plain);
        header(plain);
        for (int p = 0; p < pages; p++) {
          if (isSet(from, initialised, i * pages + p)) {
            long at = data + plain.capacity() + p * (page * elementBytes + CHECKSUM);
            elements(onePage(at, page), page, first + p * page);
          }
        }
      }
    }
  }

  /** Reads what a header says of elements. */
  private void open(long address, ByteBuffer head, boolean filtered) throws IOException {
    header = address;
    client = head.get(5);
    if (client != (filtered ? 1 : 0)) {
      throw new IOException("an index of kind " + client + " at " + address);
    }
    elementBytes = Byte.toUnsignedInt(head.get());
    int least = filtered ? wide + 1 + MASK : wide;
    if (elementBytes < least || elementBytes > (filtered ? wide + 8 + MASK : wide)) {
      throw new IOException("elements of " + elementBytes + " bytes in the index at " + address);
    }
  }

  private static long page(int bits) throws IOException {
    if (bits < 0 || bits > 30) {
      throw new IOException("an index with pages of 2^" + bits + " elements");
    }
    return 1L << bits;
  }

  private static long power(int value, String what) throws IOException {
    int length = value & 255;
    if (Integer.bitCount(length) != 1) {
      throw new IOException("an index of " + length + " " + what);
    }
    return length;
  }

  /** Reads a block whose elements follow its head. */
  private ByteBuffer within(long address, String name, int prefix, long count) throws IOException {
    ByteBuffer block =
        block(address, name, Math.toIntExact(prefix + count * elementBytes + CHECKSUM));
    check(block);
    header(block);
    return block.position(prefix);
  }

  private ByteBuffer onePage(long address, long count) throws IOException {
    ByteBuffer page = read(address, Math.toIntExact(count * elementBytes + CHECKSUM));
    check(page);
    return page;
  }

  /** Reads a block and its name; the position is behind the number of its kind. */
  private ByteBuffer block(long address, String name, int bytes) throws IOException {
    ByteBuffer block = read(address, bytes);
    byte[] found = new byte[4];
    block.get(found);
    if (!Arrays.equals(found, name.getBytes(StandardCharsets.US_ASCII)) || block.get() != 0) {
      throw new IOException("no block " + name + " of a chunk index at " + address);
    }
    return block.position(6);
  }

  private ByteBuffer read(long address, int bytes) throws IOException {
    return ChunkTable.read(node.file().channel(), node.file().base() + address, bytes);
  }

  private static void check(ByteBuffer block) {
    ChecksumUtils.validateChecksum(block.duplicate().order(block.order()).position(0));
  }

  /** Checks which index a block is of, and moves behind that. */
  private void header(ByteBuffer block) throws IOException {
    block.position(6);
    long of = number(block, wide);
    if (of != header || block.get(5) != client) {
      throw new IOException("a block of the index at " + of + " in that at " + header);
    }
  }

  private static boolean isSet(ByteBuffer block, int from, int bit) {
    return (block.get(from + bit / 8) >> 7 - bit % 8 & 1) != 0;
  }

  private void elements(ByteBuffer block, long count, long first) throws IOException {
    for (long i = 0; i < count; i++) {
      long address = number(block, wide);
      long size = 0;
      int mask = 0;
      if (client == 1) {
        size = number(block, elementBytes - wide - MASK);
        mask = block.getInt();
      }
      if (address != UNDEFINED) {
        if (size < 0 || size >>> Integer.SIZE != 0) {
          throw new IOException("a chunk of " + size + " bytes at " + address);
        }
        add(first + i, address, (int) size, mask);
      }
    }
  }

  private void add(long number, long address, int size, int mask) {
    long[] offset = new long[grid.length];
    long rest = number;
    for (int i = grid.length - 1; i >= 0; i--) {
      // past the end in any case, which the table leaves out
      long cell = i == 0 ? rest : rest % grid[i];
      offset[axes[i]] = Math.multiplyExact(cell, chunk[axes[i]]);
      rest /= grid[i];
    }
    table.add(offset, address, size, mask);
  }

  private static long number(ByteBuffer block, int bytes) {
    long value = 0;
    boolean ones = true;
    for (int i = 0; i < bytes; i++) {
      long part = Byte.toUnsignedLong(block.get());
      ones &= part == 255;
      value |= part << 8 * i;
    }
    return ones ? UNDEFINED : value;
  }
}
