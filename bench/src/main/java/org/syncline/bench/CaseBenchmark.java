/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.bench;

import java.lang.foreign.Arena;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One case in a JVM of its own, for JMH's options and profilers: {@code bench/jmh.sh CaseBenchmark
 * -p name="u8 → f32" -p size=L1,L2 -prof gc}. What is reported and guarded comes from {@link
 * KernelBenchmark}, whose cases share a JVM and are timed in turn.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
// the kernels measured, from the first call
@Fork(value = 5, jvmArgsAppend = "-Dsyncline.warmup=false")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class CaseBenchmark {
  /** What the name stands for: {@code L1}, {@code L2}, {@code MEM}, {@code FRAME} and so on. */
  @Param("L1")
  public String size;

  /** A case's name as the tables have it. */
  @Param("u8 → f32")
  public String name;

  private Arena arena;
  private KernelCase work;

  /** Created by JMH. */
  public CaseBenchmark() {}

  /** Makes the case and checks that ours and C agree. */
  @Setup
  public void open() throws Throwable {
    arena = Arena.ofConfined();
    Group group = Group.valueOf(size);
    Map<String, KernelCase> found = group.make(arena, "^" + Pattern.quote(name) + "$");
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "no case " + name + " of " + size + ", there are " + group.names());
    }
    work = found.get(name);
    String difference = work.difference();
    if (difference != null) {
      throw new AssertionError(name + ": disagrees: " + difference);
    }
  }

  /** Frees the memory. */
  @TearDown
  public void close() {
    if (work != null) {
      work.close();
    }
    arena.close();
  }

  /** Runs ours. */
  @Benchmark
  public void ours() {
    work.ours();
  }

  /** Runs the C of {@code reference.c}. */
  @Benchmark
  public void reference() throws Throwable {
    if (!work.hasC()) {
      throw new IllegalStateException("there is no C to compare " + name + " with");
    }
    work.c(work.dst);
  }

  /** Fills the bytes written and reads the bytes read. */
  @Benchmark
  public void roofline() {
    work.floor();
  }
}
