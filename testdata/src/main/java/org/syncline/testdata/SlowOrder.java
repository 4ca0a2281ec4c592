/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.testdata;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The batches of a loader over several recordings, written from the page on semantics alone, to
 * hold what is fast against.
 */
public final class SlowOrder {
  /** A batch: its recording, and the chunks of that. */
  public record Batch(int session, List<Integer> chunks) {}

  private SlowOrder() {}

  private static int[] upTo(int n) {
    int[] list = new int[n];
    Arrays.setAll(list, i -> i);
    return list;
  }

  private static List<Batch> batches(int session, int[] order, int size, boolean dropLast) {
    List<Batch> all = new ArrayList<>();
    for (int first = 0; first < order.length; first += size) {
      List<Integer> chunks = new ArrayList<>();
      for (int i = first; i < Math.min(order.length, first + size); i++) {
        chunks.add(order[i]);
      }
      if (chunks.size() == size || !dropLast) {
        all.add(new Batch(session, chunks));
      }
    }
    return all;
  }

  /**
   * Returns the batches of some epochs of the concatenating loader.
   *
   * @param counts chunks of each recording
   * @param seed of a shuffled order; negative for one that is not
   */
  public static List<Batch> concatenated(
      int[] counts, int size, boolean dropLast, long seed, int epochs) {
    Mersenne ofSessions = new Mersenne(Math.max(0, seed));
    Mersenne[] ofChunks = new Mersenne[counts.length];
    Arrays.setAll(ofChunks, i -> new Mersenne(Math.max(0, seed) + i + 1));
    List<Batch> all = new ArrayList<>();
    for (int epoch = 0; epoch < epochs; epoch++) {
      List<List<Batch>> left = new ArrayList<>();
      int most = 0;
      for (int s = 0; s < counts.length; s++) {
        int[] order = upTo(counts[s]);
        if (seed >= 0) {
          ofChunks[s].shuffle(order);
        }
        left.add(batches(s, order, size, dropLast));
        most = Math.max(most, left.getLast().size());
      }
      for (int cycle = 0; cycle < most; cycle++) {
        int[] sessions = upTo(counts.length);
        if (seed >= 0) {
          ofSessions.shuffle(sessions);
        }
        for (int s : sessions) {
          if (!left.get(s).isEmpty()) {
            all.add(left.get(s).removeFirst());
          }
        }
      }
    }
    return all;
  }

  /**
   * Returns the batches of an epoch of separate loaders that are joined, none shuffled.
   *
   * @param cycle long, short or exhaust
   */
  public static List<Batch> joined(int[] counts, int size, boolean dropLast, String cycle) {
    List<List<Batch>> each = new ArrayList<>();
    int most = 0;
    int least = Integer.MAX_VALUE;
    for (int s = 0; s < counts.length; s++) {
      each.add(batches(s, upTo(counts[s]), size, dropLast));
      most = Math.max(most, each.getLast().size());
      least = Math.min(least, each.getLast().size());
    }
    List<Batch> all = new ArrayList<>();
    if (cycle.equals("exhaust")) {
      each.forEach(all::addAll);
      return all;
    }
    for (int round = 0; round < (cycle.equals("long") ? most : least); round++) {
      for (List<Batch> batches : each) {
        all.add(batches.get(round % batches.size()));
      }
    }
    return all;
  }
}
