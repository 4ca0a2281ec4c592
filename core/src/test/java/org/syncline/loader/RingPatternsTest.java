/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.syncline.Handmade;

/** How much memory the ring has, under consumers that keep batches in every rhythm. */
@Tag("any-width")
@Timeout(60)
class RingPatternsTest {
  /** A ring with its queue, without threads: the queue is full or not as a test wants it. */
  private static final class Simulated {
    final Ring ring;
    final LoaderOptions options;
    final ArrayDeque<Slot> queue = new ArrayDeque<>();
    final ArrayDeque<Slot> held = new ArrayDeque<>();
    int made;
    int freed;

    Simulated(int prefetch, long bytes) {
      options = new LoaderOptions();
      options.prefetch = prefetch;
      options.hugePages = false;
      ring = new Ring(options, bytes, false);
    }

    void fill(int upTo) {
      Plan plan = new Plan();
      while (queue.size() < Math.min(upTo, options.prefetch)) {
        ring.reserve(plan);
        if (plan.isNewSlot) {
          made++;
          plan.slot = ring.allocate(plan.slotId);
        }
        ring.reserved(plan);
        queue.add(plan.slot);
      }
    }

    void take() {
      Slot slot = queue.poll();
      ring.hold(slot, null);
      held.add(slot);
      for (Slot s = ring.shrink(); s != null; s = s.nextDoomed) {
        freed++;
        s.free();
      }
    }

    /** Lets go of the oldest until so many are held. */
    void keep(int most) {
      while (held.size() > most) {
        ring.giveBack(held.poll());
      }
    }

    void end() {
      keep(0);
      ring.release().forEach(Slot::free);
      assertEquals(0, ring.slots());
    }
  }

  /** Takes batches and holds so many after each, by its number. */
  private static void run(Simulated s, int batches, Random random, IntUnaryOperator held) {
    for (int i = 0; i < batches; i++) {
      // workers are now ahead, now behind
      s.fill(1 + random.nextInt(s.options.prefetch));
      s.take();
      s.keep(held.applyAsInt(i));
      assertTrue(s.ring.slots() <= s.options.prefetch + s.ring.heldSlots() + 600);
    }
  }

  @Test
  void whatIsNotNeededIsFreedWithinAFewBatches() {
    Random random = new Random(1);
    for (int prefetch : new int[] {1, 2, 4, 16}) {
      for (int kept : new int[] {1, 5, 30, 200}) {
        Simulated s = new Simulated(prefetch, 64);
        run(s, kept, random, i -> kept);
        s.keep(0);
        run(s, 32, random, i -> 0);
        // what a full queue and one batch in use need, and nothing for later
        assertTrue(
            s.ring.slots() <= prefetch + 1,
            kept + " kept, prefetch " + prefetch + ": " + s.ring.slots());
        s.end();
      }
    }
  }

  @Test
  void aSteadyRhythmFreesAndMakesNothingAnew() {
    Random random = new Random(2);
    for (int period : new int[] {1, 3, 8, 9, 20, 64, 100, 250}) {
      for (int prefetch : new int[] {1, 2, 5}) {
        for (int round = 0; round < 4; round++) {
          // holds up to some batches in each period, all at once or one more at a time
          int most = 1 + random.nextInt(period);
          boolean rising = random.nextBoolean();
          IntUnaryOperator rhythm =
              i -> rising ? Math.min(most, i % period) : i % period < period / 2 ? most : 0;
          Simulated s = new Simulated(prefetch, 64);
          run(s, (12 + 2000 / period) * period, random, rhythm);
          int freed = s.freed;
          run(s, 40 * period, random, rhythm);
          String what = "period " + period + ", prefetch " + prefetch + ", at most " + most;
          // in 40 periods one or two, where a full queue first meets the most held ever so late
          assertTrue(s.freed - freed <= 2, what + ": " + (s.freed - freed));
          assertTrue(s.ring.slots() <= prefetch + most + 1, what + ": " + s.ring.slots());
          s.end();
        }
      }
    }
  }

  @Test
  void aRhythmIsLearnedFromAFewPeriods() {
    Random random = new Random(3);
    Simulated s = new Simulated(2, 64);
    run(s, 4000, random, i -> i % 200 < 40 ? 40 : 0);
    // 40 for the first, and again until the ring looks back for 200 batches
    assertTrue(s.made <= 42 * 7, s.made + " slots were made");
    s.end();
  }

  @Test
  void aRingThatHasGrownFarSaysSoOnce() {
    Simulated s = new Simulated(1, 70L << 20);
    List<String> said =
        Handmade.warnings(
            () -> {
              Random random = new Random(4);
              for (int round = 0; round < 3; round++) {
                run(s, 30, random, i -> 30);
                s.keep(0);
                run(s, 40, random, i -> 0);
              }
            });
    assertEquals(1, said.size(), said.toString());
    String text = said.getFirst();
    assertTrue(text.contains("the program keeps 16 batches"), text);
    assertTrue(text.contains("has grown to 1247 MB") && text.contains("set maxSlots"), text);
    s.end();
  }

  @Test
  void smallBatchesAndRingsWithALimitGrowWithoutAWord() {
    Simulated small = new Simulated(1, 64);
    Simulated limited = new Simulated(1, 70L << 20);
    limited.options.maxSlots = 40;
    List<String> said =
        Handmade.warnings(
            () -> {
              run(small, 200, new Random(5), i -> 200);
              run(limited, 30, new Random(5), i -> 30);
            });
    assertEquals(List.of(), said);
    small.end();
    limited.end();
  }
}
