/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.error.ConfigException;
import org.syncline.testdata.Goldens;

/** Which batches come in which order: goldens, cyclers, ranks, thread counts. */
@Tag("any-width")
class OrderTest {
  @Test
  void sessionsMatchTheOriginal(@TempDir Path folder) throws Exception {
    List<Map<String, Object>> calls = Goldens.unpack("sessions", folder).calls();
    assertEquals(4, calls.size());
    for (Map<String, Object> call : calls) {
      int[] sizes =
          ((List<?>) call.get("sizes")).stream().mapToInt(n -> ((Long) n).intValue()).toArray();
      try (SessionLoader loader =
          Fakes.sessions(
              Fakes.sources(sizes),
              Cycle.CONCATENATED,
              b ->
                  b.batchSize(((Long) call.get("batch_size")).intValue())
                      .dropLast((Boolean) call.get("drop_last"))
                      .shuffle((Boolean) call.get("shuffle"))
                      .seed((Long) call.get("seed")))) {
        for (Object epoch : (List<?>) call.get("epochs")) {
          List<List<?>> expected = new ArrayList<>();
          for (Object b : (List<?>) epoch) {
            List<?> pair = (List<?>) b;
            expected.add(
                List.of(
                    pair.get(0),
                    ((List<?>) pair.get(1)).stream().map(n -> ((Long) n).intValue()).toList()));
          }
          List<List<?>> actual = new ArrayList<>();
          Fakes.epoch(loader).forEach(s -> actual.add(List.of(s.session(), s.indices())));
          assertEquals(expected, actual);
          assertEquals(expected.size(), loader.batchesPerEpoch());
        }
        // any epoch again, backwards
        loader.seek(0);
        assertEquals(
            ((List<?>) ((List<?>) call.get("epochs")).get(0)).size(), Fakes.epoch(loader).size());
      }
    }
  }

  private static List<List<Integer>> indices(List<Fakes.Seen> seen, String session) {
    return seen.stream().filter(s -> s.session().equals(session)).map(Fakes.Seen::indices).toList();
  }

