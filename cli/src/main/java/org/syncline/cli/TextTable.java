/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.cli;

import java.io.BufferedReader;
import java.io.IOException;
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
 * @param names of the columns; empty where the file has none
 * @param rows texts, as many in each as in the first
 * @param ended whether the last line has an end
 */
record TextTable(Path file, List<String> names, List<String[]> rows, boolean ended) {
  private static final String MARK = "\uFEFF";

  static TextTable read(Path file) {
    List<String[]> rows = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      String separator = null;
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (number == 1 && line.startsWith(MARK)) {
          line = line.substring(MARK.length());
        }
        if (line.isBlank()) {
          continue;
        }
        if (separator == null) {
          separator = line.contains("\t") ? "\t" : line.contains(";") ? ";" : ",";
        }
        String[] cells = line.split(separator, -1);
        Arrays.setAll(cells, i -> cells[i].strip().replaceAll("^\"(.*)\"$", "$1"));
        if (!rows.isEmpty() && cells.length != rows.getFirst().length) {
          throw RecordingException.of(
              file,
              "line " + number,
              cells.length + " values",
              rows.getFirst().length + ", as in the first",
              "write decimal points, no separators within values, and all of each line");
        }
        rows.add(cells);
      }
    } catch (CharacterCodingException e) {
      throw RecordingException.of(file, null, "no text", "a table in UTF-8", null, e);
    } catch (IOException e) {
      throw Fields.unreadable(file, e);
    }
    if (rows.isEmpty()) {
      throw RecordingException.of(file, null, "no rows", "a table", null);
    }
    List<String> names = isNamed(file, rows.getFirst()) ? List.of(rows.removeFirst()) : List.of();
    if (names.isEmpty()
        && rows.getFirst().length == 2
        && rows.stream().allMatch(TextTable::isCut)) {
      throw RecordingException.of(
          file,
          "line 1",
          "'" + String.join(",", rows.getFirst()) + "', and pairs of whole numbers alone below",
          "columns with names, or numbers with decimal points: these may be decimal commas",
          "write a decimal point where they are, else a first line of names");
    }
    return new TextTable(file, names, rows, isEnded(file));
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
    if (text.matches(".*[xXfFdD].*") && !text.endsWith("Infinity")) {
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
        + (rows.size() == 1 ? "1 row" : rows.size() + " rows")
        + (names.isEmpty() && width() > 1 && isCounted(rows.getFirst(), 0)
            ? "; the first line, which counts from 0 as names by pandas do, is taken as values"
            : "")
        + (ended ? "" : "; the last line has no end: look whether the file is whole");
  }

  private String shown() {
    return names.stream().map(n -> n.isEmpty() ? "''" : n).collect(Collectors.joining(", "));
  }

  /** Returns how many columns there are. */
  int width() {
    return names.isEmpty() ? rows.getFirst().length : names.size();
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
    double[] values = new double[rows.size()];
    for (int i = 0; i < values.length; i++) {
      String text = rows.get(i)[column];
      if (!isNumber(text)) {
        throw RecordingException.of(
            file,
            "row " + (i + 1) + ", column " + (names.isEmpty() ? column : names.get(column)),
            "'" + text + "'",
            "a number, or nothing for a missing one",
            text.matches("-?\\d+,\\d+")
                ? "write decimal points"
                : "choose columns with numbers alone");
      }
      values[i] =
          text.isEmpty() || text.equalsIgnoreCase("nan") ? Double.NaN : Double.parseDouble(text);
    }
    return values;
  }
}
