/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.dataset;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.syncline.array.ElementType;
import org.syncline.config.ModalityConfig;
import org.syncline.config.NormalizationConfig;
import org.syncline.config.NormalizationConfig.Mode;
import org.syncline.device.Columns;
import org.syncline.device.Interpolator;
import org.syncline.device.Layout;
import org.syncline.device.Problems;
import org.syncline.device.StoredRows;
import org.syncline.device.support.Answers;
import org.syncline.device.support.FileChecks;
import org.syncline.device.support.Findings;
import org.syncline.device.support.LostSteps;
import org.syncline.device.support.StatisticsFit;
import org.syncline.device.support.StoredZeros;
import org.syncline.error.ConfigException;
import org.syncline.error.RecordingException;
import org.syncline.format.Statistics;
import org.syncline.storage.Npy;
import org.syncline.sum.PairwiseSum;
import org.syncline.transform.Normalization;

/**
 * Finds the statistics that a device is normalised with: from files, from the configuration, or
 * computed from the data.
 */
public final class Normalizations {
  /** Share of the mean below which stored deviations of responses are raised. */
  private static final double RESPONSES_FLOOR = 0.01;

  private final String device;
  private final Path folder;
  private final NormalizationConfig config;
  private final boolean screen;
  private final int width;
  private final ElementType type;

  private Normalizations(
      String device,
      Path folder,
      NormalizationConfig config,
      boolean screen,
      int width,
      ElementType type) {
    this.device = device;
    this.folder = folder;
    this.config = config;
    this.screen = screen;
    this.width = width;
    this.type = type;
  }

  /**
   * Returns the statistics of a device, or null for none.
   *
   * @param width channels of frames after the transforms, (selected) columns of every other device
   * @param type element type in which the arithmetic happens
   */
  public static Normalization of(
      String device,
      Path folder,
      ModalityConfig modality,
      Interpolator interpolator,
      int width,
      ElementType type) {
    NormalizationConfig config = modality.normalization();
    if (config == null) {
      return null;
    }
    boolean screen = interpolator.layout() == Layout.FRAMES;
    Normalizations n = new Normalizations(device, folder, config, screen, width, type);
    Normalization found = n.find(interpolator);
    n.checkStds(found.stds());
    n.checkWhole(interpolator);
    if (!screen && !n.isComputed() && !modality.interpolation().normalize()) {
      n.checkFit(interpolator, found);
    }
    return found;
  }

  private Normalization find(Interpolator interpolator) {
    Mode mode = config.mode();
    return switch (mode) {
      case NORMALIZE ->
          new Normalization(stored("means", interpolator), stored("stds", interpolator));
      case NORMALIZE_VARIANCE_ONLY -> new Normalization(null, stored("stds", interpolator));
      case SCREEN_DEFAULT -> ofPixels();
      case MAP -> given(interpolator);
      case RECOMPUTE_RESPONSES -> new Normalization(null, recomputed(interpolator).stds());
      case RECOMPUTE_BEHAVIOR -> recomputed(interpolator);
    };
  }

  private Normalization ofPixels() {
    if (!screen) {
      Findings.warn(
          folder,
          "transforms.normalization",
          "screen_default, a mean of 80 and a deviation of 60",
          "statistics of " + device,
          "they are those of pixels of 0 to 255: choose normalize, or give means and stds");
    }
    return new Normalization(new double[] {80}, new double[] {60});
  }

  private double[] stored(String name, Interpolator interpolator) {
    if (screen) {
      return ofScreen(name);
    }
    Columns columns = columns(interpolator);
    double[] values = finite(name, Statistics.read(folder, name, columns.stored()));
    if (name.equals("stds") && device.equals("responses")) {
      Path file = Statistics.file(folder, name);
      long low = Arrays.stream(values).filter(std -> std < 0).count();
      if (low > 0) {
        Findings.warn(
            file,
            "standard deviation of " + device,
            low + " of " + values.length + " are negative",
            "positive numbers",
            "they are raised to a hundredth of the mean of all; leave those columns out with columns,"
                + " or compute them anew");
      }
      raise(values, Npy.header(file).dtype().type());
    }
    return columns.select(values);
  }

