/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import java.nio.file.Path;
import org.syncline.device.support.DeviceMeta;

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
  @Override
  public String modality() {
    return "sequence";
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
}
