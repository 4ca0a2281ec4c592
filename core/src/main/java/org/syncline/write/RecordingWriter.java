/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.write;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.syncline.Validator;
import org.syncline.device.Problem;
import org.syncline.device.Problems;
import org.syncline.document.Documents;
import org.syncline.error.RecordingException;
import org.syncline.file.WriteFaults;
import org.syncline.format.writing.DeviceFiles;
import org.syncline.format.writing.DeviceNames;
import org.syncline.format.writing.PendingRecording;
import org.syncline.text.Printable;

/**
 * Writes a recording: sequences, screens, spikes and labelled intervals, in blocks as they come.
 *
 * <pre>{@code
 * try (RecordingWriter writer = RecordingWriter.create(Path.of("recording"))) {
 *   SequenceWriter responses = writer.sequence("responses", 8.0, 0.0);
 *   for (float[] block : blocks) {
 *     responses.append(block, 2000);
 *   }
 *   writer.finish();
 * }
 * }</pre>
 *
 * <p>It is written under a hidden name beside its place, checked as {@link Validator} does, given a
 * list of checksums ({@code SHA256SUMS}), and gets its own name in {@link #finish}: a recording
 * that can be seen is whole. Closed without it, or interrupted, it leaves nothing. Times are
 * seconds, with one origin for all devices.
 *
 * <p>Safe for use by several threads, one at a time, as are the writers of devices.
 */
public final class RecordingWriter implements AutoCloseable {
  private final Path recording;
  private final PendingRecording pending;
  private final Map<String, DeviceWriter> devices = new LinkedHashMap<>();
  private final Map<String, Object> meta = new LinkedHashMap<>();
  private boolean open = true;
  private Throwable failure;

  private RecordingWriter(Path recording, PendingRecording pending) {
    this.recording = recording;
    this.pending = pending;
    meta.put("data_key", recording.toAbsolutePath().getFileName().toString());
  }

  /**
   * Begins a recording in a new folder; those above it are made where they are missing.
   *
   * @throws RecordingException where there is something already
   * @throws UncheckedIOException where the folder cannot be made
   */
  public static RecordingWriter create(Path recording) {
    return create(recording, false);
  }

  /**
   * Begins a recording.
   *
   * @param replace whether a recording that is there already is replaced, as a whole and only when
   *     the new one is finished
   * @throws RecordingException where there is something already that is not to be replaced, or is
   *     no recording
   * @throws UncheckedIOException where the folder cannot be made
   */
  public static RecordingWriter create(Path recording, boolean replace) {
    Path normal = recording.normalize();
    if (normal.toAbsolutePath().getFileName() == null || normal.endsWith("..")) {
      throw RecordingException.of(recording, null, "no name", "the name of a folder", null);
    }
    try {
      if (replace && Files.exists(normal) && !isRecording(normal)) {
        throw RecordingException.of(
            recording,
            null,
            "something that is no recording",
            "a recording, which has devices with meta.yml, to replace",
            "choose another place, or delete it yourself");
      }
      return new RecordingWriter(normal, PendingRecording.begin(normal, "writing", replace));
    } catch (IOException e) {
      throw WriteFaults.of(recording, e);
    }
  }

