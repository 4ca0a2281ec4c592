/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.util.Map;

/**
 * What an order needs of a state beyond seed, epoch and batch; immutable. An order that draws every
 * epoch from the seed alone needs nothing.
 */
interface OrderState {
  /** Nothing. */
  OrderState NONE = json -> {};

  /** Adds the order's own keys to the JSON of a state. */
  void write(Map<String, Object> json);

  /**
   * Refuses an epoch of a state that this does not lead to.
   *
   * @throws org.syncline.error.ConfigException naming the key
   */
  default void check(long epoch) {}
}
