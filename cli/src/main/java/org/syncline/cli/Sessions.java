/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.syncline.ChunkDataset;
import org.syncline.DefaultConfigs;
import org.syncline.array.TensorSpec;
import org.syncline.config.DatasetConfig;
import org.syncline.text.Printable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What the commands share: choosing a configuration and describing a dataset. */
final class Sessions {
  private Sessions() {}

  /**
   * Returns the configuration in the file, or, for null, one made for the devices that the
   * recording has.
   */
  static DatasetConfig config(Path recording, Path file) {
    return file == null ? DefaultConfigs.forRecording(recording) : DatasetConfig.read(file);
  }

  /**
   * Checks a number given on the command line.
   *
   * @throws ParameterException where it is less than the least allowed, or no number
   */
  static void atLeast(CommandSpec spec, String option, double value, double least) {
    if (!(value >= least) || Double.isInfinite(value)) {
      throw new ParameterException(
          spec.commandLine(),
          option + " is " + plain(value) + ", expected " + plain(least) + " or more");
    }
  }

  private static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  /** Returns a number and what it counts. */
  static String count(long n, String what) {
    return n + " " + what + (n == 1 ? "" : "s");
  }

  /** Returns a table of the dataset's range and entries. */
  static String describe(ChunkDataset dataset, List<TensorSpec> layout, int batch) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format("recording   %s (%s)%n", Printable.value(dataset.dataKey()), dataset.root()));
    text.append(
        String.format(
            "range       %.3f s … %.3f s, %d chunks led by %s%n",
            dataset.startTime(), dataset.endTime(), dataset.length(), dataset.lead()));
    text.append(String.format("%-28s %-9s %s%n", "entry", "dtype", "shape of a batch"));
    for (TensorSpec spec : layout) {
      long[] shape = new long[spec.rank() + 1];
      shape[0] = batch;
      System.arraycopy(spec.shape(), 0, shape, 1, spec.rank());
      text.append(
          String.format(
              "%-28s %-9s %s%n",
              spec.timestamps() ? "timestamps." + spec.key() : spec.key(),
              spec.type().numpyName(),
              Arrays.toString(shape)));
    }
    return text.toString();
  }
}
