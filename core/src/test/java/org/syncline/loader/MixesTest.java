/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.syncline.device.support.LogCapture;

/** What the recordings of one batch have of another kind is said, closed or open. */
@Tag("any-width")
class MixesTest {
  private static RecordingSpec spec(String key, Set<String> normalised, long... units) {
    return Fakes.reopening(
        key,
        () ->
            new FakeSource(key, 12, 3) {
              @Override
              public Set<String> normalised() {
                return normalised;
              }

              @Override
              public long[] units(String device) {
                return device.equals("responses") && units.length > 0 ? units : null;
              }
            });
  }

  private static List<String> said(int maxOpen, RecordingSpec... specs) {
    try (LogCapture log = new LogCapture();
        SessionLoader l =
            new SessionLoader(
                SessionLoader.builder()
                    .fed()
                    .batchSize(2)
                    .threads(1)
                    .maxOpen(maxOpen)
                    .assemble(List.of(specs), FedOrder.TYPE))) {
      for (int i = 0; i < 2; i++) {
        for (int other = 1; other < specs.length; other++) {
          l.feed().add(new int[] {0, other}, new int[] {1, 2});
        }
      }
      return log.messages().stream().filter(m -> m.contains("batches mix")).toList();
    }
  }

  @Test
  void devicesThatEitherNormalisesAreSaidOfTheOneThatDoes() {
    Set<String> screen = Set.of("screen");
    Set<String> responses = Set.of("responses");
    String advice = ": give both the same transforms";
    assertEquals(
        List.of(
            "loader: batches mix screen of a normalised and of b not, and responses of b normalised"
                + " and of a not"
                + advice),
        said(9, spec("a", screen), spec("b", responses)));
    assertEquals(
        List.of("loader: batches mix responses of b normalised and of a not" + advice),
        said(9, spec("a", screen), spec("b", Set.of("responses", "screen", "elsewhere"))));
    assertEquals(List.of(), said(9, spec("a", screen), spec("b", screen)));
  }

  @Test
  void recordingsThatAreClosedAreComparedToo() {
    List<String> expected =
        List.of(
            "loader: batches mix columns of responses of a and of c that are the same unit_ids in"
                + " another order, so that a column is now one unit and now another: list them, as"
                + " unit_ids in modality_config.responses, to have one order",
            "loader: batches mix screen of d normalised and of a not: give both the same transforms");
    for (int maxOpen : new int[] {1, 9}) {
      assertEquals(
          expected,
          said(
              maxOpen,
              spec("a", Set.of(), 7, 8, 9),
              spec("b", Set.of(), 7, 8, 10),
              spec("c", Set.of(), 8, 7, 9),
              spec("d", Set.of("screen"))));
    }
  }
}
