/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;
import org.syncline.device.screen.ScreenDecoding;
import org.syncline.error.RecordingException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "decode",
    description = {
      "Decodes the encoded videos and images of recordings into the cache before a training "
          + "needs them, and checks frames that are there already.",
      "Exit status: 0; 1 where a file cannot be decoded."
    })
final class DecodeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "PATH",
      arity = "1..*",
      description = "recordings, or folders of recordings")
  private List<Path> paths;

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      description = "files decoded at a time (default: half of the processors)")
  private Integer threads;

  @Option(
      names = {"-j", "--json"},
      description = "print what was decoded as JSON")
  private boolean json;

  @Override
  public Integer call() {
    int count =
        threads == null ? Math.max(1, Runtime.getRuntime().availableProcessors() / 2) : threads;
    Sessions.atLeast(spec, "--threads", count, 1);
    int failed = 0;
    Map<String, Object> all = new LinkedHashMap<>();
    for (Path path : Sessions.recordings(paths)) {
      List<ScreenDecoding> screens;
      try {
        screens = ScreenDecoding.of(path);
      } catch (RecordingException e) {
        // the other recordings are decoded all the same
        spec.commandLine().getErr().println("syncline: " + e.getMessage());
        all.put(path.toString(), Map.of("error", e.getMessage()));
        failed = 1;
        continue;
      }
      List<Object> done = new ArrayList<>();
      all.put(path.toString(), done);
      if (screens.isEmpty() && !json) {
        System.out.println(path + ": no encoded files");
      }
      for (ScreenDecoding screen : screens) {
        try (screen) {
          failed |= decode(screen, count, done) ? 0 : 1;
        }
      }
    }
    if (json) {
      Output.json(all);
    }
    return failed;
  }

  private boolean decode(ScreenDecoding screen, int threads, List<Object> done) {
    long before = screen.decoded();
    List<RecordingException> faults = run(screen, threads);
    Map<String, Object> one = toMap(screen);
    one.put("decoded_before", before);
    one.put("faults", faults.stream().map(Throwable::getMessage).toList());
    one.put("frames", screen.frames().toString());
    done.add(one);
    if (!json) {
      faults.forEach(fault -> System.out.println("error: " + fault.getMessage()));
      System.out.printf(
          "%s: %s decoded, %d of them before; %d damaged; %d MiB in %s%n",
          screen.folder(),
          Sessions.count(screen.decoded(), "file"),
          before,
          faults.size(),
          screen.bytes() >> 20,
          screen.frames());
    }
    return faults.isEmpty();
  }

  /** Decodes, with a progress bar where somebody can see it. */
  private static List<RecordingException> run(ScreenDecoding screen, int threads) {
    try (ProgressBar bar = Output.bar("decoding", " files", 1, screen.count()).orElse(null)) {
      return screen.run(threads, bar == null ? done -> {} : bar::stepTo);
    }
  }

  /** Returns what a recording has of encoded files, a map a screen. */
  static List<Object> encoded(Path recording) {
    List<Object> all = new ArrayList<>();
    for (ScreenDecoding screen : ScreenDecoding.of(recording)) {
      try (screen) {
        all.add(toMap(screen));
      }
    }
    return all;
  }

  private static Map<String, Object> toMap(ScreenDecoding screen) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("screen", screen.folder().getFileName().toString());
    one.put("extensions", screen.extensions());
    one.put("files", screen.count());
    one.put("decoded", screen.decoded());
    one.put("bytes", screen.bytes());
    return one;
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
