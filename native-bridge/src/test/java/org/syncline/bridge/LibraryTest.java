/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.ChunkDataset;
import org.syncline.array.Tensor;
import org.syncline.config.DatasetConfig;
import org.syncline.loader.Batch;
import org.syncline.loader.ChunkLoader;
import org.syncline.testdata.Recording;

/** libsyncline and programs that link with it. */
class LibraryTest {
  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> theLibrary() {
    if (Native.library() == null) {
      return Stream.empty();
    }
    return Stream.of(
        DynamicTest.dynamicTest("example prints what Java computes", () -> example(null)),
        DynamicTest.dynamicTest("example under AddressSanitizer", () -> example("address")),
        DynamicTest.dynamicTest(
            "deleters under AddressSanitizer", () -> deleters("address,undefined")),
        DynamicTest.dynamicTest("deleters under ThreadSanitizer", () -> deleters("thread")),
        DynamicTest.dynamicTest(
            "without a Java runtime the error lists what was tried", this::noJava),
        DynamicTest.dynamicTest("wrong Java options are in the message", this::wrongOptions),
        DynamicTest.dynamicTest("pinned memory is registered once and taken back", this::pinned),
        DynamicTest.dynamicTest(
            "threads that block signals or are cancelled do no harm", this::threads),
        DynamicTest.dynamicTest("the library joins a VM that runs already", this::attaches));
  }

  /** The whole program, against means of the same batches read in Java. */
  private void example(String sanitizer) throws Exception {
    Path work = Files.createDirectories(folder.resolve("example-" + sanitizer));
    Path program =
        Native.compile(work, "means", sanitizer, Native.linked("src/main/c/example/means.c"));
    if (program == null) {
      return;
    }
    Recording r = Native.recording(work.resolve("rec"), 11);
    Path config = Files.writeString(work.resolve("config.yaml"), r.configText());
    Map<String, String> environment = new HashMap<>(Native.environment());
    // null checks of compiled Java code are SIGSEGV, which is the VM's to handle; the VM's own
    // memory is never freed, and of its threads the local memory may be gone
    environment.put("ASAN_OPTIONS", "handle_segv=0:detect_leaks=1");
    environment.put(
        "LSAN_OPTIONS",
        "use_tls=0:print_suppressions=0:suppressions="
            + Native.MODULE.resolve("src/main/c/example/lsan.supp"));
    Native.Run run =
        Native.run(
            environment, List.of(program.toString(), r.folder().toString(), config.toString()));
    assertEquals(0, run.status(), run.output());

    List<double[]> expected = new ArrayList<>();
    int batches = 0;
    try (ChunkDataset dataset =
            ChunkDataset.open(r.folder(), DatasetConfig.parse(r.configText(), "test"));
        ChunkLoader loader = ChunkLoader.builder().dataset(dataset).batchSize(4).build()) {
      while (true) {
        try (Batch batch = loader.next()) {
          if (batch == null) {
            break;
          }
          batches++;
          int i = 0;
          for (Map<String, Tensor> entries : List.of(batch.values(), batch.timestamps())) {
            for (Tensor t : entries.values()) {
              if (i == expected.size()) {
                expected.add(new double[2]);
              }
              sum(t, expected.get(i++));
            }
          }
        }
      }
      assertTrue(
          run.output().contains("batches " + batches + " samples " + dataset.length()),
          run.output());
    }
    List<String> lines = run.output().lines().filter(l -> l.startsWith("entry ")).toList();
    assertEquals(expected.size(), lines.size(), run.output());
    for (int i = 0; i < lines.size(); i++) {
      String[] words = lines.get(i).split(" ");
      double[] sum = expected.get(i);
      assertEquals(
          sum[0] / sum[1], Double.parseDouble(words[3]), 1e-12 * Math.abs(sum[0]), lines.get(i));
      assertEquals((long) sum[1], Long.parseLong(words[5]), lines.get(i));
    }
  }

  /** Adds elements that are not NaN: sum and count. */
  private static void sum(Tensor t, double[] total) {
    for (long i = 0; i < t.elements(); i++) {
      double v =
          switch (t.type()) {
            case FLOAT32 -> t.data().getAtIndex(java.lang.foreign.ValueLayout.JAVA_FLOAT, i);
            case FLOAT64 -> t.data().getAtIndex(JAVA_DOUBLE, i);
            default -> throw new AssertionError(t.type());
          };
      if (!Double.isNaN(v)) {
        total[0] += v;
        total[1]++;
      }
    }
  }

