/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.syncline.error.RecordingException;
import org.syncline.format.Fields;

/**
 * A table in a text file: values separated by commas, semicolons or tabs, the first line their
 * names unless it has numbers alone. A line of both is an error: nobody can tell a header from a
 * sample there, and a sample taken as one would be lost unseen.
 *
 * <p>It is read line by line each time that values are asked for, so that memory does not grow with
 * it.
 *
 * @param names of the columns; empty where the file has none
 * @param first the first row of values, null where there is none
 * @param rows how many rows of values there are
 * @param ended whether the last line has an end
 */
record TextTable(Path file, List<String> names, String[] first, int rows, boolean ended) {
  private static final String MARK = "\uFEFF";

  /** Takes the cells of a line. */
  interface Line {
    void take(String[] cells);
  }

  /** Looks at the whole table once: as many cells in each line, names or none. */
  static TextTable read(Path file) {
    Look look = new Look(file);
    lines(file, look);
    if (look.head == null) {
      throw RecordingException.of(file, null, "no rows", "a table", null);
    }
    if (look.names.isEmpty() && look.first.length == 2 && look.cut) {
      throw RecordingException.of(
          file,
          "line 1",
          "'" + String.join(",", look.first) + "', and pairs of whole numbers alone below",
          "columns with names, or numbers with decimal points: these may be decimal commas",
          "write a decimal point where they are, else a first line of names");
    }
    return new TextTable(file, look.names, look.first, look.rows, isEnded(file));
  }

  /** What the first look finds. */
  private static final class Look implements Line {
    private final Path file;
    private String[] head;
    private List<String> names;
    private String[] first;
    private int rows;
    private boolean cut = true;

    Look(Path file) {
      this.file = file;
    }

    @Override
    public void take(String[] cells) {
      if (head == null) {
        head = cells;
        names = isNamed(file, cells) ? List.of(cells) : List.of();
        if (!names.isEmpty()) {
          return;
        }
      }
      first = first == null ? cells : first;
      cut &= cells.length == 2 && isCut(cells);
      rows = Math.incrementExact(rows);
    }
  }

