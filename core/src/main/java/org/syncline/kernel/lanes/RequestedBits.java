/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel.lanes;

import org.syncline.error.ConfigException;
import org.syncline.setting.Setting;

/**
 * The vector width that a system property asks for. A class of its own, for it is read before it is
 * known whether the JVM has the Vector API.
 */
public final class RequestedBits {
  private RequestedBits() {}

  /**
   * Returns the width that the property asks for, 0 where it is not set.
   *
   * @throws ConfigException when it is none of 128, 256 and 512
   */
  public static int get() {
    String value = Setting.VECTOR_BITS.text();
    if (value == null) {
      return 0;
    }
    return switch (value) {
      case "128", "256", "512" -> Integer.parseInt(value);
      default -> throw Setting.VECTOR_BITS.wrong("128, 256 or 512");
    };
  }
}
