/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform;

/**
 * Statistics that values are normalised with: {@code (x - mean) / std} in the tensor's own dtype,
 * the statistics converted to that dtype first.
 *
 * @param means one value, or one per column (sequences) or per channel (screen); null when nothing
 *     is subtracted
 * @param stds likewise, never null
 */
public record Normalization(double[] means, double[] stds) {}
