/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.testdata;

import java.nio.file.Path;
import java.util.List;

/** Writes a recording of a benchmark's shape: {@code SHAPE FOLDER [--option value]…}. */
public final class Main {
  private static final String USAGE =
      """
      usage: SHAPE FOLDER [options]
        SHAPE   M, M8, S, B, I, E, P: one recording; X: many; small: the default configuration at small sizes
        --seed N           seed, default 1
        --seconds S        length of the recording
        --neurons N        responses
        --frames HxW       stored size of frames
        --distinct N       different stimuli, the others are links
        --sparse           pixels and responses are zeros without disk blocks
        --recordings N     for X, default 333
      """;

  private Main() {}

  /** Runs the program; exits with status 2 for wrong arguments. */
  public static void main(String[] args) {
    try {
      for (Recording recording : run(args)) {
        System.out.println(recording.folder());
        System.out.println("  dataset: " + recording.configText());
      }
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      System.err.println(e.getMessage());
      System.err.print(USAGE);
      System.exit(2);
    }
  }

  static List<Recording> run(String[] args) {
    String shape = args[0];
    Path folder = Path.of(args[1]);
    long seed = Long.parseLong(option(args, "--seed", "1"));
    String seconds = option(args, "--seconds", null);
    String neurons = option(args, "--neurons", null);
    if (shape.equals("X")) {
      return Recordings.collection(
          folder,
          seed,
          Integer.parseInt(option(args, "--recordings", "333")),
          Integer.parseInt(neurons == null ? "7000" : neurons),
          Double.parseDouble(seconds == null ? "7138" : seconds));
    }
    Recordings recordings =
        shape.equals("small")
            ? Recordings.defaultConfig(folder, seed)
            : Recordings.shape(shape, folder, seed);
    if (seconds != null) {
      recordings.seconds(Double.parseDouble(seconds));
    }
    if (neurons != null) {
      recordings.neurons(Integer.parseInt(neurons));
    }
    String frames = option(args, "--frames", null);
    if (frames != null) {
      String[] size = frames.split("x");
      recordings.frames(Integer.parseInt(size[0]), Integer.parseInt(size[1]));
    }
    String distinct = option(args, "--distinct", null);
    if (distinct != null) {
      recordings.distinctStimuli(Integer.parseInt(distinct));
    }
    if (List.of(args).contains("--sparse")) {
      recordings.sparse(true);
    }
    return List.of(recordings.write());
  }

  private static String option(String[] args, String name, String otherwise) {
    int at = List.of(args).indexOf(name);
    return at < 0 ? otherwise : args[at + 1];
  }
}
