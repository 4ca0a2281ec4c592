/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

/**
 * How a {@link SessionLoader} mixes its recordings. In the examples recording r0 has two batches
 * and r1 three.
 */
public enum Cycle {
  /**
   * The original's concatenated loader: an epoch has as many rounds as the largest recording has
   * batches; each round shuffles the list of recordings and takes one batch from each that still
   * has one. Every batch comes once an epoch.
   */
  CONCATENATED(
      "concat",
      ConcatenatedOrder.TYPE,
      "Rounds: each takes one batch of every recording that has one left, in an order drawn anew; every batch comes once an epoch."),
  /**
   * Shorter recordings start again: r0b0 r1b0 r0b1 r1b1 r0b0 r1b2; recordings × longest batches.
   */
  LONG(
      "long",
      CycledOrder.LONG,
      "Round robin, as long as the longest recording: shorter ones start again."),
  /** Round robin, as long as the shortest: r0b0 r1b0 r0b1 r1b1; recordings × shortest batches. */
  SHORT("short", CycledOrder.SHORT, "Round robin, as long as the shortest recording."),
  /** Each recording whole, one after the other: r0b0 r0b1 r1b0 r1b1 r1b2. */
  EXHAUSTING("exhaust", CycledOrder.EXHAUSTING, "Each recording whole, one after the other.");

  private final String text;
  private final OrderType type;
  private final String description;

  Cycle(String text, OrderType type, String description) {
    this.text = text;
    this.type = type;
    this.description = description;
  }

  /** Returns the kind of order that does this. */
  OrderType type() {
    return type;
  }

  /** Returns the kind of order that states call so, or null. */
  static OrderType typeNamed(String name) {
    for (Cycle cycle : values()) {
      if (cycle.type.name().equals(name)) {
        return cycle.type;
      }
    }
    return null;
  }

  /** Returns the name by which C and Python know it. */
  public String text() {
    return text;
  }

  /** Returns one sentence on what it means. */
  public String description() {
    return description;
  }
}
