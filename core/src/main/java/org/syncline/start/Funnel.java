/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.start;

import java.util.List;

/**
 * What each step from the sample grid to the valid starts leaves over.
 *
 * @param steps in the order in which they are taken
 * @param advice names in conditions that match nothing, and filters that leave nothing
 */
public record Funnel(List<Step> steps, List<String> advice) {
  /** What a step leaves over, and what decided it. */
  public record Step(String name, long left, String note) {}
}
