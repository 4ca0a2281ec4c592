/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format.writing;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.syncline.document.Documents;

/** A meta.yml: keys with numbers, texts, lists of whole numbers, and maps of texts. */
final class MetaYaml {
  private final Map<String, Object> keys = new LinkedHashMap<>();

  MetaYaml(String modality) {
    keys.put("modality", modality);
  }

  MetaYaml put(String key, Object value) {
    keys.put(key, value);
    return this;
  }

  /** Writes meta.yml into the folder of a device. */
  void write(Path folder) throws IOException {
    StringBuilder out = new StringBuilder();
    keys.forEach(
        (key, value) -> {
          out.append(key).append(':');
          switch (value) {
            case long[] numbers -> {
              out.append(numbers.length == 0 ? " []" : "");
              for (long number : numbers) {
                out.append("\n- ").append(number);
              }
            }
            case Map<?, ?> map -> {
              out.append(map.isEmpty() ? " {}" : "");
              // JSON's quoted texts are YAML's
              map.forEach(
                  (k, v) ->
                      out.append("\n  ")
                          .append(Documents.toJson(k))
                          .append(": ")
                          .append(Documents.toJson(v)));
            }
            case Double number -> out.append(' ').append(number(number));
            default -> out.append(' ').append(value);
          }
          out.append('\n');
        });
    Files.writeString(folder.resolve("meta.yml"), out);
  }

  /** Returns a number with all its digits, in a form that every reader of YAML takes for one. */
  static String number(double value) {
    String text = Double.toString(value);
    if (!text.contains("E")) {
      return text;
    }
    String plain = new BigDecimal(text).toPlainString();
    return plain.contains(".") ? plain : plain + ".0";
  }
}
