/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.syncline.FreshJvm;
import org.syncline.error.ConfigException;
import org.syncline.random.LegacyRandomState;

/** A state continues with exactly the next batch. */
@Tag("any-width")
class ResumeTest {
  /** A random configuration that can be built again from its seed. */
  record Setup(long seed) {
    private Random random() {
      return new Random(seed);
    }

    BatchLoader open(int threads, int rank, int world) {
      Random r = random();
      int n = 1 + r.nextInt(4);
      int[] sizes = IntStream.range(0, n).map(i -> r.nextInt(40)).toArray();
      sizes[0] += 5;
      int batch = 1 + r.nextInt(6);
      boolean shuffle = r.nextInt(4) > 0;
      boolean drop = r.nextBoolean();
      boolean each = r.nextInt(3) == 0;
      Remainder remainder = Remainder.values()[r.nextInt(3)];
      Cycle cycle = Cycle.values()[r.nextInt(4)];
      boolean one = r.nextInt(3) == 0;
      long apart = r.nextBoolean() ? 1 + r.nextInt(200) : GeneratorTrail.APART;
      List<FakeSource> sources = Fakes.sources(sizes);
      sources.forEach(s -> s.stride = 1 + r.nextInt(2));
      Consumer<LoaderBuilder<?>> options =
          b -> {
            b.options.trailApart = apart;
            b.threads(threads)
                .prefetch(1 + threads)
                .batchSize(batch)
                .shuffle(shuffle)
                .dropLast(drop)
                .shuffleEachEpoch(each)
                .seed(seed & 0xFFFF)
                .rank(rank, world)
                .remainder(remainder);
          };
      return one
          ? Fakes.chunks(sources.getFirst(), options::accept)
          : Fakes.sessions(sources, cycle, options::accept);
    }
  }

