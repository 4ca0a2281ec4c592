/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.syncline.device.screen.ScreenDecoding;
import org.syncline.error.RecordingException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "decode",
    mixinStandardHelpOptions = true,
    description =
        "Decodes the encoded videos and images of recordings into the cache before a training needs them, and checks"
            + " frames that are there already. Exit status: 0; 1 where a file cannot be decoded.")
final class DecodeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "PATH", arity = "1..*", description = "folders of recordings")
  private List<Path> paths;

  @Option(
      names = "--threads",
      description = "files decoded at a time (default: half of the processors)")
  private Integer threads;

  @Override
  public Integer call() {
    int count =
        threads == null ? Math.max(1, Runtime.getRuntime().availableProcessors() / 2) : threads;
    Sessions.atLeast(spec, "--threads", count, 1);
    int failed = 0;
    for (Path path : paths) {
      List<ScreenDecoding> screens;
      try {
        screens = ScreenDecoding.of(path);
      } catch (RecordingException e) {
        // the other recordings are decoded all the same
        spec.commandLine().getErr().println("syncline: " + e.getMessage());
        failed = 1;
        continue;
      }
      if (screens.isEmpty()) {
        System.out.println(path + ": no encoded files");
      }
      for (ScreenDecoding screen : screens) {
        try (screen) {
          failed |= decode(screen, count) ? 0 : 1;
        }
      }
    }
    return failed;
  }

  private static boolean decode(ScreenDecoding screen, int threads) {
    long before = screen.decoded();
    List<RecordingException> faults = run(screen, threads);
    faults.forEach(fault -> System.out.println("error: " + fault.getMessage()));
    System.out.printf(
        "%s: %s decoded, %d of them before; %d damaged; %d MiB in %s%n",
        screen.folder(),
        Sessions.count(screen.decoded(), "file"),
        before,
        faults.size(),
        screen.bytes() >> 20,
        screen.frames());
    return faults.isEmpty();
  }

  /** Decodes, with a progress bar where somebody can see it. */
  private static List<RecordingException> run(ScreenDecoding screen, int threads) {
    if (System.console() == null || !System.console().isTerminal()) {
      return screen.run(threads, done -> {});
    }
    try (ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName("decoding")
            .setInitialMax(screen.count())
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(200)
            .build()) {
      IntConsumer step = bar::stepTo;
      return screen.run(threads, step);
    }
  }

  /** Returns what a recording has of encoded files, a line a screen. */
  static String describe(Path recording) {
    StringBuilder text = new StringBuilder();
    List<ScreenDecoding> screens;
    try {
      screens = ScreenDecoding.of(recording);
    } catch (RecordingException e) {
      // of a device that no configuration asks for
      return String.format("encoded     unknown: %s%n", e.getMessage());
    }
    for (ScreenDecoding screen : screens) {
      try (screen) {
        String kinds =
            screen.extensions().entrySet().stream()
                .map(e -> e.getValue() + " " + e.getKey())
                .collect(Collectors.joining(", "));
        text.append(
            String.format(
                "encoded     %s: %s; %d of %d decoded, %d MiB in all%n",
                screen.folder().getFileName(),
                kinds,
                screen.decoded(),
                screen.count(),
                screen.bytes() >> 20));
      }
    }
    return text.toString();
  }
}
