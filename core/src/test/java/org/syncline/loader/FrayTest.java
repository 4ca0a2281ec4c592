/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pastalab.fray.junit.plain.FrayInTestLauncher;

/** Fray finds what it is for. Where it is not in this JVM, its own tests would only be skipped. */
@Tag("schedules")
class FrayTest {
  private static void loseAnUpdate() {
    AtomicInteger count = new AtomicInteger();
    Runnable add =
        () -> {
          int before = count.get();
          count.set(before + 1);
        };
    Thread other = new Thread(add);
    other.start();
    add.run();
    try {
      other.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    Assertions.assertEquals(2, count.get());
  }

  @Test
  void aLostUpdateIsFound() {
    assertThrows(
        AssertionError.class,
        () -> FrayInTestLauncher.INSTANCE.launchFrayTest(FrayTest::loseAnUpdate));
  }
}
