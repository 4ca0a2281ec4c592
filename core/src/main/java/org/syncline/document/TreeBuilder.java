/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.document;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds one tree from one token stream. */
final class TreeBuilder {
  /** Levels of maps and lists inside each other. */
  static final int MAX_DEPTH = 200;

  /**
   * Values of a document after its aliases are resolved: far more than any real file, far less than
   * a bomb.
   */
  static final long MAX_NODES = 4_000_000;

  private final JsonParser parser;
  private final String source;
  private final String yaml;
  private final Map<String, Node> anchors = new HashMap<>();
  private final IdentityHashMap<Node, Long> sizes = new IdentityHashMap<>();
  private long nodes;
  private int codePoint;
  private int charIndex;
  private boolean quoted;

  /**
   * Creates a builder.
   *
   * @param yaml the text where the parser is one of YAML, else null
   */
  TreeBuilder(JsonParser parser, String source, String yaml) {
    this.parser = parser;
    this.source = source;
    this.yaml = yaml;
  }

  Node document() {
    try {
      JsonToken token = parser.nextToken();
      if (token == null) {
        if (yaml == null) {
          throw new DocumentException(
              source, 1, "the text is empty, expected one JSON value", null);
        }
        return new ScalarNode(source, 1, 1, null);
      }
      Node root = node(token, 0);
      JsonToken next = parser.nextToken();
      if (next != null) {
        throw new DocumentException(
            source,
            parser.currentTokenLocation().getLineNr(),
            "a second document follows, expected one",
            null);
      }
      return root;
    } catch (DocumentException e) {
      throw e;
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      throw new DocumentException(
          source,
          at == null ? 0 : Math.max(at.getLineNr(), 0),
          withoutExcerpt(Documents.fault(e)),
          e);
    } catch (IOException | RuntimeException e) {
      throw new DocumentException(source, 0, withoutExcerpt(e.getMessage()), e);
    }
  }

  /** Returns a parser's message without its source excerpts and place, which we say ourselves. */
  private static String withoutExcerpt(String message) {
    if (message == null || message.isBlank()) {
      return "not readable";
    }
    StringBuilder text = new StringBuilder();
    for (String line : message.split("\n")) {
      if (line.isBlank() || line.startsWith(" ")) {
        continue;
      }
      text.append(text.isEmpty() ? "" : ", ").append(line.strip());
      if (text.length() > 300) {
        return text.substring(0, 300);
      }
    }
    return text.isEmpty()
        ? message.strip().lines().findFirst().orElse("not readable")
        : text.toString();
  }

  private Node node(JsonToken token, int depth) throws IOException {
    JsonLocation at = parser.currentTokenLocation();
    int line = Math.max(at.getLineNr(), 1);
    int column = Math.max(at.getColumnNr(), 1);
    if (depth > MAX_DEPTH) {
      throw new DocumentException(
          source, line, "more than " + MAX_DEPTH + " levels of maps and lists", null);
    }
    boolean alias = false;
    String anchor = null;
    if (parser instanceof YAMLParser y) {
      alias = y.isCurrentAlias();
      boolean scalar = token != JsonToken.START_OBJECT && token != JsonToken.START_ARRAY;
      anchor = alias ? null : scalar ? scalarProperties((int) at.getCharOffset()) : y.getObjectId();
    }
    if (alias) {
      Node target = anchors.get(parser.getText());
      if (target == null) {
        throw new DocumentException(
            source,
            line,
            "alias *" + parser.getText() + " has no anchor before it that is complete",
            null);
      }
      count(sizes.getOrDefault(target, 1L), line);
      return target;
    }
    if (anchor != null) {
      anchors.remove(anchor);
    }
    if (yaml != null && (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY)) {
      Object type = parser.getTypeId();
      String wanted =
          token == JsonToken.START_OBJECT ? "tag:yaml.org,2002:map" : "tag:yaml.org,2002:seq";
      if (type != null && !type.equals("!") && !type.equals(wanted)) {
        throw new DocumentException(source, line, "tag " + type + " is not known", null);
      }
    }
    long before = nodes;
    count(1, line);
    Node node =
        switch (token) {
          case START_OBJECT -> map(line, column, depth);
          case START_ARRAY -> list(line, column, depth);
          default -> scalar(token, line, column);
        };
    if (anchor != null) {
      anchors.put(anchor, node);
      sizes.put(node, nodes - before);
    }
    return node;
  }

  private void count(long more, int line) {
    nodes += more;
    if (nodes > MAX_NODES) {
      throw new DocumentException(
          source, line, "more than " + MAX_NODES + " values once its aliases are resolved", null);
    }
  }

