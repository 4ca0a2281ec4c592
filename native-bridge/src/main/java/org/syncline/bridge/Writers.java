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
    Tensor values = null;
    if (Memory.word(words, 3) != 0) {
      String text = Memory.text(Memory.word(words, 3));
      Dtype dtype = Dtype.parse(text);
      if (dtype == null || dtype.swapped()) {
        throw new IllegalArgumentException(
            name
                + ": dtype: found "
                + text
                + ", expected bool, int8 to int64, uint8 to uint64, float16, float32 or float64, in the machine's"
                + " byte order; convert the values");
      }
      long[] shape = new long[Math.toIntExact(Memory.word(words, 5))];
      for (int i = 0; i < shape.length; i++) {
        shape[i] = Memory.word(Memory.word(words, 4), i);
      }
      long bytes = Math.multiplyExact(Tensor.elements(shape), (long) dtype.type().bytes());
      values = new Tensor(dtype.type(), shape, segment(Memory.word(words, 2), bytes));
    }
    long count = Memory.word(words, 7);
    double[] times = null;
    if (count >= 0) {
      times = segment(Memory.word(words, 6), 8 * count).toArray(JAVA_DOUBLE.withByteAlignment(1));
    }
    Map<String, Object> options =
        Options.parse(Memory.text(Memory.word(words, 8)), "options").rest();
    Tensor all = values;
    double[] seconds = times;
    refusing(
        () -> {
          device.append(all, seconds, options);
          return null;
        });
  }

  private static MemorySegment segment(long address, long bytes) {
    // of nothing the address may be NULL
    return bytes == 0 ? Results.allocate(1).asSlice(0, 0) : Memory.at(address, bytes);
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
