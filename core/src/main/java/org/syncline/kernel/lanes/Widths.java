/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel.lanes;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Species of the width chosen for this process: the property's, at most the machine's. Kernels copy
 * what they need into their own static final fields or use these; C2 sees constants either way.
 */
public final class Widths {
  /** Vector width in bits: 128, 256 or 512. */
  public static final int BITS = checked();

  /** Vectors of BITS. */
  public static final VectorSpecies<Byte> BYTE =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(BITS));

  public static final VectorSpecies<Short> SHORT =
      VectorSpecies.of(short.class, VectorShape.forBitSize(BITS));
  public static final VectorSpecies<Integer> INT =
      VectorSpecies.of(int.class, VectorShape.forBitSize(BITS));
  public static final VectorSpecies<Long> LONG =
      VectorSpecies.of(long.class, VectorShape.forBitSize(BITS));
  public static final VectorSpecies<Float> FLOAT =
      VectorSpecies.of(float.class, VectorShape.forBitSize(BITS));
  public static final VectorSpecies<Double> DOUBLE =
      VectorSpecies.of(double.class, VectorShape.forBitSize(BITS));

  /**
   * The class of vectors of {@link #FLOAT}, to which a loop casts what it carries from one turn to
   * the next. Without the cast HotSpot knows that class from nothing but the profile of the JDK's
   * methods, which every kernel of the process shares: where vectors of several widths came by, it
   * boxes each sum, for ever.
   */
  public static final Class<? extends FloatVector> FLOAT_CLASS =
      FLOAT.vectorType().asSubclass(FloatVector.class);

  /** Likewise. */
  public static final Class<? extends DoubleVector> DOUBLE_CLASS =
      DOUBLE.vectorType().asSubclass(DoubleVector.class);

  public static final Class<? extends IntVector> INT_CLASS =
      INT.vectorType().asSubclass(IntVector.class);
  public static final Class<? extends LongVector> LONG_CLASS =
      LONG.vectorType().asSubclass(LongVector.class);

  /** As many 16-bit lanes as {@link #FLOAT} has. */
  public static final VectorSpecies<Short> HALF_SHORT =
      VectorSpecies.of(short.class, VectorShape.forBitSize(BITS / 2));

  /** As many 32-bit lanes as {@link #DOUBLE} has. */
  public static final VectorSpecies<Integer> HALF_INT =
      VectorSpecies.of(int.class, VectorShape.forBitSize(BITS / 2));

  public static final VectorSpecies<Float> HALF_FLOAT =
      VectorSpecies.of(float.class, VectorShape.forBitSize(BITS / 2));

  /**
   * As many 8-bit lanes as {@link #FLOAT} has; at 128 bits twice as many, for the API has no vector
   * of 32 bits.
   */
  public static final VectorSpecies<Byte> QUARTER_BYTE =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, BITS / 4)));

  /** As many 16-bit lanes as {@link #DOUBLE} has; at 128 bits twice as many. */
  public static final VectorSpecies<Short> QUARTER_SHORT =
      VectorSpecies.of(short.class, VectorShape.forBitSize(Math.max(64, BITS / 4)));

  private Widths() {}

  private static int checked() {
    if (VectorBits.BITS < 128) {
      throw new UnsupportedOperationException(
          "this machine has vectors of " + VectorBits.BITS + " bits, 128 are needed");
    }
    return VectorBits.BITS;
  }
}
