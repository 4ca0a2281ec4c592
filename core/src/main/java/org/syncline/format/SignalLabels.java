/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.syncline.error.RecordingException;
import org.syncline.storage.Npy;
import org.syncline.storage.NpyTexts;
import org.syncline.text.Printable;

/**
 * What an array in a device's folder says of each signal, such as {@code meta/area.npy}. Immutable.
 */
public final class SignalLabels {
  private final Object[] values;

  private SignalLabels(Object[] values) {
    this.values = values;
  }

  /**
   * Reads an array of texts, numbers or booleans of shape (n,), (1, n) or (n, 1).
   *
   * @param name path inside the folder
   * @param signals the n there must be
   * @throws RecordingException where it is missing, cannot be read or has another shape
   */
  public static SignalLabels read(Path deviceFolder, String name, int signals) {
    Path file = SafeNames.fault(name) == null ? SafeNames.resolve(deviceFolder, name) : null;
    if (file == null) {
      throw RecordingException.of(
          deviceFolder, name, "no name of a file inside", "a path like meta/area.npy", null);
    }
    if (Files.notExists(file)) {
      throw RecordingException.of(
          file,
          null,
          "no such file",
          "an array of one value for each of " + signals + " signals",
          "arrays there: " + arrays(deviceFolder),
          new NoSuchFileException(file.toString()));
    }
    List<String> texts = NpyTexts.read(file).orElse(null);
    if (texts != null) {
      if (texts.size() != signals) {
        throw RecordingException.of(
            file,
            "shape",
            texts.size() + " texts",
            Integer.toString(signals),
            "one for each of the device's signals");
      }
      return new SignalLabels(texts.toArray());
    }
    Npy.Doubles numbers = Npy.readDoubles(file);
    Statistics.check(file, numbers.shape(), signals);
    return new SignalLabels(Arrays.stream(numbers.values()).boxed().toArray());
  }

  /** Returns names of arrays beside the data, for messages. */
  private static String arrays(Path deviceFolder) {
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.list(deviceFolder.resolve("meta"))) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".npy"))
          .sorted()
          .limit(10)
          .forEach(name -> names.add("'meta/" + Printable.value(name) + "'"));
    } catch (IOException | UncheckedIOException e) {
      return "none that can be listed";
    }
    return names.isEmpty() ? "none" : String.join(", ", names);
  }

  /**
   * Returns whether a signal's value meets a condition: equals it (true is 1), equals one of a
   * list, or lies in a map's {@code min} to {@code max}, both included.
   */
  public boolean meets(int signal, Object condition) {
    Object value = values[signal];
    if (condition instanceof List<?> any) {
      return any.stream().anyMatch(one -> isEqual(value, one));
    }
    if (condition instanceof Map<?, ?> range) {
      return value instanceof Double number
          && number >= bound(range.get("min"), Double.NEGATIVE_INFINITY)
          && number <= bound(range.get("max"), Double.POSITIVE_INFINITY);
    }
    return isEqual(value, condition);
  }

  private static double bound(Object given, double otherwise) {
    return given instanceof Number number ? number.doubleValue() : otherwise;
  }

  private static boolean isEqual(Object value, Object wanted) {
    if (value instanceof Double number) {
      return wanted instanceof Number other
          ? number == other.doubleValue()
          : wanted instanceof Boolean flag && number == (flag ? 1 : 0);
    }
    return Objects.equals(value, wanted);
  }

  /**
   * Returns texts that differ from a wanted one in case or blanks alone, quoted as in {@link
   * #some()}, none of which a condition takes.
   */
  public Set<String> alike(Object condition) {
    List<?> wanted = condition instanceof List<?> any ? any : List.of(condition);
    Set<String> found = new LinkedHashSet<>();
    for (int i = 0; i < values.length; i++) {
      if (values[i] instanceof String text && !meets(i, condition)) {
        for (Object one : wanted) {
          if (one instanceof String other && text.strip().equalsIgnoreCase(other.strip())) {
            found.add("'" + Printable.value(text) + "'");
          }
        }
      }
    }
    return found;
  }

  /**
   * Returns what a list asks for and no signal has, texts quoted as in {@link #some()}; nothing for
   * a condition of another kind, which then selects nothing at all.
   */
  public Set<String> absent(Object condition) {
    Set<String> absent = new LinkedHashSet<>();
    for (Object one : condition instanceof List<?> any ? any : List.of()) {
      if (Arrays.stream(values).noneMatch(value -> isEqual(value, one))) {
        absent.add(
            one instanceof String text ? "'" + Printable.value(text) + "'" : String.valueOf(one));
      }
    }
    return absent;
  }

  /** Returns some of the different values, for messages. */
  public String some() {
    Set<String> different = new LinkedHashSet<>();
    for (Object value : values) {
      different.add(
          value instanceof Double number
              ? number == Math.rint(number) && Math.abs(number) < 1e15
                  ? Long.toString(number.longValue())
                  : number.toString()
              : "'" + Printable.value(value.toString()) + "'");
    }
    List<String> few = new ArrayList<>(different).subList(0, Math.min(10, different.size()));
    return String.join(", ", few) + (different.size() > few.size() ? ", …" : "");
  }
}
