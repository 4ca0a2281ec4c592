/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.syncline.array.ElementType;
import org.syncline.config.NanPolicy;
import org.syncline.transform.Normalization;
import org.syncline.transform.ScreenTransform;

/**
 * What happens to a device's values between interpolation and chunk, in this order: screen
 * transforms, normalisation, NaN policy, conversion.
 *
 * @param transforms screen transforms in order; empty for every other kind
 * @param normalization statistics, or null for none
 * @param nans what becomes of NaN
 * @param type element type written, or null for the natural one: as stored, float64 where values
 *     are blended, float32 for screens and normalised integers
 */
public record Finish(
    List<ScreenTransform> transforms,
    @Nullable Normalization normalization,
    NanPolicy nans,
    @Nullable ElementType type) {
  /** Values as the interpolator gives them. */
  public static final Finish NONE = new Finish(List.of(), null, NanPolicy.KEEP, null);

  /** Copies the list of transforms; a null list or NaN policy is an error. */
  public Finish {
    transforms = List.copyOf(Objects.requireNonNull(transforms, "transforms is null"));
    Objects.requireNonNull(nans, "nans is null");
  }
}
