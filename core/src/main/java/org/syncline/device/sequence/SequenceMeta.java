/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.syncline.config.ModalityConfig;
import org.syncline.config.NormalizationConfig;
import org.syncline.config.Target;
import org.syncline.device.DeviceMeta;
import org.syncline.device.Interpolator;
import org.syncline.device.Problems;
import org.syncline.device.support.Findings;
import org.syncline.device.support.UsualSteps;
import org.syncline.format.Statistics;
import org.syncline.storage.NpyElements;

/**
 * meta.yml of a sequence.
 *
 * @param folder the device's folder
 * @param samplingRate Hz, positive and finite; NaN for an irregular sequence, whose times are in
 *     timestamps.npy
 * @param startTime s, or NaN
 * @param endTime s, or NaN
 * @param timesDeclared see {@link DeviceMeta#timesDeclared()}
 * @param signals number of columns, or -1 where it is not declared (only with data.npy)
 * @param memMapped rows are in data.mem, else in data.npy
 * @param dtype NumPy name or descriptor of data.mem, or null where not declared
 * @param timestamps number of rows, or -1 where not declared (only with data.npy)
 * @param phaseShifted each signal has its shift in meta/phase_shifts.npy
 */
public record SequenceMeta(
    Path folder,
    double samplingRate,
    double startTime,
    double endTime,
    boolean timesDeclared,
    int signals,
    boolean memMapped,
    String dtype,
    long timestamps,
    boolean phaseShifted)
    implements DeviceMeta {
  /** Rate in Hz of an irregular sequence of less than two samples. */
  private static final double FEW_SAMPLES_RATE = 30;

  @Override
  public String modality() {
    return SequenceModality.NAME;
  }

  /**
   * Returns whether rows have their own times in timestamps.npy: a file without {@code
   * sampling_rate}.
   */
  public boolean irregular() {
    return Double.isNaN(samplingRate);
  }

  /** Returns the file of the rows: data.mem or data.npy. */
  public Path dataFile() {
    return folder.resolve(memMapped ? "data.mem" : "data.npy");
  }

  /** Returns timestamps.npy, which need not exist unless the sequence is irregular. */
  public Path timestampsFile() {
    return folder.resolve("timestamps.npy");
  }

  @Override
  public Interpolator open(ModalityConfig config, boolean cache) {
    return SequenceInterpolator.open(this, config, cache);
  }

  @Override
  public void check(Problems problems) {
    new SequenceCheck(problems).check(this);
  }

  /** Returns the stored rate, or of an irregular sequence the mean one, in whole Hz. */
  @Override
  public double defaultRate() {
    if (!irregular()) {
      return samplingRate;
    }
    try (NpyElements times = NpyElements.open(timestampsFile())) {
      int n = (int) Math.min(Integer.MAX_VALUE, times.header().elements());
      double span = n < 2 ? 0 : times.get(n - 1L) - times.get(0);
      if (!(span > 0)) {
        return FEW_SAMPLES_RATE;
      }
      // by the usual step where there is one, for a gap is no slower rate
      double step =
          Double.isInfinite(UsualSteps.leastGap(n, times::get))
              ? span / (n - 1)
              : UsualSteps.usual(n, times::get);
      return Math.max(1, Math.rint(1 / step));
    }
  }

  @Override
  public double leadRank() {
    return defaultRate();
  }

  /**
   * Normalises with the stored statistics where there are usable ones, responses by their deviation
   * alone, and leaves out stretches with NaN.
   */
  @Override
  public ModalityConfig defaults(double rate) {
    ModalityConfig.Builder modality =
        ModalityConfig.builder()
            .filters(
                List.of(
                    Target.of("nan_filter", Map.of("vicinity", 0.05))
                        .at("nan_filter", "default configuration")));
    boolean responses = folder.getFileName().toString().equals("responses");
    if (usable("stds", !responses) && (responses || usable("means", false))) {
      modality.normalization(
          NormalizationConfig.of(
              responses
                  ? NormalizationConfig.Mode.NORMALIZE_VARIANCE_ONLY
                  : NormalizationConfig.Mode.NORMALIZE));
    }
    return modality.build();
  }

  /** Returns whether statistics are there, of the right length, and not zero where they divide. */
  private boolean usable(String name, boolean noZero) {
    if (!Findings.isThere(Statistics.file(folder, name)) || signals == 0) {
      return false;
    }
    double largest = 0;
    double[] values =
        signals > 0
            ? Statistics.read(folder, name, signals)
            : Statistics.read(folder, name)
                .values(); // of undeclared length, compared with the data later
    for (double value : values) {
      if (noZero && value == 0) {
        return false;
      }
      largest = Math.max(largest, Math.abs(value));
    }
    return largest > 0 || !name.equals("stds");
  }
}
