/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.write.plan;

import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.write.RecordingWriter;
import org.syncline.write.ScreenWriter;
import org.syncline.write.SequenceWriter;
import org.syncline.write.SpikesWriter;

/**
 * A device of a recording that is being written, described by maps of plain values, as C and Python
 * describe it. As safe for use by several threads as its writer.
 */
public final class PlannedDevice {
  private static final List<String> KINDS = List.of("image", "video", "blank", "file");

  private final String name;
  private final Object writer;

  private PlannedDevice(String name, Object writer) {
    this.name = name;
    this.writer = writer;
  }

  /**
   * Begins a device.
   *
   * @param options {@code modality}, and of a {@code sequence} {@code rate} (without it rows have
   *     times), {@code start}, {@code phase_shifts}, {@code unit_ids}, {@code statistics}; of a
   *     {@code screen} {@code frame_rate}, {@code statistics}; of {@code spikes} {@code start},
   *     {@code end}, {@code unit_ids}; of a {@code time_interval} {@code labels}, {@code start},
   *     {@code end}
   * @throws IllegalArgumentException for options that there are not, or values that they cannot
   *     have
   */
  public static PlannedDevice begin(
      RecordingWriter recording, String name, Map<String, Object> options) {
    Taken taken = new Taken(name, options);
    Object modality = taken.take("modality");
    Object writer =
        switch (modality instanceof String text ? text : "") {
          case "sequence" -> sequence(recording, name, taken);
          case "screen" -> screen(recording, name, taken);
          case "spikes" -> spikes(recording, name, taken);
          case "time_interval" -> intervals(recording, name, taken);
          default ->
              throw taken.wrong("modality", modality, "sequence, screen, spikes or time_interval");
        };
    return new PlannedDevice(name, writer);
  }

  private static SequenceWriter sequence(RecordingWriter recording, String name, Taken taken) {
    Double rate = taken.number("rate");
    Double start = taken.number("start");
    double[] shifts = taken.numbers("phase_shifts");
    long[] ids = taken.wholes("unit_ids");
    boolean statistics = taken.flag("statistics", true);
    taken.end("modality", "rate", "start", "phase_shifts", "unit_ids", "statistics");
    if (rate == null && start != null) {
      throw taken.wrong("start", start, "none, as the sequence has no rate: its rows have times");
    }
    SequenceWriter writer =
        rate == null
            ? recording.irregular(name)
            : recording.sequence(name, rate, start == null ? 0 : start);
    if (shifts != null) {
      writer.phaseShifts(shifts);
    }
    if (ids != null) {
      writer.unitIds(ids);
    }
    return writer.statistics(statistics);
  }

  private static ScreenWriter screen(RecordingWriter recording, String name, Taken taken) {
    Double rate = taken.number("frame_rate");
    boolean statistics = taken.flag("statistics", false);
    taken.end("modality", "frame_rate", "statistics");
    ScreenWriter writer = recording.screen(name).statistics(statistics);
    return rate == null ? writer : writer.frameRate(rate);
  }

  private static SpikesWriter spikes(RecordingWriter recording, String name, Taken taken) {
    double[] range = taken.range();
    long[] ids = taken.wholes("unit_ids");
    taken.end("modality", "start", "end", "unit_ids");
    SpikesWriter writer = recording.spikes(name);
    if (range != null) {
      writer.range(range[0], range[1]);
    }
    return ids == null ? writer : writer.unitIds(ids);
  }

  private static RecordingWriter intervals(RecordingWriter recording, String name, Taken taken) {
    Object labels = taken.take("labels");
    double[] range = taken.range();
    taken.end("modality", "labels", "start", "end");
    if (!(labels instanceof Map<?, ?> map)) {
      throw taken.wrong("labels", labels, "a map of lists of [start, end]");
    }
    Map<String, double[][]> all = new LinkedHashMap<>();
    for (Map.Entry<?, ?> label : map.entrySet()) {
      List<double[]> rows = new ArrayList<>();
      if (!(label.getValue() instanceof List<?> list)) {
        throw taken.wrong("labels", label.getValue(), "a list of [start, end] for each");
      }
      for (Object row : list) {
        rows.add(taken.numbers("labels", row));
      }
      all.put(String.valueOf(label.getKey()), rows.toArray(double[][]::new));
    }
    return range == null
        ? recording.intervals(name, all)
        : recording.intervals(name, all, range[0], range[1]);
  }

  /**
   * Appends to the device: rows to a sequence; a trial to a screen; a unit to spikes.
   *
   * @param values rows, pixels, or int64 sample numbers of spikes; null where there are none
   * @param times of rows, frames or spikes, in seconds; null where there are none
   * @param options of a screen {@code kind} (image, video, blank, file), {@code value} of a blank,
   *     {@code file}, and {@code metadata}; of spikes {@code rate} of sample numbers
   * @throws IllegalArgumentException for what does not fit the device
   */
  public void append(Tensor values, double[] times, Map<String, Object> options) {
    Taken taken = new Taken(name, options);
    switch (writer) {
      case SequenceWriter sequence -> {
        taken.end();
        if (values == null) {
          throw taken.wrong("values", null, "rows");
        }
        if (times == null) {
          sequence.append(values);
        } else {
          sequence.append(values, times);
        }
      }
      case ScreenWriter screen -> trial(screen, values, times, taken);
      case SpikesWriter spikes -> unit(spikes, values, times, taken);
      default ->
          throw new IllegalArgumentException(
              name + ": found more to append, expected labels alone, all at the beginning");
    }
  }

