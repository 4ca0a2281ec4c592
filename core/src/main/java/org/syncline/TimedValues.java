/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import org.syncline.array.Tensor;

/**
 * Values of one device at known times: the answer of an interval query.
 *
 * @param times seconds, ascending, one a row of {@code values}
 * @param values first axis: times; memory is managed by the garbage collector and stays valid as
 *     long as the tensor is reachable
 */
public record TimedValues(double[] times, Tensor values) {}
