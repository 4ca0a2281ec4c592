/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format.checksum;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** A file and its sum. As small as can be: a recording may have a million. Immutable. */
public final class ListedFile implements Comparable<ListedFile> {
  private final byte[] name;
  private final long first;
  private final long second;
  private final long third;
  private final long fourth;

  ListedFile(byte[] name, byte[] sum) {
    this.name = name;
    ByteBuffer words = ByteBuffer.wrap(sum);
    first = words.getLong();
    second = words.getLong();
    third = words.getLong();
    fourth = words.getLong();
  }

  /** Returns the path from the recording's folder on, with {@code /}. */
  public String name() {
    return new String(name, StandardCharsets.UTF_8);
  }

  byte[] nameBytes() {
    return name;
  }

  /** Returns the SHA-256 in hexadecimal digits. */
  public String sum() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(first)
        + hex.toHexDigits(second)
        + hex.toHexDigits(third)
        + hex.toHexDigits(fourth);
  }

  boolean hasSumOf(ListedFile other) {
    return first == other.first
        && second == other.second
        && third == other.third
        && fourth == other.fourth;
  }

  boolean hasSum(byte[] sum) {
    return hasSumOf(new ListedFile(name, sum));
  }

  /** By the bytes of the names, as {@code LC_ALL=C sort} does it. */
  @Override
  public int compareTo(ListedFile other) {
    return Arrays.compareUnsigned(name, other.name);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ListedFile file && Arrays.equals(name, file.name) && hasSumOf(file);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(name);
  }

  @Override
  public String toString() {
    return sum() + "  " + NameBytes.shown(name);
  }
}
