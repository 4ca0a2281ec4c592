/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.syncline.document.DocumentException;
import org.syncline.document.Documents;
import org.syncline.document.ListNode;
import org.syncline.document.MapNode;
import org.syncline.document.Node;
import org.syncline.document.ScalarNode;
import org.syncline.error.RecordingException;
import org.syncline.file.RegularFiles;
import org.syncline.storage.Pointers;

/** Typed access to the keys of a metadata file; what does not fit is a RecordingException. */
public final class Fields {
  private final Path file;
  private final MapNode map;

  private Fields(Path file, MapNode map) {
    this.file = file;
    this.map = map;
  }

  /** Reads a YAML file whose top level is a map. */
  public static Fields readYaml(Path file) {
    try {
      return of(file, Documents.yaml(file));
    } catch (IOException e) {
      throw unreadable(file, e);
    } catch (DocumentException e) {
      throw broken(file, e, "YAML");
    }
  }

  public static Fields of(Path file, Node node) {
    if (node instanceof MapNode map) {
      return new Fields(file, map);
    }
    throw RecordingException.of(
        file, null, node.kind(), "a map of keys and values", Pointers.advice(file, null));
  }

  /**
   * Says why a file could not be read.
   *
   * @throws org.syncline.error.SynclineException where the reading thread was interrupted
   */
  public static RecordingException unreadable(Path file, IOException e) {
    RegularFiles.checkInterruption(file, e);
    String found;
    String advice = null;
    if (e instanceof NoSuchFileException || e instanceof NotDirectoryException) {
      found = "no such file";
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null && !Files.exists(folder)) {
        advice = "the folder " + folder + " does not exist";
      }
    } else if (e instanceof AccessDeniedException) {
      found = "no permission to read it";
      advice = "change its permissions or run as its owner";
    } else if (Files.isDirectory(file)) {
      found = "a folder";
    } else if (e instanceof FileSystemException f && f.getReason() != null) {
      found = "an error while reading: " + f.getReason();
    } else {
      found = "an error while reading: " + e.getMessage();
    }
    return RecordingException.of(file, null, found, "a readable file", advice, e);
  }

  public static RecordingException broken(Path file, DocumentException e, String language) {
    String place = e.line() > 0 ? "line " + e.line() + ": " : "";
    return RecordingException.of(
        file, null, place + e.detail(), "valid " + language, Pointers.advice(file, null), e);
  }

  public RecordingException error(String key, String found, String expected, String advice) {
    return RecordingException.of(file, key, found, expected, advice);
  }

  public RecordingException error(String key, Node found, String expected) {
    return error(
        key,
        found == null ? "nothing" : found.kind() + " (line " + found.line() + ")",
        expected,
        null);
  }

  public MapNode map() {
    return map;
  }

  public boolean has(String key) {
    return map.get(key) != null;
  }

  /** Returns the value, or null where the key is missing or null. */
  public Node get(String key) {
    Node node = map.get(key);
    return node instanceof ScalarNode s && s.value() == null ? null : node;
  }

  public String text(String key) {
    if (get(key) instanceof ScalarNode s && s.value() instanceof String text) {
      return text;
    }
    throw error(key, map.get(key), "text");
  }

  public boolean flag(String key, boolean otherwise) {
    Node node = get(key);
    if (node == null) {
      return otherwise;
    }
    if (node instanceof ScalarNode s && s.value() instanceof Boolean b) {
      return b;
    }
    throw error(key, node, "true or false");
  }

  /** Returns a number; NaN where it is null; an error where it is missing. */
  public double numberOrNull(String key) {
    Node node = map.get(key);
    if (node instanceof ScalarNode s) {
      if (s.value() == null) {
        return Double.NaN;
      }
      if (s.value() instanceof Number n) {
        return n.doubleValue();
      }
    }
    throw error(key, node, "a number");
  }

  /** Returns a whole number from 0 to {@code max}. */
  public long count(String key, long max) {
    return count(key, map.get(key), max);
  }

  public long count(String key, Node node, long max) {
    if (node instanceof ScalarNode s && s.value() instanceof Number n) {
      double d = n.doubleValue();
      if (d >= 0 && d <= max && d == Math.rint(d)) {
        return n.longValue();
      }
    }
    throw error(key, node, "a whole number from 0 to " + max);
  }

  public long[] counts(String key) {
    if (!(map.get(key) instanceof ListNode list)) {
      throw error(key, map.get(key), "a list of whole numbers");
    }
    List<Node> items = list.items();
    long[] values = new long[items.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = count(key + "[" + i + "]", items.get(i), 1L << 53);
    }
    return values;
  }

  /** Returns these fields with another value for a key; null removes it. */
  public Fields with(String key, Object value) {
    Map<String, Node> entries = new LinkedHashMap<>(map.entries());
    if (value == null) {
      entries.remove(key);
    } else {
      entries.put(key, node(value));
    }
    return new Fields(
        file, new MapNode(map.source(), map.line(), map.column(), entries, map.keyLines()));
  }

  private Node node(Object value) {
    if (value instanceof List<?> list) {
      List<Node> items = new ArrayList<>();
      list.forEach(item -> items.add(node(item)));
      return new ListNode(file.toString(), 0, 0, items);
    }
    return value instanceof Map
        ? new MapNode(file.toString(), 0, 0, Map.of(), Map.of())
        : new ScalarNode(file.toString(), 0, 0, value);
  }
}