  /** Warns, as a validation does, of stored statistics that make values of their columns NaN. */
  private double[] finite(String name, double[] values) {
    Problems zeros = new Problems();
    StoredZeros.ofStatistics(folder, name, values, zeros);
    Findings.say(zeros);
    for (int j = 0; j < values.length; j++) {
      if (!Double.isFinite(values[j])) {
        Findings.warn(
            Statistics.file(folder, name),
            "values",
            "NaN or infinite at " + j,
            "finite numbers",
            "normalised values become NaN or 0");
        break;
      }
    }
    return values;
  }

  private double[] ofScreen(String name) {
    Path file = Statistics.file(folder, name);
    Npy.Doubles array = Statistics.read(folder, name);
    int n = array.values().length;
    boolean flat =
        array.shape().length <= 1
            || array.shape().length == 2 && Arrays.stream(array.shape()).anyMatch(s -> s == 1);
    if (!flat || n != 1 && n != width) {
      throw RecordingException.of(
          file,
          "shape",
          Arrays.toString(array.shape()),
          "one value" + (width == 1 ? "" : ", or one for each of the " + width + " channels"),
          "statistics of a screen are per channel, never per pixel or column");
    }
    return finite(name, array.values());
  }

  /**
   * Returns means or deviations of the configuration: one value, or one for each column that is
   * read, or one for each that is stored.
   */
  private double[] given(String name, double[] values, Interpolator interpolator) {
    if (values.length == 1) {
      return values.clone();
    }
    Columns columns = columns(interpolator);
    boolean perStored = !screen && values.length == columns.stored();
    if (perStored && values.length != width) {
      return columns.select(values);
    }
    if (values.length == width) {
      if (perStored && !Arrays.equals(columns.select(values), values)) {
        Findings.warn(
            folder,
            "transforms.normalization." + name,
            "as many values as columns are stored, and as columns are chosen in another order",
            "values in the order of columns",
            "they are taken in the order of columns, not in that of the file");
      }
      return values.clone();
    }
    throw wrong(
        name,
        "has "
            + values.length
            + " values, expected 1 or "
            + width
            + ", one for each "
            + (screen ? "channel" : "signal" + (columns.isAll() ? "" : " of columns"))
            + (screen || columns.isAll()
                ? ""
                : ", or " + columns.stored() + ", one for each that is stored"));
  }

  /** Refuses means of the columns that are read beside deviations of those stored, or reverse. */
  private Normalization given(Interpolator interpolator) {
    double[] means = config.means();
    double[] stds = config.stds();
    usable("means", means, 0);
    usable("stds", stds, Float.MIN_NORMAL);
    if (means != null
        && stds != null
        && means.length > 1
        && stds.length > 1
        && means.length != stds.length) {
      throw wrong(
          "stds",
          "has "
              + stds.length
              + " values and means "
              + means.length
              + ", expected as many of both");
    }
    return new Normalization(
        means == null ? stored("means", interpolator) : given("means", means, interpolator),
        stds == null ? stored("stds", interpolator) : given("stds", stds, interpolator));
  }

  /**
   * Refuses numbers that make every value NaN, infinite or zero; zeros are refused by column later.
   */
  private void usable(String name, double[] values, double least) {
    for (int j = 0; values != null && j < values.length; j++) {
      double value = values[j];
      if (!Double.isFinite(value) || value != 0 && Math.abs(value) < least) {
        throw wrong(
            name,
            "has "
                + value
                + " at "
                + j
                + ", expected "
                + (least > 0 ? "a finite number that can be divided by" : "a finite number"));
      }
    }
  }

  private ConfigException wrong(String name, String message) {
    return new ConfigException(
        "configuration",
        0,
        "modality_config." + device + ".transforms.normalization." + name,
        message);
  }

  private Columns columns(Interpolator interpolator) {
    return interpolator.columns().orElseGet(() -> Columns.all(width, "columns"));
  }

