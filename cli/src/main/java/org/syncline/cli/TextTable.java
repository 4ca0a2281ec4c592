/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.syncline.error.RecordingException;
import org.syncline.format.Fields;

/**
 * A table in a text file: values separated by commas, semicolons or tabs, the first line their
 * names unless it has numbers alone.
 *
 * @param names of the columns; empty where the file has none
 * @param rows texts, as many in each as in the first
 */
record TextTable(Path file, List<String> names, List<String[]> rows) {
  static TextTable read(Path file) {
    List<String[]> rows = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      String separator = null;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (separator == null) {
          separator = line.contains("\t") ? "\t" : line.contains(";") ? ";" : ",";
        }
        if (line.isBlank()) {
          continue;
        }
        String[] cells = line.split(separator, -1);
        Arrays.setAll(cells, i -> cells[i].strip().replaceAll("^\"(.*)\"$", "$1"));
        if (!rows.isEmpty() && cells.length != rows.getFirst().length) {
          throw RecordingException.of(
              file,
              "row " + (rows.size() + 1),
              cells.length + " values",
              rows.getFirst().length + ", as in the first",
              null);
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
    boolean named = !Arrays.stream(rows.getFirst()).allMatch(TextTable::isNumber);
    List<String> names = named ? List.of(rows.removeFirst()) : List.of();
    return new TextTable(file, names, rows);
  }

  private static boolean isNumber(String text) {
    if (text.isEmpty()) {
      return true;
    }
    try {
      Double.parseDouble(text);
      return true;
    } catch (NumberFormatException e) {
      return text.equalsIgnoreCase("nan");
    }
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
      if (place >= 0) {
        return place;
      }
    }
    throw RecordingException.of(
        file,
        "columns",
        names.isEmpty() ? "no names" : String.join(", ", names),
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
            "choose columns with numbers alone");
      }
      values[i] =
          text.isEmpty() || text.equalsIgnoreCase("nan") ? Double.NaN : Double.parseDouble(text);
    }
    return values;
  }
}
