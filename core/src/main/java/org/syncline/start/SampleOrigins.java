/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.start;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.syncline.array.ElementType;
import org.syncline.array.TensorSpec;
import org.syncline.clock.SampleGrid;
import org.syncline.config.schema.Names;
import org.syncline.dataset.DatasetSettings;
import org.syncline.device.support.Answers;
import org.syncline.document.Documents;
import org.syncline.text.Printable;

/**
 * Says of which trial the points of a chunk are, and what that trial's metadata says. Safe for use
 * by several threads.
 */
public final class SampleOrigins {
  private static final String TRIAL_INDEX = DatasetSettings.TRIAL_INDEX;
  private static final String META = DatasetSettings.META;
  private static final System.Logger LOG = System.getLogger("org.syncline");

  private final Path root;
  private final TrialStarts trials;
  private final SampleGrid grid;
  private final int points;
  private final Map<String, List<String>> given;
  private final Map<String, Column> columns = new HashMap<>();

  /**
   * A value of each trial, off the heap: a number or, with categories, the place of a text among
   * them.
   *
   * @param categories null for numbers
   */
  private record Column(MemorySegment values, List<String> categories) {
    boolean isText() {
      return categories != null;
    }
  }

  /**
   * Describes the origins of chunks.
   *
   * @param root the recording, for messages
   * @param trials null for a recording without
   * @param points of a chunk on the grid
   * @param given categories of texts by metadata key, for those that a configuration gives
   */
  public SampleOrigins(
      Path root, TrialStarts trials, SampleGrid grid, int points, Map<String, List<String>> given) {
    this.root = root;
    this.trials = trials;
    this.grid = grid;
    this.points = points;
    this.given = given;
    if (trials != null) {
      Collection<String> known = given.isEmpty() ? List.of() : keys();
      for (String key : given.keySet()) {
        if (!known.contains(key)) {
          LOG.log(
              System.Logger.Level.WARNING,
              root
                  + ": categories has '"
                  + Printable.value(key)
                  + "', a key that no trial has: it changes nothing; "
                  + Names.advice(key, known.stream().map(Printable::value).toList()));
        }
      }
    }
  }

  /** Returns whether there is an entry of this name. */
  public boolean has(String entry) {
    return entry.equals(TRIAL_INDEX)
        || entry.startsWith(META) && keys().contains(entry.substring(META.length()));
  }

  /** Returns the entries that there are. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    names.add(TRIAL_INDEX);
    keys().forEach(key -> names.add(META.concat(key)));
    return names;
  }

  private Collection<String> keys() {
    return trials == null
        ? List.of()
        : Answers.given(
            trials.trials().metadataKeys(),
            trials.trials(),
            "metadataKeys",
            "keys, empty for none");
  }

  /** Describes an entry: int32 (T) for the trials, else one value, float64 or an int32 code. */
  public TensorSpec spec(String entry) {
    if (entry.equals(TRIAL_INDEX)) {
      return new TensorSpec(entry, false, ElementType.INT32, points);
    }
    return new TensorSpec(
        entry,
        false,
        column(entry.substring(META.length())).isText() ? ElementType.INT32 : ElementType.FLOAT64);
  }

  /**
   * Returns the texts that codes of a metadata key stand for.
   *
   * @throws IllegalArgumentException where no trial has the key, with the nearest one, or where its
   *     values are numbers or truth values
   */
  public List<String> categories(String key) {
    if (!keys().contains(key)) {
      throw new IllegalArgumentException(
          "no trial of "
              + root
              + " has the key '"
              + Printable.value(key)
              + "'; "
              + Names.advice(key, keys().stream().map(Printable::value).toList()));
    }
    Column column = column(key);
    if (!column.isText()) {
      throw new IllegalArgumentException(
          "the values of '"
              + Printable.value(key)
              + "' are "
              + kinds(key)
              + ", expected a key of texts: meta."
              + Printable.value(key)
              + " has them as float64");
    }
    return column.categories();
  }

  /** Returns what the values of a key without texts are, in words. */
  private String kinds(String key) {
    boolean numbers = false;
    boolean truths = false;
    for (int k = 0; k < trials.count(); k++) {
      Object value = trials.trials().metadataValue(k, key);
      numbers |= value instanceof Number;
      truths |= value instanceof Boolean;
    }
    return truths
        ? numbers ? "numbers and truth values (1 and 0)" : "truth values (1 and 0)"
        : numbers ? "numbers" : "missing in all trials";
  }

  /**
   * Warns where whole numbers of a key are too large for float64, which makes several of them one.
   */
  private void nameRounded(String key, Object[] values) {
    for (int k = 0; k < values.length; k++) {
      if (values[k] instanceof Number n && isRounded(n)) {
        String name = Printable.value(key);
        LOG.log(
            System.Logger.Level.WARNING,
            root
                + ": meta."
                + name
                + ": found "
                + n
                + " of trial "
                + k
                + ", expected whole numbers of at most 2^53 (9,007,199,254,740,992): as float64 it is "
                + plain(n.doubleValue())
                + ", and numbers that differ may be one; store them as texts, which come as codes, or"
                + " list them under categories");
        return;
      }
    }
  }

  private static String plain(double value) {
    return Double.isInfinite(value) ? String.valueOf(value) : new BigDecimal(value).toPlainString();
  }

