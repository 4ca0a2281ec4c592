/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import io.jhdf.AbstractNode;
import io.jhdf.ObjectHeader;
import io.jhdf.dataset.chunked.Chunk;
import io.jhdf.dataset.chunked.ChunkedDatasetV4;
import io.jhdf.object.message.DataLayoutMessage;
import io.jhdf.object.message.DataLayoutMessage.ChunkedDataLayoutMessage;
import io.jhdf.object.message.DataLayoutMessage.ChunkedDataLayoutMessageV4;
import io.jhdf.object.message.DataLayoutMessage.CompactDataLayoutMessage;
import io.jhdf.object.message.DataLayoutMessage.ContiguousDataLayoutMessage;
import io.jhdf.object.message.FillValueMessage;
import io.jhdf.object.message.FilterPipelineMessage;
import io.jhdf.object.message.FilterPipelineMessage.FilterInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;

/**
 * Where and how the bytes of a dataset lie in its file.
 *
 * <p>A dataset is a grid of chunks; one that is stored in one piece is cut into chunks here. Axes
 * that a chunk covers wholly are joined with the one before, so that the last axis is as long a run
 * of neighbours as there is.
 */
final class Stored {
  static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;

  /** Bytes of the pieces that a dataset in one piece is read in. */
  private static final int PIECE = 1 << 20;

  private static final long UNDEFINED = -1L;

  private final H5Node node;
  private final int elementBytes;
  private final long[] shape;
  private final long[] chunk;
  private final List<FilterInfo> filters;
  private final byte[] fill;
  private final byte[] compact;
  private final long address;
  private ChunkTable table;

  private Stored(
      H5Node node,
      int elementBytes,
      long[] shape,
      long[] chunk,
      List<FilterInfo> filters,
      byte[] fill,
      byte[] compact,
      long address) {
    this.node = node;
    this.elementBytes = elementBytes;
    this.shape = shape;
    this.chunk = chunk;
    this.filters = filters;
    this.fill = fill;
    this.compact = compact;
    this.address = address;
  }

  /**
   * Looks at a dataset.
   *
   * @throws org.syncline.error.RecordingException for a filter that is not known here, and for a
   *     damaged index of chunks
   */
  static Stored of(H5Node node) {
    ObjectHeader header = ((AbstractNode) node.node()).getHeader();
    int bytes = node.dataType().getSize();
    long[] full = node.shape();
    long[] shape = full.length == 0 ? new long[] {1} : full;
    DataLayoutMessage layout = header.getMessageOfType(DataLayoutMessage.class);
    List<FilterInfo> filters =
        header.hasMessageOfType(FilterPipelineMessage.class)
            ? header.getMessageOfType(FilterPipelineMessage.class).getFilters()
            : List.of();
    byte[] fill = fill(header, bytes);
    if (layout instanceof CompactDataLayoutMessage memory) {
      ByteBuffer data = memory.getDataBuffer();
      byte[] compact = new byte[data.remaining()];
      data.get(compact);
      long[] line = {elements(shape)};
      return new Stored(node, bytes, line, line, List.of(), fill, compact, UNDEFINED);
    }
    if (layout instanceof ContiguousDataLayoutMessage contiguous) {
      long[] line = {elements(shape)};
      long[] piece = {Math.max(1, PIECE / bytes)};
      return new Stored(node, bytes, line, piece, List.of(), fill, null, contiguous.getAddress());
    }
    Filters.check(node, filters);
    long[] chunk = chunkShape(layout, shape.length);
    int axes = shape.length;
    long[] wide = shape.clone();
    long[] cut = chunk.clone();
    while (axes > 1 && cut[axes - 1] == wide[axes - 1]) {
      wide[axes - 2] *= wide[axes - 1];
      cut[axes - 2] *= cut[axes - 1];
      axes--;
    }
    Stored stored =
        new Stored(
            node,
            bytes,
            Arrays.copyOf(wide, axes),
            Arrays.copyOf(cut, axes),
            filters,
            fill,
            null,
            UNDEFINED);
    ChunkTable table = new ChunkTable(shape, chunk);
    try {
      if (layout instanceof ChunkedDataLayoutMessage tree) {
        if (tree.getBTreeAddress() != UNDEFINED) {
          table.readTree(node, tree.getBTreeAddress());
        }
      } else if (layout instanceof ChunkedDataLayoutMessageV4 array && ChunkArrays.holds(array)) {
        ChunkArrays.read(node, array, table, chunk, bytes, !filters.isEmpty());
      } else {
        for (Chunk each : new Index(node, header).chunks()) {
          table.add(
              each.getChunkOffset(), each.getAddress(), each.getSize(), mask(each.getFilterMask()));
        }
      }
    } catch (IOException | ArithmeticException e) {
      throw node.error(null, "an error: " + e.getMessage(), "an index of chunks", null);
    } catch (io.jhdf.exceptions.HdfException e) {
      throw node.file().fault(node.path(), e);
    }
    stored.table = table;
    return stored;
  }

