/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.syncline.BuiltInDescriptions;
import org.syncline.array.ElementType;
import org.syncline.config.schema.ConfigKey;
import org.syncline.config.schema.ConfigSection;
import org.syncline.config.schema.LoaderKeys;
import org.syncline.config.schema.Reference;
import org.syncline.config.schema.TargetKeys;
import org.syncline.document.Documents;
import org.syncline.loader.LoaderFacts;

/** Python's package knows names, ranges and defaults from the schema. */
class FactsReferenceTest {
  private static final Path FILE = Path.of("../native-bridge/src/main/python/syncline/_facts.py");
  private static final Path LOADER = FILE.resolveSibling("loader.py");

  private final StringBuilder text =
      new StringBuilder(
          """
          # Copyright 2026 The Syncline Authors
          # SPDX-License-Identifier: Apache-2.0
          # Written by FactsReferenceTest from Java's schema. %s
          \"""What Java's schema says: names, ranges and defaults of keys and options, and the default configuration.\"""

          from __future__ import annotations

          from typing import Any
          """
              .formatted(Reference.HOW));

  private final StringBuilder types = new StringBuilder();

  @Test
  void pythonsFactsAreTheSchemas() {
    names(
        "DATASET_KEYS",
        "Keys of a configuration's ``dataset`` that the original has no parameters for.",
        ConfigSchema.DATASET.keys().stream()
            .filter(k -> !k.original())
            .map(ConfigKey::name)
            .toList());
    names("SECTIONS", "Levels of a configuration file.", ConfigSchema.FILE.names());
    names("MODALITY_KEYS", "Keys of a device's entry.", ConfigSchema.MODALITY.names());
    names(
        "TARGET_KEYS",
        "Keys of a map with ``_target_`` that are not its arguments.",
        TargetKeys.SECTION.names());
    names(
        "INTERPOLATION_MODES",
        "How sequences are interpolated.",
        ConfigSchema.INTERPOLATION_MODE.choiceNames());
    names(
        "ALIGNMENTS",
        "Where the window lies in which spikes are counted.",
        ConfigSchema.INTERPOLATION_ALIGN.choiceNames());
    names(
        "ELEMENT_TYPES",
        "Element types by the names that Java knows.",
        Arrays.stream(ElementType.values()).map(ElementType::numpyName).toList());
    names("LOADER_OPTIONS", "Keywords of :class:`syncline.DataLoader`.", LoaderFacts.keywords());
    names(
        "RING_OPTIONS",
        "Those of them that a loader has, too, that is told its batches.",
        LoaderFacts.ring());
    text.append("\n#: Least and largest value of keywords of Python's own.\n");
    text.append("LOADER_RANGES = {");
    text.append(
        LoaderKeys.PYTHON.keys().stream()
            .filter(k -> k.type() == ConfigKey.Type.WHOLE)
            .map(k -> "\"%s\": (%d, %d)".formatted(k.name(), k.leastWhole(), k.mostWhole()))
            .collect(Collectors.joining(", ")));
    text.append("}\n");
    Map<String, Object> defaults = new LinkedHashMap<>();
    defaults.put("dataset", defaults(ConfigSchema.DATASET));
    defaults.put("interpolation", defaults(ConfigSchema.INTERPOLATION_KEYS));
    defaults.put("loader", LoaderFacts.defaults());
    for (ConfigSection filter : BuiltInDescriptions.filters()) {
      defaults.put(filter.path(), defaults(filter));
    }
    value("DEFAULTS", "What counts where nothing is said.", defaults);
    value(
        "DEFAULT_CONFIG",
        "The default configuration.",
        (Map<?, ?>) Documents.yaml(ConfigFile.defaultText(), "default").value());
    Reference.check(FILE, text.toString());
  }