  private static boolean isRecording(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> all = entries.toList();
      return all.isEmpty()
          || all.stream().anyMatch(entry -> Files.isRegularFile(entry.resolve("meta.yml")));
    }
  }

  /**
   * Begins a sequence of constant rate.
   *
   * @param device name of its folder: letters, digits, and . - _ inside
   * @param rate Hz, positive
   * @param start seconds of the first row
   * @throws IllegalArgumentException for another name, one that is taken, or another rate or start
   * @throws IllegalStateException after the recording was finished or closed
   * @throws UncheckedIOException where it cannot be written; the recording is then given up
   */
  public synchronized SequenceWriter sequence(String device, double rate, double start) {
    Objects.requireNonNull(device, "device is null");
    checkRate(device, rate);
    if (!Double.isFinite(start)) {
      throw DeviceWriter.wrong(device, "start", String.valueOf(start), "finite seconds", null);
    }
    return begin(device, folder -> new SequenceWriter(this, device, folder, rate, start));
  }

  /**
   * Begins a sequence whose rows have times of their own.
   *
   * @param device name of its folder: letters, digits, and . - _ inside
   * @throws IllegalArgumentException for another name, or one that is taken
   * @throws IllegalStateException after the recording was finished or closed
   * @throws UncheckedIOException where it cannot be written; the recording is then given up
   */
  public synchronized SequenceWriter irregular(String device) {
    Objects.requireNonNull(device, "device is null");
    return begin(device, folder -> new SequenceWriter(this, device, folder, Double.NaN, 0));
  }

  /**
   * Begins a screen; names and errors as of {@link #irregular}.
   *
   * @param device name of its folder, by convention {@code screen}
   */
  public synchronized ScreenWriter screen(String device) {
    Objects.requireNonNull(device, "device is null");
    return begin(device, folder -> new ScreenWriter(this, device, folder));
  }

  /** Begins spikes; names and errors as of {@link #irregular}. */
  public synchronized SpikesWriter spikes(String device) {
    Objects.requireNonNull(device, "device is null");
    return begin(device, folder -> new SpikesWriter(this, device, folder));
  }

  /**
   * Writes labelled intervals, over the range from the first start to the last end.
   *
   * @param device name of its folder: letters, digits, and . - _ inside
   * @param labels rows {start, end} in seconds of each label, finite, half-open
   * @throws IllegalArgumentException for another name, rows that are no intervals, and none at all
   * @throws IllegalStateException after the recording was finished or closed
   * @throws UncheckedIOException where it cannot be written; the recording is then given up
   */
  public synchronized RecordingWriter intervals(String device, Map<String, double[][]> labels) {
    Objects.requireNonNull(device, "device is null");
    checkRows(device, labels);
    double first = Double.POSITIVE_INFINITY;
    double last = Double.NEGATIVE_INFINITY;
    for (double[][] rows : labels.values()) {
      for (double[] row : rows) {
        first = Math.min(first, row[0]);
        last = Math.max(last, row[1]);
      }
    }
    if (first == Double.POSITIVE_INFINITY) {
      throw DeviceWriter.wrong(
          device,
          "labels",
          "no interval",
          "at least one, or a range",
          "say the range, or leave it out");
    }
    return intervals(device, labels, first, last);
  }

  /**
   * Same as {@link #intervals(String, Map)} over a range that may be wider: in it, outside of all
   * intervals, a label is known not to hold.
   */
  public synchronized RecordingWriter intervals(
      String device, Map<String, double[][]> labels, double start, double end) {
    Objects.requireNonNull(device, "device is null");
    checkRows(device, labels);
    Map<String, List<double[]>> copies = new LinkedHashMap<>();
    labels.forEach((label, rows) -> copies.put(label, List.of(rows)));
    if (copies.isEmpty()) {
      throw DeviceWriter.wrong(device, "labels", "none", "at least one", null);
    }
    checkRange(device, start, end);
    copies.forEach(
        (label, rows) -> {
          for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i)[1] < start || rows.get(i)[0] > end) {
              throw DeviceWriter.wrong(
                  device,
                  "label '" + label + "', row " + i,
                  Arrays.toString(rows.get(i)),
                  "an interval in the range, " + start + " to " + end,
                  "widen it, or leave intervals outside out");
            }
          }
        });
    begin(
        device,
        folder -> {
          DeviceFiles.intervals(folder, copies, start, end);
          return new Done(this, device, folder);
        });
    return this;
  }

  private static void checkRows(String device, Map<String, double[][]> labels) {
    for (Map.Entry<String, double[][]> label : labels.entrySet()) {
      if (label.getKey().isEmpty()) {
        throw DeviceWriter.wrong(device, "labels", "an empty name", "a name", null);
      }
      double[][] rows = label.getValue();
      for (int i = 0; i < rows.length; i++) {
        boolean plain =
            rows[i].length == 2
                && Double.isFinite(rows[i][0])
                && Double.isFinite(rows[i][1])
                && rows[i][0] <= rows[i][1];
        if (!plain) {
          throw DeviceWriter.wrong(
              device,
              "label '" + label.getKey() + "', row " + i,
              Arrays.toString(rows[i]),
              "[start, end] in finite seconds, the end not before the start",
              null);
        }
      }
    }
  }

  /** A device that is written already. */
  private static final class Done extends DeviceWriter {
    Done(RecordingWriter recording, String name, Path folder) {
      super(recording, name, folder);
    }

    @Override
    void end() {
      // nothing is left to write
    }

    @Override
    void close() {
      // nor to close
    }
  }

  /**
   * Adds to meta.json, which says {@code data_key}, the name of the recording (by default its
   * folder's), and whatever else.
   *
   * @param values plain values by name
   * @throws IllegalArgumentException for values that JSON does not have, and a data key that is no
   *     text
   * @throws IllegalStateException after the recording was finished or closed
   */
  public synchronized RecordingWriter meta(Map<String, ?> values) {
    Objects.requireNonNull(values, "values is null");
    ensureOpen();
    if (values.containsKey("data_key")
        && !(values.get("data_key") instanceof String key && !key.isEmpty())) {
      throw DeviceWriter.wrong(
          null,
          "data_key",
          "".equals(values.get("data_key")) ? "''" : String.valueOf(values.get("data_key")),
          "a text that is not empty",
          null);
    }
    values.forEach((k, v) -> new Done(this, "meta.json", recording).checkPlain(k, v));
    meta.putAll(values);
    return this;
  }

  private interface Beginning<T extends DeviceWriter> {
    T in(Path folder) throws IOException;
  }

  private <T extends DeviceWriter> T begin(String device, Beginning<T> beginning) {
    ensureOpen();
    if (!DeviceNames.safe(device).equals(device)) {
      throw DeviceWriter.wrong(
          null,
          "the name of a device",
          "'" + device + "'" + (DeviceNames.isFile(device) ? ", a file of every recording" : ""),
          "letters, digits, and . - _ inside",
          "for instance '" + DeviceNames.safe(device) + "'");
    }
    for (String taken : devices.keySet()) {
      // some file systems do not tell capitals
      if (taken.toLowerCase(Locale.ROOT).equals(device.toLowerCase(Locale.ROOT))) {
        throw DeviceWriter.wrong(
            null, "the name of a device", "'" + device + "', which is taken", "a new one", null);
      }
    }
    Path folder = pending.folder().resolve(device);
    List<T> begun = new ArrayList<>();
    write(
        folder,
        () -> {
          Files.createDirectory(folder);
          begun.add(beginning.in(folder));
        });
    devices.put(device, begun.getFirst());
    return begun.getFirst();
  }

  /** Writes, and gives the recording up where that fails. */
  void write(Path folder, DeviceWriter.Writing writing) {
    try {
      writing.run();
    } catch (IOException e) {
      failure = e;
      throw WriteFaults.of(recording.resolve(folder.getFileName()), e);
    } catch (UncheckedIOException e) {
      failure = e;
      throw e;
    }
  }

  /**
   * Refuses what comes too late.
   *
   * @throws IllegalStateException after the recording was finished, closed or given up
   */
  void ensureOpen() {
    if (failure != null) {
      throw new IllegalStateException(
          recording + ": found a recording given up after an error, expected a new one", failure);
    }
    if (!open) {
      throw new IllegalStateException(
          recording + ": found a recording that is finished or closed, expected an open one");
    }
  }

  static void checkRate(String device, double rate) {
    if (!(rate > 0) || Double.isInfinite(rate)) {
      throw DeviceWriter.wrong(
          device, "rate", String.valueOf(rate), "a positive number of Hz", null);
    }
  }

  static void checkRange(String device, double start, double end) {
    if (!Double.isFinite(start) || !Double.isFinite(end) || end < start) {
      throw DeviceWriter.wrong(
          device,
          "range",
          start + " to " + end,
          "finite seconds, the end not before the start",
          null);
    }
  }

  /**
   * Writes what is left, checks the whole and gives it its name. The writer is closed then, also
   * where this fails, which leaves nothing.
   *
   * @return what is odd, without being wrong; a signal that is constant is among it, which the
   *     default configuration may not be able to normalise
   * @throws IllegalArgumentException where a device got nothing
   * @throws RecordingException where validation finds errors, and where something has come into the
   *     place meanwhile
   * @throws IllegalStateException after the recording was finished or closed, and where an error
   *     came before
   * @throws UncheckedIOException where it cannot be written
   */
  public synchronized List<Problem> finish() {
    ensureOpen();
    try {
      if (devices.isEmpty()) {
        throw DeviceWriter.wrong(null, "devices", "none", "at least one", null);
      }
      for (DeviceWriter device : devices.values()) {
        device.write(device::end);
        device.write(device::close);
      }
      write(
          pending.folder(),
          () ->
              Files.writeString(
                  pending.folder().resolve("meta.json"), Documents.toPrettyJson(meta) + "\n"));
      List<Problem> warnings = check();
      write(pending.folder(), pending::place);
      open = false;
      return warnings;
    } finally {
      close();
    }
  }

  private List<Problem> check() {
    Problems warnings = new Problems();
    List<Problem> errors = new ArrayList<>();
    for (Problem problem : Validator.withoutChecksums(pending.folder())) {
      if ("dtype".equals(problem.key())) {
        // a guess by the values, whose type is known here
        continue;
      }
      // a signal may be constant: its deviation of 0 is right, though nothing can be divided by it
      boolean wrong = !problem.file().endsWith("meta/stds.npy");
      if (problem.severity() == Problem.Severity.ERROR && wrong) {
        errors.add(problem);
      } else {
        warnings.warning(
            inPlace(problem.file()),
            problem.key(),
            inPlace(problem.found()),
            inPlace(problem.expected()),
            problem.advice());
      }
    }
    if (errors.isEmpty()) {
      return warnings.list();
    }
    Problem first = errors.getFirst();
    String more = errors.size() == 1 ? null : errors.size() - 1 + " more errors follow";
    String advice =
        first.advice() == null ? more : first.advice() + (more == null ? "" : "; " + more);
    throw RecordingException.of(
        inPlace(first.file()), first.key(), inPlace(first.found()), first.expected(), advice);
  }

  private Path inPlace(Path file) {
    return file.startsWith(pending.folder())
        ? recording.resolve(pending.folder().relativize(file).toString())
        : file;
  }

  private String inPlace(String text) {
    return text == null
        ? null
        : text.replace(pending.folder().toString(), Objects.toString(recording));
  }

  /** Deletes what was written, unless it was finished. Any number of times. */
  @Override
  public synchronized void close() {
    if (!open && failure == null) {
      return;
    }
    boolean discard = open;
    open = false;
    IOException last = null;
    for (DeviceWriter device : devices.values()) {
      try {
        device.close();
      } catch (IOException e) {
        last = e;
      }
    }
    if (discard) {
      try {
        pending.discard();
      } catch (IOException e) {
        last = e;
      }
    }
    if (last != null) {
      throw new UncheckedIOException(
          "cannot delete " + pending.folder() + ": " + last.getMessage(), last);
    }
  }

  @Override
  public synchronized String toString() {
    return "RecordingWriter("
        + Printable.message(recording + ": " + String.join(", ", devices.keySet()))
        + (open ? ")" : ", closed)");
  }
}
