/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.start;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

  /** Another key of the recording that may be meant, or null. */
  private final String near;

  /** Trials that show something, with the key and without. */
  private int with;

  private final Named without = new Named();
  private boolean misspelt;

  private final Named nothing = new Named();
  private Object standsForNothing;

  /** How many trials there are of a kind, and the names of the first. */
  private final class Named {
    private final List<String> names = new ArrayList<>();
    private int count;

    void add(int trial) {
      // what a trial is called costs a map of all that is known of it
      if (count++ < MOST_NAMED) {
        names.add(Printable.value(String.valueOf(trials.describe(trial).get("key"))));
      }
    }

    @Override
    public String toString() {
      return " (" + String.join(", ", names) + (count > names.size() ? ", …" : "") + ")";
    }
  }

  private UnlabelledTrials(Trials trials, String key, List<String> others) {
    this.trials = trials;
    this.key = key;
    near = Names.nearest(key, others);
  }

  /** Returns a sentence for each kind of such trials; none where no trial has the key. */
  static List<String> of(Trials trials, String key) {
    List<String> others =
        new ArrayList<>(
            Answers.given(trials.metadataKeys(), trials, "metadataKeys", "keys, empty for none"));
    if (!others.remove(key)) {
      return List.of();
    }
    UnlabelledTrials found = new UnlabelledTrials(trials, key, others);
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
      without.add(trial);
      misspelt |= near != null && trials.metadataValue(trial, near) != null;
    } else if (value != null && standsForNothing(value)) {
      nothing.add(trial);
      standsForNothing = value;
    } else if (shows) {
      with++;
    }
  }

  private static boolean standsForNothing(Object value) {
    return value instanceof Double number && number.isNaN()
        || value instanceof String text && NOTHING.contains(text.strip().toLowerCase(Locale.ROOT));
  }

  private List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    String name = Printable.value(key);
    if (without.count > 0 && with > 0) {
      sentences.add(
          without.count
              + (without.count == 1 ? " trial with frames" : " trials with frames")
              + without
              + (without.count == 1 ? " has no " : " have no ")
              + name
              + (misspelt ? " but '" + Printable.value(near) + "'" : "")
              + ", while "
              + with
              + (with == 1 ? " has one" : " have one")
              + ": conditions take "
              + (without.count == 1 ? "it" : "them")
              + " for blanks, and include_blanks adds what "
              + (without.count == 1 ? "it shows" : "they show")
              + "; correct the recording");
    }
    if (nothing.count > 0) {
      sentences.add(
          nothing.count
              + (nothing.count == 1 ? " trial" : " trials")
              + nothing
              + (nothing.count == 1 ? " has " : " have ")
              + name
              + ": "
              + (standsForNothing instanceof String text
                  ? "'" + Printable.value(text) + "'"
                  : "NaN")
              + ", a value like any other: no condition but that one takes "
              + (nothing.count == 1 ? "it" : "them")
              + ", nor does include_blanks; leave the key out, or write null");
    }
    return sentences;
  }
}
