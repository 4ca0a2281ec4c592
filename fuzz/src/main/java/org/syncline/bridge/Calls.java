/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
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
    try (Arena arena = Arena.ofConfined()) {
      new Call(arena, input).run();
    } finally {
      Handles.releaseAll();
      Warnings.take();
      Scene.delete(written);
    }
  }

  /** Grids and batches are as large as a configuration asks for. */
  @Override
  public long most(int inputBytes) {
    return 256L << 20;
  }

  private final class Call {
    private final Arena arena;
    private final byte[] input;
    private final MemorySegment error;
    private final MemorySegment words;
    private int at = 3;

    Call(Arena arena, byte[] input) {
      this.arena = arena;
      this.input = input;
      error = arena.allocate(Layouts.ERROR);
      words = arena.allocate(JAVA_LONG, 10);
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
      return text(new String(bytes(), StandardCharsets.UTF_8).replace("ROOT", root.toString()));
    }

    private long text(String s) {
      return arena.allocateFrom(s).address();
    }

    private int call(Export function, long... arguments) {
      words.fill((byte) 0);
      for (int i = 0; i < arguments.length; i++) {
        words.setAtIndex(JAVA_LONG, i, arguments[i]);
      }
      int status = Export.call(function.ordinal(), error.address(), words.address());
      if (status == Status.INTERNAL) {
        throw new AssertionError(
            function
                + ": "
                + error.getString(Layouts.offset(Layouts.ERROR, "type"))
                + " "
                + error.getString(Layouts.offset(Layouts.ERROR, "message")));
      }
      return status;
    }

    private long open(Export function, long... arguments) {
      return call(function, arguments) == Status.OK ? words.getAtIndex(JAVA_LONG, 0) : 0;
    }

    void run() {
      int small = input[1];
      int other = input[2];
      double[] times = {100, 101.5, 99, Double.NaN, 1e300, -0.0, 105.99, small};
      MemorySegment some = arena.allocateFrom(JAVA_DOUBLE, times);
      switch ((input[0] & 0xff) % 10) {
        case 0 -> call(Export.DOCUMENT_PARSE, text(), text("fuzz"));
        case 1 -> call(Export.IS_REGISTERED, text(), text());
        case 2 -> {
          long handle = open(Export.INTERPOLATOR_OPEN, text(root + "/" + device(other)), text());
          call(Export.INTERPOLATOR_INFO, handle);
          call(Export.INTERPOLATOR_TRIALS, handle);
          call(Export.INTERPOLATOR_INTERPOLATE, handle, 0, some.address(), small & 7);
        }
        case 3 -> {
          long handle = open(Export.EXPERIMENT_OPEN, text(root.toString()), text(), other & 3);
          call(Export.EXPERIMENT_INFO, handle);
          call(Export.EXPERIMENT_INTERPOLATE, handle, text(), some.address(), small & 7);
        }
        case 4 -> {
          long handle = open(Export.DATASET_OPEN, text(root.toString()), text(), text());
          dataset(handle, small, other);
        }
        case 5 -> call(Export.STATISTICS, text(root.toString()), text());
        case 6 -> {
          long handle = open(Export.TRANSFORMS_OPEN, text());
          MemorySegment frames = arena.allocate(4 * 5 * 6 * 3);
          call(Export.TRANSFORMS_APPLY, handle, frames.address(), 1, 5, 6, 3);
        }
        case 7 -> {
          long handle = open(Export.WRITER_OPEN, text(written.toString()), text());
          call(Export.WRITER_DEVICE, handle, text(device(other)), text());
          MemorySegment values = arena.allocate(8 * 24, 8);
          MemorySegment shape = arena.allocateFrom(JAVA_LONG, small & 7, 3);
          call(
              Export.WRITER_APPEND,
              handle,
              text(device(other)),
              values.address(),
              text("float32"),
              shape.address(),
              2,
              some.address(),
              small & 7,
              text());
          call(Export.WRITER_FINISH, handle);
        }
        case 8 -> loader(small, other);
        default -> {
          long handle = sound();
          call(Export.DATASET_RESTORE, handle, text());
          call(Export.DATASET_CONDITION_MASK, handle, text());
          call(Export.DATASET_SAMPLE_MASK, handle, small, text(), other & 1);
          call(Export.DATASET_CATEGORIES, handle, text());
          call(
              Export.DATASET_CHUNK_TIMES,
              handle,
              text(),
              Double.doubleToLongBits(times[other & 7]));
        }
      }
    }

    private static final String[] DEVICES = {"screen", "responses", "spikes", "labels"};

    private String device(int other) {
      return DEVICES[other & 3];
    }

    private long sound() {
      return open(
          Export.DATASET_OPEN,
          text(root.toString()),
          text("{\"modality_config\": {\"responses\": {\"sampling_rate\": 8, \"chunk_size\": 4}}}"),
          0);
    }

    private void dataset(long handle, int small, int other) {
      call(Export.DATASET_INFO, handle);
      call(Export.DATASET_LENGTH, handle);
      call(Export.DATASET_EXPLAIN, handle);
      call(Export.DATASET_STATISTICS, handle);
      call(Export.DATASET_BYTE_SCREENS, handle);
      call(Export.DATASET_STATE, handle);
      call(Export.DATASET_ITEM, handle, other & 15, small);
      call(Export.DATASET_ITEM_AT, handle, other & 15, Double.doubleToLongBits(100 + small / 10.0));
      call(
          Export.DATASET_READ, handle, 8, arena.allocateFrom(JAVA_LONG, small, other).address(), 2);
    }

    private void loader(int small, int other) {
      long handle = sound();
      MemorySegment all = arena.allocateFrom(JAVA_LONG, handle, handle);
      long loader = open(Export.LOADER_OPEN, all.address(), 1, text());
      call(Export.LOADER_INFO, loader);
      call(Export.LOADER_SESSION, loader, small);
      call(Export.LOADER_BEGIN_EPOCH, loader, other);
      call(Export.LOADER_RESTORE, loader, text());
      call(Export.LOADER_STATISTICS, loader);
      call(Export.LOADER_STATE, loader);
      call(Export.RELEASE, loader);
      call(Export.RELEASE, loader);
      call(Export.LOADER_NEXT, loader, 8, 1000);
    }
  }
}
