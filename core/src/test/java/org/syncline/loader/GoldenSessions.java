/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.syncline.testdata.Json;

/** Compares the order of batches over sessions with the original's. */
public final class GoldenSessions {
  private GoldenSessions() {}

  /** Runs one call of the goldens: two epochs, session and indices of every batch. */
  public static void check(Map<String, Object> call) {
    int[] sizes = Arrays.stream(Json.longs(call.get("sizes"))).mapToInt(Math::toIntExact).toArray();
    int batchSize = ((Number) call.get("batch_size")).intValue();
    long seed = ((Number) call.get("seed")).longValue();
    try (Order order =
        new ConcatenatedOrder(
            sizes,
            batchSize,
            (Boolean) call.get("drop_last"),
            (Boolean) call.get("shuffle"),
            seed)) {
      for (int s = 0; s < sizes.length; s++) {
        Object expected = Json.object(call.get("batches_per_session")).get("s" + s);
        assertEquals(((Number) expected).intValue(), order.batches[s], "batches of s" + s);
      }
      List<Object> epochs = Json.list(call.get("epochs"));
      assertEquals(2, epochs.size());
      for (int epoch = 0; epoch < epochs.size(); epoch++) {
        order.begin(epoch);
        List<Object> found = new ArrayList<>();
        int[] indices = new int[batchSize];
        for (int b = 0; b < order.batches(); b++) {
          int n = order.indices(b, indices);
          found.add(
              List.of(
                  "s" + order.session(b),
                  Arrays.stream(indices, 0, n).mapToObj(i -> (Object) (long) i).toList()));
        }
        assertEquals(epochs.get(epoch), found, "epoch " + epoch);
      }
    }
  }
}
