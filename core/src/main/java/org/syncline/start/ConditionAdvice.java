/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.start;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.syncline.config.TrialCondition;
import org.syncline.config.schema.Names;
import org.syncline.device.Trials;
import org.syncline.device.support.Answers;
import org.syncline.text.Printable;

/** Says what in conditions matches no trial, and what was meant. */
final class ConditionAdvice {
  /** Letters of a text of which one may be a slip. */
  private static final int LONG_ENOUGH = 4;

  /** Trials beside which another text of a single one is a slip. */
  private static final int MANY = 3;

  /** Trials that are counted by value at opening. */
  private static final int MOST_COUNTED = 100_000;

  private final Trials trials;
  private final List<TrialCondition> conditions;
  private final List<String> advice = new ArrayList<>();

  private ConditionAdvice(Trials trials, List<TrialCondition> conditions) {
    this.trials = trials;
    this.conditions = conditions;
  }

  /**
   * Returns a sentence for each key and value that no trial has, with the nearest ones, for each
   * map whose values no trial has together, and for values that differ from a wanted one in case or
   * blanks alone.
   */
  static List<String> of(Trials trials, List<TrialCondition> conditions) {
    ConditionAdvice found = new ConditionAdvice(trials, conditions);
    if (conditions.isEmpty()) {
      found.advice.add("an empty list of conditions matches no trial; without it every trial does");
    }
    for (TrialCondition condition : conditions) {
      found.look(condition);
    }
    return found.advice;
  }

  /** Returns conditions as configurations have them, shortened. */
  static String text(List<TrialCondition> conditions) {
    StringBuilder text = new StringBuilder(conditions.isEmpty() ? "[]" : "");
    for (TrialCondition condition : conditions) {
      text.append(text.isEmpty() ? "" : " or ").append(text(condition));
    }
    return text.toString();
  }

  private static String text(TrialCondition condition) {
    StringBuilder text = new StringBuilder("{");
    for (Map.Entry<String, Object> entry : condition.values().entrySet()) {
      text.append(text.length() == 1 ? "" : ", ")
          .append(Printable.value(entry.getKey()))
          .append(": ")
          .append(Printable.value(String.valueOf(entry.getValue())));
    }
    return text.append('}').toString();
  }

  private static String quoted(Object value) {
    String text = Printable.value(String.valueOf(value));
    return value instanceof String ? "'" + text + "'" : text;
  }

  private void look(TrialCondition condition) {
    if (condition.values().isEmpty()) {
      advice.add("an empty map of conditions matches no trial; without it every trial does");
      return;
    }
    int before = advice.size();
    for (Map.Entry<String, Object> entry : condition.values().entrySet()) {
      look(entry.getKey(), entry.getValue());
    }
    if (advice.size() == before && isEmpty(condition)) {
      advice.add("no trial has all of " + text(condition) + ", though some have each of them");
    }
  }

  private boolean isEmpty(TrialCondition condition) {
    return SampleMasks.count(Answers.matching(trials, List.of(condition))) == 0;
  }

  private void look(String key, Object wanted) {
    Collection<String> keys =
        Answers.given(trials.metadataKeys(), trials, "metadataKeys", "keys, empty for none");
    if (!keys.contains(key)) {
      List<String> known = keys.stream().map(Printable::value).toList();
      advice.add(
          "no trial has the key '"
              + Printable.value(key)
              + "'"
              + (Names.nearest(key, known) == null ? ";" : Names.suggestion(key, known))
              + " Keys: "
              + Names.some(known));
    } else if (wanted instanceof Collection || wanted instanceof Map) {
      advice.add(
          key + ": " + quoted(wanted) + " matches no trial; write a map of its own for each value");
    } else if (isEmpty(only(key, wanted))) {
      Collection<Object> values = values(key);
      List<String> known = values.stream().map(String::valueOf).toList();
      String near = Names.nearest(String.valueOf(wanted), known);
      advice.add(
          "no trial has "
              + Printable.value(key)
              + ": "
              + quoted(wanted)
              + (near == null
                  ? ";"
                  : "; did you mean "
                      + quoted(values.stream().skip(known.indexOf(near)).findFirst().orElse(near))
                      + "?")
              + " Values: "
              + Names.some(values.stream().map(ConditionAdvice::quoted).toList()));
    } else if (wanted instanceof String text) {
      lookAlike(key, text);
      lookMistyped(key, text);
      lookInLists(key, text);
    }
  }

  private void lookInLists(String key, String wanted) {
    List<String> lists =
        values(key).stream()
            .filter(value -> value instanceof Collection<?> list && list.contains(wanted))
            .map(ConditionAdvice::quoted)
            .toList();
    if (!lists.isEmpty()) {
      advice.add(
          "trials with "
              + Printable.value(key)
              + ": "
              + Names.some(lists)
              + " are left out, for a list equals no value; write "
              + quoted(wanted)
              + " alone in the recording");
    }
  }

  private void lookAlike(String key, String wanted) {
    List<String> alike =
        values(key).stream()
            .filter(value -> value instanceof String text && isAlike(text, wanted))
            .filter(value -> conditions.stream().noneMatch(c -> value.equals(c.values().get(key))))
            .map(ConditionAdvice::quoted)
            .toList();
    if (!alike.isEmpty()) {
      advice.add(
          "trials with "
              + Printable.value(key)
              + ": "
              + Names.some(alike)
              + " are left out, whose text is not exactly "
              + quoted(wanted)
              + "; correct the recording, or list them among the conditions");
    }
  }

  /** Advises of a single trial whose text is that of many others but for one letter. */
  private void lookMistyped(String key, String wanted) {
    if (wanted.length() < LONG_ENOUGH || trials.count() > MOST_COUNTED) {
      return;
    }
    List<Object> near = new ArrayList<>();
    for (Object value : values(key)) {
      if (value instanceof String text && isMistyped(text, wanted) && !isWanted(key, value)) {
        near.add(value);
      }
    }
    if (near.isEmpty() || count(key, wanted) < MANY) {
      return;
    }
    for (Object value : near) {
      if (count(key, value) == 1) {
        advice.add(
            "one trial has "
                + Printable.value(key)
                + ": "
                + quoted(value)
                + " and is left out; was "
                + quoted(wanted)
                + " meant, as of "
                + count(key, wanted)
                + " others?");
      }
    }
  }

  private boolean isWanted(String key, Object value) {
    for (TrialCondition condition : conditions) {
      if (value.equals(condition.values().get(key))) {
        return true;
      }
    }
    return false;
  }

  private int count(String key, Object value) {
    return SampleMasks.count(Answers.matching(trials, List.of(only(key, value))));
  }

  /** Returns whether one letter differs; numbers at the end of names differ on purpose. */
  private static boolean isMistyped(String text, String wanted) {
    return !isAlike(text, wanted)
        && !text.equals(wanted)
        && Names.distance(text, wanted) == 1
        && !hasDigit(text)
        && !hasDigit(wanted);
  }

  private static boolean hasDigit(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isDigit(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  private Collection<Object> values(String key) {
    return Answers.given(
        trials.metadataValues(key), trials, "metadataValues", "values, empty for none");
  }

  private static boolean isAlike(String text, String wanted) {
    return !text.equals(wanted) && text.strip().equalsIgnoreCase(wanted.strip());
  }

  private static TrialCondition only(String key, Object value) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put(key, value); // may be null
    return TrialCondition.of(values);
  }
}
