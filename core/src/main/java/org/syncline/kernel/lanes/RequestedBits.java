/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel.lanes;

/**
 * The vector width that a system property asks for. A class of its own, for it is read before it is
 * known whether the JVM has the Vector API.
 */
public final class RequestedBits {
  /** Name of the property that forces a vector width. */
  public static final String PROPERTY = "syncline.vector.bits";

  private RequestedBits() {}

  /**
   * Returns the width that the property asks for, 0 where it is not set.
   *
   * @throws IllegalArgumentException when it is none of 128, 256 and 512
   */
  public static int get() {
    String value = System.getProperty(PROPERTY, "");
    return switch (value) {
      case "" -> 0;
      case "128", "256", "512" -> Integer.parseInt(value);
      default ->
          throw new IllegalArgumentException(PROPERTY + "=" + value + ": expected 128, 256 or 512");
    };
  }
}
