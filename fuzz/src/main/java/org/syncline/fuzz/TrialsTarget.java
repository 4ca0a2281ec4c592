/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.syncline.device.trials.TrialIndex;
import org.syncline.error.RecordingException;

/** A screen's combined_meta.json; the first byte chooses how stimuli are named. */
final class TrialsTarget implements Target {
  private final Path folder = Scene.fresh("screen");

  @Override
  public void run(byte[] input) throws IOException {
    if (input.length == 0) {
      return;
    }
    Files.createDirectories(folder);
    boolean names = (input[0] & 1) == 1;
    Files.write(
        folder.resolve("combined_meta.json"), java.util.Arrays.copyOfRange(input, 1, input.length));
    List<RecordingException> problems = new ArrayList<>();
    RecordingException failure = null;
    try {
      TrialIndex.check(folder, names, problems::add);
    } catch (RecordingException e) {
      problems.add(e);
    }
    try {
      all(TrialIndex.open(folder, names, null));
    } catch (RecordingException e) {
      failure = e;
    }
    if (failure != null && problems.isEmpty()) {
      throw new AssertionError("cannot be opened, and the check finds nothing", failure);
    }
    if (failure == null && !problems.isEmpty()) {
      throw new AssertionError("opens, but the check finds " + problems, problems.getFirst());
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Asks for all that is known of each trial. */
  static String all(TrialIndex index) {
    StringBuilder text = new StringBuilder();
    int n = Math.min(index.size(), 50);
    text.append(index.size()).append(' ').append(index.totalFrames()).append('\n');
    List<String> keys = index.metadataKeys();
    for (int i = 0; i < n; i++) {
      text.append(index.key(i)).append(' ').append(index.kind(i)).append(' ');
      text.append(index.firstFrame(i)).append(' ').append(index.frames(i)).append(' ');
      text.append(index.height(i)).append(' ').append(index.width(i)).append(' ');
      text.append(index.channels(i)).append(' ').append(index.interleaveValue(i));
      if (index.hasFile(i)) {
        Path file = index.file(i);
        if (!file.normalize().startsWith(index.data().normalize())) {
          throw new AssertionError(file + " is outside of " + index.data());
        }
        text.append(' ').append(file);
      }
      for (String key : keys.subList(0, Math.min(keys.size(), 20))) {
        text.append(' ').append(key).append('=').append(index.metadata(i, key));
      }
      text.append('\n');
    }
    return text.toString();
  }
}
