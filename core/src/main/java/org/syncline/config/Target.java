/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A named component with arguments: what {@code _target_} or {@code __target__} introduces in a
 * configuration.
 *
 * @param key the key it stands under ({@code Resize}, {@code nan_filter}), for messages
 * @param name the full name as written, for instance {@code torchvision.transforms.v2.Resize}
 * @param arguments the other keys: null, Boolean, Long, Double, String, List or Map; {@code
 *     __partial__} is left out
 * @param source where it was read, file name and line, for messages
 */
public record Target(String key, String name, Map<String, Object> arguments, String source) {
  /** Makes the arguments unmodifiable. */
  public Target {
    // values may be null
    arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
  }
}
