/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.syncline.fuzz.Scene;
import org.syncline.fuzz.Target;

/**
 * Functions as C calls them. The first byte chooses the function, the second and third are small
 * numbers; texts follow, with a NUL behind each. Pointers are right, for C promises that; handles,
 * numbers and texts are whatever comes.
 */
public final class Calls implements Target {
  private final Path root = Scene.recording().folder();
  private final Path written = Scene.fresh("written");

  @Override
  public void run(byte[] input) {
    if (input.length < 3) {
      return;
    }
    try (Caller c = new Caller()) {
      new Call(c, input).run();
    } finally {
      Scene.delete(written);
    }
  }

  /** Grids and batches are as large as a configuration asks for. */
  @Override
  public long most(int inputBytes) {
    return 256L << 20;
  }

  private final class Call {
    private final Caller c;
    private final Arena arena;
    private final byte[] input;
    private int at = 3;

    Call(Caller c, byte[] input) {
      this.c = c;
      this.arena = c.arena();
      this.input = input;
    }

    private byte[] bytes() {
      int from = at;
      while (at < input.length && input[at] != 0) {
        at++;
      }
      byte[] found = java.util.Arrays.copyOfRange(input, from, at);
      at = Math.min(input.length, at + 1);
      return found;
    }

    private long text() {
      return c.text(new String(bytes(), StandardCharsets.UTF_8).replace("ROOT", root.toString()));
    }

    void run() {
      int small = input[1];
      int other = input[2];
      double[] times = {100, 101.5, 99, Double.NaN, 1e300, -0.0, 105.99, small};
      MemorySegment some = arena.allocateFrom(JAVA_DOUBLE, times);
      switch ((input[0] & 0xff) % 11) {
        case 0 -> c.call(Export.DOCUMENT_PARSE, text(), c.text("fuzz"));
        case 1 -> c.call(Export.IS_REGISTERED, text(), text());
        case 2 -> {
          long handle =
              c.open(Export.INTERPOLATOR_OPEN, c.text(root + "/" + device(other)), text());
          c.call(Export.INTERPOLATOR_INFO, handle);
          c.call(Export.INTERPOLATOR_TRIALS, handle);
          c.take(Export.INTERPOLATOR_INTERPOLATE, handle, 0, some.address(), small & 7);
        }
        case 3 -> {
          long handle = c.open(Export.EXPERIMENT_OPEN, c.text(root.toString()), text(), other & 3);
          c.call(Export.EXPERIMENT_INFO, handle);
          c.take(Export.EXPERIMENT_INTERPOLATE, handle, text(), some.address(), small & 7);
        }
        case 4 -> {
          long handle = c.open(Export.DATASET_OPEN, c.text(root.toString()), text(), text());
          dataset(handle, small, other);
        }
        case 5 -> c.call(Export.STATISTICS, c.text(root.toString()), text());
        case 6 -> {
          long handle = c.open(Export.TRANSFORMS_OPEN, text());
          MemorySegment frames = arena.allocate(4 * 5 * 6 * 3);
          c.take(Export.TRANSFORMS_APPLY, handle, frames.address(), 1, 5, 6, 3);
        }
        case 7 -> {
          long handle = c.open(Export.WRITER_OPEN, c.text(written.toString()), text());
          c.call(Export.WRITER_DEVICE, handle, c.text(device(other)), text());
          MemorySegment values = arena.allocate(8 * 24, 8);
          MemorySegment shape = arena.allocateFrom(JAVA_LONG, small & 7, 3);
          c.call(
              Export.WRITER_APPEND,
              handle,
              c.text(device(other)),
              values.address(),
              c.text("float32"),
              shape.address(),
              2,
              some.address(),
              small & 7,
              text());
          c.call(Export.WRITER_FINISH, handle);
        }
        case 8 -> loader(small, other);
        case 9 -> {
          long handle = sound();
          c.call(Export.DATASET_RESTORE, handle, text());
          c.take(Export.DATASET_CONDITION_MASK, handle, text());
          c.take(Export.DATASET_SAMPLE_MASK, handle, small, text(), other & 1);
          c.call(Export.DATASET_CATEGORIES, handle, text());
          c.take(
              Export.DATASET_CHUNK_TIMES,
              handle,
              text(),
              Double.doubleToLongBits(times[other & 7]));
        }
        default -> feed(small, other);
      }
    }

    private static final String[] DEVICES = {"screen", "responses", "spikes", "labels"};

    private String device(int other) {
      return DEVICES[other & 3];
    }

    private long sound() {
      return c.open(
          Export.DATASET_OPEN,
          c.text(root.toString()),
          c.text(
              "{\"modality_config\": {\"responses\": {\"sampling_rate\": 8, \"chunk_size\": 4}}}"),
          0);
    }

    private void dataset(long handle, int small, int other) {
      c.call(Export.DATASET_INFO, handle);
      c.call(Export.DATASET_LENGTH, handle);
      c.call(Export.DATASET_EXPLAIN, handle);
      c.call(Export.DATASET_STATISTICS, handle);
      c.call(Export.DATASET_BYTE_SCREENS, handle);
      c.call(Export.DATASET_STATE, handle);
      c.take(Export.DATASET_ITEM, handle, other & 15, small);
      c.take(
          Export.DATASET_ITEM_AT, handle, other & 15, Double.doubleToLongBits(100 + small / 10.0));
      c.take(
          Export.DATASET_READ, handle, 8, arena.allocateFrom(JAVA_LONG, small, other).address(), 2);
    }

    private void loader(int small, int other) {
      long handle = sound();
      MemorySegment all = arena.allocateFrom(JAVA_LONG, handle, handle);
      long loader = c.open(Export.LOADER_OPEN, all.address(), 1, text());
      c.call(Export.LOADER_INFO, loader);
      c.call(Export.LOADER_SESSION, loader, small);
      c.call(Export.LOADER_BEGIN_EPOCH, loader, other);
      c.call(Export.LOADER_RESTORE, loader, text());
      c.call(Export.LOADER_STATISTICS, loader);
      c.call(Export.LOADER_STATE, loader);
      c.call(Export.RELEASE, loader);
      c.call(Export.RELEASE, loader);
      c.take(Export.LOADER_NEXT, loader, 8, 1000);
    }

    /** Batches whose sessions, sizes and chunks are the bytes behind the options. */
    private void feed(int small, int other) {
      MemorySegment all = arena.allocateFrom(JAVA_LONG, sound());
      long loader = c.open(Export.LOADER_OPEN, all.address(), 1, text());
      int batches = small & 15;
      MemorySegment sessions = arena.allocate(JAVA_INT, batches);
      MemorySegment sizes = arena.allocate(JAVA_INT, batches);
      // as many as batches of the most chunks can ask for
      MemorySegment indices = arena.allocate(JAVA_LONG, 2L * MOST * batches);
      for (int i = 0; i < batches; i++) {
        sessions.setAtIndex(JAVA_INT, i, number());
        sizes.setAtIndex(JAVA_INT, i, Math.min(number(), MOST));
      }
      for (int i = 0; i < 2 * MOST * batches; i++) {
        indices.setAtIndex(JAVA_LONG, i, number());
      }
      c.call(
          Export.LOADER_FEED,
          loader,
          batches,
          sessions.address(),
          sizes.address(),
          indices.address());
      c.take(Export.LOADER_NEXT, loader, 8, 1000);
      c.call(Export.LOADER_BEGIN_EPOCH, loader, other);
      c.take(Export.LOADER_NEXT, loader, 8, 1000);
    }

    private static final int MOST = 16;

    private int number() {
      return at < input.length ? input[at++] : 0;
    }
  }
}
