/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import org.syncline.config.InterpolationConfig;
import org.syncline.config.ModalityConfig;
import org.syncline.config.Target;
import org.syncline.device.intervals.TimeIntervalInterpolator;
import org.syncline.device.intervals.TimeIntervalMeta;
import org.syncline.device.screen.ScreenInterpolator;
import org.syncline.device.screen.ScreenMeta;
import org.syncline.device.sequence.SequenceInterpolator;
import org.syncline.device.sequence.SequenceMeta;
import org.syncline.device.spikes.SpikeInterpolator;
import org.syncline.device.spikes.SpikesMeta;
import org.syncline.device.support.DeviceMeta;
import org.syncline.error.ConfigException;

/** Opens devices by what their meta.yml says they are. */
public final class Interpolators {
  private Interpolators() {}

  /**
   * Opens a device.
   *
   * @param folder the device's folder
   * @param config how it is read; {@code interpolation.target} names one of the custom
   *     interpolators
   * @param cache whether data is read into memory once
   * @param custom registered interpolators by the name that {@code _target_} gives
   * @throws org.syncline.error.RecordingException where a file is missing or wrong
   * @throws ConfigException where an option is wrong or a custom interpolator is not known
   */
  public static Interpolator open(
      Path folder, ModalityConfig config, boolean cache, Map<String, InterpolatorFactory> custom) {
    InterpolationConfig options = config.interpolation();
    if (options != null && options.target() != null) {
      return openCustom(folder, options.target(), custom);
    }
    return switch (DeviceMeta.read(folder)) {
      case SequenceMeta meta -> SequenceInterpolator.open(meta, config, cache);
      case ScreenMeta _ ->
          ScreenInterpolator.open(
              folder, options == null ? InterpolationConfig.DEFAULT : options, cache);
      case TimeIntervalMeta _ -> TimeIntervalInterpolator.open(folder, config, cache);
      case SpikesMeta _ -> SpikeInterpolator.open(folder, config, cache);
    };
  }

  private static Interpolator openCustom(
      Path folder, Target target, Map<String, InterpolatorFactory> custom) {
    InterpolatorFactory factory = custom.get(target.name());
    if (factory == null) {
      throw new ConfigException(
          target.source() == null ? "configuration" : target.source(),
          0,
          "modality_config." + folder.getFileName() + ".interpolation._target_",
          "no interpolator is registered as '"
              + target.name()
              + "'; "
              + (custom.isEmpty()
                  ? "none is"
                  : "registered are " + String.join(", ", new TreeSet<>(custom.keySet()))));
    }
    Interpolator opened = factory.open(folder, target.arguments());
    if (opened == null) {
      throw new ConfigException(
          target.source() == null ? "configuration" : target.source(),
          0,
          "modality_config." + folder.getFileName() + ".interpolation._target_",
          "the factory of '" + target.name() + "' returned null, expected an interpolator");
    }
    return opened;
  }
}
