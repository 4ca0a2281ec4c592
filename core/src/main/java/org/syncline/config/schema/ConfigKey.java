/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.syncline.document.Documents;
import org.syncline.error.ConfigException;

/**
 * What there is to know of one key of a configuration or one option: its name, type, range, default
 * and meaning. Readers, builders, advice on mistyped names and the reference pages all take it from
 * here. Immutable; safe for concurrent use.
 */
public final class ConfigKey {
  /** What kind of value a key has. */
  public enum Type {
    /** True or false. */
    FLAG,
    /** A number without a fraction; 16.0 is one. */
    WHOLE,
    /** A finite number. */
    NUMBER,
    /** One of {@link ConfigKey#choices}. */
    CHOICE,
    /** A text. */
    TEXT,
    /** A list of texts. */
    TEXTS,
    /** A list of whole numbers. */
    WHOLES,
    /** A number, or a list of numbers, NaN and infinities included. */
    NUMBERS,
    /** A map. */
    MAP,
    /** A value of several forms. */
    MIXED
  }

  /** Where ranges of positive numbers begin. */
  public static final double POSITIVE = Double.MIN_NORMAL;

  /** The largest finite number, for ranges without an end. */
  public static final double ANY = Double.MAX_VALUE;

  private final String name;
  private final Type type;
  private final Object otherwise;
  private final String description;

  // set by the methods that make a key, before anybody else has it
  private double least;
  private double most;
  private long leastWhole;
  private long mostWhole;
  private String unit;
  private Choice[] choices = Choice.NONE;
  private String form;
  private String example;
  private boolean original = true;
  private boolean required;
  private List<String> readers = List.of();

  private ConfigKey(String name, Type type, Object otherwise, String description) {
    this.name = name;
    this.type = type;
    this.otherwise = otherwise;
    this.description = description;
  }

  /** Describes a flag; with a default of null it may be null. */
  public static ConfigKey flag(String name, Boolean otherwise, String description) {
    return new ConfigKey(name, Type.FLAG, otherwise, description);
  }

  /** Describes a whole number; with a default of null it may be null. */
  public static ConfigKey whole(
      String name, long least, long most, Long otherwise, String description) {
    return new ConfigKey(name, Type.WHOLE, otherwise, description).wholes(least, most);
  }

  /** Describes a number; with a default of null it may be null. */
  public static ConfigKey number(
      String name, String unit, double least, double most, Double otherwise, String description) {
    ConfigKey key = new ConfigKey(name, Type.NUMBER, otherwise, description);
    key.unit = unit;
    key.least = least;
    key.most = most;
    return key;
  }

  /** Describes one of some names; with a default of null it may be null. */
  public static ConfigKey choice(
      String name, Choice[] choices, Object otherwise, String description) {
    ConfigKey key = new ConfigKey(name, Type.CHOICE, otherwise, description);
    key.choices = choices;
    return key;
  }

  /** Describes a text that may be null. */
  public static ConfigKey text(String name, String description) {
    return new ConfigKey(name, Type.TEXT, null, description);
  }

  /** Describes a list of names that may be null. */
  public static ConfigKey texts(String name, String description) {
    return new ConfigKey(name, Type.TEXTS, null, description);
  }

  /** Describes a list of whole numbers that may be null. */
  public static ConfigKey wholes(String name, long least, long most, String description) {
    return new ConfigKey(name, Type.WHOLES, null, description).wholes(least, most);
  }

  /** Describes one number or several that may be null. */
  public static ConfigKey numbers(String name, String description) {
    return new ConfigKey(name, Type.NUMBERS, null, description);
  }

  /** Describes a map that may be null. */
  public static ConfigKey map(String name, String description) {
    return new ConfigKey(name, Type.MAP, null, description);
  }

  /**
   * Describes a value of several forms.
   *
   * @param form what is expected, for messages: "a map, a list of maps, or null"
   * @param choices the names among the forms
   */
  public static ConfigKey mixed(
      String name, String form, Choice[] choices, Object otherwise, String description) {
    ConfigKey key = new ConfigKey(name, Type.MIXED, otherwise, description);
    key.form = form;
    key.choices = choices;
    return key;
  }