  private static void lines(Path file, Line taker) {
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      char separator = 0;
      int number = 0;
      int width = -1;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (number == 1 && line.startsWith(MARK)) {
          line = line.substring(MARK.length());
        }
        if (line.isBlank()) {
          continue;
        }
        if (separator == 0) {
          // names may hold others
          String bare = line.replaceAll("\"[^\"]*\"", "");
          separator = bare.indexOf('\t') >= 0 ? '\t' : bare.indexOf(';') >= 0 ? ';' : ',';
        }
        String[] cells = cells(line, separator);
        if (cells == null) {
          throw RecordingException.of(
              file,
              "line " + number,
              "a quotation mark without its second",
              "values within one line, in pairs of quotation marks or none",
              "write names and values without line ends");
        }
        if (width >= 0 && cells.length != width) {
          throw RecordingException.of(
              file,
              "line " + number,
              cells.length + " values",
              width + ", as in the first",
              "write decimal points, no separators within values, and all of each line");
        }
        width = cells.length;
        taker.take(cells);
      }
    } catch (CharacterCodingException e) {
      throw RecordingException.of(file, null, "no text", "a table in UTF-8", null, e);
    } catch (IOException e) {
      throw Fields.unreadable(file, e);
    }
  }

  /**
   * Returns what stands between the separators of a line but for those in quotation marks, of which
   * two stand for one; null where one has no second.
   */
  private static String[] cells(String line, char separator) {
    List<String> cells = new ArrayList<>();
    int at = 0;
    do {
      int begin = at;
      while (begin < line.length() && line.charAt(begin) == ' ') {
        begin++;
      }
      boolean quoted = begin < line.length() && line.charAt(begin) == '"';
      int end = quoted ? closing(line, begin + 1) : begin;
      if (end < 0) {
        return null;
      }
      int next = line.indexOf(separator, end);
      next = next < 0 ? line.length() : next;
      // what follows the second mark belongs to the value as much as what stands within
      boolean whole = quoted && line.substring(end + 1, next).isBlank();
      cells.add(
          whole
              ? line.substring(begin + 1, end).replace("\"\"", "\"")
              : line.substring(at, next).strip());
      at = next + 1;
    } while (at <= line.length());
    return cells.toArray(String[]::new);
  }

  /** Returns the place of the quotation mark that ends a value, or -1. */
  private static int closing(String line, int from) {
    for (int i = line.indexOf('"', from); i >= 0; i = line.indexOf('"', i + 1)) {
      if (i + 1 == line.length() || line.charAt(i + 1) != '"') {
        return i;
      }
      i++;
    }
    return -1;
  }

  /** Gives each row of values, in order. */
  void forEachRow(Line taker) {
    boolean[] begun = {names.isEmpty()};
    lines(
        file,
        cells -> {
          if (begun[0]) {
            taker.take(cells);
          }
          begun[0] = true;
        });
  }

  /** Returns whether the first line has names, and refuses one of which that cannot be said. */
  private static boolean isNamed(Path file, String[] first) {
    long numbers = Arrays.stream(first).filter(c -> !isMissing(c) && isNumber(c)).count();
    long missing = Arrays.stream(first).filter(TextTable::isMissing).count();
    if (numbers == first.length) {
      return false;
    }
    if (numbers == 0 && missing < first.length) {
      return true;
    }
    boolean index = first.length > 1 && first[0].isEmpty() && isCounted(first, 1);
    throw RecordingException.of(
        file,
        "line 1",
        "'" + String.join(",", first) + "'",
        "names of columns without a number among them, or numbers alone",
        index
            ? "leave the index out, which pandas wrote: to_csv(index=False, header=False)"
            : "write a first line of names");
  }

  /** Returns whether cells count 0, 1, ..., as pandas names columns. */
  private static boolean isCounted(String[] cells, int from) {
    return IntStream.range(from, cells.length)
        .allMatch(i -> cells[i].equals(String.valueOf(i - from)));
  }

  /** Returns whether a pair of cells may be one number, cut at its decimal comma. */
  private static boolean isCut(String[] pair) {
    return pair[0].matches("-?\\d+") && pair[1].matches("\\d+");
  }

  private static boolean isEnded(Path file) {
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      channel.read(last, channel.size() - 1);
      return last.get(0) == '\n' || last.get(0) == '\r';
    } catch (IOException e) {
      throw Fields.unreadable(file, e);
    }
  }

  /** Returns whether a cell says that a value is missing, or is no name at least. */
  private static boolean isMissing(String text) {
    return text.isEmpty() || text.equalsIgnoreCase("nan") || text.equalsIgnoreCase("na");
  }

  private static boolean isNumber(String text) {
    if (text.isEmpty() || text.equalsIgnoreCase("nan")) {
      return true;
    }
    // a hexadecimal number, or one with a suffix of Java's
    if (text.chars().anyMatch(c -> "xXfFdD".indexOf(c) >= 0) && !text.endsWith("Infinity")) {
      return false;
    }
    try {
      Double.parseDouble(text);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** Returns what was read, for people: names and numbers of rows. */
  String summary() {
    return file
        + ": "
        + (names.isEmpty() ? width() + " columns without names" : "columns " + shown())
        + ", "
        + (rows == 1 ? "1 row" : rows + " rows")
        + (names.isEmpty() && width() > 1 && isCounted(first, 0)
            ? "; the first line, which counts from 0 as names by pandas do, is taken as values"
            : "")
        + (ended ? "" : "; the last line has no end: look whether the file is whole");
  }

  private String shown() {
    return names.stream().map(n -> n.isEmpty() ? "''" : n).collect(Collectors.joining(", "));
  }

  /** Returns how many columns there are. */
  int width() {
    return names.isEmpty() ? first.length : names.size();
  }

  /**
   * Returns the place of the first of some columns that is there.
   *
   * @throws RecordingException where none is
   */
  int column(String... called) {
    for (String name : called) {
      int place = names.indexOf(name);
      if (place >= 0 && names.lastIndexOf(name) != place) {
        throw RecordingException.of(
            file, "columns", "'" + name + "' twice", "different names", "rename one of them");
      }
      if (place >= 0) {
        return place;
      }
    }
    throw RecordingException.of(
        file,
        "columns",
        names.isEmpty() ? "no names" : shown(),
        "one called " + String.join(" or ", called),
        null);
  }

  /** Returns a column's numbers, NaN of empty cells. */
  double[] numbers(int column) {
    double[] values = new double[rows];
    int[] row = {0};
    forEachRow(
        cells -> {
          values[row[0]] = number(cells, column, row[0]);
          row[0]++;
        });
    return values;
  }

  /** Returns a column's texts. */
  List<String> texts(int column) {
    List<String> texts = new ArrayList<>();
    forEachRow(cells -> texts.add(cells[column]));
    return texts;
  }

  /**
   * Returns the number in a cell, NaN of an empty one.
   *
   * @param row its place, for the error
   */
  double number(String[] cells, int column, long row) {
    String text = cells[column];
    if (!isNumber(text)) {
      throw RecordingException.of(
          file,
          "row " + (row + 1) + ", column " + (names.isEmpty() ? column : names.get(column)),
          "'" + text + "'",
          "a number, or nothing for a missing one",
          text.matches("-?\\d+,\\d+")
              ? "write decimal points"
              : "choose columns with numbers alone");
    }
    double value =
        text.isEmpty() || text.equalsIgnoreCase("nan") ? Double.NaN : Double.parseDouble(text);
    if (Math.abs(value) >= 1L << 53 && isRounded(text, value)) {
      throw RecordingException.of(
          file,
          "row " + (row + 1) + ", column " + (names.isEmpty() ? column : names.get(column)),
          text,
          "whole numbers of at most 2^53 (9007199254740992)",
          "values of tables are written as float64, which would make it "
              + new BigDecimal(value).toPlainString()
              + ": subtract an offset from the column, or write it as int64 to a .npy file");
    }
    return value;
  }

  /**
   * Returns whether a whole number is written with digits that its double does not have. Digits of
   * which a double's shortest text ends in zeros were written from that double.
   */
  private static boolean isRounded(String text, double value) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && c != '-' && c != '+' && c != '.') {
        return false;
      }
    }
    BigDecimal written = new BigDecimal(text);
    return !Double.isInfinite(value)
        && written.compareTo(new BigDecimal(value)) != 0
        && written.compareTo(new BigDecimal(Double.toString(value))) != 0;
  }
}
