/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.config.schema.Names;
import org.syncline.document.MapNode;
import org.syncline.document.Node;
import org.syncline.document.ScalarNode;
import org.syncline.error.RecordingException;
import org.syncline.file.Links;
import org.syncline.format.Fields;
import org.syncline.format.SafeNames;
import org.syncline.format.checksum.Checksums;
import org.syncline.setting.Setting;
import org.syncline.storage.Npy;
import org.syncline.text.Printable;

/**
 * The {@code meta.yml} of a device: typed access to its keys. What is missing or has another type
 * is a {@link RecordingException} that names file, key, found and expected. Immutable.
 */
public final class MetaFile {
  private final Path folder;
  private final Fields fields;

  /** Keys that something was asked of: what is known is what is read. */
  private final Set<String> asked = ConcurrentHashMap.newKeySet();

  private MetaFile(Path folder, Fields fields) {
    this.folder = folder;
    this.fields = fields;
  }

  /**
   * Reads {@code meta.yml} of a device's folder.
   *
   * @throws RecordingException where it is missing, cannot be read or is no map; where links that
   *     leave the recording are refused, for one of them anywhere in the folder; where recordings
   *     are compared with their checksums, for one that differs or has none
   */
  public static MetaFile read(Path folder) {
    Links.checkDevice(folder);
    if (Setting.verifiesChecksums()) {
      Checksums.checkDevice(folder);
    }
    return new MetaFile(folder, Fields.readYaml(folder.resolve("meta.yml")));
  }

  /** Returns the device's folder. */
  public Path folder() {
    return folder;
  }

  /** Returns the file. */
  public Path path() {
    return folder.resolve("meta.yml");
  }

  /**
   * Checks that the device is of a modality.
   *
   * @throws RecordingException where it is of another, or of none
   */
  public void expectModality(String name) {
    Objects.requireNonNull(name, "name is null");
    String found = text("modality");
    if (!found.equals(name)) {
      throw error("modality", found, name, "open it with Registry.open");
    }
  }

  /** Returns whether there is a key, even with null as its value. */
  public boolean has(String key) {
    Objects.requireNonNull(key, "key is null");
    asked.add(key);
    return fields.has(key);
  }

  /** Returns whether a key is missing or its value is null. */
  public boolean isNull(String key) {
    Objects.requireNonNull(key, "key is null");
    asked.add(key);
    return fields.get(key) == null;
  }

  /** Returns whether a key has a number. */
  public boolean isNumber(String key) {
    Objects.requireNonNull(key, "key is null");
    asked.add(key);
    return fields.map().get(key) instanceof ScalarNode s && s.value() instanceof Number;
  }

  /**
   * Returns a text.
   *
   * @throws RecordingException where it is missing or something else
   */
  public String text(String key) {
    Objects.requireNonNull(key, "key is null");
    asked.add(key);
    return fields.text(key);
  }

  /**
   * Returns a flag, or another value where it is missing or null.
   *
   * @throws RecordingException where it is neither true nor false
   */
  public boolean flag(String key, boolean otherwise) {
    Objects.requireNonNull(key, "key is null");
    asked.add(key);
    return fields.flag(key, otherwise);
  }

  /**
   * Returns a number; NaN where it is null.
   *
   * @throws RecordingException where it is missing or no number
   */
  public double number(String key) {
    Objects.requireNonNull(key, "key is null");
    asked.add(key);
    return fields.numberOrNull(key);
  }

  /**
   * Returns a whole number from 0 to {@code max}.
   *
   * @throws RecordingException where it is missing or something else
   */
  public long count(String key, long max) {
    Objects.requireNonNull(key, "key is null");
    asked.add(key);
    return fields.count(key, max);
  }

  /**
   * Returns a list of whole numbers from 0 to 2^53.
   *
   * @throws RecordingException where it is missing or something else
   */
  public long[] counts(String key) {
    Objects.requireNonNull(key, "key is null");
    asked.add(key);
    return fields.counts(key);
  }

  /**
   * Returns the file that a key names inside the device's folder.
   *
   * @throws RecordingException where it is missing, no text, or leaves the folder
   */
  public Path file(String key) {
    Objects.requireNonNull(key, "key is null");
    asked.add(key);
    return inside(key, fields.text(key));
  }

  /**
   * Returns the files inside the device's folder that a map names, in the map's order;
   * unmodifiable.
   *
   * @throws RecordingException where it is missing or no map of names, or one leaves the folder
   */
  public Map<String, Path> files(String key) {
    Objects.requireNonNull(key, "key is null");
    asked.add(key);
    if (!(fields.map().get(key) instanceof MapNode map)) {
      throw fields.error(key, fields.map().get(key), "a map of " + key + " to .npy files");
    }
    Map<String, Path> files = new LinkedHashMap<>();
    for (Map.Entry<String, Node> entry : map.entries().entrySet()) {
      String full = key + "." + entry.getKey();
      if (!(entry.getValue() instanceof ScalarNode s && s.value() instanceof String name)) {
        throw fields.error(full, entry.getValue(), "the name of a .npy file");
      }
      files.put(entry.getKey(), inside(full, name));
    }
    return Collections.unmodifiableMap(files);
  }

  /**
   * Returns the keys that none of the methods was asked for and whose names are near one that was
   * and is not there, by that one: they are misspelt, as it seems.
   */
  public Map<String, String> misspelt() {
    Set<String> missing = new TreeSet<>(asked);
    missing.removeIf(fields::has);
    Map<String, String> found = new LinkedHashMap<>();
    for (String key : fields.map().entries().keySet()) {
      String meant = asked.contains(key) ? null : Names.nearest(key, missing);
      if (meant != null) {
        found.put(key, meant);
      }
    }
    return found;
  }

  private Path inside(String key, String name) {
    String fault = SafeNames.fault(name);
    Path path = fault == null ? SafeNames.resolve(folder, name) : null;
    if (path == null) {
      throw error(
          key,
          "'" + name + "'",
          "the name of a file inside the device's folder",
          fault == null ? null : "it " + fault);
    }
    return path;
  }

  /**
   * Reads a .npy file into memory.
   *
   * @return float64, in C order; managed by the garbage collector
   * @throws RecordingException where it cannot be read or holds no real numbers
   */
  public static Tensor readNpy(Path file) {
    Objects.requireNonNull(file, "file is null");
    Npy.Doubles array = Npy.readDoubles(file);
    return new Tensor(ElementType.FLOAT64, array.shape(), MemorySegment.ofArray(array.values()));
  }

  /**
   * Returns what is wrong with a key, to be thrown.
   *
   * @param found what is there
   * @param expected what should be there
   * @param advice what the user can do, or null
   */
  public RecordingException error(
      @Nullable String key,
      @Nullable String found,
      @Nullable String expected,
      @Nullable String advice) {
    return fields.error(key, found, expected, advice);
  }

  /**
   * Returns the same file with another value for a key, as validation needs it to read on after a
   * wrong one.
   *
   * @param value null, Boolean, Number, String, List or an empty Map; null removes the key
   */
  public MetaFile with(String key, @Nullable Object value) {
    Objects.requireNonNull(key, "key is null");
    return new MetaFile(folder, fields.with(key, value));
  }

  @Override
  public String toString() {
    return "MetaFile(" + Printable.message(path().toString()) + ")";
  }
}
