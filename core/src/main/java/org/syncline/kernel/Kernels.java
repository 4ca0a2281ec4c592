/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.util.HashMap;
import java.util.Map;
import org.syncline.kernel.lanes.VectorBits;
import org.syncline.kernel.lanes.Widths;

/** Which bodies passes get: chosen once for a process by {@link KernelProvider}. */
public final class Kernels {
  private enum Form {
    SCALAR,
    VECTOR,
    WARMING
  }

  private final Form form;

  // guarded by itself
  private final Map<String, Warmup.Switch> switches = new HashMap<>();

  private Kernels(Form form) {
    this.form = form;
  }

  /** Returns kernels without the Vector API. */
  static Kernels scalar() {
    return new Kernels(Form.SCALAR);
  }

  /** Returns kernels on the Vector API, which this JVM must have. */
  static Kernels vector() {
    return new Kernels(Form.VECTOR);
  }

  /**
   * Returns the kernels of a process that has just started: each scalar until its vector form is
   * compiled.
   */
  static Kernels warming() {
    return new Kernels(Form.WARMING);
  }

  /** Returns {@code scalar}, {@code vector128}, {@code vector256} or {@code vector512}. */
  public String name() {
    return bits() == 0 ? "scalar" : "vector" + bits();
  }

  /** Returns the vector width in bits, 0 for scalar. */
  public int bits() {
    return switch (form) {
      case SCALAR -> 0;
      case VECTOR -> Widths.BITS;
      case WARMING -> Vectors.FAILURE == null ? Widths.BITS : 0;
    };
  }

  /**
   * Returns how many float32 values one vector holds, 1 for scalar. Loads no vectors: tables are
   * laid out before the first frame.
   */
  int lanes() {
    return form == Form.SCALAR || VectorBits.BITS < 128 ? 1 : VectorBits.BITS / Float.SIZE;
  }

  /** Returns whether passes start scalar and are switched over. */
  boolean warms() {
    return form == Form.WARMING;
  }

  /** Returns whether a pass has its vector body from the start. */
  boolean startsVector(Pass<?> pass) {
    return switch (form) {
      case SCALAR -> false;
      case VECTOR -> true;
      case WARMING -> !pass.startsScalar() && pass.hasVector() && Vectors.FAILURE == null;
    };
  }

  /** Returns the switch that all passes of one code share. */
  Warmup.Switch switchOf(String code) {
    synchronized (switches) {
      Warmup.Switch found = switches.get(code);
      if (found == null) {
        found = new Warmup.Switch(code);
        switches.put(code, found);
      }
      return found;
    }
  }
}
