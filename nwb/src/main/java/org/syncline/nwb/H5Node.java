/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.dataset.DatasetReader;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.Reference;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.syncline.error.RecordingException;

/**
 * A group or dataset of an HDF5 file, links followed. Its path is the one by which it was reached,
 * without a leading slash.
 *
 * @param node null where a link leads nowhere
 * @param link where the link leads, or null where it was reached without one
 */
record H5Node(Hdf file, Node node, String path, String link) {
  static H5Node broken(Hdf file, String path, String target) {
    return new H5Node(file, null, path, target);
  }

  boolean isBroken() {
    return node == null;
  }

  boolean isGroup() {
    return node instanceof Group;
  }

  boolean isDataset() {
    return node instanceof Dataset;
  }

  String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** Returns the name that it has itself, where a link may have another. */
  String ownName() {
    return link == null
        ? name()
        : link.substring(Math.max(link.lastIndexOf('/'), link.lastIndexOf(':')) + 1);
  }

  Map<String, H5Node> children() {
    return isGroup() ? file.children(path, (Group) node) : Map.of();
  }

  /** Returns a child, or null where there is none; a broken link is there. */
  H5Node child(String name) {
    return children().get(name);
  }

  /** Returns a child that is a dataset, or null where there is nothing or a group. */
  H5Node dataset(String name) {
    H5Node child = child(name);
    if (child != null && child.isBroken()) {
      throw error(
          name,
          "a link to " + child.link() + ", where nothing is",
          "a dataset",
          child.link().indexOf(':') < 0 ? null : "the file that it names must lie beside this one");
    }
    return child != null && child.isDataset() ? child : null;
  }

  /** Returns the names of the attributes. */
  Set<String> attributes() {
    try {
      return node == null ? Set.of() : new TreeSet<>(node.getAttributes().keySet());
    } catch (RuntimeException e) {
      throw file.fault(path, e);
    }
  }

  /** Returns an attribute's value as jHDF reads it, or null. */
  Object attribute(String name) {
    try {
      Attribute attribute = node == null ? null : node.getAttribute(name);
      return attribute == null ? null : attribute.getData();
    } catch (RuntimeException e) {
      throw file.fault(path + "@" + name, e);
    }
  }

  /** Returns an attribute's text, the first where there are several, or null. */
  String text(String name) {
    return asText(attribute(name));
  }

  static String asText(Object value) {
    if (value != null && value.getClass().isArray()) {
      return Array.getLength(value) == 0 ? null : asText(Array.get(value, 0));
    }
    return value == null ? null : value.toString().strip();
  }

  /** Returns all texts of an attribute. */
  List<String> texts(String name) {
    return asTexts(attribute(name));
  }

  private static List<String> asTexts(Object value) {
    List<String> result = new ArrayList<>();
    if (value != null && value.getClass().isArray()) {
      for (int i = 0; i < Array.getLength(value); i++) {
        result.addAll(asTexts(Array.get(value, i)));
      }
    } else if (value != null) {
      result.add(value.toString().strip());
    }
    return result;
  }

  /**
   * Returns an attribute's number, or another where there is none.
   *
   * @throws RecordingException for several numbers, and what is none
   */
  double number(String name, double otherwise) {
    Object value = attribute(name);
    while (value != null && value.getClass().isArray()) {
      int n = Array.getLength(value);
      if (n > 1) {
        throw error("@" + name, n + " values", "one number", null);
      }
      value = n == 0 ? null : Array.get(value, 0);
    }
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    try {
      return Double.parseDouble(value.toString().strip());
    } catch (NumberFormatException e) {
      throw error("@" + name, "'" + value + "'", "a number", null);
    }
  }

  /** Returns what an attribute that is a reference refers to, or null. */
  H5Node reference(String name) {
    Object value = attribute(name);
    return value instanceof Number address
        ? file.dereference(address.longValue(), path + "@" + name)
        : null;
  }

  /** Returns the shape; (0) of a dataset that has no place for a value, as an empty text has. */
  long[] shape() {
    try {
      Dataset dataset = (Dataset) node;
      boolean none = dataset.isScalar() && dataset.isEmpty();
      return none ? new long[] {0} : dataset.getDimensionsAsLong();
    } catch (RuntimeException e) {
      throw file.fault(path, e);
    }
  }

  DataType dataType() {
    return ((Dataset) node).getDataType();
  }

  /**
   * Reads a whole small dataset: texts, references, compounds or numbers, as jHDF turns bytes into
   * Java's arrays; null where the dataset is empty.
   */
  Object value() {
    Stored stored = Stored.of(this);
    long[] shape = shape();
    if (stored.bytes() == 0) {
      return null;
    }
    int[] dimensions = new int[shape.length];
    for (int i = 0; i < shape.length; i++) {
      dimensions[i] = Math.toIntExact(shape[i]);
    }
    byte[] bytes = ArrayReader.bytes(stored);
    try {
      return DatasetReader.readDataset(
          dataType(), ByteBuffer.wrap(bytes), dimensions, file.storage());
    } catch (RuntimeException e) {
      throw file.fault(path, e);
    }
  }

  /** Returns whether its elements are references to objects, which jHDF reads as numbers. */
  boolean holdsReferences() {
    return dataType() instanceof Reference;
  }

  /** Returns the class of the elements of a small dataset of one axis, or null of an empty one. */
  Class<?> elementClass() {
    Object value = value();
    return value == null ? null : value.getClass().getComponentType();
  }

  /** Reads a small dataset as texts. */
  List<String> texts() {
    return asTexts(value());
  }

  /** Reads a small dataset of numbers as doubles. */
  double[] doubles() {
    return ArrayReader.doubles(this);
  }

  /**
   * Reads a small dataset of whole numbers, which may be stored as floats.
   *
   * @throws RecordingException for NaN, infinities and fractions
   */
  double[] wholes() {
    double[] values = doubles();
    for (int i = 0; i < values.length; i++) {
      if (values[i] != Math.rint(values[i]) || Double.isInfinite(values[i])) {
        throw error(null, values[i] + " at index " + i, "whole numbers", null);
      }
    }
    return values;
  }

  RecordingException error(String key, String found, String expected, String advice) {
    String where = key == null ? path : key.startsWith("@") ? path + key : path + "/" + key;
    return RecordingException.of(file.path(), where, found, expected, advice);
  }
}
