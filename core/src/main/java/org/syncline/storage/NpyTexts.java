/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.syncline.error.RecordingException;

/** Reads .npy files of texts: NumPy's types {@code <U} and {@code |S}. */
public final class NpyTexts {
  /** Bytes up to which a header is looked at; plain arrays have about 118. */
  private static final int HEADER = 1 << 16;

  /** Bytes of a file up to which it is read: labels of signals have some kilobytes. */
  private static final long MOST = 1 << 28;

  private static final Pattern TYPE =
      Pattern.compile("['\"]descr['\"]\\s*:\\s*['\"]([<>|=]?)([US])(\\d{1,6})['\"]");
  private static final Pattern SHAPE = Pattern.compile("['\"]shape['\"]\\s*:\\s*\\(([\\d, ]*)\\)");

  private NpyTexts() {}

  /**
   * Returns the texts of a file in its order, without the zeros that fill them up; empty for a file
   * that holds no texts.
   *
   * @throws RecordingException where it is missing, cannot be read, is too short or too large
   */
  public static Optional<List<String>> read(Path file) {
    try (FileChannel channel = Npy.open(file)) {
      ByteBuffer start =
          ByteBuffer.allocate((int) Math.min(HEADER, channel.size()))
              .order(ByteOrder.LITTLE_ENDIAN);
      fill(channel, start, 0);
      if (start.limit() < 12 || start.get(0) != (byte) 0x93) {
        return Optional.empty();
      }
      int prefix = start.get(6) == 1 ? 10 : 12;
      long length = prefix == 10 ? start.getShort(8) & 0xffffL : start.getInt(8) & 0xffff_ffffL;
      if (prefix + length > start.limit()) {
        return Optional.empty();
      }
      String header = new String(start.array(), prefix, (int) length, StandardCharsets.ISO_8859_1);
      Matcher type = TYPE.matcher(header);
      Matcher shape = SHAPE.matcher(header);
      if (!type.find() || !shape.find()) {
        return Optional.empty();
      }
      long count = 1;
      for (String size : shape.group(1).split(",")) {
        count = size.isBlank() ? count : Math.multiplyExact(count, Long.parseLong(size.strip()));
      }
      boolean unicode = type.group(2).equals("U");
      int letters = Integer.parseInt(type.group(3));
      long bytes = Math.multiplyExact(count, (long) letters * (unicode ? 4 : 1));
      if (bytes > MOST || channel.size() - prefix - length < bytes) {
        throw RecordingException.of(
            file,
            null,
            channel.size() - prefix - length + " bytes of data",
            bytes > MOST ? "texts of " + MOST + " bytes at most" : bytes + ", as its header says",
            bytes > MOST ? null : "the file is truncated");
      }
      ByteBuffer data =
          ByteBuffer.allocate((int) bytes)
              .order(type.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
      fill(channel, data, prefix + length);
      List<String> texts = new ArrayList<>();
      for (long i = 0; i < count; i++) {
        texts.add(text(data, letters, unicode));
      }
      return Optional.of(texts);
    } catch (IOException e) {
      throw Npy.unreadable(file, e);
    } catch (ArithmeticException | NumberFormatException e) {
      throw RecordingException.of(
          file, "shape", "a size past all bounds", "a shape", "the file is damaged", e);
    }
  }

  /** Writes texts as NumPy's {@code <U}, one axis; a text that ends with zeros loses them. */
  public static void write(Path file, List<String> texts) throws IOException {
    int letters = 1;
    for (String text : texts) {
      letters = Math.max(letters, text.codePointCount(0, text.length()));
    }
    byte[] header = Npy.headerBytes("<U" + letters, new long[] {texts.size()});
    ByteBuffer out =
        ByteBuffer.allocate(
                Math.addExact(
                    header.length,
                    Math.multiplyExact(texts.size(), Math.multiplyExact(4, letters))))
            .order(ByteOrder.LITTLE_ENDIAN);
    out.put(header);
    for (int i = 0; i < texts.size(); i++) {
      out.position(header.length + 4 * letters * i);
      texts.get(i).codePoints().forEach(out::putInt);
    }
    Files.write(file, out.array());
  }

  private static String text(ByteBuffer data, int letters, boolean unicode) {
    StringBuilder text = new StringBuilder();
    int end = 0;
    for (int k = 0; k < letters; k++) {
      int letter = unicode ? data.getInt() : data.get() & 0xff;
      text.appendCodePoint(Character.isValidCodePoint(letter) ? letter : 0xfffd);
      end = letter == 0 ? end : text.length();
    }
    text.setLength(end);
    return text.toString();
  }

  private static void fill(FileChannel channel, ByteBuffer buffer, long at) throws IOException {
    while (buffer.hasRemaining() && channel.read(buffer, at + buffer.position()) >= 0) {
      // reads on
    }
    buffer.flip();
  }
}
