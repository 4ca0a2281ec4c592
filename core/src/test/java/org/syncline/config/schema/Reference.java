/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Files, and parts of files, that say what the schema says. They are checked in; tests compare
 * them, and with {@code -Dsyncline.reference=apply} write them again.
 */
public final class Reference {
  /** What a file that is written says of it, after the name of the test. */
  public static final String HOW = "Do not edit; to write it again: -Dsyncline.reference=apply";

  private Reference() {}

  private static boolean apply() {
    return "apply".equals(System.getProperty("syncline.reference"));
  }

  /** Compares a file with what it should be, or writes it. */
  public static void check(Path file, String text) {
    try {
      if (apply()) {
        Files.writeString(file, text);
      }
      assertEquals(text, Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Compares a part of a file, from the line after one text to the line before another, or writes
   * it.
   */
  public static void check(Path file, String after, String before, String part) {
    try {
      String text = Files.readString(file);
      int from = text.indexOf('\n', text.indexOf(after)) + 1;
      int to = text.lastIndexOf('\n', text.indexOf(before, from)) + 1;
      assertTrue(
          text.contains(after) && from <= to, file + " lacks '" + after + "' … '" + before + "'");
      check(file, text.substring(0, from) + part + text.substring(to));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a text as a cell of a table. */
  public static String cell(String text) {
    return text.replace("|", "\\|");
  }

  /** Returns what a key's value can be. */
  public static String value(ConfigKey key) {
    return cell(
        key.type() == ConfigKey.Type.CHOICE
            ? "a name, below" + (key.nullable() ? ", or null" : "")
            : key.expected());
  }

  /** Returns a key's default. */
  public static String standard(ConfigKey key) {
    return switch (key.defaultValue()) {
      case null -> key.nullable() ? "null" : "";
      case Object o -> "`" + name(key, o) + "`";
    };
  }

  /** Returns what a key may be followed by in YAML. */
  public static String example(ConfigKey key) {
    return "`" + cell(key.example()) + "`";
  }

  /** Returns a value as configurations write it. */
  public static Object name(ConfigKey key, Object value) {
    for (Choice choice : key.choices()) {
      if (choice.value().equals(value)) {
        return choice.text();
      }
    }
    return value;
  }

  /** Appends a table of a key's choices, where it has some. */
  public static void choices(StringBuilder text, ConfigKey key) {
    if (!key.choices().isEmpty()) {
      text.append("\n`").append(key.name()).append("`:\n\n| name | meaning |\n| --- | --- |\n");
      for (Choice choice : key.choices()) {
        text.append("| `").append(choice.text()).append("` | ");
        text.append(cell(choice.description())).append(" |\n");
      }
    }
  }

  /**
   * Returns a key as a line of a comment in C, as JSON, with what it means in the column beside.
   */
  public static String comment(ConfigKey key) {
    StringBuilder names = new StringBuilder();
    for (Choice choice : key.choices()) {
      names.append(names.isEmpty() ? "" : " | ").append('"').append(choice.text()).append('"');
    }
    String value =
        switch (key.defaultValue()) {
          case null ->
              key.type() == ConfigKey.Type.MIXED
                  ? "[...]"
                  : key.type() == ConfigKey.Type.MAP ? "{...}" : "null";
          case Object o -> o.toString();
        };
    String left = " *   \"" + key.name() + "\": " + (names.isEmpty() ? value : names.toString());
    String range = key.type() == ConfigKey.Type.WHOLE ? range(key) : "";
    String words = key.description().replace("`", "") + range;
    StringBuilder text = new StringBuilder(left);
    int column = left.length();
    int start = 34;
    if (column >= start - 1) {
      text.append("\n *");
      column = 2;
    }
    for (String word : words.split(" ")) {
      if (column + 1 + word.length() > 122) {
        text.append("\n *");
        column = 2;
      }
      String gap = column < start ? " ".repeat(start - column) : " ";
      text.append(gap).append(word);
      column += gap.length() + word.length();
    }
    return text.append('\n').toString();
  }

  private static String range(ConfigKey key) {
    long least = key.leastWhole();
    if (key.mostWhole() < Integer.MAX_VALUE - 1 || key.mostWhole() == 0xffff_ffffL) {
      return " From " + least + " to " + key.mostWhole() + ".";
    }
    return least == 0 ? "" : " From " + least + ".";
  }
}
