/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import java.util.List;
import java.util.Map;
import org.syncline.array.ElementType;

/**
 * How a reader writes chunks, where it differs from the dataset's configuration.
 *
 * @param types element type by device, for those that shall not have their natural one: FLOAT32,
 *     FLOAT16, BFLOAT16; UINT8 on a screen means pixels before normalisation, rounded,
 *     normalisation left to the consumer
 * @param outKeys entries, or null: the dataset's
 */
public record ReadOptions(Map<String, ElementType> types, List<String> outKeys) {
  /** The dataset's own types and entries. */
  public static final ReadOptions DEFAULT = new ReadOptions(Map.of(), null);

  public ReadOptions {
    types = Map.copyOf(types);
  }
}