  private static boolean isRounded(Number n) {
    double rounded = n.doubleValue();
    return n instanceof Long whole && Math.abs(rounded) >= 1L << 53
        ? new BigDecimal(rounded).compareTo(BigDecimal.valueOf(whole)) != 0
        : n instanceof BigInteger big
            && (Double.isInfinite(rounded)
                || new BigDecimal(rounded).compareTo(new BigDecimal(big)) != 0);
  }

  /** Warns where a key has numbers or truth values, too, which come as the codes of their texts. */
  private void nameMixed(String key, Object[] values) {
    Object number = null;
    String text = null;
    for (Object value : values) {
      if (value instanceof Number || value instanceof Boolean) {
        number = number == null ? value : number;
      } else if (value instanceof String found) {
        text = text == null ? found : text;
      }
    }
    if (number != null && text != null) {
      String name = Printable.value(key);
      LOG.log(
          System.Logger.Level.WARNING,
          root
              + ": meta."
              + name
              + (number instanceof Boolean ? ": found truth values, as " : ": found numbers, as ")
              + number
              + ", and texts, as '"
              + Printable.value(text)
              + "', expected one kind: all come as codes of texts; correct the recording, or list"
              + " the texts under categories");
    }
  }

  private synchronized Column column(String key) {
    return columns.computeIfAbsent(key, this::read);
  }

  private Column read(String key) {
    Object[] values = new Object[trials.count()];
    boolean text = given.containsKey(key);
    for (int k = 0; k < values.length; k++) {
      values[k] = trials.trials().metadataValue(k, key);
      text |= values[k] != null && !(values[k] instanceof Number || values[k] instanceof Boolean);
    }
    if (!text) {
      nameRounded(key, values);
      MemorySegment numbers = Arena.ofAuto().allocate(Math.max(1, values.length) * 8L, 8);
      for (int k = 0; k < values.length; k++) {
        numbers.setAtIndex(ValueLayout.JAVA_DOUBLE, k, number(values[k]));
      }
      return new Column(numbers, null);
    }
    List<String> categories = given.get(key);
    if (categories == null) {
      nameMixed(key, values);
      TreeSet<String> sorted = new TreeSet<>();
      for (Object value : values) {
        if (value != null) {
          sorted.add(text(value));
        }
      }
      categories = List.copyOf(sorted);
    }
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < categories.size(); i++) {
      places.put(categories.get(i), i);
    }
    MemorySegment codes = Arena.ofAuto().allocate(Math.max(1, values.length) * 4L, 4);
    TreeSet<String> unknown = new TreeSet<>();
    for (int k = 0; k < values.length; k++) {
      Integer place = values[k] == null ? null : places.get(text(values[k]));
      codes.setAtIndex(ValueLayout.JAVA_INT, k, place == null ? -1 : place);
      if (values[k] != null && place == null) {
        unknown.add(Printable.value(text(values[k])));
      }
    }
    if (!unknown.isEmpty()) {
      String first = unknown.first();
      LOG.log(
          System.Logger.Level.WARNING,
          root
              + ": categories."
              + Printable.value(key)
              + " lacks "
              + Names.some(unknown)
              + ", whose code is -1"
              + Names.suggestion(first, categories));
    }
    return new Column(codes, categories);
  }

  private static double number(Object value) {
    return switch (value) {
      case Number n -> n.doubleValue();
      case Boolean b -> b ? 1 : 0;
      case null, default -> Double.NaN;
    };
  }

  private static String text(Object value) {
    return value instanceof String s ? s : Documents.toJson(value);
  }

  /** Returns what writes entries of these names. */
  public Writer writer(List<String> entries) {
    Column[] wanted = new Column[entries.size()];
    for (int i = 0; i < wanted.length; i++) {
      wanted[i] =
          entries.get(i).equals(TRIAL_INDEX)
              ? null
              : column(entries.get(i).substring(META.length()));
    }
    return new Writer(wanted);
  }

  /** Writes the entries of a chunk. Immutable, allocates nothing. */
  public final class Writer {
    private final Column[] wanted;

    private Writer(Column[] wanted) {
      this.wanted = wanted;
    }

    /**
     * Writes the entries of the chunk that starts at a time in seconds.
     *
     * @param first the place of the first entry in the arrays; the others stand behind it
     */
    public void write(double start, MemorySegment[] segments, long[] offsets, int first) {
      int point = grid.indexOf(start);
      for (int i = 0; i < wanted.length; i++) {
        MemorySegment to = segments[first + i];
        long at = offsets[first + i];
        if (wanted[i] == null) {
          writeTrials(start, point, to, at);
          continue;
        }
        int trial = trialAt(start);
        if (wanted[i].isText()) {
          int code = trial < 0 ? -1 : wanted[i].values().getAtIndex(ValueLayout.JAVA_INT, trial);
          to.set(ValueLayout.JAVA_INT_UNALIGNED, at, code);
        } else {
          double value =
              trial < 0
                  ? Double.NaN
                  : wanted[i].values().getAtIndex(ValueLayout.JAVA_DOUBLE, trial);
          to.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, at, value);
        }
      }
    }

    private void writeTrials(double start, int point, MemorySegment to, long at) {
      int trial = trialAt(start);
      for (int k = 0; k < points; k++) {
        // a start that is no point of the grid has points of its own
        double t = point >= 0 ? grid.time(point + k) : start + k * grid.period();
        while (trials != null && trial + 1 < trials.count() && trials.start(trial + 1) <= t) {
          trial++;
        }
        to.set(ValueLayout.JAVA_INT_UNALIGNED, at + 4L * k, trial);
      }
    }

    private int trialAt(double t) {
      return trials == null ? -1 : trials.at(t);
    }
  }
}
