/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.syncline.error.ConfigException;

/** What it takes to add an order: one class, known to loaders and states by its type alone. */
class OrderTypeTest {
  /**
   * Every session's chunks backwards, sessions one after the other, all of it turned by as many
   * batches as epochs have begun since the last seek: so it needs a number of its own in states.
   */
  private static final class Backwards extends Order {
    static final OrderType TYPE =
        new OrderType() {
          @Override
          public String name() {
            return "backwards";
          }

          @Override
          public Order create(Input in) {
            return new Backwards(in);
          }

          @Override
          public OrderState read(StateTree json, int recordings, long epoch) {
            return new Turned(json.tree("turn").integer("base"), json.tree("turn").count("by"));
          }
        };

    private record Turned(long base, int by) implements OrderState {
      @Override
      public void write(Map<String, Object> json) {
        json.put("turn", new TreeMap<>(Map.of("base", base, "by", by)));
      }

      @Override
      public void check(long epoch) {
        if (epoch < base) {
          throw StateTree.problem("turn.base", "found " + base + ", expected at most " + epoch);
        }
      }
    }

    private volatile Turned turned = new Turned(0, 3);
    private int turn;

    Backwards(OrderType.Input in) {
      super(in.lengths(), in.batchSize(), in.dropLast(), in.shuffle());
    }

    @Override
    int batches() {
      int sum = 0;
      for (int n : batches) {
        sum += n;
      }
      return sum;
    }

    @Override
    void begin(long epoch) {
      turn = (int) ((turned.by + epoch - turned.base) % batches());
    }

    @Override
    int session(int batch) {
      int left = turned(batch);
      int s = 0;
      for (; left >= batches[s]; s++) {
        left -= batches[s];
      }
      return s;
    }

    private int turned(int batch) {
      return (batch + turn) % batches();
    }

    @Override
    int indices(int batch, int[] target) {
      int left = turned(batch);
      for (int s = 0; s < session(batch); s++) {
        left -= batches[s];
      }
      int session = session(batch);
      int n = size(session, left);
      for (int k = 0; k < n; k++) {
        target[k] = lengths[session] - 1 - left * batchSize - k;
      }
      return n;
    }

    @Override
    void reseed(long seed, long[] sessionSeeds) {}

    @Override
    long chunks() {
      long sum = 0;
      for (int s = 0; s < lengths.length; s++) {
        sum += covered(s);
      }
      return sum;
    }

    @Override
    OrderState state(long epoch) {
      return turned;
    }

    @Override
    void restore(OrderState state) {
      turned = (Turned) state;
    }

    @Override
    String unreachable(long epoch, OrderState from) {
      long base = from == null ? turned.base : from instanceof Turned t ? t.base : 0;
      return epoch < base ? "epoch " + epoch + " lies before " + base : null;
    }
  }

  private static SessionLoader open(int threads, int rank, int world) {
    return Fakes.sessions(
        Fakes.sources(10, 7, 13),
        Backwards.TYPE,
        b -> b.batchSize(3).threads(threads).seed(1L).rank(rank, world).lookahead(1000));
  }

  private static LoaderState read(String json) {
    return LoaderStateJson.read(json, name -> name.equals("backwards") ? Backwards.TYPE : null);
  }

  @Test
  void anOrderOfItsOwnKindResumesWithinAnEpochOnOtherRanks() throws Exception {
    List<Fakes.Seen> second;
    List<Fakes.Seen> third;
    try (SessionLoader l = open(2, 0, 1)) {
      List<Fakes.Seen> first = Fakes.epoch(l);
      assertEquals(12, first.size());
      assertEquals(30, l.chunksPerEpoch());
      assertEquals("s0", first.getFirst().session());
      assertEquals(List.of(0), first.getFirst().indices());
      assertEquals(List.of(6, 5, 4), first.get(1).indices());
      second = Fakes.epoch(l);
      third = Fakes.epoch(l);
      assertNotEquals(first, second);
    }
    // two ranks get three batches each of the second epoch
    String json = null;
    for (int rank = 0; rank < 2; rank++) {
      try (SessionLoader l = open(1 + rank, rank, 2)) {
        Fakes.epoch(l);
        List<Fakes.Seen> own = Fakes.take(l, 3);
        assertEquals(List.of(second.get(rank), second.get(rank + 2), second.get(rank + 4)), own);
        String mine = l.state().toJson();
        assertTrue(json == null || json.equals(mine), mine);
        json = mine;
      }
    }
    assertTrue(json.contains("\"turn\":{\"base\":0,\"by\":3}"), json);
    assertEquals(json, read(json).toJson());
    // three others share what is left of it, and the epoch after
    List<Fakes.Seen> rest = new ArrayList<>();
    List<Fakes.Seen> next = new ArrayList<>();
    for (int rank = 0; rank < 3; rank++) {
      try (SessionLoader l = open(2, rank, 3)) {
        l.restore(read(json));
        assertEquals(1, l.epoch());
        assertEquals(6, l.position());
        rest.addAll(Fakes.epoch(l));
        next.addAll(Fakes.epoch(l));
      }
    }
    rest.sort((a, b) -> Integer.compare(a.position(), b.position()));
    next.sort((a, b) -> Integer.compare(a.position(), b.position()));
    assertEquals(second.subList(6, 12), rest);
    assertEquals(third, next);
  }

  @Test
  void itsOwnPartOfAStateIsReadCheckedAndUsed() throws Exception {
    try (SessionLoader l = open(2, 0, 1)) {
      String json = l.state().at(5, 0).toJson();
      LoaderState turned = read(json.replace("\"base\":0,\"by\":3", "\"base\":5,\"by\":0"));
      List<Fakes.Seen> first = Fakes.epoch(l);
      l.restore(turned);
      List<Fakes.Seen> other = Fakes.epoch(l);
      assertEquals(List.of(9, 8, 7), other.getFirst().indices());
      assertEquals(first.getFirst().indices(), other.get(3).indices());
      assertThrows(IllegalArgumentException.class, () -> l.seek(4));
      assertThrows(ConfigException.class, () -> l.restore(turned.at(4, 0)));
      assertThrows(ConfigException.class, () -> read(json.replace("\"by\":3", "\"by\":-1")));
      // no state of the original's is like it
      ConfigException e =
          assertThrows(
              ConfigException.class,
              () ->
                  l.restore(
                      LoaderState.fromOriginal(
                          Map.of("epoch", 0L, "session_positions", Map.of("s0", 0L)))));
      assertTrue(e.getMessage().contains("CONCATENATED"), e.getMessage());
      // and it is not taken for another order
      try (SessionLoader concatenated =
          Fakes.sessions(
              Fakes.sources(10, 7, 13), Cycle.CONCATENATED, b -> b.batchSize(3).seed(1L))) {
        ConfigException other2 =
            assertThrows(ConfigException.class, () -> concatenated.restore(read(json)));
        assertTrue(
            other2.getMessage().contains("loader is backwards in the state, concatenated here"),
            other2.getMessage());
      }
      assertEquals(6, l.epoch());
      assertFalse(l.state().toJson().contains("checkpoints"));
    }
  }

  @Test
  void everyOrderOfAnOptionIsKnownToStatesByItsName() {
    for (Cycle cycle : Cycle.values()) {
      assertEquals(cycle.type(), Cycle.typeNamed(cycle.type().name()));
    }
  }
}
