/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.config.Target;
import org.syncline.error.SynclineException;
import org.syncline.interval.TimeInterval;

/** Providers that register the same names, as those of two jars may. */
@Tag("any-width")
class RegistryProvidersTest {
  private static final Target NONE = Target.of("theirs", java.util.Map.of());

  @TempDir Path folder;

  /** Registers a filter. */
  public static final class One implements RegistryProvider {
    @Override
    public void register(Registry.Builder registry) {
      registry.filter("theirs", target -> device -> List.of(new TimeInterval(0, 1)));
      // a provider may correct itself
      registry.filter("theirs", target -> device -> List.of(new TimeInterval(0, 2)));
    }
  }

  /** Registers a filter of the same name. */
  public static final class Another implements RegistryProvider {
    @Override
    public void register(Registry.Builder registry) {
      registry.filter("theirs", target -> device -> List.of());
    }
  }

  private Registry found(Class<?>... providers) throws Exception {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.write(
        services.resolve(RegistryProvider.class.getName()),
        java.util.Arrays.stream(providers).map(Class::getName).toList());
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
      thread.setContextClassLoader(loader);
      return Registry.services();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  void aNameOfTwoProvidersIsAnErrorThatNamesBoth() throws Exception {
    Registry one = found(One.class);
    assertEquals(2, one.filter(NONE).validIntervals(null).getFirst().end());
    SynclineException error =
        assertThrows(SynclineException.class, () -> found(One.class, Another.class));
    String message = error.getMessage();
    assertTrue(
        message.startsWith(
            "filter 'theirs': found in "
                + One.class.getName()
                + " and in "
                + Another.class.getName()),
        message);
    // what a program says itself is its own choice
    Registry own = one.toBuilder().filter("theirs", target -> device -> List.of()).build();
    assertTrue(own.filter(NONE).validIntervals(null).isEmpty());
  }
}
