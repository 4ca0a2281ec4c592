/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.syncline.config.Target;
import org.syncline.config.schema.ConfigSection;
import org.syncline.error.ConfigException;

/**
 * Creates screen transforms from a configuration by torchvision's names, with any {@code
 * torchvision.transforms.} or {@code torchvision.transforms.v2.} prefix or none. Safe for use by
 * several threads.
 */
public final class ScreenTransforms {
  /** The built-in ones, by name; one more is one line more. */
  private static final TransformType[] BUILT_IN = {
    CenterCrop.TYPE, Grayscale.TYPE, Normalize.TYPE, Resize.TYPE, ToTensor.TYPE,
  };

  private static final String PREFIX = "torchvision.transforms.";

  private ScreenTransforms() {}

  /**
   * Creates the transform that a configuration names.
   *
   * @param target name and arguments
   * @param custom registered factories by name; they go before the built-in ones
   * @throws ConfigException for an unknown name (the message lists the known ones), an unknown
   *     argument, or an argument of the wrong type or range
   */
  public static ScreenTransform create(Target target, Map<String, ScreenTransformFactory> custom) {
    ScreenTransformFactory factory = custom.get(target.name());
    if (factory != null) {
      ScreenTransform made = factory.create(target);
      if (made == null) {
        throw TransformArguments.error(
            target,
            "_target_",
            "the factory of '" + target.name() + "' returned null, expected a transform");
      }
      return made;
    }
    String name = target.name();
    if (name.startsWith(PREFIX)) {
      name = name.substring(name.lastIndexOf('.') + 1);
    }
    for (TransformType type : BUILT_IN) {
      if (type.name().equals(name)) {
        try {
          return type.create(new TransformArguments(target, type));
        } catch (IllegalArgumentException e) {
          throw TransformArguments.error(target, name, e.getMessage());
        }
      }
    }
    throw TransformArguments.error(
        target,
        "_target_",
        "no screen transform is called '"
            + target.name()
            + "'; known are "
            + String.join(", ", names(custom)));
  }

  /**
   * Returns the names of all transforms in alphabetical order: the built-in ones without a prefix,
   * and the registered ones.
   */
  public static Set<String> names(Map<String, ScreenTransformFactory> custom) {
    Set<String> names = new TreeSet<>(custom.keySet());
    for (TransformType type : BUILT_IN) {
      names.add(type.name());
    }
    return names;
  }

  /** Returns what the built-in transforms do and take: a section each, whose path is the name. */
  static List<ConfigSection> descriptions() {
    List<ConfigSection> sections = new ArrayList<>();
    for (TransformType type : BUILT_IN) {
      sections.add(type.description());
    }
    return sections;
  }
}