  private void deleters(String sanitizer) throws Exception {
    Path program =
        Native.compile(
            folder,
            "deleters-" + sanitizer.length(),
            sanitizer,
            Native.MODULE.resolve("src/test/c/tensors_test.c").toString(),
            Native.MODULE.resolve("src/main/c/error.c").toString(),
            Native.MODULE.resolve("src/main/c/tensors.c").toString(),
            Native.MODULE.resolve("src/main/c/capsules.c").toString());
    if (program != null) {
      Native.Run run = Native.run(Map.of(), List.of(program.toString()));
      assertEquals(0, run.status(), run.output());
      assertEquals("16000 batches returned once each\n", run.output());
    }
  }

  private void noJava() throws Exception {
    Path program =
        Native.compile(folder, "nojava", null, Native.linked("src/main/c/example/means.c"));
    Path empty = Files.createDirectories(folder.resolve("empty"));
    Native.Run run =
        Native.run(
            Map.of("SYNCLINE_JAVA_HOME", empty.toString()),
            List.of(program.toString(), folder.toString()));
    assertEquals(1, run.status(), run.output());
    assertTrue(
        run.output().contains("SYNCLINE_JAVA_HOME")
            && run.output().contains(empty + ": no Java runtime"),
        run.output());
    Files.writeString(empty.resolve("release"), "JAVA_VERSION=\"21.0.2\"\n");
    run =
        Native.run(
            Map.of("SYNCLINE_JAVA_HOME", empty.toString()),
            List.of(program.toString(), folder.toString()));
    assertTrue(run.output().contains(empty + ": Java 21.0.2, too old"), run.output());
  }

  private void wrongOptions() throws Exception {
    Path program =
        Native.compile(folder, "options", null, Native.linked("src/main/c/example/means.c"));
    Map<String, String> environment = new HashMap<>(Native.environment());
    environment.put("SYNCLINE_JAVA_OPTIONS", "-XX:+NoSuchFlagAtAll");
    Native.Run run = Native.run(environment, List.of(program.toString(), folder.toString()));
    assertEquals(1, run.status(), run.output());
    assertTrue(run.output().contains("NoSuchFlagAtAll"), run.output());
    assertTrue(run.output().contains("SYNCLINE_JAVA_OPTIONS"), run.output());
  }

  private void threads() throws Exception {
    Path program = Native.compile(folder, "threads", null, Native.linked("src/test/c/threads.c"));
    Recording r = Native.signals(folder.resolve("threads-rec"), 14);
    Native.Run run =
        Native.run(
            Native.environment(),
            List.of(program.toString(), r.folder().toString(), r.configText()));
    assertEquals(0, run.status(), run.output());
    assertEquals("fine\n", run.output());
  }

  /** Against a driver that keeps book, since most machines that build this have none. */
  private void pinned() throws Exception {
    if (!System.getProperty("os.name").startsWith("Linux")) {
      return; // there is no CUDA elsewhere
    }
    Native.compile(
        folder,
        "libcuda.so.1",
        null,
        "-shared",
        "-fPIC",
        Native.MODULE.resolve("src/test/c/fake_cuda.c").toString());
    Path program = Native.compile(folder, "pinned", null, Native.linked("src/test/c/pinned.c"));
    Recording r = Native.signals(folder.resolve("pinned-rec"), 13);
    Map<String, String> environment = new HashMap<>(Native.environment());
    environment.put("LD_LIBRARY_PATH", folder.toString());
    for (boolean waits : new boolean[] {true, false}) {
      String options =
          "{\"batch_size\": 2, \"pin_memory\": true, \"prefetch\": 2, \"wait_for_device\": %s}"
              .formatted(waits);
      pinned(
          waits,
          Native.run(
              environment,
              List.of(program.toString(), r.folder().toString(), r.configText(), options)));
    }
  }

  private static void pinned(boolean waits, Native.Run run) {
    assertEquals(0, run.status(), run.output());
    assertTrue(run.output().contains("done"), run.output());
    assertTrue(run.output().contains("fake cuda: 0 registered at the end"), run.output());
    assertTrue(!run.output().contains("WRONG"), run.output());
    // no slot may be written again before the device is done with it, unless the caller sees to
    // that
    assertEquals(waits, !run.output().contains(", 0 synchronizations"), run.output());
    String most = run.output().replaceAll("(?s).*end, (\\d+) at most.*", "$1");
    assertTrue(Integer.parseInt(most) >= 6 && Integer.parseInt(most) <= 40, run.output());
  }

