/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.LinkedBlockingQueue;

/** Tells the C side of buffers, which may register them with CUDA. */
final class HostMemory {
  private static MemorySegment host;

  private HostMemory() {}

  /** Remembers the C side's functions; before the first buffer. */
  static void host(MemorySegment struct) {
    host = struct;
  }

  /** Made when the first buffer is: a process that only interpolates does without. */
  private static final class Functions {
    static final MethodHandle MEMORY =
        find("memory", FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG, JAVA_INT));
    static final MethodHandle PIN =
        find("pin", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS));
    static final MethodHandle UNPIN = find("unpin", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    static final MethodHandle QUIESCE = find("quiesce", FunctionDescriptor.ofVoid());

    private Functions() {}

    @SuppressWarnings("restricted")
    private static MethodHandle find(String member, FunctionDescriptor type) {
      MemorySegment address = host.get(ADDRESS, Layouts.offset(Layouts.HOST, member));
      return Linker.nativeLinker().downcallHandle(address, type);
    }
  }

  private static void tell(MemorySegment memory, int made) {
    if (host == null) {
      return; // Java alone, in a test
    }
    try {
      Functions.MEMORY.invokeExact(memory, memory.byteSize(), made);
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  static void made(MemorySegment memory) {
    tell(memory, 1);
  }

  static void freeing(MemorySegment memory) {
    tell(memory, 0);
  }

  /** Registers memory with CUDA. */
  static void pin(MemorySegment memory) {
    MemorySegment error = Memory.scratch(Layouts.ERROR.byteSize());
    error.asSlice(0, Layouts.ERROR.byteSize()).fill((byte) 0);
    int status;
    try {
      status = (int) Functions.PIN.invokeExact(memory, memory.byteSize(), error);
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
    if (status != 0) {
      throw new Failure(status, error.getString(Layouts.offset(Layouts.ERROR, "message")));
    }
  }

  static void unpin(MemorySegment memory) {
    try {
      int ignored = (int) Functions.UNPIN.invokeExact(memory);
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  /**
   * Gives registered memory back once the device is done with it: the consumer may have deleted its
   * tensors while a copy to the device was still under way. A thread of its own waits, so that the
   * consumer does not.
   */
  static void giveBackWhenQuiet(Runnable giveBack) {
    Returner.QUEUE.add(giveBack);
  }

  private static final class Returner {
    static final LinkedBlockingQueue<Runnable> QUEUE = new LinkedBlockingQueue<>();

    static {
      Thread thread = new Thread(Returner::run, "syncline-pinned");
      thread.setDaemon(true);
      thread.start();
    }

    private static void run() {
      java.util.ArrayList<Runnable> all = new java.util.ArrayList<>();
      while (true) {
        try {
          all.add(QUEUE.take());
        } catch (InterruptedException _) {
          continue; // nobody has a reason to
        }
        QUEUE.drainTo(all);
        try {
          Functions.QUIESCE.invokeExact();
        } catch (Throwable t) {
          throw new AssertionError(t);
        }
        all.forEach(Runnable::run);
        all.clear();
      }
    }
  }
}
