/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.syncline.error.RecordingException;

/**
 * A kind of device: what the {@code modality} of its {@code meta.yml} names. The built-in ones
 * (sequence, screen, time_interval, spikes) are registered through this interface like every other:
 * {@code Registry.Builder.modality}. Implementations are immutable and safe for use by several
 * threads.
 */
public interface Modality {
  /** Returns the name that {@code meta.yml} gives as {@code modality}. */
  String name();

  /**
   * Reads what {@code meta.yml} says of a device. Data files are left alone.
   *
   * @throws RecordingException for a key that is missing or wrong: {@link MetaFile#error}
   */
  DeviceMeta read(MetaFile file);

  /**
   * Returns a harmless value for each key that {@link #read} may refuse (null, Boolean, Number,
   * String, List or Map), so that a validation can report the key, read on with that value and find
   * what else is wrong. A refused key that has none is read as missing.
   */
  default Map<String, @Nullable Object> placeholders() {
    return Map.of();
  }
}
