/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.clock;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * A rate as the simplest fraction that rounds to the double a configuration gives: 30 is 30/1,
 * 29.97 is 2997/100, 33.333333333333336 is 100/3. Sample k comes {@code k * den / num} seconds
 * after sample 0.
 *
 * @param num samples in {@code den} seconds
 * @param den seconds
 */
public record ExactRate(long num, long den) {

  /**
   * Finds the fraction.
   *
   * @param rate Hz, positive and finite
   */
  public static ExactRate of(double rate) {
    // convergents of the continued fraction of the double's exact value: the first that rounds to
    // it is the simplest
    // of those that lie nearest (Legendre), and num/den of a decimal with few digits is always
    // among them
    BigDecimal exact = new BigDecimal(rate);
    BigInteger n = exact.unscaledValue();
    BigInteger d = BigInteger.ONE;
    if (exact.scale() > 0) {
      d = BigInteger.TEN.pow(exact.scale());
    } else {
      n = n.multiply(BigInteger.TEN.pow(-exact.scale()));
    }
    BigInteger p0 = BigInteger.ONE;
    BigInteger q0 = BigInteger.ZERO;
    BigInteger[] whole = n.divideAndRemainder(d);
    BigInteger p = whole[0];
    BigInteger q = BigInteger.ONE;
    while (p.doubleValue() / q.doubleValue() != rate && whole[1].signum() != 0) {
      n = d;
      d = whole[1];
      whole = n.divideAndRemainder(d);
      BigInteger p1 = whole[0].multiply(p).add(p0);
      BigInteger q1 = whole[0].multiply(q).add(q0);
      p0 = p;
      q0 = q;
      p = p1;
      q = q1;
    }
    if (p.bitLength() > 53 || q.bitLength() > 53) {
      throw new IllegalArgumentException("rate " + rate + " Hz is no ratio of integers below 2^53");
    }
    return new ExactRate(p.longValueExact(), q.longValueExact());
  }
}