  private Node list(int line, int column, int depth) throws IOException {
    List<Node> items = new ArrayList<>();
    for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
      if (t == null) {
        throw new DocumentException(source, line, "the list that starts here has no end", null);
      }
      items.add(node(t, depth + 1));
    }
    return new ListNode(source, line, column, items);
  }

  private Node map(int line, int column, int depth) throws IOException {
    Map<String, Node> own = new LinkedHashMap<>();
    Map<String, Integer> lines = new HashMap<>();
    Map<String, Node> merged = null;
    for (JsonToken t = parser.nextToken(); t != JsonToken.END_OBJECT; t = parser.nextToken()) {
      if (t != JsonToken.FIELD_NAME) {
        throw new DocumentException(source, line, "the map that starts here has no end", null);
      }
      String key = parser.currentName();
      int keyLine = Math.max(parser.currentTokenLocation().getLineNr(), 1);
      JsonToken valueToken = parser.nextToken();
      if (valueToken == null) {
        throw new DocumentException(source, keyLine, "key '" + key + "' has no value", null);
      }
      Node value = node(valueToken, depth + 1);
      if (yaml != null && key.equals("<<")) {
        merged = merge(merged, value, keyLine);
      } else if (lines.putIfAbsent(key, keyLine) != null) {
        throw new DocumentException(
            source,
            keyLine,
            "key '" + key + "' occurs a second time, first on line " + lines.get(key),
            null);
      } else {
        own.put(key, value);
      }
    }
    if (merged != null) {
      merged.putAll(own);
      own = merged;
    }
    return new MapNode(source, line, column, own, lines);
  }

  /**
   * Adds the entries of merge key values; earlier maps of a list win, as do the map's own keys
   * later.
   */
  private Map<String, Node> merge(Map<String, Node> merged, Node value, int line) {
    Map<String, Node> all = merged == null ? new LinkedHashMap<>() : merged;
    if (value instanceof MapNode m) {
      m.entries().forEach(all::putIfAbsent);
      return all;
    }
    if (value instanceof ListNode l && l.items().stream().allMatch(MapNode.class::isInstance)) {
      l.items().forEach(item -> ((MapNode) item).entries().forEach(all::putIfAbsent));
      return all;
    }
    throw new DocumentException(
        source, line, "merge key << found " + value.kind() + ", expected a map or maps", null);
  }

  private Node scalar(JsonToken token, int line, int column) throws IOException {
    Object value;
    if (yaml != null) {
      value = yamlScalar(line);
    } else {
      value =
          switch (token) {
            case VALUE_NULL -> null;
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT ->
                switch (parser.getNumberType()) {
                  case INT, LONG -> (Object) parser.getLongValue();
                  default -> parser.getBigIntegerValue();
                };
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            default -> throw new DocumentException(source, line, "unexpected " + token, null);
          };
    }
    return new ScalarNode(source, line, column, value);
  }

  private Object yamlScalar(int line) throws IOException {
    String text = parser.getText();
    Object type = parser.getTypeId();
    if (type != null && !type.equals("!")) {
      String tag = type.toString();
      String name = tag.substring(Math.max(tag.lastIndexOf(':'), tag.lastIndexOf('!')) + 1);
      Object plain = YamlScalars.resolve(text);
      boolean standard = tag.indexOf('!') < 0 || tag.startsWith("!!");
      if (standard && name.equals("str")) {
        return text;
      }
      if (standard && name.equals("null")) {
        return null;
      }
      if (standard && name.equals("float") && plain instanceof Number number) {
        return number.doubleValue();
      }
      if (standard
          && (name.equals("int") && (plain instanceof Long || plain instanceof BigInteger)
              || name.equals("bool") && plain instanceof Boolean)) {
        return plain;
      }
      throw new DocumentException(
          source, line, "tag " + tag + " does not fit '" + text + "'", null);
    }
    return type != null || quoted ? text : YamlScalars.resolve(text);
  }

  /**
   * Returns the anchor of the scalar at a code point and notes whether it is quoted: the token
   * stream says neither.
   */
  private String scalarProperties(int start) {
    if (start < codePoint) {
      codePoint = 0;
      charIndex = 0;
    }
    while (codePoint < start && charIndex < yaml.length()) {
      charIndex += Character.charCount(yaml.codePointAt(charIndex));
      codePoint++;
    }
    String anchor = null;
    int i = charIndex;
    int n = yaml.length();
    boolean properties = false;
    quoted = false;
    while (i < n) {
      char c = yaml.charAt(i);
      if (c == '&' || c == '!') {
        properties = true;
        int from = i + 1;
        while (i < n && yaml.charAt(i) > ' ' && ",[]{}".indexOf(yaml.charAt(i)) < 0) {
          i++;
        }
        if (c == '&') {
          anchor = yaml.substring(from, i);
        }
        if (i < n && yaml.charAt(i) > ' ') {
          break;
        }
      } else if (properties && c <= ' ') {
        i++;
      } else if (properties && c == '#') {
        while (i < n && yaml.charAt(i) != '\n') {
          i++;
        }
      } else {
        quoted = c == '\'' || c == '"' || c == '|' || c == '>';
        break;
      }
    }
    return anchor;
  }
}
