/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform;

import org.syncline.config.Target;

/** Makes a custom screen transform that a configuration names. */
@FunctionalInterface
public interface ScreenTransformFactory {
  /** Creates the transform from its name and arguments. */
  ScreenTransform create(Target target);
}
