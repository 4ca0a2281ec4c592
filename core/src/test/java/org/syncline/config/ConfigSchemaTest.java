/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.syncline.BuiltInDescriptions;
import org.syncline.config.schema.Choice;
import org.syncline.config.schema.ConfigKey;
import org.syncline.config.schema.ConfigSection;
import org.syncline.config.schema.Reference;
import org.syncline.config.schema.TargetKeys;
import org.syncline.document.Documents;
import org.syncline.error.ConfigException;

/** What the schema says of each key is what the reader does with it. */
class ConfigSchemaTest {
  /** Writes a value under a section's path, and what is read from it as text. */
  private static String read(ConfigSection section, String entry) {
    StringBuilder text = new StringBuilder();
    String close = "";
    // a component stands under any name of its own
    String path =
        section == TargetKeys.SECTION ? "dataset.modality_config.NAME.filters.f" : section.path();
    for (String level : path.isEmpty() ? new String[0] : path.split("\\.")) {
      text.append("{\"").append(level).append("\": ");
      close += "}";
    }
    text.append("{").append(entry).append("}").append(close);
    ConfigFile file = ConfigFile.parse(text.toString(), "c", null);
    return file.dataset().toJson() + file.dataloader() + file.rootFolder();
  }

  /** Returns what else stands in the map, so that it is one of its kind whatever the key says. */
  private static String beside(ConfigSection section, ConfigKey key) {
    if (section == TargetKeys.SECTION && !key.name().equals("_target_")) {
      return "\"_target_\": \"x\"";
    }
    if (section == ConfigSchema.STATISTICS) {
      return key.name().equals("means") ? "\"stds\": 2" : "\"means\": 2";
    }
    return "";
  }

  private static String readWithout(ConfigSection section, ConfigKey key) {
    return read(section, beside(section, key));
  }

  private static String read(ConfigSection section, ConfigKey key, String value) {
    String beside = beside(section, key);
    return read(
        section, "\"" + key.name() + "\": " + value + (beside.isEmpty() ? "" : ", ") + beside);
  }

  private static void each(BiConsumer<ConfigSection, ConfigKey> check) {
    for (ConfigSection section : ConfigSchema.sections()) {
      for (ConfigKey key : section.keys()) {
        check.accept(section, key);
      }
    }
  }

  private static String name(ConfigSection section, ConfigKey key) {
    return section.path() + "." + key.name();
  }

  /** Values inside the range, the limits among them, as JSON. */
  private static List<String> inside(ConfigKey key) {
    List<String> values = new ArrayList<>();
    if (key.nullable()) {
      values.add("null");
    }
    switch (key.type()) {
      case FLAG -> values.addAll(List.of("true", "false"));
      case WHOLE -> {
        values.add(Long.toString(key.leastWhole()));
        values.add(Long.toString(key.mostWhole()));
        values.add(key.leastWhole() + ".0");
      }
      case NUMBER -> {
        values.add(Double.toString(key.least()));
        values.add(Double.toString(key.most()));
        values.add("1");
      }
      case CHOICE -> key.choiceNames().forEach(n -> values.add("\"" + n + "\""));
      case TEXT -> values.add("\"x\"");
      case TEXTS -> values.addAll(List.of("[]", "[\"x\", \"y\"]"));
      case WHOLES -> values.add("[" + key.leastWhole() + ", " + key.mostWhole() + "]");
      case NUMBERS -> values.addAll(List.of("3", "[1, 2.5]", "[NaN, [Infinity]]"));
      case MAP -> values.add("{}");
      case MIXED -> {
        key.choiceNames().forEach(n -> values.add("\"" + n + "\""));
        switch (key.name()) {
          case "valid_condition" -> values.addAll(List.of("{\"tier\": 1}", "[{}, {\"a\": 1}]"));
          case "nans" -> values.addAll(List.of("3", "-0.5"));
          case "columns" -> values.addAll(List.of("[3, 0]", "[true, false]", "\"0:9, -1\""));
          case "normalization" -> values.addAll(List.of("true", "false", "\"\"", "{\"means\": 1}"));
          default -> values.addAll(List.of("true", "\"all\"", "3"));
        }
      }
    }
    return values;
  }

