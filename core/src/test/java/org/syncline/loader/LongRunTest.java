/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.FreshJvm;
import org.syncline.array.Tensor;
import org.syncline.config.DatasetConfig;
import org.syncline.testdata.Recording;
import org.syncline.testdata.Recordings;

/**
 * A loader over twenty recordings in a process that is killed again and again: each that follows
 * goes on from the state that the one before it wrote last. A loader in this process, which is
 * never killed, says what each batch has to be, and is itself watched: memory, maps, handles and
 * threads stay as they are.
 *
 * <p>Property {@code syncline.batches} chooses how many batches; 1,000,000 take hours.
 */
@Tag("any-width")
class LongRunTest {
  private static final int RECORDINGS = 20;
  private static final int STATE_EVERY = 50;

  @TempDir Path folder;

  private static SessionLoader open(Path folder) throws IOException {
    SessionLoader.Builder builder = SessionLoader.builder();
    DatasetConfig config = DatasetConfig.parse(Files.readString(folder.resolve("config")), "run");
    for (int i = 0; i < RECORDINGS; i++) {
      builder.add(folder.resolve("rec" + i), config);
    }
    return builder
        .batchSize(4)
        .shuffle(true)
        .shuffleEachEpoch(true)
        .seed(7L)
        .threads(2)
        .cycle(Cycle.LONG)
        .build();
  }

  private static String hash(Batch batch) {
    CRC32C sum = new CRC32C();
    Map<String, Tensor> all = new TreeMap<>(batch.values());
    batch.timestamps().forEach((name, tensor) -> all.put("times " + name, tensor));
    all.values().forEach(tensor -> sum.update(tensor.data().asByteBuffer()));
    return batch.epoch() + "/" + batch.position() + "/" + batch.sessionKey() + "/" + sum.getValue();
  }

  private static Batch next(SessionLoader loader) throws InterruptedException {
    Batch batch = loader.next();
    return batch != null ? batch : loader.next();
  }

  /** Reads batches for ever, and writes a state now and then. */
  static final class Reader {
    private Reader() {}

    public static void main(String[] args) throws Exception {
      Path folder = Path.of(args[0]);
      Path state = folder.resolve("state");
      PrintStream out = System.out;
      try (SessionLoader loader = open(folder)) {
        long n = 0;
        if (Files.exists(state)) {
          String text = Files.readString(state);
          n = Long.parseLong(text.substring(0, text.indexOf('\n')));
          loader.restore(LoaderState.fromJson(text.substring(text.indexOf('\n') + 1)));
        }
        while (true) {
          try (Batch batch = next(loader)) {
            out.println("batch " + n++ + " " + hash(batch));
          }
          if (n % STATE_EVERY == 0) {
            Path fresh = folder.resolve("state.new");
            Files.writeString(fresh, n + "\n" + loader.state().toJson());
            Files.move(fresh, state, StandardCopyOption.ATOMIC_MOVE);
          }
        }
      }
    }
  }

  private record Use(long kilobytes, long maps, long handles, int threads) {
    static Use now() throws IOException {
      long kilobytes = 0;
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("VmRSS:")) {
          kilobytes = Long.parseLong(line.replaceAll("[^0-9]", ""));
        }
      }
      try (Stream<Path> handles = Files.list(Path.of("/proc/self/fd"))) {
        // what the heap has taken of the system is the collector's affair
        return new Use(
            kilobytes - Runtime.getRuntime().totalMemory() / 1024,
            Files.readAllLines(Path.of("/proc/self/maps")).size(),
            handles.count(),
            Thread.getAllStackTraces().size());
      }
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%d MB resident besides the heap, %d maps, %d handles, %d threads",
          kilobytes / 1024,
          maps,
          handles,
          threads);
    }
  }

  @Test
  void aLoaderThatIsKilledAgainAndAgainGivesTheSameBatches() throws Exception {
    long batches = Long.getLong("syncline.batches", 1_500);
    long killEvery = Math.clamp(batches / 4, 1, 3_000);
    SplittableRandom random = new SplittableRandom(Long.getLong("syncline.seed", 7));
    for (int i = 0; i < RECORDINGS; i++) {
      Recording recording =
          Recordings.defaultConfig(folder.resolve("rec" + i), i)
              .seconds(20)
              .trialFrames(120)
              .frames(8, 12)
              .neurons(5)
              .write();
      if (i == 0) {
        Files.writeString(folder.resolve("config"), recording.configText());
      }
    }
    Map<Long, String> expected = new HashMap<>();
    long known = 0;
    long compared = 0;
    int kills = 0;
    Use before = null;
    try (SessionLoader loader = open(folder)) {
      for (long done = 0; done < batches; kills++) {
        Process process =
            FreshJvm.of(
                    FreshJvm.asThisOne("-Xmx256m", "-XX:+UseSerialGC"),
                    Reader.class,
                    folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        long lines = 1 + random.nextLong(2 * killEvery);
        try (BufferedReader out = process.inputReader()) {
          // what was written before the kill counts, but for a last line, which may be torn
          String line = out.readLine();
          for (String after; line != null && (after = out.readLine()) != null; line = after) {
            if (!line.startsWith("batch ")) {
              continue;
            }
            if (--lines == 0) {
              process.toHandle().destroyForcibly(); // leaves the pipe to be read
            }
            String[] words = line.split(" ", 3);
            long n = Long.parseLong(words[1]);
            // the line before a kill is not compared, and may have been whole
            assertTrue(n <= done + 1, "batch " + n + " after " + done);
            for (; known <= n; known++) {
              try (Batch batch = next(loader)) {
                expected.put(known, hash(batch));
                expected.remove(known - 4L * STATE_EVERY - 1_000);
              }
            }
            assertEquals(expected.get(n), words[2], "batch " + n + " after " + kills + " kills");
            done = Math.max(done, n + 1);
            compared++;
            if (compared % 5_000 == 0) {
              System.out.println(
                  "LongRunTest: batch " + done + ", " + kills + " kills, " + Use.now());
            }
            if (before == null && compared >= Math.min(batches / 2, 5_000)) {
              before = Use.now();
            }
          }
          assertTrue(lines <= 0, "a reader ended by itself");
        } finally {
          process.destroyForcibly().waitFor();
        }
      }
      Use after = Use.now();
      System.out.println(
          "LongRunTest: "
              + compared
              + " batches, "
              + kills
              + " kills; "
              + before
              + ", then "
              + after);
      assertTrue(after.maps < before.maps + 100, before + ", then " + after);
      assertTrue(after.handles < before.handles + 10, before + ", then " + after);
      assertTrue(after.threads <= before.threads + 2, before + ", then " + after);
      assertTrue(after.kilobytes < before.kilobytes * 1.2 + 60_000, before + ", then " + after);
    }
  }
}
