/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pastalab.fray.junit.junit5.FrayTestExtension;
import org.pastalab.fray.junit.junit5.annotations.ConcurrencyTest;
import org.syncline.array.ElementType;

/** Kernels that are switched over while threads run them, under Fray. */
@Tag("schedules")
@ExtendWith(FrayTestExtension.class)
class WarmupSchedulesTest {
  private static final int COUNT = 300;

  private final RowFinish plain =
      new RowFinish(
          ElementType.FLOAT64,
          ElementType.FLOAT64,
          ElementType.FLOAT32,
          RowFinish.Mode.NONE,
          false,
          null,
          null);

  @ConcurrencyTest(iterations = 100)
  void rowsAreTheSameWheneverTheSwitchComes() throws Exception {
    while (Warmup.poll() != null) {}
    RowPass pass = RowPass.of(Kernels.warming(), plain);
    AtomicInteger right = new AtomicInteger();
    AtomicInteger trials = new AtomicInteger();
    List<Thread> all = new ArrayList<>();
    for (int k = 0; k < 2; k++) {
      double base = 1000 * k;
      all.add(
          new Thread(
              () -> {
                MemorySegment src = Arena.ofAuto().allocate(COUNT * 8L, 64);
                MemorySegment dst = Arena.ofAuto().allocate(COUNT * 4L, 64);
                for (int run = 0; run < 3; run++) {
                  for (int i = 0; i < COUNT; i++) {
                    src.setAtIndex(ValueLayout.JAVA_DOUBLE, i, base + run + i);
                  }
                  pass.run(src, 0, dst, 0, COUNT);
                  boolean same = true;
                  for (int i = 0; i < COUNT; i++) {
                    same &= dst.getAtIndex(ValueLayout.JAVA_FLOAT, i) == (float) (base + run + i);
                  }
                  if (same) {
                    right.incrementAndGet();
                  }
                }
              }));
    }
    // the warm-up's thread, without its measurements
    Runnable warm =
        () -> {
          Warmup.Trial<?> trial = Warmup.poll();
          if (trial != null) {
            trial.prepare();
            trial.vector();
            trial.switchOver();
            trials.incrementAndGet();
          }
        };
    all.add(new Thread(warm));
    all.forEach(Thread::start);
    for (Thread thread : all) {
      thread.join();
    }
    warm.run();
    assertEquals(6, right.get());
    assertEquals(1, trials.get(), "trials of one kernel");
    assertNull(Warmup.poll());
  }
}
