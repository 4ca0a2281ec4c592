/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.trials;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.syncline.decode.EncodedTypes;
import org.syncline.format.DiskCache;

/**
 * Knows which stimuli lie in encoded files, from one listing of their folder, which is remembered
 * as long as the folder does not change. A byte a stimulus, and none where nothing is encoded.
 */
final class StimulusFiles {
  private static final String NPY = ".npy";
  private static final String NAMESPACE = "encoded-1";
  private static final int SEVERAL = 0xff;

  /** Extensions by code - 1, each in lower and in upper case. */
  private static final List<String> EXTENSIONS = extensions();

  private final Path data;

  /** By stimulus: 0 for .npy, else the code of an extension, or {@link #SEVERAL}. */
  private final byte[] codes;

  private StimulusFiles(Path data, byte[] codes) {
    this.data = data;
    this.codes = codes;
  }

  private static List<String> extensions() {
    List<String> all = new ArrayList<>();
    for (String extension : EncodedTypes.all().split(" ", -1)) {
      all.add(extension);
      all.add(extension.toUpperCase(Locale.ROOT));
    }
    return List.copyOf(all);
  }

  /**
   * Looks at a folder.
   *
   * @param source what the names were read from: they belong to the listing
   * @param names of the stimuli, which may lie in folders below
   */
  static StimulusFiles of(
      Path data, Path source, int count, IntFunction<String> names, DiskCache cache) {
    List<Path> sources = List.of(data, source);
    String identity = cache == null ? null : cache.identity(NAMESPACE, sources);
    ByteBuffer known = identity == null ? null : cache.get(identity, NAMESPACE, sources);
    if (known != null && (known.remaining() == 0 || known.remaining() == count)) {
      byte[] codes = new byte[known.remaining()];
      known.get(codes);
      if (isSound(codes)) {
        return new StimulusFiles(data, codes);
      }
    }
    Set<String> folders = new HashSet<>();
    for (int i = 0; i < count; i++) {
      String name = names.apply(i);
      folders.add(name.substring(0, name.lastIndexOf('/') + 1));
    }
    Map<String, Integer> encoded = new HashMap<>();
    folders.forEach(folder -> list(data, folder, encoded));
    byte[] codes = encoded.isEmpty() ? new byte[0] : new byte[count];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = encoded.getOrDefault(names.apply(i), 0).byteValue();
    }
    if (identity != null && folders.equals(Set.of(""))) {
      cache.put(identity, NAMESPACE, sources, ByteBuffer.wrap(codes));
    }
    return new StimulusFiles(data, codes);
  }

  /** Returns whether this is the extension of files that frames may lie in, in any case. */
  static boolean isExtension(String extension) {
    return extension.equalsIgnoreCase(NPY)
        || EXTENSIONS.contains(extension.toLowerCase(Locale.ROOT));
  }

  private static boolean isSound(byte[] codes) {
    for (byte code : codes) {
      if ((code & 0xff) > EXTENSIONS.size() && (code & 0xff) != SEVERAL) {
        return false;
      }
    }
    return true;
  }

  /** Adds the encoded files of a folder by their names without extension. */
  private static void list(Path data, String folder, Map<String, Integer> encoded) {
    Map<String, Integer> here = new HashMap<>();
    Set<String> arrays = new HashSet<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(folder.isEmpty() ? data : data.resolve(folder))) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        String extension = dot < 0 ? "" : name.substring(dot);
        if (extension.equals(NPY)) {
          arrays.add(folder + name.substring(0, dot));
          continue;
        }
        int code = EXTENSIONS.indexOf(extension) + 1;
        if (code > 0) {
          here.merge(folder + name.substring(0, dot), code, (a, b) -> SEVERAL);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // whoever opens a file of it will say what is wrong
      return;
    }
    here.replaceAll((name, code) -> arrays.contains(name) ? (Integer) SEVERAL : code);
    encoded.putAll(here);
  }

  /** Returns whether the stimulus has several files. */
  boolean isAmbiguous(int stimulus) {
    return codes.length > 0 && (codes[stimulus] & 0xff) == SEVERAL;
  }

  /** Returns the extension of a stimulus that has one file, or none, which is then .npy. */
  String extension(int stimulus) {
    int code = codes.length == 0 ? 0 : codes[stimulus] & 0xff;
    return code == 0 || code == SEVERAL ? NPY : EXTENSIONS.get(code - 1);
  }

  /** Returns the extensions of all files of a stimulus that there are, for messages. */
  List<String> all(String name) {
    List<String> all = new ArrayList<>();
    for (int i = -1; i < EXTENSIONS.size(); i++) {
      String extension = i < 0 ? NPY : EXTENSIONS.get(i);
      if (Files.exists(data.resolve(name + extension))) {
        all.add(extension);
      }
    }
    return all;
  }

  /** Returns whether any stimulus is encoded. */
  boolean any() {
    return codes.length > 0;
  }
}
