/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A DynamicTable: columns of one length, ragged ones with an index of ends. */
record Table(H5Node node) {
  /** Returns the names of the columns in the file's order. */
  List<String> columns() {
    List<String> named = node.texts("colnames");
    if (!named.isEmpty()) {
      return named;
    }
    // files before NWB 2 have no colnames
    TreeSet<String> names = new TreeSet<>();
    node.children()
        .forEach(
            (name, child) -> {
              if (child.isDataset() && !name.endsWith("_index") && !name.equals("id")) {
                names.add(name);
              }
            });
    return List.copyOf(names);
  }

  boolean has(String column) {
    return node.dataset(column) != null;
  }

  /** Returns the ids of the rows where they are texts, else null. */
  List<String> textIds() {
    H5Node id = node.dataset("id");
    return id != null && id.elementClass() == String.class ? id.texts() : null;
  }

  /** Returns the ids of the rows, which count from 0 where the file has none, or texts. */
  long[] ids(int rows) {
    H5Node id = node.dataset("id");
    double[] stored = id == null || textIds() != null ? new double[0] : id.wholes();
    long[] ids = new long[rows];
    for (int i = 0; i < rows; i++) {
      ids[i] = stored.length == rows ? (long) stored[i] : i;
    }
    return ids;
  }

  /**
   * Returns the ends of the rows in a ragged column, or null where it is none.
   *
   * @throws org.syncline.error.RecordingException for ends that descend or lie outside
   */
  long[] ends(String column, long length) {
    H5Node index = node.dataset(column + "_index");
    if (index == null) {
      return null;
    }
    double[] stored = index.wholes();
    long[] ends = new long[stored.length];
    long before = 0;
    for (int i = 0; i < ends.length; i++) {
      ends[i] = (long) stored[i];
      if (ends[i] < before || ends[i] > length) {
        throw node.error(
            column + "_index",
            "the end " + ends[i] + " of row " + i + " after " + before,
            "ends that ascend to at most " + length + ", the length of " + column,
            "an index whose type is too small wraps around: write the table again");
      }
      before = ends[i];
    }
    return ends;
  }

  /**
   * Returns the values of a column as texts without blanks around them, for each row all that it
   * has.
   *
   * @param notes gets a text where different values become one
   * @throws org.syncline.error.RecordingException where there is no such column, naming those there
   *     are, and for one that holds no texts or numbers
   */
  List<List<String>> texts(String column, List<String> notes) {
    H5Node data = node.dataset(column);
    if (data == null) {
      throw node.error(
          null,
          "no column '" + column + "'",
          "one of " + String.join(", ", columns()),
          "choose another column for the labels");
    }
    List<String> all = new ArrayList<>();
    Object value = data.value();
    int n = value == null ? 0 : value.getClass().isArray() ? Array.getLength(value) : 1;
    H5Node elements = data.reference("elements");
    List<String> names = elements == null ? List.of() : elements.texts();
    Set<Object> different = new HashSet<>();
    for (int i = 0; i < n; i++) {
      Object item = value.getClass().isArray() ? Array.get(value, i) : value;
      if (item instanceof Map<?, ?> || item != null && item.getClass().isArray()) {
        throw node.error(
            column,
            "several values a row",
            "one text or number",
            "choose another column for the labels");
      }
      different.add(item);
      all.add(
          elements != null && item instanceof Number k && k.intValue() < names.size()
              ? names.get(k.intValue())
              : text(item));
    }
    int kept = new HashSet<>(all).size();
    if (kept < different.size()) {
      notes.add(
          different.size()
              + " different values of "
              + column
              + " become "
              + kept
              + " labels, without blanks around them");
    }
    long[] ends = ends(column, n);
    List<List<String>> rows = new ArrayList<>();
    int from = 0;
    for (int row = 0; row < (ends == null ? n : ends.length); row++) {
      int to = ends == null ? row + 1 : (int) ends[row];
      rows.add(List.copyOf(all.subList(from, to)));
      from = to;
    }
    return rows;
  }

  /** Returns a value as a label: whole numbers without a fraction, truth as true and false. */
  private static String text(Object item) {
    if (item instanceof Double || item instanceof Float) {
      double value = ((Number) item).doubleValue();
      if (value == Math.rint(value) && Math.abs(value) < 1e15) {
        return Long.toString((long) value);
      }
      return item.toString();
    }
    String text = String.valueOf(item).strip();
    return text.equals("TRUE") || text.equals("FALSE")
        ? text.toLowerCase(java.util.Locale.ROOT)
        : text;
  }
}
