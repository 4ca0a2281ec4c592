/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.syncline.file.RegularFiles;

/**
 * Reads YAML and JSON into trees of {@link Node} and plain values, with the meaning that PyYAML's
 * safe loader (with OmegaConf's floats) and Python's json module give them. Safe for concurrent
 * use.
 */
public final class Documents {
  /** Largest file that is read as a tree, whose values take several times its size. */
  static final long MAX_BYTES = Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 8);

  private Documents() {}

  /**
   * Returns the factory for code that reads JSON as a stream; NaN and infinities are numbers to it.
   */
  public static JsonFactory jsonFactory() {
    return FullParsers.jsonFactory();
  }

  /** Same as {@link #jsonFactory} for files of many different keys, which it does not remember. */
  public static JsonFactory longJsonFactory() {
    return FullParsers.longJsonFactory();
  }

  /** Returns what a parser found wrong, without its own words for the source. */
  public static String fault(JsonProcessingException e) {
    return String.valueOf(e.getOriginalMessage())
        .replaceAll("\\[Source: [^\n]*?; (line: \\d+), column: \\d+\\]", "$1");
  }

  /**
   * Reads a text file in UTF-8.
   *
   * @throws IOException where the file cannot be read or is no regular one
   * @throws DocumentException where it is not UTF-8 or exceeds the bounds
   */
  public static String text(Path file) throws IOException {
    long size = RegularFiles.size(file);
    if (size > MAX_BYTES) {
      throw new DocumentException(
          file.toString(),
          0,
          size + " bytes, more than " + MAX_BYTES + ", an eighth of the memory that Java may use",
          null);
    }
    byte[] bytes = Files.readAllBytes(file);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new DocumentException(file.toString(), 0, "is not text in UTF-8", e);
    }
  }

  /**
   * Parses YAML (and therefore JSON too). An empty text is a null scalar.
   *
   * @throws DocumentException where the text is not one YAML document, has a duplicate key or
   *     exceeds the bounds
   */
  public static Node yaml(String text, String source) {
    String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
    try {
      Node node = PlainParser.yaml(plain, source);
      return node != null ? node : FullParsers.yaml(plain, source);
    } catch (OutOfMemoryError e) {
      throw tooLarge(source, plain, e);
    }
  }

  /**
   * Reads a YAML file.
   *
   * @throws IOException where the file cannot be read
   * @throws DocumentException where its content is not one YAML document in UTF-8
   */
  public static Node yaml(Path file) throws IOException {
    return yaml(text(file), file.toString());
  }

  /**
   * Parses JSON; NaN, Infinity and -Infinity are numbers.
   *
   * @throws DocumentException where the text is not one JSON value, has a duplicate key or exceeds
   *     the bounds
   */
  public static Node json(String text, String source) {
    String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
    try {
      Node node = PlainParser.json(plain, source);
      return node != null ? node : FullParsers.json(plain, source);
    } catch (OutOfMemoryError e) {
      throw tooLarge(source, plain, e);
    }
  }

  private static DocumentException tooLarge(String source, String text, OutOfMemoryError e) {
    return new DocumentException(
        source,
        0,
        "the values of its "
            + text.length()
            + " characters need more memory than Java may use, "
            + Runtime.getRuntime().maxMemory()
            + " bytes",
        e);
  }

  /**
   * Reads a JSON file.
   *
   * @throws IOException where the file cannot be read
   * @throws DocumentException where its content is not one JSON value
   */
  public static Node json(Path file) throws IOException {
    return json(text(file), file.toString());
  }

  /**
   * Writes a plain value as compact JSON: null, Boolean, Number, CharSequence, Enum (its name),
   * arrays of primitives, Iterable, Map. NaN and infinities are written as Python writes them.
   *
   * @throws IllegalArgumentException for values of other classes
   */
  public static String toJson(Object value) {
    return JsonText.write(value, false);
  }

  /** Same as {@link #toJson(Object)} with line breaks and indentation. */
  public static String toPrettyJson(Object value) {
    return JsonText.write(value, true);
  }

  /**
   * Writes a plain value to a file as JSON: a temporary file beside it, forced to disk, then
   * renamed, so that readers see the old content or the new one.
   *
   * @throws IOException where it cannot be written
   */
  public static void writeJson(Path file, Object value) throws IOException {
    byte[] bytes = toPrettyJson(value).getBytes(StandardCharsets.UTF_8);
    Path folder = file.toAbsolutePath().getParent();
    Path temporary = Files.createTempFile(folder, "." + file.getFileName(), ".tmp");
    try {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
