/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.syncline.bridge.Logged;
import org.syncline.testdata.Recording;
import org.syncline.testdata.Recordings;
import org.syncline.testdata.SequencePlan;

/** Folders and recordings that targets work on, in memory where the machine has such files. */
public final class Scene {
  private static final Path ROOT = root();
  private static int number;

  static {
    // warnings are answers, too; printing millions of them would be all that a run does
    Logged.take();
  }

  private Scene() {}

  private static Path root() {
    try {
      Path memory = Path.of("/dev/shm");
      Path root =
          Files.isWritable(memory)
              ? Files.createTempDirectory(memory, "syncline-fuzz")
              : Files.createTempDirectory("syncline-fuzz");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(root)));
      return root;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a name in a folder of its own, where nothing is yet. */
  public static synchronized Path fresh(String name) {
    try {
      return Files.createDirectory(ROOT.resolve("f" + number++)).resolve(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes a folder with all that it holds. */
  public static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes six seconds with a device of each modality. */
  public static Recording recording() {
    return recording(null);
  }

  /** Writes the same with a data key; null is that of a scan. */
  public static Recording recording(String key) {
    return Recordings.empty(fresh("recording"), 7)
        .dataKey(key)
        .start(100)
        .seconds(6)
        .screen(Recordings.Content.MIXED)
        .frames(2, 3)
        .trialFrames(20)
        .sequence(SequencePlan.of("responses", 8, 3).descr("<f4").mem())
        .sequence(SequencePlan.of("eye_tracker", 20, 2))
        .spikes(3, 100)
        .labels(2)
        .write();
  }

  /** Returns the warnings since the last call. */
  static List<String> warnings() {
    return Logged.take();
  }
}
