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

  /** Was compiled against another version, say. */
  public static final class Failing implements RegistryProvider {
    @Override
    public void register(Registry.Builder registry) {
      throw new NoSuchMethodError("theirs");
    }
  }

  /** Leaves its thread interrupted. */
  public static final class Interrupting implements RegistryProvider {
    @Override
    public void register(Registry.Builder registry) {
      Thread.currentThread().interrupt();
    }
  }

  /** Registers what no configuration can name. */
  public static final class Blank implements RegistryProvider {
    @Override
    public void register(Registry.Builder registry) {
      registry.filter("theirs ", target -> device -> List.of());
    }
  }

  /** Cannot be made. */
  public static final class Unmade implements RegistryProvider {
    public Unmade() {
      throw new IllegalStateException("not today");
    }

    @Override
    public void register(Registry.Builder registry) {}
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

  @Test
  void aProviderThatFailsIsNamedWithWhatToDo() {
    assertFails(Failing.class, "Failing.register threw java.lang.NoSuchMethodError: theirs (");
    assertFails(Failing.class, "compile it against this version of Syncline");
    assertFails(Interrupting.class, "interrupted while " + Interrupting.class.getName());
    assertTrue(Thread.interrupted());
    assertFails(
        Blank.class, "filter 'theirs ': found a name that is blank or has blanks around it");
    assertFails(
        Unmade.class, "Unmade could not be instantiated: java.lang.IllegalStateException: not");
    assertFails(NONE.getClass(), "Target not a subtype), expected a public class");
  }

  private void assertFails(Class<?> provider, String expected) {
    SynclineException error = assertThrows(SynclineException.class, () -> found(provider));
    assertTrue(error.getMessage().contains(expected), error.getMessage());
    assertTrue(error.getMessage().startsWith("extensions: "), error.getMessage());
  }
}
