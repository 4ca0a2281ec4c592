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

  private FullParsers() {}

  static JsonFactory jsonFactory() {
    return Json.FACTORY;
  }

  static Node yaml(String text, String source) {
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
