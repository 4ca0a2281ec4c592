/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assertions;
import org.syncline.array.Tensor;

/** Loaders over fake recordings. */
final class Fakes {
  private Fakes() {}

  /** What a batch is, as far as it must be the same in two runs. */
  record Seen(long epoch, int position, String session, List<Integer> indices, long hash) {}

  static RecordingSpec spec(FakeSource source) {
    return new RecordingSpec(source, null, source.key);
  }

  /** A recording that is opened anew each time. */
  static RecordingSpec reopening(String name, Supplier<? extends ChunkSource> open) {
    return new RecordingSpec(null, open::get, name);
  }

  static ChunkLoader chunks(FakeSource source, Consumer<ChunkLoader.Builder> options) {
    ChunkLoader.Builder b = ChunkLoader.builder().threads(2);
    options.accept(b);
    return new ChunkLoader(b.assemble(List.of(spec(source)), CycledOrder.CHUNKS));
  }

  static SessionLoader sessions(
      List<FakeSource> sources, Cycle cycle, Consumer<SessionLoader.Builder> options) {
    return sessions(sources, cycle.type(), options);
  }

  static SessionLoader sessions(
      List<FakeSource> sources, OrderType order, Consumer<SessionLoader.Builder> options) {
    SessionLoader.Builder b = SessionLoader.builder().threads(2);
    options.accept(b);
    return new SessionLoader(b.assemble(sources.stream().map(Fakes::spec).toList(), order));
  }

  static List<FakeSource> sources(int... sizes) {
    List<FakeSource> list = new ArrayList<>();
    for (int i = 0; i < sizes.length; i++) {
      list.add(new FakeSource("s" + i, sizes[i], 2 + i));
    }
    return list;
  }

  /** Reads a batch, checks every value of it, and closes it. */
  static Seen see(Batch batch) {
    try (batch) {
      Tensor screen = batch.values().get("screen");
      Tensor responses = batch.values().get("responses");
      Tensor times = batch.timestamps().get("responses");
      Assertions.assertEquals(batch.size(), screen.shape()[0]);
      Assertions.assertEquals(0, screen.data().address() % 64);
      Assertions.assertEquals(0, responses.data().address() % 64);
      int n = (int) (responses.elements() / batch.size());
      List<Integer> indices = new ArrayList<>();
      long hash = 17;
      for (int k = 0; k < batch.size(); k++) {
        indices.add(batch.chunkIndex(k));
        double chunk = times.data().getAtIndex(ValueLayout.JAVA_DOUBLE, 2L * k);
        for (int i = 0; i < 3; i++) {
          long v = screen.data().getAtIndex(ValueLayout.JAVA_LONG, 3L * k + i);
          Assertions.assertEquals(FakeSource.value(batch.sessionKey(), chunk, i), v);
          hash = CycledOrder.mix(hash + v);
        }
        for (int i = 0; i < n; i++) {
          long v = responses.data().getAtIndex(ValueLayout.JAVA_LONG, (long) n * k + i);
          Assertions.assertEquals(FakeSource.value(batch.sessionKey(), chunk, 3 + i), v);
          hash = CycledOrder.mix(hash + v);
        }
      }
      return new Seen(batch.epoch(), batch.position(), batch.sessionKey(), indices, hash);
    }
  }

  /** Takes so many batches, marks of epochs left out. */
  static List<Seen> take(BatchLoader loader, int count) throws InterruptedException {
    List<Seen> list = new ArrayList<>();
    while (list.size() < count) {
      Batch batch = loader.next();
      if (batch != null) {
        list.add(see(batch));
      }
    }
    return list;
  }

  /** Takes the rest of the epoch. */
  static List<Seen> epoch(BatchLoader loader) throws InterruptedException {
    List<Seen> list = new ArrayList<>();
    for (Batch batch; (batch = loader.next()) != null; ) {
      list.add(see(batch));
    }
    return list;
  }
}
