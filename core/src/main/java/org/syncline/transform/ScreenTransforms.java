/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform;

import java.util.Map;
import org.syncline.config.Target;

/**
 * The built-in screen transforms, and their creation from a configuration by torchvision's names, with any {@code
 * torchvision.transforms.} or {@code torchvision.transforms.v2.} prefix or none.
 */
public final class ScreenTransforms {
  private ScreenTransforms() {}

  /**
   * Creates the transform that a configuration names.
   *
   * @param target name and arguments
   * @param custom registered factories by name; they go before the built-in ones
   * @throws org.syncline.error.ConfigException for an unknown name (the message lists the known ones), an unknown
   *     argument, or an argument of the wrong type or range
   */
  public static ScreenTransform create(Target target, Map<String, ScreenTransformFactory> custom) {
    throw new UnsupportedOperationException();
  }
}
