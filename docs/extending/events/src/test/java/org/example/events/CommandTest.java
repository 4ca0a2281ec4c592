/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.example.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the command with the example's jar beside its own, as SYNCLINE_EXTENSIONS puts it there. */
class CommandTest {
  @TempDir Path folder;

  private record Outcome(int status, String text) {}

  private static Outcome run(Object... words) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=org.syncline,org.syncline.cli",
                "-Djava.awt.headless=true",
                "-p",
                System.getProperty("syncline.command")
                    + File.pathSeparator
                    + System.getProperty("events.jar"),
                "-m",
                "org.syncline.cli/org.syncline.cli.Main"));
    for (Object word : words) {
      command.add(word.toString());
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), text);
  }

  @Test
  void infoReadsMarks() throws Exception {
    Path root = Recording.write(folder.resolve("recording"));
    Outcome info = run("info", root);
    assertEquals(0, info.status(), info.text());
    assertTrue(info.text().contains("behaviour"), info.text());
  }

  @Test
  void validateChecksMarks() throws Exception {
    Path root = Recording.write(folder.resolve("recording"));
    Outcome sound = run("validate", root);
    assertEquals(0, sound.status(), sound.text());
    assertTrue(sound.text().contains("1 of 6 marks outside 2.0 s to 55.0 s"), sound.text());
    Recording.events(root, Recording.LICKS, new double[] {9, 4});
    Outcome damaged = run("validate", root);
    assertEquals(1, damaged.status(), damaged.text());
    assertTrue(damaged.text().contains("reward.npy"), damaged.text());
    assertTrue(damaged.text().contains("finite times that do not descend"), damaged.text());
  }
}
