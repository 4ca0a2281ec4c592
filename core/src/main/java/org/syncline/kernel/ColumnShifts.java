/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;

/**
 * When the columns of regularly sampled rows were sampled: row {@code i} of column j at {@code
 * start + i*dt + shifts[j]}.
 *
 * @param start seconds of the first row
 * @param dt seconds from row to row
 * @param shifts float64 seconds, one per column
 */
public record ColumnShifts(double start, double dt, MemorySegment shifts) {}
