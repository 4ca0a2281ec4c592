/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.syncline.document.DocumentException;
import org.syncline.document.Documents;
import org.syncline.document.Node;
import org.syncline.error.ConfigException;

/**
 * Reads configurations in the original's YAML (or the same as JSON) into typed records. The text is
 * a whole file with {@code dataset} and {@code dataloader} sections, or the dataset level alone.
 * Safe for concurrent use.
 *
 * <p>Errors are {@link ConfigException}: source, line, full key, what was found, what is expected,
 * and for unknown names the nearest known one.
 */
public final class DatasetConfigs {
  private DatasetConfigs() {}

  /** Reads a file's dataset parameters. */
  public static DatasetConfig read(Path file) {
    return readFile(file).dataset();
  }

  /** Parses dataset parameters; {@code sourceName} stands for the file name in messages. */
  public static DatasetConfig parse(String text, String sourceName) {
    return parseFile(text, sourceName, null).dataset();
  }

  /**
   * Same as {@link #parse(String, String)}, with unknown keys reported as texts to {@code
   * warnings}, and ignored.
   */
  public static DatasetConfig parse(String text, String sourceName, Consumer<String> warnings) {
    return parseFile(text, sourceName, warnings).dataset();
  }

  /** Returns the original's default configuration: its {@code dataset} section. */
  public static DatasetConfig defaults() {
    return defaultFile().dataset();
  }

  /** Returns the original's default configuration with its {@code dataloader} section. */
  public static ConfigFile defaultFile() {
    return Defaults.FILE;
  }

  /** Returns the text of the original's default configuration. */
  public static String defaultText() {
    return Defaults.TEXT;
  }

  /** Reads a whole file. */
  public static ConfigFile readFile(Path file) {
    String text;
    try {
      text = Documents.text(file);
    } catch (DocumentException e) {
      throw new ConfigException(file.toString(), e.line(), "configuration", e.detail());
    } catch (NoSuchFileException e) {
      throw new ConfigException(
          file.toString(), 0, "configuration", "found no such file, expected a readable one");
    } catch (IOException e) {
      throw new ConfigException(file.toString(), 0, "configuration", "cannot be read: " + e);
    }
    return parseFile(text, file.toString(), null);
  }

  /** Parses a whole file's text; {@code warnings} is null for errors on unknown keys. */
  public static ConfigFile parseFile(String text, String sourceName, Consumer<String> warnings) {
    return new ConfigReader(sourceName, warnings).file(document(text, sourceName));
  }

  /**
   * Parses the value of one modality's entry, as it stands under {@code modality_config}.
   *
   * @param warnings null for errors on unknown keys
   */
  public static ModalityConfig parseModality(
      String text, String device, String sourceName, Consumer<String> warnings) {
    Level level = Level.of(sourceName, device, document(text, sourceName), warnings);
    return new ConfigReader(sourceName, warnings).modality(level);
  }

  /**
   * Returns a device's configuration with everything at its default: every trial, no normalisation,
   * no filters.
   */
  public static ModalityConfig defaultModality() {
    return Defaults.MODALITY;
  }

  /**
   * Returns a canonical form: the same JSON text for configurations that mean the same, whatever
   * the order of their keys (devices, transforms and conditions keep theirs), for fingerprints and
   * for {@link #parse(String, String)}.
   */
  public static String toJson(DatasetConfig config) {
    return Documents.toJson(ConfigJson.plain(config));
  }

  /**
   * JSON first where it looks like it, since NaN and Infinity are numbers there; YAML otherwise.
   */
  private static Node document(String text, String sourceName) {
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
    static final ConfigFile FILE = parseFile(TEXT, "default-config.yaml", null);
    static final ModalityConfig MODALITY = parseModality("{}", "device", "configuration", null);

    private static String text() {
      try (InputStream in = DatasetConfigs.class.getResourceAsStream("default-config.yaml")) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
