/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import org.syncline.DefaultConfigs;
import org.syncline.loader.Batch;
import org.syncline.loader.SessionLoader;

/**
 * Java's loader of many recordings, for many.py: what that measures of Python's loaders. A source
 * file for the {@code java} launcher, with the jars of {@code
 * native-bridge/target/native/classpath}.
 */
public final class JavaSessions {
  private JavaSessions() {}

  /** Runs the program: WARM SECONDS THREADS BATCH_SIZE FOLDER COUNT. */
  public static void main(String[] args) throws Exception {
    double warm = Double.parseDouble(args[0]);
    double seconds = Double.parseDouble(args[1]);
    long begin = System.nanoTime();
    SessionLoader.Builder builder =
        SessionLoader.builder()
            .batchSize(Integer.parseInt(args[3]))
            .shuffle(true)
            .seed(0L)
            .dropLast(true)
            .threads(Integer.parseInt(args[2]));
    try (var folders = Files.list(Path.of(args[4]))) {
      folders
          .sorted()
          .limit(Integer.parseInt(args[5]))
          .forEach(root -> builder.add(root, DefaultConfigs.forRecording(root)));
    }
    try (SessionLoader loader = builder.build()) {
      double open = since(begin);
      Iterator<Batch> batches = loader.epochs().iterator();
      begin = System.nanoTime();
      batches.next().close();
      double first = since(begin);
      double early = rate(batches, warm);
      double rate = rate(batches, seconds);
      System.out.printf(
          Locale.ROOT,
          "{\"open\": %f, \"first\": %f, \"early rate\": %f, \"rate\": %f, \"anonymous GB\": %f}%n",
          open,
          first,
          early,
          rate,
          anonymous());
    }
  }

  private static double rate(Iterator<Batch> batches, double seconds) {
    int count = 0;
    long begin = System.nanoTime();
    for (; since(begin) < seconds; count++) {
      batches.next().close();
    }
    return count / since(begin);
  }

  private static double since(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }

  private static double anonymous() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("RssAnon:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1e6;
      }
    }
    throw new IOException("no RssAnon in /proc/self/status");
  }
}
