/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.syncline.Registry;
import org.syncline.array.ElementType;
import org.syncline.error.ConfigException;
import org.syncline.setting.Setting;

/**
 * What a loader is told; {@link LoaderOption} describes what users can tell it. Written by one
 * builder and by nobody once a loader was made of it: an engine takes a copy.
 */
final class LoaderOptions implements Cloneable {
  int batchSize = LoaderOption.BATCH_SIZE.key.defaultWhole();
  boolean shuffle = LoaderOption.SHUFFLE.key.defaultFlag();
  Long seed;
  boolean dropLast = LoaderOption.DROP_LAST.key.defaultFlag();
  int threads = LoaderOption.THREADS.key.defaultWhole();
  int prefetch = LoaderOption.PREFETCH.key.defaultWhole();
  Map<String, ElementType> types = Map.of();
  List<String> asBytes = List.of();

  /** Null: the dataset's. */
  List<String> outKeys;

  int rank = LoaderOption.RANK.key.defaultWhole();
  int worldSize = LoaderOption.WORLD_SIZE.key.defaultWhole();
  Remainder remainder = (Remainder) LoaderOption.REMAINDER.key.defaultValue();
  boolean shareSessions = LoaderOption.SHARE_SESSIONS.key.defaultFlag();
  boolean shuffleEachEpoch = LoaderOption.SHUFFLE_EACH_EPOCH.key.defaultFlag();
  boolean cacheData = LoaderOption.CACHE_DATA.key.defaultFlag();
  long readahead = LoaderOption.READAHEAD.key.defaultWhole();
  long lookahead = LoaderOption.LOOKAHEAD.key.defaultWhole();
  int maxSlots = LoaderOption.MAX_BATCHES.key.defaultWhole();

  /** Null: where slots are large. */
  Boolean hugePages;

  int nice = LoaderOption.NICE.key.defaultWhole();
  double workShare = LoaderOption.SHARE.key.defaultNumber();
  long spinNanos = LoaderOption.SPIN_NANOS.key.defaultWhole();

  /** Null: not said, which is {@link Cycle#CONCATENATED}. */
  Cycle cycle;

  /** One for each recording that the user adds; null: not said. */
  double[] weights;

  /** Whether the user names the batches. */
  boolean fed = LoaderOption.FED.key.defaultFlag();

  /** Recordings open at one time; 0: all, once a loader is made, and before: as many as fit. */
  int maxOpen = LoaderOption.MAX_OPEN.key.defaultWhole();

  boolean skipBroken = LoaderOption.SKIP_BROKEN.key.defaultFlag();

  OnError onError = (OnError) LoaderOption.ON_ERROR.key.defaultValue();

  /** Null: nobody hears. */
  SlotListener slotListener;

  /** Null: all chunks. */
  int[] subset;

  /** Null: that of the services found. */
  Registry registry;

  /** Whether options were set by the names that C has for them, which messages then use. */
  boolean namedAsInC;

  /** Whether each batch's memory ends with it. */
  boolean guarded = Setting.DEBUG_BATCHES.isOn(false);

  /** Whether files count as cold from the start; for tests. */
  boolean assumeCold;

  /** Numbers drawn from one kept generator to the next. */
  long trailApart = GeneratorTrail.APART;

