/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.document;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;

/**
 * Writes plain values as JSON, character for character what Jackson's generator would write: saved
 * states carry hashes of such texts. Jackson itself costs a process that opens one recording 25 ms.
 */
final class JsonText {
  private static final String HEX = "0123456789ABCDEF";

  private final StringBuilder out = new StringBuilder();
  private final boolean pretty;
  private int indent;

  private JsonText(boolean pretty) {
    this.pretty = pretty;
  }

  static String write(Object value, boolean pretty) {
    JsonText text = new JsonText(pretty);
    text.value(value, 0);
    return text.out.toString();
  }

  private void value(Object value, int depth) {
    if (depth > TreeBuilder.MAX_DEPTH) {
      throw new IllegalArgumentException(
          "more than " + TreeBuilder.MAX_DEPTH + " levels of maps and lists");
    }
    // a switch over types would make a class at run time, at the first opening of every process
    if (value == null) {
      out.append("null");
    } else if (value instanceof CharSequence text) {
      string(text);
    } else if (value instanceof Boolean b) {
      out.append(b.booleanValue());
    } else if (value instanceof Number number) {
      number(number);
    } else if (value instanceof Enum<?> constant) {
      string(constant.name());
    } else if (value instanceof Map<?, ?> map) {
      map(map, depth);
    } else if (value instanceof double[] numbers) {
      out.append('[');
      for (int i = 0; i < numbers.length; i++) {
        separate(i > 0);
        out.append(numbers[i]);
      }
      end();
    } else if (value instanceof Iterable<?> items) {
      out.append('[');
      boolean any = false;
      for (Object item : items) {
        separate(any);
        value(item, depth + 1);
        any = true;
      }
      end();
    } else if (value.getClass().isArray()) {
      out.append('[');
      for (int i = 0; i < Array.getLength(value); i++) {
        separate(i > 0);
        value(Array.get(value, i), depth + 1);
      }
      end();
    } else {
      throw new IllegalArgumentException("no JSON for " + value.getClass().getName());
    }
  }

  private void number(Number number) {
    if (number instanceof Double
        || number instanceof Float
        || number instanceof BigInteger
        || number instanceof BigDecimal) {
      out.append(number);
    } else {
      out.append(number.longValue());
    }
  }

  private void map(Map<?, ?> map, int depth) {
    out.append('{');
    indent++;
    boolean any = false;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (any) {
        out.append(',');
      }
      any = true;
      line();
      string(String.valueOf(entry.getKey()));
      out.append(pretty ? " : " : ":");
      value(entry.getValue(), depth + 1);
    }
    indent--;
    if (any) {
      line();
    } else if (pretty) {
      out.append(' ');
    }
    out.append('}');
  }

  private void separate(boolean any) {
    if (any) {
      out.append(',');
    }
    if (pretty) {
      out.append(' ');
    }
  }

  private void end() {
    out.append(pretty ? " ]" : "]");
  }

  private void line() {
    if (pretty) {
      out.append(System.lineSeparator());
      out.repeat(' ', 2 * indent);
    }
  }

  private void string(CharSequence text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\t' -> out.append("\\t");
        case '\n' -> out.append("\\n");
        case '\f' -> out.append("\\f");
        case '\r' -> out.append("\\r");
        default -> {
          if (c < ' ') {
            out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