  @Test
  void ranksShareEachSessionOut() throws Exception {
    int[] sizes = {7, 12, 3};
    for (Cycle cycle : List.of(Cycle.LONG, Cycle.SHORT, Cycle.EXHAUSTING)) {
      for (Remainder remainder : Remainder.values()) {
        for (int world = 1; world <= 3; world++) {
          for (int rank = 0; rank < world; rank++) {
            ranksShareEachSessionOut(sizes, cycle, remainder, rank, world);
          }
        }
      }
    }
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () ->
                Fakes.sessions(
                    Fakes.sources(sizes),
                    Cycle.CONCATENATED,
                    b -> b.shareSessions(true).rank(0, 2)));
    assertTrue(e.getMessage().contains("shareSessions: found together with"), e.getMessage());
  }

  private static void ranksShareEachSessionOut(
      int[] sizes, Cycle cycle, Remainder remainder, int rank, int world) throws Exception {
    String at = cycle + " " + remainder + " " + rank + " of " + world;
    Consumer<SessionLoader.Builder> options =
        b -> b.batchSize(2).shuffle(true).seed(5L).rank(rank, world).remainder(remainder);
    String state;
    List<Fakes.Seen> rest;
    Consumer<SessionLoader.Builder> sharing =
        options.andThen(b -> b.cycle(cycle).shareSessions(true));
    try (SessionLoader l = Fakes.sessions(Fakes.sources(sizes), cycle, sharing)) {
      List<Fakes.Seen> found = Fakes.epoch(l);
      assertEquals(l.batchesPerEpoch(), found.size(), at);
      assertEquals(l.chunksPerEpoch(), found.stream().mapToInt(s -> s.indices().size()).sum(), at);
      for (int s = 0; s < sizes.length; s++) {
        // as a loader of the one recording shares it out, pass after pass
        List<List<Integer>> of = indices(found, "s" + s);
        List<Fakes.Seen> own = new ArrayList<>();
        try (SessionLoader alone =
            Fakes.sessions(List.of(Fakes.sources(sizes).get(s)), Cycle.EXHAUSTING, options)) {
          for (int pass = 0; own.size() < of.size(); pass++) {
            assertEquals(pass, alone.epoch());
            own.addAll(Fakes.epoch(alone));
          }
        }
        assertEquals(indices(own, "s" + s).subList(0, of.size()), of, at);
      }
      for (int k = 0; k < found.size() && cycle != Cycle.EXHAUSTING; k++) {
        assertEquals("s" + k % 3, found.get(k).session(), at);
      }
      Fakes.take(l, Math.min(4, l.batchesPerEpoch()));
      state = l.state().toJson();
      rest = Fakes.epoch(l);
      rest.addAll(Fakes.epoch(l));
    }
    try (SessionLoader l = Fakes.sessions(Fakes.sources(sizes), cycle, sharing)) {
      l.restore(LoaderState.fromJson(state));
      List<Fakes.Seen> again = Fakes.epoch(l);
      again.addAll(Fakes.epoch(l));
      assertEquals(rest, again, at);
    }
    try (SessionLoader l =
        Fakes.sessions(Fakes.sources(sizes), cycle, sharing.andThen(b -> b.rank(0, 4)))) {
      ConfigException e =
          assertThrows(ConfigException.class, () -> l.restore(LoaderState.fromJson(state)));
      assertTrue(e.getMessage().contains("share_sessions is of " + world), e.getMessage());
    }
  }

  @Test
  void weightsShareAnEpochOut() throws Exception {
    // numpy: order = [0, 1, 0, 0, 0, 1, 0] of 4 and 3 batches of 2 with weights 5 : 2
    List<FakeSource> sources = Fakes.sources(8, 6);
    try (SessionLoader l =
        Fakes.sessions(sources, Cycle.CONCATENATED, b -> b.batchSize(2).weights(5, 2))) {
      assertEquals(
          List.of("s0b0", "s1b0", "s0b1", "s0b2", "s0b3", "s1b1", "s0b0"),
          names(Fakes.epoch(l), 2));
      assertEquals(7, l.batchesPerEpoch());
      assertEquals(14, l.chunksPerEpoch());
    }
    Consumer<SessionLoader.Builder> shuffled =
        b -> b.batchSize(2).weights(0.1, 0.7, 0.1).shuffle(true).seed(3L);
    List<Fakes.Seen> whole;
    try (SessionLoader l = Fakes.sessions(Fakes.sources(8, 6, 5), Cycle.CONCATENATED, shuffled)) {
      whole = Fakes.epoch(l);
      whole.addAll(Fakes.epoch(l));
      whole.addAll(Fakes.epoch(l));
      int n = l.batchesPerEpoch();
      assertEquals(10, n);
      assertEquals(8, whole.stream().limit(n).filter(s -> s.session().equals("s1")).count());
      assertNotEquals(whole.subList(0, n), whole.subList(n, 2 * n));
      // back and forth
      l.seek(1, 4);
      assertEquals(whole.subList(n + 4, 2 * n), Fakes.epoch(l));
      l.seek(0);
      assertEquals(whole.subList(0, n), Fakes.epoch(l));
      Fakes.take(l, 3);
      String state = l.state().toJson();
      try (SessionLoader other =
          Fakes.sessions(Fakes.sources(8, 6, 5), Cycle.CONCATENATED, shuffled)) {
        other.restore(LoaderState.fromJson(state));
        assertEquals(whole.subList(n + 3, 2 * n), Fakes.epoch(other));
      }
      try (SessionLoader other =
          Fakes.sessions(
              Fakes.sources(8, 6, 5),
              Cycle.CONCATENATED,
              shuffled.andThen(b -> b.weights(1, 1, 1)))) {
        ConfigException e =
            assertThrows(ConfigException.class, () -> other.restore(LoaderState.fromJson(state)));
        assertTrue(
            e.getMessage().contains("weights is [0.1, 0.7, 0.1] in the state, [1.0, 1.0, 1.0]"),
            e.getMessage());
      }
    }
    List<Fakes.Seen> parts = new ArrayList<>();
    for (int rank = 0; rank < 2; rank++) {
      int r = rank;
      try (SessionLoader l =
          Fakes.sessions(
              Fakes.sources(8, 6, 5), Cycle.CONCATENATED, shuffled.andThen(b -> b.rank(r, 2)))) {
        parts.addAll(Fakes.epoch(l));
      }
    }
    parts.sort(Comparator.comparingInt(Fakes.Seen::position));
    assertEquals(whole.subList(0, 10), parts);
  }

  private static List<String> names(List<Fakes.Seen> seen, int batchSize) {
    return seen.stream().map(s -> s.session() + "b" + s.indices().get(0) / batchSize).toList();
  }

  @Test
  void cyclersFollowTheirRule() throws Exception {
    List<FakeSource> sources = Fakes.sources(4, 6);
    try (SessionLoader l = Fakes.sessions(sources, Cycle.LONG, b -> b.batchSize(2))) {
      assertEquals(
          List.of("s0b0", "s1b0", "s0b1", "s1b1", "s0b0", "s1b2"), names(Fakes.epoch(l), 2));
      assertEquals(6, l.batchesPerEpoch());
      assertEquals(12, l.chunksPerEpoch());
      assertEquals(
          List.of("s0b0", "s1b0", "s0b1", "s1b1", "s0b0", "s1b2"), names(Fakes.epoch(l), 2));
    }
    try (SessionLoader l = Fakes.sessions(Fakes.sources(4, 6), Cycle.SHORT, b -> b.batchSize(2))) {
      assertEquals(List.of("s0b0", "s1b0", "s0b1", "s1b1"), names(Fakes.epoch(l), 2));
      assertEquals(8, l.chunksPerEpoch());
    }
    try (SessionLoader l =
        Fakes.sessions(
            Fakes.sources(4, 1, 6), Cycle.EXHAUSTING, b -> b.batchSize(2).dropLast(true))) {
      assertEquals(List.of("s0b0", "s0b1", "s2b0", "s2b1", "s2b2"), names(Fakes.epoch(l), 2));
      assertEquals(10, l.chunksPerEpoch());
    }
  }

  @Test
  void longCyclerDrawsAnewWhereASessionStartsAgain() throws Exception {
    try (SessionLoader l =
        Fakes.sessions(
            Fakes.sources(20, 60), Cycle.LONG, b -> b.batchSize(20).shuffle(true).seed(4L))) {
      List<List<Integer>> orders =
          Fakes.epoch(l).stream()
              .filter(s -> s.session().equals("s0"))
              .map(Fakes.Seen::indices)
              .toList();
      assertEquals(3, orders.size());
      assertEquals(3, orders.stream().distinct().count());
      for (List<Integer> order : orders) {
        assertEquals(IntStream.range(0, 20).boxed().toList(), order.stream().sorted().toList());
      }
    }
  }

  @Test
  void orderDoesNotDependOnThreadsOrPrefetch() throws Exception {
    long seed = System.nanoTime() & 0xFFFF;
    System.out.println("OrderTest seed " + seed);
    for (Cycle cycle : Cycle.values()) {
      List<Fakes.Seen> expected = null;
      for (int threads : new int[] {1, 2, 5}) {
        List<FakeSource> sources = Fakes.sources(13, 41, 8);
        Random random = new Random(seed);
        // uneven times of reading must not matter
        sources.forEach(s -> s.onRead = () -> Thread.onSpinWait());
        sources.get(1).delayNanos = random.nextInt(50_000);
        try (SessionLoader l =
            Fakes.sessions(
                sources,
                cycle,
                b -> b.threads(threads).prefetch(threads).batchSize(5).shuffle(true).seed(seed))) {
          List<Fakes.Seen> seen = Fakes.take(l, 60);
          if (expected == null) {
            expected = seen;
          } else {
            assertEquals(expected, seen, cycle + " with " + threads + " threads");
          }
        }
      }
    }
  }

  @Test
  void epochsDifferAndCoverEverything() throws Exception {
    try (ChunkLoader l =
        Fakes.chunks(new FakeSource("a", 100, 1), b -> b.batchSize(7).shuffle(true).seed(1L))) {
      List<Integer> first = Fakes.epoch(l).stream().flatMap(s -> s.indices().stream()).toList();
      List<Integer> second = Fakes.epoch(l).stream().flatMap(s -> s.indices().stream()).toList();
      assertNotEquals(first, second);
      assertEquals(IntStream.range(0, 100).boxed().toList(), first.stream().sorted().toList());
      assertEquals(IntStream.range(0, 100).boxed().toList(), second.stream().sorted().toList());
      l.seek(1);
      assertEquals(second, Fakes.epoch(l).stream().flatMap(s -> s.indices().stream()).toList());
    }
  }

  @Test
  void permutationIsFair() {
    // each place gets each value about equally often: chi-square over 20 × 20 cells, 361 degrees of
    // freedom
    int n = 20;
    int draws = 20_000;
    int[][] counts = new int[n][n];
    try (CycledOrder order =
        new CycledOrder(
            CycledOrder.Rule.EXHAUSTING, new int[] {n}, n, false, true, new long[] {99}, null)) {
      int[] target = new int[n];
      for (int e = 0; e < draws; e++) {
        order.begin(e);
        order.indices(0, target);
        for (int i = 0; i < n; i++) {
          counts[i][target[i]]++;
        }
      }
    }
    double chi = 0;
    double expected = (double) draws / n;
    for (int[] row : counts) {
      for (int c : row) {
        chi += (c - expected) * (c - expected) / expected;
      }
    }
    // mean 361, standard deviation 27
    assertTrue(chi > 361 - 6 * 27 && chi < 361 + 6 * 27, "chi-square " + chi);
  }

  @Test
  void ranksShareOneOrder() throws Exception {
    for (Cycle cycle : Cycle.values()) {
      List<Fakes.Seen> whole;
      try (SessionLoader l =
          Fakes.sessions(
              Fakes.sources(13, 41, 8), cycle, b -> b.batchSize(4).shuffle(true).seed(3L))) {
        whole = Fakes.epoch(l);
      }
      for (int world : new int[] {1, 2, 3, 4, 7, 64}) {
        for (Remainder remainder : Remainder.values()) {
          List<Fakes.Seen> union = new ArrayList<>();
          int most = 0;
          int least = Integer.MAX_VALUE;
          for (int r = 0; r < world; r++) {
            int rank = r;
            try (SessionLoader l =
                Fakes.sessions(
                    Fakes.sources(13, 41, 8),
                    cycle,
                    b ->
                        b.batchSize(4)
                            .shuffle(true)
                            .seed(3L)
                            .rank(rank, world)
                            .remainder(remainder))) {
              List<Fakes.Seen> own = Fakes.epoch(l);
              assertEquals(l.batchesPerEpoch(), own.size());
              most = Math.max(most, own.size());
              least = Math.min(least, own.size());
              union.addAll(own);
            }
          }
          union.sort((a, b) -> Integer.compare(a.position(), b.position()));
          int n = whole.size();
          if (remainder == Remainder.UNEVEN) {
            assertEquals(whole, union);
            assertTrue(most - least <= 1);
          } else {
            assertEquals(most, least);
            int expected =
                remainder == Remainder.PAD ? (n + world - 1) / world * world : n / world * world;
            assertEquals(expected, union.size());
            for (int i = 0; i < expected; i++) {
              assertEquals(i, union.get(i).position());
              assertEquals(whole.get(i % n).indices(), union.get(i).indices());
              assertEquals(whole.get(i % n).hash(), union.get(i).hash());
            }
          }
        }
      }
    }
  }

  @Test
  void ranksComeFromTheEnvironment() {
    SessionLoader.Builder b = SessionLoader.builder();
    assertEquals(1, b.rankFrom(Map.of()).options.worldSize);
    b.rankFrom(Map.of("RANK", "3", "WORLD_SIZE", "8"));
    assertEquals(3, b.options.rank);
    assertEquals(8, b.options.worldSize);
    for (Map<String, String> bad :
        List.of(
            Map.of("RANK", "3"),
            Map.of("WORLD_SIZE", "3"),
            Map.of("RANK", "8", "WORLD_SIZE", "8"),
            Map.of("RANK", "-1", "WORLD_SIZE", "8"),
            Map.of("RANK", "x", "WORLD_SIZE", "8"),
            Map.of("RANK", "0", "WORLD_SIZE", "0"))) {
      assertThrows(ConfigException.class, () -> b.rankFrom(bad), bad.toString());
    }
  }

  @Test
  void ranksWithoutASeedAreRefused() {
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () -> Fakes.chunks(new FakeSource("a", 10, 1), b -> b.shuffle(true).rank(0, 2)));
    assertTrue(e.getMessage().contains("seed"), e.getMessage());
  }

  @Test
  void seedsOfSessionsFollowTheRule() {
    // Python: int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") % 10000
    assertEquals(42 + 5944, SessionSeeds.derived(42, "s0"));
    assertEquals(7518, SessionSeeds.derived(0, "dynamic29515-10-12"));
  }

  @Test
  void shuffleEachEpochDrawsStartsAsTheDatasetDoes() throws Exception {
    FakeSource source = new FakeSource("a", 25, 1);
    source.stride = 4;
    org.syncline.random.LegacyRandomState generator =
        new org.syncline.random.LegacyRandomState(SessionSeeds.derived(9, "a"));
    try (ChunkLoader l =
        Fakes.chunks(source, b -> b.batchSize(10).shuffleEachEpoch(true).seed(9L))) {
      List<Long> firstHashes = null;
      for (int epoch = 0; epoch < 3; epoch++) {
        double[] starts = generator.choice(source.allStarts(), 25);
        java.util.Arrays.sort(starts);
        List<Double> seen = new ArrayList<>();
        List<Long> hashes = new ArrayList<>();
        for (Batch batch; (batch = l.next()) != null; ) {
          for (int k = 0; k < batch.size(); k++) {
            seen.add(
                batch
                    .timestamps()
                    .get("responses")
                    .data()
                    .getAtIndex(java.lang.foreign.ValueLayout.JAVA_DOUBLE, 2L * k));
          }
          hashes.add(Fakes.see(batch).hash());
        }
        assertArrayEquals(starts, seen.stream().mapToDouble(d -> d).toArray());
        if (epoch == 0) {
          firstHashes = hashes;
        }
      }
      l.seek(0);
      assertEquals(firstHashes, Fakes.epoch(l).stream().map(Fakes.Seen::hash).toList());
    }
  }

  @Test
  void sessionsWithoutChunksAreLeftOutAndNamesMustDiffer() throws Exception {
    try (SessionLoader l =
        Fakes.sessions(Fakes.sources(0, 5, 0), Cycle.CONCATENATED, b -> b.batchSize(2))) {
      assertEquals(List.of("s1"), l.sessionKeys());
      assertEquals(0, l.next().session());
    }
    assertThrows(
        ConfigException.class, () -> Fakes.sessions(Fakes.sources(0, 0), Cycle.LONG, b -> {}));
    assertThrows(ConfigException.class, () -> Fakes.sessions(List.of(), Cycle.LONG, b -> {}));
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () ->
                Fakes.sessions(
                    List.of(new FakeSource("a", 3, 1), new FakeSource("a", 4, 1)),
                    Cycle.LONG,
                    b -> {}));
    assertTrue(e.getMessage().contains("named a"), e.getMessage());
  }

  @Test
  void anEpochWithoutBatchesEnds() throws Exception {
    for (Cycle cycle : Cycle.values()) {
      try (SessionLoader l =
          Fakes.sessions(Fakes.sources(3, 2), cycle, b -> b.batchSize(4).dropLast(true))) {
        assertEquals(0, l.batchesPerEpoch());
        assertEquals(null, l.next());
        assertEquals(null, l.next(java.time.Duration.ZERO));
        assertFalse(l.epochs().iterator().hasNext());
      }
    }
  }

  @Test
  void sessionsWithoutBatchesStillTakePartInShuffling() throws Exception {
    // drop_last leaves s0 no batch, yet its place in the list moves the others' draws
    try (SessionLoader l =
        Fakes.sessions(
            Fakes.sources(2, 9, 9),
            Cycle.CONCATENATED,
            b -> b.batchSize(3).dropLast(true).shuffle(true).seed(7L))) {
      org.syncline.random.LegacyRandomState rounds = new org.syncline.random.LegacyRandomState(7);
      List<String> expected = new ArrayList<>();
      for (int round = 0; round < 3; round++) {
        int[] order = {0, 1, 2};
        rounds.shuffle(order);
        for (int s : order) {
          if (s > 0) {
            expected.add("s" + s);
          }
        }
      }
      assertEquals(expected, Fakes.epoch(l).stream().map(Fakes.Seen::session).toList());
    }
  }

  @Test
  void everySessionIsCoveredOnceAnEpoch() throws Exception {
    try (SessionLoader l =
        Fakes.sessions(
            Fakes.sources(13, 1, 40),
            Cycle.CONCATENATED,
            b -> b.batchSize(4).shuffle(true).seed(5L))) {
      List<String> chunks = new ArrayList<>();
      Fakes.epoch(l).forEach(s -> s.indices().forEach(i -> chunks.add(s.session() + "/" + i)));
      assertEquals(54, chunks.size());
      assertEquals(54, new TreeSet<>(chunks).size());
      assertEquals(54, l.chunksPerEpoch());
      assertEquals(Collections.frequency(chunks, "s1/0"), 1);
    }
  }

  @Test
  void chunksCanBeChosen() throws Exception {
    int[] chosen = {7, 3, 3, 99, 0};
    FakeSource source = new FakeSource("a", 100, 1);
    LoaderState state;
    try (ChunkLoader l = Fakes.chunks(source, b -> b.batchSize(2).indices(chosen))) {
      List<Fakes.Seen> seen = Fakes.epoch(l);
      assertEquals(
          List.of(7, 3, 3, 99, 0), seen.stream().flatMap(s -> s.indices().stream()).toList());
      state = l.state();
    }
    try (ChunkLoader l =
        Fakes.chunks(
            new FakeSource("a", 100, 1), b -> b.batchSize(2).indices(chosen).shuffle(true))) {
      List<Integer> order =
          Fakes.epoch(l).stream().flatMap(s -> s.indices().stream()).sorted().toList();
      assertEquals(List.of(0, 3, 3, 7, 99), order);
    }
    try (ChunkLoader l =
        Fakes.chunks(new FakeSource("a", 100, 1), b -> b.batchSize(2).indices(new int[] {1, 2}))) {
      ConfigException e = assertThrows(ConfigException.class, () -> l.restore(state));
      assertTrue(e.getMessage().contains("a.indices is 5 chunks"), e.getMessage());
    }
    assertThrows(
        org.syncline.error.SynclineException.class,
        () -> Fakes.chunks(new FakeSource("a", 100, 1), b -> b.indices(new int[] {100})));
    assertThrows(
        ConfigException.class,
        () ->
            Fakes.chunks(
                new FakeSource("a", 100, 1), b -> b.indices(chosen).shuffleEachEpoch(true)));
  }

  @Test
  void aClosedLoopReadsAheadAndJumps() throws Exception {
    try (ChunkLoader l = Fakes.chunks(new FakeSource("a", 100, 1), LoaderBuilder::latencyMode)) {
      int[] asked = {0, 1, 2, 50, 51, 52, 3, 4, 99};
      for (int index : asked) {
        if (l.position() != index) {
          l.seek(l.epoch(), index);
        }
        Batch b = l.next();
        assertEquals(List.of(index), Fakes.see(b).indices());
      }
      assertEquals(null, l.next());
      assertEquals(1, l.epoch());
      l.seek(1, 100);
      assertEquals(null, l.next());
      assertEquals(0, Fakes.see(l.next()).position());
      assertThrows(IllegalArgumentException.class, () -> l.seek(0, -1));
      assertEquals(3, l.layout(0).size());
    }
  }
}
