/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform.builtin;

import java.util.function.Function;
import org.syncline.config.Target;
import org.syncline.config.schema.ConfigKey;
import org.syncline.config.schema.ConfigSection;
import org.syncline.config.schema.Described;
import org.syncline.transform.ScreenTransform;

/** A built-in transform as configurations name it: all there is to know before one is made. */
public abstract class TransformType implements Function<Target, ScreenTransform>, Described {
  private final ConfigSection description;

  /**
   * Describes a transform.
   *
   * @param name torchvision's, without a module
   * @param sentence what it does
   * @param arguments what it takes; nothing else is accepted
   */
  TransformType(String name, String sentence, ConfigKey... arguments) {
    description = new ConfigSection(name, sentence, arguments);
  }

  @Override
  public final ConfigSection description() {
    return description;
  }

  /**
   * {@inheritDoc}
   *
   * @throws org.syncline.error.ConfigException for an unknown or missing argument, or one of the
   *     wrong type or range
   * @throws IllegalArgumentException for arguments that do not go together
   */
  @Override
  public final ScreenTransform apply(Target target) {
    return create(new TransformArguments(target, this));
  }

  /**
   * Creates a transform.
   *
   * @throws org.syncline.error.ConfigException for a missing argument, or one of the wrong type or
   *     range
   * @throws IllegalArgumentException for arguments that do not go together
   */
  abstract ScreenTransform create(TransformArguments arguments);
}
