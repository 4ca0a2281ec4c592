/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.start;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
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

  /** Share by which numbers differ that went through float32 or a sum. */
  private static final double SAME_NUMBER = 1e-6;

  /** Of bounded length, for longer texts take long to parse and are no number of a person's. */
  private static final Pattern NUMBER =
      Pattern.compile(
          "[-+]?[0-9]{1,40}\\.?[0-9]{0,40}(?:[eE][-+]?[0-9]{1,4})?|[-+]?\\.[0-9]{1,40}");

  /** What exporters call trials that went wrong. */
  private static final String VALID = "valid_trial";

  private final Trials trials;
  private final List<TrialCondition> conditions;
  private final List<String> advice = new ArrayList<>();

  private ConditionAdvice(Trials trials, List<TrialCondition> conditions) {
    this.trials = trials;
    this.conditions = conditions;
  }

  /**
   * Returns a sentence for each key and value that no trial has, with the nearest ones, for each
   * map whose values no trial has together, and for values that look like a wanted one and are not
   * equal to it: other letters' case or blanks, a number's text, rounded numbers.
   */
  static List<String> of(Trials trials, List<TrialCondition> conditions) {
    ConditionAdvice found = new ConditionAdvice(trials, conditions);
    if (conditions.isEmpty()) {
      found.advice.add("an empty list of conditions matches no trial; without it every trial does");
    }
    for (TrialCondition condition : conditions) {
      found.look(condition);
    }
    if (found.advice.isEmpty()) {
      found.lookForInvalid();
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
          .append(shown(entry.getValue()));
    }
    return text.append('}').toString();
  }

  /** Returns a value, in quotation marks where its text looks like another value. */
  private static String shown(Object value) {
    boolean other =
        value instanceof String text
            && (text.isBlank()
                || text.equals("null")
                || text.equals("true")
                || text.equals("false")
                || NUMBER.matcher(text).matches());
    return other ? quoted(value) : Printable.value(String.valueOf(value));
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
    Collection<String> keys = keys();
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
      advice.add(
          "no trial has "
              + Printable.value(key)
              + ": "
              + quoted(wanted)
              + (isNan(wanted) ? ", which equals nothing;" : suggestion(wanted, values))
              + " Values: "
              + Names.some(values.stream().map(ConditionAdvice::quoted).toList()));
    } else if (wanted != null) {
      lookAlike(key, wanted);
      if (wanted instanceof String text) {
        lookMistyped(key, text);
        lookInLists(key, text);
      }
    }
  }

  /** Advises of trials that a recording calls invalid and no condition asks for. */
  private void lookForInvalid() {
    if (!keys().contains(VALID)) {
      return;
    }
    List<TrialCondition> invalid = new ArrayList<>();
    for (TrialCondition condition : conditions) {
      if (condition.values().containsKey(VALID)) {
        return;
      }
      invalid.add(condition.and(VALID, false));
    }
    int count = SampleMasks.count(Answers.matching(trials, invalid));
    if (count > 0) {
      advice.add(
          (count == 1 ? "1 trial has " : count + " trials have ")
              + VALID
              + ": false and "
              + (count == 1 ? "is" : "are")
              + " read like the others; "
              + VALID
              + ": true among the conditions leaves "
              + (count == 1 ? "it" : "them")
              + " out");
    }
  }

  // loops: each lambda is a class that every opening would load

  private void lookInLists(String key, String wanted) {
    List<String> lists = new ArrayList<>();
    for (Object value : values(key)) {
      if (value instanceof Collection<?> list && list.contains(wanted)) {
        lists.add(quoted(value));
      }
    }
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

  /** Returns a question after the value that looks like the wanted one, or is spelt nearly so. */
  private static String suggestion(Object wanted, Collection<Object> values) {
    for (Object value : values) {
      if (isAlike(value, wanted)) {
        return "; did you mean " + quoted(value) + "?";
      }
    }
    if (wanted instanceof String text) {
      List<String> known = values.stream().map(String::valueOf).toList();
      String near = Names.nearest(text, known);
      if (near != null) {
        Object value = values.stream().skip(known.indexOf(near)).findFirst().orElse(near);
        return "; did you mean " + quoted(value) + "?";
      }
    }
    return ";";
  }

  private void lookAlike(String key, Object wanted) {
    List<Object> alike = new ArrayList<>();
    for (Object value : values(key)) {
      if (isAlike(value, wanted) && !isWanted(key, value)) {
        alike.add(value);
      }
    }
    if (!alike.isEmpty()) {
      boolean texts = wanted instanceof String && alike.stream().allMatch(String.class::isInstance);
      advice.add(
          "trials with "
              + Printable.value(key)
              + ": "
              + Names.some(alike.stream().map(ConditionAdvice::quoted).toList())
              + (texts ? " are left out, whose text is not exactly " : " are left out, not being ")
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

  private Collection<String> keys() {
    return Answers.given(trials.metadataKeys(), trials, "metadataKeys", "keys, empty for none");
  }

  private Collection<Object> values(String key) {
    return Answers.given(
        trials.metadataValues(key), trials, "metadataValues", "values, empty for none");
  }

  private static boolean isNan(Object value) {
    return value instanceof Number number && Double.isNaN(number.doubleValue());
  }

  /** Returns whether people take two values that are not equal for the same. */
  private static boolean isAlike(Object value, Object wanted) {
    if (value instanceof String text && wanted instanceof String other) {
      return !text.equals(other) && plain(text).equalsIgnoreCase(plain(other));
    }
    if (value instanceof Number found && wanted instanceof Number other) {
      double a = found.doubleValue();
      double b = other.doubleValue();
      // whole numbers are counts, dates and ids, which differ by 1 on purpose
      boolean whole = a == Math.rint(a) && b == Math.rint(b);
      return a != b
          && !whole
          && Math.abs(a - b) <= SAME_NUMBER * Math.max(Math.abs(a), Math.abs(b));
    }
    if (value instanceof String text) {
      return saysSame(text, wanted);
    }
    return wanted instanceof String text && saysSame(text, value);
  }

  /** Returns whether a text is that of a number or truth value. */
  private static boolean saysSame(String text, Object value) {
    if (value instanceof Boolean flag) {
      return plain(text).equalsIgnoreCase(flag.toString());
    }
    if (!(value instanceof Number number) || !NUMBER.matcher(plain(text)).matches()) {
      return false;
    }
    return Double.parseDouble(plain(text)) == number.doubleValue();
  }

  /** Returns a text without blanks around it, with letters and their marks as one sign each. */
  private static String plain(String text) {
    return Normalizer.normalize(text.strip(), Normalizer.Form.NFC);
  }

  private static TrialCondition only(String key, Object value) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put(key, value); // may be null
    return TrialCondition.of(values);
  }
}
