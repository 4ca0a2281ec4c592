/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.syncline.config.schema.ConfigKey;
import org.syncline.config.schema.LoaderKeys;
import org.syncline.config.schema.OpenOptions;
import org.syncline.config.schema.Reference;

/** What the documents and the header say of options is what the schema says. */
class OptionsReferenceTest {
  private static final Path DOCUMENT = Path.of("../docs/options.md");
  private static final Path HEADER = Path.of("../native-bridge/src/main/c/syncline.h");
  private static final String WRITTEN = "OptionsReferenceTest writes these lines: ";

  @Test
  void theReferencePageIsTheSchemas() {
    Reference.check(DOCUMENT, page());
  }

  @Test
  void theHeaderHasTheOptionsOfLoaders() {
    StringBuilder text = new StringBuilder();
    for (LoaderOption option : LoaderOption.values()) {
      text.append(Reference.comment(option.key));
    }
    Reference.check(HEADER, WRITTEN + "LoaderOption", " */", text.toString());
  }

  @Test
  void theHeaderHasTheOptionsOfDatasets() {
    StringBuilder text = new StringBuilder();
    for (ConfigKey key : OpenOptions.DATASET.keys()) {
      text.append(Reference.comment(key));
    }
    Reference.check(HEADER, WRITTEN + "OpenOptions.DATASET", " */", text.toString());
  }

  @Test
  void javasNamesAreMethodsOfABuilder() {
    Set<String> methods =
        Stream.of(ChunkLoader.Builder.class, SessionLoader.Builder.class)
            .flatMap(builder -> Arrays.stream(builder.getMethods()))
            .map(Method::getName)
            .collect(Collectors.toSet());
    for (LoaderOption option : LoaderOption.values()) {
      if (call(option) != null) {
        assertTrue(methods.contains(call(option).replaceFirst("\\(.*", "")), call(option));
      }
    }
  }

  private static String page() {
    StringBuilder text =
        new StringBuilder(
            "# Options of loaders and datasets\n\n<!-- Written by OptionsReferenceTest");
    text.append(" from LoaderOption and OpenOptions. ").append(Reference.HOW).append(" -->\n\n");
    text.append(
        """
        What programs say when they open a loader or a dataset, beside a [configuration](configuration.md). Wrong values and unknown names
        are errors, which name the nearest known option; null is the default.

        ## Loaders

        C gives them to `syncline_loader_open` as JSON, Java to the builders of `ChunkLoader` and `SessionLoader` (or to their `option`, by C's
        name), Python to `DataLoader` as keywords.

        | C | Java | Python | value | default | meaning |
        | --- | --- | --- | --- | --- | --- |
        """);
    for (LoaderOption option : LoaderOption.values()) {
      text.append("| `").append(option.key.name()).append("` | ").append(code(call(option)));
      text.append(" | ").append(code(option.python)).append(" | ");
      row(text, option.key);
    }
    for (LoaderOption option : LoaderOption.values()) {
      Reference.choices(text, option.key);
    }
    text.append(
        """

        Keywords of Python that have another meaning than C's options:

        | Python | value | default | meaning |
        | --- | --- | --- | --- |
        """);
    for (ConfigKey key : LoaderKeys.PYTHON.keys()) {
      text.append("| `").append(key.name()).append("` | ");
      row(text, key);
    }
    text.append(
        """

        `rank="env"` reads rank and world size from `RANK` and `WORLD_SIZE`, as `rankFromEnvironment()` does in Java.

        ## Datasets

        C gives them to `syncline_dataset_open` as JSON. In Java they are arguments: `ReadOptions`, `DatasetConfig.parse`.

        | C | value | default | meaning |
        | --- | --- | --- | --- |
        """);
    for (ConfigKey key : OpenOptions.DATASET.keys()) {
      text.append("| `").append(key.name()).append("` | ");
      row(text, key);
    }
    return text.toString();
  }

  /** What a program in Java calls. */
  private static String call(LoaderOption option) {
    return option == LoaderOption.RANK || option == LoaderOption.WORLD_SIZE
        ? "rank(rank, worldSize)"
        : option.java;
  }

  private static void row(StringBuilder text, ConfigKey key) {
    text.append(Reference.value(key)).append(" | ").append(Reference.standard(key));
    text.append(" | ").append(Reference.cell(key.description())).append(" |\n");
  }

  private static String code(String name) {
    return name == null ? "" : "`" + name + "`";
  }
}
