/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is measured is right, and so is what is said of it. */
class BenchTest {
  @TempDir static Path folder;

  private static void agree(Map<String, KernelCases.Maker> cases, int count) throws Throwable {
    for (Map.Entry<String, KernelCases.Maker> e : cases.entrySet()) {
      try (Arena arena = Arena.ofConfined();
          KernelCase one = e.getValue().make(arena, count)) {
        assertNull(one.difference(), e.getKey() + ", " + count);
        one.floor();
      }
    }
  }

  @Test
  void rowsAgreeWithC() throws Throwable {
    for (int count : new int[] {1, 7, 64, 509, 2_039}) {
      agree(KernelCases.all(), count);
    }
  }

  @Test
  void framesAgreeWithC() throws Throwable {
    agree(FrameCases.all(), 1);
  }

  @Test
  void spikesAgreeWithC() throws Throwable {
    System.setProperty(ChunkCases.DATA_PROPERTY, folder.toString());
    try {
      agree(SpikeCases.all(), 50_000);
    } finally {
      System.clearProperty(ChunkCases.DATA_PROPERTY);
    }
  }

  @Test
  void readingAgreesWithItems() throws Throwable {
    System.setProperty(ChunkCases.DATA_PROPERTY, folder.toString());
    try (Arena arena = Arena.ofConfined();
        KernelCase one = ChunkCases.all(2).get("shape S").make(arena, 2)) {
      assertNull(one.difference());
      one.ours();
      one.floor();
    } finally {
      System.clearProperty(ChunkCases.DATA_PROPERTY);
    }
  }

  @Test
  void rooflineWithoutCReadsAndFillsToTheLastByte() {
    try (Arena arena = Arena.ofConfined()) {
      for (int bytes : new int[] {1, 8, 2_047, 2_048, 2_049, 10_000}) {
        MemorySegment src = arena.allocate(bytes).fill((byte) 3);
        src.set(ValueLayout.JAVA_BYTE, (bytes - 1) / 2_048 * 2_048, (byte) 7);
        assertEquals(7, (byte) Reference.readByCopies(src, bytes));
        MemorySegment dst = arena.allocate(bytes).fill((byte) 99);
        Reference.fillByCopies(dst, bytes);
        assertTrue(dst.get(ValueLayout.JAVA_BYTE, bytes - 1) != 99);
      }
    }
  }

  @Test
  void medians() {
    assertEquals(2, Table.median(new double[] {9, 1, 2}));
    assertEquals(3, Table.median(new double[] {4, 1, 9, 2}));
    assertTrue(Double.isNaN(Table.median(new double[0])));
  }

  private static Table table(String... forks) {
    Table table = new Table();
    for (String fork : forks) {
      table.add(List.of("vector512", fork));
    }
    return table;
  }

  @Test
  void rowsAreMediansOverForks() {
    Table table =
        table(
            "L1\ta\t1000\t100\t0.5\t2\t0",
            "L1\ta\t1000\t300\t0.9\t3\t0.5",
            "L1\ta\t1000\t200\t1.5\t2.5\t700");
    assertEquals(List.of(new Table.Row("a", "L1", 3, 200, 5, 0.9, 2.5, 0.5, 0.5)), table.rows());
    assertTrue(
        Table.text(table.rows()).contains("| a | L1 | 200 ns | 5.0 | 0.90 | 2.50 | 0 | 50 % |"),
        Table.text(table.rows()));
    assertEquals("12.3 µs", Table.time(12_345));
    assertEquals("12.35 ms", Table.time(12_345_678));
  }

  @Test
  void guardNamesWhatIsSlow() {
    List<Table.Row> rows =
        table("L1\ta\t1000\t100\t1.6\t2\t0", "L2\tb\t1000\t100\tNaN\t3\t0").rows();
    Guard guard = Guard.parse(Guard.text(List.of(Guard.of("cpu", 1.6, rows)))).getFirst();
    List<String> wrong = new ArrayList<>();
    rows.forEach(row -> wrong.addAll(guard.check(row, "cpu", false)));
    assertEquals(List.of(), wrong);

    Table.Row slow = table("L1\ta\t1000\t100\t0.9\t3.3\t0").rows().getFirst();
    assertEquals(
        List.of(
            "L1 a: C's time / ours is 0.90, threshold 1.00 (recorded 1.60)",
            "L1 a: ours / roofline is 3.30, threshold 3.20 (recorded 2.00)"),
        guard.check(slow, "cpu", false));
    assertEquals(List.of(), guard.check(slow, "another", false));
    assertEquals(List.of(), guard.check(slow, "cpu", true));

    Table.Row allocating = table("L1\ta\t1000\t100\t1.6\t2\t31.5").rows().getFirst();
    assertEquals(
        List.of("L1 a allocates 32 B/op, threshold 0"), guard.check(allocating, "another", true));

    // without a C compiler the ratio is left out
    Table.Row withoutC = table("L1\ta\t1000\t100\tNaN\t2\t0").rows().getFirst();
    assertEquals(List.of(), guard.check(withoutC, "cpu", false));
    // beyond the cache a kernel at the roofline is as fast as it can be, whatever C is
    Guard far = new Guard("cpu", 1.6, Map.of("MEM a", new double[] {1.9, 0.9}));
    assertEquals(
        List.of(),
        far.check(new Table.Row("a", "MEM", 3, 200, 5, 1.0, 0.95, 0, 0.1), "cpu", false));
    assertEquals(
        1, far.check(new Table.Row("a", "MEM", 3, 200, 5, 1.0, 1.2, 0, 0.1), "cpu", false).size());
  }

