/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config;

import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Reads configurations in the original's YAML (or the same as JSON) into typed records. The text is a whole file with
 * {@code dataset} and {@code dataloader} sections, or the dataset level alone. Safe for concurrent use.
 *
 * <p>Errors are {@link org.syncline.error.ConfigException}: source, line, full key, what was found, what is expected,
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

  /** Same as {@link #parse(String, String)}, with unknown keys reported as texts to {@code warnings}, and ignored. */
  public static DatasetConfig parse(String text, String sourceName, Consumer<String> warnings) {
    return parseFile(text, sourceName, warnings).dataset();
  }

  /** Returns the original's default configuration: its {@code dataset} section. */
  public static DatasetConfig defaults() {
    return defaultFile().dataset();
  }

  /** Returns the original's default configuration with its {@code dataloader} section. */
  public static ConfigFile defaultFile() {
    throw new UnsupportedOperationException();
  }

  /** Returns the text of the original's default configuration. */
  public static String defaultText() {
    throw new UnsupportedOperationException();
  }

  /** Reads a whole file. */
  public static ConfigFile readFile(Path file) {
    throw new UnsupportedOperationException();
  }

  /** Parses a whole file's text; {@code warnings} is null for errors on unknown keys. */
  public static ConfigFile parseFile(String text, String sourceName, Consumer<String> warnings) {
    throw new UnsupportedOperationException();
  }

  /**
   * Parses the value of one modality's entry, as it stands under {@code modality_config}.
   *
   * @param warnings null for errors on unknown keys
   */
  public static ModalityConfig parseModality(
      String text, String device, String sourceName, Consumer<String> warnings) {
    throw new UnsupportedOperationException();
  }

  /** Returns a device's configuration with everything at its default: every trial, no normalisation, no filters. */
  public static ModalityConfig defaultModality() {
    throw new UnsupportedOperationException();
  }

  /**
   * Returns a canonical form: the same JSON text for configurations that mean the same, whatever the order of their
   * keys (devices, transforms and conditions keep theirs), for fingerprints and for {@link #parse(String, String)}.
   */
  public static String toJson(DatasetConfig config) {
    throw new UnsupportedOperationException();
  }
}
