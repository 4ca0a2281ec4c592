/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.syncline.error.ConfigException;

/** Errors call each option as whoever set it does: C's names in C and Python, Java's in Java. */
@Tag("any-width")
class OptionNamesTest {
  private static void assertNames(String message, LoaderOption option, boolean java) {
    String said = java ? option.java : option.key.name();
    String other = java ? option.key.name() : option.java;
    assertTrue(message.matches("(?s).*\\b" + said + "\\b.*"), option + ": " + message);
    if (other != null && !other.equals(said)) {
      assertFalse(message.matches("(?s).*\\b" + other + "\\b.*"), option + ": " + message);
    }
  }

  @Test
  void aWrongValueIsNamedAsInJavaByMethodsOfBuilders() throws Exception {
    List<LoaderOption> tried = new ArrayList<>();
    for (LoaderOption option : LoaderOption.values()) {
      for (Object wrong : new Object[] {-2L, -0.5, 2.5}) {
        Method set = setter(option);
        if (set == null || !isRange(option, wrong)) {
          continue;
        }
        Class<?> type = set.getParameterTypes()[0];
        Object value = type == int.class ? (Object) ((Long) wrong).intValue() : wrong;
        SessionLoader.Builder builder = SessionLoader.builder();
        Throwable e =
            set.getParameterCount() == 1
                ? thrown(set, builder, value)
                : option == LoaderOption.RANK
                    ? thrown(set, builder, value, 4)
                    : thrown(set, builder, 0, value);
        assertTrue(e instanceof IllegalArgumentException, option + ": " + e);
        assertNames(e.getMessage(), option, true);
        tried.add(option);
      }
    }
    // all that have a range and a method
    assertEquals(
        new TreeSet<>(
            Stream.of(LoaderOption.values())
                .filter(o -> setter(o) != null && (isRange(o, -2L) || isRange(o, -0.5)))
                .toList()),
        new TreeSet<>(tried));
    assertTrue(new TreeSet<>(tried).size() >= 12, tried.toString());
  }

  private static Throwable thrown(Method method, Object target, Object... arguments) {
    return assertThrows(
            InvocationTargetException.class,
            () -> method.invoke(target, arguments),
            method.getName() + List.of(arguments))
        .getCause();
  }

  private static boolean isRange(LoaderOption option, Object wrong) {
    Method set = setter(option);
    if (set == null) {
      return false;
    }
    Class<?> type = set.getParameterTypes()[option == LoaderOption.WORLD_SIZE ? 1 : 0];
    return wrong instanceof Long w
        ? (type == int.class || type == long.class || type == Long.class) && !option.key.accepts(w)
        : type == double.class && !option.key.accepts((double) wrong);
  }

  private static Method setter(LoaderOption option) {
    String name = option == LoaderOption.WORLD_SIZE ? LoaderOption.RANK.java : option.java;
    return Stream.of(SessionLoader.Builder.class.getMethods())
        .filter(m -> m.getName().equals(name) && !m.isBridge() && m.getParameterCount() > 0)
        .findFirst()
        .orElse(null);
  }

  /** A value that is no default. */
  private static Object example(LoaderOption option) {
    return switch (option) {
      case INDICES -> List.of(3L);
      case WEIGHTS -> List.of(0.5);
      case TYPES -> Map.of("screen", "float16");
      case AS_BYTES, OUT_KEYS -> List.of("screen");
      case REMAINDER -> "drop";
      case SESSIONS -> "long";
      case ON_ERROR -> "skip";
      case SHARE -> 0.5;
      case SHUFFLE, DROP_LAST, SHARE_SESSIONS, SHUFFLE_EACH_EPOCH, FED -> true;
      case HUGE_PAGES, SKIP_BROKEN, CACHE_DATA -> true;
      case BATCH_SIZE, SEED, THREADS, PREFETCH, MAX_BATCHES, RANK, WORLD_SIZE -> 7L;
      case READAHEAD, LOOKAHEAD, NICE, SPIN_NANOS, MAX_OPEN -> 7L;
      case PIN_MEMORY, WAIT_FOR_DEVICE, INDICES_ONLY, RECORDINGS -> null;
    };
  }