  private Normalization recomputed(Interpolator interpolator) {
    Normalization computed = computed(interpolator);
    List<Integer> odd = new ArrayList<>();
    for (int j = 0; j < computed.stds().length; j++) {
      boolean mean = computed.means() == null || Double.isFinite(computed.means()[j]);
      if (!mean || !Double.isFinite(computed.stds()[j])) {
        odd.add(j);
      }
    }
    if (!odd.isEmpty()) {
      Findings.warn(
          folder,
          "transforms.normalization",
          "computed statistics that are NaN or infinite, of columns " + FileChecks.some(odd),
          "finite numbers",
          "all values of these columns become NaN: they are NaN throughout, or one is infinite; leave"
              + " them out with columns, or correct the data");
    }
    return computed;
  }

  private Normalization computed(Interpolator interpolator) {
    return Answers.optional(interpolator.computeStatistics(), interpolator, "computeStatistics")
        .orElseThrow(
            () ->
                new ConfigException(
                    "configuration",
                    0,
                    "modality_config." + device + ".transforms.normalization",
                    "is "
                        + config.mode().name().toLowerCase(Locale.ROOT)
                        + ", which computes statistics of stored samples, as a sequence can; "
                        + device
                        + " cannot"));
  }

  /**
   * Raises stds strictly below 0.01 of their mean to that, in the file's own precision as NumPy
   * does.
   */
  public static void raise(double[] stds, ElementType stored) {
    boolean floats = stored == ElementType.FLOAT32 || stored == ElementType.FLOAT16;
    double mean = floats ? PairwiseSum.nanMeanOfFloats(stds) : PairwiseSum.nanMean(stds);
    double floor = floats ? (float) RESPONSES_FLOOR * (float) mean : RESPONSES_FLOOR * mean;
    for (int i = 0; i < stds.length; i++) {
      if (stds[i] < floor) {
        stds[i] = floor;
      }
    }
  }

  private void checkStds(double[] stds) {
    StringJoiner zeros = new StringJoiner(", ");
    int n = 0;
    for (int j = 0; j < stds.length; j++) {
      if (type == ElementType.FLOAT64 ? stds[j] == 0 : (float) stds[j] == 0) {
        if (n++ < 20) {
          zeros.add(Integer.toString(j));
        }
      }
    }
    warnOfOdd(stds);
    if (n > 0) {
      String where =
          (screen ? "channel" : "column")
              + (n == 1 ? " " : "s ")
              + zeros
              + (n > 20 ? " and " + (n - 20) + " more" : "");
      throw RecordingException.of(
          areStored() ? Statistics.file(folder, "stds") : folder,
          "standard deviation of " + device,
          "0 in " + where,
          "a value that can be divided by",
          "leave those columns out with columns, give stds in transforms.normalization, or use no normalization");
    }
  }

  /** Warns of whole numbers of which the float32 that they become shows no course. */
  private void checkWhole(Interpolator interpolator) {
    if (!type.isFloating() && type.bytes() >= ElementType.FLOAT32.bytes()) {
      StoredRows rows = interpolator.storedRows().orElse(null);
      if (rows != null) {
        LostSteps.say(
            rows,
            ElementType.FLOAT32,
            folder,
            "transforms.normalization",
            "they are normalised in float32: store them as float64, or less their first value");
      }
    }
  }

  /** Warns of statistics that are those of other data. */
  private void checkFit(Interpolator interpolator, Normalization found) {
    StoredRows rows = interpolator.storedRows().orElse(null);
    if (rows == null || rows.columns() != width) {
      return;
    }
    StatisticsFit.say(
        rows,
        found.means(),
        found.stds(),
        columns(interpolator)::column,
        areStored() ? Statistics.file(folder, "stds") : folder);
  }

  private boolean isComputed() {
    return config.mode() == Mode.RECOMPUTE_BEHAVIOR || config.mode() == Mode.RECOMPUTE_RESPONSES;
  }

  /** Returns whether deviations are those of a file, which is then to blame for them. */
  private boolean areStored() {
    return config.stds() == null && !isComputed();
  }

  private void warnOfOdd(double[] stds) {
    long negative = Arrays.stream(stds).filter(std -> std < 0).count();
    if (negative > 0) {
      Findings.warn(
          areStored() ? Statistics.file(folder, "stds") : folder,
          "standard deviation of " + device,
          negative + " below 0",
          "positive numbers",
          "values normalised with them change their sign");
    }
  }
}
