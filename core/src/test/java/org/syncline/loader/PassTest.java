/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.syncline.array.Tensor;
import org.syncline.error.ClosedException;

/** Passes over a loader are whole or an error says so; batches are asked for entries by name. */
@Timeout(60)
class PassTest {
  private static ChunkLoader loader() {
    return Fakes.chunks(
        new FakeSource("a", 20, 3), b -> b.batchSize(2).shuffle(true).seed(1L).prefetch(3));
  }

  private static int count(Iterable<Batch> batches) {
    int n = 0;
    for (Batch b : batches) {
      b.close();
      n++;
    }
    return n;
  }

  private static void refused(org.junit.jupiter.api.function.Executable call, String what) {
    IllegalStateException e = assertThrows(IllegalStateException.class, call);
    assertFalse(e instanceof ClosedException);
    assertTrue(e.getMessage().contains(what), e.getMessage());
  }

  @Test
  void onePassAfterTheOtherIsWhole() {
    try (ChunkLoader l = loader()) {
      for (int epoch = 0; epoch < 4; epoch++) {
        assertEquals(epoch, l.epoch());
        assertEquals(10, count(l.remaining()));
      }
    }
  }

  @Test
  void aPassWithinAPassIsAnErrorAndTheOuterOneStaysWhole() throws Exception {
    try (ChunkLoader l = loader()) {
      Iterator<Batch> outer = l.remaining().iterator();
      Iterator<Batch> early = l.remaining().iterator();
      assertTrue(early.hasNext(), "nothing is taken yet");
      for (int i = 0; i < 3; i++) {
        assertEquals(i, Fakes.see(outer.next()).position());
      }
      refused(() -> l.remaining().iterator().hasNext(), "3 of 10 batches of epoch 0");
      refused(() -> l.remaining().iterator().next(), "nextEpoch()");
      refused(() -> l.epochs().iterator().hasNext(), "half read");
      refused(early::next, "half read");
      refused(l::next, "half read");
      refused(() -> l.next(Duration.ZERO), "half read");
      for (int i = 3; i < 10; i++) {
        assertEquals(i, Fakes.see(outer.next()).position());
      }
      assertFalse(outer.hasNext());
      assertFalse(outer.hasNext());
      assertThrows(NoSuchElementException.class, outer::next);
      assertFalse(early.hasNext(), "its epoch is over");
      assertEquals(10, count(l.remaining()));
    }
  }

  @Test
  void ofTwoPassesInTurnTheSecondIsRefused() {
    try (ChunkLoader l = loader()) {
      Iterator<Batch> a = l.remaining().iterator();
      Iterator<Batch> b = l.remaining().iterator();
      a.next().close();
      refused(b::next, "half read");
      l.nextEpoch();
      b.next().close();
      refused(a::next, "went elsewhere");
      refused(a::hasNext, "went elsewhere");
    }
  }

  @Test
  void aPassLeftHalfWayIsEndedByName() throws Exception {
    try (ChunkLoader l = loader()) {
      for (Batch b : l.remaining()) {
        b.close();
        if (b.position() == 3) {
          break;
        }
      }
      refused(() -> count(l.remaining()), "4 of 10");
      // to go on with the rest
      l.seek(l.epoch(), l.position());
      assertEquals(6, count(l.remaining()));
      // to begin again
      Iterator<Batch> half = l.remaining().iterator();
      half.next().close();
      l.seek(l.epoch());
      assertEquals(10, count(l.remaining()));
      refused(half::hasNext, "went elsewhere");
      // to leave the rest out
      l.remaining().iterator().next().close();
      l.nextEpoch();
      assertEquals(3, l.epoch());
      assertEquals(10, count(l.remaining()));
      // to go on elsewhere
      LoaderState state = l.state();
      l.remaining().iterator().next().close();
      l.restore(state);
      assertEquals(10, count(l.remaining()));
    }
  }

  @Test
  void whoStopsAtTheLastBatchHasEndedItsPass() throws Exception {
    try (ChunkLoader l = loader()) {
      for (int round = 0; round < 3; round++) {
        int n = 0;
        for (Batch b : l.remaining()) {
          b.close();
          if (++n == l.batchesPerEpoch()) {
            break;
          }
        }
        assertEquals(round, l.epoch());
        assertEquals(10, l.position());
      }
      // a whole epoch, not the empty rest of the last
      assertEquals(10, count(l.remaining()));
      Iterator<Batch> endless = l.epochs().iterator();
      for (int i = 0; i < 20; i++) {
        endless.next().close();
      }
      assertNull(l.next(), "by hand the end of that epoch comes first");
      assertEquals(10, count(l.remaining()));
    }
  }

