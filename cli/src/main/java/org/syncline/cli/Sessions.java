/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
          option + " is " + number(value) + ", expected " + number(least) + " or more");
    }
  }

  /** Returns a number and what it counts. */
  static String count(long n, String what) {
    return count(n, what, what + "s");
  }

  /** Returns a number and what it counts. */
  static String count(long n, String one, String several) {
    return n + " " + (n == 1 ? one : several);
  }

  /** Returns a number in digits, at most six of them behind the point. */
  static String number(double value) {
    return Double.isFinite(value)
        ? new BigDecimal(value)
            .setScale(6, RoundingMode.HALF_EVEN)
            .stripTrailingZeros()
            .toPlainString()
        : Double.toString(value);
  }

  /** Returns the name under which an entry of a chunk is shown and stored. */
  static String name(TensorSpec spec) {
    return spec.timestamps() ? "timestamps." + spec.key() : spec.key();
  }

  /**
   * Returns the recordings that are meant: a folder that is none itself, but has some, stands for
   * those, in the order of their names. Hidden ones are still being written, or what a killed
   * process left.
   */
  static List<Path> recordings(List<Path> paths) {
    List<Path> all = new ArrayList<>();
    for (Path path : paths) {
      List<Path> inside =
          isRecording(path)
              ? List.of()
              : folders(path)
                  .filter(folder -> !folder.getFileName().toString().startsWith("."))
                  .filter(Sessions::isRecording)
                  .toList();
      all.addAll(inside.isEmpty() ? List.of(path) : inside);
    }
    return all;
  }

  private static boolean isRecording(Path path) {
    return folders(path).anyMatch(folder -> Files.isRegularFile(folder.resolve("meta.yml")));
  }

  /** Returns the folders in one; none where it cannot be read, which opening it says. */
  private static Stream<Path> folders(Path path) {
    try (Stream<Path> all = Files.list(path)) {
      return all.filter(Files::isDirectory).sorted().toList().stream();
    } catch (IOException | UncheckedIOException _) {
      return Stream.empty();
    }
  }

  /** Returns a table of the dataset's range and entries. */
  static String describe(ChunkDataset dataset, List<TensorSpec> layout, int batch) {
    return String.format(
            "recording   %s (%s)%n", Printable.value(dataset.dataKey()), dataset.root())
        + String.format(
            "range       %.3f s … %.3f s, %d chunks led by %s%n",
            dataset.startTime(), dataset.endTime(), dataset.length(), dataset.lead())
        + entries(layout, batch);
  }

  /** Returns entries of a chunk as maps. */
  static List<Object> entryMaps(List<TensorSpec> layout) {
    List<Object> all = new ArrayList<>();
    for (TensorSpec spec : layout) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("name", name(spec));
      entry.put("dtype", spec.type().numpyName());
      entry.put("shape", spec.shape());
      all.add(entry);
    }
    return all;
  }

  /** Returns a table of entries of a batch; of one chunk where the batch has none. */
  static String entries(List<TensorSpec> layout, int batch) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("entry", "dtype", batch == 0 ? "shape" : "shape of a batch"));
    for (TensorSpec spec : layout) {
      long[] shape = spec.shape();
      if (batch > 0) {
        shape = new long[spec.rank() + 1];
        shape[0] = batch;
        System.arraycopy(spec.shape(), 0, shape, 1, spec.rank());
      }
      rows.add(
          List.of(Printable.value(name(spec)), spec.type().numpyName(), Arrays.toString(shape)));
    }
    return Output.table(rows);
  }
}
