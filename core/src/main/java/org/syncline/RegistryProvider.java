/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

/**
 * Adds modalities, custom interpolators, filters and transforms to {@link Registry#services()};
 * found through ServiceLoader.
 */
public interface RegistryProvider {
  /** Registers this provider's components. */
  void register(Registry.Builder registry);
}