  @Test
  void batchesTakenByHandAreNotInTheRest() throws Exception {
    try (ChunkLoader l = loader()) {
      Fakes.take(l, 4);
      assertEquals(6, count(l.remaining()));
      assertEquals(1, l.epoch());
      Fakes.take(l, 10);
      LoaderState end = l.state();
      assertEquals(0, count(l.remaining()), "the epoch of the state has none left");
      assertEquals(10, count(l.remaining()));
      l.restore(end);
      assertEquals(0, count(l.remaining()));
      assertEquals(2, l.epoch());
    }
  }

  @Test
  void lookingForTheNextBatchTakesNone() throws Exception {
    try (ChunkLoader l = loader();
        ChunkLoader other = loader()) {
      Iterator<Batch> pass = l.remaining().iterator();
      Fakes.see(pass.next());
      assertTrue(pass.hasNext());
      assertTrue(pass.hasNext());
      assertEquals(1, l.position());
      assertEquals(0, l.statistics().heldSlots());
      other.restore(LoaderState.fromJson(l.state().toJson()));
      assertEquals(Fakes.see(pass.next()), Fakes.see(other.next()));
    }
  }

  @Test
  void anEndlessPassCrossesEpochsAndEndsWithTheLoader() throws Exception {
    ChunkLoader l = loader();
    Iterator<Batch> pass = l.epochs().iterator();
    List<Long> epochs = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      epochs.add(Fakes.see(pass.next()).epoch());
    }
    assertEquals(10, epochs.stream().filter(e -> e == 0).count());
    assertEquals(5, epochs.stream().filter(e -> e == 2).count());
    refused(() -> l.epochs().iterator().next(), "half read");
    l.close();
    assertFalse(pass.hasNext());
    assertThrows(NoSuchElementException.class, pass::next);
    Iterator<Batch> late = l.remaining().iterator();
    assertThrows(ClosedException.class, late::hasNext);
  }

  @Test
  void aFailingBatchDoesNotEndAPass() {
    FakeSource source = new FakeSource("a", 20, 3);
    source.failAt = 5;
    try (ChunkLoader l = Fakes.chunks(source, b -> b.batchSize(2))) {
      Iterator<Batch> pass = l.remaining().iterator();
      int read = 0;
      int failed = 0;
      while (pass.hasNext()) {
        try {
          pass.next().close();
          read++;
        } catch (LoaderException e) {
          assertEquals(5, e.chunk());
          failed++;
        }
      }
      assertEquals(9, read);
      assertEquals(1, failed);
    }
  }

  @Test
  void entriesAreFoundByNameAndPlace() throws Exception {
    try (ChunkLoader l = loader()) {
      Batch batch = l.next();
      Tensor screen = batch.tensor("screen");
      assertSame(screen, batch.values().get("screen"));
      assertSame(screen, batch.tensor(batch.index("screen")));
      assertSame(batch.values().get("responses"), batch.tensor("responses"));
      assertSame(batch.timestamps().get("responses"), batch.timestamps("responses"));
      assertSame(batch.timestamps("responses"), batch.tensor(2));
      assertEquals("responses", l.layout(0).get(batch.index("responses")).key());
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> batch.tensor("screeen"));
      assertTrue(
          e.getMessage().contains("screeen") && e.getMessage().contains("[screen, responses]"),
          e.getMessage());
      e = assertThrows(IllegalArgumentException.class, () -> batch.timestamps("screen"));
      assertTrue(e.getMessage().contains("[responses]"), e.getMessage());
      assertThrows(IndexOutOfBoundsException.class, () -> batch.tensor(3));
      assertThrows(IndexOutOfBoundsException.class, () -> batch.chunkIndex(2));
      assertEquals(batch.chunkIndices()[1], batch.chunkIndex(1));
      batch.close();
      assertThrows(ClosedException.class, () -> batch.tensor("screen"));
      assertThrows(ClosedException.class, () -> batch.tensor(0));
      assertThrows(ClosedException.class, () -> batch.timestamps("responses"));
    }
  }
}
