/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.document;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;

/** Writes plain values as JSON. */
final class JsonText {
  private JsonText() {}

  static String write(Object value, boolean pretty) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = Documents.jsonFactory().createGenerator(text)) {
      out.configure(JsonWriteFeature.WRITE_NAN_AS_STRINGS.mappedFeature(), false);
      if (pretty) {
        out.setPrettyPrinter(new DefaultPrettyPrinter());
      }
      write(out, value, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator out, Object value, int depth) throws IOException {
    if (depth > TreeBuilder.MAX_DEPTH) {
      throw new IllegalArgumentException(
          "more than " + TreeBuilder.MAX_DEPTH + " levels of maps and lists");
    }
    switch (value) {
      case null -> out.writeNull();
      case Boolean b -> out.writeBoolean(b);
      case Double d -> out.writeNumber(d);
      case Float f -> out.writeNumber(f);
      case BigInteger b -> out.writeNumber(b);
      case BigDecimal b -> out.writeNumber(b);
      case Number n -> out.writeNumber(n.longValue());
      case CharSequence s -> out.writeString(s.toString());
      case Enum<?> e -> out.writeString(e.name());
      case Map<?, ?> map -> {
        out.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          out.writeFieldName(String.valueOf(entry.getKey()));
          write(out, entry.getValue(), depth + 1);
        }
        out.writeEndObject();
      }
      case Iterable<?> items -> {
        out.writeStartArray();
        for (Object item : items) {
          write(out, item, depth + 1);
        }
        out.writeEndArray();
      }
      default -> {
        if (!value.getClass().isArray()) {
          throw new IllegalArgumentException("no JSON for " + value.getClass().getName());
        }
        out.writeStartArray();
        for (int i = 0; i < Array.getLength(value); i++) {
          write(out, Array.get(value, i), depth + 1);
        }
        out.writeEndArray();
      }
    }
  }
}
