/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.example.events;

import org.syncline.Registry;
import org.syncline.RegistryProvider;

/** Registers the modality; found by ServiceLoader where the jar is on the class or module path. */
public final class EventsProvider implements RegistryProvider {
  @Override
  public void register(Registry.Builder registry) {
    registry.modality(new EventsModality());
  }
}
