/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.storage;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.error.RecordingException;

/**
 * Opens stored arrays by mapping them. Nothing is read but headers; pages come in when values are
 * used. Every problem of a file is a RecordingException that names it.
 */
public final class ArrayFiles {
  private static final int ALIGNMENT_BYTES = 64;

  private ArrayFiles() {}

  /**
   * Maps a .npy file of one axis (as one column) or two axes.
   *
   * @param arena owner of the map; shared where several threads read
   * @throws RecordingException where the file is missing, unreadable, no such array, or shorter
   *     than its header says
   */
  public static RowArray openNpy(Path file, Arena arena) {
    try (FileChannel channel = Npy.open(file)) {
      NpyHeader header = Npy.header(file, channel);
      long[] shape = header.shape();
      if (shape.length != 1 && shape.length != 2) {
        throw RecordingException.of(
            file, "shape", header.shapeText(), "one or two axes: (samples, signals)", null);
      }
      long columns = shape.length == 1 ? 1 : shape[1];
      int width = intAxis(file, header, columns);
      // a single column or row is the same in both orders
      boolean fortran = header.fortranOrder() && columns > 1 && shape[0] > 1;
      MemorySegment map = map(file, channel, header.dataOffset(), header.dataBytes(), arena);
      return RowArray.mapped(file, header.dtype(), fortran, shape[0], width, map);
    } catch (IOException e) {
      throw Npy.unreadable(file, e);
    }
  }

  /**
   * Maps a headerless file in C order. A longer file is read as far as declared, a shorter one
   * refused.
   *
   * @param rows declared rows
   * @param columns declared columns
   * @throws RecordingException where the file is missing, unreadable or shorter than declared, or a
   *     length is negative or absurd
   */
  public static RowArray openRaw(Path file, Dtype dtype, long rows, int columns, Arena arena) {
    if (rows < 0 || columns < 0) {
      throw RecordingException.of(
          file,
          "shape",
          "(" + rows + ", " + columns + ") in meta.yml",
          "lengths of 0 or more",
          null);
    }
    long bytes;
    try {
      bytes =
          Math.multiplyExact(Math.multiplyExact(rows, (long) columns), (long) dtype.type().bytes());
    } catch (ArithmeticException e) {
      throw RecordingException.of(
          file,
          "shape",
          "(" + rows + ", " + columns + ") in meta.yml",
          "an array below 2^63 bytes",
          null,
          e);
    }
    try (FileChannel channel = Npy.open(file)) {
      long size = channel.size();
      if (size < bytes) {
        throw RecordingException.of(
            file,
            null,
            size + " bytes",
            bytes
                + " bytes: ("
                + rows
                + ", "
                + columns
                + ") of "
                + dtype.type().numpyName()
                + " as meta.yml declares",
            Pointers.advice(file, "the file is truncated, or its meta.yml belongs to another one"));
      }
      return RowArray.mapped(
          file, dtype, false, rows, columns, map(file, channel, 0, bytes, arena));
    } catch (IOException e) {
      throw Npy.unreadable(file, e);
    }
  }

  /**
   * Maps a .npy file of frames (T, H, W) or (T, H, W, C); see {@link FrameArray} for types that are
   * converted.
   */
  public static FrameArray openVideo(Path file, Arena arena) {
    return openFrames(file, true, arena);
  }

  /** Maps a .npy file of one frame (H, W) or (H, W, C), as an array of one frame. */
  public static FrameArray openImage(Path file, Arena arena) {
    return openFrames(file, false, arena);
  }

  private static FrameArray openFrames(Path file, boolean video, Arena arena) {
    try (FileChannel channel = Npy.open(file)) {
      NpyHeader header = Npy.header(file, channel);
      FrameSize size = FrameSize.of(file, header, video);
      long frames = size.frames();
      int height = size.height();
      int width = size.width();
      int channels = size.channels();
      ElementType type = header.dtype().type();
      boolean readable =
          type == ElementType.UINT8 || type == ElementType.FLOAT32 || type == ElementType.FLOAT64;
      if (readable && !header.dtype().swapped() && !header.fortranOrder()) {
        MemorySegment map = map(file, channel, header.dataOffset(), header.dataBytes(), arena);
        return new FrameArray(file, type, type, frames, height, width, channels, map, true);
      }
      if (readable) {
        Tensor whole = Npy.read(file, header, channel, arena);
        return new FrameArray(
            file, type, type, frames, height, width, channels, whole.data(), false);
      }
      return converted(file, header, channel, frames, height, width, channels, arena);
    } catch (IOException e) {
      throw Npy.unreadable(file, e);
    }
  }

  private static FrameArray converted(
      Path file,
      NpyHeader header,
      FileChannel channel,
      long frames,
      int height,
      int width,
      int channels,
      Arena arena)
      throws IOException {
    ElementType from = header.dtype().type();
    ElementType to = from == ElementType.BOOL ? ElementType.UINT8 : ElementType.FLOAT32;
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment stored = Npy.read(file, header, channel, scratch).data();
      long count = header.elements();
      MemorySegment copy = allocate(file, count * to.bytes(), arena);
      if (to == ElementType.UINT8) {
        MemorySegment.copy(stored, 0, copy, 0, count);
      } else {
        for (long i = 0; i < count; i++) {
          copy.set(
              Elements.FLOAT,
              i * to.bytes(),
              Elements.toFloat(from, Elements.bits(from, false, stored, i * from.bytes())));
        }
      }
      return new FrameArray(file, from, to, frames, height, width, channels, copy, false);
    }
  }

  static int intAxis(Path file, NpyHeader header, long length) {
    if (length > Integer.MAX_VALUE) {
      throw RecordingException.of(
          file,
          "shape",
          header.shapeText(),
          "fewer than 2^31 elements on every axis but the first",
          null);
    }
    return (int) length;
  }

  static MemorySegment map(Path file, FileChannel channel, long offset, long bytes, Arena arena) {
    try {
      return channel.map(MapMode.READ_ONLY, offset, bytes, arena);
    } catch (IOException | OutOfMemoryError e) {
      throw RecordingException.of(
          file,
          null,
          "a map of " + bytes + " bytes that the system refuses (" + e.getMessage() + ")",
          "room for it in the address space",
          "raise vm.max_map_count (sysctl: maps of a process) or the address space (ulimit -v)",
          e);
    }
  }

  /** Allocates zeroed native memory, 64-byte aligned. */
  static MemorySegment allocate(Path file, long bytes, Arena arena) {
    try {
      return arena.allocate(bytes, ALIGNMENT_BYTES);
    } catch (OutOfMemoryError e) {
      throw RecordingException.of(
          file,
          null,
          bytes + " bytes to keep in memory",
          "no more than the machine has free",
          "set cache_data to false: the file is then mapped",
          e);
    }
  }

  /** Returns the byte order that is not the machine's. */
  static ByteOrder otherOrder() {
    return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
        ? ByteOrder.BIG_ENDIAN
        : ByteOrder.LITTLE_ENDIAN;
  }
}