  /**
   * Sets an option.
   *
   * @param plain a plain value, as JSON has it; not null
   * @throws ConfigException where it has another type, lies outside the range, or Java has no such
   *     option
   */
  void set(LoaderOption option, Object plain) {
    Object value;
    try {
      value = option.key.read(plain);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("options", 0, option.key.name(), e.getMessage());
    }
    switch (option) {
      case BATCH_SIZE -> batchSize = whole(value);
      case SHUFFLE -> shuffle = (Boolean) value;
      case SEED -> seed = (Long) value;
      case DROP_LAST -> dropLast = (Boolean) value;
      case INDICES -> subset = indices(value);
      case THREADS -> threads = whole(value);
      case PREFETCH -> prefetch = whole(value);
      case MAX_BATCHES -> maxSlots = whole(value);
      case TYPES -> types = types((Map<?, ?>) value);
      case AS_BYTES -> asBytes = texts((List<?>) value);
      case OUT_KEYS -> {
        outKeys = texts((List<?>) value);
        if (outKeys.isEmpty()) {
          throw new ConfigException(
              "options",
              0,
              option.key.name(),
              "found an empty list, with which batches hold nothing, expected names of entries;"
                  + " leave it out for all");
        }
      }
      case RANK -> rank = whole(value);
      case WORLD_SIZE -> worldSize = whole(value);
      case REMAINDER -> remainder = (Remainder) value;
      case SHARE_SESSIONS -> shareSessions = (Boolean) value;
      case SHUFFLE_EACH_EPOCH -> shuffleEachEpoch = (Boolean) value;
      case SESSIONS -> cycle = (Cycle) value;
      case WEIGHTS -> weights = weights(value);
      case FED -> fed = (Boolean) value;
      case READAHEAD -> readahead = (Long) value;
      case LOOKAHEAD -> lookahead = (Long) value;
      case NICE -> nice = whole(value);
      case HUGE_PAGES -> hugePages = (Boolean) value;
      case SHARE -> workShare = (Double) value;
      case SPIN_NANOS -> spinNanos = (Long) value;
      case MAX_OPEN -> maxOpen = whole(value);
      case SKIP_BROKEN -> skipBroken = (Boolean) value;
      case ON_ERROR -> onError = (OnError) value;
      case CACHE_DATA -> cacheData = (Boolean) value;
      case PIN_MEMORY, WAIT_FOR_DEVICE, INDICES_ONLY, RECORDINGS ->
          throw new ConfigException(
              "options", 0, option.key.name(), "is an option of C's syncline_loader_open alone");
    }
  }

  private static int whole(Object value) {
    return ((Long) value).intValue();
  }

  private static int[] indices(Object value) {
    if (value instanceof List<?> list) {
      int[] indices = new int[list.size()];
      int n = 0;
      for (Object item : list) {
        if (!(item instanceof Number number) || number.doubleValue() != number.intValue()) {
          throw new ConfigException(
              "options",
              0,
              "indices[" + n + "]",
              "found " + item + ", expected the index of a chunk");
        }
        indices[n++] = number.intValue();
      }
      return indices;
    }
    throw new ConfigException(
        "options",
        0,
        "indices",
        "found " + value + ", expected " + LoaderOption.INDICES.key.expected());
  }

  private static double[] weights(Object value) {
    if (value instanceof List<?> list) {
      double[] weights = new double[list.size()];
      int n = 0;
      for (Object item : list) {
        if (!(item instanceof Number number)) {
          throw new ConfigException(
              "options", 0, "weights[" + n + "]", "found " + item + ", expected a number");
        }
        weights[n++] = number.doubleValue();
      }
      return weights;
    }
    throw new ConfigException(
        "options",
        0,
        "weights",
        "found " + value + ", expected " + LoaderOption.WEIGHTS.key.expected());
  }

  private static List<String> texts(List<?> list) {
    return list.stream().map(String.class::cast).toList();
  }

  private static Map<String, ElementType> types(Map<?, ?> map) {
    Map<String, ElementType> types = new HashMap<>();
    map.forEach(
        (device, type) -> {
          try {
            types.put(String.valueOf(device), ElementType.named(String.valueOf(type)));
          } catch (IllegalArgumentException e) {
            throw new ConfigException("options", 0, "types." + device, e.getMessage());
          }
        });
    return Map.copyOf(types);
  }

  /** Returns what the user calls an option. */
  String name(LoaderOption option) {
    return namedAsInC || option.java == null ? option.key.name() : option.java;
  }

  /** Returns a copy; what the fields point to is not changed by anybody. */
  LoaderOptions copy() {
    try {
      return (LoaderOptions) clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns which part of each epoch the loader hands out. */
  Share share() {
    return new Share(rank, worldSize, remainder);
  }

  /** Returns the recordings' registry. */
  Registry registry() {
    return registry == null ? Registry.services() : registry;
  }
}
