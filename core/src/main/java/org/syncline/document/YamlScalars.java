/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.document;

import java.math.BigInteger;

/**
 * Gives plain (unquoted) YAML scalars the types that PyYAML's safe loader gives them, with
 * OmegaConf's rule for floats: an exponent needs neither a point nor a sign. Written without
 * regular expressions: 21,000 trial files pass through.
 */
final class YamlScalars {
  /** A number with more binary digits is infinite as a double, and so it is in any larger base. */
  private static final int MOST_DIGITS = 1024;

  private YamlScalars() {}

  /** Returns null, Boolean, Long, BigInteger beyond its range, Double, or the text itself. */
  static Object resolve(String text) {
    int n = text.length();
    if (n == 0) {
      return null;
    }
    char first = text.charAt(0);
    if (first >= '0' && first <= '9' || first == '-' || first == '+' || first == '.') {
      Object number = number(text);
      return number == null ? text : number;
    }
    return switch (text) {
      case "~", "null", "Null", "NULL" -> null;
      case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON" -> true;
      case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF" -> false;
      default -> text;
    };
  }

  /**
   * Returns the Long, BigInteger or Double that a text stands for, or null where it is no number.
   */
  static Object number(String text) {
    int n = text.length();
    int i = 0;
    boolean signed = text.charAt(0) == '-' || text.charAt(0) == '+';
    boolean negative = text.charAt(0) == '-';
    if (signed) {
      i = 1;
    }
    if (i == n) {
      return null;
    }
    if (text.charAt(i) == '.') {
      String rest = text.substring(i);
      if (rest.equals(".inf") || rest.equals(".Inf") || rest.equals(".INF")) {
        return negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
      }
      if (!signed && (rest.equals(".nan") || rest.equals(".NaN") || rest.equals(".NAN"))) {
        return Double.NaN;
      }
      return signed ? null : decimal(text, 0);
    }
    char c = text.charAt(i);
    if (c < '0' || c > '9') {
      return null;
    }
    if (c == '0' && i + 1 < n) {
      char d = text.charAt(i + 1);
      if (d == 'x' || d == 'b') {
        return integer(text, i + 2, d == 'x' ? 16 : 2, negative);
      }
      if (onlyDigits(text, i + 1, '7')) {
        return integer(text, i + 1, 8, negative);
      }
    } else if (onlyDigits(text, i + 1, '9')) {
      return integer(text, i, 10, negative);
    }
    return text.indexOf(':') > 0 ? sexagesimal(text, i, negative) : decimal(text, i);
  }

  private static boolean onlyDigits(String text, int from, char last) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > last) && c != '_') {
        return false;
      }
    }
    return true;
  }

  private static Object integer(String text, int from, int radix, boolean negative) {
    int n = text.length();
    boolean digits = false;
    boolean fits = true;
    long value = 0;
    for (int i = from; i < n; i++) {
      char c = text.charAt(i);
      if (c == '_') {
        continue;
      }
      int d = c < 128 ? Character.digit(c, radix) : -1;
      if (d < 0) {
        return null;
      }
      digits = true;
      if (value > (Long.MAX_VALUE - d) / radix) {
        fits = false;
      }
      value = value * radix + d;
    }
    if (!digits) {
      return null;
    }
    if (fits) {
      return negative ? -value : value;
    }
    String written = text.substring(from).replace("_", "");
    int zeros = 0;
    while (written.charAt(zeros) == '0') {
      zeros++; // another digit follows, for 0 fits
    }
    if (written.length() - zeros > MOST_DIGITS) {
      return negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    BigInteger big = new BigInteger(written.substring(zeros), radix);
    big = negative ? big.negate() : big;
    return big.bitLength() < Long.SIZE ? (Object) big.longValue() : big;
  }

  /** Digits with a point, an exponent or both. */
  private static Object decimal(String text, int from) {
    int n = text.length();
    int i = from;
    boolean digits = false;
    boolean underscores = false;
    while (i < n && (text.charAt(i) >= '0' && text.charAt(i) <= '9' || text.charAt(i) == '_')) {
      underscores |= text.charAt(i) == '_';
      digits |= text.charAt(i) != '_';
      i++;
    }
    boolean point = i < n && text.charAt(i) == '.';
    if (point) {
      i++;
      while (i < n && (text.charAt(i) >= '0' && text.charAt(i) <= '9' || text.charAt(i) == '_')) {
        underscores |= text.charAt(i) == '_';
        digits |= text.charAt(i) != '_';
        i++;
      }
    }
    boolean exponent = i < n && (text.charAt(i) == 'e' || text.charAt(i) == 'E');
    if (exponent) {
      i++;
      if (i < n && (text.charAt(i) == '-' || text.charAt(i) == '+')) {
        i++;
      }
      int start = i;
      while (i < n && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
        i++;
      }
      if (i == start) {
        return null;
      }
    }
    if (i != n || !digits || !(point || exponent)) {
      return null;
    }
    return Double.valueOf(underscores ? text.replace("_", "") : text);
  }

  /** YAML 1.1's base 60: 1:30 is 90, 1:30.5 is 90.5. */
  private static Object sexagesimal(String text, int from, boolean negative) {
    String[] parts = text.substring(from).replace("_", "").split(":", -1);
    int last = parts.length - 1;
    boolean point = parts[last].indexOf('.') >= 0;
    double value = 0;
    for (int p = 0; p <= last; p++) {
      String part = parts[p];
      boolean fraction = p == last && point;
      String whole = fraction ? part.substring(0, part.indexOf('.')) : part;
      if (whole.isEmpty()
          || !onlyDigits(whole, 0, '9')
          || p > 0 && (whole.length() > 2 || Integer.parseInt(whole) > 59)) {
        return null;
      }
      if (p == 0 && !point && whole.charAt(0) == '0' || whole.length() > 15) {
        return null;
      }
      if (fraction && !onlyDigits(part, part.indexOf('.') + 1, '9')) {
        return null;
      }
      value = value * 60 + Double.parseDouble(fraction && part.endsWith(".") ? whole : part);
    }
    value = negative ? -value : value;
    return point ? (Object) value : (Object) (long) value;
  }
}