  /** Takes batches and marks, null for a mark. */
  private static List<Fakes.Seen> steps(BatchLoader loader, int count) throws InterruptedException {
    List<Fakes.Seen> list = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Batch b = loader.next();
      list.add(b == null ? null : Fakes.see(b));
    }
    return list;
  }

  /** Generators are kept as they are drawn, ahead of the consumer: which of them is chance. */
  private static String withoutCheckpoints(String json) {
    return json.replaceFirst(",\"checkpoints\":.*$", "}");
  }

  @Test
  void anyStateOfAnyConfigurationContinuesExactly() throws Exception {
    long base = System.nanoTime();
    System.out.println("ResumeTest base seed " + base);
    for (int round = 0; round < 150; round++) {
      Setup setup = new Setup(base + round);
      Random random = new Random(base * 31 + round);
      int world = 1 + random.nextInt(3);
      int rank = random.nextInt(world);
      int before = random.nextInt(30);
      String json;
      List<Fakes.Seen> expected;
      try (BatchLoader l = setup.open(1 + random.nextInt(3), rank, world)) {
        steps(l, before);
        json = l.state().toJson();
        expected = steps(l, 40);
      }
      try (BatchLoader l = setup.open(1 + random.nextInt(3), rank, world)) {
        steps(l, random.nextInt(5));
        LoaderState state = LoaderState.fromJson(json);
        l.restore(state);
        assertEquals(withoutCheckpoints(json), withoutCheckpoints(l.state().toJson()));
        assertEquals(expected, steps(l, 40), setup + " after " + before);
      }
    }
  }

  @Test
  void ranksCanBeSharedOutAnewWithinAnEpoch() throws Exception {
    long base = System.nanoTime();
    System.out.println("ResumeTest base seed " + base);
    for (int round = 0; round < 60; round++) {
      Setup setup = new Setup(base + round);
      Random random = new Random(base + round);
      int oldWorld = 1 + random.nextInt(4);
      int newWorld = 1 + random.nextInt(4);
      List<Fakes.Seen> whole;
      try (BatchLoader l = setup.open(2, 0, 1)) {
        whole = Fakes.epoch(l);
      }
      if (whole.size() < oldWorld) {
        continue;
      }
      int steps = random.nextInt(whole.size() / oldWorld + 1);
      List<String> states = new ArrayList<>();
      for (int r = 0; r < oldWorld; r++) {
        try (BatchLoader l = setup.open(1, r, oldWorld)) {
          for (int i = 0; i < steps; i++) {
            l.next().close();
          }
          LoaderState s = l.state();
          states.add(s.toJson());
          assertEquals(steps * oldWorld, s.position());
        }
      }
      assertEquals(1, states.stream().distinct().count(), "all ranks have one state");
      List<Fakes.Seen> rest = new ArrayList<>();
      for (int r = 0; r < newWorld; r++) {
        try (BatchLoader l = setup.open(1, r, newWorld)) {
          l.restore(LoaderState.fromJson(states.getFirst()));
          rest.addAll(Fakes.epoch(l));
        }
      }
      // what is left comes once, padding and dropping aside
      List<Fakes.Seen> left = whole.subList(steps * oldWorld, whole.size());
      rest.sort((a, b) -> Integer.compare(a.position(), b.position()));
      int common = Math.min(left.size(), rest.size());
      assertTrue(Math.abs(left.size() - rest.size()) < newWorld);
      assertEquals(left.subList(0, common), rest.subList(0, common), setup.toString());
    }
  }

  @Test
  void aDrawnSeedTravelsWithTheState() throws Exception {
    String json;
    List<Fakes.Seen> expected;
    for (Cycle cycle : Cycle.values()) {
      try (SessionLoader l =
          Fakes.sessions(Fakes.sources(20, 30), cycle, b -> b.batchSize(3).shuffle(true))) {
        Fakes.take(l, 5);
        json = l.state().toJson();
        expected = Fakes.take(l, 30);
      }
      try (SessionLoader l =
          Fakes.sessions(Fakes.sources(20, 30), cycle, b -> b.batchSize(3).shuffle(true))) {
        l.restore(LoaderState.fromJson(json));
        assertEquals(expected, Fakes.take(l, 30));
      }
    }
  }

  /** There would be nothing to take there: a run would end at once, or an epoch be left out. */
  @ParameterizedTest
  @EnumSource(Cycle.class)
  void placesPastAnEpochsEndAreRefused(Cycle cycle) throws InterruptedException {
    for (int world : new int[] {1, 2, 3}) {
      for (boolean share : new boolean[] {false, true}) {
        if (share && cycle == Cycle.CONCATENATED) {
          continue;
        }
        for (int rank = 0; rank < world; rank++) {
          int own = rank;
          try (SessionLoader l =
              Fakes.sessions(
                  Fakes.sources(20, 30, 7),
                  cycle,
                  b -> b.cycle(cycle).batchSize(3).rank(own, world).shareSessions(share))) {
            int all = Math.max(l.batchesPerEpoch() * world, share ? 0 : total(cycle));
            int room = world * (share ? 4 : 1);
            LoaderState state = l.state();
            l.seek(0, all);
            assertNull(l.next(), "behind the last batch is the epoch's end");
            l.restore(state.at(3, all));
            assertNull(l.next());
            assertEquals(4, Fakes.see(l.next()).epoch());
            LoaderState here = l.state();
            IllegalArgumentException seek =
                assertThrows(IllegalArgumentException.class, () -> l.seek(0, all + room));
            ConfigException restore =
                assertThrows(ConfigException.class, () -> l.restore(state.at(0, all + room)));
            for (Exception e : List.of(seek, restore)) {
              assertTrue(
                  e.getMessage().contains(" " + (all + room) + ", expected 0 to "), e.getMessage());
            }
            assertEquals(here.toJson(), l.state().toJson());
          }
        }
      }
    }
  }

  private static int total(Cycle cycle) {
    try (SessionLoader l = Fakes.sessions(Fakes.sources(20, 30, 7), cycle, b -> b.batchSize(3))) {
      return l.batchesPerEpoch();
    }
  }

  private static String refusal(
      Consumer<SessionLoader.Builder> options, List<FakeSource> sources, Cycle cycle) {
    LoaderState state;
    try (SessionLoader l =
        Fakes.sessions(Fakes.sources(9, 8), Cycle.CONCATENATED, b -> b.batchSize(2).seed(1L))) {
      state = l.state();
    }
    try (SessionLoader l = Fakes.sessions(sources, cycle, options)) {
      l.next().close();
      ConfigException e = assertThrows(ConfigException.class, () -> l.restore(state));
      assertTrue(e.getMessage().contains(state.fingerprint()), e.getMessage());
      assertEquals(1, l.position(), "a refused state leaves the loader where it was");
      assertEquals(1, Fakes.see(l.next()).position());
      return e.getMessage();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatDiffersIsSaid() {
    assertTrue(
        refusal(b -> b.batchSize(3).seed(1L), Fakes.sources(9, 8), Cycle.CONCATENATED)
            .contains("batch_size is 2 in the state, 3 here"));
    assertTrue(
        refusal(b -> b.batchSize(2).seed(2L), Fakes.sources(9, 8), Cycle.CONCATENATED)
            .contains("seed is 1 in the state, 2 here"));
    assertTrue(
        refusal(b -> b.batchSize(2).seed(1L), Fakes.sources(9, 8), Cycle.LONG)
            .contains("loader is concatenated in the state, long here"));
    assertTrue(
        refusal(b -> b.batchSize(2).seed(1L), Fakes.sources(9, 7), Cycle.CONCATENATED)
            .contains("s1.length is 8"));
    assertTrue(
        refusal(b -> b.batchSize(2).seed(1L), Fakes.sources(9), Cycle.CONCATENATED)
            .contains("this loader has no recording s1"));
    List<FakeSource> other = Fakes.sources(9, 8);
    other.get(0).version = "2";
    assertTrue(
        refusal(b -> b.batchSize(2).seed(1L), other, Cycle.CONCATENATED)
            .contains("s0.version is 1 in the state, 2 here"));
    assertTrue(
        refusal(b -> b.batchSize(2).seed(1L), Fakes.sources(9, 8).reversed(), Cycle.CONCATENATED)
            .contains("another order"));
  }

  @Test
  void lateStatesCarryTheirGenerators() throws Exception {
    for (Cycle cycle : new Cycle[] {Cycle.CONCATENATED, Cycle.LONG}) {
      for (boolean each : new boolean[] {true, false}) {
        if (cycle != Cycle.CONCATENATED && !each) {
          continue; // every epoch is drawn from the seed alone
        }
        // of two chunks no batch is made, which a cycler could not wait for
        int[] sizes = {10, 33, cycle == Cycle.CONCATENATED ? 2 : 4, 21};
        Consumer<SessionLoader.Builder> options =
            b -> {
              b.options.trailApart = 100;
              b.batchSize(3).shuffle(true).dropLast(true).shuffleEachEpoch(each).seed(5L);
            };
        try (SessionLoader l = Fakes.sessions(Fakes.sources(sizes), cycle, options);
            SessionLoader fresh = Fakes.sessions(Fakes.sources(sizes), cycle, options)) {
          for (int e = 0; e < 9; e++) {
            Fakes.epoch(l);
          }
          Fakes.take(l, 4);
          String json = l.state().toJson();
          List<Fakes.Seen> expected = steps(l, 60);
          assertEquals(
              each ? 1 : 0, json.contains("\"starts\":{\"epoch\"") ? 1 : 0, "of start times");
          assertEquals(
              cycle == Cycle.CONCATENATED, json.contains("\"order\":{\"epoch\""), "of the order");
          // with the generators, and without, as states of earlier versions are
          for (String s : List.of(json, json.replace("\"checkpoints\"", "\"chequepoints\""))) {
            fresh.restore(LoaderState.fromJson(s));
            assertEquals(s.equals(json), fresh.state().toJson().contains("checkpoints"));
            assertEquals(expected, steps(fresh, 60));
          }
          // the same generators in an epoch that nobody could draw from the seed
          long far = 1_000_000_000_000L;
          fresh.restore(LoaderState.fromJson(later(json, far)));
          List<Fakes.Seen> later = steps(fresh, 60);
          for (int i = 0; i < 60; i++) {
            Fakes.Seen want = expected.get(i);
            if (want == null) {
              assertEquals(null, later.get(i));
            } else if (cycle == Cycle.CONCATENATED) {
              assertEquals(
                  new Fakes.Seen(
                      want.epoch() + far,
                      want.position(),
                      want.session(),
                      want.indices(),
                      want.hash()),
                  later.get(i));
            }
          }
          // what lies before them is still drawn from the seed
          fresh.restore(LoaderState.fromJson(json));
          fresh.seek(1);
          l.seek(1);
          assertEquals(steps(l, 60), steps(fresh, 60));
        }
      }
    }
  }

  /** The state with all its epochs so much later. */
  private static String later(String json, long by) {
    java.util.regex.Matcher m = java.util.regex.Pattern.compile("\"epoch\":(\\d+)").matcher(json);
    return m.replaceAll(r -> "\"epoch\":" + (Long.parseLong(r.group(1)) + by));
  }

  @Test
  void brokenCheckpointsAreRefused() throws Exception {
    String json;
    try (SessionLoader l =
        Fakes.sessions(
            Fakes.sources(9, 8),
            Cycle.CONCATENATED,
            b -> {
              b.options.trailApart = 1;
              b.batchSize(2).shuffle(true).shuffleEachEpoch(true).seed(1L);
            })) {
      for (int e = 0; e < 3; e++) {
        Fakes.epoch(l);
      }
      Fakes.take(l, 1);
      json = l.state().toJson();
    }
    LoaderState.fromJson(json);
    for (String bad :
        List.of(
            json.replaceFirst("\"order\":\\{\"epoch\":\\d+", "\"order\":{\"epoch\":9"),
            json.replaceFirst("\"starts\":\\{\"epoch\":\\d+", "\"starts\":{\"epoch\":-1"),
            json.replaceFirst("\"order\":\\{", "\"order\":7,\"x\":{"),
            json.replaceFirst("\"generators\":\\[\"[^\"]*\",", "\"generators\":["),
            json.replaceFirst("\"generators\":\\[\"", "\"generators\":[\"!"))) {
      assertThrows(ConfigException.class, () -> LoaderState.fromJson(bad), bad);
    }
  }

  @Test
  void brokenStatesAreRefused() {
    String json;
    try (SessionLoader l =
        Fakes.sessions(Fakes.sources(9, 8), Cycle.CONCATENATED, b -> b.batchSize(2).seed(1L))) {
      json = l.state().toJson();
      assertTrue(json.length() < 2000, "small");
    }
    for (String bad :
        List.of(
            "",
            "[]",
            "{}",
            "nonsense",
            json.substring(0, json.length() / 2),
            json.replace("\"version\":1", "\"version\":2"),
            json.replace("\"epoch\":0", "\"epoch\":-1"),
            json.replace("\"epoch\":0", "\"epoch\":1.5"),
            json.replace("\"position\":0", "\"position\":99999999999"),
            json.replace("\"length\":9", "\"length\":10"),
            json.replace("\"settings\":", "\"sittings\":"))) {
      assertThrows(ConfigException.class, () -> LoaderState.fromJson(bad), bad);
    }
  }

  // ------------------------------------------------------------------ the original's dictionaries

  private static List<Object> tuple(LegacyRandomState.State s) {
    List<Long> words = new ArrayList<>();
    for (int w : s.key()) {
      words.add(Integer.toUnsignedLong(w));
    }
    return List.of("MT19937", words, s.position(), s.hasGauss(), s.cachedGaussian());
  }

  /** A dictionary as the original writes it after so many batches, told by an order of our own. */
  private static Map<String, Object> dictionary(
      int[] sizes, long seed, long epoch, int position, boolean before, long generatorSeed) {
    Map<String, Object> map = new LinkedHashMap<>();
    try (ConcatenatedOrder order = new ConcatenatedOrder(sizes, 3, false, true, seed);
        ConcatenatedOrder other = new ConcatenatedOrder(sizes, 3, false, true, generatorSeed)) {
      order.begin(epoch);
      Map<String, Object> taken = new LinkedHashMap<>();
      for (int s = 0; s < sizes.length; s++) {
        taken.put("s" + s, 0);
      }
      for (int b = 0; b < position; b++) {
        taken.merge("s" + order.session(b), 1, (x, y) -> (Integer) x + (Integer) y);
      }
      LegacyRandomState.State[] states =
          other.generatorsBefore(before || position == 0 ? epoch : epoch + 1);
      Map<String, Object> samplers = new LinkedHashMap<>();
      for (int s = 0; s < sizes.length; s++) {
        samplers.put(
            "s" + s,
            Map.of(before && position > 0 ? "prv_rng_state" : "rng_state", tuple(states[s])));
      }
      map.put("current_batch", epoch * order.batches() + position);
      map.put("epoch", epoch);
      map.put("session_positions", taken);
      map.put("batches_from_session", taken);
      map.put("active_sessions", new ArrayList<>(taken.keySet()));
      map.put("batch_sampler_state", Map.of("rng_state", tuple(states[sizes.length])));
      map.put("session_sampler_states", samplers);
    }
    return map;
  }

  @Test
  void statesOfTheOriginalContinue() throws Exception {
    int[] sizes = {10, 33, 21};
    for (long epoch : new long[] {0, 1, 3}) {
      for (int position : new int[] {0, 1, 9}) {
        for (boolean before : new boolean[] {true, false}) {
          Map<String, Object> d = dictionary(sizes, 5, epoch, position, before, 5);
          List<Fakes.Seen> expected;
          Consumer<SessionLoader.Builder> options = b -> b.batchSize(3).shuffle(true).seed(5L);
          try (SessionLoader l =
              Fakes.sessions(Fakes.sources(sizes), Cycle.CONCATENATED, options)) {
            l.seek(epoch);
            Fakes.take(l, position);
            expected = steps(l, 60);
          }
          try (SessionLoader l =
              Fakes.sessions(Fakes.sources(sizes), Cycle.CONCATENATED, options)) {
            // also through text, as Python's json writes it
            l.restore(LoaderState.fromJson(LoaderState.fromOriginal(d).toJson()));
            assertEquals(expected, steps(l, 60));
          }
        }
      }
    }
  }

  @Test
  void betweenEpochsTheGeneratorsOfTheOriginalAreEnough() throws Exception {
    int[] sizes = {10, 33, 21};
    // a run of another seed in its epoch 2
    Map<String, Object> d = dictionary(sizes, 77, 2, 0, false, 77);
    List<Fakes.Seen> expected;
    try (SessionLoader l =
        Fakes.sessions(
            Fakes.sources(sizes),
            Cycle.CONCATENATED,
            b -> b.batchSize(3).shuffle(true).seed(77L))) {
      l.seek(2);
      expected = steps(l, 60);
    }
    try (SessionLoader l =
        Fakes.sessions(
            Fakes.sources(sizes), Cycle.CONCATENATED, b -> b.batchSize(3).shuffle(true).seed(5L))) {
      l.restore(LoaderState.fromOriginal(d));
      assertEquals(expected.subList(0, 20), steps(l, 20));
      // and a state of our own taken then carries the generators on
      String json = l.state().toJson();
      try (SessionLoader m =
          Fakes.sessions(
              Fakes.sources(sizes),
              Cycle.CONCATENATED,
              b -> b.batchSize(3).shuffle(true).seed(5L))) {
        m.restore(LoaderState.fromJson(json));
        assertEquals(expected.subList(20, 60), steps(m, 40));
        assertThrows(IllegalArgumentException.class, () -> m.seek(1));
      }
    }
  }

  @Test
  void statesOfTheOriginalThatDoNotCarryEnoughAreRefused() throws Exception {
    int[] sizes = {10, 33, 21};
    try (SessionLoader l =
        Fakes.sessions(
            Fakes.sources(sizes), Cycle.CONCATENATED, b -> b.batchSize(3).shuffle(true).seed(5L))) {
      // mid-epoch of another seed
      ConfigException e =
          assertThrows(
              ConfigException.class,
              () -> l.restore(LoaderState.fromOriginal(dictionary(sizes, 5, 1, 4, true, 6))));
      assertTrue(e.getMessage().contains("seed 5"), e.getMessage());
      Map<String, Object> without = dictionary(sizes, 5, 1, 4, true, 5);
      without.remove("session_sampler_states");
      assertThrows(ConfigException.class, () -> l.restore(LoaderState.fromOriginal(without)));
      Map<String, Object> wrong = dictionary(sizes, 5, 1, 4, true, 5);
      wrong.put("session_positions", Map.of("s0", 4, "s1", 0, "s2", 0));
      assertThrows(ConfigException.class, () -> l.restore(LoaderState.fromOriginal(wrong)));
      Map<String, Object> names = dictionary(sizes, 5, 1, 4, true, 5);
      names.put("session_positions", Map.of("a", 1, "b", 2, "c", 1));
      assertThrows(ConfigException.class, () -> l.restore(LoaderState.fromOriginal(names)));
      assertThrows(ConfigException.class, () -> LoaderState.fromOriginal(Map.of("epoch", 1L)));
      assertEquals(0, l.position());
      assertEquals(0, Fakes.see(l.next()).position());
    }
    try (SessionLoader l =
        Fakes.sessions(
            Fakes.sources(sizes), Cycle.LONG, b -> b.batchSize(3).shuffle(true).seed(5L))) {
      assertThrows(
          ConfigException.class,
          () -> l.restore(LoaderState.fromOriginal(dictionary(sizes, 5, 0, 0, true, 5))));
    }
  }

  // ------------------------------------------------------------------ another process

  /**
   * Runs a loader: writes its state after each batch, then what the batch was, until it is killed.
   */
  public static final class Child {
    private Child() {}

    public static void main(String[] args) throws Exception {
      Path stateFile = Path.of(args[1]);
      try (BatchLoader l = new Setup(Long.parseLong(args[0])).open(3, 0, 1)) {
        if (Files.exists(stateFile)) {
          l.restore(LoaderState.fromJson(Files.readString(stateFile)));
        }
        for (int i = 0; i < Integer.parseInt(args[2]); i++) {
          Batch b = l.next();
          Fakes.Seen seen = b == null ? null : Fakes.see(b);
          Path temporary = stateFile.resolveSibling("state.tmp");
          Files.writeString(temporary, l.state().toJson());
          Files.move(temporary, stateFile, StandardCopyOption.ATOMIC_MOVE);
          System.out.println(seen);
        }
      }
    }
  }

  private static Process child(long seed, Path state, int count) throws Exception {
    return FreshJvm.of(
            List.of("--enable-native-access=ALL-UNNAMED", "-Xmx128m"),
            Child.class,
            Long.toString(seed),
            state.toString(),
            Integer.toString(count))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  @Test
  void aKilledProcessGoesOnWithTheNextBatch(@TempDir Path folder) throws Exception {
    long seed = System.nanoTime();
    System.out.println("ResumeTest process seed " + seed);
    for (int round = 0; round < 2; round++) {
      Path state = folder.resolve("state" + round);
      Process killed = child(seed + round, state, 1_000_000);
      int lines = 50 + new Random(seed + round).nextInt(100);
      try (BufferedReader out =
          new BufferedReader(
              new InputStreamReader(killed.getInputStream(), StandardCharsets.UTF_8))) {
        for (int i = 0; i < lines; i++) {
          out.readLine();
        }
        killed.destroyForcibly(); // kill -9
      }
      assertTrue(killed.waitFor(30, TimeUnit.SECONDS));
      assertEquals(137, killed.exitValue());
      LoaderState at = LoaderState.fromJson(Files.readString(state));
      List<String> actual = new ArrayList<>();
      Process next = child(seed + round, state, 1000);
      try (BufferedReader out =
          new BufferedReader(
              new InputStreamReader(next.getInputStream(), StandardCharsets.UTF_8))) {
        for (String line; (line = out.readLine()) != null; ) {
          actual.add(line);
        }
      }
      assertTrue(next.waitFor(30, TimeUnit.SECONDS));
      assertEquals(0, next.exitValue());
      // an uninterrupted run, in this process, up to the state and on
      List<String> expected = new ArrayList<>();
      try (BatchLoader l = new Setup(seed + round).open(1, 0, 1)) {
        while (l.epoch() != at.epoch() || l.position() != at.position()) {
          Batch b = l.next();
          if (b != null) {
            b.close();
          }
        }
        steps(l, 1000).forEach(s -> expected.add(String.valueOf(s)));
      }
      assertEquals(expected, actual, "seed " + (seed + round));
    }
  }

  @Test
  void nextEpochLeavesTheRestOut() throws Exception {
    try (ChunkLoader l =
        Fakes.chunks(new FakeSource("a", 10, 1), b -> b.batchSize(2).shuffle(true).seed(1L))) {
      l.nextEpoch();
      assertEquals(0, l.epoch());
      l.next().close();
      l.nextEpoch();
      assertEquals(1, l.epoch());
      assertEquals(0, l.position());
      assertEquals(1, Fakes.see(l.next()).epoch());
      for (int i = 0; i < 4; i++) {
        assertFalse(l.next().epoch() == 0);
      }
      // all batches taken, the mark not yet
      l.nextEpoch();
      assertEquals(2, l.epoch());
      assertEquals(2, Fakes.see(l.next()).epoch());
      assertEquals(4, Fakes.epoch(l).size());
      assertEquals(3, l.epoch());
      l.seek(0);
      assertEquals(5, Fakes.epoch(l).size());
      for (Batch b : l.remaining()) {
        b.close();
      }
      assertEquals(2, l.epoch());
    }
  }

  @Test
  void aFarEpochIsLeftAtOnce() throws Exception {
    for (Cycle cycle : new Cycle[] {Cycle.CONCATENATED, Cycle.SHORT}) {
      for (boolean closes : new boolean[] {true, false}) {
        SessionLoader l =
            Fakes.sessions(
                Fakes.sources(9, 8),
                cycle,
                b -> b.batchSize(2).shuffle(true).shuffleEachEpoch(cycle == Cycle.SHORT).seed(1L));
        try {
          List<Fakes.Seen> first = Fakes.epoch(l);
          // minutes of drawing, which nobody waits for
          long far = (1L << 36) / 40;
          l.seek(far);
          assertThrows(TimeoutException.class, () -> l.next(Duration.ofMillis(20)));
          long begin = System.nanoTime();
          if (!closes) {
            l.seek(0);
            assertEquals(first, Fakes.epoch(l));
            l.seek(far);
            l.restore(LoaderState.fromJson(l.state().at(1, 0).toJson()));
            assertEquals(1, Fakes.see(l.next()).epoch());
          }
          l.close();
          assertTrue(System.nanoTime() - begin < 5_000_000_000L, "at once");
        } finally {
          l.close();
        }
      }
    }
  }

  @Test
  void epochsThatTakeHoursToDrawAreRefused() throws Exception {
    int[] sizes = {90, 80};
    for (Cycle cycle : new Cycle[] {Cycle.CONCATENATED, Cycle.SHORT}) {
      try (SessionLoader l =
          Fakes.sessions(
              Fakes.sources(sizes),
              cycle,
              b -> b.batchSize(2).shuffle(true).shuffleEachEpoch(cycle == Cycle.SHORT).seed(5L))) {
        Fakes.take(l, 3);
        IllegalArgumentException e =
            assertThrows(IllegalArgumentException.class, () -> l.seek(1_000_000_000_000L));
        assertTrue(e.getMessage().contains("restore a state"), e.getMessage());
        LoaderState far = LoaderState.fromJson(l.state().at(1_000_000_000_000L, 0).toJson());
        assertThrows(ConfigException.class, () -> l.restore(far));
        assertEquals(3, l.position(), "it stays where it was");
        assertEquals(3, Fakes.see(l.next()).position());
      }
    }
    Map<String, Object> d = dictionary(sizes, 5, 1, 0, true, 5);
    d.put("epoch", 1_000_000_000_000L);
    try (SessionLoader l =
        Fakes.sessions(
            Fakes.sources(sizes), Cycle.CONCATENATED, b -> b.batchSize(3).shuffle(true).seed(5L))) {
      assertThrows(ConfigException.class, () -> l.restore(LoaderState.fromOriginal(d)));
    }
  }

  @Test
  void theLastEpochOfOneRecordingIsFollowedByAnother() throws Exception {
    long last = 1L << 62;
    try (ChunkLoader l =
        Fakes.chunks(new FakeSource("a", 30, 3), b -> b.batchSize(4).shuffle(true).seed(1L))) {
      l.seek(last);
      LoaderState state = l.state();
      List<Fakes.Seen> seen = Fakes.epoch(l);
      assertEquals(
          IntStream.range(0, 30).boxed().toList(),
          seen.stream().flatMap(batch -> batch.indices().stream()).sorted().toList());
      assertEquals(last + 1, Fakes.see(l.next()).epoch());
      assertThrows(IllegalArgumentException.class, () -> l.seek(Long.MAX_VALUE));
      l.restore(state);
      assertEquals(seen, Fakes.epoch(l));
    }
  }

  @Test
  void theLastEpochIsFollowedByAnother() throws Exception {
    long last = 1L << 62;
    for (Cycle cycle : Cycle.values()) {
      // a concatenated order is drawn anew each epoch where it is drawn at all
      boolean shuffled = cycle != Cycle.CONCATENATED;
      try (SessionLoader l =
          Fakes.sessions(
              Fakes.sources(5, 90), cycle, b -> b.batchSize(4).shuffle(shuffled).seed(1L))) {
        l.seek(last);
        List<Fakes.Seen> seen = Fakes.epoch(l);
        assertEquals(l.batchesPerEpoch(), seen.size());
        assertEquals(last + 1, Fakes.see(l.next()).epoch());
        for (long epoch : new long[] {last + 1, Long.MAX_VALUE}) {
          assertThrows(IllegalArgumentException.class, () -> l.seek(epoch));
          assertThrows(IllegalArgumentException.class, () -> l.state().at(epoch, 0));
        }
        String json = l.state().at(last, 0).toJson();
        l.restore(LoaderState.fromJson(json));
        assertEquals(seen, Fakes.epoch(l));
        String beyond = json.replace("\"epoch\":" + last, "\"epoch\":" + Long.MAX_VALUE);
        assertThrows(ConfigException.class, () -> LoaderState.fromJson(beyond));
      }
    }
  }
}