  private ConfigKey wholes(long least, long most) {
    leastWhole = least;
    mostWhole = most;
    return this;
  }

  /** Gives a value as YAML writes it behind the name, another than the default. */
  public ConfigKey example(String yaml) {
    example = yaml;
    return this;
  }

  /** Says that the original does not have it. */
  public ConfigKey ours() {
    original = false;
    return this;
  }

  /** Says that it cannot be null; what it stands in may do without it. */
  public ConfigKey required() {
    required = true;
    return this;
  }

  /** Says that devices of these modalities alone read it, of those that come with the library. */
  public ConfigKey readBy(String... modalities) {
    readers = List.of(modalities);
    return this;
  }

  /** Returns the modalities that alone read it, empty where all do. */
  public List<String> readers() {
    return readers;
  }

  /** Returns the name as it is written in configurations. */
  public String name() {
    return name;
  }

  /** Returns the kind of value. */
  public Type type() {
    return type;
  }

  /**
   * Returns the value in effect where the key is missing: a Boolean, Long, Double or the value of a
   * {@link Choice}; null for none.
   */
  public Object defaultValue() {
    return otherwise;
  }

  /** Returns the least number, for {@link Type#NUMBER}. */
  public double least() {
    return least;
  }

  /** Returns the largest number, for {@link Type#NUMBER}. */
  public double most() {
    return most;
  }

  /** Returns the least whole number, for {@link Type#WHOLE} and {@link Type#WHOLES}. */
  public long leastWhole() {
    return leastWhole;
  }

  /** Returns the largest whole number, for {@link Type#WHOLE} and {@link Type#WHOLES}. */
  public long mostWhole() {
    return mostWhole;
  }

  /** Returns the names that the value can be. */
  public List<Choice> choices() {
    return List.of(choices);
  }

  /** Returns one sentence on what it is for. */
  public String description() {
    return description;
  }

  /** Returns the version of Syncline that first had it. */
  public String since() {
    return "0.1";
  }

  /**
   * Returns a value as YAML writes it behind the name; null for options, which no configuration
   * has.
   */
  public String example() {
    return example;
  }

  /** Returns whether the original has it too. */
  public boolean original() {
    return original;
  }

  /** Returns whether null is a value: the same as leaving the key out. */
  public boolean nullable() {
    return !required && (otherwise == null || type == Type.MIXED);
  }

  /** Returns the texts of {@link #choices}. */
  public List<String> choiceNames() {
    return names(choices);
  }

  public static List<String> names(Choice[] choices) {
    List<String> names = new ArrayList<>(choices.length);
    for (Choice choice : choices) {
      names.add(choice.text());
    }
    return names;
  }

  /** Returns the choice of that name, or null where there is none. */
  public Choice choice(String text) {
    for (Choice choice : choices) {
      if (choice.text().equals(text)) {
        return choice;
      }
    }
    return null;
  }

  public boolean accepts(double value) {
    return value >= least && value <= most;
  }

  public boolean accepts(long value) {
    return value >= leastWhole && value <= mostWhole;
  }

  /** Returns what a value must be, for messages: "a positive number of Hz, or null". */
  public String expected() {
    String text =
        switch (type) {
          case FLAG -> "true or false";
          case WHOLE -> "a whole number" + range();
          case NUMBER ->
              (least == POSITIVE ? "a positive number" : "a number")
                  + (unit == null ? "" : " of " + unit)
                  + range();
          case CHOICE -> "one of " + Names.quoted(choiceNames());
          case TEXT -> "text";
          case TEXTS -> "a list of names";
          case WHOLES -> "a list of whole numbers";
          case NUMBERS -> "a number or a list of numbers";
          case MAP -> "a map";
          case MIXED -> form;
        };
    return nullable() && type != Type.MIXED ? text + ", or null" : text;
  }

