/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.syncline.config.schema.ConfigKey;
import org.syncline.config.schema.LoaderKeys;

/** What Python's package is told of the options of loaders. */
public final class LoaderFacts {
  /**
   * Options of what comes when, and to whom: a loader that is told its batches has none of them.
   */
  private static final Set<LoaderOption> OF_ORDER =
      EnumSet.of(
          LoaderOption.BATCH_SIZE,
          LoaderOption.SHUFFLE,
          LoaderOption.INDICES,
          LoaderOption.SEED,
          LoaderOption.DROP_LAST,
          LoaderOption.RANK,
          LoaderOption.WORLD_SIZE,
          LoaderOption.REMAINDER,
          LoaderOption.SHUFFLE_EACH_EPOCH,
          LoaderOption.ON_ERROR);

  private LoaderFacts() {}

  /** Returns the keywords of Python's loader. */
  public static List<String> keywords() {
    return List.copyOf(keys().keySet());
  }

  /** Returns the keys of the keywords of Python's loader, by their names there. */
  public static Map<String, ConfigKey> keys() {
    Map<String, ConfigKey> keys = new LinkedHashMap<>();
    for (LoaderOption option : LoaderOption.values()) {
      if (option.python != null) {
        keys.put(option.python, option.key);
      }
    }
    LoaderKeys.PYTHON.keys().forEach(key -> keys.put(key.name(), key));
    return keys;
  }

  /** Returns the keywords that a loader that is told its batches has too, but for pin_memory. */
  public static List<String> ring() {
    List<String> names = new ArrayList<>(List.of(LoaderKeys.DTYPE.name()));
    for (LoaderOption option : LoaderOption.values()) {
      if (option.python != null
          && !OF_ORDER.contains(option)
          && option != LoaderOption.PIN_MEMORY) {
        names.add(option.python);
      }
    }
    return names;
  }

  /** Returns the defaults of the keywords, by name. */
  public static Map<String, Object> defaults() {
    Map<String, Object> defaults = new LinkedHashMap<>();
    keys().forEach((name, key) -> defaults.put(name, value(key)));
    return defaults;
  }

  private static Object value(ConfigKey key) {
    return switch (key.defaultValue()) {
      case Remainder remainder -> remainder.text();
      case OnError onError -> onError.text();
      case null, default -> key.defaultValue();
    };
  }
}