  @Test
  void eachOptionThatIsGivenByNameChangesOneThingThatTheEngineIsTold() throws Exception {
    Map<String, LoaderOption> changed = new HashMap<>();
    for (LoaderOption option : LoaderOption.values()) {
      LoaderOptions told = new LoaderOptions();
      if (example(option) == null) {
        assertThrows(ConfigException.class, () -> told.set(option, true), option.name());
        continue;
      }
      told.set(option, example(option));
      LoaderOptions plain = new LoaderOptions();
      List<String> others = new ArrayList<>();
      for (Field field : LoaderOptions.class.getDeclaredFields()) {
        if (!Objects.deepEquals(field.get(told), field.get(plain))) {
          others.add(field.getName());
        }
      }
      assertEquals(1, others.size(), option + ": " + others);
      assertNull(changed.put(others.getFirst(), option), option.name());
    }
  }

  @Test
  void aWrongValueIsNamedAsInCWhereOptionsAreGivenByName() {
    for (LoaderOption option : LoaderOption.values()) {
      LoaderBuilder<?> builder =
          option == LoaderOption.INDICES ? ChunkLoader.builder() : SessionLoader.builder();
      ConfigException e =
          assertThrows(
              ConfigException.class,
              () -> builder.option(option.key.name(), new StringBuilder("no plain value")),
              option.name());
      assertNames(e.getMessage(), option, false);
    }
  }

  @Test
  void optionsThatContradictEachOtherAreNamedByWhoSetThem() {
    List<FakeSource> two = Fakes.sources(8, 8);
    for (boolean java : new boolean[] {true, false}) {
      assertSays(
          java,
          LoaderOption.WEIGHTS,
          b -> named(java, b, "weights", List.of(1.0), x -> x.weights(1.0)),
          two);
      assertSays(
          java,
          LoaderOption.SHARE_SESSIONS,
          b -> {
            named(java, b, "share_sessions", true, x -> x.shareSessions(true));
            named(java, b, "world_size", 2L, x -> x.rank(0, 2));
            named(java, b, "seed", 1L, x -> x.seed(1L));
          },
          two);
      assertSays(
          java,
          LoaderOption.SEED,
          b -> {
            named(java, b, "world_size", 2L, x -> x.rank(0, 2));
            named(java, b, "shuffle", true, x -> x.shuffle(true));
          },
          two);
    }
  }

  private static void named(
      boolean java,
      SessionLoader.Builder builder,
      String name,
      Object value,
      java.util.function.Consumer<SessionLoader.Builder> method) {
    if (java) {
      method.accept(builder);
    } else {
      builder.option(name, value);
    }
  }

  private static void assertSays(
      boolean java,
      LoaderOption option,
      java.util.function.Consumer<SessionLoader.Builder> options,
      List<FakeSource> sources) {
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () -> Fakes.sessions(sources, Cycle.CONCATENATED, options).close());
    assertNames(e.getMessage(), option, java);
  }

  @Test
  void fullRingsAreNamedByWhoLimitedThem() throws Exception {
    for (boolean java : new boolean[] {true, false}) {
      try (ChunkLoader loader =
              Fakes.chunks(
                  new FakeSource("a", 40, 3),
                  b -> {
                    if (java) {
                      b.maxSlots(1);
                    } else {
                      b.option("max_batches", 1L);
                    }
                  });
          Batch held = loader.next()) {
        assertEquals(0, held.position());
        LoaderException e = assertThrows(LoaderException.class, loader::next);
        assertNames(e.getMessage(), LoaderOption.MAX_BATCHES, java);
      }
    }
  }

  @Test
  void indicesAreTakenInEveryFormOfAWholeNumber() throws Exception {
    FakeSource source = new FakeSource("a", 40, 3);
    try (ChunkLoader loader =
            Fakes.chunks(source, b -> b.option("indices", List.of(3, 1L, 2.0)).batchSize(3));
        Batch batch = loader.next()) {
      assertArrayEquals(new int[] {3, 1, 2}, batch.chunkIndices());
    }
    for (Object wrong : new Object[] {1.5, 1L << 32, "1", true}) {
      ConfigException e =
          assertThrows(
              ConfigException.class,
              () -> Fakes.chunks(source, b -> b.option("indices", List.of(0, wrong))));
      assertTrue(
          e.getMessage().contains("indices[1]: found " + wrong + ", expected the index of a chunk"),
          e.getMessage());
    }
  }
}