  @SuppressWarnings("restricted")
  private void attaches() throws Throwable {
    try (Arena arena = Arena.ofConfined()) {
      SymbolLookup library = SymbolLookup.libraryLookup(Native.library(), Arena.global());
      Linker linker = Linker.nativeLinker();
      MethodHandle start =
          linker.downcallHandle(
              library.findOrThrow("syncline_start"), FunctionDescriptor.of(JAVA_INT));
      MethodHandle message =
          linker.downcallHandle(
              library.findOrThrow("syncline_last_error"), FunctionDescriptor.of(ADDRESS));
      int status = (int) start.invokeExact();
      String said = ((MemorySegment) message.invokeExact()).reinterpret(8192).getString(0);
      assertEquals(0, status, said);
      MethodHandle open =
          linker.downcallHandle(
              library.findOrThrow("syncline_dataset_open"),
              FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
      Recording r = Native.signals(folder.resolve("attach"), 12);
      MemorySegment handle = arena.allocate(JAVA_LONG);
      status =
          (int)
              open.invokeExact(
                  arena.allocateFrom(r.folder().toString()),
                  arena.allocateFrom(r.configText()),
                  MemorySegment.NULL,
                  handle);
      said = ((MemorySegment) message.invokeExact()).reinterpret(8192).getString(0);
      assertEquals(0, status, said);
      tensor(arena, library, handle.get(JAVA_LONG, 0));
      MethodHandle categories =
          linker.downcallHandle(
              library.findOrThrow("syncline_dataset_categories"),
              FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS));
      status =
          (int)
              categories.invokeExact(
                  handle.get(JAVA_LONG, 0), MemorySegment.NULL, arena.allocate(ADDRESS));
      said = ((MemorySegment) message.invokeExact()).reinterpret(8192).getString(0);
      assertEquals("-2 key is NULL", status + " " + said);
      status =
          (int)
              categories.invokeExact(
                  handle.get(JAVA_LONG, 0), arena.allocateFrom("tier"), MemorySegment.NULL);
      said = ((MemorySegment) message.invokeExact()).reinterpret(8192).getString(0);
      assertEquals("-2 json is NULL", status + " " + said);
      MethodHandle release =
          linker.downcallHandle(
              library.findOrThrow("syncline_release"), FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
      assertEquals(0, (int) release.invokeExact(handle.get(JAVA_LONG, 0)));
    }
  }

  /** Reads a tensor as a DLPack consumer does. */
  @SuppressWarnings("restricted")
  private static void tensor(Arena arena, SymbolLookup library, long dataset) throws Throwable {
    Linker linker = Linker.nativeLinker();
    MethodHandle times =
        linker.downcallHandle(
            library.findOrThrow("syncline_dataset_start_times"),
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS));
    MemorySegment out = arena.allocate(ADDRESS);
    assertEquals(0, (int) times.invokeExact(dataset, out));
    MemorySegment t =
        out.get(ADDRESS, 0).reinterpret(Layouts.DL_MANAGED_TENSOR_VERSIONED.byteSize());
    long tensor = Layouts.offset(Layouts.DL_MANAGED_TENSOR_VERSIONED, "dl_tensor");
    assertEquals(1, t.get(JAVA_INT, 0), "major version");
    assertEquals(1, t.get(JAVA_INT, tensor + Layouts.offset(Layouts.DL_TENSOR, "ndim")));
    long n =
        t.get(ADDRESS, tensor + Layouts.offset(Layouts.DL_TENSOR, "shape"))
            .reinterpret(8)
            .get(JAVA_LONG, 0);
    assertEquals(
        1,
        t.get(ADDRESS, tensor + Layouts.offset(Layouts.DL_TENSOR, "strides"))
            .reinterpret(8)
            .get(JAVA_LONG, 0));
    MemorySegment data = t.get(ADDRESS, tensor).reinterpret(8 * n);
    assertEquals(0, data.address() % 64);
    assertTrue(n > 1 && data.getAtIndex(JAVA_DOUBLE, 1) > data.getAtIndex(JAVA_DOUBLE, 0));
    MethodHandle delete =
        linker.downcallHandle(
            library.findOrThrow("syncline_tensor_delete"), FunctionDescriptor.ofVoid(ADDRESS));
    delete.invokeExact(out.get(ADDRESS, 0));
  }
}
