/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.cli;

import java.io.PrintStream;
import java.lang.reflect.Array;
import java.nio.charset.CharsetEncoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.syncline.document.Documents;
import org.syncline.text.Printable;

/** What the commands share of printing: text, JSON, progress. */
final class Output {
  /** Texts that people take for another value. */
  private static final Pattern OTHERWISE =
      Pattern.compile(
          "|-|~|[-+]?\\.?[0-9][0-9.eE+-]*|[-+]?infinity|true|false|null|none|nan|[\\[{].*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private Output() {}

  /**
   * Returns a stream that writes what the given one's character set lacks as plain letters: a
   * terminal may show no more than ASCII.
   */
  static PrintStream plain(PrintStream to) {
    CharsetEncoder encoder = to.charset().newEncoder();
    return new PrintStream(to, true, to.charset()) {
      @Override
      public void print(String text) {
        super.print(text == null ? null : plain(text, encoder));
      }
    };
  }

  private static synchronized String plain(String text, CharsetEncoder encoder) {
    if (encoder.canEncode(text)) {
      return text;
    }
    return text.replace("…", "...").replace("µ", "u").replace("×", "x").replace("—", "-");
  }

  /**
   * Returns a value of metadata for people, which looks like no other one: a text that reads as a
   * number, a truth value, nothing, or as what stands for nothing is in quotation marks.
   *
   * @param nothing what stands for null
   */
  static String cell(Object value, String nothing) {
    if (!(value instanceof String text)) {
      return value == null ? nothing : Printable.value(Documents.toJson(value));
    }
    boolean plain =
        !text.equals(nothing)
            && text.equals(text.strip())
            && !text.startsWith("'")
            && !OTHERWISE.matcher(text).matches();
    return plain ? Printable.value(text) : "'" + Printable.value(text) + "'";
  }

  /** Prints a value as JSON: maps, lists, arrays and plain values; null for what no number is. */
  static void json(Object value) {
    System.out.println(Documents.toPrettyJson(finite(value)));
  }

  private static Object finite(Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> all = new LinkedHashMap<>();
      map.forEach((key, each) -> all.put(key, finite(each)));
      return all;
    }
    if (value instanceof Iterable<?> items) {
      List<Object> all = new ArrayList<>();
      items.forEach(each -> all.add(finite(each)));
      return all;
    }
    if (value != null && value.getClass().isArray()) {
      List<Object> all = new ArrayList<>();
      for (int i = 0; i < Array.getLength(value); i++) {
        all.add(finite(Array.get(value, i)));
      }
      return all;
    }
    return value instanceof Double d && !Double.isFinite(d)
            || value instanceof Float f && !Float.isFinite(f)
        ? null
        : value;
  }

  /**
   * Returns a progress bar on stderr where somebody can see it: where the launcher found that to be
   * a terminal.
   *
   * @param most the last step; -1 where it is not known yet
   */
  static Optional<ProgressBar> bar(String task, String unit, long size, long most) {
    if (!Boolean.getBoolean("syncline.terminal")) {
      return Optional.empty();
    }
    return Optional.of(
        new ProgressBarBuilder()
            .setTaskName(task)
            .setUnit(unit, size)
            .setInitialMax(most)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(200)
            .build());
  }

  /** Returns a number of bytes in the unit that suits it. */
  static String bytes(long n) {
    String[] units = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    int unit = 0;
    double size = n;
    while (size >= 1024 && unit < units.length - 1) {
      size /= 1024;
      unit++;
    }
    return unit == 0 ? n + " bytes" : String.format("%.1f %s", size, units[unit]);
  }

  /**
   * Returns a table with columns as wide as what is in them, numbers to the right.
   *
   * @param rows of texts, the first is the heading
   */
  static String table(List<List<String>> rows) {
    int columns = rows.getFirst().size();
    int[] width = new int[columns];
    boolean[] number = new boolean[columns];
    for (int c = 0; c < columns; c++) {
      number[c] = rows.size() > 1;
      for (int r = 0; r < rows.size(); r++) {
        String cell = rows.get(r).get(c);
        width[c] = Math.max(width[c], cell.length());
        number[c] &= r == 0 || cell.isEmpty() || cell.matches("[-\\d].*[\\d%]|\\d|-");
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < columns; c++) {
        String cell = row.get(c);
        String pad = " ".repeat(width[c] - cell.length());
        line.append(c == 0 ? "" : "  ").append(number[c] ? pad + cell : cell + pad);
      }
      text.append(line.toString().stripTrailing()).append(System.lineSeparator());
    }
    return text.toString();
  }
}
