/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.syncline.error.ConfigException;

/**
 * How many batches of an epoch each session gets where weights say so: as many in all as without,
 * in the weights' proportions, what is left over to the largest remainders and of equal ones to the
 * earlier session. Exact numbers, so that every program that does the same gets the same.
 *
 * @param values one for each session
 * @param counts batches of an epoch, for each session
 */
record Weights(double[] values, int[] counts) {
  /**
   * Shares an epoch out.
   *
   * @param values one for each session
   * @param batches of each session in an epoch without weights
   * @param option what the user calls the weights
   * @throws ConfigException where a weight is negative or not finite, all are zero, or a session
   *     without a whole batch has one above zero
   */
  static Weights of(double[] values, List<Session> sessions, int[] batches, String option) {
    BigDecimal sum = BigDecimal.ZERO;
    for (int s = 0; s < values.length; s++) {
      String at = option + "[" + s + "]";
      String found = "found " + values[s] + " for recording " + sessions.get(s).key;
      if (!(values[s] >= 0) || values[s] == Double.POSITIVE_INFINITY) {
        throw new ConfigException(
            "loader", 0, at, found + ", expected a finite number of 0 or more");
      }
      if (values[s] > 0 && batches[s] == 0) {
        throw new ConfigException(
            "loader", 0, at, found + ", which has no whole batch; expected 0");
      }
      sum = sum.add(new BigDecimal(values[s]));
    }
    if (sum.signum() == 0) {
      throw new ConfigException("loader", 0, option, "found zeros alone, expected one above 0");
    }
    int total = IntStream.of(batches).reduce(0, Math::addExact);
    int[] counts = new int[values.length];
    BigDecimal[] remainders = new BigDecimal[values.length];
    int left = total;
    for (int s = 0; s < values.length; s++) {
      BigDecimal[] parts =
          new BigDecimal(values[s]).multiply(BigDecimal.valueOf(total)).divideAndRemainder(sum);
      counts[s] = parts[0].intValueExact();
      remainders[s] = parts[1];
      left -= counts[s];
    }
    IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.comparing((Integer s) -> remainders[s]).reversed())
        .limit(left)
        .forEach(s -> counts[s]++);
    return new Weights(values, counts);
  }

  private record Turn(double place, int session) {}

  /** Returns the session of each batch of an epoch, each session's batches evenly spread. */
  int[] turns() {
    Turn[] turns = new Turn[IntStream.of(counts).sum()];
    int n = 0;
    for (int s = 0; s < counts.length; s++) {
      for (int k = 0; k < counts[s]; k++) {
        turns[n++] = new Turn((k + 0.5) / counts[s], s);
      }
    }
    Arrays.sort(
        turns, Comparator.comparingDouble(Turn::place)); // stable: the earlier session first
    return Arrays.stream(turns).mapToInt(Turn::session).toArray();
  }
}
