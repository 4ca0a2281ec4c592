/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.syncline.error.ConfigException;

/** A loader that is told its batches reads just these, in their order. */
@Timeout(60)
class BatchFeedTest {
  private static SessionLoader loader(Consumer<SessionLoader.Builder> options, int... sizes) {
    return Fakes.sessions(
        Fakes.sources(sizes),
        FedOrder.TYPE,
        b -> {
          b.fed().batchSize(5).prefetch(3);
          options.accept(b);
        });
  }

  @Test
  void batchesComeAsTheyWereNamed() throws Exception {
    long seed = 4711;
    Random random = new Random(seed);
    int[] sizes = {7, 20, 1, 13};
    List<Integer> sessions = new ArrayList<>();
    List<List<Integer>> named = new ArrayList<>();
    try (SessionLoader l = loader(b -> b.threads(3), sizes)) {
      assertNull(l.next(), "nothing was named");
      int taken = 0;
      while (taken < 400) {
        for (int k = random.nextInt(6); k > 0; k--) {
          int session = random.nextInt(sizes.length);
          int[] indices = random.ints(1 + random.nextInt(5), 0, sizes[session]).toArray();
          l.feed().add(session, indices);
          sessions.add(session);
          named.add(Arrays.stream(indices).boxed().toList());
        }
        assertEquals(named.size(), l.feed().named(), "seed " + seed);
        for (int k = random.nextInt(8); k > 0; k--) {
          Batch batch = l.next();
          if (taken == named.size()) {
            assertNull(batch);
            break;
          }
          Fakes.Seen seen = Fakes.see(batch);
          assertEquals("s" + sessions.get(taken), seen.session(), "seed " + seed);
          assertEquals(named.get(taken), seen.indices(), "seed " + seed);
          assertEquals(taken, seen.position());
          assertEquals(0, seen.epoch());
          taken++;
        }
      }
    }
  }

