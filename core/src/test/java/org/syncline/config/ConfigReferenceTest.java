/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.syncline.BuiltInDescriptions;
import org.syncline.config.schema.ConfigKey;
import org.syncline.config.schema.ConfigSection;
import org.syncline.config.schema.Reference;

/**
 * What the documents say of the configuration is what the schema says.
 *
 * <p>With {@code -Dsyncline.reference=apply} docs/configuration.md is written again.
 */
class ConfigReferenceTest {
  private static final Path DOCUMENT = Path.of("../docs/configuration.md");
  private static final String HOW = "ConfigReferenceTest from ConfigSchema. " + Reference.HOW;

  @Test
  void theReferencePageIsTheSchemas() {
    Reference.check(DOCUMENT, configuration());
  }

  static String configuration() {
    StringBuilder text = new StringBuilder("# Configuration\n\n");
    text.append("<!-- Written by ").append(HOW).append(" -->\n\n");
    text.append(
        """
        Configurations are YAML in the original's form, or the same as JSON. Keys that the original does not have are marked with †.
        Unknown keys are errors that name the nearest known one (in Python: warnings). A configuration in Java has the same keys in
        lower camel case: `DatasetConfig.builder()`, `DatasetConfig.read(file)`.
        """);
    for (ConfigSection section : ConfigSchema.sections()) {
      text.append("\n## ")
          .append(section.path().isEmpty() ? "A file" : "`" + section.path() + "`")
          .append("\n\n")
          .append(section.description())
          .append(
              "\n\n| key | value | default | example | meaning | since |\n| --- | --- | --- | --- | --- | --- |\n");
      for (ConfigKey key : section.keys()) {
        text.append("| `").append(key.name()).append(key.original() ? "`" : "` †");
        text.append(" | ").append(Reference.value(key));
        text.append(" | ").append(Reference.standard(key));
        text.append(" | ").append(Reference.example(key));
        text.append(" | ").append(Reference.cell(key.description()));
        text.append(" | ").append(key.since()).append(" |\n");
      }
      for (ConfigKey key : section.keys()) {
        Reference.choices(text, key);
      }
    }
    text.append(
        """

        ## Screen transforms

        Under `transforms` of a screen, `KEY: {_target_: NAME, …}`; also with `torchvision.transforms.` or `torchvision.transforms.v2.` before the
        name. Arguments are torchvision's.
        """);
    BuiltInDescriptions.transforms().forEach(section -> component(text, section));
    text.append(
        """

        ## Filters

        Under `filters` of a device, `KEY: {_target_: NAME, …}`; also with `experanto.filters.common_filters.` or
        `syncline.filters.common_filters.` before the name.
        """);
    BuiltInDescriptions.filters().forEach(section -> component(text, section));
    text.append("\n## The default\n\nWithout a configuration this one is in effect:\n\n```yaml\n");
    text.append(ConfigFile.defaultText().strip()).append("\n```\n");
    return text.toString();
  }

  private static void component(StringBuilder text, ConfigSection section) {
    text.append("\n### `").append(section.path()).append("`\n\n");
    text.append(section.description()).append('\n');
    if (section.keys().isEmpty()) {
      return;
    }
    text.append(
        "\n| argument | value | default | example | meaning |\n| --- | --- | --- | --- | --- |\n");
    for (ConfigKey key : section.keys()) {
      text.append("| `").append(key.name()).append("` | ").append(Reference.value(key));
      text.append(" | ").append(Reference.standard(key));
      text.append(" | ").append(Reference.example(key));
      text.append(" | ").append(Reference.cell(key.description())).append(" |\n");
    }
    for (ConfigKey key : section.keys()) {
      Reference.choices(text, key);
    }
  }
}
