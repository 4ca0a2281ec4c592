/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.document;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parses the plain part of YAML and JSON that metadata and configurations are written in: block
 * maps and lists of plain or quoted scalars, and flow collections within a line. Whatever else it
 * meets makes it give up, and the full parser takes over; where it does give a tree, that is the
 * full parser's. It exists because the full parsers cost 0.1 s of a cold start and because 21,000
 * trials may lie in as many files.
 */
final class PlainParser {
  /** Says that the text needs the full parser; carries nothing, so it is made once. */
  private static final class GiveUp extends RuntimeException {
    private static final long serialVersionUID = 1;

    GiveUp() {
      super(null, null, false, false);
    }
  }

  private static final GiveUp GIVE_UP = new GiveUp();
  private static final int MAX_DEPTH = 32;

  private final String text;
  private final String source;
  private final boolean json;
  private int position;
  private int line = 1;
  private int lineStart;

  private PlainParser(String text, String source, boolean json) {
    this.text = text;
    this.source = source;
    this.json = json;
  }

  /** Returns the tree of a YAML text, or null where the full parser is needed. */
  static Node yaml(String text, String source) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' && c != '\n' || c > '~') {
        return null;
      }
    }
    try {
      PlainParser parser = new PlainParser(text, source, false);
      parser.toContent();
      if (parser.position >= text.length()) {
        return null;
      }
      Node root = parser.block(parser.position - parser.lineStart, 0);
      return parser.position >= text.length() ? root : null;
    } catch (GiveUp e) {
      return null;
    }
  }

  /** Returns the tree of a JSON text, or null where the full parser is needed. */
  static Node json(String text, String source) {
    try {
      PlainParser parser = new PlainParser(text, source, true);
      parser.jsonSpace();
      Node root = parser.flow(0);
      parser.jsonSpace();
      return parser.position == text.length() ? root : null;
    } catch (GiveUp e) {
      return null;
    }
  }

  private char peek() {
    return position < text.length() ? text.charAt(position) : '\n';
  }

  private int column() {
    return position - lineStart + 1;
  }

  /** Moves to the first character of the next line that has content. */
  private void toContent() {
    while (position < text.length()) {
      char c = text.charAt(position);
      if (c == ' ') {
        position++;
      } else if (c == '\n') {
        newLine();
      } else if (c == '#') {
        toLineEnd();
      } else {
        return;
      }
    }
  }

  private void newLine() {
    position++;
    line++;
    lineStart = position;
  }

  private void toLineEnd() {
    int end = text.indexOf('\n', position);
    position = end < 0 ? text.length() : end;
  }

  /** Ends a value: only spaces and a comment may follow on its line. */
  private void endLine() {
    int from = position;
    while (position < text.length() && text.charAt(position) == ' ') {
      position++;
    }
    if (position < text.length() && text.charAt(position) == '#' && position > from) {
      toLineEnd();
    }
    if (position < text.length() && text.charAt(position) != '\n') {
      throw GIVE_UP;
    }
    toContent();
  }

  private int indent() {
    return position - lineStart;
  }

  private boolean atDash() {
    return peek() == '-'
        && (position + 1 >= text.length() || " \n".indexOf(text.charAt(position + 1)) >= 0);
  }

  /**
   * Parses a block map or list whose lines start at an indent; the position is its first character.
   */
  private Node block(int indent, int depth) {
    if (depth > MAX_DEPTH) {
      throw GIVE_UP;
    }
    if (indent == 0 && (text.startsWith("---", position) || text.startsWith("...", position))) {
      throw GIVE_UP;
    }
    return atDash() ? blockList(indent, depth) : blockMap(indent, depth);
  }

  private Node blockList(int indent, int depth) {
    int startLine = line;
    int startColumn = column();
    List<Node> items = new ArrayList<>();
    while (position < text.length() && indent() == indent && atDash()) {
      if (indent == 0 && text.startsWith("---", position)) {
        throw GIVE_UP;
      }
      position++;
      while (peek() == ' ') {
        position++;
      }
      if (peek() == '\n' || peek() == '#' || atDash()) {
        throw GIVE_UP;
      }
      items.add(inline(depth + 1, indent));
    }
    if (position < text.length() && indent() > indent) {
      throw GIVE_UP;
    }
    return new ListNode(source, startLine, startColumn, items);
  }

  private Node blockMap(int indent, int depth) {
    int startLine = line;
    int startColumn = column();
    Map<String, Node> entries = new LinkedHashMap<>();
    Map<String, Integer> lines = new HashMap<>();
    while (position < text.length() && indent() == indent && !atDash()) {
      if (indent == 0 && text.startsWith("...", position)) {
        throw GIVE_UP;
      }
      int keyLine = line;
      String key = blockKey();
      Node value;
      int after = column();
      while (peek() == ' ') {
        position++;
      }
      if (peek() == '\n' || peek() == '#') {
        if (peek() == '#' && column() == after) {
          throw GIVE_UP;
        }
        int emptyLine = line;
        int emptyColumn = after;
        toLineEnd();
        toContent();
        boolean deeper = position < text.length() && indent() > indent;
        boolean list = position < text.length() && indent() == indent && atDash();
        value =
            deeper || list
                ? block(indent(), depth + 1)
                : new ScalarNode(source, emptyLine, emptyColumn, null);
      } else {
        value = inline(depth + 1, indent);
      }
      if (entries.putIfAbsent(key, value) != null) {
        throw GIVE_UP;
      }
      lines.put(key, keyLine);
    }
    if (position < text.length() && indent() > indent || entries.isEmpty()) {
      throw GIVE_UP;
    }
    return new MapNode(source, startLine, startColumn, entries, lines);
  }

  /** A key of letters, digits, underscores, points and dashes inside, with its colon. */
  private String blockKey() {
    int from = position;
    while (position < text.length() && isKeyChar(text.charAt(position))) {
      position++;
    }
    char first = from < text.length() ? text.charAt(from) : ' ';
    if (position == from
        || first == '-'
        || first == '.'
        || peek() != ':'
        || position + 1 < text.length() && " \n".indexOf(text.charAt(position + 1)) < 0) {
      throw GIVE_UP;
    }
    String key = text.substring(from, position);
    position++;
    return key;
  }

  private static boolean isKeyChar(char c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || c == '_'
        || c == '.'
        || c == '-';
  }

  /** A scalar or flow collection on the rest of the line, up to the next line with content. */
  private Node inline(int depth, int indent) {
    int startLine = line;
    int startColumn = column();
    char c = peek();
    Node node;
    if (c == '[' || c == '{') {
      node = flow(depth);
    } else if (c == '\'' || c == '"') {
      node = new ScalarNode(source, startLine, startColumn, quoted());
    } else {
      int from = position;
      int end = from;
      boolean comment = false;
      if (!isPlainStart(from)) {
        throw GIVE_UP;
      }
      for (; position < text.length() && text.charAt(position) != '\n'; position++) {
        char p = text.charAt(position);
        if (p == '#' && text.charAt(position - 1) == ' ') {
          comment = true;
          break;
        }
        if (p == ':'
            && (position + 1 >= text.length() || " \n".indexOf(text.charAt(position + 1)) >= 0)) {
          throw GIVE_UP;
        }
        if (p != ' ') {
          end = position + 1;
        }
      }
      if (comment) {
        toLineEnd();
      }
      node =
          new ScalarNode(
              source, startLine, startColumn, YamlScalars.resolve(text.substring(from, end)));
    }
    endLine();
    // a deeper line would go on with this value
    if (position < text.length() && indent() > indent) {
      throw GIVE_UP;
    }
    return node;
  }

  /**
   * Whether a plain scalar may start here; a dash only before something that cannot be a list's
   * item.
   */
  private boolean isPlainStart(int at) {
    char c = text.charAt(at);
    if (c == '-') {
      return at + 1 < text.length()
          && (isKeyChar(text.charAt(at + 1)) && text.charAt(at + 1) != '-');
    }
    return isKeyChar(c) || c == '/' || c == '+' || c == '~' || c == '(' || c == '_';
  }

  /** A quoted text without escapes, on one line. */
  private String quoted() {
    char quote = text.charAt(position);
    int from = ++position;
    while (position < text.length() && text.charAt(position) != quote) {
      char c = text.charAt(position);
      if (c < ' ' || c == '\\' || c > '~') {
        throw GIVE_UP;
      }
      position++;
    }
    if (position >= text.length()) {
      throw GIVE_UP;
    }
    String value = text.substring(from, position);
    position++;
    if (peek() == quote) {
      throw GIVE_UP;
    }
    return value;
  }

  private void jsonSpace() {
    while (position < text.length()) {
      char c = text.charAt(position);
      if (c == '\n') {
        newLine();
      } else if (c == ' ' || c == '\t') {
        position++;
      } else if (c == '\r') {
        if (!text.startsWith("\r\n", position)) {
          throw GIVE_UP;
        }
        position++;
      } else {
        return;
      }
    }
  }

  /** Space between the tokens of a flow collection: in YAML within the line only. */
  private void space() {
    if (json) {
      jsonSpace();
      return;
    }
    while (peek() == ' ') {
      position++;
    }
  }

  private Node flow(int depth) {
    if (depth > MAX_DEPTH || position >= text.length()) {
      throw GIVE_UP;
    }
    int startLine = line;
    int startColumn = column();
    char c = text.charAt(position);
    if (c == '[') {
      position++;
      List<Node> items = new ArrayList<>();
      space();
      while (peek() != ']') {
        items.add(flow(depth + 1));
        separator(']');
      }
      position++;
      return new ListNode(source, startLine, startColumn, items);
    }
    if (c == '{') {
      position++;
      Map<String, Node> entries = new LinkedHashMap<>();
      Map<String, Integer> lines = new HashMap<>();
      space();
      while (peek() != '}') {
        int keyLine = line;
        String key = flowKey();
        space();
        if (!json && (peek() == ',' || peek() == '}')) {
          throw GIVE_UP;
        }
        if (entries.putIfAbsent(key, flow(depth + 1)) != null) {
          throw GIVE_UP;
        }
        lines.put(key, keyLine);
        separator('}');
      }
      position++;
      return new MapNode(source, startLine, startColumn, entries, lines);
    }
    Object value;
    if (c == '"' || c == '\'' && !json) {
      value = quoted();
    } else {
      value = json ? jsonScalar() : plainFlow();
    }
    return new ScalarNode(source, startLine, startColumn, value);
  }

  private void separator(char end) {
    space();
    if (peek() == ',') {
      position++;
      space();
      if (peek() == end || peek() == ',') {
        throw GIVE_UP;
      }
    } else if (peek() != end || position >= text.length()) {
      throw GIVE_UP;
    }
  }

  private String flowKey() {
    String key;
    if (peek() == '"' || peek() == '\'' && !json) {
      key = quoted();
      space();
      if (peek() != ':') {
        throw GIVE_UP;
      }
      position++;
      // YAML wants a space after the colon, with exceptions that are the full parser's
      if (!json && peek() != ' ' || key.equals("<<")) {
        throw GIVE_UP;
      }
      return key;
    }
    if (json) {
      throw GIVE_UP;
    }
    key = blockKey();
    if (peek() != ' ') {
      throw GIVE_UP;
    }
    return key;
  }

  /** A plain scalar inside a YAML flow collection. */
  private Object plainFlow() {
    int from = position;
    if (!isPlainStart(from)) {
      throw GIVE_UP;
    }
    int end = from;
    for (; position < text.length(); position++) {
      char c = text.charAt(position);
      if (c == ',' || c == ']' || c == '}') {
        return YamlScalars.resolve(text.substring(from, end));
      }
      if (c == '\n' || c == '[' || c == '{' || c == ':' || c == '#' || c == '"' || c == '\''
          || c == '?') {
        throw GIVE_UP;
      }
      if (c != ' ') {
        end = position + 1;
      }
    }
    throw GIVE_UP;
  }

  private Object jsonScalar() {
    int from = position;
    while (position < text.length()
        && (isKeyChar(text.charAt(position)) || text.charAt(position) == '+')) {
      position++;
    }
    String word = text.substring(from, position);
    switch (word) {
      case "null":
        return null;
      case "true":
        return true;
      case "false":
        return false;
      case "NaN":
        return Double.NaN;
      case "Infinity":
        return Double.POSITIVE_INFINITY;
      case "-Infinity":
        return Double.NEGATIVE_INFINITY;
      default:
        return jsonNumber(word);
    }
  }

  private static Object jsonNumber(String word) {
    int n = word.length();
    int i = n > 0 && word.charAt(0) == '-' ? 1 : 0;
    int digits = i;
    while (i < n && isDigit(word.charAt(i))) {
      i++;
    }
    if (i == digits || i - digits > 1 && word.charAt(digits) == '0') {
      throw GIVE_UP;
    }
    if (i == n) {
      if (n > 18) {
        throw GIVE_UP;
      }
      return Long.valueOf(word);
    }
    if (word.charAt(i) == '.') {
      int point = ++i;
      while (i < n && isDigit(word.charAt(i))) {
        i++;
      }
      if (i == point) {
        throw GIVE_UP;
      }
    }
    if (i < n && (word.charAt(i) == 'e' || word.charAt(i) == 'E')) {
      i++;
      if (i < n && (word.charAt(i) == '-' || word.charAt(i) == '+')) {
        i++;
      }
      int exponent = i;
      while (i < n && isDigit(word.charAt(i))) {
        i++;
      }
      if (i == exponent) {
        throw GIVE_UP;
      }
    }
    if (i != n || n > 500) {
      throw GIVE_UP;
    }
    return Double.valueOf(word);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