  /**
   * Returns a plain value, as JSON has it, in this key's type: a Boolean, Long, Double, the value
   * of a choice, a String, a list of texts or of Longs; as it is where the key has a type of
   * several forms; null for null.
   *
   * @throws IllegalArgumentException where it has another type or lies outside the range: "found …,
   *     expected …"
   */
  public Object read(Object plain) {
    if (plain == null) {
      return null;
    }
    Object value =
        switch (type) {
          case FLAG -> plain instanceof Boolean ? plain : null;
          case WHOLE -> whole(plain);
          case NUMBER ->
              plain instanceof Number n && accepts(n.doubleValue())
                  ? (Object) n.doubleValue()
                  : null;
          case CHOICE -> plain instanceof String text ? value(choice(text)) : null;
          case TEXT -> plain instanceof String ? plain : null;
          case TEXTS -> texts(plain);
          case WHOLES -> wholes(plain);
          case NUMBERS, MIXED -> plain;
          case MAP -> plain instanceof Map ? plain : null;
        };
    if (value == null) {
      String text = Documents.toJson(plain);
      throw new IllegalArgumentException(
          "found "
              + (text.length() > 80 ? text.substring(0, 80) + "…" : text)
              + ", expected "
              + expected()
              + (type == Type.CHOICE && plain instanceof String name
                  ? Names.suggestion(name, choiceNames())
                  : ""));
    }
    return value;
  }

  private static Object value(Choice choice) {
    return choice == null ? null : choice.value();
  }

  private Long whole(Object plain) {
    Long value =
        switch (plain) {
          case Long n -> n;
          case Integer n -> Long.valueOf(n);
          case Double d when d == Math.rint(d) && Math.abs(d) < 1L << 53 -> d.longValue();
          default -> null;
        };
    return value != null && accepts(value.longValue()) ? value : null;
  }

  private static List<String> texts(Object plain) {
    if (!(plain instanceof List<?> list)) {
      return null;
    }
    List<String> texts = new ArrayList<>();
    for (Object item : list) {
      if (!(item instanceof String text)) {
        return null;
      }
      texts.add(text);
    }
    return texts;
  }

  private List<Long> wholes(Object plain) {
    if (!(plain instanceof List<?> list)) {
      return null;
    }
    List<Long> values = new ArrayList<>();
    for (Object item : list) {
      Long value = whole(item);
      if (value == null) {
        return null;
      }
      values.add(value);
    }
    return values;
  }

  /** Returns the limits as words with a space before them, empty where there are none. */
  public String range() {
    if (type == Type.WHOLE || type == Type.WHOLES) {
      String from = leastWhole == Long.MIN_VALUE ? "" : " from " + leastWhole;
      return mostWhole == Long.MAX_VALUE ? from : from + " to " + mostWhole;
    }
    String from = least == -ANY || least == POSITIVE ? "" : " from " + plain(least);
    return most == ANY ? from : from + " to " + plain(most);
  }

  private static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1L << 53
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  public boolean defaultFlag() {
    return (Boolean) otherwise;
  }

  public int defaultWhole() {
    return ((Long) otherwise).intValue();
  }

  public double defaultNumber() {
    return (Double) otherwise;
  }

  /** Returns a number that a program gives, or throws a ConfigException where it is outside. */
  public double check(double value) {
    if (!accepts(value)) {
      throw wrong(value, expected());
    }
    return value;
  }

  public Double check(Double value) {
    return value == null ? null : (Double) check(value.doubleValue());
  }

  public int check(int value) {
    return (int) check((long) value);
  }

  public Integer check(Integer value) {
    return value == null ? null : (Integer) check(value.intValue());
  }

  public long check(long value) {
    if (!accepts(value)) {
      throw wrong(value, expected());
    }
    return value;
  }

  public Long check(Long value) {
    return value == null ? null : (Long) check(value.longValue());
  }

  /** Returns the error of a program that gives what may not be. */
  public ConfigException wrong(Object found, String expected) {
    return new ConfigException("configuration", 0, name, "is " + found + ", expected " + expected);
  }

  @Override
  public String toString() {
    return name + ": " + expected();
  }
}
