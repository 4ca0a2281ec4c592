/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.stats;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.syncline.error.RecordingException;
import org.syncline.format.Statistics;
import org.syncline.storage.Npy;

/** Joins statistics of several recordings, whose devices must have the same signals. */
final class Pooling {
  private static final String APART =
      "leave the recordings apart, or the device out (devices, of the command --device)";

  private Pooling() {}

  /** See {@link RecordingStatistics#pool}. */
  static Map<String, DeviceStatistics> join(
      Map<Path, Map<String, DeviceStatistics>> recordings, Consumer<String> warnings) {
    refuseTwice(recordings.keySet());
    Map<String, List<Path>> byDevice = new LinkedHashMap<>();
    recordings.forEach(
        (recording, found) ->
            found
                .keySet()
                .forEach(
                    device ->
                        byDevice
                            .computeIfAbsent(device, none -> new ArrayList<>())
                            .add(recording)));
    Map<String, DeviceStatistics> results = new LinkedHashMap<>();
    byDevice.forEach(
        (device, in) -> {
          if (in.size() < recordings.size()) {
            warnings.accept(
                "%s: only %d of %d recordings have it: %s"
                    .formatted(
                        device,
                        in.size(),
                        recordings.size(),
                        String.join(", ", in.stream().map(Path::toString).toList())));
          }
          checkSame(device, in, recordings);
          results.put(
              device,
              DeviceStatistics.join(
                  in.stream().map(path -> recordings.get(path).get(device)).toList()));
        });
    return results;
  }

  /** Refuses a recording that comes twice, by whatever name: its samples would count twice. */
  static void refuseTwice(Iterable<Path> recordings) {
    Map<Path, Path> seen = new HashMap<>();
    for (Path path : recordings) {
      Path before = seen.put(real(path), path);
      if (before != null) {
        throw RecordingException.of(
            path,
            null,
            before.equals(path) ? "a recording that stands there twice" : "the same as " + before,
            "each recording once",
            null);
      }
    }
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path; // opening it says what is wrong
    }
  }

  private static void checkSame(
      String device, List<Path> in, Map<Path, Map<String, DeviceStatistics>> recordings) {
    Path first = in.getFirst();
    DeviceStatistics one = recordings.get(first).get(device);
    long[] ids = unitIds(first.resolve(device));
    for (Path other : in) {
      DeviceStatistics another = recordings.get(other).get(device);
      long[] found = unitIds(other.resolve(device));
      boolean sized =
          one.unit().equals(another.unit()) && Arrays.equals(one.shape(), another.shape());
      if (sized && Arrays.equals(ids, found)) {
        continue;
      }
      int at = sized && ids != null && found != null ? Arrays.mismatch(ids, found) : -1;
      throw RecordingException.of(
          other.resolve(device),
          "signals",
          describe(another, found, at),
          describe(one, ids, at) + ", as in " + first,
          APART);
    }
  }

  /** Returns the ids of a device's signals, or null where they have none. */
  private static long[] unitIds(Path device) {
    Path file = Statistics.file(device, "unit_ids");
    return Files.exists(file) ? Npy.readLongs(file) : null;
  }

  private static String describe(DeviceStatistics found, long[] ids, int at) {
    String text = found.unit() + "s " + Arrays.toString(found.shape());
    if (at >= 0) {
      return text + (at < ids.length ? " whose id " + at + " is " + ids[at] : " and fewer ids");
    }
    return text + (ids == null ? " without ids" : " with ids");
  }
}
