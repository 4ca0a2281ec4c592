/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;

/**
 * Jackson's parsers, in a class of their own: loading them costs 0.1 s of a cold start that plain
 * files do without.
 */
final class FullParsers {
  private static final class Yaml {
    static final YAMLFactory FACTORY = new YAMLFactory();
  }

  private static final class Json {
    static final JsonFactory FACTORY =
        JsonFactory.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();
  }

  private static final class LongJson {
    static final JsonFactory FACTORY =
        Json.FACTORY
            .rebuild()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();
  }

  private FullParsers() {}

  static JsonFactory jsonFactory() {
    return Json.FACTORY;
  }

  /** Longest line that is parsed: the parser's time grows with its square. */
  private static final int MAX_LINE = 1 << 20;

  private static void checkLines(String text, String source) {
    int line = 1;
    for (int from = 0; from < text.length(); line++) {
      int end = text.indexOf('\n', from);
      end = end < 0 ? text.length() : end;
      if (end - from > MAX_LINE) {
        throw new DocumentException(
            source,
            line,
            "a line of " + (end - from) + " characters, expected at most " + MAX_LINE,
            null);
      }
      from = end + 1;
    }
  }

  static JsonFactory longJsonFactory() {
    return LongJson.FACTORY;
  }

  static Node yaml(String text, String source) {
    checkLines(text, source);
    try (YAMLParser parser = Yaml.FACTORY.createParser(text)) {
      return new TreeBuilder(parser, source, text).document();
    } catch (IOException e) {
      throw new DocumentException(source, 0, e.getMessage(), e);
    }
  }

  static Node json(String text, String source) {
    try (JsonParser parser = Json.FACTORY.createParser(text)) {
      return new TreeBuilder(parser, source, null).document();
    } catch (IOException e) {
      throw new DocumentException(source, 0, e.getMessage(), e);
    }
  }
}