  /** jHDF's tree of version 2, or single chunk, which its own class does not show. */
  private static final class Index extends ChunkedDatasetV4 {
    Index(H5Node node, ObjectHeader header) {
      super(
          node.file().storage(),
          node.node().getAddress(),
          node.node().getName(),
          node.node().getParent(),
          header);
    }

    Collection<Chunk> chunks() {
      return getChunkLookup().values();
    }
  }

  private static int mask(BitSet bits) {
    long[] words = bits == null ? new long[0] : bits.toLongArray();
    return words.length == 0 ? 0 : (int) words[0];
  }

  private static long[] chunkShape(DataLayoutMessage layout, int axes) {
    int[] sizes =
        layout instanceof ChunkedDataLayoutMessage old
            ? old.getChunkDimensions()
            : ((ChunkedDataLayoutMessageV4) layout).getChunkDimensions();
    long[] chunk = new long[axes];
    for (int i = 0; i < axes; i++) {
      chunk[i] = sizes[i];
    }
    return chunk;
  }

  private static byte[] fill(ObjectHeader header, int bytes) {
    if (!header.hasMessageOfType(FillValueMessage.class)) {
      return null;
    }
    FillValueMessage message = header.getMessageOfType(FillValueMessage.class);
    if (!message.isFillValueDefined()) {
      return null;
    }
    ByteBuffer value = message.getFillValue();
    if (value.remaining() != bytes) {
      return null;
    }
    byte[] fill = new byte[bytes];
    value.get(fill);
    for (byte b : fill) {
      if (b != 0) {
        return fill;
      }
    }
    return null;
  }

  private static long elements(long[] shape) {
    long n = 1;
    for (long length : shape) {
      n = Math.multiplyExact(n, length);
    }
    return n;
  }

  H5Node node() {
    return node;
  }

  int elementBytes() {
    return elementBytes;
  }

  /** Returns the lengths of the joined axes. */
  long[] shape() {
    return shape;
  }

  /** Returns the lengths of a chunk along the joined axes. */
  long[] chunk() {
    return chunk;
  }

  List<FilterInfo> filters() {
    return filters;
  }

  /** Returns the bytes of an element that was never written, or null where they are all zero. */
  byte[] fill() {
    return fill;
  }

  long elements() {
    return elements(shape);
  }

  long bytes() {
    return Math.multiplyExact(elements(), elementBytes);
  }

  /** Returns the bytes of a dataset that lies in the header, or null. */
  byte[] compact() {
    return compact;
  }

  /** Returns whether the bytes lie in the file in one piece. */
  boolean isContiguous() {
    return table == null && compact == null && address != UNDEFINED;
  }

  /** Returns the address in the file of a dataset in one piece. */
  long address() {
    return node.file().base() + address;
  }

  /** Returns the chunks, or null for a dataset that has none. */
  ChunkTable table() {
    return table;
  }

  /** Returns how many chunks the grid has. */
  long cells() {
    long cells = 1;
    for (int i = 0; i < shape.length; i++) {
      cells *= Math.ceilDiv(shape[i], chunk[i]);
    }
    return cells;
  }
}