  @Test
  void pythonsTypesAreTheSchemas() {
    types.append(
        """
        # Copyright 2026 The Syncline Authors
        # SPDX-License-Identifier: Apache-2.0
        # Written by FactsReferenceTest from Java's schema. %s
        \"""What type checkers know of configurations and keywords, key by key; at run time all of them are plain dicts.\"""

        from __future__ import annotations

        from collections.abc import Iterable, Mapping
        from typing import Any, Literal, TypedDict

        __all__ = ["DatasetConfig", "DatasetOptions", "InterpolationConfig", "LoaderOptions", "ModalityConfig"]
        """
            .formatted(Reference.HOW));
    type(
        "InterpolationConfig(TypedDict, total=False)",
        "A device's ``interpolation``.",
        byName(ConfigSchema.INTERPOLATION_KEYS));
    type(
        "ModalityConfig(TypedDict, total=False)",
        "How one device is read: a value of ``modality_config``.",
        byName(ConfigSchema.MODALITY));
    Map<String, ConfigKey> dataset = byName(ConfigSchema.DATASET);
    ConfigKey folder = dataset.remove(ConfigSchema.ROOT_FOLDER.name());
    ConfigKey devices = dataset.remove(ConfigSchema.MODALITY_CONFIG.name());
    type("_Dataset(TypedDict, total=False)", "What both of the following have.", dataset);
    type(
        "DatasetConfig(_Dataset, total=False)",
        "A configuration's ``dataset``.",
        byName(new ConfigSection("", "", folder, devices)));
    type(
        "DatasetOptions(_Dataset, total=False)",
        "Keywords of :meth:`syncline.ChunkDataset.from_config`.",
        Map.of());
    field(devices.name(), "Any", devices.description() + " Dicts or OmegaConf.");
    field(
        "output",
        "Literal[\"torch\", \"numpy\", \"jax\"] | None",
        "Whose arrays items hold; null for torch's where torch is installed, else NumPy's.");
    String source = assertDoesNotThrow(() -> Files.readString(LOADER));
    int begin = source.indexOf("def __init__(", source.indexOf("\nclass DataLoader("));
    String signature = source.substring(begin, source.indexOf("**options", begin));
    Map<String, ConfigKey> options = LoaderFacts.keys();
    options.keySet().removeIf(name -> signature.contains(" " + name + ": "));
    type(
        "LoaderOptions(TypedDict, total=False)",
        "Keywords of :class:`syncline.DataLoader` beside those that its signature lists.",
        options);
    Reference.check(FILE.resolveSibling("types.py"), types.toString());
  }

  private static Map<String, ConfigKey> byName(ConfigSection section) {
    Map<String, ConfigKey> keys = new LinkedHashMap<>();
    section.keys().forEach(key -> keys.put(key.name(), key));
    return keys;
  }

  private void type(String head, String sentence, Map<String, ConfigKey> keys) {
    types.append("\n\nclass %s:\n    \"\"\"%s\"\"\"\n\n".formatted(head, sentence));
    keys.forEach(
        (name, key) -> {
          String type = type(key);
          boolean optional = key.defaultValue() == null && !type.equals("Any");
          field(name, optional ? type + " | None" : type, key.description());
        });
  }

  private void field(String name, String type, String description) {
    String text = description.replace("null", "None").replace("`", "``");
    types.append("    %s: %s\n    \"\"\"%s\"\"\"\n".formatted(name, type, text));
  }

  private static String type(ConfigKey key) {
    return switch (key.type()) {
      case FLAG -> "bool";
      case WHOLE -> "int";
      case NUMBER -> "float";
      case TEXT -> "str";
      case TEXTS -> "Iterable[str]";
      case WHOLES -> "Iterable[int]";
      case CHOICE ->
          key.choiceNames().stream()
              .map(FactsReferenceTest::quoted)
              .collect(Collectors.joining(", ", "Literal[", "]"));
      case MAP ->
          switch (key.name()) {
            case "interpolation" -> "InterpolationConfig";
            case "modality_config" -> "Mapping[str, ModalityConfig]";
            default -> "Mapping[str, Any]";
          };
      default -> "Any";
    };
  }

  private static Map<String, Object> defaults(ConfigSection section) {
    Map<String, Object> defaults = new LinkedHashMap<>();
    for (ConfigKey key : section.keys()) {
      Object value = key.defaultValue();
      defaults.put(key.name(), value == null ? null : Reference.name(key, value));
    }
    return defaults;
  }

  private void names(String variable, String sentence, List<String> names) {
    text.append("\n#: ").append(sentence).append('\n').append(variable).append(" = (");
    List<String> quoted = names.stream().map(FactsReferenceTest::quoted).toList();
    String line = String.join(", ", quoted);
    if (line.length() < 100) {
      text.append(line).append(")\n");
      return;
    }
    quoted.forEach(n -> text.append("\n    ").append(n).append(','));
    text.append("\n)\n");
  }

  private void value(String variable, String sentence, Map<?, ?> map) {
    text.append("\n#: ")
        .append(sentence)
        .append('\n')
        .append(variable)
        .append(": dict[str, Any] = ");
    text.append(python(map, "")).append('\n');
  }

  private static String quoted(String text) {
    return Documents.toJson(text);
  }

  /** Returns a plain value as Python writes it, on one line where it is short. */
  private static String python(Object value, String indent) {
    return switch (value) {
      case null -> "None";
      case Boolean b -> b ? "True" : "False";
      case String s -> quoted(s);
      case List<?> list ->
          list.stream().map(v -> python(v, indent)).collect(Collectors.joining(", ", "[", "]"));
      case Map<?, ?> map -> {
        String more = indent + "    ";
        List<String> entries = new ArrayList<>();
        map.forEach((k, v) -> entries.add(quoted(String.valueOf(k)) + ": " + python(v, more)));
        String line = String.join(", ", entries);
        yield line.length() < 90 && !line.contains("\n")
            ? "{" + line + "}"
            : entries.stream()
                .collect(Collectors.joining(",\n" + more, "{\n" + more, ",\n" + indent + "}"));
      }
      default -> value.toString();
    };
  }
}