  /** Values outside, among them those next to the limits. */
  private static List<String> outside(ConfigKey key) {
    List<String> values = new ArrayList<>();
    if (!key.nullable()) {
      values.add("null");
    }
    switch (key.type()) {
      case FLAG -> values.addAll(List.of("1", "\"true\""));
      case WHOLE -> {
        values.add(Long.toString(key.leastWhole() - 1));
        values.add(Long.toString(key.mostWhole() + 1));
        values.addAll(List.of("1.5", "\"1\"", "true"));
      }
      case NUMBER -> {
        // below the least: the next number down, but no subnormal, which only counts as not
        // positive
        values.add(
            key.least() == ConfigKey.POSITIVE
                ? "0"
                : key.least() == -ConfigKey.ANY
                    ? "-Infinity"
                    : Double.toString(Math.nextDown(key.least())));
        values.add(
            key.most() == ConfigKey.ANY ? "Infinity" : Double.toString(Math.nextUp(key.most())));
        values.addAll(List.of("NaN", "\"1\"", "true"));
      }
      case CHOICE -> values.addAll(List.of("\"no_such_name\"", "1"));
      case TEXT -> values.addAll(List.of("1", "[]"));
      case TEXTS -> values.addAll(List.of("\"x\"", "[1]"));
      case WHOLES -> {
        if (key.leastWhole() != Long.MIN_VALUE) {
          values.add("[" + (key.leastWhole() - 1) + ", 1]");
          values.add("[1, " + (key.mostWhole() + 1) + "]");
        }
        values.addAll(List.of("1", "[1.5, 1]", "[\"1\", 1]"));
      }
      case NUMBERS -> values.addAll(List.of("\"1\"", "{}", "[true]"));
      case MAP -> values.addAll(List.of("1", "[]", "\"x\""));
      case MIXED -> {
        switch (key.name()) {
          case "valid_condition" -> values.addAll(List.of("3", "[3]", "\"train\""));
          case "nans" -> values.addAll(List.of("true", "\"median\"", "Infinity"));
          case "columns" -> values.addAll(List.of("3", "[-1]", "[1, true]", "\"all\"", "{}"));
          case "normalization" -> values.addAll(List.of("3", "\"no_such_name\""));
          default -> assertTrue(key.description().contains("without effect"), key.name());
        }
      }
    }
    return values;
  }

  @Test
  void everyDescribedValueIsReadAndNoOther() {
    each(
        (section, key) -> {
          for (String value : inside(key)) {
            read(section, key, value);
          }
          for (String value : outside(key)) {
            ConfigException e =
                assertThrows(
                    ConfigException.class,
                    () -> read(section, key, value),
                    () -> name(section, key) + ": " + value);
            assertTrue(e.getMessage().contains(key.name()), e.getMessage());
          }
        });
  }

  @Test
  void everyKeyHasItsEffect() {
    each(
        (section, key) -> {
          Set<String> read = new HashSet<>();
          if (section == TargetKeys.SECTION && TargetKeys.isName(key.name())
              || key.type() == ConfigKey.Type.MAP) {
            return; // without its name a map is no component; maps have sections of their own
          }
          read.add(readWithout(section, key));
          for (String value : inside(key)) {
            read.add(read(section, key, value));
          }
          if (key.description().contains("without effect")) {
            assertEquals(1, read.size(), () -> name(section, key));
          } else {
            assertNotEquals(1, read.size(), () -> name(section, key));
          }
        });
  }

  @Test
  void theDefaultDescribedIsTheOneInEffect() {
    each(
        (section, key) -> {
          if (section == TargetKeys.SECTION && TargetKeys.isName(key.name())) {
            return; // a component must have a name
          }
          String value =
              switch (key.defaultValue()) {
                case null -> "null";
                case Object o -> Documents.toJson(Reference.name(key, o));
              };
          assertEquals(
              readWithout(section, key), read(section, key, value), () -> name(section, key));
        });
  }

  @Test
  void otherKeysAreRefusedWithAllKnownOnes() {
    for (ConfigSection section : ConfigSchema.sections()) {
      if (section == TargetKeys.SECTION) {
        continue; // what else stands there are arguments
      }
      // a file's sections are known by being there
      String beside = section == ConfigSchema.FILE ? ", \"dataset\": {}" : "";
      String message =
          assertThrows(ConfigException.class, () -> read(section, "\"no_such_key\": 1" + beside))
              .getMessage();
      assertTrue(message.endsWith("Known: " + String.join(", ", section.names())), message);
    }
  }

  @Test
  void everyKeyIsDescribedOnce() {
    Set<String> seen = new HashSet<>();
    each(
        (section, key) -> {
          assertTrue(seen.add(name(section, key)), () -> name(section, key));
          assertTrue(key.description().endsWith("."), key.description());
          assertFalse(key.expected().isBlank(), key.name());
          for (Choice choice : key.choices()) {
            assertTrue(choice.description().endsWith("."), choice.text());
          }
        });
  }

  @Test
  void everyExampleIsReadAndHasAnEffect() {
    each(
        (section, key) -> {
          // behind its name as YAML, which is what a reader copies
          if (section == TargetKeys.SECTION && TargetKeys.isName(key.name())) {
            read(section, key.name() + ": " + key.example()); // without its name it is no component
            return;
          }
          String read = read(section, key, key.example());
          if (key.description().contains("without effect")) {
            assertEquals(readWithout(section, key), read, () -> name(section, key));
          } else {
            assertNotEquals(readWithout(section, key), read, () -> name(section, key));
          }
        });
  }

  @Test
  void examplesOfArgumentsMakeWhatTheyAreExamplesOf() {
    List<ConfigSection> sections = new ArrayList<>(BuiltInDescriptions.transforms());
    sections.addAll(BuiltInDescriptions.filters());
    for (ConfigSection section : sections) {
      StringBuilder map = new StringBuilder("{_target_: " + section.path());
      for (ConfigKey key : section.keys()) {
        map.append(", ").append(key.name()).append(": ").append(key.example());
        assertNotEquals(Reference.standard(key), Reference.example(key), key.name());
      }
      String device = "{modality_config: {screen: {filters: {f: " + map + "}}}}}";
      ModalityConfig screen =
          ConfigFile.parse(device, "c", null).dataset().modalities().get("screen");
      BuiltInDescriptions.make(screen.filters().getFirst());
    }
  }
}
