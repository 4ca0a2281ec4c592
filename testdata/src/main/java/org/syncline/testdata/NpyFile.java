/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.testdata;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * A small .npy reader and writer that shares nothing with core, so that the two can check each
 * other. Reads whole files below 2 GiB in C order.
 *
 * @param descr NumPy's descriptor, for instance {@code <f4}
 * @param shape lengths of the axes
 * @param data the elements, C order, byte order as the descriptor says (and set on the buffer)
 */
public record NpyFile(String descr, long[] shape, ByteBuffer data) {
  private static final Pattern DESCR = Pattern.compile("'descr': *'([^']*)'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order': *(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape': *\\(([^)]*)\\)");

  /** Reads a file. */
  public static NpyFile read(Path file) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      boolean first = bytes.get(6) == 1;
      int start = first ? 10 : 12;
      int length = first ? Short.toUnsignedInt(bytes.getShort(8)) : bytes.getInt(8);
      String header = new String(bytes.array(), start, length, StandardCharsets.ISO_8859_1);
      if (find(ORDER, header, file).equals("True")) {
        throw new IllegalArgumentException(file + " is in Fortran order");
      }
      String descr = find(DESCR, header, file);
      long[] shape =
          Arrays.stream(find(SHAPE, header, file).split(","))
              .filter(s -> !s.isBlank())
              .mapToLong(s -> Long.parseLong(s.strip()))
              .toArray();
      ByteOrder order = descr.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
      return new NpyFile(
          descr,
          shape,
          bytes.slice(start + length, bytes.capacity() - start - length).order(order));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String find(Pattern pattern, String header, Path file) {
    Matcher matcher = pattern.matcher(header);
    if (!matcher.find()) {
      throw new IllegalArgumentException(file + ": no match of " + pattern + " in " + header);
    }
    return matcher.group(1);
  }

  /** Returns the header of a file in format 1.0 whose data starts at a multiple of 64. */
  public static byte[] header(String descr, boolean fortran, long... shape) {
    String lengths =
        LongStream.of(shape).mapToObj(Long::toString).collect(Collectors.joining(", "));
    String dictionary =
        "{'descr': '%s', 'fortran_order': %s, 'shape': (%s%s), }"
            .formatted(descr, fortran ? "True" : "False", lengths, shape.length == 1 ? "," : "");
    byte[] bytes = new byte[(10 + dictionary.length() + 1 + 63) / 64 * 64];
    Arrays.fill(bytes, (byte) ' ');
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
        .putShort((short) (bytes.length - 10))
        .put(dictionary.getBytes(StandardCharsets.US_ASCII));
    bytes[bytes.length - 1] = '\n';
    return bytes;
  }

  /** Writes float64 values in C order. */
  public static void write(Path file, double[] values, long... shape) {
    ByteBuffer data = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      data.putDouble(value);
    }
    write(file, "<f8", false, shape, data.array());
  }

  /** Writes elements that are given as bytes. */
  public static void write(Path file, String descr, boolean fortran, long[] shape, byte[] data) {
    try {
      byte[] header = header(descr, fortran, shape);
      byte[] bytes = Arrays.copyOf(header, header.length + data.length);
      System.arraycopy(data, 0, bytes, header.length, data.length);
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes an array of zeros that takes no disk blocks but the header's. */
  public static void writeSparse(Path file, String descr, long... shape) {
    byte[] header = header(descr, false, shape);
    long bytes = Integer.parseInt(descr.substring(2));
    for (long length : shape) {
      bytes = Math.multiplyExact(bytes, length);
    }
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(0);
      out.write(header);
      out.setLength(header.length + bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the size of one element in bytes. */
  public int elementBytes() {
    return Integer.parseInt(descr.substring(2));
  }

  /** Returns the number of elements. */
  public int count() {
    return Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
  }

  /** Returns NumPy's name of the type, for instance {@code float32}. */
  public String typeName() {
    String code = descr.substring(1);
    return switch (code.charAt(0)) {
      case 'b' -> "bool";
      case 'i' -> "int" + 8 * elementBytes();
      case 'u' -> "uint" + 8 * elementBytes();
      case 'f' -> "float" + 8 * elementBytes();
      default -> throw new IllegalArgumentException(descr);
    };
  }

  /** Returns an element's bits, not sign-extended. */
  public long bits(int index) {
    return switch (elementBytes()) {
      case 1 -> data.get(index) & 0xffL;
      case 2 -> data.getShort(2 * index) & 0xffffL;
      case 4 -> data.getInt(4 * index) & 0xffff_ffffL;
      default -> data.getLong(8 * index);
    };
  }

  /** Returns an element's value. */
  public double get(int index) {
    long bits = bits(index);
    return switch (descr.substring(1)) {
      case "i1" -> (byte) bits;
      case "i2" -> (short) bits;
      case "i4" -> (int) bits;
      case "f2" -> Float.float16ToFloat((short) bits);
      case "f4" -> Float.intBitsToFloat((int) bits);
      case "f8" -> Double.longBitsToDouble(bits);
      default -> bits;
    };
  }

  /** Returns all values. */
  public double[] doubles() {
    double[] values = new double[count()];
    for (int i = 0; i < values.length; i++) {
      values[i] = get(i);
    }
    return values;
  }
}
