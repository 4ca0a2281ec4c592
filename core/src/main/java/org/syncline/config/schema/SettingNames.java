/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config.schema;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.syncline.setting.Setting;

/** Finds names of properties and environment variables that nobody reads, but nearly. */
public final class SettingNames {
  private static final String PROPERTIES = "syncline.";
  private static final String VARIABLES = "SYNCLINE_";

  /** Variables that are read before there is Java: by the launcher, C and Python. */
  private static final List<String> OF_LAUNCHERS =
      List.of("SYNCLINE_JAVA_HOME", "SYNCLINE_JAVA_OPTIONS", "SYNCLINE_EXTENSIONS");

  private SettingNames() {}

  /** Warns of each that the process was started with. */
  public static void warn() {
    for (Map.Entry<String, String> name :
        misspelt(System.getProperties().stringPropertyNames(), System.getenv().keySet())
            .entrySet()) {
      System.getLogger("org.syncline")
          .log(
              Level.WARNING,
              "%s is set, which nothing reads; did you mean %s?"
                  .formatted(name.getKey(), name.getValue()));
    }
  }

  /** Returns those that are misspelt, each with the name that was meant. */
  static Map<String, String> misspelt(Collection<String> properties, Collection<String> variables) {
    Map<String, String> found = new LinkedHashMap<>();
    compare(properties, properties(), PROPERTIES, found);
    compare(variables, variables(), VARIABLES, found);
    for (String property : properties()) {
      String variable = variable(property);
      if (variables.contains(variable) && !variables().contains(variable)) {
        found.put(
            variable,
            "the property -D"
                + property
                + ", which SYNCLINE_JAVA_OPTIONS gives the command, C and Python");
      }
    }
    for (String property : properties) {
      String variable = variable(property);
      if (property.startsWith(PROPERTIES) && OF_LAUNCHERS.contains(variable)) {
        found.put(property, "the environment variable " + variable);
      }
    }
    return found;
  }

  /** Returns the environment variable that one would expect beside a property. */
  private static String variable(String property) {
    return property.toUpperCase(Locale.ROOT).replace('.', '_');
  }

  private static void compare(
      Collection<String> set, List<String> known, String prefix, Map<String, String> found) {
    List<String> ends = new ArrayList<>();
    for (String name : known) {
      ends.add(name.substring(prefix.length()));
    }
    for (String name : set) {
      if (!name.startsWith(prefix) || known.contains(name)) {
        continue;
      }
      String near = Names.nearest(name.substring(prefix.length()), ends);
      if (near != null) {
        found.put(name, prefix + near);
      }
    }
  }

  /** Returns the names of all properties that users set. */
  static List<String> properties() {
    List<String> all = new ArrayList<>();
    for (Setting setting : Setting.values()) {
      all.add(setting.property());
    }
    return all;
  }

  /** Returns the names of all variables that users set. */
  static List<String> variables() {
    List<String> all = new ArrayList<>(OF_LAUNCHERS);
    for (Setting setting : Setting.values()) {
      if (setting.variable() != null) {
        all.add(setting.variable());
      }
    }
    return all;
  }
}
