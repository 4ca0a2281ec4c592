/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.syncline.array.ElementType;
import org.syncline.array.PairwiseSum;
import org.syncline.config.ModalityConfig;
import org.syncline.config.NormalizationConfig;
import org.syncline.config.NormalizationConfig.Mode;
import org.syncline.device.Interpolator;
import org.syncline.device.sequence.SequenceInterpolator;
import org.syncline.device.sequence.SequenceMeta;
import org.syncline.device.support.DeviceMeta;
import org.syncline.error.ConfigException;
import org.syncline.error.RecordingException;
import org.syncline.format.DiskCache;
import org.syncline.format.Statistics;
import org.syncline.storage.Npy;
import org.syncline.transform.Normalization;

/**
 * Finds the statistics that a device is normalised with: from files, from the configuration, or
 * computed from the data.
 */
final class Normalizations {
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
   * @param screen whether statistics are one value or one a channel, else one a signal
   * @param width channels of a screen after its transforms, (selected) signals of every other
   *     device
   * @param type element type in which the arithmetic happens
   * @param cache where recomputed statistics are kept
   */
  static Normalization of(
      String device,
      Path folder,
      ModalityConfig modality,
      Interpolator interpolator,
      boolean screen,
      int width,
      ElementType type,
      DiskCache cache) {
    NormalizationConfig config = modality.normalization();
    if (config == null) {
      return null;
    }
    Normalizations n = new Normalizations(device, folder, config, screen, width, type);
    Normalization found = n.find(interpolator, cache);
    n.checkStds(found.stds());
    return found;
  }

  private Normalization find(Interpolator interpolator, DiskCache cache) {
    Mode mode = config.mode();
    return switch (mode) {
      case NORMALIZE ->
          new Normalization(stored("means", interpolator), stored("stds", interpolator));
      case NORMALIZE_VARIANCE_ONLY -> new Normalization(null, stored("stds", interpolator));
      case SCREEN_DEFAULT -> new Normalization(new double[] {80}, new double[] {60});
      case MAP ->
          new Normalization(
              config.means() == null
                  ? stored("means", interpolator)
                  : given("means", config.means(), interpolator),
              config.stds() == null
                  ? stored("stds", interpolator)
                  : given("stds", config.stds(), interpolator));
      case RECOMPUTE_RESPONSES -> new Normalization(null, recomputed(interpolator, cache).stds());
      case RECOMPUTE_BEHAVIOR -> recomputed(interpolator, cache);
    };
  }

  private double[] stored(String name, Interpolator interpolator) {
    if (screen) {
      return ofScreen(name);
    }
    int signals = storedSignals(interpolator);
    double[] values = Statistics.read(folder, name, signals);
    if (name.equals("stds") && device.equals("responses")) {
      raise(values, Npy.header(Statistics.file(folder, name)).dtype().type());
    }
    return interpolator instanceof SequenceInterpolator sequence ? sequence.select(values) : values;
  }

  private double[] ofScreen(String name) {
    Path file = Statistics.file(folder, name);
    Npy.Doubles array = Npy.readDoubles(file);
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
    return array.values();
  }

  private double[] given(String name, double[] values, Interpolator interpolator) {
    if (values.length == 1 || values.length == width) {
      return values.clone();
    }
    if (interpolator instanceof SequenceInterpolator sequence
        && values.length == storedSignals(interpolator)) {
      return sequence.select(values);
    }
    throw new ConfigException(
        "configuration",
        0,
        "modality_config." + device + ".transforms.normalization." + name,
        "has "
            + values.length
            + " values, expected 1 or "
            + width
            + ", one for each "
            + (screen ? "channel" : "signal"));
  }

  private int storedSignals(Interpolator interpolator) {
    if (interpolator instanceof SequenceInterpolator sequence) {
      return sequence.storedSignals();
    }
    return width;
  }

  private Normalization recomputed(Interpolator interpolator, DiskCache cache) {
    if (!(interpolator instanceof SequenceInterpolator sequence)) {
      throw new ConfigException(
          "configuration",
          0,
          "modality_config." + device + ".transforms.normalization",
          "is "
              + config.mode().name().toLowerCase(Locale.ROOT)
              + ", which computes statistics of a sequence's signals, but "
              + device
              + " is no sequence");
    }
    SequenceMeta meta = DeviceMeta.read(folder) instanceof SequenceMeta m ? m : null;
    // whole columns are what is kept: a selection has other ones
    boolean whole = meta != null && sequence.storedSignals() == sequence.signals();
    List<Path> files =
        meta == null ? List.of() : List.of(folder.resolve("meta.yml"), meta.dataFile());
    String namespace = "signal-statistics-1-" + sequence.storedType().numpyName();
    String identity = whole ? cache.identity(namespace, files) : null;
    int n = sequence.signals();
    ByteBuffer kept = identity == null ? null : cache.get(identity, namespace, files);
    if (kept != null && kept.remaining() == 2 * n * Double.BYTES) {
      double[] means = new double[n];
      double[] stds = new double[n];
      kept.asDoubleBuffer().get(means).get(stds);
      // a selection of as many columns in another order has the same width, so the kept values are
      // the stored order's
      return new Normalization(sequence.select(means), sequence.select(stds));
    }
    Normalization computed = sequence.statistics();
    if (identity != null && Arrays.equals(sequence.select(indices(n)), indices(n))) {
      ByteBuffer content = ByteBuffer.allocate(2 * n * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      content.asDoubleBuffer().put(computed.means()).put(computed.stds());
      cache.put(identity, namespace, files, content);
    }
    return computed;
  }

  private static double[] indices(int n) {
    double[] indices = new double[n];
    for (int i = 0; i < n; i++) {
      indices[i] = i;
    }
    return indices;
  }

  /**
   * Raises stds strictly below 0.01 of their mean to that, in the file's own precision as NumPy
   * does.
   */
  static void raise(double[] stds, ElementType stored) {
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
    if (n > 0) {
      String where =
          (screen ? "channel" : "column")
              + (n == 1 ? " " : "s ")
              + zeros
              + (n > 20 ? " and " + (n - 20) + " more" : "");
      // the file is to blame only where the values are from it
      boolean stored =
          config.stds() == null
              && config.mode() != Mode.RECOMPUTE_BEHAVIOR
              && config.mode() != Mode.RECOMPUTE_RESPONSES;
      throw RecordingException.of(
          stored ? Statistics.file(folder, "stds") : folder,
          "standard deviation of " + device,
          "0 in " + where,
          "a value that can be divided by",
          "leave those columns out with columns, give stds in transforms.normalization, or use no normalization");
    }
  }
}
