/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;

/** Writes {@code syncline_view} into the calling thread's memory. */
final class View {
  private static final long HEADER = Layouts.VIEW.byteSize();
  private static final long ENTRY = Layouts.TENSOR_VIEW.byteSize();
  private static final long TOKEN = Layouts.offset(Layouts.VIEW, "token");
  private static final long INDEX = Layouts.offset(Layouts.VIEW, "index");
  private static final long EPOCH = Layouts.offset(Layouts.VIEW, "epoch");
  private static final long ROWS = Layouts.offset(Layouts.VIEW, "rows");
  private static final long SESSION = Layouts.offset(Layouts.VIEW, "session");
  private static final long COUNT = Layouts.offset(Layouts.VIEW, "count");
  private static final long DATA = Layouts.offset(Layouts.TENSOR_VIEW, "data");
  private static final long CODE = Layouts.offset(Layouts.TENSOR_VIEW, "code");
  private static final long BITS = Layouts.offset(Layouts.TENSOR_VIEW, "bits");
  private static final long NDIM = Layouts.offset(Layouts.TENSOR_VIEW, "ndim");
  private static final long SHAPE = Layouts.offset(Layouts.TENSOR_VIEW, "shape");

  /**
   * Bytes of garbage off the heap after which the collector is called: it takes some 10 ms with our
   * small heap.
   */
  private static final long COLLECT = 256L << 20;

  private static final AtomicLong FORGOTTEN = new AtomicLong();

  private final MemorySegment memory;
  private final int count;

  /** Begins a view of a number of tensors, for one use by the calling thread. */
  View(int count) {
    this(count, Memory.scratch(HEADER + count * ENTRY));
  }

  private View(int count, MemorySegment memory) {
    this.count = count;
    this.memory = memory;
    memory.set(JAVA_LONG, COUNT, count);
  }

  /** Begins a view in memory of its own, to be finished any number of times, once at a time. */
  static View lasting(int count) {
    return new View(count, Arena.ofAuto().allocate(HEADER + count * ENTRY, 16));
  }

  /**
   * Describes tensor {@code i}; {@code rows} is a first axis before the shape, or negative for
   * none.
   */
  void tensor(int i, ElementType type, long rows, long[] shape, long address) {
    int extra = rows < 0 ? 0 : 1;
    if (shape.length + extra > Export.MAX_DIMS) {
      throw new Failure(
          Status.INTERNAL,
          "a tensor has " + (shape.length + extra) + " axes, expected at most " + Export.MAX_DIMS);
    }
    long at = HEADER + i * ENTRY;
    memory.set(JAVA_LONG, at + DATA, address);
    memory.set(JAVA_LONG, at + CODE, code(type));
    memory.set(JAVA_LONG, at + BITS, 8L * type.bytes());
    memory.set(JAVA_LONG, at + NDIM, shape.length + extra);
    if (extra == 1) {
      memory.set(JAVA_LONG, at + SHAPE, rows);
    }
    for (int d = 0; d < shape.length; d++) {
      memory.set(JAVA_LONG, at + SHAPE + 8L * (d + extra), shape[d]);
    }
  }

  void tensor(int i, Tensor t) {
    tensor(i, t.type(), -1, t.shape(), t.data().address());
  }

  /** Fills in the rest and says where it is in word 0; from here on the tensors are C's. */
  void finish(long words, long index, long epoch, long rows, int session, Runnable giveBack) {
    memory.set(JAVA_LONG, INDEX, index);
    memory.set(JAVA_LONG, EPOCH, epoch);
    memory.set(JAVA_LONG, ROWS, rows);
    memory.set(JAVA_LONG, SESSION, session);
    memory.set(JAVA_LONG, TOKEN, count == 0 ? 0 : Owners.add(giveBack));
    Memory.setWord(words, 0, memory.address());
    if (count == 0) {
      giveBack.run();
    }
  }

  /**
   * Hands over tensors whose memory the garbage collector frees after the last of them was deleted.
   */
  static void managed(long words, Tensor... tensors) {
    View view = new View(tensors.length);
    for (int i = 0; i < tensors.length; i++) {
      view.tensor(i, tensors[i]);
    }
    view.finish(words, -1, 0, 0, 0, new Keep(tensors));
  }

  /** Keeps tensors reachable for as long as it is. */
  private record Keep(Tensor[] tensors) implements Runnable {
    @Override
    public void run() {
      // forgetting this object is all there is to do, but for a collector that sees a small heap
      // and no reason to look
      long bytes = 0;
      for (Tensor t : tensors) {
        bytes += t.data().byteSize();
      }
      if (FORGOTTEN.addAndGet(bytes) > COLLECT) {
        FORGOTTEN.set(0);
        System.gc();
      }
    }
  }

  private static int code(ElementType type) {
    return switch (type) {
      case INT8, INT16, INT32, INT64 -> Layouts.DL_INT;
      case UINT8, UINT16, UINT32, UINT64 -> Layouts.DL_UINT;
      case FLOAT16, FLOAT32, FLOAT64 -> Layouts.DL_FLOAT;
      case BFLOAT16 -> Layouts.DL_BFLOAT;
      case BOOL -> Layouts.DL_BOOL;
    };
  }
}
