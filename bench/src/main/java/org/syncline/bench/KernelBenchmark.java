/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.bench;

import java.lang.foreign.Arena;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.syncline.kernel.KernelProvider;

/**
 * One round runs our kernel, the C kernel and the roofline one after the other over the same memory, each timed on its own:
 * neighbours on a shared machine then slow all three alike, and the ratios stay.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class KernelBenchmark {
  /** A name of {@link KernelCases}; set by {@link Report}. */
  @Param("(u8 - m) / s → f32")
  public String kernel;

  /** A key of {@link KernelCases#SIZES}. */
  @Param({"L1", "L2", "MEM"})
  public String size;

  /** Whether every other kernel has run in the same JVM before, so that profiles are polluted (pitfall C1). */
  @Param("false")
  public boolean polluted;

  private Arena arena;
  private KernelCase one;
  private int repeat;

  /** Created by JMH. */
  public KernelBenchmark() {}

  /** Nanoseconds by implementation, summed over an iteration. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Nanos {
    /** Our kernel. */
    public long ours;

    /** The C kernel. */
    public long c;

    /** Fill of the bytes written and read of the bytes read. */
    public long floor;

    /** Runs of each. */
    public long runs;

    /** Created by JMH. */
    public Nanos() {}
  }

  /** Makes the case and checks that both implementations agree. */
  @Setup
  public void open() throws Throwable {
    System.out.printf(
        "# kernels %s, JDK %s%n", KernelProvider.get().name(), Runtime.version());
    arena = Arena.ofConfined();
    Map<String, KernelCases.Maker> all = KernelCases.all();
    if (polluted) {
      for (KernelCases.Maker other : all.values()) {
        KernelCase warm = other.make(arena, 509);
        for (int i = 0; i < 20_000; i++) {
          warm.ours();
        }
      }
    }
    one = all.get(kernel).make(arena, KernelCases.SIZES.get(size));
    String difference = one.difference();
    if (difference != null) {
      throw new AssertionError(kernel + ": Java and C disagree: " + difference);
    }
    // some 100 µs each, so that the clock's own cost does not count
    repeat = (int) Math.max(1, 1_000_000 / Math.max(1, one.bytesWritten));
  }

  /** Frees the memory. */
  @TearDown
  public void close() {
    arena.close();
  }

  /** One round. */
  @Benchmark
  public void round(Nanos nanos) throws Throwable {
    int n = repeat;
    KernelCase k = one;
    long t0 = System.nanoTime();
    for (int i = 0; i < n; i++) {
      k.ours();
    }
    long t1 = System.nanoTime();
    for (int i = 0; i < n; i++) {
      k.c(k.dst);
    }
    long t2 = System.nanoTime();
    for (int i = 0; i < n; i++) {
      k.floor();
    }
    long t3 = System.nanoTime();
    nanos.ours += t1 - t0;
    nanos.c += t2 - t1;
    nanos.floor += t3 - t2;
    nanos.runs += n;
  }
}
