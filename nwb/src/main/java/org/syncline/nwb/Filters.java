/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import io.jhdf.object.message.FilterPipelineMessage.FilterInfo;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Undoes the filters of a dataset's chunks. Holds the buffers of one thread, which grow to the
 * largest chunk: outside the heap, but for the arrays that most gzip data are decoded in.
 */
final class Filters implements AutoCloseable {
  private static final int DEFLATE = 1;
  private static final int SHUFFLE = 2;
  private static final int FLETCHER32 = 3;
  private static final int LZF = 32000;

  private static final Map<Integer, String> OTHERS =
      Map.ofEntries(
          Map.entry(4, "szip"),
          Map.entry(5, "nbit"),
          Map.entry(6, "scaleoffset"),
          Map.entry(305, "lzo"),
          Map.entry(307, "bzip2"),
          Map.entry(32001, "blosc"),
          Map.entry(32004, "lz4"),
          Map.entry(32008, "bitshuffle"),
          Map.entry(32013, "zfp"),
          Map.entry(32015, "zstd"),
          Map.entry(32026, "blosc2"));

  private final Stored stored;

  /** Bytes of the largest chunk that is decoded in arrays. */
  private final long most;

  private final Inflate inflate = new Inflate();
  private byte[] packed = new byte[0];
  private byte[] plain = new byte[0];
  private final Inflater inflater = new Inflater();
  private final Scratch first = new Scratch();
  private final Scratch second = new Scratch();
  private final Unshuffle unshuffle = new Unshuffle();

  /**
   * Makes room for nothing yet.
   *
   * @param heap bytes that its arrays may take
   */
  Filters(Stored stored, long heap) {
    this.stored = stored;
    most = Math.min(heap / 2 - Inflate.SLACK, Integer.MAX_VALUE / 2);
  }

  /**
   * Checks that all filters are known.
   *
   * @throws org.syncline.error.RecordingException naming the filter, the dataset and what helps
   */
  static void check(H5Node dataset, List<FilterInfo> filters) {
    for (FilterInfo filter : filters) {
      int id = filter.getId();
      if (id != DEFLATE && id != SHUFFLE && id != FLETCHER32 && id != LZF) {
        String name = OTHERS.get(id);
        String stored = filter.getName().equals("undefined") ? "" : ", '" + filter.getName() + "'";
        throw dataset.error(
            null,
            "chunks with the filter "
                + (name == null ? "number " + id + stored : name + " (number " + id + ")"),
            "gzip, shuffle, lzf and fletcher32",
            "h5repack -f GZIP=4 IN OUT writes a copy that is read here (for plugins set"
                + " HDF5_PLUGIN_PATH to the folder of pip's hdf5plugin)");
      }
    }
  }

  /**
   * Returns the bytes of a chunk, valid until the next call.
   *
   * @param raw as stored
   * @param size bytes that the chunk has without filters
   * @param mask bit i is set where filter i was not applied
   */
  MemorySegment undo(MemorySegment raw, long size, int mask, String chunk) {
    MemorySegment at = raw;
    Scratch next = first;
    for (int i = stored.filters().size() - 1; i >= 0; i--) {
      if ((mask >> i & 1) != 0) {
        continue;
      }
      FilterInfo filter = stored.filters().get(i);
      switch (filter.getId()) {
        case FLETCHER32 -> at = checked(at, chunk);
        case DEFLATE -> at = inflate(at, size, next, chunk);
        case LZF -> {
          MemorySegment out = next.atLeast(size);
          long length = Lzf.decode(at, out);
          if (length < 0) {
            throw damaged(chunk, "lzf data that cannot be decoded");
          }
          at = out.asSlice(0, length);
        }
        default -> {
          int width = filter.getData().length > 0 ? filter.getData()[0] : stored.elementBytes();
          if (width > 1) {
            MemorySegment out = next.atLeast(at.byteSize());
            unshuffle.run(at, width, out);
            at = out;
          }
        }
      }
      next = next == first ? second : first;
    }
    if (at.byteSize() != size) {
      throw damaged(chunk, at.byteSize() + " bytes where " + size + " were stored");
    }
    return at;
  }

  private MemorySegment inflate(MemorySegment from, long size, Scratch next, String chunk) {
    if (Math.max(from.byteSize(), size) <= most) {
      int length = (int) from.byteSize();
      packed = withRoom(packed, length);
      plain = withRoom(plain, (int) size);
      MemorySegment.copy(from, ValueLayout.JAVA_BYTE, 0, packed, 0, length);
      int decoded = inflate.run(packed, length, plain, (int) size);
      if (decoded >= 0) {
        return MemorySegment.ofArray(plain).asSlice(0, decoded);
      }
    }
    return inflateOrSayWhy(from, next.atLeast(size), chunk);
  }

  private static byte[] withRoom(byte[] array, int bytes) {
    return array.length >= bytes + Inflate.SLACK ? array : new byte[bytes + Inflate.SLACK];
  }

  private MemorySegment inflateOrSayWhy(MemorySegment from, MemorySegment to, String chunk) {
    inflater.reset();
    ByteBuffer out = to.asByteBuffer();
    inflater.setInput(from.asByteBuffer());
    try {
      while (!inflater.finished() && out.hasRemaining()) {
        if (inflater.inflate(out) == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
          throw damaged(chunk, "gzip data that end early");
        }
      }
    } catch (DataFormatException e) {
      throw damaged(chunk, "gzip data that cannot be decoded (" + e.getMessage() + ")");
    }
    return to.asSlice(0, out.position());
  }

  /** Returns the bytes before the checksum, which is compared with that of the bytes. */
  private MemorySegment checked(MemorySegment at, String chunk) {
    long length = at.byteSize() - 4;
    if (length < 0) {
      throw damaged(chunk, "no checksum");
    }
    int declared = at.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(Stored.LITTLE), length);
    int sum = fletcher32(at, length);
    // libraries before 1.6.3 wrote it with swapped bytes on some machines, and are read so by HDF5
    int swapped = (sum & 0x00ff00ff) << 8 | sum >>> 8 & 0x00ff00ff;
    if (declared != sum && declared != swapped) {
      throw damaged(chunk, "bytes that do not fit their checksum");
    }
    return at.asSlice(0, length);
  }

  private static int fletcher32(MemorySegment data, long length) {
    long low = 0;
    long high = 0;
    long words = length / 2;
    for (long i = 0; i < words; i++) {
      int word =
          (data.get(ValueLayout.JAVA_BYTE, 2 * i) & 255) << 8
              | data.get(ValueLayout.JAVA_BYTE, 2 * i + 1) & 255;
      low += word;
      high += low;
      if (i % 360 == 359) {
        low = (low & 0xffff) + (low >>> 16);
        high = (high & 0xffff) + (high >>> 16);
      }
    }
    if (words % 360 != 0) {
      low = (low & 0xffff) + (low >>> 16);
      high = (high & 0xffff) + (high >>> 16);
    }
    if (length % 2 != 0) {
      low += (data.get(ValueLayout.JAVA_BYTE, length - 1) & 255) << 8;
      high += low;
      low = (low & 0xffff) + (low >>> 16);
      high = (high & 0xffff) + (high >>> 16);
    }
    low = (low & 0xffff) + (low >>> 16);
    high = (high & 0xffff) + (high >>> 16);
    return (int) (high << 16 | low);
  }

  private RuntimeException damaged(String chunk, String found) {
    return stored
        .node()
        .error(null, found + " in the chunk at " + chunk, "a whole chunk", "the file is damaged");
  }

  @Override
  public void close() {
    inflater.end();
    first.close();
    second.close();
  }
}
