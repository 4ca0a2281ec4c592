/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.syncline.array.Tensor;
import org.syncline.device.Problem;
import org.syncline.document.Documents;
import org.syncline.error.RecordingException;
import org.syncline.storage.Dtype;
import org.syncline.write.RecordingWriter;
import org.syncline.write.plan.PlannedDevice;

/** Functions that write recordings. */
final class Writers {
  /**
   * Most axes of what comes at once: those of a video, and room for what is then refused by name.
   */
  private static final int MAX_AXES = 8;

  /** Most bytes of what comes at once. */
  private static final long MAX_BYTES = 1L << 41;

  private Writers() {}

  private static final class Open extends Handles.Resource {
    final Path path;
    final RecordingWriter writer;
    final Map<String, PlannedDevice> devices = new ConcurrentHashMap<>();

    Open(Path path, RecordingWriter writer) {
      this.path = path;
      this.writer = writer;
    }

    @Override
    String what() {
      return "the recording " + path + ", which is being written,";
    }

    @Override
    void close() {
      writer.close();
    }
  }

  /** Something of a writer that may be finished already, or be asked for what it cannot. */
  private interface Call<T> {
    T run();
  }

  private static <T> T refusing(Call<T> call) {
    try {
      return call.run();
    } catch (IllegalStateException e) {
      throw new Failure(Status.ARGUMENT, e.getMessage(), e);
    }
  }

  static long open(long words) {
    Path path = Path.of(Memory.text(Memory.word(words, 0)));
    Options options = Options.parse(Memory.text(Memory.word(words, 1)), "options");
    Object replace = options.take("replace");
    Object meta = options.take("meta");
    if (!options.rest().isEmpty()) {
      throw options.wrong(
          options.rest().keySet().iterator().next(), options.rest(), "replace or meta");
    }
    if (replace != null && !(replace instanceof Boolean)) {
      throw options.wrong("replace", replace, "true or false");
    }
    if (meta != null && !(meta instanceof Map)) {
      throw options.wrong("meta", meta, "a map");
    }
    RecordingWriter writer = RecordingWriter.create(path, Boolean.TRUE.equals(replace));
    boolean opened = false;
    try {
      if (meta instanceof Map<?, ?> map) {
        writer.meta(Options.parse(Documents.toJson(map), "meta").rest());
      }
      long handle = Handles.add(new Open(path, writer));
      opened = true;
      return handle;
    } finally {
      if (!opened) {
        writer.close();
      }
    }
  }

  private static Open get(long words) {
    return Handles.get(Memory.word(words, 0), Open.class);
  }

  static void device(long words) {
    Open open = get(words);
    String name = Memory.text(Memory.word(words, 1));
    Map<String, Object> options =
        Options.parse(Memory.text(Memory.word(words, 2)), "options").rest();
    refusing(() -> open.devices.put(name, PlannedDevice.begin(open.writer, name, options)));
  }

  static void append(long words) {
    Open open = get(words);
    String name = Memory.text(Memory.word(words, 1));
    PlannedDevice device = open.devices.get(name);
    if (device == null) {
      throw new Failure(
          Status.KEY,
          "unknown device '" + name + "', expected one that was begun: " + open.devices.keySet());
    }
    Tensor values = values(name, words);
    double[] times = times(name, words);
    Map<String, Object> options =
        Options.parse(Memory.text(Memory.word(words, 8)), "options").rest();
    refusing(
        () -> {
          device.append(values, times, options);
          return null;
        });
  }

  /** Returns the caller's values, or null where there are none. */
  private static Tensor values(String name, long words) {
    String text = Memory.text(Memory.word(words, 3));
    long address = Memory.word(words, 2);
    if (text == null) {
      if (address != 0) {
        throw new IllegalArgumentException(
            name + ": dtype: found NULL beside values, expected theirs");
      }
      return null;
    }
    Dtype dtype = Dtype.parse(text);
    if (dtype == null || dtype.swapped()) {
      throw new IllegalArgumentException(
          name
              + ": dtype: found "
              + text
              + ", expected bool, int8 to int64, uint8 to uint64, float16, float32 or float64, in the machine's"
              + " byte order; convert the values");
    }
    long axes = Memory.word(words, 5);
    if (axes < 0 || axes > MAX_AXES) {
      throw new IllegalArgumentException(
          name + ": ndim: found " + axes + ", expected 0 to " + MAX_AXES);
    }
    long[] shape = new long[(int) axes];
    long bytes = dtype.type().bytes();
    for (int i = 0; i < shape.length; i++) {
      shape[i] = Memory.word(Memory.word(words, 4), i);
      if (shape[i] < 0 || shape[i] > MAX_BYTES / Math.max(bytes, 1)) {
        throw new IllegalArgumentException(
            name
                + ": shape["
                + i
                + "]: found "
                + shape[i]
                + ", expected 0 or more, and 2^41 bytes at most in all");
      }
      bytes *= shape[i];
    }
    return new Tensor(dtype.type(), shape, segment(name + ": values", address, bytes));
  }

  /** Returns the caller's times, or null where there are none. */
  private static double[] times(String name, long words) {
    long address = Memory.word(words, 6);
    long count = Memory.word(words, 7);
    if (count < -1 || count > MAX_BYTES / Double.BYTES || count == -1 && address != 0) {
      throw new IllegalArgumentException(
          name
              + ": n: found "
              + count
              + (address == 0 ? "" : " beside times")
              + ", expected the number of times, or -1 and NULL for none");
    }
    return count == -1
        ? null
        : segment(name + ": times", address, Double.BYTES * count)
            .toArray(JAVA_DOUBLE.withByteAlignment(1));
  }

  private static MemorySegment segment(String what, long address, long bytes) {
    if (bytes == 0) {
      return Results.allocate(1).asSlice(0, 0); // of nothing the address may be NULL
    }
    if (address == 0) {
      throw new IllegalArgumentException(what + ": found NULL, expected " + bytes + " bytes");
    }
    return Memory.at(address, bytes);
  }

  static String finish(long words) {
    Open open = get(words);
    try {
      List<Problem> warnings = refusing(open.writer::finish);
      return Documents.toJson(warnings.stream().map(Problem::toString).toList());
    } catch (RecordingException e) {
      // it speaks of files that are gone again, and were not missing
      throw new Failure(Status.RECORDING, e.getMessage(), e);
    }
  }
}
