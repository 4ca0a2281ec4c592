/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.text;

import java.util.regex.Pattern;

/** Text of files in messages: nothing that a terminal obeys, and not without end. */
public final class Printable {
  /** The most characters of a message. */
  public static final int MESSAGE = 4000;

  /** The most characters of what was found, in a message that says more. */
  public static final int FOUND = 1000;

  /** The most characters of one value in a message. */
  public static final int VALUE = 100;

  private Printable() {}

  /**
   * Returns a message with control characters as escapes, line ends kept, numbers as {@link
   * #plain}, cut to what one holds.
   */
  public static String message(String text) {
    return text == null ? null : plain(clean(text, MESSAGE, true));
  }

  /**
   * Returns a text with Java's numbers from 10 million on in digits alone: seconds of a recording's
   * clock are easier to compare so. What is quoted stays as it is.
   */
  public static String plain(String text) {
    if (text == null || !text.contains("E") || !Numbers.LARGE.matcher(text).find()) {
      return text;
    }
    return Numbers.LARGE.matcher(text).replaceAll(m -> digits(Double.parseDouble(m.group())));
  }

  /** Made when a message has such a number. */
  private static final class Numbers {
    static final Pattern LARGE =
        Pattern.compile("(?<![\\w.'\"])-?\\d\\.\\d+E(?:[7-9]|1[0-5])(?!\\w)");
  }

  /** Returns what was found, as a part of a message, so that the rest keeps its place. */
  public static String quote(String text) {
    return text == null ? null : clean(text, FOUND, true);
  }

  /** Returns a value with control characters and line ends as escapes, cut to what one holds. */
  public static String value(String text) {
    return clean(text, VALUE, false);
  }

  /**
   * Returns seconds, or any number, in digits alone: the clock of a recording has ten before its
   * point.
   */
  public static String digits(double value) {
    String text = Double.toString(value);
    int e = text.indexOf('E');
    if (e < 0) {
      return text;
    }
    // not by BigDecimal, whose tables take a process that has just started 20 ms
    int sign = text.charAt(0) == '-' ? 1 : 0;
    String digits = text.charAt(sign) + text.substring(sign + 2, e);
    int point = 1 + Integer.parseInt(text.substring(e + 1));
    StringBuilder plain = new StringBuilder(text.substring(0, sign));
    if (point <= 0) {
      plain.append("0.").repeat('0', -point).append(digits);
    } else if (point >= digits.length()) {
      plain.append(digits).repeat('0', point - digits.length());
    } else {
      plain.append(digits, 0, point).append('.').append(digits, point, digits.length());
    }
    return plain.toString();
  }

  private static String clean(String text, int most, boolean lines) {
    int n = text.length();
    boolean fits = n <= most;
    if (fits && isClean(text, lines)) {
      return text;
    }
    // the end of a message says what to do, so that the middle is what goes
    int head = fits ? n : most * 3 / 4;
    int tail = fits ? n : n - most / 4;
    StringBuilder clean = new StringBuilder(Math.min(n, most) + 64);
    append(clean, text, 0, head, lines);
    if (!fits) {
      clean.append(" … ").append(tail - head).append(" characters … ");
      append(clean, text, tail, n, lines);
    }
    return clean.toString();
  }

  private static boolean isClean(String text, boolean lines) {
    for (int i = 0; i < text.length(); i++) {
      if (isControl(text.charAt(i), lines)) {
        return false;
      }
    }
    return true;
  }

  private static void append(StringBuilder to, String text, int from, int end, boolean lines) {
    for (int i = from; i < end; i++) {
      char c = text.charAt(i);
      if (isControl(c, lines)) {
        to.append(String.format("\\u%04x", (int) c));
      } else {
        to.append(c);
      }
    }
  }

  /** Also what turns the direction of text. */
  private static boolean isControl(char c, boolean lines) {
    if (c == '\n' || c == '\t') {
      return !lines;
    }
    return Character.isISOControl(c)
        || (c >= '\u200e' && c <= '\u200f')
        || (c >= '\u202a' && c <= '\u202e')
        || (c >= '\u2066' && c <= '\u2069')
        || c == '\u2028'
        || c == '\u2029';
  }
}
