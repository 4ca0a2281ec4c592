/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.error.RecordingException;
import org.syncline.file.RegularFiles;
import org.syncline.file.WriteFaults;

/**
 * Reads and writes NumPy's .npy files, format 1.0 to 3.0. Every problem of a file that is read is a
 * RecordingException that names it. Stateless, safe for use by several threads.
 */
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  // NumPy writes 128 bytes for plain types; a header beyond this is damage or an attack
  private static final int MAX_HEADER_BYTES = 1 << 16;
  private static final int FIRST_READ_BYTES = 1024;
  private static final int MAX_ARRAY_LENGTH = Integer.MAX_VALUE - 8;
  private static final long PIECE_BYTES = 1L << 28;
  private static final AtomicLong TEMPORARY = new AtomicLong();

  private Npy() {}

  /**
   * Values of a small array.
   *
   * @param shape lengths of the axes
   * @param values the elements in C order
   */
  public record Doubles(long[] shape, double[] values) {}

  /**
   * Reads the header and checks that the file is long enough for its elements.
   *
   * @throws RecordingException where the file is missing, unreadable, no .npy file of numbers, or
   *     too short
   */
  public static NpyHeader header(Path file) {
    try (FileChannel channel = open(file)) {
      return header(file, channel);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * Reads the whole array into memory of the arena: C order, native byte order, 64-byte aligned,
   * bool as 0 or 1.
   *
   * @throws RecordingException where the file is missing, unreadable, no .npy file of numbers, or
   *     too short
   */
  public static Tensor read(Path file, Arena arena) {
    try (FileChannel channel = open(file)) {
      return read(file, header(file, channel), channel, arena);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * Reads the whole array of any type as doubles (64-bit integers rounded to nearest), for
   * timestamps, statistics and other small arrays.
   *
   * @throws RecordingException as {@link #read}, and for 2^31 elements and more
   */
  public static Doubles readDoubles(Path file) {
    try (Arena scratch = Arena.ofConfined()) {
      Tensor tensor = read(file, scratch);
      double[] values = new double[arrayLength(file, tensor)];
      ElementType type = tensor.type();
      // at a first opening this runs interpreted, where an element of a segment takes a microsecond
      if (type == ElementType.FLOAT64) {
        MemorySegment.copy(tensor.data(), ValueLayout.JAVA_DOUBLE, 0, values, 0, values.length);
        return new Doubles(tensor.shape(), values);
      }
      if (type == ElementType.FLOAT32) {
        float[] floats = new float[values.length];
        MemorySegment.copy(tensor.data(), ValueLayout.JAVA_FLOAT, 0, floats, 0, floats.length);
        for (int i = 0; i < values.length; i++) {
          values[i] = floats[i];
        }
        return new Doubles(tensor.shape(), values);
      }
      for (int i = 0; i < values.length; i++) {
        long bits = Elements.bits(type, false, tensor.data(), (long) i * type.bytes());
        values[i] = Elements.toDouble(type, bits);
      }
      return new Doubles(tensor.shape(), values);
    }
  }

  /**
   * Reads the whole array of an integer type (or of floats that are whole numbers) as longs in C
   * order.
   *
   * @throws RecordingException as {@link #read}, for 2^31 elements and more, and for a value that
   *     is no long
   */
  public static long[] readLongs(Path file) {
    try (Arena scratch = Arena.ofConfined()) {
      Tensor tensor = read(file, scratch);
      long[] values = new long[arrayLength(file, tensor)];
      ElementType type = tensor.type();
      for (int i = 0; i < values.length; i++) {
        long bits = Elements.bits(type, false, tensor.data(), (long) i * type.bytes());
        double value = Elements.toDouble(type, bits);
        boolean fits =
            type == ElementType.INT64 || (value == Math.rint(value) && Math.abs(value) < 0x1p63);
        if (!fits) {
          throw RecordingException.of(
              file, "element " + i, String.valueOf(value), "a whole number below 2^63", null);
        }
        values[i] = type == ElementType.INT64 || type == ElementType.UINT64 ? bits : (long) value;
      }
      return values;
    }
  }

  private static int arrayLength(Path file, Tensor tensor) {
    if (tensor.elements() > MAX_ARRAY_LENGTH) {
      throw RecordingException.of(
          file,
          "shape",
          NpyHeader.shapeText(tensor.shape()),
          "fewer than 2^31 elements here",
          null);
    }
    return (int) tensor.elements();
  }

  /**
   * Writes a tensor as format 1.0 in C order: into a temporary file beside it, then renamed, so
   * that no reader ever sees a part of it.
   *
   * @throws IllegalArgumentException for bfloat16, which NumPy does not have
   * @throws UncheckedIOException where the file cannot be written
   */
  public static void write(Path file, Tensor tensor) {
    if (tensor.type() == ElementType.BFLOAT16) {
      throw new IllegalArgumentException("found bfloat16, expected a type that NumPy has");
    }
    Path absolute = file.toAbsolutePath();
    Path temporary =
        absolute.resolveSibling(
            "."
                + absolute.getFileName()
                + "."
                + ProcessHandle.current().pid()
                + "."
                + TEMPORARY.incrementAndGet());
    try {
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        writeAll(channel, ByteBuffer.wrap(headerBytes(Dtype.of(tensor.type()), tensor.shape())));
        MemorySegment data = tensor.data();
        for (long at = 0; at < data.byteSize(); at += PIECE_BYTES) {
          writeAll(
              channel,
              data.asSlice(at, Math.min(PIECE_BYTES, data.byteSize() - at)).asByteBuffer());
        }
      }
      Files.move(
          temporary, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      try {
        Files.deleteIfExists(temporary);
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw WriteFaults.of(file, e);
    }
  }

  /** Writes float64 values in C order; see {@link #write(Path, Tensor)}. */
  public static void write(Path file, double[] values, long... shape) {
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment data =
          scratch.allocate(Math.max(1, values.length * 8L), 8).asSlice(0, values.length * 8L);
      MemorySegment.copy(values, 0, data, ValueLayout.JAVA_DOUBLE, 0, values.length);
      write(file, new Tensor(ElementType.FLOAT64, shape, data));
    }
  }

  /** Returns the bytes before the data of a file in format 1.0, a multiple of 64. */
  public static byte[] headerBytes(Dtype dtype, long[] shape) {
    return headerBytes(dtype.descriptor(), shape);
  }

  static byte[] headerBytes(String descriptor, long[] shape) {
    String dictionary =
        "{'descr': '"
            + descriptor
            + "', 'fortran_order': False, 'shape': "
            + NpyHeader.shapeText(shape)
            + ", }";
    int total = (MAGIC.length + 4 + dictionary.length() + 1 + 63) / 64 * 64;
    byte[] bytes = new byte[total];
    Arrays.fill(bytes, (byte) ' ');
    ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    out.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) (total - MAGIC.length - 4));
    out.put(dictionary.getBytes(StandardCharsets.US_ASCII));
    bytes[total - 1] = '\n';
    return bytes;
  }

  private static void writeAll(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  /** Opens a regular file for reading; anything else is explained. */
  static FileChannel open(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      if (!attributes.isRegularFile()) {
        throw RecordingException.of(
            file,
            null,
            attributes.isDirectory() ? "a folder" : "a FIFO, a socket or a device",
            "a regular file",
            null);
      }
      return FileChannel.open(file, StandardOpenOption.READ);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * Explains why a file cannot be opened or read.
   *
   * @throws org.syncline.error.SynclineException where the reading thread was interrupted
   */
  static RecordingException unreadable(Path file, IOException e) {
    RegularFiles.checkInterruption(file, e);
    if (e instanceof NoSuchFileException || e instanceof NotDirectoryException) {
      return RecordingException.of(file, null, "no such file", "a file", null, e);
    }
    if (e instanceof AccessDeniedException) {
      return RecordingException.of(
          file,
          null,
          "a file or folder without read permission",
          "a readable file",
          "check its owner and mode",
          e);
    }
    return RecordingException.of(
        file, null, "an error while reading (" + e.getMessage() + ")", "a readable file", null, e);
  }

  /** Reads the header of an open file and checks the file's size against it. */
  static NpyHeader header(Path file, FileChannel channel) throws IOException {
    ByteBuffer start = ByteBuffer.allocate(FIRST_READ_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    fill(channel, start, 0);
    start.flip();
    byte[] bytes = start.array();
    int length = start.limit();
    if (length < MAGIC.length || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      String found =
          length == 0
              ? "an empty file"
              : "the first bytes "
                  + HexFormat.ofDelimiter(" ").formatHex(bytes, 0, Math.min(length, MAGIC.length));
      throw RecordingException.of(
          file,
          "magic",
          found,
          "93 4e 55 4d 50 59 (\\x93NUMPY)",
          Pointers.advice(file, "it is not a .npy file, or it is damaged"));
    }
    int major = length > 6 ? bytes[6] & 0xff : -1;
    int minor = length > 7 ? bytes[7] & 0xff : -1;
    if (minor != 0 || major < 1 || major > 3) {
      String found = minor < 0 ? "the end of the file" : "format " + major + "." + minor;
      throw RecordingException.of(file, "version", found, "format 1.0, 2.0 or 3.0", null);
    }
    int prefix = major == 1 ? 10 : 12;
    if (length < prefix) {
      throw truncatedHeader(file, length, prefix);
    }
    long headerBytes = major == 1 ? start.getShort(8) & 0xffffL : start.getInt(8) & 0xffff_ffffL;
    if (headerBytes > MAX_HEADER_BYTES) {
      throw RecordingException.of(
          file,
          "header",
          "a header of " + headerBytes + " bytes",
          "at most " + MAX_HEADER_BYTES + " (plain arrays have about 118)",
          "the file is damaged");
    }
    int dataOffset = prefix + (int) headerBytes;
    if (dataOffset > length) {
      ByteBuffer whole = ByteBuffer.allocate(dataOffset);
      fill(channel, whole, 0);
      if (whole.hasRemaining()) {
        throw truncatedHeader(file, whole.position(), dataOffset);
      }
      bytes = whole.array();
    }
    String text =
        new String(
            bytes,
            prefix,
            (int) headerBytes,
            major == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
    NpyHeader header = NpyHeaderParser.parse(file, text, dataOffset);
    long dataBytes = header.dataBytes();
    if (channel.size() - dataOffset < dataBytes) {
      throw RecordingException.of(
          file,
          null,
          Math.max(0, channel.size() - dataOffset) + " bytes of data",
          dataBytes
              + " bytes: "
              + header.shapeText()
              + " of "
              + header.dtype().type().numpyName()
              + " as its header says",
          "the file is truncated");
    }
    return header;
  }

  private static RecordingException truncatedHeader(Path file, long found, long expected) {
    return RecordingException.of(
        file,
        "header",
        "a file of " + found + " bytes",
        "at least " + expected,
        "the file is truncated");
  }

  /** Fills the buffer from a position in the file, or up to the end of the file. */
  private static void fill(FileChannel channel, ByteBuffer buffer, long position)
      throws IOException {
    while (buffer.hasRemaining()) {
      int n = channel.read(buffer, position + buffer.position());
      if (n < 0) {
        return;
      }
    }
  }

  /** Reads all elements behind the header: C order, native byte order, bool as 0 or 1. */
  static Tensor read(Path file, NpyHeader header, FileChannel channel, Arena arena)
      throws IOException {
    ElementType type = header.dtype().type();
    long bytes = header.dataBytes();
    long[] shape = header.shape();
    boolean transposed = header.fortranOrder() && shape.length > 1 && header.elements() > 1;
    if (transposed) {
      try (Arena scratch = Arena.ofConfined()) {
        MemorySegment stored = ArrayFiles.allocate(file, bytes, scratch);
        readFully(file, channel, header.dataOffset(), stored);
        MemorySegment data = ArrayFiles.allocate(file, bytes, arena);
        transpose(header, stored, data);
        return new Tensor(type, shape, data);
      }
    }
    MemorySegment data = ArrayFiles.allocate(file, bytes, arena);
    readFully(file, channel, header.dataOffset(), data);
    if (header.dtype().swapped() || type == ElementType.BOOL) {
      long count = header.elements();
      for (long i = 0; i < count; i++) {
        long at = i * type.bytes();
        Elements.store(
            type.bytes(), Elements.bits(type, header.dtype().swapped(), data, at), data, at);
      }
    }
    return new Tensor(type, shape, data);
  }

  private static void readFully(Path file, FileChannel channel, long position, MemorySegment data)
      throws IOException {
    for (long at = 0; at < data.byteSize(); at += PIECE_BYTES) {
      ByteBuffer piece =
          data.asSlice(at, Math.min(PIECE_BYTES, data.byteSize() - at)).asByteBuffer();
      while (piece.hasRemaining()) {
        int n = channel.read(piece, position + at + piece.position());
        if (n < 0) {
          throw RecordingException.of(
              file,
              null,
              at + piece.position() + " bytes of data",
              data.byteSize() + " bytes",
              "the file was truncated while it was read");
        }
      }
    }
  }

  /**
   * Copies from Fortran order to C order, runs along the first axis, which lies dense in the
   * source.
   */
  private static void transpose(NpyHeader header, MemorySegment src, MemorySegment dst) {
    ElementType type = header.dtype().type();
    boolean swapped = header.dtype().swapped();
    long[] shape = header.shape();
    int axes = shape.length;
    long bytes = type.bytes();
    long[] strides = new long[axes];
    long stride = bytes;
    for (int a = axes - 1; a >= 0; a--) {
      strides[a] = stride;
      stride *= shape[a];
    }
    long[] index = new long[axes];
    long total = header.elements();
    long dstBase = 0;
    for (long at = 0; at < total; at += shape[0]) {
      for (long i = 0; i < shape[0]; i++) {
        long bits = Elements.bits(type, swapped, src, (at + i) * bytes);
        Elements.store(type.bytes(), bits, dst, dstBase + i * strides[0]);
      }
      for (int a = 1; a < axes; a++) {
        dstBase += strides[a];
        if (++index[a] < shape[a]) {
          break;
        }
        dstBase -= shape[a] * strides[a];
        index[a] = 0;
      }
    }
  }
}