  @Test
  void eachKindOfMachineHasRatiosOfItsOwn() {
    List<Table.Row> rows = table("L1\ta\t1000\t100\t1.6\t2\t0", "L1\tb\t1000\t100\t1\t1\t0").rows();
    List<Guard> guards = Guard.with(Guard.of("old", 1.6, rows), List.of());
    List<Table.Row> other = table("L1\ta\t1000\t100\t0.8\t4\t0").rows();
    guards = Guard.parse(Guard.text(Guard.with(Guard.of("new", 2, other), guards)));
    assertEquals(List.of("old", "new"), guards.stream().map(Guard::cpu).toList());
    assertEquals(2, Guard.forMachine("new", guards).margin());
    // the ratios of one machine would let pass there what is too slow on another
    assertEquals(List.of(), Guard.forMachine("new", guards).check(other.getFirst(), "new", false));
    assertEquals(2, Guard.forMachine("old", guards).check(other.getFirst(), "old", false).size());
    assertEquals("old", Guard.forMachine("unknown", guards).cpu());
    // what is recorded once more replaces what was, and keeps the rest
    guards = Guard.with(Guard.of("old", 1.5, other), guards);
    assertEquals(4, Guard.forMachine("old", guards).ratios().get("L1 a")[1]);
    assertEquals(1, Guard.forMachine("old", guards).ratios().get("L1 b")[1]);
  }

  @Test
  void guardNamesCasesWithoutThresholdAndThresholdsWithoutCase() {
    List<Table.Row> rows = table("L1\ta b\t1000\t100\t1.6\t2\t0").rows();
    Guard guard = Guard.of("cpu", 1.6, rows);
    assertEquals(List.of(), guard.unmatched(Set.of("L1 a b"), (size, name) -> true));
    assertEquals(
        List.of(
            "L2 z has no threshold: record one with --groups L2 --filter … --record",
            "L1 a b is recorded, but there is no such case: take it out, or give it its new name"),
        guard.unmatched(Set.of("L2 z"), (size, name) -> size.equals("L1") && name.equals("a b")));
    // what was not asked for need not be there
    assertEquals(List.of(), guard.unmatched(Set.of(), (size, name) -> size.equals("L2")));
  }

  @Test
  void casesOfTheShortFormHaveThresholdsAndThresholdsCases() {
    Set<String> shortForm = new LinkedHashSet<>();
    Set<String> all = new LinkedHashSet<>();
    for (Group group : Group.values()) {
      for (String name : group.names()) {
        all.add(group + " " + name);
        switch (group) {
          case L1, L2, FRAME, CHUNK -> shortForm.add(group + " " + name);
          case MEM -> {
            if (name.matches(Report.FEW)) {
              shortForm.add(group + " " + name);
            }
          }
          case SPIKES, BATCH -> {}
        }
      }
    }
    for (Guard guard : Guard.read(Path.of("guard.json"))) {
      assertEquals(List.of(), guard.unmatched(shortForm, (size, name) -> false), guard.cpu());
      Set<String> known = new LinkedHashSet<>(all);
      known.retainAll(guard.ratios().keySet());
      assertEquals(List.of(), guard.unmatched(known, (size, name) -> true), guard.cpu());
    }
  }

  @Test
  void guardThatCannotBeReadNamesItsFile() throws IOException {
    Path file = Files.writeString(folder.resolve("guard.json"), "[{\"cpu\": 1}]");
    Path empty = Files.writeString(folder.resolve("empty.json"), "[]");
    for (Path path : List.of(file, empty, folder.resolve("missing.json"), folder)) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> Guard.read(path)).getMessage();
      assertTrue(message.startsWith(path.toString()), message);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--form quick",
        "--forks 0",
        "--forks many",
        "--margin -1",
        "--groups L1+L9",
        "--groups L1,",
        "--filter [",
        "--json /nowhere/report.json",
        "--record /nowhere/guard.json",
        "--guard /nowhere/guard.json",
        "--unknown x",
        "--json"
      })
  void wrongOptionsAreRefusedBeforeAnythingIsMeasured(String options) throws IOException {
    assertEquals(2, Report.run(options.split(" ")));
  }
}
