/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.start;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.syncline.config.schema.Names;
import org.syncline.device.Trials;
import org.syncline.device.support.Answers;
import org.syncline.text.Printable;

/**
 * Says which trials conditions take for blanks though they show something, for a trial without a
 * key has the value "blank", and which they take for none though their value stands for nothing.
 */
final class UnlabelledTrials {
  private static final int MOST_NAMED = 3;

  /** Texts that programs write for a missing value. */
  private static final Set<String> NOTHING = Set.of("", "none", "null", "nan", "n/a");

  private final Trials trials;
  private final String key;

  /** Trials that show something, with the key and without. */
  private int with;

  private final List<String> without = new ArrayList<>();
  private int countWithout;
  private String misspelt;

  private final List<String> nothing = new ArrayList<>();
  private int countNothing;
  private Object standsForNothing;

  private UnlabelledTrials(Trials trials, String key) {
    this.trials = trials;
    this.key = key;
  }

  /** Returns a sentence for each kind of such trials; none where no trial has the key. */
  static List<String> of(Trials trials, String key) {
    if (!Answers.given(trials.metadataKeys(), trials, "metadataKeys", "keys, empty for none")
        .contains(key)) {
      return List.of();
    }
    UnlabelledTrials found = new UnlabelledTrials(trials, key);
    for (int k = 0; k < trials.count(); k++) {
      found.look(k);
    }
    return found.sentences();
  }

  private void look(int trial) {
    Object value = trials.metadataValue(trial, key);
    String kind = trials.kind(trial);
    boolean shows = "image".equals(kind) || "video".equals(kind);
    if (value == null && shows) {
      countWithout++;
      if (without.size() < MOST_NAMED) {
        without.add(name(trial));
      }
      misspelt = misspelt == null ? nearest(trial) : misspelt;
    } else if (value != null && standsForNothing(value)) {
      countNothing++;
      standsForNothing = value;
      if (nothing.size() < MOST_NAMED) {
        nothing.add(name(trial));
      }
    } else if (shows) {
      with++;
    }
  }

  private String name(int trial) {
    return Printable.value(String.valueOf(trials.describe(trial).get("key")));
  }

  private String nearest(int trial) {
    return trials.describe(trial).get("metadata") instanceof Map<?, ?> metadata
        ? Names.nearest(key, metadata.keySet().stream().map(String::valueOf).toList())
        : null;
  }

  private static boolean standsForNothing(Object value) {
    return value instanceof Double number && number.isNaN()
        || value instanceof String text && NOTHING.contains(text.strip().toLowerCase(Locale.ROOT));
  }

  private List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    String name = Printable.value(key);
    if (countWithout > 0 && with > 0) {
      sentences.add(
          countWithout
              + (countWithout == 1 ? " trial with frames" : " trials with frames")
              + named(without, countWithout)
              + (countWithout == 1 ? " has no " : " have no ")
              + name
              + (misspelt == null ? "" : " but '" + Printable.value(misspelt) + "'")
              + ", while "
              + with
              + (with == 1 ? " has one" : " have one")
              + ": conditions take "
              + (countWithout == 1 ? "it" : "them")
              + " for blanks, and include_blanks adds what "
              + (countWithout == 1 ? "it shows" : "they show")
              + "; correct the recording");
    }
    if (countNothing > 0) {
      sentences.add(
          countNothing
              + (countNothing == 1 ? " trial" : " trials")
              + named(nothing, countNothing)
              + (countNothing == 1 ? " has " : " have ")
              + name
              + ": "
              + (standsForNothing instanceof String text
                  ? "'" + Printable.value(text) + "'"
                  : "NaN")
              + ", a value like any other: no condition but that one takes "
              + (countNothing == 1 ? "it" : "them")
              + ", nor does include_blanks; leave the key out, or write null");
    }
    return sentences;
  }

  private static String named(List<String> names, int count) {
    return " (" + String.join(", ", names) + (count > names.size() ? ", …" : "") + ")";
  }
}
