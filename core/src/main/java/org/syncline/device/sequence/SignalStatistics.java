/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.syncline.format.DiskCache;
import org.syncline.transform.Normalization;

/** Means and standard deviations of all rows, which are kept in the disk cache once computed. */
final class SignalStatistics {
  private SignalStatistics() {}

  static Normalization of(SequenceInterpolator sequence, DiskCache cache) {
    if (sequence.storedSignals() != sequence.signals()) {
      // whole columns are what is kept: a selection has other ones
      return sequence.statistics();
    }
    List<Path> files = List.of(sequence.folder().resolve("meta.yml"), sequence.meta.dataFile());
    String namespace = "signal-statistics-1-" + sequence.storedType().numpyName();
    String identity = cache.identity(namespace, files);
    int n = sequence.signals();
    ByteBuffer kept = identity == null ? null : cache.get(identity, namespace, files);
    if (kept != null && kept.remaining() == 2 * n * Double.BYTES) {
      double[] means = new double[n];
      double[] stds = new double[n];
      kept.asDoubleBuffer().get(means).get(stds);
      // a selection of as many columns in another order has the same width, so the kept values are
      // the stored order's
      return new Normalization(select(sequence, means), select(sequence, stds));
    }
    Normalization computed = sequence.statistics();
    if (identity != null && sequence.columns().orElseThrow().isAll()) {
      ByteBuffer content = ByteBuffer.allocate(2 * n * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      content.asDoubleBuffer().put(computed.means()).put(computed.stds());
      cache.put(identity, namespace, files, content);
    }
    return computed;
  }

  private static double[] select(SequenceInterpolator sequence, double[] perStored) {
    return sequence.columns().orElseThrow().select(perStored);
  }
}
