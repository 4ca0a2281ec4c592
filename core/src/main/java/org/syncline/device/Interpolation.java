/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device;

import org.syncline.array.Tensor;

/**
 * Values of one device at the valid ones of the times asked for.
 *
 * @param values first axis: valid times, in the order given; memory is managed by the garbage
 *     collector and stays valid as long as the tensor is reachable
 * @param valid indices of those times in the times asked for
 */
public record Interpolation(Tensor values, int[] valid) {}
