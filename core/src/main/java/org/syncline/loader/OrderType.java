/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

/**
 * A kind of order. To add one: a class that extends {@link Order} with a type of its own, and a
 * constant of {@link Cycle} that names the type and says what users get.
 */
interface OrderType {
  /** Returns the name in states, which never changes. */
  String name();

  /** Makes the order of a loader. */
  Order create(Input input);

  /**
   * Reads what {@link OrderState#write} of this kind of order wrote.
   *
   * @param json the whole state
   * @param recordings how many the state has
   * @param epoch the state's
   * @throws org.syncline.error.ConfigException naming the key that is wrong
   */
  default OrderState read(StateTree json, int recordings, long epoch) {
    return OrderState.NONE;
  }

  /**
   * What an order is made of.
   *
   * @param lengths chunks of each session
   * @param seed the loader's
   * @param sessionSeeds a seed for each session that follows from it and the session's name
   * @param weights how often sessions come, or null: as often as they have batches
   * @param share which part of each session the loader hands out, or null: sessions are whole
   * @param trailApart numbers drawn from one kept generator to the next
   */
  record Input(
      int[] lengths,
      int batchSize,
      boolean dropLast,
      boolean shuffle,
      long seed,
      long[] sessionSeeds,
      Weights weights,
      Share share,
      long trailApart) {}
}
