/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.read;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.syncline.dataset.DatasetDevice;
import org.syncline.device.Interpolator;
import org.syncline.device.support.Findings;
import org.syncline.transform.ScreenTransform;
import org.syncline.transform.builtin.ToTensor;

/**
 * The parts of a program's own that make a device's values. One that catches an interruption and
 * leaves its thread interrupted would have the next file of the chunk fail, whose error would name
 * that file. Shared by the readers of a plan.
 */
final class OwnParts {
  private final Path folder;
  private final String names;
  private final AtomicBoolean said = new AtomicBoolean();

  private OwnParts(Path folder, List<String> names) {
    this.folder = folder;
    this.names = String.join(", ", names);
  }

  /** Returns those of a device, or null where all is the library's. */
  static @Nullable OwnParts of(DatasetDevice device) {
    List<String> names = new ArrayList<>();
    String library = Interpolator.class.getPackageName();
    if (!device.interpolator().getClass().getPackageName().startsWith(library)) {
      names.add(device.interpolator().getClass().getName());
    }
    for (ScreenTransform transform : device.transforms()) {
      if (transform.getClass().getPackage() != ToTensor.class.getPackage()) {
        names.add(transform.getClass().getName());
      }
    }
    return names.isEmpty() ? null : new OwnParts(device.folder(), names);
  }

  /** Says once that the thread was found interrupted when they had run. */
  void leftInterrupted() {
    if (said.compareAndSet(false, true)) {
      Findings.warn(
          folder,
          "interruption",
          "the thread interrupted when " + names + " had run",
          "it as it was",
          "clear the flag there (Thread.interrupted()) once the interruption is dealt with; the chunk was read to its end");
    }
  }
}
