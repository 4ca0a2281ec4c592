/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.write;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.syncline.array.Tensor;
import org.syncline.text.Printable;

/**
 * One device of a recording that is being written. All methods are called under the writer's lock.
 */
abstract class DeviceWriter {
  final RecordingWriter recording;
  final String name;
  final Path folder;

  DeviceWriter(RecordingWriter recording, String name, Path folder) {
    this.recording = recording;
    this.name = name;
    this.folder = folder;
  }

  /**
   * Writes what is known only now.
   *
   * @throws IllegalArgumentException where something that the device needs was not given
   */
  abstract void end() throws IOException;

  /** Closes files; after {@link #end}, or in its place. */
  abstract void close() throws IOException;

  /** Something that is done to files. */
  interface Writing {
    void run() throws IOException;
  }

  /**
   * Writes, and gives the whole recording up where that fails.
   *
   * @throws UncheckedIOException where it fails
   */
  final void write(Writing writing) {
    recording.write(folder, writing);
  }

  /** Returns a tensor in native memory: it, or a copy of one over a Java array. */
  static Tensor inNative(Tensor tensor, Arena scratch) {
    MemorySegment data = tensor.data();
    return data.isNative()
        ? tensor
        : new Tensor(
            tensor.type(), tensor.shape(), scratch.allocate(data.byteSize(), 8).copyFrom(data));
  }

  /** Returns what is wrong with an argument: what, found, expected and what to do, or null. */
  final IllegalArgumentException wrong(String key, String found, String expected, String advice) {
    return wrong(name, key, found, expected, advice);
  }

  static IllegalArgumentException wrong(
      String device, String key, String found, String expected, String advice) {
    return new IllegalArgumentException(
        (device == null ? "" : device + ": ")
            + key
            + ": found "
            + Printable.plain(found)
            + ", expected "
            + Printable.plain(expected)
            + (advice == null ? "" : "; " + advice));
  }

  /**
   * Checks times.
   *
   * @param number of the first among all, for messages
   * @param before the time before the first, or negative infinity
   * @param strictly whether two may not be the same
   */
  final void checkTimes(double[] times, long number, double before, boolean strictly) {
    double last = before;
    for (int i = 0; i < times.length; i++) {
      if (!Double.isFinite(times[i])) {
        throw wrong(
            "time " + (number + i),
            String.valueOf(times[i]),
            "finite seconds",
            "leave samples without a time out");
      }
      if (times[i] < last || strictly && times[i] == last) {
        throw wrong(
            "time " + (number + i),
            times[i] + " after " + last,
            strictly ? "times that rise" : "times that do not fall",
            "sort the samples by their times, and leave repeated ones out");
      }
      last = times[i];
    }
  }

  /** Checks metadata that become JSON. */
  final void checkPlain(String key, Object value) {
    switch (value) {
      case null -> {}
      case String s -> {}
      case Boolean b -> {}
      case Number n -> {}
      case List<?> list -> list.forEach(item -> checkPlain(key, item));
      case Map<?, ?> map -> map.forEach((k, v) -> checkPlain(key + "." + k, v));
      default ->
          throw wrong(
              key,
              "a " + value.getClass().getSimpleName(),
              "null, a truth value, a number, a text, or lists and maps of those",
              null);
    }
  }

  static void writeAll(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + "(" + Printable.message(name) + " of " + recording + ")";
  }
}
