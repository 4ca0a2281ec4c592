/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.cli;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The stderr of the user, which the launcher kept aside: until now a filter stood in its place, for
 * the JVM prints a warning of its own module of vectors that no option turns off.
 */
final class HeldStderr {
  private HeldStderr() {}

  /** Puts the file descriptor that the launcher names back in its place as 2, and closes it. */
  @SuppressWarnings("restricted") // a call of libc
  static void putBack() {
    Integer held = Integer.getInteger("syncline.stderr");
    if (held == null) {
      return;
    }
    Linker linker = Linker.nativeLinker();
    MethodHandle dup2 =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("dup2"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    MethodHandle close =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("close"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    try {
      // where it fails, all goes on through the filter
      int ignored = (int) dup2.invokeExact((int) held, 2);
      ignored = (int) close.invokeExact((int) held);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }
}
