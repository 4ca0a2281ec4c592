/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.storage;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongUnaryOperator;
import org.syncline.error.RecordingException;
import org.syncline.file.RegularFiles;

/**
 * Hashes values that are stored: all of a few, of many those at places that their number alone
 * decides. The same values have the same hash wherever and in which order of bytes and axes they
 * lie. One value that changed may stay unseen, a file that was written anew does not.
 *
 * <p>For one thread.
 */
public final class ValueHash {
  /** Values that are read one and all. */
  private static final int WHOLE = 1 << 14;

  /** Pieces of what has more: each a page that may have to come from a disk. */
  private static final int PIECES = 32;

  private static final int PIECE = 128;

  /** Pieces of a file whose values are encoded, and the bytes of each. */
  private static final int FILE_PIECES = 4;

  private static final int FILE_PIECE = 512;

  private final MessageDigest digest;
  private final ByteBuffer bytes = ByteBuffer.allocate(4096);

  /** Begins without a value. */
  public ValueHash() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /**
   * Adds an array.
   *
   * @throws RecordingException where the file shrank or cannot be read
   */
  public ValueHash add(RowArray rows) {
    int columns = rows.columns();
    put(columns);
    return columns == 0
        ? this
        : add(rows.rows() * columns, i -> rows.bits(i / columns, (int) (i % columns)));
  }

  /** Adds float64 values. */
  public ValueHash add(double[] values) {
    return add(values.length, i -> Double.doubleToRawLongBits(values[(int) i]));
  }

  /** Adds values of which the bits are given by number. */
  public ValueHash add(long count, LongUnaryOperator bits) {
    put(count);
    if (count <= WHOLE) {
      for (long i = 0; i < count; i++) {
        put(bits.applyAsLong(i));
      }
      return this;
    }
    for (int p = 0; p < PIECES; p++) {
      long from = place(count - PIECE, p, PIECES);
      for (long i = from; i < from + PIECE; i++) {
        put(bits.applyAsLong(i));
      }
    }
    return this;
  }

  /**
   * Adds a file's size and some of its bytes.
   *
   * @throws IOException where it cannot be read
   */
  public ValueHash addBytes(Path file) throws IOException {
    long size = RegularFiles.size(file);
    put(size);
    byte[] piece = new byte[(int) Math.min(FILE_PIECE, size)];
    // no channel: a thread that is interrupted would close it
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      for (int p = 0; p < FILE_PIECES; p++) {
        in.seek(place(size - piece.length, p, FILE_PIECES));
        in.readFully(piece);
        flush();
        digest.update(piece);
      }
    }
    return this;
  }

  /** Returns the hash of what was added, in hexadecimal. */
  public String text() {
    flush();
    return HexFormat.of().formatHex(digest.digest(), 0, 8);
  }

  /** Returns one of so many places from 0 to the last, spread evenly. */
  public static long place(long last, int number, int count) {
    return (long) ((double) last * number / (count - 1));
  }

  private void put(long value) {
    if (bytes.remaining() < Long.BYTES) {
      flush();
    }
    bytes.putLong(value);
  }

  private void flush() {
    digest.update(bytes.flip());
    bytes.clear();
  }
}
