/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.syncline.document.DocumentException;
import org.syncline.document.Documents;
import org.syncline.document.Node;
import org.syncline.error.ConfigException;

/**
 * A whole configuration file: the original's YAML, or the same as JSON. Immutable; safe for
 * concurrent use.
 */
public final class ConfigFile {
  private final DatasetConfig dataset;
  private final DataloaderConfig dataloader;
  private final String rootFolder;

  ConfigFile(DatasetConfig dataset, DataloaderConfig dataloader, String rootFolder) {
    this.dataset = dataset;
    this.dataloader = dataloader;
    this.rootFolder = rootFolder;
  }

  /**
   * Reads a file.
   *
   * @throws ConfigException where it cannot be read or says something that cannot be
   */
  public static ConfigFile read(Path file) {
    Objects.requireNonNull(file, "file is null");
    String text;
    try {
      text = Documents.text(file);
    } catch (DocumentException e) {
      throw new ConfigException(file.toString(), e.line(), "configuration", e.detail());
    } catch (NoSuchFileException e) {
      throw new ConfigException(
          file.toString(), 0, "configuration", "found no such file, expected a readable one");
    } catch (AccessDeniedException e) {
      throw new ConfigException(
          file.toString(),
          0,
          "configuration",
          "found no permission to read it, expected a readable file");
    } catch (IOException e) {
      throw new ConfigException(
          file.toString(), 0, "configuration", "cannot be read: " + e.getMessage());
    }
    return parse(text, file.toString(), null);
  }

  /**
   * Parses a file's text.
   *
   * @param sourceName stands for the file name in messages
   * @param warnings gets one text for each unknown key, which is ignored; null: it is an error
   * @throws ConfigException where the text says something that cannot be
   */
  public static ConfigFile parse(
      String text, String sourceName, @Nullable Consumer<String> warnings) {
    return new ConfigReader(sourceName, warnings).file(document(text, sourceName));
  }

  /** Returns the original's default configuration. */
  public static ConfigFile defaults() {
    return Defaults.FILE;
  }

  /** Returns the text of the original's default configuration. */
  public static String defaultText() {
    return Defaults.TEXT;
  }

  /** Returns the dataset's parameters. */
  public DatasetConfig dataset() {
    return dataset;
  }

  /** Returns the {@code dataloader} section, or {@link DataloaderConfig#DEFAULT}. */
  public DataloaderConfig dataloader() {
    return dataloader;
  }

  /** Returns {@code root_folder} where the file names one, or null. */
  public @Nullable String rootFolder() {
    return rootFolder;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ConfigFile o
        && o.dataset.equals(dataset)
        && o.dataloader.equals(dataloader)
        && Objects.equals(o.rootFolder, rootFolder);
  }

  @Override
  public int hashCode() {
    return Objects.hash(dataset, dataloader, rootFolder);
  }

  /** Returns all values in one line. */
  @Override
  public String toString() {
    return "ConfigFile[" + rootFolder + ", " + dataset + ", " + dataloader + "]";
  }

  /**
   * JSON first where it looks like it, since NaN and Infinity are numbers there; YAML otherwise.
   */
  static Node document(String text, String sourceName) {
    if (text.stripLeading().startsWith("{")) {
      try {
        return Documents.json(text, sourceName);
      } catch (DocumentException e) {
        // a map in YAML's flow style, or broken in both
        return yaml(text, sourceName);
      }
    }
    return yaml(text, sourceName);
  }

  private static Node yaml(String text, String sourceName) {
    try {
      return Documents.yaml(text, sourceName);
    } catch (DocumentException e) {
      throw new ConfigException(sourceName, e.line(), "configuration", e.detail());
    }
  }

  /** Parsed when first asked for. */
  private static final class Defaults {
    static final String TEXT = text();
    static final ConfigFile FILE = parse(TEXT, "default-config.yaml", null);

    private static String text() {
      try (InputStream in = ConfigFile.class.getResourceAsStream("default-config.yaml")) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
