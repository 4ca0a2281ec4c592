/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.dataset;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.syncline.array.ElementType;
import org.syncline.clock.ChunkClock;
import org.syncline.clock.DoubleList;
import org.syncline.clock.SampleGrid;
import org.syncline.config.DatasetConfig;
import org.syncline.config.ModalityConfig;
import org.syncline.config.NanPolicy;
import org.syncline.config.Target;
import org.syncline.device.Finish;
import org.syncline.device.Interpolator;
import org.syncline.device.Layout;
import org.syncline.device.Sampler;
import org.syncline.device.support.Finishing;
import org.syncline.device.support.LostSteps;
import org.syncline.device.support.NanRule;
import org.syncline.error.ConfigException;
import org.syncline.transform.Normalization;
import org.syncline.transform.ScreenTransform;

/**
 * A device of a dataset, as it is fixed at opening: when it is sampled and what becomes of its
 * values.
 *
 * @param means what is subtracted, off the heap; null for nothing
 * @param stds what values are divided by, off the heap; null for a device that is not normalised
 */
public record DatasetDevice(
    String name,
    Path folder,
    Interpolator interpolator,
    ModalityConfig config,
    ChunkClock clock,
    List<ScreenTransform> transforms,
    DoubleList means,
    DoubleList stds,
    NanPolicy nans) {
  /**
   * Fixes a device that is sampled along a grid.
   *
   * @param transformer makes the screen transforms that the configuration names
   * @throws ConfigException for transforms of a device that has no frames
   */
  public static DatasetDevice of(
      String name,
      Path folder,
      Interpolator interpolator,
      DatasetConfig config,
      DatasetSettings settings,
      SampleGrid grid,
      Function<Target, ScreenTransform> transformer) {
    ModalityConfig modality = config.modalities().get(name);
    int count = settings.chunkSizes().get(name);
    double rate = settings.samplingRates().get(name);
    ChunkClock clock =
        grid instanceof SampleGrid.Exact exact
            ? exactClock(name, interpolator, modality, settings, exact)
            : ChunkClock.rounded(
                name, count, rate, modality.offset(), config.interpolatePrecision());
    boolean screen = interpolator.layout() == Layout.FRAMES;
    List<ScreenTransform> transforms = new ArrayList<>();
    if (!screen && !modality.transforms().isEmpty()) {
      Target first = modality.transforms().getFirst();
      throw new ConfigException(
          first.source(),
          0,
          "modality_config." + name + ".transforms." + first.key(),
          "is a transform of frames, but "
              + folder
              + " has "
              + interpolator.layout().name().toLowerCase(Locale.ROOT)
              + ": expected its normalization alone; remove the transform, or give it to a screen");
    }
    if (screen) {
      for (Target target : modality.transforms()) {
        transforms.add(transformer.apply(target));
      }
    }
    SpikeWindows.check(folder, modality, count, rate);
    NanPolicy nans = nanPolicy(modality, config);
    Normalization normalization = null;
    if (modality.normalization() != null) {
      Sampler plain =
          Finishing.sampler(
              interpolator, new Finish(transforms, null, NanPolicy.KEEP, null), folder);
      long[] shape = plain.shape(1);
      int width = Math.toIntExact(screen ? shape[0] : shape[1]);
      normalization = Normalizations.of(name, folder, modality, interpolator, width, plain.type());
    }
    return new DatasetDevice(
        name,
        folder,
        interpolator,
        modality,
        clock,
        List.copyOf(transforms),
        normalization == null || normalization.means() == null
            ? null
            : DoubleList.listed(normalization.means()),
        normalization == null ? null : DoubleList.listed(normalization.stds()),
        nans);
  }

  private static ChunkClock exactClock(
      String name,
      Interpolator interpolator,
      ModalityConfig modality,
      DatasetSettings settings,
      SampleGrid.Exact grid) {
    return ChunkClock.exact(
        grid,
        settings.chunkSizes().get(name),
        settings.exactRate(name),
        modality.offset(),
        interpolator.startTime(),
        interpolator.isOnGrid() ? interpolator.storedRate() : Double.NaN,
        interpolator.validInterval().end());
  }

  /**
   * Returns the clock that the device has along an exact grid, whichever it has.
   *
   * @throws ConfigException where its rate is no ratio of whole numbers
   */
  public ChunkClock exactClock(DatasetSettings settings, SampleGrid.Exact grid) {
    return exactClock(name, interpolator, config, settings, grid);
  }

  private static NanPolicy nanPolicy(ModalityConfig modality, DatasetConfig config) {
    // KEEP is also what a device without a policy has: then the dataset's replace_nans_with_means
    // decides
    return modality.nans().equals(NanPolicy.KEEP) && config.replaceNansWithMeans()
        ? NanPolicy.MEAN
        : modality.nans();
  }

  /** Returns the statistics as arrays, or null for none. */
  public Normalization normalization() {
    return stds == null
        ? null
        : new Normalization(means == null ? null : means.toArray(), stds.toArray());
  }

  /** Returns whether the device has frames. */
  public boolean isScreen() {
    return interpolator.layout() == Layout.FRAMES;
  }

  /** Returns the times in seconds at which the chunk that starts at a time is sampled. */
  public double[] times(double start) {
    double[] times = new double[clock.count()];
    clock.times(start, times);
    clock.snap(times);
    return times;
  }

  /**
   * Returns whether the device is a screen whose pixels lose nothing as UINT8: {@code (x - mean) /
   * std} of them in float32 is what it writes as its natural type, bit for bit. May look at every
   * file of the device the first time.
   */
  public boolean isStoredAsBytes() {
    return isScreen()
        && transforms.stream().allMatch(ScreenTransform::keepsPixelRange)
        && !NanRule.possible(false, normalization())
        && sampler(ElementType.UINT8).writesStoredBytes();
  }

  /** Warns where a type that is asked for shows no course of signals that are given as stored. */
  public void checkSteps(ElementType type) {
    if (type == null
        || !type.isFloating()
        || type == ElementType.FLOAT64
        || normalization() != null
        || !transforms.isEmpty()
        || config.interpolation().normalize()) {
      return;
    }
    interpolator
        .storedRows()
        .ifPresent(
            rows ->
                LostSteps.say(
                    rows, type, folder, "types", "choose a wider type, or normalise them"));
  }

  /** Returns what reads the device's finished values, as another type than its own where asked. */
  public Sampler sampler(ElementType type) {
    // uint8 means pixels as shown: the consumer normalises
    Normalization normalization = type == ElementType.UINT8 && isScreen() ? null : normalization();
    return Finishing.sampler(
        interpolator, new Finish(transforms, normalization, nans, type), folder);
  }
}