  @Test
  void aBatchHasChunksOfSeveralRecordings() throws Exception {
    List<FakeSource> sources = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      sources.add(new FakeSource("s" + i, 9, 2));
    }
    sources.add(new FakeSource("wide", 9, 3));
    Random random = new Random(3);
    try (SessionLoader l =
        Fakes.sessions(
            sources, FedOrder.TYPE, b -> b.fed().batchSize(16).threads(3).lookahead(1 << 20))) {
      for (int round = 0; round < 200; round++) {
        int size = 1 + random.nextInt(16);
        int[] of = random.ints(size, 0, 3).toArray();
        int[] indices = random.ints(size, 0, 9).toArray();
        l.feed().add(of, indices);
        l.feed().add(3, indices);
        Batch mixed = l.next();
        assertEquals(size, mixed.size());
        assertEquals("s" + of[0], mixed.sessionKey());
        MemorySegment screen = mixed.tensor("screen").data();
        MemorySegment responses = mixed.tensor("responses").data();
        for (int k = 0; k < size; k++) {
          String key = "s" + of[k];
          assertEquals(of[k], mixed.chunkSession(k));
          assertEquals(
              FakeSource.value(key, indices[k], 1),
              screen.getAtIndex(ValueLayout.JAVA_LONG, 3L * k + 1));
          assertEquals(
              FakeSource.value(key, indices[k], 5),
              responses.getAtIndex(ValueLayout.JAVA_LONG, 4L * k + 2));
        }
        mixed.close();
        assertEquals("wide", Fakes.see(l.next()).session());
      }
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class,
              () -> l.feed().add(new int[] {0, 3}, new int[] {0, 0}));
      assertTrue(e.getMessage().contains("s0 and wide have different entries"), e.getMessage());
      assertThrows(
          IllegalArgumentException.class, () -> l.feed().add(new int[] {0, 4}, new int[] {0, 0}));
      assertThrows(
          IllegalArgumentException.class, () -> l.feed().add(new int[] {0}, new int[] {0, 0}));
      assertThrows(IllegalArgumentException.class, () -> l.feed().add(new int[0], new int[0]));
      assertNull(l.next());
      // the chunk that fails names its own recording
      sources.get(2).failAt = 4;
      l.feed().add(new int[] {0, 1, 2, 0}, new int[] {1, 2, 4, 4});
      LoaderException failed = assertThrows(LoaderException.class, l::next);
      assertEquals("s2", failed.recording());
      assertEquals(4, failed.chunk());
    }
  }

  @Test
  void aClearedFeedBeginsAgain() throws Exception {
    try (SessionLoader l = loader(b -> {}, 10, 10)) {
      for (int round = 0; round < 50; round++) {
        for (int k = 0; k < 6; k++) {
          l.feed().add(k % 2, k, round % 10);
        }
        Batch kept = l.next();
        Fakes.see(l.next());
        l.feed().clear();
        assertEquals(0, l.feed().named());
        assertEquals(0, l.position());
        assertNull(l.next());
        assertEquals(List.of(0, round % 10), Fakes.see(kept).indices());
      }
    }
  }

  @Test
  void passesEndWhereTheFeedDoes() {
    try (SessionLoader l = loader(b -> {}, 10)) {
      for (int pass = 1; pass < 4; pass++) {
        for (int k = 0; k < pass; k++) {
          l.feed().add(0, k);
        }
        int n = 0;
        for (Batch b : pass == 2 ? l.epochs() : l.remaining()) {
          assertEquals(List.of(n), Fakes.see(b).indices());
          n++;
        }
        assertEquals(pass, n);
      }
      assertEquals(6, l.batchesPerEpoch());
      assertEquals(6, l.chunksPerEpoch());
    }
  }

  @Test
  void aBatchThatFailsIsAnErrorAndTheNextOneComes() throws Exception {
    FakeSource source = new FakeSource("a", 10, 3);
    source.failAt = 4;
    try (SessionLoader l =
        Fakes.sessions(List.of(source), FedOrder.TYPE, b -> b.fed().batchSize(2))) {
      l.feed().add(0, 1);
      l.feed().add(0, 3, 4);
      l.feed().add(0, 5);
      assertEquals(List.of(1), Fakes.see(l.next()).indices());
      LoaderException e = assertThrows(LoaderException.class, l::next);
      assertTrue(e.getMessage().contains("4"), e.getMessage());
      assertEquals(List.of(5), Fakes.see(l.next()).indices());
      assertNull(l.next());
    }
  }

  @Test
  void saysWhatItCannotTake() throws Exception {
    try (SessionLoader l = loader(b -> {}, 10, 4)) {
      BatchFeed feed = l.feed();
      refused(() -> feed.add(2, 0), "session is 2, expected 0 … 1");
      refused(() -> feed.add(-1, 0), "session is -1");
      refused(() -> feed.add(1, 4), "index is 4, expected 0 … 3");
      refused(() -> feed.add(1, -1), "index is -1");
      refused(() -> feed.add(0), "found 0 indices, expected 1 … 5");
      refused(() -> feed.add(0, 1, 2, 3, 4, 5, 6), "found 6 indices");
      assertEquals(0, feed.named());
      assertThrows(IllegalStateException.class, l::state);
      assertThrows(IllegalStateException.class, l::nextEpoch);
      assertThrows(IllegalStateException.class, () -> l.seek(1));
      assertNull(l.next());
    }
    try (SessionLoader l = Fakes.sessions(Fakes.sources(3), Cycle.LONG, b -> {})) {
      IllegalStateException e = assertThrows(IllegalStateException.class, l::feed);
      assertTrue(e.getMessage().contains("fed()"), e.getMessage());
    }
    List<Consumer<SessionLoader.Builder>> orders =
        List.of(
            b -> b.shuffle(true),
            b -> b.seed(1L),
            b -> b.dropLast(true),
            b -> b.shuffleEachEpoch(true),
            b -> b.rank(0, 2));
    for (Consumer<SessionLoader.Builder> order : orders) {
      ConfigException e = assertThrows(ConfigException.class, () -> loader(order, 3));
      assertTrue(e.getMessage().contains("together with fed"), e.getMessage());
    }
  }

  private static void refused(org.junit.jupiter.api.function.Executable call, String what) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call);
    assertTrue(e.getMessage().contains(what), e.getMessage());
  }
}
