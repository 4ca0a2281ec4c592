/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.util.Locale;

/** Where C enters, once: the table of functions is made here and lives as long as the process. */
public final class Bootstrap {
  private Bootstrap() {}

  /**
   * Fills the C side's table. Called by libsyncline through JNI.
   *
   * @param host address of {@code syncline_host}
   * @return null, or why the two sides do not fit
   */
  public static String start(long host) {
    MemorySegment struct = Memory.at(host, Layouts.HOST.byteSize());
    long abi = struct.get(JAVA_LONG, Layouts.offset(Layouts.HOST, "abi_version"));
    long count = struct.get(JAVA_LONG, Layouts.offset(Layouts.HOST, "count"));
    StringBuilder names = new StringBuilder();
    for (Export e : Export.values()) {
      names.append(e.name().toLowerCase(Locale.ROOT)).append(',');
    }
    // pointers are read as numbers: an access to addresses is made of method handles, at every
    // start
    String theirs = Memory.text(struct.get(JAVA_LONG, Layouts.offset(Layouts.HOST, "names")));
    if (abi != Export.ABI_VERSION
        || count != Export.values().length
        || !theirs.contentEquals(names)) {
      return "libsyncline and Syncline's jars are from two versions: the library has ABI "
          + abi
          + " with "
          + count
          + " functions, the jars "
          + Export.ABI_VERSION
          + " with "
          + Export.values().length;
    }
    Warnings.host();
    HostMemory.host(struct);
    long table = struct.get(JAVA_LONG, Layouts.offset(Layouts.HOST, "table"));
    for (int i = 0; i < count; i++) {
      Memory.setWord(table, i, stub(i).address());
    }
    long finished = struct.get(JAVA_LONG, Layouts.offset(Layouts.HOST, "finished"));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(finished), "syncline-shutdown"));
    return null;
  }

  /** A call into a VM that has ended would abort the process: from here on C refuses. */
  private static void end(long finished) {
    Memory.ALL.set(JAVA_INT, finished, 1);
    VarHandle.fullFence();
    Handles.releaseAll();
  }

  private static final MethodHandle CALL = call();
  private static final FunctionDescriptor TYPE =
      FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG);

  private static MethodHandle call() {
    try {
      return MethodHandles.lookup()
          .findStatic(
              Export.class,
              "call",
              MethodType.methodType(int.class, int.class, long.class, long.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("restricted")
  private static MemorySegment stub(int function) {
    return Linker.nativeLinker()
        .upcallStub(MethodHandles.insertArguments(CALL, 0, function), TYPE, Arena.global());
  }
}
