/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config;

import java.util.List;
import java.util.Map;

/**
 * How one device is read.
 *
 * @param samplingRate Hz, or null: the global one
 * @param chunkSize samples a chunk, or null: the global one
 * @param offset seconds added to the chunk's start
 * @param sampleStride every how many valid starts one is taken (read from the lead device)
 * @param validCondition OR over maps, AND inside a map, on trial metadata; null: every trial;
 *     values are null, Boolean, Long, Double, String or List
 * @param includeBlanks adds {@code {tier: blank}} to the conditions
 * @param normalization see {@link NormalizationConfig}; null for none
 * @param transforms screen transforms in the configuration's order
 * @param interpolation interpolator options
 * @param filters filters whose valid intervals are intersected
 * @param nans what becomes of NaN in the finished chunk: {@code keep} (default), {@code mean},
 *     {@code zero}, {@code fail} or a number
 * @param columns selected signals by index, in the order given, or null: all
 * @param unitIds selected signals by the ids of meta/unit_ids.npy, or null; not together with
 *     {@code columns}
 */
public record ModalityConfig(
    Double samplingRate,
    Integer chunkSize,
    double offset,
    int sampleStride,
    List<Map<String, Object>> validCondition,
    boolean includeBlanks,
    NormalizationConfig normalization,
    List<Target> transforms,
    InterpolationConfig interpolation,
    List<Target> filters,
    Object nans,
    int[] columns,
    long[] unitIds) {}
