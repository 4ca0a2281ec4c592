/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.write;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Objects;
import org.syncline.format.writing.DeviceFiles;

/**
 * Writes spikes, unit by unit; what a unit has is written at once. Safe for use by several threads,
 * one at a time.
 */
public final class SpikesWriter extends DeviceWriter {
  private final FileChannel spikes;
  private long[] offsets = new long[64];
  private int units;
  private double first = Double.POSITIVE_INFINITY;
  private double last = Double.NEGATIVE_INFINITY;
  private double start = Double.NaN;
  private double end = Double.NaN;
  private long[] ids;

  SpikesWriter(RecordingWriter recording, String name, Path folder) throws IOException {
    super(recording, name, folder);
    spikes =
        FileChannel.open(
            folder.resolve("spikes.mem"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /**
   * Adds the next unit.
   *
   * @param seconds times of its spikes, finite, not falling; may be empty. They are not kept
   * @throws IllegalArgumentException for times that are not finite, or fall
   * @throws IllegalStateException after the recording was finished or closed
   * @throws java.io.UncheckedIOException where they cannot be written; the recording is then given
   *     up
   */
  public SpikesWriter unit(double... seconds) {
    synchronized (recording) {
      recording.ensureOpen();
      double before = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < seconds.length; i++) {
        if (!Double.isFinite(seconds[i]) || seconds[i] < before) {
          throw wrong(
              "unit " + units + ", spike " + i,
              Double.isFinite(seconds[i])
                  ? seconds[i] + " s after " + before + " s"
                  : String.valueOf(seconds[i]),
              "finite seconds that do not fall",
              "sort the times of each unit, and leave those out that are not known");
        }
        before = seconds[i];
      }
      write(() -> put(seconds));
      if (seconds.length > 0) {
        first = Math.min(first, seconds[0]);
        last = Math.max(last, before);
      }
      if (units + 2 > offsets.length) {
        offsets = Arrays.copyOf(offsets, 2 * offsets.length);
      }
      units++;
      offsets[units] = offsets[units - 1] + seconds.length;
      return this;
    }
  }

  /**
   * Adds the next unit, whose spikes are numbers of samples: sample k is at {@code k / rate}
   * seconds.
   *
   * @param rate Hz, positive
   * @throws IllegalArgumentException for another rate, and as of {@link #unit(double...)}
   */
  public SpikesWriter unit(long[] samples, double rate) {
    Objects.requireNonNull(samples, "samples is null");
    RecordingWriter.checkRate(name, rate);
    return unit(Arrays.stream(samples).mapToDouble(k -> k / rate).toArray());
  }

  private void put(double[] seconds) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(8 * Math.min(seconds.length, 8192)).order(ByteOrder.nativeOrder());
    for (int i = 0; i < seconds.length; ) {
      bytes.clear();
      while (i < seconds.length && bytes.hasRemaining()) {
        bytes.putDouble(seconds[i++]);
      }
      writeAll(spikes, bytes.flip());
    }
  }

  /**
   * Says when spikes were recorded: between these times no spike is silence, outside nobody knows.
   * Without it the range is from the first spike to the last.
   *
   * @throws IllegalArgumentException where they are not finite, or the end is before the start
   * @throws IllegalStateException after the recording was finished or closed
   */
  public SpikesWriter range(double startSeconds, double endSeconds) {
    synchronized (recording) {
      recording.ensureOpen();
      RecordingWriter.checkRange(name, startSeconds, endSeconds);
      start = startSeconds;
      end = endSeconds;
      return this;
    }
  }

  /**
   * Gives each unit an id.
   *
   * @param each one for each unit; copied
   * @throws IllegalStateException after the recording was finished or closed
   */
  public SpikesWriter unitIds(long... each) {
    synchronized (recording) {
      recording.ensureOpen();
      ids = each.clone();
      return this;
    }
  }

  @Override
  void end() throws IOException {
    if (units == 0) {
      throw wrong("units", "none", "at least one", "add some, or leave the device out");
    }
    if (ids != null && ids.length != units) {
      throw wrong("unit ids", ids.length + " for " + units + " units", "one for each unit", null);
    }
    if (start != start && offsets[units] == 0) {
      throw wrong(
          "range", "no spike, and no range", "one of them", "say when spikes were recorded");
    }
    if (first < start || last > end) {
      throw wrong(
          "range",
          start + " to " + end + " s, with spikes from " + first + " to " + last + " s",
          "a range that holds all spikes",
          "widen it, or leave spikes outside out");
    }
    spikes.close();
    if (ids != null) {
      DeviceFiles.unitIds(folder, ids);
    }
    DeviceFiles.spikes(
        folder,
        Arrays.copyOf(offsets, units + 1),
        start == start ? start : first,
        start == start ? end : last,
        true);
  }

  @Override
  void close() throws IOException {
    spikes.close();
  }
}