  private static void trial(ScreenWriter screen, Tensor values, double[] times, Taken taken) {
    Object kind = taken.take("kind");
    Double value = taken.number("value");
    Object file = taken.take("file");
    Map<String, Object> metadata = taken.map("metadata");
    taken.end("kind", "value", "file", "metadata");
    String text = kind instanceof String s ? s : "";
    if (!KINDS.contains(text)) {
      throw taken.wrong("kind", kind, String.join(", ", KINDS));
    }
    if (value != null && !text.equals("blank")) {
      throw taken.wrong("value", value, "none, as it is that of a blank's pixels");
    }
    if (file != null && !text.equals("file")) {
      throw taken.wrong("file", file, "none beside kind '" + text + "'");
    }
    boolean one = text.equals("image") || text.equals("blank");
    if (times == null || one && times.length != 1) {
      throw taken.wrong(
          "times",
          times == null ? null : times.length + " times",
          one ? "one time" : "a time for each frame");
    }
    boolean pixels = text.equals("image") || text.equals("video");
    if (pixels != (values != null)) {
      throw taken.wrong("values", values, pixels ? "pixels" : "none");
    }
    switch (text) {
      case "image" -> screen.image(values, times[0], metadata);
      case "video" -> screen.video(values, times, metadata);
      case "blank" -> screen.blank(value == null ? Double.NaN : value, times[0], metadata);
      case "file" -> {
        if (!(file instanceof String path)) {
          throw taken.wrong("file", file, "a path");
        }
        screen.file(Path.of(path), times, metadata);
      }
      default -> throw new AssertionError(text);
    }
  }

  private static void unit(SpikesWriter spikes, Tensor values, double[] times, Taken taken) {
    Double rate = taken.number("rate");
    taken.end("rate");
    if ((values == null) == (times == null)) {
      throw taken.wrong(
          "times",
          values == null ? null : "both times and sample numbers",
          "times in seconds, or sample numbers with their rate");
    }
    if (values == null) {
      if (rate != null) {
        throw taken.wrong("rate", rate, "none for times in seconds");
      }
      spikes.unit(times);
      return;
    }
    if (values.type() != ElementType.INT64 || values.rank() != 1) {
      throw taken.wrong("values", values, "int64 sample numbers (n)");
    }
    if (rate == null) {
      throw taken.wrong("rate", null, "the rate of the sample numbers in Hz");
    }
    spikes.unit(values.data().toArray(ValueLayout.JAVA_LONG_UNALIGNED), rate);
  }

  /** Options that are taken one by one. */
  private static final class Taken {
    private final String device;
    private final Map<String, Object> left;

    Taken(String device, Map<String, Object> options) {
      this.device = device;
      left = new LinkedHashMap<>(options);
    }

    Object take(String key) {
      return left.remove(key);
    }

    Double number(String key) {
      return switch (take(key)) {
        case null -> null;
        case Number n -> exact(key, n);
        case Object other -> throw wrong(key, quoted(other), "a number");
      };
    }

    boolean flag(String key, boolean otherwise) {
      return switch (take(key)) {
        case null -> otherwise;
        case Boolean b -> b;
        case Object other -> throw wrong(key, quoted(other), "true or false");
      };
    }

    Map<String, Object> map(String key) {
      Map<String, Object> plain = new LinkedHashMap<>();
      switch (take(key)) {
        case null -> {}
        case Map<?, ?> map -> map.forEach((k, v) -> plain.put(String.valueOf(k), v));
        case Object other -> throw wrong(key, quoted(other), "a map");
      }
      return plain;
    }

    private static Object quoted(Object found) {
      return found instanceof String text ? "'" + text + "'" : found;
    }

    double[] numbers(String key) {
      Object value = take(key);
      return value == null ? null : numbers(key, value);
    }

    double[] numbers(String key, Object value) {
      if (!(value instanceof List<?> list)
          || !list.stream().allMatch(item -> item instanceof Number)) {
        throw wrong(key, quoted(value), "a list of numbers");
      }
      return list.stream().mapToDouble(item -> exact(key, (Number) item)).toArray();
    }

    private double exact(String key, Number number) {
      double value = number.doubleValue();
      boolean whole = number instanceof Long || number instanceof BigInteger;
      if (whole && new BigDecimal(number.toString()).compareTo(new BigDecimal(value)) != 0) {
        throw wrong(key, number, "whole numbers of at most 2^53, which float64 has exactly");
      }
      return value;
    }

    long[] wholes(String key) {
      Object value = take(key);
      if (value == null) {
        return null;
      }
      if (!(value instanceof List<?> list)
          || !list.stream().allMatch(item -> item instanceof Long || item instanceof Integer)) {
        throw wrong(key, quoted(value), "a list of whole numbers");
      }
      return list.stream().mapToLong(item -> ((Number) item).longValue()).toArray();
    }

    /** Returns start and end, or null where neither is there. */
    double[] range() {
      Double start = number("start");
      Double end = number("end");
      if ((start == null) != (end == null)) {
        throw wrong("start, end", start == null ? end : start, "both, or neither");
      }
      return start == null ? null : new double[] {start, end};
    }

    void end(String... known) {
      if (!left.isEmpty()) {
        throw wrong(
            "options",
            "'" + left.keySet().iterator().next() + "'",
            known.length == 0 ? "none" : "some of " + new TreeSet<>(List.of(known)));
      }
    }

    IllegalArgumentException wrong(String key, Object found, String expected) {
      return new IllegalArgumentException(
          device
              + ": "
              + key
              + ": found "
              + (found == null ? "nothing" : found)
              + ", expected "
              + expected);
    }
  }
}
